package onvif

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/simulate"
)

const password = "mật khẩu & <bí> \"mật\""

// patience is how long tests wait for what should come at once.
const patience = 20 * time.Second

// cameras are simulated RTSP cameras for the devices to describe.
func cameras(t *testing.T, n int) *simulate.Server {
	t.Helper()
	s, err := simulate.Start(simulate.Options{Cameras: n})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func serve(t *testing.T, s *simulate.Server, o simulate.ONVIFOptions) *simulate.ONVIF {
	t.Helper()
	if o.Cameras == nil {
		o.Cameras = []int{0}
	}
	d, err := simulate.StartONVIF(s, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// client is a Device for a simulated one.
func client(t *testing.T, is *simulate.ONVIF, login gateway.Login) *Device {
	t.Helper()
	d, err := New(Config{Address: is.Addr(), Login: login, Timeout: patience})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

var admin = gateway.Login{User: "admin", Password: password}

func TestCameraIsDescribed(t *testing.T) {
	t.Parallel()
	rtsp := cameras(t, 1)
	for name, o := range map[string]simulate.ONVIFOptions{
		"by token":            {},
		"by HTTP digest":      {Login: simulate.HTTPDigestLogin},
		"by SHA-256":          {Login: simulate.HTTPDigestLogin, Algorithm: "SHA-256"},
		"with a wrong clock":  {ClockOffset: -30 * 365 * 24 * time.Hour},
		"with its local time": {LocalOnly: true, ClockOffset: 17 * time.Minute},
		"of old":              {Old: true},
		"behind NAT":          {Host: "198.51.100.77:8000"},
	} {
		o.User, o.Password, o.Maker, o.Model, o.PTZ = "admin", password, "Mắt Thần", "Mô hình <1>", true
		is := serve(t, rtsp, o)
		d := client(t, is, admin)
		info, err := d.Information(t.Context())
		if err != nil || info.Maker != "Mắt Thần" || info.Model != "Mô hình <1>" || info.Firmware != "1.0" || info.Serial == "" {
			t.Errorf("%s: %+v, %v", name, info, err)
		}
		identity, err := d.Identity(t.Context())
		if want := is.Identity(); err != nil || o.Old && identity != "" || !o.Old && identity != want {
			t.Errorf("%s: %q, %v", name, identity, err)
		}
		services, err := d.Services(t.Context())
		if err != nil || services != (Services{Media: true, Media2: !o.Old, PTZ: true}) {
			t.Errorf("%s: %+v, %v", name, services, err)
		}
		got, err := d.Channels(t.Context())
		if err != nil || len(got) != 1 {
			t.Errorf("%s: %+v, %v", name, got, err)
			continue
		}
		c := got[0]
		if c.MainURL != rtsp.URL(0, simulate.Main) || c.SubURL != rtsp.URL(0, simulate.Sub) || c.Main.Width != 1280 || c.Sub.Width != 640 || c.Main.FPS != 25 || !c.Main.PTZ || c.Main.media2 == o.Old {
			t.Errorf("%s: %+v", name, c)
		}
		if is.Refused() != 0 {
			t.Errorf("%s: %d logins were refused on the way", name, is.Refused())
		}
		wantQuirks := []gateway.Quirk(nil)
		if o.ClockOffset != 0 {
			wantQuirks = append(wantQuirks, gateway.QuirkClock)
		}
		if o.Login == simulate.HTTPDigestLogin {
			wantQuirks = append(wantQuirks, gateway.QuirkLogin)
		}
		if !slices.Equal(d.Quirks(), wantQuirks) {
			t.Errorf("%s: quirks %v", name, d.Quirks())
		}
		if err := d.AskKey(t.Context(), c.Main.Token); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		still(t, d, is, c.Main)
	}
}

// still fetches a snapshot, which a device behind NAT serves all the same.
func still(t *testing.T, d *Device, is *simulate.ONVIF, p Profile) {
	t.Helper()
	u, err := d.SnapshotURL(t.Context(), p)
	if err != nil || !strings.HasPrefix(u, "http://127.0.0.1") {
		t.Errorf("%s, %v", u, err)
		return
	}
	if !strings.HasPrefix(u, "http://"+is.Addr()) {
		return // its port is that of the other side of the NAT
	}
	res, err := http.Get(u)
	if err != nil {
		t.Error(err)
		return
	}
	defer res.Body.Close()
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("%s: %v", u, res.Status)
	}
}

func TestDeviceThatKnowsLittleIsDescribedAllTheSame(t *testing.T) {
	t.Parallel()
	rtsp := cameras(t, 1)
	is := serve(t, rtsp, simulate.ONVIFOptions{User: "admin", Password: password})
	to, err := url.Parse(is.URL())
	if err != nil {
		t.Fatal(err)
	}
	to.Path = ""
	proxy := httputil.NewSingleHostReverseProxy(to)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch action := r.Header.Get("Content-Type"); {
		case strings.Contains(action, "GetServices"):
			http.NotFound(w, r)
		case strings.Contains(action, "GetEndpointReference"):
			panic(http.ErrAbortHandler)
		default:
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(front.Close)
	d, err := New(Config{Address: front.URL, Login: admin, Timeout: patience})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if identity, err := d.Identity(t.Context()); identity != "" || err != nil {
		t.Errorf("%q, %v", identity, err)
	}
	if got, err := d.Channels(t.Context()); err != nil || len(got) != 1 || got[0].MainURL != rtsp.URL(0, simulate.Main) || got[0].Main.media2 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestRecorderGivesAllItsChannelsByOneLogin(t *testing.T) {
	t.Parallel()
	rtsp := cameras(t, 9)
	var all []int
	for i := range 9 {
		all = append(all, 8-i)
	}
	is := serve(t, rtsp, simulate.ONVIFOptions{Cameras: all, User: "admin", Password: password})
	got, err := client(t, is, admin).Channels(t.Context())
	if err != nil || len(got) != 9 {
		t.Fatalf("%d channels, %v", len(got), err)
	}
	for i, c := range got {
		if c.MainURL != rtsp.URL(8-i, simulate.Main) || c.SubURL != rtsp.URL(8-i, simulate.Sub) {
			t.Errorf("channel %d: %s", i, c.MainURL)
		}
	}
}

func TestWrongLoginIsRefusedOnceAndNotTriedAgain(t *testing.T) {
	t.Parallel()
	rtsp := cameras(t, 1)
	for name, o := range map[string]simulate.ONVIFOptions{"by token": {}, "by HTTP digest": {Login: simulate.HTTPDigestLogin}} {
		o.User, o.Password = "admin", password
		is := serve(t, rtsp, o)
		d := client(t, is, gateway.Login{User: "admin", Password: "wrong-secret"})
		for range 3 {
			_, err := d.Information(t.Context())
			if gateway.CauseOf(err) != gateway.CauseUnauthorized || strings.Contains(err.Error(), "wrong-secret") {
				t.Errorf("%s: %v", name, err)
			}
		}
		// Of a token the device's local time is worth a second try, for makes that take that.
		if n := is.Refused(); n < 1 || n > 2 {
			t.Errorf("%s: the device was tried %d times", name, n)
		}
		if _, err := client(t, is, gateway.Login{}).Information(t.Context()); gateway.CauseOf(err) != gateway.CauseUnauthorized {
			t.Errorf("%s, without a login: %v", name, err)
		}
	}
}

func TestClockThatIsSetMeanwhileIsAskedAgain(t *testing.T) {
	t.Parallel()
	is := serve(t, cameras(t, 1), simulate.ONVIFOptions{User: "admin", Password: password, ClockOffset: -time.Hour})
	d := client(t, is, admin)
	for _, offset := range []time.Duration{-time.Hour, 0, 24 * time.Hour} {
		is.SetClock(offset)
		if _, err := d.Information(t.Context()); err != nil {
			t.Errorf("by %v: %v", offset, err)
		}
	}
}

func TestNonceThatAgesIsRenewed(t *testing.T) {
	t.Parallel()
	rtsp := cameras(t, 1)
	for _, silent := range []bool{false, true} {
		is := serve(t, rtsp, simulate.ONVIFOptions{User: "admin", Password: password, Login: simulate.HTTPDigestLogin, NonceUses: 2, Silent: silent})
		d := client(t, is, admin)
		for i := range 7 {
			if _, err := d.Information(t.Context()); err != nil {
				t.Fatalf("request %d: %v", i, err)
			}
		}
	}
}

func TestDeviceIsFoundAgainAtAnotherPort(t *testing.T) {
	t.Parallel()
	rtsp := cameras(t, 1)
	o := simulate.ONVIFOptions{Discovery: "127.0.0.1:0", Identity: "urn:uuid:00000000-0000-4000-8000-00000000abcd", Maker: "Mắt Thần", Model: "A b", Place: "Hoa Ban"}
	first := serve(t, rtsp, o)
	search := func(is *simulate.ONVIF) Search {
		return Search{To: []netip.AddrPort{netip.MustParseAddrPort(is.DiscoveryAddr())}, Wait: 2 * time.Second}
	}
	all, err := Discover(t.Context(), search(first))
	want := Found{o.Identity, "Mắt Thần", "A b", "Hoa Ban", []string{first.URL()}}
	if err != nil || len(all) != 1 || fmt.Sprint(all[0]) != fmt.Sprint(want) {
		t.Fatalf("%+v, %v", all, err)
	}
	first.Close()
	second := serve(t, rtsp, o)
	if second.URL() == first.URL() {
		t.Skip("the system gave it the same port")
	}
	found, err := Find(t.Context(), strings.ToUpper(o.Identity[9:]), search(second))
	if err != nil || found.Addresses[0] != second.URL() {
		t.Fatalf("%+v, %v", found, err)
	}
	d, err := New(Config{Address: found.Addresses[0]})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Channels(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := search(second)
	s.Wait = 100 * time.Millisecond
	if _, err := Find(t.Context(), "urn:uuid:another", s); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
}

func TestDevicesAreFoundByMulticast(t *testing.T) {
	t.Parallel()
	lo, err := net.InterfaceByName("lo")
	if err != nil {
		t.Skip("no interface lo")
	}
	free, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	port := free.LocalAddr().(*net.UDPAddr).AddrPort().Port()
	free.Close()
	group := netip.AddrPortFrom(group.Addr(), port)
	rtsp := cameras(t, 1)
	a := serve(t, rtsp, simulate.ONVIFOptions{Discovery: group.String(), Interface: lo})
	b := serve(t, rtsp, simulate.ONVIFOptions{Discovery: group.String(), Interface: lo})
	got, err := Discover(t.Context(), Search{Interfaces: []string{"lo"}, Group: group, Wait: time.Second})
	if err != nil || len(got) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, is := range []*simulate.ONVIF{a, b} {
		if !slices.ContainsFunc(got, func(f Found) bool { return f.Identity == is.Identity() && f.Addresses[0] == is.URL() }) {
			t.Errorf("%s is not among %+v", is.URL(), got)
		}
	}
}

func TestCameraMovesAndStops(t *testing.T) {
	t.Parallel()
	is := serve(t, cameras(t, 2), simulate.ONVIFOptions{Cameras: []int{0, 1}, User: "admin", Password: password, PTZ: true})
	d := client(t, is, admin)
	ctx := t.Context()
	profiles, err := d.Profiles(ctx)
	if err != nil {
		t.Fatal(err)
	}
	p := profiles[0]
	nodes, err := d.Nodes(ctx)
	if err != nil || len(nodes) != 2 || nodes[0].Token != p.Node || !nodes[0].Home || nodes[0].MaxPresets != 32 || *nodes[0].Movements.Continuous.Pan != (Range{-1, 1}) || *nodes[0].Movements.Absolute.Zoom != (Range{0, 1}) {
		t.Fatalf("%+v, %v", nodes, err)
	}
	options, err := d.Movements(ctx, p)
	if err != nil || fmt.Sprint(options.Relative.Tilt) != fmt.Sprint(nodes[0].Movements.Relative.Tilt) {
		t.Fatalf("%+v, %v", options, err)
	}
	zoom := 0.5
	if err := d.Move(ctx, p, Vector{PanTilt: &Point{1, -0.5}, Zoom: &zoom}, time.Minute); err != nil {
		t.Fatal(err)
	}
	until(t, d, p, func(s Status) bool {
		return s.Moving && s.Position.PanTilt.X > 0.02 && s.Position.PanTilt.Y < -0.01 && *s.Position.Zoom > 0.01
	})
	if err := d.Stop(ctx, p); err != nil {
		t.Fatal(err)
	}
	stopped := until(t, d, p, func(s Status) bool { return !s.Moving && s.MovementKnown })
	if again := until(t, d, p, func(Status) bool { return true }); *again.Position.PanTilt != *stopped.Position.PanTilt {
		t.Fatalf("it moves on from %+v to %+v", stopped.Position.PanTilt, again.Position.PanTilt)
	}
	if pan, tilt, _ := is.Position(1); pan != 0 || tilt != 0 {
		t.Fatal("the other channel moved")
	}
	// It stops by itself, too: nobody says Stop for a link that broke.
	if err := d.Move(ctx, p, Vector{PanTilt: &Point{X: -1}}, 100*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	until(t, d, p, func(s Status) bool { return !s.Moving })
}

// until asks for the status until it is as it should be.
func until(t *testing.T, d *Device, p Profile, done func(Status) bool) Status {
	t.Helper()
	for deadline := time.Now().Add(patience); ; {
		s, err := d.Status(t.Context(), p)
		if err != nil || s.Position.PanTilt == nil || s.Position.Zoom == nil {
			t.Fatalf("%+v, %v", s, err)
		}
		if done(s) {
			return s
		}
		if time.Now().After(deadline) {
			t.Fatalf("in the end: %+v at %+v", s, *s.Position.PanTilt)
		}
	}
}

func TestPresetsAreKeptAndReached(t *testing.T) {
	t.Parallel()
	is := serve(t, cameras(t, 1), simulate.ONVIFOptions{PTZ: true})
	d := client(t, is, gateway.Login{})
	ctx := t.Context()
	profiles, err := d.Profiles(ctx)
	if err != nil {
		t.Fatal(err)
	}
	p := profiles[1]
	at := func(x, y float64) func(Status) bool {
		return func(s Status) bool {
			return math.Abs(s.Position.PanTilt.X-x) < 1e-9 && math.Abs(s.Position.PanTilt.Y-y) < 1e-9
		}
	}
	if err := d.MoveTo(ctx, p, Vector{PanTilt: &Point{0.1, 0.05}}, Vector{}); err != nil {
		t.Fatal(err)
	}
	until(t, d, p, at(0.1, 0.05))
	token, err := d.SetPreset(ctx, p, "Cổng <chính>", "")
	if err != nil || token == "" {
		t.Fatal(token, err)
	}
	if err := d.MoveBy(ctx, p, Vector{PanTilt: &Point{-0.05, 0}}, Vector{}); err != nil {
		t.Fatal(err)
	}
	until(t, d, p, at(0.05, 0.05))
	if err := d.GotoPreset(ctx, p, token); err != nil {
		t.Fatal(err)
	}
	until(t, d, p, at(0.1, 0.05))
	if err := d.GotoHome(ctx, p); err != nil {
		t.Fatal(err)
	}
	until(t, d, p, at(0, 0))
	if again, err := d.SetPreset(ctx, p, "Cổng phụ", token); err != nil || again != token {
		t.Fatal(again, err)
	}
	presets, err := d.Presets(ctx, p)
	if err != nil || !slices.Equal(presets, []Preset{{token, "Cổng phụ"}}) {
		t.Fatalf("%+v, %v", presets, err)
	}
	if err := d.GotoPreset(ctx, p, "none"); !isFault(err) {
		t.Fatal(err)
	}
	if err := d.MoveTo(ctx, p, Vector{PanTilt: &Point{2, 0}}, Vector{}); !isFault(err) {
		t.Fatal(err)
	}
}

func TestOnlyPermittedAddressesAreDialled(t *testing.T) {
	t.Parallel()
	is := serve(t, cameras(t, 1), simulate.ONVIFOptions{})
	var asked netip.AddrPort
	d, err := New(Config{Address: is.URL(), Permit: func(to netip.AddrPort) error {
		asked = to
		return gateway.ErrOutOfReach
	}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Information(t.Context()); gateway.CauseOf(err) != gateway.CauseOutOfReach || asked.String() != is.Addr() {
		t.Fatalf("%v, asked for %v", err, asked)
	}
}

// silent answers nothing.
func silent(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // the server notices that the caller is gone after that only
	<-r.Context().Done()
}

func TestDevicesThatAreNoneHaveACause(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(nil)
	closed.Close()
	handler := func(h http.HandlerFunc) string {
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		return s.URL
	}
	elsewhere := handler(func(http.ResponseWriter, *http.Request) { t.Error("a redirect was followed") })
	for name, tt := range map[string]struct {
		address string
		cause   gateway.Cause
	}{
		"nobody":     {closed.URL, gateway.CauseUnreachable},
		"a web page": {handler(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html><body>hello</body></html>") }), gateway.CauseProtocol},
		"not there":  {handler(http.NotFound), gateway.CauseProtocol},
		"a redirect": {handler(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere, http.StatusTemporaryRedirect)
		}), gateway.CauseForbiddenURL},
		"silent": {handler(silent), gateway.CauseUnreachable},
		"endless": {handler(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, "<Envelope>")
			for r.Context().Err() == nil {
				if _, err := fmt.Fprint(w, strings.Repeat("<Body>", 1000)); err != nil {
					return
				}
			}
		}), gateway.CauseProtocol},
		"asks for Basic": {handler(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "" {
				t.Error("the login was shown")
			}
			w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
			w.WriteHeader(http.StatusUnauthorized)
		}), gateway.CauseUnauthorized},
	} {
		d, err := New(Config{Address: tt.address, Login: admin, Timeout: 500 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Channels(t.Context()); gateway.CauseOf(err) != tt.cause || strings.Contains(err.Error(), password) {
			t.Errorf("%s: %v", name, err)
		}
		d.Close()
	}
}

func TestCancelledRequestEndsAtOnce(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		silent(nil, r)
	}))
	t.Cleanup(s.Close)
	d, err := New(Config{Address: s.URL, Timeout: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Clock(ctx); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestDeviceThatTakesItsLocalTimeForUTCIsAsked(t *testing.T) {
	t.Parallel()
	// It checks tokens by a clock that is seven hours ahead of what it calls UTC.
	is := serve(t, cameras(t, 1), simulate.ONVIFOptions{User: "admin", Password: password, ClockOffset: 7 * time.Hour})
	to, err := url.Parse(is.URL())
	if err != nil {
		t.Fatal(err)
	}
	to.Path = ""
	proxy := httputil.NewSingleHostReverseProxy(to)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.Header.Get("Content-Type"), "GetSystemDateAndTime") {
			write := func(at time.Time) string {
				return at.UTC().Format("<Time><Hour>15</Hour><Minute>4</Minute><Second>5</Second></Time><Date><Year>2006</Year><Month>1</Month><Day>2</Day></Date>")
			}
			fmt.Fprintf(w, "<Envelope><Body><GetSystemDateAndTimeResponse><SystemDateAndTime><UTCDateTime>%s</UTCDateTime><LocalDateTime>%s</LocalDateTime></SystemDateAndTime></GetSystemDateAndTimeResponse></Body></Envelope>",
				write(time.Now()), write(time.Now().Add(7*time.Hour)))
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	d, err := New(Config{Address: front.URL, Login: admin, Timeout: patience})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for range 2 {
		if _, err := d.Channels(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if is.Refused() != 1 {
		t.Errorf("%d tokens were refused on the way", is.Refused())
	}
}
