package main

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"matthan/gateway"
)

// What somebody has no right to and what does not exist must be the same to
// them: byte for byte, for every route whose address names something.

// twin is one request that names something in two ways: what is there, and
// what is not.
type twin struct {
	pattern, method string
	there, none     string // paths
	body            string
	other           string // the body for what is not there, where that differs
	header          []string
	spoilt          bool                     // one of many bodies: some of the callers will do
	right           func(caller string) bool // who may; they are left out
}

// spoilt are bodies and headers that an answer could depend on.
var spoilt = []struct {
	body   string
	header []string
}{
	{"", nil},
	{"{", nil},
	{`{"id":"another"}`, nil},
	{`{"id":"another"}`, []string{"If-Match", `"1"`}},
	{`{}`, []string{"If-Match", `"1"`}},
	{`{}`, []string{"If-None-Match", "*"}},
	{`{"password":7}`, nil},
	{`{"colour":"red"}`, nil},
	{"x", []string{"Content-Type", "text/plain"}},
	{strings.Repeat(" ", 70<<10), nil},
	{"v=0\r\n", []string{"Content-Type", "application/sdp"}},
}

// twins asks for what is there and for what is not.
func (w *world) twins(t *testing.T) {
	held := w.hold(t)
	seen := w.viewTwins(t)
	asked := w.compare(t, append(seen, held))
	// What is not theirs they have not ended either.
	if got := w.caller("area").ask(t, "DELETE", held.there, ""); got.status != http.StatusOK {
		t.Errorf("the view of another was ended: %d", got.status)
	}
	all := append(append(append(append(cameraTwins(), areaTwins()...), peopleTwins(w)...), ownerTwins(w)...), shareTwins(w)...)
	all = append(append(all, portalTwins()...), layoutTwins()...)
	// A map's tile is for everybody who is let in.
	all = append(all, twin{pattern: "GET /api/v1/map/{z}/{x}/{y}", method: "GET", there: "/api/v1/map/0/0/0", none: "/api/v1/map/0/0/1", right: func(string) bool { return true }})
	w.untwinned(t, append(append(all, seen...), held))
	t.Logf("%d pairs", asked+w.compare(t, all))
	w.queries(t)
}

// compare asks both ways as everybody who has no right to it.
func (w *world) compare(t *testing.T, all []twin) (asked int) {
	t.Helper()
	for _, tw := range all {
		other := tw.body
		if tw.other != "" {
			other = tw.other
		}
		for _, c := range w.callers {
			// All whom nobody knows get one answer (see the matrix): one of them will do.
			if tw.right(c.name) || c.name == "wrong" || c.name == "old" || c.name == "nobody" ||
				tw.spoilt && !slices.Contains([]string{"area", "viewer", "administrator", "stranger"}, c.name) {
				continue
			}
			asked++
			there, none := c.ask(t, tw.method, tw.there, tw.body, tw.header...), c.ask(t, tw.method, tw.none, other, tw.header...)
			if there.String() != none.String() || there.status < 400 || there.status >= 500 {
				t.Errorf("%s %s %.40q %q as %s:\n%swhere there is none:\n%s", tw.method, tw.there, tw.body, tw.header, c.name, there, none)
			}
		}
	}
	return asked
}

// queries are places named in a query.
func (w *world) queries(t *testing.T) {
	t.Helper()
	for _, path := range []string{"/api/v1/cameras", "/api/v1/inventory/cameras", "/api/v1/health/cameras"} {
		for _, c := range w.callers {
			for _, area := range []string{"lang", "vinh"} {
				if mayList(c.name, area, "public") || mayList(c.name, area, "household") || mayKeep(c.name, area) {
					continue
				}
				there, none := c.ask(t, "GET", path+"?area="+area, ""), c.ask(t, "GET", path+"?area=no-such-area", "")
				if there.String() != none.String() {
					t.Errorf("%s?area=%s as %s:\n%swhere there is none:\n%s", path, area, c.name, there, none)
				}
			}
		}
	}
}

// untwinned complains of routes that name something and have no twin.
func (w *world) untwinned(t *testing.T, all []twin) {
	t.Helper()
	known := map[string]bool{}
	for _, tw := range all {
		known[tw.pattern] = true
	}
	for _, pattern := range w.patterns {
		if strings.Contains(pattern, "{") && !known[pattern] && len(w.methodsOf(pattern)) == 0 {
			t.Errorf("%s names something, and nothing says that what is not yours is like what is not there: give it a twin", pattern)
		}
	}
}

// spoil makes twins of one with all bodies and headers.
func (tw twin) spoil() (all []twin) {
	for _, s := range spoilt {
		tw.body, tw.header, tw.spoilt = s.body, s.header, true
		all = append(all, tw)
	}
	return all
}

func cameraTwins() (all []twin) {
	const kept, none = "/api/v1/inventory/cameras/", "no-such-camera"
	for _, area := range []string{"lang", "vinh"} {
		for _, kind := range kinds {
			id := area + "-" + string(kind)
			lists := func(caller string) bool { return mayList(caller, area, string(kind)) }
			keeps := func(caller string) bool { return mayKeep(caller, area) }
			watches := func(caller string) bool {
				return kind != gateway.Household && lists(caller) && (caller == "area" || caller == "camera" || caller == "all")
			}
			all = append(all, consentTwins(kept+id, kept+none, keeps, kind == gateway.Household)...)
			all = append(all, twin{pattern: "GET /api/v1/cameras/{id}", method: "GET", there: "/api/v1/cameras/" + id, none: "/api/v1/cameras/" + none, right: lists},
				twin{pattern: "GET " + kept + "{id}", method: "GET", there: kept + id, none: kept + none, right: keeps},
				twin{pattern: "GET /api/v1/health/cameras/{id}", method: "GET", there: "/api/v1/health/cameras/" + id, none: "/api/v1/health/cameras/" + none, right: keeps})
			exports := func(caller string) bool { return (caller == "supervisor" || caller == "first") && lists(caller) }
			tw := twin{pattern: "POST /api/v1/cameras/{id}/pictures", method: "POST", there: "/api/v1/cameras/" + id + "/pictures", none: "/api/v1/cameras/" + none + "/pictures",
				body: `{"view":"7KQ-2M4X"}`, right: exports}
			if all = append(all, tw); kind == gateway.Household {
				all = append(all, tw.spoil()...)
			}
			looks := func(caller string) bool { return mayLook(caller, area, kind) }
			for _, query := range []string{"", "?width=160", "?width=wrong"} {
				all = append(all, twin{pattern: "GET /api/v1/cameras/{id}/still", method: "GET", there: "/api/v1/cameras/" + id + "/still" + query, none: "/api/v1/cameras/" + none + "/still" + query, right: looks})
			}
			for _, method := range []string{"PUT", "DELETE"} {
				tw := twin{pattern: method + " " + kept + "{id}", method: method, there: kept + id, none: kept + none, right: keeps}
				if kind == gateway.Household && method == "PUT" || id == "vinh-public" {
					all = append(all, tw.spoil()...)
				}
				tw.body, tw.header, tw.spoilt = worldCamera(area, kind), []string{"If-None-Match", "*"}, false
				all = append(all, tw)
			}
			for _, query := range []string{"", "?stream=sub", "?stream=wrong"} {
				tw := twin{pattern: "/whep/{camera}", method: "POST", there: "/whep/" + id + query, none: "/whep/" + none + query, right: watches}
				tw.body, tw.header = "v=0\r\n", []string{"Content-Type", "application/sdp"}
				if all = append(all, tw); id == "vinh-public" && query == "" {
					all = append(all, tw.spoil()...)
				}
			}
		}
	}
	return all
}

// consentTwins are of what the owner of a camera agreed to.
func consentTwins(there, none string, keeps func(string) bool, spoil bool) (all []twin) {
	const pattern = "/api/v1/inventory/cameras/{id}"
	for method, body := range map[string]string{"GET": "", "PUT": paper, "DELETE": `{"document":"08/2026"}`} {
		tw := twin{pattern: method + " " + pattern + "/consent", method: method, there: there + "/consent", none: none + "/consent", body: body, right: keeps}
		if all = append(all, tw); method != "GET" && spoil {
			all = append(all, tw.spoil()...)
		}
	}
	return append(all, twin{pattern: "POST " + pattern + "/owner-link", method: "POST", there: there + "/owner-link", none: none + "/owner-link", right: keeps})
}

// mayLook says who may see a camera's pictures: households' only to whom one was
// given, for a case.
func mayLook(caller, area string, kind gateway.Kind) bool {
	switch {
	case kind == gateway.Household:
		return caller == "granted" && area == "vinh"
	case caller == "guest":
		return area == "lang" && kind == gateway.Public
	}
	return caller != "auditor" && mayList(caller, area, string(kind))
}

// mayKeep says who may change a camera, and with no kind, an area.
func mayKeep(caller, area string) bool {
	switch caller {
	case "all", "first":
		return true
	case "administrator":
		return area == "lang"
	}
	return false
}

func areaTwins() (all []twin) {
	const kept, none = "/api/v1/inventory/areas/", "no-such-area"
	for _, area := range []string{"lang", "vinh"} {
		keeps := func(caller string) bool { return mayKeep(caller, area) }
		all = append(all, twin{pattern: "GET " + kept + "{id}", method: "GET", there: kept + area, none: kept + none, right: keeps})
		for _, method := range []string{"PUT", "DELETE"} {
			tw := twin{pattern: method + " " + kept + "{id}", method: method, there: kept + area, none: kept + none, right: keeps}
			all = append(all, tw.spoil()...)
		}
	}
	return all
}

// viewTwins are of the view that hold has opened.
func (w *world) viewTwins(t *testing.T) []twin {
	t.Helper()
	var doc struct{ Views []struct{ ID, Camera string } }
	if got := w.caller("first").ask(t, "GET", "/api/v1/views", ""); json.Unmarshal([]byte(got.body), &doc) != nil || len(doc.Views) != 1 || doc.Views[0].Camera != "lang-public" {
		t.Fatalf("who looks: %d %s", got.status, got.body)
	}
	const path = "/api/v1/views/"
	tw := twin{pattern: "POST " + path + "{view}/end", method: "POST", there: path + doc.Views[0].ID + "/end", none: path + "0000000000000000/end",
		body: `{"reason":"không còn nhiệm vụ"}`, right: func(caller string) bool { return mayKeep(caller, "lang") }}
	return append(tw.spoil(), tw)
}

// hold lets one caller look at a camera, so that the others can try to end it.
func (w *world) hold(t *testing.T) twin {
	t.Helper()
	got := w.caller("area").ask(t, "POST", "/whep/lang-public", sdpOffer(t, 1), "Content-Type", "application/sdp")
	if got.status != http.StatusCreated {
		t.Fatalf("%d %s", got.status, got.body)
	}
	return twin{pattern: "/whep/{camera}/{id}", method: "DELETE", there: got.header.Get("Location"), none: "/whep/lang-public/no-such-view-at-all-00",
		right: func(caller string) bool { return caller == "area" }}
}
