package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"matthan/gateway/simulate"
	"matthan/signaling"
)

// People sign in, with the embedded provider, as with browsers.

const password = "mat khau rat dai cua toi"

// browser keeps cookies and follows redirects.
type browser struct {
	t      testing.TB
	client *http.Client
	origin string
}

func newBrowser(t testing.TB, origin string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	tr := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	t.Cleanup(tr.CloseIdleConnections)
	return &browser{t, &http.Client{Jar: jar, Transport: tr, Timeout: patience}, origin}
}

func (b *browser) do(method, to, kind, body string, header ...string) (*http.Response, string) {
	b.t.Helper()
	if strings.HasPrefix(to, "/") {
		to = b.origin + to
	}
	req, err := http.NewRequestWithContext(b.t.Context(), method, to, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp, string(text)
}

func (b *browser) post(to string, form url.Values) (*http.Response, string) {
	b.t.Helper()
	return b.do("POST", to, "application/x-www-form-urlencoded", form.Encode())
}

var hiddenID = regexp.MustCompile(`name="id" value="([^"]+)"`)

// signIn goes from the gateway's page to the provider's and back.
func (b *browser) signIn(login, password string) (*http.Response, string) {
	b.t.Helper()
	resp, text := b.do("GET", "/auth/login", "", "")
	m := hiddenID.FindStringSubmatch(text)
	if m == nil {
		b.t.Fatalf("no login page: %d %s", resp.StatusCode, text)
	}
	return b.post(resp.Request.URL.String(), url.Values{"id": {m[1]}, "lang": {"vi"}, "login": {login}, "password": {password}})
}

// invited gets an account from an administrator, sets its password by the link,
// and signs in.
func (b *browser) invited(admin *browser, login, body string) {
	b.t.Helper()
	resp, text := admin.do("PUT", "/api/v1/accounts/"+login, "application/json", body)
	var doc struct{ Link string }
	if err := json.Unmarshal([]byte(text), &doc); err != nil || resp.StatusCode != http.StatusCreated {
		b.t.Fatalf("%d %s", resp.StatusCode, text)
	}
	b.do("GET", doc.Link, "", "")
	if resp, text := b.post("/id/link", url.Values{"name": {login}, "login": {login}, "password": {password}, "again": {password}}); resp.StatusCode != 200 {
		b.t.Fatalf("%d %s", resp.StatusCode, text)
	}
	if resp, text := b.signIn(login, password); resp.StatusCode != 200 || !b.known() {
		b.t.Fatalf("%d %s", resp.StatusCode, text)
	}
}

func (b *browser) known() bool {
	b.t.Helper()
	_, text := b.do("GET", "/api/v1/session", "", "")
	return strings.Contains(text, `"known":true`) && strings.Contains(text, `"person":true`)
}

// startPeople starts a gateway over TLS without any configuration of rights,
// and gives its origin and its set-up link.
func startPeople(t testing.TB, change func(*Config)) (origin, setUp string) {
	t.Helper()
	origin, w := startSecure(t, change)
	return origin, w.SetUp
}

// startSecure starts a gateway over TLS and gives its origin.
func startSecure(t testing.TB, change func(*Config)) (origin string, where listening) {
	t.Helper()
	cfg := defaultConfig()
	cfg.HTTP, cfg.HTTPS, cfg.Data = "", "127.0.0.1:0", t.TempDir()
	cfg.Audit.Reserve = 16 << 20
	cfg.WebRTC = WebRTCConfig{UDP: "127.0.0.1:0"}
	if change != nil {
		change(cfg)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ready := make(chan listening, 1)
	ended := make(chan error, 1)
	go func() {
		ended <- serve(ctx, cfg, slog.New(slog.DiscardHandler), func(w listening) { ready <- w })
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the gateway ended: %v", err)
		}
	})
	select {
	case w := <-ready:
		return originOf(cfg, w), w
	case err := <-ended:
		ended <- err
		t.Fatalf("the gateway did not start: %v", err)
	}
	return "", listening{}
}

func TestAFreshStartLeadsToAccountsAndACamera(t *testing.T) {
	t.Parallel()
	cameras, err := simulate.Start(simulate.Options{Cameras: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cameras.Close(); _ = cameras.Wait() })
	origin, setUp := startPeople(t, nil)
	if !strings.HasPrefix(setUp, origin+"/id/") {
		t.Fatalf("the set-up link is %q at %s", setUp, origin)
	}
	admin := newBrowser(t, origin)
	if resp, text := admin.do("GET", setUp, "", ""); resp.StatusCode != 200 {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	form := url.Values{"name": {"Trần Thị Bình"}, "login": {"binh"}, "password": {password}, "again": {password}}
	if resp, text := admin.post("/id/link", form); resp.StatusCode != 200 {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	if admin.known() {
		t.Error("somebody is signed in who never did")
	}
	if resp, _ := admin.signIn("binh", "sai mat khau roi nhe"); resp.StatusCode == 200 || admin.known() {
		t.Errorf("a wrong password lets in: %d", resp.StatusCode)
	}
	admin = newBrowser(t, origin)
	if resp, text := admin.signIn("Binh", password); resp.StatusCode != 200 || !admin.known() {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	for path, body := range map[string]string{"areas/lang": `{"name":"Phường Láng"}`} {
		if resp, text := admin.do("PUT", "/api/v1/inventory/"+path, "application/json", body, "If-None-Match", "*"); resp.StatusCode != http.StatusNoContent {
			t.Fatalf("%s: %d %s", path, resp.StatusCode, text)
		}
	}
	body := `{"name":"Ngã tư","area":"lang","kind":"public","main":"` + cameras.URL(0, simulate.Main) + `"}`
	if resp, text := admin.do("PUT", "/api/v1/inventory/cameras/nga-tu", "application/json", body, "If-None-Match", "*"); resp.StatusCode != http.StatusNoContent {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	if resp, text := admin.do("GET", "/api/v1/cameras", "", ""); resp.StatusCode != 200 || !strings.Contains(text, "nga-tu") {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	// The page of a stranger's site sends the cookie too; it gets nothing.
	for _, h := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}} {
		if resp, _ := admin.do("DELETE", "/api/v1/inventory/areas/lang", "", "", append(h, "If-Match", `"1"`)...); resp.StatusCode != http.StatusForbidden {
			t.Errorf("%v: %d", h, resp.StatusCode)
		}
	}
	officer := newBrowser(t, origin)
	officer.invited(admin, "an", `{"name":"Lê An","roles":["viewer"],"areas":["lang"]}`)
	stranger := newBrowser(t, origin)
	if resp, text := admin.do("PUT", "/api/v1/inventory/areas/vinh", "application/json", `{"name":"Vinh"}`, "If-None-Match", "*"); resp.StatusCode != http.StatusNoContent {
		t.Fatal(text)
	}
	stranger.invited(admin, "vinh", `{"name":"Hồ Vinh","roles":["viewer","administrator"],"areas":["vinh"]}`)
	if resp, text := officer.do("GET", "/api/v1/cameras", "", ""); !strings.Contains(text, "nga-tu") {
		t.Fatalf("the officer of the area sees no camera: %d %s", resp.StatusCode, text)
	}
	there, one := stranger.do("GET", "/api/v1/cameras/nga-tu", "", "")
	none, other := stranger.do("GET", "/api/v1/cameras/khong-co", "", "")
	if there.StatusCode != 404 || none.StatusCode != 404 || one != other {
		t.Errorf("a stranger learns of the camera: %s, %s", one, other)
	}
	// Nobody makes accounts beyond what they administer, nor changes such ones.
	for login, body := range map[string]string{"moi": `{"name":"x","roles":["viewer"],"areas":["lang"]}`, "moi2": `{"name":"x","roles":["viewer"],"areas":[]}`, "an": `{"name":"x","roles":[],"areas":["vinh"]}`} {
		if resp, _ := stranger.do("PUT", "/api/v1/accounts/"+login, "application/json", body); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s %s: %d", login, body, resp.StatusCode)
		}
	}
	// Nor do they give rights to themselves, or shut themselves out.
	for _, body := range []string{`{"name":"Hồ Vinh","roles":["viewer","administrator","supervisor"],"areas":["vinh"]}`, `{"name":"Hồ Vinh","roles":["viewer","administrator"],"areas":["vinh"],"disabled":true}`} {
		if resp, text := stranger.do("PUT", "/api/v1/accounts/vinh", "application/json", body); resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, "own_rights") {
			t.Errorf("%s: %d %s", body, resp.StatusCode, text)
		}
	}
	if resp, text := stranger.do("PUT", "/api/v1/accounts/vinh", "application/json", `{"name":"Hồ Văn Vinh","roles":["viewer","administrator"],"areas":["vinh"]}`); resp.StatusCode != http.StatusNoContent {
		t.Errorf("one's own name: %d %s", resp.StatusCode, text)
	}
	// A role that is taken ends what it gave at once.
	began := time.Now()
	if resp, text := admin.do("PUT", "/api/v1/accounts/an", "application/json", `{"name":"Lê An","roles":["viewer"],"areas":["lang"],"disabled":true}`); resp.StatusCode != http.StatusNoContent {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	if officer.known() {
		t.Error("a disabled account's session goes on")
	}
	t.Logf("from disabling an account to the end of its session: %v", time.Since(began))
	ws := admin.socket()
	if kind := ws(); kind != signaling.TypeWelcome {
		t.Fatalf("the socket says %s", kind)
	}
	// Signing out ends it all at once.
	if resp, _ := admin.post("/auth/logout", nil); resp.StatusCode != 200 || admin.known() {
		t.Errorf("signed out: %d, still known %v", resp.StatusCode, admin.known())
	}
	for range 10 {
		if kind := ws(); kind == "closed" || kind == signaling.TypeBye {
			return
		}
	}
	t.Error("the socket of a session that has ended stays open")
}

// socket opens the WebSocket with the browser's cookies and gives what reads
// the next message's type.
func (b *browser) socket() func() string {
	b.t.Helper()
	c := b.dial()
	if err := c.WriteJSON(signaling.Hello{Type: signaling.TypeHello, Version: signaling.Version}); err != nil {
		b.t.Fatal(err)
	}
	return func() string {
		_ = c.SetReadDeadline(time.Now().Add(patience))
		var m struct{ Type string }
		if err := c.ReadJSON(&m); err != nil {
			return "closed"
		}
		return m.Type
	}
}

func TestASetUpLinkIsMadeOnlyWhileThereIsNoAccount(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	same := func(c *Config) { c.Data = dir }
	t.Run("first", func(t *testing.T) {
		origin, setUp := startPeople(t, same)
		b := newBrowser(t, origin)
		b.do("GET", setUp, "", "")
		if resp, text := b.post("/id/link", url.Values{"name": {"A"}, "login": {"an"}, "password": {password}, "again": {password}}); resp.StatusCode != 200 || !strings.Contains(text, `href="`+origin+signInPath+`"`) {
			t.Fatalf("%d %s", resp.StatusCode, text) // the way on is the sign-in, not a page that asks for it
		}
	})
	t.Run("again", func(t *testing.T) {
		origin, setUp := startPeople(t, same)
		if setUp != "" {
			t.Error("a second set-up link is made")
		}
		b := newBrowser(t, origin)
		if resp, _ := b.signIn("an", password); resp.StatusCode != 200 || !b.known() {
			t.Errorf("the account did not outlast the start: %d", resp.StatusCode)
		}
	})
}
