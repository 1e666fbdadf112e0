package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// The part of the matrix that is about people and their rights.

const (
	noKey     = "NOSUCHKEYNOSUCHKEYNOSUCHKE"
	goodCause = `{"reason":"mất điện thoại ở chợ"}`
	paper     = `{"owner":"Bà Tư","contact":"0912","purposes":["theft","missing"],"document":"07/2026"}` // an owner's consent
)

// learn finds the people's keys, gives one of them a camera of the other ward
// and has another one ask for that ward.
func (w *world) learn() {
	w.t.Helper()
	first, viewer := w.caller("first"), w.caller("viewer")
	var doc struct{ People []struct{ Key, Name string } }
	if err := json.Unmarshal([]byte(first.ask(w.t, "GET", "/api/v1/people", "").body), &doc); err != nil {
		w.t.Fatal(err)
	}
	w.keys = map[string]string{}
	for _, p := range doc.People {
		w.keys[p.Name] = p.Key
	}
	w.keys["first"] = w.keys["Trần Thị Bình"]
	w.keys["grant"] = w.made(first, "/api/v1/grants", fmt.Sprintf(`{"who":{"person":%q},"actions":["view"],"cameras":["vinh-household"]}`, w.keys["granted"]))
	w.must(first, "PUT", "/api/v1/inventory/cameras/vinh-household/consent", paper, http.StatusNoContent)
	w.must(w.caller("granted"), "PUT", "/api/v1/case", `{"reason":"theft","number":"12/2026"}`, http.StatusNoContent)
	w.keys["request"] = w.made(viewer, "/api/v1/requests", `{"area":"vinh","actions":["view"],"for":600,"reason":"truy tìm xe gây tai nạn"}`)
	w.keys["invitation"] = w.made(first, "/api/v1/invitations", `{"area":"vinh","days":1}`)
	var sessions struct{ Sessions []struct{ ID string } }
	if err := json.Unmarshal([]byte(viewer.ask(w.t, "GET", "/api/v1/people/me/sessions", "").body), &sessions); err != nil || len(sessions.Sessions) != 1 {
		w.t.Fatal(err, sessions)
	}
	w.keys["session"] = sessions.Sessions[0].ID
}

// made makes something and gives its key.
func (w *world) made(c caller, path, body string) string {
	w.t.Helper()
	var doc struct{ Key string }
	if text := w.must(c, "POST", path, body, http.StatusCreated); json.Unmarshal([]byte(text), &doc) != nil || doc.Key == "" {
		w.t.Fatal(text)
	}
	return doc.Key
}

// tools is for those who come by a token, whom nothing of people concerns.
const tools = strangers + "404: area camera all guest portal officer; "

// peopleRows are those of people and their rights.
func peopleRows(w *world) []matrixRow {
	account := func(areas string) string { return `{"name":"x","roles":["viewer"],"areas":[` + areas + `]}` }
	const (
		accounts = "/api/v1/accounts/"
		person   = "/api/v1/people/{key}"
		carers   = "first supervisor administrator"
		lookers  = "first viewer supervisor stranger granted"
	)
	of := func(name string) string { return "/api/v1/people/" + w.keys[name] }
	grant := func(camera string) string {
		return fmt.Sprintf(`{"who":{"person":%q},"actions":["view"],"cameras":[%q]}`, w.keys["blocked"], camera)
	}
	return []matrixRow{
		{"GET /api/v1/accounts", "GET", "/api/v1/accounts", "", nil, strangers + "200: rest"},
		{"PUT " + accounts + "{login}", "PUT", accounts + "of-{me}", account(`"lang"`), nil, strangers + "201: all first administrator; 404: rest"},
		{"PUT " + accounts + "{login}", "PUT", accounts + "both-{me}", account(`"lang","vinh"`), nil, strangers + "201: all first; 404: rest"},
		{"PUT " + accounts + "{login}", "PUT", accounts + "whole-{me}", account(`"all"`), nil, strangers + "201: all first; 404: rest"},
		{"PUT " + accounts + "{login}", "PUT", accounts + "stranger", account(`"vinh"`), nil, strangers + "204: all first; 404: rest"},
		{"POST " + accounts + "{login}/link", "POST", accounts + "viewer/link", "{}", nil, strangers + "201: all first administrator; 404: rest"},
		{"POST " + accounts + "{login}/link", "POST", accounts + "stranger/link", "{}", nil, strangers + "201: all first; 404: rest"},
		{"GET /api/v1/people", "GET", "/api/v1/people", "", nil, tools + "200: rest"},
		{"GET " + person, "GET", of("viewer"), "", nil, strangers + "200: viewer " + carers + "; 404: rest"},
		{"GET " + person, "GET", of("stranger"), "", nil, strangers + "200: first stranger; 404: rest"},
		{"GET " + person, "GET", of("first"), "", nil, strangers + "200: first; 404: rest"},
		{"GET " + person, "GET", "/api/v1/people/me", "", nil, tools + "200: rest"},
		{"PUT " + person + "/block", "PUT", of("blocked") + "/block", goodCause, nil, strangers + "204: " + carers + "; 404: rest"},
		{"DELETE " + person + "/block", "DELETE", of("blocked") + "/block", "", nil, strangers + "204: first administrator; 404: rest"},
		{"GET " + person + "/sessions", "GET", of("viewer") + "/sessions", "", nil, strangers + "200: viewer " + carers + "; 404: rest"},
		{"DELETE " + person + "/sessions", "DELETE", of("blocked") + "/sessions", "", nil, strangers + "200: " + carers + "; 404: rest"},
		{"DELETE " + person + "/sessions", "DELETE", "/api/v1/people/me/sessions", "", nil, tools + "200: rest"},
		{"DELETE " + person + "/sessions/{id}", "DELETE", of("viewer") + "/sessions/" + noKey, "", nil, strangers + "404: rest"},
		{"GET /api/v1/grants", "GET", "/api/v1/grants", "", nil, tools + "200: rest"},
		{"POST /api/v1/grants", "POST", "/api/v1/grants", grant("lang-public"), nil, tools + "201: first administrator; 404: rest"},
		{"POST /api/v1/grants", "POST", "/api/v1/grants", grant("vinh-public"), nil, tools + "201: first; 404: rest"},
		{"DELETE /api/v1/grants/{key}", "DELETE", "/api/v1/grants/" + noKey, "", nil, strangers + "404: rest"},
		{"GET /api/v1/requests", "GET", "/api/v1/requests", "", nil, tools + "200: rest"},
		{"POST /api/v1/requests", "POST", "/api/v1/requests", `{"area":"vinh","actions":["view"],"for":600,"reason":"truy tìm xe gây tai nạn"}`, nil, tools + "201: " + lookers + "; 404: rest"},
		{"DELETE /api/v1/requests/{key}", "DELETE", "/api/v1/requests/" + noKey, "", nil, strangers + "404: rest"},
		{"GET /api/v1/requests/areas", "GET", "/api/v1/requests/areas", "", nil, tools + "200: " + lookers + "; 404: rest"},
		{"POST /api/v1/requests/{key}/answer", "POST", "/api/v1/requests/" + noKey + "/answer", `{"yes":true}`, nil, strangers + "404: rest"},
		{"POST /api/v1/requests/{key}/answer", "POST", "/api/v1/requests/" + w.keys["request"] + "/answer", `{"yes":false}`, nil, strangers + "204: first; 404: rest"},
		{"POST /api/v1/emergency", "POST", "/api/v1/emergency", `{"reason":"x"}`, nil, tools + "422: " + lookers + "; 404: rest"}, // names no place
		{"GET /api/v1/notices", "GET", "/api/v1/notices", "", nil, tools + "200: rest"},
	}
}

// peopleTwins are of people and what is theirs.
func peopleTwins(w *world) (all []twin) {
	const person = "/api/v1/people/{key}"
	for login, area := range map[string]string{"viewer": "lang", "stranger": "vinh", "first": "all"} {
		keeps := func(caller string) bool {
			return caller == "all" || caller == "first" || caller == "administrator" && area == "lang"
		}
		tw := twin{pattern: "PUT /api/v1/accounts/{login}", method: "PUT", there: "/api/v1/accounts/" + login, none: "/api/v1/accounts/no.such.login", right: keeps}
		all = append(all, tw.spoil()...)
		tw.body = fmt.Sprintf(`{"name":"x","areas":[%q]}`, area)
		all = append(all, tw)
		tw = twin{pattern: "POST /api/v1/accounts/{login}/link", method: "POST", there: "/api/v1/accounts/" + login + "/link", none: "/api/v1/accounts/no.such.login/link", right: keeps}
		all = append(all, tw.spoil()...)
		cares := func(caller string) bool {
			return caller == login || caller == "first" || area == "lang" && (caller == "administrator" || caller == "supervisor")
		}
		for _, p := range [][2]string{{"GET", ""}, {"PUT", "/block"}, {"DELETE", "/block"}, {"GET", "/sessions"}, {"DELETE", "/sessions"}, {"DELETE", "/sessions/" + w.keys["session"]}} {
			pattern := p[0] + " " + person + strings.Replace(p[1], w.keys["session"], "{id}", 1)
			tw := twin{pattern: pattern, method: p[0], there: "/api/v1/people/" + w.keys[login] + p[1], none: "/api/v1/people/" + noKey + p[1], right: cares}
			if p[0] == "PUT" || p[0] == "DELETE" && login == "stranger" {
				all = append(all, tw.spoil()...)
			}
			if tw.body = ""; p[0] == "PUT" {
				tw.body = goodCause
			}
			all = append(all, tw)
		}
	}
	return append(all, keyTwins(w)...)
}

// keyTwins are of what has a key.
func keyTwins(w *world) (all []twin) {
	only := func(names ...string) func(string) bool {
		return func(caller string) bool { return strings.Contains(" "+strings.Join(names, " ")+" ", " "+caller+" ") }
	}
	grants, requests := "/api/v1/grants/", "/api/v1/requests/"
	all = append(all,
		twin{pattern: "DELETE " + grants + "{key}", method: "DELETE", there: grants + w.keys["grant"], none: grants + noKey, right: only("first", "granted")},
		twin{pattern: "DELETE " + requests + "{key}", method: "DELETE", there: requests + w.keys["request"], none: requests + noKey, right: only("viewer")},
		// Another's session under one's own name.
		twin{pattern: "DELETE /api/v1/people/{key}/sessions/{id}", method: "DELETE", there: "/api/v1/people/me/sessions/" + w.keys["session"], none: "/api/v1/people/me/sessions/" + noKey, right: only("viewer")})
	tw := twin{pattern: "POST " + requests + "{key}/answer", method: "POST", there: requests + w.keys["request"] + "/answer", none: requests + noKey + "/answer", right: only("first")}
	all = append(all, tw.spoil()...)
	tw.body = `{"yes":true}`
	all = append(all, tw)
	// Places in a body.
	for _, place := range []string{`"areas":["%s"]`, `"cameras":["%s"]`} {
		there, none := strings.Replace(place, "%s", "vinh", 1), strings.Replace(place, "%s", "no-such-thing", 1)
		if strings.HasPrefix(place, `"cameras`) {
			there = strings.Replace(place, "%s", "vinh-household", 1)
		}
		body := `{"who":{"role":"auditor"},"actions":["view"],`
		all = append(all, twin{pattern: "POST /api/v1/grants", method: "POST", there: "/api/v1/grants", none: "/api/v1/grants",
			body: body + there + "}", other: body + none + "}", right: only("first")})
	}
	return all
}

// asks asks for cameras of the other ward, and for none.
func (w *world) asks(t *testing.T) {
	asker := w.caller("granted")
	for _, id := range []string{"vinh-household", "vinh-public", "lang-household", "no-such-camera"} {
		body := fmt.Sprintf(`{"area":"vinh","cameras":[%q],"actions":["view"],"for":600,"reason":"truy tìm xe gây tai nạn"}`, id)
		if got := asker.ask(t, "POST", "/api/v1/requests", body); got.status != http.StatusCreated {
			t.Errorf("%s: %d %s", id, got.status, got.body)
		}
	}
}
