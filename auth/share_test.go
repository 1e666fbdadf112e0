package auth

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// share makes one of an hour.
func (h *house) share(by Subject, camera string, outside bool) Shared {
	h.t.Helper()
	made, err := h.Share(h.t.Context(), by, Share{Camera: camera, For: "Đội PCCC", Outside: outside, Until: now.Add(time.Hour)}, now)
	if err != nil {
		h.t.Fatalf("%s shares %s: %v", by.Name, camera, err)
	}
	return made
}

// guest opens an outsider's share.
func (h *house) guest(made Shared, at time.Time) Subject {
	h.t.Helper()
	g, err := h.OpenGuest(h.t.Context(), made.Secret, made.Pin, at)
	if err != nil {
		h.t.Fatal(err)
	}
	s, err := h.Authenticate(g.Token, at)
	if err != nil || s.ID != "share:"+made.Key || s.Name != "Đội PCCC" || s.Guest() != made.Key || s.Session() != "" {
		h.t.Fatalf("%+v, %v", s, err)
	}
	return s
}

func TestNobodySharesWhatIsNotTheirs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	viewer, chief, auditor := h.subject("an", "lang", Viewer), h.subject("chief", "lang", Supervisor), h.subject("auditor", "lang", Auditor)
	holder, friend := h.subject("holder", "vinh", Viewer), h.subject("friend", "elsewhere", Viewer)
	h.put("household", Grant{Who: Who{Person: holder.ID}, Actions: []Action{View, ShareOut}, Cameras: []string{"household-lang"}})
	h.put("out", Grant{Who: Who{Person: holder.ID}, Actions: []Action{ShareOut}, Cameras: []string{"public-lang"}}) // without the view
	if err := h.Set([]Token{{Name: "tool", Secret: secret(t, text("tool")), Areas: []string{AllAreas}, Actions: []Action{View, Administer}}}); err != nil {
		t.Fatal(err)
	}
	tool := subject(t, h.Policy, "tool")
	inside := h.share(viewer, "public-lang", false)
	if _, _, err := h.OpenShare(t.Context(), friend, inside.Secret, now); err != nil {
		t.Fatal(err)
	}
	h.want(friend, View, "public-lang", now, nil)
	guest := h.guest(h.share(chief, "public-lang", true), now)
	for name, tt := range map[string]struct {
		by   Subject
		s    Share
		want error
	}{
		"their own":              {viewer, Share{Camera: "public-lang"}, nil},
		"to an outsider":         {chief, Share{Camera: "office-block", Outside: true}, nil},
		"viewer, to an outsider": {viewer, Share{Camera: "public-lang", Outside: true}, ErrDenied},
		"another ward's":         {viewer, Share{Camera: "public-vinh"}, ErrDenied},
		"what is not there":      {viewer, Share{Camera: "public-atlantis"}, ErrDenied},
		"no camera":              {viewer, Share{}, ErrDenied},
		"an auditor":             {auditor, Share{Camera: "public-lang"}, ErrDenied},
		"a tool":                 {tool, Share{Camera: "public-lang"}, ErrDenied},
		"a guest":                {guest, Share{Camera: "public-lang"}, ErrDenied},
		"what was shared":        {friend, Share{Camera: "public-lang"}, ErrDenied},
		"share without view":     {holder, Share{Camera: "public-lang", Outside: true}, ErrDenied},
		"a household's":          {holder, Share{Camera: "household-lang"}, ErrFaulty},
		"a household's outside":  {holder, Share{Camera: "household-lang", Outside: true}, ErrFaulty},
		"another's household's":  {chief, Share{Camera: "household-lang"}, ErrDenied},
		"too long":               {viewer, Share{Camera: "public-lang", Until: now.Add(MaxShare + 1)}, ErrFaulty},
		"over":                   {viewer, Share{Camera: "public-lang", Until: now}, ErrFaulty},
		"to nobody":              {viewer, Share{Camera: "public-lang", For: " \n"}, ErrFaulty},
		"a made-up subject":      {Subject{ID: viewer.ID}, Share{Camera: "public-lang"}, ErrUnauthenticated},
	} {
		if tt.s.For == "" {
			tt.s.For = "Anh Ba"
		}
		if tt.s.Until.IsZero() {
			tt.s.Until = now.Add(time.Hour)
		}
		tt.s.Opened, tt.s.Link, tt.s.By = friend.ID, "x", "somebody else" // none of it counts
		made, err := h.Share(t.Context(), tt.by, tt.s, now)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
		v, _, ok := h.tables.Shares.Get(made.Key)
		if ok != (tt.want == nil) || ok && (v.By != tt.by.ID || v.Opened != "" || v.Link == "x" || (made.Pin != "") != tt.s.Outside) {
			t.Errorf("%s: kept %v, %+v", name, ok, v)
		}
	}
}

func TestAShareIsTheFirstOpenersOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	an, friend, third := h.subject("an", "lang", Viewer), h.subject("friend", "vinh", Viewer), h.subject("third", "vinh", Viewer)
	made := h.share(an, "public-lang", false)
	open := func(s Subject, want error, fresh bool) {
		t.Helper()
		row, new, err := h.OpenShare(t.Context(), s, made.Secret, now)
		if !errors.Is(err, want) || new != fresh || row.Key != made.Key {
			t.Errorf("%s: %v %v %q, want %v", s.Name, err, new, row.Key, want)
		}
	}
	open(an, nil, false) // to see where it leads
	h.want(friend, View, "public-lang", now, ErrDenied)
	changed := h.Changed()
	open(friend, nil, true)
	h.fired(changed)
	open(friend, nil, false)
	open(third, ErrDenied, false)
	h.want(third, View, "public-lang", now, ErrDenied)
	for _, a := range []Action{Lookback, Export, PTZ, Administer, Supervise, Audit, ShareOut} {
		h.want(friend, a, "public-lang", now, ErrDenied)
	}
	h.want(friend, View, "public-lang", now, nil)
	h.want(friend, List, "public-lang", now, nil)
	h.want(friend, View, "office-lang", now, ErrDenied)
	last := now.Add(time.Hour - time.Second)
	p, err := h.Decide(friend, View, resourceOf(t, "public-lang"), now)
	if err != nil || p.By != "share "+made.Key || p.Until.After(now.Add(MaxLease)) {
		t.Errorf("%+v, %v", p, err)
	}
	if err := h.Touch(t.Context(), friend, now.Add(20*time.Minute)); err != nil {
		t.Fatal(err)
	}
	if err := h.Touch(t.Context(), friend, now.Add(45*time.Minute)); err != nil {
		t.Fatal(err)
	}
	if p, err = h.Decide(friend, View, resourceOf(t, "public-lang"), last); err != nil || !p.Until.Equal(made.Share.Until) {
		t.Errorf("at its end: %v %v", p, err)
	}
	h.want(friend, View, "public-lang", made.Share.Until, ErrDenied)
	for _, wrong := range []string{"", "x", strings.Repeat("x", MaxSecret+1), made.Secret + "x", made.Key, made.Share.Link} {
		if _, _, err := h.OpenShare(t.Context(), third, wrong, now); !errors.Is(err, ErrUnknown) {
			t.Errorf("%.20q: %v", wrong, err)
		}
	}
	if _, err := h.Offered(made.Secret, now); !errors.Is(err, ErrUnknown) {
		t.Errorf("a colleague's share as an outsider's: %v", err)
	}
	// Of many who open it at once one has it.
	made = h.share(an, "public-lang", false)
	var wg sync.WaitGroup
	var got atomic.Int32
	for i := range 8 {
		s := h.subject(fmt.Sprint("one of many ", i), "vinh", Viewer)
		wg.Go(func() {
			if _, fresh, err := h.OpenShare(t.Context(), s, made.Secret, now); err == nil && fresh {
				got.Add(1)
			}
		})
	}
	if wg.Wait(); got.Load() != 1 {
		t.Errorf("%d have it", got.Load())
	}
}

func resourceOf(t *testing.T, camera string) Resource {
	t.Helper()
	r, ok := cameraOf(camera)
	if !ok {
		t.Fatal(camera)
	}
	return r
}

func TestAShareEndsWithWhatItStandsOn(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(h *house, by Subject, made Shared) error{
		"who made it ends it": func(h *house, by Subject, made Shared) error { return h.EndShare(h.t.Context(), by, made.Key, now) },
		"a supervisor ends it": func(h *house, _ Subject, made Shared) error {
			return h.EndShare(h.t.Context(), h.subject("other", "city", Supervisor), made.Key, now)
		},
		"the sharer is blocked": func(h *house, by Subject, _ Shared) error {
			return h.Block(h.t.Context(), h.subject("boss", "city", Supervisor), by.ID, "lost their phone", now)
		},
		"the sharer loses the area": func(h *house, _ Subject, _ Shared) error { h.subject("an", "vinh", Supervisor); return nil },
		"the sharer loses the role": func(h *house, _ Subject, _ Shared) error { h.subject("an", "lang", Auditor); return nil },
		"the sharer loses every role": func(h *house, _ Subject, _ Shared) error {
			if _, _, err := h.SignIn(h.t.Context(), Arrival{Claims: claims("an", "lang")}, now); !errors.Is(err, ErrNoRole) {
				return fmt.Errorf("signed in: %w", err)
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			an, friend := h.subject("an", "lang", Supervisor), h.subject("friend", "vinh", Viewer)
			h.subject("boss", "city", Supervisor)
			inside, outside := h.share(an, "public-lang", false), h.share(an, "public-lang", true)
			if _, _, err := h.OpenShare(t.Context(), friend, inside.Secret, now); err != nil {
				t.Fatal(err)
			}
			guest := h.guest(outside, now)
			if err := h.SignOut(t.Context(), an); err != nil { // their shift may end
				t.Fatal(err)
			}
			h.want(friend, View, "public-lang", now, nil)
			h.want(guest, View, "public-lang", now, nil)
			an = h.subject("an", "lang", Supervisor)
			for _, made := range []Shared{inside, outside} {
				changed := h.Changed()
				if err := end(h, an, made); err != nil {
					t.Fatal(err)
				}
				h.fired(changed)
				if strings.Contains(name, "sharer") {
					break
				}
			}
			h.want(friend, View, "public-lang", now, ErrDenied)
			for _, a := range []Action{Connect, View} {
				if _, err := h.Decide(guest, a, resourceOf(t, "public-lang"), now); !errors.Is(err, ErrUnauthenticated) {
					t.Errorf("the guest's %s: %v", a, err)
				}
			}
			if _, err := h.OpenGuest(t.Context(), outside.Secret, outside.Pin, now); !errors.Is(err, ErrUnknown) {
				t.Errorf("opened once more: %v", err)
			}
		})
	}
}

func TestAHouseholdsCameraIsSharedNoLonger(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	kind := "public"
	h.settings.Camera = func(id string) (Resource, bool) { return Resource{id, kind, pathOf("lang")}, true }
	an := h.subject("an", "lang", Supervisor)
	friend := h.subject("friend", "vinh", Viewer)
	h.put("g", Grant{Who: Who{Person: an.ID}, Actions: []Action{View, ShareOut}, Areas: []string{"lang"}, Kinds: []string{"public", "household"}})
	inside, outside := h.share(an, "corner", false), h.share(an, "corner", true)
	if _, _, err := h.OpenShare(t.Context(), friend, inside.Secret, now); err != nil {
		t.Fatal(err)
	}
	guest := h.guest(outside, now)
	kind = "household"
	r := Resource{"corner", kind, pathOf("lang")}
	if _, err := h.Decide(an, View, r, now); !errors.Is(err, ErrClosed) { // the right is there, the consent is not
		t.Errorf("who shared it: %v", err)
	}
	for _, s := range []Subject{friend, guest} {
		if _, err := h.Decide(s, View, r, now); !errors.Is(err, ErrDenied) {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
	// One that an owner has ever lent is theirs under every kind.
	kind, r.Kind = "public", "public"
	if _, err := h.Decide(friend, View, r, now); err != nil {
		t.Error(err)
	}
	if _, err := h.tables.Consents.Put(t.Context(), "corner", Consent{Camera: "corner", Withdrawn: now}, 0); err != nil {
		t.Fatal(err)
	}
	for _, s := range []Subject{friend, guest} {
		for _, a := range []Action{View, List} {
			if _, err := h.Decide(s, a, r, now); !errors.Is(err, ErrDenied) || errors.Is(err, ErrClosed) {
				t.Errorf("%s, %s, lent: %v", s.Name, a, err)
			}
		}
	}
	if _, err := h.Share(t.Context(), an, Share{Camera: "corner", For: "x", Until: now.Add(time.Hour)}, now); !errors.Is(err, ErrSharesHousehold) {
		t.Errorf("shared once more: %v", err)
	}
}

func TestSharesOfThoseTheyConcern(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	an, friend, third := h.subject("an", "lang", Viewer), h.subject("friend", "vinh", Viewer), h.subject("third", "lang", Viewer)
	chief, beside := h.subject("chief", "city", Supervisor), h.subject("beside", "vinh", Supervisor)
	made := h.share(an, "public-lang", false)
	if _, _, err := h.OpenShare(t.Context(), friend, made.Secret, now); err != nil {
		t.Fatal(err)
	}
	for s, sees := range map[Subject]bool{an: true, friend: true, third: false, chief: true, beside: false} {
		rows, err := h.Shares(s, now)
		if err != nil || (len(rows) == 1) != sees {
			t.Errorf("%s sees %v, %v", s.Name, rows, err)
		}
	}
	for _, s := range []Subject{friend, third, beside} {
		if err := h.EndShare(t.Context(), s, made.Key, now); !errors.Is(err, ErrUnknown) {
			t.Errorf("%s ends it: %v", s.Name, err)
		}
	}
	if err := h.EndShare(t.Context(), chief, made.Key, now); err != nil {
		t.Error(err)
	}
	if err := h.EndShare(t.Context(), chief, made.Key, now); !errors.Is(err, ErrUnknown) {
		t.Errorf("twice: %v", err)
	}
	// Bounds of one person, and what is swept.
	for range MaxSharing {
		h.share(an, "public-lang", false)
	}
	if _, err := h.Share(t.Context(), an, Share{Camera: "public-lang", For: "x", Until: now.Add(time.Hour)}, now); !errors.Is(err, ErrFaulty) {
		t.Errorf("too many: %v", err)
	}
	h.share(third, "public-lang", false)
	for _, tt := range []struct {
		at   time.Duration
		left int
	}{{keepEnded, MaxSharing + 2}, {keepEnded + 1, MaxSharing + 1}, {time.Hour + keepEnded, MaxSharing + 1}, {time.Hour + keepEnded + 1, 0}} {
		if err := h.Sweep(t.Context(), now.Add(tt.at)); err != nil {
			t.Fatal(err)
		}
		if n := len(h.tables.Shares.All()); n != tt.left {
			t.Errorf("after %v: %d, want %d", tt.at, n, tt.left)
		}
	}
}
