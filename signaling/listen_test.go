package signaling

import (
	"errors"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"matthan/auth"
	"matthan/gateway"
)

// hears adds a line for sound to a session's peer.
func (p *phone) hears(s *socket) {
	p.t.Helper()
	if _, err := p.pc.AddTransceiverFromKind(webrtc.RTPCodecTypeAudio, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
		p.t.Fatal(err)
	}
	s.send(Offer{Type: TypeOffer, SDP: p.offer(false)})
	var a Answer
	s.expect(TypeAnswer, &a)
	p.answer(a.SDP)
}

// refusedFor reads until an error comes.
func (s *socket) refusedFor() string {
	s.t.Helper()
	var e Error
	s.expect(TypeError, &e)
	return e.Code
}

// still fails where something of a number comes while three pictures of another do.
func (p *phone) silent(number, picture byte) {
	p.t.Helper()
	deadline := time.After(patience)
	for seen := 0; seen < 3; {
		select {
		case c := <-p.pictures:
			if c == number {
				p.t.Fatalf("%d comes all the same", number)
			}
			if c == picture {
				seen++
			}
		case <-deadline:
			p.t.Fatalf("no picture of camera %d", picture)
		}
	}
}

func TestSoundIsOffUntilItIsAskedForAndRecordedThen(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	s, p, _ := r.watch(everyToken, "one")
	p.sees(1)
	var tile Tile
	s.expect(TypeTile, &tile, func() bool { return tile.State == StateLive })
	if !tile.Sound {
		t.Errorf("the page is not told that there is sound: %+v", tile)
	}
	p.silent(101, 1)
	s.send(Listen{Type: TypeListen, On: true})
	if code := s.refusedFor(); code != CodeNoSound {
		t.Errorf("without a line for it: %s", code)
	}
	p.hears(s)
	p.silent(101, 1)
	before := len(r.audit.of(auth.CameraHeard))
	s.send(Listen{Type: TypeListen, On: true})
	var m Sound
	s.expect(TypeSound, &m, func() bool { return m.On })
	p.sees(101)
	heard := r.records(auth.CameraHeard, before+1)
	if h := heard[before]; h.Camera != "one" || h.View != r.audit.of(auth.ViewOpened)[0].View || h.Detail != soundBegun {
		t.Errorf("%+v", h)
	}

	// It ends with the view, and another camera's is not sent although it was asked for.
	s.send(View{Type: TypeView, Camera: "two"})
	var off Sound
	s.expect(TypeSound, &off)
	if off.On || off.Camera != "one" {
		t.Errorf("%+v", off)
	}
	if ended := r.records(auth.CameraHeard, before+2)[before+1]; ended.Detail != soundEnded || ended.Duration <= 0 {
		t.Errorf("%+v", ended)
	}
	p.sees(2)
	p.drain()
	p.silent(102, 2)
	s.send(Listen{Type: TypeListen, On: true})
	if code := s.refusedFor(); code != CodeNoSound {
		t.Errorf("a camera whose sound is not switched on: %s", code)
	}
	s.send(Listen{Type: TypeListen, Tile: 7, On: true})
	if code := s.refusedFor(); code != CodeNoTile {
		t.Errorf("a tile that there is not: %s", code)
	}
}

func TestNothingIsHeardThatCannotBeRecorded(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	s, p, _ := r.watch(everyToken, "one")
	p.sees(1)
	p.hears(s)
	r.audit.mu.Lock()
	r.audit.broken = errors.New("disk full")
	r.audit.mu.Unlock()
	s.send(Listen{Type: TypeListen, On: true})
	if code := s.refusedFor(); code != CodeUnrecorded {
		t.Error(code)
	}
	p.drain()
	p.silent(101, 1)
}

func TestWhoCameByALinkHearsNothing(t *testing.T) {
	t.Parallel()
	policy, secrets := signedIn(t, "an")
	now := time.Now()
	an, err := policy.Authenticate(secrets[0], now)
	if err != nil {
		t.Fatal(err)
	}
	boss := auth.Claims{Issuer: "https://id.example", Subject: "an", Name: "an", Roles: []auth.Role{auth.Supervisor}, Areas: []string{"ward"}}
	if err := policy.Refresh(t.Context(), an, boss, nil, now); err != nil {
		t.Fatal(err)
	}
	r := newRig(t, func(s *Server) { s.Policy = policy })
	made, err := policy.Share(t.Context(), an, auth.Share{Camera: "one", For: "Đội PCCC", Outside: true, Until: now.Add(time.Hour)}, now)
	if err != nil {
		t.Fatal(err)
	}
	guest, err := policy.OpenGuest(t.Context(), made.Secret, made.Pin, now)
	if err != nil {
		t.Fatal(err)
	}
	s, p, _ := r.watch(guest.Token, "one")
	p.sees(1)
	var tile Tile
	s.expect(TypeTile, &tile, func() bool { return tile.State == StateLive })
	if tile.Sound {
		t.Error("a guest is told that there is sound")
	}
	p.hears(s)
	s.send(Listen{Type: TypeListen, On: true})
	if code := s.refusedFor(); code != CodeNoSound {
		t.Error(code)
	}
	p.silent(101, 1)
	if v := (&session{}); v.mayHear(gateway.Camera{Sound: true, Kind: gateway.Household}) {
		t.Error("a citizen's camera is heard")
	}
}
