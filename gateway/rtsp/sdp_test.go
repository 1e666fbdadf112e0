package rtsp

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/sdp"

	"matthan/gateway"
	"matthan/gateway/video"
)

func lines(l ...string) string { return strings.Join(l, "\r\n") + "\r\n" }

// Descriptions as cameras send them.
func descriptions() map[string]string {
	return map[string]string{
		"plain": lines("v=0", "o=- 1 1 IN IP4 10.0.0.1", "s=Media", "c=IN IP4 0.0.0.0", "t=0 0", "a=control:*",
			"m=video 0 RTP/AVP 96", "a=control:trackID=1", "a=rtpmap:96 H264/90000",
			"a=fmtp:96 packetization-mode=1;profile-level-id=640028;sprop-parameter-sets=Z2QAKA==,aOvj"),
		"sound, metadata and broken lines": lines("v=0", "o=broken", "s=a", "s=b", "c=IN IP4", "rubbish", "b=", "t=",
			"m=application/TP-LINK 0 RTP/AVP smart/1/90000", "a=rtpmap:95 TP-LINK/90000",
			"m=audio 0 RTP/AVP x", "a=rtpmap:", "a=sendonly", "a=mid:1",
			"m=video 0 RTP/AVP 96", "a=sendonly", "a=rtpmap:96 h264/90000", "a=fmtp:96 sprop-parameter-sets=AAAAAWdkACg,AAAAAWjr4w"),
		"unix lines":      "v=0\nm=video 0 RTP/AVP 97\na=rtpmap:97 H264/90000\na=fmtp:97 sprop-parameter-sets=Z2QAKA==,aOvj\na=control:rtsp://10.0.0.1/t=1",
		"second of two":   lines("m=video 0 RTP/AVP 26 96", "a=rtpmap:96 H264/90000", "a=fmtp:96 sprop-parameter-sets=Z2QAKA==,aOvj"),
		"control outside": lines("a=control:rtsp://rtsp://", "m=video 0 RTP/SAVP 96", "a=rtpmap:96 H264/90000", "a=fmtp:96 sprop-parameter-sets=Z2QAKA==,aOvj"),
	}
}

func TestDescriptionIsReducedToItsH264Video(t *testing.T) {
	for name, in := range descriptions() {
		t.Run(name, func(t *testing.T) {
			out, d, err := reduceSDP([]byte(in))
			sets := d.sets
			if err != nil {
				t.Fatal(err)
			}
			if len(sets) != 2 || !bytes.Equal(sets[0], []byte{0x67, 0x64, 0, 0x28}) || !bytes.Equal(sets[1], []byte{0x68, 0xeb, 0xe3}) {
				t.Errorf("sets %x", sets)
			}
			understood(t, out)
		})
	}
}

// understood fails where gortsplib does not read a description as one H264 video.
func understood(t *testing.T, reduced []byte) {
	t.Helper()
	var s sdp.SessionDescription
	if err := s.Unmarshal(reduced); err != nil {
		t.Fatalf("%v in\n%s", err, reduced)
	}
	var d description.Session
	if err := d.Unmarshal(&s); err != nil {
		t.Fatalf("%v in\n%s", err, reduced)
	}
	if len(d.Medias) != 1 || len(d.Medias[0].Formats) != 1 || d.Medias[0].IsBackChannel || d.Medias[0].Formats[0].ClockRate() != 90000 {
		t.Fatalf("%+v", d.Medias)
	}
	if v, ok := s.Attribute("control"); ok {
		if _, err := base.ParseURL(v); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDescriptionOfWhatIsNotTakenSaysWhatItHas(t *testing.T) {
	for _, c := range []struct {
		in   string
		want gateway.Cause
		says string
	}{
		{"", gateway.CauseNoVideo, "no video"},
		{lines("m=audio 0 RTP/AVP 8"), gateway.CauseNoVideo, "no video"},
		{lines("m=video"), gateway.CauseNoVideo, "no video"},
		{lines("m=video 0 RTP/AVP 96", "a=rtpmap:96 H265/90000", "a=fmtp:96 sprop-max-don-diff=2"), gateway.CauseCodec, "H265"},
		{lines("m=video 0 RTP/AVP 32"), gateway.CauseCodec, "MPV"},
		{lines("m=video 0 RTP/AVP 96"), gateway.CauseCodec, "unnamed"},
		{lines("m=video 0 RTP/AVP 300", "a=rtpmap:300 H264/90000"), gateway.CauseCodec, "H264"},
		{lines("m=video 0 RTP/AVP 96", "a=rtpmap:96 \x1b[31mvp8"+strings.Repeat("x", 500)+"/90000"), gateway.CauseCodec, "31MVP8XXXXX"},
	} {
		_, _, err := reduceSDP([]byte(c.in))
		if gateway.CauseOf(err) != c.want || !strings.Contains(err.Error(), c.says) || len(err.Error()) > 200 {
			t.Errorf("%q: %v", c.in, err)
		}
	}
}

func TestTheVideoThatMostCanSeeIsPlayed(t *testing.T) {
	hevc := []string{"m=video 0 RTP/AVP 97", "a=rtpmap:97 H265/90000", "a=control:hevc", "a=fmtp:97 sprop-vps=QAEMAf//AWAAAAMAkAAAAwAAAwA8ugJA; sprop-sps=QgEBAWAAAAMAkAAAAwAAAwA8oAoICh8=;sprop-pps=RAHBcrRiQA==; sprop-max-don-diff=0"}
	jpeg := []string{"m=video 0 RTP/AVP 26", "a=control:jpeg", "a=x-dimensions:2560,1440"}
	h264 := []string{"m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000", "a=control:h264", "a=fmtp:96 packetization-mode=1"}
	for _, c := range []struct {
		name  string
		lines [][]string
		want  video.Codec
		kind  uint8
		sets  int
	}{
		{"H.264 last", [][]string{jpeg, hevc, h264}, video.H264, 96, 0},
		{"H.265 and JPEG", [][]string{jpeg, hevc}, video.H265, 97, 3},
		{"JPEG alone", [][]string{jpeg}, video.JPEG, 26, 0},
		{"JPEG of a number of its own", [][]string{{"m=video 0 RTP/AVP 99", "a=rtpmap:99 JPEG/90000", "a=framesize:99 2560-1440"}}, video.JPEG, 99, 0},
	} {
		reduced, d, err := reduceSDP([]byte(lines(slices.Concat(c.lines...)...)))
		if err != nil || d.codec != c.want || d.kind != c.kind || len(d.sets) != c.sets {
			t.Errorf("%s: %+v, %v", c.name, d, err)
		}
		if c.want == video.JPEG && (d.width != 2560 || d.height != 1440) {
			t.Errorf("%s: %dx%d", c.name, d.width, d.height)
		}
		if text := string(reduced); strings.Count(text, "m=video") != 1 || !strings.Contains(text, fmt.Sprintf("a=rtpmap:%d %v/90000", c.kind, c.want)) {
			t.Errorf("%s: %s", c.name, text)
		}
	}
}

func TestDescriptionIsBounded(t *testing.T) {
	set := base64.StdEncoding.EncodeToString([]byte{0x68, 0xeb, 0xe3})
	in := lines("m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000", "a=fmtp:96 sprop-parameter-sets="+strings.Repeat(set+",", 1000))
	if _, d, err := reduceSDP([]byte(in)); err != nil || len(d.sets) != maxSets {
		t.Errorf("%d sets, %v", len(d.sets), err)
	}
	in = strings.Repeat(lines("m=audio 0 RTP/AVP 8"), 2000) + in
	if _, media := readSDP([]byte(in)); len(media) > maxMedia {
		t.Errorf("%d sections", len(media))
	}
}

func FuzzDescription(f *testing.F) {
	for _, in := range descriptions() {
		f.Add([]byte(in))
	}
	f.Add([]byte("m=video 0 0 6\na=rtpmap:6 H264")) // a payload type with another meaning
	f.Fuzz(func(t *testing.T, in []byte) {
		out, d, err := reduceSDP(in)
		if (err == nil) != (out != nil) || len(d.sets) > maxSets {
			t.Fatal(len(d.sets), err)
		}
		if err == nil {
			understood(t, out)
		}
	})
}

func TestDescriptionsThatStrictReadersRefuseAreNoticed(t *testing.T) {
	good := []string{"v=0", "o=- 1 1 IN IP4 10.0.0.1", "s=Media", "c=IN IP4 0.0.0.0", "t=0 0", "a=control:*",
		"m=audio 0 RTP/AVP 8", "m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000", "a=fmtp:96 sprop-parameter-sets=Z2QAKA==,aOvj"}
	change := func(old, now string) string { return strings.Replace(lines(good...), old, now, 1) }
	for name, c := range map[string]struct {
		in  string
		odd bool
	}{
		"well-formed":       {lines(good...), false},
		"two names":         {change("s=Media", "s=Media\r\ns=x"), true},
		"no address":        {change("IN IP4 0.0.0.0", "IN IP4"), true},
		"no session":        {strings.Join(strings.SplitAfter(lines(good...), "\n")[5:], ""), true},
		"TP-Link":           {lines(append(good, "m=application/TP-LINK 0 RTP/AVP smart/1/90000")...), true},
		"no end":            {strings.TrimSpace(lines(good...)), true},
		"rubbish":           {lines(append(good, "rubbish")...), true},
		"fmtp behind sound": {lines(append(append(good[:7:7], good[9]), good[7:9]...)...), true},
	} {
		_, d, err := reduceSDP([]byte(c.in))
		if err != nil || d.odd != c.odd || len(d.sets) != 2 {
			t.Errorf("%s: %+v %v", name, d, err)
		}
	}
}
