package signaling

import (
	"testing"
	"testing/synctest"
	"time"

	"matthan/auth"
)

// signedIn makes a policy with people, and gives the session secrets of as many
// devices as names: the same name is the same person.
func signedIn(t *testing.T, names ...string) (*auth.Policy, []string) {
	t.Helper()
	p, err := auth.NewPolicyFor(tokens(t, everyToken), auth.NewMemoryTables(), auth.Settings{
		Path: func(area string) []string { return []string{area} },
		Camera: func(id string) (auth.Resource, bool) {
			return auth.Resource{Camera: id, Kind: "public", Areas: []string{"ward"}}, true
		}})
	if err != nil {
		t.Fatal(err)
	}
	var secrets []string
	for _, name := range names {
		secret, _, err := p.SignIn(t.Context(), auth.Arrival{Claims: auth.Claims{Issuer: "https://id.example", Subject: name, Name: name, Number: "so-" + name,
			Roles: []auth.Role{auth.Viewer}, Areas: []string{"ward"}}}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		secrets = append(secrets, secret)
	}
	return p, secrets
}

// turnedAway says hello and wants to be told that there are too many.
func (r *rig) turnedAway(secret string) {
	r.t.Helper()
	s, _, err := r.dial("")
	if err != nil {
		r.t.Fatal(err)
	}
	s.send(Hello{Type: TypeHello, Version: 1, Token: secret})
	if bye, status := s.ends(); bye != CodeTooMany || status != 4429 {
		r.t.Errorf("bye %q, status %d", bye, status)
	}
}

func TestOnePersonCannotTakeEverybodysSessions(t *testing.T) {
	t.Parallel()
	policy, secrets := signedIn(t, "an", "an", "binh")
	r := newRig(t, func(s *Server) { s.Policy, s.Limits.PerPerson = policy, 3 })
	first, _ := r.open(secrets[0], "")
	r.open(secrets[1], "")
	r.open(secrets[1], "")
	r.turnedAway(secrets[0])
	r.open(secrets[2], "") // somebody else
	for range 4 {
		r.open(everyToken, "") // in many hands
	}
	// A tab that was closed makes room; the session of one that is open does not.
	_ = first.conn.Close()
	r.until(func() bool { return r.detached(time.Now().Add(-2*leftFor)) == 1 })
	r.open(secrets[0], "")
	r.turnedAway(secrets[0])
}

func TestAGuestsTokenIsLookedByOnOneDevice(t *testing.T) {
	t.Parallel()
	policy, secrets := signedIn(t, "an")
	an, err := policy.Authenticate(secrets[0], time.Now())
	if err != nil {
		t.Fatal(err)
	}
	boss := auth.Claims{Issuer: "https://id.example", Subject: "an", Name: "an", Roles: []auth.Role{auth.Supervisor}, Areas: []string{"ward"}}
	if err := policy.Refresh(t.Context(), an, boss, nil, time.Now()); err != nil {
		t.Fatal(err)
	}
	r := newRig(t, func(s *Server) { s.Policy = policy })
	now := time.Now()
	made, err := policy.Share(t.Context(), an, auth.Share{Camera: "cam", For: "Đội PCCC", Outside: true, Until: now.Add(time.Hour)}, now)
	if err != nil {
		t.Fatal(err)
	}
	guest, err := policy.OpenGuest(t.Context(), made.Secret, made.Pin, now)
	if err != nil {
		t.Fatal(err)
	}
	first, w := r.open(guest.Token, "")
	if w.Subject != "Đội PCCC" {
		t.Errorf("welcome %q", w.Subject)
	}
	second, _ := r.open(guest.Token, "")
	if bye, _ := first.ends(); bye != CodeTaken {
		t.Errorf("the first is told %q", bye)
	}
	if err := policy.EndShare(t.Context(), an, made.Key, now); err != nil {
		t.Fatal(err)
	}
	if err := policy.Set(nil); err != nil { // tells: nobody runs this policy
		t.Fatal(err)
	}
	if bye, status := second.ends(); bye != CodeToken || status != 4401 {
		t.Errorf("the second is told %q, %d", bye, status)
	}
}

// until waits for a condition.
func (r *rig) until(ok func() bool) {
	r.t.Helper()
	for end := time.Now().Add(patience); !ok(); {
		if time.Now().After(end) {
			r.t.Fatal("it never came to be")
		}
		<-time.After(time.Millisecond)
	}
}

// detached counts the sessions without a socket, and dates their loss back.
func (r *rig) detached(to time.Time) (n int) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	for _, v := range r.server.sessions {
		v.mu.Lock()
		if v.line == nil {
			n++
			v.since = to
		}
		v.mu.Unlock()
	}
	return n
}

func TestAllDevicesOfAPersonShareTheirOffers(t *testing.T) {
	t.Parallel()
	policy, secrets := signedIn(t, "an", "an", "binh")
	r := newRig(t, func(s *Server) { s.Policy = policy })
	one, _ := r.open(secrets[0], "")
	for range offerBurst {
		one.send(Offer{Type: TypeOffer, SDP: "none"})
		one.expect(TypeError, &Error{})
	}
	two, _ := r.open(secrets[1], "")
	var e Error
	for _, s := range []*socket{one, two} {
		s.send(Offer{Type: TypeOffer, SDP: "none"})
		if s.expect(TypeError, &e); e.Code != CodeTooMany {
			t.Errorf("one offer more: %s", e.Code)
		}
	}
	other, _ := r.open(secrets[2], "")
	other.send(Offer{Type: TypeOffer, SDP: "none"})
	if other.expect(TypeError, &e); e.Code == CodeTooMany {
		t.Error("somebody else pays for it")
	}
}

func TestOffersComeBackWithTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := &offers{}
		for range offerBurst {
			if !o.allow(time.Now()) {
				t.Fatal("refused within the burst")
			}
		}
		if o.allow(time.Now()) {
			t.Error("one more than the burst")
		}
		time.Sleep(offerEvery)
		if !o.allow(time.Now()) || o.allow(time.Now()) {
			t.Error("not one each offerEvery")
		}
	})
}
