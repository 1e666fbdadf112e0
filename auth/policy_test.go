package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

var now = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

func secret(t testing.TB, text string) Secret {
	t.Helper()
	s, err := NewSecret(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// text is a token's secret in these tests.
func text(name string) string { return name + "-0123456789abcdef" }

func policy(t testing.TB, tokens ...Token) *Policy {
	t.Helper()
	for i := range tokens {
		tokens[i].Secret = secret(t, text(tokens[i].Name))
	}
	p, err := NewPolicy(tokens)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func subject(t testing.TB, p *Policy, name string) Subject {
	t.Helper()
	s, err := p.Authenticate(text(name), now)
	if err != nil {
		t.Fatalf("Authenticate(%s): %v", name, err)
	}
	return s
}

// TestMatrix asks every token for every kind in every area and every action.
func TestMatrix(t *testing.T) {
	t.Parallel()
	tokens := []Token{
		{Name: "nothing"},
		{Name: "everywhere", Areas: []string{"all"}},
		{Name: "everywhere-households", Areas: []string{"all"}, Kinds: []string{"household"}},
		{Name: "everywhere-every-kind", Areas: []string{"all"}, Kinds: []string{"public", "household", "office", "institution"}},
		{Name: "ward", Areas: []string{"lang"}},
		{Name: "city", Areas: []string{"ha-noi"}},
		{Name: "ward-households", Areas: []string{"lang"}, Kinds: []string{"household"}},
		{Name: "one-camera", Cameras: []string{"household-in-lang"}},
		{Name: "kind-without-area", Kinds: []string{"public", "household"}},
		{Name: "empty-area", Areas: []string{""}},
		{Name: "camera-called-all", Cameras: []string{"all"}},
	}
	// The cameras that each token may know of; all others are denied. It sees the
	// pictures of those that are no citizen's.
	sees := map[string]string{
		"everywhere":            "public-in-lang office-in-lang institution-in-lang public-in-vinh office-in-vinh institution-in-vinh public-in-nowhere office-in-nowhere institution-in-nowhere",
		"everywhere-households": "household-in-lang household-in-vinh household-in-nowhere",
		"everywhere-every-kind": "public-in-lang office-in-lang institution-in-lang public-in-vinh office-in-vinh institution-in-vinh household-in-lang household-in-vinh public-in-nowhere office-in-nowhere institution-in-nowhere household-in-nowhere",
		"ward":                  "public-in-lang office-in-lang institution-in-lang",
		"city":                  "public-in-lang office-in-lang institution-in-lang",
		"ward-households":       "household-in-lang",
		"one-camera":            "household-in-lang",
	}
	p := policy(t, tokens...)
	paths := map[string][]string{"lang": {"lang", "ha-noi"}, "vinh": {"vinh", "nghe-an"}, "nowhere": nil}
	for _, tok := range tokens {
		s := subject(t, p, tok.Name)
		for area, path := range paths {
			for _, kind := range []string{"public", "household", "office", "institution", "", "submarine"} {
				camera := kind + "-in-" + area
				for _, a := range []Action{List, View, "delete", ""} {
					want := (a == List || a == View && kind != Household) && strings.Contains(" "+sees[tok.Name]+" ", " "+camera+" ")
					perm, err := p.Decide(s, a, Resource{camera, kind, path}, now)
					if got := err == nil; got != want {
						t.Errorf("%s %q %s: permitted %v, want %v", tok.Name, a, camera, got, want)
					}
					if err != nil && (!errors.Is(err, ErrDenied) || errors.Is(err, ErrUnauthenticated) || !perm.Until.IsZero()) {
						t.Errorf("%s %q %s: %v, %v", tok.Name, a, camera, perm, err)
					}
					if err == nil && perm.Until != now.Add(MaxLease) {
						t.Errorf("%s: lease until %v", tok.Name, perm.Until)
					}
				}
			}
		}
		if _, err := p.Decide(s, View, Resource{Kind: "public", Areas: []string{"lang"}}, now); err == nil {
			t.Errorf("%s may view a camera without a name", tok.Name)
		}
		if _, err := p.Decide(s, Connect, Resource{}, now); err != nil {
			t.Errorf("%s may not hold a session: %v", tok.Name, err)
		}
	}
}

func TestStrangersAreRefused(t *testing.T) {
	t.Parallel()
	p := policy(t, Token{Name: "ward", Areas: []string{"all"}})
	for _, bearer := range []string{"", "ward", text("ward") + " ", text("WARD"), text("ward") + "x", strings.Repeat("a", MaxSecret+1), strings.Repeat("\x00", 32)} {
		if s, err := p.Authenticate(bearer, now); !errors.Is(err, ErrUnauthenticated) || s != (Subject{}) {
			t.Errorf("a wrong token of %d bytes: %v, %v", len(bearer), s, err)
		}
	}
	for _, s := range []Subject{{}, {ID: "ward", Name: "ward"}} {
		if _, err := p.Decide(s, View, Resource{"c", "public", []string{"lang"}}, now); !errors.Is(err, ErrUnauthenticated) || !errors.Is(err, ErrDenied) {
			t.Errorf("a made-up subject %v: %v", s, err)
		}
	}
}

func TestLeaseEndsWithTheToken(t *testing.T) {
	t.Parallel()
	p := policy(t, Token{Name: "shift", Areas: []string{"all"}, Expires: now.Add(10 * time.Second)})
	s := subject(t, p, "shift")
	r := Resource{"c", "public", nil}
	perm, err := p.Decide(s, View, r, now)
	if err != nil || perm.Until != now.Add(10*time.Second) {
		t.Fatalf("Decide: %v, %v", perm, err)
	}
	if _, err := p.Decide(s, View, r, perm.Until); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("at its end: %v", err)
	}
	if _, err := p.Authenticate(text("shift"), perm.Until); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("Authenticate at its end: %v", err)
	}
}

func TestWithdrawnTokenEndsRunningLeases(t *testing.T) {
	t.Parallel()
	p := policy(t, Token{Name: "a", Areas: []string{"all"}}, Token{Name: "b", Areas: []string{"all"}})
	a, b, r := subject(t, p, "a"), subject(t, p, "b"), Resource{"c", "public", nil}
	changed := p.Changed()
	select {
	case <-changed:
		t.Fatal("changed before any change")
	default:
	}
	// a gets a new secret, b goes on with other rights.
	next := []Token{{Name: "a", Secret: secret(t, text("new")), Areas: []string{"all"}}, {Name: "b", Secret: secret(t, text("b")), Cameras: []string{"d"}}}
	if err := p.Set(next); err != nil {
		t.Fatal(err)
	}
	select {
	case <-changed:
	default:
		t.Error("running leases were not told")
	}
	if _, err := p.Decide(a, View, r, now); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("a subject of the old secret: %v", err)
	}
	if _, err := p.Decide(b, View, r, now); !errors.Is(err, ErrDenied) || errors.Is(err, ErrUnauthenticated) {
		t.Errorf("a subject with fewer rights: %v", err)
	}
	if _, err := p.Decide(b, View, Resource{Camera: "d"}, now); err != nil {
		t.Errorf("a subject with a new right: %v", err)
	}
	next[1].Cameras[0] = "c" // the caller's slices are not the policy's
	if _, err := p.Decide(b, View, r, now); err == nil {
		t.Error("rights changed without Set")
	}
}

func TestBadPolicyChangesNothing(t *testing.T) {
	t.Parallel()
	p := policy(t, Token{Name: "a", Areas: []string{"all"}})
	changed := p.Changed()
	x, y := secret(t, text("x")), secret(t, text("y"))
	for want, tokens := range map[string][]Token{
		"no name":     {{Secret: x}},
		"no secret":   {{Name: "x"}},
		"are named":   {{Name: "x", Secret: x}, {Name: "x", Secret: y}},
		"same secret": {{Name: "x", Secret: x}, {Name: "y", Secret: x}},
		"more than":   make([]Token, MaxTokens+1),
	} {
		if err := p.Set(tokens); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Set: %v, want %q", err, want)
		}
	}
	select {
	case <-changed:
		t.Error("told of a change that was refused")
	default:
	}
	subject(t, p, "a")
}

func TestSecretNeverShows(t *testing.T) {
	t.Parallel()
	const canary = "canary-Pa55word-0123456789"
	s := secret(t, canary)
	tok := Token{Name: "n", Secret: s}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "secret", s, "token", tok)
	j, err := json.Marshal(tok)
	if err != nil {
		t.Fatal(err)
	}
	digest := fmt.Sprintf("%x", s.sum[:4])
	for _, out := range []string{fmt.Sprintf("%v %+v %#v %s %q %x %d", s, s, s, s, s, s, s), fmt.Sprintf("%v %+v", tok, &tok), string(j), log.String()} {
		if strings.Contains(out, "canary") || strings.Contains(out, digest) || !strings.Contains(out, "•••") {
			t.Errorf("printed: %s", out)
		}
	}
	for _, bad := range []string{"short", "", "with spaces canary 0123456", "canary\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", strings.Repeat("=", 20), strings.Repeat("canary", MaxSecret)} {
		if _, err := NewSecret(bad); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("a bad secret: %v", err)
		}
	}
}

func TestBearerComesOnlyFromTheHeader(t *testing.T) {
	t.Parallel()
	for want, values := range map[string][]string{
		"abc": {"Bearer abc"}, "ABC": {"bearer  ABC "}, "": {"Basic abc"},
	} {
		r := &http.Request{Header: http.Header{"Authorization": values}}
		if got := Bearer(r); got != want {
			t.Errorf("%q: %q", values, got)
		}
	}
	r, err := http.NewRequest("GET", "http://localhost/?access_token=abc&token=abc", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := Bearer(r); got != "" {
		t.Errorf("taken from the URL: %q", got)
	}
	r.Header["Authorization"] = []string{"Bearer a", "Bearer b"}
	if got := Bearer(r); got != "" {
		t.Errorf("taken from two headers: %q", got)
	}
}

func BenchmarkDecide(b *testing.B) {
	p := policy(b, Token{Name: "ward", Areas: []string{"lang"}})
	s := subject(b, p, "ward")
	r := Resource{"c", "public", []string{"lang", "ha-noi"}}
	for b.Loop() {
		if _, err := p.Decide(s, View, r, now); err != nil {
			b.Fatal(err)
		}
	}
}

func TestOnlyATokenThatMayAdministerChangesAnything(t *testing.T) {
	t.Parallel()
	p := policy(t,
		Token{Name: "viewer", Areas: []string{"lang"}},
		Token{Name: "keeper", Areas: []string{"lang"}, Actions: []Action{Administer}},
		Token{Name: "both", Areas: []string{"all"}, Actions: []Action{View, Administer}})
	lang, vinh, root := Resource{Areas: []string{"lang", "ha-noi"}}, Resource{Areas: []string{"vinh"}}, Resource{}
	camera := Resource{"c", "public", []string{"lang", "ha-noi"}}
	house := Resource{"h", "household", []string{"lang", "ha-noi"}}
	for _, c := range []struct {
		name string
		a    Action
		r    Resource
		want bool
	}{
		{"viewer", Administer, camera, false}, {"viewer", Administer, lang, false}, {"viewer", View, camera, true},
		{"keeper", Administer, camera, true}, {"keeper", Administer, house, false}, {"keeper", Administer, lang, true},
		{"keeper", Administer, vinh, false}, {"keeper", Administer, root, false}, {"keeper", View, camera, false}, {"keeper", List, camera, true},
		{"both", Administer, root, true}, {"both", Administer, vinh, true}, {"both", View, camera, true}, {"both", View, lang, false},
	} {
		if _, err := p.Decide(subject(t, p, c.name), c.a, c.r, now); (err == nil) != c.want {
			t.Errorf("%s %s %v: %v", c.name, c.a, c.r, err)
		}
	}
}
