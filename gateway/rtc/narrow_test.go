package rtc

import (
	"context"
	"fmt"
	"net"
	"regexp"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/webrtc/v4"

	"matthan/gateway"
	"matthan/gateway/video"
)

// narrows is a relay in front of the media port: what goes to the viewer passes
// a queue with a bottleneck behind it.
type narrows struct {
	bits atomic.Int64 // a second
	in   *net.UDPConn // the viewer's side
	out  *net.UDPConn // the gateway's
	port int
}

// narrowsQueue is half a second at 600 kbit/s.
const narrowsQueue = 40

func newNarrows(t *testing.T, gatewayPort int) *narrows {
	t.Helper()
	n := &narrows{}
	local := &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}
	var err error
	if n.in, err = net.ListenUDP("udp4", local); err != nil {
		t.Fatal(err)
	}
	if n.out, err = net.DialUDP("udp4", nil, &net.UDPAddr{IP: local.IP, Port: gatewayPort}); err != nil {
		t.Fatal(err)
	}
	n.port = n.in.LocalAddr().(*net.UDPAddr).Port
	var viewer atomic.Pointer[net.UDPAddr]
	queue := make(chan []byte, narrowsQueue)
	var wg sync.WaitGroup
	wg.Go(func() {
		buf := make([]byte, 1<<16)
		for {
			k, from, err := n.in.ReadFromUDP(buf)
			if err != nil {
				return
			}
			viewer.Store(from)
			_, _ = n.out.Write(buf[:k])
		}
	})
	wg.Go(func() {
		defer close(queue)
		buf := make([]byte, 1<<16)
		for {
			k, err := n.out.Read(buf)
			if err != nil {
				return
			}
			select {
			case queue <- append([]byte{}, buf[:k]...):
			default: // the queue is full
			}
		}
	})
	wg.Go(func() {
		free := time.Now()
		for b := range queue {
			if now := time.Now(); free.Before(now) {
				free = now
			}
			free = free.Add(time.Duration(len(b)) * 8 * time.Second / time.Duration(n.bits.Load()))
			time.Sleep(time.Until(free))
			if to := viewer.Load(); to != nil {
				_, _ = n.in.WriteToUDP(b, to)
			}
		}
	})
	t.Cleanup(func() { _, _ = n.in.Close(), n.out.Close(); wg.Wait() })
	return n
}

// reporter is a pion client that sends receiver reports, twice a second.
func reporter(t *testing.T) *webrtc.PeerConnection {
	t.Helper()
	s := webrtc.SettingEngine{}
	s.SetIncludeLoopbackCandidate(true)
	m := &webrtc.MediaEngine{}
	if err := m.RegisterDefaultCodecs(); err != nil {
		t.Fatal(err)
	}
	reports, err := report.NewReceiverInterceptor(report.ReceiverInterval(500 * time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	all := &interceptor.Registry{}
	all.Add(reports)
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(s), webrtc.WithMediaEngine(m), webrtc.WithInterceptorRegistry(all)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pc.Close() })
	return pc
}

// film has a camera send 25 pictures a second of so many packets, with a key
// picture every second, until the test ends.
func (c *fakeCamera) film(t *testing.T, packets int) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	t.Cleanup(func() { cancel(); <-done })
	go func() {
		defer close(done)
		tick := time.NewTicker(40 * time.Millisecond)
		defer tick.Stop()
		for n := 0; ; n++ {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
			au := c.picture(n, n%25 == 0)
			first := au.Payloads[0]
			au.Payloads = nil
			for range packets {
				au.Payloads = append(au.Payloads, append(append([]byte{}, first[:8]...), make([]byte, 992)...))
			}
			select {
			case c.pictures <- au:
			case <-time.After(40 * time.Millisecond): // nobody pulls it
			case <-ctx.Done():
				return
			}
		}
	}()
}

// onTile is what a viewer sees on a tile: a fake camera's id, 0 from when it is
// held, anything when it is live again.
type onTile struct {
	tile int
	id   byte
}

const anything = 255

// watchThrough is a viewer with n tiles behind a link.
func (r *rig) watchThrough(n *narrows, tiles int, seen func(onTile)) *Peer {
	t := r.t
	t.Helper()
	pc := reporter(t)
	for range tiles {
		if _, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			t.Fatal(err)
		}
	}
	pc.OnTrack(func(track *webrtc.TrackRemote, recv *webrtc.RTPReceiver) {
		go func() { // so that the interceptor runs
			for {
				if _, _, err := recv.ReadRTCP(); err != nil {
					return
				}
			}
		}()
		var tile int
		_, _ = fmt.Sscanf(track.ID(), "tile%d", &tile)
		for {
			p, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			seen(onTile{tile, p.Payload[1]})
		}
	})
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := pc.SetLocalDescription(offer); err != nil {
		t.Fatal(err)
	}
	peer, answer, err := r.g.NewPeer(t.Context(), offer.SDP, Events{
		Tile: func(tile int, _ uint64, _ gateway.StreamID, st gateway.State) {
			switch st.Phase {
			case Held:
				seen(onTile{tile, 0})
			case gateway.Live:
				seen(onTile{tile, anything})
			}
		},
		Clock: func(int, uint64, gateway.StreamID, uint32, time.Time, video.Clock) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(peer.Close)
	answer = regexp.MustCompile(fmt.Sprintf(` %d typ host`, r.g.UDPPort())).ReplaceAllString(answer, fmt.Sprintf(" %d typ host", n.port))
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}); err != nil {
		t.Fatal(err)
	}
	return peer
}

func TestBehindANarrowLinkTheFirstPictureGoesOnSmallAndTheOtherRests(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{Spares: 4})
	n := newNarrows(t, r.g.UDPPort())
	n.bits.Store(6_000_000)
	r.cameras["one"].film(t, 8) // 1.6 Mbit/s
	r.cameras["one-sub"].film(t, 2)
	r.cameras["two-sub"].film(t, 2)
	var mu sync.Mutex
	is := map[int]byte{}
	changed := make(chan struct{}, 1)
	peer := r.watchThrough(n, 2, func(s onTile) {
		mu.Lock()
		defer mu.Unlock()
		was, told := is[s.tile]
		if late := told && was == 0 && s.id != anything; was != s.id && !late { // what was on its way comes after it is held
			is[s.tile] = s.id
			select {
			case changed <- struct{}{}:
			default:
			}
		}
	})
	id := func(c gateway.CameraID, q gateway.Quality) gateway.StreamID {
		return gateway.StreamID{Camera: c, Quality: q}
	}
	one := Choice{Stream: id("one", gateway.Main), Ladder: []gateway.StreamID{id("one", gateway.Main), id("one", gateway.Sub)}, First: true, Stills: true}
	two := Choice{Stream: id("two", gateway.Sub), Ladder: []gateway.StreamID{id("two", gateway.Sub)}, Stills: true}
	for tile, c := range []Choice{one, two} {
		if err := peer.Show(tile, 1, c); err != nil {
			t.Fatal(err)
		}
	}
	until := func(first, second byte, what string) {
		t.Helper()
		limit := time.After(2 * patience)
		for {
			mu.Lock()
			ok := is[0] == first && is[1] == second
			mu.Unlock()
			if ok {
				return
			}
			select {
			case <-changed:
			case <-limit:
				mu.Lock()
				defer mu.Unlock()
				t.Fatalf("%s: the tiles show %v", what, is)
			}
		}
	}
	until(1, 12, "on a good link")
	r.warmed(id("one", gateway.Sub))
	n.bits.Store(600_000)
	until(11, 0, "on a thin one")
	n.bits.Store(6_000_000)
	until(1, 12, "on a good one again")
}

// warmed waits until a stream has pictures.
func (r *rig) warmed(id gateway.StreamID) {
	r.t.Helper()
	for limit := time.Now().Add(patience); ; {
		if st := r.hub.Pulled(id); st != nil && st.GOP() != nil {
			return
		}
		if time.Now().After(limit) {
			r.t.Fatalf("%v is not held warm", id)
		}
		time.Sleep(10 * time.Millisecond)
	}
}
