package portal

import (
	"errors"
	"strings"
	"testing"
	"time"

	"matthan/auth"
)

func TestAPortalWithoutKeysHasItsTokensIssued(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.put(func(p *auth.Portal) { p.Keys, p.Cameras = nil, []string{"lang-h"} })
	secret, err := r.policy.NewPortalSecret(t.Context(), r.admin, "quan", r.now)
	if err != nil {
		t.Fatal(err)
	}
	portal, err := r.policy.Authenticate(secret, r.now)
	if err != nil || portal.FromPortal() || portal.IsOne() {
		t.Fatal(portal, err)
	}
	ask := auth.Visa{Officer: "cb-0042", Name: "Lê An", Camera: "lang-1", Origin: page, Expires: r.now.Add(time.Minute)}
	raw, _, err := r.policy.IssueEmbed(portal, ask, r.now)
	if err != nil {
		t.Fatal(err)
	}
	s := r.enters(raw)
	if err := r.views(s, "lang-1"); err != nil || s.Name != "Lê An" {
		t.Errorf("%v, %v", s, err)
	}
	for name, change := range map[string]func(*auth.Visa){
		"sub": func(v *auth.Visa) { v.Officer = "" }, "name either": func(v *auth.Visa) { v.Area = "lang" }, "org": func(v *auth.Visa) { v.Origin = other },
		"there is no such camera": func(v *auth.Visa) { v.Camera = "vinh-1" }, "no such camera or area": func(v *auth.Visa) { v.Camera = "nothing" },
		"seconds": func(v *auth.Visa) { v.Expires = r.now.Add(time.Hour) }, "case": func(v *auth.Visa) { v.Reason = "theft" },
	} {
		v := ask
		change(&v)
		if _, _, err := r.policy.IssueEmbed(portal, v, r.now); !errors.Is(err, auth.ErrFaulty) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, who := range []auth.Subject{r.admin, s, {ID: "portal:quan"}} {
		if _, _, err := r.policy.IssueEmbed(who, ask, r.now); !errors.Is(err, auth.ErrDenied) {
			t.Errorf("%v has a token issued: %v", who, err)
		}
	}
	if _, err := r.policy.Enter(t.Context(), secret, auth.From{Own: true}, r.now); !errors.Is(err, auth.ErrUnauthenticated) {
		t.Errorf("the secret looks itself: %v", err)
	}
	next, err := r.policy.NewPortalSecret(t.Context(), r.admin, "quan", r.now)
	if err != nil || next == secret {
		t.Fatal(err)
	}
	if _, _, err := r.policy.IssueEmbed(portal, ask, r.now); !errors.Is(err, auth.ErrUnauthenticated) {
		t.Errorf("the old secret goes on: %v", err)
	}
}

func TestOnlyWhoAdministersEverythingKeepsPortals(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	officer := r.enters(r.mint(nil, nil))
	for _, s := range []auth.Subject{officer, {}} {
		_, e1 := r.policy.Portals(s, r.now)
		_, e2 := r.policy.Portal(s, "quan", r.now)
		_, e3 := r.policy.PutPortal(t.Context(), s, auth.Portal{ID: "x"}, 0, r.now)
		_, e4 := r.policy.NewPortalSecret(t.Context(), s, "quan", r.now)
		_, e5 := r.policy.PortalViewers(s, "quan", r.now)
		for i, err := range []error{e1, e2, e3, e4, e5, r.policy.RemovePortal(t.Context(), s, "quan", 1, r.now), r.policy.EndPortal(t.Context(), s, "quan", "", r.now)} {
			if !errors.Is(err, auth.ErrDenied) {
				t.Errorf("%v: act %d: %v", s, i+1, err)
			}
		}
	}
	good := auth.Portal{ID: "new", Name: "Cổng", Origins: []string{page}, Areas: []string{"lang"}}
	for name, change := range map[string]func(*auth.Portal){
		"id": func(p *auth.Portal) { p.ID = "Quận" }, "name has": func(p *auth.Portal) { p.Name = "" }, "1 to 16 origins": func(p *auth.Portal) { p.Origins = nil },
		"no area": func(p *auth.Portal) { p.Areas = []string{"nowhere"} }, "no camera": func(p *auth.Portal) { p.Cameras = []string{"nothing"} },
		"areas and cameras": func(p *auth.Portal) { p.Areas = nil }, "kid": func(p *auth.Portal) { p.Keys = []auth.PortalKey{{KID: auth.OwnKID, Public: publicOf(r.key)}} },
		"Ed25519": func(p *auth.Portal) { p.Keys = []auth.PortalKey{{KID: "k", Public: "AAAA"}} }, "jwks": func(p *auth.Portal) { p.JWKS = "http://portal.example/keys" },
	} {
		v := good
		change(&v)
		if _, err := r.policy.PutPortal(t.Context(), r.admin, v, 0, r.now); !errors.Is(err, auth.ErrFaulty) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for origin, want := range map[string]bool{page: true, "https://portal.example:8443": true, "http://localhost:3000": true, "http://127.0.0.1": true, "http://[::1]:3000": true,
		"http://portal.example": false, "https://portal.example:443": false, "https://portal.example/": false, "https://Portal.example": false, "https://*.example": false,
		"https://a.example https://b.example": false, "https://a;b": false, "null": false, "": false, "https://user@portal.example": false, "https://portal.example:0443": false,
		"https://portal.example:": false, "javascript:alert(1)": false, "https://": false, "https://portal.example?x": false, "https://portal.example#": false} {
		v := good
		v.ID, v.Origins = "origins", []string{origin}
		_, revision, _ := r.tables.Portals.Get(v.ID)
		if _, err := r.policy.PutPortal(t.Context(), r.admin, v, revision, r.now); (err == nil) != want {
			t.Errorf("origin %q: %v", origin, err)
		}
	}
}
