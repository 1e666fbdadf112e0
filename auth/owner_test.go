package auth

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// invitee is somebody who came by an invitation to lang.
func (h *house) invitee(by Subject) (Subject, string) {
	h.t.Helper()
	_, secret, err := h.Invite(h.t.Context(), by, Invitation{Area: "lang", Name: "Bà Tư", Until: now.Add(time.Hour)}, now)
	if err != nil {
		h.t.Fatal(err)
	}
	s, err := h.Authenticate(secret, now)
	if err != nil {
		h.t.Fatal(err)
	}
	return s, secret
}

// lender is an owner who has agreed, by their link.
func (h *house) lender(by Subject, camera string) (Subject, string) {
	h.t.Helper()
	s, _ := h.invitee(by)
	if err := h.Draft(h.t.Context(), s, camera, now); err != nil {
		h.t.Fatal(err)
	}
	secret, err := h.Agree(h.t.Context(), s, agreedTo(), now)
	if err != nil {
		h.t.Fatal(err)
	}
	owner, err := h.Authenticate(secret, now)
	if err != nil {
		h.t.Fatal(err)
	}
	return owner, secret
}

func agreedTo() Consent {
	return Consent{Owner: "Bà Tư", Contact: "0901", Purposes: []Reason{Theft}, Document: strings.Repeat("a", 64)}
}

// every are all actions.
var every = []Action{Connect, List, View, Lookback, Export, PTZ, Administer, Supervise, Audit, Own}

// permits are the actions that somebody may do to a resource.
func (h *house) permits(s Subject, r Resource, at time.Time) (out []Action) {
	h.t.Helper()
	for _, a := range every {
		if _, err := h.Decide(s, a, r, at); err == nil {
			out = append(out, a)
		} else if !errors.Is(err, ErrDenied) {
			h.t.Errorf("%s: %v", a, err)
		}
	}
	return out
}

func (h *house) wantPermits(what string, s Subject, r Resource, at time.Time, want ...Action) {
	h.t.Helper()
	got := h.permits(s, r, at)
	if len(got) != len(want) {
		h.t.Errorf("%s: %v, want %v", what, got, want)
		return
	}
	for i := range want {
		if got[i] != want[i] {
			h.t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
}

func TestWhoIsInvitedSeesTheirOwnDraftAndNothingElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	admin := h.subject("admin", "city", Administrator)
	s, _ := h.invitee(admin)
	draft, _ := cameraOf("household-lang")
	other, _ := cameraOf("public-lang")
	h.wantPermits("before there is a draft", s, draft, now, Connect)
	h.wantPermits("itself", s, Resource{}, now, Connect, Own)
	if err := h.Draft(t.Context(), s, draft.Camera, now); err != nil {
		t.Fatal(err)
	}
	h.wantPermits("the draft", s, draft, now, Connect, List, View, Own)
	h.wantPermits("another camera", s, other, now, Connect)
	h.wantPermits("the area", s, Resource{Areas: pathOf("lang")}, now, Connect)
	h.wantPermits("once it is over", s, draft, now.Add(time.Hour))
	officer := h.subject("an", "lang", Viewer)
	h.put("look", Grant{Who: Who{Person: officer.ID}, Actions: []Action{View}, Cameras: []string{draft.Camera}})
	for who, by := range map[string]Subject{"an officer": officer, "an administrator": admin} {
		if err := h.may(by, View, draft.Camera, now); !errors.Is(err, ErrDenied) {
			t.Errorf("%s sees a draft: %v", who, err)
		}
	}
	if err := h.Draft(t.Context(), s, "household-vinh", now); !errors.Is(err, ErrConflict) {
		t.Errorf("a second draft: %v", err)
	}
	second, _ := h.invitee(admin)
	if err := h.Draft(t.Context(), second, draft.Camera, now); !errors.Is(err, ErrConflict) {
		t.Errorf("another's draft: %v", err)
	}
	for range MaxTries {
		_ = h.Draft(t.Context(), s, draft.Camera, now)
	}
	if err := h.Draft(t.Context(), s, draft.Camera, now); !errors.Is(err, ErrFaulty) {
		t.Errorf("addresses without end: %v", err)
	}
}

func TestAnInvitationOpensOnceUntilItEndsOrIsTakenBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	admin, beside := h.subject("admin", "lang", Administrator), h.subject("beside", "vinh", Administrator)
	for what, i := range map[string]Invitation{"another's area": {Area: "vinh", Until: now.Add(time.Hour)}, "no area": {Area: "atlantis", Until: now.Add(time.Hour)},
		"everything": {Area: AllAreas, Until: now.Add(time.Hour)}} {
		if _, _, err := h.Invite(t.Context(), admin, i, now); !errors.Is(err, ErrDenied) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, until := range map[string]time.Time{"over": now, "too long": now.Add(MaxInvited + time.Second)} {
		if _, _, err := h.Invite(t.Context(), admin, Invitation{Area: "lang", Until: until}, now); !errors.Is(err, ErrFaulty) {
			t.Errorf("%s: %v", what, err)
		}
	}
	used, secret := h.invitee(admin)
	if _, err := h.Agree(t.Context(), used, agreedTo(), now); !errors.Is(err, ErrConflict) {
		t.Errorf("agreed to nothing: %v", err)
	}
	if err := h.Draft(t.Context(), used, "household-lang", now); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Agree(t.Context(), used, Consent{Purposes: []Reason{Theft}, Document: "x"}, now); !errors.Is(err, ErrFaulty) {
		t.Errorf("agreed without a name: %v", err)
	}
	if _, err := h.Agree(t.Context(), used, agreedTo(), now); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Agree(t.Context(), used, agreedTo(), now); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("agreed twice: %v", err)
	}
	if _, err := h.Authenticate(secret, now); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("a used invitation opens: %v", err)
	}
	_, late := h.invitee(admin)
	if _, err := h.Authenticate(late, now.Add(time.Hour)); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("an expired invitation opens: %v", err)
	}
	back, secret := h.invitee(admin)
	if err := h.Draft(t.Context(), back, "household-block", now); err != nil {
		t.Fatal(err)
	}
	key := strings.TrimPrefix(back.ID, "invitation:")
	if _, err := h.Uninvite(t.Context(), beside, key, now); err != ErrUnknown {
		t.Errorf("taken back by another ward: %v", err)
	}
	changed := h.Changed()
	if _, err := h.Uninvite(t.Context(), admin, key, now); err != nil {
		t.Fatal(err)
	}
	h.fired(changed)
	if _, err := h.Authenticate(secret, now); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("taken back, and opens: %v", err)
	}
	h.wantPermits("the draft of one that was taken back", back, Resource{Camera: "household-block", Kind: Household}, now)
	if gone, _ := h.Withdrawn(); len(gone) != 1 || gone[0] != "household-block" {
		t.Errorf("its draft stays: %v", gone)
	}
	if rows := h.Invitations(admin, now); len(rows) != 2 {
		t.Errorf("%d invitations are listed", len(rows))
	}
	if rows := h.Invitations(beside, now); len(rows) != 0 {
		t.Errorf("another ward sees %d", len(rows))
	}
}

func TestTheDraftOfAnInvitationThatEndsUnusedIsRemoved(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s, _ := h.invitee(h.subject("admin", "lang", Administrator))
	if err := h.Draft(t.Context(), s, "household-lang", now); err != nil {
		t.Fatal(err)
	}
	h.sweptAt(now, [2]int{0, 1})
	h.sweptAt(now.Add(time.Hour), [2]int{1, 1})
	h.sweptAt(now.Add(time.Hour+keepInvitations+time.Second), [2]int{1, 0})
}

// sweptAt wants so many withdrawn cameras and kept invitations after a sweep.
func (h *house) sweptAt(at time.Time, want [2]int) {
	h.t.Helper()
	if err := h.sweepInvitations(h.t.Context(), at); err != nil {
		h.t.Fatal(err)
	}
	gone, _ := h.Withdrawn()
	if got := [2]int{len(gone), len(h.tables.Invitations.All())}; got != want {
		h.t.Errorf("%v: %v, want %v", at, got, want)
	}
}

func TestAnOwnerOwnsTheirCameraAndNothingElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	admin := h.subject("admin", "city", Administrator)
	owner, secret := h.lender(admin, "household-lang")
	second, _ := h.lender(admin, "household-vinh")
	mine, _ := cameraOf("household-lang")
	theirs, _ := cameraOf("household-vinh")
	h.wantPermits("one's own", owner, mine, now, Connect, Own)
	h.wantPermits("another's", owner, theirs, now, Connect)
	h.wantPermits("everything", owner, Resource{Areas: []string{"lang"}}, now, Connect)
	if owner.ID != "owner:household-lang" || owner.Name != "Bà Tư" || owner.Session() != "" {
		t.Errorf("%+v", owner)
	}
	officer := h.subject("an", "lang", Viewer)
	h.put("look", Grant{Who: Who{Person: officer.ID}, Actions: []Action{View}, Areas: []string{"lang"}, Kinds: []string{Household}})
	if err := h.OpenCase(t.Context(), officer, Case{Reason: Theft, Number: "12/2026"}, now); err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		name string
		do   func() error
		want error
	}{
		{"agreed", func() error { return nil }, nil},
		{"another owner switches theirs off", func() error { return h.SwitchOff(t.Context(), second, now) }, nil},
		{"off", func() error { return h.SwitchOff(t.Context(), owner, now) }, ErrClosed},
		{"on", func() error { return h.SwitchOn(t.Context(), owner, now) }, nil},
		{"other hours", func() error {
			return h.SetOwnHours(t.Context(), owner, &Hours{"UTC", []Span{{(now.Weekday() + 3) % 7, 0, 60}}}, now)
		}, ErrClosed},
		{"all hours", func() error { return h.SetOwnHours(t.Context(), owner, nil, now) }, nil},
		{"withdrawn", func() error { return h.WithdrawOwn(t.Context(), owner, now) }, ErrClosed},
	}
	for _, step := range steps {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if err := h.may(officer, View, "household-lang", now); err != step.want {
			t.Errorf("%s: an officer's look: %v, want %v", step.name, err, step.want)
		}
	}
	if err := h.SetOwnHours(t.Context(), second, &Hours{Zone: "UTC"}, now); !errors.Is(err, ErrFaulty) {
		t.Errorf("hours that are none: %v", err)
	}
	for what, err := range map[string]error{"on": h.SwitchOn(t.Context(), owner, now), "again": h.WithdrawOwn(t.Context(), owner, now)} {
		if err != ErrConflict {
			t.Errorf("withdrawn, and %s: %v", what, err)
		}
	}
	h.wantPermits("for a time they may read on", owner, mine, now, Connect, Own)
	later := now.Add(ownerStays)
	if _, err := h.Authenticate(secret, later); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("a link of long ago: %v", err)
	}
	h.wantPermits("and then no more", owner, mine, later)
	if _, err := h.Owned(admin, now); err != ErrDenied {
		t.Errorf("an administrator owns: %v", err)
	}
	if _, err := h.Invited(owner, now); err != ErrDenied {
		t.Errorf("an owner is invited: %v", err)
	}
}

// A new link ends the one before, and what it began.
func TestAnOwnersOldLinkEndsWithTheNewOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	admin := h.subject("admin", "city", Administrator)
	owner, secret := h.lender(admin, "household-lang")
	next, err := h.MakeOwnerLink(t.Context(), admin, "household-lang", now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Authenticate(secret, now); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("the old link opens: %v", err)
	}
	if err := h.SwitchOff(t.Context(), owner, now); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("the old link switches off: %v", err)
	}
	if s, err := h.Authenticate(next, now); err != nil || h.SwitchOff(t.Context(), s, now) != nil {
		t.Errorf("the new link does nothing: %v", err)
	}
}

func TestAMaskClosesACameraOnlyWhereItIsNotDrawnIntoThePicture(t *testing.T) {
	t.Parallel()
	masks := []Mask{{{0, 0}, {1, 0}, {0, 1}}}
	for _, draws := range []bool{false, true} {
		h := newHouse(t)
		h.Policy.settings.DrawsMasks = draws
		c := Consent{Camera: "household-lang", Owner: "Bà Tư", How: ByLink, Document: "1", Purposes: Reasons(), Given: now, From: now, Masks: masks}
		if _, err := h.tables.Consents.Put(t.Context(), c.Camera, c, 0); err != nil {
			t.Fatal(err)
		}
		r, _ := cameraOf(c.Camera)
		want := ClosedMasked
		if draws {
			want = ""
		}
		if got := h.Lending(r, now.Add(time.Minute)).Closed; got != want {
			t.Errorf("drawn %v: %q", draws, got)
		}
		c.Off = now
		_, revision, _ := h.tables.Consents.Get(c.Camera)
		if _, err := h.tables.Consents.Put(t.Context(), c.Camera, c, revision); err != nil {
			t.Fatal(err)
		}
		if got := h.Lending(r, now.Add(time.Minute)).Closed; got != ClosedOff {
			t.Errorf("drawn %v and switched off: %q", draws, got)
		}
	}
}
