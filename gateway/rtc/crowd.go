package rtc

import (
	"net"
	"net/netip"
	"sync"
)

// A viewer needs one ICE-TCP connection, and opens one for each address that is
// announced. A station's viewers share an address.
const (
	tcpPerPeer    = 4
	tcpPerAddress = 512
)

// crowd is a listener that closes connections beyond its bounds at once. pion
// keeps each for a while, whoever it is from.
type crowd struct {
	net.Listener
	all, each int // bounds: of connections, and of those from one address

	mu   sync.Mutex
	open int
	from map[netip.Addr]int
}

func newCrowd(l net.Listener, all, each int) *crowd {
	return &crowd{Listener: l, all: all, each: each, from: map[netip.Addr]int{}}
}

// Accept implements net.Listener.
func (c *crowd) Accept() (net.Conn, error) {
	for {
		conn, err := c.Listener.Accept()
		if err != nil {
			return nil, err
		}
		a, err := netip.ParseAddrPort(conn.RemoteAddr().String())
		if err != nil || !c.enter(a.Addr()) {
			_ = conn.Close()
			continue
		}
		return &counted{Conn: conn, leave: sync.OnceFunc(func() { c.leave(a.Addr()) })}, nil
	}
}

func (c *crowd) enter(a netip.Addr) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open >= c.all || c.from[a] >= c.each {
		return false
	}
	c.open++
	c.from[a]++
	return true
}

func (c *crowd) leave(a netip.Addr) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open--
	if c.from[a]--; c.from[a] == 0 {
		delete(c.from, a)
	}
}

// counted is a connection that leaves its crowd when it is closed.
type counted struct {
	net.Conn
	leave func()
}

// Close implements net.Conn.
func (c *counted) Close() error {
	c.leave()
	return c.Conn.Close()
}
