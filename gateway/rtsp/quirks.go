package rtsp

import (
	"slices"
	"sync"

	"matthan/gateway"
)

// quirks are what was met of a camera and worked around.
type quirks struct {
	mu  sync.Mutex
	met []gateway.Quirk // sorted, each once
}

// note remembers q. It tells whether it is new.
func (q *quirks) note(k gateway.Quirk) (fresh bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	i, known := slices.BinarySearch(q.met, k)
	if !known {
		q.met = slices.Insert(q.met, i, k)
	}
	return !known
}

func (q *quirks) forget() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.met = nil
}

// Quirks are what the camera did against the rules in the Run that goes on or
// was the last, sorted. It may be called at any time, from any goroutine.
func (s *Source) Quirks() []gateway.Quirk {
	s.quirks.mu.Lock()
	defer s.quirks.mu.Unlock()
	return slices.Clone(s.quirks.met)
}

// met notes a quirk, and logs it the first time in a Run.
func (s *Source) met(k gateway.Quirk) {
	if s.quirks.note(k) {
		s.log.Info("camera has a quirk, which is worked around", "address", s.address, "quirk", string(k))
	}
}
