package main

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"matthan/auth"
	"matthan/auth/login"
	"matthan/auth/provider"
	"matthan/gateway"
	"matthan/gateway/api"
	"matthan/gateway/cluster"
)

// The paths of the embedded provider, and the name by which it knows us.
const (
	providerPath = "/id"
	clientID     = "matthan"
	redirectPath = "/auth/callback" // where any provider leads people back to
	signInPath   = "/auth/login"    // where signing in begins
)

// openPolicy makes the policy of tokens and people.
func openPolicy(ctx context.Context, cfg *Config, store *cluster.Store, inventory gateway.Inventory, desk auth.PortalTokens, log *slog.Logger) (*auth.Policy, auth.Tables, error) {
	var t auth.Tables
	people, err1 := openTable[auth.Person](ctx, store, "people")
	grants, err2 := openTable[auth.Grant](ctx, store, "grants")
	requests, err3 := openTable[auth.Request](ctx, store, "requests")
	sessions, err4 := openTable[auth.Session](ctx, store, "sessions")
	consents, err5 := openTable[auth.Consent](ctx, store, "consents")
	invitations, err6 := openTable[auth.Invitation](ctx, store, "invitations")
	shares, err7 := openTable[auth.Share](ctx, store, "shares")
	portals, err8 := openTable[auth.Portal](ctx, store, "portals")
	embeds, err9 := openTable[auth.Embed](ctx, store, "embeds")
	layouts, err10 := openTable[auth.Layout](ctx, store, "layouts")
	favourites, err11 := openTable[auth.Favourites](ctx, store, "favourites")
	if err := errors.Join(err1, err2, err3, err4, err5, err6, err7, err8, err9, err10, err11); err != nil {
		return nil, t, err
	}
	t = auth.Tables{People: people, Grants: grants, Requests: requests, Sessions: sessions, Consents: consents, Invitations: invitations,
		Shares: shares, Portals: portals, Embeds: embeds, Layouts: layouts, Favourites: favourites}
	known, err := newLent(cfg, consents, inventory.Cameras)
	if err != nil {
		return nil, t, err
	}
	path := func(area string) (out []string) {
		for _, id := range gateway.AreaPath(inventory, gateway.AreaID(area)) {
			out = append(out, string(id))
		}
		return out
	}
	policy, err := auth.NewPolicyFor(cfg.Tokens, t, auth.Settings{Path: path, Log: log, DrawsMasks: cfg.Transcode.Possible(), Emergency: cfg.Emergency, Tell: tell(log), Portals: desk, Places: known.of,
		Camera: func(id string) (auth.Resource, bool) {
			c, err := inventory.Camera(gateway.CameraID(id))
			return auth.Resource{Camera: id, Kind: string(c.Kind), Areas: path(string(c.Area))}, err == nil
		}})
	if err != nil {
		return nil, t, fmt.Errorf("tokens: %w", err)
	}
	return policy, t, nil
}

// tell puts what supervisors are told into the log. They read it out of the
// grants and requests, which keep it, and signaling has their pages look.
func tell(log *slog.Logger) func(context.Context, auth.Notice) error {
	return func(_ context.Context, n auth.Notice) error {
		if n.Emergency {
			log.Warn("somebody gives themselves a right in an emergency", "person", n.Person, "name", n.Name,
				"areas", n.Areas, "cameras", n.Cameras, "until", n.Until)
		} else {
			log.Info("somebody asks for a right", "request", n.Key, "person", n.Person, "areas", n.Areas, "cameras", n.Cameras)
		}
		return nil
	}
}

// signIn is how people get in: the relying party, and the provider that it asks
// where that is the embedded one.
type signIn struct {
	login    *login.Login
	provider *provider.Provider // nil: people sign in elsewhere, and there are no accounts here
	accounts *accounts          // with provider
	tables   auth.Tables
	issuer   string
	idle     func() // closes connections to the provider that wait
}

// openSignIn makes the sign-in of a gateway that people reach at origin.
func openSignIn(ctx context.Context, cfg *Config, store *cluster.Store, policy *auth.Policy, t auth.Tables, inventory gateway.Inventory, j *journal, origin string, log *slog.Logger) (*signIn, error) {
	root, err := storeKey(cfg)
	if err != nil {
		return nil, err
	}
	derive := func(use string, n int) []byte {
		b, err := hkdf.Key(sha256.New, root[:], nil, "matthan "+use, n)
		if err != nil {
			panic(err) // the lengths are constants
		}
		return b
	}
	block, err := aes.NewCipher(derive("provider tokens", 32))
	if err != nil {
		return nil, fmt.Errorf("make the cipher of provider tokens: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("make the cipher of provider tokens: %w", err)
	}
	s := &signIn{tables: t, idle: func() {}}
	kept := &sessions{policy, t, aead, inventory, j.Ledger, cfg.SignIn != nil}
	var c login.Config
	if cfg.SignIn != nil {
		c = s.elsewhere(cfg.SignIn)
	} else if c, err = s.embed(ctx, cfg, store, policy, kept, origin, hex.EncodeToString(derive("client secret", 32)), log); err != nil {
		return nil, err
	}
	c.RedirectURL, c.Sessions, c.Lifetime = origin+redirectPath, kept, auth.SessionLife
	c.Key, c.Log, c.Refused = [32]byte(derive("sign-in cookie", 32)), log, kept.refused
	if s.login, err = login.New(c); err != nil {
		return nil, fmt.Errorf("make the sign-in: %w", err)
	}
	return s, s.endOthers(ctx)
}

// elsewhere leads people to a provider of others.
func (s *signIn) elsewhere(p *SignIn) login.Config {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: p.CA}
	s.issuer, s.idle = p.Issuer, t.CloseIdleConnections
	return login.Config{Issuer: p.Issuer, ClientID: p.ClientID, ClientSecret: p.ClientSecret, Scopes: p.Scopes, Rules: p.Rules,
		UntypedLogout: p.UntypedLogout, FormPost: p.FormPost, Contact: p.Contact, Transport: t}
}

// embed makes the embedded provider, for which the rules are fixed.
func (s *signIn) embed(ctx context.Context, cfg *Config, store *cluster.Store, policy *auth.Policy, kept *sessions, origin, secret string, log *slog.Logger) (login.Config, error) {
	local, err := openTable[provider.Account](ctx, store, "accounts")
	if err != nil {
		return login.Config{}, err
	}
	key, err := providerKey(filepath.Join(cfg.Data, "provider.key"))
	if err != nil {
		return login.Config{}, err
	}
	s.accounts, s.issuer = &accounts{table: local}, origin+providerPath
	s.provider, err = provider.New(provider.Config{Issuer: s.issuer, ClientID: clientID, ClientSecret: secret, RedirectURI: origin + redirectPath,
		AfterLogout: origin + "/", SignIn: origin + signInPath, Key: key, Accounts: s.accounts, SecondFactor: cfg.Accounts.SecondFactor, Log: log, Event: func(e provider.Event) {
			log.Info("sign-in", "event", e.Kind, "login", e.Login, "source", e.Source, "passkey", e.Passkey)
			s.record(e, kept)
			for _, sid := range e.Ended { // a passkey was removed: its device may be in wrong hands
				if _, err := policy.EndByProvider(context.WithoutCancel(ctx), s.issuer, sid, ""); err != nil {
					log.Error("a session of a removed passkey was not ended", "err", err)
				}
			}
			if e.Kind == provider.Recovered || e.Kind == provider.WasSetUp { // whoever knew the old password is out
				if _, err := policy.EndByProvider(context.WithoutCancel(ctx), s.issuer, "", e.Subject); err != nil {
					log.Error("sessions of a new password's owner were not ended", "err", err)
				}
			}
		}})
	if err != nil {
		return login.Config{}, fmt.Errorf("make the sign-in provider: %w", err)
	}
	if !s.provider.HasPasskeys() {
		log.Info("nobody can have a passkey: passkeys need a DNS name: set url: in the configuration", "origin", origin)
	}
	return login.Config{Issuer: s.issuer, ClientID: clientID, ClientSecret: secret, Rules: login.Embedded(), Transport: s.provider.Transport()}, nil
}

// endOthers ends the sessions that began with another provider than the one
// that is configured now.
func (s *signIn) endOthers(ctx context.Context) error {
	for _, row := range s.tables.Sessions.All() {
		if row.Value.Issuer == s.issuer {
			continue
		}
		if err := s.login.Refresh(ctx, row.Key); err != nil && !errors.Is(err, login.ErrEnded) {
			return fmt.Errorf("end a session of another provider: %w", err)
		}
	}
	return nil
}

// askAgain is how often a provider is asked whether its people may go on.
const askAgain = 2 * time.Minute

// run asks the provider again and again about everybody who is signed in, until
// ctx ends: who lost a role or the account there loses it here.
func (s *signIn) run(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(askAgain)
	defer tick.Stop()
	defer s.idle()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		s.ask(ctx, log)
	}
}

// ask asks the provider about everybody once.
func (s *signIn) ask(ctx context.Context, log *slog.Logger) {
	places := make(chan struct{}, 4)
	var wg sync.WaitGroup
	for _, row := range s.tables.Sessions.All() {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			if err := s.login.Refresh(ctx, row.Key); err != nil && !errors.Is(err, login.ErrEnded) && ctx.Err() == nil {
				log.Warn("it is not known now whether a session may go on", "err", err)
			}
		})
	}
	wg.Wait()
}

func (s *signIn) routes(mux *routes) {
	s.login.Routes(mux)
	if s.provider != nil {
		mux.Handle(providerPath+"/", s.provider)
	}
}

// List implements api.Accounts.
func (s *signIn) List() []api.AccountState {
	var out []api.AccountState
	for _, row := range s.accounts.table.All() {
		v := row.Value
		if v.Login == "" {
			continue
		}
		key := auth.PersonKey(s.issuer, v.Subject)
		person, _, _ := s.tables.People.Get(key)
		out = append(out, api.AccountState{Account: api.Account{Login: v.Login, Name: v.Name,
			Roles: append([]string{}, v.Roles...), Areas: append([]string{}, v.Areas...), Disabled: v.Disabled},
			Key: key, Seen: person.Seen, Blocked: person.Blocked, Pending: v.Hash == ""})
	}
	return out
}

// Link implements api.Accounts.
func (s *signIn) Link(ctx context.Context, login string) (string, error) {
	a, err := s.accounts.ByLogin(ctx, login)
	if err == nil && a.Disabled {
		return "", fmt.Errorf("%w: it is disabled: enable it first", api.ErrAccount)
	}
	return provider.RecoverLink(ctx, s.accounts, s.issuer, login, time.Now())
}

// Put implements api.Accounts.
func (s *signIn) Put(ctx context.Context, a api.Account) (link string, err error) {
	name := provider.NormalLogin(a.Login)
	if name != a.Login || len(name) > 64 || !provider.IsLogin(name) || a.Name == "" || len(a.Name) > 100 || strings.ContainsFunc(a.Name, unicode.IsControl) {
		return "", fmt.Errorf("%w: it needs a login of 2 to 64 small letters, digits and . _ - @ +, and a name of at most 100 bytes on one line", api.ErrAccount)
	}
	for _, r := range a.Roles {
		if !isRole(r) {
			return "", fmt.Errorf("%w: a role is viewer, supervisor, administrator or auditor", api.ErrAccount)
		}
	}
	if len(a.Areas) > maxAccountAreas || slices.ContainsFunc(a.Areas, func(area string) bool { return !isAreaID(area) }) {
		return "", fmt.Errorf("%w: at most %d areas, each by its id, or \"all\"", api.ErrAccount, maxAccountAreas)
	}
	subject, fresh := rand.Text(), true
	if old, err := s.accounts.ByLogin(ctx, name); err == nil {
		subject, fresh = old.Subject, false
	}
	if fresh && a.Disabled { // its link would open nothing
		return "", fmt.Errorf("%w: a new one cannot be disabled", api.ErrAccount)
	}
	err = s.accounts.Change(ctx, subject, func(v *provider.Account) error {
		v.Login, v.Name, v.Roles, v.Areas, v.Disabled = name, a.Name, a.Roles, a.Areas, a.Disabled
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("keep the account: %w", err)
	}
	if fresh {
		return provider.RecoverLink(ctx, s.accounts, s.issuer, name, time.Now())
	}
	// What the account lost ends now, not at the next question.
	person := auth.PersonKey(s.issuer, subject)
	for _, row := range s.tables.Sessions.All() {
		if row.Value.Person != person {
			continue
		}
		if err := s.login.Refresh(ctx, row.Key); err != nil && !errors.Is(err, login.ErrEnded) {
			return "", fmt.Errorf("end what the account lost: %w", err)
		}
	}
	return "", nil
}

// maxAccountAreas is as many as a sign-in may claim.
const maxAccountAreas = 1000

// isAreaID says whether a text may name an area, or all of them.
func isAreaID(s string) bool {
	return s != "" && len(s) <= 64 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// setUp is the one-time link of the first account, "" where there is an account
// or none is kept here.
func (s *signIn) setUp(ctx context.Context) (string, error) {
	if s.provider == nil {
		return "", nil
	}
	for _, row := range s.accounts.table.All() {
		if row.Value.Hash != "" {
			return "", nil
		}
	}
	roles := []string{string(auth.Administrator), string(auth.Viewer), string(auth.Supervisor)}
	link, err := provider.SetUpLink(ctx, s.accounts, s.issuer, roles, time.Now())
	if err != nil {
		return "", fmt.Errorf("make the set-up link: %w", err)
	}
	// The first one is responsible for everything, and gives the others their parts.
	return link, s.accounts.Change(ctx, provider.FirstSubject, func(a *provider.Account) error {
		a.Areas = []string{auth.AllAreas}
		return nil
	})
}

// providerKey reads the key that signs the provider's tokens, and makes one
// where there is none.
func providerKey(file string) (*ecdsa.PrivateKey, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, fmt.Errorf("make the provider's key: %w", err)
		}
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			return nil, fmt.Errorf("make the provider's key: %w", err)
		}
		return key, writeFile(file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("read the provider's key: %w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s holds no key: remove it, then a new one is made and everybody signs in again", file)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, ok := parsed.(*ecdsa.PrivateKey)
	if err != nil || !ok {
		return nil, fmt.Errorf("%s holds no ECDSA key: remove it, then a new one is made and everybody signs in again", file)
	}
	return key, nil
}
