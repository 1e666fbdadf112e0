package main

import (
	"crypto/tls"
	"encoding/json"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pion/webrtc/v4"

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
