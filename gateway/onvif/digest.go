package onvif

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"net/http"
	"slices"
	"strings"

	"matthan/gateway"
)

// maxChallenge bounds a WWW-Authenticate header, in bytes.
const maxChallenge = 4 << 10

// challenge is what a device asks for in HTTP Digest (RFC 7616 section 3.3).
type challenge struct {
	realm, nonce, opaque string
	algorithm            string // as it was written; "" is MD5
	qop                  string // auth, auth-int, or "" for that of RFC 2069
	stale                bool
}

// hash is the algorithm of a challenge, and whether it is one of a session.
func (c challenge) hash() (make func() hash.Hash, session bool) {
	name, session := strings.CutSuffix(strings.ToUpper(c.algorithm), "-SESS")
	switch name {
	case "", "MD5":
		return md5.New, session
	case "SHA-256":
		return sha256.New, session
	}
	return nil, false
}

// strongest is the best Digest challenge of an answer that can be met. Basic is
// none: it would send the password.
func strongest(h http.Header) (best challenge, ok bool) {
	for _, line := range h.Values("WWW-Authenticate") {
		if len(line) > maxChallenge {
			continue
		}
		for _, c := range challenges(line) {
			if make, _ := c.hash(); make == nil || c.nonce == "" {
				continue
			}
			if !ok || strings.HasPrefix(strings.ToUpper(c.algorithm), "SHA-256") && !strings.HasPrefix(strings.ToUpper(best.algorithm), "SHA-256") {
				best, ok = c, true
			}
		}
	}
	return best, ok
}

// challenges are those of scheme Digest in one header line, which may hold
// several (RFC 9110 section 11.6.1).
func challenges(line string) (out []challenge) {
	var c *challenge
	for line != "" {
		line = strings.TrimLeft(line, " \t,")
		i := strings.IndexAny(line, " \t,=")
		if i < 0 {
			return out
		}
		word := line[:i]
		rest := strings.TrimLeft(line[i:], " \t")
		if !strings.HasPrefix(rest, "=") { // a scheme
			c = nil
			if strings.EqualFold(word, "Digest") {
				out = append(out, challenge{})
				c = &out[len(out)-1]
			}
			line = rest
			continue
		}
		var value string
		value, line = parameter(strings.TrimLeft(rest[1:], " \t"))
		if c != nil {
			c.set(strings.ToLower(word), value)
		}
	}
	return out
}

// parameter cuts a token or quoted string off s.
func parameter(s string) (value, rest string) {
	if !strings.HasPrefix(s, `"`) {
		if i := strings.IndexAny(s, ", \t"); i >= 0 {
			return s[:i], s[i:]
		}
		return s, ""
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case s[i] == '"':
			return b.String(), s[i+1:]
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), ""
}

func (c *challenge) set(name, value string) {
	switch name {
	case "realm":
		c.realm = value
	case "nonce":
		c.nonce = value
	case "opaque":
		c.opaque = value
	case "algorithm":
		c.algorithm = value
	case "stale":
		c.stale = strings.EqualFold(value, "true")
	case "qop":
		offered := strings.FieldsFunc(strings.ToLower(value), func(r rune) bool { return r == ',' || r == ' ' })
		for _, q := range []string{"auth", "auth-int"} {
			if slices.Contains(offered, q) {
				c.qop = q
				return
			}
		}
	}
}

// response is the proof that the password is known (RFC 7616 section 3.4.1).
func (c challenge) response(login gateway.Login, method, uri string, body []byte, cnonce, nc string) string {
	make, session := c.hash()
	sum := func(s string) string {
		h := make()
		h.Write([]byte(s))
		return hex.EncodeToString(h.Sum(nil))
	}
	a1 := sum(login.User + ":" + c.realm + ":" + login.Password.Reveal())
	if session {
		a1 = sum(a1 + ":" + c.nonce + ":" + cnonce)
	}
	a2 := method + ":" + uri
	if c.qop == "auth-int" {
		a2 += ":" + sum(string(body))
	}
	if c.qop == "" {
		return sum(a1 + ":" + c.nonce + ":" + sum(a2))
	}
	return sum(strings.Join([]string{a1, c.nonce, nc, cnonce, c.qop, sum(a2)}, ":"))
}

// answer is the Authorization header of a POST. count is how often the nonce has
// been used, this one included.
func (c challenge) answer(login gateway.Login, uri string, body []byte, count int) string {
	var random [16]byte
	rand.Read(random[:])
	cnonce, nc := hex.EncodeToString(random[:]), fmt.Sprintf("%08x", count)
	response := c.response(login, "POST", uri, body, cnonce, nc)
	out := fmt.Sprintf(`Digest username=%s, realm=%s, nonce=%s, uri=%s, response="%s"`,
		quote(login.User), quote(c.realm), quote(c.nonce), quote(uri), response)
	if c.algorithm != "" {
		out += ", algorithm=" + strings.Map(onlyToken, c.algorithm)
	}
	if c.qop != "" || strings.HasSuffix(strings.ToUpper(c.algorithm), "-SESS") {
		out += fmt.Sprintf(`, cnonce="%s"`, cnonce)
	}
	if c.qop != "" {
		out += ", qop=" + c.qop + ", nc=" + nc
	}
	if c.opaque != "" {
		out += ", opaque=" + quote(c.opaque)
	}
	return out
}

// quote makes a quoted string (RFC 9110 section 5.6.4).
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", "", "\n", "").Replace(s) + `"`
}

// onlyToken drops what a token cannot hold.
func onlyToken(r rune) rune {
	if r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
		return r
	}
	return -1
}
