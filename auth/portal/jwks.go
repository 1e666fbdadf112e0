package portal

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"matthan/auth"
)

// Bounds of the keys that portals publish.
const (
	fetchWithin = 5 * time.Second
	fetchEvery  = 15 * time.Second // at most, however many tokens name keys that nobody knows
	readAgain   = 2 * time.Minute  // a key that its portal takes back ends what was begun with it
	trustFor    = time.Hour        // how long a set counts that cannot be read again
	forgetAfter = 30 * time.Minute // that nobody asked for
	maxSet      = 64 << 10         // bytes
	maxKeys     = 32
	maxSets     = auth.MaxPortals
)

// keySet is what stands at one address.
type keySet struct {
	fetching sync.Mutex // one at a time

	// Under Desk.mu:
	keys  map[string]string // by kid; nil: none was ever read
	read  time.Time         // with success
	tried time.Time
	asked time.Time
}

// published is a key of a set that was read.
func (d *Desk) published(address, kid string) (public string, ok bool) {
	if address == "" {
		return "", false
	}
	now := time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	set := d.sets[address]
	if set == nil || set.read.IsZero() || now.Sub(set.read) > trustFor {
		return "", false
	}
	set.asked = now
	public, ok = set.keys[kid]
	return public, ok
}

// Learn implements auth.PortalTokens.
func (d *Desk) Learn(ctx context.Context, p auth.Portal) error {
	d.mu.Lock()
	set := d.sets[p.JWKS]
	if set == nil && len(d.sets) < maxSets {
		set = &keySet{}
		d.sets[p.JWKS] = set
	}
	d.mu.Unlock()
	if set == nil {
		return errors.New("too many portals publish their keys")
	}
	return d.fetchOnce(ctx, p.JWKS, set, fetchEvery)
}

// fetchOnce reads a set, unless that was tried within rest; whoever waits for
// somebody else's try takes its result.
func (d *Desk) fetchOnce(ctx context.Context, address string, set *keySet, rest time.Duration) error {
	set.fetching.Lock()
	defer set.fetching.Unlock()
	d.mu.Lock()
	now := time.Now()
	due := now.Sub(set.tried) >= rest
	if due {
		set.tried, set.asked = now, now
	}
	d.mu.Unlock()
	if !due {
		return nil
	}
	keys, err := d.fetch(ctx, address)
	if err != nil {
		d.cfg.Log.Warn("a portal's keys cannot be read; those that were read before count on for an hour", "jwks", address, "err", err)
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	lost := false
	for kid, key := range set.keys {
		lost = lost || keys[kid] != key
	}
	set.keys, set.read = keys, time.Now()
	if lost {
		close(d.changed)
		d.changed = make(chan struct{})
	}
	return nil
}

// Run reads the sets that are in use again until ctx ends.
func (d *Desk) Run(ctx context.Context) {
	tick := time.NewTicker(readAgain)
	defer tick.Stop()
	defer d.client.CloseIdleConnections()
	for {
		select {
		case <-tick.C:
			d.refresh(ctx, time.Now())
		case <-ctx.Done():
			return
		}
	}
}

// refresh reads every set in use once, one after the other, and forgets the
// others.
func (d *Desk) refresh(ctx context.Context, now time.Time) {
	d.mu.Lock()
	maps.DeleteFunc(d.sets, func(_ string, s *keySet) bool { return now.Sub(s.asked) > forgetAfter && now.Sub(s.tried) > fetchEvery })
	sets := maps.Clone(d.sets)
	d.mu.Unlock()
	for address, set := range sets {
		if ctx.Err() != nil {
			return
		}
		asked := set.askedAt(d)
		_ = d.fetchOnce(ctx, address, set, fetchEvery) // it has been logged
		d.mu.Lock()
		set.asked = asked // that we look ourselves keeps nothing in use
		d.mu.Unlock()
	}
}

func (s *keySet) askedAt(d *Desk) time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return s.asked
}

// newClient fetches from where a portal's address leads and from nowhere else.
func newClient(c Config) *http.Client {
	dialer := &net.Dialer{Timeout: fetchWithin, Control: func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil || c.Permit == nil {
			return err
		}
		return c.Permit(to)
	}}
	return &http.Client{
		Timeout: fetchWithin,
		Transport: &http.Transport{DialContext: dialer.DialContext, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.Roots},
			TLSHandshakeTimeout: fetchWithin, ResponseHeaderTimeout: fetchWithin, MaxResponseHeaderBytes: 16 << 10, MaxIdleConns: 4, IdleConnTimeout: time.Minute},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (d *Desk) fetch(ctx context.Context, address string) (map[string]string, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchWithin)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("ask for the keys: %w", err)
	}
	if req.URL.Scheme != "https" {
		return nil, errors.New("keys are fetched by https only")
	}
	req.Header.Set("Accept", "application/jwk-set+json, application/json")
	resp, err := d.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask for the keys: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if resp.StatusCode != http.StatusOK || err != nil || kind != "application/json" && kind != "application/jwk-set+json" {
		return nil, fmt.Errorf("the address answers %d with %.60q: it must answer 200 with application/json, without a redirect", resp.StatusCode, kind)
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxSet+1))
	if err != nil {
		return nil, fmt.Errorf("read the keys: %w", err)
	}
	return readSet(text)
}

// readSet takes the Ed25519 keys of a set (RFC 7517 section 5, RFC 8037 section 2)
// and passes others by.
func readSet(text []byte) (map[string]string, error) {
	var doc struct {
		Keys []struct {
			Type    string `json:"kty"`
			Curve   string `json:"crv"`
			Use     string `json:"use"`
			Alg     string `json:"alg"`
			ID      string `json:"kid"`
			Public  string `json:"x"`
			Private string `json:"d"`
		} `json:"keys"`
	}
	if len(text) > maxSet {
		return nil, fmt.Errorf("the set of keys has more than %d bytes", maxSet)
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("read the keys: %w", err)
	}
	if len(doc.Keys) > maxKeys {
		return nil, fmt.Errorf("the set has more than %d keys", maxKeys)
	}
	keys := map[string]string{}
	for _, k := range doc.Keys {
		if k.Type != "OKP" || k.Curve != "Ed25519" || k.Use != "" && k.Use != "sig" || k.Alg != "" && k.Alg != algorithm && k.Alg != "Ed25519" {
			continue
		}
		_, sound := auth.PortalKey{Public: k.Public}.Key()
		_, twice := keys[k.ID]
		if k.Private != "" || !sound || twice || !auth.IsKID(k.ID) || k.ID == auth.OwnKID {
			return nil, errors.New("the set has an Ed25519 key that is private, unsound, or without a kid of its own: correct it")
		}
		keys[k.ID] = k.Public
	}
	return keys, nil
}
