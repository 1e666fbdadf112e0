package rtsp

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4/pkg/conn"
	"github.com/pion/rtp"
)

// endless is a connection on which the same bytes come again and again.
type endless struct {
	net.Conn
	b  []byte
	at int
}

func (e *endless) Read(b []byte) (int, error) {
	n := copy(b, e.b[e.at:])
	e.at = (e.at + n) % len(e.b)
	return n, nil
}

func (e *endless) Write(b []byte) (int, error)     { return len(b), nil }
func (e *endless) SetReadDeadline(time.Time) error { return nil }
func (e *endless) SetDeadline(time.Time) error     { return nil }

// BenchmarkGuardRead is the cost of a packet of 1400 bytes between the socket
// and the assembler.
func BenchmarkGuardRead(b *testing.B) {
	packet := header{kind: 96, ssrc: 1}.packet(make([]byte, 1400))
	frame := append([]byte{'$', 0, byte(len(packet) >> 8), byte(len(packet))}, packet...)
	b.Run("guard", func(b *testing.B) {
		b.ReportAllocs()
		n := 0
		g := newGuard(&endless{b: frame}, time.Minute, nil, func() {})
		g.packet = func(_ byte, p []byte) {
			if _, _, ok := readRTP(p); ok {
				n++
			}
			if n == b.N {
				g.text = []byte{1}
			}
		}
		g.playing.Store(true)
		if _, err := io.ReadFull(g, make([]byte, 1)); err != nil || n != b.N {
			b.Fatal(n, err)
		}
	})
	b.Run("gortsplib", func(b *testing.B) {
		b.ReportAllocs()
		c := conn.NewConn(&endless{b: frame})
		for range b.N {
			f, err := c.ReadInterleavedFrame()
			if err != nil {
				b.Fatal(err)
			}
			var p rtp.Packet
			if err := p.Unmarshal(f.Payload); err != nil {
				b.Fatal(err)
			}
		}
	})
}
