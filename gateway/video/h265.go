package video

import (
	"errors"
	"fmt"
)

// Types of H.265 NAL units (H.265 table 7-1; 48 and up are RFC 7798 section 4.4).
const (
	hevcRASLN     = 8  // leading pictures that rely on pictures before their IRAP picture
	hevcRASLR     = 9  //
	hevcIRAP      = 16 // BLA, IDR and CRA: random access points
	hevcLastIRAP  = 23 //
	hevcLastVCL   = 31 //
	hevcVPS       = 32 // video parameter set
	hevcSPS       = 33 //
	hevcPPS       = 34 //
	hevcAUD       = 35 // access unit delimiter
	hevcEnd       = 36 // of sequence; 37: of the bitstream; 38: filler data
	hevcFiller    = 38 //
	hevcSEI       = 39 // ahead of its picture
	hevcSEIBehind = 40 //
	hevcReserved  = 41 // to 44 begin an access unit
	hevcLastBegin = 44 //
	hevcAP        = 48 // aggregation packet
	hevcFU        = 49 // fragmentation unit
)

// Sizes in an RTP payload of RFC 7798, in bytes.
const (
	hevcHead   = 2 // of a NAL unit, and of a payload
	hevcFUHead = 3 // of a fragment: payload header and FU header
)

// Bounds of the ids of H.265 parameter sets (sections 7.4.3.2.1 and 7.4.3.3.1).
const (
	maxHEVCSPSID = 15
	maxHEVCPPSID = 63
)

// h265 is the coding of ITU-T H.265 and RFC 7798, without decoding order numbers
// (sprop-max-don-diff 0, as cameras have it). Of layered streams the base layer
// is taken.
//
// Decoding can begin at any IRAP picture: IDR, BLA and CRA. What follows a CRA or
// BLA picture and relies on what was before it (RASL pictures, sections 3.113 and
// 8.1.3) cannot be decoded by one who began there, and nothing else relies on it. An access
// unit is the same for all its readers, so these pictures are left out for all.
// Only open GOPs have them, which cameras do not use.
type h265 struct{}

// hevcType is nal_unit_type of a NAL unit's first byte.
func hevcType(b byte) byte { return b >> 1 & 0x3f }

func (h265) class(nalu []byte) class {
	if len(nalu) < hevcHead {
		return noUnit
	}
	return classH265(nalu[0], nalu[1])
}

// classH265 is the class by the header.
func classH265(first, second byte) class {
	t := hevcType(first)
	layered := first&1 != 0 || second>>3 != 0
	switch {
	case second&7 == 0: // nuh_temporal_id_plus1 is never 0: these are the zeros of a start code
		return noUnit
	case t >= hevcAP:
		return noUnit
	case layered:
		return idle
	case t <= hevcLastVCL:
		return slice
	case t == hevcVPS:
		return setVPS
	case t == hevcSPS:
		return setSPS
	case t == hevcPPS:
		return setPPS
	case t == hevcAUD, t == hevcSEI:
		return idleFirst
	case t >= hevcEnd && t <= hevcFiller, t == hevcSEIBehind:
		return idle
	case t >= hevcReserved && t <= hevcLastBegin:
		return otherFirst
	}
	return other
}

// slice reads the head of a slice segment (H.265 section 7.3.6.1). Whether
// pictures are reordered it does not tell: that is the SPS's, since what cameras
// send in order is often coded as B slices too.
func (h265) slice(nalu []byte) (h opening, ok bool) {
	if len(nalu) <= hevcHead {
		return h, false
	}
	t := hevcType(nalu[0])
	h.key, h.leading = t >= hevcIRAP && t <= hevcLastIRAP, t == hevcRASLN || t == hevcRASLR
	var rbsp [sliceHead]byte
	r := bitReader{b: unescape(rbsp[:0], nalu[hevcHead:min(len(nalu), sliceHead)])}
	h.later = !r.flag() // first_slice_segment_in_pic_flag
	if h.key {
		r.flag() // no_output_of_prior_pics_flag
	}
	h.pps = r.ue()
	return h, !r.bad && t <= hevcLastVCL
}

func (c h265) parcel(b []byte) parcel {
	switch t := hevcType(b[0]); {
	case t < hevcAP && c.class(b) == noUnit && leadingStartCode(b) == 0:
		return parcel(malformed)
	case t < hevcAP:
		return parcel(single)
	case t == hevcAP && len(b) > hevcHead:
		return packed(aggregation, hevcHead, 0, 0, 0, 0, 0)
	case t == hevcFU && len(b) > hevcFUHead:
		kind := b[2] & 0x3f
		first := b[0]&0x81 | kind<<1
		return packed(fragment, hevcFUHead, b[2]&(fuStart|fuEnd), classH265(first, b[1]), kind, first, b[1])
	case t == hevcAP, t == hevcFU:
		return parcel(malformed)
	}
	return parcel(unsupported) // PACI among them, which nobody sends
}

// aggregated makes the header of an aggregation packet: the F bit of any, the
// lowest layer and the lowest temporal id (RFC 7798 section 4.4.2).
func (h265) aggregated(head [2]byte, nalu []byte) [2]byte {
	if len(nalu) < hevcHead {
		return head
	}
	layer, tid := nalu[0]&1<<5|nalu[1]>>3, nalu[1]&7
	if head != [2]byte{} {
		layer, tid = min(layer, head[0]&1<<5|head[1]>>3), min(tid, head[1]&7)
	}
	return [2]byte{(head[0]|nalu[0])&0x80 | hevcAP<<1 | layer>>5, layer<<3 | tid}
}

func (h265) fragmented(nalu []byte) ([3]byte, int) {
	return [3]byte{nalu[0]&0x81 | hevcFU<<1, nalu[1], hevcType(nalu[0])}, hevcFUHead
}

// ParseSPSH265 reads an H.265 sequence parameter set (section 7.3.2.2), a NAL unit
// of at most 4096 bytes with its header. Pictures of more than 16384 pixels a side
// are refused. It keeps nothing of nalu.
func ParseSPSH265(nalu []byte) (*Format, error) {
	s, err := h265{}.parseSPS(nalu)
	if err != nil {
		return nil, err
	}
	return &s.format, nil
}

func (c h265) parseSPS(nalu []byte) (*sps, error) {
	switch {
	case c.class(nalu) != setSPS:
		return nil, errors.New("no SPS")
	case len(nalu) > maxParameterSet:
		return nil, fmt.Errorf("SPS of %d bytes, more than %d", len(nalu), maxParameterSet)
	}
	r := &bitReader{b: unescape(make([]byte, 0, len(nalu)), nalu[hevcHead:])}
	s := &sps{format: Format{Codec: H265}, vps: r.bits(4)}
	layers := r.bits(3) // sps_max_sub_layers_minus1
	r.flag()            // sps_temporal_id_nesting_flag
	s.format.Profile = readTier(r, int(layers))
	if s.id = r.ue(); s.id > maxHEVCSPSID {
		return nil, fmt.Errorf("SPS id %d", s.id)
	}
	readSizeH265(r, &s.format)
	r.ue() // bit_depth_luma_minus8
	r.ue() // bit_depth_chroma_minus8
	r.ue() // log2_max_pic_order_cnt_lsb_minus4
	if !r.flag() {
		layers = 0 // what follows stands once, for all sub-layers
	}
	reorder := uint32(0)
	for range layers + 1 {
		r.ue()           // sps_max_dec_pic_buffering_minus1
		reorder = r.ue() // sps_max_num_reorder_pics, of the highest sub-layer at last
		r.ue()           // sps_max_latency_increase_plus1
	}
	if r.bad {
		return nil, errors.New("SPS is cut short or broken")
	}
	if f := s.format; f.Width <= 0 || f.Height <= 0 || f.Width > maxDimension || f.Height > maxDimension {
		return nil, errors.New("SPS with an impossible picture size")
	}
	s.format.Reorder = reorder > 0
	return s, nil
}

// readTier reads profile_tier_level (H.265 section 7.3.3) as Format.Profile has it.
func readTier(r *bitReader, layers int) uint32 {
	r.bits(2) // general_profile_space
	tier := r.bits(1)
	profile := r.bits(5)
	r.bits(32) // general_profile_compatibility_flags
	r.bits(32) // constraint flags, 48 bits
	r.bits(16)
	level := r.bits(8)
	var present [8][2]bool
	for i := range layers {
		present[i] = [2]bool{r.flag(), r.flag()}
	}
	if layers > 0 {
		r.bits(2 * (8 - layers)) // reserved_zero_2bits
	}
	for _, p := range present {
		if p[0] { // of a sub-layer
			r.bits(32)
			r.bits(32)
			r.bits(24)
		}
		if p[1] {
			r.bits(8)
		}
	}
	return profile<<16 | tier<<8 | level
}

// readSizeH265 reads the size and the conformance window (H.265 section 7.4.3.2.1).
func readSizeH265(r *bitReader, f *Format) {
	chroma := r.ue() // chroma_format_idc
	if chroma > 3 {
		r.bad = true
	}
	if chroma == 3 {
		r.flag() // separate_colour_plane_flag
	}
	w, h := int64(r.ue()), int64(r.ue())
	if w > maxDimension+16 || h > maxDimension+16 {
		r.bad = true
		return
	}
	if r.flag() { // conformance_window_flag
		unitX, unitY := int64(1), int64(1)
		if chroma == 1 || chroma == 2 {
			unitX = 2
		}
		if chroma == 1 {
			unitY = 2
		}
		w -= unitX * (int64(r.ue()) + int64(r.ue()))
		h -= unitY * (int64(r.ue()) + int64(r.ue()))
	}
	f.Width, f.Height = int(max(w, 0)), int(max(h, 0))
}

// parsePPS reads a picture parameter set's own id and its SPS's (H.265 section 7.3.2.3.1).
func (c h265) parsePPS(nalu []byte) (id, spsID uint32, err error) {
	if c.class(nalu) != setPPS || len(nalu) > maxParameterSet {
		return 0, 0, errors.New("no PPS, or too large")
	}
	var rbsp [sliceHead]byte
	r := bitReader{b: unescape(rbsp[:0], nalu[hevcHead:min(len(nalu), sliceHead)])}
	id, spsID = r.ue(), r.ue()
	if r.bad || id > maxHEVCPPSID || spsID > maxHEVCSPSID {
		return 0, 0, errors.New("broken PPS")
	}
	return id, spsID, nil
}

// parseVPS reads a video parameter set's id (H.265 section 7.3.2.1).
func parseVPS(nalu []byte) (id uint32, err error) {
	if (h265{}).class(nalu) != setVPS || len(nalu) > maxParameterSet || len(nalu) < hevcHead+4 {
		return 0, errors.New("no VPS, or of an impossible size")
	}
	return uint32(nalu[hevcHead] >> 4), nil
}
