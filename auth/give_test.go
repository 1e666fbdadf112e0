package auth

import (
	"errors"
	"strings"
	"testing"
	"time"
)

const why = "a child is missing near the market"

func TestNobodyGivesWhatIsNotTheirs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ward, viewer := h.subject("ward", "lang", Administrator), h.subject("an", "lang", Viewer)
	supervisor := h.subject("chief", "lang", Supervisor)
	view := func(who Who, areas ...string) Grant { return Grant{Who: who, Actions: []Action{View}, Areas: areas} }
	for name, tt := range map[string]struct {
		by   Subject
		g    Grant
		want error
	}{
		"in the area":         {ward, view(Who{Person: viewer.ID}, "lang"), nil},
		"below":               {ward, view(Who{Role: Viewer}, "block"), nil},
		"a camera":            {ward, Grant{Who: Who{Group: "g"}, Actions: []Action{Export}, Cameras: []string{"household-block"}}, nil},
		"by a viewer":         {viewer, view(Who{Group: "g"}, "lang"), ErrDenied},
		"by a supervisor":     {supervisor, view(Who{Group: "g"}, "lang"), ErrDenied},
		"above":               {ward, view(Who{Role: Viewer}, "city"), ErrDenied},
		"beside":              {ward, view(Who{Role: Viewer}, "lang", "vinh"), ErrDenied},
		"everywhere":          {ward, view(Who{Role: Viewer}, AllAreas), ErrDenied},
		"a camera beside":     {ward, Grant{Who: Who{Group: "g"}, Actions: []Action{View}, Cameras: []string{"public-lang", "public-vinh"}}, ErrDenied},
		"to oneself":          {ward, view(Who{Person: ward.ID}, "lang"), ErrDenied},
		"to one's own role":   {ward, view(Who{Role: Administrator}, "lang"), ErrDenied},
		"an unknown area":     {ward, view(Who{Role: Viewer}, "atlantis"), ErrFaulty},
		"an unknown camera":   {ward, Grant{Who: Who{Role: Viewer}, Actions: []Action{View}, Cameras: []string{"x-atlantis"}}, ErrFaulty},
		"an unknown action":   {ward, Grant{Who: Who{Role: Viewer}, Actions: []Action{Connect}, Areas: []string{"lang"}}, ErrFaulty},
		"to two":              {ward, view(Who{Role: Viewer, Group: "g"}, "lang"), ErrFaulty},
		"hours without zone":  {ward, Grant{Who: Who{Role: Viewer}, Actions: []Action{View}, Areas: []string{"lang"}, Hours: &Hours{Spans: []Span{{1, 0, 60}}}}, ErrFaulty},
		"a made-up subject":   {Subject{ID: ward.ID}, view(Who{Role: Viewer}, "lang"), ErrUnauthenticated},
		"a made-up emergency": {ward, Grant{Who: Who{Person: viewer.ID}, Actions: []Action{View}, Areas: []string{"lang"}, Emergency: true, By: viewer.ID}, nil}, // an ordinary one
	} {
		key, err := h.Give(t.Context(), tt.by, tt.g, now)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
		if g, _, ok := h.tables.Grants.Get(key); ok != (tt.want == nil) || ok && (g.By != tt.by.ID || !g.Given.Equal(now) || g.Emergency) {
			t.Errorf("%s: kept %v, %+v", name, ok, g)
		}
	}
	tool := policy(t, Token{Name: "tool", Areas: []string{AllAreas}})
	if err := h.Set([]Token{{Name: "tool", Secret: secret(t, text("tool")), Areas: []string{AllAreas}}}); err != nil {
		t.Fatal(err)
	}
	for _, p := range []*Policy{tool, h.Policy} {
		s := subject(t, p, "tool")
		if _, err := p.Give(t.Context(), s, view(Who{Role: Viewer}, "lang"), now); !errors.Is(err, ErrDenied) {
			t.Errorf("a tool gives rights: %v", err)
		}
	}
}

func TestRevokedByThoseWhoMay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	an, binh := h.subject("an", "vinh", Viewer), h.subject("binh", "vinh", Viewer)
	beside, chief := h.subject("beside", "vinh", Administrator), h.subject("chief", "city", Supervisor)
	h.put("g", Grant{Who: Who{Person: an.ID}, Actions: []Action{View}, Areas: []string{"lang"}})
	h.put("h", Grant{Who: Who{Person: an.ID}, Actions: []Action{View}, Cameras: []string{"household-lang"}})
	h.lend("household-lang", an)
	h.want(an, View, "household-lang", now, nil)
	for _, s := range []Subject{binh, beside} {
		for _, key := range []string{"g", "h"} {
			if err := h.Revoke(t.Context(), s, key, now); !errors.Is(err, ErrDenied) {
				t.Errorf("%s revokes: %v", s.Name, err)
			}
		}
	}
	changed := h.Changed()
	if err := errors.Join(h.Revoke(t.Context(), chief, "g", now), h.Revoke(t.Context(), an, "h", now)); err != nil {
		t.Fatal(err)
	}
	h.fired(changed)
	h.want(an, View, "public-lang", now, ErrDenied)
	h.want(an, View, "household-lang", now, ErrDenied)
	if err := h.Revoke(t.Context(), chief, "g", now); !errors.Is(err, ErrUnknown) {
		t.Errorf("once more: %v", err)
	}
}

func TestEmergencyIsShortAndTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	an, auditor := h.subject("an", "vinh", Viewer), h.subject("auditor", "all", Auditor)
	lang := Grant{Actions: []Action{View}, Areas: []string{"lang"}, Reason: why}
	for name, edit := range map[string]func(*Grant){
		"too long":     func(g *Grant) { g.Until = now.Add(MaxEmergency + 1) },
		"over":         func(g *Grant) { g.Until = now },
		"no reason":    func(g *Grant) { g.Reason = "... ! 123456 abc" },
		"export":       func(g *Grant) { g.Actions = []Action{View, Export} },
		"administer":   func(g *Grant) { g.Actions = []Action{Administer} },
		"everywhere":   func(g *Grant) { g.Areas = []string{AllAreas} },
		"unknown area": func(g *Grant) { g.Areas = []string{"atlantis"} },
		"household":    func(g *Grant) { g.Cameras = []string{"household-lang"} },
	} {
		g := lang
		edit(&g)
		if _, err := h.Emergency(t.Context(), an, g, now); !errors.Is(err, ErrFaulty) && !errors.Is(err, ErrDenied) {
			t.Errorf("%s: %v", name, err)
		}
	}
	h.deaf = errors.New("no supervisor can be reached")
	if _, err := h.Emergency(t.Context(), an, lang, now); !errors.Is(err, h.deaf) || len(h.tables.Grants.All()) != 0 {
		t.Errorf("untold: %v", err)
	}
	h.deaf = nil
	if _, err := h.Emergency(t.Context(), auditor, lang, now); !errors.Is(err, ErrDenied) {
		t.Errorf("an auditor: %v", err)
	}
	if _, err := h.Emergency(t.Context(), an, lang, now); err != nil {
		t.Fatal(err)
	}
	if len(h.told) != 1 || !h.told[0].Emergency || h.told[0].Name != "an" || h.told[0].Reason != why {
		t.Errorf("told %+v", h.told)
	}
	later := now.Add(SessionIdle - time.Second)
	h.want(an, View, "public-lang", later, nil)
	h.want(an, View, "household-lang", later, ErrDenied)
	if _, err := h.Emergency(t.Context(), an, lang, later); !errors.Is(err, ErrDenied) {
		t.Errorf("a second at the same time: %v", err)
	}
	if err := h.Touch(t.Context(), an, later); err != nil {
		t.Fatal(err)
	}
	h.want(an, View, "public-lang", now.Add(MaxEmergency), ErrDenied)
	if _, err := h.Emergency(t.Context(), an, lang, now.Add(MaxEmergency)); err != nil || len(h.told) != 2 {
		t.Errorf("a second after the first: %v", err)
	}
	// A house that does not allow it gives nothing for one that is in the table.
	strict, err := NewPolicyFor(nil, h.tables, Settings{Path: pathOf, Camera: cameraOf, Tell: h.tell})
	if err != nil {
		t.Fatal(err)
	}
	r, _ := cameraOf("public-lang")
	if _, err := strict.Decide(an, View, r, now.Add(MaxEmergency)); !errors.Is(err, ErrDenied) {
		t.Errorf("where it is not allowed: %v", err)
	}
	if _, err := strict.Emergency(t.Context(), an, lang, now.Add(2*MaxEmergency-1)); !errors.Is(err, ErrDenied) {
		t.Errorf("where it is not allowed: %v", err)
	}
}

// Asking must not be a way to learn which cameras there are.
func TestWhoAsksForACameraIsNotToldWhetherItIsThere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	an, chief := h.subject("an", "vinh", Viewer), h.subject("chief", "lang", Supervisor)
	for id, theirs := range map[string]int{"public-vinh": 0, "public-city": 0, "nothing": 0, "household-lang": 1} {
		key, err := h.Ask(t.Context(), an, Request{Area: "lang", Cameras: []string{id}, Actions: []Action{View}, For: time.Hour, Reason: why}, now)
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		if list, err := h.Requests(chief, now); err != nil || len(list) != theirs {
			t.Errorf("with %s the chief sees %d requests, %v", id, len(list), err)
		}
		if told, err := h.Notices(chief, now); err != nil || len(told) != theirs {
			t.Errorf("with %s the chief has %d notices, %v", id, len(told), err)
		}
		if err := h.Answer(t.Context(), chief, key, true, "", now); (err == nil) != (theirs == 1) {
			t.Errorf("the chief gives %s: %v", id, err)
		}
		if _, revision, _ := h.tables.Requests.Get(key); h.tables.Requests.Delete(t.Context(), key, revision) != nil {
			t.Error("the request is not swept out")
		}
	}
	h.lend("household-lang", an)
	h.want(an, View, "household-lang", now, nil)
	h.want(an, View, "public-vinh", now, nil)
	h.want(an, View, "public-city", now, ErrDenied)
}

func TestRequestAcrossTheBoundary(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h := newHouse(t)
	an, binh := h.subject("an", "vinh", Viewer, Supervisor), h.subject("binh", "lang", Viewer)
	chief, beside := h.subject("chief", "lang", Supervisor), h.subject("beside", "vinh", Administrator)
	ask := Request{Area: "lang", Actions: []Action{View}, For: time.Hour, Reason: why, State: Granted, Person: binh.ID}
	for name, edit := range map[string]func(*Request){
		"too long":   func(r *Request) { r.For = MaxTemporary + 1 },
		"no time":    func(r *Request) { r.For = 0 },
		"backwards":  func(r *Request) { r.For = -1 },
		"no reason":  func(r *Request) { r.Reason = "because" },
		"audit":      func(r *Request) { r.Actions = []Action{View, Audit} },
		"everywhere": func(r *Request) { r.Area = AllAreas },
	} {
		r := ask
		edit(&r)
		if _, err := h.Ask(ctx, an, r, now); !errors.Is(err, ErrFaulty) {
			t.Errorf("%s: %v", name, err)
		}
	}
	key, err := h.Ask(ctx, an, ask, now)
	if err != nil || len(h.told) != 1 || h.told[0].Emergency {
		t.Fatalf("Ask: %v, told %v", err, h.told)
	}
	h.want(an, View, "public-lang", now, ErrDenied)
	for s, want := range map[Subject]error{an: ErrDenied, binh: ErrDenied, beside: ErrDenied} {
		if err := h.Answer(ctx, s, key, true, "", now); !errors.Is(err, want) {
			t.Errorf("%s answers: %v", s.Name, err)
		}
	}
	for s, want := range map[Subject]int{an: 1, chief: 1, beside: 0, binh: 0} {
		if list, err := h.Requests(s, now); err != nil || len(list) != want {
			t.Errorf("%s sees %d requests, %v", s.Name, len(list), err)
		}
	}
	if err := h.Answer(ctx, chief, key, true, "go", now); err != nil {
		t.Fatal(err)
	}
	h.want(an, View, "public-block", now, nil)
	h.want(an, View, "household-lang", now, ErrDenied)
	h.want(an, Export, "public-lang", now, ErrDenied)
	if _, err := h.Decide(an, Supervise, Resource{Areas: pathOf("lang")}, now); !errors.Is(err, ErrDenied) {
		t.Errorf("a supervisor on loan supervises: %v", err)
	}
	if err := h.Touch(ctx, an, now.Add(SessionIdle-1)); err != nil {
		t.Fatal(err)
	}
	if err := h.Touch(ctx, an, now.Add(2*SessionIdle-2)); err != nil {
		t.Fatal(err)
	}
	h.want(an, View, "public-lang", now.Add(time.Hour-2), nil)
	h.want(an, View, "public-lang", now.Add(time.Hour), ErrDenied)
	for _, err := range []error{h.Answer(ctx, chief, key, false, "", now), h.Withdraw(ctx, an, key, now)} {
		if !errors.Is(err, ErrConflict) {
			t.Errorf("answered already: %v", err)
		}
	}
}

func TestRequestsAreFewAndEnd(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h := newHouse(t)
	an, chief := h.subject("an", "vinh", Viewer), h.subject("chief", "lang", Supervisor)
	ask := Request{Area: "lang", Cameras: []string{"household-lang"}, Actions: []Action{View}, For: time.Hour, Reason: why}
	var keys []string
	for range MaxOpen {
		key, err := h.Ask(ctx, an, ask, now)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key)
	}
	if _, err := h.Ask(ctx, an, ask, now); err == nil || !strings.Contains(err.Error(), "withdraw") {
		t.Errorf("one more: %v", err)
	}
	if err := errors.Join(h.Withdraw(ctx, an, keys[0], now), h.Answer(ctx, chief, keys[1], false, "no", now)); err != nil {
		t.Fatal(err)
	}
	if err := h.Withdraw(ctx, chief, keys[2], now); !errors.Is(err, ErrUnknown) {
		t.Errorf("another's request: %v", err)
	}
	h.lend("household-lang", an)
	h.want(an, View, "household-lang", now, ErrDenied)
	if err := h.Answer(ctx, chief, keys[2], true, "", now); err != nil {
		t.Fatal(err)
	}
	h.want(an, View, "household-lang", now, nil) // one by name
	h.want(an, View, "public-lang", now, ErrDenied)
	_, chief = h.enter(claims("chief", "lang", Supervisor), now.Add(openFor))
	if err := h.Answer(ctx, chief, keys[3], true, "", now.Add(openFor)); !errors.Is(err, ErrConflict) {
		t.Errorf("a day late: %v", err)
	}
}

func TestNobodyAnswersThemselves(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	chief, deputy := h.subject("chief", "lang", Supervisor), h.subject("deputy", "lang", Supervisor)
	key, err := h.Ask(t.Context(), chief, Request{Area: "lang", Cameras: []string{"household-lang"}, Actions: []Action{View}, For: time.Hour, Reason: why}, now)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Answer(t.Context(), chief, key, true, "", now); !errors.Is(err, ErrDenied) {
		t.Errorf("the one who asks: %v", err)
	}
	if err := h.Answer(t.Context(), deputy, key, true, "", now); err != nil {
		t.Errorf("another: %v", err)
	}
}

// TestTemporaryGrantsStaySmall also where another program wrote them.
func TestTemporaryGrantsStaySmall(t *testing.T) {
	t.Parallel()
	emergency := Grant{
		Who: Who{Person: "an"}, By: "an", Actions: []Action{View}, Areas: []string{"lang"},
		From: now, Until: now.Add(MaxEmergency), Reason: why, Emergency: true,
	}
	answer := emergency
	answer.By, answer.Until, answer.Emergency, answer.Request = "chief", now.Add(MaxTemporary), false, "r"
	for _, g := range []Grant{emergency, answer} {
		if _, err := g.check(); err != nil {
			t.Errorf("%+v: %v", g, err)
		}
		for name, edit := range map[string]func(*Grant){
			"other giver": func(g *Grant) {
				if g.By = "an"; g.Emergency {
					g.By = "chief"
				}
			},
			"a role's":       func(g *Grant) { g.Who = Who{Role: Viewer} },
			"longer":         func(g *Grant) { g.Until = g.Until.Add(1) },
			"endless":        func(g *Grant) { g.Until = time.Time{} },
			"from ever":      func(g *Grant) { g.From = time.Time{} },
			"of kinds":       func(g *Grant) { g.Kinds = []string{Household} },
			"to administer":  func(g *Grant) { g.Actions = []Action{Administer} },
			"without reason": func(g *Grant) { g.Reason = "x" },
		} {
			bad := g
			edit(&bad)
			if _, err := bad.check(); !errors.Is(err, ErrFaulty) {
				t.Errorf("emergency %v, %s: %v", g.Emergency, name, err)
			}
		}
	}
}
