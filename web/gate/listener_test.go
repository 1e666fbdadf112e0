package gate

import (
	"io"
	"net"
	"testing"
	"time"
)

// remote is a connection that says it comes from elsewhere.
type remote struct {
	net.Conn
	addr string
}

func (r remote) RemoteAddr() net.Addr {
	a, err := net.ResolveTCPAddr("tcp", r.addr)
	if err != nil {
		panic(err)
	}
	return a
}

// source gives a listener's connections.
type source struct {
	net.Listener
	conns chan net.Conn
}

func (s source) Accept() (net.Conn, error) {
	c, ok := <-s.conns
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func TestConnectionsOfOneAddressAreBounded(t *testing.T) {
	t.Parallel()
	in := source{conns: make(chan net.Conn, 16)}
	l := Listen(in, 5, 2)
	far := map[string]net.Conn{}
	for _, addr := range []string{"192.0.2.1:1", "192.0.2.1:2", "192.0.2.1:3", "[2001:db8::1]:1", "[2001:db8::2]:2", "[2001:db8::3]:3", "127.0.0.1:1", "127.0.0.1:2"} {
		a, b := net.Pipe()
		far[addr] = b
		in.conns <- remote{a, addr}
	}
	close(in.conns)
	var open []net.Conn
	for {
		c, err := l.Accept()
		if err != nil {
			break
		}
		open = append(open, c)
	}
	for addr, refused := range map[string]bool{"192.0.2.1:2": false, "192.0.2.1:3": true, "[2001:db8::2]:2": false, "[2001:db8::3]:3": true, "127.0.0.1:1": false, "127.0.0.1:2": true} {
		_ = far[addr].SetReadDeadline(time.Now().Add(time.Millisecond))
		if _, err := far[addr].Read(make([]byte, 1)); (err == io.EOF) != refused {
			t.Errorf("%s: %v", addr, err)
		}
	}
	for _, c := range open {
		_, _ = c.Close(), c.Close() // twice counts once
	}
	if got := l.(*listener); len(open) != 5 || got.count != 0 || len(got.open) != 0 {
		t.Errorf("%d were open, %d are still counted", len(open), got.count)
	}
}
