package login

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"matthan/auth"
	"matthan/auth/page"
)

// logout ends the session here first, and then at the provider.
func (l *Login) logout(w http.ResponseWriter, r *http.Request) {
	page.Harden(w.Header(), "")
	if err := http.NewCrossOriginProtection().Check(r); err != nil {
		http.Error(w, "sign out from the gateway's own page", http.StatusForbidden)
		return
	}
	s, err := l.cfg.Sessions.Find(r.Context(), auth.Cookie(r), time.Now())
	if err == nil {
		err = l.cfg.Sessions.End(context.WithoutCancel(r.Context()), s.ID, "signed out")
	}
	if err != nil && !errors.Is(err, ErrNoSession) {
		// The cookie stays, so that signing out can be tried again.
		l.cfg.Log.Error("a session could not be ended", "session", s.ID, "err", err)
		http.Error(w, "the session could not be ended: try again", http.StatusServiceUnavailable)
		return
	}
	http.SetCookie(w, auth.NewCookie("", time.Time{}))
	// The device may be handed on. Not "cookies", which would take those of other hosts of the same domain too.
	w.Header().Set("Clear-Site-Data", `"storage"`)
	to := l.cfg.AfterLogout
	if f, err := l.provider(r.Context()); s.ID != "" && s.Issuer == l.cfg.Issuer && err == nil && f.end != "" {
		to = withQuery(f.end, url.Values{"id_token_hint": {s.Tokens.ID}, "client_id": {l.cfg.ClientID}, "post_logout_redirect_uri": {l.cfg.AfterLogout}})
	}
	if !strings.HasPrefix(to, l.origin+"/") {
		l.lead(w, page.LangOf(r.Header.Get("Accept-Language")), to)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// lead sends a browser to a provider of another origin to sign out there too.
// A redirect would not do: it belongs to the form that signed out, and the
// page's policy (form-action 'self') holds for where a form leads in the end.
func (l *Login) lead(w http.ResponseWriter, lang page.Lang, to string) {
	words := signedOut[lang]
	w.Header().Set("Refresh", "0; url="+to)
	page.Say(w, http.StatusOK, page.Page{Lang: lang, Title: words.title}, page.Message{Text: words.text, Action: words.action, Href: to})
}

func withQuery(to string, q url.Values) string {
	if strings.Contains(to, "?") {
		return to + "&" + q.Encode()
	}
	return to + "?" + q.Encode()
}

// Bounds of the back channel, to which anybody may send.
const (
	maxLogoutBody  = 16 << 10
	maxLogoutLife  = 15 * time.Minute // of a logout token
	logoutSkew     = time.Minute      // between our clock and the provider's
	maxLogoutsSeen = 20_000
	maxLogoutsNow  = 4 // checked at a time: an unknown key is asked of the provider
)

// logouts are the logout tokens that were taken, for as long as they would be
// good.
type logouts struct {
	turns chan struct{}
	mu    sync.Mutex
	seen  map[string]time.Time // by jti, until when
}

func newLogouts() logouts {
	return logouts{turns: make(chan struct{}, maxLogoutsNow), seen: map[string]time.Time{}}
}

var (
	errReplay = errors.New("the logout token was used before")
	errCrowd  = errors.New("too many logout tokens at this moment")
)

// take notes a token, once.
func (o *logouts) take(jti string, until, now time.Time) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, ok := o.seen[jti]; ok {
		return errReplay
	}
	if len(o.seen) >= maxLogoutsSeen {
		for j, end := range o.seen {
			if now.After(end) {
				delete(o.seen, j)
			}
		}
		if len(o.seen) >= maxLogoutsSeen {
			return errCrowd
		}
	}
	o.seen[jti] = until
	return nil
}

// drop lets a token be used again that could not be obeyed.
func (o *logouts) drop(jti string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.seen, jti)
}

// backchannel takes the provider's word that somebody signed out (OpenID
// Connect Back-Channel Logout 1.0 section 2.5).
func (l *Login) backchannel(w http.ResponseWriter, r *http.Request) {
	page.Harden(w.Header(), "")
	r.Body = http.MaxBytesReader(w, r.Body, maxLogoutBody)
	if err := r.ParseForm(); err != nil {
		answerLogout(w, http.StatusBadRequest, "the body is not a form of at most 16 KB")
		return
	}
	token, err := l.logoutToken(r.Context(), r.PostForm.Get("logout_token"))
	switch {
	case errors.Is(err, errSilent), errors.Is(err, errCrowd):
		w.Header().Set("Retry-After", "5")
		answerLogout(w, http.StatusServiceUnavailable, err.Error())
		return
	case err != nil:
		l.cfg.Log.Warn("a logout token was refused", "err", err)
		answerLogout(w, http.StatusBadRequest, "the logout token is refused")
		return
	}
	ctx := context.WithoutCancel(r.Context())
	if token.SessionID != "" {
		err = l.cfg.Sessions.EndSID(ctx, token.Issuer, token.SessionID, "signed out at the provider")
	} else {
		err = l.cfg.Sessions.EndSubject(ctx, token.Issuer, token.Subject, "signed out at the provider")
	}
	if err != nil {
		l.logouts.drop(token.TokenID)
		l.cfg.Log.Error("sessions could not be ended", "err", err)
		answerLogout(w, http.StatusServiceUnavailable, "the session could not be ended: try again")
	}
}

func answerLogout(w http.ResponseWriter, status int, why string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": "invalid_request", "error_description": why}) // the provider may be gone
}

// logoutToken checks a logout token and takes it.
func (l *Login) logoutToken(ctx context.Context, raw string) (*oidc.LogoutToken, error) {
	// go-oidc v3.21.0 does not look at the type.
	switch typ := typeOf(raw); {
	case strings.EqualFold(typ, "logout+jwt"):
	case typ != "" && !strings.EqualFold(typ, "JWT"):
		return nil, errors.New("its type is not logout+jwt")
	case !l.cfg.UntypedLogout:
		return nil, errors.New("it has no type: where the provider sets none (Dex), set untyped_logout")
	}
	select {
	case l.logouts.turns <- struct{}{}:
	default:
		return nil, errCrowd
	}
	defer func() { <-l.logouts.turns }()
	f, err := l.provider(ctx)
	if err != nil {
		return nil, err
	}
	t, err := f.verifier.VerifyLogout(oidc.ClientContext(ctx, l.http), raw)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	if t.IssuedAt.IsZero() || t.IssuedAt.After(now.Add(logoutSkew)) || t.Expiry.Sub(t.IssuedAt) > maxLogoutLife {
		return nil, errors.New("it is from the future, or good for too long")
	}
	if len(t.TokenID) > maxText {
		return nil, errors.New("its jti is too long")
	}
	return t, l.logouts.take(t.TokenID, t.Expiry, now)
}

// typeOf is the type in the header of a token that is not checked yet.
func typeOf(raw string) string {
	head, _, _ := strings.Cut(raw, ".")
	text, err := base64.RawURLEncoding.DecodeString(head)
	var header struct {
		Type string `json:"typ"`
	}
	if err != nil || json.Unmarshal(text, &header) != nil {
		return "?"
	}
	return header.Type
}
