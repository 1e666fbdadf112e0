package auth

import (
	"context"
	"testing"
	"time"
)

func TestPeopleAtWorkDoNotWakeEverybody(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	an := h.subject("an", "lang", Viewer)
	b := h.subject("binh", "lang", Viewer)
	changed := h.Changed()
	if err := h.Touch(t.Context(), an, now.Add(2*time.Minute)); err != nil {
		t.Fatal(err)
	}
	if err := h.Refresh(t.Context(), an, claims("an", "lang", Viewer), nil, now.Add(2*time.Minute)); err != nil {
		t.Fatal(err)
	}
	before, after := sight{}, h.look()
	if before.lost(after) {
		t.Error("people who are new are told of")
	}
	if err := h.Touch(t.Context(), b, now.Add(2*time.Minute)); err != nil {
		t.Fatal(err)
	}
	if after.lost(h.look()) {
		t.Error("work is told of")
	}
	if err := h.SignOut(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	h.fired(changed)
}

// TestWatcherSeesEachLoss: what a lease hangs on, by which other nodes' changes
// are told.
func TestWatcherSeesEachLoss(t *testing.T) {
	t.Parallel()
	p := Person{Claims: Claims{Roles: []Role{Viewer}, Groups: []string{"g"}, Areas: []string{"lang"}}}
	before := sight{map[string]Person{"p": p}, map[string]Session{"s": {Person: "p", End: now}}}
	for name, tt := range map[string]struct {
		edit func(*Person, *Session)
		want bool
	}{
		"seen":    {func(p *Person, _ *Session) { p.Seen, p.Name = now, "new" }, false},
		"used":    {func(_ *Person, s *Session) { s.Used = now }, false},
		"blocked": {func(p *Person, _ *Session) { p.Blocked = true }, true},
		"roles":   {func(p *Person, _ *Session) { p.Roles = []Role{Auditor} }, true},
		"groups":  {func(p *Person, _ *Session) { p.Groups = nil }, true},
		"areas":   {func(p *Person, _ *Session) { p.Areas = []string{"vinh"} }, true},
		"holder":  {func(_ *Person, s *Session) { s.Person = "q" }, true},
		"end":     {func(_ *Person, s *Session) { s.End = now.Add(-1) }, true},
	} {
		person, session := p, before.sessions["s"]
		tt.edit(&person, &session)
		if got := before.lost(sight{map[string]Person{"p": person}, map[string]Session{"s": session}}); got != tt.want {
			t.Errorf("%s: told %v", name, got)
		}
	}
	if !before.lost(sight{before.people, nil}) || !before.lost(sight{nil, before.sessions}) || (sight{}).lost(before) {
		t.Error("rows that are gone, or new")
	}
}

// A list on a screen that holds cameras of a right that is over says what is not
// true; nobody changes a table then.
func TestPagesAreToldWhenAGrantBeginsAndEndsByTheClock(t *testing.T) {
	t.Parallel()
	tables := NewMemoryTables()
	p, err := NewPolicyFor(nil, tables, Settings{Path: func(area string) []string { return []string{area} }})
	if err != nil {
		t.Fatal(err)
	}
	from := time.Now().Add(200 * time.Millisecond)
	g := Grant{Who: Who{Role: Viewer}, Actions: []Action{View}, Areas: []string{"lang"}, By: "chief", From: from, Until: from.Add(200 * time.Millisecond)}
	if _, err := tables.Grants.Put(t.Context(), "g", g, 0); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	changed := p.Changed()
	ended := make(chan struct{})
	go func() { defer close(ended); p.Run(ctx) }()
	defer func() { cancel(); <-ended }()
	for _, edge := range []time.Time{time.Now(), g.From, g.Until} { // Run tells at its beginning too
		select {
		case <-changed:
		case <-time.After(10 * time.Second):
			t.Fatal("nobody is told")
		}
		if at := time.Now(); at.Before(edge) {
			t.Errorf("told %v too soon", edge.Sub(at))
		}
		changed = p.Changed()
	}
}
