package auth

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// care decides about many places for one subject at one time, about each area
// once: a list of everybody names the same areas over and over.
type care struct {
	policy *Policy
	by     Subject
	action Action
	now    time.Time
	areas  map[string]bool
}

func (p *Policy) careOf(by Subject, a Action, now time.Time) *care {
	return &care{p, by, a, now, map[string]bool{}}
}

// area says whether the action may be done to an area. One that is gone is in
// the care of those who have all.
func (c *care) area(id string) bool {
	may, known := c.areas[id]
	if !known {
		path := c.policy.path(id)
		if path == nil {
			path = []string{AllAreas}
		}
		_, err := c.policy.Decide(c.by, c.action, Resource{Areas: path}, c.now)
		may = err == nil
		c.areas[id] = may
	}
	return may
}

// camera says whether it may be done to the area where a camera hangs.
func (c *care) camera(id string) bool {
	camera, ok := c.policy.camera(id)
	return ok && len(camera.Areas) > 0 && c.area(camera.Areas[0])
}

// person says whether it may be done to all areas that a person's claims name.
func (c *care) person(p *Person) bool {
	if len(p.Areas) == 0 {
		return c.area(AllAreas)
	}
	return !slices.ContainsFunc(p.Areas, func(area string) bool { return !c.area(area) })
}

// someOf says whether it may be done to one of a grant's places.
func (c *care) someOf(g *Grant) bool {
	return c.area(AllAreas) || // also where the grant's places are gone
		slices.ContainsFunc(g.Areas, c.area) || slices.ContainsFunc(g.Cameras, c.camera)
}

// allOf says whether it may be done to all places of a request, which are there.
func (c *care) allOf(r *Request) bool {
	return c.policy.path(r.Area) != nil && c.area(r.Area) &&
		!slices.ContainsFunc(r.Cameras, func(id string) bool { return !c.camera(id) })
}

// Known is a person as those see who care for them.
type Known struct {
	Key      string
	Person   Person
	Sessions int // that are running
}

// People are those in one's care (see Block) who have ever signed in, by name.
// Oneself is among them only where another like oneself would be.
func (p *Policy) People(by Subject, now time.Time) ([]Known, error) {
	if _, err := p.person(by, now); err != nil {
		return nil, err
	}
	running := map[string]int{}
	for _, row := range p.people.Sessions.All() {
		if !row.Value.ended(now) {
			running[row.Value.Person]++
		}
	}
	return p.peopleOf(by, Supervise, now, running), nil
}

// Audited are those of whose every area by may Audit, by name: whom one may ask
// the log about. Their sessions are not counted.
func (p *Policy) Audited(by Subject, now time.Time) ([]Known, error) {
	if _, err := p.person(by, now); err != nil {
		return nil, err
	}
	return p.peopleOf(by, Audit, now, nil), nil
}

// peopleOf are those to all of whose areas an action may be done.
func (p *Policy) peopleOf(by Subject, a Action, now time.Time, running map[string]int) (people []Known) {
	mine := p.careOf(by, a, now)
	for _, row := range p.people.People.All() {
		if mine.person(&row.Value) {
			people = append(people, Known{row.Key, row.Value, running[row.Key]})
		}
	}
	slices.SortFunc(people, func(a, b Known) int {
		return cmp.Or(strings.Compare(a.Person.Name, b.Person.Name), strings.Compare(a.Key, b.Key))
	})
	return people
}

// Known is one person, oneself or one in one's care.
func (p *Policy) Known(by Subject, person string, now time.Time) (Known, error) {
	sessions, err := p.Sessions(by, person, now)
	if err != nil {
		return Known{}, err
	}
	who, _, ok := p.people.People.Get(person)
	if !ok {
		return Known{}, ErrUnknown
	}
	return Known{person, who, len(sessions)}, nil
}

// Grants are those of which one may Supervise a place, and those for oneself,
// the newest first.
func (p *Policy) Grants(by Subject, now time.Time) ([]Row[Grant], error) {
	person, err := p.person(by, now)
	if err != nil {
		return nil, err
	}
	mine := p.careOf(by, Supervise, now)
	grants := slices.DeleteFunc(p.people.Grants.All(), func(row Row[Grant]) bool {
		return !row.Value.names(by.ID, &person) && !mine.someOf(&row.Value)
	})
	slices.SortFunc(grants, func(a, b Row[Grant]) int {
		return cmp.Or(b.Value.Given.Compare(a.Value.Given), strings.Compare(a.Key, b.Key))
	})
	return grants, nil
}

// NameOf is a person's name for people, "" for an unknown one. Who is shown an
// act is shown who did it.
func (p *Policy) NameOf(person string) string {
	if p.people == nil {
		return ""
	}
	who, _, _ := p.people.People.Get(person)
	return who.Name
}

// Offices are what somebody may do beside looking, so that a page shows only
// what leads somewhere.
type Offices struct {
	Administer, Supervise bool // one area at least
	Audit                 bool // one area or camera at least
	Emergency, Ask        bool
	ShareOut              bool // some camera
}

// Offices says what s may do; nothing of it permits anything.
func (p *Policy) Offices(s Subject, now time.Time) Offices {
	if s.session == "" {
		return Offices{Administer: p.tokenAdministers(s, now)}
	}
	if _, err := p.person(s, now); err != nil {
		return Offices{}
	}
	person, revision, _ := p.people.People.Get(s.ID) // both of one moment: rights are kept by the revision
	var o Offices
	r := p.bound().rightsOf(s.ID, &person, revision, now)
	for act := range r.cameras {
		if _, there := p.camera(act.camera); there && act.action == Audit {
			o.Audit = true
		}
	}
	for act := range r.offices {
		if p.path(act.area) == nil {
			continue
		}
		o.Audit = o.Audit || act.action == Audit
		o.Administer = o.Administer || act.action == Administer
		o.Supervise = o.Supervise || act.action == Supervise
	}
	o.ShareOut = r.holds(ShareOut)
	o.Ask = person.looks()
	o.Emergency = o.Ask && p.mayEmergency()
	return o
}

func (p *Policy) tokenAdministers(s Subject, now time.Time) bool {
	p.mu.RLock()
	t := p.tokens[s.credential]
	p.mu.RUnlock()
	return t != nil && t.Name == s.ID && !t.ended(now) && slices.Contains(t.Actions, Administer) &&
		slices.ContainsFunc(t.Areas, func(a string) bool { return p.path(a) != nil })
}

// looks says whether a person has a role that looks at cameras.
func (p *Person) looks() bool {
	return slices.Contains(p.Roles, Viewer) || slices.Contains(p.Roles, Supervisor)
}
