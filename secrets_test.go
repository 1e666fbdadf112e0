package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pion/webrtc/v4"

	"matthan/gateway/simulate"
	"matthan/signaling"
)

// said collects everything that the gateway says to anybody.
type said struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// A camera's login, right or wrong, in a file or in a URL, must reach nobody:
// not the log, not the API, not a viewer, not WHEP.
func TestACamerasLoginIsToldToNobody(t *testing.T) {
	t.Parallel()
	const right, wrong, user = "canary-right-7f3a", "canary-wrong-91c2", "canary-user-55d0"
	cameras, err := simulate.Start(simulate.Options{Cameras: 1, User: user, Password: right, StartWithKey: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cameras.Close(); _ = cameras.Wait() })
	other, err := simulate.Start(simulate.Options{Cameras: 1, User: user, Password: right})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { other.Close(); _ = other.Wait() })

	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("token", liveToken)
	write("password", right)
	withLogin := func(s *simulate.Server, password string) string {
		return strings.Replace(s.URL(0, simulate.Main), "rtsp://", "rtsp://"+user+":"+password+"@", 1)
	}
	write("c.yaml", fmt.Sprintf(`
http: "127.0.0.1:0"
https: ""
webrtc: {udp: "127.0.0.1:0"}
tokens: [{name: t, secret_file: token, areas: [all]}]
areas: [{id: ward, name: W}]
cameras:
  - {id: good, name: A, area: ward, kind: public, main: %q, login: {user: %s, password_file: password}}
  - {id: refused, name: B, area: ward, kind: public, main: %q}
  - {id: unreachable, name: C, area: ward, kind: public, main: "rtsp://%s:%s@127.0.0.1:1/x"}
`, cameras.URL(0, simulate.Main), user, withLogin(other, wrong), user, wrong))
	heard := &said{}
	cfg, err := loadConfig(filepath.Join(dir, "c.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(heard, cfg.Warnings)
	if text := fmt.Sprintf("%+v %#v", cfg, cfg.Inventory.Cameras()); strings.Contains(text, right) || strings.Contains(text, wrong) {
		t.Error("printing the configuration prints a password")
	}

	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan listening, 1), make(chan error, 1)
	go func() {
		ended <- serve(ctx, cfg, slog.New(slog.NewTextHandler(heard, &slog.HandlerOptions{Level: slog.LevelDebug})), func(l listening) { ready <- l })
	}()
	address := (<-ready).HTTP.String()

	for _, path := range []string{"/api/v1/cameras", "/api/v1/cameras/good", "/api/v1/cameras/refused", "/healthz", "/readyz", "/metrics", "/"} {
		req, err := http.NewRequest("GET", "http://"+address+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+liveToken)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(heard, resp.Header)
		_, _ = io.Copy(heard, resp.Body)
		_ = resp.Body.Close()
	}
	states := watchAll(t, address, heard)
	if states["good"] != signaling.StateLive || states["refused"] != "unauthorized" || states["unreachable"] != "unreachable" {
		t.Errorf("states %v", states)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	for _, secret := range []string{right, wrong, user, liveToken} {
		if text := heard.String(); strings.Contains(text, secret) {
			i := strings.Index(text, secret)
			t.Errorf("%s was said: …%s…", secret, text[max(0, i-200):min(len(text), i+60)])
		}
	}
	if !strings.Contains(heard.String(), "unreachable") {
		t.Error("nothing was heard at all")
	}
}

// watchAll looks at the three cameras until each has a settled state: live, or
// why it is offline.
func watchAll(t *testing.T, address string, heard io.Writer) map[string]string {
	t.Helper()
	c, _, err := websocket.DefaultDialer.Dial("ws://"+address+"/ws", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	s := webrtc.SettingEngine{}
	s.SetIncludeLoopbackCandidate(true)
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(s)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = pc.Close() }()
	ids := []string{"good", "refused", "unreachable"}
	var tiles []signaling.View
	for i, id := range ids {
		if _, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			t.Fatal(err)
		}
		tiles = append(tiles, signaling.View{Tile: i, Camera: id})
	}
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := pc.SetLocalDescription(offer); err != nil {
		t.Fatal(err)
	}
	for _, m := range []any{
		signaling.Hello{Type: signaling.TypeHello, Version: signaling.Version, Token: liveToken},
		signaling.Offer{Type: signaling.TypeOffer, SDP: offer.SDP, Tiles: tiles},
	} {
		if err := c.WriteJSON(m); err != nil {
			t.Fatal(err)
		}
	}
	states := map[string]string{}
	for len(states) < len(ids) {
		_ = c.SetReadDeadline(time.Now().Add(patience))
		_, b, err := c.ReadMessage()
		if err != nil {
			t.Fatalf("%v, so far %v", err, states)
		}
		_, _ = heard.Write(b)
		var m struct{ Type, SDP, Camera, State, Code string }
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		switch {
		case m.Type == signaling.TypeAnswer:
			if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: m.SDP}); err != nil {
				t.Fatal(err)
			}
		case m.State == signaling.StateLive:
			states[m.Camera] = m.State
		case m.State == signaling.StateOffline:
			states[m.Camera] = m.Code
		}
	}
	return states
}
