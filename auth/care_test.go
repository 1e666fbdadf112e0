package auth

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// keys are those of rows, in their order.
func keys[T any](rows []Row[T]) string {
	var out []string
	for _, row := range rows {
		out = append(out, row.Key)
	}
	return strings.Join(out, " ")
}

func TestSupervisorsListThePeopleInTheirCare(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	an, _ := h.subject("an", "block", Viewer), h.subject("an", "block", Viewer) // two devices
	h.subject("binh", "vinh", Viewer)
	h.subject("both", "lang vinh", Viewer)
	h.subject("nowhere", "", Viewer)
	h.subject("gone", "abolished", Viewer)
	ward, city, all := h.subject("ward", "lang", Supervisor), h.subject("city", "city", Administrator), h.subject("root", "all", Administrator)
	for s, want := range map[Subject]string{
		an:   "",
		ward: "an ward", city: "an binh both city ward", all: "an binh both city gone nowhere root ward",
	} {
		list, err := h.People(s, now)
		var names []string
		for _, k := range list {
			names = append(names, k.Person.Name)
			if k.Key == an.ID && k.Sessions != 2 {
				t.Errorf("an has %d sessions", k.Sessions)
			}
			if one, err := h.Known(s, k.Key, now); err != nil || one.Key != k.Key || one.Sessions != k.Sessions {
				t.Errorf("%s: Known(%s) is %+v, %v", s.Name, k.Person.Name, one, err)
			}
		}
		if got := strings.Join(names, " "); got != want || err != nil {
			t.Errorf("%s sees %q, %v, want %q", s.Name, got, err, want)
		}
	}
	if _, err := h.Known(ward, PersonKey(issuer, "binh"), now); !errors.Is(err, ErrDenied) {
		t.Errorf("a person of another ward: %v", err)
	}
	if me, err := h.Known(an, an.ID, now); err != nil || me.Person.Name != "an" {
		t.Errorf("oneself: %+v, %v", me, err)
	}
	if _, err := h.People(Subject{ID: an.ID}, now); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("a made-up subject: %v", err)
	}
}

func TestGrantsAreListedForTheirPlacesAndTheirHolders(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	an, ward := h.subject("an", "vinh", Viewer), h.subject("ward", "lang", Supervisor)
	beside, all := h.subject("beside", "vinh", Supervisor), h.subject("root", "all", Administrator)
	at := func(n int, g Grant) Grant { g.Given = now.Add(time.Duration(n)); return g }
	h.put("a", at(4, Grant{Who: Who{Person: an.ID}, Actions: []Action{View}, Areas: []string{"lang"}}))
	h.put("b", at(3, Grant{Who: Who{Group: "g"}, Actions: []Action{View}, Areas: []string{"block", "vinh"}}))
	h.put("c", at(2, Grant{Who: Who{Group: "g"}, Actions: []Action{View}, Cameras: []string{"household-lang"}}))
	h.put("d", at(1, Grant{Who: Who{Role: Viewer}, Actions: []Action{View}, Areas: []string{"elsewhere"}}))
	h.put("e", Grant{Who: Who{Group: "g"}, Actions: []Action{View}, Areas: []string{"abolished"}})
	for s, want := range map[Subject]string{an: "a d", ward: "a b c", beside: "b", all: "a b c d e"} {
		list, err := h.Grants(s, now)
		if got := keys(list); got != want || err != nil {
			t.Errorf("%s sees %q, %v, want %q", s.Name, got, err, want)
		}
		for _, row := range list { // who sees it by a place may end it
			if s != an && !h.mayRevoke(s, &row.Value, now) {
				t.Errorf("%s may not revoke %s", s.Name, row.Key)
			}
		}
	}
}

func TestOfficesSayWhatIsWorthShowing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for name, tt := range map[string]struct {
		areas string
		roles []Role
		want  Offices
	}{
		"viewer":        {"lang", []Role{Viewer}, Offices{Emergency: true, Ask: true}},
		"supervisor":    {"lang", []Role{Supervisor}, Offices{Supervise: true, Emergency: true, Ask: true, ShareOut: true}},
		"administrator": {"lang", []Role{Administrator}, Offices{Administer: true, Supervise: true}},
		"auditor":       {"all", []Role{Auditor}, Offices{Audit: true}},
		"of the tree":   {"all", []Role{Administrator}, Offices{Administer: true, Supervise: true}},
		"of no area":    {"", []Role{Administrator}, Offices{}},
		"of what was":   {"abolished", []Role{Administrator}, Offices{}},
	} {
		if got := h.Offices(h.subject(name, tt.areas, tt.roles...), now); got != tt.want {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
	}
	an := h.subject("an", "lang", Viewer)
	h.put("g", Grant{Who: Who{Person: an.ID}, Actions: []Action{Administer}, Areas: []string{"vinh"}, Until: now.Add(time.Hour)})
	if o := h.Offices(an, now); !o.Administer || !o.Supervise {
		t.Errorf("by a grant: %+v", o)
	}
	if o := h.Offices(an, now.Add(20*time.Hour)); o != (Offices{}) {
		t.Errorf("after the session: %+v", o)
	}
	if err := h.Set([]Token{{Name: "tool", Secret: secret(t, text("tool")), Areas: []string{"lang"}, Actions: []Action{Administer}}, {Name: "eye", Secret: secret(t, text("eye")), Areas: []string{"lang"}}}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]Offices{"tool": {Administer: true}, "eye": {}} {
		if o := h.Offices(subject(t, h.Policy, name), now); o != want {
			t.Errorf("%s: %+v", name, o)
		}
	}
}

func TestSigningOutEverywhereLeavesTheDeviceInTheHand(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	here, there := h.subject("an", "lang", Viewer), h.subject("an", "lang", Viewer)
	if n, err := h.EndAll(t.Context(), here, here.ID, now); n != 1 || err != nil {
		t.Errorf("EndAll: %d, %v", n, err)
	}
	if _, err := h.BySession(here.Session(), now); err != nil {
		t.Errorf("here: %v", err)
	}
	if _, err := h.BySession(there.Session(), now); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("there: %v", err)
	}
}

func TestNobodyFillsTheTablesAlone(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h := newHouse(t)
	an := h.subject("an", "vinh", Viewer)
	ask := Request{Area: "lang", Actions: []Action{View}, For: time.Hour, Reason: why}
	for i := range maxAsked {
		key, err := h.Ask(ctx, an, ask, now)
		if err == nil {
			err = h.Withdraw(ctx, an, key, now)
		}
		if err != nil {
			t.Fatalf("request %d: %v", i, err)
		}
	}
	if _, err := h.Ask(ctx, an, ask, now); !errors.Is(err, ErrFaulty) {
		t.Errorf("one more request: %v", err)
	}
	danger := Grant{Actions: []Action{View}, Areas: []string{"lang"}, Reason: why}
	for i := range maxEmergencies {
		at := now.Add(time.Duration(i) * time.Millisecond)
		key, err := h.Emergency(ctx, an, danger, at)
		if err == nil {
			err = h.Revoke(ctx, an, key, at.Add(time.Microsecond))
		}
		if err != nil {
			t.Fatalf("emergency %d: %v", i, err)
		}
	}
	if _, err := h.Emergency(ctx, an, danger, now.Add(time.Second)); !errors.Is(err, ErrFaulty) {
		t.Errorf("one more emergency: %v", err)
	}
	chief := h.subject("chief", "lang", Supervisor)
	list, err := h.Notices(chief, now.Add(time.Second))
	if len(list) != maxEmergencies || err != nil {
		t.Errorf("%d notices, %v", len(list), err)
	}
	if !slices.IsSortedFunc(list, func(a, b Notice) int { return b.At.Compare(a.At) }) {
		t.Error("the newest is not first")
	}
}
