package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pion/webrtc/v4"

	"matthan/auth"
	"matthan/gateway/simulate"
	"matthan/signaling"
)

// What ends a look, and how soon the last packet comes.

// watched is a person's look at a camera, as the page has it.
type watched struct {
	t    testing.TB
	ws   *websocket.Conn
	pc   *webrtc.PeerConnection
	last atomic.Int64 // when a packet came, Unix ns
	came chan struct{}
	flow flow
	told chan string // what the gateway says; the newest are left out when nobody takes them
}

// watch looks at a camera until the test ends.
func (b *browser) watch(camera string) *watched { return b.watchAs("", camera) }

// watchAs is watch by a bearer token.
func (b *browser) watchAs(token, camera string) *watched {
	return look(b.t, b.dial(), token, camera)
}

// look looks at a camera through a socket, by a token or what the socket brought.
func look(t testing.TB, ws *websocket.Conn, token, camera string) *watched {
	t.Helper()
	w := &watched{t: t, ws: ws, came: make(chan struct{}, 1), told: make(chan string, 1000)}
	s := webrtc.SettingEngine{}
	s.SetIncludeLoopbackCandidate(true)
	var err error
	if w.pc, err = webrtc.NewAPI(webrtc.WithSettingEngine(s)).NewPeerConnection(webrtc.Configuration{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.pc.Close() })
	w.pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for {
			pkt, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			w.flow.add(pkt.SequenceNumber, pkt.Timestamp, time.Now())
			w.last.Store(time.Now().UnixNano())
			select {
			case w.came <- struct{}{}:
			default:
			}
		}
	})
	if _, err := w.pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
		t.Fatal(err)
	}
	offer, err := w.pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.pc.SetLocalDescription(offer); err != nil {
		t.Fatal(err)
	}

	w.say(signaling.Hello{Type: signaling.TypeHello, Version: signaling.Version, Token: token})
	w.say(signaling.Offer{Type: signaling.TypeOffer, SDP: offer.SDP, Tiles: []signaling.View{{Camera: camera}}})
	for {
		_ = w.ws.SetReadDeadline(time.Now().Add(patience))
		_, text, err := w.ws.ReadMessage()
		if err != nil {
			t.Fatalf("no answer came: %v", err)
		}
		var m signaling.Answer
		if err := json.Unmarshal(text, &m); err == nil && m.Type == signaling.TypeAnswer {
			if err := w.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: m.SDP}); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	go w.read()
	w.plays()
	return w
}

// dial opens the WebSocket with the browser's cookies.
func (b *browser) dial() *websocket.Conn {
	b.t.Helper()
	u, err := url.Parse(b.origin)
	if err != nil {
		b.t.Fatal(err)
	}
	h := http.Header{"Origin": {b.origin}}
	for _, c := range b.client.Jar.Cookies(u) {
		h.Add("Cookie", c.String())
	}
	d := websocket.Dialer{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	c, _, err := d.Dial("wss://"+u.Host+"/ws", h)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = c.Close() })
	return c
}

func (w *watched) say(m any) {
	w.t.Helper()
	if err := w.ws.WriteJSON(m); err != nil {
		w.t.Fatal(err)
	}
}

// read takes what the gateway says until the socket ends.
func (w *watched) read() {
	_ = w.ws.SetReadDeadline(time.Time{})
	for {
		_, text, err := w.ws.ReadMessage()
		if err != nil {
			close(w.told)
			return
		}
		select {
		case w.told <- string(text):
		default:
		}
	}
}

// plays waits for the next packet.
func (w *watched) plays() {
	w.t.Helper()
	for len(w.came) > 0 {
		<-w.came
	}
	select {
	case <-w.came:
	case <-time.After(patience):
		w.t.Fatal("no packet comes")
	}
}

// silence is how long nothing comes from a picture that has ended: ten pictures.
const silence = 400 * time.Millisecond

// ended waits for the end of the packets and tells when the last one came.
func (w *watched) ended() time.Time {
	w.t.Helper()
	for limit := time.After(patience); ; {
		select {
		case <-w.came:
		case <-limit:
			w.t.Fatal("the packets do not end")
		case <-time.After(silence):
			return time.Unix(0, w.last.Load())
		}
	}
}

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

// ends are the ways in which a look ends. Each begins one and returns what ends
// it, which tells when it did.
var ends = append([]ending{
	{"grant revoked", func(s *station, at ward) (*watched, func() time.Time) {
		b, _ := s.officer("vinh")
		key := s.grant(b, at.area, time.Time{})
		return b.watch(at.camera), act(func() { s.admin.want(204, nil, "DELETE", "grants/"+key, "") })
	}},
	{"grant over", func(s *station, at ward) (*watched, func() time.Time) {
		b, _ := s.officer("vinh")
		until := time.Now().Add(5 * time.Second)
		s.grant(b, at.area, until)
		return b.watch(at.camera), func() time.Time { return until }
	}},
	{"account disabled", func(s *station, at ward) (*watched, func() time.Time) {
		b, login := s.officer(at.area)
		return b.watch(at.camera), act(func() {
			s.admin.want(204, nil, "PUT", "accounts/"+login, `{"name":"Cán bộ","roles":["viewer"],"areas":[],"disabled":true}`)
		})
	}},
	{"area taken from the account", func(s *station, at ward) (*watched, func() time.Time) {
		b, login := s.officer(at.area)
		return b.watch(at.camera), act(func() {
			s.admin.want(204, nil, "PUT", "accounts/"+login, `{"name":"Cán bộ","roles":["viewer"],"areas":["vinh"]}`)
		})
	}},
	{"person blocked", func(s *station, at ward) (*watched, func() time.Time) {
		b, _ := s.officer(at.area)
		key := b.me()
		return b.watch(at.camera), act(func() { s.admin.want(204, nil, "PUT", "people/"+key+"/block", `{"reason":"mất điện thoại"}`) })
	}},
	{"session ended from another device", func(s *station, at ward) (*watched, func() time.Time) {
		b, login := s.officer(at.area)
		other := newBrowser(s.t, s.origin)
		other.signIn(login, password)
		return b.watch(at.camera), act(func() { other.want(200, nil, "DELETE", "people/me/sessions", "") })
	}},
	{"signed out", func(s *station, at ward) (*watched, func() time.Time) {
		b, _ := s.officer(at.area)
		return b.watch(at.camera), act(func() { b.post("/auth/logout", nil) })
	}},
	{"camera moved to another area", func(s *station, at ward) (*watched, func() time.Time) {
		b, _ := s.officer(at.area)
		return b.watch(at.camera), act(func() { s.change("PUT", "cameras/"+at.camera, s.cameraBody(at, "vinh")) })
	}},
	{"area moved from under another", func(s *station, at ward) (*watched, func() time.Time) {
		b, _ := s.officer("quan")
		return b.watch(at.camera), act(func() { s.change("PUT", "areas/"+at.area, s.areaBody("vinh")) })
	}},
	{"household withdrawn", func(s *station, at ward) (*watched, func() time.Time) {
		b := s.lend(at, time.Time{})
		return b.watch(at.camera), act(func() {
			s.admin.want(204, nil, "DELETE", "inventory/cameras/"+at.camera+"/consent", `{"document":"08/2026"}`)
		})
	}},
	{"switched off", func(s *station, at ward) (*watched, func() time.Time) {
		b := s.lend(at, time.Time{})
		return b.watch(at.camera), act(func() {
			s.editConsent(at.camera, func(c *auth.Consent) { c.Off = time.Now() })
		})
	}},
	{"switched off by its owner", func(s *station, at ward) (*watched, func() time.Time) {
		b, owner := s.lend(at, time.Time{}), s.ownerOf(at.camera)
		return b.watch(at.camera), act(func() { owner.want(s.t, 204, nil, "POST", "owner/off", `{}`) })
	}},
	{"withdrawn by its owner", func(s *station, at ward) (*watched, func() time.Time) {
		b, owner := s.lend(at, time.Time{}), s.ownerOf(at.camera)
		return b.watch(at.camera), act(func() { owner.want(s.t, 204, nil, "POST", "owner/withdraw", `{"confirm":true}`) })
	}},
	{"household's consent over", func(s *station, at ward) (*watched, func() time.Time) {
		until := time.Now().Add(6 * time.Second)
		b := s.lend(at, until)
		return b.watch(at.camera), func() time.Time { return until }
	}},
	{"household's hours changed", func(s *station, at ward) (*watched, func() time.Time) {
		b := s.lend(at, time.Time{})
		other := auth.Span{Day: (time.Now().UTC().Weekday() + 3) % 7, From: 0, To: 1440}
		return b.watch(at.camera), act(func() {
			s.editConsent(at.camera, func(c *auth.Consent) { c.Hours = &auth.Hours{Zone: "UTC", Spans: []auth.Span{other}} })
		})
	}},
	{"case closed", func(s *station, at ward) (*watched, func() time.Time) {
		b := s.lend(at, time.Time{})
		return b.watch(at.camera), act(func() { b.want(204, nil, "DELETE", "case", "") })
	}},
	{"share revoked", func(s *station, at ward) (*watched, func() time.Time) {
		b, _ := s.officer(at.area)
		made, friend := b.shareOf(at.camera, false), s.friend()
		friend.want(200, nil, "POST", "shares/open", fmt.Sprintf(`{"secret":%q}`, made.secret()))
		return friend.watch(at.camera), act(func() { b.want(204, nil, "DELETE", "shares/"+made.Key, "") })
	}},
	{"guest's share revoked", func(s *station, at ward) (*watched, func() time.Time) {
		chief, made, w := s.guest(at)
		return w, act(func() { chief.want(204, nil, "DELETE", "shares/"+made.Key, "") })
	}},
	{"guest opens on another device", func(s *station, at ward) (*watched, func() time.Time) {
		_, made, w := s.guest(at)
		return w, act(func() { made.token(s.t, newBrowser(s.t, s.origin)) })
	}},
	{"sharer lost right", func(s *station, at ward) (*watched, func() time.Time) {
		b, login := s.officer(at.area)
		made, friend := b.shareOf(at.camera, false), s.friend()
		friend.want(200, nil, "POST", "shares/open", fmt.Sprintf(`{"secret":%q}`, made.secret()))
		return friend.watch(at.camera), act(func() {
			s.admin.want(204, nil, "PUT", "accounts/"+login, `{"name":"Cán bộ","roles":["viewer"],"areas":["vinh"]}`)
		})
	}},
	{"sharer blocked", func(s *station, at ward) (*watched, func() time.Time) {
		chief, _, w := s.guest(at)
		key := chief.me()
		return w, act(func() { s.admin.want(204, nil, "PUT", "people/"+key+"/block", `{"reason":"mất điện thoại"}`) })
	}},
	{"shared camera becomes a household's", func(s *station, at ward) (*watched, func() time.Time) {
		_, _, w := s.guest(at)
		return w, act(func() {
			s.change("PUT", "cameras/"+at.camera, s.lentBody(at))
		})
	}},
	{"camera withdrawn", func(s *station, at ward) (*watched, func() time.Time) {
		b, _ := s.officer(at.area)
		return b.watch(at.camera), act(func() { s.change("DELETE", "cameras/"+at.camera, "") })
	}},
}, portalEnds...)

// ending is one way.
type ending struct {
	name  string
	begin func(*station, ward) (*watched, func() time.Time)
}

// act is when an act began.
func act(do func()) func() time.Time {
	return func() time.Time {
		now := time.Now()
		do()
		return now
	}
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

func TestALookEndsWithWhatPermittedIt(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	wards := make([]ward, len(ends))
	for i := range wards { // all of them first: a camera takes seconds to its first key picture
		wards[i] = s.ward()
	}
	for i, end := range ends {
		t.Run(end.name, func(t *testing.T) {
			w, act := end.begin(s, wards[i])
			act()
			w.ended()
		})
	}
}

// BenchmarkRevoke measures the time from an act to the last packet of a look
// that it ends.
func BenchmarkRevoke(b *testing.B) {
	for _, end := range ends {
		b.Run(strings.ReplaceAll(end.name, " ", "-"), func(b *testing.B) {
			var took []time.Duration
			for range b.N {
				s := newStation(b)
				w, act := end.begin(s, s.ward())
				from := act()
				took = append(took, max(0, w.ended().Sub(from)))
			}
			medians(b, took)
		})
	}
	for name, measure := range map[string]func(testing.TB) time.Duration{"token-over": tokenOver, "token-withdrawn": withdrawn} {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			for range b.N {
				took = append(took, measure(b))
			}
			medians(b, took)
		})
	}
}

func medians(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms/median")
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "ms/worst")
	b.ReportMetric(0, "ns/op")
}

func TestAWHEPPlayerEndsWithItsToken(t *testing.T) {
	t.Parallel()
	tokenOver(t)
}

// tokenOver plays by WHEP with a token until that ends, and returns how long
// pictures came after it. A busy machine gets a token that lives longer.
func tokenOver(t testing.TB) time.Duration {
	t.Helper()
	for life := 3 * time.Second; life < patience; life *= 2 {
		until := time.Now().Add(life)
		l := startLive(t, simulate.Options{Cameras: maxWards}, func(c *Config) { c.Tokens[0].Expires = until })
		p, err := l.play("cam0")
		if err != nil {
			p.close()
			continue
		}
		last := p.last(t, until)
		p.close()
		if !last.IsZero() {
			return max(0, last.Sub(until))
		}
	}
	t.Fatal("no picture came")
	return 0
}

// last is when the last picture came before the silence after until; zero where
// none came.
func (p *player) last(t testing.TB, until time.Time) (last time.Time) {
	t.Helper()
	for limit := time.After(2 * patience); ; {
		select {
		case pic := <-p.pictures:
			last = pic.at
		case <-limit:
			t.Fatal("the pictures do not end")
		case <-time.After(silence):
			if time.Now().After(until) {
				return last
			}
		}
	}
}
