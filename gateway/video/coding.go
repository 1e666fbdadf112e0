package video

// coding is what H.264 and H.265 differ in, as far as NAL units, access units and
// RTP payloads go. All else of an Assembler and a packetizer serves both. It is no
// interface: its calls are on the way of every packet, and cost 30 ns each so.
type coding struct{ h265 bool }

func codingOf(c Codec) coding { return coding{c == H265} }

func (c coding) codec() Codec {
	if c.h265 {
		return H265
	}
	return H264
}

// headSize is how many bytes the header of a NAL unit has.
func (c coding) headSize() int {
	if c.h265 {
		return hevcHead
	}
	return 1
}

// class is what a NAL unit is, by its header; noUnit where it is too short for one.
func (c coding) class(nalu []byte) class {
	if c.h265 {
		return h265{}.class(nalu)
	}
	return classH264(TypeOf(nalu))
}

// slice reads the head of picture data. It is not ok where that is broken or
// cannot tell; key and leading hold all the same.
func (c coding) slice(nalu []byte) (h opening, ok bool) {
	if c.h265 {
		return h265{}.slice(nalu)
	}
	return h264{}.slice(nalu)
}

// parcel takes an RTP payload apart that is not empty.
func (c coding) parcel(b []byte) parcel {
	if c.h265 {
		return h265{}.parcel(b)
	}
	return h264{}.parcel(b)
}

func (c coding) parseSPS(nalu []byte) (*sps, error) {
	if c.h265 {
		return h265{}.parseSPS(nalu)
	}
	return parseSPS(nalu)
}

func (c coding) parsePPS(nalu []byte) (id, sps uint32, err error) {
	if c.h265 {
		return h265{}.parsePPS(nalu)
	}
	return parsePPS(nalu)
}

// aggregated adds a NAL unit's header to that of the payload that aggregates it.
// The zero header has none yet.
func (c coding) aggregated(head [2]byte, nalu []byte) [2]byte {
	if c.h265 {
		return h265{}.aggregated(head, nalu)
	}
	return h264{}.aggregated(head, nalu)
}

// fragmented is what a fragment of a NAL unit begins with: the first n bytes of
// head, of which the last has room for fuStart and fuEnd.
func (c coding) fragmented(nalu []byte) (head [3]byte, n int) {
	if c.h265 {
		return h265{}.fragmented(nalu)
	}
	return h264{}.fragmented(nalu)
}

// class is what a NAL unit is to an Assembler.
type class uint8

const (
	noUnit     class = iota // undefined, or a form of RTP payload
	slice                   // picture data (VCL)
	setVPS                  // parameter sets, which begin the next access unit
	setSPS                  //
	setPPS                  //
	idleFirst               // likewise, but no decoder here has a use for it: SEI, delimiters
	idle                    // neither has any for this, which begins nothing: filler data, ends, SEI behind, other layers
	otherFirst              // begins the next access unit
	other                   //
)

func (c class) set() bool { return c >= setVPS && c <= setPPS }

// begins says whether a NAL unit that is no picture data begins the next access
// unit when it follows picture data (H.264 section 7.4.1.2.3, H.265 section
// 7.4.2.4.4).
func (c class) begins() bool { return c.set() || c == idleFirst || c == otherFirst }

// opening is what the head of a slice tells.
type opening struct {
	later   bool // it is not the first of its picture
	key     bool // of a picture that decoding can begin at
	leading bool // of a picture that cannot be decoded where decoding began at the key picture before it
	b       bool // it shows that pictures are reordered
	pps     uint32
}

// form is what an RTP payload holds.
type form uint8

const (
	single      form = iota // a NAL unit
	aggregation             // several
	fragment                // a part of one
	malformed               // nothing that could be read
	unsupported             // what is not taken
)

// parcel is an RTP payload, taken apart: seven bytes in one word, since a struct of
// them goes through memory byte by byte, which costs 30 ns a packet.
type parcel uint64

// packed makes the parcel of a form, whose own head takes at bytes. Of a fragment it
// also has the class and type of its NAL unit, and the header of that, as the payload
// says; H.264 has the first byte of it alone.
func packed(f form, at, flags byte, is class, kind, first, second byte) parcel {
	return parcel(f) | parcel(at)<<8 | parcel(flags)<<16 | parcel(is)<<24 | parcel(kind)<<32 | parcel(first)<<40 | parcel(second)<<48
}

func (p parcel) form() form         { return form(p) }
func (p parcel) at() int            { return int(p >> 8 & 0xff) }
func (p parcel) has(flag byte) bool { return byte(p>>16)&flag != 0 } // fuStart and fuEnd of the NAL unit, withOrder
func (p parcel) is() class          { return class(p >> 24) }
func (p parcel) kind() byte         { return byte(p >> 32) }
func (p parcel) first() byte        { return byte(p >> 40) }
func (p parcel) second() byte       { return byte(p >> 48) }

const withOrder = 1 // it had a decoding order number, which is passed by

// h264 is the coding of ITU-T H.264 and RFC 6184.
type h264 struct{}

func classH264(t NALUType) class {
	switch {
	case t.VCL():
		return slice
	case t == NALUSPS:
		return setSPS
	case t == NALUPPS:
		return setPPS
	case t == NALUSEI, t == NALUAUD:
		return idleFirst
	case t == NALUFiller, t == NALUEndOfSeq, t == NALUEndOfStream:
		return idle
	case t >= NALUPrefix && t <= naluReserved18:
		return otherFirst
	case t == 0 || t >= naluSTAPA:
		return noUnit
	}
	return other
}

func (h264) slice(nalu []byte) (opening, bool) {
	h, ok := parseSliceHeader(nalu)
	return opening{later: h.firstMB != 0, key: TypeOf(nalu) == NALUIDR, b: h.b, pps: h.pps}, ok
}

func (h264) parcel(b []byte) parcel {
	switch t := TypeOf(b); {
	case t > 0 && t < naluSTAPA, t == 0 && leadingStartCode(b) > 0:
		return parcel(single)
	case t == naluSTAPA:
		return packed(aggregation, 1, 0, 0, 0, 0, 0)
	case t == naluSTAPB && len(b) > donSize:
		return packed(aggregation, 1+donSize, withOrder, 0, 0, 0, 0)
	case t == naluFUA && len(b) > fuHead:
		return fragmentH264(b[0], b[1], 0, fuHead)
	case t == naluFUB && len(b) > fuHead+donSize:
		return fragmentH264(b[0], b[1], withOrder, fuHead+donSize)
	case t == naluFUA, t == naluFUB, t == naluSTAPB:
		return parcel(malformed)
	}
	return parcel(unsupported)
}

func fragmentH264(indicator, fu, flags, at byte) parcel {
	kind := fu & 0x1f
	return packed(fragment, at, flags|fu&(fuStart|fuEnd), classH264(NALUType(kind)), kind, indicator&0xe0|kind, 0)
}

// aggregated makes the header of a STAP-A: the F bit of any, the largest
// nal_ref_idc (RFC 6184 section 5.7.1).
func (h264) aggregated(head [2]byte, nalu []byte) [2]byte {
	return [2]byte{(head[0]|nalu[0])&0x80 | max(head[0]&0x60, nalu[0]&0x60) | byte(naluSTAPA)}
}

func (h264) fragmented(nalu []byte) ([3]byte, int) {
	return [3]byte{nalu[0]&0xe0 | byte(naluFUA), nalu[0] & 0x1f}, fuHead
}
