package rtc

import (
	"encoding/binary"
	"errors"
	"maps"
	"net"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/rtcp"
	"github.com/pion/stun/v3"
	"github.com/pion/webrtc/v4"
)

// each returns a function that makes one packet of each kind in turn.
func each(kinds map[string]func() []byte) func() []byte {
	names := slices.Sorted(maps.Keys(kinds))
	var i atomic.Uint32
	return func() []byte { return kinds[names[int(i.Add(1))%len(names)]]() }
}

func TestStrangersPacketsChangeNothingForAViewer(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	w := r.steady("one", local)
	toGateway, toViewer := stranger(t, r.port()), stranger(t, w.path().udp)
	for name, bad := range badPackets(t) {
		for range 20 {
			for range 20 {
				_, _ = toGateway.Write(bad())
				_, _ = toViewer.Write(bad())
			}
			w.pictures(1)
		}
		if st := w.peer.pc.ConnectionState(); st != webrtc.PeerConnectionStateConnected {
			t.Fatalf("%s: the viewer is %s", name, st)
		}
	}
	w.check()
}

func TestAFloodFromStrangersChangesNothingForAViewer(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	w := r.steady("one", local)
	bad := each(badPackets(t))
	const senders, flood = 4, 50_000
	var sent atomic.Int64
	for range senders {
		c := stranger(t, r.port())
		stop := throughout(t, 1, func() {
			if sent.Add(1) <= flood {
				_, _ = c.Write(bad())
			}
		})
		defer stop()
	}
	for sent.Load() < flood {
		w.pictures(1)
	}
	w.check()
	if r.g.guard.strange.Load() == 0 {
		t.Error("the guard has seen nothing of the flood")
	}
}

func TestClientHellosOfStrangersDoNotWinTheRace(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	hello := clientHello(t)
	c := stranger(t, r.port())
	stop := throughout(t, 4, func() { _, _ = c.Write(hello) })
	defer stop()
	w := r.steady("one", local) // the handshake goes on meanwhile
	w.pictures(20)
	stop()
	w.check()
}

// offered makes a peer with the text of a client's offer changed.
func (r *rig) offered(pc *webrtc.PeerConnection, change func(string) string) *Peer {
	r.t.Helper()
	if _, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
		r.t.Fatal(err)
	}
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := pc.SetLocalDescription(offer); err != nil {
		r.t.Fatal(err)
	}
	peer, answer, err := r.g.NewPeer(r.t.Context(), change(offer.SDP), quietEvents)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(peer.Close)
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}); err != nil {
		r.t.Fatal(err)
	}
	return peer
}

// until waits for a condition.
func until(t *testing.T, what string, f func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !f(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

// over says that a peer's handshake has failed.
func over(p *Peer) bool {
	st := p.pc.SCTP().Transport().State()
	return st == webrtc.DTLSTransportStateFailed || st == webrtc.DTLSTransportStateClosed
}

func TestAViewerWithAnotherCertificateGetsNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	pc := client(t, local)
	defer func() { _ = pc.Close() }()
	peer := r.offered(pc, func(offer string) string {
		i := strings.Index(offer, "a=fingerprint:sha-256 ") + len("a=fingerprint:sha-256 ")
		other := map[byte]string{'0': "1"}[offer[i]]
		if other == "" {
			other = "0"
		}
		return strings.ReplaceAll(offer, offer[i:i+95], other+offer[i+1:i+95])
	})
	w := &watcher{t: t, peer: peer}
	w.show(0, "one")
	good := r.steady("one", local)
	until(t, "the handshake fails", func() bool {
		return over(peer)
	})
	good.pictures(5)
	got := make(chan uint32, 1)
	peer.shard.do(func(time.Time) { got <- peer.tiles[0].packets })
	if n := next(t, got, "answer of the shard"); n != 0 {
		t.Errorf("%d packets were sent to a viewer with a wrong certificate", n)
	}
	if p := w.path(); p.seal != nil {
		t.Error("there are keys for it")
	}
}

func TestOnlySuitesThatAuthenticateWhatTheyEncryptAreNegotiated(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	for suite, want := range map[dtls.CipherSuiteID]bool{
		dtls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256:       true,
		dtls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384:       true,
		dtls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: true,
		dtls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA:          false,
	} {
		pc := client(t, func(s *webrtc.SettingEngine) { local(s); s.SetDTLSCipherSuites(suite) })
		peer := r.offered(pc, func(s string) string { return s })
		until(t, "the end of a handshake with "+suite.String(), func() bool {
			return over(peer) || peer.pc.ConnectionState() == webrtc.PeerConnectionStateConnected
		})
		if over(peer) == want {
			t.Errorf("%v: the connection is %s", suite, peer.pc.ConnectionState())
		}
		peer.keys.mu.Lock()
		if got := dtls.CipherSuiteID(peer.keys.suite); want && got != suite {
			t.Errorf("%v is negotiated, want %v", got, suite)
		}
		peer.keys.mu.Unlock()
		_ = pc.Close()
	}
	w := r.steady("one", local)
	w.peer.keys.mu.Lock()
	defer w.peer.keys.mu.Unlock()
	if s := dtls.CipherSuiteID(w.peer.keys.suite); s != dtls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 {
		t.Errorf("a client that has all gets %v", s)
	}
}

// Alone, since it counts the process's goroutines.
func TestUnknownUfragsLeaveNothing(t *testing.T) {
	r := newRig(t, Config{TCP: "127.0.0.1:0"})
	w := r.steady("one", local)
	before := runtime.NumGoroutine()
	const messages = 10_000
	sockets := make([]*net.UDPConn, 50)
	for i := range sockets {
		sockets[i] = stranger(t, r.port())
	}
	for i := range messages {
		var name [8]byte
		binary.BigEndian.PutUint64(name[:], uint64(i))
		m, err := stun.Build(stun.BindingRequest, stun.TransactionID, stun.NewUsername(string(name[:])+":them"), stun.NewShortTermIntegrity("whatever"), stun.Fingerprint)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := sockets[i%len(sockets)].Write(m.Raw); err != nil {
			t.Fatal(err)
		}
		if i%100 == 0 {
			w.pictures(1) // so that no socket overflows
		}
	}
	w.check()
	if after := runtime.NumGoroutine(); after > before+10 {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}

func TestTCPConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	c := newCrowd(l, 3, 2)
	accepted := make(chan net.Conn, 8)
	go func() {
		for {
			conn, err := c.Accept()
			if err != nil {
				close(accepted)
				return
			}
			accepted <- conn
		}
	}()
	dial := func() net.Conn {
		t.Helper()
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		return conn
	}
	dial()
	dial()
	first := next(t, accepted, "connection")
	next(t, accepted, "connection")
	third := dial()
	_ = third.SetReadDeadline(time.Now().Add(patience))
	if _, err := third.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the third connection of an address is kept: %v", err)
	}
	_ = first.Close()
	_ = first.Close() // counts once
	dial()
	next(t, accepted, "connection in the place of one that was closed")
	other := netip.MustParseAddr("192.0.2.1")
	if !c.enter(other) || c.enter(other) {
		t.Error("three connections at most, whoever they are from")
	}
}

func TestAFeedbackFloodMakesTheGatewaySendLittleAndDisturbsNobody(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	hostile, other := r.steady("one", local), r.steady("two", local)
	for range 30 {
		hostile.pictures(1)
		other.pictures(1)
	}
	begin, before := time.Now(), hostile.bytes()
	ssrc := hostile.ssrc()
	var seqs []uint16
	for seq := hostile.high - 64; seq <= hostile.high; seq++ {
		seqs = append(seqs, uint16(seq))
	}
	flood := []rtcp.Packet{
		&rtcp.TransportLayerNack{MediaSSRC: ssrc, Nacks: rtcp.NackPairsFromSequenceNumbers(seqs)},
		&rtcp.PictureLossIndication{MediaSSRC: ssrc},
		&rtcp.FullIntraRequest{MediaSSRC: ssrc, FIR: []rtcp.FIREntry{{SSRC: ssrc}}},
		&rtcp.ReceiverEstimatedMaximumBitrate{Bitrate: 1e9, SSRCs: []uint32{ssrc}},
	}
	for i := range 3000 {
		if err := hostile.pc.WriteRTCP(flood); err != nil {
			t.Fatal(err)
		}
		if i%50 == 0 {
			other.pictures(1)
		}
	}
	last := &rtcp.ReceiverEstimatedMaximumBitrate{Bitrate: 123456, SSRCs: []uint32{ssrc}}
	until(t, "the flood is dealt with", func() bool {
		if err := hostile.pc.WriteRTCP([]rtcp.Packet{last}); err != nil {
			t.Fatal(err)
		}
		got := make(chan float32, 1)
		hostile.peer.shard.do(func(time.Time) { got <- hostile.peer.tiles[0].remb })
		return next(t, got, "answer of the shard") < 200_000
	})
	other.check()
	// Each asked for 65 packets of 200 bytes 3,000 times: 39 MB.
	starts := uint64(time.Since(begin)/restartPause) + 1
	gop := uint64(keyEvery * 3 * 300)
	bound := repairAllowance*5/4 + starts*gop*3/2 + 10_000
	sent := hostile.bytes() - before
	t.Logf("%d bytes answered the flood, at most %d may", sent, bound)
	if sent > bound || sent == 0 {
		t.Errorf("the flood made the gateway send %d bytes, bound %d", sent, bound)
	}
	hostile.pictures(5)
}

// bytes is what the viewer has received.
func (s *steady) bytes() uint64 {
	pair, err := s.pc.SCTP().Transport().ICETransport().GetSelectedCandidatePair()
	if err != nil || pair == nil {
		s.t.Fatalf("no pair: %v", err)
	}
	stats, ok := s.pc.SCTP().Transport().ICETransport().GetSelectedCandidatePairStats()
	if !ok {
		s.t.Fatal("no statistics")
	}
	return stats.BytesReceived
}

func TestAViewerThatNamesNoEndOfSourcesIsEnded(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	hostile, other := r.steady("one", local), r.steady("two", local)
	ssrc := uint32(1 << 20)
	until(t, "the peer ends", func() bool {
		pli := make([]rtcp.Packet, 20)
		for i := range pli {
			ssrc++
			pli[i] = &rtcp.PictureLossIndication{MediaSSRC: ssrc}
		}
		_ = hostile.pc.WriteRTCP(pli)
		other.pictures(1)
		return r.g.Peers() == 1
	})
	if n := hostile.peer.sources.Load(); n > 1000 {
		t.Errorf("%d buffers were made", n)
	}
	other.check()
}

func TestAViewerThatNeverConnectsIsEnded(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.g.connectWait = time.Second // a busy machine needs some of it for the answer
	pc := client(t, nil)
	defer func() { _ = pc.Close() }()
	failed := make(chan string, 8)
	if _, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
		t.Fatal(err)
	}
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	ev := quietEvents
	ev.Connection = func(s string) { failed <- s }
	p, _, err := r.g.NewPeer(t.Context(), offer.SDP, ev)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	(&watcher{t: t, peer: p}).show(0, "one")
	for next(t, failed, "news of the connection") != "failed" {
	}
	if n := r.g.Peers(); n != 0 {
		t.Errorf("it still takes %d places", n)
	}
	(&watcher{t: t, peer: p}).show(0, "two") // its owner has not heard yet
	got := make(chan bool, 1)
	p.shard.do(func(time.Time) { got <- p.tiles[0].stream == nil })
	if !next(t, got, "answer of the shard") {
		t.Error("it still holds a camera")
	}
}

func TestPeersThatDoNotConnectLeaveRoomForOthers(t *testing.T) {
	t.Parallel()
	g := &Gateway{maxPeers: 200, shards: []*shard{newShard(nil, 1)}}
	for range 100 {
		if _, err := g.enter(1); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := g.enter(1); err != ErrFull {
		t.Errorf("half of the places are taken by peers that wait, and another: %v", err)
	}
	g.settle()
	if _, err := g.enter(1); err != nil {
		t.Errorf("one of them has connected: %v", err)
	}
}
