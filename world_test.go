package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/onvif"
)

// A gateway with two wards, a camera of each kind in both, and everybody who
// may come: the ground of the tests that look at all routes.

// areaToken may look at the ward Láng, cameraToken at one camera of the ward
// Vinh, oldToken at nothing any more.
const (
	areaToken   = "token-of-the-ward-of-lang"
	cameraToken = "token-of-one-camera-only"
	oldToken    = "token-that-has-expired"
	wrongToken  = "token-that-nobody-ever-gave"
	canary      = "canary-of-a-camera" // every camera's password
)

var kinds = []gateway.Kind{gateway.Public, gateway.Household, gateway.Office, gateway.Institution}

// caller is somebody who asks: by a token, or with a browser's cookies.
type caller struct {
	name, token string
	fresh       func() string // another token, for a socket; nil: the same
	browser     *browser
}

// world is the gateway and its callers, in the order in which they are made.
type world struct {
	t        testing.TB
	origin   string
	patterns []string
	callers  []caller
	keys     map[string]string // of people by name, and of what is theirs; see learn
	tables   auth.Tables
}

// newWorld makes the gateway with its cameras, and the callers with a token.
func newWorld(t testing.TB) *world {
	t.Helper()
	return newWorldWith(t, func(*Config) {})
}

// newWorldWith is newWorld with another configuration.
func newWorldWith(t testing.TB, change func(*Config)) *world {
	t.Helper()
	var setUp string
	w := &world{t: t}
	origin, where := startSecure(t, func(c *Config) {
		c.Emergency = true
		c.Transcode.Most = -1                                                   // so that all is the same with ffmpeg and without
		c.Reach.Networks = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} // whatever addresses are made up, nothing else is called
		c.Map.File = mapOfOneTile(t, 2)
		c.search = onvif.Search{To: []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:9")}, Wait: time.Millisecond} // nobody answers
		c.prepare = func(_ context.Context, s *signIn) error { w.tables = s.tables; return nil }
		c.Limits.RequestsPerPerson, c.Limits.RequestsPerAddress = 10_000, 10_000 // these callers ask for everything at once
		for _, tok := range []auth.Token{
			{Name: "old", Areas: []string{auth.AllAreas}, Expires: time.Now().Add(-time.Hour)},
			{Name: "area", Areas: []string{"lang"}},
			{Name: "camera", Cameras: []string{"vinh-household"}},
			{Name: "all", Areas: []string{auth.AllAreas}, Kinds: []string{"public", "household", "office", "institution"}, Actions: []auth.Action{auth.View, auth.Administer}},
		} {
			text := map[string]string{"old": oldToken, "area": areaToken, "camera": cameraToken, "all": adminToken}[tok.Name]
			secret, err := auth.NewSecret(text)
			if err != nil {
				t.Fatal(err)
			}
			tok.Secret = secret
			c.Tokens = append(c.Tokens, tok)
		}
		change(c)
	})
	w.origin, w.patterns, setUp = origin, where.Patterns, where.SetUp
	for _, c := range []caller{{name: "nobody"}, {name: "wrong", token: wrongToken}, {name: "old", token: oldToken}, {name: "area", token: areaToken},
		{name: "camera", token: cameraToken}, {name: "all", token: adminToken}} {
		c.browser = newBrowser(t, origin)
		w.callers = append(w.callers, c)
	}
	// The API's patterns have no method; its description has them.
	for _, op := range readDescription(t, w).operations() {
		switch pattern := op.method + " " + op.path; {
		case slices.Contains(w.patterns, pattern):
		case slices.Contains(w.patterns, op.path):
			w.patterns = append(w.patterns, pattern)
		default:
			t.Errorf("%s is described and not served", pattern)
		}
	}
	w.fill()
	w.arrive("first", func(b *browser) {
		b.do("GET", setUp, "", "")
		form := url.Values{"name": {"Trần Thị Bình"}, "login": {"first"}, "password": {password}, "again": {password}}
		if resp, text := b.post("/id/link", form); resp.StatusCode != http.StatusOK {
			t.Fatalf("%d %s", resp.StatusCode, text)
		}
		b.signIn("first", password)
	})
	return w
}

// fill makes the wards and their cameras.
func (w *world) fill() {
	w.t.Helper()
	all := w.caller("all")
	for _, area := range []string{"lang", "vinh"} {
		w.must(all, "PUT", "/api/v1/inventory/areas/"+area, fmt.Sprintf(`{"name":"Phường %s"}`, area), http.StatusNoContent)
		for _, kind := range kinds {
			id := area + "-" + string(kind)
			w.must(all, "PUT", "/api/v1/inventory/cameras/"+id, worldCamera(area, kind), http.StatusNoContent)
		}
	}
}

// worldCamera is a camera that gives no picture.
func worldCamera(area string, kind gateway.Kind) string {
	return fmt.Sprintf(`{"name":"Ngã tư","area":%q,"kind":%q,"main":"rtsp://127.0.0.1:1/%[1]s-%[2]s","user":"viewer","password":%[3]q}`, area, kind, canary)
}

// arrive adds a caller who signs in.
func (w *world) arrive(name string, signIn func(*browser)) {
	w.t.Helper()
	b := newBrowser(w.t, w.origin)
	signIn(b)
	if !b.known() {
		w.t.Fatalf("%s is not signed in", name)
	}
	w.callers = append(w.callers, caller{name: name, browser: b})
}

// invite adds a person with a role for some areas.
func (w *world) invite(name, role string, areas ...string) {
	w.t.Helper()
	body, err := json.Marshal(map[string]any{"name": name, "roles": []string{role}, "areas": areas})
	if err != nil {
		w.t.Fatal(err)
	}
	w.arrive(name, func(b *browser) { b.invited(w.caller("first").browser, name, string(body)) })
}

// caller finds one by name.
func (w *world) caller(name string) caller {
	w.t.Helper()
	i := slices.IndexFunc(w.callers, func(c caller) bool { return c.name == name })
	if i < 0 {
		w.t.Fatalf("there is no caller %s", name)
	}
	return w.callers[i]
}

// must asks for something new and checks the status.
func (w *world) must(c caller, method, path, body string, want int) string {
	w.t.Helper()
	got := c.ask(w.t, method, path, body, "If-None-Match", "*")
	if got.status != want {
		w.t.Fatalf("%s %s as %s: %d %s", method, path, c.name, got.status, got.body)
	}
	return got.body
}

// reply is an answer.
type reply struct {
	status int
	header http.Header
	body   string
}

// String is everything but the date.
func (h reply) String() string {
	var b strings.Builder
	fmt.Fprintln(&b, h.status)
	header := h.header.Clone()
	header.Del("Date")
	_ = header.Write(&b) // to memory: cannot fail, and sorted
	b.WriteString(h.body)
	return b.String()
}

// ask sends one request and follows no redirect. A body is JSON where the
// header names no other type.
func (c caller) ask(t testing.TB, method, to, body string, header ...string) reply {
	t.Helper()
	if strings.HasPrefix(to, "/") {
		to = c.browser.origin + to
	}
	req, err := http.NewRequestWithContext(t.Context(), method, to, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	for _, cookie := range c.browser.client.Jar.Cookies(req.URL) {
		req.AddCookie(cookie)
	}
	resp, err := c.browser.client.Transport.RoundTrip(req)
	if err != nil {
		t.Fatalf("%s %.200s: %v", method, to, err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s %.200s: %v", method, to, err)
	}
	return reply{resp.StatusCode, resp.Header, string(text)}
}
