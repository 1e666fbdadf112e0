package rtc

import "time"

// A viewer that asks for burstLost packets at once has a router whose queue takes
// no whole key picture. Pictures then leave at burstTimes what the stream takes: a
// link that carries it needs little queue for them, and the slower, the longer a
// key picture keeps the others waiting. Where that is too much too, they leave at
// burstLess of it, down to burstLeast; and faster again after each burstLasts
// without such a loss.
const (
	burstLost  = 8
	burstTimes = 5
	burstLess  = 0.5
	burstLeast = 1.25
	burstPause = time.Second // between losses that count
	burstLasts = time.Minute
)

// burst is what is known of the queue on the way to one viewer. The zero burst
// bounds nothing.
type burst struct {
	at    time.Time // when packets of a burst were lost, or it was eased
	times float64   // the stream's bits
}

// missed takes that the viewer asks for n packets that it has not asked for. It is
// true when the pace has changed.
func (b *burst) missed(n int, now time.Time) bool {
	switch {
	case n < burstLost || now.Sub(b.at) < burstPause:
		return false
	case b.times == 0:
		b.times = burstTimes
	default:
		b.times = max(burstLeast, burstLess*b.times)
	}
	b.at = now
	return true
}

// second looks whether the pace may be faster again, and is true when it is.
func (b *burst) second(now time.Time) bool {
	if b.times == 0 || now.Sub(b.at) < burstLasts {
		return false
	}
	if b.at, b.times = now, b.times/burstLess; b.times > burstTimes {
		b.times = 0
	}
	return true
}

// pace is how fast pictures of a stream of so many bits a second leave, bytes a
// millisecond; 0: not bounded.
func (b *burst) pace(bits int) int {
	if b.times == 0 {
		return 0
	}
	return max(leastBacklog, int(b.times*float64(bits)/8000))
}

// missed takes that the viewer asks for n packets that it has not asked for.
func (t *tile) missed(n int, now time.Time) {
	t.peer.link.missed(n, now)
	if t.burst.missed(n, now) {
		t.repace()
	}
}

// repace follows the stream that is sent.
func (t *tile) repace() {
	if t.stream != nil {
		t.burstPace = t.burst.pace(t.peer.gateway.hub.Bits(t.stream.ID()))
	}
}

// free is when the pace allows the tile's next packets: on a thin link the tiles
// of a viewer wait for each other.
func (t *tile) free() time.Time {
	if t.peer.pace > 0 {
		return t.peer.nextFree
	}
	return t.nextFree
}

// spend moves that by bytes at rate, bytes a millisecond. On a thin link a
// backlog leaves as fast as it carries, and what is live a little faster, so that
// where the link carries less the reports tell.
func (t *tile) spend(bytes, rate int, backlog bool, now time.Time) {
	at := &t.nextFree
	if t.burstPace > 0 {
		rate = min(rate, t.burstPace)
	}
	if pace := t.peer.pace; pace > 0 {
		at = &t.peer.nextFree
		if !backlog {
			pace += pace / 2
		}
		rate = min(rate, pace)
	}
	if at.Before(now) {
		*at = now
	}
	*at = at.Add(time.Duration(bytes) * time.Millisecond / time.Duration(max(1, rate)))
}
