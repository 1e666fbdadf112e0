package cluster

import (
	"context"
	"fmt"

	"matthan/auth/audit"
)

// build reads the whole log, once, for the index, and looks on the way whether
// it is a whole chain. A log that is broken further back goes on being written:
// what is wrong is told, and viewers are not punished for it.
func (a *Audit) build(ctx context.Context) {
	defer close(a.ready)
	if err := a.buildIndex(ctx); err != nil && ctx.Err() == nil {
		a.breaks(fmt.Sprintf("it could not be read to its end: %v", err))
	}
	a.mu.Lock()
	a.index.complete = true
	a.mu.Unlock()
	if a.cfg.ReadOnly || ctx.Err() != nil {
		return
	}
	select {
	case a.work <- a.tidy:
	case <-a.ended:
	}
}

// builder is the reading under way.
type builder struct {
	audit *Audit
	f     follower
	cut   audit.Mark // the records up to here are gone, whether or not they can still be read
	cuts  bool       // a head said so

	begun bool
	next  uint64 // the message to read
	seen  uint64 // the last that was read
}

// buildRound is how many messages are read at once. Whoever starts NATS again
// waits for no more.
const buildRound = 1024

func (a *Audit) buildIndex(ctx context.Context) error {
	b := builder{audit: a, f: follower{keys: a.keys}}
	if a.keeping != nil {
		b.cut = a.kept().Cut
	}
	for {
		a.mu.Lock()
		last := a.end.number
		if b.begun && b.next > last { // the writer goes on from here
			a.index.complete = true
			a.mu.Unlock()
			break
		}
		a.mu.Unlock()
		if err := b.round(ctx, last); err != nil {
			return err
		}
	}
	b.end()
	return nil
}

// round reads some messages.
func (b *builder) round(ctx context.Context, last uint64) error {
	e, done, err := b.audit.store.use(ctx)
	if err != nil {
		return err
	}
	defer done()
	if !b.begun {
		if b.next, _, err = e.auditEnds(ctx); err != nil {
			return err
		}
		b.begun = true
		if b.next == 1 && b.cut.N == 0 {
			b.f.at, b.f.known = audit.Mark{Hash: audit.Genesis(b.audit.keys.First())}, true
		}
	}
	to := min(last, b.next+buildRound-1)
	err = e.scanAudit(ctx, b.next, to, func(n uint64, lines []byte) error {
		b.seen = n
		return b.message(n, lines)
	})
	b.next = max(b.next, to+1)
	return err
}

// message takes one message over into the index.
func (b *builder) message(number uint64, lines []byte) error {
	var entries []audit.Entry
	err := eachLine(lines, func(text []byte) error {
		begins := !b.f.known
		l, err := b.f.take(text)
		if err != nil {
			b.audit.breaks(err.Error())
		}
		if b.f.cut != nil && b.f.cut.Last == b.cut {
			b.cuts = true
		}
		if l.Record == nil || l.N <= b.cut.N {
			return nil
		}
		if begins && (b.cut.N > 0 || b.audit.keeping != nil) && (l.N != b.cut.N+1 || b.cut.N > 0 && l.Prev != b.cut.Hash) {
			b.audit.breaks(fmt.Sprintf("records before %d are missing, and were not cut off", l.N))
		}
		entry, err := l.Entry()
		if err != nil {
			b.audit.breaks(fmt.Sprintf("record %d cannot be read", l.N))
		}
		entries = append(entries, entry)
		return nil
	})
	b.audit.mu.Lock()
	defer b.audit.mu.Unlock()
	if b.f.at.N > b.cut.N {
		b.audit.index.add(number, b.f.at.N, entries)
	}
	return err
}

// end looks whether all was there, and the cut that the store remembers signed.
func (b *builder) end() {
	if b.seen+1 < b.next {
		b.audit.breaks("messages at its end are missing")
	}
	if b.cut.N > 0 && !b.cuts {
		b.audit.breaks(fmt.Sprintf("no signed head says that the records up to %d were cut off", b.cut.N))
	}
}

// breaks tells of what is wrong with the log.
func (a *Audit) breaks(what string) {
	a.mu.Lock()
	n := len(a.broken)
	if n < maxBroken {
		a.broken = append(a.broken, what)
	}
	a.mu.Unlock()
	if n < maxBroken {
		a.log.Error("audit: the log is broken: keep a copy of the store for the inspection", "what", what)
	}
}
