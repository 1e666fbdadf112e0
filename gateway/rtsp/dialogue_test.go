package rtsp

import (
	"net/textproto"
	"strings"
	"sync/atomic"
	"testing"

	"matthan/gateway"
	"matthan/gateway/video"
)

func TestOddAnswersPlay(t *testing.T) {
	t.Parallel()
	setup := func(transport string) func(*raw, request) string {
		return func(_ *raw, r request) string {
			if r.method != "SETUP" {
				return ""
			}
			return "RTSP/1.0 200 OK\r\nCSeq: $\r\nSession: 7\r\n" + transport + "\r\n"
		}
	}
	refusing := func(bad func(request) bool, code int) func(*raw, request) string {
		return func(_ *raw, r request) string {
			if bad(r) {
				return status(code, "No")
			}
			return ""
		}
	}
	setupOf := func(good string) func(*raw, request) string {
		return func(c *raw, r request) string {
			if r.method == "SETUP" && r.url != strings.Replace(good, "HOST", c.address, 1) {
				return status(404, "Not Found")
			}
			return ""
		}
	}
	media := func(control string) []string {
		return []string{"m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000", "a=fmtp:96 packetization-mode=1", "a=control:" + control}
	}
	base := func(b string) string { return "Content-Base: " + b + "\r\n" }
	quirks := func(q ...gateway.Quirk) []gateway.Quirk { return q }
	for _, c := range []struct {
		name   string
		camera *raw
		udp    bool
		want   []gateway.Quirk
	}{
		{"usual", &raw{}, false, nil},
		{"Transport without channels", &raw{answer: setup("Transport: RTP/AVP/TCP;unicast\r\n")}, false, quirks(gateway.QuirkTransport)},
		{"other channels", &raw{answer: setup("Transport: RTP/AVP/TCP;unicast;interleaved=4-5\r\n"),
			write: func(b []byte) []byte { b[1] = 4; return b }}, false, quirks(gateway.QuirkTransport)},
		{"channels that are not the ones it sends on", &raw{write: func(b []byte) []byte { b[1] = 9; return b }}, false, nil},
		{"Escam Q6: RTP/AVP for TCP", &raw{answer: setup("Transport: RTP/AVP;unicast;interleaved=0-1\r\n")}, false, quirks(gateway.QuirkTransport)},
		{"no Transport at all", &raw{answer: setup("")}, false, quirks(gateway.QuirkTransport)},
		{"no server_port", &raw{}, true, quirks(gateway.QuirkTransport)},
		{"a wrong server_port", &raw{answer: setup("Transport: RTP/AVP;unicast;server_port=9-10\r\n")}, true, nil},
		{"TCP where UDP was asked", &raw{answer: setup("Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n")}, true, quirks(gateway.QuirkTransport)},

		{"doubled scheme in Content-Base", &raw{head: base("rtsp://rtsp://10.0.0.1/main/"), answer: setupOf("rtsp://10.0.0.1/main/trackID=1")}, false, quirks(gateway.QuirkContentBase)},
		{"only schemes in Content-Base", &raw{head: base("rtsp://rtsp://"), answer: setupOf("rtsp://HOST/main/trackID=1")}, false, quirks(gateway.QuirkContentBase)},
		{"IPv6-mapped Content-Base", &raw{head: base("rtsp://::ffff:10.0.0.1:554/main/"), answer: setupOf("rtsp://HOST/main/trackID=1")}, false, quirks(gateway.QuirkContentBase)},
		{"IPv6-mapped Content-Base in brackets", &raw{head: base("rtsp://[::ffff:10.0.0.1]:554/main/"), answer: setupOf("rtsp://HOST/main/trackID=1")}, false, quirks(gateway.QuirkContentBase)},
		{"Content-Base without a scheme", &raw{head: base("10.0.0.1:554/main/"), answer: setupOf("rtsp://10.0.0.1:554/main/trackID=1")}, false, quirks(gateway.QuirkContentBase)},
		{"empty Content-Base", &raw{head: base("")}, false, nil},
		{"relative Content-Base", &raw{head: base("/other/"), answer: setupOf("rtsp://HOST/other/trackID=1")}, false, nil},

		{"control with a slash too many", &raw{lines: media("/trackID=1"), head: base("rtsp://10.0.0.1/main/"), answer: setupOf("rtsp://10.0.0.1/main/trackID=1")}, false, quirks(gateway.QuirkControl)},
		{"control from the root", &raw{lines: media("/trackID=1"), answer: setupOf("rtsp://HOST/trackID=1")}, false, quirks(gateway.QuirkControl)},
		{"control that wants two slashes", &raw{lines: media("/trackID=1"), head: base("rtsp://10.0.0.1/main/"), answer: setupOf("rtsp://10.0.0.1/main//trackID=1")}, false, quirks(gateway.QuirkControl)},
		{"control of another host", &raw{lines: media("rtsp://10.9.9.9:8554/main/t1"), answer: setupOf("rtsp://HOST/main/t1")}, false, quirks(gateway.QuirkControl)},
		{"control with a doubled scheme", &raw{lines: media("rtsp://rtsp://10.9.9.9/main/t1"), answer: setupOf("rtsp://HOST/main/t1")}, false, quirks(gateway.QuirkControl)},
		{"control before the query", &raw{head: base("rtsp://10.0.0.1/cam?channel=1"), answer: setupOf("rtsp://10.0.0.1/cam/trackID=1?channel=1")}, false, quirks(gateway.QuirkControl)},
		{"control behind the query (Dahua)", &raw{head: base("rtsp://10.0.0.1/cam?channel=1"), answer: setupOf("rtsp://10.0.0.1/cam?channel=1/trackID=1")}, false, nil},
		{"sound before the picture", &raw{lines: append([]string{"m=audio 0 RTP/AVP 8", "a=control:trackID=0"}, rawMedia)}, false, nil},
		{"lines that cannot be read", &raw{lines: []string{"rubbish", rawMedia}}, false, quirks(gateway.QuirkDescription)},

		{"npt=0- refused", &raw{answer: refusing(func(r request) bool { return r.method == "PLAY" && r.header.Get("Range") == "npt=0-" }, 457)}, false, nil},
		{"any Range refused", &raw{answer: refusing(func(r request) bool { return r.method == "PLAY" && r.header.Get("Range") != "" }, 457)}, false, quirks(gateway.QuirkRange)},
		{"only npt=0- accepted", &raw{answer: refusing(func(r request) bool { return r.method == "PLAY" && r.header.Get("Range") != "npt=0-" }, 400)}, false, quirks(gateway.QuirkRange)},
		{"OPTIONS refused", &raw{answer: refusing(func(r request) bool { return r.method == "OPTIONS" }, 405)}, false, nil},
		{"Session with odd parameters", &raw{session: "ab cd ; Timeout = x;timeout=60;q"}, false, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			transport := gateway.TCP
			if c.udp {
				transport = gateway.UDP
			}
			_, s := shows(t, c.camera.start(t), Config{Transport: transport}, 12)
			hasQuirks(t, s, c.want...)
		})
	}
}

// keeps plays until a condition of the camera's holds.
func keeps(t *testing.T, c *raw, cfg Config, enough func() bool) *Source {
	t.Helper()
	cfg.URL = c.url()
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := withTimeout(t)
	if err := s.Run(ctx, func(*video.AccessUnit) {
		if enough() {
			cancel(errEnough)
		}
	}); err != errEnough {
		t.Fatal(err)
	}
	return s
}

func TestKeepalivesThatAreRefusedComeInAnotherWay(t *testing.T) {
	t.Parallel()
	for name, public := range map[string]string{"OPTIONS": "DESCRIBE, SETUP", "GET_PARAMETER": "OPTIONS, GET_PARAMETER"} {
		t.Run(name+" refused", func(t *testing.T) {
			t.Parallel()
			var plays atomic.Bool
			c := (&raw{session: "7;timeout=1", answer: func(_ *raw, r request) string {
				switch {
				case r.method == "PLAY":
					plays.Store(true)
				case r.method == "OPTIONS" && !plays.Load():
					return "RTSP/1.0 200 OK\r\nCSeq: $\r\nPublic: " + public + "\r\n\r\n"
				case r.method == name && plays.Load():
					return status(501, "Not Implemented")
				}
				return ""
			}}).start(t)
			other := map[string]string{"OPTIONS": "GET_PARAMETER", "GET_PARAMETER": "OPTIONS"}[name]
			s := keeps(t, c, Config{}, func() bool {
				n := 0
				for _, r := range c.requests(other) {
					if r.header.Get("Session") != "" {
						n++
					}
				}
				return n >= 2
			})
			hasQuirks(t, s, gateway.QuirkKeepalive)
		})
	}
}

func TestSessionOfASecondIsKeptAliveAlthoughNobodyAnswers(t *testing.T) {
	t.Parallel()
	var plays atomic.Bool
	c := (&raw{session: "7;timeout=1", answer: func(_ *raw, r request) string {
		if r.method == "PLAY" {
			plays.Store(true)
		} else if plays.Load() {
			return "-"
		}
		return ""
	}}).start(t)
	s := keeps(t, c, Config{ReadTimeout: 2_000_000_000}, func() bool { return len(c.requests("OPTIONS")) >= 6 })
	hasQuirks(t, s, gateway.QuirkKeepalive)
}

func TestTimeoutsOfSessions(t *testing.T) {
	for in, want := range map[string]string{
		"7":                       "7;timeout=5",
		"7;timeout=60":            "7;timeout=5",
		"7;timeout=99999999999":   "7;timeout=5",
		"7; Timeout=30":           "7;timeout=5",
		"7;timeout=3;x":           "7;timeout=1",
		"7;timeout=10":            "7;timeout=4",
		"7;timeout=0":             "7;timeout=5",
		" 7 ;timeout=-5;timeout=": "7;timeout=5",
	} {
		if got := sessionFor(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// Some cameras ask us whether we are there.
func TestCameraThatAsksUsGetsAnAnswer(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"OPTIONS", "GET_PARAMETER", "SET_PARAMETER", "ANNOUNCE"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			n := 0
			c := (&raw{write: func(b []byte) []byte {
				if n++; n == 10 {
					b = append([]byte(method+" rtsp://x/main RTSP/1.0\r\nCSeq: 77\r\nContent-Length: 5\r\n\r\n$hell"), b...)
				}
				return b
			}}).start(t)
			s := keeps(t, c, Config{}, func() bool {
				for _, r := range c.requests("RTSP/1.0") {
					if r.url == "200" && r.header.Get(textproto.CanonicalMIMEHeaderKey("CSeq")) == "77" {
						return true
					}
				}
				return false
			})
			if method != "OPTIONS" {
				hasQuirks(t, s, gateway.QuirkKeepalive)
			}
		})
	}
}
