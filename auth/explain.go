package auth

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Explanation says what a person may do and why.
type Explanation struct {
	Key    string
	Person Person // the last claims, with what was mapped to what
	Refuse error  // why there is no session for the person; nil: may sign in
	Rights []Right
}

// Right is one ground of rights: a role with the claimed areas, or a grant.
type Right struct {
	Source  string // "role viewer", "grant K3…"
	Because string // how the person comes to it
	Actions []Action
	Areas   []string
	Cameras []string
	Kinds   []string
	InForce bool
	Why     string    // it is not in force
	Changes time.Time // when InForce changes next; zero: not by itself
}

// Explain says what a person's last claims gave, which grants are for them, and
// for each why, in force or not. One may ask about oneself and, with the right
// to Administer, about people in one's care: see Block.
func (p *Policy) Explain(by Subject, person string, now time.Time) (Explanation, error) {
	if err := p.mayCare(by, person, Administer, now); err != nil {
		return Explanation{}, err
	}
	who, _, ok := p.people.People.Get(person)
	if !ok {
		return Explanation{}, ErrUnknown
	}
	e := Explanation{Key: person, Person: who, Refuse: who.welcome()}
	for _, role := range who.Roles {
		e.Rights = append(e.Rights, p.explainRole(&who, role, gives[role], ordinary[:]))
		if keeps[role] != nil {
			e.Rights = append(e.Rights, p.explainRole(&who, role, keeps[role], []string{Household}))
		}
	}
	var grants []Right
	for _, row := range p.people.Grants.All() {
		if g := row.Value; g.names(person, &who) {
			grants = append(grants, p.explainGrant(row.Key, &g, now))
		}
	}
	slices.SortFunc(grants, func(a, b Right) int { return strings.Compare(a.Source, b.Source) })
	e.Rights = append(e.Rights, grants...)
	if e.Refuse != nil {
		for i := range e.Rights {
			e.Rights[i].InForce, e.Rights[i].Why = false, e.Refuse.Error()
		}
	}
	return e, nil
}

func (p *Policy) explainRole(who *Person, role Role, actions []Action, kinds []string) Right {
	r := Right{
		Source: "role " + string(role), Because: "claimed", Actions: follow(actions),
		Areas: slices.Clone(who.Areas), Kinds: slices.Clone(kinds), InForce: len(who.Areas) > 0,
	}
	var grounds []string
	for _, m := range who.Mapped {
		if m.Role == role || m.Area != "" && slices.Contains(who.Areas, m.Area) {
			grounds = append(grounds, fmt.Sprintf("%s = %s by the rule %s", m.Claim, m.Value, m.Rule))
		}
	}
	if len(grounds) > 0 {
		r.Because = strings.Join(grounds, "; ")
	}
	if !r.InForce {
		r.Why = "the claims name no area: add a rule that maps one, or give a grant"
	}
	return r
}

func (p *Policy) explainGrant(key string, g *Grant, now time.Time) Right {
	r := Right{
		Source: "grant " + key, Actions: slices.Clone(g.Actions),
		Areas: slices.Clone(g.Areas), Cameras: slices.Clone(g.Cameras), Kinds: slices.Clone(g.Kinds),
	}
	switch {
	case g.Emergency:
		r.Because = "an emergency of their own: " + g.Reason
	case g.Request != "":
		r.Because = "asked for: " + g.Reason
	case g.Who.Person != "":
		r.Because = "given to this person by " + g.By
	case g.Who.Group != "":
		r.Because = "given to the group " + g.Who.Group + " by " + g.By
	default:
		r.Because = "given to the role " + string(g.Who.Role) + " by " + g.By
	}
	zone, err := g.check()
	if err != nil {
		r.Why = err.Error()
		return r
	}
	r.Actions = follow(g.Actions)
	if len(r.Kinds) == 0 && len(r.Areas) > 0 {
		r.Kinds = slices.Clone(ordinary[:])
	}
	if g.Emergency && !p.mayEmergency() {
		r.Why = "the settings allow no emergency"
		return r
	}
	open, edge := g.window(now, zone)
	if r.InForce = open; edge.Before(forever) {
		r.Changes = edge
	}
	switch {
	case open:
	case now.Before(g.From):
		r.Why = "it has not begun"
	case !g.Until.IsZero() && !now.Before(g.Until):
		r.Why = "it has ended"
	default:
		r.Why = "these are not its hours"
	}
	return r
}
