package rtsp

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"matthan/gateway"
	"matthan/gateway/digest"
)

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
	all := digest.Read([]string{given})
	if len(all) != 1 {
		return false
	}
	if all[0].Basic() {
		return given == all[0].Authorization(digest.Attempt{User: user, Password: canary})
	}
	p := map[string]string{}
	for _, m := range parameters.FindAllStringSubmatch(given, -1) {
		p[m[1]] = strings.Trim(m[2], `"`)
	}
	count, _ := strconv.ParseUint(p["nc"], 16, 32)
	a := digest.Attempt{User: user, Password: canary, Method: r.method, URI: r.url, CNonce: p["cnonce"], Count: uint32(count)}
	return p["nonce"] == fmt.Sprint(g.nonce) && p["opaque"] == "o" && p["uri"] == r.url && p["response"] == all[0].Response(a)
}

var parameters = regexp.MustCompile(`([a-z]+)=("[^"]*"|[^ ,]*)`)

func TestCameraThatAsksForALoginInItsOwnWayPlays(t *testing.T) {
	t.Parallel()
	asks := func(more string) string { return `Digest realm="r", nonce="%s", opaque="o"` + more }
	for _, c := range []struct {
		name    string
		camera  *guarded
		refused int
		quirk   bool
	}{
		{"MD5 as of RFC 2069", &guarded{challenges: []string{asks("")}}, 0, false},
		{"qop=auth", &guarded{challenges: []string{asks(`, qop="auth"`)}}, 0, true},
		{"qop=auth,auth-int", &guarded{challenges: []string{asks(`, qop="auth,auth-int"`)}}, 0, true},
		{"qop=auth-int", &guarded{challenges: []string{asks(`, qop="auth-int"`)}}, 0, true},
		{"MD5-sess", &guarded{challenges: []string{asks(`, algorithm=MD5-sess, qop="auth"`)}}, 0, true},
		{"SHA-256", &guarded{challenges: []string{asks(`, algorithm=SHA-256`)}}, 0, true},
		{"strongest of several first", &guarded{takes: `Digest`, challenges: []string{`Basic realm="r"`, asks(`, algorithm=MD5`), asks(`, algorithm=SHA-256, qop="auth"`)}}, 0, true},
		{"Basic where the Digest that it asks for does not work", &guarded{takes: "Basic", challenges: []string{`Basic realm="r"`, asks("")}}, 1, true},
		{"nonces that are good once, said to be stale", &guarded{good: 1, stale: true, challenges: []string{asks(`, qop="auth"`)}}, 0, true},
		{"nonces that are good twice, not said to be stale", &guarded{good: 2, challenges: []string{asks("")}}, 0, true},
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
