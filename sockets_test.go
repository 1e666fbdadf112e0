package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pion/webrtc/v4"

	"matthan/signaling"
)

// sdpOffer is a browser's, for so many tiles.
func sdpOffer(t testing.TB, tiles int) string {
	t.Helper()
	pc, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = pc.Close() }()
	for range tiles {
		if _, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			t.Fatal(err)
		}
	}
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	return offer.SDP
}

// socket is a caller's WebSocket.
type socket struct {
	t testing.TB
	c *websocket.Conn
}

// open opens the caller's WebSocket as their page or tool does.
func (c caller) open(t testing.TB) socket {
	t.Helper()
	u, err := url.Parse(c.browser.origin)
	if err != nil {
		t.Fatal(err)
	}
	h := http.Header{"Origin": {c.browser.origin}}
	for _, cookie := range c.browser.client.Jar.Cookies(u) {
		h.Add("Cookie", cookie.String())
	}
	d := websocket.Dialer{TLSClientConfig: c.browser.client.Transport.(*http.Transport).TLSClientConfig, HandshakeTimeout: patience}
	conn, _, err := d.Dial("wss://"+u.Host+"/ws", h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	s, token := socket{t, conn}, c.token
	if c.fresh != nil {
		token = c.fresh()
	}
	s.say(signaling.Hello{Type: signaling.TypeHello, Version: signaling.Version, Token: token})
	return s
}

func (s socket) say(m any) {
	s.t.Helper()
	if err := s.c.WriteJSON(m); err != nil {
		s.t.Fatal(err)
	}
}

// next is the next message, and its type. That there is news comes when it
// comes, and is passed by.
func (s socket) next() (text, kind string) {
	s.t.Helper()
	_ = s.c.SetReadDeadline(time.Now().Add(patience))
	for {
		_, b, err := s.c.ReadMessage()
		if err != nil {
			s.t.Fatal(err)
		}
		var m struct{ Type string }
		if err := json.Unmarshal(b, &m); err != nil {
			s.t.Fatal(err)
		}
		if m.Type != signaling.TypeCameras && m.Type != signaling.TypeNotices {
			return string(b), m.Type
		}
	}
}

// sockets points everybody's socket at every camera.
func (w *world) sockets(t *testing.T) {
	offer := sdpOffer(t, 1)
	byes := map[string]bool{}
	for _, c := range w.callers {
		s := c.open(t)
		text, kind := s.next()
		if row := (matrixRow{want: strangers + "401: portal; 200: rest"}); row.expected(c.name) == "401" {
			if byes[text] = true; kind != signaling.TypeBye || len(byes) != 1 {
				t.Errorf("%s is told %s", c.name, text)
			}
			continue
		}
		if kind != signaling.TypeWelcome {
			t.Fatalf("%s is told %s", c.name, text)
		}
		var ids []string
		for _, area := range []string{"lang", "vinh"} {
			for _, kind := range kinds {
				ids = append(ids, area+"-"+string(kind))
			}
		}
		early := s.view(t, "no-such-camera", signaling.TypeError)
		for _, id := range ids {
			if text := s.view(t, id, signaling.TypeError); text != early {
				t.Errorf("%s without an offer is told %s of %s, and %s of none", c.name, text, id, early)
			}
		}
		s.say(signaling.Offer{Type: signaling.TypeOffer, SDP: offer})
		if text, kind := s.next(); kind != signaling.TypeAnswer {
			t.Fatal(text)
		}
		none := s.view(t, "no-such-camera", signaling.StateDenied)
		for _, id := range ids {
			area, kind, _ := strings.Cut(id, "-")
			// An auditor looks at nothing, and who sets up citizens' cameras, or comes by
			// a token, not at those, though they may know of them.
			if mayList(c.name, area, kind) && c.name != "auditor" && (kind != "household" || c.name == "granted") || c.name == "guest" && id == "lang-public" {
				s.view(t, id, signaling.StateOffline)
				continue
			}
			if text := strings.Replace(s.view(t, id, signaling.StateDenied), id, "no-such-camera", 1); text != none {
				t.Errorf("%s is told %s of %s, and %s of none", c.name, text, id, none)
			}
		}
		// What is to be kept warm is not answered at all.
		s.view(t, "", signaling.StateIdle)
		for _, id := range append(ids, "no-such-camera") {
			s.say(signaling.Warm{Type: signaling.TypeWarm, Cameras: []string{id}})
		}
		s.say(signaling.Time{Type: signaling.TypeTime, T0: 1})
		if text, kind := s.next(); kind != signaling.TypeTime {
			t.Errorf("%s warms a camera and is told %s", c.name, text)
		}
	}
}

// view points the only tile at a camera and gives the message with a state, or
// of a type. Messages of a tile's earlier cameras are passed by.
func (s socket) view(t testing.TB, id, want string) string {
	t.Helper()
	s.say(signaling.View{Type: signaling.TypeView, Camera: id})
	for {
		text, kind := s.next()
		var m struct{ Camera, State string }
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			t.Fatal(err)
		}
		switch {
		case kind == want, kind == signaling.TypeTile && m.Camera == id && m.State == want:
			return text
		case kind == signaling.TypeTile && m.Camera != id, kind == signaling.TypeTile && m.State == signaling.StateOpening:
		default:
			t.Fatalf("%s: %s, want %s", id, text, want)
		}
	}
}
