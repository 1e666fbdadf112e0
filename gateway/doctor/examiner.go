package doctor

import (
	"sync"
	"time"

	"matthan/gateway/rtsp"
	"matthan/gateway/video"
)

// Bounds of what is believed of a stream.
const (
	clockRate  = 90000                  // of PTS and RTP timestamps
	maxStep    = 2 * clockRate          // between two pictures; beyond it the timestamps jumped
	maxGOP     = 10 * time.Minute       // longer GOPs are counted by arrival only
	clockSlack = 100 * time.Millisecond // how far two sender reports in a row may disagree
	sloppy     = 80 * time.Millisecond  // what reports are wrong by anyway, two pictures: less in all is no drift
)

// Examiner keeps what is seen of one stream, incrementally and in fixed memory.
// Its zero value has seen nothing. It may be used from several goroutines.
type Examiner struct {
	mu sync.Mutex
	s  Series

	began       time.Time // PLAY, or the first picture where that came before
	first, last time.Time // arrivals
	lastPTS     int64
	steps       int           // pictures whose PTS follows that of the one before
	ticks       int64         // between them
	second      time.Time     // where the current second of arrivals began
	octets      uint64        // in it
	key         time.Time     // arrival of the last key picture
	keyPTS      int64         //
	sinceKey    int           // pictures since, with it
	gops        time.Duration // sum
	gopPictures int           // sum
	report      rtsp.Report   // the last
	slip        time.Duration // of the camera's clock against its RTP clock since firstAt, whatever the network does
	firstAt     time.Time     // the first report after the last leap
}

// Series is what an Examiner has seen.
type Series struct {
	Pictures int
	Octets   uint64
	Long     time.Duration // from the first picture to the last
	Peak     uint64        // octets of the fullest whole second
	Rate     float64       // pictures a second, 0 where fewer than two came
	Format   video.Format  // of the last picture; the zero Format where none came
	Formats  int           // how often it changed
	Sizes    int           // of these, how often the pictures' size did
	Small    video.Format  // that of the smallest pictures, where their size changed
	Large    video.Format  // and of the largest
	Jumps    int           // steps of the timestamps back, or forward by more than 2 s
	Gap      time.Duration // the longest between two arrivals
	Lost     uint64        // packets

	FirstPicture time.Duration // from PLAY
	FirstKey     time.Duration // likewise; where Keys is 0 nothing
	Keys         int

	GOPs           int // whole ones
	GOP            time.Duration
	GOPMin, GOPMax time.Duration
	GOPPictures    float64       // mean
	GOPOpen        time.Duration // since the last key picture, or since PLAY where there was none

	Believed int           // pictures whose time of capture is by the camera's clock
	Reports  int           // sender reports
	Ahead    time.Duration // of the camera's clock, by the last report; negative where it is behind, and by the camera's delay
	Leaps    int           // of the camera's clock against its RTP timestamps, or back
	Drift    float64       // of the camera's clock in s a second, since its last leap; 0 below 4 s of reports and 80 ms in all
}

// Plays notes when the camera began to play.
func (e *Examiner) Plays(at time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.began.IsZero() || at.Before(e.began) {
		e.began = at
	}
}

// Picture takes the next access unit, of which it keeps nothing.
func (e *Examiner) Picture(au *video.AccessUnit) {
	e.mu.Lock()
	defer e.mu.Unlock()
	s, size := &e.s, uint64(au.Size())
	if s.Pictures == 0 {
		if e.began.IsZero() || au.Arrived.Before(e.began) {
			e.began = au.Arrived
		}
		e.first, e.second = au.Arrived, au.Arrived
		s.FirstPicture = au.Arrived.Sub(e.began)
	} else {
		e.step(au)
	}
	e.format(au.Format)
	if au.Key {
		e.cut(au)
	}
	if au.Arrived.Sub(e.second) >= time.Second {
		s.Peak = max(s.Peak, e.octets)
		e.second, e.octets = au.Arrived, 0
	}
	e.octets += size
	e.sinceKey++
	s.Pictures++
	s.Octets += size
	s.Lost += uint64(au.Lost)
	if au.Clock == video.ClockCamera {
		s.Believed++
	}
	e.last, e.lastPTS = au.Arrived, au.PTS
	s.Long = e.last.Sub(e.first)
}

// step takes the distance of a picture from the one before.
func (e *Examiner) step(au *video.AccessUnit) {
	e.s.Gap = max(e.s.Gap, au.Arrived.Sub(e.last))
	switch d := au.PTS - e.lastPTS; {
	case d > 0 && d <= maxStep:
		e.steps++
		e.ticks += d
	case d <= 0 && d >= -maxStep && au.Format != nil && au.Format.Reorder: // B-frames
	case d > maxStep && time.Duration(d)*time.Second/clockRate < au.Arrived.Sub(e.last)+time.Second: // a real gap
	default:
		e.s.Jumps++
	}
}

func (e *Examiner) format(f *video.Format) {
	if f == nil || *f == e.s.Format {
		return
	}
	was := e.s.Format
	was.Reorder = f.Reorder // that shows only with the first B slice
	if e.s.Pictures > 0 && was != *f {
		e.s.Formats++
		e.resized(was, *f)
	}
	e.s.Format = *f
}

// resized takes a change of the format that may be one of the size.
func (e *Examiner) resized(was, is video.Format) {
	s := &e.s
	if was.Width == is.Width && was.Height == is.Height {
		return
	}
	if s.Sizes++; s.Sizes == 1 {
		s.Small, s.Large = was, was
	}
	switch n := pixels(is); {
	case n < pixels(s.Small):
		s.Small = is
	case n > pixels(s.Large):
		s.Large = is
	}
}

func pixels(f video.Format) int { return f.Width * f.Height }

// largest is the format of the largest pictures.
func (s Series) largest() video.Format {
	if s.Sizes > 0 {
		return s.Large
	}
	return s.Format
}

// cut ends a GOP at its key picture.
func (e *Examiner) cut(au *video.AccessUnit) {
	s := &e.s
	if s.Keys == 0 {
		s.FirstKey = au.Arrived.Sub(e.began)
	} else {
		long := au.Arrived.Sub(e.key)
		if d := au.PTS - e.keyPTS; d > 0 && d < int64(maxGOP/time.Second)*clockRate {
			// A network that stood still explains so much; else its timestamps jumped.
			if by := time.Duration(d) * time.Second / clockRate; (by - long).Abs() < time.Second+2*s.Gap {
				long = by
			}
		}
		if s.GOPs++; s.GOPs == 1 || long < s.GOPMin {
			s.GOPMin = long
		}
		s.GOPMax = max(s.GOPMax, long)
		e.gops += long
		e.gopPictures += e.sinceKey
	}
	s.Keys++
	e.key, e.keyPTS, e.sinceKey = au.Arrived, au.PTS, 0
}

// Report takes a sender report.
func (e *Examiner) Report(r rtsp.Report) {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := &e.s
	leap, jump := false, false
	if s.Reports > 0 {
		by := time.Duration(int64(int32(r.RTP-e.report.RTP)) * int64(time.Second) / clockRate)
		step := r.Camera.Sub(e.report.Camera)
		// One may stand still while the other runs; that is a leap too. Where the clock
		// runs more as ours does, the timestamps jumped.
		ours := r.Arrived.Sub(e.report.Arrived)
		jump = (step - by).Abs() > clockSlack
		leap = jump && (step-ours).Abs() > (by-ours).Abs()
		e.slip += step - by
	}
	if leap {
		s.Leaps++
	}
	if s.Reports == 0 || jump {
		e.slip, e.firstAt = 0, r.Arrived
	}
	s.Drift = 0
	if long := r.Arrived.Sub(e.firstAt); long >= 4*time.Second && e.slip.Abs() > sloppy {
		s.Drift = e.slip.Seconds() / long.Seconds()
	}
	s.Reports++
	s.Ahead = r.Camera.Sub(r.Arrived)
	e.report = r
}

// Series is what was seen until now.
func (e *Examiner) Series(now time.Time) Series {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.s
	switch {
	case e.steps > 0 && !s.Format.Reorder && s.Jumps <= s.Pictures/10:
		s.Rate = clockRate * float64(e.steps) / float64(e.ticks)
	case s.Pictures > 1 && s.Long > 0:
		s.Rate = float64(s.Pictures-1) / s.Long.Seconds()
	}
	if s.GOPs > 0 {
		s.GOP = e.gops / time.Duration(s.GOPs)
		s.GOPPictures = float64(e.gopPictures) / float64(s.GOPs)
	}
	switch {
	case s.Keys > 0:
		s.GOPOpen = now.Sub(e.key)
	case !e.began.IsZero():
		s.GOPOpen = now.Sub(e.began)
	}
	if s.Peak == 0 {
		s.Peak = e.octets // less than a second
	}
	return s
}
