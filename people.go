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
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
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
)

// table is a table of the store as auth knows it.
type table[T any] struct{ *cluster.Table[T] }

func (t table[T]) All() []auth.Row[T] {
	rows := t.Table.All()
	out := make([]auth.Row[T], len(rows))
	for i, r := range rows {
		out[i] = auth.Row[T](r)
	}
	return out
}

func (t table[T]) Put(ctx context.Context, key string, value T, revision uint64) (uint64, error) {
	next, err := t.Table.Put(ctx, key, value, revision)
	return next, conflictOf(err)
}

func (t table[T]) Delete(ctx context.Context, key string, revision uint64) error {
	return conflictOf(t.Table.Delete(ctx, key, revision))
}

func conflictOf(err error) error {
	if errors.Is(err, cluster.ErrConflict) {
		return fmt.Errorf("%w: %w", auth.ErrConflict, err)
	}
	return err
}

func openTable[T any](ctx context.Context, s *cluster.Store, bucket string) (table[T], error) {
	t, err := cluster.OpenTable[T](ctx, s, bucket)
	if err != nil {
		return table[T]{}, fmt.Errorf("open the table %s: %w", bucket, err)
	}
	return table[T]{t}, nil
}

// openPolicy makes the policy of tokens and people.
func openPolicy(ctx context.Context, cfg *Config, store *cluster.Store, inventory gateway.Inventory, log *slog.Logger) (*auth.Policy, auth.Tables, error) {
	var t auth.Tables
	people, err1 := openTable[auth.Person](ctx, store, "people")
	grants, err2 := openTable[auth.Grant](ctx, store, "grants")
	requests, err3 := openTable[auth.Request](ctx, store, "requests")
	sessions, err4 := openTable[auth.Session](ctx, store, "sessions")
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return nil, t, err
	}
	t = auth.Tables{People: people, Grants: grants, Requests: requests, Sessions: sessions}
	path := func(area string) (out []string) {
		for _, id := range gateway.AreaPath(inventory, gateway.AreaID(area)) {
			out = append(out, string(id))
		}
		return out
	}
	policy, err := auth.NewPolicyFor(cfg.Tokens, t, auth.Settings{Path: path, Log: log,
		Camera: func(id string) (auth.Resource, bool) {
			c, err := inventory.Camera(gateway.CameraID(id))
			return auth.Resource{Camera: id, Kind: string(c.Kind), Areas: path(string(c.Area))}, err == nil
		}})
	if err != nil {
		return nil, t, fmt.Errorf("tokens: %w", err)
	}
	return policy, t, nil
}

// signIn is how people get in: the embedded provider, and the relying party
// that asks it.
type signIn struct {
	login    *login.Login
	provider *provider.Provider
	accounts *accounts
	tables   auth.Tables
	issuer   string
}

// openSignIn makes the sign-in of a gateway that people reach at origin.
func openSignIn(ctx context.Context, cfg *Config, store *cluster.Store, policy *auth.Policy, t auth.Tables, origin string, log *slog.Logger) (*signIn, error) {
	local, err := openTable[provider.Account](ctx, store, "accounts")
	if err != nil {
		return nil, err
	}
	key, err := providerKey(filepath.Join(cfg.Data, "provider.key"))
	if err != nil {
		return nil, err
	}
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
	s := &signIn{accounts: &accounts{table: local}, tables: t, issuer: origin + providerPath}
	secret := hex.EncodeToString(derive("client secret", 32))
	redirect := origin + "/auth/callback"
	s.provider, err = provider.New(provider.Config{Issuer: s.issuer, ClientID: clientID, ClientSecret: secret, RedirectURI: redirect,
		AfterLogout: origin + "/", Key: key, Accounts: s.accounts, Log: log, Event: func(e provider.Event) {
			log.Info("sign-in", "event", e.Kind, "login", e.Login, "source", e.Source)
			if e.Kind == provider.Recovered || e.Kind == provider.WasSetUp { // whoever knew the old password is out
				if _, err := policy.EndByProvider(context.WithoutCancel(ctx), s.issuer, "", e.Subject); err != nil {
					log.Error("sessions of a new password's owner were not ended", "err", err)
				}
			}
		}})
	if err != nil {
		return nil, fmt.Errorf("make the sign-in provider: %w", err)
	}
	s.login, err = login.New(login.Config{Issuer: s.issuer, ClientID: clientID, ClientSecret: secret, RedirectURL: redirect,
		Rules: login.Embedded(), Sessions: &sessions{policy, t, aead}, Lifetime: auth.SessionLife, Transport: s.provider.Transport(),
		Key: [32]byte(derive("sign-in cookie", 32)), Log: log})
	if err != nil {
		return nil, fmt.Errorf("make the sign-in: %w", err)
	}
	return s, nil
}

// askAgain is how often a provider is asked whether its people may go on.
const askAgain = 2 * time.Minute

// run asks the provider again and again about everybody who is signed in, until
// ctx ends: who lost a role or the account there loses it here.
func (s *signIn) run(ctx context.Context, t auth.Tables, log *slog.Logger) {
	tick := time.NewTicker(askAgain)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		places := make(chan struct{}, 4)
		var wg sync.WaitGroup
		for _, row := range t.Sessions.All() {
			places <- struct{}{}
			wg.Go(func() {
				defer func() { <-places }()
				if err := s.login.Refresh(ctx, row.Key); err != nil && !errors.Is(err, login.ErrEnded) && ctx.Err() == nil {
					log.Warn("the sign-in provider does not answer", "err", err)
				}
			})
		}
		wg.Wait()
	}
}

func (s *signIn) routes(mux *http.ServeMux) {
	s.login.Routes(mux)
	mux.Handle(providerPath+"/", s.provider)
}

// List implements api.Accounts.
func (s *signIn) List() []api.Account {
	var out []api.Account
	for _, row := range s.accounts.table.All() {
		if v := row.Value; v.Login != "" {
			out = append(out, api.Account{Login: v.Login, Name: v.Name, Roles: v.Roles, Areas: v.Areas, Disabled: v.Disabled})
		}
	}
	return out
}

// Put implements api.Accounts.
func (s *signIn) Put(ctx context.Context, a api.Account) (link string, err error) {
	name := provider.NormalLogin(a.Login)
	if name == "" || name != a.Login || len(name) > 64 || strings.ContainsAny(name, " /") || a.Name == "" || len(a.Name) > 100 {
		return "", fmt.Errorf("%w: it needs a login of small letters without spaces, and a name, of at most 64 and 100 letters", api.ErrAccount)
	}
	for _, r := range a.Roles {
		if !slices.Contains([]auth.Role{auth.Viewer, auth.Supervisor, auth.Administrator, auth.Auditor}, auth.Role(r)) {
			return "", fmt.Errorf("%w: a role is viewer, supervisor, administrator or auditor", api.ErrAccount)
		}
	}
	subject, fresh := rand.Text(), true
	if old, err := s.accounts.ByLogin(ctx, name); err == nil {
		subject, fresh = old.Subject, false
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

// setUp is the one-time link of the first account, "" where there is an account.
func (s *signIn) setUp(ctx context.Context) (string, error) {
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

// accounts are the local accounts in the store.
type accounts struct {
	mu    sync.Mutex // held over a change: a login belongs to one account
	table table[provider.Account]
}

// ByLogin implements provider.Accounts.
func (a *accounts) ByLogin(_ context.Context, name string) (provider.Account, error) {
	for _, row := range a.table.All() {
		if row.Value.Login == name && name != "" {
			return row.Value, nil
		}
	}
	return provider.Account{}, provider.ErrNoAccount
}

// BySubject implements provider.Accounts.
func (a *accounts) BySubject(_ context.Context, subject string) (provider.Account, error) {
	if v, _, ok := a.table.Get(subject); ok {
		return v, nil
	}
	return provider.Account{}, provider.ErrNoAccount
}

// Change implements provider.Accounts.
func (a *accounts) Change(ctx context.Context, subject string, edit func(*provider.Account) error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	v, revision, ok := a.table.Get(subject)
	if !ok {
		v = provider.Account{Subject: subject}
	}
	v.Roles, v.Groups, v.Areas, v.Families = slices.Clone(v.Roles), slices.Clone(v.Groups), slices.Clone(v.Areas), slices.Clone(v.Families)
	if err := edit(&v); err != nil {
		return err
	}
	if other, err := a.ByLogin(ctx, v.Login); err == nil && other.Subject != subject {
		return provider.ErrLoginTaken
	}
	_, err := a.table.Put(ctx, subject, v, revision)
	return err
}

// sessions are auth's sessions as the sign-in begins and ends them. The
// provider's tokens are sealed to the session.
type sessions struct {
	policy *auth.Policy
	tables auth.Tables
	aead   cipher.AEAD
}

func (s *sessions) seal(t login.Tokens) func(key string) ([]byte, error) {
	return func(key string) ([]byte, error) {
		b, err := json.Marshal([2]string{t.ID, t.Refresh})
		if err != nil {
			return nil, err
		}
		return s.aead.Seal(nil, nil, b, []byte(key)), nil
	}
}

func claimsOf(who login.Identity) auth.Claims {
	c := auth.Claims{Issuer: who.Issuer, Subject: who.Subject, Name: who.Name, Groups: who.Groups, Areas: who.Areas}
	for _, r := range who.Roles {
		c.Roles = append(c.Roles, auth.Role(r))
	}
	return c
}

// Begin implements login.Sessions.
func (s *sessions) Begin(ctx context.Context, who login.Identity, tokens login.Tokens, device string, now time.Time) (string, error) {
	secret, _, err := s.policy.SignIn(ctx, auth.Arrival{Claims: claimsOf(who), SID: who.SID, UserAgent: device, Seal: s.seal(tokens)}, now)
	return secret, err
}

// Find implements login.Sessions.
func (s *sessions) Find(ctx context.Context, secret string, now time.Time) (login.Session, error) {
	subject, err := s.policy.Authenticate(secret, now)
	if err != nil || subject.Session() == "" {
		return login.Session{}, login.ErrNoSession
	}
	return s.Get(ctx, subject.Session())
}

// Get implements login.Sessions.
func (s *sessions) Get(_ context.Context, id string) (login.Session, error) {
	v, _, ok := s.tables.Sessions.Get(id)
	if !ok {
		return login.Session{}, login.ErrNoSession
	}
	person, _, ok := s.tables.People.Get(v.Person)
	if !ok {
		return login.Session{}, login.ErrNoSession
	}
	out := login.Session{ID: id, Identity: login.Identity{Issuer: person.Issuer, Subject: person.Subject, SID: v.SID, Name: person.Name,
		Groups: person.Groups, Areas: person.Areas, At: v.Created}}
	for _, r := range person.Roles {
		out.Roles = append(out.Roles, string(r))
	}
	var tokens [2]string
	if b, err := s.aead.Open(nil, nil, v.Sealed, []byte(id)); err != nil || json.Unmarshal(b, &tokens) != nil {
		return out, nil // of another key: the session stands, and ends by itself
	}
	out.Tokens = login.Tokens{ID: tokens[0], Refresh: tokens[1]}
	return out, nil
}

// Refreshed implements login.Sessions.
func (s *sessions) Refreshed(ctx context.Context, id string, who login.Identity, tokens login.Tokens, now time.Time) error {
	subject, err := s.policy.BySession(id, now)
	if err != nil {
		return login.ErrNoSession
	}
	return s.policy.Refresh(ctx, subject, claimsOf(who), s.seal(tokens), now)
}

// End implements login.Sessions.
func (s *sessions) End(ctx context.Context, id, _ string) error {
	subject, err := s.policy.BySession(id, time.Now())
	if err != nil {
		return nil
	}
	return s.policy.SignOut(ctx, subject)
}

// EndSID implements login.Sessions.
func (s *sessions) EndSID(ctx context.Context, issuer, sid, _ string) error {
	_, err := s.policy.EndByProvider(ctx, issuer, sid, "")
	return err
}

// EndSubject implements login.Sessions.
func (s *sessions) EndSubject(ctx context.Context, issuer, subject, _ string) error {
	_, err := s.policy.EndByProvider(ctx, issuer, "", subject)
	return err
}
