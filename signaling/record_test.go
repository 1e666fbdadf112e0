package signaling

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"matthan/auth"
)

// records waits for so many records of an event.
func (r *rig) records(e auth.Event, n int) []auth.Record {
	r.t.Helper()
	for deadline := time.Now().Add(patience); ; <-time.After(5 * time.Millisecond) {
		got := r.audit.of(e)
		if len(got) >= n {
			if len(got) > n {
				r.t.Fatalf("%d records of %s, want %d: %+v", len(got), e, n, got)
			}
			return got
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("%d records of %s, want %d: %+v", len(got), e, n, got)
		}
	}
}

// closed waits for so many closed views and gives why the last one did.
func (r *rig) closed(n int) auth.Record {
	r.t.Helper()
	return slices.MaxFunc(r.records(auth.ViewClosed, n), func(a, b auth.Record) int { return a.Time.Compare(b.Time) })
}

func TestNoPictureLeavesBeforeItsRecordIsDurableAndNobodyElseWaits(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(s *Server) { s.recordWait = patience })
	_, other, _ := r.watch(everyToken, "two")
	other.sees(2)
	s, p, _ := r.watch(everyToken, "two")
	p.sees(2)
	written := make(chan struct{})
	r.audit.mu.Lock()
	r.audit.wait = written
	r.audit.mu.Unlock()
	s.send(View{Type: TypeView, Tile: 0, Camera: "one"})
	other.drain()
	for range 25 { // a second of the others' pictures
		other.sees(2)
	}
	for n := len(p.pictures); n > 0; n-- {
		if <-p.pictures == 1 {
			t.Fatal("a picture came before its record")
		}
	}
	if n := len(r.audit.of(auth.ViewOpened)); n != 2 {
		t.Fatalf("%d records", n)
	}
	close(written)
	p.sees(1)
	opened := r.records(auth.ViewOpened, 3)[2]
	if opened.Camera != "one" || opened.Kind != "public" || !slices.Equal(opened.Areas, []string{"ward"}) || opened.Subject != everyToken ||
		opened.By != "token "+everyToken || opened.Address != "127.0.0.1" || opened.Device == "" || opened.View == "" {
		t.Errorf("%+v", opened)
	}
	if c := r.closed(1); c.Camera != "two" || c.Duration < 500*time.Millisecond || c.Detail != whyTurned {
		t.Errorf("%+v", c)
	}
}

func TestWhereTheLogCannotBeWrittenNothingIsWatchedAndTheScreenSaysSo(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	s, p, _ := r.watch(everyToken, "two")
	p.sees(2)
	r.audit.mu.Lock()
	r.audit.broken = errors.New("the disk is full")
	r.audit.mu.Unlock()
	s.send(View{Type: TypeView, Tile: 0, Camera: "one"})
	var tile Tile
	s.expect(TypeTile, &tile, func() bool { return tile.State == StateDenied })
	if tile.Camera != "one" || tile.Code != CodeUnrecorded || tile.Text == nil || tile.Text.VI == "" {
		t.Errorf("%+v", tile)
	}
	resp, body := r.ask("POST", "/whep/one", typeSDP, everyToken, newPhone(t, 1).offer(false))
	if resp.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, `"code":"unrecorded"`) {
		t.Errorf("WHEP: %d %s", resp.StatusCode, body)
	}
	p.drain()
	select {
	case c := <-p.pictures:
		if c == 1 {
			t.Error("a picture came without a record")
		}
	case <-time.After(300 * time.Millisecond):
	}
	r.audit.mu.Lock()
	r.audit.broken = nil
	r.audit.mu.Unlock()
	s.send(View{Type: TypeView, Tile: 0, Camera: "one"})
	p.sees(1)
}

func TestALogThatHangsRefusesAViewAndLeavesNoOpenOne(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(s *Server) { s.recordWait = 50 * time.Millisecond })
	r.audit.wait = make(chan struct{})
	s, _, _ := r.watch(everyToken, "one")
	var tile Tile
	if s.expect(TypeTile, &tile, func() bool { return tile.State == StateDenied }); tile.Code != CodeUnrecorded {
		t.Errorf("%+v", tile)
	}
	if c := r.closed(1); c.Camera != "one" || c.Detail != whyNotShown || c.View == "" { // should it be written after all
		t.Errorf("%+v", c)
	}
}

func TestNineTilesWaitForTheLogAsLongAsOne(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(s *Server) { s.recordWait = patience })
	written := make(chan struct{})
	r.audit.mu.Lock()
	r.audit.wait = written
	r.audit.mu.Unlock()
	cameras := []string{"one", "two", "one", "two", "home-not-theirs", "one", "two", "one", "two"}
	_, p, _ := r.watch(everyToken, cameras...)
	for deadline := time.Now().Add(patience); r.audit.waiting.Load() < 8; <-time.After(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d of 8 records are on their way at once", r.audit.waiting.Load())
		}
	}
	if len(p.pictures) > 0 || len(r.audit.of(auth.ViewOpened)) > 0 {
		t.Error("a picture came before its record")
	}
	close(written)
	p.sees(1)
	p.sees(2)
	views := map[string]bool{}
	for _, o := range r.records(auth.ViewOpened, 8) {
		views[o.View] = true
	}
	if len(views) != 8 || len(r.records(auth.ViewDenied, 1)) != 1 {
		t.Errorf("%d views", len(views))
	}
}

func TestARightEndsAtOnceWhileAnotherViewerWaitsForTheLog(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(s *Server) { s.recordWait = patience })
	left, p, _ := r.watch(partToken, "one")
	p.sees(1)
	written := make(chan struct{})
	r.audit.mu.Lock()
	r.audit.wait = written
	r.audit.mu.Unlock()
	var waiting []*socket
	for range 5 {
		s, _ := r.open(everyToken, "")
		s.send(Offer{Type: TypeOffer, SDP: newPhone(t, 1).offer(false), Tiles: []View{{Camera: "two"}}})
		s.expect(TypeAnswer, &Answer{}) // it waits for the log from here on
		waiting = append(waiting, s)
	}
	if err := r.policy.Set(tokens(t, everyToken)); err != nil {
		t.Fatal(err)
	}
	if bye, _ := left.ends(); bye != CodeToken {
		t.Errorf("bye %q", bye)
	}
	if c := r.closed(1); c.Camera != "one" || c.Subject != partToken {
		t.Errorf("%+v", c)
	}
	close(written)
	for _, s := range waiting {
		s.expect(TypeCameras, &Cameras{}) // their review came after all
	}
}

func TestOneViewIsOneRecordUntilItEnds(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	s, p, w := r.watch(everyToken, "one")
	p.sees(1)
	s.send(View{Type: TypeView, Tile: 0, Camera: "one", Stream: "main", Small: true})  // another size
	s.send(Offer{Type: TypeOffer, SDP: p.offer(true), Tiles: []View{{Camera: "one"}}}) // an ICE restart
	var a Answer
	s.expect(TypeAnswer, &a)
	p.answer(a.SDP)
	_ = s.conn.Close()
	s, _ = r.open(everyToken, w.Resume)
	s.send(View{Type: TypeView, Tile: 0, Camera: "one"})
	p.drain()
	p.sees(1)
	opened := r.records(auth.ViewOpened, 1)[0]
	s.send(View{Type: TypeView, Tile: 0, Camera: ""})
	if c := r.closed(1); c.View != opened.View || c.Camera != "one" || c.Detail != whyStopped || c.Duration <= 0 || c.By != opened.By {
		t.Errorf("%+v", c)
	}
	s.send(View{Type: TypeView, Tile: 0, Camera: "two"})
	p.sees(2)
	p = newPhone(t, 1)
	s.send(Offer{Type: TypeOffer, SDP: p.offer(false), New: true, Tiles: []View{{Camera: "two"}}})
	s.expect(TypeAnswer, &a)
	p.answer(a.SDP)
	p.sees(2)
	if c := r.closed(2); c.Camera != "two" || c.Detail != whyPeer {
		t.Errorf("%+v", c)
	}
	if err := r.policy.Set(tokens(t, partToken)); err != nil {
		t.Fatal(err)
	}
	if c := r.closed(3); c.Camera != "two" || c.Detail != whyGone && c.Detail != whyNoRight {
		t.Errorf("%+v", c)
	}
}

func TestAWHEPViewIsRecordedFromItsAnswerToItsEnd(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	p := newPhone(t, 1)
	resp, body := r.ask("POST", "/whep/one", typeSDP, everyToken, p.offer(false))
	if resp.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s", resp.StatusCode, body)
	}
	opened := r.records(auth.ViewOpened, 1)[0]
	p.answer(body)
	p.sees(1)
	if resp, body := r.ask("DELETE", resp.Header.Get("Location"), "", everyToken, ""); resp.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", resp.StatusCode, body)
	}
	if c := r.closed(1); c.View != opened.View || c.Detail != whyGone || c.Duration <= 0 {
		t.Errorf("%+v", c)
	}
}

func TestDenialsAreRecordedOnceAMinute(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	s, _, _ := r.watch(partToken, "one")
	minute := time.Now().Truncate(time.Minute)
	for _, camera := range []string{"two", "home", "none-1", "two", "none-2", "two"} {
		s.send(View{Type: TypeView, Tile: 0, Camera: camera})
		var tile Tile
		s.expect(TypeTile, &tile, func() bool { return tile.State == StateDenied && tile.Camera == camera })
	}
	if time.Now().Truncate(time.Minute) != minute {
		t.Skip("a minute ended in between")
	}
	got := map[string]int{}
	for _, d := range r.records(auth.ViewDenied, 3) {
		if got[d.Camera]++; d.Subject != partToken || d.Address == "" {
			t.Errorf("%+v", d)
		}
	}
	if got["two"] != 1 || got["home"] != 1 || got[""] != 1 {
		t.Errorf("%v", got)
	}
}
