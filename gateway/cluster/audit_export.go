package cluster

import (
	"context"
	"fmt"
	"io"
	"time"

	"matthan/auth/audit"
)

// Export writes the log to w as a text that can be verified: all of it, or from
// the first record at or after a time. What is written meanwhile is not in it.
func (a *Audit) Export(ctx context.Context, w io.Writer, from time.Time) error {
	e, done, err := a.store.use(ctx)
	if err != nil {
		return err
	}
	defer done()
	a.mu.RLock()
	last, at := a.end.number, a.end.at
	a.mu.RUnlock()
	first, _, err := e.auditEnds(ctx)
	if err != nil {
		return err
	}
	h := audit.Header{Time: a.now(), Before: audit.Mark{Hash: audit.Genesis(a.public)}, Last: at, Part: !from.IsZero()}
	begin, err := a.findBegin(ctx, e, first, last, from, &h)
	if err != nil {
		return err
	}
	if _, err := w.Write(audit.AppendHeader(nil, h, a.key)); err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	return e.scanAudit(ctx, begin, last, func(_ uint64, lines []byte) error {
		var out []byte
		if err := eachLine(lines, func(text []byte) error {
			if l, err := audit.ParseLine(text); err != nil || l.N > h.Before.N { // what is damaged is shown as it is
				out = append(append(out, text...), '\n')
			}
			return nil
		}); err != nil {
			return err
		}
		if _, err := w.Write(out); err != nil {
			return fmt.Errorf("write the export: %w", err)
		}
		return nil
	})
}

// findBegin finds the message in which the export begins, and completes its
// header. A log that is opened to be read only is read to its end for that.
func (a *Audit) findBegin(ctx context.Context, e *engine, first, last uint64, from time.Time, h *audit.Header) (uint64, error) {
	cut := audit.Mark{}
	if a.keeping != nil {
		cut = a.kept().Cut
	}
	begin, found := last+1, false
	err := e.scanAudit(ctx, first, last, func(number uint64, lines []byte) error {
		err := eachLine(lines, func(text []byte) error {
			l, err := audit.ParseLine(text)
			if err != nil || l.Record == nil || l.N <= cut.N {
				return nil
			}
			if a.cfg.ReadOnly {
				h.Last = l.Mark
			}
			if found {
				return nil
			}
			entry, err := l.Entry()
			if err != nil || entry.Time.Before(from) {
				return nil
			}
			begin, found = number, true
			h.Before = audit.Mark{N: l.N - 1, Hash: l.Prev}
			return nil
		})
		if err == nil && found && !a.cfg.ReadOnly {
			return errEnough
		}
		return err
	})
	if !found {
		h.Before = h.Last
	}
	return begin, err
}
