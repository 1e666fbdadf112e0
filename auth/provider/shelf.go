package provider

import (
	"sync"
	"time"
)

// Bounds of what is kept of browsers for a short time: challenges, and who has
// just shown who they are.
const (
	shelfLife  = 5 * time.Minute
	maxShelf   = 4096
	maxOfShelf = 128 // of one source: a station is behind one
)

// shelf keeps things for shelfLife. Where one source puts too many there, its
// own oldest fall off.
type shelf[K comparable, V any] struct {
	mu     sync.Mutex
	things map[K]thing[V]
}

type thing[V any] struct {
	value  V
	source string
	at     time.Time
}

func newShelf[K comparable, V any]() *shelf[K, V] {
	return &shelf[K, V]{things: map[K]thing[V]{}}
}

// put fails with errBusy where others have filled the shelf.
func (s *shelf[K, V]) put(key K, value V, source string, now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var oldest K
	n := 0
	for k, t := range s.things {
		if now.Sub(t.at) >= shelfLife {
			delete(s.things, k)
			continue
		}
		if t.source == source {
			if n++; n == 1 || t.at.Before(s.things[oldest].at) {
				oldest = k
			}
		}
	}
	_, again := s.things[key]
	switch {
	case again:
	case n >= maxOfShelf:
		delete(s.things, oldest)
	case len(s.things) >= maxShelf:
		return errBusy
	}
	s.things[key] = thing[V]{value, source, now}
	return nil
}

func (s *shelf[K, V]) get(key K, now time.Time) (V, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.things[key]
	if !ok || now.Sub(t.at) >= shelfLife {
		var none V
		return none, false
	}
	return t.value, true
}

// take takes the thing off the shelf, once, if it is wanted.
func (s *shelf[K, V]) take(key K, wanted func(V) bool, now time.Time) (V, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var none V
	t, ok := s.things[key]
	if !ok || now.Sub(t.at) >= shelfLife || !wanted(t.value) {
		return none, false
	}
	delete(s.things, key)
	return t.value, true
}

// drop takes off all that is wanted no more.
func (s *shelf[K, V]) drop(unwanted func(V) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, t := range s.things {
		if unwanted(t.value) {
			delete(s.things, k)
		}
	}
}
