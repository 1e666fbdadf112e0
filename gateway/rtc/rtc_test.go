package rtc

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"matthan/gateway"
	"matthan/gateway/video"
)

// patience bounds every wait of these tests; none should ever last so long.
const patience = 20 * time.Second

// fakeCamera is a source whose pictures the test makes.
type fakeCamera struct {
	id       byte
	pictures chan *video.AccessUnit
	refuses  bool // every session
	sounds   chan *gateway.Sound
	hear     func(*gateway.Sound)
	format   *video.Format // nil: H.264
}

// Hear implements gateway.Sounding.
func (c *fakeCamera) Hear(f func(*gateway.Sound)) { c.hear = f }

func (c *fakeCamera) Run(ctx context.Context, publish func(*video.AccessUnit)) error {
	if c.refuses {
		return gateway.Fail(gateway.CauseFull, errors.New("no more sessions"))
	}
	for {
		select {
		case au := <-c.pictures:
			publish(au)
		case p := <-c.sounds:
			c.hear(p)
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// picture makes picture n of a camera: every payload says camera, picture and
// its place in it.
func (c *fakeCamera) picture(n int, key bool) *video.AccessUnit {
	now := time.Now()
	au := &video.AccessUnit{Codec: video.H264, Format: &video.Format{Codec: video.H264, Profile: 0x4d001f},
		PTS: int64(n) * 3600, Captured: now, Arrived: now, Key: key}
	if c.format != nil {
		au.Codec, au.Format = c.format.Codec, c.format
	}
	for i := range 3 {
		b := make([]byte, 200)
		b[0], b[1], b[2] = 0x61, c.id, byte(i)
		if key {
			b[0] = 0x65
		}
		binary.BigEndian.PutUint32(b[3:], uint32(n))
		au.Payloads = append(au.Payloads, b)
	}
	return au
}

// send hands a picture to the hub.
func (c *fakeCamera) send(t *testing.T, n int, key bool) {
	t.Helper()
	select {
	case c.pictures <- c.picture(n, key):
	case <-time.After(patience):
		t.Fatal("nobody pulls the camera")
	}
}

// rig is a gateway with two cameras whose pictures the test makes.
type rig struct {
	t       *testing.T
	g       *Gateway
	hub     *gateway.Hub
	cameras map[gateway.CameraID]*fakeCamera
	munge   func(string) string // changes what viewers offer; nil: nothing
}

func newRig(t *testing.T, cfg Config) *rig {
	t.Helper()
	r := &rig{t: t, cameras: map[gateway.CameraID]*fakeCamera{}}
	var list []gateway.Camera
	for i, id := range []gateway.CameraID{"one", "two"} {
		r.cameras[id] = &fakeCamera{id: byte(i + 1), pictures: make(chan *video.AccessUnit), sounds: make(chan *gateway.Sound)}
		r.cameras[id+"-sub"] = &fakeCamera{id: byte(i + 11), pictures: make(chan *video.AccessUnit)}
		list = append(list, gateway.Camera{ID: id, Name: string(id), Area: "a", Kind: gateway.Public, Sound: true,
			Main: "rtsp://192.0.2.1/" + string(id), Sub: "rtsp://192.0.2.1/sub/" + string(id)})
	}
	inv, err := gateway.NewList([]gateway.Area{{ID: "a", Name: "A"}}, list)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	r.hub = gateway.NewHub(inv, gateway.Limits{}, log, func(c gateway.Camera, q gateway.Quality) (gateway.Source, error) {
		if q == gateway.Sub {
			return r.cameras[c.ID+"-sub"], nil
		}
		return r.cameras[c.ID], nil
	})
	if cfg.UDP == "" {
		cfg.UDP = "127.0.0.1:0"
	}
	if r.g, err = New(cfg, r.hub, log); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { _ = r.hub.Run(ctx) })
	wg.Go(func() { _ = r.g.Run(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	return r
}

// watcher is a pion client: what a browser would be.
type watcher struct {
	t       *testing.T
	pc      *webrtc.PeerConnection
	peer    *Peer
	packets chan *rtp.Packet
	reports chan *rtcp.SenderReport
	clocks  chan uint32
	states  chan gateway.State
}

func (r *rig) watch(tiles int, change func(*webrtc.SettingEngine)) *watcher {
	t := r.t
	t.Helper()
	w := &watcher{t: t, packets: make(chan *rtp.Packet, 4096), reports: make(chan *rtcp.SenderReport, 64),
		clocks: make(chan uint32, 64), states: make(chan gateway.State, 64)}
	w.pc = client(t, change)
	for range tiles {
		if _, err := w.pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			t.Fatal(err)
		}
	}
	w.pc.OnTrack(func(track *webrtc.TrackRemote, recv *webrtc.RTPReceiver) {
		go w.readReports(recv)
		for {
			p, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			w.packets <- p
		}
	})
	offer, err := w.pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.pc.SetLocalDescription(offer); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	text := offer.SDP
	if r.munge != nil {
		text = r.munge(text)
	}
	peer, answer, err := r.g.NewPeer(ctx, text, Events{
		Tile:  func(_ int, _ uint64, _ gateway.StreamID, st gateway.State) { w.states <- st },
		Clock: func(_ int, _ uint64, _ gateway.StreamID, rtp uint32, _ time.Time, _ video.Clock) { w.clocks <- rtp },
	})
	if err != nil {
		t.Fatal(err)
	}
	w.peer = peer
	t.Cleanup(func() { w.peer.Close(); _ = w.pc.Close() })
	if err := w.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}); err != nil {
		t.Fatal(err)
	}
	return w
}

func client(t *testing.T, change func(*webrtc.SettingEngine)) *webrtc.PeerConnection {
	t.Helper()
	s := webrtc.SettingEngine{}
	s.SetIncludeLoopbackCandidate(true)
	if change != nil {
		change(&s)
	}
	m := &webrtc.MediaEngine{}
	if err := m.RegisterDefaultCodecs(); err != nil {
		t.Fatal(err)
	}
	if err := m.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: playoutDelayURI}, webrtc.RTPCodecTypeVideo); err != nil {
		t.Fatal(err)
	}
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(s), webrtc.WithMediaEngine(m), webrtc.WithInterceptorRegistry(&interceptor.Registry{})).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	return pc
}

func (w *watcher) readReports(recv *webrtc.RTPReceiver) {
	for {
		ps, _, err := recv.ReadRTCP()
		if err != nil {
			return
		}
		for _, p := range ps {
			if sr, ok := p.(*rtcp.SenderReport); ok {
				w.reports <- sr
			}
		}
	}
}

func next[T any](t *testing.T, c <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatalf("no %s came", what)
		panic("unreachable")
	}
}

func (w *watcher) packet() *rtp.Packet {
	w.t.Helper()
	select {
	case p := <-w.packets:
		return p
	case <-time.After(patience):
		g := w.peer.gateway
		w.t.Fatalf("no packet came: the viewer is %s, by ICE %s, the gateway %s; %d stray, %d strange, %d flooded, %d checks answered",
			w.pc.ConnectionState(), w.pc.ICEConnectionState(), w.peer.pc.ConnectionState(), g.guard.stray.Load(), g.guard.strange.Load(), g.guard.flooded.Load(), g.consents.answered.Load())
		panic("unreachable")
	}
}

// shown is a whole picture at the viewer.
type shown struct {
	camera  byte
	number  int
	key     bool
	ts      uint32
	packets []*rtp.Packet
}

func (w *watcher) picture() shown {
	w.t.Helper()
	var s shown
	for i := 0; ; i++ {
		p := w.packet()
		if i == 0 {
			s = shown{camera: p.Payload[1], number: int(binary.BigEndian.Uint32(p.Payload[3:])), key: p.Payload[0] == 0x65, ts: p.Timestamp}
		}
		if p.Payload[2] != byte(i) || p.Payload[1] != s.camera || int(binary.BigEndian.Uint32(p.Payload[3:])) != s.number || p.Timestamp != s.ts {
			w.t.Fatalf("packet %d of picture %d of camera %d is not in its place: % x", i, s.number, s.camera, p.Payload[:8])
		}
		s.packets = append(s.packets, p)
		if p.Marker {
			return s
		}
	}
}

func (w *watcher) show(tile int, id gateway.CameraID) {
	w.t.Helper()
	if err := w.peer.Show(tile, 1, Choice{Stream: gateway.StreamID{Camera: id, Quality: gateway.Main}}); err != nil {
		w.t.Fatal(err)
	}
}

func TestLateJoinerBeginsWithTheKeyPictureAndMissesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	first := r.watch(1, nil)
	first.show(0, "one")
	cam := r.cameras["one"]
	for n := range 10 {
		cam.send(t, n, n == 0 || n == 4)
		if got := first.picture(); got.number != n {
			t.Fatalf("picture %d, want %d", got.number, n)
		}
	}
	late := r.watch(1, nil)
	late.show(0, "one")
	var ts uint32
	for n := 4; n < 10; n++ {
		got := late.picture()
		if got.number != n || got.key != (n == 4) {
			t.Fatalf("late joiner got picture %d (key %v), want %d", got.number, got.key, n)
		}
		if n > 4 && got.ts-ts != backlogStep {
			t.Fatalf("backlog pictures are %d ticks apart, want %d", got.ts-ts, backlogStep)
		}
		ts = got.ts
		if ext := got.packets[0].GetExtension(got.packets[0].GetExtensionIDs()[0]); string(ext) != "\x00\x00\x00" {
			t.Fatalf("playout-delay is % x, want 0..0", ext)
		}
	}
	cam.send(t, 10, false)
	if got := late.picture(); got.number != 10 || got.ts-ts != 3600 {
		t.Fatalf("live picture %d after %d ticks, want 10 after 3600", got.number, got.ts-ts)
	}
	if n := r.hub.Pulls(); n != 1 {
		t.Fatalf("%d pulls for two viewers of one camera", n)
	}
}

func TestSwitchKeepsNumberingAndSendsNothingOfTheOldCameraAfter(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	w := r.watch(1, nil)
	w.show(0, "one")
	r.cameras["one"].send(t, 0, true)
	a := w.picture()
	w.show(0, "two")
	r.cameras["two"].send(t, 100, true)
	b := w.picture()
	if b.camera != 2 || b.number != 100 {
		t.Fatalf("after the switch came picture %d of camera %d", b.number, b.camera)
	}
	lastA, firstB := a.packets[len(a.packets)-1], b.packets[0]
	if firstB.SequenceNumber != lastA.SequenceNumber+1 || int32(firstB.Timestamp-lastA.Timestamp) <= 0 || firstB.SSRC != lastA.SSRC {
		t.Fatalf("numbering broke: seq %d→%d, ts %d→%d", lastA.SequenceNumber, firstB.SequenceNumber, lastA.Timestamp, firstB.Timestamp)
	}
	// pictures of the first camera, still pulled, must not reach this viewer
	r.cameras["one"].send(t, 1, false)
	r.cameras["two"].send(t, 101, false)
	if c := w.picture(); c.camera != 2 || c.number != 101 {
		t.Fatalf("picture %d of camera %d leaked", c.number, c.camera)
	}
}

func TestLostPacketIsSentAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	w := r.watch(1, nil)
	w.show(0, "one")
	r.cameras["one"].send(t, 0, true)
	p := w.picture()
	lost := p.packets[1]
	nack := &rtcp.TransportLayerNack{MediaSSRC: lost.SSRC, Nacks: rtcp.NackPairsFromSequenceNumbers([]uint16{lost.SequenceNumber})}
	if err := w.pc.WriteRTCP([]rtcp.Packet{nack}); err != nil {
		t.Fatal(err)
	}
	// pion's reader looks for a retransmission only when a packet of the track comes
	for n := 1; n < 500; n++ {
		r.cameras["one"].send(t, n, false)
		for range 3 {
			again := next(t, w.packets, "packet")
			if again.SequenceNumber != lost.SequenceNumber {
				continue
			}
			if string(again.Payload) != string(lost.Payload) || again.Timestamp != lost.Timestamp {
				t.Fatalf("the repair is another packet: % x", again.Payload[:8])
			}
			return
		}
	}
	t.Fatal("no repair came")
}

func TestPLIAndANackForWhatIsGoneAreAnsweredWithTheGOP(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	w := r.watch(1, nil)
	w.show(0, "one")
	r.cameras["one"].send(t, 0, true)
	r.cameras["one"].send(t, 1, false)
	w.picture()
	last := w.picture()
	ask := func(p rtcp.Packet, want int) {
		t.Helper()
		deadline := time.Now().Add(patience)
		for time.Now().Before(deadline) { // at most one answer each restartPause
			if err := w.pc.WriteRTCP([]rtcp.Packet{p}); err != nil {
				t.Fatal(err)
			}
			select {
			case first := <-w.packets:
				if n := int(binary.BigEndian.Uint32(first.Payload[3:])); n != want || first.Payload[0] != 0x65 {
					t.Fatalf("the answer begins with picture %d, want the key picture %d", n, want)
				}
				for range 5 { // the rest of both pictures
					last.packets[0] = next(t, w.packets, "rest of the GOP")
				}
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
		t.Fatal("no answer")
	}
	ssrc, first := last.packets[0].SSRC, last.packets[0].SequenceNumber
	ask(&rtcp.PictureLossIndication{MediaSSRC: ssrc}, 0)
	for n := 2; n < 4; n++ { // another GOP, long after: what was before is no longer kept
		au := r.cameras["one"].picture(n, n == 2)
		au.Arrived = au.Arrived.Add(time.Minute)
		r.cameras["one"].pictures <- au
	}
	for range 6 {
		last.packets[0] = next(t, w.packets, "the other GOP")
	}
	nack := func(seqs ...uint16) *rtcp.TransportLayerNack {
		return &rtcp.TransportLayerNack{MediaSSRC: ssrc, Nacks: rtcp.NackPairsFromSequenceNumbers(seqs)}
	}
	ask(nack(last.packets[0].SequenceNumber-11), 2)
	// What was sent before the last start is of no use to anybody, and not sent.
	if err := w.pc.WriteRTCP([]rtcp.Packet{nack(first)}); err != nil {
		t.Fatal(err)
	}
	r.cameras["one"].send(t, 4, false)
	if p := next(t, w.packets, "the next picture"); binary.BigEndian.Uint32(p.Payload[3:]) != 4 {
		t.Fatalf("% x is sent again", p.Payload)
	}
}

func TestALittleThatIsLostIsNotAnsweredWithALongGOP(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	w := r.watch(1, nil)
	w.show(0, "one")
	const packets, size = 100, 1000
	for n := range 4 {
		au := r.cameras["one"].picture(n, n == 0)
		first := au.Payloads[0]
		au.Payloads = nil
		for range packets {
			au.Payloads = append(au.Payloads, append(append([]byte{}, first[:8]...), make([]byte, size-8)...))
		}
		r.cameras["one"].pictures <- au
	}
	for range 4 * packets {
		next(t, w.packets, "packet")
	}
	tile := w.peer.tiles[0]
	ask := func(n int) (again bool) {
		done := make(chan bool)
		w.peer.shard.do(func(now time.Time) {
			tile.started = now.Add(-time.Minute)
			var seqs []uint16
			for i := range n {
				seqs = append(seqs, uint16(tile.history.next)-uint16(n)+uint16(i))
			}
			tile.nack(&rtcp.TransportLayerNack{MediaSSRC: tile.out.ssrc, Nacks: rtcp.NackPairsFromSequenceNumbers(seqs)}, now)
			done <- now.Sub(tile.started) < time.Minute
		})
		return next(t, done, "answer")
	}
	if ask(repairAllowance/size + 10) {
		t.Error("400 KB are sent for 108 that are lost, on a link that loses what it gets")
	}
	if !ask(3 * packets) {
		t.Error("300 KB that are lost are not answered with the GOP")
	}
}

func TestSenderReportsAndClockCarryTheCaptureTime(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	w := r.watch(1, nil)
	w.show(0, "one")
	au := r.cameras["one"].picture(0, true)
	au.Captured = au.Captured.Add(-800 * time.Millisecond)
	r.cameras["one"].pictures <- au
	got := w.picture()
	sr := next(t, w.reports, "sender report")
	if sr.RTPTime != got.ts || sr.NTPTime != ntp(au.Captured) {
		t.Fatalf("report maps %d to %x, want %d to %x", sr.RTPTime, sr.NTPTime, got.ts, ntp(au.Captured))
	}
	if ts := next(t, w.clocks, "clock"); ts != got.ts {
		t.Fatalf("clock is for %d, want %d", ts, got.ts)
	}
}

func TestAColdCameraIsShownByTheStreamThatIsFirst(t *testing.T) {
	t.Parallel()
	main, sub := gateway.StreamID{Camera: "one", Quality: gateway.Main}, gateway.StreamID{Camera: "one", Quality: gateway.Sub}
	r := newRig(t, Config{})
	w := r.watch(1, nil)
	if err := w.peer.Show(0, 1, Choice{Stream: main, Begin: sub}); err != nil {
		t.Fatal(err)
	}
	r.cameras["one"].send(t, 0, false) // in the middle of its GOP
	r.cameras["one-sub"].send(t, 0, true)
	if got := w.picture(); got.camera != 11 {
		t.Fatalf("first came camera %d", got.camera)
	}
	r.cameras["one"].send(t, 1, true)
	a := w.picture()
	if a.camera != 1 || !a.key {
		t.Fatalf("after main's key picture came camera %d", a.camera)
	}
	r.cameras["one"].send(t, 2, false)
	if got := w.picture(); got.camera != 1 || got.packets[0].SequenceNumber != a.packets[2].SequenceNumber+1 {
		t.Fatalf("then came camera %d", got.camera)
	}
	late := r.watch(1, nil) // main is warm now: the sub stream is not asked for
	if err := late.peer.Show(0, 1, Choice{Stream: main, Begin: sub}); err != nil {
		t.Fatal(err)
	}
	if got := late.picture(); got.camera != 1 || got.number != 1 {
		t.Fatalf("late joiner got picture %d of camera %d", got.number, got.camera)
	}
}

func TestAThinLinkBeginsWithTheSmallStreamAndMovesUp(t *testing.T) {
	t.Parallel()
	main, sub := gateway.StreamID{Camera: "one", Quality: gateway.Main}, gateway.StreamID{Camera: "one", Quality: gateway.Sub}
	r := newRig(t, Config{})
	full := r.watch(1, nil)
	full.show(0, "one")
	r.cameras["one"].send(t, 0, true)
	full.picture()
	w := r.watch(1, nil)
	if err := w.peer.Show(0, 1, Choice{Stream: main, Begin: sub, Gentle: true}); err != nil {
		t.Fatal(err)
	}
	r.cameras["one-sub"].send(t, 0, true)
	if got := w.picture(); got.camera != 11 {
		t.Fatalf("first came camera %d, though main was warm", got.camera)
	}
	for { // until the link has proved itself
		select {
		case p := <-w.packets:
			if p.Payload[1] == 1 {
				return
			}
		case <-time.After(patience):
			t.Fatal("it never moves up")
		}
	}
}

func TestAThinLinkIsGivenTheMainStreamWhereTheSmallOneIsRefused(t *testing.T) {
	t.Parallel()
	main, sub := gateway.StreamID{Camera: "one", Quality: gateway.Main}, gateway.StreamID{Camera: "one", Quality: gateway.Sub}
	r := newRig(t, Config{})
	r.cameras["one-sub"].refuses = true
	w := r.watch(1, nil)
	if err := w.peer.Show(0, 1, Choice{Stream: main, Begin: sub, Gentle: true}); err != nil {
		t.Fatal(err)
	}
	r.cameras["one"].send(t, 0, true)
	if got := w.picture(); got.camera != 1 {
		t.Fatalf("first came camera %d", got.camera)
	}
}

func TestMovingUpWaitsForALinkWithoutLoss(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for _, c := range []struct {
		started, lost time.Duration
		want          bool
	}{{riseAfter, time.Hour, true}, {riseAfter - 1, time.Hour, false}, {time.Hour, riseAfter - 1, false}, {time.Hour, riseAfter, true}} {
		if got := rises(now, now.Add(-c.started), now.Add(-c.lost)); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
	if rises(now, time.Time{}, time.Time{}) {
		t.Error("it rises before it has begun")
	}
}

func TestAnotherSizeOfAPictureThatPlaysDoesNotStartItAgain(t *testing.T) {
	t.Parallel()
	main, sub := gateway.StreamID{Camera: "one", Quality: gateway.Main}, gateway.StreamID{Camera: "one", Quality: gateway.Sub}
	r := newRig(t, Config{})
	w := r.watch(1, nil)
	w.show(0, "one")
	for n := range 3 {
		r.cameras["one"].send(t, n, n == 0)
		w.picture()
	}
	if err := w.peer.Show(0, 2, Choice{Stream: sub, Begin: main}); err != nil {
		t.Fatal(err)
	}
	r.cameras["one"].send(t, 3, false)
	if got := w.picture(); got.camera != 1 || got.number != 3 {
		t.Fatalf("picture %d of camera %d, want main to go on with 3", got.number, got.camera)
	}
	r.cameras["one-sub"].send(t, 4, true)
	if got := w.picture(); got.camera != 11 || got.number != 4 {
		t.Fatalf("picture %d of camera %d, want the sub stream", got.number, got.camera)
	}
	r.cameras["one"].send(t, 4, false) // lingers, and is not sent any more
	r.cameras["one-sub"].send(t, 5, false)
	if got := w.picture(); got.camera != 11 || got.number != 5 {
		t.Fatalf("picture %d of camera %d", got.number, got.camera)
	}
}

func TestTilesOfOnePeerAreIndependent(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	w := r.watch(4, nil)
	w.show(0, "one")
	w.show(3, "two")
	r.cameras["one"].send(t, 0, true)
	r.cameras["two"].send(t, 7, true)
	ssrcs := map[uint32]byte{}
	for range 6 {
		p := next(t, w.packets, "packet")
		ssrcs[p.SSRC] = p.Payload[1]
	}
	if len(ssrcs) != 2 {
		t.Fatalf("two tiles came on %d tracks", len(ssrcs))
	}
	if err := w.peer.Show(4, 1, Choice{Stream: gateway.StreamID{Camera: "one", Quality: gateway.Main}}); !errors.Is(err, ErrNoTile) {
		t.Fatalf("a fifth tile: %v", err)
	}
	if err := w.peer.Show(0, 1, Choice{Stream: gateway.StreamID{Camera: "none", Quality: gateway.Main}}); !errors.Is(err, gateway.ErrNotFound) {
		t.Fatalf("an unknown camera: %v", err)
	}
}

func TestAPortOfAllAddressesAnnouncesThemAndWorks(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{UDP: ":0"})
	w := r.watch(1, nil)
	w.show(0, "one")
	r.cameras["one"].send(t, 5, true)
	if got := w.picture(); got.number != 5 {
		t.Fatalf("picture %d", got.number)
	}
	if sdp := w.pc.RemoteDescription().SDP; !strings.Contains(sdp, " 127.0.0.1 ") {
		t.Fatalf("answer:\n%s", sdp)
	}
}

func TestViewerWhoseUDPIsBlockedGetsPicturesOverTCP(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{TCP: "127.0.0.1:0"})
	w := r.watch(1, func(s *webrtc.SettingEngine) {
		s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeTCP4})
	})
	w.show(0, "one")
	r.cameras["one"].send(t, 5, true)
	if got := w.picture(); got.number != 5 {
		t.Fatalf("picture %d", got.number)
	}
}

func TestChromiumsDTLSRoleGetsAES128GCM(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	w := r.watch(1, nil)
	sdp := w.pc.RemoteDescription().SDP
	if !strings.Contains(sdp, "a=setup:passive") {
		t.Fatal("the gateway is not the DTLS server, so the browser would choose the SRTP profile")
	}
}

func TestOffersThatAreNotForReceivingAreRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{Tiles: 2})
	good := client(t, nil)
	defer func() { _ = good.Close() }()
	if _, err := good.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
		t.Fatal(err)
	}
	offer, err := good.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	line := offer.SDP[strings.Index(offer.SDP, "m=video"):]
	head := strings.TrimSuffix(offer.SDP, line)
	for name, c := range map[string]struct {
		sdp  string
		want error
	}{
		"wants to send":      {strings.ReplaceAll(offer.SDP, "a=recvonly", "a=sendrecv"), ErrOfferSends},
		"says no direction":  {strings.ReplaceAll(offer.SDP, "a=recvonly\r\n", ""), ErrOfferSends},
		"no video":           {head, ErrOfferNoVideo},
		"audio alone":        {head + strings.ReplaceAll(line, "m=video", "m=audio"), ErrOfferNoVideo},
		"no H.264":           {strings.ReplaceAll(offer.SDP, "H264/90000", "VP8/90000"), ErrOfferNoVideo},
		"a data channel":     {offer.SDP + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n", ErrOffer},
		"too many lines":     {offer.SDP + line + line, ErrOffer},
		"weak fingerprint":   {strings.ReplaceAll(offer.SDP, "a=fingerprint:sha-256", "a=fingerprint:sha-1"), ErrOffer},
		"no ICE credentials": {strings.ReplaceAll(offer.SDP, "a=ice-pwd", "a=x-pwd"), ErrOffer},
		"garbage":            {"\x00\xff", ErrOffer},
		"empty":              {"", ErrOfferNoVideo},
	} {
		if _, _, err := r.g.NewPeer(t.Context(), c.sdp, Events{}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if n := r.g.Peers(); n != 0 {
		t.Errorf("%d peers are left of refused offers", n)
	}
}

func TestViewersOverTheLimitAreRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{Peers: 1})
	w := r.watch(1, nil)
	offer := w.pc.LocalDescription().SDP
	if _, _, err := r.g.NewPeer(t.Context(), offer, Events{}); !errors.Is(err, ErrFull) {
		t.Fatalf("a second viewer: %v", err)
	}
	w.peer.Close()
	if n := r.g.Peers(); n != 0 {
		t.Fatalf("%d peers after Close", n)
	}
}

func TestAnnouncedAddressesReplaceOurOwn(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{Addresses: []string{"203.0.113.7", "localhost"}})
	w := r.watch(1, nil)
	sdp := w.pc.RemoteDescription().SDP
	if !strings.Contains(sdp, " 203.0.113.7 ") || !strings.Contains(sdp, " 127.0.0.1 ") {
		t.Fatalf("announced:\n%s", sdp)
	}
	if got := announce("v=0\r\nm=video\r\na=candidate:1 1 udp 1 10.0.0.1 9 typ host\r\na=mid:0\r\n", []netip.Addr{netip.MustParseAddr("2001:db8::1")}, 7, 8); strings.Contains(got, "10.0.0.1") ||
		!strings.Contains(got, "2001:db8::1 7 typ host\r\n") || !strings.Contains(got, "2001:db8::1 8 typ host tcptype passive\r\na=mid:0") {
		t.Fatalf("announce:\n%s", got)
	}
}
