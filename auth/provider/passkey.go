package provider

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/go-webauthn/webauthn/webauthn"
)

// Bounds of an account's passkeys.
const (
	maxPasskeys    = 10
	maxPasskeyID   = 1023 // bytes (WebAuthn section 7.1)
	maxPasskeyKey  = 1024 // bytes; of RSA with 4096 bits it has about 530
	maxPasskeyName = 60   // characters
	maxTransports  = 8
	maxNotes       = 20 // the oldest is forgotten
)

// Passkey is one credential of an account (WebAuthn's credential record).
type Passkey struct {
	ID         []byte // at most 1023 bytes
	Key        []byte // the public key, a COSE_Key (RFC 9052 section 7)
	Name       string // for its owner
	Count      uint32 // of signatures, where its authenticator counts; a copy betrays itself by an old count
	Eligible   bool   // may be on several devices of its owner (WebAuthn's BE): never changes
	BackedUp   bool   // and is (BS)
	Transports []string
	Created    time.Time
	Used       time.Time // zero until it is
}

// Note tells an account's owner what happened to the passkeys.
type Note struct {
	At      time.Time
	Kind    Kind   // PasskeyAdded, PasskeyRemoved or PasskeyCopied
	Passkey string // its name
	Device  string // that did it
}

func (a *Account) note(n Note) {
	a.Notes = append(a.Notes, n)
	if over := len(a.Notes) - maxNotes; over > 0 {
		a.Notes = slices.Delete(a.Notes, 0, over)
	}
}

func (a *Account) passkey(id []byte) int {
	return slices.IndexFunc(a.Passkeys, func(k Passkey) bool { return bytes.Equal(k.ID, id) })
}

// What is wrong with an answer of a browser's authenticator.
var (
	errPasskey = errors.New("the passkey is unknown, withdrawn, or was not used as asked")
	errCopied  = errors.New("the passkey's count went back: there may be a copy of it")
	errStale   = errors.New("this was asked too long ago, or of another browser")
	errFull    = fmt.Errorf("an account has at most %d passkeys: remove one first", maxPasskeys)
	errProof   = errors.New("who this is was shown too long ago: show it again")
)

// purpose is what a challenge was made for.
type purpose string

const (
	forSignIn purpose = "sign in"     // or to show who one is
	forSecond purpose = "second step" // after the password
	forAdding purpose = "add"
)

// ceremony is one challenge: for one browser, one purpose and one sign-in,
// good once and for shelfLife.
type ceremony struct {
	session webauthn.SessionData
	browser [sha256.Size]byte
	purpose purpose
	request string // the sign-in's ID, "" where there is none
}

// proof says that a browser's user has just shown who they are.
type proof struct {
	subject string
	strong  bool // by a passkey or a one-time link, not by a password alone
	link    bool // by a one-time link: whoever has lost the passkey comes so
}

// passkeys are the WebAuthn part of a provider.
type passkeys struct {
	library    *webauthn.WebAuthn // nil where browsers offer no passkeys
	ceremonies *shelf[string, ceremony]
}

// relyingParty is the name that passkeys of an origin belong to. Browsers know
// passkeys for DNS names only, in secure contexts only.
func relyingParty(origin string) (host string, ok bool) {
	u, err := url.Parse(origin)
	if err != nil {
		return "", false
	}
	host = u.Hostname()
	if _, err := netip.ParseAddr(host); err == nil || u.Scheme != "https" && host != "localhost" {
		return "", false
	}
	return host, protocol.ValidateRPID(host) == nil
}

func newPasskeys(origin string) (*passkeys, error) {
	p := &passkeys{ceremonies: newShelf[string, ceremony]()}
	host, ok := relyingParty(origin)
	if !ok {
		return p, nil
	}
	timeout := webauthn.TimeoutConfig{Enforce: true, Timeout: shelfLife, TimeoutUVD: shelfLife}
	var err error
	p.library, err = webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: "Mắt thần", RPOrigins: []string{origin},
		AttestationPreference:  protocol.PreferNoAttestation, // any maker's will do
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(), UserVerification: protocol.VerificationRequired},
		Timeouts:               webauthn.TimeoutsConfig{Login: timeout, Registration: timeout},
	})
	if err != nil {
		return nil, fmt.Errorf("set up passkeys for %s: %w", host, err)
	}
	return p, nil
}

func (p *passkeys) on() bool { return p.library != nil }

// algorithms are those of phones, security keys and Windows Hello.
var algorithms = []protocol.CredentialParameter{
	{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgES256},
	{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgEdDSA},
	{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgRS256},
}

// holder is an account as the library asks for it.
type holder struct{ Account }

func (h holder) WebAuthnID() []byte          { return []byte(h.Subject) }
func (h holder) WebAuthnName() string        { return h.Login }
func (h holder) WebAuthnDisplayName() string { return h.Name }

func (h holder) WebAuthnCredentials() []webauthn.Credential {
	out := make([]webauthn.Credential, len(h.Passkeys))
	for i, k := range h.Passkeys {
		out[i] = webauthn.Credential{ID: k.ID, PublicKey: k.Key,
			Flags:         webauthn.CredentialFlags{UserVerified: true, BackupEligible: k.Eligible, BackupState: k.BackedUp},
			Authenticator: webauthn.Authenticator{SignCount: k.Count}}
		for _, t := range k.Transports {
			out[i].Transport = append(out[i].Transport, protocol.AuthenticatorTransport(t))
		}
	}
	return out
}

func (h holder) descriptors() []protocol.CredentialDescriptor {
	return webauthn.Credentials(h.WebAuthnCredentials()).CredentialDescriptors()
}

// ask makes a challenge and returns the options for the browser's
// navigator.credentials, in JSON. Of a is only used what the purpose needs.
func (p *passkeys) ask(why purpose, request string, a Account, from origin, now time.Time) (string, error) {
	if !p.on() {
		return "", nil
	}
	var options any
	var session *webauthn.SessionData
	var err error
	switch why {
	case forAdding:
		var c *protocol.CredentialCreation
		if c, session, err = p.library.BeginRegistration(holder{a}, webauthn.WithCredentialParameters(algorithms), webauthn.WithExclusions(holder{a}.descriptors())); err == nil {
			options = c.Response
		}
	case forSecond:
		var c *protocol.CredentialAssertion
		if c, session, err = p.library.BeginLogin(holder{a}); err == nil {
			options = c.Response
		}
	default:
		var c *protocol.CredentialAssertion
		if c, session, err = p.library.BeginDiscoverableLogin(); err == nil {
			options = c.Response
		}
	}
	if err != nil {
		return "", fmt.Errorf("make a challenge: %w", err)
	}
	text, err := json.Marshal(options)
	if err != nil {
		return "", fmt.Errorf("make a challenge: %w", err)
	}
	return string(text), p.ceremonies.put(session.Challenge, ceremony{*session, from.browser, why, request}, from.source, now)
}

// find takes the ceremony that an answer belongs to, once.
func (p *passkeys) find(challenge string, why purpose, request string, from origin, now time.Time) (ceremony, error) {
	c, ok := p.ceremonies.take(challenge, func(c ceremony) bool {
		return c.browser == from.browser && c.purpose == why && c.request == request
	}, now)
	if !ok {
		return ceremony{}, errStale
	}
	return c, nil
}

// made checks a new credential.
func (p *passkeys) made(c ceremony, a Account, parsed *protocol.ParsedCredentialCreationData) (Passkey, error) {
	made, err := p.library.CreateCredential(holder{a}, c.session, parsed)
	if err != nil {
		return Passkey{}, fmt.Errorf("%w: %w", errPasskey, err)
	}
	if len(made.ID) == 0 || len(made.ID) > maxPasskeyID || len(made.PublicKey) > maxPasskeyKey {
		return Passkey{}, errPasskey
	}
	k := Passkey{ID: made.ID, Key: made.PublicKey, Count: made.Authenticator.SignCount, Eligible: made.Flags.BackupEligible, BackedUp: made.Flags.BackupState}
	for _, t := range made.Transport[:min(len(made.Transport), maxTransports)] {
		k.Transports = append(k.Transports, cut(string(t), 32))
	}
	return k, nil
}

// used checks an answer and returns the passkey as it is after this use.
func (p *passkeys) used(c ceremony, a Account, parsed *protocol.ParsedCredentialAssertionData) (Passkey, error) {
	var err error
	var got *webauthn.Credential
	if c.purpose == forSecond {
		got, err = p.library.ValidateLogin(holder{a}, c.session, parsed)
	} else {
		_, got, err = p.library.ValidatePasskeyLogin(func(_, _ []byte) (webauthn.User, error) { return holder{a}, nil }, c.session, parsed)
	}
	if err != nil {
		return Passkey{}, fmt.Errorf("%w: %w", errPasskey, err)
	}
	return Passkey{ID: got.ID, Count: parsed.Response.AuthenticatorData.Counter, BackedUp: got.Flags.BackupState}, nil
}

// count notes a use in the account's record, unless the count went back or the
// passkey or account was withdrawn meanwhile. The count is compared here, where
// no other use comes in between (WebAuthn section 7.2, step 22).
func (p *Provider) count(ctx context.Context, subject string, k Passkey, device string, now time.Time) (Account, Passkey, error) {
	var after Account
	var was Passkey
	copied := false
	err := p.cfg.Accounts.Change(ctx, subject, func(a *Account) error {
		copied = false
		i := a.passkey(k.ID)
		if i < 0 || a.Disabled || a.Hash == "" {
			return errPasskey
		}
		if was = a.Passkeys[i]; k.Count <= was.Count && (k.Count != 0 || was.Count != 0) {
			copied = true
			a.note(Note{now.UTC(), PasskeyCopied, was.Name, device})
			return nil
		}
		a.Passkeys[i].Count, a.Passkeys[i].BackedUp, a.Passkeys[i].Used = k.Count, k.BackedUp, now.UTC()
		was, after = a.Passkeys[i], a.clone()
		return nil
	})
	switch {
	case err != nil && !errors.Is(err, errPasskey):
		return Account{}, was, fmt.Errorf("note a passkey's use: %w", err)
	case err != nil:
		return Account{}, was, err
	case copied:
		return Account{}, was, errCopied
	}
	return after, was, nil
}
