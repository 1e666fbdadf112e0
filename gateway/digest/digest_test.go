package digest

import (
	"fmt"
	"strings"
	"testing"
)

const canary = "canary-7261"

// The vectors of RFC 7616 section 3.9, with the erratum of its second one, and
// of RFC 2617 section 3.5; without qop as RFC 2069 has it.
func TestDigestGivesTheResponsesOfTheRFCs(t *testing.T) {
	const realm, nonce = "http-auth@example.org", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
	mufasa := Attempt{User: "Mufasa", Password: "Circle of Life", Method: "GET", URI: "/dir/index.html",
		CNonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", Count: 1}
	old := Attempt{User: "Mufasa", Password: "Circle Of Life", Method: "GET", URI: "/dir/index.html", CNonce: "0a4f113b", Count: 1}
	for _, c := range []struct {
		header string
		Attempt
		want string
	}{
		{fmt.Sprintf(`Digest realm="%s", qop="auth, auth-int", algorithm=MD5, nonce="%s", opaque="x"`, realm, nonce), mufasa, "8ca523f5e9506fed4657c9700eebdbec"},
		{fmt.Sprintf(`Digest realm="%s", qop="auth, auth-int", algorithm=SHA-256, nonce="%s"`, realm, nonce), mufasa, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"},
		{`Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"`, old, "6629fae49393a05397450978507c4ef1"},
		{`Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"`, old, "670fd8c2df070c60b045671b8b24ff02"},
	} {
		all := Read([]string{c.header})
		if len(all) != 1 {
			t.Fatalf("%s: %+v", c.header, all)
		}
		if got := all[0].Response(c.Attempt); got != c.want {
			t.Errorf("%s: %s, want %s", c.header, got, c.want)
		}
	}
}

func TestChallengesAreRead(t *testing.T) {
	for in, want := range map[string]string{
		`Basic realm="a"`: "Basic a;",
		`Digest realm="a, b=\"c\"", nonce="n", Basic realm="d"`:             `Digest MD5 a, b="c" n;Basic d;`,
		`Digest realm=a,nonce=n , qop = auth , stale=TRUE,algorithm="md5"`:  "Digest MD5 a n auth stale;",
		`digest nonce="n",realm="",algorithm=SHA-256-sess,qop="auth-int,x"`: "Digest SHA-256 -sess  n auth-int;",
		`Negotiate, Digest realm="r", nonce="n"`:                            "Digest MD5 r n;",
		`Digest realm="r"`:                                                  "",
		`Digest realm="r", nonce="n", algorithm=MD4`:                        "",
		`Digest realm="r", nonce="n", qop="token"`:                          "",
		`Digest realm="r`:                     "",
		``:                                    "",
		`,,, `:                                "",
		strings.Repeat("Basic realm=a, ", 50): strings.Repeat("Basic a;", maxChallenges),
	} {
		var got strings.Builder
		for _, c := range Read([]string{in}) {
			words := []string{"Basic", c.Realm}
			if c.digest {
				words = []string{"Digest", algorithms[c.strength].name}
				if c.session {
					words = append(words, "-sess")
				}
				words = append(words, c.Realm, c.nonce)
				if c.qop != "" {
					words = append(words, c.qop)
				}
				if c.Stale {
					words = append(words, "stale")
				}
			}
			got.WriteString(strings.Join(words, " ") + ";")
		}
		if got.String() != want {
			t.Errorf("%s: %q, want %q", in, got.String(), want)
		}
	}
}

func FuzzChallenges(f *testing.F) {
	f.Add(`Digest realm="a, b=\"c\"", nonce="n", Basic realm="d"`)
	f.Add(`digest nonce = "n",realm="`)
	f.Fuzz(func(t *testing.T, in string) {
		all := Read([]string{in, in})
		if len(all) > maxChallenges {
			t.Fatal(len(all))
		}
		for _, c := range all {
			header := c.Authorization(Attempt{User: "viewer", Password: canary, Method: "SETUP", URI: "rtsp://x/", CNonce: "c", Count: 1})
			if strings.ContainsAny(header, "\r\n") || strings.Contains(header, canary) {
				t.Fatal(header)
			}
		}
	})
}

func TestRequestsWithANonceAreCountedAndShareAClientNonce(t *testing.T) {
	c := Read([]string{`Digest realm="r", nonce="n", algorithm=MD5-sess, qop="auth-int"`})[0]
	s := Begin(c)
	for want := uint32(1); want < 4; want++ {
		a := Attempt{User: "viewer", Password: canary, Method: "POST", URI: "/", Body: []byte("a body")}
		header, n := s.Next(a)
		a.CNonce, a.Count = s.cnonce, want
		if n != want || header != c.Authorization(a) || !strings.Contains(header, fmt.Sprintf("nc=%08x", want)) {
			t.Fatalf("request %d: %d, %s", want, n, header)
		}
		if a.Body = []byte("another"); header == c.Authorization(a) {
			t.Fatal("auth-int proves nothing of the body")
		}
	}
	if Begin(c).cnonce == s.cnonce {
		t.Fatal("a client nonce was used for two nonces")
	}
}
