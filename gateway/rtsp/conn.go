package rtsp

import (
	"net"
	"sync/atomic"
	"time"
)

// Bounds of a connection.
const (
	maxOpening = 256 << 10              // bytes that a camera may send before PLAY
	maxDials   = 4                      // connections of one Run, redirects and the second transport included
	farewell   = 500 * time.Millisecond // for TEARDOWN, when we end the connection
)

// guard is the connection to the camera under gortsplib. Until PLAY it bounds
// what the camera sends and how long it takes.
type guard struct {
	net.Conn
	patience time.Duration // until the next answer
	received atomic.Int64
	playing  atomic.Bool
	ending   atomic.Bool
}

// newGuard guards c, from which an answer must come within patience. It is a
// little more than gortsplib's own timeout, which does not hold while TLS
// shakes hands.
func newGuard(c net.Conn, patience time.Duration) *guard {
	g := &guard{Conn: c, patience: patience}
	g.answered()
	return g
}

// answered gives the camera time for its next answer.
func (g *guard) answered() {
	if !g.playing.Load() && !g.ending.Load() {
		_ = g.SetReadDeadline(time.Now().Add(g.patience)) // fails only where it is closed
	}
}

func (g *guard) Read(b []byte) (int, error) {
	n, err := g.Conn.Read(b)
	if total := g.received.Add(int64(n)); total > maxOpening && !g.playing.Load() {
		return 0, errTooMuch
	}
	return n, err
}

// SetWriteDeadline is gortsplib's, as long as the connection is not ending.
func (g *guard) SetWriteDeadline(t time.Time) error {
	if g.ending.Load() {
		return nil
	}
	return g.Conn.SetWriteDeadline(t)
}

// play lifts the bounds of the opening. From here on gortsplib's own timeout
// holds: packets must come within ReadTimeout.
func (g *guard) play() error {
	g.playing.Store(true)
	return g.SetReadDeadline(time.Time{})
}

// end leaves the connection a moment to say TEARDOWN.
func (g *guard) end() {
	g.ending.Store(true)
	_ = g.SetDeadline(time.Now().Add(farewell)) // fails only where it is closed
}
