package rtc

import (
	"fmt"
	"net"
	"net/netip"
	"sync/atomic"
)

// Kernel buffers of the media socket. A GOP sent to a few viewers at once is
// some hundred kilobytes; the kernel may cap what it grants (net.core.wmem_max).
const socketBuffer = 4 << 20

// socket is the UDP socket of all viewers. It drops forged plaintext
// DTLS alerts before anybody obeys them.
type socket struct {
	*net.UDPConn
	alerts atomic.Uint64 // plaintext alerts dropped
}

// ReadFrom implements net.PacketConn.
func (s *socket) ReadFrom(b []byte) (int, net.Addr, error) {
	n, a, err := s.ReadFromAddrPort(b)
	return n, net.UDPAddrFromAddrPort(a), err
}

// ReadFromAddrPort implements ice.AddrPortReaderWriter.
func (s *socket) ReadFromAddrPort(b []byte) (int, netip.AddrPort, error) {
	for {
		n, a, err := s.UDPConn.ReadFromUDPAddrPort(b)
		if err == nil && plainAlert(b[:n]) {
			s.alerts.Add(1)
			continue
		}
		return n, a, err
	}
}

// WriteToAddrPort implements ice.AddrPortReaderWriter.
func (s *socket) WriteToAddrPort(b []byte, a netip.AddrPort) (int, error) {
	return s.UDPConn.WriteToUDPAddrPort(b, a)
}

// plainAlert tells a datagram that holds a DTLS alert without protection
// (epoch 0, RFC 6347 section 4.1). pion/dtls before v3.1.15 obeyed one at any
// time, so that a single forged packet ended a viewer's stream; this is the
// second net. A true one that is lost during the handshake costs its time-out.
func plainAlert(b []byte) bool {
	if len(b) < 13 || b[0] < 20 || b[0] > 63 { // RFC 7983: not DTLS
		return false
	}
	for len(b) >= 13 {
		n := 13 + int(b[11])<<8 + int(b[12])
		if b[0] == 21 && b[3] == 0 && b[4] == 0 {
			return true
		}
		if b[0] < 20 || b[0] > 26 || n > len(b) {
			return false
		}
		b = b[n:]
	}
	return false
}

// listenUDP opens the media port. An address without a host is all of this
// machine's, IPv4 and IPv6, also those that it gets later; answers then leave
// from the address that the system prefers towards the viewer.
func listenUDP(address string) (*socket, int, error) {
	a, err := net.ResolveUDPAddr("udp", address)
	if err != nil {
		return nil, 0, fmt.Errorf("webrtc.udp %q: %w", address, err)
	}
	c, err := net.ListenUDP("udp", a)
	if err != nil {
		return nil, 0, fmt.Errorf("webrtc.udp: listen on %s: %w", address, err)
	}
	// The kernel grants what it may; less is no error.
	_ = c.SetReadBuffer(socketBuffer)
	_ = c.SetWriteBuffer(socketBuffer)
	return &socket{UDPConn: c}, c.LocalAddr().(*net.UDPAddr).Port, nil
}
