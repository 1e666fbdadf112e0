package auth

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const issuer = "https://login.example"

// parents are the areas of these tests: a block in a ward in a city, beside
// another ward.
var parents = map[string]string{"city": "", "lang": "city", "block": "lang", "vinh": "city", "elsewhere": ""}

func pathOf(area string) []string {
	if _, ok := parents[area]; !ok {
		return nil
	}
	var path []string
	for ; area != ""; area = parents[area] {
		path = append(path, area)
	}
	return path
}

// house is a policy with people, and its watcher.
type house struct {
	*Policy
	tables Tables
	t      testing.TB

	mu   sync.Mutex
	told []Notice
	deaf error // what Tell returns
}

// cameras are named kind-area.
func cameraOf(id string) (Resource, bool) {
	kind, area, _ := strings.Cut(id, "-")
	path := pathOf(area)
	return Resource{id, kind, path}, path != nil
}

func newHouse(t testing.TB) *house {
	h := &house{tables: NewMemoryTables(), t: t}
	p, err := NewPolicyFor(nil, h.tables, Settings{Path: pathOf, Camera: cameraOf, Emergency: true, Tell: h.tell})
	if err != nil {
		t.Fatal(err)
	}
	h.Policy = p
	started := p.Changed()
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { p.Run(ctx) })
	t.Cleanup(func() { stop(); running.Wait() })
	h.fired(started)
	return h
}

func (h *house) tell(_ context.Context, n Notice) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.deaf == nil {
		h.told = append(h.told, n)
	}
	return h.deaf
}

func (h *house) fired(changed <-chan struct{}) {
	h.t.Helper()
	select {
	case <-changed:
	case <-time.After(10 * time.Second):
		h.t.Fatal("nobody was told of the change")
	}
}

func claims(name string, areas string, roles ...Role) Claims {
	return Claims{Issuer: issuer, Subject: name, Name: name, Roles: roles, Areas: strings.Fields(areas)}
}

// enter signs a person in and returns the secret and the subject.
func (h *house) enter(c Claims, at time.Time) (string, Subject) {
	h.t.Helper()
	secret, s, err := h.SignIn(h.t.Context(), Arrival{Claims: c, UserAgent: "Chrome/1 Android"}, at)
	if err != nil {
		h.t.Fatalf("SignIn(%s): %v", c.Subject, err)
	}
	if again, err := h.Authenticate(secret, at); err != nil || again != s {
		h.t.Fatalf("Authenticate: %v, %v, want %v", again, err, s)
	}
	return secret, s
}

func (h *house) subject(name, areas string, roles ...Role) Subject {
	h.t.Helper()
	_, s := h.enter(claims(name, areas, roles...), now)
	return s
}

// put stores a grant as another program would.
func (h *house) put(key string, g Grant) {
	h.t.Helper()
	if g.By == "" {
		g.By = "test"
	}
	if _, err := h.tables.Grants.Put(h.t.Context(), key, g, 0); err != nil {
		h.t.Fatal(err)
	}
}

// lend has the owner of a camera agree to every purpose, and these people state a
// case.
func (h *house) lend(camera string, to ...Subject) {
	h.t.Helper()
	c := agreed(camera)
	_, revision, _ := h.tables.Consents.Get(camera)
	if _, err := h.tables.Consents.Put(h.t.Context(), camera, c, revision); err != nil {
		h.t.Fatal(err)
	}
	for _, s := range to {
		if err := h.OpenCase(h.t.Context(), s, Case{Reason: Theft, Number: "12/2026"}, now); err != nil {
			h.t.Fatal(err)
		}
	}
}

// agreed is a consent to everything, in force.
func agreed(camera string) Consent {
	return Consent{Camera: camera, Owner: "Bà Tư", Purposes: Reasons(), Given: now.Add(-time.Hour), From: now.Add(-time.Hour), How: OnPaper, Document: "07/2026", By: "test"}
}

func (h *house) may(s Subject, a Action, camera string, at time.Time) error {
	r, _ := cameraOf(camera)
	_, err := h.Decide(s, a, r, at)
	return err
}

func (h *house) want(s Subject, a Action, camera string, at time.Time, want error) {
	h.t.Helper()
	err := h.may(s, a, camera, at)
	told := errors.Is(err, ErrUnauthenticated) || errors.Is(err, ErrClosed) || errors.Is(err, ErrCase) // more than that there is no right
	if !errors.Is(err, want) || want == ErrDenied && told {
		h.t.Errorf("%s %s %s: %v, want %v", s.Name, a, camera, err, want)
	}
}

// TestEveryEndingEndsTheLease: Decide says no at once, and Changed has told of
// it, or the lease ended then by itself.
func TestEveryEndingEndsTheLease(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	evening := &Hours{"Asia/Ho_Chi_Minh", []Span{{now.Weekday(), 8 * 60, 15*60 + 1}}} // now is 15:00 there
	for name, tt := range map[string]struct {
		end  func(h *house, s Subject, secret string) error
		at   time.Duration // the end by the clock; 0: by end, and told
		want error
	}{
		"revoked grant":      {end: func(h *house, s Subject, _ string) error { return h.tables.Grants.Delete(ctx, "g", rev(h, "g")) }, want: ErrDenied},
		"grant made smaller": {end: func(h *house, s Subject, _ string) error { return shrink(h) }, want: ErrDenied},
		"grant until":        {at: 20 * time.Second, want: ErrDenied},
		"hours over":         {at: time.Minute, want: ErrDenied},
		"session too old":    {at: SessionLife, want: ErrUnauthenticated},
		"session idle":       {at: SessionIdle, want: ErrUnauthenticated},
		"blocked elsewhere": {end: func(h *house, s Subject, _ string) error {
			return change(ctx, h.tables.People, s.ID, func(p *Person, _ bool) error { p.Blocked = true; return nil })
		}, want: ErrUnauthenticated},
		"role lost elsewhere": {end: func(h *house, s Subject, _ string) error {
			return change(ctx, h.tables.People, s.ID, func(p *Person, _ bool) error { p.Roles = nil; return nil })
		}, want: ErrUnauthenticated},
		"session ended elsewhere":  {end: func(h *house, s Subject, _ string) error { return remove(ctx, h.tables.Sessions, s.session) }, want: ErrUnauthenticated},
		"signed out":               {end: func(h *house, s Subject, _ string) error { return h.SignOut(ctx, s) }, want: ErrUnauthenticated},
		"signed in again there":    {end: func(h *house, s Subject, secret string) error { return again(h, secret) }, want: ErrUnauthenticated},
		"provider ended the sid":   {end: func(h *house, s Subject, _ string) error { return one(h.EndByProvider(ctx, issuer, "sid", "")) }, want: ErrUnauthenticated},
		"provider ended a subject": {end: func(h *house, s Subject, _ string) error { return one(h.EndByProvider(ctx, issuer, "", "an")) }, want: ErrUnauthenticated},
		"blocked":                  {end: func(h *house, s Subject, _ string) error { return block(h, s) }, want: ErrUnauthenticated},
		"person removed":           {end: func(h *house, s Subject, _ string) error { return remove(ctx, h.tables.People, s.ID) }, want: ErrUnauthenticated},
		"role lost at refresh": {end: func(h *house, s Subject, _ string) error {
			return expect(h.Refresh(ctx, s, claims("an", "vinh"), nil, now), ErrNoRole)
		}, want: ErrUnauthenticated},
		"other role at refresh": {end: func(h *house, s Subject, _ string) error {
			return h.Refresh(ctx, s, claims("an", "vinh", Auditor), nil, now)
		}, want: ErrDenied},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			g := Grant{Who: Who{Role: Viewer}, Actions: []Action{View}, Areas: []string{"lang"}}
			switch name {
			case "grant until":
				g.Until = now.Add(tt.at)
			case "hours over":
				g.Hours = evening
			}
			h.put("g", g)
			secret, s, err := h.SignIn(ctx, Arrival{Claims: claims("an", "vinh", Viewer), SID: "sid"}, now)
			if err != nil {
				t.Fatal(err)
			}
			h.want(s, View, "public-lang", now, nil)
			changed := h.Changed()
			if tt.end != nil {
				if err := tt.end(h, s, secret); err != nil {
					t.Fatal(err)
				}
				h.want(s, View, "public-lang", now, tt.want)
				h.fired(changed)
				return
			}
			if name == "session too old" {
				for at := time.Duration(0); at < tt.at; at += SessionIdle - 1 {
					if err := h.Touch(ctx, s, now.Add(at)); err != nil {
						t.Fatalf("Touch after %v: %v", at, err)
					}
				}
			}
			r, _ := cameraOf("public-lang")
			end := now.Add(tt.at)
			p, err := h.Decide(s, View, r, end.Add(-time.Second))
			if err != nil || !p.Until.Equal(end) {
				t.Errorf("a second before: %v, %v, want until %v", p, err, end)
			}
			h.want(s, View, "public-lang", end, tt.want)
		})
	}
}

func rev(h *house, key string) uint64 {
	_, revision, _ := h.tables.Grants.Get(key)
	return revision
}

func shrink(h *house) error {
	g, revision, _ := h.tables.Grants.Get("g")
	g.Areas = []string{"vinh"}
	_, err := h.tables.Grants.Put(context.Background(), "g", g, revision)
	return err
}

func again(h *house, secret string) error {
	_, _, err := h.SignIn(context.Background(), Arrival{Claims: claims("an", "vinh", Viewer), Previous: secret}, now)
	return err
}

func one(n int, err error) error {
	if err == nil && n != 1 {
		return errors.New("did not end one session")
	}
	return err
}

func block(h *house, s Subject) error {
	chief := h.subject("chief", "city", Supervisor)
	return h.Block(context.Background(), chief, s.ID, "lost the badge at noon", now)
}

func expect(err, want error) error {
	if !errors.Is(err, want) {
		return errors.Join(errors.New("another answer"), err)
	}
	return nil
}

func TestStrangersSubjectsArePermittedNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, an := h.enter(claims("an", "all", Viewer, Administrator), now)
	_, other := newHouse(t).enter(claims("an", "all", Viewer, Administrator), now)
	renamed := an
	renamed.ID = PersonKey(issuer, "binh")
	h.enter(claims("binh", "all", Viewer, Administrator), now)
	r, _ := cameraOf("public-lang")
	for _, s := range []Subject{{}, {ID: an.ID, Name: an.Name}, other, renamed, {ID: an.ID, session: strings.Repeat("0", 64)}} {
		for _, a := range []Action{Connect, List, View, Administer} {
			if _, err := h.Decide(s, a, r, now); !errors.Is(err, ErrUnauthenticated) || !errors.Is(err, ErrDenied) {
				t.Errorf("%+v may %s: %v", s, a, err)
			}
		}
	}
	plain := policy(t)
	if _, err := plain.Decide(an, View, r, now); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("a policy of tokens knows a person: %v", err)
	}
	for _, key := range []string{an.session, an.ID} { // what the tables hold opens nothing
		if _, err := h.Authenticate(key, now); !errors.Is(err, ErrUnauthenticated) {
			t.Errorf("a key out of the table signs in: %v", err)
		}
	}
}

func TestNoRoleNoSession(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, roles := range [][]Role{nil, {"boss"}, {""}} {
		c := claims("an", "all", roles...)
		c.Mapped = []Mapped{{Claim: "/groups", Value: "cctv"}}
		if secret, s, err := h.SignIn(t.Context(), Arrival{Claims: c}, now); !errors.Is(err, ErrNoRole) || secret != "" || s != (Subject{}) {
			t.Errorf("roles %q: %v, %v", roles, s, err)
		}
	}
	if n := len(h.tables.Sessions.All()); n != 0 {
		t.Errorf("%d sessions", n)
	}
	admin := h.subject("admin", "all", Administrator)
	e, err := h.Explain(admin, PersonKey(issuer, "an"), now)
	if err != nil || !errors.Is(e.Refuse, ErrNoRole) || len(e.Person.Mapped) != 1 {
		t.Errorf("an administrator cannot see why: %+v, %v", e, err)
	}
}

func TestExplainSaysWhy(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	admin := h.subject("admin", "all", Administrator)
	c := claims("an", "lang", Viewer)
	c.Groups = []string{"patrol"}
	c.Mapped = []Mapped{{"/roles", "can-bo", "can-.* is a viewer", Viewer, ""}, {"/groups", "/HN/lang", "/HN/(.*)", "", "lang"}}
	_, an := h.enter(c, now)
	ward := []string{"vinh"}
	h.put("a", Grant{Who: Who{Group: "patrol"}, Actions: []Action{View}, Areas: ward, By: "chief"})
	h.put("b", Grant{Who: Who{Role: Viewer}, Actions: []Action{View}, Areas: ward, Until: now})
	h.put("c", Grant{Who: Who{Person: an.ID}, Actions: []Action{View}, Areas: ward, From: now.Add(1)})
	h.put("d", Grant{Who: Who{Person: an.ID}, Actions: []Action{View}, Areas: ward, Hours: &Hours{"UTC", []Span{{now.Weekday(), 9 * 60, 10 * 60}}}})
	h.put("e", Grant{Who: Who{Person: an.ID}, Actions: []Action{"fly"}, Areas: ward})
	h.put("f", Grant{Who: Who{Group: "others"}, Actions: []Action{View}, Areas: ward})
	e, err := h.Explain(admin, an.ID, now)
	if err != nil || e.Refuse != nil || len(e.Rights) != 6 {
		t.Fatalf("Explain: %+v, %v", e, err)
	}
	for i, want := range []string{"role viewer/", "grant a/", "grant b/ended", "grant c/not begun", "grant d/not its hours", "grant e/not an action"} {
		source, why, _ := strings.Cut(want, "/")
		if r := e.Rights[i]; r.Source != source || !strings.Contains(r.Why, why) || r.InForce != (why == "") {
			t.Errorf("%d: %+v, want %s", i, r, want)
		}
	}
	if b := e.Rights[0].Because; !strings.Contains(b, "can-bo") || !strings.Contains(b, "/HN/lang") {
		t.Errorf("the role came by %q", b)
	}
	if at := e.Rights[4].Changes; !at.Equal(now.Add(time.Hour)) {
		t.Errorf("the hours begin %v", at)
	}
	if _, err := h.Explain(an, admin.ID, now); !errors.Is(err, ErrDenied) {
		t.Errorf("a viewer looks into an administrator: %v", err)
	}
	if _, err := h.Explain(an, an.ID, now); err != nil {
		t.Errorf("about oneself: %v", err)
	}
}

func TestClaimsAreBounded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for name, c := range map[string]Claims{
		"no issuer":   {Subject: "an", Roles: []Role{Viewer}},
		"no subject":  {Issuer: issuer, Roles: []Role{Viewer}},
		"many groups": {Issuer: issuer, Subject: "an", Roles: []Role{Viewer}, Groups: make([]string, maxClaims+1)},
	} {
		if _, _, err := h.SignIn(t.Context(), Arrival{Claims: c}, now); !errors.Is(err, ErrFaulty) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c := claims("an", "lang", Viewer, "god", Viewer)
	c.Name, c.Groups = "A\x00n\n\u202e"+strings.Repeat("ắ", maxName), []string{"", "g", "g", strings.Repeat("x", maxName+1)}
	_, s := h.enter(c, now)
	p, _, _ := h.tables.People.Get(s.ID)
	if len(p.Name) > maxName || !strings.HasPrefix(p.Name, "Anắ") || !slices.Equal(p.Roles, []Role{Viewer}) || !slices.Equal(p.Groups, []string{"g"}) {
		t.Errorf("kept %q %q %q", p.Name, p.Roles, p.Groups)
	}
	if PersonKey("a", "bc") == PersonKey("ab", "c") || PersonKey("1 a", "b") == PersonKey("1", "a b") {
		t.Error("two people share a key")
	}
}
