package api

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/auth/audit"
)

const paper = `{"owner":"Bà Tư","contact":"0912 000 111","purposes":["theft","missing"],"document":"07/2026"}`

// lent is what somebody is told of the camera house.
func (o *office) lent(who string) (d cameraDoc) {
	o.t.Helper()
	o.want(http.StatusOK, &d, who, "GET", "cameras/house", "")
	var list listDoc
	o.want(http.StatusOK, &list, who, "GET", "cameras?q=house", "")
	if len(list.Cameras) != 1 || list.Cameras[0].Closed != d.Closed || list.Cameras[0].NeedsCase != d.NeedsCase || !list.Cameras[0].ClosedUntil.Equal(d.ClosedUntil) {
		o.t.Errorf("the list has %+v, and alone it is %+v", list.Cameras, d)
	}
	return d
}

func TestAHouseholdIsShownForACaseAfterItsOwnerSigned(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.made("admin", "grants", `{"who":{"person":"`+o.keys["an"]+`"},"actions":["view"],"cameras":["house"]}`)
	if d := o.lent("an"); d.Closed != auth.ClosedNone || d.NeedsCase || !d.ClosedUntil.IsZero() {
		t.Errorf("nobody has agreed: %+v", d)
	}
	const path = "inventory/cameras/house/consent"
	for _, who := range []string{"an", "chief", "beside", "auditor", "tool"} {
		for _, method := range []string{"GET", "PUT", "DELETE"} {
			body := map[string]string{"PUT": paper, "DELETE": `{"document":"08/2026"}`}[method]
			there, one := o.do(who, method, path, body)
			none, other := o.do(who, method, "inventory/cameras/no-such-camera/consent", body)
			if there != http.StatusNotFound || there != none || one != other {
				t.Errorf("%s %s: %d %s, and of none %d %s", who, method, there, one, none, other)
			}
		}
	}
	var c consentDoc
	if o.want(http.StatusOK, &c, "admin", "GET", path, ""); c.State != auth.ClosedNone || c.Owner != "" {
		t.Errorf("%+v", c)
	}
	o.want(http.StatusUnprocessableEntity, nil, "admin", "POST", "inventory/cameras/house/owner-link", "")
	o.want(http.StatusNoContent, nil, "admin", "PUT", path, paper)
	if o.want(http.StatusOK, &c, "admin", "GET", path, ""); c.State != "open" || c.Owner != "Bà Tư" || c.Contact == "" || c.How != auth.OnPaper || c.ByName != "Họ admin" || c.Given.IsZero() {
		t.Errorf("%+v", c)
	}
	if d := o.lent("an"); d.Closed != "" || !d.NeedsCase || len(d.Purposes) != 2 {
		t.Errorf("open, without a case: %+v", d)
	}
	if d := o.lent("admin"); d.Closed != "" || d.NeedsCase || d.Purposes != nil {
		t.Errorf("who has no right to its pictures is told %+v", d)
	}
	o.want(http.StatusNoContent, nil, "an", "PUT", "case", `{"reason":"theft","number":"12/2026"}`)
	if d := o.lent("an"); d.Closed != "" || d.NeedsCase {
		t.Errorf("with a case: %+v", d)
	}
	o.want(http.StatusNoContent, nil, "admin", "DELETE", path, `{"document":"08/2026"}`)
	if d := o.lent("an"); d.Closed != auth.ClosedWithdrawn || d.NeedsCase {
		t.Errorf("withdrawn: %+v", d)
	}
	o.want(http.StatusNotFound, nil, "admin", "DELETE", path, `{"document":"08/2026"}`)
	if p := o.entries(auth.ConsentGiven); len(p) != 1 || p[0].Camera != "house" || strings.Contains(p[0].Detail, "Tư") || !strings.Contains(p[0].Detail, "07/2026") || p[0].Subject != o.keys["admin"] {
		t.Errorf("%+v", p)
	}
	if p := o.entries(auth.ConsentWithdrawn); len(p) != 1 || p[0].Kind != auth.Household || !strings.Contains(p[0].Detail, "08/2026") {
		t.Errorf("%+v", p)
	}
}

// entries are the log's records of an event.
func (o *office) entries(e auth.Event) (out []audit.Entry) {
	o.t.Helper()
	page, err := o.log.Query(o.t.Context(), audit.Filter{Events: []auth.Event{e}}, 100, 0)
	if err != nil {
		o.t.Fatal(err)
	}
	return page.Entries
}

func TestAHouseholdSaysWhenItOpensAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.made("admin", "grants", `{"who":{"person":"`+o.keys["an"]+`"},"actions":["view"],"cameras":["house"]}`)
	tomorrow := time.Now().UTC().Add(24 * time.Hour)
	day := string(rune('0' + int(tomorrow.Weekday())))
	const path = "inventory/cameras/house/consent"
	hours := `,"hours":{"zone":"UTC","spans":[{"day":` + day + `,"from":600,"to":660}]}}`
	o.want(http.StatusNoContent, nil, "admin", "PUT", path, strings.TrimSuffix(paper, "}")+hours)
	want := time.Date(tomorrow.Year(), tomorrow.Month(), tomorrow.Day(), 10, 0, 0, 0, time.UTC)
	if d := o.lent("an"); d.Closed != auth.ClosedHours || !d.ClosedUntil.Equal(want) {
		t.Errorf("%+v, want until %v", d, want)
	}
	// A consent that ends before does not open again.
	until := `,"until":"` + time.Now().Add(time.Minute).UTC().Format(time.RFC3339) + `"`
	o.want(http.StatusNoContent, nil, "admin", "PUT", path, strings.TrimSuffix(paper, "}")+until+hours)
	if d := o.lent("an"); d.Closed != auth.ClosedHours || !d.ClosedUntil.IsZero() {
		t.Errorf("%+v", d)
	}
	for _, bad := range []string{`{}`, `{"owner":"x","purposes":["curiosity"],"document":"1"}`, `{"owner":"x","purposes":["theft","theft"],"document":"1"}`,
		`{"owner":"x","purposes":[],"document":""}`, strings.TrimSuffix(paper, "}") + `,"until":"2020-01-01T00:00:00Z"}`} {
		o.want(http.StatusUnprocessableEntity, nil, "admin", "PUT", path, bad)
	}
	for _, bad := range []string{strings.TrimSuffix(paper, "}") + `,"off":"2020-01-01T00:00:00Z"}`, strings.TrimSuffix(paper, "}") + `,"masks":[]}`, `[]`} {
		o.want(http.StatusBadRequest, nil, "admin", "PUT", path, bad)
	}
	o.want(http.StatusUnprocessableEntity, nil, "admin", "PUT", "inventory/cameras/crossing/consent", paper) // no household's
}

func TestTheOwnersLinkIsInTheAnswerAndNowhereElse(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.want(http.StatusNoContent, nil, "admin", "PUT", "inventory/cameras/house/consent", paper)
	var one, two linkDoc
	o.want(http.StatusCreated, &one, "admin", "POST", "inventory/cameras/house/owner-link", "")
	o.want(http.StatusCreated, &two, "admin", "POST", "inventory/cameras/house/owner-link", "")
	_, secret, ok := strings.Cut(one.Link, "/owner/#")
	if !ok || len(secret) < auth.MinSecret || one.Link == two.Link {
		t.Fatalf("%s, %s", one.Link, two.Link)
	}
	if _, text := o.do("admin", "GET", "inventory/cameras/house/consent", ""); strings.Contains(text, "link\":\"") || strings.Contains(text, secret) {
		t.Error(text)
	}
	if p := o.entries(auth.OwnerLink); len(p) != 2 || p[0].Camera != "house" || strings.Contains(p[0].Detail+p[1].Detail, secret) {
		t.Errorf("%+v", p)
	}
}

func TestACaseIsStatedOnceAndRecorded(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	var list []reasonDoc
	o.want(http.StatusOK, &list, "an", "GET", "reasons", "")
	if len(list) != len(auth.Reasons()) {
		t.Errorf("%+v", list)
	}
	for _, r := range list {
		if !r.Code.Known() || r.VI == "" || r.EN == "" {
			t.Errorf("%+v", r)
		}
	}
	o.want(http.StatusNotFound, nil, "tool", "GET", "case", "")
	o.want(http.StatusNotFound, nil, "tool", "PUT", "case", `{"reason":"theft","number":"12/2026"}`)
	if _, text := o.do("an", "GET", "case", ""); text != "{}" {
		t.Errorf("no case is %s", text)
	}
	for _, bad := range []string{`{}`, `{"reason":"theft","number":"1"}`, `{"reason":"curiosity","number":"12/2026"}`, `{"reason":"theft","number":"<12>"}`} {
		o.want(http.StatusUnprocessableEntity, nil, "an", "PUT", "case", bad)
	}
	for range 3 { // the same button
		o.want(http.StatusNoContent, nil, "an", "PUT", "case", `{"reason":"theft","number":" 12/2026 "}`)
	}
	var c caseDoc
	if o.want(http.StatusOK, &c, "an", "GET", "case", ""); c.Reason != auth.Theft || c.Number != "12/2026" || c.Opened.IsZero() {
		t.Errorf("%+v", c)
	}
	o.want(http.StatusNoContent, nil, "an", "PUT", "case", `{"reason":"fire","number":"13/2026"}`)
	o.want(http.StatusNoContent, nil, "an", "DELETE", "case", "")
	o.want(http.StatusNotFound, nil, "an", "DELETE", "case", "")
	var told []string
	for _, e := range []auth.Event{auth.CaseOpened, auth.CaseClosed} {
		for _, p := range o.entries(e) {
			told = append(told, string(p.Event)+" "+p.Reason+" "+p.Case)
			if p.Subject != o.keys["an"] || len(p.Areas) == 0 || p.Address == "" {
				t.Errorf("%+v", p)
			}
		}
	}
	if len(told) != 4 {
		t.Errorf("%v", told)
	}
	for _, want := range []string{"case.opened theft 12/2026", "case.closed theft 12/2026", "case.opened fire 13/2026", "case.closed fire 13/2026"} {
		if !strings.Contains(strings.Join(told, "\n"), want) {
			t.Errorf("no %s among %v", want, told)
		}
	}
}
