package video

import (
	"bytes"
	"time"
)

// Bounds of one access unit and of a stream's order. What passes the first two
// is dropped and counted as broken.
const (
	MaxAccessUnit = 4 << 20 // bytes of its NAL units
	MaxNALUs      = 512     // NAL units of it
	maxGap        = 3000    // sequence numbers skipped; beyond it the sender began anew (RFC 3550 section A.1)
	maxLate       = 100     // sequence numbers behind, or packets late in a row, likewise
)

// Packet is what an Assembler needs of an RTP packet (RFC 3550 section 5.1).
// Payload stays the caller's.
type Packet struct {
	Sequence  uint16
	Timestamp uint32 // 90 kHz
	Marker    bool
	Payload   []byte
	Arrived   time.Time
}

// Timing is what the capture time of an access unit is computed from.
type Timing struct {
	RTP   uint32    // the RTP timestamp as the camera sent it
	First time.Time // when the access unit's first packet arrived
}

// Counters count what an Assembler met.
type Counters struct {
	Lost        uint64 // packets missing in the sequence
	Broken      uint64 // access units dropped because a part was missing, out of bounds or malformed
	Malformed   uint64 // packets and NAL units that break RFC 6184 or our bounds
	Unsupported uint64 // packets of types that are not taken: MTAP, and those that RFC 6184 leaves undefined
}

// Traits are what a camera does that others do not, and that is put right.
type Traits struct {
	StartCodes  uint64 // packets and fragmented NAL units that held Annex B start codes
	Interleaved uint64 // STAP-B and FU-B, whose decoding order number is passed by
	Headless    uint64 // fragments without a start, although nothing was lost
	Markers     uint64 // times that the marker bit stood in the middle of a picture, or that noMarker pictures in a row had none
	Timestamps  uint64 // pictures whose timestamp stood still, leapt, or went back without B-frames
	Keys        uint64 // key pictures
	SPS         uint64 // that came in the stream
	Changed     uint64 // pictures that began to rely on another SPS
	Mode1       bool   // what packetization-mode 1 alone permits was sent
	BSlices     bool   // there are B slices
}

// Assembler makes access units of H.264 RTP packets (RFC 6184,
// packetization-mode 0 and 1). It is pure: what it does follows from the
// packets alone. It is for one goroutine.
//
// A picture ends where the timestamp changes or where a NAL unit begins the
// next one (H.264 section 7.4.1.2.3). Waiting for that would cost the time of
// a frame, so the marker bit ends a picture too, until a picture is seen to go
// on after it: some cameras set it on every slice. It is believed again once
// it was right for long.
//
// An access unit of which anything is missing is dropped, and the next one's
// Lost is then at least 1. Packets must come in order (package rtsp
// reorders UDP); a late one is ignored.
type Assembler struct {
	sets   parameterSets
	active *sps    // of the last picture
	format *Format // of active, with what its pictures showed

	started bool
	next    uint16 // sequence number expected
	late    int    // packets behind it in a row

	gapped   bool // something is missing before the next NAL unit that begins
	unmarked int  // pictures in a row without a marker

	cur        picture
	ended      bool // the picture at endedTS was ended by its marker
	endTS      uint32
	marker     markerTrust
	leadMarked bool   // a marker stood on what leads a picture
	leadTS     uint32 // with this timestamp
	pts        unwrapper

	units    [][]byte // reused
	lost     int      // packets lost since the last access unit
	counters Counters
	traits   Traits
}

// picture is an access unit being assembled.
type picture struct {
	open        bool
	ts          uint32
	first, last time.Time // arrivals of its packets

	scratch *scratch // whose memory buf is; nil before there is any
	buf     []byte   // its NAL units, one after the other
	ends    []int    // where each ends in buf; the one of a fragmentation unit under way is not in yet
	fu      bool     // a fragmentation unit is under way,
	kind    NALUType // of this type by its headers
	vcl     bool     // picture data has begun
	idr     bool
	b       bool   // has a B slice
	pps     uint32 // named by its first slice
	broken  bool
	marker  bool // a marker was seen after picture data
	early   bool // and picture data after it
}

// NewAssembler makes an assembler that knows the parameter sets of the
// session description (sprop-parameter-sets, RFC 6184 section 8.1), in any
// order. Those that cannot be read are ignored: the stream may bring better.
func NewAssembler(sets ...[]byte) *Assembler {
	a := &Assembler{gapped: true}
	for _, nalu := range sets {
		if t := TypeOf(nalu); t == NALUSPS || t == NALUPPS {
			_, _ = a.sets.put(nalu)
		}
	}
	return a
}

// Counters tells what was counted so far.
func (a *Assembler) Counters() Counters { return a.counters }

// Traits tells what was met so far.
func (a *Assembler) Traits() Traits { return a.traits }

// Push takes the next packet and gives emit the access units that it
// completes: mostly none or one. Their Captured, Clock, Number and First are
// left to others.
func (a *Assembler) Push(p Packet, emit func(*AccessUnit, Timing)) {
	gap, ok := a.follow(p.Sequence)
	if !ok {
		return
	}
	a.gapped = a.gapped || gap
	if gap && (a.cur.vcl || a.cur.fu) {
		a.cur.broken = true // its middle or its end is missing
	}
	if len(p.Payload) == 0 {
		return // padding only, to keep a path open
	}
	a.turn(&p, emit)
	a.take(&p, emit)
	if !a.cur.open {
		return
	}
	a.cur.last = p.Arrived
	if p.Marker && !a.cur.vcl && !a.cur.fu { // on an SPS or SEI
		a.leadMarked, a.leadTS = true, p.Timestamp
	}
	if p.Marker && a.cur.vcl {
		if a.leadMarked && a.leadTS == p.Timestamp {
			a.traits.Markers++
			a.marker.suspect()
		}
		a.leadMarked = false
		a.cur.marker = true
		if !a.cur.fu && a.marker.trusted() {
			a.ended, a.endTS = true, p.Timestamp
			a.finish(emit)
		}
	}
}

// take takes the payload, whatever its type.
func (a *Assembler) take(p *Packet, emit func(*AccessUnit, Timing)) {
	b := p.Payload
	switch t := TypeOf(b); {
	case t > 0 && t < naluSTAPA, t == 0 && leadingStartCode(b) > 0:
		a.cut(b, p, emit)
	case t == naluSTAPA:
		a.traits.Mode1 = true
		a.aggregation(b[1:], p, emit)
	case t == naluSTAPB && len(b) > donSize:
		a.traits.Interleaved++
		a.aggregation(b[1+donSize:], p, emit)
	case t == naluFUA && len(b) > fuHead:
		a.traits.Mode1 = true
		a.fragment(b[0], b[1], b[fuHead:], p, emit)
	case t == naluFUB && len(b) > fuHead+donSize:
		a.traits.Interleaved++
		a.fragment(b[0], b[1], b[fuHead+donSize:], p, emit)
	case t == naluFUA, t == naluFUB, t == naluSTAPB:
		a.malformed()
	default:
		a.counters.Unsupported++
		a.cur.broken = true
	}
}

// follow keeps the sequence. ok is false for a packet that came too late.
func (a *Assembler) follow(seq uint16) (gap, ok bool) {
	d := int(int16(seq - a.next))
	switch {
	case !a.started, d == 0:
	case d < 0 && d > -maxLate && a.late < maxLate:
		a.late++
		return false, false
	default:
		gap = true
		if d < 0 || d > maxGap {
			d = 1 // the sender began anew: how many were lost is unknown
		}
		a.lost += d
		a.counters.Lost += uint64(d)
	}
	a.started, a.next, a.late = true, seq+1, 0
	return gap, true
}

// turn ends the picture where the timestamp changes, and opens the next.
func (a *Assembler) turn(p *Packet, emit func(*AccessUnit, Timing)) {
	if a.ended && p.Timestamp != a.endTS {
		a.ended = false
		a.marker.met()
	}
	c := &a.cur
	switch {
	case c.open && p.Timestamp == c.ts:
		return
	case c.open && c.vcl:
		a.finish(emit)
	case c.open:
		// What leads a picture, with another timestamp than the picture's.
		if c.fu || c.broken || len(c.ends) > MaxNALUs/8 {
			c.reset()
		}
	}
	c.open, c.ts, c.first, c.last = true, p.Timestamp, p.Arrived, p.Arrived
}

// cut takes the NAL unit of a packet. It is cut at Annex B start codes, which
// no NAL unit can hold (H.264 section 7.4.1) and some encoders leave in.
func (a *Assembler) cut(b []byte, p *Packet, emit func(*AccessUnit, Timing)) {
	before, after := nextStartCode(b)
	if after == nil {
		a.unit(b, p, emit)
		return
	}
	a.traits.StartCodes++
	a.piece(before, p, emit)
	a.pieces(after, p, emit)
}

// pieces takes what follows a start code.
func (a *Assembler) pieces(after []byte, p *Packet, emit func(*AccessUnit, Timing)) {
	for after != nil {
		var nalu []byte
		nalu, after = nextStartCode(after)
		a.piece(nalu, p, emit)
	}
}

// piece takes what stands between two start codes.
func (a *Assembler) piece(nalu []byte, p *Packet, emit func(*AccessUnit, Timing)) {
	if nalu = bytes.TrimRight(nalu, "\x00"); len(nalu) == 0 {
		return
	}
	if t := TypeOf(nalu); t == 0 || t >= naluSTAPA {
		a.malformed()
		return
	}
	a.unit(nalu, p, emit)
}

// unit takes a whole NAL unit.
func (a *Assembler) unit(nalu []byte, p *Packet, emit func(*AccessUnit, Timing)) {
	a.begin(nalu, p, emit)
	from := len(a.cur.buf)
	if a.add(nalu) {
		a.complete(from)
	}
}

// aggregation takes what a STAP-A aggregates (RFC 6184 section 5.7.1).
func (a *Assembler) aggregation(b []byte, p *Packet, emit func(*AccessUnit, Timing)) {
	for len(b) > 0 {
		if len(b) < 3 {
			a.malformed()
			return
		}
		n := int(b[0])<<8 | int(b[1])
		if b = b[2:]; n == 0 || n > len(b) {
			a.malformed()
			return
		}
		if t := TypeOf(b); t >= naluSTAPA || t == 0 && leadingStartCode(b[:n]) == 0 {
			a.malformed()
			return
		}
		a.cut(b[:n], p, emit)
		b = b[n:]
	}
}

// fragment takes a fragmentation unit (RFC 6184 section 5.8) of at least a byte.
func (a *Assembler) fragment(indicator, fu byte, body []byte, p *Packet, emit func(*AccessUnit, Timing)) {
	header := indicator&0xe0 | fu&0x1f
	start, end := fu&0x80 != 0, fu&0x40 != 0
	if n := leadingStartCode(body); start && n > 0 && n < len(body) {
		a.traits.StartCodes++
		header, body = body[n], body[n+1:]
	}
	if t := NALUType(header & 0x1f); t == 0 || t >= naluSTAPA {
		a.malformed()
		return
	}
	if start {
		var head [sliceHead]byte
		head[0] = header
		a.begin(head[:1+copy(head[1:], body)], p, emit)
		a.cur.fu, a.cur.kind = a.add(head[:1]), NALUType(fu&0x1f)
	} else {
		a.goesOn(NALUType(fu & 0x1f))
	}
	if !a.cur.fu {
		return
	}
	if !a.add(body) {
		a.cur.fu, a.gapped = false, true
		return
	}
	if end {
		a.cur.fu = false
		a.whole(p, emit)
	}
}

// whole takes the NAL unit that was put together at the end of the buffer.
func (a *Assembler) whole(p *Packet, emit func(*AccessUnit, Timing)) {
	c, from := &a.cur, a.cur.end()
	before, after := nextStartCode(c.buf[from:])
	if after == nil {
		a.complete(from)
		return
	}
	a.traits.StartCodes++
	rest := bytes.Clone(after)
	c.buf = c.buf[:from+len(bytes.TrimRight(before, "\x00"))]
	if len(c.buf) > from {
		a.complete(from)
	}
	a.pieces(rest, p, emit)
}

// goesOn looks at a fragment that is not the first: its start may be missing,
// or it may show that a marker came too early.
func (a *Assembler) goesOn(t NALUType) {
	c := &a.cur
	if !c.fu && !a.gapped {
		a.traits.Headless++
		a.gapped = true // the rest of it is not counted
	}
	if c.fu && c.kind != t {
		c.fu, c.broken = false, true
	}
	if !t.VCL() {
		c.broken = c.broken || c.vcl && !c.fu
		return
	}
	if a.ended {
		a.ended = false
		a.distrust()
	}
	if c.marker {
		c.early = true
	}
	if !c.fu {
		c.vcl, c.broken = true, true
	}
}

// Restart forgets the sequence: the next packet follows the last one whatever
// its number is. A picture under way is given up.
func (a *Assembler) Restart() {
	if a.cur.vcl || a.cur.fu {
		a.cur.broken = true
	}
	a.started, a.gapped = false, true
}
