package doctor

import (
	"math"
	"testing"
	"time"

	"matthan/gateway/rtsp"
	"matthan/gateway/video"
)

var start = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// at25 feeds pictures of 25 a second, of 1000 octets, and 9000 at a key.
func at25(e *Examiner, pictures int, key func(i int) bool, change func(i int, au *video.AccessUnit)) (end time.Time) {
	f := &video.Format{Codec: video.H264, Width: 1280, Height: 720, Profile: 0x4d0020}
	for i := range pictures {
		au := &video.AccessUnit{Codec: video.H264, Format: f, PTS: int64(i) * 3600, Arrived: start.Add(time.Duration(i) * 40 * time.Millisecond), Key: key(i), Payloads: [][]byte{make([]byte, 1000)}}
		if au.Key {
			au.Payloads = [][]byte{make([]byte, 9000)}
		}
		if change != nil {
			change(i, au)
		}
		e.Picture(au)
		end = au.Arrived
	}
	return end
}

func TestASeriesIsMeasured(t *testing.T) {
	t.Parallel()
	var e Examiner
	e.Plays(start.Add(-100 * time.Millisecond))
	end := at25(&e, 251, func(i int) bool { return i%50 == 20 }, nil)
	s := e.Series(end.Add(time.Second))
	if s.Pictures != 251 || s.Rate != 25 || s.Long != 10*time.Second || s.Keys != 5 || s.GOPs != 4 || s.GOP != 2*time.Second || s.GOPMin != s.GOPMax || s.GOPPictures != 50 {
		t.Errorf("%+v", s)
	}
	if s.FirstPicture != 100*time.Millisecond || s.FirstKey != 900*time.Millisecond || s.GOPOpen != 2200*time.Millisecond || s.Gap != 40*time.Millisecond || s.Jumps != 0 || s.Formats != 0 {
		t.Errorf("%+v", s)
	}
	if s.Octets != 251*1000+5*8000 || s.Peak != 25*1000+8000 || s.Format.Width != 1280 {
		t.Errorf("%d octets, %d in a second", s.Octets, s.Peak)
	}
}

func TestASmartCodecsGOPsDiffer(t *testing.T) {
	t.Parallel()
	var e Examiner
	end := at25(&e, 300, func(i int) bool { return i == 0 || i == 50 || i == 250 }, nil)
	if s := e.Series(end); s.GOPMin != 2*time.Second || s.GOPMax != 8*time.Second || s.GOP != 5*time.Second {
		t.Errorf("%+v", s)
	}
}

func TestPicturesInAnotherOrderAreCountedByArrival(t *testing.T) {
	t.Parallel()
	var e Examiner
	f := &video.Format{Reorder: true}
	end := at25(&e, 101, func(i int) bool { return i == 0 }, func(i int, au *video.AccessUnit) {
		au.Format = f
		if i%2 == 1 { // a P picture before the B picture that it follows
			au.PTS += 7200
		}
	})
	if s := e.Series(end); s.Jumps != 0 || math.Abs(s.Rate-25) > 0.01 || !s.Format.Reorder {
		t.Errorf("%+v", s)
	}
}

func TestTimestampsThatJumpAreSeenAndGapsAreNone(t *testing.T) {
	t.Parallel()
	var e Examiner
	end := at25(&e, 100, func(i int) bool { return i%25 == 0 }, func(i int, au *video.AccessUnit) {
		if i >= 50 {
			au.PTS += 3600_000
		}
	})
	if s := e.Series(end); s.Jumps != 1 || s.Rate != 25 || s.GOPMax != time.Second {
		t.Errorf("%+v", s)
	}
	var gap Examiner
	end = at25(&gap, 100, func(i int) bool { return i%25 == 0 }, func(i int, au *video.AccessUnit) {
		if i >= 50 {
			au.PTS += 90000 * 5
			au.Arrived = au.Arrived.Add(5 * time.Second)
		}
	})
	if s := gap.Series(end); s.Jumps != 0 || s.Rate != 25 || s.Gap != 5040*time.Millisecond {
		t.Errorf("%+v", s)
	}
}

func TestAChangeOfFormatIsSeenAndTheFirstBSliceIsNone(t *testing.T) {
	t.Parallel()
	var e Examiner
	small, reordered := &video.Format{Width: 640}, &video.Format{Width: 640, Reorder: true}
	end := at25(&e, 4, func(i int) bool { return i == 0 }, func(i int, au *video.AccessUnit) {
		au.Format = [...]*video.Format{small, reordered, reordered, {Width: 1280}}[i]
	})
	if s := e.Series(end); s.Formats != 1 || s.Format.Width != 1280 || s.Sizes != 1 || s.Small.Width != 640 {
		t.Errorf("%+v", s)
	}
}

func TestANetworkThatStandsStillIsNoSmartCodec(t *testing.T) {
	t.Parallel()
	var e Examiner
	end := at25(&e, 251, func(i int) bool { return i%50 == 0 }, func(i int, au *video.AccessUnit) {
		if stopped := start.Add(4 * time.Second); i >= 75 && au.Arrived.Before(stopped) { // for a second, and all comes at once
			au.Arrived = stopped
		}
		if stopped := start.Add(8500 * time.Millisecond); i >= 145 && au.Arrived.Before(stopped) { // for 2.7 s
			au.Arrived = stopped
		}
	})
	if s := e.Series(end); s.GOPs != 5 || s.GOPMin != 2*time.Second || s.GOPMax != 2*time.Second || s.Gap < 2*time.Second {
		t.Errorf("%+v", s)
	}
}

func TestTheLargestPicturesAreKnownWhateverCameLast(t *testing.T) {
	t.Parallel()
	var e Examiner
	end := at25(&e, 5, func(i int) bool { return i == 0 }, func(i int, au *video.AccessUnit) {
		au.Format = [...]*video.Format{{Width: 640, Height: 360}, {Width: 640, Height: 360, Profile: 1}, {Width: 1280, Height: 720}, {Width: 320, Height: 180}, {Width: 640, Height: 360}}[i]
	})
	s := e.Series(end)
	if s.Formats != 4 || s.Sizes != 3 || s.Small.Width != 320 || s.Large.Width != 1280 || s.largest() != s.Large || s.Format.Width != 640 {
		t.Errorf("%+v", s)
	}
}

func TestTheClockIsMeasured(t *testing.T) {
	t.Parallel()
	clock := func(ahead func(s int) time.Duration) Series {
		var e Examiner
		for i := range 11 {
			at := start.Add(time.Duration(i) * time.Second)
			e.Report(rtsp.Report{Camera: at.Add(ahead(i)), RTP: uint32(math.MaxUint32-200000) + uint32(i)*90000, Arrived: at})
		}
		return e.Series(start)
	}
	if s := clock(func(int) time.Duration { return -7 * time.Hour }); s.Reports != 11 || s.Ahead != -7*time.Hour || s.Leaps != 0 || s.Drift != 0 {
		t.Errorf("behind: %+v", s)
	}
	if s := clock(func(i int) time.Duration { return time.Duration(i) * 20 * time.Millisecond }); math.Abs(s.Drift-0.02) > 1e-9 || s.Leaps != 0 {
		t.Errorf("drifts: %+v", s)
	}
	var delayed Examiner // what the network delays is no drift
	for i := range 11 {
		at := start.Add(time.Duration(i) * time.Second)
		delayed.Report(rtsp.Report{Camera: at, RTP: uint32(i) * 90000, Arrived: at.Add(time.Duration(i) * 30 * time.Millisecond)})
	}
	if s := delayed.Series(start); s.Drift != 0 || s.Leaps != 0 || s.Ahead != -300*time.Millisecond {
		t.Errorf("a growing delay: %+v", s)
	}
	var leapt Examiner // timestamps that jump are not the clock's fault
	for i := range 11 {
		at := start.Add(time.Duration(i) * time.Second)
		late := time.Duration(i%3) * 300 * time.Millisecond // nor is the network's delay
		leapt.Report(rtsp.Report{Camera: at, RTP: uint32(i) * 3601 * 90000, Arrived: at.Add(late)})
	}
	if s := leapt.Series(start); s.Drift != 0 || s.Leaps != 0 {
		t.Errorf("timestamps that jump: %+v", s)
	}
	jump := func(i int) time.Duration {
		if i < 5 {
			return 0
		}
		return -40 * time.Second
	}
	if s := clock(jump); s.Leaps != 1 || s.Drift != 0 {
		t.Errorf("jumps: %+v", s)
	}
}

func BenchmarkExaminer(b *testing.B) {
	var e Examiner
	au := &video.AccessUnit{Format: &video.Format{Width: 1280}, Payloads: [][]byte{make([]byte, 1000)}, Arrived: start}
	b.ReportAllocs()
	for b.Loop() {
		e.Picture(au)
	}
}
