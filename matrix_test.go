package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"testing"

	"matthan/web"
)

// Everybody who may come asks for everything that is served. A route that does
// not stand here is an error, so that none is served whose rights nobody has
// thought about.

// matrixRow is one request that every caller makes, and what each gets.
type matrixRow struct {
	pattern      string // as the mux has it
	method, path string // {me} is the caller's name
	body         string
	header       []string
	want         string // "401: nobody wrong; 200: viewer; 404: rest"
}

// strangers are those who are nobody to us.
const strangers = "401: nobody wrong old blocked; "

// same is for who gets the same answer as everybody else.
func same(status string) string { return status + ": rest" }

// populate adds the people of all roles to a world.
func populate(t testing.TB) *world {
	t.Helper()
	w := newWorld(t)
	w.invite("viewer", "viewer", "lang")
	w.invite("supervisor", "supervisor", "lang")
	w.invite("administrator", "administrator", "lang")
	w.invite("auditor", "auditor", "lang")
	w.invite("stranger", "viewer", "vinh")
	w.invite("granted", "viewer", "lang")
	w.invite("blocked", "viewer", "lang")
	w.learn()
	w.share()
	w.embed()
	w.lay()
	w.must(w.caller("first"), "PUT", "/api/v1/accounts/blocked", `{"name":"blocked","roles":["viewer"],"areas":["lang"],"disabled":true}`, http.StatusNoContent)
	return w
}

// expected finds a caller's status in a row.
func (r matrixRow) expected(name string) string {
	rest := ""
	for part := range strings.SplitSeq(r.want, ";") {
		status, names, _ := strings.Cut(strings.TrimSpace(part), ": ")
		if slices.Contains(strings.Fields(names), name) {
			return status
		}
		if names == "rest" {
			rest = status
		}
	}
	return rest
}

func TestEverybodyGetsTheirRightsAndNoMore(t *testing.T) {
	t.Parallel()
	w := populate(t)
	t.Run("a list holds exactly what its caller may see", w.lists)
	t.Run("a socket tells nothing of what is not yours", w.sockets)
	t.Run("what is not yours is like what does not exist", w.twins)
	t.Run("who asks for a camera is not told whether it is there", w.asks)
	t.Run("every route", w.routes) // last: it makes and changes things
}

// routes asks for everything as everybody.
func (w *world) routes(t *testing.T) {
	rows := append(append(append(append(apiRows(), edgeRows()...), peopleRows(w)...), ownerRows()...), shareRows(w)...)
	rows = append(append(rows, portalRows()...), layoutRows()...)
	w.forgotten(t, rows)
	for _, row := range rows {
		refusals := map[string]string{} // what those who are nobody are told, by status
		for _, c := range w.callers {
			got := c.ask(t, row.method, strings.ReplaceAll(row.path, "{me}", c.name), row.body, row.header...)
			if want := row.expected(c.name); fmt.Sprint(got.status) != want {
				t.Errorf("%s %s as %s: %d, want %s: %.300s", row.method, row.path, c.name, got.status, want, got.body)
			}
			if strings.Contains(got.String(), canary) {
				t.Errorf("%s %s as %s tells a password", row.method, row.path, c.name)
			}
			if row.method == "GET" && strings.HasPrefix(row.path, "/api/") {
				if head := c.ask(t, "HEAD", row.path, "", row.header...); head.status != got.status || head.body != "" {
					t.Errorf("HEAD %s as %s: %d, and GET %d", row.path, c.name, head.status, got.status)
				}
			}
			if got.status == http.StatusUnauthorized {
				refusals[got.String()] = c.name
			}
		}
		if len(refusals) > 1 {
			t.Errorf("%s %s tells one stranger something else than another: %v", row.method, row.path, refusals)
		}
	}
	w.otherMethods(t)
}

// forgotten complains of routes without a row, and of rows without a route.
func (w *world) forgotten(t *testing.T, rows []matrixRow) {
	t.Helper()
	known := map[string]bool{}
	for _, row := range rows {
		known[row.pattern] = true
		if !slices.Contains(w.patterns, row.pattern) {
			t.Errorf("%s is not served: take its row out", row.pattern)
		}
	}
	for _, pattern := range w.patterns {
		if !known[pattern] && len(w.methodsOf(pattern)) == 0 {
			t.Errorf("%s is served, and nothing says who may: give it a row", pattern)
		}
	}
}

// methodsOf are those that a pattern without one is the rest of.
func (w *world) methodsOf(pattern string) (methods []string) {
	for _, other := range w.patterns {
		if method, path, ok := strings.Cut(other, " "); ok && path == pattern {
			methods = append(methods, method)
		}
	}
	return methods
}

// otherMethods asks by the methods that are not meant.
func (w *world) otherMethods(t *testing.T) {
	t.Helper()
	row := matrixRow{want: strangers + "405: rest"}
	for _, pattern := range w.patterns {
		methods := w.methodsOf(pattern)
		for _, c := range w.callers {
			if len(methods) == 0 {
				break
			}
			got := c.ask(t, "PATCH", strings.NewReplacer("{", "", "}", "").Replace(pattern), "{}")
			if want := row.expected(c.name); fmt.Sprint(got.status) != want {
				t.Errorf("PATCH %s as %s: %d, want %s", pattern, c.name, got.status, want)
			}
			for _, m := range methods {
				if got.status == http.StatusMethodNotAllowed && !strings.Contains(got.header.Get("Allow"), m) {
					t.Errorf("%s: Allow is %q without %s", pattern, got.header.Get("Allow"), m)
				}
			}
		}
	}
}

// apiRows are those of cameras and areas.
func apiRows() []matrixRow {
	const (
		camera, area = "/api/v1/inventory/cameras/", "/api/v1/inventory/areas/"
		keepers      = "all first administrator"
		consent      = camera + "{id}/consent"
		still        = "/api/v1/cameras/{id}/still"
		health       = "/api/v1/health/cameras"
		trials       = "/api/v1/inventory/trials"
		discover     = "/api/v1/inventory/discover"
		device       = "/api/v1/inventory/onvif"
		checks       = "/api/v1/inventory/checks"
	)
	lang := worldCamera("lang", "public")
	old := []string{"If-Match", `"987654"`}
	fresh := []string{"If-None-Match", "*"}
	return []matrixRow{
		{"GET /api/v1/session", "GET", "/api/v1/session", "", nil, same("200")},
		{"GET /api/v1/openapi.json", "GET", "/api/v1/openapi.json", "", nil, same("200")},
		{"GET /api/v1/cameras", "GET", "/api/v1/cameras", "", nil, strangers + "200: rest"},
		{"GET /api/v1/cameras/{id}", "GET", "/api/v1/cameras/lang-public", "", nil, strangers + "404: camera stranger guest portal; 200: rest"},
		{"GET /api/v1/cameras/{id}", "GET", "/api/v1/cameras/lang-household", "", nil, strangers + "200: all first administrator; 404: rest"},
		{"GET /api/v1/cameras/{id}", "GET", "/api/v1/cameras/vinh-household", "", nil, strangers + "200: all first camera granted; 404: rest"},
		{"GET /api/v1/cameras/{id}", "GET", "/api/v1/cameras/vinh-office", "", nil, strangers + "200: all first stranger; 404: rest"},
		// Of those who may, nobody has it on the screen.
		{"POST /api/v1/cameras/{id}/pictures", "POST", "/api/v1/cameras/lang-public/pictures", `{"view":"7KQ-2M4X"}`, nil, strangers + "409: first supervisor; 404: rest"},
		{"POST /api/v1/cameras/{id}/pictures", "POST", "/api/v1/cameras/lang-public/pictures", `{"view":"7KQ-2M4X","camera":"x"}`, nil, strangers + "400: first supervisor; 404: rest"},
		{"POST /api/v1/cameras/{id}/pictures", "POST", "/api/v1/cameras/vinh-household/pictures", `{"view":"7KQ-2M4X"}`, nil, strangers + "404: rest"},
		// These cameras are not there: 503 is for who may look.
		{"GET " + still, "GET", "/api/v1/cameras/lang-public/still", "", nil, strangers + "404: camera stranger portal auditor; 503: rest"},
		{"GET " + still, "GET", "/api/v1/cameras/lang-public/still?width=481", "", nil, strangers + "404: camera stranger portal auditor; 400: rest"},
		{"GET " + still, "GET", "/api/v1/cameras/lang-household/still", "", nil, strangers + "404: rest"},
		{"GET " + still, "GET", "/api/v1/cameras/vinh-household/still", "", nil, strangers + "503: granted; 404: rest"},
		{"GET " + still, "GET", "/api/v1/cameras/vinh-office/still", "", nil, strangers + "503: all first stranger; 404: rest"},
		{"GET /api/v1/map", "GET", "/api/v1/map", "", nil, strangers + "200: rest"},
		{"GET /api/v1/map/{z}/{x}/{y}", "GET", "/api/v1/map/0/0/0", "", nil, strangers + "200: rest"},
		{"GET /api/v1/map/{z}/{x}/{y}", "GET", "/api/v1/map/0/0/1", "", nil, strangers + "204: rest"},
		{"GET /api/v1/map/{z}/{x}/{y}", "GET", "/api/v1/map/0/0/x", "", nil, strangers + "400: rest"},
		{"GET /api/v1/inventory/cameras", "GET", "/api/v1/inventory/cameras", "", nil, strangers + "200: rest"},
		{"GET " + health, "GET", health, "", nil, strangers + "200: rest"},
		{"GET " + health, "GET", health + "?state=broken", "", nil, strangers + "400: rest"},
		{"GET " + health + "/{id}", "GET", health + "/lang-public", "", nil, strangers + "200: " + keepers + "; 404: rest"},
		{"GET " + health + "/{id}", "GET", health + "/vinh-household", "", nil, strangers + "200: all first; 404: rest"},
		{"GET /api/v1/health/outages", "GET", "/api/v1/health/outages", "", nil, strangers + "200: rest"},
		{"POST " + trials, "POST", trials, strings.Replace(lang, ":1/lang-public", ":1/tried", 1), nil, strangers + "201: " + keepers + "; 404: rest"},
		{"POST " + trials, "POST", trials, worldCamera("vinh", "public"), nil, strangers + "201: all first; 404: rest"},
		{"POST " + trials, "POST", trials, worldCamera("lang", "household"), nil, strangers + "422: " + keepers + "; 404: rest"},
		{"POST " + trials, "POST", trials, strings.Replace(worldCamera("lang", "household"), `"kind":"household"`, `"kind":"public"`, 1), nil, strangers + "409: " + keepers + "; 404: rest"},
		{"POST " + discover, "POST", discover, `{"area":"lang"}`, nil, strangers + "200: " + keepers + "; 404: rest"},
		{"POST " + discover, "POST", discover, `{"area":"vinh"}`, nil, strangers + "200: all first; 404: rest"},
		{"POST " + discover, "POST", discover, `{"area":"no-such-area"}`, nil, strangers + "200: all first; 404: rest"},
		{"POST " + device, "POST", device, `{"area":"lang","address":"127.0.0.1:1","user":"viewer","password":"` + canary + `"}`, nil, strangers + "200: " + keepers + "; 404: rest"},
		{"POST " + device, "POST", device, `{"area":"vinh","address":"127.0.0.1:1"}`, nil, strangers + "200: all first; 404: rest"},
		{"POST " + device, "POST", device, `{"area":"lang","address":"rtsp://127.0.0.1"}`, nil, strangers + "422: " + keepers + "; 404: rest"},
		{"POST " + checks, "POST", checks, strings.Replace(lang, ":1/lang-public", ":1/checked", 1), nil, strangers + "200: " + keepers + "; 404: rest"},
		{"POST " + checks, "POST", checks, worldCamera("vinh", "public"), nil, strangers + "200: all first; 404: rest"},
		{"POST " + checks, "POST", checks, worldCamera("lang", "household"), nil, strangers + "422: " + keepers + "; 404: rest"},
		{"POST " + checks, "POST", checks, strings.Replace(worldCamera("lang", "household"), `"kind":"household"`, `"kind":"public"`, 1), nil, strangers + "409: " + keepers + "; 404: rest"},
		{"GET /api/v1/views", "GET", "/api/v1/views", "", nil, strangers + "200: rest"},
		{"POST /api/v1/views/{view}/end", "POST", "/api/v1/views/0000000000000000/end", `{"reason":"không còn nhiệm vụ"}`, nil, strangers + "404: rest"},
		{"GET /api/v1/inventory/areas", "GET", "/api/v1/inventory/areas", "", nil, strangers + "200: rest"},
		{"GET " + camera + "{id}", "GET", camera + "lang-public", "", nil, strangers + "200: " + keepers + "; 404: rest"},
		{"GET " + camera + "{id}", "GET", camera + "vinh-public", "", nil, strangers + "200: all first; 404: rest"},
		{"GET " + camera + "{id}", "GET", camera + "lang-household", "", nil, strangers + "200: all first administrator; 404: rest"},
		{"PUT " + camera + "{id}", "PUT", camera + "lang-public", lang, old, strangers + "412: " + keepers + "; 404: rest"},
		{"PUT " + camera + "{id}", "PUT", camera + "lang-public", lang, nil, strangers + "428: " + keepers + "; 404: rest"},
		{"PUT " + camera + "{id}", "PUT", camera + "new-{me}", lang, fresh, strangers + "204: " + keepers + "; 404: rest"},
		{"PUT " + camera + "{id}", "PUT", camera + "newer-{me}", strings.Replace(worldCamera("lang", "household"), ":1/lang-household", ":1/newer", 1), fresh, strangers + "204: all first administrator; 404: rest"},
		{"PUT " + camera + "{id}", "PUT", camera + "newest-{me}", worldCamera("vinh", "public"), fresh, strangers + "204: all first; 404: rest"},
		{"DELETE " + camera + "{id}", "DELETE", camera + "lang-public", "", old, strangers + "412: " + keepers + "; 404: rest"},
		{"GET " + consent, "GET", camera + "lang-household/consent", "", nil, strangers + "200: all first administrator; 404: rest"},
		{"GET " + consent, "GET", camera + "vinh-household/consent", "", nil, strangers + "200: all first; 404: rest"},
		{"GET " + consent, "GET", camera + "lang-public/consent", "", nil, strangers + "404: rest"},
		{"PUT " + consent, "PUT", camera + "lang-household/consent", paper, old, strangers + "412: all first administrator; 404: rest"},
		{"PUT " + consent, "PUT", camera + "lang-household/consent", paper, fresh, strangers + "204: all; 412: first administrator; 404: rest"},
		{"PUT " + consent, "PUT", camera + "lang-public/consent", paper, old, strangers + "422: " + keepers + "; 404: rest"},
		{"DELETE " + consent, "DELETE", camera + "lang-household/consent", `{"document":""}`, nil, strangers + "422: all first administrator; 404: rest"},
		{"POST " + camera + "{id}/owner-link", "POST", camera + "lang-household/owner-link", "", nil, strangers + "201: all first administrator; 404: rest"},
		{"PUT " + camera + "{id}", "PUT", camera + "lang-household", lang, old, strangers + "412: all first administrator; 404: rest"},
		{"GET /api/v1/reasons", "GET", "/api/v1/reasons", "", nil, strangers + "200: rest"},
		{"GET /api/v1/case", "GET", "/api/v1/case", "", nil, tools + "200: rest"},
		{"PUT /api/v1/case", "PUT", "/api/v1/case", `{"reason":"curiosity","number":"12/2026"}`, nil, tools + "422: rest"},
		{"PUT /api/v1/case", "PUT", "/api/v1/case", `{"reason":"fire","number":"12/2026"}`, nil, tools + "204: rest"},
		{"DELETE /api/v1/case", "DELETE", "/api/v1/case", "", nil, tools + "204: rest"},
		{"GET " + area + "{id}", "GET", area + "lang", "", nil, strangers + "200: " + keepers + "; 404: rest"},
		{"GET " + area + "{id}", "GET", area + "vinh", "", nil, strangers + "200: all first; 404: rest"},
		{"PUT " + area + "{id}", "PUT", area + "lang", `{"name":"x"}`, old, strangers + "412: " + keepers + "; 404: rest"},
		{"PUT " + area + "{id}", "PUT", area + "lang", `{"name":"x","parent":"vinh"}`, old, strangers + "412: all first; 404: rest"},
		{"PUT " + area + "{id}", "PUT", area + "below-{me}", `{"name":"x","parent":"lang"}`, fresh, strangers + "204: " + keepers + "; 404: rest"},
		{"PUT " + area + "{id}", "PUT", area + "beside-{me}", `{"name":"x"}`, fresh, strangers + "204: all first; 404: rest"},
		{"DELETE " + area + "{id}", "DELETE", area + "lang", "", old, strangers + "412: " + keepers + "; 404: rest"},
		{"POST /api/v1/inventory/import", "POST", "/api/v1/inventory/import", "id,name,area,kind,main\n", []string{"Content-Type", "text/csv"}, strangers + "200: all first; 404: rest"},
		{"GET /api/v1/inventory/export", "GET", "/api/v1/inventory/export", "", nil, strangers + "200: all first; 404: rest"},
		{"GET /api/v1/audit", "GET", "/api/v1/audit?limit=1", "", nil, strangers + "200: auditor; 404: rest"},
		{"GET /api/v1/audit", "GET", "/api/v1/audit?area=vinh", "", nil, strangers + "200: auditor; 404: rest"},
		{"GET /api/v1/audit/head", "GET", "/api/v1/audit/head", "", nil, strangers + "200: auditor; 404: rest"},
		{"GET /api/v1/audit/report", "GET", "/api/v1/audit/report", "", nil, strangers + "200: auditor; 404: rest"},
		{"GET /api/v1/audit/people", "GET", "/api/v1/audit/people", "", nil, strangers + "200: auditor; 404: rest"},
		{"GET /api/v1/audit/export", "GET", "/api/v1/audit/export", "", nil, strangers + "404: rest"},
		{"/api/", "GET", "/api/v1/no-such-thing", "", nil, strangers + "404: rest"},
	}
}

// edgeRows are those beside the API.
func edgeRows() []matrixRow {
	sdp := []string{"Content-Type", "application/sdp"}
	front := "200"
	if _, err := fs.Stat(web.Bundle(), "index.html"); err != nil { // the viewer is not built
		front = "503"
	}
	return []matrixRow{
		{"GET /healthz", "GET", "/healthz", "", nil, same("200")},
		{"GET /readyz", "GET", "/readyz", "", nil, same("200")},
		{"/", "GET", "/", "", nil, same(front)},
		{"/", "GET", "/no-such-file", "", nil, same("404")},
		{"/", "POST", "/", "", nil, same("405")},
		{"GET /ws", "GET", "/ws", "", nil, same("400")}, // no WebSocket; see sockets_test.go
		{"/whep/{camera}", "OPTIONS", "/whep/lang-public", "", nil, same("204")},
		{"/whep/{camera}", "POST", "/whep/lang-public", "v=0\r\n", sdp, "422: area all; 404: camera guest; 403: officer; 401: rest"},
		{"/whep/{camera}", "POST", "/whep/vinh-household", "v=0\r\n", sdp, "404: area camera all guest; 403: officer; 401: rest"}, // a tool states no case
		{"/whep/{camera}", "GET", "/whep/lang-public", "", nil, same("405")},
		{"/whep/{camera}/{id}", "DELETE", "/whep/lang-public/no-such-view", "", nil, "404: area camera all guest; 403: officer; 401: rest"},
		{"/whep/{camera}/{id}", "PATCH", "/whep/lang-public/no-such-view", "", nil, "404: area camera all guest; 403: officer; 401: rest"},
		{"GET /matthan-root.crt", "GET", "/matthan-root.crt", "", nil, same("200")},
		{"GET /root-certificate", "GET", "/root-certificate", "", nil, same("200")},
		{"GET /auth/login", "GET", "/auth/login", "", nil, same("303")},
		{"GET /auth/callback", "GET", "/auth/callback", "", nil, same("400")},
		{"POST /auth/backchannel", "POST", "/auth/backchannel", "logout_token=x", []string{"Content-Type", "application/x-www-form-urlencoded"}, same("400")},
		{"POST /auth/logout", "POST", "/auth/logout", "", []string{"Sec-Fetch-Site", "cross-site"}, same("403")},
		{"/id/", "GET", "/id/.well-known/openid-configuration", "", nil, same("200")},
		{"/id/", "GET", "/id/keys", "", nil, same("200")},
		{"/id/", "GET", "/id/login", "", nil, same("400")},
		{"/id/", "GET", "/id/link", "", nil, same("410")},
		{"/id/", "GET", "/id/link/first.wrong", "", nil, same("410")},
		{"/id/", "GET", "/id/no-such-page", "", nil, same("404")},
		{"/id/", "POST", "/id/oauth/token", "grant_type=password", []string{"Content-Type", "application/x-www-form-urlencoded"}, same("400")},
	}
}

// mayList says who may know of a camera: its ward's people, but of households
// only who sets them up.
func mayList(caller, area, kind string) bool {
	switch caller {
	case "all":
		return true
	case "camera":
		return area == "vinh" && kind == "household"
	case "granted":
		return area == "vinh" && kind == "household" || area == "lang" && kind != "household"
	case "first":
		return true
	case "administrator":
		return area == "lang"
	case "stranger":
		return area == "vinh" && kind != "household"
	case "area", "viewer", "supervisor", "auditor", "officer":
		return area == "lang" && kind != "household"
	}
	return false
}

// lists looks at everybody's list of cameras.
func (w *world) lists(t *testing.T) {
	for _, c := range w.callers {
		got := c.ask(t, "GET", "/api/v1/cameras", "")
		var doc struct{ Cameras, Areas []struct{ ID string } }
		if err := json.Unmarshal([]byte(got.body), &doc); err != nil {
			t.Fatal(err)
		}
		var has, may []string
		for _, camera := range doc.Cameras {
			has = append(has, camera.ID)
		}
		areas := map[string]bool{}
		for _, area := range []string{"lang", "vinh"} {
			for _, kind := range kinds {
				if mayList(c.name, area, string(kind)) {
					may = append(may, area+"-"+string(kind))
					areas[area] = true
				}
			}
		}
		slices.Sort(has)
		slices.Sort(may)
		if !slices.Equal(has, may) || len(doc.Areas) != len(areas) {
			t.Errorf("%s sees %v in %v, and may %v", c.name, has, doc.Areas, may)
		}
	}
}
