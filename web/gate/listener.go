package gate

import (
	"net"
	"net/http"
	"sync"

	"matthan/auth"
)

// Listen bounds the connections of a listener, in all and from one address (of
// IPv6 the /64). Those beyond are closed before anything is read of them. A
// connection from this machine counts in all only: a proxy here brings
// everybody's.
func Listen(l net.Listener, all, perAddress int) net.Listener {
	return &listener{Listener: l, all: all, each: perAddress, open: map[string]int{}}
}

type listener struct {
	net.Listener
	all, each int

	mu    sync.Mutex
	count int
	open  map[string]int // by source
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		source := auth.Source(&http.Request{RemoteAddr: c.RemoteAddr().String()})
		if l.enter(source) {
			return &conn{Conn: c, leave: sync.OnceFunc(func() { l.leave(source) })}, nil
		}
		_ = c.Close() // it was refused
	}
}

func (l *listener) enter(source string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	ours := source == "127.0.0.1" || source == "::/64"
	if l.count >= l.all || !ours && l.open[source] >= l.each {
		return false
	}
	l.count++
	l.open[source]++
	return true
}

func (l *listener) leave(source string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count--
	if l.open[source]--; l.open[source] <= 0 {
		delete(l.open, source)
	}
}

type conn struct {
	net.Conn
	leave func()
}

// Close implements net.Conn.
func (c *conn) Close() error {
	c.leave()
	return c.Conn.Close()
}
