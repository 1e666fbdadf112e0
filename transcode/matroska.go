package transcode

import (
	"encoding/binary"
	"io"

	"matthan/gateway/video"
)

// matroska writes pictures as a live Matroska stream (RFC 9559): it carries whole
// pictures with their timestamps in milliseconds, so that ffmpeg waits neither for
// the next picture's beginning nor for a clock. Each picture is a cluster of one.
// NAL units have start codes, as decoders take them that are given no
// CodecPrivate.
type matroska struct {
	w    io.Writer
	buf  []byte
	unit []byte
}

// IDs of elements (RFC 9559 section 5.1, RFC 8794 section 11.2), with their markers.
const (
	ebmlHead       = 0x1A45DFA3
	ebmlDocType    = 0x4282
	mkvSegment     = 0x18538067
	mkvInfo        = 0x1549A966
	mkvScale       = 0x2AD7B1
	mkvMuxer       = 0x4D80
	mkvWriter      = 0x5741
	mkvTracks      = 0x1654AE6B
	mkvTrack       = 0xAE
	mkvNumber      = 0xD7
	mkvUID         = 0x73C5
	mkvType        = 0x83
	mkvLacing      = 0x9C
	mkvDuration    = 0x23E383
	mkvCodec       = 0x86
	mkvVideo       = 0xE0
	mkvWidth       = 0xB0
	mkvHeight      = 0xBA
	mkvCluster     = 0x1F43B675
	mkvTimestamp   = 0xE7
	mkvSimpleBlock = 0xA3
)

var matroskaCodec = map[video.Codec]string{video.H264: "V_MPEG4/ISO/AVC", video.H265: "V_MPEGH/ISO/HEVC", video.JPEG: "V_MJPEG"}

// begin writes what stands before the first picture. rate is about how many come a
// second.
func (m *matroska) begin(f *video.Format, rate float64) error {
	head := element(nil, ebmlDocType, []byte("matroska"))
	out := element(nil, ebmlHead, head)
	out = binary.BigEndian.AppendUint32(out, mkvSegment)
	out = append(out, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff) // of unknown size
	info := number(nil, mkvScale, 1_000_000)
	info = element(info, mkvMuxer, []byte("matthan"))
	info = element(info, mkvWriter, []byte("matthan"))
	out = element(out, mkvInfo, info)
	size := number(number(nil, mkvWidth, uint64(f.Width)), mkvHeight, uint64(f.Height))
	track := number(nil, mkvNumber, 1)
	track = number(track, mkvUID, 1)
	track = number(track, mkvType, 1)
	track = number(track, mkvLacing, 0)
	track = number(track, mkvDuration, uint64(1e9/rate))
	track = element(track, mkvCodec, []byte(matroskaCodec[f.Codec]))
	track = element(track, mkvVideo, size)
	out = element(out, mkvTracks, element(nil, mkvTrack, track))
	_, err := m.w.Write(out)
	return err
}

// picture writes one at so many milliseconds.
func (m *matroska) picture(au *video.AccessUnit, at uint32) error {
	m.unit = append(m.unit[:0], 0x81, 0, 0, 0) // track 1, at the cluster's time
	if au.Key {
		m.unit[3] = 0x80
	}
	m.unit = unitOf(m.unit, au)
	stamp := number(nil, mkvTimestamp, uint64(at))
	m.buf = binary.BigEndian.AppendUint32(m.buf[:0], mkvCluster)
	m.buf = sized(m.buf, len(stamp)+1+8+len(m.unit))
	m.buf = append(m.buf, stamp...)
	m.buf = sized(append(m.buf, mkvSimpleBlock), len(m.unit))
	m.buf = append(m.buf, m.unit...)
	_, err := m.w.Write(m.buf)
	return err
}

// unitOf appends what a decoder needs of a picture: parameter sets and slices with
// start codes, or a JPEG as it is. Nothing else that a camera put there is passed
// on: messages (SEI) can have ffmpeg turn a picture, and a mask with it.
func unitOf(dst []byte, au *video.AccessUnit) []byte {
	for _, n := range au.NALUs() {
		if au.Codec == video.JPEG {
			return append(dst, n...)
		}
		if decodes(au.Codec, n) {
			dst = append(append(dst, 0, 0, 0, 1), n...)
		}
	}
	return dst
}

// decodes says whether a decoder needs a NAL unit.
func decodes(c video.Codec, nalu []byte) bool {
	if len(nalu) == 0 {
		return false
	}
	if c == video.H265 { // H.265 table 7-1: slices, VPS, SPS, PPS
		t := nalu[0] >> 1 & 0x3f
		return t < 32 || t >= 32 && t <= 34
	}
	t := video.TypeOf(nalu)
	return t.VCL() || t == video.NALUSPS || t == video.NALUPPS
}

// element appends an element with its content.
func element(dst []byte, id uint32, content []byte) []byte {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], id)
	i := 0
	for b[i] == 0 {
		i++
	}
	return append(sized(append(dst, b[i:]...), len(content)), content...)
}

// number appends an element with an unsigned integer.
func number(dst []byte, id uint32, v uint64) []byte {
	return element(dst, id, binary.BigEndian.AppendUint64(nil, v))
}

// sized appends a size as a variable-size integer of eight bytes (RFC 8794 section 4).
func sized(dst []byte, n int) []byte {
	return binary.BigEndian.AppendUint64(dst, 1<<56|uint64(n))
}
