package signaling

import (
	"net/http"
	"testing"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// asked is the next rung that is asked for.
func asked(t *testing.T, made <-chan gateway.StreamID) gateway.StreamID {
	t.Helper()
	select {
	case id := <-made:
		return id
	case <-time.After(patience):
		t.Fatal("no rung is made")
	}
	panic("unreachable")
}

func TestWhoLooksAtAMarkedCameraIsShownPicturesWithTheirOwnCode(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	made := make(chan gateway.StreamID, 100)
	r.hub.Rungs = press{made: made}
	s, phone, _ := r.watch(everyToken, "one")
	phone.sees(1)
	var tile Tile
	s.expect(TypeTile, &tile, func() bool { return tile.State == StateLive })
	mark := func(on bool) {
		t.Helper()
		r.places.change(t, "one", func(c *gateway.Camera) { c.Marked = on })
	}
	mark(true)
	phone.sees(11)
	if id := asked(t, made); id.Mark != tile.Mark.Code || id.Camera != "one" {
		t.Errorf("%s is sent to the view %s", id, tile.Mark.Code)
	}
	// Another viewer, and a player: each their own.
	codes := map[string]bool{tile.Mark.Code: true}
	other, second, _ := r.watch(everyToken, "one")
	second.sees(11)
	other.expect(TypeTile, &tile, func() bool { return tile.State == StateLive })
	if id := asked(t, made); id.Mark != tile.Mark.Code || codes[id.Mark] {
		t.Errorf("%s is sent to the view %s", id, tile.Mark.Code)
	}
	codes[tile.Mark.Code] = true
	player := newPhone(t, 1)
	resp, answer := r.ask("POST", "/whep/one?stream=sub", typeSDP, everyToken, player.offer(false))
	player.answer(answer)
	player.sees(11)
	opened := r.records(auth.ViewOpened, 3)
	if id := asked(t, made); id.Quality != gateway.Low || codes[id.Mark] || id.Mark != auth.ViewCode(opened[2].View) {
		t.Errorf("%s is sent to the player of view %s", id, opened[2].View)
	}
	// They come as they are again. No view has ended but the player's, which asks again.
	mark(false)
	phone.sees(1)
	second.sees(1)
	if resp, _ := r.ask("DELETE", resp.Header.Get("Location"), "", everyToken, ""); resp.StatusCode != http.StatusNotFound {
		t.Errorf("the player's session is still there: %d", resp.StatusCode)
	}
	if closed := r.records(auth.ViewClosed, 1); len(closed) != 1 || closed[0].View != opened[2].View {
		t.Errorf("%+v", closed)
	}
}

func TestAMarkedCameraIsNotShownWhereNoRungsAreMade(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	r.hub.Rungs = press{none: gateway.ErrNoRungs}
	r.places.change(t, "one", func(c *gateway.Camera) { c.Marked = true })
	s, phone, _ := r.watch(everyToken, "one")
	if code := s.refused(); code != CodeNoRungs {
		t.Errorf("the viewer is told %s", code)
	}
	if len(phone.pictures) > 0 {
		t.Error("a picture came")
	}
}
