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
	Malformed   uint64 // packets and NAL units that break RFC 6184, RFC 7798, RFC 2435 or our bounds
	Unsupported uint64 // packets of types that are not taken: MTAP, PACI, and those that the RFCs leave undefined
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
	Mode1       bool   // what packetization-mode 1 of H.264 alone permits was sent
	BSlices     bool   // there are B slices of H.264, or pictures of H.265 are reordered
}

// Assembler makes access units of the RTP packets of H.264 (RFC 6184,
// packetization-mode 0 and 1) or H.265 (RFC 7798). It is pure: what it does
// follows from the packets alone. It is for one goroutine.
//
// A picture ends where the timestamp changes or where a NAL unit begins the
// next one (H.264 section 7.4.1.2.3, H.265 section 7.4.2.4.4). Waiting for that would cost the time of
// a frame, so the marker bit ends a picture too, until a picture is seen to go
// on after it: some cameras set it on every slice. It is believed again once
// it was right for long.
//
// An access unit of which anything is missing is dropped, and the next one's
// Lost is then at least 1. Packets must come in order (package rtsp
// reorders UDP); a late one is ignored.
type Assembler struct {
	coding coding
	sets   parameterSets
	active *sps    // of the last picture
	format *Format // of active, with what its pictures showed

	sequence sequence

	gapped   bool // something is missing before the next NAL unit that begins
	unmarked int  // pictures in a row without a marker

	cur        picture
	ended      bool // the picture at endedTS was ended by its marker
	endTS      uint32
	marker     markerTrust
	leadMarked bool   // a marker stood on what leads a picture
	leadTS     uint32 // with this timestamp
	pts        unwrapper

	units    [][]byte        // reused
	head     [sliceHead]byte // of a fragment; here so that it costs no allocation
	lost     int             // packets lost since the last access unit
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
	kind    byte     // with this header, as its packets say
	vcl     bool     // picture data has begun
	key     bool
	leading bool   // cannot be decoded by all: see h265
	b       bool   // has a B slice
	pps     uint32 // named by its first slice
	broken  bool
	marker  bool // a marker was seen after picture data
	early   bool // and picture data after it
}

// NewAssembler makes an assembler of H.264 that knows the parameter sets of the
// session description (sprop-parameter-sets, RFC 6184 section 8.1), in any
// order. Those that cannot be read are ignored: the stream may bring better.
func NewAssembler(sets ...[]byte) *Assembler { return newAssembler(coding{}, sets) }

// NewAssemblerH265 is NewAssembler for H.265 (sprop-vps, sprop-sps and sprop-pps,
// RFC 7798 section 7.1).
func NewAssemblerH265(sets ...[]byte) *Assembler { return newAssembler(coding{h265: true}, sets) }

func newAssembler(c coding, sets [][]byte) *Assembler {
	a := &Assembler{coding: c, sets: parameterSets{coding: c}, gapped: true}
	for _, nalu := range sets {
		if c.class(nalu).set() {
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
	lost, ok := a.sequence.follow(p.Sequence)
	if !ok {
		return
	}
	gap := lost > 0
	a.lost += lost
	a.counters.Lost += uint64(lost)
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
	l := a.coding.parcel(p.Payload)
	if l.has(withOrder) {
		a.traits.Interleaved++
	}
	switch l.form() {
	case single:
		a.cut(p.Payload, p, emit)
	case aggregation:
		a.traits.Mode1 = a.traits.Mode1 || !l.has(withOrder)
		a.aggregation(p.Payload[l.at():], p, emit)
	case fragment:
		a.traits.Mode1 = a.traits.Mode1 || !l.has(withOrder)
		a.fragment(l, p, emit)
	case malformed:
		a.malformed()
	default:
		a.counters.Unsupported++
		a.cur.broken = true
	}
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
	if a.coding.class(nalu) == noUnit {
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

// aggregation takes what a STAP-A or AP aggregates (RFC 6184 section 5.7.1, RFC
// 7798 section 4.4.2).
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
		if a.coding.class(b[:n]) == noUnit && leadingStartCode(b[:n]) == 0 {
			a.malformed()
			return
		}
		a.cut(b[:n], p, emit)
		b = b[n:]
	}
}

// fragment takes a fragmentation unit (RFC 6184 section 5.8, RFC 7798 section
// 4.4.3) of at least a byte.
func (a *Assembler) fragment(l parcel, p *Packet, emit func(*AccessUnit, Timing)) {
	body := p.Payload[l.at():]
	switch {
	case l.has(fuStart):
		var ok bool
		if body, ok = a.fragmentStart(l, body, p, emit); !ok {
			a.malformed()
			return
		}
	case l.is() == noUnit:
		a.malformed()
		return
	default:
		a.goesOn(l.kind(), l.is())
	}
	if !a.cur.fu {
		return
	}
	if !a.add(body) {
		a.cur.fu, a.gapped = false, true
		return
	}
	if l.has(fuEnd) {
		a.cur.fu = false
		a.whole(p, emit)
	}
}

// fragmentStart takes the head of the first fragment, and gives its body.
func (a *Assembler) fragmentStart(l parcel, body []byte, p *Packet, emit func(*AccessUnit, Timing)) ([]byte, bool) {
	own := a.coding.headSize()
	a.head[0], a.head[1] = l.first(), l.second()
	if n := leadingStartCode(body); n > 0 && n+own <= len(body) {
		a.traits.StartCodes++
		body = body[n+copy(a.head[:own], body[n:]):]
	}
	if a.coding.class(a.head[:own]) == noUnit {
		return nil, false
	}
	a.begin(a.head[:own+copy(a.head[own:], body)], p, emit)
	a.cur.fu, a.cur.kind = a.add(a.head[:own]), l.kind()
	return body, true
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
func (a *Assembler) goesOn(kind byte, is class) {
	c := &a.cur
	if !c.fu && !a.gapped {
		a.traits.Headless++
		a.gapped = true // the rest of it is not counted
	}
	if c.fu && c.kind != kind {
		c.fu, c.broken = false, true
	}
	if is != slice {
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
	a.sequence.started, a.gapped = false, true
}
