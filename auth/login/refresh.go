package login

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Grace is how long a session goes on whose provider does not answer.
const Grace = 15 * time.Minute

// ErrEnded is Refresh's answer where the session is over.
var ErrEnded = errors.New("the session is over")

// asking is a refresh under way.
type asking struct {
	done chan struct{}
	err  error
}

// Refresh asks the provider again whether a session may go on, and what its
// rights are now. Call it every few minutes while media is open.
//
// Nil means yes. ErrEnded means that the session is over: the provider said no,
// nobody gives it a role any more, or the provider did not answer for Grace.
// Any other error says that the provider or the store did not answer, and the
// session goes on. At most one refresh of a session is under way; whoever comes
// meanwhile gets its answer. A session without a refresh token is not asked
// about.
func (l *Login) Refresh(ctx context.Context, id string) error {
	l.mu.Lock()
	if a := l.asking[id]; a != nil {
		l.mu.Unlock()
		select {
		case <-a.done:
			return a.err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	a := &asking{done: make(chan struct{})}
	l.asking[id] = a
	l.mu.Unlock()
	// A caller that leaves must not lose the token that is under way.
	inner, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*askWait)
	defer cancel()
	a.err = l.refresh(inner, id, time.Now())
	l.mu.Lock()
	delete(l.asking, id)
	l.mu.Unlock()
	close(a.done)
	return a.err
}

func (l *Login) refresh(ctx context.Context, id string, now time.Time) error {
	s, err := l.cfg.Sessions.Get(ctx, id)
	if errors.Is(err, ErrNoSession) {
		l.heard(id)
		return ErrEnded
	}
	if err != nil {
		return fmt.Errorf("find the session: %w", err)
	}
	if s.Issuer != l.cfg.Issuer { // its tokens are nothing for this provider
		return l.end(ctx, id, "it is of another provider than the one that is configured now")
	}
	if s.Refresh == "" {
		return nil
	}
	f, err := l.provider(ctx)
	if err != nil {
		return l.unheard(ctx, id, now)
	}
	t, err := f.oauth.TokenSource(oidc.ClientContext(ctx, l.http), &oauth2.Token{RefreshToken: s.Refresh}).Token()
	if err != nil && isSilence(err) {
		return l.unheard(ctx, id, now)
	}
	if err != nil {
		return l.end(ctx, id, "the provider withdrew it")
	}
	return l.renew(ctx, f, s, t, now)
}

// renew keeps the provider's new answer about a session, or ends it. The new
// refresh token is kept even where the rest cannot be checked now: the old one
// is spent.
func (l *Login) renew(ctx context.Context, f *found, s Session, t *oauth2.Token, now time.Time) error {
	who, tokens, unchecked := s.Identity, Tokens{ID: s.Tokens.ID, Refresh: t.RefreshToken}, false
	if raw, _ := t.Extra("id_token").(string); raw != "" {
		next, err := l.identify(ctx, f, raw, "")
		switch {
		case errors.Is(err, errSilent):
			unchecked = true
		case err != nil:
			return l.end(ctx, s.ID, "the provider's new answer gives no right: "+err.Error())
		case next.Issuer != s.Issuer || next.Subject != s.Subject:
			return l.end(ctx, s.ID, "the provider's new answer is about somebody else")
		default:
			who, tokens.ID = next, raw
			if who.SID == "" {
				who.SID = s.SID
			}
		}
	}
	err := l.cfg.Sessions.Refreshed(ctx, s.ID, who, tokens, now)
	switch {
	case errors.Is(err, ErrNoSession):
		return ErrEnded
	case err != nil:
		return fmt.Errorf("keep the new token: %w", err)
	case unchecked:
		return l.unheard(ctx, s.ID, now)
	}
	l.heard(s.ID)
	return nil
}

func (l *Login) end(ctx context.Context, id, why string) error {
	l.heard(id)
	if err := l.cfg.Sessions.End(ctx, id, why); err != nil {
		return fmt.Errorf("%w, but could not be ended: %w", ErrEnded, err)
	}
	return ErrEnded
}

// heard forgets that the provider was silent about a session.
func (l *Login) heard(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.silent, id)
}

// unheard ends a session when its provider has been silent for Grace.
func (l *Login) unheard(ctx context.Context, id string, now time.Time) error {
	l.mu.Lock()
	for other, since := range l.silent { // of sessions that nobody asks about any more
		if other != id && now.Sub(since) >= 4*Grace {
			delete(l.silent, other)
		}
	}
	since, known := l.silent[id]
	if !known {
		since = now
		l.silent[id] = now
	}
	l.mu.Unlock()
	if now.Sub(since) >= Grace {
		return l.end(ctx, id, "the provider did not answer for too long")
	}
	return errSilent
}
