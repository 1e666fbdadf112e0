package login

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"matthan/auth"
	"matthan/auth/page"
)

const (
	maxDevice = 200     // characters that are kept of a browser's own name
	maxPosted = 8 << 10 // bytes of an answer in a form
)

// posted takes the provider's answer as a form (OAuth 2.0 Form Post Response
// Mode). Browsers send the sign-in's cookie not with a form of another site, but
// with the redirect that it is answered with.
func (l *Login) posted(w http.ResponseWriter, r *http.Request) {
	page.Harden(w.Header(), "")
	r.Body = http.MaxBytesReader(w, r.Body, maxPosted)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "the answer is not a form of at most 8 KB", http.StatusBadRequest)
		return
	}
	q := url.Values{}
	for _, name := range []string{"state", "code", "iss", "error"} {
		if r.PostForm.Has(name) {
			q.Set(name, r.PostForm.Get(name))
		}
	}
	http.Redirect(w, r, callbackPath+"?"+q.Encode(), http.StatusSeeOther)
}

// callback takes the provider's answer.
func (l *Login) callback(w http.ResponseWriter, r *http.Request) {
	now, q := time.Now(), r.URL.Query()
	b, err := l.begunBy(r, q.Get("state"), now)
	if err != nil {
		l.sorry(w, b.Lang, expired, "/")
		return
	}
	setCookie(w, beginCookie, "", 0)
	f, err := l.provider(r.Context())
	switch {
	case err != nil:
		l.sorry(w, b.Lang, silent, b.Back)
		return
	case q.Has("iss") && q.Get("iss") != l.cfg.Issuer, f.sendsIss && !q.Has("iss"): // RFC 9207
		l.cfg.Log.Warn("an answer came from another identity provider", "issuer", l.cfg.Issuer)
		l.sorry(w, b.Lang, failed, b.Back)
		return
	case q.Has("error"):
		l.cfg.Log.Info("the identity provider refused a sign-in", "error", cut(q.Get("error"), 100))
		l.sorry(w, b.Lang, refused, b.Back)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), askWait)
	defer cancel()
	who, tokens, err := l.exchange(ctx, f, q.Get("code"), b)
	if err != nil {
		l.refuse(w, r, b, who, err)
		return
	}
	l.enter(w, r, b, who, tokens)
}

// exchange redeems the code.
func (l *Login) exchange(ctx context.Context, f *found, code string, b begun) (Identity, Tokens, error) {
	t, err := f.oauth.Exchange(oidc.ClientContext(ctx, l.http), code, oauth2.VerifierOption(b.Verifier))
	if err != nil {
		if isSilence(err) {
			return Identity{}, Tokens{}, errSilent
		}
		return Identity{}, Tokens{}, withoutAnswer(err)
	}
	raw, _ := t.Extra("id_token").(string)
	who, err := l.identify(ctx, f, raw, b.Nonce)
	return who, Tokens{ID: raw, Refresh: t.RefreshToken}, err
}

// enter begins the session. What the browser had before ends, so that nobody
// can give it a session beforehand.
func (l *Login) enter(w http.ResponseWriter, r *http.Request, b begun, who Identity, tokens Tokens) {
	now := time.Now()
	if old, err := l.cfg.Sessions.Find(r.Context(), auth.Cookie(r), now); err == nil {
		if err := l.cfg.Sessions.End(r.Context(), old.ID, "signed in again"); err != nil {
			l.cfg.Log.Error("an old session could not be ended", "session", old.ID, "err", err)
		}
	}
	secret, err := l.cfg.Sessions.Begin(r.Context(), who, tokens, deviceOf(r), now)
	switch {
	case errors.Is(err, auth.ErrNoRole), errors.Is(err, auth.ErrBlocked):
		l.tell(r, who, err)
		l.cfg.Log.Warn("somebody signed in who has no right here", "subject", who.Subject, "err", err)
		l.sorry(w, b.Lang, noRole, b.Back)
		return
	case err != nil:
		l.cfg.Log.Error("a session could not be begun", "subject", who.Subject, "err", err)
		l.sorry(w, b.Lang, failed, b.Back)
		return
	}
	http.SetCookie(w, auth.NewCookie(secret, now.Add(l.cfg.Lifetime)))
	page.Harden(w.Header(), "")
	http.Redirect(w, r, b.Back, http.StatusSeeOther)
}

// refuse says why there is no session, as far as it helps.
func (l *Login) refuse(w http.ResponseWriter, r *http.Request, b begun, who Identity, err error) {
	if !errors.Is(err, errSilent) {
		l.tell(r, who, err)
	}
	switch {
	case errors.Is(err, errSilent):
		l.sorry(w, b.Lang, silent, b.Back)
	case errors.Is(err, errNoRole):
		l.cfg.Log.Warn("somebody signed in for whom no rule gives a role", "subject", who.Subject, "err", err)
		l.sorry(w, b.Lang, noRole, b.Back)
	case errors.Is(err, ErrUndecidable):
		l.cfg.Log.Error("a sign-in was refused", "err", err)
		l.sorry(w, b.Lang, undecidable, b.Back)
	default:
		l.cfg.Log.Warn("a sign-in failed", "err", err)
		l.sorry(w, b.Lang, failed, b.Back)
	}
}

func deviceOf(r *http.Request) Device {
	return Device{cut(r.UserAgent(), maxDevice), auth.Address(r)}
}

// tell tells of a sign-in that was refused.
func (l *Login) tell(r *http.Request, who Identity, err error) {
	if l.cfg.Refused != nil {
		l.cfg.Refused(who, deviceOf(r), err)
	}
}

// isSilence says whether the provider did not decide: it could not be reached,
// failed, or asked to come back later.
func isSilence(err error) bool {
	var answer *oauth2.RetrieveError
	if !errors.As(err, &answer) {
		var u *url.Error
		return errors.As(err, &u) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
	}
	switch code := answer.Response.StatusCode; {
	case code >= 500, code == http.StatusTooManyRequests, code == http.StatusRequestTimeout:
		return true
	}
	// Some say so with 400.
	return answer.ErrorCode == "server_error" || answer.ErrorCode == "temporarily_unavailable"
}

// withoutAnswer keeps a provider's whole answer out of the log.
func withoutAnswer(err error) error {
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) {
		return errors.New("the provider refused the code: " + cut(answer.ErrorCode, 100))
	}
	return errors.New("the provider's answer could not be read")
}
