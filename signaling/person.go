package signaling

import (
	"sync"
	"time"

	"matthan/auth"
)

// An offer is the dearest message: it may make a peer. One person, or the
// session of one token, may send offerBurst at once and one each offerEvery from
// then on.
const (
	offerBurst = 16
	offerEvery = 2 * time.Second
)

// leftFor is how long a session is without a socket before it may make room: a
// new one has none yet.
const leftFor = time.Second

// offers counts them. All sessions of one person share one.
type offers struct {
	mu   sync.Mutex
	full time.Time // when all of the burst may be sent again
}

func (o *offers) allow(now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	next := o.full
	if next.Before(now) {
		next = now
	}
	if next = next.Add(offerEvery); next.Sub(now) > offerBurst*offerEvery {
		return false
	}
	o.full = next
	return true
}

// roomFor finds room for another session of a subject. A person who has too many
// loses the oldest of those that no socket holds any more, old; who holds all of
// them gets no other. A token may be in many hands, and is bounded by the
// address and in all. A guest has one session: the newest, whoever else came by
// the token. s.mu is held.
func (s *Server) roomFor(subject auth.Subject, now time.Time) (shared *offers, old *session, err error) {
	shared = &offers{}
	if subject.Guest() != "" {
		for _, v := range s.sessions {
			if v.subject.ID == subject.ID {
				return v.offers, v, nil
			}
		}
	}
	if !subject.IsOne() {
		return shared, nil, nil
	}
	count := 0
	var left time.Time // when old lost its socket
	for _, v := range s.sessions {
		if v.subject.ID != subject.ID {
			continue
		}
		count++
		shared = v.offers
		v.mu.Lock()
		if v.line == nil && now.Sub(v.since) >= leftFor && (old == nil || v.since.Before(left)) {
			old, left = v, v.since
		}
		v.mu.Unlock()
	}
	for _, r := range s.whep {
		if r.subject.ID == subject.ID {
			count++
		}
	}
	switch {
	case count < s.limits().PerPerson:
		return shared, nil, nil
	case old == nil:
		return nil, nil, coded(CodeTooMany)
	}
	return shared, old, nil
}
