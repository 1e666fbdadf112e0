package portal

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"matthan/auth"
)

// Config is what a Desk goes by.
type Config struct {
	Key ed25519.PrivateKey // our own, which signs for portals without keys
	// Permit says whether a portal's keys may be fetched from an address, as it was
	// resolved; nil for any.
	Permit func(netip.AddrPort) error
	Roots  *x509.CertPool // whom to trust; nil: the system's
	Log    *slog.Logger   // nil for none
}

// Desk reads portals' tokens. It is safe for concurrent use, and implements
// auth.PortalTokens.
type Desk struct {
	cfg    Config
	public string // our own key's
	origin atomic.Pointer[string]
	client *http.Client

	mu      sync.Mutex
	sets    map[string]*keySet // by address
	changed chan struct{}
}

// New makes a desk. Until it Opens it takes no token.
func New(c Config) (*Desk, error) {
	if len(c.Key) != ed25519.PrivateKeySize {
		return nil, errors.New("the desk for portals' tokens needs a key of its own")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	d := &Desk{cfg: c, sets: map[string]*keySet{}, changed: make(chan struct{})}
	d.public = base64.RawURLEncoding.EncodeToString(c.Key.Public().(ed25519.PublicKey))
	d.client = newClient(c)
	return d, nil
}

// Open says by which origin we are reached: the only audience of tokens.
func (d *Desk) Open(origin string) { d.origin.Store(&origin) }

// Origin is what tokens must name as their audience; "" before Open.
func (d *Desk) Origin() string {
	if o := d.origin.Load(); o != nil {
		return *o
	}
	return ""
}

// Read implements auth.PortalTokens.
func (d *Desk) Read(raw string, portal func(id string) (auth.Portal, bool)) (auth.Visa, error) {
	s, err := parse(raw)
	if err != nil {
		return auth.Visa{}, errToken
	}
	p, ok := portal(s.issuer)
	if !ok {
		return auth.Visa{}, errToken
	}
	key, ok := d.key(&p, s.kid)
	if !ok {
		return auth.Visa{}, auth.ErrKeyUnknown
	}
	public, ok := auth.PortalKey{Public: key}.Key()
	if !ok || !ed25519.Verify(public, s.text, s.signature) {
		return auth.Visa{}, errToken
	}
	v, err := s.visa(d.Origin(), time.Now())
	v.Public = key
	return v, err
}

// key is a portal's key of a name.
func (d *Desk) key(p *auth.Portal, kid string) (public string, ok bool) {
	if kid == auth.OwnKID {
		return d.public, true
	}
	for _, k := range p.Keys {
		if k.KID == kid {
			return k.Public, true
		}
	}
	return d.published(p.JWKS, kid)
}

// Holds implements auth.PortalTokens.
func (d *Desk) Holds(p auth.Portal, v auth.Visa) bool {
	key, ok := d.key(&p, v.KID)
	return ok && key == v.Public
}

// Sign implements auth.PortalTokens.
func (d *Desk) Sign(v auth.Visa) (string, error) {
	v.KID = auth.OwnKID
	return sign(v, d.Origin(), d.cfg.Key)
}

// Changed implements auth.PortalTokens.
func (d *Desk) Changed() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.changed
}
