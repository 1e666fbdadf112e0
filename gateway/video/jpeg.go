package video

import (
	"bytes"
	"time"
)

// Header sizes of RFC 2435, in bytes.
const (
	jpegHead    = 8 // section 3.1
	jpegRestart = 4 // section 3.1.7
	jpegTables  = 4 // section 3.1.8, without the tables
)

// jpegMaxTables bounds the quantization tables of a picture: two, of 16 bits a number.
const jpegMaxTables = 2 * 128

// AssemblerJPEG makes access units of the RTP packets of JPEG (RFC 2435): each is
// one complete JFIF file, and a key picture. It is pure, and for one goroutine.
//
// A picture ends at its marker or where the timestamp changes or the fragment
// offset is 0 again. One of which anything is missing is dropped, and the next
// one's Lost is then at least 1. Types 0 and 1, and 64 and 65 with restart
// markers, are taken: those that RFC 2435 defines. Widths and heights on the wire
// are multiples of 8, so that a picture may show some rows too many.
type AssemblerJPEG struct {
	width, height int // where the packets do not tell

	sequence sequence
	cur      jpegPicture
	tables   [2]jpegQuant // seen last in the stream, by the lowest bit of Q
	format   *Format

	pts      unwrapper
	unmarked int // pictures in a row without a marker
	lost     int
	counters Counters
	traits   Traits
}

// jpegQuant are quantization tables that were sent with a Q of 128 to 254, which
// may be left out after that.
type jpegQuant struct {
	q      byte
	wide   byte // bit i: table i has 16 bits a number
	tables []byte
}

// jpegPicture is a picture being assembled.
type jpegPicture struct {
	open        bool
	broken      bool
	marker      bool
	ts          uint32
	first, last time.Time
	head        jpegHeader // of its first packet
	quant       jpegQuant
	scratch     *scratch // whose memory buf is; nil before there is any
	buf         []byte   // the scan so far
}

// jpegHeader is what counts of a packet's main and restart header.
type jpegHeader struct {
	kind          byte // without the bit for restart markers
	q             byte
	width, height int    // 0: not told
	interval      uint16 // of restart markers, 0: none
	offset        int
}

// NewAssemblerJPEG makes an assembler. Pictures of more than 2040 pixels a side tell
// no size in their packets: width and height are then those of the session
// description (x-dimensions); 0: it says none.
func NewAssemblerJPEG(width, height int) *AssemblerJPEG {
	return &AssemblerJPEG{width: width, height: height}
}

// Counters tells what was counted so far.
func (a *AssemblerJPEG) Counters() Counters { return a.counters }

// Traits tells what was met so far.
func (a *AssemblerJPEG) Traits() Traits { return a.traits }

// Restart is that of an Assembler.
func (a *AssemblerJPEG) Restart() {
	a.cur.broken = a.cur.open
	a.sequence.started = false
}

// Push is that of an Assembler.
func (a *AssemblerJPEG) Push(p Packet, emit func(*AccessUnit, Timing)) {
	lost, ok := a.sequence.follow(p.Sequence)
	if !ok {
		return
	}
	a.lost += lost
	a.counters.Lost += uint64(lost)
	if lost > 0 && a.cur.open {
		a.cur.broken = true
	}
	if len(p.Payload) == 0 {
		return
	}
	if a.cur.open && p.Timestamp != a.cur.ts {
		a.finish(emit)
	}
	h, body, counter := a.read(p.Payload)
	switch {
	case counter != nil:
		*counter++
		a.begin(&p)
		a.cur.broken = true
	case h.offset == 0:
		if a.cur.open && len(a.cur.buf) > 0 {
			a.finish(emit)
		}
		a.begin(&p)
		a.cur.head = h
		if body, ok = a.quantization(h, body); !ok {
			a.counters.Malformed++
			a.cur.broken = true
		}
	case !a.cur.open:
		a.begin(&p)
		a.cur.broken = true // its start is missing
	}
	a.add(h.offset, body)
	a.cur.last = p.Arrived
	if p.Marker {
		a.cur.marker = true
		a.finish(emit)
	}
}

func (a *AssemblerJPEG) begin(p *Packet) {
	if c := &a.cur; !c.open {
		c.open, c.ts, c.first = true, p.Timestamp, p.Arrived
	}
}

// read reads the headers that every packet has. counter is what counts one that
// cannot be taken, nil where it can.
func (a *AssemblerJPEG) read(b []byte) (h jpegHeader, body []byte, counter *uint64) {
	if len(b) < jpegHead {
		return h, nil, &a.counters.Malformed
	}
	h = jpegHeader{kind: b[4] &^ 64, q: b[5], width: int(b[6]) * 8, height: int(b[7]) * 8, offset: int(b[1])<<16 | int(b[2])<<8 | int(b[3])}
	if h.kind > 1 || h.q == 0 || h.q > 99 && h.q < 128 {
		return h, nil, &a.counters.Unsupported
	}
	if h.width == 0 {
		h.width = a.width
	}
	if h.height == 0 {
		h.height = a.height
	}
	if h.width <= 0 || h.height <= 0 || h.width > maxDimension || h.height > maxDimension {
		return h, nil, &a.counters.Malformed
	}
	restarts := b[4]&64 != 0
	if b = b[jpegHead:]; restarts {
		if len(b) < jpegRestart {
			return h, nil, &a.counters.Malformed
		}
		h.interval = uint16(b[0])<<8 | uint16(b[1])
		b = b[jpegRestart:]
	}
	return h, b, nil
}

// quantization takes the tables from the front of a picture's first packet, and
// gives what follows them.
func (a *AssemblerJPEG) quantization(h jpegHeader, b []byte) (rest []byte, ok bool) {
	if h.q < 128 {
		a.cur.quant = jpegQuant{q: h.q, tables: standardTables(h.q)}
		return b, true
	}
	if len(b) < jpegTables {
		return nil, false
	}
	wide, n := b[1], int(b[2])<<8|int(b[3])
	b = b[jpegTables:]
	known := &a.tables[h.q&1]
	if n == 0 {
		a.cur.quant = *known
		return b, known.q == h.q && h.q != 255
	}
	size := 64 + 64*int(wide&1)
	if n > size {
		size += 64 + 64*int(wide>>1&1)
	}
	if n != size || n > len(b) || n > jpegMaxTables {
		return nil, false
	}
	if known.q != h.q || known.wide != wide || !bytes.Equal(known.tables, b[:n]) {
		*known = jpegQuant{h.q, wide, bytes.Clone(b[:n])}
	}
	a.cur.quant = *known
	return b[n:], true
}

// add appends a part of the scan.
func (a *AssemblerJPEG) add(offset int, body []byte) {
	c := &a.cur
	switch {
	case c.broken:
		return
	case offset != len(c.buf):
		c.broken = true
		return
	case len(c.buf)+len(body) > MaxAccessUnit:
		a.counters.Malformed++
		c.broken = true
		return
	}
	if c.buf == nil {
		c.scratch = scratches.Get().(*scratch)
		c.buf = c.scratch.buf[:0]
	}
	c.buf = append(c.buf, body...)
}

// finish ends the picture: it is emitted if it is whole.
func (a *AssemblerJPEG) finish(emit func(*AccessUnit, Timing)) {
	c := &a.cur
	defer func() {
		if c.scratch != nil {
			c.scratch.buf = c.buf
			scratches.Put(c.scratch)
		}
		*c = jpegPicture{}
	}()
	if c.broken || len(c.buf) == 0 {
		a.counters.Broken++
		a.lost = max(a.lost, 1)
		return
	}
	if f := a.format; f == nil || f.Width != c.head.width || f.Height != c.head.height {
		a.format = &Format{Codec: JPEG, Width: c.head.width, Height: c.head.height}
	}
	au := &AccessUnit{Codec: JPEG, Format: a.format, Key: true, Lost: a.lost, Arrived: c.last}
	for file := jfif(&c.head, &c.quant, c.buf); len(file) > 0; {
		n := min(len(file), MaxPayload)
		au.Payloads = append(au.Payloads, file[:n:n])
		file = file[n:]
	}
	a.traits.Keys++
	if a.unmarked++; c.marker {
		a.unmarked = 0
	}
	if a.unmarked == noMarker {
		a.traits.Markers++
	}
	before, begun, leapt := a.pts.pts, a.pts.started, false
	if au.PTS, leapt = a.pts.unwrap(c.ts, c.first); begun && (leapt || au.PTS <= before) {
		a.traits.Timestamps++
	}
	a.lost = 0
	emit(au, Timing{RTP: c.ts, First: c.first})
}
