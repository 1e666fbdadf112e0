package rtc

import (
	"time"

	"github.com/pion/rtcp"
)

// What was sent is noted in spans of at least spanLength, of which the newest
// maxSpans are kept: over 2.5 s, for what a receiver report tells.
const (
	spanLength = 40 * time.Millisecond
	maxSpans   = 64
)

// span is some packets of a tile that left together.
type span struct {
	from   uint64        // extended sequence number of the first
	octets uint64        // payload sent before it
	at     time.Duration // when it left, since sent.began
}

// sent knows when a tile's packets left. The zero sent is ready.
type sent struct {
	began  time.Time
	n      int // spans noted so far
	octets uint64

	acked   uint64 // of octets, by the report before
	last    uint64 // packet number of it
	lost    uint32 // packets since the beginning, as that report counts them
	left    uint64 // octets at the report before
	ackedAt time.Time
	late    time.Duration // by the report before
	rate    int           // bits a second that arrived, between the last two reports
	rateAt  time.Time

	spans [maxSpans]span
}

// newest is the place of the newest span, once there is one.
func (s *sent) newest() int { return (s.n + maxSpans - 1) % maxSpans }

// add notes n bytes of packets that begin with number from.
func (s *sent) add(from uint64, n int, now time.Time) {
	if s.n == 0 && s.began.IsZero() {
		s.began = now
	}
	at := now.Sub(s.began)
	if s.n == 0 || at-s.spans[s.newest()].at >= spanLength {
		s.spans[s.n%maxSpans] = span{from, s.octets, at}
		s.n++
	}
	s.octets += uint64(n)
}

// again forgets what the reports told, since the packets go on after a pause.
func (s *sent) again() { s.ackedAt, s.rateAt, s.late, s.rate = time.Time{}, time.Time{}, 0, 0 }

// arrival is what one receiver report tells of the link.
type arrival struct {
	late   time.Duration // how long ago the oldest packet left that has not arrived
	before time.Duration // the same by the tile's report before
	loss   uint8         // since the report before, in 256ths of what was to arrive
	rate   float64       // of the bits a second that its stream takes, how many arrived
	part   float64       // of the bytes that left since the report before, how many arrived
}

// leastReport is the least interval over which a rate is measured.
const leastReport = 150 * time.Millisecond

// take takes a report block (RFC 3550 section 6.4.1) of the tile whose next
// packet has number next, and whose stream takes so many bits a second. It is
// false where it tells nothing.
func (s *sent) take(b *rtcp.ReceptionReport, next uint64, bits int, now time.Time) (a arrival, ok bool) {
	back := uint64(uint16(next-1) - uint16(b.LastSequenceNumber))
	if s.n == 0 || back >= 1<<15 || back >= next {
		return a, false
	}
	acked, left := s.until(next-back, next)
	if acked < s.octets {
		a.late = now.Sub(s.began) - left
	} else if s.octets == s.left {
		s.acked, s.last, s.lost, s.ackedAt, s.late = acked, next-back, b.TotalLost, now, 0
		return a, false // nothing is on its way
	}
	gone := now.Sub(s.ackedAt)
	first := s.ackedAt.IsZero() || gone > 10*time.Second
	if !first && gone < leastReport {
		return a, false // its lateness is that of the one before
	}
	// A viewer that loses packets reports with each NACK, and its fraction lost is
	// of so short a while: what it counts in all tells of the interval that is
	// looked at.
	a.before = s.late
	expected, lost := int(max(next-back, s.last)-s.last), int(int32((b.TotalLost-s.lost)<<8)>>8)
	if expected > 0 {
		a.loss = uint8(255 * min(max(lost, 0), expected) / expected)
	}
	came := float64(max(acked, s.acked)-s.acked) * float64(255-a.loss) / 255
	if a.part = 1; s.octets > s.left {
		a.part = came / float64(s.octets-s.left)
	}
	s.acked, s.last, s.lost, s.left, s.ackedAt, s.late = acked, next-back, b.TotalLost, s.octets, now, a.late
	if first {
		return a, false
	}
	s.rate, s.rateAt = int(came*8/gone.Seconds()), now
	a.rate = float64(s.rate) / float64(max(1, bits))
	return a, true
}

// until is how much was sent before the packet with this number, and when that
// one left, since s.began. The next one to leave has number next.
func (s *sent) until(number, next uint64) (octets uint64, left time.Duration) {
	after, sum := next, s.octets
	for i := s.n - 1; i >= max(0, s.n-maxSpans); i-- {
		at := &s.spans[i%maxSpans]
		if left = at.at; at.from <= number {
			return at.octets + (sum-at.octets)*(number-at.from)/max(1, after-at.from), left
		}
		after, sum = at.from, at.octets
	}
	return sum, left
}
