//go:build soak

package main

import (
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"matthan/gateway/simulate"
)

// What a soak demands.
const (
	soakViewers = 50
	soakFor     = 60 * time.Second
	// A freeze as WebRTC's statistics define it, for 25 pictures a second: a gap of
	// over max(3 x 40 ms, 40 ms + 150 ms).
	freeze = 190 * time.Millisecond
)

// TestSoak lets 50 viewers watch one camera for a minute: nobody's picture may
// freeze, and when they have left everything must be as it was before.
func TestSoak(t *testing.T) {
	l := startLive(t, simulate.Options{Cameras: 1}, func(c *Config) { c.Limits.Streams.Linger = time.Second })
	if err := l.cycle(1, time.Second, nil); err != nil { // what is made once is made now
		t.Fatal(err)
	}
	goroutines, heap := l.settled(0)
	t.Logf("before: %d goroutines, %d KiB of heap", goroutines, heap>>10)
	var mu sync.Mutex
	var gaps []time.Duration
	err := l.cycle(soakViewers, soakFor, func(longest time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		gaps = append(gaps, longest)
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(gaps)
	t.Logf("longest gap between pictures: median of the viewers %v, worst %v", gaps[len(gaps)/2], gaps[len(gaps)-1])
	if worst := gaps[len(gaps)-1]; worst > freeze {
		t.Errorf("a viewer's picture froze for %v", worst)
	}
	after, heapAfter := l.settled(goroutines)
	t.Logf("after: %d goroutines, %d KiB of heap, %d KiB resident", after, heapAfter>>10, resident(t)>>10)
	if after > goroutines {
		t.Errorf("%d goroutines before, %d after", goroutines, after)
	}
	if heapAfter > heap+8<<20 {
		t.Errorf("%d KiB of heap before, %d after", heap>>10, heapAfter>>10)
	}
}

// cycle lets n viewers come, watch for so long and leave. It reports each
// viewer's longest gap between two pictures, once it is at the live edge.
func (l *live) cycle(n int, d time.Duration, report func(time.Duration)) error {
	errs := make(chan error, n)
	for i := range n {
		go func() {
			<-time.After(time.Duration(i) * 100 * time.Millisecond) // as people come
			p, err := l.play("cam0")
			defer p.close()
			var longest time.Duration
			var last time.Time
			for end := time.Now().Add(d); err == nil && time.Now().Before(end); {
				var pic picture
				pic, err = p.next()
				if !last.IsZero() {
					longest = max(longest, pic.at.Sub(last))
				}
				last = pic.at
			}
			if err == nil && report != nil {
				report(longest)
			}
			errs <- err
		}()
	}
	var first error
	for range n {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}

// settled waits until no more than want goroutines are left, or, with 0, until
// their number rests, and returns it with the heap in use.
func (l *live) settled(want int) (goroutines int, heap uint64) {
	last, rests := 0, 0
	for end := time.Now().Add(patience); time.Now().Before(end); {
		<-time.After(500 * time.Millisecond)
		n := runtime.NumGoroutine()
		if rests++; n != last {
			rests = 0
		}
		last = n
		if want > 0 && n <= want || want == 0 && rests >= 8 {
			break
		}
	}
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return last, m.HeapAlloc
}

// resident is the process's memory as the system counts it, in bytes.
func resident(t *testing.T) uint64 {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var size, pages uint64
	for _, c := range b {
		if c == ' ' {
			if size == 0 {
				size = 1
				continue
			}
			break
		}
		if size == 1 {
			pages = pages*10 + uint64(c-'0')
		}
	}
	return pages * uint64(os.Getpagesize())
}
