package rawio

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"syscall"
	"testing"
	"time"
)

// pair is a connection and its other end.
func pair(t *testing.T) (net.Conn, *net.TCPConn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	far, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = far.Close() })
	s, err := Stream(c.(*net.TCPConn))
	if err != nil {
		t.Fatal(err)
	}
	return s, far.(*net.TCPConn)
}

func TestStreamGivesAllThatWasSentAndThenItsEnd(t *testing.T) {
	t.Parallel()
	c, far := pair(t)
	want := bytes.Repeat([]byte("picture"), 100_000)
	sent := make(chan error, 1)
	go func() {
		_, err := far.Write(want)
		_ = far.Close()
		sent <- err
	}()
	if n, err := c.Read(nil); n != 0 || err != nil {
		t.Errorf("nothing asked for: %d, %v", n, err)
	}
	got, err := io.ReadAll(struct{ io.Reader }{c})
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes of %d, %v", len(got), len(want), err)
	}
	if err := <-sent; err != nil {
		t.Error(err)
	}
	if n, err := c.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("after the end: %d, %v", n, err)
	}
}

func TestStreamSaysThatTheOtherSideBrokeOff(t *testing.T) {
	t.Parallel()
	c, far := pair(t)
	if err := far.SetLinger(0); err != nil {
		t.Fatal(err)
	}
	_ = far.Close()
	_, err := c.Read(make([]byte, 1))
	var op *net.OpError
	if !errors.Is(err, syscall.ECONNRESET) || !errors.As(err, &op) {
		t.Errorf("got %v", err)
	}
}

// wakes has a read that waits end by its deadline and by Close.
func wakes(t *testing.T, c interface {
	SetReadDeadline(time.Time) error
	Close() error
}, read func([]byte) error) {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	err := read(make([]byte, 1))
	var timeout net.Error
	if !errors.Is(err, os.ErrDeadlineExceeded) || !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("after the deadline: %v", err)
	}
	if err := c.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- read(make([]byte, 1)) }()
	_ = c.Close()
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}

func TestWaitingReadsEndByTheirDeadlineAndByClose(t *testing.T) {
	t.Parallel()
	c, _ := pair(t)
	wakes(t, c, func(b []byte) error { _, err := c.Read(b); return err })
	u := socket(t, "127.0.0.1")
	wakes(t, u, func(b []byte) error { _, _, err := u.ReadFromUDPAddrPort(b); return err })
}

func socket(t *testing.T, host string) *UDPConn {
	t.Helper()
	c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(host), 0)))
	if err != nil {
		t.Skipf("no socket at %s: %v", host, err)
	}
	t.Cleanup(func() { _ = c.Close() })
	u, err := UDP(c)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func at(u *UDPConn, host string) netip.AddrPort {
	return netip.AddrPortFrom(netip.MustParseAddr(host), u.LocalAddr().(*net.UDPAddr).AddrPort().Port())
}

func TestDatagramsComeWholeWithTheirSender(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ from, to, source, target string }{
		{"127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1"},
		{"::1", "::1", "::1", "::1"},
		{"::", "127.0.0.1", "127.0.0.1", "127.0.0.1"},               // from a socket of both families, which knows
		{"127.0.0.1", "::", "::ffff:127.0.0.1", "127.0.0.1"},        // IPv4 addresses as mapped ones
		{"127.0.0.1", "127.0.0.1", "127.0.0.1", "::ffff:127.0.0.1"}, // to a mapped address
	} {
		a, b := socket(t, tt.from), socket(t, tt.to)
		for _, size := range []int{0, 1, 1200, 65507} {
			sent := bytes.Repeat([]byte{byte(size)}, size)
			if n, err := a.WriteToUDPAddrPort(sent, at(b, tt.target)); n != size || err != nil {
				t.Errorf("%+v: %d of %d bytes sent, %v", tt, n, size, err)
				continue
			}
			got := make([]byte, 1<<16)
			n, sender, err := b.ReadFromUDPAddrPort(got)
			if err != nil || !bytes.Equal(got[:n], sent) || sender != at(a, tt.source) {
				t.Errorf("%+v: %d of %d bytes of %v, %v", tt, n, size, sender, err)
			}
		}
	}
}

func TestNoDatagramLiesUnreadUntilTheNextOneComes(t *testing.T) {
	t.Parallel()
	a, b := socket(t, "127.0.0.1"), socket(t, "127.0.0.1")
	for _, u := range []*UDPConn{a, b} {
		if err := u.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	const times = 5000
	echoed := make(chan error, 1)
	go func() {
		buf := make([]byte, 8)
		for range times {
			n, from, err := b.ReadFromUDPAddrPort(buf)
			if err == nil {
				_, err = b.WriteToUDPAddrPort(buf[:n], from)
			}
			if err != nil {
				echoed <- err
				return
			}
		}
		echoed <- nil
	}()
	buf := make([]byte, 8)
	for i := range times {
		if _, err := a.WriteToUDPAddrPort([]byte{byte(i)}, at(b, "127.0.0.1")); err != nil {
			t.Fatal(err)
		}
		if n, _, err := a.ReadFromUDPAddrPort(buf); n != 1 || buf[0] != byte(i) || err != nil {
			t.Fatalf("datagram %d: %d bytes, %v", i, n, err)
		}
	}
	if err := <-echoed; err != nil {
		t.Error(err)
	}
}

func TestWhatCannotBeSentIsAnErrorAndNoPanic(t *testing.T) {
	t.Parallel()
	u := socket(t, "127.0.0.1")
	for _, to := range []netip.AddrPort{
		{},
		netip.AddrPortFrom(netip.MustParseAddr("2001:db8::1"), 1),
		netip.AddrPortFrom(netip.MustParseAddr("fe80::1%no-such-interface"), 1),
	} {
		if _, err := u.WriteToUDPAddrPort([]byte("x"), to); err == nil {
			t.Errorf("sent to %v", to)
		}
	}
	if _, err := u.WriteToUDPAddrPort(make([]byte, 1<<16), at(u, "127.0.0.1")); !errors.Is(err, syscall.EMSGSIZE) {
		t.Errorf("too long a datagram: %v", err)
	}
	_ = u.Close()
	if _, err := u.WriteToUDPAddrPort([]byte("x"), at(socket(t, "127.0.0.1"), "127.0.0.1")); !errors.Is(err, net.ErrClosed) {
		t.Errorf("sent on a closed socket: %v", err)
	}
}

func TestAnAnswerGoesBackOverTheLinkThatADatagramCameBy(t *testing.T) {
	t.Parallel()
	all, err := net.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range all {
		addrs, _ := i.Addrs()
		for _, a := range addrs {
			p, err := netip.ParsePrefix(a.String())
			if err != nil || !p.Addr().Is6() || !p.Addr().IsLinkLocalUnicast() {
				continue
			}
			u := socket(t, p.Addr().WithZone(i.Name).String())
			if _, err := u.WriteToUDPAddrPort([]byte("x"), at(u, p.Addr().WithZone(i.Name).String())); err != nil {
				t.Fatal(err)
			}
			_, sender, err := u.ReadFromUDPAddrPort(make([]byte, 8))
			if err != nil || sender.Addr().WithZone("") != p.Addr() {
				t.Errorf("from %v, %v", sender, err)
			}
			if _, err := u.WriteToUDPAddrPort([]byte("x"), sender); err != nil {
				t.Errorf("an answer: %v", err)
			}
			return
		}
	}
	t.Skip("no interface has a link-local address")
}
