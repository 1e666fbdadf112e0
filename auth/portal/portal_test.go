package portal

import (
	"context"
	"errors"
	"testing"
	"time"

	"matthan/auth"
)

type claims = map[string]any

func TestWhatAnOfficerSeesIsWhatTheTokenAndThePortalName(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	one, ward := r.enters(r.mint(nil, nil)), r.enters(r.mint(nil, claims{"cam": nil, "area": "lang"}))
	city, elsewhere := r.enters(r.mint(nil, claims{"cam": nil, "area": "ha-noi"})), r.enters(r.mint(nil, claims{"cam": "vinh-1"}))
	home := r.enters(r.mint(nil, claims{"cam": "lang-h", "reason": "theft", "case": "17/2026"}))
	for _, c := range []struct {
		name   string
		s      auth.Subject
		camera string
		a      auth.Action
		want   bool
	}{
		{"a camera", one, "lang-1", auth.View, true}, {"a camera", one, "lang-1", auth.List, true}, {"a camera", one, "vinh-1", auth.View, false},
		{"a camera", one, "lang-1", auth.PTZ, false}, {"a camera", one, "lang-1", auth.Lookback, false}, {"a camera", one, "lang-1", auth.Administer, false},
		{"an area", ward, "lang-1", auth.View, true}, {"an area", ward, "vinh-1", auth.View, false}, {"an area", ward, "lang-h", auth.List, false},
		{"an area above", city, "lang-1", auth.View, true}, {"an area above", city, "vinh-1", auth.View, false},
		{"not the portal's", elsewhere, "vinh-1", auth.View, false}, {"not the portal's", elsewhere, "vinh-1", auth.List, false},
		{"a household that is not named", home, "lang-h", auth.View, false}, {"a household that is not named", home, "lang-h", auth.List, false},
	} {
		_, err := r.policy.Decide(c.s, c.a, cameras[c.camera], r.now)
		if (err == nil) != c.want || err != nil && (!errors.Is(err, auth.ErrDenied) || errors.Is(err, auth.ErrUnauthenticated)) {
			t.Errorf("%s: %s %s: %v", c.name, c.a, c.camera, err)
		}
	}
	for _, a := range []auth.Action{auth.Administer, auth.Supervise, auth.Audit, auth.Issue} {
		if _, err := r.policy.Decide(ward, a, auth.Resource{Areas: paths["lang"]}, r.now); err == nil {
			t.Errorf("an officer may %s", a)
		}
	}
}

// A citizen's camera takes the portal's right to households, the case in the token
// and the owner's consent to its reason.
func TestAHouseholdIsSeenForACaseThatItsOwnerAgreedTo(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	home := func(reason string) auth.Subject {
		c := claims{"cam": "lang-h"}
		if reason != "" {
			c["reason"], c["case"] = reason, "17/2026"
		}
		return r.enters(r.mint(nil, c))
	}
	theft, fire, none := home("theft"), home("fire"), home("")
	r.put(func(p *auth.Portal) { p.Kinds = []string{"public", auth.Household} })
	if err := r.views(theft, "lang-h"); !errors.Is(err, auth.ErrClosed) {
		t.Errorf("without a consent: %v", err)
	}
	_, err := r.tables.Consents.Put(t.Context(), "lang-h", auth.Consent{Camera: "lang-h", Owner: "Bà Tư", Purposes: []auth.Reason{auth.Theft},
		Given: r.now, From: r.now.Add(-time.Hour), How: auth.OnPaper, Document: "01/2026"}, 0)
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.policy.Decide(theft, auth.View, cameras["lang-h"], r.now)
	if err != nil || p.Reason != auth.Theft || p.Case != "17/2026" || p.By != "portal quan" {
		t.Errorf("%+v, %v", p, err)
	}
	for name, s := range map[string]auth.Subject{"for another reason": fire, "for none": none} {
		if err := r.views(s, "lang-h"); !errors.Is(err, auth.ErrCase) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestATokenIsUsedOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	raw := r.mint(nil, claims{"jti": "one"})
	if _, err := r.policy.Authenticate(raw, r.now); !errors.Is(err, auth.ErrUnauthenticated) {
		t.Errorf("before it was used: %v", err)
	}
	s := r.enters(raw)
	for name, again := range map[string]string{"the same": raw, "another's, with its jti": r.mint(nil, claims{"jti": "one", "sub": "cb-9"}), "for another camera": r.mint(nil, claims{"jti": "one", "cam": "vinh-1"})} {
		if _, err := r.enter(again); !errors.Is(err, auth.ErrUnauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.policy.Renew(t.Context(), s, raw, auth.From{Origin: page}, r.now); !errors.Is(err, auth.ErrUnauthenticated) {
		t.Errorf("as its own renewal: %v", err)
	}
	// It goes on with what it began, from its page.
	if back, err := r.policy.Return(t.Context(), raw, auth.From{Origin: page}, r.now); err != nil || back != s {
		t.Errorf("coming back: %v, %v", back, err)
	}
	if _, err := r.policy.Return(t.Context(), raw, auth.From{Origin: other}, r.now); !errors.Is(err, auth.ErrOrigin) {
		t.Errorf("coming back from elsewhere: %v", err)
	}
	if who, err := r.policy.Authenticate(raw, r.now); err != nil || who != s {
		t.Errorf("as it is known: %v, %v", who, err)
	}
	// After a restart, too: then a fresh one begins anew.
	before := r.policy
	r.start(Config{})
	if _, err := r.enter(raw); !errors.Is(err, auth.ErrUnauthenticated) {
		t.Errorf("after a restart: %v", err)
	}
	if _, err := r.policy.Return(t.Context(), raw, auth.From{Origin: page}, r.now); !errors.Is(err, auth.ErrUnauthenticated) {
		t.Errorf("coming back after a restart: %v", err)
	}
	r.enters(r.mint(nil, nil))
	r.policy = before
	later := r.now.Add(3 * time.Minute)
	if err := r.policy.Sweep(t.Context(), later); err != nil || len(r.tables.Embeds.All()) != 0 {
		t.Errorf("after its end: %v, %d noted", err, len(r.tables.Embeds.All()))
	}
	if r.now = later; r.views(s, "lang-1") == nil {
		t.Error("it shows pictures after its end")
	}
}

func TestAFreshTokenProlongsOnlyItsOwn(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	from := auth.From{Origin: page}
	fresh := func(change claims) string {
		c := claims{"iat": r.now.Unix(), "exp": r.now.Add(2 * time.Minute).Unix()}
		for name, v := range change {
			c[name] = v
		}
		return r.mint(nil, c)
	}
	s, begun := r.enters(fresh(nil)), r.now
	for range 10 {
		r.now = r.now.Add(90 * time.Second)
		until, err := r.policy.Renew(t.Context(), s, fresh(claims{"name": "Lê Thị An"}), from, r.now)
		if err != nil || !until.Equal(r.now.Add(2*time.Minute)) || r.views(s, "lang-1") != nil {
			t.Fatalf("after %v: %v, %v", r.now.Sub(begun), until, err)
		}
	}
	for name, raw := range map[string]string{"another officer's": fresh(claims{"sub": "cb-9"}), "for another camera": fresh(claims{"cam": "lang-2"}),
		"for an area": fresh(claims{"cam": nil, "area": "lang"}), "for a case": fresh(claims{"reason": "theft", "case": "1/26"}), "a wrong one": "a.b.c", "none": ""} {
		if _, err := r.policy.Renew(t.Context(), s, raw, from, r.now); !errors.Is(err, auth.ErrUnauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.policy.Renew(t.Context(), s, fresh(nil), auth.From{Origin: other}, r.now); !errors.Is(err, auth.ErrOrigin) {
		t.Errorf("from another page: %v", err)
	}
	if _, err := r.policy.Renew(t.Context(), r.admin, fresh(nil), from, r.now); !errors.Is(err, auth.ErrUnauthenticated) {
		t.Errorf("a tool's: %v", err)
	}
	// A shorter one, that came later, takes nothing away.
	if until, err := r.policy.Renew(t.Context(), s, fresh(claims{"exp": r.now.Add(10 * time.Second).Unix()}), from, r.now); err != nil || !until.Equal(r.now.Add(2*time.Minute)) {
		t.Errorf("a shorter one: %v, %v", until, err)
	}
}

// revocations are what ends all that was begun, each as an administrator does it.
var revocations = map[string]func(*rig) error{
	"disabled":    func(r *rig) error { r.put(func(p *auth.Portal) { p.Disabled = true }); return nil },
	"key removed": func(r *rig) error { r.put(func(p *auth.Portal) { p.Keys = nil }); return nil },
	"key exchanged": func(r *rig) error {
		r.put(func(p *auth.Portal) { p.Keys[0].Public = publicOf(newKey(r.t)) })
		return nil
	},
	"origin gone":   func(r *rig) error { r.put(func(p *auth.Portal) { p.Origins = []string{other} }); return nil },
	"officer ended": func(r *rig) error { return r.policy.EndPortal(r.t.Context(), r.admin, "quan", "cb-0042", r.now) },
	"all ended":     func(r *rig) error { return r.policy.EndPortal(r.t.Context(), r.admin, "quan", "", r.now) },
	"removed": func(r *rig) error {
		row, err := r.policy.Portal(r.admin, "quan", r.now)
		return errors.Join(err, r.policy.RemovePortal(r.t.Context(), r.admin, "quan", row.Revision, r.now))
	},
}

func TestAnEndIsAnEndForWhatRunsAndForTokensIssuedBefore(t *testing.T) {
	t.Parallel()
	for name, end := range revocations {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, Config{})
			s, kept := r.enters(r.mint(nil, nil)), r.mint(nil, nil)
			r.now = r.now.Add(time.Second)
			changed := r.policy.Changed()
			if err := end(r); err != nil {
				t.Fatal(err)
			}
			select {
			case <-changed:
			default:
				t.Error("those who watch are not told")
			}
			if err := r.views(s, "lang-1"); !errors.Is(err, auth.ErrUnauthenticated) || !errors.Is(err, auth.ErrDenied) {
				t.Errorf("it looks on: %v", err)
			}
			if _, err := r.policy.Renew(t.Context(), s, kept, auth.From{Origin: page}, r.now); !errors.Is(err, auth.ErrUnauthenticated) {
				t.Errorf("a token of before prolongs it: %v", err)
			}
			if _, err := r.enter(kept); !errors.Is(err, auth.ErrUnauthenticated) {
				t.Errorf("a token of before lets in: %v", err)
			}
		})
	}
	r := newRig(t, Config{})
	s := r.enters(r.mint(nil, nil))
	r.put(func(p *auth.Portal) { p.Areas = []string{"vinh"} })
	if err := r.views(s, "lang-1"); !errors.Is(err, auth.ErrDenied) {
		t.Errorf("an area was taken from the portal: %v", err)
	}
	other := r.enters(r.mint(nil, claims{"sub": "cb-9", "cam": "vinh-1"}))
	if err := r.policy.EndPortal(t.Context(), r.admin, "quan", "cb-0042", r.now.Add(time.Second)); err != nil || r.views(other, "vinh-1") != nil {
		t.Errorf("ending one officer: %v, and another sees %v", err, r.views(other, "vinh-1"))
	}
	later := r.now.Add(2 * time.Second)
	again := r.mint(nil, claims{"iat": later.Unix(), "exp": later.Add(time.Minute).Unix()})
	if _, err := r.policy.Enter(context.Background(), again, auth.From{Own: true}, later); err != nil {
		t.Errorf("a token that was issued after the end: %v", err)
	}
}

func TestNoMoreOfAPortalsOfficersLookThanMay(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.put(func(p *auth.Portal) { p.Viewers = 2 })
	first := r.enters(r.mint(nil, claims{"sub": "a"}))
	r.enters(r.mint(nil, claims{"sub": "b"}))
	if _, err := r.enter(r.mint(nil, claims{"sub": "c"})); !errors.Is(err, auth.ErrCrowded) {
		t.Errorf("a third: %v", err)
	}
	if _, err := r.policy.Renew(t.Context(), first, r.mint(nil, claims{"sub": "a"}), auth.From{Origin: page}, r.now); err != nil {
		t.Errorf("who looks already is not prolonged: %v", err)
	}
	all, err := r.policy.PortalViewers(r.admin, "quan", r.now)
	if err != nil || len(all) != 2 || all[0].Officer != "a" || all[0].Camera != "lang-1" || all[1].Name != "Lê An" {
		t.Errorf("%+v %v", all, err)
	}
	r.now = r.now.Add(3 * time.Minute)
	c := r.mint(nil, claims{"sub": "c", "iat": r.now.Unix(), "exp": r.now.Add(time.Minute).Unix()})
	if _, err := r.enter(c); err != nil {
		t.Errorf("when the others have gone: %v", err)
	}
}
