package rtsp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"

	"matthan/gateway/rawio"
)

// Bounds of UDP.
const (
	udpBuffer   = 1 << 20 // bytes of socket buffer asked for: a key picture comes as one burst. The system may give less
	maxDatagram = 1 << 16 // bytes
	mtuPayload  = 1472    // bytes of a datagram that Ethernet carries whole
	portTries   = 32      // pairs of ports
	firstPort   = 10000
)

// datagrams are the two sockets, of RTP and RTCP, that a camera sends to.
// gortsplib's own read at most 1472 bytes of a datagram and can be given no
// others.
type datagrams struct {
	rtp, rtcp *rawio.UDPConn
	camera    netip.Addr // whose packets alone are taken
	ports     [2]uint16  // that the camera said it sends from; 0: it did not

	wg   sync.WaitGroup
	from [2]atomic.Uint32 // ports that it does send from; 0 before the first packet
}

// listenDatagrams opens a pair of ports, the first of them even (RFC 3550
// section 11), at the address by which the camera is reached.
func listenDatagrams(local, remote net.Addr) (*datagrams, error) {
	at, ok := local.(*net.TCPAddr)
	camera, known := remote.(*net.TCPAddr)
	if !ok || !known {
		return nil, errors.New("no TCP connection")
	}
	var last error
	for range portTries {
		port := firstPort + 2*rand.IntN((1<<16-firstPort)/2)
		rtp, err := listenDatagram(at, port, udpBuffer)
		if err != nil {
			last = err
			continue
		}
		rtcp, err := listenDatagram(at, port+1, 0)
		if err != nil {
			_ = rtp.Close()
			last = err
			continue
		}
		return &datagrams{rtp: rtp, rtcp: rtcp, camera: camera.AddrPort().Addr().Unmap()}, nil
	}
	return nil, fmt.Errorf("open a pair of UDP ports: %w", last)
}

func listenDatagram(at *net.TCPAddr, port, buffer int) (*rawio.UDPConn, error) {
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: at.IP, Zone: at.Zone, Port: port})
	if err != nil {
		return nil, err
	}
	if buffer > 0 {
		_ = c.SetReadBuffer(buffer) // a smaller one works too
	}
	return rawio.UDP(c)
}

func (d *datagrams) port() int { return d.rtp.LocalAddr().(*net.UDPAddr).Port }

// start takes what comes until close. The functions are called from one
// goroutine each; the memory is theirs for the call.
func (d *datagrams) start(rtp, rtcp func([]byte), shield func()) {
	d.wg.Go(func() {
		defer shield()
		d.read(d.rtp, &d.from[0], maxDatagram, rtp)
	})
	d.wg.Go(func() {
		defer shield()
		d.read(d.rtcp, &d.from[1], mtuPayload, rtcp)
	})
}

// read takes packets of the camera alone, and of the port that it sent the
// first one from: old ones announce no port or a wrong one.
func (d *datagrams) read(c *rawio.UDPConn, from *atomic.Uint32, size int, take func([]byte)) {
	b := make([]byte, size)
	for {
		n, at, err := c.ReadFromUDPAddrPort(b)
		if err != nil {
			return
		}
		if at.Addr().Unmap().WithZone(d.camera.Zone()) != d.camera {
			continue
		}
		if from.CompareAndSwap(0, uint32(at.Port())) || from.Load() == uint32(at.Port()) {
			take(b[:n])
		}
	}
}

// greet opens the firewalls between with a packet each, before PLAY.
func (d *datagrams) greet(ours uint32) {
	if d.ports[0] != 0 {
		empty := make([]byte, rtpHead)
		empty[0] = rtpVersion << 6
		d.send(d.rtp, d.ports[0], empty)
	}
	d.report(binary.BigEndian.AppendUint32([]byte{rtpVersion << 6, senderReport + 1, 0, 1}, ours))
}

// report sends RTCP where the camera's own comes from, or else where it said.
func (d *datagrams) report(b []byte) {
	port := d.ports[1]
	if from := d.from[1].Load(); from != 0 {
		port = uint16(from)
	}
	if port != 0 {
		d.send(d.rtcp, port, b)
	}
}

func (d *datagrams) send(c *rawio.UDPConn, port uint16, b []byte) {
	_, _ = c.WriteToUDPAddrPort(b, netip.AddrPortFrom(d.camera, port)) // lost like any datagram
}

// close ends the reading and waits for it.
func (d *datagrams) close() {
	_ = d.rtp.Close()
	_ = d.rtcp.Close()
	d.wg.Wait()
}
