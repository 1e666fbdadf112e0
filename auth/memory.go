package auth

import (
	"context"
	"sync"
)

// Memory is a Table that ends with the process: for the demo and for tests.
type Memory[T any] struct {
	mu       sync.RWMutex
	rows     map[string]Row[T]
	revision uint64
	changed  chan struct{}
}

// NewMemory makes an empty table.
func NewMemory[T any]() *Memory[T] {
	return &Memory[T]{rows: map[string]Row[T]{}, changed: make(chan struct{})}
}

// NewMemoryTables makes empty tables.
func NewMemoryTables() Tables {
	return Tables{
		People:      NewMemory[Person](),
		Grants:      NewMemory[Grant](),
		Requests:    NewMemory[Request](),
		Sessions:    NewMemory[Session](),
		Consents:    NewMemory[Consent](),
		Invitations: NewMemory[Invitation](),
		Shares:      NewMemory[Share](),
		Portals:     NewMemory[Portal](),
		Embeds:      NewMemory[Embed](),
		Layouts:     NewMemory[Layout](),
		Favourites:  NewMemory[Favourites](),
	}
}

// Get implements Table.
func (m *Memory[T]) Get(key string) (T, uint64, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	row, ok := m.rows[key]
	return row.Value, row.Revision, ok
}

// All implements Table, in no order.
func (m *Memory[T]) All() []Row[T] {
	m.mu.RLock()
	defer m.mu.RUnlock()
	rows := make([]Row[T], 0, len(m.rows))
	for _, row := range m.rows {
		rows = append(rows, row)
	}
	return rows
}

// Put implements Table.
func (m *Memory[T]) Put(ctx context.Context, key string, value T, revision uint64) (uint64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.rows[key].Revision != revision {
		return 0, ErrConflict
	}
	m.revision++
	m.rows[key] = Row[T]{key, value, m.revision}
	m.tell()
	return m.revision, nil
}

// Delete implements Table.
func (m *Memory[T]) Delete(ctx context.Context, key string, revision uint64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if row, ok := m.rows[key]; !ok || row.Revision != revision {
		return ErrConflict
	}
	delete(m.rows, key)
	m.tell()
	return nil
}

// Changed implements Table.
func (m *Memory[T]) Changed() <-chan struct{} {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.changed
}

func (m *Memory[T]) tell() {
	close(m.changed)
	m.changed = make(chan struct{})
}
