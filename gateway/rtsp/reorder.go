package rtsp

import (
	"bytes"
	"time"
)

// Bounds of a reorder buffer.
const (
	heldPackets = 64                     // packets held while one is missing
	heldFor     = 250 * time.Millisecond // and how long the oldest of them
)

// reorder brings packets that came over UDP into the order of their sequence
// numbers. One in order passes through as it is; those that came too early are
// copied and held.
type reorder struct {
	started bool
	next    uint16
	late    int // packets behind next in a row
	held    [heldPackets][]byte
	n       int
	since   time.Time // when the oldest of them came
}

// push takes the packet b with its sequence number and gives take what is in
// order now. Who never comes leaves a gap.
func (r *reorder) push(seq uint16, b []byte, now time.Time, take func([]byte)) {
	ahead := int(int16(seq - r.next))
	switch {
	case !r.started || r.late > heldPackets:
		r.flush(take) // the sender began anew
		ahead = 0
		r.next = seq
	case ahead < 0:
		r.late++
		return
	case ahead >= heldPackets:
		r.flush(take)
		ahead = 0
		r.next = seq
	}
	r.started, r.late = true, 0
	if ahead > 0 {
		r.hold(seq, b, now)
		if now.Sub(r.since) > heldFor {
			r.flush(take)
		}
		return
	}
	r.next++
	take(b)
	for r.n > 0 && r.held[r.next%heldPackets] != nil {
		r.release(take)
	}
	r.since = now
}

func (r *reorder) hold(seq uint16, b []byte, now time.Time) {
	if at := &r.held[seq%heldPackets]; *at == nil {
		*at = bytes.Clone(b)
		if r.n++; r.n == 1 {
			r.since = now
		}
	}
}

// release gives the held packet with the next number.
func (r *reorder) release(take func([]byte)) {
	at := &r.held[r.next%heldPackets]
	b := *at
	*at = nil
	r.n--
	r.next++
	take(b)
}

// flush gives all that is held.
func (r *reorder) flush(take func([]byte)) {
	for r.n > 0 {
		if r.held[r.next%heldPackets] == nil {
			r.next++
			continue
		}
		r.release(take)
	}
}
