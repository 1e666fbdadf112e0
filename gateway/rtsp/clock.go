package rtsp

import (
	"time"

	"matthan/gateway/video"
)

// Bounds of when a camera's clock is believed.
const (
	earliest  = -100 * time.Millisecond // a picture's age on arrival by the camera's clock: this young,
	oldest    = 3 * time.Second         // and this old
	maxStep   = 100 * time.Millisecond  // how far two sender reports in a row may disagree
	maxReport = 5 * time.Minute         // age of the sender report relied on
	goodAgain = 3                       // reports in a row that a clock needs after it was implausible,
	goodLong  = 192                     // and at most, when it was believed and wrong again and again
	maxDrift  = 20 * time.Millisecond   // how far a believed clock may run away from when its pictures arrive
	steadyFor = 30                      // reports in a row that run as the RTP clock does, before one that drifted is believed again
	clockRate = 90000                   // of H.264 (RFC 6184 section 8.2.1)
	ntpEpoch  = 2208988800              // seconds from 1900 to 1970
)

// clock tells when pictures were taken, on this machine's clock: by the
// camera's RTCP sender reports (RFC 3550 section 6.4.1) as long as they are
// plausible, else by arrival. Cameras whose clocks are wrong by hours are
// common, and so are those without sender reports. It is a pure state machine;
// its zero value knows no report.
type clock struct {
	reported bool
	ntp      time.Time // by the camera's clock, of the last report
	rtp      uint32    // the RTP timestamp that means the same moment
	at       time.Time // when it arrived

	need, good int // plausible reports in a row: needed, and seen
	drift      drift

	told   bool
	last   time.Time // captured, of the picture before
	source video.Clock
}

// report takes a sender report that arrived now.
func (c *clock) report(ntp uint64, rtp uint32, now time.Time) {
	at := ntpTime(ntp, now)
	fits := plausible(now.Sub(at))
	if c.reported {
		step := at.Sub(c.ntp) - ticks(rtp-c.rtp)
		if step < -maxStep || step > maxStep {
			fits = false // the camera's clock or its timestamps were set anew
			c.drift = drift{}
		} else if !c.drift.keeps(step) {
			fits = false
		}
	}
	c.reported, c.ntp, c.rtp, c.at = true, at, rtp, now
	if fits {
		c.good = min(c.good+1, goodAgain)
	} else {
		c.distrust()
	}
}

// distrust has a clock prove itself anew: for longer, each time that it was
// believed before.
func (c *clock) distrust() {
	switch {
	case c.need == 0:
		c.need = goodAgain
	case c.good >= c.need:
		c.need = min(2*c.need, goodLong)
	}
	c.good = 0
}

func (c *clock) trusted(now time.Time) bool {
	return c.reported && c.good > 0 && c.good >= c.need && now.Sub(c.at) <= maxReport
}

// capture tells when the picture with an RTP timestamp was taken, whose first
// packet arrived at first: never later than that, and never before the picture
// before it unless the source changed.
func (c *clock) capture(rtp uint32, first time.Time) (time.Time, video.Clock) {
	captured, source := first, video.ClockArrival
	taken := c.ntp.Add(ticks(rtp - c.rtp))
	if c.reported {
		c.drift.picture(first.Sub(taken))
	}
	if c.trusted(first) {
		if plausible(first.Sub(taken)) {
			source = video.ClockCamera
			if taken.Before(first) {
				captured = taken
			}
		} else {
			c.distrust()
		}
	}
	if c.told && source == c.source && captured.Before(c.last) {
		captured = c.last
	}
	c.told, c.last, c.source = true, captured, source
	return captured, source
}

// drift tells a camera's wall clock that runs away from a network that grows
// slower: the first moves against the camera's own RTP clock too, and takes the
// age of its pictures with it. A wall clock and an RTP clock of one bad
// oscillator run away together; that is found when the age is implausible.
type drift struct {
	base   time.Duration // least age of the pictures of one report, when the clock began to be watched
	based  bool
	least  time.Duration // of the pictures since the last report
	seen   bool
	slip   time.Duration // of the wall clock against the RTP clock since base
	found  bool
	steady int // reports without much of a slip since it was found
}

// picture takes a picture's age on arrival, by the camera's clock.
func (d *drift) picture(age time.Duration) {
	if !d.seen || age < d.least {
		d.least, d.seen = age, true
	}
}

// keeps takes how far a report moved against the RTP clock, and tells whether
// the clock keeps its pace.
func (d *drift) keeps(step time.Duration) bool {
	if d.found {
		d.slip += step
		d.steady++
		if d.slip.Abs() > maxDrift/4 {
			d.slip, d.steady = 0, 0
		}
		if d.steady >= steadyFor {
			*d = drift{}
		}
		return !d.found
	}
	if d.seen {
		if !d.based {
			d.base, d.based, d.slip = d.least, true, 0
		} else if moved := d.least - d.base + d.slip; d.slip.Abs() > maxDrift && moved.Abs() < d.slip.Abs()/2 {
			*d = drift{found: true}
			return false
		}
	}
	d.seen = false
	d.slip += step
	return true
}

func plausible(age time.Duration) bool { return age >= earliest && age <= oldest }

// ticks is a difference of 32-bit RTP timestamps, which may have wrapped.
func ticks(d uint32) time.Duration {
	return time.Duration(int64(int32(d)) * int64(time.Second) / clockRate)
}

// ntpTime reads a 64-bit NTP timestamp (RFC 3550 section 4). Its 32 bits of
// seconds wrap in 2036: the era is the one that is nearest to now.
func ntpTime(ntp uint64, now time.Time) time.Time {
	unix := now.Unix()
	off := int32(uint32(ntp>>32) - uint32(unix+ntpEpoch))
	return time.Unix(unix+int64(off), int64((ntp&0xffffffff)*uint64(time.Second)>>32))
}
