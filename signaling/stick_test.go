package signaling

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// tripod is a camera's head that notes its motions.
type tripod struct{ moves chan gateway.Motion }

func (p *tripod) Move(_ context.Context, m gateway.Motion) error { p.moves <- m; return nil }
func (p *tripod) Home(context.Context) error                     { return nil }
func (p *tripod) Go(context.Context, string) error               { return nil }
func (p *tripod) Close()                                         {}
func (p *tripod) Presets(context.Context) ([]gateway.Preset, error) {
	return []gateway.Preset{{Token: "1", Name: "Cổng trường"}}, nil
}

// stick reads until the page is told of a stick for which ok holds.
func (s *socket) stick(ok func(Stick) bool) Stick {
	s.t.Helper()
	for {
		var m Stick
		if s.expect(TypeStick, &m); ok(m) {
			return m
		}
	}
}

func (s *socket) refused() string {
	s.t.Helper()
	var e Error
	s.expect(TypeError, &e)
	return e.Code
}

// turning is a rig whose camera one turns, with two officers who may turn it, their
// chief, and one who only looks.
func turning(t *testing.T) (r *rig, p *tripod, officers [2]string, chief, looker string) {
	p = &tripod{make(chan gateway.Motion, 64)}
	policy, secrets := signedIn(t, "an", "binh", "looker")
	now := time.Now()
	as := func(name string, role auth.Role) (string, auth.Subject) {
		secret, who, err := policy.SignIn(t.Context(), auth.Arrival{Claims: auth.Claims{Issuer: "https://id.example", Subject: name, Name: name,
			Roles: []auth.Role{role}, Areas: []string{"ward"}}}, now)
		if err != nil {
			t.Fatal(err)
		}
		return secret, who
	}
	_, keeper := as("keeper", auth.Administrator)
	chief, _ = as("chief", auth.Supervisor)
	for _, secret := range secrets[:2] {
		who, err := policy.Authenticate(secret, now)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := policy.Give(t.Context(), keeper, auth.Grant{Who: auth.Who{Person: who.ID}, Actions: []auth.Action{auth.PTZ}, Areas: []string{"ward"}, Reason: "tuần tra"}, now); err != nil {
			t.Fatal(err)
		}
	}
	r = newRig(t, func(s *Server) {
		s.Policy = policy
		s.Heads = gateway.NewHeads(s.Inventory, s.Log, func(context.Context, gateway.Camera) (gateway.Turner, error) { return p, nil }, s.TellStick)
		ctx, stop := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		wg.Go(func() { _ = s.Heads.Run(ctx) })
		t.Cleanup(func() { stop(); wg.Wait() })
	})
	return r, p, [2]string(secrets[:2]), chief, secrets[2]
}

func TestTwoOfficersFightForTheStickAndOneHasIt(t *testing.T) {
	t.Parallel()
	r, head, officers, boss, looker := turning(t)
	first, _, _ := r.watch(officers[0], "one")
	second, _, _ := r.watch(officers[1], "one")
	chief, _, _ := r.watch(boss, "one")
	guest, _, _ := r.watch(looker, "one")
	any := func(Stick) bool { return true }
	by := func(name string) func(Stick) bool { return func(m Stick) bool { return m.Holder == name } }
	mine := func(m Stick) bool { return m.Mine && m.Ready }
	first.stick(func(m Stick) bool { return m.May && m.Holder == "" })
	if m := guest.stick(any); m.May {
		t.Error("who has no right to turn it is told that they may")
	}
	first.send(Turn{Type: TypeTurn, Act: TurnTake})
	if m := first.stick(mine); len(m.Presets) != 1 || m.Presets[0].Name != "Cổng trường" {
		t.Errorf("presets %v", m.Presets)
	}
	for _, s := range []*socket{second, chief, guest} {
		if m := s.stick(by("an")); m.Mine || m.Presets != nil {
			t.Errorf("another is told %+v", m)
		}
	}
	for who, c := range map[string]struct {
		s    *socket
		m    Turn
		want string
	}{
		"an equal who takes it":     {second, Turn{Act: TurnTake}, CodeStick},
		"an equal who moves it":     {second, Turn{Act: TurnMove, Pan: 1}, CodeStick},
		"one without the right":     {guest, Turn{Act: TurnTake}, CodeNoTurn},
		"an act that there is not":  {first, Turn{Act: "spin"}, CodeBadMessage},
		"a preset that is nothing":  {first, Turn{Act: TurnPreset}, CodeNoTurn},
		"one who was never told so": {chief, Turn{Act: TurnHome}, CodeStick},
	} {
		c.m.Type = TypeTurn
		c.s.send(c.m)
		if got := c.s.refused(); got != c.want {
			t.Errorf("%s is told %q", who, got)
		}
	}
	first.send(Turn{Type: TypeTurn, Act: TurnMove, Pan: -0.5})
	if got := <-head.moves; got != (gateway.Motion{Pan: -0.5}) {
		t.Errorf("the camera moves %+v", got)
	}
	chief.send(Turn{Type: TypeTurn, Act: TurnTake})
	chief.stick(mine)
	first.stick(by("chief"))
	first.send(Turn{Type: TypeTurn, Act: TurnMove, Pan: 1})
	if got := first.refused(); got != CodeStick {
		t.Errorf("who lost it is told %q", got)
	}
	chief.send(View{Type: TypeView, Tile: 0, Camera: "two"})
	first.stick(by(""))
	records := r.records(auth.CameraTurned, 4)
	for i, want := range []string{stickTaken, stickTakenFrom, stickLost, stickLeft} {
		found := false
		for _, rec := range records {
			found = found || rec.Detail == want && rec.View != "" && rec.Camera == "one"
		}
		if !found {
			t.Errorf("%d: no record %q among %+v", i, want, records)
		}
	}
}

func TestACameraIsNotTurnedWithoutARecord(t *testing.T) {
	t.Parallel()
	r, _, officers, _, _ := turning(t)
	s, _, _ := r.watch(officers[0], "one")
	s.stick(func(m Stick) bool { return m.May })
	breaks := func(err error) {
		r.audit.mu.Lock()
		defer r.audit.mu.Unlock()
		r.audit.broken = err
	}
	breaks(errors.New("the disk is full"))
	defer breaks(nil) // what waits to be written lets the log end
	s.send(Turn{Type: TypeTurn, Act: TurnTake})
	if got := s.refused(); got != CodeUnrecorded {
		t.Fatalf("told %q", got)
	}
	s.send(Turn{Type: TypeTurn, Act: TurnMove, Pan: 1})
	if got := s.refused(); got != CodeStick {
		t.Fatalf("it moves all the same: %q", got)
	}
}

func TestACameraThatDoesNotTurnSaysSo(t *testing.T) {
	t.Parallel()
	r, _, officers, _, _ := turning(t)
	s, _, _ := r.watch(officers[0], "two")
	s.send(Turn{Type: TypeTurn, Act: TurnTake})
	if got := s.refused(); got != CodeNoTurn {
		t.Fatalf("told %q", got)
	}
	for _, bad := range []Turn{{Tile: -1, Act: TurnTake}, {Tile: MaxTiles, Act: TurnTake}, {Tile: 1, Act: TurnTake}} {
		bad.Type = TypeTurn
		s.send(bad)
		if got := s.refused(); got != CodeNoTile {
			t.Fatalf("%+v: %q", bad, got)
		}
	}
}
