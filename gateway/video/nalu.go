package video

import "bytes"

// NALUType is nal_unit_type (H.264 table 7-1; 24 and up are RFC 6184 section 5.2).
type NALUType uint8

const (
	NALUSlice       NALUType = 1  // a coded slice of a picture that is not IDR
	NALUPartitionA  NALUType = 2  // slice data partitions: Extended profile only
	NALUPartitionC  NALUType = 4  //
	NALUIDR         NALUType = 5  // a coded slice of an IDR picture
	NALUSEI         NALUType = 6  // supplemental enhancement information
	NALUSPS         NALUType = 7  // sequence parameter set
	NALUPPS         NALUType = 8  // picture parameter set
	NALUAUD         NALUType = 9  // access unit delimiter
	NALUEndOfSeq    NALUType = 10 //
	NALUEndOfStream NALUType = 11 //
	NALUFiller      NALUType = 12 // filler data
	NALUPrefix      NALUType = 14 // prefix NAL unit; 15 to 18 also begin an access unit
	naluReserved18  NALUType = 18 //
	naluSTAPA       NALUType = 24 // single-time aggregation packet
	naluSTAPB       NALUType = 25 // likewise, with a decoding order number (DON)
	naluFUA         NALUType = 28 // fragmentation unit
	naluFUB         NALUType = 29 // likewise, with a DON
)

// Sizes in an RTP payload (RFC 6184 sections 5.7.1 and 5.8), in bytes.
const (
	fuHead  = 2 // FU indicator and FU header
	donSize = 2
)

// Bits of an FU header (RFC 6184 section 5.8, RFC 7798 section 4.4.3).
const (
	fuStart = 0x80
	fuEnd   = 0x40
)

// TypeOf is the type of a NAL unit, 0 where it is empty.
func TypeOf(nalu []byte) NALUType {
	if len(nalu) == 0 {
		return 0
	}
	return NALUType(nalu[0] & 0x1f)
}

// VCL says whether the type carries picture data (H.264 section 7.4.1).
func (t NALUType) VCL() bool { return t >= NALUSlice && t <= NALUIDR }

// FirstMB reads first_mb_in_slice (H.264 section 7.3.3) of a coded slice. It
// is not ok for other NAL units and for broken ones.
func FirstMB(nalu []byte) (mb uint32, ok bool) {
	h, ok := parseSliceHeader(nalu)
	return h.firstMB, ok
}

type sliceHeader struct {
	firstMB uint32
	b       bool   // a B slice
	pps     uint32 // pic_parameter_set_id
}

// sliceHead is how much of a slice holds the three fields read of its header:
// at most 18+7+17 bits in streams of our bounds, and emulation prevention.
const sliceHead = 16

func parseSliceHeader(nalu []byte) (h sliceHeader, ok bool) {
	switch TypeOf(nalu) {
	case NALUSlice, NALUPartitionA, NALUIDR:
	default:
		return h, false
	}
	var rbsp [sliceHead]byte
	r := bitReader{b: unescape(rbsp[:0], nalu[1:min(len(nalu), sliceHead)])}
	h.firstMB = r.ue()
	h.b = r.ue()%5 == 1
	h.pps = r.ue()
	return h, !r.bad
}

// SplitAnnexB cuts a byte stream (H.264 annex B) at its start codes. The NAL
// units are slices of b; empty ones are left out, and what stands before the
// first start code.
func SplitAnnexB(b []byte) [][]byte {
	var nalus [][]byte
	for _, rest := nextStartCode(b); rest != nil; {
		var nalu []byte
		nalu, rest = nextStartCode(rest)
		// trailing_zero_8bits and the longer start code's first zero
		if nalu = bytes.TrimRight(nalu, "\x00"); len(nalu) > 0 {
			nalus = append(nalus, nalu[:len(nalu):len(nalu)])
		}
	}
	return nalus
}

// nextStartCode returns what is before the next 00 00 01 and what is after,
// nil where there is none.
func nextStartCode(b []byte) (before, after []byte) {
	i := bytes.Index(b, []byte{0, 0, 1})
	if i < 0 {
		return b, nil
	}
	return b[:i], b[i+3:]
}

// leadingStartCode is the length of the start code that b begins with, 0 where
// it begins with none.
func leadingStartCode(b []byte) int {
	switch {
	case bytes.HasPrefix(b, []byte{0, 0, 1}):
		return 3
	case bytes.HasPrefix(b, []byte{0, 0, 0, 1}):
		return 4
	}
	return 0
}

// unescape appends b to dst without its emulation_prevention_three_bytes
// (H.264 section 7.4.1.1).
func unescape(dst, b []byte) []byte {
	zeros := 0
	for _, c := range b {
		if zeros >= 2 && c == 3 {
			zeros = 0
			continue
		}
		if c == 0 {
			zeros++
		} else {
			zeros = 0
		}
		dst = append(dst, c)
	}
	return dst
}

// bitReader reads bits, most significant first. Past the end it reads zeros
// and is bad for ever after.
type bitReader struct {
	b   []byte
	pos int // in bits
	bad bool
}

func (r *bitReader) bit() uint32 {
	if r.bad || r.pos>>3 >= len(r.b) {
		r.bad = true
		return 0
	}
	v := r.b[r.pos>>3] >> (7 - r.pos&7) & 1
	r.pos++
	return uint32(v)
}

// bits reads up to 32 bits.
func (r *bitReader) bits(n int) uint32 {
	var v uint32
	for range n {
		v = v<<1 | r.bit()
	}
	return v
}

func (r *bitReader) flag() bool { return r.bit() == 1 }

// ue reads an Exp-Golomb code of at most 31 leading zeros (H.264 section 9.1).
func (r *bitReader) ue() uint32 {
	zeros := 0
	for r.bit() == 0 {
		if zeros++; zeros > 31 || r.bad {
			r.bad = true
			return 0
		}
	}
	return 1<<zeros - 1 + r.bits(zeros)
}

// se reads a signed Exp-Golomb code (H.264 section 9.1.1).
func (r *bitReader) se() int32 {
	v := r.ue()
	if v&1 == 1 {
		return int32(v>>1) + 1
	}
	return -int32(v >> 1)
}
