package cluster

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"matthan/auth/audit"
)

// Bounds of one query.
const (
	MaxPage = 1000   // entries
	maxWork = 50_000 // records looked at; what was found until then is a page
	perRead = 256    // records read at once
)

// Query finds the next limit entries, at most MaxPage, that fit after a record: 0
// for the first page, then Page.Next. A page may be shorter than asked for
// although there is more. It waits until the log has been read after a start.
func (a *Audit) Query(ctx context.Context, f audit.Filter, limit int, after uint64) (audit.Page, error) {
	select {
	case <-a.ready:
	case <-ctx.Done():
		return audit.Page{}, ctx.Err()
	}
	q := query{audit: a, filter: f, limit: min(max(limit, 1), MaxPage), work: maxWork, after: after}
	if f.Newest && after == 0 {
		q.after = ^uint64(0)
	}
	e, done, err := a.store.use(ctx)
	if err != nil {
		return audit.Page{}, err
	}
	defer done()
	q.engine = e
	err = q.run(ctx)
	return q.page, err
}

// All are all entries that fit, page by page.
func (a *Audit) All(ctx context.Context, f audit.Filter) iter.Seq2[audit.Entry, error] {
	return func(yield func(audit.Entry, error) bool) {
		for after := uint64(0); ; {
			p, err := a.Query(ctx, f, MaxPage, after)
			if err != nil {
				yield(audit.Entry{}, err)
				return
			}
			for _, e := range p.Entries {
				if !yield(e, nil) {
					return
				}
			}
			if after = p.Next; after == 0 {
				return
			}
		}
	}
}

// query is one under way.
type query struct {
	audit  *Audit
	engine *engine
	filter audit.Filter
	limit  int
	work   int
	after  uint64
	page   audit.Page
}

// piece is a copy of what the index says of a segment, and of the order to read
// its blocks in.
type piece struct {
	segment
	places []uint64 // nil with all
	all    bool
}

func (q *query) run(ctx context.Context) error {
	for _, s := range q.segments() {
		p := q.piece(s)
		var more bool
		var err error
		if p.all {
			more, err = q.scan(ctx, p)
		} else {
			more, err = q.pick(ctx, p)
		}
		if err != nil || more {
			return err
		}
	}
	return nil
}

// segments are those that may hold what is asked for, in the order to read them.
func (q *query) segments() (out []*segment) {
	q.audit.mu.RLock()
	defer q.audit.mu.RUnlock()
	for _, s := range q.audit.index.segments {
		if s.overlaps(&q.filter) && (!q.filter.Newest && s.last > q.after || q.filter.Newest && s.first < q.after) {
			out = append(out, s)
		}
	}
	if q.filter.Newest {
		slices.Reverse(out)
	}
	return out
}

func (q *query) beyond(n uint64) bool {
	return q.filter.Newest && n < q.after || !q.filter.Newest && n > q.after
}

func (q *query) piece(s *segment) piece {
	q.audit.mu.RLock()
	defer q.audit.mu.RUnlock()
	p := piece{segment: *s}
	places, known := q.audit.index.places(s, &q.filter)
	if p.all = !known; p.all {
		return p
	}
	for _, at := range places {
		if n := s.first + uint64(at); q.beyond(n) {
			p.places = append(p.places, n)
		}
	}
	if q.filter.Newest {
		slices.Reverse(p.places)
	}
	return p
}

// pick reads the records that the index names. more says that the page is done.
func (q *query) pick(ctx context.Context, p piece) (more bool, err error) {
	for chunk := range slices.Chunk(p.places, min(perRead, q.limit+16)) {
		var messages []uint64
		wanted := make(map[uint64]bool, len(chunk))
		for _, n := range chunk {
			wanted[n] = true
			messages = append(messages, p.message+uint64(p.block(n))) // step is 1 where there are places
		}
		slices.Sort(messages)
		found, err := q.read(func(n uint64) bool { return wanted[n] }, func(each func([]byte) error) error {
			return q.engine.fetchAudit(ctx, slices.Compact(messages), each)
		})
		if err != nil {
			return false, err
		}
		if q.take(found, chunk[len(chunk)-1], len(chunk)) {
			return true, nil
		}
	}
	return false, nil
}

// scan reads a segment through, block by block.
func (q *query) scan(ctx context.Context, p piece) (more bool, err error) {
	i, step := 0, 1
	n := len(p.starts)
	if q.filter.Newest {
		i, step = n-1, -1
		if q.after <= p.last {
			i = p.block(q.after)
		}
	} else if q.after >= p.first {
		i = p.block(q.after)
	}
	blocks := thinStep / int(p.step) // to read at once
	for i >= 0 && i < n {
		low, high := i, min(i+blocks, n)
		if step < 0 {
			low, high = max(i+1-blocks, 0), i+1
		}
		from, to := uint64(low)*p.step, min(uint64(high)*p.step, p.messages)
		found, err := q.read(q.beyond, func(each func([]byte) error) error {
			return q.engine.scanAudit(ctx, p.message+from, p.message+to-1, func(_ uint64, lines []byte) error { return each(lines) })
		})
		if err != nil {
			return false, err
		}
		last := p.first + uint64(p.starts[low]) // as far as it was read
		if step > 0 {
			if last = p.last; high < n {
				last = p.first + uint64(p.starts[high]) - 1
			}
		}
		if q.take(found, last, len(found)) {
			return true, nil
		}
		i = high
		if step < 0 {
			i = low - 1
		}
	}
	return false, nil
}

// read decodes the wanted records of the messages that messages gives.
func (q *query) read(wanted func(uint64) bool, messages func(each func(lines []byte) error) error) (found []audit.Entry, err error) {
	err = messages(func(lines []byte) error {
		return eachLine(lines, func(text []byte) error {
			n := audit.NumberOf(text)
			if n == 0 || !wanted(n) {
				return nil
			}
			l, err := audit.ParseLine(text)
			if err != nil {
				return nil // Broken says so
			}
			if e, err := l.Entry(); err == nil {
				found = append(found, e)
			}
			return nil
		})
	})
	return found, err
}

// take adds what fits to the page, and says whether it is done: full, or enough
// was looked at. last is the record up to which all was read.
func (q *query) take(found []audit.Entry, last uint64, looked int) (done bool) {
	slices.SortFunc(found, func(a, b audit.Entry) int {
		if q.filter.Newest {
			a, b = b, a
		}
		return cmp.Compare(a.N, b.N)
	})
	for i := range found {
		e := &found[i]
		if !q.filter.Fits(e) {
			continue
		}
		q.page.Entries = append(q.page.Entries, *e)
		if len(q.page.Entries) == q.limit {
			q.page.Next = e.N
			return true
		}
	}
	if q.work -= max(looked, 1); q.work <= 0 {
		q.page.Next = max(last, 1)
		return true
	}
	return false
}
