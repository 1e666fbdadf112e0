package auth

import (
	"fmt"
	"slices"
	"time"
	"unicode"
)

// Bounds of grants.
const (
	MaxGrants    = 10_000
	MaxEmergency = 30 * time.Minute // a right that somebody gave to themselves
	MaxTemporary = 24 * time.Hour   // a right that was asked for

	maxPlaces  = 1000 // areas and cameras of one grant
	maxKinds   = 16
	minLetters = 10 // of a reason that must be one
)

// givable are the actions that a grant may name, and those of them that an
// emergency or a request may.
var (
	givable   = [...]Action{View, Lookback, Export, PTZ, Administer, Supervise, Audit, ShareOut}
	temporary = [...]Action{View, Lookback, PTZ}
)

// Who says whom a grant is for: one of the three.
type Who struct {
	Role   Role   `json:"role,omitempty"`
	Group  string `json:"group,omitempty"`
	Person string `json:"person,omitempty"` // PersonKey
}

// Grant is a right: who may do what, where and when. It covers the cameras in
// Cameras, of any kind, and those in Areas of the named Kinds.
type Grant struct {
	Who     Who       `json:"who"`
	Actions []Action  `json:"actions"`
	Areas   []string  `json:"areas,omitempty"` // each with all below it; AllAreas for the whole tree
	Cameras []string  `json:"cameras,omitempty"`
	Kinds   []string  `json:"kinds,omitempty"` // of the cameras in Areas; empty: every kind but Household
	From    time.Time `json:"from,omitzero"`   // zero: at once
	Until   time.Time `json:"until,omitzero"`  // not included; zero: until it is revoked
	Hours   *Hours    `json:"hours,omitempty"` // nil: at all hours

	By        string    `json:"by"` // who gave it
	Reason    string    `json:"reason,omitempty"`
	Given     time.Time `json:"given,omitzero"`
	Emergency bool      `json:"emergency,omitempty"` // By gave it to themselves
	Request   string    `json:"request,omitempty"`   // the request that it answers
}

// check returns the location of the grant's hours. A grant that fails it gives
// nothing, whoever put it into the table.
func (g *Grant) check() (*time.Location, error) {
	if err := g.checkWho(); err != nil {
		return nil, err
	}
	if err := g.checkWhere(); err != nil {
		return nil, err
	}
	if len(g.Actions) == 0 || len(g.Actions) > len(givable) {
		return nil, fmt.Errorf("%w: the grant permits nothing: name its actions, each once", ErrFaulty)
	}
	for _, a := range g.Actions {
		if !slices.Contains(givable[:], a) {
			return nil, fmt.Errorf("%w: %.32q is not an action that can be granted", ErrFaulty, a)
		}
	}
	switch {
	case len(g.Reason) > maxReason:
		return nil, fmt.Errorf("%w: the reason has more than %d bytes", ErrFaulty, maxReason)
	case !g.Until.IsZero() && !g.Until.After(g.From):
		return nil, fmt.Errorf("%w: the grant ends before it begins", ErrFaulty)
	case g.Emergency || g.Request != "":
		if err := g.checkTemporary(); err != nil {
			return nil, err
		}
	}
	if g.Hours == nil {
		return time.UTC, nil
	}
	return g.Hours.check()
}

func (g *Grant) checkWho() error {
	named := 0
	for _, s := range [...]string{string(g.Who.Role), g.Who.Group, g.Who.Person} {
		if s != "" {
			named++
		}
	}
	switch {
	case named != 1 || len(g.Who.Group) > maxName || len(g.Who.Person) > maxName:
		return fmt.Errorf("%w: a grant is for a role, a group or a person: name one of them", ErrFaulty)
	case g.Who.Role != "" && !g.Who.Role.known():
		return fmt.Errorf("%w: there is no role %.32q: use viewer, supervisor, administrator or auditor", ErrFaulty, g.Who.Role)
	case g.By == "":
		return fmt.Errorf("%w: nobody gave this grant", ErrFaulty)
	}
	return nil
}

func (g *Grant) checkWhere() error {
	n := len(g.Areas) + len(g.Cameras)
	if n == 0 || n > maxPlaces || len(g.Kinds) > maxKinds {
		return fmt.Errorf("%w: a grant is for 1 to %d areas and cameras, and at most %d kinds", ErrFaulty, maxPlaces, maxKinds)
	}
	for _, list := range [...][]string{g.Areas, g.Cameras, g.Kinds} {
		for _, id := range list {
			if id == "" || len(id) > maxID {
				return fmt.Errorf("%w: an area, camera or kind of the grant is empty or longer than %d bytes", ErrFaulty, maxID)
			}
		}
	}
	return nil
}

// checkTemporary keeps what was given in a hurry small: one person, a short
// time, a stated reason, no power over others, no kind of camera wholesale.
func (g *Grant) checkTemporary() error {
	most := MaxTemporary
	if g.Emergency {
		most = MaxEmergency
	}
	switch {
	case g.Who.Person == "" || g.Emergency != (g.Who.Person == g.By):
		return fmt.Errorf("%w: an emergency is for oneself, an answer for the one who asked", ErrFaulty)
	case g.From.IsZero() || g.Until.IsZero() || g.Until.Sub(g.From) > most:
		return fmt.Errorf("%w: this may hold for %v at most", ErrFaulty, most)
	case len(g.Kinds) > 0:
		return fmt.Errorf("%w: name the cameras, not their kinds", ErrFaulty)
	}
	for _, a := range g.Actions {
		if !slices.Contains(temporary[:], a) {
			return fmt.Errorf("%w: only view, lookback and ptz are given for a time", ErrFaulty)
		}
	}
	return checkReason(g.Reason)
}

func checkReason(reason string) error {
	letters := 0
	for _, r := range reason {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if letters < minLetters || len(reason) > maxReason {
		return fmt.Errorf("%w: say why, in %d letters or more and %d bytes or fewer", ErrFaulty, minLetters, maxReason)
	}
	return nil
}

// window says whether a checked grant is in force, and when that changes.
func (g *Grant) window(now time.Time, zone *time.Location) (open bool, edge time.Time) {
	if now.Before(g.From) {
		return false, g.From
	}
	if !g.Until.IsZero() && !now.Before(g.Until) {
		return false, forever
	}
	open, edge = true, forever
	if g.Hours != nil {
		open, edge = g.Hours.at(now, zone)
	}
	if !g.Until.IsZero() {
		edge = earliest(edge, g.Until)
	}
	return open, edge
}

// names says whether the grant is for this person.
func (g *Grant) names(key string, p *Person) bool {
	w := g.Who
	return w.Person != "" && w.Person == key || w.Role != "" && slices.Contains(p.Roles, w.Role) || w.Group != "" && slices.Contains(p.Groups, w.Group)
}
