package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/gateway/simulate"
)

// station is a gateway with wards that have a camera each, and people.
type station struct {
	t       testing.TB
	origin  string
	cameras *simulate.Server
	admin   *browser
	tables  auth.Tables
	people  int
	wards   int
}

// ward is a place of its own for one look that ends.
type ward struct {
	area, camera string
	number       int // of the simulated camera, each of which is one ward's: a citizen's is entered once
}

const maxWards = 64

func newStation(t testing.TB) *station { return newStationWith(t, func(*Config) {}) }

func newStationWith(t testing.TB, change func(*Config)) *station {
	t.Helper()
	s := &station{t: t}
	var err error
	if s.cameras, err = simulate.Start(simulate.Options{Cameras: maxWards}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.cameras.Close(); _ = s.cameras.Wait() })
	origin, setUp := startPeople(t, func(c *Config) {
		c.prepare = func(_ context.Context, in *signIn) error { s.tables = in.tables; return nil }
		c.Reach.Networks = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		c.Reach.Ports = []uint16{netip.MustParseAddrPort(strings.Split(strings.TrimPrefix(s.cameras.URL(0, simulate.Main), "rtsp://"), "/")[0]).Port()}
		change(c)
	})
	s.origin = origin
	s.admin = firstAdmin(t, origin, setUp)
	s.put("areas/quan", `{"name":"Quận"}`)
	s.put("areas/vinh", `{"name":"Vinh"}`)
	return s
}

// ward makes another one, whose camera is pulled from now on.
func (s *station) ward() ward {
	s.t.Helper()
	s.wards++
	at := ward{fmt.Sprintf("phuong-%d", s.wards), fmt.Sprintf("nga-tu-%d", s.wards), (s.wards - 1) % maxWards}
	s.put("areas/"+at.area, s.areaBody("quan"))
	s.put("cameras/"+at.camera, s.cameraBody(at, at.area))
	return at
}

func (s *station) put(path, body string) {
	s.t.Helper()
	if resp, text := s.admin.do("PUT", "/api/v1/inventory/"+path, "application/json", body, "If-None-Match", "*"); resp.StatusCode != http.StatusNoContent {
		s.t.Fatalf("%s: %d %s", path, resp.StatusCode, text)
	}
}

func (s *station) areaBody(parent string) string {
	return fmt.Sprintf(`{"name":"Phường","parent":%q}`, parent)
}

func (s *station) cameraBody(at ward, area string) string {
	return fmt.Sprintf(`{"name":"Ngã tư","area":%q,"kind":"public","keep_warm":true,"main":%q}`, area, s.cameras.URL(at.number, simulate.Main))
}

// lentBody is the same camera as a household's.
func (s *station) lentBody(at ward) string {
	return strings.NewReplacer(`"public"`, `"household"`, `"keep_warm":true,`, "").Replace(s.cameraBody(at, at.area))
}

// change does something to what stands at a path of the inventory.
func (s *station) change(method, path, body string) {
	s.t.Helper()
	resp, _ := s.admin.do("GET", "/api/v1/inventory/"+path, "", "")
	if resp, text := s.admin.do(method, "/api/v1/inventory/"+path, "application/json", body, "If-Match", resp.Header.Get("ETag")); resp.StatusCode != http.StatusNoContent {
		s.t.Fatalf("%s %s: %d %s", method, path, resp.StatusCode, text)
	}
}

// officer is a new viewer of an area.
func (s *station) officer(area string) (b *browser, login string) {
	s.t.Helper()
	s.people++
	login = fmt.Sprintf("can-bo-%d", s.people)
	b = newBrowser(s.t, s.origin)
	b.invited(s.admin, login, fmt.Sprintf(`{"name":"Cán bộ","roles":["viewer"],"areas":[%q]}`, area))
	return b, login
}

// friend is a new viewer of another place.
func (s *station) friend() *browser {
	b, _ := s.officer("vinh")
	return b
}

// guest is an outsider's look at a ward's camera, and the supervisor whose share
// it is.
func (s *station) guest(at ward) (chief *browser, made shared, w *watched) {
	s.t.Helper()
	s.people++
	chief = newBrowser(s.t, s.origin)
	chief.invited(s.admin, fmt.Sprintf("chi-huy-%d", s.people), fmt.Sprintf(`{"name":"Chỉ huy","roles":["supervisor"],"areas":[%q]}`, at.area))
	made = chief.shareOf(at.camera, true)
	b := newBrowser(s.t, s.origin)
	return chief, made, b.watchAs(made.token(s.t, b), at.camera)
}

// me is a person's key.
func (b *browser) me() string {
	b.t.Helper()
	var doc struct{ Key string }
	b.want(200, &doc, "GET", "session", "")
	return doc.Key
}

// grant gives a person the view of an area.
func (s *station) grant(to *browser, area string, until time.Time) (key string) {
	s.t.Helper()
	doc := map[string]any{"who": map[string]string{"person": to.me()}, "actions": []string{"view"}, "areas": []string{area}, "reason": "theo dõi"}
	if !until.IsZero() {
		doc["until"] = until
	}
	body, err := json.Marshal(doc)
	if err != nil {
		s.t.Fatal(err)
	}
	var made struct{ Key string }
	s.admin.want(201, &made, "POST", "grants", string(body))
	return made.Key
}
