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
	goodAgain = 3                       // reports in a row that a clock needs after it was implausible
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
		}
	}
	c.reported, c.ntp, c.rtp, c.at = true, at, rtp, now
	if fits {
		c.good = min(c.good+1, goodAgain)
	} else {
		c.distrust()
	}
}

func (c *clock) distrust() { c.need, c.good = goodAgain, 0 }

func (c *clock) trusted(now time.Time) bool {
	return c.reported && c.good > 0 && c.good >= c.need && now.Sub(c.at) <= maxReport
}

// capture tells when the picture with an RTP timestamp was taken, whose first
// packet arrived at first: never later than that, and never before the picture
// before it unless the source changed.
func (c *clock) capture(rtp uint32, first time.Time) (time.Time, video.Clock) {
	captured, source := first, video.ClockArrival
	if c.trusted(first) {
		taken := c.ntp.Add(ticks(rtp - c.rtp))
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
