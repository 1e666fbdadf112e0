package cluster

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"

	"matthan/auth"
	"matthan/auth/audit"
)

// run is the writer: it takes all that waits and makes it durable together, so
// that a thousand viewers cost a few syncs of the disk, until ctx ends. A head
// is the last that it writes.
func (a *Audit) run(ctx context.Context) {
	defer close(a.ended)
	heads := time.NewTicker(headEvery)
	defer heads.Stop()
	tidy := time.NewTicker(tidyEvery)
	defer tidy.Stop()
	inner := context.WithoutCancel(ctx) // what has begun is finished
	a.setAside()
	for {
		select {
		case w := <-a.queue:
			a.commit(inner, w)
		case do := <-a.work:
			do(inner)
		case <-heads.C:
			a.sign(inner)
			a.setAside()
		case <-tidy.C:
			a.log.Info("audit: head", "head", a.Head().String()) // whoever keeps this log elsewhere keeps heads
			a.tidy(inner)
		case <-ctx.Done():
			for {
				select {
				case w := <-a.queue:
					a.commit(inner, w)
					continue
				default:
				}
				break
			}
			a.sign(inner)
			_ = a.witness.close() // each number in it is synced
			return
		}
	}
}

// commit makes one record durable, and all that wait behind it.
func (a *Audit) commit(ctx context.Context, first *waiting) {
	batch := a.gather(first)
	if !a.store.full(2 * maxBatchBytes) {
		err := a.persist(ctx, batch, nil)
		if !errors.Is(err, ErrFull) {
			answer(batch, err)
			return
		}
	}
	var ends, begins []*waiting
	for _, w := range batch {
		if w.entry.Event.Ends() {
			ends = append(ends, w)
		} else {
			begins = append(begins, w)
		}
	}
	answer(begins, ErrFull)
	if len(ends) == 0 {
		return
	}
	err := a.giveUp()
	if err == nil {
		err = a.persist(ctx, ends, nil)
	}
	answer(ends, err)
}

func answer(batch []*waiting, err error) {
	for _, w := range batch {
		w.done <- err
	}
}

// gather takes what waits, as far as one message goes.
func (a *Audit) gather(first *waiting) []*waiting {
	batch, size := []*waiting{first}, len(first.text)
	for len(batch) < maxBatch && size < maxBatchBytes {
		select {
		case w := <-a.queue:
			batch, size = append(batch, w), size+len(w.text)
		default:
			return batch
		}
	}
	return batch
}

// persist stores records as one message, with a head where it is time for one or
// there is something to be said in it.
func (a *Audit) persist(ctx context.Context, batch []*waiting, says *audit.Head) error {
	ctx, cancel := context.WithTimeout(ctx, writeWithin)
	defer cancel()
	e, done, err := a.store.use(ctx)
	if err != nil {
		return err
	}
	defer done()
	if a.unsure {
		if err := a.catchUp(ctx, e); err != nil {
			return err
		}
	}
	next := tail{at: a.end.at, number: a.end.number + 1}
	var lines []byte
	entries := make([]audit.Entry, len(batch))
	for i, w := range batch {
		lines, next.at = audit.AppendRecord(lines, next.at, w.text)
		entries[i] = audit.Entry{N: next.at.N, Record: w.entry}
	}
	now := a.now()
	if says != nil || len(batch) == 0 || now.Sub(a.headAt).Abs() >= headEvery {
		h := audit.Head{Mark: next.at, Time: now}
		if says != nil {
			h.Cut, h.Next = says.Cut, says.Next
		}
		lines = audit.AppendHead(lines, h, a.key)
		next.signed = true
	}
	if _, err := e.publish(ctx, []*nats.Msg{auditMessage(lines, a.end.number)}); err != nil {
		return a.failed(err)
	}
	if err := a.testify(next.number, next.at); err != nil {
		return a.failed(err)
	}
	if next.signed {
		a.headAt = now
	}
	a.advance(next, entries)
	return nil
}

// failed ends a write of which nobody knows whether it was stored.
func (a *Audit) failed(err error) error {
	a.unsure = true
	a.store.failed.Store(true)
	return a.store.reason(fmt.Errorf("write to the audit log: %w", err))
}

// advance lets readers see what is durable now.
func (a *Audit) advance(next tail, entries []audit.Entry) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.end = next
	if a.index.complete {
		a.index.add(next.number, next.at.N, entries)
	}
}

// catchUp takes over what was stored although its acknowledgement was lost.
func (a *Audit) catchUp(ctx context.Context, e *engine) error {
	f := follower{keys: a.keys, at: a.end.at, known: true}
	_, last, err := e.auditEnds(ctx)
	if err != nil {
		return err
	}
	if last < a.end.number {
		return auditDamaged(fmt.Sprintf("its last %d messages are gone", a.end.number-last))
	}
	err = e.scanAudit(ctx, a.end.number+1, last, func(number uint64, lines []byte) error {
		if number != a.end.number+1 {
			return auditDamaged("a message near its end is missing")
		}
		next := tail{number: number}
		var entries []audit.Entry
		err := eachLine(lines, func(text []byte) error {
			l, err := f.take(text)
			if err != nil {
				return auditDamaged(err.Error())
			}
			if next.signed = l.Head != nil; next.signed {
				return nil
			}
			entry, err := l.Entry()
			entries = append(entries, entry)
			return err
		})
		if err != nil {
			return err
		}
		next.at = f.at
		if err := a.testify(number, next.at); err != nil {
			return a.store.reason(err)
		}
		a.advance(next, entries)
		return nil
	})
	if err == nil {
		a.unsure = a.end.number != last
	}
	return err
}

// sign writes a head where the last record has none.
func (a *Audit) sign(ctx context.Context) {
	if a.end.signed && !a.unsure || a.end.at.N == 0 {
		return
	}
	if err := a.persist(ctx, nil, nil); err != nil {
		a.log.Error("audit: the head was not written; it is tried again", "err", err)
	}
}

// own writes a record of the log about itself.
func (a *Audit) own(ctx context.Context, event auth.Event, detail string, says *audit.Head) error {
	return a.ownRecord(ctx, auth.Record{Event: event, Detail: detail}, says)
}

func (a *Audit) ownRecord(ctx context.Context, r auth.Record, says *audit.Head) error {
	r.Time = a.now()
	r, err := r.Clean()
	if err != nil {
		return err
	}
	text, err := audit.Encode(r)
	if err != nil {
		return err
	}
	if a.store.full(2 * maxBatchBytes) {
		return ErrFull
	}
	return a.persist(ctx, []*waiting{{entry: r, text: text}}, says)
}
