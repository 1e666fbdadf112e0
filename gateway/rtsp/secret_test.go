package rtsp

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"matthan/gateway"
)

// noSecret fails where a text holds the canary in any form, or userinfo.
func noSecret(t testing.TB, text string) {
	t.Helper()
	for _, s := range []string{canary, canary[:12], url.QueryEscape(canary), url.PathEscape(canary),
		base64.StdEncoding.EncodeToString([]byte(user + ":" + canary)), "//" + user} {
		if strings.Contains(text, s) {
			t.Errorf("%q is in %q", s, text)
		}
	}
}

func TestScrubbedTextHoldsNoSecret(t *testing.T) {
	u, _ := url.Parse("rtsp://10.0.0.1/user=admin&password=tlJwpbo6&channel=1.sdp?")
	s := newScrubber(u, gateway.Login{User: user, Password: canary})
	for in, want := range map[string]string{
		"dial tcp 10.0.0.1:554: refused":     "dial tcp 10.0.0.1:554: refused",
		"bad " + canary + " here":            "bad ••• here",
		"parse rtsp://bob:other@10.0.0.1/x":  "parse rtsp://10.0.0.1/x",
		"to rtsp://a@b@c/x, rtsps://d:e@f/g": "to rtsp://c/x, rtsps://f/g",
		"two\nlines\x1b[31m":                 "two lines [31m",
		"rtsp://":                            "rtsp://",
	} {
		if got := s.text(in); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for _, in := range []string{url.UserPassword(user, canary).String(), url.QueryEscape(canary), "GET " + u.String()} {
		got := s.text(in)
		noSecret(t, got)
		if strings.Contains(got, "tlJwpbo6") {
			t.Error(got)
		}
	}
	if got := s.text(strings.Repeat("ă", 1000)); len(got) > maxText+3 {
		t.Errorf("%d bytes", len(got))
	}
}

func TestParseURLMovesTheLoginOut(t *testing.T) {
	for _, c := range []struct{ in, clean, user, password string }{
		{"rtsp://10.1.2.3/Streaming/Channels/101", "rtsp://10.1.2.3/Streaming/Channels/101", "", ""},
		{" RTSP://cam.example:8554 ", "rtsp://cam.example:8554", "", ""},
		{"rtsps://[fd00::1]:322/a?b=c", "rtsps://[fd00::1]:322/a?b=c", "", ""},
		{"rtsp://admin:x@10.1.2.3/a", "rtsp://10.1.2.3/a", "admin", "x"},
		{"rtsp://admin@10.1.2.3/a", "rtsp://10.1.2.3/a", "admin", ""},
		{"rtsp://admin:p@ss:w%21rd@10.1.2.3/a", "rtsp://10.1.2.3/a", "admin", "p@ss:w!rd"},
		{"rtsp://admin:100%@10.1.2.3/a", "rtsp://10.1.2.3/a", "admin", "100%"},
		{"rtsp://admin:a%2Fb%3Fc%23d@10.1.2.3/a", "rtsp://10.1.2.3/a", "admin", "a/b?c#d"},
		{"rtsp://10.1.2.3/user=a&password=b&channel=1.sdp?real_stream", "rtsp://10.1.2.3/user=a&password=b&channel=1.sdp?real_stream", "", ""},
	} {
		clean, login, err := ParseURL(c.in)
		if err != nil || clean != c.clean || login.User != c.user || login.Password.Reveal() != c.password {
			t.Errorf("%s: %q %q %q %v", c.in, clean, login.User, login.Password.Reveal(), err)
		}
	}
}

func TestParseURLRefusesWithoutQuotingThePassword(t *testing.T) {
	for _, in := range []string{
		"", "10.1.2.3", "http://admin:h0ang@10.1.2.3/", "rtsp:10.1.2.3", "rtsp://", "rtsp:///a", "rtsp://admin:h0ang@", "rtsp://admin:h0ang@/a",
		"rtsp://admin:h0ang@10.1.2.3:0/", "rtsp://admin:h0ang@10.1.2.3:99999/", "rtsp://admin:h0ang@10.1.2.3:/", "rtsp://admin:h0ang@a b/",
		"rtsp://admin:12/h0ang@10.1.2.3/", "rtsp://admin:h0ang/x@10.1.2.3/", "rtsp://admin:h0ang#x@10.1.2.3/", "rtsp://admin:12?h0ang@10.1.2.3/",
		"rtsp://10.1.2.3/%zz?h0ang", "rtsp://10.1.2.3/a#h0ang", "rtsp://10.1.2.3/" + strings.Repeat("h0ang", 1000), "rtsp://admin:h0ang@[::1/",
	} {
		clean, login, err := ParseURL(in)
		if err == nil || clean != "" || login != (gateway.Login{}) {
			t.Errorf("%q is taken as %q", in, clean)
		} else if strings.Contains(err.Error(), "h0ang") || strings.Contains(err.Error(), "admin") {
			t.Errorf("%v", err)
		}
	}
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	for _, c := range []Config{{}, {URL: "rtsp://a:b@10.1.2.3/"}, {URL: "rtsp://10.1.2.3/", Transport: "multicast"}} {
		if _, err := New(c); err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
}
