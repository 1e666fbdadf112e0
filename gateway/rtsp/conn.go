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

// guard is the connection to the camera under gortsplib, which gets the RTSP
// messages of it alone: interleaved packets go to packet, from the goroutine
// that reads. gortsplib would copy each twice, and drop those whose SSRC is not
// the first one's. Until PLAY guard bounds what the camera sends and how long
// it takes.
type guard struct {
	net.Conn
	packet   func(channel byte, b []byte) // takes an RTP or RTCP packet, once it plays; the memory is guard's
	shield   func()                       // is deferred around all that is ours
	patience time.Duration                // until the next answer
	received atomic.Int64
	playing  atomic.Bool
	ending   atomic.Bool
	closed   atomic.Bool

	stream  splitter
	text    []byte // of a message, for gortsplib
	others  meter  // what is no packet, from PLAY on
	counted int    // of stream.others
}

// newGuard guards c, from which an answer must come within patience. It is a
// little more than gortsplib's own timeout.
func newGuard(c net.Conn, patience time.Duration, packet func(byte, []byte), shield func()) *guard {
	g := &guard{Conn: c, patience: patience, packet: packet, shield: shield}
	g.answered()
	return g
}

// answered gives the camera time for its next answer.
func (g *guard) answered() {
	if !g.playing.Load() && !g.ending.Load() {
		_ = g.SetReadDeadline(time.Now().Add(g.patience)) // fails only where it is closed
	}
}

// Read gives gortsplib the next part of an RTSP message, and takes the packets
// before it. A panic closes the connection, which the next Read says.
func (g *guard) Read(b []byte) (n int, err error) {
	defer g.shield()
	for !g.closed.Load() {
		if len(g.text) > 0 {
			n := copy(b, g.text)
			g.text = g.text[n:]
			return n, nil
		}
		var frame []byte
		if frame, g.text = g.stream.next(); frame != nil {
			if g.playing.Load() {
				g.packet(frame[1], frame[frameHead:])
			}
		} else if g.text == nil {
			if err := g.receive(); err != nil {
				return 0, err
			}
		}
	}
	return 0, net.ErrClosed
}

// Close has nothing taken any more, not even what was received.
func (g *guard) Close() error {
	g.closed.Store(true)
	return g.Conn.Close()
}

func (g *guard) receive() error {
	n, err := g.Conn.Read(g.stream.room())
	g.stream.taken(n)
	if total := g.received.Add(int64(n)); total > maxOpening && !g.playing.Load() {
		return errTooMuch
	}
	if g.stream.garbage > maxGarbage {
		return errGarbage
	}
	if others := g.stream.others - g.counted; others > 0 && g.playing.Load() && g.others.over(time.Now(), others, othersRate, maxGarbage) {
		return errFlood
	}
	g.counted = g.stream.others
	if n > 0 {
		return nil // the error comes again
	}
	return err
}

// SetWriteDeadline is gortsplib's, as long as the connection is not ending.
func (g *guard) SetWriteDeadline(t time.Time) error {
	if g.ending.Load() {
		return nil
	}
	return g.Conn.SetWriteDeadline(t)
}

// play lifts the bounds of the opening. From here on media.silent tells when
// a camera has fallen silent.
func (g *guard) play() error {
	g.playing.Store(true)
	return g.SetReadDeadline(time.Time{})
}

// end leaves the connection a moment to say TEARDOWN.
func (g *guard) end() {
	g.ending.Store(true)
	_ = g.SetDeadline(time.Now().Add(farewell)) // fails only where it is closed
}
