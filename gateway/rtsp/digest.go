package rtsp

import (
	"crypto/md5"
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

// challenge is one way in which a camera asks for a login.
type challenge struct {
	digest    bool // else Basic
	strength  int  // index in algorithms, beyond them for Basic: less is stronger
	algorithm string
	session   bool   // a -sess algorithm
	qop       string // auth, auth-int or "" as in RFC 2069
	userhash  bool
	stale     bool

	realm, nonce, opaque string
	hasOpaque            bool
}

// same says whether two challenges differ in their nonces at most.
func (c challenge) same(d challenge) bool {
	return c.digest == d.digest && c.strength == d.strength && c.session == d.session && c.realm == d.realm
}

func (c challenge) md5() bool { return c.digest && c.strength == len(algorithms)-1 }

// attempt is one request that is to be authorized.
type attempt struct {
	user, password, method, uri string
	cnonce                      string
	count                       uint32 // of the requests with this nonce, from 1
}

// response is request-digest (RFC 7616 section 3.4.1, RFC 2617 section
// 3.2.2.1) of a request without a body.
func (c challenge) response(a attempt) string {
	h := algorithms[c.strength].sum
	a1 := h(a.user + ":" + c.realm + ":" + a.password)
	if c.session {
		a1 = h(a1 + ":" + c.nonce + ":" + a.cnonce)
	}
	a2 := a.method + ":" + a.uri
	if c.qop == "auth-int" {
		a2 += ":" + h("")
	}
	if c.qop == "" {
		return h(a1 + ":" + c.nonce + ":" + h(a2))
	}
	return h(fmt.Sprintf("%s:%s:%08x:%s:%s:%s", a1, c.nonce, a.count, a.cnonce, c.qop, h(a2)))
}

// authorization is the header that answers the challenge. Values that the
// camera made are quoted as it wrote them.
func (c challenge) authorization(a attempt) string {
	if !c.digest {
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(a.user+":"+a.password))
	}
	user := escaper.Replace(a.user)
	if c.userhash {
		user = algorithms[c.strength].sum(a.user + ":" + c.realm)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `Digest username="%s", realm="%s", nonce="%s", uri="%s", response="%s"`, user, escaper.Replace(c.realm), escaper.Replace(c.nonce), a.uri, c.response(a))
	if c.algorithm != "" {
		fmt.Fprintf(&b, `, algorithm=%s`, c.algorithm)
	}
	if c.hasOpaque {
		fmt.Fprintf(&b, `, opaque="%s"`, escaper.Replace(c.opaque))
	}
	if c.qop != "" {
		fmt.Fprintf(&b, `, qop=%s, nc=%08x`, c.qop, a.count)
	}
	if c.qop != "" || c.session {
		fmt.Fprintf(&b, `, cnonce="%s"`, a.cnonce)
	}
	if c.userhash {
		b.WriteString(`, userhash=true`)
	}
	return b.String()
}

var escaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// maxChallenges is how many of a camera's challenges are read.
const maxChallenges = 8

// readChallenges reads WWW-Authenticate headers, each of which may hold several
// challenges (RFC 7235 section 4.1). Those of ways that we do not know are left
// out.
func readChallenges(values []string) (all []challenge) {
	for _, v := range values {
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

func newChallenge(scheme string, params map[string]string) (c challenge, ok bool) {
	c = challenge{realm: params["realm"], strength: len(algorithms)}
	if strings.EqualFold(scheme, "Basic") {
		return c, true
	}
	if !strings.EqualFold(scheme, "Digest") || params["nonce"] == "" {
		return c, false
	}
	c.digest, c.nonce, c.algorithm = true, params["nonce"], params["algorithm"]
	c.opaque, c.hasOpaque = params["opaque"], hasKey(params, "opaque")
	c.stale = strings.EqualFold(params["stale"], "true")
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
func (c *challenge) readQOP(offered string) bool {
	if strings.TrimSpace(offered) == "" {
		return true
	}
	for q := range strings.SplitSeq(offered, ",") {
		switch q = strings.ToLower(strings.TrimSpace(q)); q {
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
