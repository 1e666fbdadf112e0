package main

import (
	"cmp"
	"context"
	"crypto/cipher"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"matthan/auth"
	"matthan/auth/login"
	"matthan/auth/provider"
	"matthan/gateway"
	"matthan/gateway/cluster"
)

// What is kept of people, between the store and the rooms that know them.

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
	v.Passkeys, v.Notes = slices.Clone(v.Passkeys), slices.Clone(v.Notes)
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
	policy    *auth.Policy
	tables    auth.Tables
	aead      cipher.AEAD
	inventory gateway.Inventory
	audit     *auth.Ledger
	elsewhere bool // people sign in at a provider of others
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
	c := auth.Claims{Issuer: who.Issuer, Subject: who.Subject, Name: who.Name, Number: who.Number, Groups: who.Groups, Areas: who.Areas}
	for _, r := range who.Roles {
		c.Roles = append(c.Roles, auth.Role(r))
	}
	return c
}

// Begin implements login.Sessions. A session that cannot be recorded ends.
func (s *sessions) Begin(ctx context.Context, who login.Identity, tokens login.Tokens, from login.Device, now time.Time) (string, error) {
	secret, subject, err := s.policy.SignIn(ctx, auth.Arrival{Claims: claimsOf(who), SID: who.SID, UserAgent: from.UserAgent, Seal: s.seal(tokens)}, now)
	if err != nil {
		return "", err
	}
	r := s.of(auth.SignedIn, subject.ID)
	r.Address, r.Device, r.Detail = from.Address, auth.Device(from.UserAgent), s.factors(who)
	if err := s.audit.Write(ctx, r); err != nil {
		return "", errors.Join(fmt.Errorf("record the sign-in: %w", err), s.policy.SignOut(context.WithoutCancel(ctx), subject))
	}
	return secret, nil
}

// factors says by what somebody proved who they are (RFC 8176): in our own words
// where it was the embedded provider, else in those of the one that was asked.
func (s *sessions) factors(who login.Identity) string {
	said := strings.Join(who.Factors, " ")
	if s.elsewhere {
		return "by the provider " + who.Issuer + ": " + cmp.Or(said, "it does not say by which factor")
	}
	var by []string
	for _, f := range []struct{ amr, name string }{{"pwd", "password"}, {"pop", "passkey"}, {"otp", "one-time link"}} {
		if slices.Contains(who.Factors, f.amr) {
			by = append(by, f.name)
		}
	}
	return "by " + cmp.Or(strings.Join(by, " and "), said, "what the provider does not say")
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
	out := login.Session{ID: id, Identity: login.Identity{Issuer: person.Issuer, Subject: person.Subject, SID: v.SID, Name: person.Name, Number: person.Number,
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
	err = s.policy.Refresh(ctx, subject, claimsOf(who), s.seal(tokens), now)
	if errors.Is(err, auth.ErrNoRole) || errors.Is(err, auth.ErrBlocked) {
		r := s.of(auth.SessionsEnded, subject.ID) // all of the person's
		r.Target, r.Subject, r.Detail = subject.ID, "", "the provider withdrew all roles, or the person is blocked"
		s.audit.Later(r)
		return login.ErrNoSession
	}
	return err
}

// End implements login.Sessions.
func (s *sessions) End(ctx context.Context, id, why string) error {
	subject, err := s.policy.BySession(id, time.Now())
	if err != nil {
		return nil
	}
	r := s.of(auth.SignedOut, subject.ID)
	if v, _, ok := s.tables.Sessions.Get(id); ok {
		r.Device = v.Device
	}
	if err := s.policy.SignOut(ctx, subject); err != nil {
		return err
	}
	r.Detail = why
	return s.audit.Write(ctx, r)
}

// endedBy ends sessions as a provider asks, and records it.
func (s *sessions) endedBy(ctx context.Context, issuer, sid, subject, why string) error {
	person := ""
	if subject != "" {
		person = auth.PersonKey(issuer, subject)
	}
	for _, row := range s.tables.Sessions.All() {
		if sid != "" && row.Value.Issuer == issuer && row.Value.SID == sid {
			person = row.Value.Person
		}
	}
	n, err := s.policy.EndByProvider(ctx, issuer, sid, subject)
	if n == 0 {
		return err
	}
	r := auth.Record{Event: auth.SessionsEnded, Target: person, Areas: s.of("", person).Areas, Detail: fmt.Sprintf("%s: %d devices", why, n)}
	return errors.Join(err, s.audit.Write(ctx, r))
}

// EndSID implements login.Sessions.
func (s *sessions) EndSID(ctx context.Context, issuer, sid, why string) error {
	return s.endedBy(ctx, issuer, sid, "", why)
}

// EndSubject implements login.Sessions.
func (s *sessions) EndSubject(ctx context.Context, issuer, subject, why string) error {
	return s.endedBy(ctx, issuer, "", subject, why)
}
