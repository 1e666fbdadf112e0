package auth

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestSessionSecretsAreNotKept(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var sealedFor string
	secret, s, err := h.SignIn(t.Context(), Arrival{
		Claims: claims("an", "lang", Viewer), UserAgent: "<script>Chrome/ Android\r\n",
		Seal: func(key string) ([]byte, error) { sealedFor = key; return []byte("sealed"), nil },
	}, now)
	if err != nil || len(secret) != 43 {
		t.Fatalf("SignIn: a secret of %d letters, %v", len(secret), err)
	}
	if sealedFor != s.Session() {
		t.Errorf("sealed for %q, the session is %q", sealedFor, s.Session())
	}
	stored, err := json.Marshal([]any{h.tables.Sessions.All(), h.tables.People.All()})
	if err != nil || strings.Contains(string(stored), secret) || !strings.Contains(string(stored), "Chrome, Android") || strings.Contains(string(stored), "script") {
		t.Errorf("stored %s, %v", stored, err)
	}
	if got, err := h.Session(s, now); err != nil || string(got.Sealed) != "sealed" {
		t.Errorf("Session: %v, %v", got, err)
	}
	if err := h.Refresh(t.Context(), s, claims("an", "lang", Viewer), func(string) ([]byte, error) { return []byte("newer"), nil }, now); err != nil {
		t.Fatal(err)
	}
	if got, _ := h.Session(s, now); string(got.Sealed) != "newer" {
		t.Errorf("after a refresh: %s", got.Sealed)
	}
	if err := h.Refresh(t.Context(), s, claims("binh", "lang", Administrator), nil, now); !errors.Is(err, ErrFaulty) {
		t.Errorf("the provider answered for somebody else: %v", err)
	}
	_, _, err = h.SignIn(t.Context(), Arrival{Claims: claims("an", "lang", Viewer), Seal: func(string) ([]byte, error) { return make([]byte, maxSealed+1), nil }}, now)
	if !errors.Is(err, ErrFaulty) {
		t.Errorf("much to seal: %v", err)
	}
}

func TestOldestSessionEnds(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var subjects []Subject
	for i := range MaxSessions + 2 {
		_, s := h.enter(claims("an", "lang", Viewer), now.Add(time.Duration(i)*time.Second))
		subjects = append(subjects, s)
	}
	h.subject("binh", "lang", Viewer)
	at := now.Add(time.Minute)
	for i, s := range subjects {
		_, err := h.Decide(s, Connect, Resource{}, at)
		if gone := i < 2; gone != errors.Is(err, ErrUnauthenticated) {
			t.Errorf("session %d: %v", i, err)
		}
	}
}

func TestManySignInsAtOnceKeepTheBound(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if _, _, err := h.SignIn(context.Background(), Arrival{Claims: claims("an", "lang", Viewer)}, now); err != nil && !errors.Is(err, ErrConflict) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := len(h.tables.Sessions.All()); n == 0 || n > MaxSessions {
		t.Errorf("%d sessions", n)
	}
}

func TestLostPhoneIsSignedOutFromAnother(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	lost, kept, thief := h.subject("an", "lang", Viewer), h.subject("an", "lang", Viewer), h.subject("binh", "lang", Viewer)
	own, err := h.Sessions(kept, kept.ID, now)
	if err != nil || len(own) != 2 || own[0].Value.Sealed != nil || !slices.ContainsFunc(own, func(r Row[Session]) bool { return r.Key == lost.Session() }) {
		t.Fatalf("Sessions: %v, %v", own, err)
	}
	if err := h.End(t.Context(), thief, kept.Session(), now); !errors.Is(err, ErrUnknown) {
		t.Errorf("a stranger ends a session: %v", err)
	}
	if _, err := h.Sessions(thief, kept.ID, now); !errors.Is(err, ErrDenied) {
		t.Errorf("a stranger lists sessions: %v", err)
	}
	if err := h.End(t.Context(), kept, lost.Session(), now); err != nil {
		t.Fatal(err)
	}
	h.want(lost, View, "public-lang", now, ErrUnauthenticated)
	h.want(kept, View, "public-lang", now, nil)
	if err := h.Touch(t.Context(), lost, now.Add(2*time.Minute)); !errors.Is(err, ErrUnauthenticated) || len(h.tables.Sessions.All()) != 2 {
		t.Errorf("Touch brings back what has ended: %v", err)
	}
}

// TestCareEndsAtTheBoundary: who may sign others out, block and unblock them.
func TestCareEndsAtTheBoundary(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h := newHouse(t)
	an := h.subject("an", "block", Viewer)
	homeless := h.subject("nobody", "", Viewer)
	ward, city := h.subject("ward", "lang", Supervisor), h.subject("city", "city", Administrator)
	beside, auditor := h.subject("beside", "vinh", Supervisor, Administrator), h.subject("auditor", "all", Auditor)
	const why = "the phone was stolen"
	for _, s := range []Subject{beside, auditor, an} {
		if err := h.Block(ctx, s, an.ID, why, now); err == nil {
			t.Errorf("%s blocks", s.Name)
		}
		if _, err := h.EndAll(ctx, s, homeless.ID, now); !errors.Is(err, ErrDenied) {
			t.Errorf("%s signs out a person of no area: %v", s.Name, err)
		}
	}
	if err := h.Block(ctx, ward, an.ID, "short", now); !errors.Is(err, ErrFaulty) {
		t.Errorf("without a reason: %v", err)
	}
	if _, err := h.EndAll(ctx, city, h.subject("moved", "abolished", Viewer).ID, now); !errors.Is(err, ErrDenied) {
		t.Errorf("a person of an area that is gone: %v", err)
	}
	if n, err := h.EndAll(ctx, ward, an.ID, now); n != 1 || err != nil {
		t.Errorf("EndAll: %d, %v", n, err)
	}
	h.subject("an", "block", Viewer)
	if err := h.Block(ctx, ward, an.ID, why, now); err != nil {
		t.Fatal(err)
	}
	if n := len(h.tables.Sessions.All()); n != 6 {
		t.Errorf("%d sessions, want all but the blocked one", n)
	}
	if own, err := h.Sessions(city, an.ID, now); err != nil || len(own) != 0 {
		t.Errorf("sessions of a blocked person: %v, %v", own, err)
	}
	// A block wins over the provider, and over every role.
	if _, _, err := h.SignIn(ctx, Arrival{Claims: claims("an", "all", allRoles...)}, now); !errors.Is(err, ErrBlocked) {
		t.Errorf("blocked, and signs in: %v", err)
	}
	if err := h.Unblock(ctx, city, an.ID, now); !errors.Is(err, ErrDenied) { // now of the whole tree, by the claims
		t.Errorf("Unblock beyond one's areas: %v", err)
	}
	chief := h.subject("chief", "all", Administrator)
	if err := h.Unblock(ctx, chief, an.ID, now); err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.SignIn(ctx, Arrival{Claims: claims("an", "lang", Viewer)}, now); err != nil {
		t.Errorf("unblocked: %v", err)
	}
	if err := h.Block(ctx, chief, "nobody-at-all", why, now); !errors.Is(err, ErrUnknown) {
		t.Errorf("an unknown person: %v", err)
	}
}

func TestRefreshWithoutRoleEndsAllDevices(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	phone, desk := h.subject("an", "lang", Viewer), h.subject("an", "lang", Viewer)
	changed := h.Changed()
	if err := h.Refresh(t.Context(), phone, claims("an", "lang"), nil, now); !errors.Is(err, ErrNoRole) {
		t.Fatalf("Refresh: %v", err)
	}
	h.fired(changed)
	h.want(desk, View, "public-lang", now, ErrUnauthenticated)
	if n := len(h.tables.Sessions.All()); n != 0 {
		t.Errorf("%d sessions stay", n)
	}
}

func TestProviderEndsOnlyWhatItNames(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, sid := range []string{"1", "2", ""} {
		if _, _, err := h.SignIn(t.Context(), Arrival{Claims: claims("an", "lang", Viewer), SID: sid}, now); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		issuer, sid, subject string
		want                 int
	}{{issuer, "", "", 0}, {"", "1", "an", 0}, {"https://other.example", "1", "", 0}, {"https://other.example", "", "an", 0}, {issuer, "1", "binh", 0}, {issuer, "1", "an", 1}, {issuer, "", "an", 2}} {
		if n, err := h.EndByProvider(t.Context(), tt.issuer, tt.sid, tt.subject); n != tt.want || err != nil {
			t.Errorf("%+v: %d, %v", tt, n, err)
		}
	}
}

func TestSweepTakesOnlyWhatIsOver(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.subject("an", "lang", Viewer)
	h.put("over", Grant{Until: now})
	h.put("running", Grant{Until: now.Add(26 * time.Hour)})
	h.put("standing", Grant{})
	if _, err := h.tables.Requests.Put(t.Context(), "r", Request{Asked: now}, 0); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		after                      time.Duration
		sessions, grants, requests int
	}{{0, 1, 3, 1}, {SessionIdle, 0, 3, 1}, {25 * time.Hour, 0, 2, 1}, {8 * 24 * time.Hour, 0, 1, 0}} {
		if err := h.Sweep(t.Context(), now.Add(tt.after)); err != nil {
			t.Fatal(err)
		}
		if s, g, r := len(h.tables.Sessions.All()), len(h.tables.Grants.All()), len(h.tables.Requests.All()); s != tt.sessions || g != tt.grants || r != tt.requests {
			t.Errorf("after %v: %d %d %d", tt.after, s, g, r)
		}
	}
}

func TestCookieIsTakenOnce(t *testing.T) {
	t.Parallel()
	for want, header := range map[string]string{
		"abc": SessionCookie + "=abc; other=1",
		"":    SessionCookie + "=a; " + SessionCookie + "=b",
	} {
		r := &http.Request{Header: http.Header{"Cookie": {header}}}
		if got := Cookie(r); got != want {
			t.Errorf("%s: %q", header, got)
		}
	}
	if got := NewCookie("s", now).String(); got != SessionCookie+"=s; Path=/; Expires=Mon, 23 Nov 2026 08:00:00 GMT; HttpOnly; Secure; SameSite=Lax" {
		t.Errorf("set: %s", got)
	}
	if got := NewCookie("", now).String(); !strings.Contains(got, "Max-Age=0") {
		t.Errorf("taken away: %s", got)
	}
}

func TestDeviceIsNamedToItsOwner(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36":                   "Chrome, Android",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1": "Safari, iPhone",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) coc_coc_browser/126.0.0 Chrome/120.0.0.0 Safari/537.36": "Cốc Cốc, Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0":           "Edge, Windows",
		"Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0":                                                                  "Firefox, Linux",
		"": "Browser, unknown system", strings.Repeat("x", 1<<20) + "Chrome/": "Browser, unknown system",
	} {
		if got := Device(agent); got != want {
			t.Errorf("%.80s: %s, want %s", agent, got, want)
		}
	}
}

func TestMemoryRefusesLateChanges(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	m := NewMemory[int]()
	changed := m.Changed()
	first, err := m.Put(ctx, "a", 1, 0)
	if err != nil || first == 0 || !closed(changed) {
		t.Fatalf("Put: %d, %v", first, err)
	}
	second, err := m.Put(ctx, "a", 2, first)
	if err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"there is one":  last(m.Put(ctx, "a", 3, 0)),
		"older":         last(m.Put(ctx, "a", 3, first)),
		"gone":          last(m.Put(ctx, "b", 3, 1)),
		"delete older":  m.Delete(ctx, "a", first),
		"delete a gone": m.Delete(ctx, "b", 0),
	} {
		if !errors.Is(err, ErrConflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if v, revision, ok := m.Get("a"); v != 2 || revision != second || !ok || m.Delete(ctx, "a", second) != nil || len(m.All()) != 0 {
		t.Errorf("Get: %d, %d, %v", v, revision, ok)
	}
}

func last(_ uint64, err error) error { return err }

func TestTouchWritesOnceAMinuteAndWakesNobodyUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.subject("an", "lang", Viewer)
	revision := func() uint64 { _, r, _ := h.tables.Sessions.Get(s.session); return r }
	first := revision()
	if err := h.Touch(t.Context(), s, now.Add(touchEvery-1)); err != nil || revision() != first {
		t.Errorf("within a minute: written, or %v", err)
	}
	if err := h.Touch(t.Context(), s, now.Add(touchEvery)); err != nil || revision() == first {
		t.Errorf("after a minute: not written, or %v", err)
	}
	first = revision()
	if err := h.Touch(t.Context(), s, now.Add(touchEvery+SessionIdle)); !errors.Is(err, ErrUnauthenticated) || revision() != first {
		t.Errorf("an idle session is back: %v", err)
	}
}
