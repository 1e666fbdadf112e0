package provider

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// passkeys opens the page of passkeys.
func (r *rig) passkeys(c *http.Client) reply {
	r.t.Helper()
	return r.do(c, "GET", issuer+"/passkeys", nil)
}

// known shows by the password who one is, and returns the page of passkeys.
func (r *rig) known(c *http.Client) reply {
	r.t.Helper()
	r.passkeys(c)
	return r.post(c, "/login", "login", "cánbộ", "password", password)
}

func (r *rig) post(c *http.Client, path string, form ...string) reply {
	r.t.Helper()
	v := url.Values{}
	for i := 0; i < len(form); i += 2 {
		v.Set(form[i], form[i+1])
	}
	return r.do(c, "POST", issuer+path, v)
}

func (r *rig) demand(subject string) {
	r.t.Helper()
	if err := r.accounts.Change(r.t.Context(), subject, func(a *Account) error { a.SecondFactor = true; return nil }); err != nil {
		r.t.Fatal(err)
	}
}

func TestPasswordAloneDoesNotDoWhereAPasskeyMustFollow(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.browser("192.0.2.1")
	k := r.owner(c, "cánbộ")
	r.demand("u1")
	thief := r.browser("192.0.2.66")
	id := r.form(thief)
	a := r.send(thief, id, "cánbộ", password)
	if a.code != 200 || !strings.Contains(a.body, "Thêm một bước nữa") || strings.Contains(a.body, "Để sau") {
		t.Fatalf("%d %s", a.code, a.body)
	}
	if got := r.options(a.body)["allowCredentials"].([]any)[0].(map[string]any)["id"]; got != b64(k.id) {
		t.Errorf("asked for %v", got)
	}
	for name, way := range map[string]func() reply{
		"on to the gateway":  func() reply { return r.do(thief, "GET", issuer+"/authorize/callback?id="+id, nil) },
		"by the offer":       func() reply { return r.do(thief, "GET", issuer+"/passkeys/offer?id="+id, nil) },
		"with a new passkey": func() reply { return r.post(thief, "/passkeys/add", "id", id, "answer", "{}") },
		"with no answer":     func() reply { return r.post(thief, "/login/second", "id", id, "answer", "") },
		"with another's": func() reply {
			return r.post(thief, "/login/second", "id", id, "answer", newAuthenticator(t).get(r.options(a.body)))
		},
		"by the other button": func() reply { return r.tap(thief, id, k.get(r.options(a.body))) },
		"to the list": func() reply {
			r.post(thief, "/login", "login", "cánbộ", "password", password)
			return r.passkeys(thief)
		},
		"removing": func() reply {
			return r.post(thief, "/passkeys/remove", "passkey", keyDigest(r.account("u1").Passkeys[0]))
		},
		"switching it off": func() reply { return r.post(thief, "/passkeys/second") },
	} {
		got := way()
		if strings.Contains(got.header.Get("Location"), "code=") || strings.Contains(got.body, `name="passkey"`) {
			t.Errorf("%s: %d %s", name, got.code, got.body)
		}
	}
	if now := r.account("u1"); !now.SecondFactor || len(now.Passkeys) != 1 || len(now.Families) != 0 {
		t.Errorf("%+v", now)
	}
	id = r.form(c)
	a = r.send(c, id, "cánbộ", password)
	if a = r.post(c, "/login/second", "id", id, "answer", k.get(r.options(a.body))); a.code != 302 || !strings.Contains(a.header.Get("Location"), "code=") {
		t.Errorf("the owner: %d %s", a.code, a.body)
	}
}

func TestRequiredPasskeyIsMadeAtTheFirstSignIn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.p.cfg.SecondFactor = true
	c := r.browser("192.0.2.1")
	id := r.form(c)
	a := r.send(c, id, "cánbộ", password)
	if a.code != 200 || !strings.Contains(a.body, "Hãy tạo passkey") || strings.Contains(a.body, "Để sau") {
		t.Fatalf("%d %s", a.code, a.body)
	}
	if got := r.do(c, "GET", issuer+"/authorize/callback?id="+id, nil); strings.Contains(got.header.Get("Location"), "code=") {
		t.Error("a way past it")
	}
	k := newAuthenticator(t)
	if a = r.post(c, "/passkeys/add", "id", id, "answer", k.create(r.options(a.body))); a.code != 302 || !strings.Contains(a.header.Get("Location"), "code=") {
		t.Fatalf("%d %s", a.code, a.body)
	}
	next, options := r.page(c)
	if a = r.tap(c, next, k.get(options)); a.code != 302 {
		t.Errorf("a passkey is both: %d", a.code)
	}
	stranger := r.browser("192.0.2.2")
	if a = r.send(stranger, r.form(stranger), "cánbộ", password); !strings.Contains(a.body, "Thêm một bước nữa") {
		t.Errorf("the password then: %d %s", a.code, a.body)
	}
}

// Whoever lost the phone comes with a link from the administrator.
func TestLinkLetsInPastALostPasskey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		c := r.browser("192.0.2.1")
		r.owner(c, "cánbộ")
		r.demand("u1")
		c = r.browser("192.0.2.2")
		r.do(c, "GET", r.recover("cánbộ"), nil)
		fresh := "một mật khẩu mới"
		a := r.post(c, "/link", "password", fresh, "again", fresh)
		if a.code != 200 || !strings.Contains(a.body, "Kiểm tra passkey") || len(r.account("u1").Passkeys) != 1 {
			t.Fatalf("%d %s", a.code, a.body)
		}
		if a = r.send(c, r.form(c), "cánbộ", fresh); a.code != 302 {
			t.Errorf("the sign-in that follows: %d %s", a.code, a.body)
		}
		if a = r.passkeys(c); a.code != 200 || !keyField.MatchString(a.body) {
			t.Fatalf("the list: %d %s", a.code, a.body)
		}
		elsewhere := r.browser("192.0.2.3")
		if a = r.send(elsewhere, r.form(elsewhere), "cánbộ", fresh); a.code != 200 {
			t.Errorf("another browser: %d", a.code)
		}
		time.Sleep(shelfLife)
		if a = r.send(c, r.form(c), "cánbộ", fresh); a.code != 200 || !strings.Contains(a.body, "Thêm một bước nữa") {
			t.Errorf("five minutes later: %d", a.code)
		}
	})
}

func TestOwnerAddsAndRemovesPasskeys(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.browser("192.0.2.1")
	if a := r.passkeys(c); a.code != 200 || !strings.Contains(a.body, "bạn là ai") || strings.Contains(a.body, `data-passkey="create"`) {
		t.Fatalf("before anybody showed who they are: %d %s", a.code, a.body)
	}
	if a := r.post(c, "/login", "login", "cánbộ", "password", "wrong"); a.code != 401 {
		t.Errorf("a wrong password: %d", a.code)
	}
	a := r.post(c, "/login", "login", "cánbộ", "password", password)
	if a.code != 200 || !strings.Contains(a.body, "Bạn chưa có passkey") {
		t.Fatalf("%d %s", a.code, a.body)
	}
	first, second := newAuthenticator(t), newAuthenticator(t)
	a = r.post(c, "/passkeys/add", "answer", first.create(r.options(a.body)), "name", " Máy \x00trực ban<b> ")
	if a.code != 200 || !strings.Contains(a.body, "Máy trực ban&lt;b&gt;") || !strings.Contains(a.body, "Chưa dùng") {
		t.Fatalf("%d %s", a.code, a.body)
	}
	options := r.options(a.body)
	if got := options["excludeCredentials"].([]any); len(got) != 1 {
		t.Errorf("excluded: %v", got)
	}
	if a = r.post(c, "/passkeys/add", "answer", second.create(options)); len(r.account("u1").Passkeys) != 2 {
		t.Fatalf("%d %s", a.code, a.body)
	}
	id, options := r.page(c)
	if got := r.tap(c, id, second.get(options)); got.code != 302 {
		t.Fatalf("%d", got.code)
	} else if u, _ := url.Parse(got.header.Get("Location")); u != nil {
		r.token(redeem(u.Query().Get("code")))
	}
	if status, _ := r.token(redeem(r.code(c))); status != 200 || r.families() != 2 { // by password too
		t.Fatalf("%d, %d sign-ins", status, r.families())
	}
	gone := keyDigest(r.account("u1").Passkeys[1])
	if a = r.post(c, "/passkeys/remove", "passkey", gone); a.code != 200 || strings.Contains(a.body, gone) || !strings.Contains(a.body, "Đã xóa") {
		t.Errorf("%d %s", a.code, a.body)
	}
	if r.families() != 1 || len(r.events[len(r.events)-1].Ended) != 1 {
		t.Errorf("what was signed in by it goes on: %+v", r.events[len(r.events)-1])
	}
	id, options = r.page(c)
	if a = r.tap(c, id, second.get(options)); a.code != 401 {
		t.Errorf("the removed one: %d", a.code)
	}
	events := len(r.kinds())
	r.post(c, "/passkeys/remove", "passkey", gone)
	r.post(c, "/passkeys/remove", "passkey", "")
	if len(r.kinds()) != events || len(r.account("u1").Passkeys) != 1 {
		t.Error("removed what is not there")
	}
	r.post(c, "/passkeys/second", "on", "1")
	if !r.account("u1").SecondFactor {
		t.Error("the owner's wish was not kept")
	}
	want := []Kind{PasskeyAdded, PasskeyAdded, PasskeyRemoved, DemandChanged}
	var got []Kind
	for _, n := range r.account("u1").Notes {
		got = append(got, n.Kind)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the owner is told %v, want %v", got, want)
	}
}

func TestLastPasskeyTakesTheWishForOneAlong(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.browser("192.0.2.1")
	k := r.owner(c, "cánbộ")
	r.demand("u1")
	id, options := r.page(c)
	r.tap(c, id, k.get(options))
	r.post(c, "/passkeys/remove", "passkey", keyDigest(r.account("u1").Passkeys[0]))
	if now := r.account("u1"); now.SecondFactor || len(now.Passkeys) != 0 {
		t.Fatalf("%+v", now)
	}
	if a := r.send(c, r.form(c), "cánbộ", password); a.code != 302 {
		t.Errorf("locked out: %d %s", a.code, a.body)
	}
}

func TestWhoOneIsIsForgottenAfterFiveMinutesAndAtSignOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		c := r.browser("192.0.2.1")
		r.owner(c, "cánbộ")
		a := r.passkeys(c)
		options := r.options(a.body)
		if !keyField.MatchString(a.body) {
			t.Fatalf("right after the sign-in: %s", a.body)
		}
		time.Sleep(shelfLife)
		if a = r.passkeys(c); keyField.MatchString(a.body) {
			t.Error("the list is shown after five minutes")
		}
		if a = r.post(c, "/passkeys/add", "answer", newAuthenticator(t).create(options)); a.code != 409 || len(r.account("u1").Passkeys) != 1 {
			t.Errorf("a passkey after five minutes: %d", a.code)
		}
		r.send(c, r.form(c), "cánbộ", password)
		if a = r.passkeys(c); !keyField.MatchString(a.body) {
			t.Fatal("a password does not show who one is")
		}
		if a = r.passkeys(r.browser("192.0.2.1")); keyField.MatchString(a.body) {
			t.Error("another browser is shown the list")
		}
		r.do(c, "GET", issuer+"/end_session?client_id=matthan&post_logout_redirect_uri=https%3A%2F%2Fgateway.example%2F", nil)
		if a = r.passkeys(c); keyField.MatchString(a.body) {
			t.Error("whoever comes next to the machine is shown the list")
		}
	})
}

func TestAccountHasTenPasskeys(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.browser("192.0.2.1")
	a := r.known(c)
	for i := range maxPasskeys {
		a = r.post(c, "/passkeys/add", "answer", newAuthenticator(t).create(r.options(a.body)), "name", fmt.Sprint("máy ", i))
	}
	if got := r.account("u1"); len(got.Passkeys) != maxPasskeys || strings.Contains(a.body, `data-passkey="create"`) {
		t.Fatalf("%d: %s", len(got.Passkeys), a.body)
	}
	// A page that was open before the tenth was made.
	late, err := r.p.passkeys.ask(forAdding, "", r.account("u1"), origin{browser: r.only(), source: "192.0.2.1"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if a = r.post(c, "/passkeys/add", "answer", newAuthenticator(t).create(r.options(`data-options="`+strings.ReplaceAll(late, `"`, "&#34;")+`"`))); a.code != 422 || !strings.Contains(a.body, "tối đa 10") {
		t.Errorf("the eleventh: %d %s", a.code, a.body)
	}
	if len(r.account("u1").Notes) != maxPasskeys {
		t.Error("the refused one is told of")
	}
}

// only is the one browser that has shown who it is.
func (r *rig) only() (browser [32]byte) {
	r.t.Helper()
	for b := range r.p.proofs.things {
		browser = b
	}
	return browser
}

func TestPasskeyIsNotMadeOtherThanAsked(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.browser("192.0.2.1")
	for name, change := range map[string]func(*authenticator){
		"another origin":        func(k *authenticator) { k.origin = "https://gateway.example.evil" },
		"another relying party": func(k *authenticator) { k.rp = "example" },
		"nobody was verified":   func(k *authenticator) { k.flags &^= flagVerified },
		"of another ceremony":   func(k *authenticator) { k.kind = "webauthn.get" },
		"too long an ID":        func(k *authenticator) { k.id = make([]byte, maxPasskeyID+1) },
	} {
		a := r.known(c)
		k := newAuthenticator(t)
		change(k)
		if a = r.post(c, "/passkeys/add", "answer", k.create(r.options(a.body))); a.code != 401 || !strings.Contains(a.body, "Chưa tạo được") {
			t.Errorf("%s: %d", name, a.code)
		}
	}
	a := r.passkeys(c)
	options := r.options(a.body)
	k := newAuthenticator(t)
	answer := k.create(options)
	r.post(c, "/passkeys/add", "answer", answer)
	if a = r.post(c, "/passkeys/add", "answer", answer); a.code != 409 || len(r.account("u1").Passkeys) != 1 {
		t.Errorf("the same answer twice: %d", a.code)
	}
	a = r.passkeys(c)
	if a = r.post(c, "/passkeys/add", "answer", k.create(r.options(a.body))); a.code != 401 || len(r.account("u1").Passkeys) != 1 {
		t.Errorf("the same passkey twice: %d", a.code)
	}
	for _, junk := range []string{"", "{}", "[]", "null", `{"id":"","rawId":"","type":"public-key","response":{}}`, strings.Repeat("[", 4000), "\x00"} {
		if a := r.post(c, "/passkeys/add", "answer", junk); a.code != 401 {
			t.Errorf("%.20q: %d", junk, a.code)
		}
		if a := r.tap(c, "", junk); a.code != 401 {
			t.Errorf("%.20q: %d", junk, a.code)
		}
	}
}

func TestPasskeyIsOfferedOnceOnADevice(t *testing.T) {
	t.Parallel()
	r := newRig(t, Account{Subject: "u1", Login: "cánbộ", Hash: cheap(password)}, Account{Subject: "u2", Login: "binh", Hash: cheap(password)})
	phone, pc := r.browser("192.0.2.1"), r.browser("192.0.2.2")
	signIn := func(c *http.Client, login, can string) reply {
		return r.do(c, "POST", issuer+"/login", url.Values{"id": {r.form(c)}, "login": {login}, "password": {password}, "can": {can}})
	}
	if a := signIn(phone, "cánbộ", ""); a.code != 302 {
		t.Errorf("a device that cannot: %d", a.code)
	}
	a := signIn(phone, "cánbộ", "1")
	if a.code != 200 || !strings.Contains(a.body, "Để sau") {
		t.Fatalf("the first time: %d %s", a.code, a.body)
	}
	for name, got := range map[string]struct {
		a    reply
		want int
	}{
		"again":                   {signIn(phone, "cánbộ", "1"), 302},
		"another person, there":   {signIn(phone, "binh", "1"), 200},
		"the first person, again": {signIn(phone, "cánbộ", "1"), 302},
		"on another device":       {signIn(pc, "cánbộ", "1"), 200},
	} {
		if got.a.code != got.want {
			t.Errorf("%s: %d", name, got.a.code)
		}
	}
}

func TestOwnerIsToldAtTheNextSignInOnTheirDevice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		phone, thief := r.browser("192.0.2.1"), r.browser("192.0.2.66")
		if a := r.send(phone, r.form(phone), "cánbộ", password); a.code != 302 {
			t.Fatalf("%d", a.code)
		}
		time.Sleep(time.Minute)
		k := r.owner(thief, "cánbộ") // who has learned the password
		time.Sleep(time.Minute)
		id, options := r.page(thief)
		if a := r.tap(thief, id, k.get(options)); a.code != 302 {
			t.Errorf("who did it is told: %d %s", a.code, a.body)
		}
		a := r.send(phone, r.form(phone), "cánbộ", password)
		if a.code != 200 || !strings.Contains(a.body, "Đã thêm “Browser, unknown system”") {
			t.Fatalf("the owner is not told: %d %s", a.code, a.body)
		}
		on := regexp.MustCompile(`href="([^"]*callback[^"]*)"`).FindStringSubmatch(a.body)
		if on == nil {
			t.Fatalf("no way on: %s", a.body)
		}
		if a = r.do(phone, "GET", html.UnescapeString(on[1]), nil); a.code != 302 || !strings.Contains(a.header.Get("Location"), "code=") {
			t.Errorf("on from there: %d", a.code)
		}
		if a := r.send(phone, r.form(phone), "cánbộ", password); a.code != 302 {
			t.Errorf("told twice: %d", a.code)
		}
	})
}

func TestDeviceRemembersPeopleWithinBounds(t *testing.T) {
	t.Parallel()
	var d device
	for i := range maxPeople + 3 {
		d = d.with(person{mark: personMark(fmt.Sprint(i)), told: int64(i), offered: i%2 == 0})
	}
	d.used = true
	w := httptest.NewRecorder()
	d.keep(w)
	r := httptest.NewRequest("GET", "/", nil)
	r.AddCookie(w.Result().Cookies()[0])
	got := deviceOf(r)
	if !reflect.DeepEqual(got, d) || len(got.people) != maxPeople {
		t.Errorf("%+v, want %+v", got, d)
	}
	for _, value := range []string{"", ".", "-", "used.used", "x-1", strings.Repeat("a", 12) + "-!", strings.Repeat("a", 2000), strings.Repeat("a", 12) + "-zzzzzzzzzzzzzzzzzzzzzzzz"} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Cookie", deviceCookie+"="+value)
		if got := deviceOf(r); len(got.people) != 0 {
			t.Errorf("%.20q: %+v", value, got)
		}
	}
}

func TestNoPasskeysWithoutADNSName(t *testing.T) {
	t.Parallel()
	for origin, want := range map[string]string{"https://gateway.example:8443": "gateway.example", "https://nvr": "", "http://localhost:8080": "localhost", "https://10.1.2.3:8443": "",
		"https://[2001:db8::1]": "", "http://gateway.example": "", "http://127.0.0.1:8080": ""} {
		if got, ok := relyingParty(origin); ok != (want != "") || ok && got != want {
			t.Errorf("%s: %q %v", origin, got, ok)
		}
	}
	r := newRig(t)
	cfg := r.p.cfg
	cfg.Issuer, cfg.RedirectURI = "https://10.1.2.3:8443/id", "https://10.1.2.3:8443/auth/callback"
	var err error
	if r.p, err = New(cfg); err != nil || r.p.HasPasskeys() {
		t.Fatalf("%v", err)
	}
	c := r.browser("192.0.2.1")
	at := "https://10.1.2.3:8443/id"
	q := asked()
	q.Set("redirect_uri", cfg.RedirectURI)
	c.CheckRedirect = nil
	if a := r.do(c, "GET", at+"/authorize?"+q.Encode(), nil); a.code != 200 || strings.Contains(a.body, "passkey") || strings.Contains(a.header.Get("Content-Security-Policy"), "script-src") {
		t.Errorf("%d %s", a.code, a.body)
	}
	if a := r.do(c, "GET", at+"/passkeys", nil); a.code != 200 || !strings.Contains(a.body, "url:") {
		t.Errorf("%d %s", a.code, a.body)
	}
	if a := r.do(c, "POST", at+"/login/passkey", url.Values{"answer": {"{}"}}); a.code != 404 {
		t.Errorf("%d", a.code)
	}
	cfg.SecondFactor = true
	if _, err := New(cfg); err == nil || !strings.Contains(err.Error(), "set url:") {
		t.Errorf("%v", err)
	}
}

// Another site's page must not try passwords in a station's name.
func TestOtherSitesPagesGetNowhere(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, path := range []string{"/login", "/login/passkey", "/passkeys/add", "/passkeys/remove", "/passkeys/second"} {
		q, err := http.NewRequest("POST", issuer+path, strings.NewReader(url.Values{"login": {"cánbộ"}, "password": {"wrong"}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		q.Header.Set("Sec-Fetch-Site", "cross-site")
		res, err := r.browser("192.0.2.1").Do(q)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != 400 && res.StatusCode != 404 {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
	if len(r.p.guard.failed) != 0 || len(r.kinds()) != 0 {
		t.Errorf("it was counted: %v %v", r.p.guard.failed, r.kinds())
	}
}

func TestShelfIsBounded(t *testing.T) {
	t.Parallel()
	s, now := newShelf[int, int](), time.Now()
	for i := range 2 * maxOfShelf {
		if err := s.put(i, i, "one", now.Add(time.Duration(i))); err != nil {
			t.Fatal(err)
		}
	}
	if _, old := s.get(0, now); old || len(s.things) != maxOfShelf {
		t.Errorf("%d of one source", len(s.things))
	}
	for i := len(s.things); i < maxShelf; i++ {
		if err := s.put(1000+i, i, fmt.Sprint(i), now); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.put(-1, 0, "late", now); err != errBusy {
		t.Errorf("above the bound: %v", err)
	}
	if err := s.put(-1, 0, "one", now); err != nil {
		t.Errorf("a source crowds out itself: %v", err)
	}
	if err := s.put(-2, 0, "late", now.Add(shelfLife)); err != nil || len(s.things) > maxOfShelf+1 {
		t.Errorf("what is old stays: %v, %d", err, len(s.things))
	}
}

// The seconds were once written with letters, of which one meant "offered".
func TestDeviceRemembersWhatItWasToldAtEverySecond(t *testing.T) {
	t.Parallel()
	for told := range int64(100) {
		for _, offered := range []bool{false, true} {
			want := person{mark: personMark("u1"), told: 1_795_000_000 + told, offered: offered}
			w := httptest.NewRecorder()
			device{}.with(want).keep(w)
			r := httptest.NewRequest("GET", "/", nil)
			r.AddCookie(w.Result().Cookies()[0])
			if got, ok := deviceOf(r).person("u1"); !ok || got != want {
				t.Errorf("%+v came back as %+v", want, got)
			}
		}
	}
}
