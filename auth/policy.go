package auth

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// MaxLease is the longest that a permission holds before it must be asked for
// again.
const MaxLease = 30 * time.Second

// MaxTokens bounds a policy.
const MaxTokens = 1000

// AllAreas in Token.Areas stands for the whole tree.
const AllAreas = "all"

// Household is the kind of a citizen's own camera, which a token never covers
// by its area alone: it must name the kind, or the camera.
const Household = "household"

// ordinary are the kinds that a token covers when it names none.
var ordinary = [...]string{"public", "office", "institution"}

// Action is what a subject wants to do.
type Action string

const (
	Connect Action = "connect" // hold a session; asked with the zero Resource
	List    Action = "list"    // see that a camera exists, its name and its state
	View    Action = "view"    // see its pictures
)

var (
	// ErrUnauthenticated is the answer to a token that is unknown, expired or
	// withdrawn. Which of these is not told.
	ErrUnauthenticated = errors.New("the token is wrong, expired or withdrawn")
	// ErrDenied is the answer to an act that no rule permits.
	ErrDenied = errors.New("no right to this")
)

// errEnded is both: nothing is permitted to a subject whose token has ended.
var errEnded = fmt.Errorf("%w: %w", ErrDenied, ErrUnauthenticated)

// Subject is who acts. Only Authenticate makes one that is permitted anything.
type Subject struct {
	ID   string // stable and unique, for logs; not a secret
	Name string // for people

	credential [sha256.Size]byte // of the token it came by, so that a new secret ends what the old one began
}

// String is the subject's ID.
func (s Subject) String() string { return s.ID }

// Resource is what is acted on.
type Resource struct {
	Camera string
	Kind   string
	Areas  []string // the camera's area and all above it
}

// Permission says how long an act is permitted.
type Permission struct {
	Until time.Time // ask again then; never later than MaxLease from now
}

// Token is a bearer token and what it permits: to list and view the cameras
// named in Cameras, of any kind, and those in Areas of the named Kinds.
type Token struct {
	Name    string // unique; becomes the subject's ID
	Secret  Secret
	Areas   []string  // each with all below it; AllAreas for the whole tree
	Cameras []string  // cameras by identifier, households' too
	Kinds   []string  // of the cameras in Areas; empty: every kind but Household
	Expires time.Time // zero: never
}

// Policy holds the rules in force. It is safe for concurrent use.
type Policy struct {
	mu      sync.RWMutex
	tokens  map[[sha256.Size]byte]*Token // by their digests; a token in it is never changed
	changed chan struct{}
}

// NewPolicy makes a policy of tokens; its errors are Set's.
func NewPolicy(tokens []Token) (*Policy, error) {
	p := &Policy{changed: make(chan struct{})}
	if err := p.Set(tokens); err != nil {
		return nil, err
	}
	return p, nil
}

// Set replaces the rules at once and closes Changed. It fails, and changes
// nothing, when two tokens share a name or a secret, one has neither, or there
// are more than MaxTokens.
func (p *Policy) Set(tokens []Token) error {
	if len(tokens) > MaxTokens {
		return fmt.Errorf("%d tokens are more than %d", len(tokens), MaxTokens)
	}
	names := make(map[string]bool, len(tokens))
	next := make(map[[sha256.Size]byte]*Token, len(tokens))
	for i, t := range tokens {
		if t.Name == "" {
			return fmt.Errorf("token %d has no name: give it one", i+1)
		}
		if names[t.Name] {
			return fmt.Errorf("two tokens are named %q: rename one", t.Name)
		}
		if !t.Secret.set {
			return fmt.Errorf("token %q has no secret", t.Name)
		}
		if other, ok := next[t.Secret.sum]; ok {
			return fmt.Errorf("tokens %q and %q have the same secret: make a new one", other.Name, t.Name)
		}
		names[t.Name] = true
		t.Areas, t.Cameras, t.Kinds = slices.Clone(t.Areas), slices.Clone(t.Cameras), slices.Clone(t.Kinds)
		next[t.Secret.sum] = &t
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tokens = next
	close(p.changed)
	p.changed = make(chan struct{})
	return nil
}

// Changed returns a channel that is closed when the rules change; ask again
// for the next change. Ask before deciding, so that no change is missed.
func (p *Policy) Changed() <-chan struct{} {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.changed
}

// Authenticate finds the subject that a bearer token of at most MaxSecret
// bytes speaks for, or returns ErrUnauthenticated.
func (p *Policy) Authenticate(bearer string, now time.Time) (Subject, error) {
	if bearer == "" || len(bearer) > MaxSecret {
		return Subject{}, ErrUnauthenticated
	}
	sum := sha256.Sum256([]byte(bearer))
	p.mu.RLock()
	defer p.mu.RUnlock()
	var found *Token
	for _, t := range p.tokens { // always all of them, so that time tells nothing
		if t.Secret.matches(&sum) {
			found = t
		}
	}
	if found == nil || found.ended(now) {
		return Subject{}, ErrUnauthenticated
	}
	return Subject{ID: found.Name, Name: found.Name, credential: sum}, nil
}

func (t *Token) ended(now time.Time) bool { return !t.Expires.IsZero() && !now.Before(t.Expires) }

// Decide says whether s may do a to r, and until when. It is the only place
// that does. It returns ErrDenied; where the subject's token has expired or was
// withdrawn, an error that is both ErrDenied and ErrUnauthenticated.
func (p *Policy) Decide(s Subject, a Action, r Resource, now time.Time) (Permission, error) {
	p.mu.RLock()
	t := p.tokens[s.credential]
	p.mu.RUnlock()
	if t == nil || t.Name != s.ID || t.ended(now) {
		return Permission{}, errEnded
	}
	if !t.permits(a, r) {
		return Permission{}, ErrDenied
	}
	until := now.Add(MaxLease)
	if !t.Expires.IsZero() && t.Expires.Before(until) {
		until = t.Expires
	}
	return Permission{Until: until}, nil
}

func (t *Token) permits(a Action, r Resource) bool {
	switch a {
	case Connect:
		return true
	case List, View:
	default:
		return false
	}
	if r.Camera == "" {
		return false
	}
	return slices.Contains(t.Cameras, r.Camera) || t.coversKind(r.Kind) && t.coversArea(r.Areas)
}

func (t *Token) coversKind(kind string) bool {
	if len(t.Kinds) == 0 {
		return slices.Contains(ordinary[:], kind)
	}
	return kind != "" && slices.Contains(t.Kinds, kind)
}

func (t *Token) coversArea(path []string) bool {
	for _, area := range t.Areas {
		if area == AllAreas || area != "" && slices.Contains(path, area) {
			return true
		}
	}
	return false
}

// Bearer returns the token of a request's Authorization header (RFC 6750
// section 2.1), "" where there is none, more than one, or another scheme. A
// token in a URL or a form is never looked at.
func Bearer(r *http.Request) string {
	values := r.Header.Values("Authorization")
	if len(values) != 1 {
		return ""
	}
	scheme, token, ok := strings.Cut(values[0], " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}
