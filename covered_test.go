package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/simulate"
)

// Masks: who draws them, who lifts them, and who is told of it.

const (
	halfMask   = `[[0,0],[0.5,0],[0.5,1],[0,1]]`
	cornerMask = `[[1,1],[0.75,1],[1,0.5]]`
	drawnHalf  = `[{"x":0,"y":0},{"x":0.5,"y":0},{"x":0.5,"y":1},{"x":0,"y":1}]`
	drawnSmall = `[{"x":0,"y":0},{"x":0.1,"y":0},{"x":0,"y":0.1}]`
)

// withMasks is a camera as an administrator writes it; "": without the field.
func (s *station) withMasks(at ward, masks string) string {
	body := s.cameraBody(at, at.area)
	if masks == "" {
		return body
	}
	return strings.TrimSuffix(body, "}") + `,"masks":` + masks + "}"
}

func TestWhoLiftsAMaskIsInTheLogWithHowMuchWasHidden(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	log, at := s.auditor(), s.ward()
	path := "cameras/" + at.camera
	masks := func() string {
		t.Helper()
		_, text := s.admin.do("GET", "/api/v1/inventory/"+path, "", "")
		_, rest, _ := strings.Cut(text, `"masks":`)
		return strings.TrimSuffix(strings.TrimSpace(rest), "}")
	}
	s.change("PUT", path, s.withMasks(at, "["+halfMask+"]"))
	s.change("PUT", path, strings.Replace(s.withMasks(at, ""), "Ngã tư", "Cổng chợ", 1))
	if got := masks(); got != "["+halfMask+"]" {
		t.Errorf("who knew of no masks changed the name, and they are %s", got)
	}
	s.change("PUT", path, strings.Replace(s.withMasks(at, "["+halfMask+","+cornerMask+"]"), "Ngã tư", "Cổng chợ", 1))
	s.change("PUT", path, strings.Replace(s.withMasks(at, "["+cornerMask+"]"), "Ngã tư", "Cổng chợ", 1))
	if resp, text := s.admin.do("PUT", "/api/v1/inventory/"+path, "application/json", s.withMasks(at, "[]"), "If-Match", `"1"`); resp.StatusCode != http.StatusPreconditionFailed {
		t.Errorf("masks of an old version are put back: %d %s", resp.StatusCode, text)
	}
	for _, bad := range []string{`[[[0,0],[1,0]]]`, `[[[0,0],[1,0],[0,2]]]`, "[" + strings.Repeat(cornerMask+",", 16) + cornerMask + "]"} {
		resp, _ := s.admin.do("GET", "/api/v1/inventory/"+path, "", "")
		resp, text := s.admin.do("PUT", "/api/v1/inventory/"+path, "application/json", s.withMasks(at, bad), "If-Match", resp.Header.Get("ETag"))
		if resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, `"field":"masks"`) {
			t.Errorf("%.60s: %d %s", bad, resp.StatusCode, text)
		}
	}
	drawn := log.finds(2, "oldest=true&event=masks.drawn&camera="+at.camera)
	for i, want := range []string{"0 masks before, 1 now; of the picture 0 % hidden before, 50 % now", "1 masks before, 2 now; of the picture 50 % hidden before, 56 % now"} {
		if e := drawn[i]; e.Subject != s.admin.me() || e.Detail != want || e.By == "" || len(e.Areas) == 0 {
			t.Errorf("%+v, want %s", e, want)
		}
	}
	for _, e := range log.finds(1, "event=masks.lifted&camera="+at.camera) {
		if e.Subject != s.admin.me() || e.Detail != "2 masks before, 1 now; of the picture 56 % hidden before, 6 % now" {
			t.Errorf("%+v", e)
		}
	}
	s.change("DELETE", path, "")
	for _, e := range log.finds(1, "event=camera.removed&camera="+at.camera) {
		if !strings.Contains(e.Detail, "1 masks before, 0 now") {
			t.Errorf("%+v", e)
		}
	}
}

func TestAMaskedCameraThatIsEnteredOnceMoreHasItsMasksThereToo(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	at := s.ward()
	s.change("PUT", "cameras/"+at.camera, s.withMasks(at, "["+halfMask+"]"))
	s.put("cameras/again", s.withMasks(at, "[]"))
	list := fmt.Sprintf("cameras: [{id: once-more, name: Lần nữa, area: %s, kind: public, main: %q}]", at.area, s.cameras.URL(at.number, simulate.Main))
	if resp, text := s.admin.do("POST", "/api/v1/inventory/import?apply=true", "application/yaml", list); resp.StatusCode != http.StatusOK || !strings.Contains(text, `"applied":true`) {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	for _, id := range []string{"again", "once-more"} {
		if _, text := s.admin.do("GET", "/api/v1/inventory/cameras/"+id, "", ""); !strings.Contains(text, `"masks":[`+halfMask+`]`) {
			t.Errorf("%s: %s", id, text)
		}
	}
}

func TestAnOwnersMaskClosesTheCamerasOwnStreams(t *testing.T) {
	t.Parallel()
	list, err := gateway.NewList([]gateway.Area{{ID: "lang", Name: "Phường Láng"}}, []gateway.Camera{{ID: "nha-ba-tu", Name: "Nhà bà Tư", Area: "lang", Kind: gateway.Household, Main: "rtsp://10.1.2.3/main"}})
	if err != nil {
		t.Fatal(err)
	}
	inventory, err := gateway.NewUnion(list)
	if err != nil {
		t.Fatal(err)
	}
	consents := auth.NewMemory[auth.Consent]()
	inventory.Cover(ownersMasks(consents), consents.Changed)
	hub := gateway.NewHub(inventory, gateway.Limits{}, slog.New(slog.DiscardHandler), nil)
	drawn := auth.Consent{Camera: "nha-ba-tu", Masks: []auth.Mask{{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 0, Y: 1}}}}
	if _, err := consents.Put(t.Context(), drawn.Camera, drawn, 0); err != nil {
		t.Fatal(err)
	}
	if _, _, err := hub.Open(gateway.StreamID{Camera: "nha-ba-tu", Quality: gateway.Main}); !errors.Is(err, gateway.ErrMasked) {
		t.Errorf("what the camera itself sends is opened: %v", err)
	}
}

func TestWhereMasksAreDrawnAnOwnersMaskClosesNothingElse(t *testing.T) {
	t.Parallel()
	s := newStationWith(t, func(c *Config) {
		if !c.Transcode.Possible() {
			t.Skip("needs ffmpeg")
		}
	})
	camera, owner := s.household("quan")
	owner.want(t, 204, nil, "PUT", "owner/masks", `{"was":[],"masks":[`+drawnHalf+`]}`)
	var doc struct{ State string }
	if owner.want(t, 200, &doc, "GET", "owner", ""); doc.State != "open" {
		t.Errorf("the owner's camera is %s", doc.State)
	}
	s.neighbour("quan").watch(camera) // its rung
}

func TestAnOwnersMaskEndsWhatIsSeenAndNobodyElseLiftsIt(t *testing.T) {
	t.Parallel()
	s := newStationWith(t, func(c *Config) { c.Transcode.Most = -1 }) // nobody draws them: the camera is closed
	log := s.auditor()
	camera, owner := s.household("quan")
	look := s.neighbour("quan").watch(camera)
	set := func(status int, was, masks string) {
		t.Helper()
		owner.want(t, status, nil, "PUT", "owner/masks", fmt.Sprintf(`{"was":%s,"masks":%s}`, was, masks))
	}
	set(204, "[]", "["+drawnHalf+"]")
	look.ended()
	var doc struct {
		State  string
		Masks  []auth.Mask
		Others []auth.Mask `json:"masks_of_others"`
	}
	owner.want(t, 200, &doc, "GET", "owner", "")
	if doc.State != "masked" || len(doc.Masks) != 1 || len(doc.Others) != 0 {
		t.Errorf("%+v", doc)
	}
	set(409, "[]", "["+drawnSmall+"]") // from a page of before
	set(422, "["+drawnHalf+"]", `[[{"x":0,"y":0},{"x":2,"y":0},{"x":0,"y":1}]]`)
	for _, body := range []string{`{}`, `{"masks":[]}`, `{"was":[` + drawnHalf + `]}`} {
		owner.want(t, 400, nil, "PUT", "owner/masks", body)
	}
	// The ward adds one of its own, and takes it away again; a paper is no way around either.
	body := fmt.Sprintf(`{"name":"Cổng","area":"quan","kind":"household","main":%q,"masks":`, s.cameras.URL(0, simulate.Main))
	s.change("PUT", "cameras/"+camera, body+"["+cornerMask+"]}")
	owner.want(t, 200, &doc, "GET", "owner", "")
	if len(doc.Masks) != 1 || len(doc.Others) != 1 {
		t.Errorf("%+v", doc)
	}
	s.change("PUT", "cameras/"+camera, body+"[]}")
	s.change("PUT", "cameras/"+camera+"/consent", `{"owner":"Bà Tư","purposes":["missing"],"document":"12/2026"}`)
	var consent struct{ Masks []auth.Mask }
	s.admin.want(200, &consent, "GET", "inventory/cameras/"+camera+"/consent", "")
	if len(consent.Masks) != 1 {
		t.Errorf("the owner's masks are gone: %+v", consent)
	}
	if got := (caller{name: "admin", browser: s.admin}).ask(t, "PUT", "/api/v1/owner/masks", `{"was":[],"masks":[]}`); got.status != http.StatusNotFound {
		t.Errorf("an administrator changes the owner's masks: %d", got.status)
	}
	set(204, "["+drawnHalf+"]", "[]")
	owner.want(t, 200, &doc, "GET", "owner", "")
	if doc.State != "open" || len(doc.Masks) != 0 {
		t.Errorf("%+v", doc)
	}
	owned := "owner:" + camera
	byOwner := func(query string) (n int) {
		for _, e := range log.find(query + "&camera=" + camera) {
			if e.Subject == owned && strings.HasPrefix(e.Detail, "by its owner: ") {
				n++
			}
		}
		return n
	}
	if d, l := byOwner("event=masks.drawn"), byOwner("event=masks.lifted"); d != 1 || l != 1 {
		t.Errorf("of the owner's two changes the log has %d and %d", d, l)
	}
}
