package cluster

import (
	"context"
	"fmt"
	"io"
	"time"

	"matthan/auth/audit"
)

// exportRound is how many messages are read at once. No slow reader holds the
// store between two rounds.
const exportRound = 32

// Export writes the log to w as a text that can be verified: all of it, or from
// the first record at or after a time. What is written meanwhile is not in it.
func (a *Audit) Export(ctx context.Context, w io.Writer, from time.Time) error {
	a.mu.RLock()
	last, at, key, keys := a.end.number, a.end.at, a.key, a.keys
	a.mu.RUnlock()
	h := audit.Header{Time: a.now(), Before: audit.Mark{Hash: audit.Genesis(keys.First())}, Last: at, Part: !from.IsZero(), Earlier: keys.Earlier()}
	begin, err := a.findBegin(ctx, last, from, &h)
	if err != nil {
		return err
	}
	text := audit.AppendHeader(nil, h, key)
	for {
		if _, err := w.Write(text); err != nil {
			return fmt.Errorf("write the export: %w", err)
		}
		if begin > last {
			return nil
		}
		to := min(last, begin+exportRound-1)
		if text, err = a.linesOf(ctx, begin, to, h.Before.N); err != nil {
			return err
		}
		begin = to + 1
	}
}

// linesOf are the lines of some messages, but for those up to a record. What is
// damaged is shown as it is.
func (a *Audit) linesOf(ctx context.Context, from, to, before uint64) (out []byte, err error) {
	e, done, err := a.store.use(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	err = e.scanAudit(ctx, from, to, func(_ uint64, lines []byte) error {
		return eachLine(lines, func(text []byte) error {
			if l, err := audit.ParseLine(text); err != nil || l.N > before {
				out = append(append(out, text...), '\n')
			}
			return nil
		})
	})
	return out, err
}

// findBegin finds the message in which the export begins, and completes its
// header. A log that is opened to be read only is read to its end for that.
func (a *Audit) findBegin(ctx context.Context, last uint64, from time.Time, h *audit.Header) (uint64, error) {
	e, done, err := a.store.use(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	first, _, err := e.auditEnds(ctx)
	if err != nil {
		return 0, err
	}
	cut := audit.Mark{}
	if a.keeping != nil {
		cut = a.kept().Cut
	}
	begin, found := last+1, false
	err = e.scanAudit(ctx, first, last, func(number uint64, lines []byte) error {
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
