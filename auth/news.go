package auth

import (
	"slices"
	"time"
)

// noticesFor is how long those who supervise are told of an emergency.
const noticesFor = 24 * time.Hour

// Notices are what by is told: the emergencies of others of which by may
// Supervise a place, in force or of the last day, and the open requests that by
// may answer; the newest first. They are read from the grants and the requests,
// so that none is told of that is not kept.
func (p *Policy) Notices(by Subject, now time.Time) ([]Notice, error) {
	if _, err := p.person(by, now); err != nil {
		return nil, err
	}
	mine := p.careOf(by, Supervise, now)
	var told []Notice
	for _, row := range p.people.Grants.All() {
		if g := &row.Value; g.Emergency && now.Sub(g.Given) < noticesFor && g.By != by.ID && mine.someOf(g) {
			told = append(told, g.notice(row.Key, p.NameOf(g.By)))
		}
	}
	for _, row := range p.people.Requests.All() {
		if r := &row.Value; r.IsOpen(now) && r.Person != by.ID && mine.allOf(r) {
			told = append(told, r.notice(row.Key))
		}
	}
	slices.SortStableFunc(told, func(a, b Notice) int { return b.At.Compare(a.At) })
	return told, nil
}

func (g *Grant) notice(key, name string) Notice {
	return Notice{Emergency: true, Key: key, Person: g.By, Name: name, Areas: g.Areas, Cameras: g.Cameras,
		Actions: g.Actions, Reason: g.Reason, At: g.Given, Until: g.Until}
}

func (r *Request) notice(key string) Notice {
	return Notice{Key: key, Person: r.Person, Name: r.Name, Areas: []string{r.Area}, Cameras: r.Cameras,
		Actions: r.Actions, Reason: r.Reason, At: r.Asked}
}

// Seen is what of the emergencies and requests somebody has seen: the revision
// of each.
type Seen struct{ grants, requests map[string]uint64 }

// News is what is new among the emergencies and requests. The zero News is
// nothing.
type News struct {
	emergencies []Grant
	requests    []Request
}

// News says what is new since seen, and what has been seen then. To the zero
// Seen everything is.
func (p *Policy) News(seen Seen) (News, Seen) {
	next := Seen{map[string]uint64{}, map[string]uint64{}}
	var n News
	if p.people == nil {
		return n, next
	}
	for _, row := range p.people.Grants.All() {
		if !row.Value.Emergency {
			continue
		}
		if next.grants[row.Key] = row.Revision; seen.grants[row.Key] != row.Revision {
			n.emergencies = append(n.emergencies, row.Value)
		}
	}
	for _, row := range p.people.Requests.All() {
		if next.requests[row.Key] = row.Revision; seen.requests[row.Key] != row.Revision {
			n.requests = append(n.requests, row.Value)
		}
	}
	return n, next
}

// Concerns says whether s is to be told that there is news: of an emergency or a
// request in the care of s, or of the answer to one's own request.
func (p *Policy) Concerns(s Subject, n News, now time.Time) bool {
	if len(n.emergencies)+len(n.requests) == 0 {
		return false
	}
	if _, err := p.person(s, now); err != nil {
		return false
	}
	mine := p.careOf(s, Supervise, now)
	return slices.ContainsFunc(n.emergencies, func(g Grant) bool { return g.By != s.ID && mine.someOf(&g) }) ||
		slices.ContainsFunc(n.requests, func(r Request) bool {
			if r.Person == s.ID {
				return r.State == Granted || r.State == Refused
			}
			return mine.allOf(&r)
		})
}
