package rtsp

import (
	"slices"

	"github.com/bluenviron/gortsplib/v4/pkg/base"

	"matthan/gateway"
	"matthan/gateway/digest"
)

// Bounds of a login: cameras lock an account after 5 to 7 refusals, and
// somebody may be typing it elsewhere.
const (
	maxRefusals = 2 // of a login in one Run
	maxStale    = 2 // new nonces in a row without an accepted request
)

// login answers a camera's challenges in place of gortsplib, which knows Digest
// as of RFC 2069 alone and does not look at a second challenge. It is pure but
// for its cnonce. The zero login asks for nothing.
type login struct {
	account gateway.Login

	chosen   *digest.Answers    // nil: none was asked for, or none is left to try
	refused  []digest.Challenge // that were answered in vain; at most maxRefusals
	sent     bool               // the last request was authorized
	accepted bool               // a request with the chosen challenge was accepted
	stale    int                // new nonces in a row
	quirk    bool               // more was asked for than RFC 2069 has
}

// authorize puts the Authorization of a request in the place of gortsplib's.
func (l *login) authorize(req *base.Request) {
	delete(req.Header, "Authorization")
	if l.sent = l.chosen != nil; !l.sent {
		return
	}
	header, _ := l.chosen.Next(digest.Attempt{User: l.account.User, Password: l.account.Password.Reveal(),
		Method: string(req.Method), URI: req.URL.CloneWithoutCredentials().String()})
	req.Header["Authorization"] = base.HeaderValue{header}
}

// answered takes what the camera said to the last request. again tells that the
// same request, authorized anew, may do.
func (l *login) answered(res *base.Response) (again bool) {
	if res.StatusCode != base.StatusUnauthorized {
		if l.sent && res.StatusCode < base.StatusBadRequest {
			l.accepted, l.stale = true, 0
		}
		return false
	}
	if l.account == (gateway.Login{}) {
		return false
	}
	offered := digest.Read(res.Header["WWW-Authenticate"])
	if l.sent && l.renewed(offered) {
		return true
	}
	if l.sent {
		l.refused = append(l.refused, l.chosen.Challenge)
	}
	l.chosen, l.accepted = nil, false
	if len(l.refused) >= maxRefusals {
		return false
	}
	slices.SortStableFunc(offered, digest.Compare)
	for _, c := range offered {
		if !slices.ContainsFunc(l.refused, c.Same) {
			l.quirk = l.quirk || !c.Old() || len(l.refused) > 0
			l.chosen = digest.Begin(c)
			return true
		}
	}
	return false
}

// renewed takes a new nonce for the chosen challenge: one that the camera calls
// stale, or that comes for a login which it has accepted before.
func (l *login) renewed(offered []digest.Challenge) bool {
	for _, c := range offered {
		if !c.Renews(l.chosen.Challenge) || !c.Stale && !l.accepted {
			continue
		}
		if l.stale++; l.stale > maxStale {
			return false
		}
		l.quirk = true
		l.chosen = digest.Begin(c)
		return true
	}
	return false
}
