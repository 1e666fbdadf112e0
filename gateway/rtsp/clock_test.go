package rtsp

import (
	"testing"
	"time"

	"matthan/gateway/video"
)

// toNTP writes t as an NTP timestamp of its era.
func toNTP(t time.Time) uint64 {
	return uint64(uint32(t.Unix()+ntpEpoch))<<32 | uint64(t.Nanosecond())<<32/uint64(time.Second)
}

// scene drives a clock with pictures and reports of a camera whose clock is off by wrong.
type scene struct {
	t     *testing.T
	c     clock
	now   time.Time // when what is next was taken
	rtp   uint32
	delay time.Duration // from capture to arrival
	wrong time.Duration
	drift float64 // of the camera's RTP clock
	last  time.Time
	from  video.Clock
}

func newScene(t *testing.T) *scene {
	return &scene{t: t, now: time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC), rtp: 1<<32 - 90000, delay: 200 * time.Millisecond}
}

func (s *scene) pass(d time.Duration) {
	s.now = s.now.Add(d)
	s.rtp += uint32(int64(d.Seconds() * 90000 * (1 + s.drift)))
}

func (s *scene) report() {
	s.c.report(toNTP(s.now.Add(s.wrong)), s.rtp, s.now.Add(20*time.Millisecond))
}

// pictures sends n at 25 a second, checks what must always hold, and gives the last one's age and source.
func (s *scene) pictures(n int) (time.Duration, video.Clock) {
	s.t.Helper()
	var captured time.Time
	var from video.Clock
	var arrived time.Time
	for range n {
		s.pass(40 * time.Millisecond)
		arrived = s.now.Add(s.delay)
		captured, from = s.c.capture(s.rtp, arrived)
		if captured.After(arrived) {
			s.t.Fatalf("captured %v after arrival", captured.Sub(arrived))
		}
		if from == s.from && captured.Before(s.last) {
			s.t.Fatalf("captured %v before the picture before", s.last.Sub(captured))
		}
		s.last, s.from = captured, from
	}
	return arrived.Sub(captured), from
}

func (s *scene) want(what string, n int, age time.Duration, from video.Clock) {
	s.t.Helper()
	got, source := s.pictures(n)
	if source != from || (got-age).Abs() > 5*time.Millisecond {
		s.t.Errorf("%s: age %v by %v, want %v by %v", what, got, source, age, from)
	}
}

func TestCaptureTimeComesFromPlausibleReports(t *testing.T) {
	s := newScene(t)
	s.want("before a report", 5, 0, video.ClockArrival)
	s.report()
	s.want("after one", 100, 200*time.Millisecond, video.ClockCamera) // over the wrap of the RTP timestamp
	s.delay = 800 * time.Millisecond
	s.want("on a slow network", 10, 800*time.Millisecond, video.ClockCamera)
	s.report()
	s.want("after another", 10, 800*time.Millisecond, video.ClockCamera)
}

func TestWrongCameraClockIsNotBelieved(t *testing.T) {
	for name, wrong := range map[string]time.Duration{
		"hours late": -7 * time.Hour, "hours early": 7 * time.Hour, "years": -20 * 365 * 24 * time.Hour, "seconds early": 3 * time.Second,
		"seconds late": -4 * time.Second,
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.wrong = wrong
			for range 5 {
				s.report()
				s.want("wrong", 50, 0, video.ClockArrival)
			}
			s.wrong = 0 // somebody sets it
			for range goodAgain {
				s.report()
				s.want("set, but not yet believed", 50, 0, video.ClockArrival)
			}
			s.report()
			s.want("believed", 50, 200*time.Millisecond, video.ClockCamera)
		})
	}
}

func TestSlightlyEarlyCameraClockIsClampedToArrival(t *testing.T) {
	s := newScene(t)
	s.wrong = 250 * time.Millisecond // pictures seem to arrive 50 ms before they were taken
	s.c.report(toNTP(s.now.Add(s.wrong)), s.rtp, s.now.Add(s.delay))
	s.want("early", 50, 0, video.ClockCamera)
}

func TestJumpOfTheCameraClockFallsBackToArrival(t *testing.T) {
	for _, jump := range []time.Duration{-time.Second, time.Second, -time.Hour, time.Hour, 150 * time.Millisecond} {
		s := newScene(t)
		s.report()
		s.want("before", 50, 200*time.Millisecond, video.ClockCamera)
		s.wrong = jump
		s.report()
		s.want("after the jump", 50, 0, video.ClockArrival)
		s.wrong = 0
		for range goodAgain {
			s.report()
			s.want("set back", 50, 0, video.ClockArrival)
		}
		s.report()
		s.want("believed again", 50, 200*time.Millisecond, video.ClockCamera)
	}
}

func TestTimestampsSetAnewFallBackToArrival(t *testing.T) {
	s := newScene(t)
	s.report()
	s.want("before", 50, 200*time.Millisecond, video.ClockCamera)
	s.rtp += 1 << 31
	s.want("after", 50, 0, video.ClockArrival)
	for range goodAgain + 1 {
		s.report()
		s.pictures(50)
	}
	s.want("with new reports", 50, 200*time.Millisecond, video.ClockCamera)
}

func TestDriftIsFollowedByReports(t *testing.T) {
	s := newScene(t)
	s.drift = 0.0005 // 0.5 ms a second: a poor oscillator
	for range 100 {
		s.report()
		s.want("drift", 125, 200*time.Millisecond, video.ClockCamera)
	}
}

func TestDriftingCameraClockIsNotBelieved(t *testing.T) {
	for name, each := range map[string]time.Duration{
		"gains 10 ms a second": 10 * time.Millisecond, "loses 10 ms a second": -10 * time.Millisecond,
		"gains 1 ms a second": time.Millisecond, "loses 0.3 ms a second": -300 * time.Microsecond,
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			worst := time.Duration(0)
			for range 300 {
				s.report()
				age, from := s.pictures(25)
				if from == video.ClockCamera {
					worst = max(worst, (age - s.delay).Abs())
				}
				s.wrong += each
			}
			if worst > 60*time.Millisecond {
				t.Errorf("believed while it was %v off", worst)
			}
			s.want("found", 25, 0, video.ClockArrival)
			s.wrong = 0 // somebody sets it
			for range steadyFor + 2*goodAgain + 1 {
				s.report()
				s.pictures(25)
			}
			s.want("steady again", 25, 200*time.Millisecond, video.ClockCamera)
		})
	}
}

func TestSlowerNetworkIsNoDrift(t *testing.T) {
	s := newScene(t)
	s.drift = 0.0005
	for range 100 {
		s.report()
		if _, from := s.pictures(25); from != video.ClockCamera {
			t.Fatalf("not believed at a delay of %v", s.delay)
		}
		s.delay += 10 * time.Millisecond
	}
}

func TestClockThatJumpsAgainAndAgainIsBelievedEverLess(t *testing.T) {
	s := newScene(t)
	wrong := 0
	for i := range 600 {
		if i%10 == 0 {
			s.wrong = time.Duration(i/10%2) * -500 * time.Millisecond
		}
		s.report()
		if age, from := s.pictures(25); from == video.ClockCamera && (age-s.delay).Abs() > 50*time.Millisecond {
			wrong++
		}
	}
	if wrong > 12 {
		t.Errorf("%d s of 600 with a wrong age", wrong)
	}
}

func TestReportsThatStopAreForgotten(t *testing.T) {
	s := newScene(t)
	s.report()
	s.want("fresh", 5, 200*time.Millisecond, video.ClockCamera)
	s.pass(maxReport)
	s.want("stale", 5, 0, video.ClockArrival)
}

func TestNTPTimestampsOverTheEndOfTheirEra(t *testing.T) {
	for _, c := range []struct{ now, at time.Time }{
		{time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 1, 0, 0, 0, 125e6, time.UTC)},
		{time.Date(2036, 2, 7, 6, 28, 16, 0, time.UTC), time.Date(2036, 2, 7, 6, 28, 14, 5e8, time.UTC)},
		{time.Date(2036, 2, 7, 6, 28, 14, 0, time.UTC), time.Date(2036, 2, 7, 6, 28, 17, 0, time.UTC)},
		{time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2039, 12, 31, 23, 59, 59, 0, time.UTC)},
		{time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1970, 1, 1, 0, 0, 7, 0, time.UTC)},
	} {
		if got := ntpTime(toNTP(c.at), c.now); got.Sub(c.at).Abs() > time.Microsecond {
			t.Errorf("%v at %v is read as %v", c.at, c.now, got)
		}
	}
}
