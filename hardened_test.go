package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"matthan/auth"
)

// visit asks for one address of a gateway as a browser with an open eye would:
// no redirect is followed.
func (b *browser) visit(method, to string, header ...string) (*http.Response, string) {
	b.t.Helper()
	c := *b.client
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return (&browser{b.t, &c, b.origin}).do(method, to, "", "", header...)
}

// checkHardened says what an answer lacks that every answer must have.
func checkHardened(t *testing.T, what string, resp *http.Response) {
	t.Helper()
	h := resp.Header
	csp := h.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "base-uri 'none'", "form-action ", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types "} {
		if !strings.Contains(csp, want) {
			t.Errorf("%s: the policy lacks %s: %s", what, want, csp)
		}
	}
	if strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") || strings.Contains(csp, "http:") {
		t.Errorf("%s: the policy lets too much through: %s", what, csp)
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin"} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %s is %q", what, name, got)
		}
	}
	if kind := h.Get("Content-Type"); strings.HasPrefix(kind, "text/") && !strings.Contains(strings.ToLower(kind), "charset=utf-8") {
		t.Errorf("%s: its text is of %q", what, kind)
	}
	for _, feature := range []string{"camera=()", "microphone=()", "display-capture=()", "usb=()", "payment=()"} {
		if !strings.Contains(h.Get("Permissions-Policy"), feature) {
			t.Errorf("%s: Permissions-Policy lacks %s", what, feature)
		}
	}
}

// htmlRoutes are all ways to a page of HTML, right and wrong ones.
var htmlRoutes = []struct {
	method, path string
	status       int
}{
	{"GET", "/", 200},
	{"GET", "/index.html", 404},
	{"GET", "/owner/", 200},
	{"GET", "/owner", 308},
	{"GET", "/owner/x", 404},
	{"GET", "/guest/", 200},
	{"GET", rootPagePath, 200},
	{"GET", rootPagePath + "?lang=en", 200},
	{"GET", "/auth/login", 303},
	{"GET", "/auth/callback", 400},
	{"GET", "/auth/callback?state=x&code=y", 400},
	{"POST", "/auth/logout", 303},
	{"GET", "/id/login", 400},
	{"GET", "/id/login?id=x", 400},
	{"POST", "/id/login", 422},
	{"GET", "/id/link", 410},
	{"POST", "/id/link", 410},
	{"GET", "/id/link/x.y", 410},
	{"GET", "/id/authorize", 400},
	{"GET", "/id/authorize/callback?id=x", 400},
	{"GET", "/id/end_session", 302},
	{"GET", "/id/nothing", 404},
	{"GET", "/nothing", 404},
	{"GET", "//evil.example", 307}, // cleaned by the standard library's mux
	{"GET", "/api/v1/cameras", 401},
	{"GET", "/embed/", 404},
	{"GET", "/embed", 404},
	{"GET", "/api/v1/cameras/x/still", 401},
	{"GET", "/embed/no-such-portal/x", 404},
	{"POST", "/whep/a", 401},
	{"GET", "/ws", 400},
	{"GET", "/healthz", 200},
}

func TestEveryPageIsHardened(t *testing.T) {
	t.Parallel()
	origin, setUp := startPeople(t, nil)
	b := newBrowser(t, origin)
	for _, route := range htmlRoutes {
		resp, text := b.visit(route.method, route.path)
		if resp.StatusCode != route.status {
			t.Errorf("%s %s: %d %.200s", route.method, route.path, resp.StatusCode, text)
		}
		checkHardened(t, route.method+" "+route.path, resp)
		if got := resp.Header.Get("Strict-Transport-Security"); got != "" {
			t.Errorf("%s: a phone that loses our own root would be locked out: %s", route.path, got)
		}
	}
	// The pages that only a sign-in or a link leads to.
	resp, text := b.do("GET", setUp, "", "")
	if checkHardened(t, "the set-up page", resp); !strings.Contains(text, "<form") {
		t.Errorf("the set-up page: %d %s", resp.StatusCode, text)
	}
	resp, text = b.do("GET", "/auth/login", "", "")
	if checkHardened(t, "the sign-in page", resp); !strings.Contains(text, `type="password"`) {
		t.Errorf("the sign-in page: %d %s", resp.StatusCode, text)
	}
}

func TestThePageWithoutTLSIsHardened(t *testing.T) {
	t.Parallel()
	root := testCertificates(t, &Config{Data: t.TempDir()}).root()
	p := httpHandler(http.NotFoundHandler(), nil, "8443", root)
	cfg := defaultConfig()
	policy, err := auth.NewPolicy(nil)
	if err != nil {
		t.Fatal(err)
	}
	h := gateOf(cfg, policy, auth.NewLedger(nil, slog.New(slog.DiscardHandler)), nil).Guard(p)
	for _, path := range []string{"/", "/?lang=en", rootPagePath, rootPath, "/camera/1", "/api/v1/session"} {
		r, err := http.NewRequest("GET", "http://10.1.2.3:8080"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.RemoteAddr = "192.168.1.20:4711"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		checkHardened(t, path, w.Result())
	}
}

// A certificate that browsers trust by themselves binds them to https, on every
// answer.
func TestTheOperatorsOwnCertificateBringsHSTS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, err := openAuthority(dir, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.server([]string{"127.0.0.1"}, time.Now()); err != nil {
		t.Fatal(err)
	}
	origin, _ := startPeople(t, func(c *Config) {
		c.TLS = TLSConfig{filepath.Join(dir, "authority", "server.crt"), filepath.Join(dir, "authority", "server.key")}
	})
	b := newBrowser(t, origin)
	for _, path := range []string{"/", "/nothing", "/auth/login", "/api/v1/cameras", "/id/login", "/healthz"} {
		if resp, _ := b.visit("GET", path); resp.Header.Get("Strict-Transport-Security") != "max-age=31536000" {
			t.Errorf("%s: %q", path, resp.Header.Get("Strict-Transport-Security"))
		}
	}
	for _, path := range []string{rootPagePath, rootPath} {
		if resp, _ := b.visit("GET", path); resp.StatusCode != 404 {
			t.Errorf("%s: a root is offered that nobody needs: %d", path, resp.StatusCode)
		}
	}
}

// listed walks a whole sign-in and sign-out and notes every Set-Cookie.
type listed struct {
	http.RoundTripper
	cookies []*http.Cookie
}

func (l *listed) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := l.RoundTripper.RoundTrip(r)
	if err == nil {
		l.cookies = append(l.cookies, resp.Cookies()...)
	}
	return resp, err
}

func TestEveryCookieIsBoundToTheHostAndHiddenFromScripts(t *testing.T) {
	t.Parallel()
	origin, setUp := startPeople(t, nil)
	b := newBrowser(t, origin)
	seen := &listed{RoundTripper: b.client.Transport}
	b.client.Transport = seen
	b.do("GET", setUp, "", "")
	b.post("/id/link", url.Values{"name": {"Lê An"}, "login": {"an"}, "password": {password}, "again": {password}})
	b.signIn("an", "sai mat khau roi nhe")
	b.do("GET", "/auth/login?again", "", "")
	if resp, _ := b.signIn("an", password); resp.StatusCode != 200 || !b.known() {
		t.Fatalf("not signed in: %d", resp.StatusCode)
	}
	if resp, _ := b.post("/auth/logout", nil); resp.StatusCode != 200 || b.known() {
		t.Fatalf("not signed out: %d", resp.StatusCode)
	}
	got := map[string]bool{}
	for _, c := range seen.cookies {
		got[c.Name] = true
		if !strings.HasPrefix(c.Name, "__Host-") || c.Path != "/" || c.Domain != "" || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode && c.SameSite != http.SameSiteStrictMode {
			t.Errorf("%s", c.Raw)
		}
	}
	for _, name := range []string{auth.SessionCookie, "__Host-matthan-signin", "__Host-matthan-browser", "__Host-matthan-link", "__Host-matthan-device"} {
		if !got[name] {
			t.Errorf("the walk never met %s: %v", name, got)
		}
	}
	if len(got) != 5 {
		t.Errorf("a cookie that this test does not know: %v", got)
	}
}

// One page of another site, with the browser's cookies, at every route that
// changes anything.
func TestAnotherSitesPageChangesNothingAnywhere(t *testing.T) {
	t.Parallel()
	origin, setUp := startPeople(t, nil)
	b := newBrowser(t, origin)
	b.do("GET", setUp, "", "")
	b.post("/id/link", url.Values{"name": {"Lê An"}, "login": {"an"}, "password": {password}, "again": {password}})
	b.signIn("an", password)
	for _, route := range [][2]string{{"POST", "/auth/logout"}, {"POST", "/auth/backchannel"}, {"POST", "/id/login"}, {"POST", "/id/link"}, {"POST", "/id/oauth/token"},
		{"POST", "/id/end_session"}, {"PUT", "/api/v1/accounts/moi"}, {"PUT", "/api/v1/inventory/areas/x"}, {"DELETE", "/api/v1/inventory/areas/x"},
		{"POST", "/api/v1/inventory/import"}, {"POST", "/whep/x"}, {"PATCH", "/whep/x/y"}, {"DELETE", "/whep/x/y"}, {"POST", "/"}, {"POST", "/api/v1/anything"}} {
		for _, h := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
			if resp, text := b.visit(route[0], route[1], h...); resp.StatusCode != http.StatusForbidden {
				t.Errorf("%v from %v: %d %.100s", route, h, resp.StatusCode, text)
			}
		}
	}
	if !b.known() {
		t.Error("another site signed somebody out")
	}
	u, err := url.Parse(origin)
	if err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{"https://evil.example", "null", strings.Replace(origin, "https:", "http:", 1), origin + ".evil.example", origin + "0"} {
		d := websocket.Dialer{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, Jar: b.client.Jar}
		c, resp, err := d.Dial("wss://"+u.Host+"/ws", http.Header{"Origin": {from}})
		if err == nil {
			_ = c.Close()
		}
		if err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
			t.Errorf("a socket from %s: %v", from, err)
		}
	}
}

func TestRequestsOverTheirLimitAreToldWhenToComeBack(t *testing.T) {
	t.Parallel()
	origin, setUp := startPeople(t, func(c *Config) { c.Limits.RequestsPerPerson = 1 })
	b := newBrowser(t, origin)
	b.do("GET", setUp, "", "")
	b.post("/id/link", url.Values{"name": {"Lê An"}, "login": {"an"}, "password": {password}, "again": {password}})
	b.signIn("an", password)
	for range 10 * burstSeconds {
		resp, text := b.visit("GET", "/api/v1/cameras")
		if resp.StatusCode != http.StatusTooManyRequests {
			continue
		}
		if resp.Header.Get("Retry-After") == "" || resp.Header.Get("Content-Type") != "application/problem+json" || !strings.Contains(text, `"vi":`) {
			t.Errorf("%v %s", resp.Header, text)
		}
		if resp, _ := newBrowser(t, origin).visit("GET", "/api/v1/session"); resp.StatusCode != 200 {
			t.Errorf("others are refused too: %d", resp.StatusCode)
		}
		return
	}
	t.Error("nobody is ever refused")
}

// A connection over the bound is closed before anything is read of it: here it
// is one that speaks no TLS at all.
func TestConnectionsOverTheBoundAreRefused(t *testing.T) {
	t.Parallel()
	origin, _ := startPeople(t, func(c *Config) { c.Limits.Connections = 2 })
	host := strings.TrimPrefix(origin, "https://")
	var open []net.Conn
	for range 3 {
		c, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = c.Close() }()
		open = append(open, c)
	}
	_ = open[2].SetReadDeadline(time.Now().Add(patience))
	if _, err := open[2].Read(make([]byte, 1)); err != io.EOF && !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the third connection: %v", err)
	}
}

func TestOldAndWeakTLSIsRefused(t *testing.T) {
	t.Parallel()
	c := testCertificates(t, &Config{Data: t.TempDir()})
	pool := x509.NewCertPool()
	pool.AddCert(c.root())
	dial := func(change func(*tls.Config)) error {
		cfg := &tls.Config{RootCAs: pool, ServerName: "localhost", MaxVersion: tls.VersionTLS12}
		change(cfg)
		_, err := handshake(t, c, cfg)
		return err
	}
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		if suite.SupportedVersions[0] == tls.VersionTLS13 {
			continue
		}
		modern := strings.HasPrefix(suite.Name, "TLS_ECDHE_ECDSA_") && (strings.Contains(suite.Name, "_GCM_") || strings.Contains(suite.Name, "CHACHA20"))
		if err := dial(func(c *tls.Config) { c.CipherSuites = []uint16{suite.ID} }); (err == nil) != modern {
			t.Errorf("%s: %v", suite.Name, err)
		}
	}
	if err := dial(func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 }); err == nil {
		t.Error("TLS 1.1 is spoken")
	}
	if err := dial(func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS13, tls.VersionTLS13 }); err != nil {
		t.Errorf("TLS 1.3: %v", err)
	}
}

// What a browser is shown changes with the files, without a restart and while
// others stay connected.
func TestANewCertificateIsShownToTheNextHandshake(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), time.Now()
	file := TLSConfig{filepath.Join(dir, "authority", "server.crt"), filepath.Join(dir, "authority", "server.key")}
	a, err := openAuthority(dir, now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.server([]string{"first.example"}, now); err != nil {
		t.Fatal(err)
	}
	c := testCertificates(t, &Config{TLS: file})
	pool := x509.NewCertPool()
	pool.AddCert(a.root)
	trusts := func(name string) bool {
		_, err := handshake(t, c, &tls.Config{RootCAs: pool, ServerName: name})
		return err == nil
	}
	if !trusts("first.example") || trusts("second.example") {
		t.Fatal("the first certificate is not shown")
	}
	if _, err := a.server([]string{"second.example"}, now); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(file.CertificateFile, now, now.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if err := c.check(now); err != nil || trusts("first.example") || !trusts("second.example") {
		t.Errorf("the second certificate is not shown: %v", err)
	}
}
