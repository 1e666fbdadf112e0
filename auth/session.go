package auth

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Bounds of a person's sessions.
const (
	SessionLife = 12 * time.Hour   // one shift
	SessionIdle = 30 * time.Minute // without open media and without Touch
	MaxSessions = 5                // of one person

	touchEvery = time.Minute
	maxSealed  = 64 << 10 // bytes: a refresh token, and an ID token with many groups
)

// Session is one device on which a person is signed in. Its key is the SHA-256
// of its secret, so that a copy of the table opens nothing.
type Session struct {
	Person  string    `json:"person"`
	Issuer  string    `json:"issuer"`           // where the person signed in
	SID     string    `json:"sid,omitempty"`    // the provider's name of the session, for its logout
	Device  string    `json:"device"`           // "Chrome, Android"
	Created time.Time `json:"created"`          //
	Used    time.Time `json:"used"`             // to the minute
	End     time.Time `json:"end"`              // at the latest
	Sealed  []byte    `json:"sealed,omitempty"` // the provider's tokens; only the caller can open them
	Case    *Case     `json:"case,omitempty"`   // what is worked on; nil: nothing was stated
}

func (s *Session) ends() time.Time          { return earliest(s.End, s.Used.Add(SessionIdle)) }
func (s *Session) ended(now time.Time) bool { return !now.Before(s.ends()) }

// Arrival is a sign-in that the provider has confirmed.
type Arrival struct {
	Claims    Claims
	SID       string
	UserAgent string
	Previous  string // the secret of the cookie that the browser showed; its session ends
	// Seal gives the provider's tokens, sealed to the session's key. Nil: none.
	Seal func(key string) ([]byte, error)
}

// SignIn begins a session and returns its secret. It keeps the claims of those
// it refuses too, so that Explain can say why. It returns ErrBlocked, ErrNoRole,
// an ErrFaulty, or what a table or Seal returns. A person's oldest session ends
// when there are more than MaxSessions.
func (p *Policy) SignIn(ctx context.Context, a Arrival, now time.Time) (secret string, s Subject, err error) {
	if p.people == nil {
		return "", Subject{}, errors.New("this policy has no people")
	}
	if a.Previous != "" {
		if err := p.end(ctx, sessionKey(a.Previous)); err != nil {
			return "", Subject{}, fmt.Errorf("end the browser's last session: %w", err)
		}
	}
	key, person, err := p.note(ctx, a.Claims, now)
	if err != nil {
		return "", Subject{}, err
	}
	if err := person.welcome(); err != nil {
		return "", Subject{}, err
	}
	if len(a.SID) > maxName {
		return "", Subject{}, fmt.Errorf("%w: the provider's session name has more than %d bytes", ErrFaulty, maxName)
	}
	var id [32]byte
	_, _ = rand.Read(id[:]) // never fails
	secret = base64.RawURLEncoding.EncodeToString(id[:])
	own := sessionKey(secret)
	sealed, err := sealFor(own, a.Seal)
	if err != nil {
		return "", Subject{}, err
	}
	session := Session{
		Person: key, Issuer: person.Issuer, SID: a.SID, Device: Device(a.UserAgent),
		Created: now, Used: now, End: now.Add(SessionLife), Sealed: sealed,
	}
	if _, err := p.people.Sessions.Put(ctx, own, session, 0); err != nil {
		return "", Subject{}, fmt.Errorf("keep the session: %w", err)
	}
	if err := p.endOldest(ctx, key); err != nil {
		return "", Subject{}, errors.Join(err, p.end(ctx, own))
	}
	return secret, Subject{ID: key, Name: person.Name, Number: person.Number, session: own}, nil
}

func sessionKey(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func sealFor(key string, seal func(string) ([]byte, error)) ([]byte, error) {
	if seal == nil {
		return nil, nil
	}
	sealed, err := seal(key)
	switch {
	case err != nil:
		return nil, fmt.Errorf("seal the provider's tokens: %w", err)
	case len(sealed) > maxSealed:
		return nil, fmt.Errorf("%w: the provider's tokens have more than %d bytes", ErrFaulty, maxSealed)
	}
	return slices.Clone(sealed), nil
}

// note keeps what was claimed last; a local block stays.
func (p *Policy) note(ctx context.Context, claims Claims, now time.Time) (key string, noted Person, err error) {
	claims, err = claims.clean()
	if err != nil {
		return "", Person{}, err
	}
	key = PersonKey(claims.Issuer, claims.Subject)
	err = change(ctx, p.people.People, key, func(v *Person, found bool) error {
		if !found && len(p.people.People.All()) >= MaxPeople {
			return fmt.Errorf("%w: there are %d people already: remove some", ErrFaulty, MaxPeople)
		}
		v.Claims, v.Seen = claims, now
		noted = *v
		return nil
	})
	if err != nil {
		return "", Person{}, fmt.Errorf("keep the person's claims: %w", err)
	}
	return key, noted, nil
}

// endOldest keeps the newest MaxSessions of a person. Two nodes that do it at
// once end the same ones.
func (p *Policy) endOldest(ctx context.Context, person string) error {
	own := p.sessionsOf(person)
	for len(own) > MaxSessions {
		if err := p.end(ctx, own[0].Key); err != nil {
			return fmt.Errorf("end the oldest session: %w", err)
		}
		own = own[1:]
	}
	return nil
}

// sessionsOf are a person's, the oldest first.
func (p *Policy) sessionsOf(person string) []Row[Session] {
	own := slices.DeleteFunc(p.people.Sessions.All(), func(r Row[Session]) bool { return r.Value.Person != person })
	slices.SortFunc(own, func(a, b Row[Session]) int {
		return cmp.Or(a.Value.Created.Compare(b.Value.Created), cmp.Compare(a.Key, b.Key))
	})
	return own
}

// authenticatePerson finds who holds the session of that key.
func (p *Policy) authenticatePerson(key string, now time.Time) (Subject, error) {
	if p.people == nil {
		return Subject{}, ErrUnauthenticated
	}
	session, _, ok := p.people.Sessions.Get(key)
	if !ok || session.ended(now) {
		return Subject{}, ErrUnauthenticated
	}
	person, _, ok := p.people.People.Get(session.Person)
	if !ok || person.welcome() != nil {
		return Subject{}, ErrUnauthenticated
	}
	return Subject{ID: session.Person, Name: person.Name, Number: person.Number, session: key}, nil
}

// Session is the one that s came by, with the sealed tokens.
func (p *Policy) Session(s Subject, now time.Time) (Session, error) {
	if _, err := p.Decide(s, Connect, Resource{}, now); err != nil {
		return Session{}, err
	}
	if s.session == "" {
		return Session{}, ErrDenied
	}
	session, _, ok := p.people.Sessions.Get(s.session)
	if !ok {
		return Session{}, errEnded
	}
	return session, nil
}

// Touch says that s is at work, by a request or by open media: the idle time
// begins again. It writes at most once a minute, and never brings back what has
// ended.
func (p *Policy) Touch(ctx context.Context, s Subject, now time.Time) error {
	if s.session == "" {
		return nil
	}
	err := p.editSession(ctx, s, now, func(v *Session) error {
		if now.Before(v.Used.Add(touchEvery)) {
			return errNothing
		}
		v.Used = now
		return nil
	})
	if errors.Is(err, ErrConflict) {
		return nil // another node saw the same person at work, or ended the session
	}
	return err
}

// errNothing ends an edit that changes nothing.
var errNothing = errors.New("nothing to change")

func (p *Policy) editSession(ctx context.Context, s Subject, now time.Time, edit func(*Session) error) error {
	if p.people == nil {
		return errEnded
	}
	err := change(ctx, p.people.Sessions, s.session, func(v *Session, found bool) error {
		if !found || v.Person != s.ID || v.ended(now) {
			return errEnded
		}
		return edit(v)
	})
	if errors.Is(err, errNothing) {
		return nil
	}
	return err
}

// Refresh takes what the provider says now of the person who came by s. A lost
// role or area ends what it permitted; with the last role, or a block, all of
// the person's sessions end, and the answer is ErrNoRole or ErrBlocked.
func (p *Policy) Refresh(ctx context.Context, s Subject, claims Claims, seal func(key string) ([]byte, error), now time.Time) error {
	if _, err := p.Session(s, now); err != nil {
		return err
	}
	if PersonKey(claims.Issuer, claims.Subject) != s.ID {
		return fmt.Errorf("%w: the provider answered for somebody else", ErrFaulty)
	}
	_, person, err := p.note(ctx, claims, now)
	if err != nil {
		return err
	}
	if err := person.welcome(); err != nil {
		_, ended := p.endAll(ctx, func(_ string, v *Session) bool { return v.Person == s.ID })
		return errors.Join(err, ended)
	}
	if seal == nil {
		return nil
	}
	sealed, err := sealFor(s.session, seal)
	if err != nil {
		return err
	}
	return p.editSession(ctx, s, now, func(v *Session) error {
		v.Sealed = sealed
		return nil
	})
}
