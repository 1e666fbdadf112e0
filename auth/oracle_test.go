package auth

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// roleTable is what the roles give in their areas, written down a second time.
var roleTable = map[Role]string{
	Viewer:        "list view",
	Supervisor:    "list view lookback export ptz supervise share",
	Administrator: "list view ptz administer supervise",
	Auditor:       "list audit",
}

var (
	allActions = []Action{Connect, List, View, Lookback, Export, PTZ, Administer, Supervise, Audit, ShareOut, "delete", ""}
	allKinds   = []string{"public", "office", "institution", "household", "", "submarine"}
	allRoles   = []Role{Viewer, Supervisor, Administrator, Auditor}
)

// oracle says the slow way what a person may do who has a session.
type oracle struct {
	key    string
	person Person
	grants []Grant
	broken []bool // which of the grants are in a wrong form

	consents map[string]Consent
	spoilt   map[string]bool // which of the consents are in a wrong form
	stated   *Case
}

// why says the slow way what keeps the holder of a right from a picture at t.
func (o *oracle) why(a Action, r Resource, t time.Time) error {
	c, has := o.consents[r.Camera]
	shows := strings.Contains(" view lookback export ptz ", " "+string(a)+" ")
	if !shows || r.Camera == "" || !has && r.Kind != "household" {
		return nil
	}
	begun := !c.Given.IsZero() && !c.From.IsZero() && !t.Before(c.From)
	over := !c.Withdrawn.IsZero() || !c.Until.IsZero() && !t.Before(c.Until)
	if !has || o.spoilt[r.Camera] || !begun || over || !c.Off.IsZero() || len(c.Masks) > 0 || !during(&Grant{Hours: c.Hours}, t) {
		return ErrClosed
	}
	if o.stated == nil || t.Sub(o.stated.Opened) >= 12*time.Hour || !slices.Contains(c.Purposes, o.stated.Reason) {
		return ErrCase
	}
	return nil
}

// right says whether one grant, or with i < 0 the roles, permit the act at t.
func (o *oracle) right(i int, a Action, r Resource, t time.Time) bool {
	area := ""
	if len(r.Areas) > 0 {
		area = r.Areas[0]
	}
	if i < 0 {
		for _, role := range o.person.Roles {
			words := strings.Fields(roleTable[role])
			if slices.Contains(words, string(a)) && o.inside(area, o.person.Areas) && o.kind(a, r, nil) {
				return true
			}
			sets := a == List || a == Administer || a == Supervise // citizens' cameras up, without a look
			if role == Administrator && sets && r.Camera != "" && r.Kind == "household" && o.inside(area, o.person.Areas) {
				return true
			}
		}
		return false
	}
	g := &o.grants[i]
	mine := g.Who.Person == o.key && g.Who.Role == "" && g.Who.Group == "" ||
		g.Who.Person == "" && g.Who.Group == "" && slices.Contains(o.person.Roles, g.Who.Role) ||
		g.Who.Person == "" && g.Who.Role == "" && slices.Contains(o.person.Groups, g.Who.Group)
	named := slices.Contains(g.Actions, a) || a == List || a == Supervise && slices.Contains(g.Actions, Administer)
	if o.broken[i] || !mine || !named || !during(g, t) {
		return false
	}
	if r.Camera != "" && slices.Contains(g.Cameras, r.Camera) {
		return true
	}
	return o.inside(area, g.Areas) && o.kind(a, r, g.Kinds)
}

// inside climbs the tree.
func (o *oracle) inside(area string, areas []string) bool {
	if slices.Contains(areas, "all") {
		return true
	}
	for ; area != ""; area = parents[area] {
		if slices.Contains(areas, area) {
			return true
		}
	}
	return false
}

func (o *oracle) kind(a Action, r Resource, kinds []string) bool {
	if r.Camera == "" {
		return a == Administer || a == Supervise || a == Audit
	}
	if len(kinds) > 0 {
		return slices.Contains(kinds, r.Kind)
	}
	return r.Kind == "public" || r.Kind == "office" || r.Kind == "institution"
}

// during counts the minutes of the week. Its zones have no summer time.
func during(g *Grant, t time.Time) bool {
	if t.Before(g.From) || !g.Until.IsZero() && !t.Before(g.Until) {
		return false
	}
	if g.Hours == nil {
		return true
	}
	zone, err := time.LoadLocation(g.Hours.Zone)
	if err != nil {
		return false
	}
	l := t.In(zone)
	minute := int(l.Weekday())*1440 + l.Hour()*60 + l.Minute()
	for _, s := range g.Hours.Spans {
		length := s.To - s.From
		if length <= 0 {
			length += 1440
		}
		if (minute-int(s.Day)*1440-s.From+2*10080)%10080 < length {
			return true
		}
	}
	return false
}

// lease is whether the act is permitted at t and, in whole seconds, for how
// long at most one and the same right lasts, up to MaxLease.
func (o *oracle) lease(a Action, r Resource, t time.Time) (ok bool, most time.Duration) {
	if a == Connect {
		return true, MaxLease
	}
	for i := -1; i < len(o.grants); i++ {
		lasts := time.Duration(0)
		for lasts < MaxLease && o.right(i, a, r, t.Add(lasts)) && o.why(a, r, t.Add(lasts)) == nil {
			lasts += time.Second
		}
		most = max(most, lasts)
	}
	return most > 0, most
}

// refusal is what who may not is told: why, only where they hold the right.
func (o *oracle) refusal(a Action, r Resource, t time.Time) error {
	for i := -1; i < len(o.grants); i++ {
		if o.right(i, a, r, t) {
			return o.why(a, r, t)
		}
	}
	return ErrDenied
}

// compare asks the policy and the oracle. exact: no grant has more than one
// span of hours, so that a lease ends when its right does.
func (o *oracle) compare(t *testing.T, p *Policy, s Subject, a Action, r Resource, at time.Time, exact bool) {
	t.Helper()
	want, most := o.lease(a, r, at)
	got, err := p.Decide(s, a, r, at)
	lasts := got.Until.Sub(at)
	switch {
	case (err == nil) != want:
		t.Fatalf("%+v %v\n%q %+v at %v: %v, want %v", o.person, o.grants, a, r, at, err, want)
	case err == nil && (lasts <= 0 || lasts > most || exact && lasts != most):
		t.Fatalf("%+v %v\n%q %+v at %v: for %v by %q, want %v", o.person, o.grants, a, r, at, lasts, got.By, most)
	case err == nil && got.By == "" || err != nil && got != Permission{}:
		t.Fatalf("%q %+v: %+v, %v", a, r, got, err)
	case err != nil && err != o.refusal(a, r, at):
		t.Fatalf("%q %+v: %v, want %v", a, r, err, o.refusal(a, r, at))
	case err == nil && (got.Case != "") != o.tells(a, r) || got.Case != "" && (got.Case != o.stated.Number || got.Reason != o.stated.Reason):
		t.Fatalf("%q %+v: %+v of the case %+v", a, r, got, o.stated)
	}
}

// tells says whether a permission says what it is for.
func (o *oracle) tells(a Action, r Resource) bool {
	_, has := o.consents[r.Camera]
	return strings.Contains(" view lookback export ptz ", " "+string(a)+" ") && r.Camera != "" && (has || r.Kind == "household")
}

// TestPeopleMatrix asks role x action x kind x area x time, for a right by
// claims and by grants to the role, to a group and to the person.
func TestPeopleMatrix(t *testing.T) {
	t.Parallel()
	from, until := now, now.Add(2*time.Hour)
	whos := map[string]func(string, Role) Who{
		"claims": nil,
		"role":   func(_ string, r Role) Who { return Who{Role: r} },
		"group":  func(string, Role) Who { return Who{Group: "patrol"} },
		"person": func(key string, _ Role) Who { return Who{Person: key} },
	}
	cases := 0
	for _, who := range whos {
		for _, role := range allRoles {
			for _, action := range givable {
				h := newHouse(t)
				c := claims("an", "", role)
				c.Groups = []string{"patrol"}
				o := &oracle{key: PersonKey(issuer, "an")}
				if who == nil {
					c.Areas = []string{"lang"}
				} else {
					g := Grant{Who: who(o.key, role), Actions: []Action{action}, Areas: []string{"lang"}, From: from, Until: until, By: "chief"}
					h.put("g", g)
					o.grants, o.broken = []Grant{g}, []bool{false}
				}
				_, s := h.enter(c, now.Add(-5*time.Minute))
				o.person, _, _ = h.tables.People.Get(s.ID)
				for _, at := range []time.Time{from.Add(-time.Second), from, from.Add(time.Minute)} {
					cases += o.all(t, h.Policy, s, at)
				}
				session, revision, _ := h.tables.Sessions.Get(s.session) // as if at work until the end
				session.Used = until.Add(-time.Minute)
				if _, err := h.tables.Sessions.Put(t.Context(), s.session, session, revision); err != nil {
					t.Fatal(err)
				}
				for _, at := range []time.Time{until.Add(-time.Second), until, until.Add(time.Minute)} {
					cases += o.all(t, h.Policy, s, at)
				}
				if who == nil {
					break // claims have no action of their own
				}
			}
		}
	}
	t.Logf("%d decisions", cases)
}

// all asks every action on every kind of camera, and on the area itself: in the
// right's own area, above, below, beside, and nowhere.
func (o *oracle) all(t *testing.T, p *Policy, s Subject, at time.Time) (n int) {
	t.Helper()
	for _, area := range []string{"lang", "city", "block", "vinh", "elsewhere", ""} {
		for _, a := range allActions {
			o.compare(t, p, s, a, Resource{Areas: pathOf(area)}, at, true)
			for _, kind := range allKinds {
				o.compare(t, p, s, a, Resource{kind + "-" + area, kind, pathOf(area)}, at, true)
			}
			n += 1 + len(allKinds)
		}
	}
	return n
}

// FuzzDecide makes a house, people and grants of a seed, many of them in a
// wrong form, and asks the oracle.
func FuzzDecide(f *testing.F) {
	for seed := range uint64(300) {
		f.Add(seed, seed*seed)
	}
	f.Fuzz(func(t *testing.T, a, b uint64) {
		r := rand.New(rand.NewPCG(a, b))
		tables := NewMemoryTables()
		p, err := NewPolicyFor(nil, tables, Settings{Path: pathOf, Camera: cameraOf})
		if err != nil {
			t.Fatal(err)
		}
		c := claims("an", "", some(r, append(slices.Clone(allRoles), "boss"))...)
		c.Areas, c.Groups = some(r, []string{"lang", "vinh", "block", "", "city", "all"}), some(r, []string{"g", "h"})
		at := now.Add(time.Duration(r.IntN(7*24*3600)) * time.Second)
		_, s, err := p.SignIn(t.Context(), Arrival{Claims: c}, at)
		if err != nil {
			return // no role
		}
		o := &oracle{key: s.ID}
		o.person, _, _ = tables.People.Get(s.ID)
		exact := true
		for range r.IntN(8) {
			g, broken := randomGrant(r, s.ID, at)
			o.grants, o.broken = append(o.grants, g), append(o.broken, broken)
			exact = exact && (g.Hours == nil || len(g.Hours.Spans) <= 1)
			if _, err := tables.Grants.Put(t.Context(), string(rune('a'+len(o.grants))), g, 0); err != nil {
				t.Fatal(err)
			}
		}
		o.lend(t, r, tables, at)
		for _, c := range o.consents {
			exact = exact && (c.Hours == nil || len(c.Hours.Spans) <= 1)
		}
		if o.stated = randomCase(r, at); o.stated != nil {
			session, revision, _ := tables.Sessions.Get(s.session)
			session.Case = o.stated
			if _, err := tables.Sessions.Put(t.Context(), s.session, session, revision); err != nil {
				t.Fatal(err)
			}
		}
		for range 60 {
			area := pick(r, []string{"lang", "city", "block", "vinh", "elsewhere", ""})
			res := Resource{Areas: pathOf(area)}
			if r.IntN(4) > 0 {
				res.Kind = pick(r, allKinds)
				res.Camera = res.Kind + "-" + area
			}
			when := at.Add(time.Duration(r.IntN(25*60)) * time.Second) // any order: clocks differ
			o.compare(t, p, s, pick(r, allActions), res, when, exact)
		}
	})
}

func randomGrant(r *rand.Rand, key string, at time.Time) (g Grant, broken bool) {
	g = Grant{
		Who:     pick(r, []Who{{Role: pick(r, allRoles)}, {Group: "g"}, {Group: "x"}, {Person: key}, {Person: "other"}}),
		Actions: some(r, givable[:]), Areas: some(r, []string{"lang", "vinh", "block", "city"}), By: "chief",
		Cameras: some(r, []string{"household-lang", "public-vinh"}),
	}
	if r.IntN(3) == 0 {
		g.Kinds = some(r, []string{"household", "public", "submarine"})
	}
	if r.IntN(10) == 0 {
		g.Areas = append(g.Areas, AllAreas)
	}
	if r.IntN(2) == 0 {
		g.From = at.Add(time.Duration(r.IntN(2000)-1000) * time.Second)
	}
	if r.IntN(2) == 0 {
		g.Until = at.Add(time.Duration(r.IntN(3000)-500) * time.Second)
		broken = !g.Until.After(g.From)
	}
	if r.IntN(2) == 0 {
		g.Hours = &Hours{Zone: pick(r, []string{"Asia/Ho_Chi_Minh", "UTC", "Asia/Kathmandu", "Etc/GMT+12"})}
		for range r.IntN(4) {
			near := at.Add(time.Duration(r.IntN(24*60)-12*60) * time.Minute)
			g.Hours.Spans = append(g.Hours.Spans, Span{near.Weekday(), r.IntN(1440), r.IntN(1441)})
		}
		broken = broken || len(g.Hours.Spans) == 0
	}
	broken = broken || len(g.Actions) == 0 || len(g.Areas)+len(g.Cameras) == 0
	if r.IntN(8) == 0 {
		broken = true
		spoil := []func(){
			func() { g.By = "" }, func() { g.Who = Who{} }, func() { g.Who.Role, g.Who.Group = Viewer, "g" },
			func() { g.Actions = append(g.Actions, "fly") }, func() { g.Areas = append(g.Areas, "") },
			func() { g.Hours = &Hours{"Mars/Olympus", []Span{{0, 0, 1440}}} }, func() { g.Emergency = true },
			func() { g.Request = "r" }, func() { g.Reason = strings.Repeat("x", maxReason+1) },
			func() { g.Hours = &Hours{"Local", []Span{{0, 0, 1440}}} }, func() { g.Hours = &Hours{"UTC", []Span{{7, 0, 1440}}} },
		}
		spoil[r.IntN(len(spoil))]()
	}
	return g, broken
}

func pick[T any](r *rand.Rand, of []T) T { return of[r.IntN(len(of))] }

func some[T any](r *rand.Rand, of []T) []T {
	var out []T
	for _, v := range of {
		if r.IntN(3) == 0 {
			out = append(out, v)
		}
	}
	return out
}
