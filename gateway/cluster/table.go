package cluster

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
)

// Table is a bucket of JSON values of one type. All of it is in memory, and a
// write has reached every handle on the bucket before it returns. It is safe
// for concurrent use. A value is never changed once it is in: readers share it.
type Table[T any] struct {
	bucket *bucket

	mu      sync.RWMutex
	rows    map[string]Row[T]
	sorted  []Row[T] // nil where it must be made again
	changed chan struct{}
}

// Row is one record of a table.
type Row[T any] struct {
	Key      string
	Value    T
	Revision uint64 // grows with every change of the table
}

// OpenTable opens a table, or makes it. Open each once and share it: it stays
// until the store is closed.
func OpenTable[T any](ctx context.Context, s *Store, bucket string) (*Table[T], error) {
	b, err := s.bucket(ctx, bucket)
	if err != nil {
		return nil, fmt.Errorf("open the table %s: %w", bucket, err)
	}
	t := &Table[T]{bucket: b, changed: make(chan struct{})}
	if err := b.attach(t); err != nil {
		return nil, err
	}
	return t, nil
}

// Get reads one record; ok says whether there is one.
func (t *Table[T]) Get(key string) (value T, revision uint64, ok bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	r, ok := t.rows[key]
	return r.Value, r.Revision, ok
}

// All returns all records, ordered by key. The slice is shared: do not change it.
func (t *Table[T]) All() []Row[T] {
	t.mu.RLock()
	sorted := t.sorted
	t.mu.RUnlock()
	if sorted != nil {
		return sorted
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.sorted == nil {
		t.sorted = make([]Row[T], 0, len(t.rows))
		for _, r := range t.rows {
			t.sorted = append(t.sorted, r)
		}
		slices.SortFunc(t.sorted, func(a, b Row[T]) int { return cmp.Compare(a.Key, b.Key) })
	}
	return t.sorted
}

// Changed returns a channel that is closed at the next change; ask again for
// the one after. Ask before reading, so that no change is missed.
func (t *Table[T]) Changed() <-chan struct{} {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.changed
}

// Put writes a record in the place of the one with that revision; 0 says that
// there is none. Once it returns a revision, the record is on disk and in every
// table. It returns ErrConflict, ErrTooLarge, ErrFull or a failure of the disk;
// after the latter the record may have been written.
func (t *Table[T]) Put(ctx context.Context, key string, value T, revision uint64) (uint64, error) {
	c, err := t.put(key, value, revision)
	if err != nil {
		return 0, err
	}
	return t.bucket.write(ctx, c)
}

// put is the change that Put makes.
func (t *Table[T]) put(key string, value T, revision uint64) (change, error) {
	if err := badKey(key); err != nil {
		return change{}, err
	}
	text, err := json.Marshal(value)
	if err != nil {
		return change{}, fmt.Errorf("encode %s for %s: %w", key, t.bucket.name, err)
	}
	if len(text) > MaxValue {
		return change{}, fmt.Errorf("%s in %s: %w: %d bytes, at most %d", key, t.bucket.name, ErrTooLarge, len(text), MaxValue)
	}
	if _, err := t.decode(key, record{value: text}); err != nil {
		return change{}, err // it could be written and never read
	}
	return change{key: key, value: text, revision: revision}, nil
}

// Delete removes the record with that revision. A record that is not there is
// ErrConflict too.
func (t *Table[T]) Delete(ctx context.Context, key string, revision uint64) error {
	if err := badKey(key); err != nil {
		return err
	}
	if revision == 0 {
		return fmt.Errorf("%s in %s: %w", key, t.bucket.name, ErrConflict)
	}
	_, err := t.bucket.write(ctx, change{key: key, revision: revision, remove: true})
	return err
}

// decode makes a row of its own for each table, which no writer still holds.
func (t *Table[T]) decode(key string, r record) (Row[T], error) {
	row := Row[T]{Key: key, Revision: r.revision}
	if err := json.Unmarshal(r.value, &row.Value); err != nil {
		return row, fmt.Errorf("read the record %s of %s: %w", key, t.bucket.name, err)
	}
	return row, nil
}

func (t *Table[T]) apply(key string, r record) error {
	var row Row[T]
	if r.revision > 0 {
		var err error
		if row, err = t.decode(key, r); err != nil {
			return err
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if r.revision > 0 {
		t.rows[key] = row
	} else {
		delete(t.rows, key)
	}
	t.tell()
	return nil
}

func (t *Table[T]) reset(records map[string]record) error {
	rows := make(map[string]Row[T], len(records))
	for key, r := range records {
		row, err := t.decode(key, r)
		if err != nil {
			return err
		}
		rows[key] = row
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows = rows
	t.tell()
	return nil
}

func (t *Table[T]) tell() {
	t.sorted = nil
	close(t.changed)
	t.changed = make(chan struct{})
}
