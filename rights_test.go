package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/gateway"
	"matthan/signaling"
)

// Rights across the boundary and devices, through the whole gateway.

// founded is a gateway with a camera in each of the wards Láng and Vinh, and its
// first administrator.
func founded(t *testing.T, change func(*Config)) (origin string, admin *browser) {
	t.Helper()
	origin, setUp := startPeople(t, func(c *Config) {
		var err error
		c.Inventory, err = gateway.NewList(
			[]gateway.Area{{ID: "lang", Name: "Phường Láng"}, {ID: "vinh", Name: "Vinh"}},
			[]gateway.Camera{
				{ID: "lang-1", Name: "Ngã tư Láng", Area: "lang", Kind: gateway.Public, Main: "rtsp://192.0.2.1/main"},
				{ID: "vinh-1", Name: "Ngã tư Vinh", Area: "vinh", Kind: gateway.Public, Main: "rtsp://192.0.2.2/main"},
			})
		if err != nil {
			t.Fatal(err)
		}
		if change != nil {
			change(c)
		}
	})
	return origin, firstAdmin(t, origin, setUp)
}

// firstAdmin is who opens the set-up link, signed in.
func firstAdmin(t testing.TB, origin, setUp string) *browser {
	t.Helper()
	admin := newBrowser(t, origin)
	admin.do("GET", setUp, "", "")
	if resp, text := admin.post("/id/link", url.Values{"name": {"Trần Thị Bình"}, "login": {"binh"}, "password": {password}, "again": {password}}); resp.StatusCode != 200 {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	if resp, text := admin.signIn("binh", password); resp.StatusCode != 200 || !admin.known() {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	return admin
}

const danger = `{"area":"vinh","for":60,"reason":"một cháu bé đi lạc gần chợ"}`

// want asks the API and reads the answer into doc, nil for none.
func (b *browser) want(status int, doc any, method, path, body string) {
	b.t.Helper()
	kind := ""
	if body != "" {
		kind = "application/json"
	}
	resp, text := b.do(method, "/api/v1/"+path, kind, body)
	if resp.StatusCode != status {
		b.t.Fatalf("%s %s: %d, want %d: %s", method, path, resp.StatusCode, status, text)
	}
	if doc != nil {
		if err := json.Unmarshal([]byte(text), doc); err != nil {
			b.t.Fatalf("%s %s: %v: %s", method, path, err, text)
		}
	}
}

// cameras are those that the person may see.
func (b *browser) cameras() string {
	b.t.Helper()
	var doc struct{ Cameras []struct{ ID string } }
	b.want(200, &doc, "GET", "cameras", "")
	var ids []string
	for _, c := range doc.Cameras {
		ids = append(ids, c.ID)
	}
	return strings.Join(ids, " ")
}

// hears waits for a message on a socket.
func hears(t *testing.T, socket func() string, want string) {
	t.Helper()
	for {
		switch kind := socket(); kind {
		case want:
			return
		case "closed":
			t.Fatalf("the socket closed before it said %s", want)
		}
	}
}

func TestAViewerAsksForAnotherAreaUntilTheTimeIsOver(t *testing.T) {
	t.Parallel()
	origin, admin := founded(t, nil)
	an, chief := newBrowser(t, origin), newBrowser(t, origin)
	an.invited(admin, "an", `{"name":"Lê An","roles":["viewer"],"areas":["lang"]}`)
	chief.invited(admin, "chi", `{"name":"Hồ Chi","roles":["supervisor"],"areas":["vinh"]}`)
	ofChief, ofAn := chief.socket(), an.socket()
	hears(t, ofChief, signaling.TypeWelcome)
	hears(t, ofAn, signaling.TypeWelcome)
	an.want(404, nil, "POST", "emergency", danger) // by default nobody may
	var places struct{ Areas []struct{ ID string } }
	an.want(200, &places, "GET", "requests/areas?q=vinh", "")
	if len(places.Areas) != 1 || an.cameras() != "lang-1" {
		t.Fatalf("%+v, %s", places, an.cameras())
	}
	var made struct{ Key string }
	an.want(201, &made, "POST", "requests", `{"area":"vinh","actions":["view"],"for":3,"reason":"một cháu bé đi lạc gần chợ"}`)
	hears(t, ofChief, signaling.TypeNotices)
	var told struct {
		Notices []struct {
			Key, Name string
			AreaNames []string `json:"area_names"`
		}
	}
	chief.want(200, &told, "GET", "notices", "")
	if len(told.Notices) != 1 || told.Notices[0].Key != made.Key || told.Notices[0].Name != "Lê An" || !slices.Equal(told.Notices[0].AreaNames, []string{"Vinh"}) {
		t.Fatalf("%+v", told)
	}
	an.want(404, nil, "POST", "requests/"+made.Key+"/answer", `{"yes":true}`)
	chief.want(204, nil, "POST", "requests/"+made.Key+"/answer", `{"yes":true,"note":"ba giây"}`)
	answered := time.Now()
	if got := an.cameras(); got != "lang-1 vinh-1" && time.Since(answered) < 2*time.Second {
		t.Fatalf("a yes shows %s", got)
	}
	hears(t, ofAn, signaling.TypeNotices)
	for an.cameras() != "lang-1" {
		hears(t, ofAn, signaling.TypeCameras) // three seconds later, without anybody's doing
	}
	if d := time.Since(answered); d < 2500*time.Millisecond {
		t.Errorf("it ended after %v", d)
	}
}

func TestASecondDeviceIsSignedOutAndItsSocketCloses(t *testing.T) {
	t.Parallel()
	origin, admin := founded(t, nil)
	phone := newBrowser(t, origin)
	if resp, text := phone.signIn("binh", password); resp.StatusCode != 200 || !phone.known() {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	socket := phone.socket()
	hears(t, socket, signaling.TypeWelcome)
	var devices struct {
		Sessions []struct {
			ID      string
			Current bool
		}
	}
	admin.want(200, &devices, "GET", "people/me/sessions", "")
	if len(devices.Sessions) != 2 || !devices.Sessions[0].Current || devices.Sessions[1].Current {
		t.Fatalf("%+v", devices)
	}
	began := time.Now()
	admin.want(204, nil, "DELETE", "people/me/sessions/"+devices.Sessions[1].ID, "")
	hears(t, socket, signaling.TypeBye)
	t.Logf("from signing a device out to its socket's end: %v", time.Since(began))
	if kind := socket(); kind != "closed" {
		t.Errorf("after the bye: %s", kind)
	}
	if phone.known() || !admin.known() {
		t.Errorf("the phone is known %v, the other %v", phone.known(), admin.known())
	}
}

func TestAForgottenPasswordIsReplacedByALink(t *testing.T) {
	t.Parallel()
	origin, admin := founded(t, nil)
	an := newBrowser(t, origin)
	an.invited(admin, "an", `{"name":"Lê An","roles":["viewer"],"areas":["lang"]}`)
	admin.want(201, nil, "PUT", "accounts/moi", `{"name":"Mới","roles":["viewer"],"areas":["lang"]}`)
	var list []struct {
		Login, Key string
		Seen       time.Time
		Pending    bool
		Blocked    bool
	}
	var session struct{ Key string }
	an.want(200, &session, "GET", "session", "")
	admin.want(204, nil, "PUT", "people/"+session.Key+"/block", `{"reason":"the phone was stolen"}`)
	admin.want(200, &list, "GET", "accounts", "")
	for _, a := range list {
		if pending := a.Login == "moi"; a.Pending != pending || a.Seen.IsZero() != pending || a.Key == "" || a.Blocked != (a.Login == "an") || a.Blocked && a.Key != session.Key {
			t.Errorf("%+v", a)
		}
	}
	admin.want(204, nil, "DELETE", "people/"+session.Key+"/block", "")
	if resp, _ := an.signIn("an", password); resp.StatusCode != 200 || !an.known() {
		t.Fatal("unblocked, and not let in")
	}
	var made struct{ Link string }
	admin.want(201, &made, "POST", "accounts/an/link", `{}`)
	if !an.known() {
		t.Error("a link that was not used ends something")
	}
	other := newBrowser(t, origin)
	other.do("GET", made.Link, "", "")
	next := "mot mat khau khac rat dai"
	if resp, text := other.post("/id/link", url.Values{"password": {next}, "again": {next}}); resp.StatusCode != 200 {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	if resp, _ := other.signIn("an", next); resp.StatusCode != 200 || !other.known() {
		t.Errorf("the new password: %d", resp.StatusCode)
	}
	if an.known() {
		t.Error("who knew the old password stays")
	}
	// Not for those whom another administers, nor for nobody.
	stranger := newBrowser(t, origin)
	stranger.invited(admin, "vinh", `{"name":"Hồ Vinh","roles":["administrator"],"areas":["vinh"]}`)
	_, one := stranger.do("POST", "/api/v1/accounts/an/link", "application/json", `{}`)
	resp, none := stranger.do("POST", "/api/v1/accounts/nobody/link", "application/json", `{}`)
	if resp.StatusCode != http.StatusNotFound || one != none {
		t.Errorf("%s, %s", one, none)
	}
	admin.want(204, nil, "PUT", "accounts/an", `{"name":"Lê An","roles":["viewer"],"areas":["lang"],"disabled":true}`)
	admin.want(422, nil, "POST", "accounts/an/link", `{}`)
}

func TestAdministratorsListWhatTheyMayChange(t *testing.T) {
	t.Parallel()
	origin, admin := founded(t, nil)
	put := func(path, body string) {
		t.Helper()
		if resp, text := admin.do("PUT", "/api/v1/inventory/"+path, "application/json", body, "If-None-Match", "*"); resp.StatusCode != http.StatusNoContent {
			t.Fatalf("%s: %d %s", path, resp.StatusCode, text)
		}
	}
	put("areas/ngo-42", `{"name":"Ngõ 42"}`)
	put("cameras/nha-42", `{"name":"Nhà 42","area":"ngo-42","kind":"household","main":"rtsp://192.0.2.9/main","user":"u","password":"canary-of-a-camera"}`)
	stranger := newBrowser(t, origin)
	stranger.invited(admin, "vinh", `{"name":"Hồ Vinh","roles":["administrator"],"areas":["vinh","ngo-42"]}`)
	type page struct {
		Cameras []struct {
			ID, State, Main string
			Stored          bool
		}
		Next string
	}
	list := func(b *browser, query string) (ids string, p page) {
		t.Helper()
		b.want(200, &p, "GET", "inventory/cameras"+query, "")
		for _, c := range p.Cameras {
			ids = strings.TrimSpace(ids + " " + c.ID)
			if c.Stored != (c.ID == "nha-42") || c.State == "" || !strings.HasPrefix(c.Main, "rtsp://192.0.2.") {
				t.Errorf("%+v", c)
			}
		}
		return ids, p
	}
	for query, want := range map[string][2]string{
		"": {"lang-1 nha-42 vinh-1", ""}, "?limit=2": {"lang-1 nha-42", "nha-42"}, "?limit=2&after=nha-42": {"vinh-1", ""},
		"?lent=true": {"nha-42", ""}, "?lent=true&limit=1": {"nha-42", ""}, "?lent=false&area=vinh": {"vinh-1", ""}, "?lent=true&q=lang": {"", ""},
		"?limit=1&after=m": {"nha-42", "nha-42"}, "?area=vinh": {"vinh-1", ""}, "?q=ng%C3%B5+42": {"nha-42", ""}, "?limit=3": {"lang-1 nha-42 vinh-1", ""},
	} {
		if ids, p := list(admin, query); ids != want[0] || p.Next != want[1] {
			t.Errorf("%s: %q, next %q, want %q", query, ids, p.Next, want)
		}
	}
	if ids, _ := list(stranger, ""); ids != "nha-42 vinh-1" {
		t.Errorf("the administrator of Vinh sees %s", ids)
	}
	if _, text := admin.do("GET", "/api/v1/inventory/cameras", "", ""); strings.Contains(text, "canary") {
		t.Errorf("a password is told: %s", text)
	}
	for _, limit := range []string{"0", "501", "many"} {
		admin.want(400, nil, "GET", "inventory/cameras?limit="+limit, "")
	}
	admin.want(400, nil, "GET", "inventory/cameras?lent=maybe", "")
	// Whose ward moves below a city is told the city's name.
	put("areas/nghe-an", `{"name":"Nghệ An","codes":[{"code":"40"}]}`)
	put("areas/cua-lo", `{"name":"Cửa Lò","parent":"nghe-an"}`)
	third := newBrowser(t, origin)
	third.invited(admin, "lo", `{"name":"Lò","roles":["administrator"],"areas":["cua-lo"]}`)
	var tree struct {
		Areas []struct {
			ID           string
			Mine, Stored bool
			Codes        []struct{ Code string }
		}
	}
	third.want(200, &tree, "GET", "inventory/areas", "")
	if a := tree.Areas; len(a) != 2 || a[0].ID != "nghe-an" || a[0].Mine || a[0].Codes != nil || a[1].ID != "cua-lo" || !a[1].Mine || !a[1].Stored {
		t.Errorf("%+v", a)
	}
	admin.want(200, &tree, "GET", "inventory/areas", "")
	for _, a := range tree.Areas {
		if !a.Mine || a.Stored != !slices.Contains([]string{"lang", "vinh"}, a.ID) {
			t.Errorf("%+v", a)
		}
	}
	if len(tree.Areas) != 5 {
		t.Errorf("%d areas", len(tree.Areas))
	}
	an := newBrowser(t, origin)
	an.invited(admin, "an", `{"name":"Lê An","roles":["viewer"],"areas":["lang"]}`)
	if ids, _ := list(an, ""); ids != "" {
		t.Errorf("a viewer sees %s", ids)
	}
}

func TestAnEmergencyIsToldAndInTheLog(t *testing.T) {
	t.Parallel()
	origin, admin := founded(t, func(c *Config) { c.Emergency = true })
	an, chief := newBrowser(t, origin), newBrowser(t, origin)
	an.invited(admin, "an", `{"name":"Lê An","roles":["viewer"],"areas":["lang"]}`)
	chief.invited(admin, "chi", `{"name":"Hồ Chi","roles":["supervisor"],"areas":["vinh"]}`)
	socket := chief.socket()
	hears(t, socket, signaling.TypeWelcome)
	an.want(201, nil, "POST", "emergency", danger)
	if got := an.cameras(); got != "lang-1 vinh-1" {
		t.Errorf("the emergency shows %s", got)
	}
	hears(t, socket, signaling.TypeNotices)
	var told struct{ Notices []struct{ Emergency bool } }
	chief.want(200, &told, "GET", "notices", "")
	if len(told.Notices) != 1 || !told.Notices[0].Emergency {
		t.Errorf("%+v", told)
	}
	var log strings.Builder
	n := auth.Notice{Emergency: true, Person: "key", Name: "Lê An", Areas: []string{"vinh"}, Reason: "secret reason"}
	if err := tell(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn})))(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	if text := log.String(); !strings.Contains(text, "level=WARN") || !strings.Contains(text, "vinh") || !strings.Contains(text, "Lê An") || strings.Contains(text, n.Reason) {
		t.Errorf("the log has %s", text)
	}
}
