package rtc

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"sync/atomic"
)

// Kernel buffers of the media socket. A GOP sent to a few viewers at once is
// some hundred kilobytes; the kernel may cap what it grants (net.core.wmem_max).
const socketBuffer = 4 << 20

// socket is the UDP socket of one local address. It drops forged plaintext
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

// listenUDP opens the media port: one socket for the address given, or, where
// it names none, one for each of this machine's addresses, so that an answer
// leaves from the address it was asked at. With port 0 the first socket's port
// serves them all.
func listenUDP(address string) ([]*socket, int, error) {
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return nil, 0, fmt.Errorf("webrtc.udp %q: %w", address, err)
	}
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return nil, 0, fmt.Errorf("webrtc.udp %q: the port must be a number from 0 to 65535", address)
	}
	ips := []netip.Addr{}
	if ip, err := netip.ParseAddr(host); err == nil && !ip.IsUnspecified() {
		ips = append(ips, ip)
	} else if ips, err = localAddresses(); err != nil {
		return nil, 0, err
	}
	var socks []*socket
	for _, ip := range ips {
		c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(ip, uint16(port))))
		if err != nil {
			if ip.Is6() && len(socks) > 0 {
				continue // an interface may have an IPv6 address that cannot be bound yet (tentative)
			}
			for _, s := range socks {
				_ = s.Close()
			}
			return nil, 0, fmt.Errorf("webrtc.udp: listen on %s port %d: %w", ip, port, err)
		}
		// The kernel grants what it may; less is no error.
		_ = c.SetReadBuffer(socketBuffer)
		_ = c.SetWriteBuffer(socketBuffer)
		socks = append(socks, &socket{UDPConn: c})
		port = uint64(c.LocalAddr().(*net.UDPAddr).Port)
	}
	if len(socks) == 0 {
		return nil, 0, errors.New("webrtc.udp: this machine has no address to listen on")
	}
	return socks, int(port), nil
}

// localAddresses are this machine's unicast addresses, link-local ones left
// out since browsers cannot use them without a zone.
func localAddresses() ([]netip.Addr, error) {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("list network addresses: %w", err)
	}
	var v4, v6 []netip.Addr
	for _, a := range addrs {
		n, ok := a.(*net.IPNet)
		if !ok {
			continue
		}
		ip, ok := netip.AddrFromSlice(n.IP)
		if ip = ip.Unmap(); !ok || ip.IsLinkLocalUnicast() {
			continue
		}
		if ip.Is4() {
			v4 = append(v4, ip)
		} else {
			v6 = append(v6, ip)
		}
	}
	return append(v4, v6...), nil
}
