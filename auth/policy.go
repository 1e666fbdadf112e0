package auth

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// MaxLease is the longest that a permission holds before it must be asked for
// again.
const MaxLease = 30 * time.Second

// AllAreas in the areas of a token, a grant or a person stands for the whole
// tree.
const AllAreas = "all"

// Household is the kind of a citizen's own camera, which an area never covers
// alone: a right to it names the kind, or the camera. The role of an
// administrator alone sets those of its areas up, and does not see their pictures.
const Household = "household"

// ordinary are the kinds that an area covers where none is named.
var ordinary = [...]string{"public", "office", "institution"}

// Action is what a subject wants to do.
type Action string

const (
	Connect    Action = "connect"    // hold a session; asked with the zero Resource
	List       Action = "list"       // see that a camera exists, its name and its state; follows from any right to it
	View       Action = "view"       // see its pictures
	Lookback   Action = "lookback"   // see the pictures of the minutes before
	Export     Action = "export"     // take pictures away
	PTZ        Action = "ptz"        // turn it
	Administer Action = "administer" // change cameras, areas and grants; asked of a camera or an area
	Supervise  Action = "supervise"  // answer requests, sign people out; asked of an area; follows from Administer
	Audit      Action = "audit"      // read the audit log; asked of a camera or an area
	Own        Action = "own"        // switch one's own camera off, and withdraw it; given to nobody by a grant
	ShareOut   Action = "share"      // share its live picture with a named outsider
	Issue      Action = "issue"      // have tokens issued for a portal's officers; its own server's alone
)

var (
	// ErrUnauthenticated is the answer to a token or session that is unknown,
	// expired or withdrawn. Which of these is not told.
	ErrUnauthenticated = errors.New("the token or session is wrong, expired or withdrawn")
	// ErrDenied is the answer to an act that no rule permits.
	ErrDenied = errors.New("no right to this")
)

// errEnded is both: nothing is permitted to a subject whose token or session
// has ended.
var errEnded = fmt.Errorf("%w: %w", ErrDenied, ErrUnauthenticated)

// Subject is who acts. Only Authenticate makes one that is permitted anything.
type Subject struct {
	ID     string // stable and unique, for logs; not a secret: a token's name or a person's key
	Name   string // for people
	Number string // by which their office knows them, or their login; "": none is known

	credential [sha256.Size]byte // of the token it came by, so that a new secret ends what the old one began
	session    string            // the session's key; "": no person of ours
	visit      string            // whose visitor it is, a key of Policy.visitors; "": none
}

// String is the subject's ID.
func (s Subject) String() string { return s.ID }

// Session is the key of the session that a person came by, "" for a token.
func (s Subject) Session() string { return s.session }

// Resource is what is acted on: a camera, or an area where Camera is empty.
type Resource struct {
	Camera string
	Kind   string
	Areas  []string // the camera's area, or the area itself, and all above it
}

// Permission says how long an act is permitted.
type Permission struct {
	Until time.Time // ask again then; never later than MaxLease from now
	By    string    // what permits it, for the audit log: "token bench", "role viewer", "grant K3…", "session"

	// Reason and Case are what a citizen's camera is viewed for, as whoever views
	// it stated it; "" elsewhere, but for a visitor who states them anyway.
	Reason Reason
	Case   string

	draft bool // of a visitor: it is their own camera, which they are setting up
}

// Policy holds the rules in force. It is safe for concurrent use.
type Policy struct {
	mu      sync.RWMutex
	tokens  map[[sha256.Size]byte]*Token // by their digests; a token in it is never changed
	changed chan struct{}

	people   *Tables // nil: tokens only
	settings Settings
	book     atomic.Pointer[book] // of the grants
	consents atomic.Pointer[lending]
	ended    chan struct{} // capacity 1; a case that was open here is no more
	shares   atomic.Pointer[shareBook]
	binding  sync.Mutex          // held while a new book, or lending, is made
	visitors map[string]visitors // by their kind; never changed
	portals  *portals            // nil: there are none
}

// visitors are those who come by a secret of their own and are neither a person
// who signs in nor a tool: each kind is confined to what let it in.
type visitors interface {
	// authenticate finds whom a secret speaks for; sum is its SHA-256. Its error
	// is ErrUnauthenticated.
	authenticate(secret string, sum [sha256.Size]byte, now time.Time) (Subject, error)
	// decide is Decide for one of them. Of citizens' cameras it says only that there
	// is a right, and in Reason and Case what was stated: gate decides about the rest.
	decide(s Subject, a Action, r Resource, now time.Time) (Permission, error)
}

// NewPolicy makes a policy of tokens; its errors are Set's.
func NewPolicy(tokens []Token) (*Policy, error) {
	p := &Policy{changed: make(chan struct{}), ended: make(chan struct{}, 1)}
	if err := p.Set(tokens); err != nil {
		return nil, err
	}
	return p, nil
}

// NewPolicyFor makes a policy of tokens and people. Run must run for Changed to
// tell of people. Its errors are Set's.
func NewPolicyFor(tokens []Token, people Tables, settings Settings) (*Policy, error) {
	p, err := NewPolicy(tokens)
	if err != nil {
		return nil, err
	}
	if people.Consents == nil || people.Invitations == nil { // else a camera that was withdrawn could come back under another kind
		return nil, errors.New("a policy for people needs the tables of consents and of invitations")
	}
	p.people, p.settings = &people, settings
	p.visitors = map[string]visitors{guestKind: guests{p}, visitInvited: newInvited(p), visitOwner: newOwners(p)}
	if people.Portals != nil && people.Embeds != nil && settings.Portals != nil {
		p.portals = newPortals(p)
		p.visitors[visitOfficer], p.visitors[visitPortal] = officers{p.portals}, backends{p.portals}
	}
	return p, nil
}

// Changed returns a channel that is closed when the rules change; ask again
// for the next change. Ask before deciding, so that no change is missed.
func (p *Policy) Changed() <-chan struct{} {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.changed
}

// tell closes Changed.
func (p *Policy) tell() {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.changed)
	p.changed = make(chan struct{})
}

// Authenticate finds the subject that a bearer token or a session secret, of at
// most MaxSecret bytes, speaks for, or returns ErrUnauthenticated.
func (p *Policy) Authenticate(secret string, now time.Time) (Subject, error) {
	if secret == "" || len(secret) > MaxSecret {
		return Subject{}, ErrUnauthenticated
	}
	sum := sha256.Sum256([]byte(secret))
	p.mu.RLock()
	var found *Token
	for _, t := range p.tokens { // always all of them, so that time tells nothing
		if t.Secret.matches(&sum) {
			found = t
		}
	}
	p.mu.RUnlock()
	if found != nil {
		if found.ended(now) {
			return Subject{}, ErrUnauthenticated
		}
		return Subject{ID: found.Name, Name: found.Name, credential: sum}, nil
	}
	for kind, v := range p.visitors {
		if s, err := v.authenticate(secret, sum, now); err == nil {
			s.visit = kind
			return s, nil
		}
	}
	return p.authenticatePerson(hex.EncodeToString(sum[:]), now)
}

// BySession finds the subject that a running session speaks for by its key,
// which opens nothing: for who acts on a session without its secret.
func (p *Policy) BySession(key string, now time.Time) (Subject, error) {
	return p.authenticatePerson(key, now)
}

// Decide says whether s may do a to r, and until when. It is the only place
// that does. It returns ErrDenied; where the subject's token or session has
// ended, an error that is both ErrDenied and ErrUnauthenticated.
//
// A person's permission ends with the session, the grant, its weekly hours or
// MaxLease, whichever comes first; that to see a citizen's camera also with what
// its owner agreed to. To who has the right to one and may not use it now, the
// error is ErrClosed or ErrCase, which are ErrDenied too.
func (p *Policy) Decide(s Subject, a Action, r Resource, now time.Time) (Permission, error) {
	held, err := p.right(s, a, r, now)
	if err != nil {
		return Permission{}, err
	}
	return p.gate(s, a, r, held, now)
}

// right is Decide without the gate of citizens' cameras.
func (p *Policy) right(s Subject, a Action, r Resource, now time.Time) (Permission, error) {
	switch v := p.visitors[s.visit]; {
	case v != nil:
		return v.decide(s, a, r, now)
	case s.session != "":
		return p.decidePerson(s, a, r, now)
	}
	return p.decideToken(s, a, r, now)
}
