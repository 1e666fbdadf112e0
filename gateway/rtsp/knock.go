package rtsp

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"

	"matthan/gateway"
)

// maxGreeting is how many bytes of an answer Knock reads.
const maxGreeting = 512

// Knock asks a camera's host whether it answers RTSP, until ctx ends: OPTIONS
// (RFC 2326 section 10.1), whose answer may be any. No login is shown, and no
// certificate asked for: nothing that is told is a secret. The error is one as of
// Source.Run.
func Knock(ctx context.Context, cfg Config) error {
	s, err := New(cfg)
	if err != nil {
		return gateway.Fail(gateway.CauseInternal, err)
	}
	c, err := (&net.Dialer{Control: s.permitted}).DialContext(ctx, "tcp", s.address)
	if err != nil {
		return knockFailed(err)
	}
	defer func() { _ = c.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = c.Close() })
	defer stop()
	if s.url.Scheme == "rtsps" {
		c = tls.Client(c, &tls.Config{InsecureSkipVerify: true, ServerName: s.url.Hostname()})
	}
	// Paths and queries of some makes hold the login, and are left out.
	if _, err = fmt.Fprintf(c, "OPTIONS %s://%s/ RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: Matthan\r\n\r\n", s.url.Scheme, s.url.Host); err != nil {
		return knockFailed(err)
	}
	line, err := bufio.NewReaderSize(c, maxGreeting).ReadSlice('\n')
	switch {
	case strings.HasPrefix(string(line), "RTSP/"):
		return nil
	case len(line) > 0:
		return gateway.Fail(gateway.CauseProtocol, errors.New("something else than RTSP answers"))
	}
	return knockFailed(err)
}

// knockFailed names why nobody answered. Its text holds no address.
func knockFailed(err error) error {
	if errors.Is(err, gateway.ErrOutOfReach) {
		return gateway.Fail(gateway.CauseOutOfReach, gateway.ErrOutOfReach)
	}
	return gateway.Fail(gateway.CauseUnreachable, errors.New("nobody answers"))
}
