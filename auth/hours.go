package auth

import (
	"fmt"
	"time"
	_ "time/tzdata" // a ward's server may have no zone files, and rights must not depend on that
)

const (
	day      = 24 * 60 // minutes
	maxSpans = 64
)

// forever is after every other time.
var forever = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// Hours are the hours of a week, the same every week.
type Hours struct {
	Zone  string `json:"zone"` // IANA name: Asia/Ho_Chi_Minh
	Spans []Span `json:"spans"`
}

// Span is a time of one day of the week, over midnight where To is not after
// From.
type Span struct {
	Day  time.Weekday `json:"day"`  // on which it begins; 0 is Sunday
	From int          `json:"from"` // minutes after midnight by the wall clock, 0 to 1439
	To   int          `json:"to"`   // not included; 0 to 1440
}

// check returns the location of the hours' zone.
func (h *Hours) check() (*time.Location, error) {
	if len(h.Spans) == 0 || len(h.Spans) > maxSpans {
		return nil, fmt.Errorf("%w: weekly hours have 1 to %d spans, not %d", ErrFaulty, maxSpans, len(h.Spans))
	}
	for _, s := range h.Spans {
		if s.Day < time.Sunday || s.Day > time.Saturday || s.From < 0 || s.From >= day || s.To < 0 || s.To > day {
			return nil, fmt.Errorf("%w: a span is of day 0 to 6 and from minute 0 to 1439 to minute 0 to 1440, not %d, %d, %d", ErrFaulty, s.Day, s.From, s.To)
		}
	}
	if h.Zone == "" || h.Zone == "Local" || len(h.Zone) > maxID {
		return nil, fmt.Errorf("%w: weekly hours need a time zone's name, such as Asia/Ho_Chi_Minh", ErrFaulty)
	}
	at, err := time.LoadLocation(h.Zone)
	if err != nil {
		return nil, fmt.Errorf("%w: there is no time zone %q: write a name such as Asia/Ho_Chi_Minh", ErrFaulty, h.Zone)
	}
	return at, nil
}

// at says whether now is in the hours; and when that ends, or when they begin
// next.
func (h *Hours) at(now time.Time, zone *time.Location) (in bool, edge time.Time) {
	local := now.In(zone)
	y, m, d := local.Date()
	ends, begins := now, forever
	for _, s := range h.Spans {
		ahead := (int(s.Day) - int(local.Weekday()) + 7) % 7
		for _, days := range [...]int{ahead - 7, ahead, ahead + 7} {
			last := d + days
			if s.To <= s.From {
				last++
			}
			from := time.Date(y, m, d+days, 0, s.From, 0, 0, zone)
			to := time.Date(y, m, last, 0, s.To, 0, 0, zone)
			switch {
			case from.After(now):
				begins = earliest(begins, from)
			case to.After(ends):
				ends = to
			}
		}
	}
	if ends.After(now) {
		return true, ends
	}
	return false, begins
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
