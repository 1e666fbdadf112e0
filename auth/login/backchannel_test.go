package login

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"
)

const logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

// logoutClaims are those of a good logout token for subject.
func logoutClaims(subject string) map[string]any {
	return map[string]any{"iss": gateway + "/id", "aud": "matthan", "sub": subject, "jti": rand.Text(), "iat": time.Now().Unix(),
		"exp": time.Now().Add(2 * time.Minute).Unix(), "events": map[string]any{logoutEvent: map[string]any{}}}
}

func (s *site) push(raw string) int {
	s.t.Helper()
	return s.post(s.browser(), gateway+backchannelPath, url.Values{"logout_token": {raw}}).code
}

func TestForgedLogoutTokensEndNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.signIn(s.browser())
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	with := func(change func(map[string]any)) string {
		c := logoutClaims("u1")
		change(c)
		return s.sign(s.key, "logout+jwt", c)
	}
	set := func(k string, v any) string { return with(func(c map[string]any) { c[k] = v }) }
	without := func(k string) string { return with(func(c map[string]any) { delete(c, k) }) }
	good := s.sign(s.key, "logout+jwt", logoutClaims("u1"))
	part := strings.Split(good, ".")
	for name, raw := range map[string]string{
		"empty":            "",
		"no token":         "a.b.c",
		"foreign key":      s.sign(other, "logout+jwt", logoutClaims("u1")),
		"untyped":          s.sign(s.key, "", logoutClaims("u1")),
		"typed JWT":        s.sign(s.key, "JWT", logoutClaims("u1")),
		"an ID token":      v.Tokens.ID,
		"no signature":     part[0] + "." + part[1] + ".",
		"alg none":         "eyJhbGciOiJub25lIiwidHlwIjoibG9nb3V0K2p3dCJ9." + part[1] + ".",
		"other issuer":     set("iss", "https://evil.example"),
		"other audience":   set("aud", "another"),
		"stale":            set("exp", time.Now().Add(-time.Minute).Unix()),
		"no exp":           without("exp"),
		"no iat":           without("iat"),
		"good for a year":  set("exp", time.Now().AddDate(1, 0, 0).Unix()),
		"from the future":  set("iat", time.Now().Add(time.Hour).Unix()),
		"with nonce":       set("nonce", "n"),
		"no event":         set("events", map[string]any{}),
		"other event":      set("events", map[string]any{"x": map[string]any{}}),
		"nobody":           without("sub"),
		"no jti":           without("jti"),
		"a very long jti":  set("jti", strings.Repeat("j", maxText+1)),
		"more than a form": strings.Repeat("a", maxLogoutBody),
	} {
		if code := s.push(raw); code != 400 {
			t.Errorf("%s: %d", name, code)
		}
	}
	if code := s.post(s.browser(), gateway+backchannelPath+"?logout_token="+good, nil).code; code != 400 {
		t.Errorf("in the URL: %d", code)
	}
	s.sessions.only(t)
	if code := s.push(good); code != 200 || s.sessions.why[v.ID] != "signed out at the provider" {
		t.Errorf("control: %d, %q", code, s.sessions.why[v.ID])
	}
}

func TestLogoutTokenIsGoodOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c := s.browser()
	s.signIn(c)
	raw := s.sign(s.key, "logout+jwt", logoutClaims("u1"))
	s.sessions.broken = errors.New("store down")
	if code := s.push(raw); code != 503 {
		t.Errorf("a token that could not be obeyed: %d", code)
	}
	s.sessions.broken = nil
	if code := s.push(raw); code != 200 {
		t.Errorf("the provider tries again: %d", code)
	}
	s.signIn(c)
	if code := s.push(raw); code != 400 {
		t.Errorf("replayed: %d", code)
	}
	s.sessions.only(t)
}

func TestLogoutBySIDEndsThatSignInOnly(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	first := s.signIn(s.browser())
	c := s.browser()
	s.send(c, s.form(c, "/"), password)
	if len(s.sessions.all) != 2 {
		t.Fatal(len(s.sessions.all))
	}
	claims := logoutClaims("u1")
	claims["sid"] = first.SID
	if code := s.push(s.sign(s.key, "logout+jwt", claims)); code != 200 || s.sessions.only(t).ID == first.ID {
		t.Errorf("by sid: %d", code)
	}
	if code := s.push(s.sign(s.key, "logout+jwt", logoutClaims("somebody"))); code != 200 {
		t.Errorf("somebody else: %d", code)
	}
	s.sessions.only(t)
	if code := s.push(s.sign(s.key, "logout+jwt", logoutClaims("u1"))); code != 200 || len(s.sessions.all) != 0 {
		t.Errorf("by sub: %d", code)
	}
}

func TestUntypedLogoutTokenIsTakenWhereConfigured(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(c *Config) { c.UntypedLogout = true })
	for typ, want := range map[string]int{"": 200, "JWT": 200, "logout+jwt": 200, "at+jwt": 400} {
		if code := s.push(s.sign(s.key, typ, logoutClaims("u1"))); code != want {
			t.Errorf("typ %q: %d", typ, code)
		}
	}
	claims := maps.Clone(logoutClaims("u1"))
	delete(claims, "events")
	if code := s.push(s.sign(s.key, "", claims)); code != 400 {
		t.Errorf("without the event: %d", code)
	}
}

func TestBackChannelIsBounded(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.down.Store(true)
	if code := s.push(s.sign(s.key, "logout+jwt", logoutClaims("u1"))); code != 503 {
		t.Errorf("provider down: %d", code)
	}
	for range maxLogoutsNow {
		s.login.logouts.turns <- struct{}{}
	}
	if code := s.push(s.sign(s.key, "logout+jwt", logoutClaims("u1"))); code != 503 {
		t.Errorf("too many at a time: %d", code)
	}
	o, now := newLogouts(), time.Now()
	for i := range maxLogoutsSeen {
		if err := o.take(rand.Text(), now.Add(time.Duration(i)*time.Millisecond), now); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.take("one more", now.Add(time.Minute), now); !errors.Is(err, errCrowd) {
		t.Errorf("more than may be kept: %v", err)
	}
	if err := o.take("later", now.Add(time.Hour), now.Add(time.Second)); err != nil {
		t.Errorf("after some are over: %v", err)
	}
}
