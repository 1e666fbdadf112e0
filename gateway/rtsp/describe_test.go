package rtsp

import (
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4/pkg/auth"
	"github.com/bluenviron/gortsplib/v4/pkg/format"

	"matthan/gateway"
	"matthan/gateway/video"
)

func TestDescribeTellsHowFarItCame(t *testing.T) {
	t.Parallel()
	listener := func(serve func(net.Conn)) func(*testing.T) string {
		return func(t *testing.T) string { address, _ := listenTCP(t, serve); return address }
	}
	nobody := func(t *testing.T) string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		return l.Addr().String()
	}
	rtsp := func(t *testing.T) string {
		address, _ := fake(t, func(_, _ string) string {
			return "RTSP/1.0 404 Not Found\r\nCSeq: $\r\nServer: Hik\x01vision " + canary + "\r\n\r\n"
		})
		return address
	}
	for _, c := range []struct {
		name    string
		address func(*testing.T) string
		contact Contact
		cause   gateway.Cause
	}{
		{"nothing listens", nobody, ContactRefused, gateway.CauseUnreachable},
		{"no such name", func(*testing.T) string { return "no-such-host.invalid" }, ContactName, gateway.CauseUnreachable},
		{"silent", listener(func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }), ContactSilent, gateway.CauseUnreachable},
		{"a web server", listener(func(c net.Conn) { fmt.Fprint(c, "HTTP/1.1 400 Bad Request\r\n\r\n") }), ContactHTTP, gateway.CauseProtocol},
		{"something else", listener(func(c net.Conn) { fmt.Fprint(c, "220 mail\r\n") }), ContactOther, gateway.CauseProtocol},
		{"no such stream", rtsp, ContactRTSP, gateway.CauseNoStream},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := Describe(t.Context(), Config{URL: "rtsp://" + c.address(t) + "/main", Login: gateway.Login{User: user, Password: canary}, ReadTimeout: 300 * time.Millisecond})
			if got.Contact != c.contact || gateway.CauseOf(err) != c.cause {
				t.Errorf("%q, %v; want %q, %s", got.Contact, err, c.contact, c.cause)
			}
			if strings.Contains(fmt.Sprint(got, err), canary) {
				t.Errorf("%+v %v tells the password", got, err)
			}
		})
	}
}

func TestDescribeTellsOfTheLogin(t *testing.T) {
	t.Parallel()
	c := (&camera{login: true, methods: []auth.VerifyMethod{auth.VerifyMethodBasic, auth.VerifyMethodDigestMD5}}).start(t)
	for login, want := range map[gateway.Login]gateway.Cause{
		{}:                             gateway.CauseUnauthorized,
		{User: user, Password: "x"}:    gateway.CauseUnauthorized,
		{User: user, Password: canary}: "",
	} {
		got, err := Describe(t.Context(), Config{URL: c.url(), Login: login})
		if !slices.Equal(got.Logins, []string{"Basic", "Digest MD5"}) {
			t.Errorf("it lets log in by %q", got.Logins)
		}
		if (err == nil) != (want == "") || err != nil && gateway.CauseOf(err) != want {
			t.Errorf("%v, want %q", err, want)
		}
		if (len(got.Medias) == 1) != (want == "") {
			t.Errorf("medias %+v with %q", got.Medias, want)
		}
	}
}

func TestDescribeTellsOfAllThatIsOffered(t *testing.T) {
	t.Parallel()
	c := (&camera{}).start(t)
	got, err := Describe(t.Context(), Config{URL: c.url()})
	if err != nil || len(got.Medias) != 1 || got.Medias[0].Format == nil || got.Medias[0].Mode != 1 || len(got.Medias[0].Level) != 6 || got.Within <= 0 || got.Told < got.Within || got.Logins != nil {
		t.Errorf("%+v, %v", got, err)
	}
	other := (&camera{formats: []format.Format{&format.H265{PayloadTyp: 96}, &format.G711{PayloadTyp: 8, SampleRate: 8000, ChannelCount: 1}}}).start(t)
	got, err = Describe(t.Context(), Config{URL: other.url()})
	if err != nil || len(got.Medias) != 2 || got.Medias[0].Kind != "video" || got.Medias[0].Codec != "H265" || got.Medias[1].Kind != "audio" || got.Medias[1].Codec != "PCMA" {
		t.Errorf("%+v, %v", got, err)
	}
	if n := c.sessions.Load() + other.sessions.Load(); n != 0 {
		t.Errorf("%d sessions were opened", n)
	}
}

func TestADescriptionOfAnyKindIsRead(t *testing.T) {
	t.Parallel()
	for sdp, want := range map[string]string{
		"m=video 0 RTP/AVP 26\r\n": "[{video JPEG  0 <nil>}]",
		"m=audio 0 RTP/AVP 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n":                                                          "[{audio PCMU  0 <nil>} {video H264  0 <nil>}]",
		"m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\na=fmtp:96 packetization-mode=9; profile-level-id=4D0028xx":                            "[{video H264  0 <nil>}]",
		"m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\na=fmtp:96 packetization-mode=1; profile-level-id=4D0028":                              "[{video H264 4d0028 1 <nil>}]",
		"m=audio 0 RTP/AVP 8\r\na=fmtp:96 packetization-mode=1;sprop-parameter-sets=x\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n": "[{audio PCMA  0 <nil>} {video H264  1 <nil>}]",
		"m=":              "[]",
		"m=video 0 RTP\n": "[]",
	} {
		if got := fmt.Sprint(mediasOf([]byte(sdp))); got != want {
			t.Errorf("%q: %s, want %s", sdp, got, want)
		}
	}
}

func TestReportsAndThePlayAreTold(t *testing.T) {
	t.Parallel()
	c := (&camera{}).start(t)
	played, reports := make(chan gateway.Transport, 1), make(chan Report, 64)
	src, err := New(Config{URL: c.url(), Plays: func(tr gateway.Transport) { played <- tr },
		Reports: func(r Report) {
			select {
			case reports <- r:
			default:
			}
		}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- src.Run(ctx, func(*video.AccessUnit) {}) }()
	if tr := <-played; tr != gateway.TCP {
		t.Errorf("it plays over %q", tr)
	}
	const age = 42 * time.Hour // a camera's clock that is wrong is told as it is
	until(t, "a report", func() bool { _ = c.report(age); return len(reports) > 0 })
	end()
	<-ended
	if r := <-reports; r.Arrived.Sub(r.Camera)-age < 0 || r.Arrived.Sub(r.Camera)-age > 20*time.Second {
		t.Errorf("%+v", r)
	}
}

func FuzzWhatACameraSaysOfItself(f *testing.F) {
	f.Add([]byte("m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 profile-level-id=4d0028; sprop-parameter-sets=Z0LAHtkDxWhAAAADAEAAAAwDxYuS,aMuMsg==\r\n"), `Digest realm="x", algorithm=SHA-256`)
	f.Add([]byte("m=video 0 RTP/AVP 26\nm=audio"), "Basic")
	f.Fuzz(func(t *testing.T, body []byte, header string) {
		medias := mediasOf(body)
		if len(medias) > maxMedia {
			t.Errorf("%d medias", len(medias))
		}
		for _, m := range medias {
			if len(m.Kind) > 24 || len(m.Codec) > 24 || m.Level != "" && len(m.Level) != 6 || m.Mode < 0 || m.Mode > 2 {
				t.Errorf("%+v", m)
			}
		}
		for _, c := range readChallenges([]string{header}) {
			if way := c.way(); len(way) > 24 {
				t.Errorf("%q", way)
			}
		}
	})
}
