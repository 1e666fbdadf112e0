package rtc

import (
	"fmt"
	"net"
	"net/netip"
	"time"

	"matthan/gateway/rawio"
)

// Kernel buffers of the media socket. A GOP sent to a few viewers at once is
// some hundred kilobytes; the kernel may cap what it grants (net.core.wmem_max).
const socketBuffer = 4 << 20

// socket is the UDP socket of all viewers. What its guard does not admit nobody
// reads.
type socket struct {
	*rawio.UDPConn
	guard    *guard
	consents *consents
	opened   time.Time
	answer   [128]byte // the reader's
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
		if err != nil {
			return n, a, err
		}
		if !s.guard.admits(b[:n], a, time.Since(s.opened)) {
			continue
		}
		if reply := s.consents.reply(s.answer[:0], b[:n], a); reply != nil {
			_, _ = s.WriteToUDPAddrPort(reply, a) // lost, as on the wire: the viewer asks again
			continue
		}
		return len(s.consents.hears(b[:n], a, time.Now())), a, nil
	}
}

// WriteTo implements net.PacketConn.
func (s *socket) WriteTo(b []byte, a net.Addr) (int, error) {
	to, ok := a.(*net.UDPAddr)
	if !ok {
		return 0, net.UnknownNetworkError(a.Network())
	}
	return s.WriteToAddrPort(b, to.AddrPort())
}

// WriteToAddrPort implements ice.AddrPortReaderWriter.
func (s *socket) WriteToAddrPort(b []byte, a netip.AddrPort) (int, error) {
	return s.UDPConn.WriteToUDPAddrPort(b, a)
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
	raw, err := rawio.UDP(c)
	if err != nil {
		return nil, 0, fmt.Errorf("webrtc.udp: %w", err)
	}
	return &socket{UDPConn: raw, guard: newGuard(), consents: newConsents(), opened: time.Now()}, raw.LocalAddr().(*net.UDPAddr).Port, nil
}
