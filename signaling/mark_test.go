package signaling

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/auth/audit"
)

func TestTheCodeOverAPictureFindsExactlyItsRecord(t *testing.T) {
	t.Parallel()
	policy, secrets := signedIn(t, "Lê Văn An", "Trần Bình")
	r := newRig(t, func(s *Server) { s.Policy = policy })
	s, p, _ := r.watch(secrets[0], "one")
	p.sees(1)
	var live Tile
	s.expect(TypeTile, &live, func() bool { return live.State == StateLive })
	_, other, _ := r.watch(secrets[1], "one")
	other.sees(1)
	if live.Mark == nil || live.Mark.Name != "Lê Văn An" || live.Mark.Number != "so-Lê Văn An" {
		t.Fatalf("%+v", live.Mark)
	}
	fits := func(code string) (found []auth.Record) {
		f := audit.Filter{View: code}
		for _, o := range r.records(auth.ViewOpened, 2) {
			if f.Fits(&audit.Entry{Record: o}) {
				found = append(found, o)
			}
		}
		return found
	}
	found := fits(live.Mark.Code)
	if len(found) != 1 || found[0].Name != "Lê Văn An" || found[0].Camera != "one" || found[0].Address != "127.0.0.1" {
		t.Fatalf("%s finds %+v", live.Mark.Code, found)
	}
	who, err := policy.Authenticate(secrets[0], time.Now())
	if err != nil {
		t.Fatal(err)
	}
	another, err := policy.Authenticate(secrets[1], time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if view, ok := r.server.Viewing(who, "one", live.Mark.Code); !ok || view != found[0].View {
		t.Errorf("%q is open: %v", view, ok)
	}
	for name, ok := range map[string]bool{
		"another's":      second(r.server.Viewing(another, "one", live.Mark.Code)),
		"another camera": second(r.server.Viewing(who, "two", live.Mark.Code)),
		"no code":        second(r.server.Viewing(who, "one", "")),
	} {
		if ok {
			t.Errorf("%s: it is open", name)
		}
	}
	// The mark goes with the view: another camera has another, none has none.
	s.send(View{Type: TypeView, Tile: 0, Camera: "two"})
	var turned Tile
	s.expect(TypeTile, &turned, func() bool { return turned.Camera == "two" })
	if turned.Mark == nil || turned.Mark.Code == live.Mark.Code || second(r.server.Viewing(who, "one", live.Mark.Code)) {
		t.Errorf("%+v after %+v", turned.Mark, live.Mark)
	}
	s.send(View{Type: TypeView, Tile: 0})
	var idle json.RawMessage // as a whole: what is left out would stay as it was
	s.expect(TypeTile, &idle, func() bool { return strings.Contains(string(idle), `"state":"idle"`) })
	if strings.Contains(string(idle), "mark") || second(r.server.Viewing(who, "two", turned.Mark.Code)) {
		t.Errorf("%s", idle)
	}
}

func TestAResumedSessionIsToldTheSameMark(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	s, p, w := r.watch(everyToken, "one", "dead")
	p.sees(1)
	marks := map[string]bool{}
	var tile Tile
	s.expect(TypeTile, &tile, func() bool { return tile.State == StateLive })
	marks[tile.Mark.Code] = true
	_ = s.conn.Close()
	s, _ = r.open(everyToken, w.Resume)
	again := Tile{}
	s.expect(TypeTile, &again, func() bool { return again.Tile == 0 })
	if again.Mark == nil || !marks[again.Mark.Code] {
		t.Errorf("%+v after %v", again.Mark, marks)
	}
	// A view of a camera that is offline is open, too.
	dead := Tile{}
	s.send(View{Type: TypeView, Tile: 1, Camera: ""})
	s.send(View{Type: TypeView, Tile: 1, Camera: "dead"})
	s.expect(TypeTile, &dead, func() bool { return dead.Tile == 1 && dead.State == StateOffline })
	if dead.Mark == nil || !slices.ContainsFunc(r.audit.of(auth.ViewOpened), func(o auth.Record) bool { return auth.ViewCode(o.View) == dead.Mark.Code && o.Camera == "dead" }) {
		t.Errorf("%+v", dead)
	}
}

func second(_ string, ok bool) bool { return ok }
