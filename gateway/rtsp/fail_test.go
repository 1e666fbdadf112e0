package rtsp

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4/pkg/auth"
	"github.com/bluenviron/gortsplib/v4/pkg/format"

	"matthan/gateway"
)

func TestFailuresHaveTheirCauseAndNoSecret(t *testing.T) {
	t.Parallel()
	plain := func(c *camera) func(*testing.T) string {
		return func(t *testing.T) string { return c.start(t).url() }
	}
	at := func(address string) string { return "rtsp://" + address + "/main" }
	answers := func(reply func(method, authorization string) string) func(*testing.T) string {
		return func(t *testing.T) string { address, _ := fake(t, reply); return at(address) }
	}
	always := func(answer string) func(*testing.T) string {
		return answers(func(_, _ string) string { return answer })
	}
	h264 := []string{"m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000"}
	wrong := gateway.Login{User: user, Password: canary + "x"}
	right := gateway.Login{User: user, Password: canary}
	const noAnswer = "no answer in time"
	const basic = "RTSP/1.0 401 Unauthorized\r\nCSeq: $\r\nWWW-Authenticate: Basic realm=\"x\"\r\n\r\n"
	for _, c := range []struct {
		name  string
		url   func(*testing.T) string
		login gateway.Login
		want  gateway.Cause
		says  string
	}{
		{"connection refused", func(t *testing.T) string {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			return at(l.Addr().String())
		}, right, gateway.CauseUnreachable, "refused"},
		{"silent", func(t *testing.T) string {
			address, _ := listenTCP(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
			return at(address)
		}, right, gateway.CauseUnreachable, noAnswer},
		{"silent TLS", func(t *testing.T) string {
			address, _ := listenTCP(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
			return "rtsps://" + address + "/main"
		}, right, gateway.CauseUnreachable, noAnswer},
		{"closes at once", func(t *testing.T) string {
			address, _ := listenTCP(t, func(net.Conn) {})
			return at(address)
		}, right, gateway.CauseEnded, "closed"},
		{"closes after DESCRIBE", always(""), right, gateway.CauseEnded, "closed"},
		{"garbage", func(t *testing.T) string {
			address, _ := listenTCP(t, func(c net.Conn) { _, _ = c.Write([]byte("\x00\x01SSH-2.0-OpenSSH\r\n")) })
			return at(address)
		}, right, gateway.CauseProtocol, ""},
		{"endless garbage", func(t *testing.T) string {
			address, _ := listenTCP(t, func(c net.Conn) {
				for b := []byte(strings.Repeat("xyz ", 4096)); ; {
					if _, err := c.Write(b); err != nil {
						return
					}
				}
			})
			return at(address)
		}, right, gateway.CauseProtocol, "KiB"},
		{"HTTP", func(t *testing.T) string {
			address, _ := listenTCP(t, func(c net.Conn) { _, _ = c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")) })
			return at(address)
		}, right, gateway.CauseProtocol, ""},
		{"wrong password, Digest", plain(&camera{login: true, methods: []auth.VerifyMethod{auth.VerifyMethodDigestMD5}}), wrong, gateway.CauseUnauthorized, "refuses the login"},
		{"wrong password, Basic", plain(&camera{login: true, methods: []auth.VerifyMethod{auth.VerifyMethodBasic}}), wrong, gateway.CauseUnauthorized, "refuses the login"},
		{"no login", plain(&camera{login: true}), gateway.Login{}, gateway.CauseUnauthorized, "none is configured"},
		{"unknown login method", always("RTSP/1.0 401 Unauthorized\r\nCSeq: $\r\nWWW-Authenticate: Magic realm=\"x\"\r\n\r\n"), right, gateway.CauseUnauthorized, "not known"},
		{"no such stream", func(t *testing.T) string {
			return strings.Replace((&camera{login: true}).start(t).url(), "/main", "/kenh9", 1)
		}, right, gateway.CauseNoStream, "no such stream"},
		{"no more sessions", always("RTSP/1.0 503 Service Unavailable\r\nCSeq: $\r\n\r\n"), right, gateway.CauseFull, "no more sessions"},
		{"no more bandwidth", answers(func(method, _ string) string {
			if method == "DESCRIBE" {
				return described(h264...)
			}
			return "RTSP/1.0 453 Not Enough Bandwidth\r\nCSeq: $\r\n\r\n"
		}), right, gateway.CauseFull, "no more sessions"},
		{"MPEG-4", plain(&camera{formats: []format.Format{&format.MPEG4Video{PayloadTyp: 96, ProfileLevelID: 1, Config: []byte{0, 0, 1, 0xb0, 1}}}}), right, gateway.CauseCodec, "MP4V-ES"},
		{"VP8", plain(&camera{formats: []format.Format{&format.VP8{PayloadTyp: 96}}}), right, gateway.CauseCodec, "VP8"},
		{"only sound", plain(&camera{formats: []format.Format{&format.G711{PayloadTyp: 8, SampleRate: 8000, ChannelCount: 1}}}), right, gateway.CauseNoVideo, "no video"},
		{"empty description", always(described()), right, gateway.CauseNoVideo, "no video"},
		{"impossible control attribute", always(described(append(h264, "a=control:%zz")...)), right, gateway.CauseProtocol, "control"},
		{"echoes the login", answers(func(_, authorization string) string {
			if authorization == "" {
				return basic
			}
			return "RTSP/1.0 451 sent " + authorization + " and rtsp://" + user + ":" + canary + "@host\r\nCSeq: $\r\n\r\n"
		}), right, gateway.CauseProtocol, "451"},
		{"echoes the login in Transport", answers(func(method, authorization string) string {
			switch {
			case authorization == "":
				return basic
			case method == "DESCRIBE":
				return described(h264...)
			}
			return "RTSP/1.0 200 OK\r\nCSeq: $\r\nTransport: multicast;x=" + canary + "\r\n\r\n"
		}), right, gateway.CauseProtocol, ""},
		{"SETUP without an answer", answers(func(method, _ string) string {
			if method == "DESCRIBE" {
				return described(h264...)
			}
			return "RTSP/1.0 100 Continue\r\nCSeq: 9999\r\n\r\n"
		}), right, gateway.CauseUnreachable, noAnswer},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var log syncBuffer
			patience := 10 * time.Second
			if c.says == noAnswer {
				patience = time.Second
			}
			got, _, err := collect(t, Config{URL: c.url(t), Login: c.login, Log: log.logger(), ReadTimeout: patience}, 1)
			if len(got) > 0 || err == nil {
				t.Fatal("it plays")
			}
			if gateway.CauseOf(err) != c.want || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v; want %s and %q", err, c.want, c.says)
			}
			noSecret(t, err.Error()+log.String())
		})
	}
}
