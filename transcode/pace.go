package transcode

import (
	"context"
	"sync"
	"time"
)

// pace lets one through each time.
type pace struct {
	every time.Duration

	mu   sync.Mutex
	next time.Time
}

// wait waits for a turn. One that is given up is lost.
func (p *pace) wait(ctx context.Context) error {
	now := time.Now()
	p.mu.Lock()
	at := p.next
	if at.Before(now) {
		at = now
	}
	p.next = at.Add(p.every)
	p.mu.Unlock()
	t := time.NewTimer(at.Sub(now))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Bounds of what one may ask for that is not kept already: a list's worth at
// once, and one a second from then on.
const (
	payBurst  = 60
	payEvery  = time.Second
	maxPayers = 10_000
)

// payers say by when each has everything to ask for again.
type payers map[string]time.Time

// allow takes one still off somebody. Those beyond the bound share what one has.
func (p payers) allow(who string, now time.Time) bool {
	if _, known := p[who]; !known && len(p) >= maxPayers {
		who = ""
	}
	next := p[who]
	if next.Before(now) {
		next = now
	}
	if next = next.Add(payEvery); next.Sub(now) > payBurst*payEvery {
		return false
	}
	p[who] = next
	return true
}

// sweep forgets those who have everything again.
func (p payers) sweep(now time.Time) {
	for who, full := range p {
		if !full.After(now) {
			delete(p, who)
		}
	}
}
