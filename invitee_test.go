package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"matthan/auth"
)

// Citizens who come by an invitation, before they have lent anything.

// visitor is a caller by the secret behind the # of a link.
func visitor(t testing.TB, name, link string, b *browser) caller {
	t.Helper()
	at, secret, ok := strings.Cut(link, "#")
	if !ok || !strings.HasSuffix(at, "/owner/") || secret == "" {
		t.Fatal("no link to the page of owners was given")
	}
	return caller{name: name, token: secret, browser: b}
}

// invite gives a caller by a new invitation to an area.
func invite(t testing.TB, by caller, area string) (c caller, key string) {
	t.Helper()
	var made struct{ Key, Link string }
	by.want(t, 201, &made, "POST", "invitations", fmt.Sprintf(`{"area":%q,"name":"Bà Tư","days":2}`, area))
	return visitor(t, "invitee", made.Link, newBrowser(t, by.browser.origin)), made.Key
}

// try enters a camera's address, and gives the camera.
func (c caller) try(t testing.TB, url string) string {
	t.Helper()
	var doc struct{ Camera string }
	c.want(t, 200, &doc, "POST", "invitation/try", fmt.Sprintf(`{"main":%q,"user":"admin","password":%q}`, url, canary))
	return doc.Camera
}

// agree agrees to everything, and gives the owner. change edits what is sent.
func (c caller) agree(t testing.TB, change func(map[string]any)) caller {
	t.Helper()
	var made struct{ Link string }
	c.want(t, 201, &made, "POST", "invitation/agree", c.agreement(t, change))
	return visitor(t, "owner", made.Link, c.browser)
}

// agreement is what somebody sends who has read the text.
func (c caller) agreement(t testing.TB, change func(map[string]any)) string {
	t.Helper()
	var doc struct {
		Agreement struct{ VI, EN, Digest string }
	}
	c.want(t, 200, &doc, "GET", "invitation", "")
	body := map[string]any{"name": "Cổng nhà bà Tư", "owner": "Nguyễn Thị Tư", "contact": "0901 234 567", "purposes": auth.Reasons(),
		"masks": []any{}, "text_digest": doc.Agreement.Digest}
	if change != nil {
		change(body)
	}
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// addresses counts those of noCamera.
var addresses atomic.Int64

// noCamera is an address where none answers, another one each time: a citizen's
// camera is entered once.
func noCamera() string { return fmt.Sprintf("rtsp://127.0.0.1:1/none-%d", addresses.Add(1)) }

func (w *world) invitee(area string) caller {
	c, _ := invite(w.t, w.caller("all"), area)
	return c
}

func TestAnInvitationIsUsedOnceAndEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := w.caller("all")
	c, key := invite(t, all, "lang")
	if got := c.ask(t, "POST", "/api/v1/invitation/agree", c.agreement(t, nil)); got.status != http.StatusConflict {
		t.Errorf("agreed without a camera: %d %s", got.status, got.body)
	}
	for _, bad := range []string{"http://127.0.0.1/", "rtsp://", "rtsp://user:" + canary + "@127.0.0.1/", ""} {
		if got := c.ask(t, "POST", "/api/v1/invitation/try", fmt.Sprintf(`{"main":%q}`, bad)); got.status != http.StatusUnprocessableEntity || strings.Contains(got.body, canary) {
			t.Errorf("%q: %d %s", bad, got.status, got.body)
		}
	}
	camera := c.try(t, noCamera())
	if again := c.try(t, "rtsp://127.0.0.1:1/other"); again != camera {
		t.Errorf("a second try made another camera: %s, %s", camera, again)
	}
	for what, change := range map[string]func(map[string]any){
		"another text": func(m map[string]any) { m["text_digest"] = strings.Repeat("a", 64) },
		"no owner":     func(m map[string]any) { m["owner"] = "" },
		"a purpose":    func(m map[string]any) { m["purposes"] = []string{"curiosity"} },
		"a mask outside": func(m map[string]any) {
			m["masks"] = [][]map[string]float64{{{"x": 0, "y": 0}, {"x": 2, "y": 0}, {"x": 0, "y": 1}}}
		},
	} {
		if got := c.ask(t, "POST", "/api/v1/invitation/agree", c.agreement(t, change)); got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", what, got.status, got.body)
		}
	}
	good := c.agreement(t, nil)
	owner := c.agree(t, nil)
	if got := c.ask(t, "POST", "/api/v1/invitation/agree", good); got.status != http.StatusUnauthorized {
		t.Errorf("agreed twice: %d", got.status)
	}
	var list struct {
		Invitations []struct{ Key, State, Camera string }
	}
	all.want(t, 200, &list, "GET", "invitations", "")
	if len(list.Invitations) != 1 || list.Invitations[0].Key != key || list.Invitations[0].State != "used" || list.Invitations[0].Camera != camera {
		t.Errorf("%+v", list)
	}
	all.want(t, 204, nil, "DELETE", "invitations/"+key, "") // what it made stays
	var mine struct{ Camera, State string }
	if owner.want(t, 200, &mine, "GET", "owner", ""); mine.Camera != "Cổng nhà bà Tư" || mine.State != "open" {
		t.Errorf("%+v", mine)
	}
	back, key := invite(t, all, "lang")
	draft := back.try(t, noCamera())
	all.want(t, 204, nil, "DELETE", "invitations/"+key, "")
	if got := back.ask(t, "GET", "/api/v1/invitation", ""); got.status != http.StatusUnauthorized {
		t.Errorf("taken back, and opens: %d", got.status)
	}
	gone(t, all, draft)
}

// gone waits until a camera's address is deleted.
func gone(t testing.TB, by caller, camera string) {
	t.Helper()
	for deadline := time.Now().Add(patience); by.ask(t, "GET", "/api/v1/inventory/cameras/"+camera, "").status != http.StatusNotFound; <-time.After(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("its address and login are still kept")
		}
	}
}
