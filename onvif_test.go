package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/onvif"
	"matthan/gateway/simulate"
)

// onvifDevice is what the API says of one.
type onvifDevice struct {
	Cause    gateway.Cause
	Identity string
	Maker    string
	Quirks   []gateway.Quirk
	Channels []struct {
		Main, Sub struct {
			URL, Profile, Codec string
			Width, Height       int
		}
		PTZ bool
	}
}

// withRecorder is a gateway that may ask a recorder of three cameras, and finds
// it.
func withRecorder(t *testing.T) (cameras *simulate.Server, recorder *simulate.ONVIF, ask func(method, path, body string, header ...string) (int, string)) {
	t.Helper()
	cameras, err := simulate.Start(simulate.Options{Cameras: 3})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cameras.Close)
	recorder, err = simulate.StartONVIF(cameras, simulate.ONVIFOptions{Cameras: []int{0, 1, 2}, Discovery: "127.0.0.1:0", User: "admin", Password: canary,
		Maker: "Mắt Thần", Model: "Đầu ghi", ClockOffset: -time.Hour, PTZ: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(recorder.Close)
	w := newWorldWith(t, func(c *Config) {
		port := recorder.URL()[strings.LastIndex(recorder.URL(), ":")+1:]
		var n uint16
		if _, err := fmt.Sscan(port[:strings.Index(port, "/")], &n); err != nil {
			t.Fatal(err)
		}
		c.Reach = gateway.Reach{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, ONVIFPorts: []uint16{n}}
		c.search = onvif.Search{To: []netip.AddrPort{netip.MustParseAddrPort(recorder.DiscoveryAddr())}, Wait: 500 * time.Millisecond}
	})
	w.invite("administrator", "administrator", "lang")
	w.invite("reader", "auditor", "all")
	return cameras, recorder, func(method, path, body string, header ...string) (int, string) {
		who := "administrator"
		if strings.Contains(path, "/audit") {
			who = "reader"
		}
		got := w.caller(who).ask(t, method, path, body, header...)
		if strings.Contains(got.body, canary) {
			t.Errorf("%s tells a password", path)
		}
		return got.status, got.body
	}
}

func TestARecorderOnTheLANIsFoundAndAllItsChannelsAreToldByOneLogin(t *testing.T) {
	t.Parallel()
	cameras, recorder, ask := withRecorder(t)
	status, body := ask("POST", "/api/v1/inventory/discover", `{"area":"lang"}`)
	var found struct {
		Devices []struct {
			Identity, Name, Model string
			Addresses             []string
		}
	}
	if err := json.Unmarshal([]byte(body), &found); err != nil || status != http.StatusOK || len(found.Devices) != 1 {
		t.Fatalf("%d %s", status, body)
	}
	f := found.Devices[0]
	if f.Identity != recorder.Identity() || f.Name != "Mắt Thần" || f.Model != "Đầu ghi" || f.Addresses[0] != recorder.URL() {
		t.Errorf("found %+v", f)
	}
	describe := func(address, user, password string) (d onvifDevice) {
		status, body := ask("POST", "/api/v1/inventory/onvif", fmt.Sprintf(`{"area":"lang","address":%q,"user":%q,"password":%q}`, address, user, password))
		if err := json.Unmarshal([]byte(body), &d); err != nil || status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
		return d
	}
	d := describe(f.Addresses[0], "admin", canary)
	if d.Cause != "" || d.Maker != "Mắt Thần" || d.Identity != f.Identity || len(d.Channels) != 3 || len(d.Quirks) != 1 || d.Quirks[0] != gateway.QuirkClock {
		t.Fatalf("%+v", d)
	}
	for i, c := range d.Channels {
		if c.Main.URL != cameras.URL(i, simulate.Main) || c.Sub.URL != cameras.URL(i, simulate.Sub) || c.Main.Codec != "H264" || c.Main.Width != 1280 || c.Sub.Height != 360 || !c.PTZ || c.Main.Profile == "" {
			t.Errorf("channel %d: %+v", i, c)
		}
	}
	if d := describe(f.Addresses[0], "admin", "sai"); d.Cause != gateway.CauseUnauthorized || len(d.Channels) != 0 {
		t.Errorf("a wrong login: %+v", d)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	if d := describe(ln.Addr().String(), "admin", canary); d.Cause != gateway.CauseOutOfReach {
		t.Errorf("another port of this machine: %+v", d)
	}
	_, log := ask("GET", "/api/v1/audit?event=devices.sought&event=device.asked", "")
	for _, want := range []string{`"detail":"1 devices"`, `"detail":"Mắt Thần Đầu ghi, 3 channels"`, `"detail":"unauthorized"`, `"detail":"out_of_reach"`, `"lang"`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s: %s", want, log)
		}
	}
	if strings.Contains(log, recorder.Addr()) || strings.Contains(log, "rtsp:") {
		t.Errorf("the log holds an address: %s", log)
	}
}

func TestACitizensCameraIsNotAmongARecordersChannels(t *testing.T) {
	t.Parallel()
	cameras, recorder, ask := withRecorder(t)
	enter := func(i int) {
		body := fmt.Sprintf(`{"name":"Nhà","area":"lang","kind":"household","main":%q,"user":"viewer"}`, cameras.URL(i, simulate.Main))
		req := fmt.Sprintf("/api/v1/inventory/cameras/house-%d", i)
		if status, text := ask("PUT", req, body, "If-None-Match", "*"); status != http.StatusNoContent {
			t.Fatalf("%d %s", status, text)
		}
	}
	device := fmt.Sprintf(`{"area":"lang","address":%q,"user":"admin","password":%q}`, recorder.URL(), canary)
	enter(1)
	status, body := ask("POST", "/api/v1/inventory/onvif", device)
	if status != http.StatusOK || strings.Contains(body, "/cam1/") || !strings.Contains(body, "/cam0/") || !strings.Contains(body, "/cam2/") {
		t.Errorf("%d %s", status, body)
	}
	enter(0)
	enter(2)
	if status, body := ask("POST", "/api/v1/inventory/onvif", device); status != http.StatusConflict || strings.Contains(body, "rtsp:") {
		t.Errorf("%d %s", status, body)
	}
}

func TestWhereACameraIsAskedInONVIFIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.invite("administrator", "administrator", "lang")
	keeper := w.caller("administrator")
	const path = "/api/v1/inventory/cameras/lang-public"
	const device = `{"address":"http://10.1.2.3/onvif/device_service","identity":"urn:uuid:1","profile":"main"}`
	put := func(body string) reply {
		return keeper.ask(t, "PUT", path, body, "If-Match", keeper.ask(t, "GET", path, "").header.Get("ETag"))
	}
	if got := put(strings.Replace(worldCamera("lang", "public"), `{`, `{"onvif":`+device+`,`, 1)); got.status != http.StatusNoContent {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if got := keeper.ask(t, "GET", path, ""); !strings.Contains(got.body, `"onvif":`+device) {
		t.Fatal(got.body)
	}
	got := put(strings.Replace(worldCamera("lang", "public"), `{`, `{"onvif":{"address":"10.1.2.3"},`, 1))
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `"onvif"`) {
		t.Errorf("%d %s", got.status, got.body)
	}
}
