package signaling

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"matthan/auth"
)

// street is a rig with people who have a right to "home", a citizen's camera whose
// owner agreed to two purposes.
type street struct {
	*rig
	tables  auth.Tables
	secrets []string
}

func newStreet(t *testing.T, names ...string) *street {
	t.Helper()
	s := &street{tables: auth.NewMemoryTables()}
	policy, err := auth.NewPolicyFor(tokens(t, everyToken), s.tables, auth.Settings{Path: func(area string) []string { return []string{area} }})
	if err != nil {
		t.Fatal(err)
	}
	s.rig = newRig(t, func(v *Server) { v.Policy = policy })
	s.policy = policy
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { policy.Run(ctx) })
	t.Cleanup(func() { stop(); running.Wait() })
	for _, name := range names {
		secret, _, err := policy.SignIn(t.Context(), auth.Arrival{Claims: auth.Claims{Issuer: "https://id.example", Subject: name, Name: name,
			Roles: []auth.Role{auth.Viewer}, Areas: []string{"elsewhere"}}}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		s.secrets = append(s.secrets, secret)
	}
	g := auth.Grant{Who: auth.Who{Role: auth.Viewer}, Actions: []auth.Action{auth.View}, Cameras: []string{"home", "two"}, By: "chief"}
	if _, err := s.tables.Grants.Put(t.Context(), "g", g, 0); err != nil {
		t.Fatal(err)
	}
	s.consent(func(*auth.Consent) {})
	return s
}

// consent is what the owner agrees to from now on.
func (s *street) consent(edit func(*auth.Consent)) {
	s.t.Helper()
	now := time.Now()
	c := auth.Consent{Camera: "home", Owner: "Bà Tư", Purposes: []auth.Reason{auth.Theft, auth.Missing}, Given: now, From: now.Add(-time.Minute), How: auth.OnPaper, Document: "1", By: "test"}
	edit(&c)
	_, revision, _ := s.tables.Consents.Get("home")
	if _, err := s.tables.Consents.Put(s.t.Context(), "home", c, revision); err != nil {
		s.t.Fatal(err)
	}
}

// state has the first of the people state a case.
func (s *street) state(reason auth.Reason, number string) {
	s.t.Helper()
	who, err := s.policy.Authenticate(s.secrets[0], time.Now())
	if err == nil && number == "" {
		err = s.policy.CloseCase(s.t.Context(), who, time.Now())
	} else if err == nil {
		err = s.policy.OpenCase(s.t.Context(), who, auth.Case{Reason: reason, Number: number}, time.Now())
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// denied waits for the first tile to be denied, by a code.
func (s *socket) denied(code string) {
	s.t.Helper()
	var tile Tile
	s.expect(TypeTile, &tile, func() bool { return tile.State == StateDenied })
	if tile.Code != code || tile.Camera != "home" || tile.Text == nil || *tile.Text != texts[code] {
		s.t.Errorf("%+v, want %s", tile, code)
	}
}

// dark wants no picture to come any more.
func (p *phone) dark() {
	p.t.Helper()
	p.drain()
	for quiet := time.NewTimer(300 * time.Millisecond); ; {
		select {
		case <-p.pictures: // that were under way
			if !quiet.Reset(300 * time.Millisecond) {
				p.t.Fatal("pictures go on")
			}
		case <-quiet.C:
			return
		case <-time.After(patience):
			p.t.Fatal("pictures go on")
		}
	}
}

func TestACitizensCameraIsShownForACaseAndRecordedForIt(t *testing.T) {
	t.Parallel()
	r := newStreet(t, "an")
	s, p, _ := r.watch(r.secrets[0], "home")
	s.denied(CodeCase)
	if d := r.records(auth.ViewDenied, 1)[0]; d.Camera != "home" || d.Detail != CodeCase {
		t.Errorf("%+v", d)
	}
	r.state(auth.Fire, "11/2026") // which the owner did not agree to
	s.send(View{Type: TypeView, Camera: "home"})
	s.denied(CodeCase)
	r.state(auth.Theft, "12/2026")
	s.send(View{Type: TypeView, Camera: "home"})
	p.sees(1)
	opened := r.records(auth.ViewOpened, 1)[0]
	if opened.Reason != "theft" || opened.Case != "12/2026" || opened.Camera != "home" || opened.Kind != auth.Household {
		t.Errorf("%+v", opened)
	}
	s.send(View{Type: TypeView, Camera: "two"}) // no citizen's
	p.sees(2)
	if two := r.records(auth.ViewOpened, 2)[1]; two.Reason != "" || two.Case != "" {
		t.Errorf("%+v", two)
	}
	s.send(View{Type: TypeView, Camera: "home"}) // the case is still open: nobody asks again
	p.sees(1)
	r.records(auth.ViewOpened, 3)
	r.state(auth.Missing, "13/2026")
	if next := r.records(auth.ViewOpened, 4)[3]; next.Reason != "missing" || next.Case != "13/2026" {
		t.Errorf("%+v", next)
	}
	if c := r.closed(3); c.Case != "12/2026" || c.Reason != "theft" || c.Detail != whyCase {
		t.Errorf("%+v", c)
	}
	p.drain()
	p.sees(1) // it goes on, for the other case
	r.state("", "")
	s.denied(CodeCase)
	p.dark()
	if c := r.closed(4); c.Case != "13/2026" || c.Detail != whyCase || c.Duration <= 0 {
		t.Errorf("%+v", c)
	}
}

func TestALookEndsWithWhatTheOwnerAgreedTo(t *testing.T) {
	t.Parallel()
	r := newStreet(t, "an")
	r.state(auth.Theft, "12/2026")
	s, p, _ := r.watch(r.secrets[0], "home")
	p.sees(1)
	r.consent(func(c *auth.Consent) { c.Off = time.Now() })
	s.denied(CodeClosed)
	p.dark()
	if c := r.closed(1); c.Detail != whyClosed || c.Case != "12/2026" {
		t.Errorf("%+v", c)
	}
	until := time.Now().Add(time.Second)
	r.consent(func(c *auth.Consent) { c.Until = until })
	s.send(View{Type: TypeView, Camera: "home"})
	p.sees(1)
	s.denied(CodeClosed) // by the clock
	if late := time.Since(until); late < 0 || late > patience/2 {
		t.Errorf("it ended %v after its time", late)
	}
	p.dark()
	r.closed(2)
}

func TestWHEPShowsACitizensCameraForACaseOnly(t *testing.T) {
	t.Parallel()
	r := newStreet(t, "an")
	play := func(secret string, status int, code string) (location string, p *phone, body string) {
		t.Helper()
		p = newPhone(t, 1)
		resp, body := r.ask("POST", "/whep/home", typeSDP, secret, p.offer(false))
		if resp.StatusCode != status || code != "" && !strings.Contains(body, `"code":"`+code+`"`) {
			t.Fatalf("%d %s, want %d %s", resp.StatusCode, body, status, code)
		}
		return resp.Header.Get("Location"), p, body
	}
	play(everyToken, http.StatusNotFound, CodeNotFound)
	play(r.secrets[0], http.StatusForbidden, CodeCase)
	r.consent(func(c *auth.Consent) { c.Masks = []auth.Mask{{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 0, Y: 1}}} })
	play(r.secrets[0], http.StatusForbidden, CodeClosed)
	r.consent(func(*auth.Consent) {})
	r.state(auth.Theft, "12/2026")
	_, p, answer := play(r.secrets[0], http.StatusCreated, "")
	p.answer(answer)
	p.sees(1)
	if o := r.records(auth.ViewOpened, 1)[0]; o.Case != "12/2026" || o.Reason != "theft" {
		t.Errorf("%+v", o)
	}
	r.state(auth.Missing, "13/2026") // a player asks anew
	p.dark()
	if c := r.closed(1); c.Case != "12/2026" || c.Detail != whyCase {
		t.Errorf("%+v", c)
	}
	_, p, answer = play(r.secrets[0], http.StatusCreated, "")
	p.answer(answer)
	p.sees(1)
	r.consent(func(c *auth.Consent) { c.Withdrawn = time.Now() })
	p.dark()
	if c := r.closed(2); c.Detail != whyClosed {
		t.Errorf("%+v", c)
	}
}
