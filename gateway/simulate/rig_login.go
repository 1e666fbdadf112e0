package simulate

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// rigRealm is that of all profiles.
const rigRealm = "IP Camera(C2468)"

// rigLogin is how a profile asks for a login (RFC 7616, RFC 7617).
type rigLogin struct {
	challenges []challenge // in the order in which they are offered
	uses       int         // requests that a nonce is good for; 0: all
	never      bool        // no login is good
}

// challenge is one WWW-Authenticate header.
type challenge struct {
	basic     bool
	algorithm string // of digest: "" (MD5, and not said), MD5 or SHA-256
	qop       bool   // asks for qop="auth"
}

func (c challenge) header(nonce string, stale bool) string {
	if c.basic {
		return fmt.Sprintf("Basic realm=%q", rigRealm)
	}
	h := fmt.Sprintf("Digest realm=%q, nonce=%q", rigRealm, nonce)
	if c.algorithm != "" {
		h += ", algorithm=" + c.algorithm
	}
	if c.qop {
		h += `, qop="auth"`
	}
	if stale {
		h += ", stale=true"
	}
	return h
}

func (c challenge) hash(text string) string {
	if c.algorithm == "SHA-256" {
		sum := sha256.Sum256([]byte(text))
		return hex.EncodeToString(sum[:])
	}
	sum := md5.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

// loginState is how far a connection is with its login.
type loginState struct {
	nonce string
	used  int
}

// permits checks a request's login, and answers with challenges to one without.
func (l *loginState) permits(how *rigLogin, o RigOptions, x *exchange) bool {
	good, stale := false, false
	if l.nonce != "" && !how.never {
		good, stale = l.check(how, o, x)
	}
	if good {
		l.used++
		return true
	}
	var b [12]byte
	_, _ = rand.Read(b[:]) // never fails
	l.nonce, l.used = hex.EncodeToString(b[:]), 0
	x.refuse(401, "Unauthorized")
	for _, c := range how.challenges {
		x.add("WWW-Authenticate", c.header(l.nonce, stale))
	}
	return false
}

// check says whether an Authorization header is good; and if not, whether its
// password is and only the nonce has aged.
func (l *loginState) check(how *rigLogin, o RigOptions, x *exchange) (good, stale bool) {
	scheme, rest, _ := strings.Cut(x.header["authorization"], " ")
	given := map[string]string{}
	for param := range strings.SplitSeq(rest, ",") {
		k, v, _ := strings.Cut(strings.TrimSpace(param), "=")
		given[strings.ToLower(k)] = strings.Trim(v, `"`)
	}
	for _, c := range how.challenges {
		if c.basic {
			if strings.EqualFold(scheme, "Basic") && rest == base64.StdEncoding.EncodeToString([]byte(o.User+":"+o.Password)) {
				return true, false
			}
			continue
		}
		said := given["algorithm"]
		if said == "" {
			said = "MD5"
		}
		if !strings.EqualFold(scheme, "Digest") || said != "MD5" && said != c.algorithm || said == "MD5" && c.algorithm == "SHA-256" {
			continue
		}
		known := given["username"] == o.User && given["realm"] == rigRealm && given["uri"] == x.url &&
			given["response"] != "" && given["response"] == c.response(o.User, o.Password, x.method, given)
		if !known {
			continue
		}
		fresh := given["nonce"] == l.nonce && (how.uses == 0 || l.used < how.uses)
		return fresh, !fresh
	}
	return false, false
}

// response is that of RFC 7616 section 3.4.1; "" where what it asks for is missing.
func (c challenge) response(user, password, method string, given map[string]string) string {
	a1 := c.hash(user + ":" + given["realm"] + ":" + password)
	a2 := c.hash(method + ":" + given["uri"])
	if !c.qop {
		return c.hash(a1 + ":" + given["nonce"] + ":" + a2)
	}
	if given["qop"] != "auth" || len(given["nc"]) != 8 || given["cnonce"] == "" {
		return ""
	}
	return c.hash(a1 + ":" + given["nonce"] + ":" + given["nc"] + ":" + given["cnonce"] + ":auth:" + a2)
}
