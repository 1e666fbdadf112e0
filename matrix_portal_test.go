package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"testing"

	"matthan/signaling"
	"matthan/web"
)

// The part of the matrix that is about portals: "portal" is the server of one, and
// "officer" somebody whom it sends with a token for the ward Láng.

const portalPage = "https://portal.example"

// portalBodyOf registers a portal for an area.
func portalBodyOf(area string) string {
	return fmt.Sprintf(`{"name":"Cổng quận","origins":[%q],"areas":[%q]}`, portalPage, area)
}

// embed registers portals and adds the callers.
func (w *world) embed() {
	w.t.Helper()
	first := w.caller("first")
	for _, id := range []string{"quan", "other", "off"} {
		w.must(first, "PUT", "/api/v1/portals/"+id, portalBodyOf("lang"), http.StatusNoContent)
	}
	tag := first.ask(w.t, "GET", "/api/v1/portals/off", "").header.Get("ETag")
	off := fmt.Sprintf(`{"name":"Cổng tắt","origins":[%q],"areas":["lang"],"disabled":true}`, portalPage)
	if got := first.ask(w.t, "PUT", "/api/v1/portals/off", off, "If-Match", tag); got.status != http.StatusNoContent {
		w.t.Fatal(got)
	}
	var doc struct{ Secret string }
	if err := json.Unmarshal([]byte(w.must(first, "POST", "/api/v1/portals/quan/secret", "{}", http.StatusCreated)), &doc); err != nil {
		w.t.Fatal(err)
	}
	portal := caller{name: "portal", token: doc.Secret, browser: newBrowser(w.t, w.origin)}
	issue := func() string {
		var doc struct{ Token string }
		if err := json.Unmarshal([]byte(w.must(portal, "POST", "/api/v1/embed-tokens", embedBodyOf, http.StatusCreated)), &doc); err != nil {
			w.t.Fatal(err)
		}
		return doc.Token
	}
	officer := caller{name: "officer", token: issue(), browser: newBrowser(w.t, w.origin)}
	s := officer.open(w.t) // with which the token is used, and its time begins
	if text, kind := s.next(); kind != signaling.TypeWelcome {
		w.t.Fatal(text)
	}
	officer.fresh = issue
	w.callers = append(w.callers, portal, officer)
}

const embedBodyOf = `{"sub":"cb-0042","name":"Lê An","area":"lang","org":"` + portalPage + `","seconds":300}`

// onlyAll are who administers everything.
const onlyAll = "all first"

// portalRows are those of portals.
func portalRows() []matrixRow {
	const portals, one = "/api/v1/portals", "/api/v1/portals/{id}"
	fresh, old := []string{"If-None-Match", "*"}, []string{"If-Match", `"1"`}
	frame := "200"
	if _, err := fs.Stat(web.Bundle(), "embed/index.html"); err != nil { // it is not built
		frame = "503"
	}
	only := func(status string) string { return strangers + status + ": " + onlyAll + "; 404: rest" }
	return []matrixRow{
		{"GET " + portals, "GET", portals, "", nil, only("200")},
		{"GET " + one, "GET", portals + "/quan", "", nil, only("200")},
		{"GET " + one, "GET", portals + "/no-such-portal", "", nil, strangers + "404: rest"},
		{"PUT " + one, "PUT", portals + "/of-{me}", portalBodyOf("lang"), fresh, only("204")},
		{"PUT " + one, "PUT", portals + "/nowhere-{me}", portalBodyOf("no-such-area"), fresh, only("422")},
		{"DELETE " + one, "DELETE", portals + "/quan", "", old, only("412")},
		{"POST " + one + "/secret", "POST", portals + "/other/secret", "{}", nil, only("201")},
		{"POST " + one + "/end", "POST", portals + "/quan/end", `{"officer":"cb-9999"}`, nil, only("204")},
		{"GET " + one + "/viewers", "GET", portals + "/quan/viewers", "", nil, only("200")},
		{"POST /api/v1/embed-tokens", "POST", "/api/v1/embed-tokens", embedBodyOf, nil, strangers + "201: portal; 404: rest"},
		{"POST /api/v1/embed-tokens", "POST", "/api/v1/embed-tokens", "{}", nil, strangers + "422: portal; 404: rest"},
		{"GET /embed/{portal}/{camera}", "GET", "/embed/quan/lang-public", "", nil, same(frame)},
		{"GET /embed/{portal}/{camera}", "GET", "/embed/quan/no-such-camera", "", nil, same(frame)},
		{"GET /embed/{portal}/{camera}", "GET", "/embed/off/lang-public", "", nil, same("404")},
		{"GET /embed/{portal}/{camera}", "GET", "/embed/no-such-portal/lang-public", "", nil, same("404")},
	}
}

// portalTwins are of portals, of which only those know who administer everything,
// and of their frames, which anybody may have.
func portalTwins() (all []twin) {
	const portals, none = "/api/v1/portals/", "no-such-portal"
	keeps := func(caller string) bool { return caller == "all" || caller == "first" }
	for _, p := range [][3]string{{"GET", ""}, {"PUT", ""}, {"DELETE", ""}, {"POST", "/secret"}, {"POST", "/end"}, {"GET", "/viewers"}} {
		tw := twin{pattern: p[0] + " " + portals + "{id}" + p[1], method: p[0], there: portals + "quan" + p[1], none: portals + none + p[1], right: keeps}
		if p[0] != "GET" {
			all = append(all, tw.spoil()...)
			tw.body, tw.header = "{}", []string{"If-Match", `"1"`}
		}
		all = append(all, tw)
	}
	nobody := func(string) bool { return false }
	return append(all, twin{pattern: "GET /embed/{portal}/{camera}", method: "GET", there: "/embed/off/lang-public", none: "/embed/no-such-portal/lang-public", right: nobody})
}

// An officer of a portal is shown what the portal and the token name, and is told
// nothing of anything else.
func TestAPortalsOfficerListsOnlyWhatTheTokenNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.embed()
	officer := w.caller("officer")
	var doc struct{ Cameras []struct{ ID string } }
	if err := json.Unmarshal([]byte(officer.ask(t, "GET", "/api/v1/cameras", "").body), &doc); err != nil || len(doc.Cameras) != 3 {
		t.Errorf("%v %v", doc, err)
	}
	if got := officer.ask(t, "POST", "/whep/lang-public", sdpOffer(t, 1), "Content-Type", "application/sdp", "Origin", portalPage); got.status != http.StatusUnauthorized {
		t.Errorf("a token that a socket was opened with begins another view: %d %s", got.status, got.body)
	}
	w.must(w.caller("first"), "POST", "/api/v1/portals/quan/end", `{}`, http.StatusNoContent)
	if got := officer.ask(t, "GET", "/api/v1/cameras", ""); got.status != http.StatusUnauthorized {
		t.Errorf("after all officers were ended: %d", got.status)
	}
}
