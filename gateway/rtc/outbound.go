package rtc

import (
	"strconv"
	"strings"

	"github.com/pion/webrtc/v4"

	"matthan/gateway/video"
)

// outbound is what was negotiated for a tile's track.
type outbound struct {
	writer    webrtc.TrackLocalWriter
	ssrc, rtx uint32 // rtx: SSRC of retransmissions, 0 where not negotiated
	codecs    []webrtc.RTPCodecParameters
	playout   uint8 // id of the playout-delay extension, 0: not negotiated
	straight  bool  // no pictures that are shown in another order than they come: browsers show those as they come

	format *video.Format // that pt and rtxPT were chosen for
	pt     uint8
	rtxPT  uint8 // 0: none
}

// choose sets the payload types for a stream's format: they belong to what is
// sent, not to the tile. It is false where the viewer cannot decode that; then
// nothing must be sent.
func (o *outbound) choose(f *video.Format) bool {
	if o.format == f && (o.pt != 0 || f != nil) {
		return o.pt != 0
	}
	o.format, o.pt, o.rtxPT = f, 0, 0
	if o.plays(f) {
		o.pt = payloadType(o.codecs, f)
	}
	apt := "apt=" + strconv.Itoa(int(o.pt))
	for _, c := range o.codecs {
		if strings.EqualFold(c.MimeType, webrtc.MimeTypeRTX) && c.SDPFmtpLine == apt {
			o.rtxPT = uint8(c.PayloadType)
		}
	}
	return o.pt != 0
}

// plays says whether the viewer plays a stream.
func (o *outbound) plays(f *video.Format) bool {
	return payloadType(o.codecs, f) != 0 && !(o.straight && f != nil && f.Reorder)
}

func hex2(v uint32) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[v>>4&15], digits[v&15]})
}
