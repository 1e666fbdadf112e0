package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestLoginIsFoundInAnySpelling(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.browser("192.0.2.1")
	for _, typed := range []string{"cánbộ", "CÁNBỘ", "  Cánbộ ", "ca\u0301nbo\u0323\u0302"} { // the last in NFD
		if a := r.send(c, r.form(c), typed, password); a.code != 302 {
			t.Errorf("%q: %d", typed, a.code)
		}
	}
	if a := r.send(c, r.form(c), "cánbộ", "ma\u0323\u0302t kha\u0302\u0309u ra\u0302\u0301t da\u0300i"); a.code != 302 {
		t.Errorf("a password in NFD: %d", a.code)
	}
}

func TestPageKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.browser("192.0.2.1")
	a := r.send(c, r.form(c), `Cánbộ"><script>`, "wrong")
	for _, want := range []string{`value="Cánbộ&#34;&gt;&lt;script&gt;"`, `aria-describedby="wrong"`, "không đúng", `autocomplete="current-password"`, `autocomplete="username"`, ">English</a>"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("no %s in %s", want, a.body)
		}
	}
	if a.code != 401 || strings.Contains(a.body, `"wrong-password"`) || strings.Contains(a.header.Get("Content-Security-Policy"), "unsafe") {
		t.Errorf("%d %v", a.code, a.header)
	}
	en := r.do(c, "GET", issuer+"/login?lang=en&id="+r.form(c), nil)
	if !strings.Contains(en.body, "Password") || !strings.Contains(en.body, ">Tiếng Việt</a>") {
		t.Errorf("English: %s", en.body)
	}
	q := asked()
	q.Set("ui_locales", "en")
	if a := r.do(c, "GET", issuer+"/authorize?"+q.Encode(), nil); !strings.Contains(a.body, "Password") {
		t.Errorf("ui_locales=en: %s", a.body)
	}
	if a := r.send(c, r.form(c), "cánbộ", ""); a.code != 422 {
		t.Errorf("no password: %d", a.code)
	}
}

func TestNobodyIsToldWhy(t *testing.T) {
	t.Parallel()
	r := newRig(t, Account{Subject: "u1", Login: "an", Hash: cheap(password)}, Account{Subject: "u2", Login: "binh", Hash: cheap(password), Disabled: true},
		Account{Subject: "u3", Login: "chi"})
	c := r.browser("192.0.2.1")
	id := r.form(c)
	seen := map[string]bool{}
	for login, pw := range map[string]string{"an": "wrong", "binh": password, "chi": password, "nobody": password} {
		a := r.send(c, id, login, pw)
		seen[strconv.Itoa(a.code)+strings.ReplaceAll(optionsField.ReplaceAllString(a.body, ""), `value="`+login+`"`, "")] = true
	}
	if len(seen) != 1 {
		t.Errorf("%d different answers", len(seen))
	}
	// What is checked for unknown names costs what a real one does.
	if h := Hash("x"); r.p.dummy[:strings.LastIndex(h[:40], "$")] != h[:strings.LastIndex(h[:40], "$")] || len(r.p.dummy) != len(h) {
		t.Errorf("%s is checked for unknown names", r.p.dummy)
	}
}

// Whoever fails waits; the officer, from elsewhere, does not.
func TestNobodyLocksAnOfficerOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		attacker, officer := r.browser("192.0.2.1"), r.browser("192.0.2.2")
		id := r.form(attacker)
		for i := range freeTries {
			if a := r.send(attacker, id, "cánbộ", "wrong"); a.code != 401 {
				t.Fatalf("try %d: %d", i, a.code)
			}
		}
		a := r.send(attacker, id, "CÁNBỘ", password)
		if a.code != 429 || a.header.Get("Retry-After") != "10" || !strings.Contains(a.body, "10 giây") || !slices.Contains(r.kinds(), Paused) {
			t.Errorf("after %d failures: %d %v %s", freeTries, a.code, a.header, a.body)
		}
		if a := r.send(officer, r.form(officer), "cánbộ", password); a.code != 302 {
			t.Errorf("the officer, elsewhere: %d", a.code)
		}
		time.Sleep(firstPause)
		if a := r.send(attacker, id, "cánbộ", "wrong"); a.code != 401 {
			t.Errorf("after the pause: %d", a.code)
		}
		if a := r.send(attacker, id, "cánbộ", password); a.code != 429 || a.header.Get("Retry-After") != "20" {
			t.Errorf("the next pause: %d %v", a.code, a.header)
		}
		time.Sleep(2 * firstPause)
		if a := r.send(attacker, id, "cánbộ", password); a.code != 302 {
			t.Errorf("the right one after the pause: %d", a.code)
		}
		if len(r.p.guard.failed) != 0 {
			t.Error("success did not end the counting")
		}
	})
}

func TestPausesGrowAndEnd(t *testing.T) {
	t.Parallel()
	for count, want := range map[int]time.Duration{0: 0, freeTries - 1: 0, freeTries: firstPause, freeTries + 1: 2 * firstPause, freeTries + 3: 8 * firstPause, freeTries + 7: longPause, 1 << 30: longPause} {
		if got := (failures{count: count}).pause(); got != want {
			t.Errorf("%d failures: %v, want %v", count, got, want)
		}
	}
	g, now := newGuard(), time.Now()
	for range freeTries {
		_ = g.begin(try{"a", "s"}, now)
	}
	var pause pauseError
	if err := g.begin(try{"a", "s"}, now); !errors.As(err, &pause) || pause.For != firstPause {
		t.Errorf("%v", err)
	}
	if err := g.begin(try{"a", "s"}, now.Add(forgetting)); err != nil || g.failed[try{"a", "s"}].count != 1 {
		t.Errorf("after an hour: %v", err)
	}
	for i := range maxCounted + 10 {
		if err := g.begin(try{fmt.Sprint(i), "flood"}, now.Add(time.Duration(i)*time.Millisecond)); err != nil {
			t.Fatal(err)
		}
	}
	if len(g.failed) > maxCounted {
		t.Errorf("%d are counted", len(g.failed))
	}
}

func TestChecksAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGuard()
		var running, most int
		var mu sync.Mutex
		work := func() {
			mu.Lock()
			running++
			most = max(most, running)
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			running--
			mu.Unlock()
		}
		results := make(chan error, maxWaiting+1)
		for i := range maxWaiting {
			go func() { results <- g.do(t.Context(), fmt.Sprint(i), work) }()
		}
		synctest.Wait()
		if err := g.do(t.Context(), "late", work); !errors.Is(err, errBusy) {
			t.Errorf("above the bound: %v", err)
		}
		busy := 0
		for range maxWaiting {
			if err := <-results; errors.Is(err, errBusy) {
				busy++
			}
		}
		// Two at a time, a second each, five seconds of patience.
		if want := maxWaiting - 2*maxChecks*int(maxWait/time.Second)/2 - maxChecks; most != maxChecks || busy > want+maxChecks || busy < want-maxChecks {
			t.Errorf("%d ran at a time, %d gave up (about %d)", most, busy, want)
		}
		if g.all != 0 || len(g.waiting) != 0 {
			t.Error("somebody still waits")
		}
		for range maxWaitingSource {
			go func() { _ = g.do(t.Context(), "one", work) }()
		}
		synctest.Wait()
		if err := g.do(t.Context(), "one", work); !errors.Is(err, errBusy) {
			t.Errorf("one source crowds out: %v", err)
		}
		if err := g.do(t.Context(), "another", work); err != nil {
			t.Errorf("another source: %v", err)
		}
	})
}

func TestBusyIsSaidAndNotCounted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.browser("192.0.2.1")
	id := r.form(c)
	r.p.guard.all = maxWaiting
	if a := r.send(c, id, "cánbộ", password); a.code != 503 || a.header.Get("Retry-After") == "" {
		t.Errorf("%d %v", a.code, a.header)
	}
	r.p.guard.all = 0
	if len(r.p.guard.failed) != 0 {
		t.Error("counted as a failure")
	}
	r.p.cfg.Accounts = broken{r.accounts}
	if a := r.send(c, id, "cánbộ", password); a.code != 503 || !strings.Contains(r.log.String(), "store down") {
		t.Errorf("store down: %d", a.code)
	}
}

// broken are accounts whose store is down.
type broken struct{ Accounts }

func (broken) ByLogin(context.Context, string) (Account, error) {
	return Account{}, errors.New("store down")
}

func TestPasswordRules(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]error{
		"123456789": errShort, "mậtkhẩu": errShort, "": errShort, strings.Repeat("ă", 9): errShort,
		"matkhau123": errCommon, "Mật khẩu 123": errCommon, "MATKHAU@123": errCommon, "Anh yêu em nhiều": errCommon, "Congan113113!": errCommon,
		"1234567890": errCommon, "          x": errCommon, "0987654321": errCommon, "aaaaaaaaaaaa": errCommon, "abcdefghijkl": errCommon, "890123456789": errCommon,
		"Nguyen.Van.An": errLogin, "nguyễn.văn.an": errLogin, strings.Repeat("x", maxPassword+1): errLong,
		"con mèo trèo cây cau": nil, "điện thoại của mẹ": nil, "abcdefghijlk": nil, "1357924680": nil,
	} {
		if got := CheckPassword(password, "nguyen.van.an"); !errors.Is(got, want) && got != want {
			t.Errorf("%.30q: %v, want %v", password, got, want)
		}
	}
	for line := range common {
		if bareText(line) != line || len([]rune(line)) < minPassword && !strings.HasSuffix(line, "!") {
			t.Errorf("%q in the list can never be met", line)
		}
	}
}

func TestHashes(t *testing.T) {
	t.Parallel()
	h := Hash(password)
	if !verify(h, password) || verify(h, password+" ") || h == Hash(password) || !strings.HasPrefix(h, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("%s", h)
	}
	for _, bad := range []string{"", "x", "$argon2id$v=19$m=99999999,t=1,p=1$c2FsdHNhbHQ$AA", "$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$AA", "$argon2id$v=19$m=64,t=0,p=1$c2FsdHNhbHQ$AA",
		"$argon2id$v=19$m=64,t=1,p=0$c2FsdHNhbHQ$AA", "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$", "$argon2id$v=19$m=64,t=1,p=1$!$!", strings.Replace(h, "v=19", "v=18", 1)} {
		if verify(bad, "") || verify(bad, password) {
			t.Errorf("%q fits", bad)
		}
	}
}
