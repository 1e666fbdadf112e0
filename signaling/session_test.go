package signaling

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"matthan/gateway"
)

func TestAViewerSeesACameraAndSwitchesOnTheSameConnection(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	s, p, w := r.watch(everyToken, "one")
	if w.Subject != everyToken || w.MaxTiles != MaxTiles || w.ICEServers == nil {
		t.Fatalf("welcome %+v", w)
	}
	var tile Tile
	s.expect(TypeTile, &tile, func() bool { return tile.State == StateLive })
	if tile.Camera != "one" || tile.Stream != "main" {
		t.Fatalf("%+v", tile)
	}
	var c Clock
	s.expect(TypeClock, &c)
	if age := unixMilli(time.Now()) - c.Captured; age < 0 || age > 60_000 || c.Source != "arrival" || c.Camera != "one" {
		t.Fatalf("%+v, %f ms old", c, age)
	}
	p.sees(1)
	s.send(View{Type: TypeView, Tile: 0, Camera: "two"})
	s.expect(TypeTile, &tile, func() bool { return tile.Camera == "two" && tile.State == StateLive })
	p.sees(2)
	s.expect(TypeClock, &c, func() bool { return c.Camera == "two" })
	s.send(View{Type: TypeView, Tile: 0, Camera: ""})
	s.expect(TypeTile, &tile, func() bool { return tile.State == StateIdle })
}

func TestTimeIsAnsweredAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	s, _ := r.open(everyToken, "")
	s.send(Time{Type: TypeTime, T0: 12.5})
	var m Time
	s.expect(TypeTime, &m)
	if m.T0 != 12.5 || time.Since(time.UnixMicro(int64(m.T1*1000))) > patience {
		t.Fatalf("%+v", m)
	}
}

func TestCamerasThatMayComeNextAreKeptWarmWithinTheirLimits(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(s *Server) { s.Limits.Warm = 2 })
	live := func(want ...gateway.CameraID) {
		t.Helper()
		deadline := time.Now().Add(patience)
		for _, id := range want {
			for r.hub.Health(id).Phase != gateway.Live {
				if time.Now().After(deadline) {
					t.Fatalf("%s is not pulled", id)
				}
				<-time.After(5 * time.Millisecond)
			}
		}
	}
	s, _ := r.open(everyToken, "")
	s.send(Warm{Type: TypeWarm, Cameras: []string{"home", "none", "one", "two"}})
	live("one", "two")
	if r.hub.Pulls() != 2 {
		t.Fatalf("%d pulls: a household's camera without right, or one that does not exist, is pulled", r.hub.Pulls())
	}
	s.send(Warm{Type: TypeWarm, Cameras: make([]string, MaxWarm+1)})
	var e Error
	if s.expect(TypeError, &e); e.Code != CodeTooMany {
		t.Fatalf("%+v", e)
	}
	other, _ := r.open(partToken, "") // the limit of all sessions is reached
	other.send(Warm{Type: TypeWarm, Cameras: []string{"one"}})
	other.send(Time{Type: TypeTime})
	var m Time
	other.expect(TypeTime, &m)
	count := func() int {
		r.server.mu.Lock()
		defer r.server.mu.Unlock()
		return r.server.warm
	}
	if n := count(); n != 2 {
		t.Fatalf("%d streams are kept warm", n)
	}
	if err := r.policy.Set(tokens(t, partToken)); err != nil { // the first session's token is withdrawn
		t.Fatal(err)
	}
	s.ends()
	for deadline := time.Now().Add(patience); count() != 0; <-time.After(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d streams are kept warm for nobody", count())
		}
	}
}

func TestACameraThatIsDownSaysSinceWhenAndWhy(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	before := time.Now().UnixMilli()
	s, _, _ := r.watch(everyToken, "dead")
	var tile Tile
	s.expect(TypeTile, &tile, func() bool { return tile.State == StateOffline })
	if tile.Since < before-1000 || tile.RetryAt < tile.Since || tile.Code != "unreachable" || tile.Text == nil || tile.Text.VI == "" || tile.Text.EN == "" {
		t.Fatalf("%+v", tile)
	}
}

func TestNoRightAndNoCameraLookTheSame(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	answers := map[string]string{}
	for _, camera := range []string{"two", "home", "no-such-camera", "'; drop table", strings.Repeat("a", 5000)} {
		s, _, _ := r.watch(partToken, camera)
		var tile Tile
		s.expect(TypeTile, &tile)
		tile.Camera = ""
		b, err := json.Marshal(tile)
		if err != nil {
			t.Fatal(err)
		}
		answers[string(b)] = camera
		if tile.State != StateDenied {
			t.Errorf("%.20s: %+v", camera, tile)
		}
	}
	if len(answers) != 1 {
		t.Fatalf("the answers differ: %v", answers)
	}
	s, p, _ := r.watch(everyToken, "home") // all areas, but not a household's
	var tile Tile
	s.expect(TypeTile, &tile)
	if tile.State != StateDenied || len(p.pictures) > 0 {
		t.Fatalf("a household's camera: %+v", tile)
	}
}

func TestBadFirstMessagesCloseTheSocketWithAReason(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	for name, c := range map[string]struct {
		message string
		bye     string
		status  int
	}{
		"no token":        {`{"type":"hello","v":1}`, CodeToken, 4401},
		"wrong token":     {`{"type":"hello","v":1,"token":"guess-guess-guess"}`, CodeToken, 4401},
		"another version": {`{"type":"hello","v":2,"token":"` + everyToken + `"}`, CodeVersion, 4400},
		"no JSON":         {`hello`, CodeBadMessage, 4400},
		"not hello":       {`{"type":"view","tile":0,"camera":"one"}`, CodeBadMessage, 4400},
		"wrong kind":      {`{"type":"hello","v":"one"}`, CodeBadMessage, 4400},
		"too large":       {`{"type":"hello","token":"` + strings.Repeat("x", MaxMessage) + `"}`, CodeTooLarge, websocket.CloseMessageTooBig},
	} {
		s, _, err := r.dial("")
		if err != nil {
			t.Fatal(err)
		}
		_ = s.conn.WriteMessage(websocket.TextMessage, []byte(c.message))
		bye, status := s.ends()
		if bye != c.bye && name != "too large" || status != c.status {
			t.Errorf("%s: bye %q, status %d", name, bye, status)
		}
	}
}

func TestBadMessagesAreAnsweredAndThePictureGoesOn(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	s, p, _ := r.watch(everyToken, "one")
	p.sees(1)
	data := client(t)
	for name, c := range map[string]struct {
		message any
		code    string
	}{
		"unknown type":      {map[string]any{"type": "dance"}, CodeUnknownType},
		"no tile":           {View{Type: TypeView, Tile: 7, Camera: "one"}, CodeNoTile},
		"negative tile":     {View{Type: TypeView, Tile: -1, Camera: "one"}, CodeNoTile},
		"garbage offer":     {Offer{Type: TypeOffer, SDP: "v=garbage"}, CodeOffer},
		"empty offer":       {Offer{Type: TypeOffer}, CodeOfferNoVideo},
		"sending offer":     {Offer{Type: TypeOffer, SDP: strings.ReplaceAll(p.offer(false), "a=recvonly", "a=sendrecv")}, CodeOfferSends},
		"data channel":      {Offer{Type: TypeOffer, SDP: data}, CodeOffer},
		"too many tiles":    {Offer{Type: TypeOffer, Tiles: make([]View, MaxTiles+1)}, CodeTooLarge},
		"garbage candidate": {Candidate{Type: TypeCandidate, Candidate: "candidate:x", Mid: "0"}, CodeOffer},
	} {
		s.send(c.message)
		var e Error
		s.expect(TypeError, &e)
		if e.Code != c.code || e.Text.VI == "" || e.Text.EN == "" {
			t.Errorf("%s: %+v", name, e)
		}
	}
	p.drain()
	p.sees(1)
}

// client is an offer with a data channel.
func client(t *testing.T) string {
	p := newPhone(t, 1)
	if _, err := p.pc.CreateDataChannel("x", nil); err != nil {
		t.Fatal(err)
	}
	return p.offer(false)
}

func TestAFloodOfMessagesClosesItsSocketOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	_, other, _ := r.watch(everyToken, "one")
	s, _ := r.open(everyToken, "")
	for range 10 * MessageBurst {
		if s.conn.WriteJSON(Time{Type: TypeTime}) != nil {
			break
		}
	}
	// What was sent after the end may reset the connection before the bye is read.
	if bye, status := s.ends(); status != 4429 && status != websocket.CloseAbnormalClosure && status != 0 || bye != "" && bye != CodeTooMany {
		t.Fatalf("bye %q, status %d", bye, status)
	}
	other.drain()
	other.sees(1)
}

func TestAThousandSocketsThatNeverSpeakAreClosedAndNobodyElseNotices(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	_, other, _ := r.watch(everyToken, "one")
	var silent []*socket
	for range 1000 {
		s, _, err := r.dial("")
		if err != nil {
			t.Fatal(err)
		}
		silent = append(silent, s)
	}
	other.drain()
	other.sees(1)
	for _, s := range silent {
		if bye, status := s.ends(); bye != CodeSlow || status != 4408 {
			t.Fatalf("bye %q, status %d", bye, status)
		}
	}
	other.drain()
	other.sees(1)
}

func TestSocketsOverTheLimitOfAnAddressAreRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(s *Server) { s.Limits.SocketsPerAddress = 2 })
	r.open(everyToken, "")
	r.open(everyToken, "")
	_, resp, err := r.dial("")
	if err == nil || resp == nil || resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" {
		t.Fatalf("a third socket: %v %v", resp, err)
	}
}

func TestOnlyOurOwnAndConfiguredOriginsMayConnect(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(s *Server) { s.Origins = []string{"https://portal.example"} })
	own := r.http.URL
	for origin, want := range map[string]bool{
		own: true, "": true, "https://portal.example": true,
		"https://portal.example:444": false, "http://portal.example": false, "https://evil.example": false,
		strings.Replace(own, "http:", "https:", 1): false, own + ".evil.example": false, "null": false,
	} {
		_, resp, err := r.dial(origin)
		if got := err == nil; got != want {
			t.Errorf("origin %q: allowed %v", origin, got)
		} else if !want && resp.StatusCode != 403 {
			t.Errorf("origin %q: status %d", origin, resp.StatusCode)
		}
	}
}

// The page's origin has https, and the proxy's request to us has not.
func TestOurOwnPageBehindAProxyMayConnect(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(s *Server) { s.Own = "https://camera.phuong-lang.example" })
	for origin, want := range map[string]bool{
		"https://camera.phuong-lang.example": true, "http://camera.phuong-lang.example": false,
		"https://camera.phuong-lang.example:8443": false, "https://phuong-lang.example": false, "https://camera.phuong-lang.example.evil.example": false,
	} {
		if _, _, err := r.dial(origin); (err == nil) != want {
			t.Errorf("origin %q: %v", origin, err)
		}
	}
}

func TestABrokenSocketResumesAndThePictureNeverStops(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	s, p, w := r.watch(everyToken, "one")
	p.sees(1)
	_ = s.conn.NetConn().Close() // as a phone that changes its network does
	p.drain()
	p.sees(1)
	again, w2 := r.open(everyToken, w.Resume)
	if !w2.Resumed || w2.Session != w.Session {
		t.Fatalf("not resumed: %+v", w2)
	}
	var tile Tile
	again.expect(TypeTile, &tile)
	if tile.Camera != "one" || tile.State != StateLive {
		t.Fatalf("%+v", tile)
	}
	again.send(View{Type: TypeView, Tile: 0, Camera: "two"})
	p.sees(2)
	// Another subject gets nothing by the same id, and a second socket takes over.
	if _, w3 := r.open(partToken, w.Resume); w3.Resumed || w3.Session == w.Session {
		t.Fatalf("another's session was resumed: %+v", w3)
	}
	r.open(everyToken, w.Resume)
	if bye, status := again.ends(); bye != CodeTaken || status != websocket.CloseNormalClosure {
		t.Fatalf("bye %q, status %d", bye, status)
	}
}

func TestAnICERestartKeepsThePicture(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	s, p, _ := r.watch(everyToken, "one")
	p.sees(1)
	s.send(Offer{Type: TypeOffer, SDP: p.offer(true)})
	var a Answer
	s.expect(TypeAnswer, &a)
	p.answer(a.SDP)
	for range 30 {
		p.sees(1)
	}
	if n := r.rtc.Peers(); n != 1 {
		t.Fatalf("%d peers after a restart", n)
	}
}

func TestANewPeerShowsTheSameTiles(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	s, p, _ := r.watch(everyToken, "one")
	p.sees(1)
	fresh := newPhone(t, 1)
	s.send(Offer{Type: TypeOffer, SDP: fresh.offer(false), New: true})
	var a Answer
	s.expect(TypeAnswer, &a)
	fresh.answer(a.SDP)
	fresh.sees(1)
	if n := r.rtc.Peers(); n != 1 {
		t.Fatalf("%d peers", n)
	}
}

func TestAWithdrawnTokenEndsThePictureAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	s, p, _ := r.watch(everyToken, "one")
	_, stays, _ := r.watch(partToken, "one")
	p.sees(1)
	stays.sees(1)
	if err := r.policy.Set(tokens(t, partToken)); err != nil {
		t.Fatal(err)
	}
	if bye, status := s.ends(); bye != CodeToken || status != 4401 {
		t.Fatalf("bye %q, status %d", bye, status)
	}
	select {
	case <-p.closed:
	case <-time.After(patience):
		t.Fatal("the peer lives on")
	}
	stays.drain()
	stays.sees(1)
	if s, _, err := r.dial(""); err != nil {
		t.Fatal(err)
	} else {
		s.send(Hello{Type: TypeHello, Version: 1, Token: everyToken})
		if bye, _ := s.ends(); bye != CodeToken {
			t.Fatalf("bye %q", bye)
		}
	}
}

func TestARightThatShrinksEndsOnlyWhatItNoLongerCovers(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	s, p, _ := r.watch(everyToken, "one", "two")
	p.sees(1)
	p.sees(2)
	less := tokens(t, everyToken, partToken)
	less[0].Areas, less[0].Cameras = nil, []string{"two"}
	if err := r.policy.Set(less); err != nil {
		t.Fatal(err)
	}
	var tile Tile
	for denied, listed, n := false, false, 0; !denied || !listed; n++ { // the list has shrunk too
		kind, b := s.read()
		if kind == TypeTile && json.Unmarshal(b, &tile) == nil {
			denied = denied || tile.Tile == 0 && tile.State == StateDenied
		}
		listed = listed || kind == TypeCameras
		if n == 100 {
			t.Fatalf("denied %v, list changed %v", denied, listed)
		}
	}
	for seen := 0; seen < 40; seen++ {
		select {
		case c := <-p.pictures:
			if c == 1 && seen > 10 { // those on the way may still arrive
				t.Fatal("a picture after the right to it had ended")
			}
		case <-time.After(patience):
			t.Fatal("the permitted picture stopped too")
		}
	}
}

func TestTheGatewaysEndIsSaid(t *testing.T) {
	t.Parallel()
	var s *socket
	t.Cleanup(func() { // after newRig's own, which stops the gateway
		if bye, status := s.ends(); bye != CodeRestarting || status != websocket.CloseServiceRestart {
			t.Errorf("bye %q, status %d", bye, status)
		}
	})
	r := newRig(t, nil)
	c, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(r.http.URL, "http")+"/ws", nil)
	if err != nil {
		t.Fatal(err)
	}
	s = &socket{t, c}
	s.send(Hello{Type: TypeHello, Version: 1, Token: everyToken})
	var w Welcome
	s.expect(TypeWelcome, &w)
}

// The fixtures are shared with the page: each message as it is on the wire.
func TestMessagesAreAsInTheFixtures(t *testing.T) {
	text, err := os.ReadFile("testdata/messages.json")
	if err != nil {
		t.Fatal(err)
	}
	var fixtures map[string]json.RawMessage
	if err := json.Unmarshal(text, &fixtures); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]func() any{
		TypeHello: func() any { return &Hello{} }, TypeOffer: func() any { return &Offer{} }, TypeView: func() any { return &View{} },
		TypeCandidate: func() any { return &Candidate{} }, TypeWarm: func() any { return &Warm{} }, TypeTime: func() any { return &Time{} }, TypeWelcome: func() any { return &Welcome{} },
		TypeAnswer: func() any { return &Answer{} }, TypeTile: func() any { return &Tile{} }, TypeClock: func() any { return &Clock{} },
		TypeCameras: func() any { return &Cameras{} }, TypeNotices: func() any { return &Notices{} }, TypeError: func() any { return &Error{} }, TypeBye: func() any { return &Bye{} },
		TypeRenew: func() any { return &Renew{} }, TypeRenewed: func() any { return &Renewed{} },
		TypeTurn: func() any { return &Turn{} }, TypeStick: func() any { return &Stick{} },
		TypeListen: func() any { return &Listen{} }, TypeSound: func() any { return &Sound{} },
	}
	seen := map[string]bool{}
	for name, raw := range fixtures {
		kind, err := typeOf(raw)
		if err != nil || kinds[kind] == nil {
			t.Fatalf("%s: type %q, %v", name, kind, err)
		}
		seen[kind] = true
		m := kinds[kind]()
		if err := json.Unmarshal(raw, m); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		again, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var want, got any
		_ = json.Unmarshal(raw, &want)
		_ = json.Unmarshal(again, &got)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s:\n got %v\nwant %v", name, got, want)
		}
	}
	for kind := range kinds {
		if !seen[kind] {
			t.Errorf("no fixture for %s", kind)
		}
	}
}

func FuzzMessage(f *testing.F) {
	for _, s := range []string{`{"type":"view","tile":0,"camera":"a"}`, `{"type":"offer","sdp":""}`, `{"type":"time","t0":1}`, `[]`, `{"type":{}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(_ *testing.T, b []byte) {
		kind, err := typeOf(b)
		if err != nil {
			return
		}
		for _, m := range []any{&Hello{}, &Offer{}, &View{}, &Candidate{}, &Time{}, &Renew{}, &Turn{}, &Listen{}} {
			_ = decode(b, m)
		}
		_ = textOf(kind)
	})
}
