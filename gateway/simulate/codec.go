package simulate

import (
	"bytes"
	"errors"
	"fmt"
)

// codec is what a track is coded in. Clips of other codecs than H.264 are of rigs
// alone, and carry no marks.
type codec uint8

const (
	codecH264 codec = iota
	codecH265
	codecJPEG
)

// payloadType is the dynamic one, or that of JPEG (RFC 3551 section 6).
func (c codec) payloadType() uint8 {
	if c == codecJPEG {
		return 26
	}
	return payloadType
}

// Types of H.265 NAL units (H.265 table 7-1) and payloads (RFC 7798 section 4.4).
const (
	hevcVPS = 32
	hevcSPS = 33
	hevcPPS = 34
	hevcFU  = 49
)

func hevcType(n []byte) byte { return n[0] >> 1 & 0x3f }

// parseTrackH265 is parseTrack for H.265.
func parseTrackH265(b []byte) (*track, error) {
	t := &track{codec: codecH265}
	var head [][]byte
	for _, n := range splitAnnexB(b) {
		if len(n) < 3 {
			return nil, errors.New("a NAL unit without its header")
		}
		kind := hevcType(n)
		switch kind {
		case hevcVPS:
			t.vps = n
		case hevcSPS:
			t.sps = n
		case hevcPPS:
			t.pps = n
		}
		switch {
		case kind >= hevcVPS:
			head = append(head, n)
		case n[2]&0x80 != 0: // first_slice_segment_in_pic_flag
			if len(t.pictures) == maxPictures {
				return nil, fmt.Errorf("more than %d pictures", maxPictures)
			}
			t.pictures = append(t.pictures, picture{head: head, slices: [][]byte{n}, key: kind >= 16 && len(head) >= 3})
			head = nil
		case len(t.pictures) == 0 || len(head) > 0:
			return nil, errors.New("a picture without its first slice")
		default:
			p := &t.pictures[len(t.pictures)-1]
			p.slices = append(p.slices, n)
		}
	}
	if len(t.pictures) == 0 || !t.pictures[0].key || t.vps == nil || t.sps == nil || t.pps == nil {
		return nil, errors.New("it does not begin with its parameter sets and an IRAP picture")
	}
	return t, nil
}

// parseTrackJPEG takes JPEG files one after the other. Each is a picture of one slice.
func parseTrackJPEG(b []byte) (*track, error) {
	t := &track{codec: codecJPEG}
	for len(b) > 0 {
		end := bytes.Index(b, []byte{0xff, 0xd9}) // in the scan 0xff is stuffed, and the tables here hold none
		if end < 0 || len(t.pictures) == maxPictures {
			return nil, errors.New("a JPEG without an end, or too many")
		}
		if _, err := readJPEG(b[:end+2]); err != nil {
			return nil, err
		}
		t.pictures = append(t.pictures, picture{slices: [][]byte{b[:end+2]}, key: true})
		b = b[end+2:]
	}
	if len(t.pictures) == 0 {
		return nil, errors.New("no picture")
	}
	return t, nil
}

// photo is what RFC 2435 sends of a JPEG.
type photo struct {
	kind          byte // 0: 4:2:2, 1: 4:2:0
	width, height int  // in blocks of 8
	tables, scan  []byte
}

func readJPEG(b []byte) (p photo, err error) {
	broken := errors.New("a JPEG that cannot be read")
	for b = b[2:]; len(b) >= 4; {
		marker, n := b[1], int(b[2])<<8|int(b[3])
		if b[0] != 0xff || n < 2 || len(b) < 2+n {
			return p, broken
		}
		body := b[4 : 2+n]
		b = b[2+n:]
		switch {
		case marker == 0xdb: // DQT
			for ; len(body) >= 65; body = body[65:] {
				p.tables = append(p.tables, body[1:65]...)
			}
		case marker == 0xc0 && len(body) >= 15: // SOF0
			p.height, p.width = (int(body[1])<<8|int(body[2])+7)/8, (int(body[3])<<8|int(body[4])+7)/8
			if body[7] == 0x22 {
				p.kind = 1
			}
		case marker == 0xda: // SOS
			p.scan = b
			if len(p.tables) == 64 {
				p.tables = append(p.tables, p.tables...) // both components have the one
			}
			if len(p.tables) != 128 || p.width == 0 || p.width > 255 || p.height == 0 || p.height > 255 {
				return p, broken
			}
			return p, nil
		}
	}
	return p, broken
}

// packH265 packs as cameras do: NAL units over the size as FU (RFC 7798 section
// 4.4.3), and none together.
func packH265(s *shot) {
	for i, n := range s.nalus {
		last := i == len(s.nalus)-1
		if len(n) <= mtu {
			s.pack(n, last)
			continue
		}
		fu := hevcType(n) | 0x80 // with the start bit
		for b := n[2:]; len(b) > 0; fu &^= 0x80 {
			part := b[:min(len(b), mtu-3)]
			if b = b[len(part):]; len(b) == 0 {
				fu |= 0x40 // the end bit
			}
			s.pack(append([]byte{n[0]&0x81 | hevcFU<<1, n[1], fu}, part...), last && len(b) == 0)
		}
	}
}

// packJPEG packs by RFC 2435, with the quantization tables in every picture.
func packJPEG(s *shot) {
	p, err := readJPEG(s.nalus[0])
	if err != nil { // it was read when the clip was loaded
		return
	}
	for at := 0; at < len(p.scan); {
		head := []byte{0, byte(at >> 16), byte(at >> 8), byte(at), p.kind, 255, byte(p.width), byte(p.height)}
		if at == 0 {
			head = append(append(head, 0, 0, 0, byte(len(p.tables))), p.tables...)
		}
		n := min(mtu-len(head), len(p.scan)-at)
		at += n
		s.pack(append(head, p.scan[at-n:at]...), at == len(p.scan))
	}
}
