package auth

import (
	"slices"
	"sync"
	"time"
)

// maxCached bounds the people whose rights are kept worked out.
const maxCached = 10_000

// book is the table of grants as of one moment, by whom they are for, and what
// was worked out from it.
type book struct {
	stale <-chan struct{} // closed when the table has changed since
	byKey map[string]*standing
	byWho map[Who][]*standing

	mu     sync.Mutex
	rights map[string]*rights // by person
}

// standing is a grant that was checked.
type standing struct {
	*Grant
	revision uint64
	valid    bool
	by       string // for Permission
	zone     *time.Location
}

// bound is the book of the grants as they are now.
func (p *Policy) bound() *book {
	if b := p.book.Load(); b.fresh() {
		return b
	}
	p.binding.Lock()
	defer p.binding.Unlock()
	if b := p.book.Load(); b.fresh() {
		return b
	}
	last, stale := p.book.Load(), p.people.Grants.Changed()
	rows := p.people.Grants.All()
	b := &book{
		stale: stale, byKey: make(map[string]*standing, len(rows)),
		byWho: make(map[Who][]*standing, len(rows)), rights: map[string]*rights{},
	}
	for _, row := range rows {
		s := last.standing(row)
		if s == nil {
			s = p.check(row)
		}
		b.byKey[row.Key] = s
		if s.valid { // nothing is permitted by what is not understood
			b.byWho[s.Who] = append(b.byWho[s.Who], s)
		}
	}
	p.book.Store(b)
	return b
}

// standing is what an earlier book had for the row: reading a time zone is slow.
func (b *book) standing(row Row[Grant]) *standing {
	if b == nil {
		return nil
	}
	if s := b.byKey[row.Key]; s != nil && s.revision == row.Revision {
		return s
	}
	return nil
}

func (p *Policy) check(row Row[Grant]) *standing {
	zone, err := row.Value.check()
	valid := err == nil && (!row.Value.Emergency || p.mayEmergency())
	return &standing{&row.Value, row.Revision, valid, "grant " + row.Key, zone}
}

func (b *book) fresh() bool {
	return b != nil && !closed(b.stale)
}

func (p *Policy) mayEmergency() bool { return p.settings.Emergency && p.settings.Tell != nil }

// rights are one person's, worked out for the time in which no grant begins or
// ends.
type rights struct {
	revision  uint64 // of the person
	at, until time.Time
	cameras   map[cameraAct]hold
	areas     map[areaAct]hold // the cameras in an area and below
	offices   map[officeAct]hold
}

type (
	cameraAct struct {
		camera string
		action Action
	}
	areaAct struct {
		area   string
		action Action
		kind   string
	}
	officeAct struct { // on the area itself
		area   string
		action Action
	}
	hold struct {
		until time.Time
		by    string
	}
)

// rightsOf are a person's at now.
func (b *book) rightsOf(key string, person *Person, revision uint64, now time.Time) *rights {
	b.mu.Lock()
	r := b.rights[key]
	b.mu.Unlock()
	if r != nil && r.revision == revision && !now.Before(r.at) && now.Before(r.until) {
		return r
	}
	r = b.workOut(key, person, now)
	r.revision = revision
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.rights) >= maxCached {
		clear(b.rights)
	}
	b.rights[key] = r
	return r
}

func (b *book) workOut(key string, person *Person, now time.Time) *rights {
	r := &rights{
		at: now, until: forever,
		cameras: map[cameraAct]hold{}, areas: map[areaAct]hold{}, offices: map[officeAct]hold{},
	}
	if person.welcome() != nil {
		return r
	}
	for _, role := range person.Roles {
		source := hold{forever, "role " + string(role)}
		r.add(&Grant{Actions: gives[role], Areas: person.Areas}, source)
		if keeps[role] != nil {
			r.add(&Grant{Actions: keeps[role], Areas: person.Areas, Kinds: []string{Household}}, source)
		}
	}
	for _, s := range b.of(key, person) {
		open, edge := s.window(now, s.zone)
		r.until = earliest(r.until, edge)
		if open {
			r.add(s.Grant, hold{edge, s.by})
		}
	}
	return r
}

// of are all grants for a person, in force or not.
func (b *book) of(key string, person *Person) []*standing {
	all := slices.Clone(b.byWho[Who{Person: key}])
	for _, role := range person.Roles {
		all = append(all, b.byWho[Who{Role: role}]...)
	}
	for _, group := range person.Groups {
		all = append(all, b.byWho[Who{Group: group}]...)
	}
	return all
}

// add spreads a grant out, so that deciding is a look-up or two.
func (r *rights) add(g *Grant, h hold) {
	kinds := g.Kinds
	if len(kinds) == 0 {
		kinds = ordinary[:]
	}
	for _, action := range follow(g.Actions) {
		for _, camera := range g.Cameras {
			longest(r.cameras, cameraAct{camera, action}, h)
		}
		for _, area := range g.Areas {
			for _, kind := range kinds {
				longest(r.areas, areaAct{area, action, kind}, h)
			}
			if action.office() {
				longest(r.offices, officeAct{area, action}, h)
			}
		}
	}
}

// follow are the actions and what follows from them.
func follow(actions []Action) []Action {
	all := append(make([]Action, 0, len(actions)+2), actions...)
	all = append(all, List)
	if slices.Contains(actions, Administer) && !slices.Contains(actions, Supervise) {
		all = append(all, Supervise)
	}
	return all
}

// office says whether an action can be done to an area.
func (a Action) office() bool { return a == Administer || a == Supervise || a == Audit }

// longest keeps the right that holds longer.
func longest[K comparable](m map[K]hold, key K, h hold) {
	if old, ok := m[key]; !ok || h.until.After(old.until) {
		m[key] = h
	}
}

// holds says whether there is a right to an action for some camera.
func (r *rights) holds(a Action) bool {
	for act := range r.cameras {
		if act.action == a {
			return true
		}
	}
	for act := range r.areas {
		if act.action == a {
			return true
		}
	}
	return false
}

// find is the longest right to act on a resource.
func (r *rights) find(a Action, res Resource) (best hold, ok bool) {
	take := func(h hold, found bool) {
		if found && (!ok || h.until.After(best.until)) {
			best, ok = h, true
		}
	}
	if res.Camera == "" {
		for _, area := range res.Areas {
			h, found := r.offices[officeAct{area, a}]
			take(h, found)
		}
		h, found := r.offices[officeAct{AllAreas, a}]
		take(h, found)
		return best, ok
	}
	h, found := r.cameras[cameraAct{res.Camera, a}]
	take(h, found)
	for _, area := range res.Areas {
		h, found := r.areas[areaAct{area, a, res.Kind}]
		take(h, found)
	}
	h, found = r.areas[areaAct{AllAreas, a, res.Kind}]
	take(h, found)
	return best, ok
}

// decidePerson is Decide for who came by a session.
func (p *Policy) decidePerson(s Subject, a Action, r Resource, now time.Time) (Permission, error) {
	if p.people == nil {
		return Permission{}, errEnded
	}
	session, _, ok := p.people.Sessions.Get(s.session)
	if !ok || session.Person != s.ID || session.ended(now) {
		return Permission{}, errEnded
	}
	person, revision, ok := p.people.People.Get(s.ID)
	if !ok || person.welcome() != nil {
		return Permission{}, errEnded
	}
	until := earliest(now.Add(MaxLease), session.ends())
	if a == Connect {
		return Permission{Until: until, By: "session"}, nil
	}
	h, ok := p.bound().rightsOf(s.ID, &person, revision, now).find(a, r)
	if !ok {
		return p.decideShared(s, a, r, now, until)
	}
	return Permission{Until: earliest(until, h.until), By: h.by}, nil
}
