package gate

import (
	"sync"
	"time"
)

// Rate is a token bucket: Burst requests at once, PerSecond from then on.
type Rate struct {
	PerSecond float64
	Burst     int
}

// maxBuckets bounds the payers that are remembered: about 10 MB.
const maxBuckets = 50_000

// crowd is the bucket that newcomers share when there are too many to tell apart.
const crowd = "crowd"

// buckets are those that are not full. A full one is as good as none.
type buckets struct {
	mu    sync.Mutex
	full  map[string]time.Time // when the bucket will be full again
	swept time.Time
}

// take takes one request of key, or says how long to wait for it.
func (b *buckets) take(key string, rate Rate, now time.Time) time.Duration {
	if rate.PerSecond <= 0 {
		return 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	full, known := b.full[key]
	if !known && len(b.full) >= maxBuckets {
		b.sweep(now)
		if len(b.full) >= maxBuckets {
			key = crowd
			full = b.full[key]
		}
	}
	each := time.Duration(float64(time.Second) / rate.PerSecond)
	if full.Before(now) {
		full = now
	}
	full = full.Add(each)
	if wait := full.Sub(now) - time.Duration(max(rate.Burst, 1))*each; wait > 0 {
		return wait
	}
	b.full[key] = full
	return 0
}

// sweep forgets the full ones, at most once a second.
func (b *buckets) sweep(now time.Time) {
	if now.Sub(b.swept) < time.Second {
		return
	}
	b.swept = now
	for key, full := range b.full {
		if !full.After(now) {
			delete(b.full, key)
		}
	}
}
