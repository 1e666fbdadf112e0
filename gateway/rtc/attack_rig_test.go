package rtc

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"matthan/gateway"
)

// steady is a viewer that watches a camera through whatever is done to it, and
// asks for lost packets as a browser does.
type steady struct {
	*watcher
	camera *fakeCamera
	sent   int            // pictures of the camera
	got    map[int]byte   // by picture: a bit for each of its packets
	place  map[uint64]int // by extended sequence number: three times the picture, and the packet in it
	high   uint64         // highest of these; numbers begin at 1<<32
}

// keyEvery is how many pictures a steady viewer's camera makes of each key picture.
const keyEvery = 40

func (r *rig) steady(id gateway.CameraID, change func(*webrtc.SettingEngine)) *steady {
	r.t.Helper()
	s := &steady{watcher: r.watch(1, change), camera: r.cameras[id], got: map[int]byte{}, place: map[uint64]int{}}
	s.show(0, id)
	s.pictures(1)
	return s
}

// local keeps a pion client to loopback, where its address can be forged.
func local(s *webrtc.SettingEngine) { s.SetIPFilter(func(ip net.IP) bool { return ip.IsLoopback() }) }

// pictures has the camera make n pictures, one after the other, and waits until
// each has come whole.
func (s *steady) pictures(n int) {
	s.t.Helper()
	for range n {
		last := s.sent
		s.shoot()
		deadline := time.Now().Add(patience)
		for s.got[last] != 7 {
			select {
			case p := <-s.packets:
				s.take(p)
			case <-time.After(100 * time.Millisecond):
				s.askAgain()
			}
			if time.Now().After(deadline) {
				s.t.Fatalf("picture %d did not come: the peer is %s, the viewer %s", last, s.peer.pc.ConnectionState(), s.pc.ConnectionState())
			}
		}
	}
}

func (s *steady) shoot() {
	s.camera.send(s.t, s.sent, s.sent%keyEvery == 0)
	s.sent++
}

func (s *steady) take(p *rtp.Packet) {
	s.t.Helper()
	if len(p.Payload) != 200 || p.Payload[1] != s.camera.id || p.Payload[2] > 2 {
		s.t.Fatalf("a packet that the camera did not send: % x", p.Payload)
	}
	if s.high == 0 {
		s.high = 1<<32 | uint64(p.SequenceNumber)
	}
	seq := s.high + uint64(int64(int16(p.SequenceNumber-uint16(s.high))))
	s.high = max(s.high, seq)
	number := int(binary.BigEndian.Uint32(p.Payload[3:]))
	s.place[seq] = 3*number + int(p.Payload[2])
	s.got[number] |= 1 << p.Payload[2]
}

// askAgain sends a NACK for what is missing, or may be at the end. The next
// picture lets pion look for the answer.
func (s *steady) askAgain() {
	s.t.Helper()
	if s.high == 0 {
		return // nothing has come, and what is to come begins with the picture that was sent
	}
	var missing []uint16
	for seq := s.high - 60; seq <= s.high+6; seq++ {
		if _, ok := s.place[seq]; !ok {
			missing = append(missing, uint16(seq))
		}
	}
	nack := &rtcp.TransportLayerNack{MediaSSRC: s.ssrc(), Nacks: rtcp.NackPairsFromSequenceNumbers(missing)}
	_ = s.pc.WriteRTCP([]rtcp.Packet{nack}) // it may not be connected yet, or any more
	s.shoot()
}

// ssrc is that of the viewer's only track.
func (s *steady) ssrc() uint32 {
	return uint32(s.pc.GetReceivers()[0].Track().SSRC())
}

// check makes sure that all pictures came, in the order of the camera but for
// starts from a key picture.
func (s *steady) check() {
	s.t.Helper()
	s.pictures(1)
	for n := range s.sent - 1 {
		if s.got[n] != 7 {
			s.t.Errorf("picture %d of %d came with the packets %03b", n, s.sent, s.got[n])
		}
	}
	var seqs []uint64
	for seq := range s.place {
		seqs = append(seqs, seq)
	}
	slices.Sort(seqs)
	for i, seq := range seqs[1:] {
		before, at := s.place[seqs[i]], s.place[seq]
		if at != before+1 && at%(3*keyEvery) != 0 {
			s.t.Errorf("packet %d of picture %d follows packet %d of picture %d", at%3, at/3, before%3, before/3)
		}
	}
}

// port is the gateway's.
func (r *rig) port() netip.AddrPort {
	return netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(r.g.UDPPort()))
}

// stranger is a socket that sends to one port.
func stranger(t *testing.T, to netip.AddrPort) *net.UDPConn {
	t.Helper()
	c, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(to))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// throughout calls f again and again, by n goroutines, until the returned
// function is called, which waits for them. They rest after some calls: what is
// tested is the gateway, not the machine.
func throughout(t *testing.T, n int, f func()) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			for ctx.Err() == nil {
				for range 20 {
					f()
				}
				select {
				case <-ctx.Done():
				case <-time.After(time.Millisecond):
				}
			}
		})
	}
	stop = func() { cancel(); wg.Wait() }
	t.Cleanup(stop)
	return stop
}

// clientHello is the first datagram of a real DTLS client.
func clientHello(t *testing.T) []byte {
	t.Helper()
	server, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	socket, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = socket.Close() }()
	c, err := dtls.ClientWithOptions(socket, server.LocalAddr(), dtls.WithInsecureSkipVerify(true), dtls.WithSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { _ = c.HandshakeContext(ctx) })
	defer func() { cancel(); wg.Wait(); _ = c.Close() }()
	b := make([]byte, 2000)
	_ = server.SetReadDeadline(time.Now().Add(patience))
	n, err := server.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return b[:n]
}

// garbage returns n random bytes that begin with head.
func garbage(n int, head ...byte) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rand.Uint32())
	}
	copy(b, head)
	return b
}

// badPackets are what an attacker may send, by name. Each call makes another.
func badPackets(t *testing.T) map[string]func() []byte {
	hello := clientHello(t)
	any := func(n int) int { return rand.IntN(n) }
	length := func(b []byte) []byte { // a STUN or DTLS length that fits
		if b[0] < 4 {
			binary.BigEndian.PutUint16(b[2:], uint16(len(b)-stunHeader))
		} else {
			binary.BigEndian.PutUint16(b[11:], uint16(len(b)-dtlsHeader))
		}
		return b
	}
	return map[string]func() []byte{
		"plaintext alert, close":    func() []byte { return []byte{21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 99, 0, 2, 1, 0} },
		"plaintext alert, fatal":    func() []byte { return []byte{21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 98, 0, 2, 2, 40} },
		"plaintext data":            func() []byte { return []byte{23, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 97, 0, 1, 1} },
		"ChangeCipherSpec":          func() []byte { return []byte{20, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 96, 0, 1, 1} },
		"none of epoch 1":           func() []byte { return []byte{20, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 95, 0, 2, 2, 2} },
		"no ChangeCipherSpec":       func() []byte { return []byte{20, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 95, 0, 1, 2} },
		"alert of epoch 1":          func() []byte { return []byte{21, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 97, 0, 2, 2, 40} },
		"SRTP with a wrong tag":     func() []byte { return garbage(200, 0x80, 96) },
		"SRTP cut short":            func() []byte { return garbage(1+any(14), 0x80) },
		"SRTP with a wild header":   func() []byte { return garbage(60, 0x80|byte(any(64))) },
		"SRTCP with a wrong tag":    func() []byte { return garbage(60, 0x81, 205, 0, 3) },
		"SRTCP cut short":           func() []byte { return garbage(2+any(30), 0x80, 201) },
		"SRTCP with a wild header":  func() []byte { return garbage(60, 0x80|byte(any(64)), 192+byte(any(32))) },
		"STUN with wild attributes": func() []byte { return length(garbage(60, 0, 1, 0, 40, 0x21, 0x12, 0xa4, 0x42)) },
		"STUN cut short":            func() []byte { return garbage(1+any(27), 0, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42) },
		"STUN of a wild type":       func() []byte { return length(garbage(28, byte(any(4)), byte(any(256)), 0, 8, 0x21, 0x12, 0xa4, 0x42)) },
		"DTLS with wild records":    func() []byte { return length(garbage(80, 20+byte(any(4)), 0xfe, 0xfd, 0, byte(any(2)))) },
		"DTLS handshake garbage":    func() []byte { return length(garbage(80, 22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, byte(any(9)))) },
		"DTLS cut short":            func() []byte { return hello[:1+any(len(hello)-1)] },
		"ClientHello":               func() []byte { return hello },
		"anything":                  func() []byte { return garbage(1 + any(1200)) },
	}
}
