package auth

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Bounds of portals and of their tokens.
const (
	MaxPortals       = 200
	MaxEmbedLife     = 5 * time.Minute // of a token: the longest that an officer looks on after the portal's last word
	MaxPortalViewers = 10_000          // of one portal at once

	defaultPortalViewers = 50
	maxOrigins           = 16
	maxPortalKeys        = 16
	maxPortalID          = 40
	maxPortalName        = 100
	maxOfficer           = 80 // bytes: with the portal's ID it fits into a record's subject
	maxTokenID           = 128
	embedSkew            = 30 * time.Second // by which a portal's clock may be ahead of ours
)

// OwnKID names our own key, which signs the tokens that a portal has us issue. No
// portal's key has this name.
const OwnKID = "matthan"

// Portal is another site, whose officers look at cameras in its own pages. What
// it vouches for with its keys is bounded by what is said of it here.
type Portal struct {
	ID       string               `json:"id"` // small letters, digits and '-'
	Name     string               `json:"name"`
	Origins  []string             `json:"origins"`        // of its pages, exactly as browsers send them; https, or http of localhost
	Keys     []PortalKey          `json:"keys,omitempty"` // that sign its tokens
	JWKS     string               `json:"jwks,omitempty"` // https address of more of them (RFC 7517)
	Areas    []string             `json:"areas,omitempty"`
	Cameras  []string             `json:"cameras,omitempty"` // of any kind
	Kinds    []string             `json:"kinds,omitempty"`   // of the cameras in Areas; empty: every kind but Household
	Disabled bool                 `json:"disabled,omitempty"`
	Viewers  int                  `json:"viewers"` // officers at once; 0: defaultPortalViewers
	By       string               `json:"by"`
	Made     time.Time            `json:"made"`
	Secret   string               `json:"secret,omitempty"`    // SHA-256, in hex, of what the portal's own server shows us; "" none
	Before   time.Time            `json:"not_before,omitzero"` // tokens issued, or taken, before this are void
	Ended    map[string]time.Time `json:"ended,omitempty"`     // by officer, likewise
}

// PortalKey is the public part of an Ed25519 key (RFC 8037).
type PortalKey struct {
	KID    string `json:"kid"`
	Public string `json:"public"` // 32 bytes in base64url without padding: the x of its JWK
}

// Key is the key itself.
func (k PortalKey) Key() (ed25519.PublicKey, bool) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(k.Public)
	return b, err == nil && len(b) == ed25519.PublicKeySize
}

// check says what is wrong with what an administrator set. The error is ErrFaulty.
func (p *Portal) check() error {
	switch {
	case p.ID == "" || len(p.ID) > maxPortalID || strings.Trim(p.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "":
		return fmt.Errorf("%w: a portal's id has 1 to %d small letters, digits and -", ErrFaulty, maxPortalID)
	case p.Name == "" || len(p.Name) > maxPortalName || cleanText(p.Name, maxPortalName) != p.Name:
		return fmt.Errorf("%w: a portal's name has at most %d bytes on one line", ErrFaulty, maxPortalName)
	case len(p.Origins) == 0 || len(p.Origins) > maxOrigins:
		return fmt.Errorf("%w: name 1 to %d origins of the portal's pages", ErrFaulty, maxOrigins)
	case p.Viewers < 0 || p.Viewers > MaxPortalViewers:
		return fmt.Errorf("%w: viewers is at most %d", ErrFaulty, MaxPortalViewers)
	case len(p.Keys) > maxPortalKeys:
		return fmt.Errorf("%w: a portal has at most %d keys: take the old ones out", ErrFaulty, maxPortalKeys)
	case len(p.Areas)+len(p.Cameras) == 0 || len(p.Areas)+len(p.Cameras) > maxPlaces || len(p.Kinds) > maxKinds:
		return fmt.Errorf("%w: a portal is for 1 to %d areas and cameras, and at most %d kinds", ErrFaulty, maxPlaces, maxKinds)
	}
	for _, list := range [...][]string{p.Areas, p.Cameras, p.Kinds} {
		for _, id := range list {
			if id == "" || len(id) > maxID {
				return fmt.Errorf("%w: an area, camera or kind of the portal is empty or longer than %d bytes", ErrFaulty, maxID)
			}
		}
	}
	for _, origin := range p.Origins {
		if !isPortalOrigin(origin) {
			return fmt.Errorf("%w: %.100q is no origin: it looks like https://portal.example or https://portal.example:8443, without a path; http is for localhost only", ErrFaulty, origin)
		}
	}
	return p.checkKeys()
}

func (p *Portal) checkKeys() error {
	named := map[string]bool{OwnKID: true}
	for _, k := range p.Keys {
		if !IsKID(k.KID) || named[k.KID] {
			return fmt.Errorf("%w: a key's kid has 1 to 64 letters, digits and . _ -, is not %s, and names one key only", ErrFaulty, OwnKID)
		}
		named[k.KID] = true
		if _, ok := k.Key(); !ok {
			return fmt.Errorf("%w: the public part of key %s is not an Ed25519 key: give its 32 bytes in base64url, without padding", ErrFaulty, k.KID)
		}
	}
	if p.JWKS == "" {
		return nil
	}
	u, err := url.Parse(p.JWKS)
	if err != nil || len(p.JWKS) > 500 || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Fragment != "" || u.Opaque != "" {
		return fmt.Errorf("%w: jwks is an https address without a user or fragment", ErrFaulty)
	}
	return nil
}

// IsKID says whether a text may name a key.
func IsKID(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '.' && c != '_' && c != '-' {
			return false
		}
	}
	return s != "" && len(s) <= 64
}

// isPortalOrigin takes what a browser would send for a page (RFC 6454 section
// 6.2), and nothing that only means the same.
func isPortalOrigin(s string) bool {
	u, err := url.Parse(s)
	if err != nil || len(s) > 300 || u.Scheme+"://"+u.Host != s || s != strings.ToLower(s) {
		return false
	}
	host := u.Hostname()
	if strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789.-:") != "" || host == "" || strings.HasSuffix(u.Host, ":") {
		return false // also what could add to a policy's list
	}
	port, err := strconv.Atoi(u.Port())
	if u.Port() != "" && (err != nil || port < 1 || port > 65535 || strconv.Itoa(port) != u.Port()) {
		return false
	}
	local := host == "localhost" || host == "127.0.0.1" || host == "::1"
	return u.Scheme == "https" && u.Port() != "443" || u.Scheme == "http" && local && u.Port() != "80"
}

// covers says whether a portal may ever show a camera.
func (p *Portal) covers(r Resource) bool {
	t := Token{Areas: p.Areas, Kinds: p.Kinds}
	return r.Camera != "" && (slices.Contains(p.Cameras, r.Camera) || t.coversKind(r.Kind) && t.coversArea(r.Areas))
}

// viewers is how many officers may look at once.
func (p *Portal) viewers() int {
	if p.Viewers == 0 {
		return defaultPortalViewers
	}
	return p.Viewers
}

// copy has nothing in common with its original, whose owner may change it.
func (p Portal) copy() Portal {
	p.Origins, p.Keys, p.Areas = slices.Clone(p.Origins), slices.Clone(p.Keys), slices.Clone(p.Areas)
	p.Cameras, p.Kinds = slices.Clone(p.Cameras), slices.Clone(p.Kinds)
	ended := make(map[string]time.Time, len(p.Ended))
	for officer, at := range p.Ended {
		ended[officer] = at
	}
	p.Ended = ended
	return p
}

// Embed is a token that was used, kept until it would have ended: a second use
// finds it.
type Embed struct {
	Portal string    `json:"portal"`
	Token  string    `json:"token"` // its SHA-256
	Until  time.Time `json:"until"`
}

// Visa is what a portal's token says, once its signature is verified.
type Visa struct {
	Portal  string // who says it
	KID     string // by which key
	Public  string // the key itself, as in PortalKey
	ID      string // of the token; used once
	Officer string // the portal's own name for who looks
	Name    string // of the officer, for people
	Camera  string // what may be looked at: a camera
	Area    string // or an area with all below it
	Origin  string // of the page that shows it
	Reason  string // what a citizen's camera is looked at for
	Case    string
	Issued  time.Time
	Expires time.Time
}

// check says whether a token that its portal signed counts now.
func (v *Visa) check(p *Portal, now time.Time) error {
	switch {
	case p.Disabled,
		v.ID == "" || len(v.ID) > maxTokenID,
		v.Officer == "" || cleanText(v.Officer, maxOfficer) != v.Officer,
		(v.Camera == "") == (v.Area == ""), len(v.Camera) > maxID, len(v.Area) > maxID,
		!slices.Contains(p.Origins, v.Origin),
		v.checkCase() != nil,
		v.Issued.After(now.Add(embedSkew)), !now.Before(v.Expires),
		!v.Expires.After(v.Issued) || v.Expires.Sub(v.Issued) > MaxEmbedLife,
		p.voids(v.Officer, v.Issued):
		return ErrUnauthenticated
	}
	return nil
}

// checkCase says what is wrong with the case that a token states, if it states one.
func (v *Visa) checkCase() error {
	if v.Reason == "" && v.Case == "" {
		return nil
	}
	return Case{Reason: Reason(v.Reason), Number: v.Case}.Check()
}

// voids says whether what an officer was given at a time has been ended since.
func (p *Portal) voids(officer string, at time.Time) bool {
	return at.Before(p.Before) || at.Before(p.Ended[officer])
}

// lease names what the tokens of one officer for one thing are for: each of them
// prolongs it.
func (v *Visa) lease() (key [sha256.Size]byte) {
	var b []byte
	for _, s := range [...]string{v.Portal, v.Officer, v.Camera, v.Area, v.Origin, v.Reason, v.Case} {
		b = strconv.AppendInt(b, int64(len(s)), 10)
		b = append(append(b, ' '), s...)
	}
	return sha256.Sum256(b)
}

// key is that of the token's row in Tables.Embeds.
func (v *Visa) key() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %s", len(v.Portal), v.Portal, v.ID))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// subject is the ID of the officer, for the audit log.
func (v *Visa) subject() string { return "portal:" + v.Portal + ":" + v.Officer }

func hexOf(sum [sha256.Size]byte) string { return hex.EncodeToString(sum[:]) }
