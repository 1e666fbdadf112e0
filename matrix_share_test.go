package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// The part of the matrix that is about shares, and its caller "guest": an
// outsider to whom lang-public is shared.

// shared is what who made a share is told.
type shared struct{ Key, Link, Pin string }

// secret is what stands behind the # of the link.
func (s shared) secret() string {
	_, secret, _ := strings.Cut(s.Link, "#")
	return strings.TrimPrefix(secret, "share=")
}

// shareOf makes a share.
func (b *browser) shareOf(camera string, outside bool) (s shared) {
	b.t.Helper()
	b.want(201, &s, "POST", "shares", fmt.Sprintf(`{"camera":%q,"for":"Đội PCCC","minutes":60,"outside":%v}`, camera, outside))
	return s
}

// token opens an outsider's share.
func (s shared) token(t testing.TB, b *browser) string {
	t.Helper()
	var doc struct{ Token string }
	b.want(200, &doc, "POST", "guest", fmt.Sprintf(`{"secret":%q,"pin":%q}`, s.secret(), s.Pin))
	if doc.Token == "" {
		t.Fatal("there is no token")
	}
	return doc.Token
}

// share makes the shares of a world, and its guest.
func (w *world) share() {
	w.t.Helper()
	chief := w.caller("supervisor").browser
	out := chief.shareOf("lang-public", true)
	b := newBrowser(w.t, w.origin)
	w.callers = append(w.callers, caller{name: "guest", token: out.token(w.t, b), browser: b})
	w.keys["share"] = w.caller("viewer").browser.shareOf("lang-office", false).Key
	taken := w.caller("viewer").browser.shareOf("lang-office", false)
	w.must(w.caller("first"), "POST", "/api/v1/shares/open", fmt.Sprintf(`{"secret":%q}`, taken.secret()), http.StatusOK)
	w.keys["taken"] = taken.secret()
}

// shareRows are those of shares.
func shareRows(w *world) []matrixRow {
	const shares = "/api/v1/shares"
	share := func(camera, more string) string {
		return fmt.Sprintf(`{"camera":%q,"for":"Anh Ba","minutes":5%s}`, camera, more)
	}
	return []matrixRow{
		{"GET " + shares, "GET", shares, "", nil, tools + "200: rest"},
		{"POST " + shares, "POST", shares, share("lang-public", ""), nil, tools + "201: first viewer supervisor administrator granted; 404: rest"},
		{"POST " + shares, "POST", shares, share("lang-public", `,"outside":true`), nil, tools + "201: first supervisor; 404: rest"},
		{"POST " + shares, "POST", shares, share("vinh-office", ""), nil, tools + "201: first stranger; 404: rest"},
		{"POST " + shares, "POST", shares, share("vinh-household", ""), nil, tools + "422: granted; 404: rest"},
		{"POST " + shares, "POST", shares, share("lang-public", `,"by":"x"`), nil, strangers + "400: rest"},
		{"POST " + shares + "/open", "POST", shares + "/open", `{"secret":"no-such-secret-of-a-share"}`, nil, strangers + "404: rest"},
		{"POST " + shares + "/open", "POST", shares + "/open", fmt.Sprintf(`{"secret":%q}`, w.keys["taken"]), nil, tools + "200: first viewer; 404: rest"},
		{"DELETE " + shares + "/{key}", "DELETE", shares + "/" + noKey, "", nil, strangers + "404: rest"},
		{"DELETE " + shares + "/{key}", "DELETE", shares + "/" + w.keys["share"], "", nil, tools + "204: first; 404: rest"}, // who comes later finds it ended
		{"POST /api/v1/guest", "POST", "/api/v1/guest", `{"secret":"no-such-secret-of-a-share"}`, nil, same("404")},
		{"POST /api/v1/guest", "POST", "/api/v1/guest", `{"secret":"no-such-secret-of-a-share","pin":"123456"}`, nil, same("404")},
		{"POST /api/v1/guest", "POST", "/api/v1/guest", fmt.Sprintf(`{"secret":%q,"pin":"123456"}`, w.keys["taken"]), nil, same("404")}, // a colleague's
	}
}

// shareTwins are of shares and of cameras that could be shared.
func shareTwins(w *world) (all []twin) {
	const shares = "/api/v1/shares"
	is := func(names string) func(string) bool {
		return func(caller string) bool { return strings.Contains(" "+names+" ", " "+caller+" ") }
	}
	all = append(all, twin{pattern: "DELETE " + shares + "/{key}", method: "DELETE", there: shares + "/" + w.keys["share"], none: shares + "/" + noKey,
		right: is("first viewer supervisor administrator")})
	body := func(key, value string) string {
		b, _ := json.Marshal(map[string]any{key: value, "for": "Anh Ba", "minutes": 5})
		return string(b)
	}
	for camera, right := range map[string]string{"lang-office": "first viewer supervisor administrator granted", "vinh-public": "first stranger", "vinh-household": "granted", "lang-household": ""} {
		all = append(all, twin{pattern: "POST " + shares, method: "POST", there: shares, none: shares, body: body("camera", camera), other: body("camera", "no-such-camera"), right: is(right)})
	}
	return append(all, twin{pattern: "POST " + shares + "/open", method: "POST", there: shares + "/open", none: shares + "/open",
		body: fmt.Sprintf(`{"secret":%q}`, w.keys["taken"]), other: `{"secret":"no-such-secret-of-a-share"}`, right: is("first viewer")})
}
