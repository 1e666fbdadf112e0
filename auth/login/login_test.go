package login

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/auth/provider"
)

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c := s.browser()
	id := s.form(c, "/?camera=c1")
	wrong := s.send(c, id, "sai mật khẩu rồi")
	if wrong.code != 401 || !strings.Contains(wrong.body, `value="canbo"`) || !strings.Contains(wrong.body, `id="wrong"`) {
		t.Errorf("a wrong password: %d %s", wrong.code, wrong.body)
	}
	v := s.signIn(c)
	if v.Issuer != gateway+"/id" || v.Subject != "u1" || v.Name != "Nguyễn Văn An" || v.SID == "" || v.At.IsZero() || v.Refresh == "" ||
		!slices.Equal(v.Roles, []string{"officer"}) || !slices.Equal(v.Areas, []string{"lang"}) || !slices.Equal(v.Groups, []string{"shift-1"}) {
		t.Errorf("session: %+v", v.Identity)
	}
	out := s.post(c, gateway+logoutPath, nil, "Origin", gateway)
	if out.code != 200 || out.url.String() != gateway+"/" || s.sessions.why[v.ID] != "signed out" {
		t.Errorf("logout: %d at %s, %q", out.code, out.url, s.sessions.why[v.ID])
	}
	if a, _ := s.accounts.BySubject(t.Context(), "u1"); len(a.Families) != 0 {
		t.Error("the sign-in outlived the logout at the provider")
	}
	if n := len(c.Jar.Cookies(&url.URL{Scheme: "https", Host: "gateway.example:8443", Path: "/"})); n != 2 { // the provider's of this browser, and of this device
		t.Errorf("%d cookies are left", n)
	}
}

// The same over a real socket and TLS, as a browser comes.
func TestSignInOverTLS(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	server := httptest.NewTLSServer(mux)
	t.Cleanup(server.Close)
	s := newSite(t)
	p, err := provider.New(provider.Config{Issuer: server.URL + "/id", ClientID: "matthan", ClientSecret: "a-secret-of-this-test",
		RedirectURI: server.URL + callbackPath, AfterLogout: server.URL + "/", Key: s.key, Accounts: s.accounts})
	if err != nil {
		t.Fatal(err)
	}
	l, err := New(Config{Issuer: server.URL + "/id", ClientID: "matthan", ClientSecret: "a-secret-of-this-test", RedirectURL: server.URL + callbackPath,
		Rules: Embedded(), Sessions: s.sessions, Transport: server.Client().Transport})
	if err != nil {
		t.Fatal(err)
	}
	l.Routes(mux)
	mux.Handle("/id/", p)
	c := s.browser()
	c.Transport = server.Client().Transport
	m := idField.FindStringSubmatch(s.get(c, server.URL+beginPath).body)
	if m == nil {
		t.Fatal("no sign-in page")
	}
	s.post(c, server.URL+"/id/login", url.Values{"id": {m[1]}, "login": {" CANBO "}, "password": {password}})
	v := s.sessions.only(t)
	if err := l.Refresh(t.Context(), v.ID); err != nil || s.sessions.only(t).Refresh == v.Refresh {
		t.Errorf("refresh: %v", err)
	}
}

// An attacker begins a sign-in, has an officer log in at its page, and picks up
// what came of it.
func TestLoginPageCannotBeHijacked(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	attacker, officer := s.browser(), s.browser()
	id := s.form(attacker, "/")
	if p := s.get(officer, gateway+"/id/login?id="+id); p.code != 400 || idField.MatchString(p.body) {
		t.Errorf("the officer is shown the attacker's page: %d", p.code)
	}
	if p := s.send(officer, id, password); p.code != 400 {
		t.Errorf("the officer's password was taken for the attacker's sign-in: %d", p.code)
	}
	s.form(officer, "/") // has a cookie of its own now
	if p := s.send(officer, id, password); p.code != 400 {
		t.Errorf("with a cookie of its own: %d", p.code)
	}
	if p := s.get(attacker, gateway+"/id/authorize/callback?id="+id); p.code == 200 && strings.HasPrefix(p.body, "home") || len(s.sessions.all) != 0 {
		t.Fatalf("the attacker is in: %d %s", p.code, p.body)
	}
	// The same steps in one browser work: it is the browser that makes the difference.
	id = s.form(attacker, "/")
	stopAt(attacker, "/id/authorize/callback")
	s.send(attacker, id, password)
	attacker.CheckRedirect = nil
	if p := s.get(attacker, gateway+"/id/authorize/callback?id="+id); p.body != "home /" {
		t.Fatalf("control: %d %s", p.code, p.body)
	}
}

// An attacker signs in and has an officer open the answer, so that the officer
// works in the attacker's session.
func TestAnswerIsRefusedInAnotherBrowser(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	attacker, officer := s.browser(), s.browser()
	answer := s.answerURL(attacker)
	if p := s.get(officer, answer); p.code != 400 {
		t.Errorf("without a cookie: %d", p.code)
	}
	s.form(officer, "/")
	if p := s.get(officer, answer); p.code != 400 || len(s.sessions.all) != 0 {
		t.Errorf("with a sign-in of its own: %d", p.code)
	}
	if p := s.get(attacker, answer); p.body != "home /" {
		t.Errorf("control: %d %s", p.code, p.body)
	}
	if p := s.get(attacker, answer); p.code != 400 {
		t.Errorf("the answer was taken twice: %d", p.code)
	}
}

func TestAnswerOfAnotherProviderIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for add, want := range map[string]int{"&iss=https://evil.example": 502, "&iss=": 502, "&iss=" + url.QueryEscape(gateway+"/id"): 200, "": 200, "&error=access_denied": 403} {
		c := s.browser()
		if p := s.get(c, s.answerURL(c)+add); p.code != want {
			t.Errorf("%q: %d, want %d", add, p.code, want)
		}
	}
	for _, change := range []string{"state=x", "state="} {
		c := s.browser()
		u, err := url.Parse(s.answerURL(c))
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		q.Del("state")
		if p := s.get(c, gateway+callbackPath+"?"+q.Encode()+"&"+change); p.code != 400 {
			t.Errorf("%s: %d", change, p.code)
		}
	}
	s.login.found.sendsIss = true // a provider that promises to send it
	c := s.browser()
	if p := s.get(c, s.answerURL(c)); p.code != 502 {
		t.Errorf("a promised iss is missing: %d", p.code)
	}
}

// A code from another sign-in of the same person must not fit this one.
func TestInjectedCodeIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a, b := s.browser(), s.browser()
	ua, _ := url.Parse(s.answerURL(a))
	ub, _ := url.Parse(s.answerURL(b))
	q := ub.Query()
	q.Set("code", ua.Query().Get("code"))
	if p := s.get(b, gateway+callbackPath+"?"+q.Encode()); p.code != 502 || len(s.sessions.all) != 0 {
		t.Errorf("%d, %d sessions", p.code, len(s.sessions.all))
	}
}

func TestAnswerInAFormSignsInWhereOneIsAskedFor(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	form := func(c *http.Client) url.Values {
		u, err := url.Parse(s.answerURL(c))
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		q.Set("back", "https://evil.example")
		return q
	}
	c := s.browser()
	if p := s.post(c, gateway+callbackPath, form(c)); len(s.sessions.all) != 0 {
		t.Fatalf("taken, and not asked for: %d at %s", p.code, p.url)
	}
	s.login.cfg.FormPost = true
	asked := httptest.NewRecorder()
	s.login.begin(asked, httptest.NewRequest("GET", gateway+beginPath, nil))
	if to := asked.Header().Get("Location"); !strings.Contains(to, "response_mode=form_post") {
		t.Errorf("asked: %s", to)
	}
	// The provider of this test answers by a redirect; the browser posts it on.
	s.login.cfg.FormPost = false
	s.mux.HandleFunc("POST "+callbackPath, s.login.posted)
	stranger := s.browser()
	if p := s.post(stranger, gateway+callbackPath, form(c)); p.code != 400 || len(s.sessions.all) != 0 {
		t.Errorf("in another browser: %d at %s", p.code, p.url)
	}
	if p := s.post(c, gateway+callbackPath, form(c)); p.code != 200 || p.body != "home /" {
		t.Errorf("%d at %s: %s", p.code, p.url, p.body)
	}
	s.sessions.only(t)
	if p := s.post(c, gateway+callbackPath, url.Values{"code": {strings.Repeat("a", maxPosted)}}); p.code != 400 || p.url.RawQuery != "" {
		t.Errorf("too long: %d at %s", p.code, p.url)
	}
}

func TestExpiredBeginningIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r := httptest.NewRequest("GET", gateway+beginPath, nil)
	w := httptest.NewRecorder()
	s.mux.ServeHTTP(w, r)
	back := httptest.NewRequest("GET", gateway+callbackPath, nil)
	back.AddCookie(w.Result().Cookies()[0])
	u, _ := url.Parse(w.Header().Get("Location"))
	state := u.Query().Get("state")
	if _, err := s.login.begunBy(back, state, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.login.begunBy(back, state, time.Now().Add(beginLife)); !errors.Is(err, errNotBegun) {
		t.Errorf("after ten minutes: %v", err)
	}
	other := newSite(t) // another key
	if _, err := other.login.begunBy(back, state, time.Now()); !errors.Is(err, errNotBegun) {
		t.Errorf("a cookie that is not ours: %v", err)
	}
	c := w.Result().Cookies()[0]
	if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
		t.Errorf("cookie: %v", c)
	}
	if u.Query().Get("code_challenge_method") != "S256" || u.Query().Get("nonce") == "" {
		t.Errorf("asked: %v", u)
	}
	if strings.Contains(c.Value, state) {
		t.Error("the cookie is not sealed")
	}
}

func TestNobodyIsLedElsewhere(t *testing.T) {
	t.Parallel()
	for _, back := range []string{"https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n", "http:evil.example",
		"javascript:alert(1)", "evil.example", "", "/ x", "/auth/logout", "/auth/login?back=/", "/" + strings.Repeat("a", maxBack), "/\x00", "/%zz", "///evil.example", "/é"} {
		if got := local(back); got != "/" {
			t.Errorf("%q leads to %q", back, got)
		}
	}
	for _, back := range []string{"/", "/?camera=c1&x=%2F%2Fevil.example", "/camera/1#t", "/authority", "/a//b", "/:8080", "/@evil.example"} {
		if got := local(back); got != back {
			t.Errorf("%q leads to %q", back, got)
		}
	}
	s := newSite(t)
	c := s.browser()
	if p := s.send(c, s.form(c, "https://evil.example/x"), password); p.url.String() != gateway+"/" {
		t.Errorf("led to %s", p.url)
	}
	// Under another name there is a cookie for that name only.
	r := httptest.NewRequest("GET", "http://localhost:8080"+beginPath+"?back=//evil.example&lang=en", nil)
	w := httptest.NewRecorder()
	s.mux.ServeHTTP(w, r)
	if to := w.Header().Get("Location"); to != gateway+beginPath+"?back=%2F&lang=en" || len(w.Result().Cookies()) != 0 {
		t.Errorf("from localhost to %s", to)
	}
}

func TestNoRoleNoSession(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(c *Config) { c.Rules = []Rule{{Claim: "/roles", Match: "chief", Role: "admin"}} })
	c := s.browser()
	p := s.send(c, s.form(c, "/"), password)
	if p.code != 403 || !strings.Contains(p.body, "trực ban 0123") || !strings.Contains(p.body, "again=1") || len(s.sessions.all) != 0 {
		t.Errorf("%d %s", p.code, p.body)
	}
	p = s.get(c, gateway+beginPath+"?again=1&lang=en")
	if p.code != 200 || !strings.Contains(p.body, "Sign in") {
		t.Errorf("as somebody else: %d %s", p.code, p.body)
	}
}

func TestWhoIsBlockedHereIsToldWhomToAsk(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for why, want := range map[error]int{auth.ErrBlocked: 403, auth.ErrNoRole: 403, errors.New("store down"): 502} {
		s.sessions.broken = why
		c := s.browser()
		if p := s.send(c, s.form(c, "/"), password); p.code != want || (want == 403) != strings.Contains(p.body, "trực ban 0123") {
			t.Errorf("%v: %d %s", why, p.code, p.body)
		}
	}
}

func TestNewSignInEndsTheOldSession(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c := s.browser()
	v := s.signIn(c)
	if w := s.signIn(c); w.ID == v.ID || s.sessions.why[v.ID] != "signed in again" {
		t.Errorf("the old session: %q", s.sessions.why[v.ID])
	}
}

func TestPhoneThatIsHandedOnKeepsNothingAfterSigningOut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c := s.browser()
	s.signIn(c)
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if refused := s.post(c, gateway+logoutPath, nil, "Sec-Fetch-Site", "cross-site"); refused.header.Get("Clear-Site-Data") != "" {
		t.Error("another site can clear what this one keeps")
	}
	if out := s.post(c, gateway+logoutPath, nil); out.header.Get("Clear-Site-Data") != `"storage"` {
		t.Errorf("Clear-Site-Data: %q", out.header.Get("Clear-Site-Data"))
	}
}

func TestLogoutFromElsewhereIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c := s.browser()
	v := s.signIn(c)
	for _, h := range [][]string{{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}} {
		if p := s.post(c, gateway+logoutPath, nil, h...); p.code != 403 {
			t.Errorf("%v: %d", h, p.code)
		}
	}
	if p := s.get(c, gateway+logoutPath); p.code == 200 && !strings.HasPrefix(p.body, "home") {
		t.Errorf("by GET: %d", p.code)
	}
	s.sessions.only(t)
	s.sessions.broken = errors.New("store down")
	if p := s.post(c, gateway+logoutPath, nil); p.code != 503 {
		t.Errorf("a logout that did nothing is answered with %d", p.code)
	}
	s.sessions.broken = nil
	s.down.Store(true)
	s.login.found = nil
	_ = s.sessions.End(t.Context(), v.ID, "")
	c2 := s.browser()
	if p := s.post(c2, gateway+logoutPath, nil); p.url.String() != gateway+"/" {
		t.Errorf("without a session or a provider: %s", p.url)
	}
}

func TestSecretsShowNowhere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c := s.browser()
	v := s.signIn(c)
	_ = s.login.Refresh(t.Context(), v.ID)
	s.send(c, "x", "canary-password")
	said := s.log.String() + sprint(v.Tokens, &v, s.login.cfg)
	for _, secret := range []string{v.Refresh, v.Tokens.ID, password, "canary-password", "a-secret-of-this-test"} {
		if secret == "" || strings.Contains(said, secret) {
			t.Errorf("%.12s… is shown", secret)
		}
	}
}

func TestBadConfigurationIsRefused(t *testing.T) {
	t.Parallel()
	good := newSite(t).login.cfg
	for name, change := range map[string]func(*Config){
		"redirect": func(c *Config) { c.RedirectURL = "https://gateway.example/elsewhere" },
		"issuer":   func(c *Config) { c.Issuer = "" },
		"sessions": func(c *Config) { c.Sessions = nil },
		"rules":    func(c *Config) { c.Rules = nil },
	} {
		c := good
		change(&c)
		if _, err := New(c); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestIDTokenOfAnotherSignInOrClientIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(s.browser())
	claims := func(change ...any) string {
		c := map[string]any{"iss": gateway + "/id", "aud": "matthan", "sub": "u1", "nonce": "n", "roles": []string{"officer"}, "exp": time.Now().Add(time.Minute).Unix(), "iat": time.Now().Unix()}
		for i := 0; i < len(change); i += 2 {
			c[change[i].(string)] = change[i+1]
		}
		return s.sign(s.key, "JWT", c)
	}
	for name, raw := range map[string]string{
		"nonce": claims("nonce", "other"), "no nonce": claims("nonce", nil), "azp": claims("azp", "other"), "two audiences": claims("aud", []string{"matthan", "other"}),
		"audience": claims("aud", "other"), "issuer": claims("iss", "https://evil.example"), "stale": claims("exp", time.Now().Add(-time.Hour).Unix()), "nobody": claims("sub", ""),
		"no role": claims("roles", []string{}), "nothing": "",
	} {
		_, err := s.login.identify(t.Context(), s.login.found, raw, "n")
		if err == nil {
			t.Errorf("%s: taken", name)
		}
		// Whoever writes the rules needs the names of what came, and no values.
		if name == "no role" && (!errors.Is(err, errNoRole) || !strings.Contains(err.Error(), "the claims aud exp iat iss nonce roles sub") || strings.Contains(err.Error(), "u1")) {
			t.Errorf("no role: %v", err)
		}
	}
	if who, err := s.login.identify(t.Context(), s.login.found, claims("aud", []string{"matthan", "other"}, "azp", "matthan"), "n"); err != nil || who.Subject != "u1" {
		t.Errorf("control: %v", err)
	}
}
