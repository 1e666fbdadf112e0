package auth

import (
	"errors"
	"slices"
	"testing"
	"time"
)

// TestAnEmergencyCannotBeMadeUnseen: neither by ending it, nor by another.
func TestAnEmergencyCannotBeMadeUnseen(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h := newHouse(t)
	an, chief, beside := h.subject("an", "vinh", Viewer), h.subject("chief", "lang", Supervisor), h.subject("beside", "vinh", Supervisor)
	key, err := h.Emergency(ctx, an, Grant{Actions: []Action{View}, Areas: []string{"lang"}, Reason: why}, now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Emergency(ctx, an, Grant{Actions: []Action{View}, Areas: []string{"lang"}, Reason: why}, now); !errors.Is(err, ErrInForce) {
		t.Errorf("a second at the same time: %v", err)
	}
	h.want(an, View, "public-lang", now, nil)
	later := now.Add(time.Second)
	if err := h.Revoke(ctx, an, key, later); err != nil {
		t.Fatal(err)
	}
	h.want(an, View, "public-lang", later, ErrDenied)
	if err := h.Revoke(ctx, an, key, later.Add(time.Second)); err != nil {
		t.Errorf("once more: %v", err)
	}
	if _, err := h.Emergency(ctx, an, Grant{Actions: []Action{View}, Cameras: []string{"public-block"}, Reason: why}, later); err != nil {
		t.Fatal(err)
	}
	list, err := h.Notices(chief, later)
	if err != nil || len(list) != 2 || !list[0].At.Equal(later) || !list[1].Until.Equal(later) || !slices.Equal(list[0].Cameras, []string{"public-block"}) || list[1].Name != "an" {
		t.Errorf("the supervisor sees %+v, %v", list, err)
	}
	h.want(an, View, "public-lang", later, ErrDenied)
	for _, s := range []Subject{an, beside} { // neither oneself nor others
		if list, err := h.Notices(s, later); len(list) != 0 || err != nil {
			t.Errorf("%s sees %+v, %v", s.Name, list, err)
		}
	}
	// A supervisor's own is for the others to see.
	if _, err := h.Emergency(ctx, chief, Grant{Actions: []Action{View}, Areas: []string{"lang"}, Reason: why}, later); err != nil {
		t.Fatal(err)
	}
	news, _ := h.News(Seen{})
	for s, want := range map[Subject]int{chief: 2, h.subject("city", "city", Supervisor): 3} {
		if list, err := h.Notices(s, later); len(list) != want || err != nil || !h.Concerns(s, news, later) {
			t.Errorf("%s sees %+v, %v", s.Name, list, err)
		}
	}
	// After a day it leaves the screen, and then the table.
	if err := h.Sweep(ctx, now.Add(25*time.Hour)); err != nil || len(h.tables.Grants.All()) != 0 {
		t.Errorf("after a day: %+v, %v", h.tables.Grants.All(), err)
	}
}

func TestAHouseholdAndNoCameraLookTheSameInAnEmergency(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	an := h.subject("an", "vinh", Viewer)
	answer := func(id string) string {
		_, err := h.Emergency(t.Context(), an, Grant{Actions: []Action{View}, Cameras: []string{id}, Reason: why}, now)
		if !errors.Is(err, ErrFaulty) || errors.Is(err, ErrDenied) {
			t.Errorf("%s: %v", id, err)
			return ""
		}
		return err.Error()[len(ErrFaulty.Error())+len(id)+4:]
	}
	if there, none := answer("household-lang"), answer("household-atlantis"); there != none || there == "" {
		t.Errorf("%q, %q", there, none)
	}
}

func TestNewsReachesThoseWhomItConcerns(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h := newHouse(t)
	an, chief, beside := h.subject("an", "vinh", Viewer), h.subject("chief", "lang", Supervisor), h.subject("beside", "vinh", Supervisor)
	_, seen := h.News(Seen{})
	told := func(step string, want ...Subject) {
		t.Helper()
		var news News
		news, seen = h.News(seen)
		for _, s := range []Subject{an, chief, beside, {ID: chief.ID}} {
			if got := h.Concerns(s, news, now); got != slices.Contains(want, s) {
				t.Errorf("%s: %s is told: %v", step, s.Name, got)
			}
		}
		if news, _ = h.News(seen); h.Concerns(chief, news, now) {
			t.Errorf("%s: told twice", step)
		}
	}
	told("nothing")
	ask := Request{Area: "lang", Actions: []Action{View}, For: time.Hour, Reason: why}
	first, err1 := h.Ask(ctx, an, ask, now)
	told("a request", chief)
	second, err2 := h.Ask(ctx, an, ask, now)
	told("another", chief)
	err3 := h.Answer(ctx, chief, first, true, "", now)
	told("an answer", an, chief)
	err4 := h.Withdraw(ctx, an, second, now)
	told("one withdrawn", chief)
	_, err5 := h.Emergency(ctx, an, Grant{Actions: []Action{View}, Areas: []string{"block"}, Reason: why}, now)
	told("an emergency", chief)
	h.put("g", Grant{Who: Who{Person: an.ID}, Actions: []Action{View}, Areas: []string{"lang"}})
	told("an ordinary grant")
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
		t.Fatal(err)
	}
	if list, err := h.Notices(chief, now); len(list) != 1 || !list[0].Emergency || err != nil {
		t.Errorf("notices %+v, %v", list, err)
	}
	if n, _ := policy(t).News(Seen{}); len(n.requests) != 0 {
		t.Error("a policy of tokens has news")
	}
}
