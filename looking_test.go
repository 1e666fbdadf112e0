package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"matthan/auth"
	"matthan/auth/audit"
	"matthan/signaling"
)

// openView is a view as GET /api/v1/views tells of it.
type openView struct {
	ID, Camera, Way, Who, Portal, Where, Quality string
	PortalName                                   string `json:"portal_name"`
}

// viewsOf are those that a caller is told of.
func (w *world) viewsOf(name string) (all []openView) {
	w.t.Helper()
	var doc struct{ Views []openView }
	got := w.caller(name).ask(w.t, "GET", "/api/v1/views", "")
	if err := json.Unmarshal([]byte(got.body), &doc); err != nil || got.status != http.StatusOK {
		w.t.Fatalf("%d %s", got.status, got.body)
	}
	return doc.Views
}

// looks opens a camera through a socket; of a camera that gives no picture, too,
// the view is open.
func (w *world) looks(t *testing.T, c caller, camera string) socket {
	t.Helper()
	s := c.open(t)
	if text, kind := s.next(); kind != signaling.TypeWelcome {
		t.Fatal(text)
	}
	s.say(signaling.Offer{Type: signaling.TypeOffer, SDP: sdpOffer(t, 1)})
	if text, kind := s.next(); kind != signaling.TypeAnswer {
		t.Fatal(text)
	}
	s.view(t, camera, signaling.StateOffline)
	return s
}

func TestWhoLooksIsToldToWhoAdministersTheCameraAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.invite("viewer", "viewer", "lang")
	w.invite("supervisor", "supervisor", "lang")
	w.invite("administrator", "administrator", "lang")
	w.invite("other", "administrator", "vinh")
	w.embed()
	w.looks(t, w.caller("viewer"), "lang-public")
	officer := w.caller("officer")
	officer.token = officer.fresh()
	w.looks(t, officer, "lang-office")
	if got := w.caller("area").ask(t, "POST", "/whep/lang-institution", sdpOffer(t, 1), "Content-Type", "application/sdp"); got.status != http.StatusCreated {
		t.Fatal(got)
	}
	for _, name := range []string{"first", "administrator"} {
		by := map[string]openView{}
		for _, v := range w.viewsOf(name) {
			by[v.Camera] = v
		}
		if v := by["lang-public"]; v.Way != "person" || v.Who != "viewer" || v.Where != "local" || v.Quality != "main" {
			t.Errorf("%s is told of the viewer: %+v", name, v)
		}
		if v := by["lang-office"]; v.Way != "officer" || v.Who != "Lê An" || v.Portal != "quan" || v.PortalName != "Cổng quận" {
			t.Errorf("%s is told of the officer: %+v", name, v)
		}
		if v := by["lang-institution"]; v.Way != "token" || v.Who != "area" || len(by) != 3 {
			t.Errorf("%s is told of the tool: %+v, and %d in all", name, v, len(by))
		}
	}
	for _, name := range []string{"other", "viewer", "supervisor", "area", "camera", "officer", "portal"} {
		if all := w.viewsOf(name); len(all) != 0 {
			t.Errorf("%s is told of %+v", name, all)
		}
	}
}

func TestAViewThatAnAdministratorEndsIsOverAndRecordedAndNotOpenedAgainAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.invite("viewer", "viewer", "lang")
	w.invite("administrator", "administrator", "lang")
	w.invite("reader", "auditor", "all")
	s := w.looks(t, w.caller("viewer"), "lang-public")
	keeper := w.caller("administrator")
	end := func(id, reason string) int {
		return keeper.ask(t, "POST", "/api/v1/views/"+id+"/end", `{"reason":"`+reason+`"}`).status
	}
	view := w.viewsOf("administrator")[0]
	if got := end(view.ID, "  x "); got != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", got)
	}
	if got := end(view.ID, "không còn nhiệm vụ"); got != http.StatusNoContent {
		t.Fatal(got)
	}
	var tile signaling.Tile
	for tile.State != signaling.StateDenied {
		text, kind := s.next()
		if kind == signaling.TypeTile {
			_ = json.Unmarshal([]byte(text), &tile)
		}
	}
	if tile.Code != signaling.CodeEnded || tile.Camera != "lang-public" {
		t.Errorf("%+v", tile)
	}
	if len(w.viewsOf("administrator")) != 0 || end(view.ID, "không còn nhiệm vụ") != http.StatusNotFound {
		t.Error("it is still open")
	}
	// The page asks again by itself: not yet. Another camera is not concerned.
	s.view(t, "lang-public", signaling.StateDenied)
	s.view(t, "lang-office", signaling.StateOffline)

	// A player's is ended likewise.
	area := w.caller("area")
	play := func() reply {
		return area.ask(t, "POST", "/whep/lang-public", sdpOffer(t, 1), "Content-Type", "application/sdp")
	}
	made := play()
	for _, v := range w.viewsOf("administrator") {
		if v.Way == "token" && end(v.ID, "thử nghiệm") != http.StatusNoContent {
			t.Error("a player's view is not ended")
		}
	}
	if got := area.ask(t, "DELETE", made.header.Get("Location"), ""); got.status != http.StatusNotFound {
		t.Errorf("a player goes on: %d", got.status)
	}
	if got := play(); got.status != http.StatusForbidden || !strings.Contains(got.body, signaling.CodeEnded) {
		t.Errorf("a player opens it again at once: %d %s", got.status, got.body)
	}

	var doc struct{ Entries []audit.Entry }
	if got := w.caller("reader").ask(t, "GET", "/api/v1/audit?event=view.ended&event=view.closed&oldest=true", ""); json.Unmarshal([]byte(got.body), &doc) != nil {
		t.Fatal(got)
	}
	var ended, closed int
	for _, e := range doc.Entries {
		switch {
		case e.Event == auth.ViewEnded && e.View == view.ID:
			ended++
			if e.Detail != "không còn nhiệm vụ" || e.Name != "administrator" || e.Camera != "lang-public" || e.Target == "" || e.By != "role administrator" {
				t.Errorf("%+v", e)
			}
		case e.Event == auth.ViewClosed && e.Detail == "an administrator ended it":
			closed++
		}
	}
	if ended != 1 || closed != 2 {
		t.Errorf("%d ends and %d closed views are recorded", ended, closed)
	}
}
