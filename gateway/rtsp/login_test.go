package rtsp

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"matthan/gateway"
)

// The vectors of RFC 7616 section 3.9, with the erratum of its second one, and
// of RFC 2617 section 3.5; without qop as RFC 2069 has it.
func TestDigestGivesTheResponsesOfTheRFCs(t *testing.T) {
	const realm, nonce = "http-auth@example.org", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
	mufasa := attempt{user: "Mufasa", password: "Circle of Life", method: "GET", uri: "/dir/index.html",
		cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", count: 1}
	old := attempt{user: "Mufasa", password: "Circle Of Life", method: "GET", uri: "/dir/index.html", cnonce: "0a4f113b", count: 1}
	for _, c := range []struct {
		header string
		attempt
		want string
	}{
		{fmt.Sprintf(`Digest realm="%s", qop="auth, auth-int", algorithm=MD5, nonce="%s", opaque="x"`, realm, nonce), mufasa, "8ca523f5e9506fed4657c9700eebdbec"},
		{fmt.Sprintf(`Digest realm="%s", qop="auth, auth-int", algorithm=SHA-256, nonce="%s"`, realm, nonce), mufasa, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"},
		{`Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"`, old, "6629fae49393a05397450978507c4ef1"},
		{`Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"`, old, "670fd8c2df070c60b045671b8b24ff02"},
	} {
		all := readChallenges([]string{c.header})
		if len(all) != 1 {
			t.Fatalf("%s: %+v", c.header, all)
		}
		if got := all[0].response(c.attempt); got != c.want {
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
		for _, c := range readChallenges([]string{in}) {
			words := []string{"Basic", c.realm}
			if c.digest {
				words = []string{"Digest", algorithms[c.strength].name}
				if c.session {
					words = append(words, "-sess")
				}
				words = append(words, c.realm, c.nonce)
				if c.qop != "" {
					words = append(words, c.qop)
				}
				if c.stale {
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
		all := readChallenges([]string{in, in})
		if len(all) > maxChallenges {
			t.Fatal(len(all))
		}
		for _, c := range all {
			c.authorization(attempt{user: user, password: canary, method: "SETUP", uri: "rtsp://x/", cnonce: "c", count: 1})
		}
	})
}

// guarded is a camera that asks for a login. Its nonces are numbers, each good
// for so many requests.
type guarded struct {
	challenges []string // with %s for the nonce
	takes      string   // what an accepted Authorization begins with
	good       int      // requests for which a nonce is good; 0: all
	stale      bool     // it says so when one is not

	mu      sync.Mutex
	nonce   int
	used    int
	refused int // requests with an Authorization that is not accepted
	seen    []string
}

func (g *guarded) answer(_ *raw, r request) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	given := r.header.Get("Authorization")
	if given != "" {
		g.seen = append(g.seen, given)
	}
	stale := ""
	if given != "" && !g.accepts(given, r) {
		g.refused++
	} else if given != "" {
		if g.used++; g.good == 0 || g.used <= g.good {
			return ""
		}
		if g.stale {
			stale = ", stale=true"
		}
	}
	g.nonce++
	g.used = 0
	out := "RTSP/1.0 401 Unauthorized\r\nCSeq: $\r\n"
	for _, c := range g.challenges {
		if strings.Contains(c, "%s") {
			c = fmt.Sprintf(c, fmt.Sprint(g.nonce)) + stale
		}
		out += "WWW-Authenticate: " + c + "\r\n"
	}
	return out + "\r\n"
}

// accepts checks an answer by the function that the RFCs' vectors check.
func (g *guarded) accepts(given string, r request) bool {
	if !strings.HasPrefix(given, g.takes) {
		return false
	}
	scheme, p, _ := readChallenge(given)
	if scheme == "Basic" {
		return given == challenge{}.authorization(attempt{user: user, password: canary})
	}
	c, ok := newChallenge(scheme, p)
	var count uint32
	_, _ = fmt.Sscanf(p["nc"], "%x", &count)
	a := attempt{user: user, password: canary, method: r.method, uri: r.url, cnonce: p["cnonce"], count: count}
	return ok && p["nonce"] == fmt.Sprint(g.nonce) && p["opaque"] == "o" && p["uri"] == r.url && p["response"] == c.response(a)
}

func TestCameraThatAsksForALoginInItsOwnWayPlays(t *testing.T) {
	t.Parallel()
	digest := func(more string) string { return `Digest realm="r", nonce="%s", opaque="o"` + more }
	for _, c := range []struct {
		name    string
		camera  *guarded
		refused int
		quirk   bool
	}{
		{"MD5 as of RFC 2069", &guarded{challenges: []string{digest("")}}, 0, false},
		{"qop=auth", &guarded{challenges: []string{digest(`, qop="auth"`)}}, 0, true},
		{"qop=auth,auth-int", &guarded{challenges: []string{digest(`, qop="auth,auth-int"`)}}, 0, true},
		{"qop=auth-int", &guarded{challenges: []string{digest(`, qop="auth-int"`)}}, 0, true},
		{"MD5-sess", &guarded{challenges: []string{digest(`, algorithm=MD5-sess, qop="auth"`)}}, 0, true},
		{"SHA-256", &guarded{challenges: []string{digest(`, algorithm=SHA-256`)}}, 0, true},
		{"strongest of several first", &guarded{takes: `Digest`, challenges: []string{`Basic realm="r"`, digest(`, algorithm=MD5`), digest(`, algorithm=SHA-256, qop="auth"`)}}, 0, true},
		{"Basic where the Digest that it asks for does not work", &guarded{takes: "Basic", challenges: []string{`Basic realm="r"`, digest("")}}, 1, true},
		{"nonces that are good once, said to be stale", &guarded{good: 1, stale: true, challenges: []string{digest(`, qop="auth"`)}}, 0, true},
		{"nonces that are good twice, not said to be stale", &guarded{good: 2, challenges: []string{digest("")}}, 0, true},
		{"a password in a challenge of one line", &guarded{challenges: []string{`Basic realm="r", Digest realm="r", opaque="o", nonce="%s"`}}, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cam := (&raw{answer: c.camera.answer}).start(t)
			_, s := shows(t, cam, Config{Login: gateway.Login{User: user, Password: canary}}, 12)
			c.camera.mu.Lock()
			defer c.camera.mu.Unlock()
			if c.camera.refused != c.refused {
				t.Errorf("%d requests were refused, want %d", c.camera.refused, c.refused)
			}
			if c.quirk {
				hasQuirks(t, s, gateway.QuirkLogin)
			} else {
				hasQuirks(t, s)
			}
		})
	}
}

// An account is locked after 5 to 7 refusals.
func TestWrongPasswordIsNotTriedOften(t *testing.T) {
	t.Parallel()
	for name, challenges := range map[string][]string{
		"one challenge":    {`Digest realm="r", nonce="%s", opaque="o"`},
		"three challenges": {`Basic realm="r"`, `Digest realm="r", nonce="%s", opaque="o"`, `Digest realm="r", nonce="%s", opaque="o", algorithm=SHA-256`},
		"always stale":     {`Digest realm="r", nonce="%s", opaque="o", stale=true`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := &guarded{challenges: challenges}
			cam := (&raw{answer: g.answer}).start(t)
			_, _, err := collect(t, Config{URL: cam.url(), Login: gateway.Login{User: user, Password: canary + "x"}}, 1)
			if gateway.CauseOf(err) != gateway.CauseUnauthorized {
				t.Error(err)
			}
			noSecret(t, err.Error())
			g.mu.Lock()
			defer g.mu.Unlock()
			if g.refused == 0 || g.refused > maxRefusals+maxStale-1 || name == "three challenges" && g.refused != maxRefusals {
				t.Errorf("the camera was asked %d times with a wrong password", g.refused)
			}
			for _, a := range g.seen {
				if strings.HasPrefix(a, "Basic") {
					t.Error("the weakest challenge was tried before a stronger one")
				}
			}
		})
	}
}

func TestKeepaliveWithAnAgedNonceIsSentAgainAtOnce(t *testing.T) {
	t.Parallel()
	g := &guarded{good: 4, challenges: []string{`Digest realm="r", nonce="%s", opaque="o", qop="auth"`}} // OPTIONS to PLAY
	cam := (&raw{session: "7;timeout=1", answer: g.answer}).start(t)
	s := keeps(t, cam, Config{Login: gateway.Login{User: user, Password: canary}}, func() bool {
		last := ""
		for _, r := range cam.requests("OPTIONS") {
			if r.header.Get("Cseq") == last+"1" && last != "" && r.header.Get("Session") != "" {
				return true
			}
			last = r.header.Get("Cseq")
		}
		return false
	})
	hasQuirks(t, s, gateway.QuirkLogin)
}
