package provider

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func (r *rig) account(subject string) Account {
	r.t.Helper()
	a, err := r.accounts.BySubject(r.t.Context(), subject)
	if err != nil {
		r.t.Fatal(err)
	}
	return a
}

func TestPasskeyServesInsteadOfThePassword(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.browser("192.0.2.1")
	k := r.owner(c, "cánbộ")
	id, options := r.page(c)
	if options["userVerification"] != "required" || options["rpId"] != "gateway.example" || options["allowCredentials"] != nil {
		t.Errorf("asked: %v", options)
	}
	a := r.tap(c, id, k.get(options))
	u, err := url.Parse(a.header.Get("Location"))
	if err != nil || a.code != 302 || u.Query().Get("code") == "" {
		t.Fatalf("%d %s %s", a.code, u, a.body)
	}
	status, got := r.token(redeem(u.Query().Get("code")))
	if status != 200 {
		t.Fatalf("%d %+v", status, got)
	}
	for range 2 { // at sign-in, and at a refresh
		claims, err := base64.RawURLEncoding.DecodeString(strings.Split(got.ID, ".")[1])
		var is struct{ AMR []string }
		if err != nil || json.Unmarshal(claims, &is) != nil || !slices.Equal(is.AMR, byPasskey) {
			t.Errorf("the token says %s", claims)
		}
		if status, got = r.token(renew(got.Refresh)); status != 200 {
			t.Fatalf("refresh: %d", status)
		}
	}
	kept := r.account("u1").Passkeys[0]
	if kept.Count != 2 || kept.Used.IsZero() || !kept.Eligible || !kept.BackedUp || kept.Name != "Browser, unknown system" {
		t.Errorf("%+v", kept)
	}
	if !slices.Equal(r.kinds(), []Kind{SignedIn, PasskeyAdded, SignedIn}) || r.events[2].Passkey != kept.Name || r.events[2].Login != "cánbộ" {
		t.Errorf("%+v", r.events)
	}
}

// Each of these is somebody else's doing, or a broken authenticator.
func TestPasskeyThatWasNotUsedAsAskedIsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t, Account{Subject: "u1", Login: "cánbộ", Hash: cheap(password)}, Account{Subject: "u2", Login: "binh", Hash: cheap(password)})
	c := r.browser("192.0.2.1")
	k := r.owner(c, "cánbộ")
	same, number := map[string]bool{}, 10
	for name, change := range map[string]func(*authenticator){
		"another origin":           func(k *authenticator) { k.origin = "https://gateway.example.evil" },
		"another port":             func(k *authenticator) { k.origin = "https://gateway.example:444" },
		"in clear":                 func(k *authenticator) { k.origin = "http://gateway.example" },
		"another relying party":    func(k *authenticator) { k.rp = "example" },
		"nobody was verified":      func(k *authenticator) { k.flags &^= flagVerified },
		"nobody was there":         func(k *authenticator) { k.flags &^= flagPresent },
		"of another ceremony":      func(k *authenticator) { k.kind = "webauthn.create" },
		"another key":              func(k *authenticator) { k.key = newAuthenticator(t).key },
		"an unknown credential":    func(k *authenticator) { k.id = newAuthenticator(t).id },
		"an unknown person":        func(k *authenticator) { k.handle = []byte("nobody") },
		"another person":           func(k *authenticator) { k.handle = []byte("u2") },
		"no person":                func(k *authenticator) { k.handle = nil },
		"not a person":             func(k *authenticator) { k.handle = []byte("../\x00") },
		"another kind of passkey":  func(k *authenticator) { k.flags &^= flagEligible | flagBackedUp },
		"backed up, and never was": func(k *authenticator) { k.flags &^= flagEligible },
	} {
		bad := *k
		change(&bad)
		number++
		c := r.browser("192.0.2." + strconv.Itoa(number)) // each with its own count of failures
		id, options := r.page(c)
		a := r.tap(c, id, bad.get(options))
		if a.code != 401 {
			t.Errorf("%s: %d", name, a.code)
		}
		same[strings.ReplaceAll(optionsField.ReplaceAllString(a.body, ""), id, "")] = true
		k.count = bad.count
	}
	if len(same) != 1 {
		t.Errorf("%d different answers", len(same))
	}
	id, options := r.page(c)
	if a := r.tap(c, id, k.get(options)); a.code != 302 {
		t.Errorf("as asked: %d %s", a.code, a.body)
	}
}

func TestChallengeIsGoodOnceInItsBrowserForFiveMinutes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		c, stranger := r.browser("192.0.2.1"), r.browser("192.0.2.1")
		k := r.owner(c, "cánbộ")
		id, options := r.page(c)
		theirs, foreign := r.page(stranger)
		answer := k.get(options)
		if a := r.tap(stranger, theirs, answer); a.code != 409 {
			t.Errorf("another browser's challenge: %d", a.code)
		}
		if a := r.tap(stranger, id, answer); a.code != 400 {
			t.Errorf("another browser's sign-in: %d", a.code)
		}
		if a := r.tap(c, id, k.get(foreign)); a.code != 409 {
			t.Errorf("a challenge that another browser was given: %d", a.code)
		}
		other, _ := r.page(c)
		if a := r.tap(c, other, answer); a.code != 409 {
			t.Errorf("another sign-in's challenge: %d", a.code)
		}
		if a := r.tap(c, "", answer); a.code != 409 {
			t.Errorf("a sign-in's challenge for the page of passkeys: %d", a.code)
		}
		if a := r.tap(c, id, answer); a.code != 302 {
			t.Errorf("none of this used it up: %d %s", a.code, a.body)
		}
		again, _ := r.page(c)
		for _, id := range []string{id, again} {
			if a := r.tap(c, id, answer); a.code != 400 && a.code != 409 {
				t.Errorf("replayed: %d", a.code)
			}
		}
		id, options = r.page(c)
		answer = k.get(options)
		time.Sleep(shelfLife)
		a := r.tap(c, id, answer)
		if a.code != 409 || !strings.Contains(a.body, "quá lâu") {
			t.Errorf("after five minutes: %d %s", a.code, a.body)
		}
		if a := r.tap(c, id, k.get(r.options(a.body))); a.code != 302 {
			t.Errorf("with the challenge of the page that says so: %d", a.code)
		}
	})
}

func TestCopiedPasskeyIsRefusedAndTold(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.browser("192.0.2.1")
	k := r.owner(c, "cánbộ")
	thief := *k
	for range 3 {
		id, options := r.page(c)
		if a := r.tap(c, id, k.get(options)); a.code != 302 {
			t.Fatalf("%d", a.code)
		}
	}
	elsewhere := r.browser("192.0.2.66")
	id, options := r.page(elsewhere)
	if a := r.tap(elsewhere, id, thief.get(options)); a.code != 401 {
		t.Errorf("a copy: %d", a.code)
	}
	a := r.account("u1")
	if a.Passkeys[0].Count != 4 || a.Notes[len(a.Notes)-1].Kind != PasskeyCopied || !slices.Contains(r.kinds(), PasskeyCopied) {
		t.Errorf("%+v", a)
	}
	if list := r.do(c, "GET", issuer+"/passkeys", nil); list.code != 200 || !strings.Contains(list.body, "có thể passkey này bị sao chép") {
		t.Errorf("the owner is not told: %d %s", list.code, list.body)
	}
	k.count = 0xffffffff - 1
	id, options = r.page(c)
	if a := r.tap(c, id, k.get(options)); a.code != 302 {
		t.Errorf("the owner: %d", a.code)
	}
}

// Passkeys that are kept on several devices count nothing.
func TestPasskeyWithoutACountWorksAgainAndAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.browser("192.0.2.1")
	id := r.form(c)
	a := r.do(c, "POST", issuer+"/login", url.Values{"id": {id}, "login": {"cánbộ"}, "password": {password}, "can": {"1"}})
	k := newAuthenticator(t)
	k.count = 0
	r.do(c, "POST", issuer+"/passkeys/add", url.Values{"id": {id}, "answer": {k.create(r.options(a.body))}})
	for range 2 {
		id, options := r.page(c)
		k.count = 0xffffffff // get adds one
		if a := r.tap(c, id, k.get(options)); a.code != 302 {
			t.Errorf("%d %s", a.code, a.body)
		}
	}
}

func TestDisabledAccountHasNoPasskeys(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.browser("192.0.2.1")
	k := r.owner(c, "cánbộ")
	_ = r.accounts.Change(t.Context(), "u1", func(a *Account) error { a.Disabled = true; return nil })
	id, options := r.page(c)
	a := r.tap(c, id, k.get(options))
	if a.code != 401 || !strings.Contains(a.body, "không dùng được ở đây") {
		t.Errorf("%d %s", a.code, a.body)
	}
	if a := r.do(c, "GET", issuer+"/passkeys", nil); strings.Contains(a.body, `name="passkey"`) {
		t.Error("its passkeys are shown")
	}
}

func TestFailuresWithPasskeysAreCounted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		c, attacker := r.browser("192.0.2.1"), r.browser("192.0.2.2")
		k := r.owner(c, "cánbộ")
		bad := *k
		bad.key = newAuthenticator(t).key
		try := func(c *http.Client, k *authenticator) reply {
			id, options := r.page(c)
			return r.tap(c, id, k.get(options))
		}
		for range freeTries {
			try(attacker, &bad)
		}
		if a := try(attacker, &bad); a.code != 429 || a.header.Get("Retry-After") != "10" || !slices.Contains(r.kinds(), Paused) {
			t.Errorf("%d %v", a.code, a.header)
		}
		if a := try(c, k); a.code != 302 {
			t.Errorf("the owner, elsewhere: %d", a.code)
		}
		time.Sleep(firstPause)
		k.count += 100
		if a := try(attacker, k); a.code != 302 || len(r.p.guard.failed) != 0 {
			t.Errorf("after the pause: %d", a.code)
		}
	})
}
