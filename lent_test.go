package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"matthan/auth"
	"matthan/gateway/simulate"
	"matthan/signaling"
)

// Ways past a consent: the camera entered once more, and pulls that go on.

// namedAs is a camera of Vinh at an address, of a kind.
func namedAs(kind, main string) string {
	return fmt.Sprintf(`{"name":"Ngõ 42","area":"vinh","kind":%q,"main":%q,"user":"viewer","password":%q}`, kind, main, canary)
}

// TestACitizensCameraIsEnteredUnderNoOtherID tries, as who administers everything
// and knows address and login, to see past what the owner agreed to.
func TestACitizensCameraIsEnteredUnderNoOtherID(t *testing.T) {
	t.Parallel()
	w := populate(t)
	first := w.caller("first")
	const cameras, lentMain = "/api/v1/inventory/cameras/", "rtsp://127.0.0.1:1/vinh-household"
	refused := func(when string) {
		t.Helper()
		for _, main := range []string{lentMain, "rtsps://127.0.0.1:1/vinh-household", "rtsp://127.0.0.1:1//Vinh-Household/?x=1"} {
			for _, kind := range kinds {
				got := first.ask(t, "PUT", cameras+"once-more", namedAs(string(kind), main), "If-None-Match", "*")
				if got.status != http.StatusConflict || !strings.Contains(got.body, `"code":"lent"`) || strings.Contains(got.body, lentCamera) {
					t.Errorf("%s, %s as %s: %d %s", when, main, kind, got.status, got.body)
				}
			}
		}
		// Nor is another camera moved there, or its small picture.
		tag := first.ask(t, "GET", cameras+"vinh-public", "").header.Get("ETag")
		moved := strings.Replace(worldCamera("vinh", "public"), `"user"`, `"sub":"`+lentMain+`","user"`, 1)
		if got := first.ask(t, "PUT", cameras+"vinh-public", moved, "If-Match", tag); got.status != http.StatusConflict {
			t.Errorf("%s, as the small picture: %d %s", when, got.status, got.body)
		}
		sheet := "id,name,area,kind,main\nonce-more,Ngõ 43,vinh,public," + lentMain + "\nfree-" + when + ",Ngõ 44,vinh,public,rtsp://127.0.0.1:1/free-" + when + "\n"
		got := first.ask(t, "POST", "/api/v1/inventory/import?apply=true", sheet, "Content-Type", "text/csv")
		if got.status != http.StatusUnprocessableEntity || strings.Count(got.body, "address_lent") != 1 {
			t.Errorf("%s, by import: %d %s", when, got.status, got.body)
		}
		got = first.ask(t, "POST", "/api/v1/inventory/import?apply=true&skip_refused=true", sheet, "Content-Type", "text/csv")
		if list := first.ask(t, "GET", "/api/v1/inventory/cameras?q=ngo", "").body; got.status != http.StatusOK || !strings.Contains(list, "free-"+when) || strings.Contains(list, "once-more") {
			t.Errorf("%s, the rest of an import: %d %s: %s", when, got.status, got.body, list)
		}
	}
	refused("lent")
	// An invitation is no way around, since who sets a camera up sees it.
	body := fmt.Sprintf(`{"main":%q,"user":"admin","password":%q}`, lentMain, canary)
	if got := w.invitee("vinh").ask(t, "POST", "/api/v1/invitation/try", body); got.status != http.StatusConflict || !strings.Contains(got.body, `"code":"lent"`) {
		t.Errorf("by an invitation: %d %s", got.status, got.body)
	}
	// The camera itself is changed as before, and the address it had stays known.
	tag := first.ask(t, "GET", cameras+lentCamera, "").header.Get("ETag")
	if got := first.ask(t, "PUT", cameras+lentCamera, namedAs("household", "rtsp://127.0.0.1:1/moved"), "If-Match", tag); got.status != http.StatusNoContent {
		t.Fatalf("%d %s", got.status, got.body)
	}
	refused("moved")
	if got := first.ask(t, "PUT", cameras+"once-more", namedAs("public", "rtsp://127.0.0.1:1/moved"), "If-None-Match", "*"); got.status != http.StatusConflict {
		t.Errorf("where it is now: %d %s", got.status, got.body)
	}
	if got := first.ask(t, "DELETE", cameras+lentCamera+"/consent", `{"document":"08/2026"}`); got.status != http.StatusNoContent {
		t.Fatalf("%d %s", got.status, got.body)
	}
	w.until("its row is deleted", func() bool { return first.ask(t, "GET", cameras+lentCamera, "").status == http.StatusNotFound })
	refused("withdrawn")
	w.must(first, "PUT", cameras+lentCamera, namedAs("household", lentMain), http.StatusNoContent) // under its own id it needs a consent
	c, _, _ := w.tables.Consents.Get(lentCamera)
	kept, err := json.Marshal(c)
	if err != nil || len(c.Places) != 2 || strings.Contains(string(kept), "127.0.0.1") || strings.Contains(string(kept), "vinh-household/") {
		t.Errorf("%s, %v", kept, err)
	}
	if text := first.ask(t, "GET", cameras+lentCamera+"/consent", "").body; strings.Contains(text, c.Places[0]) || strings.Contains(text, "places") {
		t.Errorf("administrators are told the digests: %s", text)
	}
}

func TestAConsentWaitsUntilTheCameraIsEnteredOnce(t *testing.T) {
	t.Parallel()
	w := populate(t)
	first := w.caller("first")
	const cameras = "/api/v1/inventory/cameras/"
	w.must(first, "PUT", cameras+"before", namedAs("public", "rtsp://127.0.0.1:1/house"), http.StatusNoContent)
	w.must(first, "PUT", cameras+"house", namedAs("household", "rtsp://127.0.0.1:1/house"), http.StatusNoContent)
	if got := first.ask(t, "PUT", cameras+"house/consent", paper, "If-None-Match", "*"); got.status != http.StatusConflict || !strings.Contains(got.body, `"code":"entered"`) {
		t.Errorf("%d %s", got.status, got.body)
	}
	body := fmt.Sprintf(`{"main":"rtsp://127.0.0.1:1/house","user":"admin","password":%q}`, canary)
	if got := w.invitee("vinh").ask(t, "POST", "/api/v1/invitation/try", body); got.status != http.StatusConflict || !strings.Contains(got.body, `"code":"entered"`) {
		t.Errorf("by an invitation: %d %s", got.status, got.body)
	}
	tag := first.ask(t, "GET", cameras+"before", "").header.Get("ETag")
	if got := first.ask(t, "DELETE", cameras+"before", "", "If-Match", tag); got.status != http.StatusNoContent {
		t.Fatalf("%d %s", got.status, got.body)
	}
	w.must(first, "PUT", cameras+"house/consent", paper, http.StatusNoContent)
	got := first.ask(t, "PUT", cameras+"before", namedAs("public", "rtsp://127.0.0.1:1/house"), "If-None-Match", "*")
	if got.status != http.StatusConflict || !strings.Contains(got.body, `"code":"lent"`) {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestAConsentIsNotWrittenOverUnseen(t *testing.T) {
	t.Parallel()
	w := populate(t)
	first := w.caller("first")
	const consent = "/api/v1/inventory/cameras/" + lentCamera + "/consent"
	seen := first.ask(t, "GET", consent, "").header.Get("ETag")
	if got := first.ask(t, "PUT", consent, paper); got.status != http.StatusPreconditionRequired {
		t.Errorf("without a version: %d %s", got.status, got.body)
	}
	w.setConsent(t, func(c *auth.Consent, now time.Time) { c.Off = now }) // the owner was quicker
	for _, version := range [][]string{{"If-Match", seen}, {"If-None-Match", "*"}, {"If-Match", "*"}} {
		if got := first.ask(t, "PUT", consent, paper, version...); got.status != http.StatusPreconditionFailed {
			t.Errorf("%v: %d %s", version, got.status, got.body)
		}
	}
	now := first.ask(t, "GET", consent, "").header.Get("ETag")
	got := first.ask(t, "PUT", consent, paper, "If-Match", now)
	if next := got.header.Get("ETag"); got.status != http.StatusNoContent || next == "" || next == now || next != first.ask(t, "GET", consent, "").header.Get("ETag") {
		t.Errorf("%d %s", got.status, next)
	}
	if c, _, _ := w.tables.Consents.Get(lentCamera); c.Off.IsZero() {
		t.Error("what the owner switched off is on again")
	}
}

// TestAPullOfACitizensCameraEndsWithItsConsent counts the RTSP connections that
// are open to the camera, while one officer looks and another has it kept warm.
func TestAPullOfACitizensCameraEndsWithItsConsent(t *testing.T) {
	t.Parallel()
	const linger = 300 * time.Millisecond
	way := newPassage(t)
	s := newStationWith(t, func(c *Config) {
		c.Limits.Streams.Linger = linger
		c.Reach.Ports = append(c.Reach.Ports, netip.MustParseAddrPort(way.Addr().String()).Port())
	})
	way.open(s.cameras.Addr())
	at := s.ward()
	officer := s.lend(at, time.Time{})
	direct := s.cameras.URL(at.number, simulate.Main)
	through := strings.Replace(strings.Replace(s.lentBody(at), s.cameras.Addr(), way.Addr().String(), 1), `"main"`, `"transport":"tcp","main"`, 1)
	if through == s.lentBody(at) || strings.Contains(through, direct) {
		t.Fatal(through)
	}
	s.change("PUT", "cameras/"+at.camera, through)
	looks := officer.watch(at.camera)
	way.wait(t, 1)
	warms := caller{browser: officer}.open(t)
	warms.say(signaling.Warm{Type: signaling.TypeWarm, Cameras: []string{at.camera}})
	s.editConsent(at.camera, func(c *auth.Consent) { c.Off = time.Now() })
	from := time.Now()
	looks.ended()
	way.wait(t, 0)
	if took := time.Since(from); took > patience/2 {
		t.Errorf("the camera was pulled for %v after its owner had switched it off", took)
	}
	// And nothing that a closed camera is asked for begins a pull.
	warms.say(signaling.Warm{Type: signaling.TypeWarm, Cameras: []string{at.camera}})
	warms.say(signaling.View{Type: signaling.TypeView, Camera: at.camera})
	for {
		text, kind := warms.next()
		if kind == signaling.TypeTile && strings.Contains(text, `"`+signaling.CodeClosed+`"`) || kind == signaling.TypeError {
			break
		}
	}
	if n := way.now(); n != 0 {
		t.Errorf("%d connections to a camera that is switched off", n)
	}
}

// passage passes connections on, and counts those that are open.
type passage struct {
	net.Listener
	running sync.WaitGroup

	mu   sync.Mutex
	to   string
	many int
	step chan struct{} // closed when many changes
}

func newPassage(t *testing.T) *passage {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &passage{Listener: l, step: make(chan struct{})}
	t.Cleanup(func() { _ = l.Close(); p.running.Wait() })
	return p
}

// open passes on to an address from now on.
func (p *passage) open(to string) {
	p.to = to
	p.running.Go(func() {
		for {
			c, err := p.Accept()
			if err != nil {
				return
			}
			p.running.Go(func() { p.pass(c) })
		}
	})
}

func (p *passage) pass(c net.Conn) {
	defer func() { _ = c.Close() }()
	camera, err := net.Dial("tcp", p.to)
	if err != nil {
		return
	}
	p.count(1)
	defer p.count(-1)
	p.running.Go(func() {
		_, _ = io.Copy(c, camera)
		_ = c.Close()
	})
	_, _ = io.Copy(camera, c) // until the gateway closes its side
	_ = camera.Close()
}

func (p *passage) count(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.many += n
	close(p.step)
	p.step = make(chan struct{})
}

func (p *passage) now() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.many
}

// wait waits until so many are open.
func (p *passage) wait(t *testing.T, want int) {
	t.Helper()
	late := time.After(patience)
	for {
		p.mu.Lock()
		many, step := p.many, p.step
		p.mu.Unlock()
		if many == want {
			return
		}
		select {
		case <-step:
		case <-late:
			t.Fatalf("%d connections to the camera, want %d", many, want)
		}
	}
}
