package video

import (
	"sync"
	"time"
)

// begin looks at the head of a NAL unit: does the next picture begin with it,
// and what does it say of its own?
func (a *Assembler) begin(head []byte, p *Packet, emit func(*AccessUnit, Timing)) {
	if a.cur.fu { // the last fragment never came
		a.cur.fu, a.cur.broken = false, true
	}
	a.gapped = false
	is := a.coding.class(head)
	var h opening
	ok := false
	if is == slice {
		h, ok = a.coding.slice(head)
	}
	pps := h.pps
	if !ok {
		pps = a.cur.pps
	}
	force := a.sets.inForce(pps)
	fields := force != nil && force.fields
	if a.cur.vcl && a.startsNext(is, h, ok, fields) {
		a.finish(emit)
	}
	c := &a.cur
	if !c.open {
		c.open, c.ts, c.first, c.last = true, p.Timestamp, p.Arrived, p.Arrived
	}
	if is != slice {
		return
	}
	if a.ended {
		a.ended = false
		if h.later || fields {
			a.distrust() // the picture goes on after its marker
		}
	}
	if c.marker {
		c.early = true
	}
	if !c.vcl {
		c.vcl, c.pps = true, h.pps
		c.broken = c.broken || !ok || h.later // its first slice is missing
	}
	c.key = c.key || h.key
	c.leading = c.leading || h.leading
	c.b = c.b || h.b
}

// startsNext says whether a NAL unit after picture data of the same timestamp
// begins another picture (H.264 section 7.4.1.2.3, H.265 section 7.4.2.4.4). Of
// interlaced H.264 only the timestamp is believed: the two fields of a frame
// belong together.
func (a *Assembler) startsNext(is class, h opening, ok, fields bool) bool {
	switch {
	case fields:
		return false
	case is != slice:
		return is.begins()
	}
	return ok && (!h.later || h.key != a.cur.key)
}

// add appends to the NAL unit at the end of the buffer. It tells whether
// that was possible.
func (a *Assembler) add(b []byte) bool {
	c := &a.cur
	if len(c.buf)+len(b) > MaxAccessUnit || len(c.ends) >= MaxNALUs {
		a.malformed()
		c.buf, c.ends = c.buf[:0], c.ends[:0]
		return false
	}
	if c.buf == nil {
		c.scratch = scratches.Get().(*scratch)
		c.buf = c.scratch.buf[:0]
	}
	c.buf = append(c.buf, b...)
	return true
}

// complete takes the NAL unit that begins at from and ends the buffer.
// Parameter sets are put before key pictures by us, so only those leave the
// buffer here that a picture of another kind needs: a changed PPS. What
// decoders have no use for is left out: SEI too, which tells a WebRTC receiver
// nothing, holds the maker's private data with some cameras, and would cost
// each viewer a small packet a picture that segmentation cannot take along.
func (a *Assembler) complete(from int) {
	c := &a.cur
	nalu := c.buf[from:]
	keep := true
	switch is := a.coding.class(nalu); is {
	case setVPS, setSPS, setPPS:
		if is == setSPS {
			a.traits.SPS++
		}
		changed, err := a.sets.put(nalu)
		if err != nil {
			a.counters.Malformed++
		}
		keep = changed && is == setPPS
	case idleFirst, idle, noUnit:
		keep = false
	}
	if keep {
		c.ends = append(c.ends, len(c.buf))
	} else {
		c.buf = c.buf[:from]
	}
}

// malformed counts a packet that cannot be used and gives up the picture.
func (a *Assembler) malformed() {
	a.counters.Malformed++
	a.cur.broken = true
}

// finish ends the picture: it is emitted if it is whole.
func (a *Assembler) finish(emit func(*AccessUnit, Timing)) {
	c := &a.cur
	defer c.reset()
	switch {
	case c.early:
		a.distrust()
	case c.marker && !a.ended && !c.broken:
		a.marker.met()
	}
	force := a.sets.inForce(c.pps)
	switch {
	case c.broken || c.fu || c.key && force == nil:
		a.counters.Broken++
		a.lost = max(a.lost, 1)
		return
	case c.leading:
		return
	case force == nil && a.format == nil:
		return // no parameter sets yet: nobody could decode it
	case force != nil && force != a.active:
		if a.active != nil {
			a.traits.Changed++
		}
		a.active, a.format = force, &force.format
	}
	a.traits.BSlices = a.traits.BSlices || c.b || a.format.Codec == H265 && a.format.Reorder
	if c.b && !a.format.Reorder {
		f := *a.format
		f.Reorder = true
		a.format = &f
	}
	au := &AccessUnit{Codec: a.format.Codec, Payloads: packetize(a.coding, a.nalus(force), MaxPayload), Format: a.format, Key: c.key, Lost: a.lost, Arrived: c.last}
	if c.key {
		a.traits.Keys++
	}
	a.timed(au)
	a.lost = 0
	emit(au, Timing{RTP: c.ts, First: c.first})
}

// timed gives a picture its PTS, and finds markers and timestamps at fault.
func (a *Assembler) timed(au *AccessUnit) {
	c := &a.cur
	if a.unmarked++; c.marker {
		a.unmarked = 0
	}
	if a.unmarked == noMarker {
		a.traits.Markers++
	}
	before, begun := a.pts.pts, a.pts.started
	leapt := false
	if au.PTS, leapt = a.pts.unwrap(c.ts, c.first); begun && (leapt || au.PTS == before || au.PTS < before && !a.format.Reorder) {
		a.traits.Timestamps++
	}
}

// distrust has markers prove themselves again.
func (a *Assembler) distrust() {
	a.traits.Markers++
	a.marker.failed()
}

// nalus are the picture's NAL units, with its parameter sets before a key picture. They
// lie in the assembler's memory, until the next picture.
func (a *Assembler) nalus(force *sps) [][]byte {
	c := &a.cur
	out := a.units[:0]
	if c.key {
		out = append(out, a.sets.of(force)...)
	}
	from := 0
	for _, end := range c.ends {
		if nalu := c.buf[from:end]; !c.key || a.coding.class(nalu) != setPPS {
			out = append(out, nalu)
		}
		from = end
	}
	a.units = out
	return out
}

// end is where the last whole NAL unit ends.
func (c *picture) end() int {
	if len(c.ends) == 0 {
		return 0
	}
	return c.ends[len(c.ends)-1]
}

// reset makes room for the next picture.
func (c *picture) reset() {
	if c.scratch != nil {
		c.scratch.buf = c.buf
		scratches.Put(c.scratch)
	}
	*c = picture{ends: c.ends[:0]}
}

// scratch is memory that a picture is put together in. The assemblers of all
// cameras share a few, since a picture is under way for a part of its frame's
// time only.
type scratch struct{ buf []byte }

var scratches = sync.Pool{New: func() any { return &scratch{make([]byte, 0, 16<<10)} }}

// markerTrust says whether the marker bit ends pictures.
type markerTrust struct {
	need  int // pictures in a row that the marker must end rightly before it is believed
	right int // that it did
}

// noMarker is how many pictures in a row without a marker show that none comes.
const noMarker = 30

// Bounds of need: 12 s of pictures at least, half an hour's at most.
const (
	minDistrust = 300
	maxDistrust = 1 << 15
)

func (m *markerTrust) trusted() bool { return m.right >= m.need }

func (m *markerTrust) met() { m.right = min(m.right+1, maxDistrust) }

// suspect has a marker of which nothing is known yet be right once.
func (m *markerTrust) suspect() {
	if m.right == 0 {
		m.need = max(m.need, 1)
	}
}

func (m *markerTrust) failed() {
	m.right, m.need = 0, min(max(2*m.need, minDistrust), maxDistrust)
}

// unwrapper turns 32-bit RTP timestamps into 64-bit ones.
type unwrapper struct {
	started bool
	ts      uint32
	pts     int64
	at      time.Time
}

// maxLeap is how far timestamps and arrival may part between two pictures, in
// 90 kHz ticks; beyond it the camera set its timestamps anew, and the time
// that passed counts instead.
const maxLeap = 10 * 90000

func (u *unwrapper) unwrap(ts uint32, at time.Time) (pts int64, leapt bool) {
	if !u.started {
		u.started, u.pts = true, int64(ts)
	} else {
		d, passed := int64(int32(ts-u.ts)), at.Sub(u.at).Milliseconds()*90
		if d-passed > maxLeap || passed-d > maxLeap {
			d, leapt = max(passed, 1), true
		}
		u.pts += d
	}
	u.ts, u.at = ts, at
	return u.pts, leapt
}
