package auth

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"time"
)

// MaxTokens bounds a policy.
const MaxTokens = 1000

// Token is a bearer token and what it permits: to list the cameras named in
// Cameras, of any kind, and those in Areas of the named Kinds, and to do Actions
// to them. To administer covers the areas themselves, too.
type Token struct {
	Name    string // unique; becomes the subject's ID
	Secret  Secret
	Areas   []string  // each with all below it; AllAreas for the whole tree
	Cameras []string  // cameras by identifier, households' too
	Kinds   []string  // of the cameras in Areas; empty: every kind but Household
	Actions []Action  // of View and Administer; empty: View
	Expires time.Time // zero: never
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
		t.Areas, t.Cameras, t.Kinds, t.Actions = slices.Clone(t.Areas), slices.Clone(t.Cameras), slices.Clone(t.Kinds), slices.Clone(t.Actions)
		next[t.Secret.sum] = &t
	}
	p.mu.Lock()
	p.tokens = next
	p.mu.Unlock()
	p.tell()
	return nil
}

func (t *Token) ended(now time.Time) bool { return !t.Expires.IsZero() && !now.Before(t.Expires) }

// decideToken is Decide for who came by a token.
func (p *Policy) decideToken(s Subject, a Action, r Resource, now time.Time) (Permission, error) {
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
	return Permission{Until: until, By: "token " + t.Name}, nil
}

func (t *Token) permits(a Action, r Resource) bool {
	switch a {
	case Connect:
		return true
	case List:
	case View, Administer:
		if !slices.Contains(t.Actions, a) && (a != View || len(t.Actions) > 0) {
			return false
		}
	default:
		return false
	}
	if r.Camera == "" { // an area itself
		return a == Administer && t.coversArea(r.Areas)
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
