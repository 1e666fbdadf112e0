package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/gateway/simulate"
	"matthan/signaling"
)

// Citizens who lend their cameras: by an invitation, and from then on by their
// private link.

// want asks for something and wants a status; doc takes the answer.
func (c caller) want(t testing.TB, status int, doc any, method, path, body string) {
	t.Helper()
	got := c.ask(t, method, "/api/v1/"+path, body)
	if got.status != status {
		t.Fatalf("%s %s as %s: %d, want %d: %s", method, path, c.name, got.status, status, got.body)
	}
	if doc == nil {
		return
	}
	if err := json.Unmarshal([]byte(got.body), doc); err != nil {
		t.Fatal(err, got.body)
	}
}

// owner has agreed to lend a camera that gives no picture.
func (w *world) owner(area string) caller {
	c := w.invitee(area)
	c.try(w.t, noCamera())
	return c.agree(w.t, nil)
}

// ownerRoutes are what an owner's link opens, and inviteeRoutes what an
// invitation does; beside them both get the empty lists of who is known.
var (
	ownerRoutes   = []string{"GET /api/v1/owner", "GET /api/v1/owner/views", "POST /api/v1/owner/off", "POST /api/v1/owner/on", "PUT /api/v1/owner/hours", "PUT /api/v1/owner/masks", "POST /api/v1/owner/withdraw"}
	inviteeRoutes = []string{"GET /api/v1/invitation", "POST /api/v1/invitation/try", "POST /api/v1/invitation/agree"}
	knownRoutes   = []string{"GET /api/v1/session", "GET /api/v1/openapi.json", "GET /api/v1/reasons"}
)

func TestALinkOpensItsOwnRoutesAndNothingElse(t *testing.T) {
	t.Parallel()
	w := populate(t)
	draft := w.invitee("lang")
	mine := draft.try(t, noCamera())
	for _, v := range []struct {
		who  caller
		may  []string
		what string // the only camera that any answer may name
	}{{draft, inviteeRoutes, mine}, {w.owner("lang"), ownerRoutes, "none"}} {
		for _, pattern := range w.patterns {
			method, path, ok := strings.Cut(pattern, " ")
			if !ok || strings.HasSuffix(path, "/withdraw") || strings.HasSuffix(path, "/agree") || !strings.HasPrefix(path, "/api/") {
				continue
			}
			for _, id := range []string{"lang-household", "lang-public"} {
				at := strings.NewReplacer("{id}", id, "{key}", w.keys["viewer"], "{login}", "viewer").Replace(path)
				got := v.who.ask(t, method, at, map[string]string{"GET": ""}[method]+bodyOf(method))
				opens := slices.Contains(v.may, pattern) || slices.Contains(knownRoutes, pattern)
				if got.status < 300 && !opens && (method != "GET" || strings.Contains(got.body, "lang")) && !strings.Contains(got.body, v.what) {
					t.Errorf("%s %s as %s: %d %s", method, at, v.who.name, got.status, got.body)
				}
				if slices.Contains(v.may, pattern) && (got.status == 401 || got.status == 404) {
					t.Errorf("%s as %s: %d %s", pattern, v.who.name, got.status, got.body)
				}
				for _, other := range []string{"lang-public", "lang-household", "vinh-public", canary} {
					if strings.Contains(got.body, other) {
						t.Errorf("%s %s tells %s of %s", method, at, v.who.name, other)
					}
				}
			}
		}
		for _, id := range []string{"lang-household", "lang-public", "vinh-office"} {
			if got := v.who.ask(t, "POST", "/whep/"+id, sdpOffer(t, 1), "Content-Type", "application/sdp"); got.status != http.StatusNotFound {
				t.Errorf("%s looks at %s: %d", v.who.name, id, got.status)
			}
		}
	}
}

func bodyOf(method string) string {
	if method == "GET" || method == "DELETE" {
		return ""
	}
	return "{}"
}

// household is a citizen's camera in an area, and its owner.
func (s *station) household(area string) (camera string, owner caller) {
	s.t.Helper()
	c, _ := invite(s.t, caller{name: "admin", browser: s.admin}, area)
	camera = c.try(s.t, s.cameras.URL(0, simulate.Main))
	return camera, c.agree(s.t, nil)
}

// ownerOf is the owner of a camera by a new link.
func (s *station) ownerOf(camera string) caller {
	s.t.Helper()
	var made struct{ Link string }
	s.admin.want(201, &made, "POST", "inventory/cameras/"+camera+"/owner-link", "")
	return visitor(s.t, "owner", made.Link, s.admin)
}

// neighbour is an officer who may look at the citizens' cameras of an area, and
// works on a case.
func (s *station) neighbour(area string) *browser {
	s.t.Helper()
	b, _ := s.officer("vinh")
	s.admin.want(201, nil, "POST", "grants", fmt.Sprintf(`{"who":{"person":%q},"actions":["view"],"areas":[%q],"kinds":["household"],"reason":"theo dõi"}`, b.me(), area))
	b.want(204, nil, "PUT", "case", `{"reason":"missing","number":"12/2026"}`)
	return b
}

// leave ends a look from the viewer's side.
func (w *watched) leave() {
	w.t.Helper()
	w.say(signaling.View{Type: signaling.TypeView})
	_ = w.ws.Close()
	_ = w.pc.Close()
}

// ownView is a view as an owner is told of it.
type ownView struct {
	N                     uint64
	At                    time.Time
	Seconds               int64
	Reason                string
	Running, Unknown, Own bool
}

// read is every view that an owner's page has, page by page.
func (c caller) read(t testing.TB) (all []ownView) {
	t.Helper()
	for path := "owner/views"; path != ""; {
		var page struct {
			Views []ownView
			Next  uint64
		}
		c.want(t, 200, &page, "GET", path, "")
		if len(page.Views) > 20 {
			t.Errorf("%d views at once", len(page.Views))
		}
		all, path = append(all, page.Views...), ""
		if page.Next != 0 {
			path = fmt.Sprintf("owner/views?before=%d", page.Next)
		}
	}
	return all
}

// TestTheOwnerSeesExactlyTheViewsOfTheAuditLog: looks of real peers, one after the
// other and at once, over more than a page.
func TestTheOwnerSeesExactlyTheViewsOfTheAuditLog(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	log := s.auditor()
	c, _ := invite(t, caller{name: "admin", browser: s.admin}, "quan")
	camera := c.try(t, s.cameras.URL(0, simulate.Main))
	c.browser.watchAs(c.token, camera).leave() // the owner's own look at the draft
	owner := c.agree(t, nil)
	officer, second := s.neighbour("quan"), s.neighbour("quan")
	goesOn, last := officer.watch(camera), second.watch(camera)
	for range 10 { // away and back is another view
		for _, w := range []*watched{goesOn, last} {
			w.say(signaling.View{Type: signaling.TypeView})
			w.say(signaling.View{Type: signaling.TypeView, Camera: camera})
		}
	}
	running := map[string]bool{}
	opened := log.finds(23, "camera="+camera+"&event=view.opened&limit=1000")
	for _, e := range opened {
		running[e.View] = true
	}
	last.leave()
	closed := map[string]time.Duration{}
	for _, e := range log.finds(22, "camera="+camera+"&event=view.closed&limit=1000") {
		closed[e.View] = e.Duration
		delete(running, e.View)
	}
	shown := owner.read(t)
	if len(shown) != len(opened) || len(running) != 1 {
		t.Fatalf("%d views are shown, %d recorded, %d of them running", len(shown), len(opened), len(running))
	}
	for i, e := range opened {
		v := shown[i]
		took, over := closed[e.View]
		if v.N != e.N || !v.At.Equal(e.Time) || v.Reason != e.Reason || v.Running == over || v.Unknown || over && v.Seconds != int64(took/time.Second) ||
			v.Own != strings.HasPrefix(e.Subject, "invitation:") {
			t.Errorf("shown %+v, recorded %+v, which took %v", v, e, took)
		}
	}
	got := owner.ask(t, "GET", "/api/v1/owner", "")
	var page struct {
		Views struct{ Today, Week, Total int }
		Last  []ownView
		Next  uint64
	}
	if err := json.Unmarshal([]byte(got.body), &page); err != nil || page.Views.Total != 22 || page.Views.Week < page.Views.Today || page.Views.Total < page.Views.Week ||
		len(page.Last) != 20 || page.Next != page.Last[19].N {
		t.Errorf("%v %+v", err, page.Views)
	}
	for _, secret := range []string{"Cán bộ", officer.me(), "12/2026", canary, "127.0.0.1"} {
		if strings.Contains(got.body, secret) {
			t.Errorf("the owner is told %q", secret)
		}
	}
}

// atOnce bounds the time from the owner's tap to the last packet at every viewer.
const atOnce = time.Second

func TestWithdrawingOnTheOwnersPageEndsEveryLookAtOnce(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	camera, owner := s.household("quan")
	var looks []*watched
	for range 3 {
		looks = append(looks, s.neighbour("quan").watch(camera))
	}
	tapped := time.Now()
	owner.want(t, 204, nil, "POST", "owner/withdraw", `{"confirm":true}`)
	for _, look := range looks {
		if took := look.ended().Sub(tapped); took > atOnce {
			t.Errorf("pictures came for %v after the withdrawal", took)
		} else {
			t.Logf("the last packet came %v after the tap", max(0, took))
		}
	}
	gone(t, caller{name: "admin", browser: s.admin}, camera)
	var doc struct{ State, Camera string }
	owner.want(t, 200, &doc, "GET", "owner", "")
	if doc.State != "withdrawn" || doc.Camera != "" {
		t.Errorf("%+v", doc)
	}
	for _, path := range []string{"off", "on"} {
		owner.want(t, 409, nil, "POST", "owner/"+path, `{}`)
	}
	owner.want(t, 409, nil, "POST", "owner/withdraw", `{"confirm":true}`)
}

// TestALinksSecretIsInNoRecord: neither an invitation's nor an owner's, nor the
// camera's address.
func TestALinksSecretIsInNoRecord(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	log := s.auditor()
	c, key := invite(t, caller{name: "admin", browser: s.admin}, "quan")
	camera := c.try(t, s.cameras.URL(0, simulate.Main))
	owner := c.agree(t, nil)
	hours := `{"hours":{"zone":"Asia/Ho_Chi_Minh","spans":[{"day":1,"from":0,"to":1440}]}}`
	for _, act := range [][3]string{{"POST", "off", `{}`}, {"POST", "on", `{}`}, {"PUT", "hours", hours}, {"POST", "withdraw", `{"confirm":true}`}} {
		owner.want(t, 204, nil, act[0], "owner/"+act[1], act[2])
	}
	for event, by := range map[auth.Event]string{auth.InvitationMade: s.admin.me(), auth.CameraChanged: "invitation:" + key, auth.InvitationUsed: "invitation:" + key, auth.ConsentGiven: "invitation:" + key,
		auth.CameraOff: "owner:" + camera, auth.CameraOn: "owner:" + camera, auth.ConsentChanged: "owner:" + camera, auth.ConsentWithdrawn: "owner:" + camera} {
		for _, e := range log.finds(1, "area=quan&event="+string(event)) {
			if e.Subject != by || e.Time.IsZero() {
				t.Errorf("%s: %+v", event, e)
			}
		}
	}
	_, text := log.do("GET", "/api/v1/audit/export", "", "")
	address := strings.TrimPrefix(s.cameras.URL(0, simulate.Main), "rtsp://")
	for _, secret := range []string{c.token, owner.token, strings.TrimPrefix(c.token, "i."), canary, address} {
		if !strings.Contains(text, "invitation.made") || strings.Contains(text, secret) {
			t.Error("the audit log holds a secret, or nothing")
		}
	}
}
