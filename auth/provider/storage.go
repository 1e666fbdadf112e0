package provider

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// How long tokens are good for.
const (
	accessLife = 5 * time.Minute
	familyLife = 12 * time.Hour // a shift
)

var errNotOffered = errors.New("this is not offered")

// storage is what the library asks of us: op.Storage.
type storage struct {
	cfg      Config
	requests *requests
	proofs   *shelf[[sha256.Size]byte, proof] // by browser
	key      signingKey
	log      *slog.Logger
}

// refresh is a refresh token that was shown and is good: an
// op.RefreshTokenRequest.
type refresh struct {
	subject, family, digest string
	client                  string
	scopes                  []string
	by                      manner
	began                   time.Time
}

func (r *refresh) GetAMR() []string            { return r.by.amr() }
func (r *refresh) GetAudience() []string       { return []string{r.client} }
func (r *refresh) GetAuthTime() time.Time      { return r.began }
func (r *refresh) GetClientID() string         { return r.client }
func (r *refresh) GetScopes() []string         { return r.scopes }
func (r *refresh) GetSubject() string          { return r.subject }
func (r *refresh) SetCurrentScopes(s []string) { r.scopes = s }

// tell gives an event to the audit log.
func (s *storage) tell(ctx context.Context, e Event) {
	if s.cfg.Event != nil {
		if from, ok := ctx.Value(originKey{}).(origin); ok && e.Source == "" {
			e.Source = from.source
		}
		s.cfg.Event(e)
	}
}

// disprove forgets that the owner of an account has just shown who they are.
func (s *storage) disprove(subject string) {
	s.proofs.drop(func(p proof) bool { return p.subject == subject })
}

// active finds an account that may be signed in.
func (s *storage) active(ctx context.Context, subject string) (Account, error) {
	a, err := s.cfg.Accounts.BySubject(ctx, subject)
	if err == nil && (a.Disabled || a.Hash == "") {
		err = ErrNoAccount
	}
	if errors.Is(err, ErrNoAccount) {
		return Account{}, oidc.ErrInvalidGrant().WithDescription("the account is withdrawn").WithParent(err)
	}
	if err != nil {
		return Account{}, oidc.ErrServerError().WithParent(fmt.Errorf("find an account: %w", err))
	}
	return a, nil
}

// endFamily ends what came of one sign-in; where that is already over, nothing
// happens.
func (s *storage) endFamily(ctx context.Context, subject, family string) {
	err := s.cfg.Accounts.Change(ctx, subject, func(a *Account) error {
		kept := slices.DeleteFunc(a.Families, func(f Family) bool { return f.ID == family })
		if a.Login == "" || len(kept) == len(a.Families) {
			return ErrNoAccount // a new record must not come of this
		}
		a.Families = kept
		return nil
	})
	if err != nil && !errors.Is(err, ErrNoAccount) {
		s.log.Error("a sign-in could not be ended: disable the account if it must end", "account", subject, "err", err)
	}
}

// CreateAccessToken is for sign-ins without offline_access.
func (s *storage) CreateAccessToken(ctx context.Context, r op.TokenRequest) (string, time.Time, error) {
	if _, err := s.active(ctx, r.GetSubject()); err != nil {
		return "", time.Time{}, err
	}
	return rand.Text(), time.Now().Add(accessLife), nil
}

// CreateAccessAndRefreshTokens begins a family, or replaces its token.
func (s *storage) CreateAccessAndRefreshTokens(ctx context.Context, r op.TokenRequest, _ string) (string, string, time.Time, error) {
	if _, err := s.active(ctx, r.GetSubject()); err != nil {
		return "", "", time.Time{}, err
	}
	secret, now := rand.Text(), time.Now()
	var family string
	var edit func(*Account) error
	switch v := r.(type) {
	case *request:
		family = v.family
		edit = func(a *Account) error { return s.beginFamily(a, v, digest(secret), now) }
	case *refresh:
		family = v.family
		edit = func(a *Account) error { return rotate(a, v, digest(secret), now) }
	default:
		return "", "", time.Time{}, oidc.ErrUnsupportedGrantType()
	}
	if err := s.change(ctx, r.GetSubject(), family, edit); err != nil {
		return "", "", time.Time{}, err
	}
	return rand.Text(), strings.Join([]string{r.GetSubject(), family, secret}, "."), now.Add(accessLife), nil
}

// change is for edits that a reused token makes fail: it ends the family then.
func (s *storage) change(ctx context.Context, subject, family string, edit func(*Account) error) error {
	err := s.cfg.Accounts.Change(ctx, subject, edit)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errReused):
		s.endFamily(context.WithoutCancel(ctx), subject, family)
		s.tell(ctx, Event{Kind: TokenReused, Subject: subject})
	case !errors.Is(err, errGone):
		return oidc.ErrServerError().WithParent(fmt.Errorf("keep a sign-in: %w", err))
	}
	return oidc.ErrInvalidGrant().WithParent(err)
}

var (
	errReused = errors.New("a token was used twice")
	errGone   = errors.New("the sign-in is over")
)

func (s *storage) beginFamily(a *Account, r *request, digest string, now time.Time) error {
	if a.Disabled || a.Hash == "" || s.requests.isBurned(r.code) {
		return errGone
	}
	a.Families = slices.DeleteFunc(a.Families, func(f Family) bool { return !now.Before(f.Until) })
	if n := len(a.Families) - maxFamilies + 1; n > 0 {
		a.Families = slices.Delete(a.Families, 0, n)
	}
	a.Families = append(a.Families, Family{ID: r.family, Digest: digest, Began: r.at, Until: now.Add(familyLife), By: r.by})
	return nil
}

// rotate replaces the family's token, if it is still the one that was shown.
func rotate(a *Account, r *refresh, digest string, now time.Time) error {
	i := slices.IndexFunc(a.Families, func(f Family) bool { return f.ID == r.family })
	switch {
	case a.Disabled || i < 0 || !now.Before(a.Families[i].Until):
		return errGone
	case a.Families[i].Digest != r.digest: // another use was quicker
		return errReused
	}
	a.Families[i].Digest = digest
	return nil
}

// TokenRequestByRefreshToken finds the sign-in of a refresh token. An old
// token ends it.
func (s *storage) TokenRequestByRefreshToken(ctx context.Context, token string) (op.RefreshTokenRequest, error) {
	part := strings.Split(token, ".")
	if len(token) > maxValue || len(part) != 3 || !isSubject(part[0]) {
		return nil, op.ErrInvalidRefreshToken
	}
	a, err := s.active(ctx, part[0])
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(a.Families, func(f Family) bool { return f.ID == part[1] })
	if i < 0 || !time.Now().Before(a.Families[i].Until) {
		return nil, op.ErrInvalidRefreshToken
	}
	sum := digest(part[2])
	if subtle.ConstantTimeCompare([]byte(sum), []byte(a.Families[i].Digest)) != 1 {
		s.endFamily(context.WithoutCancel(ctx), a.Subject, part[1])
		s.tell(ctx, Event{Kind: TokenReused, Subject: a.Subject, Login: a.Login})
		return nil, op.ErrInvalidRefreshToken
	}
	return &refresh{subject: a.Subject, family: part[1], digest: sum, client: s.cfg.ClientID, by: a.Families[i].By,
		scopes: []string{oidc.ScopeOpenID, oidc.ScopeProfile, oidc.ScopeOfflineAccess}, began: a.Families[i].Began}, nil
}

// TerminateSessionFromRequest ends the sign-in that an ID token came from, and
// nothing where none was shown.
func (s *storage) TerminateSessionFromRequest(ctx context.Context, r *op.EndSessionRequest) (string, error) {
	if from, ok := ctx.Value(originKey{}).(origin); ok { // the next person at this machine is another
		s.proofs.take(from.browser, func(proof) bool { return true }, time.Now())
	}
	if c := r.IDTokenHintClaims; c != nil && isSubject(r.UserID) {
		s.disprove(r.UserID)
		if sid, ok := c.Claims["sid"].(string); ok {
			s.endFamily(context.WithoutCancel(ctx), r.UserID, sid)
		} else if c.SessionID != "" {
			s.endFamily(context.WithoutCancel(ctx), r.UserID, c.SessionID)
		}
	}
	return r.RedirectURI, nil
}

// SetUserinfoFromRequest fills an ID token.
func (s *storage) SetUserinfoFromRequest(ctx context.Context, u *oidc.UserInfo, r op.IDTokenRequest, _ []string) error {
	a, err := s.active(ctx, r.GetSubject())
	if err != nil {
		return err
	}
	u.Subject, u.Name, u.PreferredUsername = a.Subject, a.Name, a.Login
	u.AppendClaims("roles", a.Roles)
	u.AppendClaims("groups", a.Groups)
	u.AppendClaims("areas", a.Areas)
	switch v := r.(type) {
	case *request:
		u.AppendClaims("sid", v.family)
	case *refresh:
		u.AppendClaims("sid", v.family)
	}
	return nil
}

// The methods below answer what is not offered, or needs no answer.

func (s *storage) TerminateSession(context.Context, string, string) error { return errNotOffered }

func (s *storage) RevokeToken(context.Context, string, string, string) *oidc.Error {
	return oidc.ErrServerError()
}

func (s *storage) GetRefreshTokenInfo(context.Context, string, string) (string, string, error) {
	return "", "", op.ErrInvalidRefreshToken
}

func (s *storage) SetUserinfoFromScopes(context.Context, *oidc.UserInfo, string, string, []string) error {
	return nil
}

func (s *storage) SetUserinfoFromToken(context.Context, *oidc.UserInfo, string, string, string) error {
	return errNotOffered
}

func (s *storage) SetIntrospectionFromToken(context.Context, *oidc.IntrospectionResponse, string, string, string) error {
	return errNotOffered
}

func (s *storage) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return nil, nil // the access token says nothing: nobody reads it
}

func (s *storage) GetKeyByIDAndClientID(context.Context, string, string) (*jose.JSONWebKey, error) {
	return nil, errNotOffered
}

func (s *storage) ValidateJWTProfileScopes(context.Context, string, []string) ([]string, error) {
	return nil, errNotOffered
}

func (s *storage) Health(context.Context) error { return nil }
