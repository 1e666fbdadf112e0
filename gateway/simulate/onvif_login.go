package simulate

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Bounds of logins.
const (
	tokenAge  = 5 * time.Minute // how far a token's time may be from the device's
	maxNonces = 10_000          // that are remembered, of each kind
)

// usernameToken is that of a request's header.
type usernameToken struct {
	Username string
	Password string
	Nonce    string
	Created  string
}

// clock is the device's time.
func (d *ONVIF) clock() time.Time { return time.Now().Add(time.Duration(d.wrongBy.Load())) }

// permits checks a token: its digest, that it is of now, and that it was not
// shown before.
func (d *ONVIF) permits(t usernameToken) bool {
	nonce, err := base64.StdEncoding.DecodeString(strings.TrimSpace(t.Nonce))
	if err != nil || len(nonce) == 0 || len(nonce) > 64 {
		return false
	}
	created, err := time.Parse(time.RFC3339, strings.TrimSpace(t.Created))
	now := d.clock()
	if err != nil || now.Sub(created).Abs() > tokenAge {
		return false
	}
	sum := sha1.New()
	sum.Write(nonce)
	sum.Write([]byte(strings.TrimSpace(t.Created) + d.options.Password))
	want := base64.StdEncoding.EncodeToString(sum.Sum(nil))
	if subtle.ConstantTimeCompare([]byte(want), []byte(strings.TrimSpace(t.Password))) != 1 || t.Username != d.options.User {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	maps.DeleteFunc(d.shown, func(_ string, at time.Time) bool { return now.Sub(at) > 2*tokenAge })
	if _, again := d.shown[string(nonce)]; again || len(d.shown) >= maxNonces {
		return false
	}
	d.shown[string(nonce)] = now
	return true
}

func (d *ONVIF) algorithm() (name string, make func() hash.Hash) {
	if d.options.Algorithm == "SHA-256" {
		return "SHA-256", sha256.New
	}
	return "MD5", md5.New
}

const onvifRealm = "simulated camera"

// challenge asks for HTTP Digest (RFC 7616 section 3.3).
func (d *ONVIF) challenge(w http.ResponseWriter, stale bool) {
	var b [16]byte
	rand.Read(b[:])
	nonce := hex.EncodeToString(b[:])
	d.mu.Lock()
	if len(d.nonces) >= maxNonces {
		clear(d.nonces)
	}
	d.nonces[nonce] = 0
	d.mu.Unlock()
	name, _ := d.algorithm()
	text := fmt.Sprintf(`Digest realm="%s", qop="auth,auth-int", algorithm=%s, nonce="%s", opaque="simulated"`, onvifRealm, name, nonce)
	if stale && !d.options.Silent {
		text += ", stale=true"
	}
	w.Header().Add("WWW-Authenticate", `Basic realm="`+onvifRealm+`"`)
	w.Header().Add("WWW-Authenticate", text)
	w.WriteHeader(http.StatusUnauthorized)
}

// answers checks the answer to a challenge. stale says that only its nonce is
// too old.
func (d *ONVIF) answers(r *http.Request) (ok, stale bool) {
	scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Digest") {
		return false, false
	}
	p := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		p[name] = strings.Trim(value, `"`)
	}
	name, make := d.algorithm()
	sum := func(parts ...string) string {
		h := make()
		h.Write([]byte(strings.Join(parts, ":")))
		return hex.EncodeToString(h.Sum(nil))
	}
	want := sum(sum(d.options.User, onvifRealm, d.options.Password), p["nonce"], p["nc"], p["cnonce"], p["qop"], sum(r.Method, p["uri"]))
	count, err := strconv.ParseInt(p["nc"], 16, 32)
	same := p["username"] == d.options.User && p["realm"] == onvifRealm && p["uri"] == r.URL.RequestURI() && p["algorithm"] == name &&
		p["qop"] == "auth" && p["opaque"] == "simulated" && err == nil && p["cnonce"] != ""
	if !same || subtle.ConstantTimeCompare([]byte(want), []byte(p["response"])) != 1 {
		return false, false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	used, known := d.nonces[p["nonce"]]
	if !known || used >= d.options.NonceUses {
		delete(d.nonces, p["nonce"])
		return false, true
	}
	if count < 1 {
		return false, false
	}
	d.nonces[p["nonce"]]++
	return true, false
}

// open are the operations that take no login (ONVIF Core Specification, the
// access class PRE_AUTH).
var open = []string{"GetSystemDateAndTime", "GetServices", "GetCapabilities"}

// authorized says whether a request may be answered; where not, it has refused it.
func (d *ONVIF) authorized(w http.ResponseWriter, r *http.Request, operation string, t usernameToken) bool {
	if d.options.User == "" || slices.Contains(open, operation) {
		return true
	}
	if d.options.Login == HTTPDigestLogin {
		ok, stale := d.answers(r)
		if !ok {
			if r.Header.Get("Authorization") != "" && !stale {
				d.count()
			}
			d.challenge(w, stale)
		}
		return ok
	}
	if !d.permits(t) {
		d.count()
		refuse(w, "s:Sender", "ter:NotAuthorized", "Sender not authorized")
		return false
	}
	return true
}

func (d *ONVIF) count() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wrong++
}
