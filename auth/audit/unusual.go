package audit

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"

	"matthan/auth"
)

// Pattern is something unusual in who looks at what. It is a question to ask,
// not an answer: there may be a good reason.
type Pattern string

const (
	LongNight      Pattern = "long night"      // hours of looking at one camera in one night
	ManyHouseholds Pattern = "many households" // cameras of citizens by one person in one day
	ManyAreas      Pattern = "many areas"      // by one person in one day
	SoleWatcher    Pattern = "sole watcher"    // one person again and again at a camera that nobody else looks at
	NoReason       Pattern = "no reason"       // citizens' cameras without reason or case
)

// Usual says from where on something is unusual. The zero value is sensible.
type Usual struct {
	Zone       *time.Location // nil: UTC
	NightFrom  int            // hour of the day; 0 and 0: from 22
	NightUntil int            // to 5
	Night      time.Duration  // at one camera in one night; 0: 2 h
	Households int            // cameras in a day; 0: 5
	Areas      int            // in a day; 0: 5
	SoleViews  int            // on different days; 0: 5
}

func (u Usual) defaults() Usual {
	if u.Zone == nil {
		u.Zone = time.UTC
	}
	if u.NightFrom == 0 && u.NightUntil == 0 {
		u.NightFrom, u.NightUntil = 22, 5
	}
	u.Night = cmp.Or(u.Night, 2*time.Hour)
	u.Households, u.Areas, u.SoleViews = cmp.Or(u.Households, 5), cmp.Or(u.Areas, 5), cmp.Or(u.SoleViews, 5)
	return u
}

// Finding is one case of a pattern.
type Finding struct {
	Pattern Pattern   `json:"pattern"`
	Subject string    `json:"subject"`
	Name    string    `json:"name"`
	Day     string    `json:"day,omitempty"`    // 2006-01-02, of the evening of a night
	Camera  string    `json:"camera,omitempty"` // where it is about one
	Amount  float64   `json:"amount"`           // hours, cameras, areas, days or views
	First   uint64    `json:"first"`            // the first record of it
	Last    time.Time `json:"last"`
	Text    string    `json:"text"`
}

// Bounds of a report.
const (
	MaxFindings = 1000
	maxTallies  = 1_000_000 // things counted at once; beyond, new ones are not
)

// Unusual reads entries in the log's order and finds what is unusual in them.
// more says that something was left out, for the report's bounds.
func Unusual(entries iter.Seq2[Entry, error], usual Usual) (found []Finding, more bool, err error) {
	s := &survey{usual: usual.defaults(), tallies: map[tallyKey]*tally{}, watchers: map[string]map[string]bool{}}
	for e, err := range entries {
		if err != nil {
			return nil, false, err
		}
		s.take(e)
	}
	found = s.findings()
	if len(found) > MaxFindings {
		found, s.full = found[:MaxFindings], true
	}
	return found, s.full, nil
}

// tallyKey is what is counted together.
type tallyKey struct {
	pattern              Pattern
	subject, day, camera string
}

type tally struct {
	name  string
	hours time.Duration
	of    map[string]bool // different cameras, areas or days
	n     int
	first uint64
	last  time.Time
}

type survey struct {
	usual    Usual
	tallies  map[tallyKey]*tally
	watchers map[string]map[string]bool // who looked at a camera; two are as good as many
	full     bool
}

func (s *survey) take(e Entry) {
	switch e.Event {
	case auth.ViewOpened, auth.StillSeen:
		s.opened(e)
	case auth.ViewClosed: // those that a crash ended are not counted: nobody knows when they did
		s.night(e)
	}
}

// opened counts a view.
func (s *survey) opened(e Entry) {
	day := e.Time.In(s.usual.Zone).Format(time.DateOnly)
	if e.Kind == auth.Household {
		s.count(tallyKey{ManyHouseholds, e.Subject, day, ""}, e, e.Camera)
		if e.Reason == "" && e.Case == "" {
			s.count(tallyKey{NoReason, e.Subject, day, ""}, e, e.Camera)
		}
	}
	if len(e.Areas) > 0 {
		s.count(tallyKey{ManyAreas, e.Subject, day, ""}, e, e.Areas[0])
	}
	s.count(tallyKey{SoleWatcher, e.Subject, "", e.Camera}, e, day)
	w := s.watchers[e.Camera]
	if w == nil {
		if len(s.watchers) >= maxTallies {
			s.full = true
			return
		}
		w = map[string]bool{}
		s.watchers[e.Camera] = w
	}
	if len(w) < 2 {
		w[e.Subject] = true
	}
}

func (s *survey) count(k tallyKey, e Entry, of string) *tally {
	t := s.tallies[k]
	if t == nil {
		if len(s.tallies) >= maxTallies {
			s.full = true
			return &tally{of: map[string]bool{}}
		}
		t = &tally{first: e.N, of: map[string]bool{}}
		s.tallies[k] = t
	}
	t.n++
	t.name, t.last = e.Name, e.Time
	if len(t.of) < 1000 {
		t.of[of] = true
	}
	return t
}

// night counts the part of a closed view that was at night, night by night.
func (s *survey) night(e Entry) {
	if e.Duration > 30*24*time.Hour { // no lease lives that long
		return
	}
	until := e.Time.In(s.usual.Zone)
	from := until.Add(-e.Duration)
	y, m, d := from.AddDate(0, 0, -1).Date()
	for ; ; d++ {
		begin := time.Date(y, m, d, s.usual.NightFrom, 0, 0, 0, s.usual.Zone)
		stop := time.Date(y, m, d+1, s.usual.NightUntil, 0, 0, 0, s.usual.Zone)
		if begin.After(until) {
			return
		}
		a, b := from, until
		if begin.After(a) {
			a = begin
		}
		if stop.Before(b) {
			b = stop
		}
		if b.After(a) {
			s.count(tallyKey{LongNight, e.Subject, begin.Format(time.DateOnly), e.Camera}, e, e.Camera).hours += b.Sub(a)
		}
	}
}

func (s *survey) findings() (found []Finding) {
	for k, t := range s.tallies {
		f := Finding{Pattern: k.pattern, Subject: k.subject, Name: t.name, Day: k.day, Camera: k.camera, Amount: float64(len(t.of)), First: t.first, Last: t.last}
		switch {
		case k.pattern == LongNight && t.hours >= s.usual.Night:
			f.Amount = t.hours.Hours()
			f.Text = fmt.Sprintf("%.1f hours at one camera in one night", f.Amount)
		case k.pattern == ManyHouseholds && len(t.of) >= s.usual.Households:
			f.Text = fmt.Sprintf("%d cameras of citizens in one day", len(t.of))
		case k.pattern == ManyAreas && len(t.of) >= s.usual.Areas:
			f.Text = fmt.Sprintf("cameras of %d areas in one day", len(t.of))
		case k.pattern == SoleWatcher && len(t.of) >= s.usual.SoleViews && len(s.watchers[k.camera]) == 1:
			f.Text = fmt.Sprintf("on %d days at a camera that nobody else looked at", len(t.of))
		case k.pattern == NoReason:
			f.Amount = float64(t.n)
			f.Text = fmt.Sprintf("%d looks at cameras of citizens without a reason", t.n)
		default:
			continue
		}
		found = append(found, f)
	}
	slices.SortFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Pattern, b.Pattern), -cmp.Compare(a.Amount, b.Amount), cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.First, b.First))
	})
	return found
}
