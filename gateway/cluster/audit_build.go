package cluster

import (
	"context"
	"errors"
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
}

func (a *Audit) buildIndex(ctx context.Context) error {
	b := builder{audit: a, f: follower{key: a.public}}
	if a.keeping != nil {
		b.cut = a.kept().Cut
	}
	first, number := uint64(0), uint64(0)
	for {
		a.mu.Lock()
		last := a.end.number
		if number >= last { // the writer goes on from here
			a.index.complete = true
			a.mu.Unlock()
			break
		}
		a.mu.Unlock()
		e, done, err := a.store.use(ctx)
		if err != nil {
			return err
		}
		if first == 0 {
			if first, _, err = e.auditEnds(ctx); err != nil {
				done()
				return err
			}
			number = first - 1
			if first == 1 && b.cut.N == 0 {
				b.f.at, b.f.known = audit.Mark{Hash: audit.Genesis(a.public)}, true
			}
		}
		from := number
		err = e.scanAudit(ctx, number+1, last, func(n uint64, lines []byte) error {
			number = n
			return b.message(n, lines)
		})
		done()
		if err != nil {
			return err
		}
		if number == from {
			return errors.New("messages at its end are missing")
		}
	}
	b.end()
	return nil
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

// end looks whether the cut that the store remembers was signed.
func (b *builder) end() {
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
