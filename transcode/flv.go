package transcode

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"matthan/gateway/video"
)

// flv reads what ffmpeg has encoded: H.264 in the tags of Flash Video (Adobe Flash
// Video File Format 10.1, annex E), which hold whole pictures with timestamps in
// milliseconds. Who writes it is a foreign program that was given a camera's
// bytes: everything is bounded.
type flv struct {
	r      *bufio.Reader
	sets   [][]byte // SPS and PPS
	format *video.Format
	buf    []byte // the last tag's body; reused
	begun  bool
}

// Bounds of what is read.
const (
	maxTag  = video.MaxAccessUnit
	maxSets = 8
)

// encoded is a picture as it was encoded. Its NAL units are valid until the next.
type encoded struct {
	at    uint32 // ms
	key   bool
	nalus [][]byte // with parameter sets where it is a key picture
}

var errFLV = errors.New("ffmpeg wrote no Flash Video")

// next reads up to the next picture.
func (f *flv) next() (p encoded, err error) {
	if !f.begun {
		var head [9 + 4]byte
		if _, err := io.ReadFull(f.r, head[:]); err != nil {
			return p, err
		}
		if string(head[:3]) != "FLV" || binary.BigEndian.Uint32(head[5:9]) != 9 {
			return p, errFLV
		}
		f.begun = true
	}
	for {
		kind, at, err := f.tag()
		if err != nil {
			return p, err
		}
		b := f.buf
		if kind != 9 { // metadata
			continue
		}
		if len(b) < 5 || b[0]&0x0f != 7 {
			return p, fmt.Errorf("%w of H.264", errFLV)
		}
		switch b[1] {
		case 0:
			if err := f.record(b[5:]); err != nil {
				return p, err
			}
		case 1:
			if p, err = f.picture(b[5:]); err != nil || len(p.nalus) > 0 {
				p.at = at
				return p, err
			}
		}
	}
}

// tag reads the next tag's body into buf.
func (f *flv) tag() (kind byte, at uint32, err error) {
	var head [11]byte
	if _, err := io.ReadFull(f.r, head[:]); err != nil {
		return 0, 0, err
	}
	size := int(head[1])<<16 | int(head[2])<<8 | int(head[3])
	at = uint32(head[7])<<24 | uint32(head[4])<<16 | uint32(head[5])<<8 | uint32(head[6])
	if size > maxTag {
		return 0, 0, fmt.Errorf("%w: a tag of %d bytes", errFLV, size)
	}
	if cap(f.buf) < size+4 {
		f.buf = make([]byte, size+4)
	}
	f.buf = f.buf[:size+4] // with the size of the tag before the next one
	if _, err := io.ReadFull(f.r, f.buf); err != nil {
		return 0, 0, err
	}
	f.buf = f.buf[:size]
	return head[0] & 0x1f, at, nil
}

// record takes an AVCDecoderConfigurationRecord (ISO/IEC 14496-15 section 5.3.3.1).
func (f *flv) record(b []byte) error {
	if len(b) < 6 || b[4]&3 != 3 {
		return fmt.Errorf("%w: no parameter sets", errFLV)
	}
	f.sets, f.format = nil, nil
	b = b[5:]
	for _, mask := range []byte{0x1f, 0xff} {
		if len(b) < 1 {
			break
		}
		n := int(b[0] & mask)
		b = b[1:]
		for range n {
			if len(b) < 2 || len(f.sets) == maxSets {
				return fmt.Errorf("%w: broken parameter sets", errFLV)
			}
			size := int(binary.BigEndian.Uint16(b))
			if b = b[2:]; size == 0 || size > len(b) {
				return fmt.Errorf("%w: broken parameter sets", errFLV)
			}
			set := append([]byte(nil), b[:size]...)
			b = b[size:]
			f.sets = append(f.sets, set)
			if video.TypeOf(set) == video.NALUSPS && f.format == nil {
				format, err := video.ParseSPS(set)
				if err != nil {
					return fmt.Errorf("%w: %v", errFLV, err)
				}
				f.format = format
			}
		}
	}
	if f.format == nil {
		return fmt.Errorf("%w: no SPS", errFLV)
	}
	return nil
}

// picture takes NAL units that stand after their lengths. What is no slice is left
// out, as of a camera.
func (f *flv) picture(b []byte) (p encoded, err error) {
	if f.format == nil {
		return p, fmt.Errorf("%w: a picture before its parameter sets", errFLV)
	}
	var slices [][]byte
	for len(b) > 0 {
		if len(b) < 4 {
			return p, fmt.Errorf("%w: a broken picture", errFLV)
		}
		n := binary.BigEndian.Uint32(b)
		if b = b[4:]; uint64(n) > uint64(len(b)) || len(slices) == video.MaxNALUs {
			return p, fmt.Errorf("%w: a broken picture", errFLV)
		}
		nalu := b[:n:n]
		b = b[n:]
		if t := video.TypeOf(nalu); t.VCL() {
			slices = append(slices, nalu)
			p.key = p.key || t == video.NALUIDR
		}
	}
	if p.nalus = slices; p.key {
		p.nalus = append(append([][]byte{}, f.sets...), slices...)
	}
	return p, nil
}
