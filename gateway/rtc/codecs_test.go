package rtc

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"matthan/gateway"
	"matthan/gateway/video"
)

// withoutH265 is an offer of a device that does not know H.265.
func withoutH265(offer string) string {
	var d sdp.SessionDescription
	if err := d.UnmarshalString(offer); err != nil {
		return err.Error()
	}
	for _, m := range d.MediaDescriptions {
		found, _ := hevcOf(m)
		m.MediaName.Formats = slices.DeleteFunc(m.MediaName.Formats, func(f string) bool { return slices.Contains(found.formats, f) })
		m.Attributes = slices.DeleteFunc(m.Attributes, func(a sdp.Attribute) bool {
			pt, _, _ := strings.Cut(a.Value, " ")
			return slices.Contains(found.formats, pt)
		})
	}
	b, err := d.Marshal()
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// h265In finds the payload type of H.265 in a description.
func h265In(t *testing.T, text string) uint8 {
	t.Helper()
	m := regexp.MustCompile(`a=rtpmap:(\d+) H265/90000`).FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("no H.265 in\n%s", text)
	}
	var pt uint8
	_, _ = fmt.Sscan(m[1], &pt)
	return pt
}

func TestH265IsSentToWhoOffersIt(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.cameras["one"].format = &video.Format{Codec: video.H265, Profile: 1<<16 | 120}
	w := r.watch(1, nil)
	if !w.peer.Decodes(video.H265) || !w.peer.Decodes(video.H264) || w.peer.Decodes(video.JPEG) {
		t.Error("what it decodes")
	}
	pt := h265In(t, w.pc.LocalDescription().SDP)
	w.show(0, "one")
	r.cameras["one"].send(t, 0, true)
	for range 3 {
		if p := next(t, w.packets, "packet"); p.PayloadType != pt || p.Payload[1] != 1 {
			t.Fatalf("payload type %d, want %d", p.PayloadType, pt)
		}
	}
	w.show(0, "two") // one of H.264, on the same track
	r.cameras["two"].send(t, 0, true)
	for range 3 {
		if p := next(t, w.packets, "packet"); p.PayloadType == pt || p.Payload[1] != 2 {
			t.Fatalf("payload type %d of camera %d", p.PayloadType, p.Payload[1])
		}
	}
}

func TestADeviceWithoutH265IsToldAndSentNothing(t *testing.T) {
	t.Parallel()
	for name, format := range map[string]*video.Format{
		"H.265": {Codec: video.H265, Profile: 1<<16 | 93},
		"JPEG":  {Codec: video.JPEG},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, Config{})
			r.cameras["one"].format, r.munge = format, withoutH265
			w := r.watch(1, nil)
			if w.peer.Decodes(format.Codec) || !w.peer.Decodes(video.H264) {
				t.Error("what it decodes")
			}
			w.show(0, "one")
			for i := range 3 {
				r.cameras["one"].send(t, i, i == 0)
			}
			for {
				if st := next(t, w.states, "state"); st.Phase == gateway.Offline && st.Cause == gateway.CauseCodec {
					break
				} else if st.Phase == gateway.Live {
					t.Fatal("it is told that the stream is shown")
				}
			}
			w.show(0, "two")
			r.cameras["two"].send(t, 0, true)
			for range 3 { // the first that come at all
				if p := next(t, w.packets, "packet"); p.Payload[1] != 2 {
					t.Fatalf("a packet of camera %d", p.Payload[1])
				}
			}
			r.cameras["one"].format = nil // and what it did not decode comes again, in H.264
			w.show(0, "one")
			r.cameras["one"].send(t, 9, true)
			for range 3 {
				if p := next(t, w.packets, "packet"); p.Payload[1] != 1 {
					t.Fatalf("a packet of camera %d", p.Payload[1])
				}
			}
		})
	}
}

func TestAViewerIsNotLedFromAStreamItDecodesToOneItDoesNot(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.cameras["one"].format, r.munge = &video.Format{Codec: video.H265, Profile: 1<<16 | 93}, withoutH265
	w := r.watch(1, nil)
	if err := w.peer.Show(0, 1, Choice{Stream: gateway.StreamID{Camera: "one", Quality: gateway.Main}, Begin: gateway.StreamID{Camera: "one", Quality: gateway.Sub}}); err != nil {
		t.Fatal(err)
	}
	r.cameras["one-sub"].send(t, 0, true)
	r.cameras["one"].send(t, 0, true)
	r.cameras["one-sub"].send(t, 1, false)
	for range 6 {
		if p := next(t, w.packets, "packet"); p.Payload[1] != 11 {
			t.Fatalf("a packet of camera %d", p.Payload[1])
		}
	}
}

func TestH265ChangesNothingForWhoPrefersH264(t *testing.T) {
	t.Parallel()
	line := func(formats string, maps ...string) string {
		return "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=video 9 UDP/TLS/RTP/SAVPF " + formats + "\r\n" + strings.Join(maps, "\r\n") + "\r\n"
	}
	h264, odd := "a=rtpmap:102 H264/90000\r\na=fmtp:102 packetization-mode=1;profile-level-id=42e01f", "a=rtpmap:102 H264/90000\r\na=fmtp:102 packetization-mode=1;profile-level-id=6e001f"
	hevc := "a=rtpmap:49 H265/90000\r\na=fmtp:49 level-id=93;tier-flag=0;profile-id=1;tx-mode=SRST"
	for _, c := range []struct {
		name, in, want string
		decodes        bool
	}{
		{"none", line("102", h264), "102", false},
		{"behind", line("102 49", h264, hevc), "102 49", true},
		{"before", line("49 50 102", hevc, "a=rtpmap:50 rtx/90000\r\na=fmtp:50 apt=49", h264), "50 102 49", true},
		{"beside an H.264 that is not ours to the letter", line("49 102", hevc, odd), "102", false},
		{"in several streams", line("102 49", h264, strings.Replace(hevc, "SRST", "MRST", 1)), "102", false},
	} {
		text, decodes, err := arrange(c.in)
		if err != nil || decodes != c.decodes || !strings.Contains(text, "SAVPF "+c.want+"\r\n") {
			t.Errorf("%s: %v, %v\n%s", c.name, decodes, err, text)
		}
	}
}

func TestPayloadTypeOfH265IsOfTheProfile(t *testing.T) {
	t.Parallel()
	codecs := codecsOf("96 video/H264 packetization-mode=1;profile-level-id=42e01f", "97 video/H265 profile-id=1;level-id=93", "98 video/H265 profile-id=2", "99 video/rtx apt=98")
	for _, c := range []struct {
		profile uint32
		pt      uint8
	}{{1, 97}, {2, 98}, {3, 97}, {4, 0}} {
		o := outbound{codecs: codecs}
		if ok := o.choose(&video.Format{Codec: video.H265, Profile: c.profile<<16 | 153}); o.pt != c.pt || ok != (c.pt != 0) || (o.rtxPT == 99) != (c.pt == 98) {
			t.Errorf("profile %d goes as %d, %d", c.profile, o.pt, o.rtxPT)
		}
	}
}

// codecsOf are those of lines of payload type, MIME type and fmtp.
func codecsOf(lines ...string) (out []webrtc.RTPCodecParameters) {
	for _, l := range lines {
		f := strings.SplitN(l, " ", 3)
		pt, _ := strconv.Atoi(f[0])
		out = append(out, webrtc.RTPCodecParameters{PayloadType: webrtc.PayloadType(pt), RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: f[1], SDPFmtpLine: f[2]}})
	}
	return out
}
