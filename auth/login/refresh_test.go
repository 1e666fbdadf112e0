package login

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"matthan/auth/provider"
)

func (s *site) change(edit func(*provider.Account)) {
	s.t.Helper()
	if err := s.accounts.Change(s.t.Context(), "u1", func(a *provider.Account) error { edit(a); return nil }); err != nil {
		s.t.Fatal(err)
	}
}

func TestRefreshBringsNewRights(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.signIn(s.browser())
	s.change(func(a *provider.Account) { a.Areas = []string{"vinh"} })
	if err := s.login.Refresh(t.Context(), v.ID); err != nil {
		t.Fatal(err)
	}
	w := s.sessions.only(t)
	if !slices.Equal(w.Areas, []string{"vinh"}) || w.Refresh == v.Refresh || w.SID != v.SID || !w.At.Equal(v.At) {
		t.Errorf("%+v after %+v", w.Identity, v.Identity)
	}
}

func TestRefreshEndsWhatTheProviderWithdrew(t *testing.T) {
	t.Parallel()
	for name, withdraw := range map[string]func(*provider.Account){
		"disabled":         func(a *provider.Account) { a.Disabled = true },
		"no role any more": func(a *provider.Account) { a.Roles = nil },
		"signed out":       func(a *provider.Account) { a.Families = nil },
		"no password":      func(a *provider.Account) { a.Hash = "" },
	} {
		s := newSite(t)
		v := s.signIn(s.browser())
		s.change(withdraw)
		if err := s.login.Refresh(t.Context(), v.ID); !errors.Is(err, ErrEnded) || len(s.sessions.all) != 0 {
			t.Errorf("%s: %v, %d sessions", name, err, len(s.sessions.all))
		}
		if err := s.login.Refresh(t.Context(), v.ID); !errors.Is(err, ErrEnded) {
			t.Errorf("%s, again: %v", name, err)
		}
	}
}

// A copied refresh token that is used ends the sign-in, whoever comes first.
func TestCopiedRefreshTokenEndsTheFamily(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.signIn(s.browser())
	use := func(token string) reply {
		return s.post(s.browser(), gateway+"/id/oauth/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}},
			"Authorization", "Basic bWF0dGhhbjphLXNlY3JldC1vZi10aGlzLXRlc3Q=")
	}
	if p := use(v.Refresh); p.code != 200 { // the thief
		t.Fatalf("%d %s", p.code, p.body)
	}
	if err := s.login.Refresh(t.Context(), v.ID); !errors.Is(err, ErrEnded) {
		t.Errorf("the owner after the thief: %v", err)
	}
	if a, _ := s.accounts.BySubject(t.Context(), "u1"); len(a.Families) != 0 {
		t.Error("the thief's token is still good")
	}
}

func TestOneRefreshIsUnderWay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.signIn(s.browser())
	s.asked.Store(0)
	entered, leave := make(chan struct{}), make(chan struct{})
	var first atomic.Bool
	s.before = func() {
		if first.CompareAndSwap(false, true) {
			close(entered)
			<-leave
		}
	}
	results := make(chan error, 10)
	go func() { results <- s.login.Refresh(t.Context(), v.ID) }()
	<-entered
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.login.Refresh(gone, v.ID); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller that left: %v", err)
	}
	for range 9 {
		go func() { results <- s.login.Refresh(t.Context(), v.ID) }()
	}
	close(leave)
	for range 10 {
		if err := <-results; err != nil {
			t.Errorf("refresh: %v", err)
		}
	}
	// Those that came too late for the first have asked again, one after another.
	if n := s.asked.Load(); n < 1 || n > 10 {
		t.Errorf("asked %d times", n)
	}
	if err := s.login.Refresh(t.Context(), v.ID); err != nil {
		t.Errorf("the token was lost: %v", err)
	}
}

func TestSignInLastsOneShift(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		v := s.signIn(s.browser())
		began := time.Now()
		for {
			time.Sleep(4 * time.Minute)
			err := s.login.Refresh(t.Context(), v.ID)
			if errors.Is(err, ErrEnded) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if d := time.Since(began); d < 12*time.Hour || d > 12*time.Hour+4*time.Minute {
			t.Errorf("ended after %v", d)
		}
	})
}

func TestProviderThatIsDownKeepsNobodyOutWhoIsIn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		s.down.Store(true)
		c := s.browser()
		p := s.get(c, gateway+beginPath+"?back=/x")
		if p.code != 503 || p.header.Get("Retry-After") == "" || !strings.Contains(p.body, "back=%2Fx") {
			t.Errorf("down at start: %d %s", p.code, p.body)
		}
		s.down.Store(false)
		time.Sleep(retryWait)
		v := s.signIn(c)
		s.down.Store(true)
		time.Sleep(2 * discoveryLife) // its metadata are old now
		since := time.Now()
		for {
			err := s.login.Refresh(t.Context(), v.ID)
			if errors.Is(err, ErrEnded) {
				break
			}
			if !errors.Is(err, errSilent) {
				t.Fatalf("while it is down: %v", err)
			}
			time.Sleep(time.Minute)
		}
		if d := time.Since(since); d != Grace {
			t.Errorf("ended after %v of silence", d)
		}
		s.down.Store(false)
		time.Sleep(retryWait)
		v = s.signIn(c)
		for range 3 { // silence that is broken begins anew
			s.down.Store(true)
			_ = s.login.Refresh(t.Context(), v.ID)
			time.Sleep(Grace - time.Minute)
			s.down.Store(false)
			if err := s.login.Refresh(t.Context(), v.ID); err != nil {
				t.Fatalf("after a silence: %v", err)
			}
		}
		if len(s.login.silent) != 0 || len(s.login.asking) != 0 {
			t.Error("something is left behind")
		}
	})
}

// status answers token requests with a status and a body.
type status struct {
	*site
	code *int
	body *string
}

func (a status) RoundTrip(r *http.Request) (*http.Response, error) {
	if *a.code == 0 || !strings.HasSuffix(r.URL.Path, "/token") {
		return a.site.RoundTrip(r)
	}
	return inProcess{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(*a.code)
		_, _ = w.Write([]byte(*a.body))
	})}.RoundTrip(r)
}

func TestOnlyARefusalEndsASession(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		code int
		body string
		ends bool
	}{
		{500, "", false}, {502, "<html>", false}, {503, `{"error":"temporarily_unavailable"}`, false}, {429, `{"error":"slow_down"}`, false}, {408, "", false},
		{400, `{"error":"server_error"}`, false}, {400, `{"error":"invalid_grant"}`, true}, {401, `{"error":"invalid_client"}`, true}, {403, "", true}, {302, "", true},
	} {
		s := newSite(t)
		code, body := 0, tt.body
		s.login.http = newClient(status{s, &code, &body})
		v := s.signIn(s.browser())
		code = tt.code
		err := s.login.Refresh(t.Context(), v.ID)
		if errors.Is(err, ErrEnded) != tt.ends || err == nil || (len(s.sessions.all) == 0) != tt.ends {
			t.Errorf("%d %s: %v, %d sessions", tt.code, tt.body, err, len(s.sessions.all))
		}
	}
}

func TestSessionWithoutRefreshTokenIsNotAskedAbout(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(c *Config) { c.Scopes = []string{"profile"} })
	v := s.signIn(s.browser())
	s.asked.Store(0)
	if err := s.login.Refresh(t.Context(), v.ID); v.Refresh != "" || err != nil || s.asked.Load() != 0 {
		t.Errorf("%v, asked %d times", err, s.asked.Load())
	}
}

// A gateway's provider was replaced: the old one's refresh token is a secret
// that the new one must not see.
func TestASessionOfAnotherProviderEndsWithoutAskingThisOne(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.signIn(s.browser())
	v.Issuer = "https://before.example"
	s.sessions.all[v.ID] = v
	s.asked.Store(0)
	if err := s.login.Refresh(t.Context(), v.ID); !errors.Is(err, ErrEnded) || s.asked.Load() != 0 || len(s.sessions.all) != 0 {
		t.Errorf("%v, asked %d times, %d sessions", err, s.asked.Load(), len(s.sessions.all))
	}
}
