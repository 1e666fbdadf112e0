package auth

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// asked is somebody who asks for a citizen's picture, and whether they hold the
// right to it.
type asked struct {
	subject Subject
	holds   bool
}

// TestNobodySeesACitizensCameraButAsItsOwnerAgreed asks everybody for every
// picture, in every state of the consent and of the case.
func TestNobodySeesACitizensCameraButAsItsOwnerAgreed(t *testing.T) {
	t.Parallel()
	open := func(*Consent) {}
	states := map[string]struct {
		edit func(*Consent)
		open bool
	}{
		"in force":      {open, true},
		"in its hours":  {func(c *Consent) { c.Hours = &Hours{"UTC", []Span{{now.Weekday(), 0, 1440}}} }, true},
		"until later":   {func(c *Consent) { c.Until = now.Add(time.Second) }, true},
		"out of hours":  {func(c *Consent) { c.Hours = &Hours{"UTC", []Span{{(now.Weekday() + 3) % 7, 0, 1440}}} }, false},
		"withdrawn":     {func(c *Consent) { c.Withdrawn = now }, false},
		"expired":       {func(c *Consent) { c.Until = now }, false},
		"not begun":     {func(c *Consent) { c.From = now.Add(time.Second) }, false},
		"switched off":  {func(c *Consent) { c.Off = now }, false},
		"masked":        {func(c *Consent) { c.Masks = []Mask{{{0, 0}, {1, 0}, {0, 1}}} }, false},
		"a draft":       {func(c *Consent) { c.Given, c.From = time.Time{}, time.Time{} }, false},
		"without owner": {func(c *Consent) { c.Owner = "" }, false},
		"none":          {nil, false},
	}
	cases := map[string]*Case{"none": nil, "another reason": {Fire, "12/2026", now}, "good": {Theft, "12/2026", now}, "of yesterday": {Theft, "12/2026", now.Add(-SessionLife)}}
	for name, state := range states {
		for stated, c := range cases {
			h := newHouse(t)
			var consent *Consent
			if state.edit != nil {
				v := agreed("household-lang")
				v.Purposes = []Reason{Theft, Missing}
				state.edit(&v)
				consent = &v
			}
			for who, by := range h.everybody(t, consent, c) {
				for _, a := range []Action{View, Lookback, Export, PTZ} {
					want := ErrDenied
					switch {
					case by.holds && !state.open:
						want = ErrClosed
					case by.holds && stated != "good":
						want = ErrCase
					case by.holds:
						want = nil
					}
					r, _ := cameraOf("household-lang")
					got, err := h.Decide(by.subject, a, r, now)
					if err != want {
						t.Errorf("%s, case %s: %s %s: %v, want %v", name, stated, who, a, err, want)
					}
					if err == nil && (got.Reason != Theft || got.Case != "12/2026") {
						t.Errorf("%s: %+v", who, got)
					}
				}
				if r, _ := cameraOf("household-lang"); by.holds {
					if _, err := h.Decide(by.subject, List, r, now); err != nil {
						t.Errorf("%s, case %s: %s knows of no camera: %v", name, stated, who, err)
					}
				}
			}
		}
	}
}

// everybody is all who may come, with this case on every session.
func (h *house) everybody(t *testing.T, consent *Consent, stated *Case) map[string]asked {
	t.Helper()
	all := []Action{View, Lookback, Export, PTZ}
	tool := Token{Name: "tool", Secret: secret(t, text("tool")), Areas: []string{AllAreas}, Cameras: []string{"household-lang"},
		Kinds: []string{"public", Household}, Actions: []Action{View, Administer}}
	if err := h.Set([]Token{tool}); err != nil {
		t.Fatal(err)
	}
	if consent != nil {
		if _, err := h.tables.Consents.Put(t.Context(), consent.Camera, *consent, 0); err != nil {
			t.Fatal(err)
		}
	}
	people := map[string]asked{
		"who was given the camera": {h.subject("an", "vinh", Viewer), true},
		"who was given the kind":   {h.subject("binh", "vinh", Supervisor), true},
		"an administrator":         {h.subject("chi", "all", Administrator), false},
		"one with every role":      {h.subject("dung", "all", allRoles...), false},
		"an auditor":               {h.subject("giang", "all", Auditor), false},
	}
	h.put("camera", Grant{Who: Who{Person: people["who was given the camera"].subject.ID}, Actions: all, Cameras: []string{"household-lang"}})
	h.put("kind", Grant{Who: Who{Role: Supervisor, Person: ""}, Actions: all, Areas: []string{"block", "lang"}, Kinds: []string{Household}})
	h.put("ward", Grant{Who: Who{Role: Auditor}, Actions: all, Areas: []string{AllAreas}})
	one := people["one with every role"]
	one.holds = true // a supervisor too
	people["one with every role"] = one
	for _, who := range people {
		if stated == nil {
			continue
		}
		session, revision, _ := h.tables.Sessions.Get(who.subject.session)
		session.Case = stated
		if _, err := h.tables.Sessions.Put(t.Context(), who.subject.session, session, revision); err != nil {
			t.Fatal(err)
		}
	}
	people["a tool"] = asked{subject(t, h.Policy, "tool"), false}
	return people
}

func TestAnotherKindFreesNoCitizensCamera(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	an := h.subject("an", "lang", Viewer)
	h.want(an, View, "public-lang", now, nil)
	h.lend("public-lang")
	h.want(an, View, "public-lang", now, ErrCase)
	if err := h.CameraRemoved(t.Context(), "public-lang", now); err != nil {
		t.Fatal(err)
	}
	h.lend("household-lang", an) // of another camera
	h.want(an, View, "public-lang", now, ErrClosed)
	if l := h.Lending(Resource{Camera: "public-lang", Kind: "public"}, now); !l.Takes || l.Closed != ClosedWithdrawn {
		t.Errorf("%+v", l)
	}
	if l := h.Lending(Resource{Camera: "public-vinh", Kind: "public"}, now); l.Takes || l.Closed != "" {
		t.Errorf("%+v", l)
	}
}

func TestAPermissionEndsWithTheHoursAndTheConsent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	an := h.subject("an", "vinh", Viewer)
	h.put("g", Grant{Who: Who{Person: an.ID}, Actions: []Action{View}, Cameras: []string{"household-lang"}})
	h.lend("household-lang", an)
	r, _ := cameraOf("household-lang")
	for name, tt := range map[string]struct {
		edit func(*Consent)
		want time.Duration
	}{
		"neither":     {func(*Consent) {}, MaxLease},
		"the consent": {func(c *Consent) { c.Until = now.Add(7 * time.Second) }, 7 * time.Second},
		"the hours":   {func(c *Consent) { c.Hours = until(now.Add(time.Minute)) }, MaxLease},
	} {
		c := agreed("household-lang")
		tt.edit(&c)
		_, revision, _ := h.tables.Consents.Get(c.Camera)
		if _, err := h.tables.Consents.Put(t.Context(), c.Camera, c, revision); err != nil {
			t.Fatal(err)
		}
		if p, err := h.Decide(an, View, r, now); err != nil || p.Until.Sub(now) != tt.want {
			t.Errorf("%s: for %v, %v", name, p.Until.Sub(now), err)
		}
		if c.Hours != nil { // ten seconds before the minute is full
			at := now.Truncate(time.Minute).Add(time.Minute - 10*time.Second)
			if p, err := h.Decide(an, View, r, at); err != nil || p.Until.Sub(at) != 10*time.Second {
				t.Errorf("%s: for %v, %v", name, p.Until.Sub(at), err)
			}
			if _, err := h.Decide(an, View, r, at.Add(10*time.Second)); err != ErrClosed {
				t.Errorf("%s: at their end: %v", name, err)
			}
		}
	}
}

// until are the hours of one day that end with the minute before t.
func until(t time.Time) *Hours {
	t = t.UTC()
	return &Hours{"UTC", []Span{{t.Weekday(), 0, t.Hour()*60 + t.Minute()}}}
}

// TestEveryEndOfAConsentIsTold: of what ends a look somebody is told at once.
func TestEveryEndOfAConsentIsTold(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(h *house, an, admin Subject) error{
		"withdrawn": func(h *house, _, admin Subject) error {
			return h.WithdrawConsent(t.Context(), admin, "household-lang", now)
		},
		"switched off": func(h *house, _, _ Subject) error {
			return h.editConsent(t.Context(), "household-lang", func(c *Consent, _ bool) error { c.Off = now; return nil })
		},
		"camera removed": func(h *house, _, _ Subject) error { return h.CameraRemoved(t.Context(), "household-lang", now) },
		"other purposes": func(h *house, _, admin Subject) error {
			c := agreed("household-lang")
			c.Purposes = []Reason{Fire}
			return h.agree(admin, c)
		},
		"case closed": func(h *house, an, _ Subject) error { return h.CloseCase(t.Context(), an, now) },
		"another case": func(h *house, an, _ Subject) error {
			return h.OpenCase(t.Context(), an, Case{Reason: "fire", Number: "13/2026"}, now)
		},
	} {
		h := newHouse(t)
		an, admin := h.subject("an", "vinh", Viewer), h.subject("admin", "lang", Administrator)
		h.put("g", Grant{Who: Who{Person: an.ID}, Actions: []Action{View}, Cameras: []string{"household-lang"}})
		h.lend("household-lang", an)
		h.want(an, View, "household-lang", now, nil)
		changed := h.Changed()
		if err := end(h, an, admin); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if r, _ := cameraOf("household-lang"); name != "another case" {
			if _, err := h.Decide(an, View, r, now); !errors.Is(err, ErrDenied) {
				t.Errorf("%s: %v", name, err)
			}
		}
		h.fired(changed)
	}
}

func TestPagesAreToldWhenAConsentBeginsAndEndsByTheClock(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	from := time.Now().Add(200 * time.Millisecond)
	c := agreed("household-lang")
	// So far apart that a busy machine tells of each by itself.
	c.Given, c.From, c.Until = time.Now(), from, from.Add(time.Second)
	changed := h.Changed()
	if _, err := h.tables.Consents.Put(t.Context(), c.Camera, c, 0); err != nil {
		t.Fatal(err)
	}
	for _, edge := range []time.Time{time.Now(), c.From, c.Until} {
		h.fired(changed)
		if at := time.Now(); at.Before(edge) {
			t.Errorf("told %v too soon", edge.Sub(at))
		}
		changed = h.Changed()
	}
}

func TestAConsentOnPaperOpensAndIsWithdrawn(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h := newHouse(t)
	admin, beside, chief := h.subject("admin", "lang", Administrator), h.subject("beside", "vinh", Administrator), h.subject("chief", "lang", Supervisor)
	paper := Consent{Camera: "household-lang", Owner: " Bà Tư\n", Contact: "0912", Purposes: []Reason{Theft}, Document: "07/2026", How: ByLink, By: "somebody else", Link: "mine", Off: now}
	h.lendsNothing(paper, beside, chief)
	if _, err := h.MakeOwnerLink(ctx, admin, "household-lang", now); !errors.Is(err, ErrFaulty) {
		t.Errorf("a link without a consent: %v", err)
	}
	if first, err := h.first(admin, paper); err != nil || !first {
		t.Fatal(first, err)
	}
	got, _, err := h.ConsentOf(admin, "household-lang", now)
	if err != nil || got.Owner != "Bà Tư" || got.How != OnPaper || got.By != admin.ID || got.Link != "" || !got.Off.IsZero() || !got.From.Equal(now) {
		t.Errorf("%+v, %v", got, err)
	}
	secret, err := h.MakeOwnerLink(ctx, admin, "household-lang", now)
	if err != nil || len(secret) < MinSecret {
		t.Fatal(secret, err)
	}
	row, _, _ := h.tables.Consents.Get("household-lang")
	if row.Link != sessionKey(secret) {
		t.Error("the link is not kept by its digest")
	}
	// What the owner did stays, whatever paper comes.
	if err := h.editConsent(ctx, "household-lang", func(c *Consent, _ bool) error { c.Off, c.Masks = now, []Mask{{{0, 0}, {1, 0}, {0, 1}}}; return nil }); err != nil {
		t.Fatal(err)
	}
	if first, err := h.first(admin, paper); err != nil || first {
		t.Fatal(first, err)
	}
	if again, _, _ := h.tables.Consents.Get("household-lang"); again.Off.IsZero() || len(again.Masks) != 1 || again.Link != row.Link {
		t.Errorf("%+v", again)
	}
	if err := h.WithdrawConsent(ctx, admin, "household-lang", now); err != nil {
		t.Fatal(err)
	}
	if err := h.WithdrawConsent(ctx, admin, "household-lang", now); !errors.Is(err, ErrUnknown) {
		t.Errorf("twice: %v", err)
	}
	if ids, _ := h.Withdrawn(); !slices.Equal(ids, []string{"household-lang"}) {
		t.Errorf("to be cleared: %v", ids)
	}
	if err := h.CameraRemoved(ctx, "household-lang", now); err != nil {
		t.Fatal(err)
	}
	if ids, _ := h.Withdrawn(); len(ids) != 0 {
		t.Errorf("to be cleared again: %v", ids)
	}
	if first, err := h.first(admin, paper); err != nil || !first { // anew
		t.Fatal(first, err)
	}
	if again, _, _ := h.tables.Consents.Get("household-lang"); !again.Off.IsZero() || again.Masks != nil || again.Link != "" || !again.Withdrawn.IsZero() || !again.Cleared.IsZero() {
		t.Errorf("%+v", again)
	}
	if told := paper.Told(); strings.Contains(told, "Tư") || strings.Contains(told, "0912") || !strings.Contains(told, "07/2026") {
		t.Errorf("the log has %s", told)
	}
}

// first enters a consent over what there is, and says whether it is the first.
func (h *house) first(by Subject, c Consent) (bool, error) {
	_, revision, _ := h.tables.Consents.Get(c.Camera)
	first, _, err := h.EnterConsent(h.t.Context(), by, c, revision, now)
	return first, err
}

func (h *house) agree(by Subject, c Consent) error {
	_, err := h.first(by, c)
	return err
}

// lendsNothing wants these to have no say in a consent.
func (h *house) lendsNothing(paper Consent, people ...Subject) {
	h.t.Helper()
	ctx := h.t.Context()
	for _, s := range people {
		if err := h.agree(s, paper); !errors.Is(err, ErrDenied) {
			h.t.Errorf("%s enters: %v", s.Name, err)
		}
		if _, _, err := h.ConsentOf(s, "household-lang", now); !errors.Is(err, ErrDenied) {
			h.t.Errorf("%s reads: %v", s.Name, err)
		}
		if err := h.WithdrawConsent(ctx, s, "household-lang", now); !errors.Is(err, ErrDenied) {
			h.t.Errorf("%s withdraws: %v", s.Name, err)
		}
		if _, err := h.MakeOwnerLink(ctx, s, "household-lang", now); !errors.Is(err, ErrDenied) {
			h.t.Errorf("%s makes a link: %v", s.Name, err)
		}
	}
}

func TestACaseIsStatedOnceAndEndsWithTheSession(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h := newHouse(t)
	an := h.subject("an", "lang", Viewer)
	for _, bad := range []Case{{}, {Reason: Theft}, {Reason: Theft, Number: "12"}, {Reason: "curiosity", Number: "12/2026"}, {Reason: Theft, Number: strings.Repeat("1", MaxCase+1)},
		{Reason: Theft, Number: "12;2026"}, {Reason: Theft, Number: "12\n2026"}, {Reason: Theft, Number: "..."}, {Reason: Theft, Number: "<b>12"}} {
		if err := h.OpenCase(ctx, an, bad, now); !errors.Is(err, ErrFaulty) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if _, err := h.CaseOf(an, now); !errors.Is(err, ErrUnknown) {
		t.Errorf("no case: %v", err)
	}
	if err := h.CloseCase(ctx, an, now); !errors.Is(err, ErrUnknown) {
		t.Errorf("no case is closed: %v", err)
	}
	if err := h.OpenCase(ctx, an, Case{Reason: Missing, Number: "  Vụ 12/HS-2026  "}, now); err != nil {
		t.Fatal(err)
	}
	if c, err := h.CaseOf(an, now); err != nil || c != (Case{Missing, "Vụ 12/HS-2026", now}) {
		t.Errorf("%+v, %v", c, err)
	}
	_, other := h.enter(claims("an", "lang", Viewer), now) // the same person's other device
	if _, err := h.CaseOf(other, now); !errors.Is(err, ErrUnknown) {
		t.Errorf("another device: %v", err)
	}
	if err := h.SignOut(ctx, an); err != nil {
		t.Fatal(err)
	}
	if _, err := h.CaseOf(an, now); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("signed out: %v", err)
	}
	if err := h.OpenCase(ctx, an, Case{Reason: Missing, Number: "12/2026"}, now); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("signed out: %v", err)
	}
	if err := h.OpenCase(ctx, Subject{ID: "tool"}, Case{Reason: Missing, Number: "12/2026"}, now); !errors.Is(err, ErrDenied) {
		t.Errorf("a tool: %v", err)
	}
}
