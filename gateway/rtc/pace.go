package rtc

import "time"

// A viewer that asks for burstLost packets at once has a router whose queue takes
// no whole key picture. For burstLasts pictures then leave at burstTimes what the
// stream takes: a link that carries it needs little queue for them. Where that is
// too much too, they leave at burstLess of it, down to burstLeast.
const (
	burstLost  = 8
	burstTimes = 2.5
	burstLess  = 0.75
	burstLeast = 1.3
	burstPause = time.Second
	burstLasts = time.Minute
)

// missed takes that the viewer asks for n packets that it has not asked for.
func (t *tile) missed(n int, now time.Time) {
	t.peer.link.missed(n, now)
	if n < burstLost || t.stream == nil || t.burstPace > 0 && now.Sub(t.burstAt) < burstPause {
		return
	}
	if t.burstPace == 0 {
		t.burstTimes = burstTimes
	} else {
		t.burstTimes = max(burstLeast, burstLess*t.burstTimes)
	}
	t.burstAt, t.burstPace = now, leastBacklog
	t.repace()
}

// repace follows the stream that is sent.
func (t *tile) repace() {
	if t.burstPace > 0 {
		t.burstPace = max(leastBacklog, int(t.burstTimes*float64(t.peer.gateway.hub.Bits(t.stream.ID()))/8000))
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
		if rate = min(rate, t.burstPace); now.Sub(t.burstAt) > burstLasts {
			t.burstPace = 0
		}
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
