package cluster

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// writeWithin bounds one round of writes; a disk that takes longer has failed.
const writeWithin = 30 * time.Second

// record is the last value of a key; never changed.
type record struct {
	value    []byte
	revision uint64
	part     part
}

// replica is a typed view of a bucket, told of each change in order.
type replica interface {
	apply(key string, r record) error // a record without a revision is gone
	reset(records map[string]record) error
}

// bucket is all records of one NATS bucket in memory, and the way to change
// them.
type bucket struct {
	store   *Store
	name    string
	witness *witness
	turn    chan struct{} // holds one while somebody writes

	// Changed by whoever has the turn, or has the store's mu for itself.
	mu       sync.RWMutex
	records  map[string]record
	state    state
	last     uint64 // the number of the last message
	replicas []replica
}

func newBucket(s *Store, name string, w *witness) *bucket {
	return &bucket{store: s, name: name, witness: w, turn: make(chan struct{}, 1), records: map[string]record{}}
}

// load reads the bucket from NATS and compares it with its own last message and
// the witness.
func (b *bucket) load(ctx context.Context, e *engine) error {
	records := map[string]record{}
	var last stored
	err := e.read(ctx, b.name, func(m stored) error {
		if badKey(m.key) != nil {
			return damaged(b.name, "a record without a proper key")
		}
		if last = m; m.removed {
			delete(records, m.key)
		} else {
			records[m.key] = record{m.value, m.revision, partOf(m.key, m.value)}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the bucket %s: %w", b.name, err)
	}
	var now state
	for _, r := range records {
		now.add(r.part)
	}
	told, err := e.last(ctx, b.name)
	switch {
	case err != nil:
		return err
	case last.revision < b.witness.last:
		return damaged(b.name, fmt.Sprintf("its last %d changes are gone", b.witness.last-last.revision))
	case last.revision != told || told > 0 && last.state != now.String():
		return damaged(b.name, "records are missing or altered")
	}
	if last.revision > b.witness.last { // written, but the process ended before it was acknowledged
		if err := b.witness.set(last.revision); err != nil {
			return b.store.reason(err)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.records, b.state, b.last = records, now, last.revision
	for _, r := range b.replicas {
		if err := r.reset(records); err != nil {
			return err
		}
	}
	return nil
}

// change is one record to write, or to remove.
type change struct {
	key      string
	value    []byte
	revision uint64 // of what it replaces; 0: there must be none
	remove   bool
}

// write makes changes, of different keys, durable and shows them to all tables;
// where it fails, the first of them may have been made. It returns the last
// revision.
func (b *bucket) write(ctx context.Context, changes ...change) (uint64, error) {
	if len(changes) == 0 {
		return 0, nil
	}
	if err := b.take(ctx); err != nil {
		return 0, err
	}
	defer b.give()
	e, done, err := b.store.use(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	msgs, err := b.prepare(changes)
	if err != nil {
		return 0, err
	}
	// From here on the caller's hurry counts no more: a write whose outcome is
	// not awaited would leave memory and disk apart.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeWithin)
	defer cancel()
	acked, err := e.publish(ctx, msgs)
	if acked > 0 {
		if e := b.witness.set(b.last + uint64(acked)); e != nil {
			b.store.failed.Store(true)
			return 0, b.store.reason(fmt.Errorf("write to %s: %w", b.name, e))
		}
		if e := b.apply(changes[:acked]); e != nil {
			return 0, e
		}
	}
	if err != nil {
		b.store.failed.Store(true)
		return 0, b.store.reason(fmt.Errorf("write to %s: %w", b.name, err))
	}
	return b.last, nil
}

func (b *bucket) take(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case b.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (b *bucket) give() { <-b.turn }

// prepare checks changes and makes their messages, each with the state after it.
func (b *bucket) prepare(changes []change) ([]*nats.Msg, error) {
	size := 0
	for _, c := range changes {
		if b.records[c.key].revision != c.revision {
			return nil, fmt.Errorf("%s in %s: %w", c.key, b.name, ErrConflict)
		}
		size += len(c.value)
	}
	if b.store.full(size) {
		return nil, ErrFull
	}
	msgs := make([]*nats.Msg, len(changes))
	after := b.state
	for i, c := range changes {
		if old, ok := b.records[c.key]; ok {
			after.remove(old.part)
		}
		if !c.remove {
			after.add(partOf(c.key, c.value))
		}
		if after.count > MaxKeys {
			return nil, fmt.Errorf("%s in %s: %w: at most %d records", c.key, b.name, ErrTooLarge, MaxKeys)
		}
		msgs[i] = message(b.name, stored{key: c.key, value: c.value, state: after.String(), removed: c.remove}, b.last+uint64(i))
	}
	return msgs, nil
}

// apply takes over changes that are durable.
func (b *bucket) apply(changes []change) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range changes {
		if old, ok := b.records[c.key]; ok {
			b.state.remove(old.part)
		}
		b.last++
		var r record
		if c.remove {
			delete(b.records, c.key)
		} else {
			r = record{c.value, b.last, partOf(c.key, c.value)}
			b.state.add(r.part)
			b.records[c.key] = r
		}
		for _, t := range b.replicas {
			if err := t.apply(c.key, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// holds says whether a key has just this value.
func (b *bucket) holds(key string, value []byte) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	r, ok := b.records[key]
	return ok && bytes.Equal(r.value, value)
}

// version is the number of the last change.
func (b *bucket) version() uint64 {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.last
}

// attach lets a table follow the bucket.
func (b *bucket) attach(t replica) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.replicas) >= maxTables {
		return fmt.Errorf("table %s: %w: open it once and share it", b.name, ErrTooLarge)
	}
	if err := t.reset(b.records); err != nil {
		return err
	}
	b.replicas = append(b.replicas, t)
	return nil
}

func badBucket(name string) error {
	if name == "" || len(name) > 64 || strings.Contains(name, ".") || !lettersOnly(name) {
		return fmt.Errorf("the bucket %q: its name must be 1 to 64 letters, digits, - and _", name)
	}
	return nil
}

func badKey(key string) error {
	switch {
	case key == "" || len(key) > MaxKey || !lettersOnly(key):
		return fmt.Errorf("the key %.140q: it must be 1 to %d letters, digits, -, _ and dots", key, MaxKey)
	case strings.HasPrefix(key, ".") || strings.HasSuffix(key, ".") || strings.Contains(key, ".."):
		return fmt.Errorf("the key %q: a dot must stand between letters", key)
	}
	return nil
}

func lettersOnly(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}
