package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/simulate"
	"matthan/gateway/video"
)

// The whole gateway, from simulated cameras over RTSP to players over WHEP.

// patience bounds every wait of these tests; none should ever last so long.
const patience = 30 * time.Second

const liveToken = "token-of-the-live-tests"

// live is a gateway in front of simulated cameras.
type live struct {
	t       testing.TB
	cameras *simulate.Server
	url     string // of the gateway
}

func startLive(t testing.TB, o simulate.Options, change func(*Config)) *live {
	t.Helper()
	cameras, err := simulate.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cameras.Close()
		_ = cameras.Wait()
	})
	cfg := defaultConfig()
	cfg.HTTP, cfg.HTTPS, cfg.Data = "127.0.0.1:0", "", t.TempDir()
	cfg.Audit.Reserve = 16 << 20
	cfg.WebRTC = WebRTCConfig{UDP: "127.0.0.1:0"}
	secret, err := auth.NewSecret(liveToken)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Tokens = []auth.Token{{Name: "test", Secret: secret, Areas: []string{auth.AllAreas}}}
	var list []gateway.Camera
	for i := range o.Cameras {
		list = append(list, gateway.Camera{ID: gateway.CameraID(fmt.Sprintf("cam%d", i)), Name: "x", Area: "ward", Kind: gateway.Public,
			Main: cameras.URL(i, simulate.Main), Sub: cameras.URL(i, simulate.Sub), Transport: gateway.Auto})
	}
	if cfg.Inventory, err = gateway.NewList([]gateway.Area{{ID: "ward", Name: "Phường"}}, list); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(cfg)
	}
	l := &live{t: t, cameras: cameras}
	l.serve(cfg)
	return l
}

func (l *live) serve(cfg *Config) {
	ctx, cancel := context.WithCancel(context.Background())
	ready := make(chan listening, 1)
	ended := make(chan error, 1)
	go func() {
		ended <- serve(ctx, cfg, slog.New(slog.NewTextHandler(io.Discard, nil)), func(w listening) { ready <- w })
	}()
	l.t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			l.t.Errorf("the gateway ended: %v", err)
		}
	})
	select {
	case w := <-ready:
		l.url = "http://" + w.HTTP.String()
	case err := <-ended:
		ended <- err
		l.t.Fatalf("the gateway did not start: %v", err)
	}
}

// player is a pion client over WHEP that puts access units together again.
type player struct {
	pc       *webrtc.PeerConnection
	pictures chan picture
	packets  atomic.Int64 // that came
}

type picture struct {
	nalus [][]byte
	key   bool
	at    time.Time
	rtp   uint32 // timestamp
}

// play asks for a camera. Pictures that nobody takes are dropped when 4096 wait.
func (l *live) play(camera string) (*player, error) { return l.playAs(camera, liveToken) }

func (l *live) playAs(camera, token string) (*player, error) {
	s := webrtc.SettingEngine{}
	s.SetIncludeLoopbackCandidate(true)
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(s)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, err
	}
	p := &player{pc: pc, pictures: make(chan picture, 4096)}
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { p.read(track) })
	if _, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
		return p, err
	}
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		return p, err
	}
	if err := pc.SetLocalDescription(offer); err != nil {
		return p, err
	}
	req, err := http.NewRequest("POST", l.url+"/whep/"+camera, strings.NewReader(offer.SDP))
	if err != nil {
		return p, err
	}
	req.Header.Set("Content-Type", "application/sdp")
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return p, err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusCreated {
		return p, fmt.Errorf("WHEP: %d %s %w", resp.StatusCode, answer, err)
	}
	return p, pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: string(answer)})
}

func (p *player) read(track *webrtc.TrackRemote) {
	a := video.NewAssembler()
	if strings.EqualFold(track.Codec().MimeType, webrtc.MimeTypeH265) {
		a = video.NewAssemblerH265()
	}
	for {
		pkt, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		p.packets.Add(1)
		now := time.Now()
		a.Push(video.Packet{Sequence: pkt.SequenceNumber, Timestamp: pkt.Timestamp, Marker: pkt.Marker, Payload: pkt.Payload, Arrived: now}, func(au *video.AccessUnit, is video.Timing) {
			select {
			case p.pictures <- picture{au.NALUs(), au.Key, now, is.RTP}:
			default:
			}
		})
	}
}

func (p *player) next() (picture, error) {
	select {
	case pic := <-p.pictures:
		return pic, nil
	case <-time.After(patience):
		return picture{}, fmt.Errorf("no picture came")
	}
}

func (p *player) close() {
	if p != nil {
		_ = p.pc.Close()
	}
}

// clipSlices are the slices of a clip's pictures, "main" or "sub", as they are on
// disk.
func clipSlices(t *testing.T, clip, stream string) [][]byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("gateway", "simulate", "clips", clip+"."+stream+".h264"))
	if err != nil {
		t.Fatal(err)
	}
	var slicesOf [][]byte
	for _, n := range video.SplitAnnexB(b) {
		if video.TypeOf(n).VCL() {
			slicesOf = append(slicesOf, n)
		}
	}
	return slicesOf
}

// compare checks that pictures are those of the clip, each once, in order, from
// a key picture on.
func compare(t *testing.T, who string, pictures []picture, clip [][]byte) {
	t.Helper()
	at := -1 // place in the loop
	for i, p := range pictures {
		last := p.nalus[len(p.nalus)-1]
		if i == 0 {
			at = slices.IndexFunc(clip, func(s []byte) bool { return bytes.Equal(s, last) })
			if at < 0 || at%100 != 0 {
				t.Fatalf("%s: began with picture %d of the loop, which is no key picture", who, at)
			}
		}
		if want := clip[(at+i)%len(clip)]; !bytes.Equal(last, want) {
			t.Fatalf("%s: picture %d after the first differs from what the camera sent: %d bytes, want %d", who, i, len(last), len(want))
		}
	}
}

const compared = 230 // pictures: over two key pictures

func TestTwoIndependentPlayersReceiveWhatTheCameraSentPictureForPicture(t *testing.T) {
	t.Parallel()
	// libnice offers no loopback candidates, so the gateway listens on all addresses.
	l := startLive(t, simulate.Options{Cameras: 1}, func(c *Config) { c.WebRTC = WebRTCConfig{UDP: ":0", TCP: ":0"} })
	// A key picture of the main stream fills a socket's whole buffer, which a player that a busy machine stops for a moment overflows.
	const camera = "cam0?stream=sub"
	clip := clipSlices(t, l.cameras.Cameras()[0].Clip, "sub")
	var wg sync.WaitGroup
	wg.Go(func() {
		p, err := l.play(camera)
		defer p.close()
		if err != nil {
			t.Error(err)
			return
		}
		var got []picture
		for range compared {
			pic, err := p.next()
			if err != nil {
				t.Errorf("pion: %v after %d pictures", err, len(got))
				return
			}
			got = append(got, pic)
		}
		compare(t, "pion", got, clip)
	})
	wg.Go(func() {
		got, err := gstreamer(t.Context(), l.url+"/whep/"+camera)
		if err != nil {
			t.Errorf("GStreamer: %v after %d pictures", err, len(got))
			return
		}
		compare(t, "GStreamer", got, clip)
	})
	wg.Wait()
}

// gstreamer receives pictures by a client that shares no code with ours.
func gstreamer(ctx context.Context, url string) ([]picture, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "/usr/bin/python3", "testdata/whep.py", url, liveToken)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	ended := sync.OnceFunc(func() { cancel(); _ = cmd.Wait() })
	defer ended()
	var got []picture
	for len(got) < compared {
		var size uint32
		if err := binary.Read(out, binary.BigEndian, &size); err != nil {
			ended()
			return got, fmt.Errorf("%w: %s", err, complaint.String())
		}
		b := make([]byte, size)
		if _, err := io.ReadFull(out, b); err != nil {
			return got, err
		}
		got = append(got, picture{nalus: video.SplitAnnexB(b)})
	}
	return got, nil
}

// quantiles reports the median and the 95th percentile in milliseconds.
func quantiles(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	at := func(q float64) float64 { return float64(took[int(q*float64(len(took)-1))].Microseconds()) / 1000 }
	b.ReportMetric(at(0.5), "ms-p50")
	b.ReportMetric(at(0.95), "ms-p95")
	b.ReportMetric(0, "ns/op")
}

// first measures from the click, before the offer is made, to the first whole
// key picture.
func (l *live) first(b *testing.B, camera string) time.Duration {
	b.Helper()
	began := time.Now()
	p, err := l.play(camera)
	defer p.close()
	if err != nil {
		b.Fatal(err)
	}
	pic, err := p.next()
	if err != nil || !pic.key {
		b.Fatalf("key %v, %v", pic.key, err)
	}
	return pic.at.Sub(began)
}

// BenchmarkFirstPictureWarm: a viewer joins, at a random moment, a camera that
// somebody watches.
func BenchmarkFirstPictureWarm(b *testing.B) {
	l := startLive(b, simulate.Options{Cameras: 1}, nil)
	p, err := l.play("cam0")
	defer p.close()
	if err != nil {
		b.Fatal(err)
	}
	if _, err := p.next(); err != nil {
		b.Fatal(err)
	}
	var took []time.Duration
	for b.Loop() {
		<-time.After(time.Duration(rand.Int64N(int64(400 * time.Millisecond))))
		took = append(took, l.first(b, "cam0"))
	}
	quantiles(b, took)
}

// BenchmarkFirstPictureCold: nobody watches the camera, which starts with a key
// picture; its own answer is in the figure.
func BenchmarkFirstPictureCold(b *testing.B) {
	l := startLive(b, simulate.Options{Cameras: 200, StartWithKey: true}, nil)
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		if i == 200 {
			b.Fatal("no camera is cold any more: use -benchtime=50x")
		}
		took = append(took, l.first(b, fmt.Sprintf("cam%d", i)))
	}
	quantiles(b, took)
}
