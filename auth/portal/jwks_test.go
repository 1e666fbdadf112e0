package portal

import (
	"crypto/ed25519"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"matthan/auth"
)

// publisher is a portal's server that publishes its keys.
type publisher struct {
	*httptest.Server
	answer atomic.Pointer[http.HandlerFunc]
	asked  atomic.Int64
}

func newPublisher(t *testing.T) *publisher {
	t.Helper()
	p := &publisher{}
	p.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.asked.Add(1)
		(*p.answer.Load())(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *publisher) says(kind, text string) {
	f := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		_, _ = fmt.Fprint(w, text)
	})
	p.answer.Store(&f)
}

func (p *publisher) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(p.Certificate())
	return pool
}

// setOf is a set of one key of ours among others.
func setOf(kid string, key ed25519.PrivateKey) string {
	return fmt.Sprintf(`{"keys":[{"kty":"RSA","kid":"old","n":"x","e":"AQAB"},{"kty":"OKP","crv":"Ed25519","use":"sig","alg":"EdDSA","kid":%q,"x":%q}]}`, kid, publicOf(key))
}

// rest lets a set be read again at once.
func (r *rig) rest() {
	r.desk.mu.Lock()
	defer r.desk.mu.Unlock()
	for _, s := range r.desk.sets {
		s.tried = time.Time{}
	}
}

func TestKeysThatAPortalPublishesAreFetchedWhenTheyAreNeeded(t *testing.T) {
	t.Parallel()
	p := newPublisher(t)
	r := newRig(t, Config{Roots: p.roots()})
	p.says("application/jwk-set+json; charset=utf-8", setOf("k1", r.key))
	r.put(func(v *auth.Portal) { v.Keys, v.JWKS = nil, p.URL+"/keys" })
	s := r.enters(r.mint(nil, nil))
	r.enters(r.mint(nil, claims{"sub": "cb-2"}))
	if n := p.asked.Load(); n != 1 {
		t.Errorf("the keys were fetched %d times for two tokens", n)
	}
	// Whoever sends tokens of unknown keys does not make us ask again and again.
	for i := range 50 {
		if _, err := r.enter(r.mint(claims{"kid": fmt.Sprintf("k%d", i+2)}, nil)); !errors.Is(err, auth.ErrUnauthenticated) {
			t.Fatal(err)
		}
	}
	if n := p.asked.Load(); n > 1 {
		t.Errorf("unknown keys had the set fetched %d times", n)
	}
	// The portal changes its key: the new one is found, the old one ends what it began.
	old := r.mint(nil, nil)
	r.key = newKey(t)
	p.says("application/json", setOf("k2", r.key))
	r.rest()
	changed := r.desk.Changed()
	next := r.enters(r.mint(claims{"kid": "k2"}, nil))
	select {
	case <-changed:
	default:
		t.Error("nobody is told that a key was taken back")
	}
	if _, err := r.enter(old); !errors.Is(err, auth.ErrUnauthenticated) || r.views(next, "lang-1") != nil {
		t.Errorf("a token of the old key: %v, and the new one sees %v", err, r.views(next, "lang-1"))
	}
	if _, err := r.policy.Decide(r.enters(r.mint(claims{"kid": "k2"}, claims{"sub": "cb-3"})), auth.View, cameras["lang-1"], r.now); err != nil {
		t.Error(err)
	}
	_ = s
}

func TestASetThatIsReadAgainEndsWhatALostKeyBegan(t *testing.T) {
	t.Parallel()
	p := newPublisher(t)
	r := newRig(t, Config{Roots: p.roots()})
	p.says("application/json", setOf("k1", r.key))
	r.put(func(v *auth.Portal) { v.Keys, v.JWKS = nil, p.URL })
	s := r.enters(r.mint(nil, nil))
	p.says("text/html", "<h1>502</h1>")
	r.rest()
	if r.desk.refresh(t.Context(), time.Now()); r.views(s, "lang-1") != nil {
		t.Error("a portal whose server is down loses its viewers at once")
	}
	p.says("application/json", `{"keys":[]}`)
	r.rest()
	if r.desk.refresh(t.Context(), time.Now()); r.views(s, "lang-1") == nil {
		t.Error("a key that was taken back goes on")
	}
	r.desk.refresh(t.Context(), time.Now().Add(forgetAfter+fetchEvery+time.Minute))
	if n := len(r.desk.sets); n != 0 {
		t.Errorf("%d sets are kept that nobody uses", n)
	}
}

func TestKeysAreFetchedFromTheAddressAloneAndWithinBounds(t *testing.T) {
	t.Parallel()
	p := newPublisher(t)
	target := newPublisher(t)
	forbidden := errors.New("not there")
	for name, c := range map[string]struct {
		says   http.HandlerFunc
		permit func(netip.AddrPort) error
		roots  *x509.CertPool
	}{
		"a redirect":     {says: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, target.URL, http.StatusFound) }, roots: p.roots()},
		"no JSON":        {says: func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Type", "text/html") }, roots: p.roots()},
		"too large":      {says: typed(strings.Repeat(" ", maxSet) + "{}"), roots: p.roots()},
		"too many":       {says: typed(`{"keys":[` + strings.Repeat(`{},`, maxKeys) + `{}]}`), roots: p.roots()},
		"no certificate": {says: typed(`{"keys":[]}`)},
		"out of reach":   {says: typed(`{"keys":[]}`), roots: p.roots(), permit: func(netip.AddrPort) error { return forbidden }},
		"a private key":  {says: typed(`{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"k1","x":"` + publicOf(newKey(t)) + `","d":"secret"}]}`), roots: p.roots()},
		"our own kid":    {says: typed(setOf(auth.OwnKID, newKey(t))), roots: p.roots()},
		"half a key":     {says: typed(`{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"k1","x":"AAAA"}]}`), roots: p.roots()},
	} {
		r := newRig(t, Config{Roots: c.roots, Permit: c.permit})
		p.answer.Store(&c.says)
		if keys, err := r.desk.fetch(t.Context(), p.URL); err == nil {
			t.Errorf("%s: %v", name, keys)
		}
	}
	if n := target.asked.Load(); n != 0 {
		t.Errorf("a redirect was followed %d times", n)
	}
	if _, err := newRig(t, Config{}).desk.fetch(t.Context(), "http://portal.example/keys"); err == nil {
		t.Error("keys are fetched in clear")
	}
}

func typed(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprint(w, text)
	}
}
