package provider

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestCodeUsedTwiceEndsWhatItGave(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	code := r.code(r.browser("192.0.2.1"))
	status, first := r.token(redeem(code))
	if status != 200 || first.Refresh == "" || first.Expires < 290 || first.Expires > 300 || strings.Count(first.Access, ".") != 2 {
		t.Fatalf("%d %+v", status, first.Error)
	}
	if status, second := r.token(redeem(code)); status != 400 || second.Error != "invalid_grant" {
		t.Errorf("the second use: %d %s", status, second.Error)
	}
	if status, _ := r.token(renew(first.Refresh)); status != 400 || r.families() != 0 || !slices.Contains(r.kinds(), CodeReused) {
		t.Errorf("what the first use gave is good: %d", status)
	}
}

func TestCodeUsedTwiceAtOnceGivesNothingTwice(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	code := r.code(r.browser("192.0.2.1"))
	var wg sync.WaitGroup
	got := make([]tokens, 8)
	for i := range got {
		wg.Go(func() { _, got[i] = r.token(redeem(code)) })
	}
	wg.Wait()
	if n := len(slices.DeleteFunc(got, func(t tokens) bool { return t.Access == "" })); n > 1 || r.families() != 0 {
		t.Errorf("%d uses succeeded, %d families are left", n, r.families())
	}
}

func TestCodeIsBoundToClientVerifierAndRedirect(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.browser("192.0.2.1")
	for name, change := range map[string]func(url.Values) []string{
		"no verifier":    func(v url.Values) []string { v.Del("code_verifier"); return nil },
		"other verifier": func(v url.Values) []string { v.Set("code_verifier", strings.Repeat("x", 43)); return nil },
		"other redirect": func(v url.Values) []string { v.Set("redirect_uri", redirect+"/"); return nil },
		"other client":   func(url.Values) []string { return []string{"other", secret} },
		"wrong secret":   func(url.Values) []string { return []string{"matthan", "wrong"} },
		"other grant":    func(v url.Values) []string { v.Set("grant_type", "client_credentials"); return nil },
		"device grant": func(v url.Values) []string {
			v.Set("grant_type", "urn:ietf:params:oauth:grant-type:device_code")
			return nil
		},
		"jwt grant": func(v url.Values) []string {
			v.Set("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
			return nil
		},
	} {
		form := redeem(r.code(c))
		if status, got := r.token(form, change(form)...); status < 400 || got.Access != "" {
			t.Errorf("%s: %d %+v", name, status, got)
		}
	}
	if r.families() != 0 {
		t.Error("something came of a refused code")
	}
}

func TestTimesOfTokens(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		c := r.browser("192.0.2.1")
		code := r.code(c)
		time.Sleep(codeLife)
		if status, _ := r.token(redeem(code)); status != 400 {
			t.Errorf("a code of a minute: %d", status)
		}
		id := r.form(c)
		time.Sleep(requestLife)
		if a := r.send(c, id, "cánbộ", password); a.code != 400 {
			t.Errorf("a page of ten minutes: %d", a.code)
		}
		_, got := r.token(redeem(r.code(c)))
		for range 3 { // rotation does not move the end
			time.Sleep(familyLife/3 - time.Minute)
			var status int
			if status, got = r.token(renew(got.Refresh)); status != 200 {
				t.Fatalf("refresh: %d %s", status, got.Error)
			}
		}
		time.Sleep(3 * time.Minute)
		if status, _ := r.token(renew(got.Refresh)); status != 400 {
			t.Errorf("after 12 h: %d", status)
		}
	})
}

func TestReusedRefreshTokenEndsTheFamily(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.browser("192.0.2.1")
	_, first := r.token(redeem(r.code(c)))
	_, other := r.token(redeem(r.code(c))) // another device
	status, second := r.token(renew(first.Refresh))
	if status != 200 || second.Refresh == first.Refresh {
		t.Fatalf("%d", status)
	}
	for name, bad := range map[string]string{"": "", "garbage": "x", "no family": "u1.x.y", "long": strings.Repeat("a.", 600), "nobody": "zz.a.b", "new account": "new.a.b"} {
		if status, _ := r.token(renew(bad)); status != 400 {
			t.Errorf("%s: %d", name, status)
		}
	}
	if status, _ := r.token(renew(first.Refresh)); status != 400 {
		t.Errorf("the old token: %d", status)
	}
	if status, _ := r.token(renew(second.Refresh)); status != 400 || !slices.Contains(r.kinds(), TokenReused) {
		t.Errorf("the family outlived the reuse of its token: %d", status)
	}
	if status, _ := r.token(renew(other.Refresh)); status != 200 {
		t.Errorf("the other device ended too: %d", status)
	}
	if _, err := r.accounts.BySubject(t.Context(), "new"); !errors.Is(err, ErrNoAccount) {
		t.Error("a made-up token made an account")
	}
}

func TestOldestSignInMakesRoom(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.browser("192.0.2.1")
	var all []tokens
	for range maxFamilies + 1 {
		_, got := r.token(redeem(r.code(c)))
		all = append(all, got)
	}
	if status, _ := r.token(renew(all[0].Refresh)); status != 400 || r.families() != maxFamilies {
		t.Errorf("the oldest: %d, %d families", status, r.families())
	}
	if status, _ := r.token(renew(all[1].Refresh)); status != 200 {
		t.Errorf("the next: %d", status)
	}
}

func TestOnlyWhatMustBeIsOffered(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.browser("192.0.2.1")
	for k, v := range map[string]string{"code_challenge": "", "code_challenge_method": "plain", "redirect_uri": "https://evil.example/cb", "client_id": "other",
		"response_type": "token", "prompt": "none", "response_mode": "form_post", "state": strings.Repeat("s", maxValue+1), "request": "e30.e30."} {
		q := asked()
		q.Set(k, v)
		a := r.do(c, "GET", issuer+"/authorize?"+q.Encode(), nil)
		if to := a.header.Get("Location"); a.code == 200 || idField.MatchString(a.body) || to != "" && !strings.HasPrefix(to, redirect+"?") || strings.Contains(to, "code=") {
			t.Errorf("%s=%.20s: %d to %s", k, v, a.code, to)
		}
	}
	for _, path := range []string{"/device_authorization", "/device", "/oauth/introspect", "/healthz", "/ready", "/userinfo", "/revoke", "/", "/../auth", "/login/x", ""} {
		if a := r.do(c, "GET", issuer+path, nil); a.code != 404 {
			t.Errorf("%s: %d", path, a.code)
		}
	}
	for _, path := range []string{"/authorize", "/keys", "/authorize/callback"} {
		if a := r.do(c, "POST", issuer+path, nil); a.code != 404 {
			t.Errorf("POST %s: %d", path, a.code)
		}
	}
	if a := r.do(c, "GET", issuer+"/authorize?"+asked().Encode()+"&x="+strings.Repeat("a", maxTarget), nil); a.code != 404 {
		t.Errorf("a very long address: %d", a.code)
	}
	a := r.do(c, "GET", issuer+"/.well-known/openid-configuration", nil)
	var meta map[string]any
	if err := json.Unmarshal([]byte(a.body), &meta); err != nil || meta["issuer"] != issuer || meta["userinfo_endpoint"] != nil || meta["device_authorization_endpoint"] != nil {
		t.Errorf("%v: %s", err, a.body)
	}
	if a = r.do(c, "GET", issuer+"/keys", nil); a.code != 200 || strings.Contains(a.body, `"d"`) || !strings.Contains(a.body, "ES256") {
		t.Errorf("keys: %d %s", a.code, a.body)
	}
}

// The library goes on after a token request that it could not read.
func TestUnreadableTokenRequestDoesNotPanic(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, body := range []string{"grant_type=authorization_code&%zz", "grant_type=refresh_token&scope=%zz", "%", "grant_type=authorization_code&code=a&code=b&unknown=1",
		"grant_type=refresh_token&refresh_token=a&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=x", strings.Repeat("a", 2*maxBody)} {
		for _, header := range []string{"", "Basic !", "Basic JXp6OiV6eg=="} { // %zz:%zz
			q := httptest.NewRequest("POST", issuer+"/oauth/token", strings.NewReader(body))
			q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			q.Header.Set("Authorization", header)
			w := httptest.NewRecorder()
			r.p.ServeHTTP(w, q)
			if w.Code != 400 && w.Code != 401 {
				t.Errorf("%.40s: %d", body, w.Code)
			}
		}
	}
}

func TestNoOtherOriginReadsAnswers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, path := range []string{"/.well-known/openid-configuration", "/keys", "/login", "/oauth/token", "/end_session"} {
		for _, method := range []string{"GET", "POST", "OPTIONS"} {
			q := httptest.NewRequest(method, issuer+path, nil)
			q.Header.Set("Origin", "https://evil.example")
			q.Header.Set("Access-Control-Request-Method", "POST")
			w := httptest.NewRecorder()
			r.p.ServeHTTP(w, q)
			if v := w.Header().Get("Access-Control-Allow-Origin"); v != "" {
				t.Errorf("%s %s: %s", method, path, v)
			}
			if w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s may be kept", method, path)
			}
		}
	}
}

func TestLogoutNeedsTheIDToken(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.browser("192.0.2.1")
	_, mine := r.token(redeem(r.code(c)))
	r.token(redeem(r.code(c)))
	end := func(q url.Values) reply { return r.do(c, "GET", issuer+"/end_session?"+q.Encode(), nil) }
	for name, q := range map[string]url.Values{"nothing": {}, "client only": {"client_id": {"matthan"}}, "garbage": {"id_token_hint": {"a.b.c"}},
		"led elsewhere": {"id_token_hint": {mine.ID}, "post_logout_redirect_uri": {"https://evil.example"}}} {
		if a := end(q); strings.Contains(a.header.Get("Location"), "evil") || r.families() != 2 {
			t.Errorf("%s: %d to %s, %d families", name, a.code, a.header.Get("Location"), r.families())
		}
	}
	a := end(url.Values{"id_token_hint": {mine.ID}, "client_id": {"matthan"}, "post_logout_redirect_uri": {"https://gateway.example/"}})
	if a.code != 302 || a.header.Get("Location") != "https://gateway.example/" || r.families() != 1 {
		t.Errorf("%d to %s, %d families", a.code, a.header.Get("Location"), r.families())
	}
}

func TestTransportReachesTheProviderOnly(t *testing.T) {
	t.Parallel()
	c := &http.Client{Transport: newRig(t).p.Transport()}
	for _, to := range []string{"https://evil.example/id/keys", "http://gateway.example/id/keys", "https://gateway.example/other", "https://gateway.example/id"} {
		if res, err := c.Get(to); err == nil {
			_ = res.Body.Close()
			t.Errorf("%s was reached", to)
		}
	}
	res, err := c.Get(issuer + "/keys")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
}

func TestPendingSignInsAreBounded(t *testing.T) {
	t.Parallel()
	q, now := newRequests(), time.Now()
	var first *request
	for i := range maxPerSource + 1 {
		r, err := q.begin(nil, origin{source: "one"}, now.Add(time.Duration(i)))
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = r
		}
	}
	if _, err := q.find(first.id, origin{source: "one"}, now); !errors.Is(err, errUnknown) || len(q.byID) != maxPerSource {
		t.Errorf("one source has %d under way", len(q.byID))
	}
	for i := 0; len(q.byID) < maxRequests; i++ {
		if _, err := q.begin(nil, origin{source: fmt.Sprint(i)}, now); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := q.begin(nil, origin{source: "late"}, now); !errors.Is(err, errBusy) {
		t.Errorf("above the bound: %v", err)
	}
	if _, err := q.begin(nil, origin{source: "late"}, now.Add(requestLife+time.Second)); err != nil || len(q.byID) != 1 {
		t.Errorf("after they ended: %v, %d left", err, len(q.byID))
	}
}

func TestBadConfigurationIsRefused(t *testing.T) {
	t.Parallel()
	good := newRig(t).p.cfg
	if text := fmt.Sprintf("%v %+v %#v", good, good, good); strings.Contains(text, secret) {
		t.Error("the secret shows")
	}
	for name, change := range map[string]func(*Config){
		"http":     func(c *Config) { c.Issuer = "http://gateway.example/id" },
		"slash":    func(c *Config) { c.Issuer += "/" },
		"no path":  func(c *Config) { c.Issuer = "https://gateway.example" },
		"redirect": func(c *Config) { c.RedirectURI = "/auth/callback" },
		"secret":   func(c *Config) { c.ClientSecret = "short" },
		"key":      func(c *Config) { c.Key = nil },
		"accounts": func(c *Config) { c.Accounts = nil },
	} {
		c := good
		change(&c)
		if _, err := New(c); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	good.Issuer = "http://localhost:8080/id"
	if _, err := New(good); err != nil {
		t.Errorf("this machine itself: %v", err)
	}
}

// The second use may come between the first one's check and its tokens.
func TestCodeUsedTwiceBeforeTheFirstHasItsTokens(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	code := r.code(r.browser("192.0.2.1"))
	first, err := r.p.AuthRequestByCode(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.p.AuthRequestByCode(t.Context(), code); err == nil {
		t.Error("taken twice")
	}
	if _, token, _, err := r.p.CreateAccessAndRefreshTokens(t.Context(), first, ""); err == nil || token != "" || r.families() != 0 {
		t.Errorf("tokens came of a burned code: %v", err)
	}
}
