package video

import (
	"errors"
	"fmt"
)

// Bounds of parameter sets. A set beyond them is refused: cameras' real ones
// have 10 to 100 bytes, and an unbounded reader can be made to fill the
// memory by a set of a few bytes (num_ref_frames_in_pic_order_cnt_cycle).
const (
	maxParameterSet = 4096  // bytes of one SPS or PPS
	maxDimension    = 16384 // pixels of a side
	maxSPSID        = 31    // H.264 section 7.4.2.1.1
	maxPPSID        = 255   // H.264 section 7.4.2.2
)

// sps is what is read of a sequence parameter set.
type sps struct {
	id     uint32
	vps    uint32 // of H.265: the VPS that it relies on
	fields bool   // frame_mbs_only_flag is 0: a picture may come as two fields
	format Format
}

// ParseSPS reads an H.264 sequence parameter set (section 7.3.2.1.1), a NAL
// unit of at most 4096 bytes with its header. Pictures of more than 16384
// pixels a side are refused. It keeps nothing of nalu.
//
// Format.Reorder is set where the set says that pictures are reordered; where
// it is silent, the Assembler sets it when it meets a B slice.
func ParseSPS(nalu []byte) (*Format, error) {
	s, err := parseSPS(nalu)
	if err != nil {
		return nil, err
	}
	return &s.format, nil
}

func parseSPS(nalu []byte) (*sps, error) {
	switch {
	case TypeOf(nalu) != NALUSPS:
		return nil, errors.New("no SPS")
	case len(nalu) > maxParameterSet:
		return nil, fmt.Errorf("SPS of %d bytes, more than %d", len(nalu), maxParameterSet)
	case len(nalu) < 5:
		return nil, errors.New("SPS too short")
	}
	r := &bitReader{b: unescape(make([]byte, 0, len(nalu)), nalu[1:])}
	s := &sps{format: Format{Codec: H264, Profile: r.bits(24)}}
	if s.id = r.ue(); s.id > maxSPSID {
		return nil, fmt.Errorf("SPS id %d", s.id)
	}
	chroma := readChroma(r, s.format.Profile>>16)
	r.ue()               // log2_max_frame_num_minus4
	skipPicOrderCount(r) //
	r.ue()               // max_num_ref_frames
	r.flag()             // gaps_in_frame_num_value_allowed_flag
	width := r.ue()      // in macroblocks, minus 1
	height := r.ue()     // in map units, minus 1
	s.fields = !r.flag() //
	readSize(r, s, width, height, chroma)
	if r.bad {
		return nil, errors.New("SPS is cut short or broken")
	}
	if f := s.format; f.Width <= 0 || f.Height <= 0 || f.Width > maxDimension || f.Height > maxDimension {
		return nil, errors.New("SPS with an impossible picture size")
	}
	if r.flag() { // vui_parameters_present_flag
		// A broken VUI costs only what it would have said.
		s.format.Reorder = readReorder(r) && !r.bad
	}
	return s, nil
}

// readChroma reads what high profiles add, and returns chroma_format_idc; 0
// (monochrome) also stands for separately coded planes, whose cropping is the same.
func readChroma(r *bitReader, profile uint32) uint32 {
	switch profile {
	case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135:
	default:
		return 1
	}
	idc := r.ue()
	if idc > 3 {
		r.bad = true
	}
	lists := 8
	if idc == 3 {
		lists = 12
		if r.flag() { // separate_colour_plane_flag
			idc = 0
		}
	}
	r.ue()        // bit_depth_luma_minus8
	r.ue()        // bit_depth_chroma_minus8
	r.flag()      // qpprime_y_zero_transform_bypass_flag
	if r.flag() { // seq_scaling_matrix_present_flag
		for i := range lists {
			if r.flag() {
				skipScalingList(r, i)
			}
		}
	}
	return idc
}

// skipScalingList passes a scaling list (H.264 section 7.3.2.1.1.1).
func skipScalingList(r *bitReader, i int) {
	size := 16
	if i >= 6 {
		size = 64
	}
	last, next := int32(8), int32(8)
	for range size {
		if next != 0 {
			next = (last + r.se() + 256) % 256
		}
		if next != 0 {
			last = next
		}
		if r.bad {
			return
		}
	}
}

func skipPicOrderCount(r *bitReader) {
	switch r.ue() {
	case 0:
		r.ue() // log2_max_pic_order_cnt_lsb_minus4
	case 1:
		r.flag()
		r.se()
		r.se()
		n := r.ue()
		if n > 255 { // H.264 section 7.4.2.1.1
			r.bad = true
		}
		for range n {
			if r.se(); r.bad {
				return
			}
		}
	}
}

// readSize reads the rest up to the VUI: cropping (H.264 section 7.4.2.1.1).
func readSize(r *bitReader, s *sps, width, height, chroma uint32) {
	if width > maxDimension/16 || height > maxDimension/16 {
		r.bad = true
		return
	}
	frame := uint32(1)
	if s.fields {
		frame = 2
		r.flag() // mb_adaptive_frame_field_flag
	}
	r.flag() // direct_8x8_inference_flag
	w, h := int64(width+1)*16, int64(height+1)*16*int64(frame)
	if r.flag() { // frame_cropping_flag
		unitX, unitY := int64(1), int64(frame)
		if chroma == 1 || chroma == 2 {
			unitX = 2
		}
		if chroma == 1 {
			unitY *= 2
		}
		w -= unitX * (int64(r.ue()) + int64(r.ue()))
		h -= unitY * (int64(r.ue()) + int64(r.ue()))
	}
	s.format.Width, s.format.Height = int(max(w, 0)), int(max(h, 0))
}

// readReorder reads the VUI up to max_num_reorder_frames (H.264 section E.1.1).
func readReorder(r *bitReader) bool {
	if r.flag() { // aspect_ratio_info_present_flag
		if r.bits(8) == 255 {
			r.bits(32)
		}
	}
	if r.flag() { // overscan_info_present_flag
		r.flag()
	}
	if r.flag() { // video_signal_type_present_flag
		r.bits(4)
		if r.flag() {
			r.bits(24)
		}
	}
	if r.flag() { // chroma_loc_info_present_flag
		r.ue()
		r.ue()
	}
	if r.flag() { // timing_info_present_flag
		r.bits(32)
		r.bits(32)
		r.flag()
	}
	nal := r.flag() // nal_hrd_parameters_present_flag
	if nal {
		skipHRD(r)
	}
	vcl := r.flag()
	if vcl {
		skipHRD(r)
	}
	if nal || vcl {
		r.flag() // low_delay_hrd_flag
	}
	r.flag()       // pic_struct_present_flag
	if !r.flag() { // bitstream_restriction_flag
		return false
	}
	r.flag()
	for range 4 {
		r.ue()
	}
	return r.ue() > 0
}

// skipHRD passes hrd_parameters (H.264 section E.1.2).
func skipHRD(r *bitReader) {
	n := r.ue() // cpb_cnt_minus1
	if n > 31 {
		r.bad = true
		return
	}
	r.bits(8)
	for range n + 1 {
		r.ue()
		r.ue()
		r.flag()
	}
	r.bits(20)
}

// parsePPS reads a picture parameter set's own id and its SPS's (H.264 section 7.3.2.2).
func parsePPS(nalu []byte) (id, spsID uint32, err error) {
	if TypeOf(nalu) != NALUPPS || len(nalu) > maxParameterSet {
		return 0, 0, errors.New("no PPS, or too large")
	}
	var rbsp [sliceHead]byte
	r := bitReader{b: unescape(rbsp[:0], nalu[1:min(len(nalu), sliceHead)])}
	id, spsID = r.ue(), r.ue()
	if r.bad || id > maxPPSID || spsID > maxSPSID {
		return 0, 0, errors.New("broken PPS")
	}
	return id, spsID, nil
}
