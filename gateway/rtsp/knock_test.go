package rtsp

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"matthan/gateway"
)

func TestAKnockTellsWhetherAnybodyAnswersAndShowsNoLogin(t *testing.T) {
	t.Parallel()
	said := make(chan string, 1)
	answering := func(text string) func(net.Conn) {
		return func(c net.Conn) {
			b := make([]byte, 1024)
			n, _ := c.Read(b)
			select {
			case said <- string(b[:n]):
			default:
			}
			_, _ = io.WriteString(c, text)
		}
	}
	for _, c := range []struct {
		name  string
		serve func(net.Conn)
		cause gateway.Cause // "": it answers
	}{
		{"it asks for a login", answering("RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n\r\n"), ""},
		{"it knows no such path", answering("RTSP/1.0 404 Not Found\r\n\r\n"), ""},
		{"a web server", answering("HTTP/1.1 400 Bad Request\r\n\r\n"), gateway.CauseProtocol},
		{"a line without an end", answering(strings.Repeat("x", 4096)), gateway.CauseProtocol},
		{"it hangs", func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, gateway.CauseUnreachable},
		{"it hangs up", func(net.Conn) {}, gateway.CauseUnreachable},
	} {
		t.Run(c.name, func(t *testing.T) {
			address, _ := listenTCP(t, c.serve)
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			if c.cause == "" {
				ctx, cancel = context.WithTimeout(t.Context(), time.Minute)
			}
			defer cancel()
			err := Knock(ctx, Config{URL: "rtsp://" + address + "/user=viewer_password=chim-hoang/main?password=chim-hoang", Login: gateway.Login{User: "viewer", Password: canary}})
			if got := gateway.CauseOf(err); err == nil && c.cause != "" || err != nil && got != c.cause {
				t.Errorf("%v, want %q", err, c.cause)
			}
			if strings.Contains(fmt.Sprint(err), address) {
				t.Errorf("%v tells the address", err)
			}
		})
	}
	if is := <-said; !strings.HasPrefix(is, "OPTIONS rtsp://127.0.0.1:") || strings.Contains(is, "chim") || strings.Contains(is, "viewer") {
		t.Errorf("it was asked %q", is)
	}
}

func TestNobodyKnocksWhereNothingMayBeDialled(t *testing.T) {
	t.Parallel()
	address, dials := listenTCP(t, func(net.Conn) {})
	err := Knock(t.Context(), Config{URL: "rtsp://" + address + "/", Permit: func(netip.AddrPort) error { return gateway.ErrOutOfReach }})
	if gateway.CauseOf(err) != gateway.CauseOutOfReach || dials.Load() != 0 {
		t.Errorf("%v, %d connections", err, dials.Load())
	}
}

func TestAKnockAtACameraWithTLSAsksForNoCertificate(t *testing.T) {
	t.Parallel()
	certs, _ := certificate(t)
	c := (&raw{certs: certs}).start(t)
	if err := Knock(t.Context(), Config{URL: c.url()}); err != nil {
		t.Fatal(err)
	}
	if asked := c.requests("OPTIONS"); len(asked) != 1 {
		t.Errorf("%d requests", len(asked))
	}
}
