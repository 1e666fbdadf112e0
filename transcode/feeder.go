package transcode

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"matthan/gateway"
	"matthan/gateway/video"
)

// feeder gives a process the pictures of a stream, and remembers which was which.
// It waits for the process, and nothing waits for it: what comes meanwhile is left
// out up to a key picture.
type feeder struct {
	up   upstream
	gop  []*video.AccessUnit // to begin with
	edge uint64              // Number of its last: what is before is fed as fast as it is taken
	base int64               // PTS at 0 ms

	mu    sync.Mutex
	given []given   // ms ascending
	asked time.Time // since when a picture is owed; zero: none is
	some  bool      // a picture has come
}

// given is what a picture that is encoded anew keeps of what it was.
type given struct {
	at       uint32
	pts      int64
	captured time.Time
	clock    video.Clock
	arrived  time.Time
}

// Bounds of what is remembered: pictures that ffmpeg has and has not given back,
// and ms that its numbers count without a turn.
const (
	maxGiven = 2048
	maxAt    = 1 << 31
)

func newFeeder(up upstream, gop []*video.AccessUnit) *feeder {
	return &feeder{up: up, gop: gop, edge: gop[len(gop)-1].Number, base: gop[0].PTS}
}

// at is a picture's time in ms after the first one's, if it follows what was given
// at last.
func (f *feeder) at(au *video.AccessUnit) int64 { return (au.PTS - f.base) / 90 }

// from is the time of the newest picture of the GOP that is begun with: the first
// that is to be encoded.
func (f *feeder) from() uint32 {
	newest := int64(0)
	for _, au := range f.gop {
		newest = max(newest, f.at(au))
	}
	return uint32(min(newest, maxAt))
}

// run feeds until ctx ends, the stream does, or its pictures take another form.
func (f *feeder) run(ctx context.Context, p *plan, w io.Writer) error {
	out := matroska{w: w}
	if err := out.begin(&p.in, p.rate); err != nil {
		return fmt.Errorf("give ffmpeg a picture: %w", err)
	}
	pos, skipping := f.gop[0].Number-1, false
	aus, ok := f.gop, true
	for {
		if !ok {
			if aus = f.up.GOP(); len(aus) > 0 {
				pos = aus[0].Number - 1
			}
		}
		for _, au := range aus {
			if au.Format == nil || !sameForm(au.Format, &p.in) || au.Codec != p.in.Codec {
				return errAnew
			}
			switch late := au.Number > f.edge && time.Since(au.Arrived) > lateAfter; {
			case late && !f.newest(au):
				skipping = true
			case au.Key:
				skipping = false
			}
			if pos = au.Number; skipping {
				continue
			}
			at, err := f.give(au)
			if err != nil {
				return err
			}
			if err := out.picture(au, at); err != nil {
				return fmt.Errorf("give ffmpeg a picture: %w", err)
			}
		}
		if aus, ok = f.up.After(pos); ok && len(aus) > 0 {
			continue
		}
		if st := f.up.State(); st.Phase == gateway.Offline {
			return offline(st)
		}
		if !ok && f.up.GOP() != nil {
			continue
		}
		select {
		case <-f.up.news:
			aus, ok = f.up.After(pos)
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// newest says whether nothing later can be begun with.
func (f *feeder) newest(au *video.AccessUnit) bool {
	gop := f.up.GOP()
	return au.Key && (len(gop) == 0 || gop[0].Number == au.Number)
}

// sameForm says whether a process that was started for one goes on with the other.
func sameForm(a, b *video.Format) bool {
	return a.Codec == b.Codec && a.Width == b.Width && a.Height == b.Height && a.Reorder == b.Reorder
}

// give remembers a picture, and numbers it: by its time, which no other has.
func (f *feeder) give(au *video.AccessUnit) (at uint32, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	ms := f.at(au)
	if ms < 0 || ms >= maxAt {
		return 0, errAnew
	}
	at = uint32(ms)
	for f.knows(at) {
		at++
	}
	if len(f.given) == maxGiven {
		f.given = append(f.given[:0], f.given[maxGiven/2:]...)
	}
	i := len(f.given)
	for i > 0 && f.given[i-1].at > at { // B-frames are decoded in another order
		i--
	}
	f.given = append(f.given, given{})
	copy(f.given[i+1:], f.given[i:])
	f.given[i] = given{at, au.PTS, au.Captured, au.Clock, au.Arrived}
	if f.asked.IsZero() {
		f.asked = time.Now()
	}
	return at, nil
}

func (f *feeder) knows(at uint32) bool {
	for i := len(f.given) - 1; i >= 0 && f.given[i].at >= at; i-- {
		if f.given[i].at == at {
			return true
		}
	}
	return false
}

// taken is what a picture was that ffmpeg has made. Those before it come no more.
func (f *feeder) taken(at uint32) (is given, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, g := range f.given {
		if g.at == at {
			f.given = append(f.given[:0], f.given[i+1:]...)
			f.asked, f.some = time.Time{}, true
			if len(f.given) > 0 {
				f.asked = time.Now()
			}
			return g, true
		}
	}
	return is, false
}

// mind ends a process that takes pictures and gives none.
func (f *feeder) mind(ctx context.Context) error {
	tick := time.NewTicker(hungAfter / 8)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case now := <-tick.C:
			f.mu.Lock()
			asked, most := f.asked, hungAfter
			if !f.some {
				most = firstAfter
			}
			f.mu.Unlock()
			if !asked.IsZero() && now.Sub(asked) > most {
				return errors.New("it was given pictures and makes none")
			}
		}
	}
}
