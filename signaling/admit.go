package signaling

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"matthan/auth"
)

// Who is let in, and from which page.

// pageOf is where a request comes from.
func (s *Server) pageOf(r *http.Request) auth.From {
	origin := r.Header.Get("Origin")
	return auth.From{Origin: origin, Own: origin != "" && s.ownOrigin(r, origin)}
}

// strange records that a page of an origin which is not allowed tried to get in.
// The origin is its own word, and may be anything.
func (s *Server) strange(r *http.Request) {
	from := deviceOf(r)
	s.Audit.Seldom(auth.Record{Event: auth.ActDenied, Address: from.address, Device: from.name, Target: "origin",
		Detail: "a page of another origin: " + clip(r.Header.Get("Origin"), maxOrigin)})
}

// maxOrigin is as much of an origin as a record takes, in bytes.
const maxOrigin = 300

func clip(text string, most int) string { return strings.ToValidUTF8(text[:min(len(text), most)], "") }

// trusts says whether any token may come from there. From a portal's page only
// the portal's own may.
func (s *Server) trusts(from auth.From) bool {
	return from.Origin == "" || from.Own || slices.Contains(s.Origins, from.Origin)
}

// admit finds who begins something by a secret, or goes on with what they began.
// Its errors have codes.
func (s *Server) admit(ctx context.Context, secret string, from auth.From, again bool, now time.Time) (auth.Subject, error) {
	ctx, cancel := context.WithTimeout(ctx, admitWithin)
	defer cancel()
	enter := s.Policy.Enter
	if again {
		enter = s.Policy.Return
	}
	subject, err := enter(ctx, secret, from, now)
	if err == nil {
		_, err = s.Policy.Decide(subject, auth.Connect, auth.Resource{}, now)
	}
	switch {
	case errors.Is(err, auth.ErrUnauthenticated), errors.Is(err, auth.ErrDenied):
		return auth.Subject{}, coded(CodeToken)
	case errors.Is(err, auth.ErrOrigin):
		return auth.Subject{}, coded(CodeOrigin)
	case errors.Is(err, auth.ErrCrowded):
		return auth.Subject{}, coded(CodeTooMany)
	case err != nil:
		s.Log.Error("somebody was not let in", "err", err)
		return auth.Subject{}, coded(CodeInternal)
	case !subject.FromPortal() && !s.trusts(from):
		return auth.Subject{}, coded(CodeOrigin)
	}
	return subject, nil
}

// admitWithin bounds the wait for the store, and for the keys that a portal
// publishes.
const admitWithin = 8 * time.Second

// has says whether a session waits for its page to come back.
func (s *Server) has(resume string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return resume != "" && s.sessions[resume] != nil
}

// until is when a portal's token ends, in Unix ms; 0 for everybody else.
func (v *session) until(now time.Time) int64 {
	if t := v.server.Policy.LooksUntil(v.subject, now); !t.IsZero() {
		return t.UnixMilli()
	}
	return 0
}

// onRenew prolongs what a portal's officer looks by.
func (v *session) onRenew(ctx context.Context, b []byte) error {
	var m Renew
	if err := decode(b, &m); err != nil {
		return err
	}
	v.mu.Lock()
	from := v.page
	v.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, admitWithin)
	defer cancel()
	until, err := v.server.Policy.Renew(ctx, v.subject, m.Token, from, time.Now())
	switch {
	case errors.Is(err, auth.ErrOrigin):
		v.refuse(coded(CodeOrigin), nil)
	case errors.Is(err, auth.ErrUnauthenticated):
		v.refuse(coded(CodeToken), nil)
	case errors.Is(err, auth.ErrCrowded):
		v.refuse(coded(CodeTooMany), nil)
	case err != nil:
		v.refuse(err, nil)
	default:
		v.send(Renewed{Type: TypeRenewed, Until: until.UnixMilli()})
	}
	return nil
}
