package gateway

import (
	"slices"
	"time"
)

// Bounds of what is kept of a camera that was watched, some 6 KiB each.
const (
	Quarters     = 96 // quarters of an hour: a day
	quarterLong  = 15 * time.Minute
	keptOutages  = 64
	keptFreezes  = 32
	keptFirsts   = 64
	lastQuarters = 4 // what the last hour is, to a quarter
)

// slowestFirst is the longest wait that still says how quick a camera is; after
// that it was offline.
const slowestFirst = 30 * time.Second

// Quarter is what became of a camera in a quarter of an hour. What is neither live
// nor down nobody knows: it was not watched.
type Quarter struct {
	Live, Down       time.Duration
	Outages, Freezes int // that began, or ended, in it
}

// Outage is a time in which a camera that was watched gave no picture.
type Outage struct {
	From  time.Time
	Until time.Time // zero: it goes on; else the first picture, or when nobody watched any more
	Cause Cause
}

// First is how long somebody waited for the first picture.
type First struct {
	At   time.Time
	Took time.Duration
}

// StreamDay is what was measured last of one stream.
type StreamDay struct {
	Quality       Quality
	State         State // the zero State where it is not pulled now
	Codec         string
	Width, Height int     // pixels; 0 before the first picture
	Bits          int     // a second, over the last five
	Pictures      float64 // a second, likewise
	Quirks        []Met   // in the order in which they were met
}

// Day is what became of a camera in the last 24 hours, as far as somebody
// watched it and this gateway ran.
type Day struct {
	State    State     // the zero State where it was never watched
	Checked  time.Time // when it was pulled last
	Pulled   bool      // it is now
	Quarters [Quarters]Quarter
	Outages  []Outage // the last ones, the oldest first
	Freezes  []Freeze // likewise
	Firsts   []First  // likewise
	Streams  []StreamDay
}

// Care says what a camera needs, the most urgent first.
type Care string

const (
	CareOffline  Care = "offline"
	CareFlapping Care = "flapping" // it comes and goes
	CareFreezing Care = "freezing" // its pictures stop and go on
	CareSlow     Care = "slow"     // its first picture is long in coming
	CareNone     Care = "live"
	CareUnknown  Care = "unknown" // nobody has watched it
)

// Cares are all of them, the most urgent first.
var Cares = []Care{CareOffline, CareFlapping, CareFreezing, CareSlow, CareNone, CareUnknown}

// From how many on within an hour a camera flaps or freezes, and from when on,
// over so many first pictures at least, it is slow.
const (
	flapsFrom   = 3
	freezesFrom = 3
	slowFrom    = time.Second
	slowOver    = 3
)

// Care is what the camera needs.
func (d *Day) Care() Care {
	outages, freezes := 0, 0
	for _, q := range d.Quarters[Quarters-lastQuarters:] {
		outages, freezes = outages+q.Outages, freezes+q.Freezes
	}
	median, _ := d.Waits()
	switch {
	case d.State.Phase == Offline:
		return CareOffline
	case d.State.Phase == "":
		return CareUnknown
	case outages >= flapsFrom:
		return CareFlapping
	case freezes >= freezesFrom:
		return CareFreezing
	case len(d.Firsts) >= slowOver && median > slowFrom:
		return CareSlow
	}
	return CareNone
}

// Waits are the median and the 95th percentile of the last waits for a first
// picture, by the nearest rank; 0 where nobody waited.
func (d *Day) Waits() (median, p95 time.Duration) {
	n := len(d.Firsts)
	if n == 0 {
		return 0, 0
	}
	took := make([]time.Duration, n)
	for i, f := range d.Firsts {
		took[i] = f.Took
	}
	slices.Sort(took)
	rank := func(percent int) time.Duration { return took[(n*percent+99)/100-1] }
	return rank(50), rank(95)
}

// Sum adds the quarters up.
func (d *Day) Sum() (all Quarter) {
	for _, q := range d.Quarters {
		all.Live, all.Down = all.Live+q.Live, all.Down+q.Down
		all.Outages, all.Freezes = all.Outages+q.Outages, all.Freezes+q.Freezes
	}
	return all
}

// Day is what became of a camera.
func (h *Hub) Day(id CameraID) Day { return h.diary.day(id, time.Now()) }

// Shown notes that somebody who chose a camera waited so long for its first
// picture.
func (h *Hub) Shown(id CameraID, took time.Duration) { h.diary.first(id, took, time.Now()) }

// Since is when the hub was made: what was before it, no Day tells.
func (h *Hub) Since() time.Time { return h.diary.began }
