package simulate

import (
	"bytes"
	"encoding/binary"
	"time"
)

// Quality names one of a camera's encodings, as it stands in the URL.
type Quality string

const (
	Main Quality = "main" // 1280x720, about 2 Mbit/s
	Sub  Quality = "sub"  // 640x360, about 300 kbit/s
)

func (q Quality) valid() bool { return q == Main || q == Sub }

// Mark says which picture an access unit is. See the package's description for
// its form in the bitstream.
type Mark struct {
	Camera   int       // index of the camera, from 0
	Quality  Quality   // which of its encodings
	Number   uint64    // of the picture on the camera's grid, the same for main and sub; grows by one
	Loop     int       // place of the picture in the clip, from 0
	Captured time.Time // whole microseconds, by this machine's clock: without Options.ClockOffset
}

const (
	seiNALU     = 6 // H.264 table 7-1
	seiUserData = 5 // H.264 annex D.1: user_data_unregistered
	markSize    = 16 + 4 + 1 + 8 + 2 + 8
)

// markUUID tells our messages from those of the encoder.
func markUUID() [16]byte {
	return [16]byte{'m', 'a', 't', 't', 'h', 'a', 'n', '@', 0x80, 's', 'i', 'm', 'u', 'l', 'a', 't'}
}

// nalu returns m as an SEI NAL unit without a start code.
func (m Mark) nalu() []byte {
	id := markUUID()
	b := make([]byte, 0, markSize+3)
	b = append(b, seiUserData, markSize)
	b = append(b, id[:]...)
	b = binary.BigEndian.AppendUint32(b, uint32(m.Camera))
	if m.Quality == Sub {
		b = append(b, 1)
	} else {
		b = append(b, 0)
	}
	b = binary.BigEndian.AppendUint64(b, m.Number)
	b = binary.BigEndian.AppendUint16(b, uint16(m.Loop))
	b = binary.BigEndian.AppendUint64(b, uint64(m.Captured.UnixMicro()))
	b = append(b, 0x80) // rbsp_trailing_bits
	return escape(append(make([]byte, 0, len(b)+len(b)/2+1), seiNALU), b)
}

// ReadMark finds the mark among the NAL units of one access unit, given without
// start codes. It is false where there is none or a broken one.
func ReadMark(nalus [][]byte) (Mark, bool) {
	for _, n := range nalus {
		if len(n) < 2 || n[0]&0x1f != seiNALU {
			continue
		}
		if m, ok := readSEI(unescape(n[1:])); ok {
			return m, true
		}
	}
	return Mark{}, false
}

// readSEI looks through the messages of one SEI RBSP (H.264 section 7.3.2.3.1).
func readSEI(b []byte) (Mark, bool) {
	for len(b) > 2 {
		kind, rest, ok := seiNumber(b)
		if !ok {
			break
		}
		size, rest, ok := seiNumber(rest)
		if !ok || size > len(rest) {
			break
		}
		if kind == seiUserData {
			if m, ok := parseMark(rest[:size]); ok {
				return m, true
			}
		}
		b = rest[size:]
	}
	return Mark{}, false
}

// seiNumber reads a payload type or size: each 255 adds to the byte that ends it.
func seiNumber(b []byte) (n int, rest []byte, ok bool) {
	for i, v := range b {
		n += int(v)
		if v != 0xff {
			return n, b[i+1:], true
		}
	}
	return 0, nil, false
}

func parseMark(b []byte) (Mark, bool) {
	id := markUUID()
	if len(b) != markSize || !bytes.Equal(b[:16], id[:]) || b[20] > 1 {
		return Mark{}, false
	}
	m := Mark{
		Camera:   int(binary.BigEndian.Uint32(b[16:])),
		Quality:  Main,
		Number:   binary.BigEndian.Uint64(b[21:]),
		Loop:     int(binary.BigEndian.Uint16(b[29:])),
		Captured: time.UnixMicro(int64(binary.BigEndian.Uint64(b[31:]))),
	}
	if b[20] == 1 {
		m.Quality = Sub
	}
	return m, true
}

// escape appends rbsp to dst with emulation prevention bytes (H.264 section 7.4.1).
func escape(dst, rbsp []byte) []byte {
	zeros := 0
	for _, v := range rbsp {
		if zeros == 2 && v <= 3 {
			dst = append(dst, 3)
			zeros = 0
		}
		dst = append(dst, v)
		if v == 0 {
			zeros++
		} else {
			zeros = 0
		}
	}
	return dst
}

// unescape returns b without emulation prevention bytes, in memory of its own.
func unescape(b []byte) []byte {
	out := make([]byte, 0, len(b))
	zeros := 0
	for _, v := range b {
		if zeros >= 2 && v == 3 {
			zeros = 0
			continue
		}
		out = append(out, v)
		if v == 0 {
			zeros++
		} else {
			zeros = 0
		}
	}
	return out
}
