package signaling

import (
	"time"

	"matthan/auth"
)

// noticesEvery bounds how often one viewer is told that there is news.
const noticesEvery = time.Second

// tellNews has the pages told that news concerns, and those that had to wait.
func (s *Server) tellNews(news auth.News, now time.Time) {
	s.mu.Lock()
	sessions := make([]*session, 0, len(s.sessions))
	for _, v := range s.sessions {
		sessions = append(sessions, v)
	}
	s.mu.Unlock()
	for _, v := range sessions {
		v.tellNews(s.Policy.Concerns(v.subject, news, now), now)
	}
}

// tellNews notes whether there is news, and has the page told when it may be:
// soon, or when its socket is back.
func (v *session) tellNews(fresh bool, now time.Time) {
	v.mu.Lock()
	v.fresh = v.fresh || fresh
	l := v.line
	due := v.fresh && l != nil && now.Sub(v.noticed) >= noticesEvery
	if due {
		v.fresh, v.notice, v.noticed = false, true, now
	}
	v.mu.Unlock()
	if due {
		l.wake()
	}
}
