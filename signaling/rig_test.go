package signaling

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pion/webrtc/v4"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/rtc"
	"matthan/gateway/video"
)

// patience bounds every wait of these tests; none should ever last so long.
const patience = 20 * time.Second

const (
	everyToken = "token-for-everything-1"
	partToken  = "token-for-one-camera-1"
)

// ticking is a source of 25 pictures a second with a key picture each 4 s.
type ticking struct{ camera byte }

func (s ticking) Run(ctx context.Context, publish func(*video.AccessUnit)) error {
	tick := time.NewTicker(40 * time.Millisecond)
	defer tick.Stop()
	for i := 0; ; i++ {
		now := time.Now()
		b := []byte{0x61, s.camera, byte(i)}
		if i%100 == 0 {
			b[0] = 0x65
		}
		publish(&video.AccessUnit{Codec: video.H264, Format: &video.Format{Codec: video.H264, Profile: 0x4d001f}, PTS: int64(i) * 3600,
			Captured: now, Arrived: now, Key: i%100 == 0, Payloads: [][]byte{b}})
		select {
		case <-tick.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// speaking is ticking with sound, which tells a camera's number and 100.
type speaking struct {
	ticking
	hear func(*gateway.Sound)
}

func (s *speaking) Hear(f func(*gateway.Sound)) { s.hear = f }

func (s *speaking) Run(ctx context.Context, publish func(*video.AccessUnit)) error {
	return s.ticking.Run(ctx, func(au *video.AccessUnit) {
		publish(au)
		if s.hear != nil {
			s.hear(&gateway.Sound{Codec: gateway.PCMA, Rate: 8000, Payload: []byte{0, s.camera + 100}, PTS: au.PTS * 8 / 90, Captured: au.Captured, Arrived: au.Arrived})
		}
	})
}

// broken is a source that never works.
type broken struct{ cause gateway.Cause }

func (s broken) Run(context.Context, func(*video.AccessUnit)) error {
	return gateway.Fail(s.cause, io.ErrUnexpectedEOF)
}

// rig is a gateway with cameras one and two, which play, "dead", which is
// unreachable, and "home", a household's.
type rig struct {
	t      testing.TB
	server *Server
	policy *auth.Policy
	rtc    *rtc.Gateway
	hub    *gateway.Hub
	http   *httptest.Server
	audit  *heard
	places *shifting
}

// heard is an audit log that a test can look at, and break.
type heard struct {
	mu      sync.Mutex
	records []auth.Record
	broken  error
	wait    chan struct{} // an opening waits for it, where it is not nil
	waiting atomic.Int64  // openings that have begun to
}

func (h *heard) Write(ctx context.Context, r auth.Record) error {
	h.mu.Lock()
	wait := h.wait
	h.mu.Unlock()
	if wait != nil && r.Event == auth.ViewOpened {
		h.waiting.Add(1)
		select {
		case <-wait:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.broken == nil {
		h.records = append(h.records, r)
	}
	return h.broken
}

// of are the records of an event so far.
func (h *heard) of(e auth.Event) (out []auth.Record) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, r := range h.records {
		if r.Event == e {
			out = append(out, r)
		}
	}
	return out
}

func tokens(t testing.TB, texts ...string) (out []auth.Token) {
	t.Helper()
	for _, text := range texts {
		secret, err := auth.NewSecret(text)
		if err != nil {
			t.Fatal(err)
		}
		tok := auth.Token{Name: text, Secret: secret, Areas: []string{auth.AllAreas}}
		if text == partToken {
			tok.Areas, tok.Cameras = nil, []string{"one"}
		}
		out = append(out, tok)
	}
	return out
}

func newRig(t testing.TB, change func(*Server)) *rig {
	t.Helper()
	r := &rig{t: t}
	var list []gateway.Camera
	for _, id := range []gateway.CameraID{"one", "two", "dead", "home"} {
		c := gateway.Camera{ID: id, Name: string(id), Area: "ward", Kind: gateway.Public, Main: "rtsp://192.0.2.1/" + string(id)}
		if id == "home" {
			c.Kind = gateway.Household
		}
		if id == "one" {
			c.Sound = true
			c.ONVIF = gateway.ONVIF{Address: "http://192.0.2.1/onvif", Profile: "main", PTZ: true}
		}
		list = append(list, c)
	}
	inv, err := gateway.NewList([]gateway.Area{{ID: "ward", Name: "Phường"}}, list)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	r.places = &shifting{changed: make(chan struct{})}
	r.places.Store(inv)
	r.hub = gateway.NewHub(r.places, gateway.Limits{}, log, func(c gateway.Camera, _ gateway.Quality) (gateway.Source, error) {
		switch c.ID {
		case "dead":
			return broken{gateway.CauseUnreachable}, nil
		case "two":
			return &speaking{ticking: ticking{2}}, nil
		}
		return &speaking{ticking: ticking{1}}, nil
	})
	if r.rtc, err = rtc.New(rtc.Config{UDP: "127.0.0.1:0"}, r.hub, log); err != nil {
		t.Fatal(err)
	}
	if r.policy, err = auth.NewPolicy(tokens(t, everyToken, partToken)); err != nil {
		t.Fatal(err)
	}
	r.audit = &heard{}
	r.server = &Server{Audit: auth.NewLedger(r.audit, log), RTC: r.rtc, Hub: r.hub, Inventory: r.places, Policy: r.policy, Log: log, Limits: Limits{SocketsPerAddress: 2000}}
	if change != nil {
		change(r.server)
	}
	mux := http.NewServeMux()
	r.server.Routes(mux)
	r.http = httptest.NewServer(mux)
	r.run()
	return r
}

// run starts the rooms and has the test's end stop them, viewers first.
func (r *rig) run() {
	media, stopMedia := context.WithCancel(context.Background())
	front, stopFront := context.WithCancel(context.Background())
	var rooms, door sync.WaitGroup
	rooms.Go(func() { _ = r.hub.Run(media) })
	rooms.Go(func() { r.server.Audit.Run(media) })
	rooms.Go(func() { _ = r.rtc.Run(media) })
	door.Go(func() { _ = r.server.Run(front) })
	r.t.Cleanup(func() {
		stopFront()
		door.Wait()
		r.http.Close()
		stopMedia()
		rooms.Wait()
	})
}

// socket is a viewer's WebSocket.
type socket struct {
	t    testing.TB
	conn *websocket.Conn
}

func (r *rig) dial(origin string) (*socket, *http.Response, error) {
	h := http.Header{}
	if origin != "" {
		h.Set("Origin", origin)
	}
	c, resp, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(r.http.URL, "http")+"/ws", h)
	if err != nil {
		return nil, resp, err
	}
	r.t.Cleanup(func() { _ = c.Close() })
	return &socket{r.t, c}, resp, nil
}

// open dials and says hello.
func (r *rig) open(token, resume string) (*socket, Welcome) {
	r.t.Helper()
	s, _, err := r.dial("")
	if err != nil {
		r.t.Fatal(err)
	}
	s.send(Hello{Type: TypeHello, Version: 1, Token: token, Resume: resume})
	var w Welcome
	s.expect(TypeWelcome, &w)
	return s, w
}

func (s *socket) send(msg any) {
	s.t.Helper()
	if err := s.conn.WriteJSON(msg); err != nil {
		s.t.Fatal(err)
	}
}

// read returns the next message and its type.
func (s *socket) read() (string, []byte) {
	s.t.Helper()
	_ = s.conn.SetReadDeadline(time.Now().Add(patience))
	_, b, err := s.conn.ReadMessage()
	if err != nil {
		s.t.Fatalf("read: %v", err)
	}
	kind, err := typeOf(b)
	if err != nil {
		s.t.Fatalf("%s: %v", b, err)
	}
	return kind, b
}

// expect reads until a message of a type comes, for which all of ok hold.
func (s *socket) expect(kind string, to any, ok ...func() bool) {
	s.t.Helper()
next:
	for range 1000 {
		got, b := s.read()
		if got != kind {
			continue
		}
		if err := json.Unmarshal(b, to); err != nil {
			s.t.Fatalf("%s: %v", b, err)
		}
		for _, f := range ok {
			if !f() {
				continue next
			}
		}
		return
	}
	s.t.Fatalf("no %s as it should be among 1000 messages", kind)
}

// ends reads until the socket is closed and returns the bye and close codes.
func (s *socket) ends() (bye string, status int) {
	s.t.Helper()
	for {
		_ = s.conn.SetReadDeadline(time.Now().Add(patience))
		_, b, err := s.conn.ReadMessage()
		if err != nil {
			if ce, ok := err.(*websocket.CloseError); ok {
				return bye, ce.Code
			}
			return bye, 0
		}
		var m Bye
		if json.Unmarshal(b, &m) == nil && m.Type == TypeBye {
			bye = m.Code
			if m.Text.VI == "" || m.Text.EN == "" {
				s.t.Errorf("bye %s has no words", m.Code)
			}
		}
	}
}

// phone is a pion client: what the page's RTCPeerConnection would be.
type phone struct {
	t        testing.TB
	pc       *webrtc.PeerConnection
	pictures chan byte // the camera of each packet
	closed   chan struct{}
}

func newPhone(t testing.TB, tiles int) *phone {
	t.Helper()
	s := webrtc.SettingEngine{}
	s.SetIncludeLoopbackCandidate(true)
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(s)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	p := &phone{t: t, pc: pc, pictures: make(chan byte, 1<<16), closed: make(chan struct{})}
	t.Cleanup(func() { _ = pc.Close() })
	for range tiles {
		if _, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			t.Fatal(err)
		}
	}
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for {
			pkt, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			p.pictures <- pkt.Payload[1]
		}
	})
	var once sync.Once
	pc.OnConnectionStateChange(func(st webrtc.PeerConnectionState) {
		if st == webrtc.PeerConnectionStateClosed || st == webrtc.PeerConnectionStateFailed || st == webrtc.PeerConnectionStateDisconnected {
			once.Do(func() { close(p.closed) })
		}
	})
	return p
}

func (p *phone) offer(restart bool) string {
	p.t.Helper()
	offer, err := p.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: restart})
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.pc.SetLocalDescription(offer); err != nil {
		p.t.Fatal(err)
	}
	return offer.SDP
}

func (p *phone) answer(sdp string) {
	p.t.Helper()
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: sdp}); err != nil {
		p.t.Fatal(err)
	}
}

// sees waits for a packet of a camera.
func (p *phone) sees(camera byte) {
	p.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case c := <-p.pictures:
			if c == camera {
				return
			}
		case <-deadline:
			p.t.Fatalf("no picture of camera %d", camera)
		}
	}
}

// drain forgets what has arrived.
func (p *phone) drain() {
	for {
		select {
		case <-p.pictures:
		default:
			return
		}
	}
}

// watch opens a session with n tiles that show the cameras given.
func (r *rig) watch(token string, cameras ...string) (*socket, *phone, Welcome) {
	r.t.Helper()
	s, w := r.open(token, "")
	p := newPhone(r.t, max(1, len(cameras)))
	var tiles []View
	for i, c := range cameras {
		tiles = append(tiles, View{Tile: i, Camera: c})
	}
	s.send(Offer{Type: TypeOffer, SDP: p.offer(false), Tiles: tiles})
	var a Answer
	s.expect(TypeAnswer, &a)
	p.answer(a.SDP)
	return s, p, w
}
