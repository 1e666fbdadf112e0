package rtc

import (
	"time"

	"matthan/gateway"
	"matthan/gateway/video"
)

// run is the stretch of a tile's packets since its last start: a join, a switch
// of camera, a repair. Its sequence numbers go along with one stream's payload
// numbers. What was sent before it nobody needs any more: a start begins with a
// key picture.
type run struct {
	from   uint64          // the tile's extended sequence number of its first packet
	stream *gateway.Stream // whose payloads they are; nil: there is no run
	first  uint64          // the stream's number of the payload at from
	stamp  stamp
}

// stamp gives the RTP timestamps of a run. Pictures before edge are backlog:
// they are stamped a millisecond apart, ending at edge, so that a receiver
// shows them at once; from edge on the camera's clock counts.
type stamp struct {
	edge  uint64 // Number of the first picture that is not backlog
	at    uint32 // its RTP timestamp
	shift uint32 // RTP timestamp minus PTS, from edge on
}

const backlogStep = 90 // 90 kHz ticks between pictures of a backlog: 1 ms

func (s stamp) of(au *video.AccessUnit) uint32 {
	if au.Number < s.edge {
		return s.at - backlogStep*uint32(s.edge-au.Number)
	}
	return uint32(au.PTS) + s.shift
}

// history finds what a sequence number stood for. It keeps no packets: they
// are in the stream, once for all viewers.
type history struct {
	next uint64 // extended sequence number of the next packet
	run  run
}

// asked is what a packet that a viewer asked for has become.
type asked int

const (
	useless asked = iota // it was never sent, or before the last start
	gone                 // it is no longer kept
	kept
)

// index is the extended sequence number of seq: the last one of that sort that was
// sent, over next where there was none.
func (h *history) index(seq uint16) uint64 { return h.next - 1 - uint64(uint16(h.next-1)-seq) }

// find returns the packet that was sent with seq, if it is kept.
func (h *history) find(seq uint16) (au *video.AccessUnit, index int, ts uint32, what asked) {
	n := h.index(seq)
	if h.run.stream == nil || n >= h.next || h.next-n > 1<<15 || n < h.run.from {
		return nil, 0, 0, useless
	}
	au, index = h.run.stream.Packet(n - h.run.from + h.run.first)
	if au == nil {
		return nil, 0, 0, gone
	}
	return au, index, h.run.stamp.of(au), kept
}

// Repairs of one tile are bounded: the same packet at most thrice and not
// within repairPause, nor while the last one may still be waiting in a queue, and
// in all not more than half of what is sent, past a first allowance.
const (
	repairPause     = 20 * time.Millisecond
	repairTimes     = 3
	repairAllowance = 96 << 10 // bytes
)

// limiter bounds repairs. The zero limiter is ready.
type limiter struct {
	spent  int // bytes of repairs over the allowance that sending earned
	pos    int
	recent [64]repaired
}

type repaired struct {
	seq uint16
	n   uint8
	at  time.Time
}

// sent earns repairs for n bytes that were sent.
func (l *limiter) sent(n int) { l.spent = max(0, l.spent-n/2) }

// left is how many bytes may still be sent again.
func (l *limiter) left() int { return repairAllowance - l.spent }

// allow decides about sending packet seq of size bytes again, to a viewer that
// was late by its last report.
func (l *limiter) allow(seq uint16, size int, late time.Duration, now time.Time) bool {
	if size > l.left() {
		return false
	}
	for i := range l.recent {
		if e := &l.recent[i]; e.n > 0 && e.seq == seq && now.Sub(e.at) < time.Second {
			if now.Sub(e.at) < max(repairPause, late) || e.n >= repairTimes {
				return false
			}
			e.at, e.n = now, e.n+1
			l.spent += size
			return true
		}
	}
	l.recent[l.pos] = repaired{seq, 1, now}
	l.pos = (l.pos + 1) % len(l.recent)
	l.spent += size
	return true
}
