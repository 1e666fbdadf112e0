package provider

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

var (
	// ErrNoAccount is the answer where there is no such account.
	ErrNoAccount = errors.New("there is no such account")
	// ErrLoginTaken is the answer to a change that gives two accounts one login.
	ErrLoginTaken = errors.New("another account has this login: choose another")
)

// Bounds of an account.
const (
	maxLogin    = 64  // characters
	maxName     = 100 // characters
	maxSubject  = 64  // bytes
	maxFamilies = 8   // sign-ins at a time; the oldest ends
)

// Account is one person's local account.
type Account struct {
	Subject              string // stable and unique, letters, digits, - and _; never used again for another person
	Login                string // as NormalLogin leaves it; "" until it is set up
	Name                 string // for people
	Hash                 string // of the password, as Hash makes it; "" lets nobody in
	Roles, Groups, Areas []string
	Disabled             bool

	Passkeys     []Passkey // at most maxPasskeys; they serve instead of the password
	SecondFactor bool      // the owner wants a passkey after the password
	Notes        []Note    // what happened to the passkeys, oldest first

	Link     Link     // the way in without the password, where one was made
	Families []Family // what is signed in
}

// Link is a one-time link of which only the digest is kept.
type Link struct {
	Digest string // SHA-256 in hexadecimal; "" where there is none
	Until  time.Time
}

// Family is all the refresh tokens that come from one sign-in. Only the newest
// is good; an older one ends the family.
type Family struct {
	ID     string // is the sid of the ID token
	Digest string // SHA-256 of the newest token's secret, in hexadecimal
	Began  time.Time
	Until  time.Time // never moves
	By     manner
}

// manner is how somebody signed in.
type manner struct {
	AMR     []string `json:",omitempty"` // RFC 8176; by a password where it is empty
	Passkey string   `json:",omitempty"` // the digest of the passkey's ID, where it was one
}

// Accounts keeps the local accounts.
type Accounts interface {
	// ByLogin finds an account by its normal login, or returns ErrNoAccount.
	ByLogin(ctx context.Context, login string) (Account, error)
	// BySubject finds an account, or returns ErrNoAccount.
	BySubject(ctx context.Context, subject string) (Account, error)
	// Change lets edit change the account, of which only the subject is set
	// where it is new, and keeps it when edit returns nil. No other change of
	// the account happens in between; edit may be called again when one did.
	// It fails with edit's error and with ErrLoginTaken.
	Change(ctx context.Context, subject string, edit func(*Account) error) error
}

// NormalLogin is a login as it is kept and compared: in one case and one
// spelling (NFC), without spaces around it.
func NormalLogin(typed string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(strings.TrimSpace(typed))))
}

// IsLogin says whether a normal login may be an account's.
func IsLogin(s string) bool {
	n := 0
	for _, r := range s {
		if !unicode.In(r, unicode.L, unicode.M, unicode.Nd) && !strings.ContainsRune("._-@+", r) {
			return false
		}
		n++
	}
	return n >= 2 && n <= maxLogin
}

func isSubject(s string) bool {
	return s != "" && len(s) <= maxSubject && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == ""
}

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Memory keeps accounts for as long as the process lives: for the demo and for
// tests.
type Memory struct {
	mu       sync.Mutex
	accounts map[string]Account // by subject
}

// NewMemory makes a memory of accounts; their logins are made normal.
func NewMemory(accounts ...Account) *Memory {
	m := &Memory{accounts: map[string]Account{}}
	for _, a := range accounts {
		a.Login = NormalLogin(a.Login)
		m.accounts[a.Subject] = a.clone()
	}
	return m
}

// ByLogin implements Accounts.
func (m *Memory) ByLogin(_ context.Context, login string) (Account, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, a := range m.accounts {
		if a.Login == login && login != "" {
			return a.clone(), nil
		}
	}
	return Account{}, ErrNoAccount
}

// BySubject implements Accounts.
func (m *Memory) BySubject(_ context.Context, subject string) (Account, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.accounts[subject]
	if !ok {
		return Account{}, ErrNoAccount
	}
	return a.clone(), nil
}

// Change implements Accounts.
func (m *Memory) Change(_ context.Context, subject string, edit func(*Account) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	a := m.accounts[subject].clone()
	a.Subject = subject
	if err := edit(&a); err != nil {
		return err
	}
	for _, other := range m.accounts {
		if other.Subject != subject && other.Login == a.Login && a.Login != "" {
			return ErrLoginTaken
		}
	}
	m.accounts[subject] = a.clone()
	return nil
}

func (a Account) clone() Account {
	a.Roles, a.Groups, a.Areas = slices.Clone(a.Roles), slices.Clone(a.Groups), slices.Clone(a.Areas)
	a.Families, a.Passkeys, a.Notes = slices.Clone(a.Families), slices.Clone(a.Passkeys), slices.Clone(a.Notes)
	return a
}
