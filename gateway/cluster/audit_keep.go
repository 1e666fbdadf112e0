package cluster

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"matthan/auth"
	"matthan/auth/audit"
)

// keeping is how long records are kept: what is in force, and what has been
// asked for.
type keeping struct {
	Keep time.Duration `json:"keep"`           // 0: for ever
	Next time.Duration `json:"next,omitempty"` // shorter, from From on
	From time.Time     `json:"from,omitzero"`
	Cut  audit.Mark    `json:"cut"` // the last record that was let go
}

const keepingKey = "keeping"

func (a *Audit) kept() keeping {
	k, _, _ := a.keeping.Get(keepingKey)
	return k
}

// openKeeping opens what is remembered of cuts. Of another log, as after a
// restored backup, it is of no use.
func (a *Audit) openKeeping(ctx context.Context) (err error) {
	if a.keeping, err = OpenTable[keeping](ctx, a.store, "audit-keeping"); err == nil {
		if k, revision, _ := a.keeping.Get(keepingKey); k.Cut.N > a.end.at.N {
			k.Cut = audit.Mark{}
			_, err = a.keeping.Put(ctx, keepingKey, k, revision)
		}
	}
	if err != nil {
		return errors.Join(err, a.witness.close())
	}
	return nil
}

// DaysText is a time of keeping as the configuration and the log tell it.
func DaysText(d time.Duration) string {
	if d == 0 {
		return "for ever"
	}
	return strconv.FormatInt(int64(d/(24*time.Hour)), 10) + "d"
}

func shorter(a, b time.Duration) bool { return a != 0 && (b == 0 || a < b) }

// tidy puts the configured time of keeping in force, and lets go what is older.
func (a *Audit) tidy(ctx context.Context) {
	if a.cfg.Keep == KeepAsBefore {
		return
	}
	err := a.retain(ctx)
	if err == nil {
		err = a.cut(ctx)
	}
	if err != nil {
		a.log.Error("audit: old records were not cut off", "err", err)
	}
}

// retain compares the configuration with what is in force. A longer time holds at
// once. A shorter one is written to the log first and holds a week later, so
// that nobody makes traces disappear before others have seen that they will.
func (a *Audit) retain(ctx context.Context) error {
	k, revision, found := a.keeping.Get(keepingKey)
	wanted, now := a.cfg.Keep, a.now()
	said := ""
	switch {
	case !found:
		k.Keep, said = wanted, "records are kept "+DaysText(wanted)
	case shorter(wanted, k.Keep) && (k.From.IsZero() || k.Next != wanted):
		k.Next, k.From = wanted, now.Add(shortenAfter)
		said = fmt.Sprintf("records are kept %s, and %s from %s on", DaysText(k.Keep), DaysText(wanted), k.From.UTC().Format(time.RFC3339))
		a.log.Warn("audit: records will be kept for a shorter time", "from", k.From, "now", DaysText(k.Keep), "then", DaysText(wanted))
	case shorter(wanted, k.Keep) && !now.Before(k.From):
		k.Keep, k.Next, k.From = wanted, 0, time.Time{}
		said = "records are kept " + DaysText(wanted) + " from now on, which is shorter than before"
	case shorter(wanted, k.Keep):
		return nil // it is said, and not yet time
	case wanted != k.Keep || !k.From.IsZero():
		k.Keep, k.Next, k.From = wanted, 0, time.Time{}
		said = "records are kept " + DaysText(wanted)
	default:
		return nil
	}
	if err := a.own(ctx, auth.LogRetention, said, nil); err != nil {
		return err
	}
	_, err := a.keeping.Put(ctx, keepingKey, k, revision)
	return err
}

// cutPace is how many days of the log may be cut off on one day that the gateway
// runs, which it counts without the wall clock: a clock that is set years ahead
// does not empty the log at once.
const cutPace = 30

// cut lets whole days go that are too old. It says so in the log, with a signed
// head, before it does.
func (a *Audit) cut(ctx context.Context) error {
	k, revision, _ := a.keeping.Get(keepingKey)
	if k.Keep == 0 {
		return nil
	}
	now := a.now()
	before, most := now.Add(-k.Keep), a.oldest().Add(cutPace*now.Sub(a.began))
	if most.Before(before) {
		before = most
	}
	s, until := a.old(before)
	if s == nil {
		return nil
	}
	if s.first-1 > k.Cut.N {
		last, err := a.markBefore(ctx, s)
		if err != nil {
			return err
		}
		said := fmt.Sprintf("records %d to %d, of times until %s, are cut off after %s", k.Cut.N+1, last.N, until.UTC().Format(time.RFC3339), DaysText(k.Keep))
		if err := a.own(ctx, auth.LogCut, said, &audit.Head{Cut: &audit.Cut{Last: last, Until: until.UTC(), Keep: DaysText(k.Keep)}}); err != nil {
			return err
		}
		k.Cut = last
		if _, err := a.keeping.Put(ctx, keepingKey, k, revision); err != nil {
			return err
		}
		a.log.Info("audit: " + said)
	}
	e, done, err := a.store.use(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := errors.Join(e.keepAudit(ctx, int64(a.end.number+1-s.message)), e.keepAudit(ctx, -1)); err != nil {
		return a.failed(err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.index.cut(s.first)
	return nil
}

// oldest is the time of the oldest record that there was at start.
func (a *Audit) oldest() time.Time {
	a.mu.RLock()
	defer a.mu.RUnlock()
	if a.first.IsZero() && a.index.complete && len(a.index.segments) > 0 {
		a.first = time.UnixMilli(a.index.segments[0].from)
	}
	return a.first
}

// old finds the first segment that must stay, nil where nothing is before it,
// and the time of the last record that need not.
func (a *Audit) old(before time.Time) (stay *segment, until time.Time) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	if !a.index.complete {
		return nil, until
	}
	for i, s := range a.index.segments {
		if s.until >= before.UnixMilli() || i == len(a.index.segments)-1 {
			if i == 0 {
				return nil, until
			}
			c := *s
			return &c, until
		}
		if t := time.UnixMilli(s.until); t.After(until) {
			until = t
		}
	}
	return nil, until
}

// markBefore is the place of the chain before a segment.
func (a *Audit) markBefore(ctx context.Context, s *segment) (m audit.Mark, err error) {
	e, done, err := a.store.use(ctx)
	if err != nil {
		return m, err
	}
	defer done()
	err = e.scanAudit(ctx, s.message, s.message, func(_ uint64, lines []byte) error {
		return eachLine(lines, func(text []byte) error {
			if l, err := audit.ParseLine(text); err == nil && l.N == s.first && l.Record != nil {
				m = audit.Mark{N: l.N - 1, Hash: l.Prev}
			}
			return nil
		})
	})
	if err == nil && m.N == 0 {
		err = fmt.Errorf("the record %d, up to which the log is cut off, cannot be read", s.first)
	}
	return m, err
}
