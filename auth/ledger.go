package auth

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Bounds of a Ledger.
const (
	maxLater  = 200_000 // records that wait; each of them is the end of something, or one of a minute's
	laterOnce = 256     // of them written at once
	laterTry  = 3       // times, laterWait apart
	laterWait = 200 * time.Millisecond

	maxSeldom    = 10_000 // different ones in a minute
	maxSeldomFor = 100    // of them of one subject or address
)

// Ledger is the audit log for those who cannot wait for it. What begins is
// written by Write, which waits; what has ended or was refused is left to Run.
type Ledger struct {
	Recorder
	log *slog.Logger

	mu     sync.Mutex
	queue  []Record
	lost   int           // that had no place in the queue
	more   chan struct{} // capacity 1
	minute time.Time     // of said and count
	said   map[string]bool
	count  map[string]int
}

// NewLedger makes one of a log.
func NewLedger(to Recorder, log *slog.Logger) *Ledger {
	return &Ledger{Recorder: to, log: log, more: make(chan struct{}, 1), said: map[string]bool{}, count: map[string]int{}}
}

// Later has a record written soon, and does not wait. Its time is now where it
// has none.
func (l *Ledger) Later(r Record) {
	if r.Time.IsZero() {
		r.Time = time.Now()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.add(r)
}

// Seldom is Later for what anybody can bring about at will: a record that says
// the same as another of this minute is left out, as is what goes beyond the
// bounds of one subject or address, the last of which says so.
func (l *Ledger) Seldom(r Record) {
	if r.Time.IsZero() {
		r.Time = time.Now()
	}
	who := r.Subject
	if who == "" {
		who = r.Address
	}
	same := string(r.Event) + "\n" + r.Subject + "\n" + r.Camera + "\n" + r.Target
	if r.Subject == "" {
		same += "\n" + r.Address
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if minute := r.Time.Truncate(time.Minute); !minute.Equal(l.minute) {
		l.minute = minute
		clear(l.said)
		clear(l.count)
	}
	if l.said[same] || len(l.said) >= maxSeldom || l.count[who] >= maxSeldomFor {
		return
	}
	l.said[same] = true
	if l.count[who]++; l.count[who] == maxSeldomFor {
		r.Detail = "more of this minute are left out; " + r.Detail
	}
	l.add(r)
}

// add is called with mu held.
func (l *Ledger) add(r Record) {
	if len(l.queue) >= maxLater {
		l.lost++
		return
	}
	l.queue = append(l.queue, r)
	select {
	case l.more <- struct{}{}:
	default:
	}
}

// Run writes what was left to it until ctx ends, and then what is still there.
func (l *Ledger) Run(ctx context.Context) {
	inner := context.WithoutCancel(ctx)
	for {
		select {
		case <-l.more:
			l.flush(inner)
		case <-ctx.Done():
			l.flush(inner)
			return
		}
	}
}

// flush writes all that waits, many at a time: the log makes one sync of them.
func (l *Ledger) flush(ctx context.Context) {
	for {
		l.mu.Lock()
		n := min(len(l.queue), laterOnce)
		batch, lost := l.queue[:n:n], l.lost
		l.queue, l.lost = l.queue[n:], 0
		if len(l.queue) == 0 {
			l.queue = nil
		}
		l.mu.Unlock()
		if lost > 0 {
			l.log.Error("audit: records were lost: too many waited for the log", "records", lost)
		}
		if n == 0 {
			return
		}
		var wg sync.WaitGroup
		for _, r := range batch {
			wg.Go(func() { l.keep(ctx, r) })
		}
		wg.Wait()
	}
}

// keep writes one record, or says in the program's log what could not be kept.
func (l *Ledger) keep(ctx context.Context, r Record) {
	var err error
	for try := range laterTry {
		if try > 0 {
			<-time.After(laterWait)
		}
		if err = l.Write(ctx, r); err == nil {
			return
		}
	}
	l.log.Error("audit: a record was not written", "event", r.Event, "subject", r.Subject, "camera", r.Camera, "target", r.Target,
		"view", r.View, "at", r.Time, "duration", r.Duration, "err", err)
}
