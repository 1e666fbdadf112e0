package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// The part of the matrix that is about layouts: "shift" is the ward Láng's, "mine"
// the viewer's own.

const (
	shiftLayout = `{"name":"Ca đêm","area":"lang","shape":"9","tiles":[{"camera":"lang-public"},{},{"camera":"lang-office"}]}`
	ownLayout   = `{"name":"Của tôi","shape":"4","tiles":[]}`
)

// lay makes the layouts of a world.
func (w *world) lay() {
	w.t.Helper()
	w.must(w.caller("supervisor"), "PUT", "/api/v1/layouts/shift", shiftLayout, http.StatusNoContent)
	w.must(w.caller("viewer"), "PUT", "/api/v1/layouts/mine", ownLayout, http.StatusNoContent)
}

// layoutRows are those of layouts.
func layoutRows() []matrixRow {
	const layouts, one = "/api/v1/layouts", "/api/v1/layouts/{id}"
	const keepers = "first supervisor administrator"
	fresh, old := []string{"If-None-Match", "*"}, []string{"If-Match", `"987654"`}
	const stars, some = "/api/v1/favourites", `{"cameras":["lang-public"]}`
	return []matrixRow{
		{"GET " + stars, "GET", stars, "", nil, tools + "200: rest"},
		{"PUT " + stars, "PUT", stars, some, nil, tools + "428: rest"},
		{"PUT " + stars, "PUT", stars, some, old, tools + "412: rest"},
		{"PUT " + stars, "PUT", stars, `{"cameras":["no-such-camera"]}`, fresh, tools + "422: rest"},
		{"PUT " + stars, "PUT", stars, `{"cameras":[]}`, fresh, tools + "204: rest"},
		{"GET " + layouts, "GET", layouts, "", nil, tools + "200: rest"},
		{"GET " + one, "GET", layouts + "/shift", "", nil, strangers + "200: viewer granted " + keepers + "; 404: rest"},
		{"GET " + one, "GET", layouts + "/mine", "", nil, strangers + "200: viewer; 404: rest"},
		{"PUT " + one, "PUT", layouts + "/shift", shiftLayout, old, strangers + "412: " + keepers + "; 404: rest"},
		{"PUT " + one, "PUT", layouts + "/shift", shiftLayout, nil, strangers + "428: " + keepers + "; 404: rest"},
		{"PUT " + one, "PUT", layouts + "/of-{me}", shiftLayout, fresh, strangers + "204: " + keepers + "; 404: rest"},
		{"PUT " + one, "PUT", layouts + "/far-{me}", strings.Replace(shiftLayout, `"lang-public"`, `"vinh-public"`, 1), fresh, strangers + "204: first; 422: supervisor administrator; 404: rest"},
		{"PUT " + one, "PUT", layouts + "/of-{me}", ownLayout, fresh, tools + "204: rest"},
		{"PUT " + one, "PUT", layouts + "/nowhere", strings.Replace(shiftLayout, `"area":"lang"`, `"area":"no-such-area"`, 1), fresh, strangers + "404: rest"},
		{"DELETE " + one, "DELETE", layouts + "/shift", "", old, strangers + "412: " + keepers + "; 404: rest"},
		{"DELETE " + one, "DELETE", layouts + "/mine", "", old, strangers + "412: viewer; 404: rest"},
	}
}

// layoutTwins are of the ward's layout and of the viewer's own.
func layoutTwins() (all []twin) {
	const layouts, pattern = "/api/v1/layouts/", "/api/v1/layouts/{id}"
	is := func(names string) func(string) bool {
		return func(caller string) bool { return strings.Contains(" "+names+" ", " "+caller+" ") }
	}
	const keepers = "first supervisor administrator"
	for id, right := range map[string]string{"shift": "viewer granted " + keepers, "mine": "viewer"} {
		writes := strings.TrimPrefix(right, "viewer granted ")
		all = append(all, twin{pattern: "GET " + pattern, method: "GET", there: layouts + id, none: layouts + "no-such-layout", right: is(right)})
		for _, header := range [][]string{nil, {"If-Match", `"1"`}, {"If-None-Match", "*"}} {
			all = append(all, twin{pattern: "DELETE " + pattern, method: "DELETE", there: layouts + id, none: layouts + "no-such-layout", header: header, right: is(writes)})
		}
		tw := twin{pattern: "PUT " + pattern, method: "PUT", there: layouts + id, none: layouts + "no-such-layout", right: is(writes)}
		all = append(all, tw.spoil()...)
		// An area that is not theirs, and none.
		tw.body, tw.other, tw.none = shiftLayout, strings.Replace(shiftLayout, `"lang"`, `"no-such-area"`, 1), layouts+id
		tw.header, tw.right = []string{"If-None-Match", "*"}, is(keepers)
		all = append(all, tw)
	}
	return all
}

func TestASharedLayoutIsRecordedAndHidesWhatIsNotYours(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.invite("supervisor", "supervisor", "lang")
	w.invite("viewer", "viewer", "lang")
	w.invite("auditor", "auditor", "lang")
	w.lay()
	first := w.caller("first")
	wide := strings.Replace(shiftLayout, `{}`, `{"camera":"vinh-public"}`, 1)
	w.must(first, "PUT", "/api/v1/layouts/wide", wide, http.StatusNoContent)
	for name, hidden := range map[string]bool{"first": false, "supervisor": true, "viewer": true} {
		got := w.caller(name).ask(t, "GET", "/api/v1/layouts/wide", "")
		var doc struct {
			Tiles []struct {
				Camera string
				Denied bool
			}
		}
		if err := json.Unmarshal([]byte(got.body), &doc); err != nil || len(doc.Tiles) != 3 {
			t.Fatalf("%s: %v %s", name, err, got.body)
		}
		if doc.Tiles[1].Denied != hidden || hidden == strings.Contains(got.body, "vinh") {
			t.Errorf("%s: %s", name, got.body)
		}
	}
	tag := first.ask(t, "GET", "/api/v1/layouts/wide", "").header.Get("ETag")
	if got := first.ask(t, "DELETE", "/api/v1/layouts/wide", "", "If-Match", tag); got.status != http.StatusNoContent {
		t.Fatal(got)
	}
	log := w.caller("auditor").ask(t, "GET", "/api/v1/audit?event=layout.changed&event=layout.removed", "").body
	for _, want := range []string{`"layout.changed"`, `"layout.removed"`, `"shift"`, `"wide"`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s: %.2000s", want, log)
		}
	}
	if strings.Contains(log, `"mine"`) {
		t.Error("one's own layout is nobody else's concern, and is in the log")
	}
}
