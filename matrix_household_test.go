package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/signaling"
)

// lentCamera is the citizen's camera that this matrix is about; two may look at
// it: "granted", to whom it was given by name, and "supervisor", to whom its kind
// was.
const lentCamera = "vinh-household"

// lentStates are all states of a citizen's camera.
var lentStates = []struct {
	name string
	edit func(c *auth.Consent, now time.Time) // nil: there is no consent
	open bool
}{
	{"in hours", func(c *auth.Consent, now time.Time) { c.Hours = &auth.Hours{Zone: "UTC", Spans: everyDay()} }, true},
	{"out of hours", func(c *auth.Consent, now time.Time) {
		c.Hours = &auth.Hours{Zone: "UTC", Spans: []auth.Span{{Day: (now.UTC().Weekday() + 3) % 7, From: 0, To: 1440}}}
	}, false},
	{"withdrawn", func(c *auth.Consent, now time.Time) { c.Withdrawn, c.Cleared = now, now }, false},
	{"expired", func(c *auth.Consent, now time.Time) { c.Until = now.Add(-time.Minute) }, false},
	{"not begun", func(c *auth.Consent, now time.Time) { c.From = now.Add(time.Hour) }, false},
	{"switched off", func(c *auth.Consent, now time.Time) { c.Off = now }, false},
	{"masked", func(c *auth.Consent, now time.Time) {
		c.Masks = []auth.Mask{{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 0, Y: 1}}}
	}, false},
	{"a draft", func(c *auth.Consent, now time.Time) { c.Given, c.From = time.Time{}, time.Time{} }, false},
	{"without consent", nil, false},
}

func everyDay() (all []auth.Span) {
	for d := range 7 {
		all = append(all, auth.Span{Day: time.Weekday(d), From: 0, To: 1440})
	}
	return all
}

// setConsent puts the camera into a state.
func (w *world) setConsent(t *testing.T, edit func(*auth.Consent, time.Time)) {
	t.Helper()
	now := time.Now()
	_, revision, there := w.tables.Consents.Get(lentCamera)
	if edit == nil {
		if there {
			if err := w.tables.Consents.Delete(t.Context(), lentCamera, revision); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	c := auth.Consent{Camera: lentCamera, Owner: "Bà Tư", Purposes: []auth.Reason{auth.Theft, auth.Missing}, Given: now.Add(-time.Hour), From: now.Add(-time.Hour),
		How: auth.OnPaper, Document: "07/2026", By: "test"}
	edit(&c, now)
	if _, err := w.tables.Consents.Put(t.Context(), lentCamera, c, revision); err != nil {
		t.Fatal(err)
	}
}

// state has a person say what they work on, "" for nothing.
func (c caller) state(t *testing.T, reason string) {
	t.Helper()
	if reason == "" {
		c.ask(t, "DELETE", "/api/v1/case", "")
		return
	}
	if got := c.ask(t, "PUT", "/api/v1/case", fmt.Sprintf(`{"reason":%q,"number":"12/2026"}`, reason)); got.status != http.StatusNoContent {
		t.Fatalf("%s: %d %s", c.name, got.status, got.body)
	}
}

// whep asks for a camera by WHEP: with the token, or with the session's secret as
// one. An offer that is none is refused last.
func (c caller) whep(t *testing.T, camera string) reply {
	t.Helper()
	u, err := url.Parse(c.browser.origin)
	if err != nil {
		t.Fatal(err)
	}
	secret := c.token
	for _, cookie := range c.browser.client.Jar.Cookies(u) {
		if cookie.Name == auth.SessionCookie {
			secret = cookie.Value
		}
	}
	header := []string{"Content-Type", "application/sdp"}
	if c.fresh != nil { // a token for each request, and from the portal's page only
		secret, header = c.fresh(), append(header, "Origin", portalPage)
	}
	c.token = secret
	return c.ask(t, "POST", "/whep/"+camera, "v=0\r\n", header...)
}

func TestNobodySeesACitizensCameraByAnyWayButAsItsOwnerAgreed(t *testing.T) {
	t.Parallel()
	w := populate(t)
	w.made(w.caller("first"), "/api/v1/grants", fmt.Sprintf(`{"who":{"person":%q},"actions":["view"],"areas":["vinh"],"kinds":["household"]}`, w.keys["supervisor"]))
	offer, asked := sdpOffer(t, 1), 0
	for _, state := range lentStates {
		w.setConsent(t, state.edit)
		for _, c := range w.callers {
			if (matrixRow{want: strangers + "401: portal; 200: rest"}).expected(c.name) == "401" {
				if got := c.whep(t, lentCamera); got.status != http.StatusUnauthorized {
					t.Errorf("%s: WHEP as %s: %d", state.name, c.name, got.status)
				}
				continue
			}
			s := c.open(t)
			if text, kind := s.next(); kind != signaling.TypeWelcome {
				t.Fatal(text)
			}
			s.say(signaling.Offer{Type: signaling.TypeOffer, SDP: offer})
			if text, kind := s.next(); kind != signaling.TypeAnswer {
				t.Fatal(text)
			}
			for _, reason := range []string{"", "fire", "theft"} {
				if c.token != "" && reason != "" {
					continue // a tool has no session
				}
				s.view(t, "", signaling.StateIdle)
				if c.token == "" {
					c.state(t, reason)
				}
				want := ""
				switch holds := c.name == "granted" || c.name == "supervisor"; {
				case !holds:
					want = signaling.CodeNotFound
				case !state.open:
					want = signaling.CodeClosed
				case reason != "theft":
					want = signaling.CodeCase
				}
				asked++
				c.looks(t, s, state.name+", case "+reason, want)
			}
			_ = s.c.Close()
		}
	}
	t.Logf("%d times by both ways", asked)
}

// looks asks by both ways and checks the code, "" for none.
func (c caller) looks(t *testing.T, s socket, at, want string) {
	t.Helper()
	status := map[string]int{"": http.StatusUnprocessableEntity, signaling.CodeNotFound: http.StatusNotFound}[want]
	if want == signaling.CodeClosed || want == signaling.CodeCase {
		status = http.StatusForbidden
	}
	got := c.whep(t, lentCamera)
	if got.status != status || want != "" && !strings.Contains(got.body, `"code":"`+want+`"`) {
		t.Errorf("%s: WHEP as %s: %d %s, want %q", at, c.name, got.status, got.body, want)
	}
	still := "/api/v1/cameras/" + lentCamera + "/still"
	if want == "" {
		status = http.StatusServiceUnavailable // permitted; the camera is not there
	}
	if got := c.ask(t, "GET", still, ""); got.status != status || want != "" && !strings.Contains(got.body, `"code":"`+want+`"`) {
		t.Errorf("%s: a still as %s: %d %s, want %q", at, c.name, got.status, got.body, want)
	}
	if want == signaling.CodeNotFound {
		if none := c.whep(t, "no-such-camera"); got.String() != none.String() {
			t.Errorf("%s: %s is told %s, and of none %s", at, c.name, got, none)
		}
	}
	if want == "" {
		s.view(t, lentCamera, signaling.StateOffline) // it is asked for its picture
		return
	}
	if text := s.view(t, lentCamera, signaling.StateDenied); !strings.Contains(text, `"code":"`+want+`"`) {
		t.Errorf("%s: %s is told %s, want %q", at, c.name, text, want)
	}
}
