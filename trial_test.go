package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"matthan/signaling"
)

func TestATriedCameraIsWatchedByItsIDAndStandsInNoList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.invite("administrator", "administrator", "lang")
	w.invite("other", "administrator", "vinh")
	w.invite("reader", "auditor", "all")
	keeper := w.caller("administrator")
	// The password is that of the camera which it is to replace.
	body := `{"id":"lang-public","area":"lang","kind":"public","main":"rtsp://127.0.0.1:1/lang-public","user":"viewer"}`
	got := keeper.ask(t, "POST", "/api/v1/inventory/trials", body)
	var doc struct{ Camera string }
	if err := json.Unmarshal([]byte(got.body), &doc); err != nil || got.status != http.StatusCreated || !strings.HasPrefix(doc.Camera, "try-") {
		t.Fatalf("%d %s", got.status, got.body)
	}
	for _, path := range []string{"/api/v1/cameras", "/api/v1/inventory/cameras", "/api/v1/health/cameras", "/api/v1/inventory/export"} {
		for _, name := range []string{"administrator", "first"} {
			if got := w.caller(name).ask(t, "GET", path, ""); strings.Contains(got.body, "try-") {
				t.Errorf("%s tells %s of it", path, name)
			}
		}
	}
	if got := keeper.ask(t, "GET", "/api/v1/inventory/cameras/"+doc.Camera, ""); got.status != http.StatusNotFound {
		t.Errorf("it can be changed: %d", got.status)
	}
	w.looks(t, keeper, doc.Camera) // it is dialled, and gives no picture
	if all := w.viewsOf("administrator"); len(all) != 0 {
		t.Errorf("the look at it is told: %+v", all)
	}
	s := w.caller("other").open(t)
	s.next()
	s.say(signaling.Offer{Type: signaling.TypeOffer, SDP: sdpOffer(t, 1)})
	s.next()
	s.view(t, doc.Camera, signaling.StateDenied)

	log := w.caller("reader").ask(t, "GET", "/api/v1/audit?event=camera.tried&event=view.opened", "").body
	if strings.Count(log, doc.Camera) != 2 || !strings.Contains(log, `"target":"lang-public"`) || strings.Contains(log, "127.0.0.1:1") || strings.Contains(log, canary) {
		t.Errorf("the log: %s", log)
	}
}
