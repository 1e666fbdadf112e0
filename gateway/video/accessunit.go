// Package video knows coded pictures: NAL units, access units, parameter sets
// and their RTP payload formats. It is pure: no sockets, no clock, no
// goroutines, standard library only.
package video

import (
	"bytes"
	"time"
)

// Codec names the coding of a picture.
type Codec uint8

const (
	H264 Codec = 1 // ITU-T H.264 (RFC 6184 on RTP)
	H265 Codec = 2 // ITU-T H.265 (RFC 7798 on RTP)
	JPEG Codec = 3 // one JPEG a picture (RFC 2435 on RTP), "MJPEG"
)

func (c Codec) String() string {
	switch c {
	case H264:
		return "H264"
	case H265:
		return "H265"
	case JPEG:
		return "JPEG"
	}
	return "unknown"
}

// Clock says where an access unit's capture time comes from.
type Clock uint8

const (
	// ClockArrival is the time at which the access unit's first packet arrived:
	// the camera's own delay is not in it.
	ClockArrival Clock = iota
	// ClockCamera is the camera's RTCP sender report, judged plausible.
	ClockCamera
)

func (c Clock) String() string {
	if c == ClockCamera {
		return "camera"
	}
	return "arrival"
}

// AccessUnit is one coded picture: the NAL units of one RTP timestamp
// (H.264 section 3.1, RFC 6184 section 1.3, RFC 7798 section 3.1.1), or one JPEG
// file. It is immutable once published; its byte slices are shared by every
// reader.
type AccessUnit struct {
	Codec    Codec
	Payloads [][]byte  // its NAL units in decoding order as RTP payloads of at most MaxPayload bytes, packetized once for all viewers; parameter sets lead a key picture, the marker bit belongs to the last. Of JPEG: the file in pieces of MaxPayload, which are no RTP payloads
	Format   *Format   // of the parameter sets in force; shared by consecutive access units
	PTS      int64     // 90 kHz, the camera's RTP timestamp unwrapped; only differences mean anything
	Captured time.Time // when the picture was taken, on this machine's clock
	Clock    Clock     // where Captured comes from
	Arrived  time.Time // when its last packet arrived
	Key      bool      // an IDR picture of H.264, an IRAP picture of H.265, any JPEG: decoding can begin here
	Lost     int       // packets seen to be lost since the access unit before
	Number   uint64    // place in its stream, counted from 1 and without gaps; set by gateway.Stream
	First    uint64    // number of its first payload in its stream, counted on; set by gateway.Stream
}

// NALUs takes the NAL units out of the payloads again, in decoding order and
// without start codes. Those in one piece share the payloads' memory. Of JPEG it
// is the one file.
func (au *AccessUnit) NALUs() [][]byte {
	if au.Codec == JPEG {
		return [][]byte{bytes.Join(au.Payloads, nil)}
	}
	return unpacketize(codingOf(au.Codec), au.Payloads)
}

// Size is the sum of the payloads' bytes.
func (au *AccessUnit) Size() int {
	n := 0
	for _, p := range au.Payloads {
		n += len(p)
	}
	return n
}

// Format is what the parameter sets say of a stream.
type Format struct {
	Codec         Codec
	Width, Height int    // pixels, cropped
	Profile       uint32 // H.264: profile_idc<<16 | constraint flags<<8 | level_idc, as in profile-level-id (RFC 6184 section 8.1); H.265: general_profile_idc<<16 | general_tier_flag<<8 | general_level_idc; JPEG: 0
	Reorder       bool   // pictures may be shown in another order than decoded (B-frames)
}
