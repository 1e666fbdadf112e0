package simulate

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestHeadStopsAtItsEndsAndInTime(t *testing.T) {
	t.Parallel()
	now := time.Now()
	h := newHead()
	h.run(axes{1, -0.5, 0}, time.Minute, now)
	if at := h.at(now.Add(2 * time.Second)); at != (axes{0.5, -0.25, 0}) {
		t.Fatalf("after 2 s: %v", at)
	}
	if at := h.at(now.Add(30 * time.Second)); at != (axes{1, -1, 0}) {
		t.Fatalf("after 30 s: %v", at)
	}
	h.run(axes{-1, 0, 1}, time.Second, now.Add(2*time.Second))
	if at := h.at(now.Add(time.Hour)); at != (axes{0.25, -0.25, 0.25}) {
		t.Fatalf("when its second was over: %v", at)
	}
	h.turn(axes{5, 0.25, 0.25}, now.Add(time.Hour))
	later := now.Add(time.Hour + time.Second)
	if at := h.at(later); at != (axes{0.5, 0, 0.25}) {
		t.Fatalf("on its way: %v", at)
	}
	if panTilt, zoom := h.moving(later); !panTilt || zoom {
		t.Fatal("what moves is told wrong")
	}
	if at := h.at(later.Add(time.Hour)); at != (axes{1, 0.25, 0.25}) {
		t.Fatalf("in the end: %v", at)
	}
	if panTilt, _ := h.moving(later.Add(time.Hour)); panTilt {
		t.Fatal("it moves at its end")
	}
}

func TestHeadKeepsFewPresets(t *testing.T) {
	t.Parallel()
	h := newHead()
	for range maxPresets {
		if _, ok := h.keep("", "x", time.Now()); !ok {
			t.Fatal("no room")
		}
	}
	if _, ok := h.keep("", "x", time.Now()); ok {
		t.Fatal("one more was kept")
	}
	if token, ok := h.keep("preset3", "y", time.Now()); !ok || token != "preset3" || h.presets[token].name != "y" {
		t.Fatal("one was not replaced")
	}
	if _, ok := h.keep("preset99", "y", time.Now()); ok {
		t.Fatal("one that is not there was replaced")
	}
}

func TestONVIFOptionsOutOfBoundsAreErrors(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Cameras: 1})
	for name, o := range map[string]ONVIFOptions{
		"no camera": {}, "another's camera": {Cameras: []int{1}}, "password alone": {Cameras: []int{0}, Password: "x"},
		"login": {Cameras: []int{0}, Login: 9}, "algorithm": {Cameras: []int{0}, Algorithm: "MD4"}, "address": {Cameras: []int{0}, Listen: "nonsense"},
		"discovery": {Cameras: []int{0}, Discovery: "nonsense"}, "nonces": {Cameras: []int{0}, NonceUses: -1}, "many": {Cameras: make([]int, MaxChannels+1)},
	} {
		if d, err := StartONVIF(s, o); err == nil {
			d.Close()
			t.Errorf("%s: no error", name)
		}
	}
}

func TestONVIFTakesATokenOnce(t *testing.T) {
	t.Parallel()
	// A token of the year 2010 for a device whose clock stands there (ONVIF
	// Application Programmer's Guide, section 6.1.1.3).
	const token = `<Security><UsernameToken><Username>admin</Username><Password>tuOSpGlFlIXsozq4HFNeeGeFLEI=</Password>` +
		`<Nonce>LKqI6G/AikKCQrN0zqZFlg==</Nonce><Created>2010-09-16T07:50:45Z</Created></UsernameToken></Security>`
	created := time.Date(2010, 9, 16, 7, 50, 45, 0, time.UTC)
	d, err := StartONVIF(start(t, Options{Cameras: 1}), ONVIFOptions{Cameras: []int{0}, User: "admin", Password: "userpassword", ClockOffset: time.Until(created)})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	ask := func(header string) int {
		body := `<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Header>` + header + `</e:Header><e:Body>` +
			`<GetDeviceInformation xmlns="` + deviceSpace + `"/></e:Body></e:Envelope>`
		res, err := http.Post(d.URL(), "application/soap+xml", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	for i, want := range []int{200, 400, 400, 400} {
		header := []string{token, token, "", strings.Replace(token, "07:50:45", "08:50:45", 1)}[i]
		if got := ask(header); got != want {
			t.Errorf("request %d: %d", i, got)
		}
	}
	if d.Refused() != 3 {
		t.Errorf("%d refused", d.Refused())
	}
}

func TestONVIFIsSilentToOtherProbes(t *testing.T) {
	t.Parallel()
	d, err := StartONVIF(start(t, Options{Cameras: 1}), ONVIFOptions{Cameras: []int{0}, Discovery: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	c, err := net.Dial("udp", d.DiscoveryAddr())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	probe := func(id, inside string) string {
		return "<E><Header><MessageID>" + id + "</MessageID></Header><Body><Probe>" + inside + "</Probe></Body></E>"
	}
	for _, text := range []string{"nonsense", "<E><Body/></E>", probe("printer", "<Types>a:Printer</Types>"),
		probe("elsewhere", "<Scopes>onvif://www.onvif.org/location/Xa</Scopes>"), probe("ours", "<Scopes>onvif://www.onvif.org/Profile</Scopes>")} {
		if _, err := c.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	b := make([]byte, maxSOAP)
	n, err := c.Read(b)
	if err != nil || !strings.Contains(string(b[:n]), "RelatesTo>ours<") || !strings.Contains(string(b[:n]), d.Identity()) {
		t.Fatalf("%s, %v", b[:n], err)
	}
}
