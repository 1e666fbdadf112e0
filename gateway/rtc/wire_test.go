package rtc

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"net"
	"net/netip"
	"syscall"
	"testing"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
	"github.com/pion/webrtc/v4"

	"matthan/gateway"
	"matthan/gateway/video"
)

// path reads a peer's path from its shard.
func (w *watcher) path() path {
	got := make(chan path, 1)
	w.peer.shard.do(func(time.Time) { got <- w.peer.path })
	return next(w.t, got, "answer of the shard")
}

func TestEachKindOfViewerGetsItsPictures(t *testing.T) {
	t.Parallel()
	only := func(p dtls.SRTPProtectionProfile) func(*webrtc.SettingEngine) {
		return func(s *webrtc.SettingEngine) { s.SetSRTPProtectionProfiles(p) }
	}
	for name, c := range map[string]struct {
		cfg    Config
		change func(*webrtc.SettingEngine)
		sealed bool
		tcp    bool
	}{
		"AES-128-GCM over UDP": {Config{}, only(dtls.SRTP_AEAD_AES_128_GCM), true, false},
		"AES-256-GCM over UDP": {Config{}, only(dtls.SRTP_AEAD_AES_256_GCM), true, false},
		"SHA1_80 alone":        {Config{}, only(dtls.SRTP_AES128_CM_HMAC_SHA1_80), false, false},
		"a socket of all":      {Config{UDP: ":0"}, nil, true, false},
		"IPv6":                 {Config{UDP: "[::1]:0"}, func(s *webrtc.SettingEngine) { s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP6}) }, true, false},
		"AES-128-GCM over TCP": {Config{TCP: "127.0.0.1:0"}, func(s *webrtc.SettingEngine) { s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeTCP4}) }, true, true},
		"SHA1_80 over TCP, old": {Config{TCP: "127.0.0.1:0"}, func(s *webrtc.SettingEngine) {
			s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeTCP4})
			only(dtls.SRTP_AES128_CM_HMAC_SHA1_80)(s)
		}, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, c.cfg)
			w := r.watch(1, c.change)
			w.show(0, "one")
			for n := range 5 {
				r.cameras["one"].send(t, n, n == 0)
				if got := w.picture(); got.number != n {
					t.Fatalf("picture %d, want %d", got.number, n)
				}
			}
			p := w.path()
			if (p.seal != nil) != c.sealed || (p.tcp != nil) != c.tcp || p.udp.IsValid() == c.tcp {
				t.Fatalf("sealed %v, tcp %v, udp %v", p.seal != nil, p.tcp != nil, p.udp)
			}
		})
	}
}

func TestNumbersRollOverWithoutALostPicture(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	w := r.watch(1, nil)
	// A receiver learns the rollover counter only by seeing it roll.
	w.peer.shard.do(func(time.Time) { w.peer.tiles[0].history.next = 65536 - 20 })
	w.show(0, "one")
	for n := range 40 {
		r.cameras["one"].send(t, n, n == 0)
		got := w.picture()
		if got.number != n {
			t.Fatalf("picture %d, want %d", got.number, n)
		}
		if n == 39 && got.packets[0].SequenceNumber > 200 {
			t.Fatalf("sequence number %d did not roll over", got.packets[0].SequenceNumber)
		}
	}
}

func TestSealingIsWhatRFC7714SaysAcrossRollovers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		size    int
		profile srtp.ProtectionProfile
	}{{16, srtp.ProtectionProfileAeadAes128Gcm}, {32, srtp.ProtectionProfileAeadAes256Gcm}} {
		key, salt := bytes.Repeat([]byte{7}, c.size), bytes.Repeat([]byte{9}, sealSalt)
		s, err := newSealer(key, salt)
		if err != nil {
			t.Fatal(err)
		}
		receiver, err := srtp.CreateContext(key, salt, c.profile)
		if err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 0, 2000)
		for index := uint64(65500); index < 65536*3; index += 13 {
			h := header{pt: 102, marker: index%2 == 0, ts: uint32(index), ssrc: 0xdecafbad, playout: uint8(index % 3)}
			payload := []byte{byte(index), byte(index >> 8), 3, 4}
			sealed := s.append(buf, &h, index, payload)
			plain, err := receiver.DecryptRTP(nil, sealed, nil)
			if err != nil {
				t.Fatalf("index %d: %v", index, err)
			}
			var p rtp.Packet
			if err := p.Unmarshal(plain); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(p.Payload, payload) || p.SequenceNumber != uint16(index) || p.Marker != h.marker || p.PayloadType != 102 ||
				p.Timestamp != h.ts || p.SSRC != h.ssrc || h.playout != 0 && string(p.GetExtension(h.playout)) != "\x00\x00\x00" || p.Extension != (h.playout != 0) {
				t.Fatalf("index %d: %v", index, p.String())
			}
		}
	}
}

// heard reads n datagrams from c.
func heard(t *testing.T, c *net.UDPConn, n int) (out [][]byte) {
	t.Helper()
	buf := make([]byte, 2000)
	for range n {
		_ = c.SetReadDeadline(time.Now().Add(patience))
		k, err := c.Read(buf)
		if err != nil {
			t.Fatalf("after %d datagrams: %v", len(out), err)
		}
		out = append(out, bytes.Clone(buf[:k]))
	}
	return out
}

// mediaSocket is a socket as the gateway's viewers have it.
func mediaSocket(t testing.TB) *socket {
	t.Helper()
	s, _, err := listenUDP("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// egressTo makes an egress and a socket that hears what it sends.
func egressTo(t *testing.T) (*egress, *net.UDPConn, netip.AddrPort) {
	t.Helper()
	from := mediaSocket(t)
	to, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	e, err := newEgress(from, &segmentation{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.close(); _ = to.Close() })
	return e, to, to.LocalAddr().(*net.UDPAddr).AddrPort()
}

// message is n datagrams of 1200 bytes, the last of 100, each with its number.
func message(e *egress, n int) []byte {
	b := e.room(n * 1200)
	for i := range n {
		size := 1200
		if i == n-1 {
			size = 100
		}
		b = append(b, bytes.Repeat([]byte{byte(i)}, size)...)
	}
	return b
}

func checkDatagrams(t *testing.T, got [][]byte) {
	t.Helper()
	for i, b := range got {
		want := 1200
		if i == len(got)-1 {
			want = 100
		}
		if len(b) != want || b[0] != byte(i) {
			t.Fatalf("datagram %d: %d bytes, number %d", i, len(b), b[0])
		}
	}
}

func TestAnInterfaceThatRefusesSegmentationGetsDatagramsOneByOne(t *testing.T) {
	t.Parallel()
	for name, refusal := range map[string]error{"EIO, in mid-life": syscall.EIO, "EINVAL": syscall.EINVAL, "off from the start": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, ear, to := egressTo(t)
			e.commit(message(e, 20), 1200, to)
			e.flush()
			checkDatagrams(t, heard(t, ear, 20))
			if refusal == nil {
				e.seg.off.Store(true)
			} else {
				e.refuse = func() error { return refusal } // what a NIC without checksum offload answers
			}
			for range 2 {
				e.commit(message(e, 20), 1200, to)
				e.commit(message(e, 2), 1200, to)
				e.flush()
				checkDatagrams(t, heard(t, ear, 20))
				checkDatagrams(t, heard(t, ear, 2))
			}
			if got := e.seg.off.Load(); got != !errors.Is(refusal, syscall.EINVAL) {
				t.Fatalf("segmentation given up: %v", got)
			}
			if e.fallback.Load() != 4 || e.lost.Load() != 0 {
				t.Fatalf("%d messages fell back, %d were lost", e.fallback.Load(), e.lost.Load())
			}
		})
	}
}

func TestViewersGetPicturesWithoutSegmentation(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.g.segmentation.off.Store(true)
	w := r.watch(1, nil)
	w.show(0, "one")
	for n := range 5 {
		r.cameras["one"].send(t, n, n == 0)
		if got := w.picture(); got.number != n {
			t.Fatalf("picture %d, want %d", got.number, n)
		}
	}
}

func TestAKeyPictureLeavesInPiecesAtItsPace(t *testing.T) {
	t.Parallel()
	big := func(n int) (p [][]byte) {
		for range n {
			p = append(p, make([]byte, 1180))
		}
		return p
	}
	for _, c := range []struct{ payloads, want int }{{1, 1}, {8, 8}, {21, 21}, {30, 30}, {32, 21}, {60, 21}} {
		n, bytes := piece(big(c.payloads), pieceBytes)
		if n != c.want || bytes != n*1180 {
			t.Errorf("%d payloads: %d go out at once, %d bytes", c.payloads, n, bytes)
		}
	}
	r := newRig(t, Config{})
	w := r.watch(1, nil)
	w.show(0, "one")
	key := r.cameras["one"].picture(0, true)
	for i := range 100 {
		b := make([]byte, 1180)
		b[0], b[1], b[2] = 0x65, 1, byte(i+3)
		key.Payloads = append(key.Payloads, b)
	}
	r.cameras["one"].pictures <- key
	if got := w.picture(); len(got.packets) != 103 {
		t.Fatalf("%d packets of 103", len(got.packets))
	}
}

// BenchmarkSealedSend is all of sending one picture of 8 packets to one viewer:
// sealing and the socket, whose other end forgets.
func BenchmarkSealedSend(b *testing.B) {
	now := time.Now()
	s := gateway.NewStream(gateway.StreamID{Camera: "a"}, 16<<20, now)
	s.Publish(&video.AccessUnit{Key: true, Arrived: now, Format: format, Payloads: eight})
	from := mediaSocket(b)
	to, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = to.Close() }()
	_ = to.SetReadBuffer(1) // never read: the kernel drops
	e, err := newEgress(from, &segmentation{})
	if err != nil {
		b.Fatal(err)
	}
	defer e.close()
	seal, err := newSealer(make([]byte, 16), make([]byte, sealSalt))
	if err != nil {
		b.Fatal(err)
	}
	t := &tile{peer: &Peer{gateway: empty(b), shard: newShard(e, 1), events: quietEvents, path: path{seal: seal, udp: to.LocalAddr().(*net.UDPAddr).AddrPort()}},
		open: true, feed: feed{stream: s}, shown: true, out: outbound{writer: &deaf{}, ssrc: 1, playout: 3,
			codecs: []webrtc.RTPCodecParameters{{PayloadType: 96, RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: "video/H264", SDPFmtpLine: "packetization-mode=1"}}}}}
	t.start(s.GOP(), now)
	t.clocked = true
	unit := s.GOP()[0]
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		t.pos, t.piece = 0, 0
		t.send(unit, now)
		n += len(unit.Payloads)
	}
	e.flush()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/packet")
}

// BenchmarkFloor is the least that a delivered packet can cost: sealing with
// AES-128-GCM and handing to the kernel in whole pictures, 32 with one system
// call, for 100 viewers; nothing else. Its figure is CPU time of the process.
func BenchmarkFloor(b *testing.B) {
	from := mediaSocket(b)
	var to []netip.AddrPort
	for range 100 {
		c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = c.Close() }()
		_ = c.SetReadBuffer(1) // never read: the kernel drops
		to = append(to, c.LocalAddr().(*net.UDPAddr).AddrPort())
	}
	e, err := newEgress(from, &segmentation{})
	if err != nil {
		b.Fatal(err)
	}
	defer e.close()
	block, err := aes.NewCipher(make([]byte, 16))
	if err != nil {
		b.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		b.Fatal(err)
	}
	nonce, header := make([]byte, sealSalt), make([]byte, playoutHeader)
	began, packets := cpuTime(), 0
	for b.Loop() {
		for _, addr := range to {
			out := e.room(len(eight) * (1180 + overhead))
			for _, payload := range eight {
				out = append(out, header...)
				out = aead.Seal(out, nonce, payload, header)
			}
			e.commit(out, 1180+overhead, addr)
			packets += len(eight)
		}
		e.flush()
	}
	b.ReportMetric(float64((cpuTime()-began).Nanoseconds())/float64(packets), "cpu-ns/packet")
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
