//go:build !linux

package rtc

import (
	"net/netip"
	"sync/atomic"
)

const (
	maxSegments = 64
	maxMessage  = 65507
)

// segmentation does not exist here.
type segmentation struct{ off atomic.Bool }

// egress sends a shard's packets from the media socket, datagram by datagram.
type egress struct {
	conn     datagrams
	buf      []byte
	lost     atomic.Uint64 // datagrams that the system did not take
	fallback atomic.Uint64 // messages that were sent without segmentation
}

type datagrams interface {
	WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error)
}

func newEgress(c datagrams, seg *segmentation) (*egress, error) {
	seg.off.Store(true)
	return &egress{conn: c, buf: make([]byte, maxMessage)}, nil
}

func (e *egress) close() {}

// room returns an empty buffer for a message of up to n bytes, at most maxMessage.
func (e *egress) room(n int) []byte { return e.buf[:0:n] }

// commit sends what was built in room's buffer to to, in datagrams of segment bytes.
func (e *egress) commit(b []byte, segment int, to netip.AddrPort) {
	e.fallback.Add(1)
	for len(b) > 0 {
		n := min(segment, len(b))
		if _, err := e.conn.WriteToUDPAddrPort(b[:n], to); err != nil {
			e.lost.Add(1)
		}
		b = b[n:]
	}
}

func (e *egress) flush() {}
