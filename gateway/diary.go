package gateway

import (
	"context"
	"slices"
	"sync"
	"time"

	"matthan/gateway/video"
)

// diary keeps what becomes of the cameras that are watched. It is told of
// changes, and looks at the running streams once a second from the side: a
// picture's way does not know of it. It holds a page for each camera of the
// inventory that was ever watched.
type diary struct {
	began time.Time

	mu    sync.Mutex // held for one camera at a time, so that nobody waits for it
	pages map[CameraID]*page
}

func newDiary(now time.Time) *diary { return &diary{began: now, pages: map[CameraID]*page{}} }

// page is one camera's.
type page struct {
	last     State // of the camera: live where one of its streams is
	down     Outage
	pulled   map[Quality]State // the streams that are pulled now
	checked  time.Time
	quarter  int64 // the newest one's number, since 1970
	quarters [Quarters]quarter
	outages  []Outage
	freezes  []Freeze
	firsts   []First
	streams  map[Quality]*measured
}

// quarter is a Quarter as it is kept.
type quarter struct {
	live, down       uint32 // ms
	outages, freezes uint16
}

// measured is what the diary saw of a stream last.
type measured struct {
	of   *Stream // nil when it is pulled no more: it holds pictures
	seen vitals  // at the last look
	at   time.Time
	from vitals // at the beginning of what is measured now
	is   StreamDay
	met  []Met

	format *video.Format // the last; nil: none yet
}

// measureFor is over how long a rate is measured.
const measureFor = 5 * time.Second

// keepDiary looks at what runs, once a second, until ctx ends.
func (h *Hub) keepDiary(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	last := time.Now()
	for {
		select {
		case now := <-tick.C:
			// A machine that slept knows nothing of that time.
			h.diary.second(h.running(), min(now.Sub(last), 2*time.Second), now)
			last = now
		case <-ctx.Done():
			return
		}
	}
}

// running are the own streams that are pulled, by camera.
func (h *Hub) running() map[CameraID][]*Stream {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := make(map[CameraID][]*Stream, len(h.pulls))
	for id, p := range h.pulls {
		if p.own() {
			all[id.Camera] = append(all[id.Camera], p.stream)
		}
	}
	return all
}

func (d *diary) second(running map[CameraID][]*Stream, since time.Duration, now time.Time) {
	for id, streams := range running {
		seen := make([]vitals, len(streams))
		for i, s := range streams {
			seen[i] = s.vitals()
		}
		d.mu.Lock()
		if p := d.pages[id]; p != nil && len(p.pulled) > 0 {
			p.pass(since, now)
			for i, s := range streams {
				p.measure(s, seen[i], now)
			}
		}
		d.mu.Unlock()
	}
}

// at is a camera's page. d.mu is held.
func (d *diary) at(id CameraID) *page {
	p := d.pages[id]
	if p == nil {
		p = &page{pulled: map[Quality]State{}, streams: map[Quality]*measured{}}
		d.pages[id] = p
	}
	return p
}

// note takes a stream's new state.
func (d *diary) note(id StreamID, st State, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.at(id.Camera)
	p.pulled[id.Quality] = st
	p.turn(now)
}

// end takes that a stream is pulled no more.
func (d *diary) end(id StreamID, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.pages[id.Camera]
	if p == nil {
		return
	}
	delete(p.pulled, id.Quality)
	if m := p.streams[id.Quality]; m != nil {
		m.of = nil
	}
	p.turn(now)
}

// bits is what a stream was measured to have last, a second; 0: never.
func (d *diary) bits(id StreamID) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p := d.pages[id.Camera]; p != nil && p.streams[id.Quality] != nil {
		return p.streams[id.Quality].is.Bits
	}
	return 0
}

// format is what a stream was last; nil: it never was pulled.
func (d *diary) format(id StreamID) *video.Format {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p := d.pages[id.Camera]; p != nil && p.streams[id.Quality] != nil {
		return p.streams[id.Quality].format
	}
	return nil
}

func (d *diary) first(id CameraID, took time.Duration, now time.Time) {
	if took < 0 || took > slowestFirst {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.at(id)
	p.firsts = push(p.firsts, First{now, took}, keptFirsts)
}

// drop forgets a camera that is no more.
func (d *diary) drop(id CameraID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.pages, id)
}

// push appends to a list of at most n, whose oldest gives way.
func push[T any](list []T, v T, n int) []T {
	if len(list) == n {
		list = slices.Delete(list, 0, 1)
	}
	return append(list, v)
}

// turn follows the states of the camera's streams: it is offline when one of them
// is and none is live.
func (p *page) turn(now time.Time) {
	p.checked = now
	p.turnTo(now)
	var is State
	for _, st := range p.pulled {
		if is.Phase != Live && (st.Phase == Live || st.Phase == Offline && (is.Phase == "" || st.Since.Before(is.Since))) {
			is = st
		}
	}
	switch {
	case is.Phase == Offline && p.down.From.IsZero():
		p.down = Outage{From: is.Since, Cause: is.Cause}
		p.quarters[Quarters-1].outages++
	case is.Phase == Offline:
		p.down.Cause = is.Cause
	case !p.down.From.IsZero():
		p.down.Until = now // nobody watches any more
		if is.Phase == Live {
			p.down.Until = is.Since
		}
		p.outages = push(p.outages, p.down, keptOutages)
		p.down = Outage{}
	}
	if is.Phase == "" {
		return
	}
	if is.Phase == p.last.Phase { // perhaps nobody watched meanwhile; no picture came either, or none failed to
		is.Since = p.last.Since
	}
	p.last = is
}

// turnTo makes now's quarter the newest one.
func (p *page) turnTo(now time.Time) {
	n := now.Unix() / int64(quarterLong/time.Second)
	gone := n - p.quarter
	if gone <= 0 { // or the clock was set back
		return
	}
	p.quarter = n
	if gone >= Quarters {
		p.quarters = [Quarters]quarter{}
		return
	}
	copy(p.quarters[:], p.quarters[gone:])
	clear(p.quarters[Quarters-gone:])
}

// pass lets time go by.
func (p *page) pass(since time.Duration, now time.Time) {
	p.turnTo(now)
	p.checked = now
	q := &p.quarters[Quarters-1]
	switch ms := uint32(since.Milliseconds()); {
	case !p.down.From.IsZero():
		q.down += ms
	case p.last.Phase == Live:
		q.live += ms
	}
}

// measure takes what a stream has counted.
func (p *page) measure(s *Stream, v vitals, now time.Time) {
	id := s.ID()
	m := p.streams[id.Quality]
	if m == nil {
		m = &measured{}
		p.streams[id.Quality] = m
	}
	if m.of != s {
		m.of, m.seen, m.from, m.at = s, vitals{}, v, now
	}
	if v.freezes > m.seen.freezes {
		p.quarters[Quarters-1].freezes += uint16(v.freezes - m.seen.freezes)
		p.freezes = push(p.freezes, v.froze, keptFreezes)
	}
	m.seen = v
	m.met = meet(m.met, v.quirks, now)
	if f := v.format; f != nil {
		m.format = f
		m.is.Codec, m.is.Width, m.is.Height = f.Codec.String(), f.Width, f.Height
	}
	if gone := now.Sub(m.at); gone >= measureFor {
		m.is.Bits = int(float64(v.octets-m.from.octets) * 8 / gone.Seconds())
		m.is.Pictures = float64(v.pictures-m.from.pictures) / gone.Seconds()
		m.from, m.at = v, now
	}
}

// now is what a camera is that is pulled, as soon as that is known.
func (d *diary) now(id CameraID) (st State, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.pages[id]
	if p == nil || len(p.pulled) == 0 {
		return st, false
	}
	return p.last, true
}

func (d *diary) day(id CameraID, now time.Time) (out Day) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.pages[id]
	if p == nil {
		return out
	}
	p.turnTo(now)
	out = Day{State: p.last, Checked: p.checked, Pulled: len(p.pulled) > 0}
	for i, q := range p.quarters {
		out.Quarters[i] = Quarter{time.Duration(q.live) * time.Millisecond, time.Duration(q.down) * time.Millisecond, int(q.outages), int(q.freezes)}
	}
	edge := now.Add(-Quarters * quarterLong)
	for _, o := range p.outages {
		if o.Until.After(edge) {
			out.Outages = append(out.Outages, o)
		}
	}
	if !p.down.From.IsZero() {
		out.Outages = append(out.Outages, p.down)
	}
	for _, f := range p.freezes {
		if f.At.After(edge) {
			out.Freezes = append(out.Freezes, f)
		}
	}
	for _, f := range p.firsts {
		if f.At.After(edge) {
			out.Firsts = append(out.Firsts, f)
		}
	}
	for _, q := range []Quality{Main, Sub} {
		if m := p.streams[q]; m != nil {
			is := m.is
			is.Quality, is.State, is.Quirks = q, p.pulled[q], slices.Clone(m.met)
			out.Streams = append(out.Streams, is)
		}
	}
	return out
}
