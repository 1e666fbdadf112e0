package login

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"
)

// ErrNoSession is what Sessions answer where there is none, or no longer.
var ErrNoSession = errors.New("there is no such session")

// Identity is who signed in, as the provider and the rules say.
type Identity struct {
	Issuer, Subject      string // together the person; nothing else is
	SID                  string // the provider's name for the sign-in; "" where it gives none
	Name                 string // for people; may be ""
	Number               string // preferred_username: what the office calls them; may be ""
	Roles, Groups, Areas []string
	Factors              []string  // by which the person proved who they are (RFC 8176); none where the provider does not say
	At                   time.Time // when the person proved who they are; zero where the provider does not say
}

// Tokens are what the gateway keeps of the provider's. They show themselves to
// nobody.
type Tokens struct {
	ID      string // the latest ID token, for the logout at the provider
	Refresh string // "" where the provider gives none
}

// Format implements fmt.Formatter for every verb.
func (Tokens) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "•••") }

// LogValue implements slog.LogValuer.
func (Tokens) LogValue() slog.Value { return slog.StringValue("•••") }

// Device is where somebody signs in.
type Device struct {
	UserAgent string
	Address   string // without a port
}

// Session is a sign-in that the gateway keeps.
type Session struct {
	ID string // not a secret
	Identity
	Tokens
}

// Sessions keeps sessions. Ending one that is over already is no error.
type Sessions interface {
	// Begin makes a session of a device and returns the secret for the browser's
	// cookie.
	Begin(ctx context.Context, who Identity, tokens Tokens, from Device, now time.Time) (secret string, err error)
	// Find returns the session of a cookie's secret, or ErrNoSession.
	Find(ctx context.Context, secret string, now time.Time) (Session, error)
	// Get returns a session by its ID, or ErrNoSession.
	Get(ctx context.Context, id string) (Session, error)
	// Refreshed replaces what a session knows after its provider was asked
	// again. Rights that are gone end what runs under them.
	Refreshed(ctx context.Context, id string, who Identity, tokens Tokens, now time.Time) error
	// End ends a session, EndSID those of a provider's sign-in, EndSubject all
	// of a person.
	End(ctx context.Context, id, why string) error
	EndSID(ctx context.Context, issuer, sid, why string) error
	EndSubject(ctx context.Context, issuer, subject, why string) error
}

func setCookie(w http.ResponseWriter, name, value string, life time.Duration) {
	c := &http.Cookie{Name: name, Value: value, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: int(life / time.Second)}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}
