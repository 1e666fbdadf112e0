package main

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/auth/audit"
	"matthan/gateway"
)

// A citizen's camera from its consent to the day after its withdrawal.

func TestAWithdrawnCamerasAddressIsDeletedAndItsIDStaysClosed(t *testing.T) {
	t.Parallel()
	w := populate(t)
	first, granted := w.caller("first"), w.caller("granted")
	const camera = "/api/v1/inventory/cameras/" + lentCamera
	granted.state(t, "theft")
	if got := granted.whep(t, lentCamera); got.status != http.StatusUnprocessableEntity { // permitted; the offer is none
		t.Fatalf("%d %s", got.status, got.body)
	}
	if got := first.ask(t, "DELETE", camera+"/consent", `{"document":"08/2026"}`); got.status != http.StatusNoContent {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if got := granted.whep(t, lentCamera); got.status != http.StatusForbidden && got.status != http.StatusNotFound {
		t.Errorf("withdrawn: %d %s", got.status, got.body)
	}
	w.until("its row is deleted", func() bool { return first.ask(t, "GET", camera, "").status == http.StatusNotFound })
	c, _, ok := w.tables.Consents.Get(lentCamera)
	if !ok || c.Withdrawn.IsZero() {
		t.Fatalf("the consent is gone: %+v", c)
	}
	w.until("its deletion is noted", func() bool { c, _, _ := w.tables.Consents.Get(lentCamera); return !c.Cleared.IsZero() })
	// Of another kind, under the same id, it is as closed as before.
	w.must(first, "PUT", camera, lentAs("public"), http.StatusNoContent)
	if got := w.caller("stranger").whep(t, lentCamera); got.status != http.StatusForbidden || !strings.Contains(got.body, "closed_by_owner") {
		t.Errorf("of another kind: %d %s", got.status, got.body)
	}
	if got := w.caller("area").ask(t, "GET", "/api/v1/cameras/"+lentCamera, ""); got.status != http.StatusNotFound {
		t.Errorf("%d", got.status)
	}
	// And it is not deleted again: its owner may agree anew.
	tag := first.ask(t, "GET", camera+"/consent", "").header.Get("ETag")
	if got := first.ask(t, "PUT", camera+"/consent", paper, "If-Match", tag); got.status != http.StatusNoContent {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if got := w.caller("stranger").whep(t, lentCamera); got.status != http.StatusForbidden || !strings.Contains(got.body, "case_needed") {
		t.Errorf("agreed anew: %d %s", got.status, got.body)
	}
	if got := first.ask(t, "GET", camera, ""); got.status != http.StatusOK {
		t.Errorf("agreed anew: %d %s", got.status, got.body)
	}
}

// lentAs is the citizen's camera of the world, of a kind.
func lentAs(kind string) string {
	return strings.Replace(worldCamera("vinh", "household"), `"kind":"household"`, `"kind":"`+kind+`"`, 1)
}

// until waits for something that the gateway does by itself.
func (w *world) until(what string, done func() bool) {
	w.t.Helper()
	for deadline := time.Now().Add(patience); !done(); <-time.After(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			w.t.Fatalf("waiting for this: %s", what)
		}
	}
}

func TestACitizensCameraKeepsItsKindAndItsIDItsConsent(t *testing.T) {
	t.Parallel()
	w := populate(t)
	first := w.caller("first")
	const camera = "/api/v1/inventory/cameras/" + lentCamera
	tag := func() string { return first.ask(t, "GET", camera, "").header.Get("ETag") }
	got := first.ask(t, "PUT", camera, lentAs("public"), "If-Match", tag())
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `"field":"kind"`) {
		t.Errorf("another kind: %d %s", got.status, got.body)
	}
	sheet := "id,name,area,kind,main\n" + lentCamera + ",x,vinh,public,rtsp://127.0.0.1:1/vinh-household\n"
	got = first.ask(t, "POST", "/api/v1/inventory/import?apply=true", sheet, "Content-Type", "text/csv")
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "kind_stays") {
		t.Errorf("another kind by import: %d %s", got.status, got.body)
	}
	got = first.ask(t, "PUT", camera, strings.Replace(worldCamera("vinh", "household"), "Ngã tư", "Nhà bà Tư", 1), "If-Match", tag())
	if got.status != http.StatusNoContent {
		t.Errorf("another name: %d %s", got.status, got.body)
	}
	if got := first.ask(t, "DELETE", camera, "", "If-Match", tag()); got.status != http.StatusNoContent {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if c, _, ok := w.tables.Consents.Get(lentCamera); !ok || c.Withdrawn.IsZero() || c.Cleared.IsZero() {
		t.Errorf("its consent is left in force: %+v", c)
	}
}

func TestAPublicCameraMayBecomeACitizensAndIsClosedThen(t *testing.T) {
	t.Parallel()
	w := populate(t)
	const camera = "/api/v1/inventory/cameras/lang-public"
	viewer := w.caller("viewer")
	if got := viewer.whep(t, "lang-public"); got.status != http.StatusUnprocessableEntity {
		t.Fatalf("%d %s", got.status, got.body)
	}
	first := w.caller("first")
	tag := first.ask(t, "GET", camera, "").header.Get("ETag")
	if got := first.ask(t, "PUT", camera, worldCamera("lang", "household"), "If-Match", tag); got.status != http.StatusNoContent {
		t.Fatalf("%d %s", got.status, got.body)
	}
	for _, name := range []string{"viewer", "supervisor", "administrator", "first", "area", "all"} {
		if got := w.caller(name).whep(t, "lang-public"); got.status != http.StatusNotFound {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
}

func TestACameraOfTheConfigurationFileThatIsWithdrawnIsNamedOnce(t *testing.T) {
	t.Parallel()
	fixed, err := gateway.NewList([]gateway.Area{{ID: "lang", Name: "Phường Láng"}},
		[]gateway.Camera{{ID: "nha-42", Name: "Nhà 42", Area: "lang", Kind: gateway.Household, Main: "rtsp://192.0.2.1/" + canary}})
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	c := &clearing{records: records{fixed: fixed}, log: slog.New(slog.NewTextHandler(&log, nil)), warned: map[string]bool{}}
	for range 3 { // at each change of any consent
		if err := c.clear(t.Context(), "nha-42"); err != nil {
			t.Fatal(err)
		}
	}
	if text := log.String(); strings.Count(text, "nha-42") != 1 || !strings.Contains(text, "configuration file") || strings.Contains(text, canary) {
		t.Errorf("the log has %s", text)
	}
}

// TestTheLogSaysWhatACitizensCameraWasViewedFor looks with a browser's peer, and
// reads the log as auditors do.
func TestTheLogSaysWhatACitizensCameraWasViewedFor(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	at := s.ward()
	b := s.lend(at, time.Time{})
	b.watch(at.camera)
	auditor := newBrowser(t, s.origin)
	auditor.invited(s.admin, "kiem-tra", `{"name":"Kiểm tra","roles":["auditor"],"areas":["all"]}`)
	var page struct{ Entries []audit.Entry }
	auditor.want(200, &page, "GET", "audit?camera="+at.camera, "")
	seen := map[auth.Event]audit.Entry{}
	for _, e := range page.Entries {
		seen[e.Event] = e
	}
	opened, ok := seen[auth.ViewOpened]
	if !ok || opened.Reason != "theft" || opened.Case != "12/2026" || opened.Kind != auth.Household || opened.View == "" {
		t.Errorf("%+v", page.Entries)
	}
	if given, ok := seen[auth.ConsentGiven]; !ok || given.Subject != s.admin.me() {
		t.Errorf("%+v", page.Entries)
	}
}
