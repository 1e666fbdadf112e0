// Package digest answers the challenges of HTTP authentication, with which
// cameras ask for a login in RTSP and in ONVIF: Digest as of RFC 7616, RFC 2617
// and RFC 2069, and Basic (RFC 7617). When to answer, and how often, is for
// those who ask.
package digest

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// algorithms of Digest that we know, strongest first (RFC 7616 section 6.1).
var algorithms = []struct {
	name string
	sum  func(string) string
}{
	{"SHA-512-256", func(s string) string { h := sha512.Sum512_256([]byte(s)); return hex.EncodeToString(h[:]) }},
	{"SHA-256", func(s string) string { h := sha256.Sum256([]byte(s)); return hex.EncodeToString(h[:]) }},
	{"MD5", func(s string) string { h := md5.Sum([]byte(s)); return hex.EncodeToString(h[:]) }},
}

// Challenge is one way in which a device asks for a login.
type Challenge struct {
	Realm string
	Stale bool // the nonce before this one was too old; the login was not looked at

	digest    bool // else Basic
	strength  int  // index in algorithms, beyond them for Basic: less is stronger
	algorithm string
	session   bool   // a -sess algorithm
	qop       string // auth, auth-int or "" as in RFC 2069
	userhash  bool

	nonce, opaque string
	hasOpaque     bool
}

// Same says whether two challenges differ in their nonces at most.
func (c Challenge) Same(d Challenge) bool {
	return c.digest == d.digest && c.strength == d.strength && c.session == d.session && c.Realm == d.Realm
}

// Renews says whether c gives a new nonce for what d asks for.
func (c Challenge) Renews(d Challenge) bool { return c.digest && c.Same(d) && c.nonce != d.nonce }

// Basic says whether the answer would hold the password itself.
func (c Challenge) Basic() bool { return !c.digest }

// Old says whether RFC 2069, or Basic, is all that is asked for.
func (c Challenge) Old() bool {
	return !c.digest || c.qop == "" && !c.session && c.strength == len(algorithms)-1
}

// Way is what is asked for, in words.
func (c Challenge) Way() string {
	if !c.digest {
		return "Basic"
	}
	return "Digest " + algorithms[c.strength].name
}

// Compare orders challenges: the stronger first, Basic last.
func Compare(a, b Challenge) int { return a.strength - b.strength }

// Attempt is one request that is to be authorized.
type Attempt struct {
	User, Password, Method, URI string

	Body   []byte // of which auth-int is a proof
	CNonce string
	Count  uint32 // of the requests with this nonce, from 1
}

// Answers answers one challenge: it counts the requests with its nonce, which
// share a client nonce, as a -sess algorithm wants.
type Answers struct {
	Challenge
	cnonce string
	count  uint32
}

// Begin begins to answer a challenge.
func Begin(c Challenge) *Answers { return &Answers{Challenge: c, cnonce: rand.Text()[:16]} }

// Next is the header that authorizes the next request, whose CNonce and Count
// it sets, and which request with this nonce it is, from 1.
func (s *Answers) Next(a Attempt) (header string, count uint32) {
	s.count++
	a.CNonce, a.Count = s.cnonce, s.count
	return s.Authorization(a), s.count
}

// Response is request-digest (RFC 7616 section 3.4.1, RFC 2617 section
// 3.2.2.1).
func (c Challenge) Response(a Attempt) string {
	h := algorithms[c.strength].sum
	a1 := h(a.User + ":" + c.Realm + ":" + a.Password)
	if c.session {
		a1 = h(a1 + ":" + c.nonce + ":" + a.CNonce)
	}
	a2 := a.Method + ":" + a.URI
	if c.qop == "auth-int" {
		a2 += ":" + h(string(a.Body))
	}
	if c.qop == "" {
		return h(a1 + ":" + c.nonce + ":" + h(a2))
	}
	return h(fmt.Sprintf("%s:%s:%08x:%s:%s:%s", a1, c.nonce, a.Count, a.CNonce, c.qop, h(a2)))
}

// Authorization is the header that answers the challenge. Values that the
// device made are quoted as it wrote them.
func (c Challenge) Authorization(a Attempt) string {
	if !c.digest {
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(a.User+":"+a.Password))
	}
	user := a.User
	if c.userhash {
		user = algorithms[c.strength].sum(a.User + ":" + c.Realm)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `Digest username=%s, realm=%s, nonce=%s, uri=%s, response="%s"`, quote(user), quote(c.Realm), quote(c.nonce), quote(a.URI), c.Response(a))
	if c.algorithm != "" {
		fmt.Fprintf(&b, `, algorithm=%s`, c.algorithm)
	}
	if c.hasOpaque {
		fmt.Fprintf(&b, `, opaque=%s`, quote(c.opaque))
	}
	if c.qop != "" {
		fmt.Fprintf(&b, `, qop=%s, nc=%08x`, c.qop, a.Count)
	}
	if c.qop != "" || c.session {
		fmt.Fprintf(&b, `, cnonce="%s"`, a.CNonce)
	}
	if c.userhash {
		b.WriteString(`, userhash=true`)
	}
	return b.String()
}

var escaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", "", "\n", "")

// quote makes a quoted string (RFC 9110 section 5.6.4), which ends no header.
func quote(s string) string { return `"` + escaper.Replace(s) + `"` }

// Bounds of what is read.
const (
	maxChallenges = 8       // of a device
	maxHeader     = 4 << 10 // bytes of one header; a longer one is left out
)

// Read reads WWW-Authenticate headers, each of which may hold several
// challenges (RFC 9110 section 11.6.1). Those of ways that we do not know are
// left out.
func Read(values []string) (all []Challenge) {
	for _, v := range values {
		if len(v) > maxHeader {
			continue
		}
		for rest := v; rest != "" && len(all) < maxChallenges; {
			var scheme string
			var params map[string]string
			scheme, params, rest = readChallenge(rest)
			if c, ok := newChallenge(scheme, params); ok {
				all = append(all, c)
			}
		}
	}
	return all
}

func newChallenge(scheme string, params map[string]string) (c Challenge, ok bool) {
	c = Challenge{Realm: params["realm"], strength: len(algorithms)}
	if strings.EqualFold(scheme, "Basic") {
		return c, true
	}
	if !strings.EqualFold(scheme, "Digest") || params["nonce"] == "" {
		return c, false
	}
	c.digest, c.nonce, c.algorithm = true, params["nonce"], params["algorithm"]
	c.opaque, c.hasOpaque = params["opaque"], hasKey(params, "opaque")
	c.Stale = strings.EqualFold(params["stale"], "true")
	c.userhash = strings.EqualFold(params["userhash"], "true")
	name := c.algorithm
	if i := len(name) - len("-sess"); i > 0 && strings.EqualFold(name[i:], "-sess") {
		c.session, name = true, name[:i]
	}
	if name == "" {
		name = "MD5"
	}
	for i, a := range algorithms {
		if strings.EqualFold(a.name, name) {
			c.strength, ok = i, true
		}
	}
	return c, ok && c.readQOP(params["qop"])
}

func hasKey(m map[string]string, k string) bool { _, ok := m[k]; return ok }

// readQOP chooses a quality of protection: auth, else auth-int.
func (c *Challenge) readQOP(offered string) bool {
	if strings.TrimSpace(offered) == "" {
		return true
	}
	for q := range strings.FieldsFuncSeq(strings.ToLower(offered), func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
		switch q {
		case "auth":
			c.qop = q
			return true
		case "auth-int":
			c.qop = q
		}
	}
	return c.qop != ""
}

// readChallenge reads the first challenge of a header value: a scheme, and
// parameters up to where the next scheme begins.
func readChallenge(s string) (scheme string, params map[string]string, rest string) {
	s = strings.TrimLeft(s, " \t,")
	scheme, s, _ = strings.Cut(s, " ")
	params = map[string]string{}
	for {
		s = strings.TrimLeft(s, " \t,")
		end := strings.IndexAny(s, "=, \t")
		if end < 0 || s[end] != '=' && !strings.HasPrefix(strings.TrimLeft(s[end:], " \t"), "=") {
			return scheme, params, s
		}
		k := strings.ToLower(s[:end])
		var v string
		v, s = readValue(strings.TrimLeft(s[end:], " \t")[1:])
		if !hasKey(params, k) {
			params[k] = v
		}
	}
}

// readValue reads a token or a quoted string. One whose quote never ends goes
// to the end.
func readValue(s string) (v, rest string) {
	s = strings.TrimLeft(s, " \t")
	if !strings.HasPrefix(s, `"`) {
		end := strings.IndexAny(s, ", \t")
		if end < 0 {
			end = len(s)
		}
		return s[:end], s[end:]
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:]
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String(), ""
}
