package rtc

import (
	"encoding/binary"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/webrtc/v4"
	"golang.org/x/sys/unix"
)

// forger returns a function that sends a UDP packet with any IPv4 source
// address. It needs a raw socket, which root has.
func forger(t *testing.T) func(from, to netip.AddrPort, b []byte) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.IPPROTO_RAW)
	if err != nil {
		t.Skipf("forging addresses needs root: %v", err)
	}
	t.Cleanup(func() { _ = unix.Close(fd) })
	return func(from, to netip.AddrPort, b []byte) {
		src, dst := from.Addr().As4(), to.Addr().As4()
		p := make([]byte, 28+len(b)) // RFC 791 section 3.1, RFC 768
		p[0], p[8], p[9] = 0x45, 64, unix.IPPROTO_UDP
		binary.BigEndian.PutUint16(p[2:], uint16(len(p)))
		copy(p[12:], src[:])
		copy(p[16:], dst[:])
		binary.BigEndian.PutUint16(p[20:], from.Port())
		binary.BigEndian.PutUint16(p[22:], to.Port())
		binary.BigEndian.PutUint16(p[24:], uint16(8+len(b)))
		copy(p[28:], b)
		_ = unix.Sendto(fd, p, 0, &unix.SockaddrInet4{Addr: dst}) // what the kernel cannot take is lost, as on the wire
	}
}

func TestPacketsWithAViewersForgedAddressDoNotEndItsPictures(t *testing.T) {
	t.Parallel()
	forge := forger(t)
	r := newRig(t, Config{})
	w := r.steady("one", local)
	viewer := w.path().udp
	for name, bad := range badPackets(t) {
		for range 10 {
			for range 20 {
				forge(viewer, r.port(), bad())
				if b := bad(); !stray(b) { // which pion's viewer obeys, unlike browsers
					forge(r.port(), viewer, b)
				}
			}
			w.pictures(1)
		}
		if st := w.peer.pc.ConnectionState(); st != webrtc.PeerConnectionStateConnected {
			t.Fatalf("%s: the viewer is %s", name, st)
		}
	}
	w.check()
	if r.g.guard.stray.Load() == 0 {
		t.Error("the guard has seen no forged alert")
	}
}

func TestAFloodWithAViewersForgedAddressDoesNotEndItsPictures(t *testing.T) {
	t.Parallel()
	forge := forger(t)
	r := newRig(t, Config{})
	w := r.steady("one", local)
	viewer := w.path().udp
	for name, bad := range badPackets(t) {
		for range 5000 {
			forge(viewer, r.port(), bad())
		}
		w.pictures(1)
		if st := w.peer.pc.SCTP().Transport().State(); st != webrtc.DTLSTransportStateConnected {
			t.Fatalf("%s: DTLS is %s", name, st)
		}
	}
	w.pictures(20)
	w.check()
	if r.g.guard.flooded.Load() == 0 {
		t.Error("the guard has let all of the flood through")
	}
}

// An attacker who knows a viewer's address before it connects, and forges it, may
// win: pion takes the first ClientHello, with a cookie or without.
func TestAForgedClientHelloRaceCostsThatHandshakeAtMost(t *testing.T) {
	t.Parallel()
	forge := forger(t)
	r := newRig(t, Config{})
	other := r.steady("two", local)
	wait := r.g.connectWait
	r.g.connectWait = 500 * time.Millisecond // a handshake that lost hangs
	hello := clientHello(t)
	for range 3 {
		c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			t.Fatal(err)
		}
		viewer := c.LocalAddr().(*net.UDPAddr).AddrPort()
		stop := throughout(t, 2, func() { forge(viewer, r.port(), hello) })
		pc := client(t, func(s *webrtc.SettingEngine) {
			local(s)
			s.SetICEUDPMux(ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: c}))
		})
		peer := r.offered(pc, func(s string) string { return s })
		until(t, "the end of the handshake", func() bool {
			other.pictures(1)
			return over(peer) || peer.pc.ConnectionState() == webrtc.PeerConnectionStateConnected
		})
		stop()
		if over(peer) {
			until(t, "its place is free", func() bool { return r.g.Peers() == 1 })
		}
		peer.Close()
		_ = pc.Close()
		_ = c.Close()
	}
	r.g.connectWait = wait
	r.steady("one", local).check() // the next attempt
	other.check()
}
