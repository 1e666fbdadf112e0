package rtc

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"matthan/gateway"
	"matthan/gateway/video"
)

// H.264 is the base that every viewer has to offer. One that offers H.265 as well
// gets such a camera's own stream; to all others it is not sent.

// hevc is what an offer says of H.265.
type hevc struct {
	formats  []string // its payload types
	profiles []string // likewise: profile-id
}

// hevcOf looks for H.265 in a video line: with all of a stream's NAL units on it
// (tx-mode SRST, RFC 7798 section 7.1).
func hevcOf(m *sdp.MediaDescription) (found hevc, exact bool) {
	for _, format := range m.MediaName.Formats {
		name, fmtp := formatOf(m, format)
		switch strings.ToUpper(name) {
		case "H265/90000":
			if mode := parameter(fmtp, "tx-mode"); mode == "" || strings.EqualFold(mode, "SRST") {
				found.profiles = append(found.profiles, hevcProfile(fmtp))
			}
			found.formats = append(found.formats, format)
		case "H264/90000":
			profile := strings.ToLower(parameter(fmtp, "profile-level-id"))
			exact = exact || parameter(fmtp, "packetization-mode") == "1" && len(profile) == 6 &&
				slices.ContainsFunc(h264Profiles(), func(p string) bool { return p[:4] == profile[:4] })
		}
	}
	return found, exact
}

// formatOf gives the rtpmap and fmtp of a payload type.
func formatOf(m *sdp.MediaDescription, format string) (name, fmtp string) {
	for _, a := range m.Attributes {
		if pt, rest, ok := strings.Cut(a.Value, " "); ok && pt == format {
			switch a.Key {
			case "rtpmap":
				name = strings.TrimSpace(rest)
			case "fmtp":
				fmtp = strings.TrimSpace(rest)
			}
		}
	}
	return name, fmtp
}

// parameter gives a parameter of an fmtp attribute, "" where it is missing.
func parameter(fmtp, name string) string {
	for param := range strings.SplitSeq(fmtp, ";") {
		if k, v, _ := strings.Cut(strings.TrimSpace(param), "="); strings.EqualFold(k, name) {
			return v
		}
	}
	return ""
}

// hevcProfile is profile-id, which is 1 where it is not told (RFC 7798 section 7.1).
func hevcProfile(fmtp string) string {
	if p := parameter(fmtp, "profile-id"); p != "" {
		return p
	}
	return "1"
}

// arrange puts H.265 behind all else that an offer has, so that an answer begins
// with H.264 as before there was any. It is taken out where pion would prefer it to
// an H.264 that is not quite ours, and so drop that. decodes says whether H.265 is left.
func arrange(offer string) (text string, decodes bool, err error) {
	var d sdp.SessionDescription
	if err := d.UnmarshalString(offer); err != nil {
		return "", false, fmt.Errorf("%w: no SDP: %v", ErrOffer, err)
	}
	changed := false
	for _, m := range d.MediaDescriptions {
		if m.MediaName.Media != "video" {
			continue
		}
		found, exact := hevcOf(m)
		if len(found.formats) == 0 {
			continue
		}
		rest := slices.DeleteFunc(slices.Clone(m.MediaName.Formats), func(f string) bool { return slices.Contains(found.formats, f) })
		if exact && len(found.profiles) > 0 {
			rest = append(rest, found.formats...)
			decodes = true
		}
		changed = changed || !slices.Equal(rest, m.MediaName.Formats)
		m.MediaName.Formats = rest
	}
	if !changed {
		return offer, decodes, nil
	}
	b, err := d.Marshal()
	if err != nil {
		return "", false, fmt.Errorf("%w: %v", ErrOffer, err)
	}
	return string(b), decodes, nil
}

// Decodes says whether the viewer's device shows a codec at all, as its offer has
// it; of H.265 perhaps not every profile. It shows no JPEG.
func (p *Peer) Decodes(c video.Codec) bool {
	return c == video.H264 || c == video.H265 && p.hevc.Load()
}

// payloadType is the one that a stream's pictures are sent with, 0 where none was
// negotiated that the viewer can decode them by. The level does not count: cameras
// tell one that is too high, and devices decode more than they say.
func payloadType(codecs []webrtc.RTPCodecParameters, f *video.Format) uint8 {
	switch {
	case f == nil || f.Codec == video.H264 || f.Codec == 0:
		return payloadTypeH264(codecs, f)
	case f.Codec != video.H265:
		return 0
	}
	for _, c := range codecs {
		// A picture of profile 1, or 3 of it, is also one of profile 2 (H.265 section A.3).
		own := hevcProfile(c.SDPFmtpLine)
		fits := own == fmt.Sprint(f.Profile>>16) || f.Profile>>16 <= 3 && f.Profile>>16 != 2 && (own == "1" || own == "2")
		if strings.EqualFold(c.MimeType, webrtc.MimeTypeH265) && fits {
			return uint8(c.PayloadType)
		}
	}
	return 0
}

// payloadTypeH264 is of those with packetization-mode=1 the one of the camera's
// profile, else the first.
func payloadTypeH264(codecs []webrtc.RTPCodecParameters, f *video.Format) (pt uint8) {
	for _, c := range codecs {
		if !strings.EqualFold(c.MimeType, webrtc.MimeTypeH264) || !strings.Contains(c.SDPFmtpLine, "packetization-mode=1") {
			continue
		}
		same := f != nil && strings.Contains(strings.ToLower(c.SDPFmtpLine), "profile-level-id="+hex2(f.Profile>>16))
		if pt == 0 || same {
			pt = uint8(c.PayloadType)
		}
		if same {
			break
		}
	}
	return pt
}

// goOn shows what is to be shown next, when it has a picture to start from. What
// the viewer cannot decode it is not led to.
func (t *tile) goOn(now time.Time) {
	gop := t.nextGOP()
	gentle := t.gentle && !t.cannot && t.stream.State().Phase != gateway.Offline // one that gives nothing proves nothing
	switch {
	case gop == nil:
	case !t.out.plays(gop[len(gop)-1].Format):
		id := t.next.stream.ID()
		t.drop(&t.next)
		t.retreat(id, now)
	case (!gentle || rises(now, t.started, t.lossAt)) && !t.tooLong(gop, now):
		t.drop(&t.feed)
		t.feed, t.next = t.next, feed{}
		t.begun, t.shown, t.cannot, t.changed = false, false, false, now
	}
}

// retreat goes on with what there is in place of a stream that the viewer cannot
// decode.
func (t *tile) retreat(id gateway.StreamID, now time.Time) bool {
	rest := instead(t.ladder, id, t.peer.gateway.hub.Makes())
	if rest == nil {
		return false
	}
	t.ladder, t.level = rest, min(t.level, len(rest)-1)
	if t.peer.bound() > 0 {
		t.peer.adapt(now)
	}
	t.toward(now)
	return true
}

// refuse sends nothing of a stream that the viewer cannot decode, until it is
// another: what there is in its place, or else the viewer is told.
func (t *tile) refuse(now time.Time) {
	t.begun, t.shown, t.clocked, t.cannot = false, false, false, true
	if t.retreat(t.stream.ID(), now) || t.stream == nil || t.level < len(t.ladder) && t.ladder[t.level] != t.stream.ID() {
		return
	}
	t.asked = time.Time{}
	t.tell(gateway.State{Phase: gateway.Offline, Since: t.stream.State().Since, Cause: gateway.CauseCodec}, t.stream.ID())
}
