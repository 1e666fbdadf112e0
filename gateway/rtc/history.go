package rtc

import (
	"time"

	"matthan/gateway"
	"matthan/gateway/video"
)

// run is a stretch of a tile's packets whose sequence numbers go along with
// one stream's payload numbers. A new one begins at every start: a join, a
// switch of camera, a repair.
type run struct {
	from   uint64          // the tile's extended sequence number of its first packet
	stream *gateway.Stream // whose payloads they are
	first  uint64          // the stream's number of the payload at from
	stamp  stamp
	began  time.Time
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
	runs [8]run
	n    int
	next uint64 // extended sequence number of the next packet
}

func (h *history) begin(r run) {
	if h.n == len(h.runs) {
		copy(h.runs[:], h.runs[1:])
		h.n--
	}
	h.runs[h.n] = r
	h.n++
}

// expire drops the runs that ended over runLife before now, so that a stream of
// which nobody will ask a packet any more can go.
func (h *history) expire(now time.Time) {
	n := 0 // runs that the next one has followed for long
	for n+1 < h.n && now.Sub(h.runs[n+1].began) > runLife {
		n++
	}
	if n > 0 {
		h.n = copy(h.runs[:], h.runs[n:h.n])
		clear(h.runs[h.n:])
	}
}

// runLife is how long after a run's end a viewer may still ask for its packets.
const runLife = 2 * time.Second

// find returns the packet that was sent with seq, nil where it was never sent
// or is no longer kept.
func (h *history) find(seq uint16) (au *video.AccessUnit, index int, ts uint32) {
	back := uint64(uint16(h.next-1) - seq)
	if back >= 1<<15 || back >= h.next {
		return nil, 0, 0
	}
	ext := h.next - 1 - back
	for i := h.n - 1; i >= 0; i-- {
		if r := &h.runs[i]; ext >= r.from {
			au, index = r.stream.Packet(ext - r.from + r.first)
			if au == nil {
				return nil, 0, 0
			}
			return au, index, r.stamp.of(au)
		}
	}
	return nil, 0, 0
}

// forget drops the runs, and with them their streams.
func (h *history) forget() { h.runs, h.n = [8]run{}, 0 }

// Repairs of one tile are bounded: the same packet at most thrice and not
// within repairPause, and in all not more than a quarter of what is sent, past
// a first allowance.
const (
	repairPause     = 20 * time.Millisecond
	repairTimes     = 3
	repairAllowance = 64 << 10 // bytes
)

// limiter bounds repairs. The zero limiter is ready.
type limiter struct {
	recent [64]repaired
	pos    int
	spent  int // bytes of repairs over the allowance that sending earned
}

type repaired struct {
	seq uint16
	n   uint8
	at  time.Time
}

// sent earns repairs for n bytes that were sent.
func (l *limiter) sent(n int) { l.spent = max(0, l.spent-n/4) }

// allow decides about sending packet seq of size bytes again.
func (l *limiter) allow(seq uint16, size int, now time.Time) bool {
	if l.spent+size > repairAllowance {
		return false
	}
	for i := range l.recent {
		if e := &l.recent[i]; e.n > 0 && e.seq == seq && now.Sub(e.at) < time.Second {
			if now.Sub(e.at) < repairPause || e.n >= repairTimes {
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
