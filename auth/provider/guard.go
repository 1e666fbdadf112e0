package provider

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"
)

// Bounds of the work on passwords.
const (
	maxChecks        = 2  // at a time: 19 MiB and a core each
	maxWaiting       = 32 // for their turn
	maxWaitingSource = 8  // of one source
	maxWait          = 5 * time.Second

	freeTries  = 5                // before waiting begins
	firstPause = 10 * time.Second // doubled by each further failure
	longPause  = 15 * time.Minute
	forgetting = time.Hour // without a failure
	maxCounted = 10_000    // names and sources; the oldest is forgotten
)

// errBusy says that too many passwords wait to be checked.
var errBusy = errors.New("too many sign-ins at this moment")

// pauseError says that one source has failed too often with one name.
type pauseError struct{ For time.Duration }

func (e pauseError) Error() string {
	return fmt.Sprintf("too many failures: wait %v", e.For.Round(time.Second))
}

// try is whose failures are counted: a name as one source gives it. Others'
// failures do not count, so that nobody can lock an officer out from elsewhere.
type try struct{ login, source string }

type failures struct {
	count int
	last  time.Time
}

// pause is how long after its last failure the next try must wait.
func (f failures) pause() time.Duration {
	if f.count < freeTries {
		return 0
	}
	return time.Duration(min(float64(longPause), float64(firstPause)*math.Exp2(float64(f.count-freeTries))))
}

// guard bounds and counts the checks of passwords.
type guard struct {
	turns chan struct{}

	mu      sync.Mutex
	waiting map[string]int // by source
	all     int
	failed  map[try]failures
}

func newGuard() *guard {
	return &guard{turns: make(chan struct{}, maxChecks), waiting: map[string]int{}, failed: map[try]failures{}}
}

// begin counts a try as failed before it is made, so that many at once gain
// nothing, or returns a pauseError. Forget takes it back.
func (g *guard) begin(t try, now time.Time) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	f := g.failed[t]
	if now.Sub(f.last) >= forgetting {
		f = failures{}
	}
	if wait := f.last.Add(f.pause()).Sub(now); wait > 0 {
		return pauseError{wait}
	}
	if _, known := g.failed[t]; !known && len(g.failed) >= maxCounted {
		g.makeRoom(now)
	}
	g.failed[t] = failures{f.count + 1, now}
	return nil
}

// makeRoom forgets what is old, and the oldest in any case.
func (g *guard) makeRoom(now time.Time) {
	oldest, first := try{}, true
	for t, f := range g.failed {
		if now.Sub(f.last) >= forgetting {
			delete(g.failed, t)
			continue
		}
		if first || f.last.Before(g.failed[oldest].last) {
			oldest, first = t, false
		}
	}
	if len(g.failed) >= maxCounted {
		delete(g.failed, oldest)
	}
}

// forget ends the counting: the password was right.
func (g *guard) forget(t try) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.failed, t)
}

// uncount takes one try back that was not made.
func (g *guard) uncount(t try) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if f := g.failed[t]; f.count > 1 {
		f.count--
		g.failed[t] = f
	} else {
		delete(g.failed, t)
	}
}

// do runs work when it is its turn, or returns errBusy.
func (g *guard) do(ctx context.Context, source string, work func()) error {
	if !g.enter(source) {
		return errBusy
	}
	defer g.leave(source)
	ctx, cancel := context.WithTimeout(ctx, maxWait)
	defer cancel()
	select {
	case g.turns <- struct{}{}:
	case <-ctx.Done():
		return errBusy
	}
	defer func() { <-g.turns }()
	work()
	return nil
}

func (g *guard) enter(source string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.all >= maxWaiting || g.waiting[source] >= maxWaitingSource {
		return false
	}
	g.all++
	g.waiting[source]++
	return true
}

func (g *guard) leave(source string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.all--
	if g.waiting[source]--; g.waiting[source] == 0 {
		delete(g.waiting, source)
	}
}
