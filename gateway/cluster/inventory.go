package cluster

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"matthan/gateway"
)

// Inventory is the cameras and areas of the store. It implements
// gateway.Inventory: readers see one immutable list after the other, each made
// of all that was written until then, and never a part of an import.
type Inventory struct {
	cameras *Table[cameraRecord]
	areas   *Table[areaRecord]
	journal *Table[journalRecord]
	sealer  sealer
	log     *slog.Logger

	// writing is held for one change of cameras and areas, which checks the ones
	// against the others.
	writing sync.Mutex

	mu       sync.RWMutex
	now      view
	asked    uint64 // rebuilds that writers wait for
	built    uint64 // of these, how many the list holds
	rebuilt  chan struct{}
	changed  chan struct{}
	wake     chan struct{} // holds one while a rebuild is due
	finished chan struct{} // closed when nothing is rebuilt any more
}

// view is what readers see, and what it was made of.
type view struct {
	list    *gateway.List // nil before the first
	opened  map[gateway.CameraID]openedCamera
	version [2]uint64 // the last changes of cameras and areas
}

// openedCamera saves opening a password again at every rebuild.
type openedCamera struct {
	camera   gateway.Camera
	revision uint64
}

// Inventory opens the store's inventory, and finishes an import that was cut
// short. There is one for each store; it ends with it.
func (s *Store) Inventory(ctx context.Context) (*Inventory, error) {
	s.inventoryMu.Lock()
	defer s.inventoryMu.Unlock()
	if s.inventory != nil {
		return s.inventory, nil
	}
	if s.stopped.Err() != nil {
		return nil, ErrClosed
	}
	i := &Inventory{
		sealer: s.sealer, log: s.log,
		rebuilt: make(chan struct{}), changed: make(chan struct{}), wake: make(chan struct{}, 1), finished: make(chan struct{}),
	}
	var err error
	if i.areas, err = OpenTable[areaRecord](ctx, s, "areas"); err != nil {
		return nil, err
	}
	if i.cameras, err = OpenTable[cameraRecord](ctx, s, "cameras"); err != nil {
		return nil, err
	}
	if i.journal, err = OpenTable[journalRecord](ctx, s, "imports"); err != nil {
		return nil, err
	}
	if err := i.finish(ctx); err != nil {
		return nil, fmt.Errorf("finish the import that was cut short: %w", err)
	}
	first, err := i.build()
	if err != nil {
		return nil, fmt.Errorf("read the inventory: %w", err)
	}
	i.now = *first
	s.inventory = i
	s.running.Go(func() { i.run(s.stopped) })
	return i, nil
}

// run rebuilds the list after changes until ctx ends. Changes during a rebuild
// are taken together in the next.
func (i *Inventory) run(ctx context.Context) {
	defer close(i.finished)
	for {
		cameras, areas := i.cameras.Changed(), i.areas.Changed() // before they are read
		i.rebuild()
		select {
		case <-cameras:
		case <-areas:
		case <-i.wake:
		case <-ctx.Done():
			return
		}
	}
}

func (i *Inventory) rebuild() {
	i.mu.RLock()
	asked := i.asked
	i.mu.RUnlock()
	next, err := i.build()
	i.mu.Lock()
	defer i.mu.Unlock()
	i.built = asked
	close(i.rebuilt)
	i.rebuilt = make(chan struct{})
	switch {
	case err != nil:
		i.log.Error("store: the inventory stays as it was", "err", err)
	case next != nil:
		i.now = *next
		close(i.changed)
		i.changed = make(chan struct{})
	}
}

// build makes what readers see of what the tables hold; nil where nothing has
// changed, or an import is half-way.
func (i *Inventory) build() (*view, error) {
	i.writing.Lock()
	cameraRows, areaRows := i.cameras.All(), i.areas.All()
	next := view{version: [2]uint64{i.cameras.bucket.version(), i.areas.bucket.version()}}
	_, _, importing := i.journal.Get(commitKey)
	i.writing.Unlock()
	i.mu.RLock()
	old := i.now
	i.mu.RUnlock()
	if old.list != nil && (importing || next.version == old.version) {
		return nil, nil
	}
	next.opened = make(map[gateway.CameraID]openedCamera, len(cameraRows))
	cameras := make([]gateway.Camera, len(cameraRows))
	for n, row := range cameraRows {
		o := old.opened[row.Value.ID]
		if o.revision != row.Revision {
			c, err := i.sealer.camera(row.Value)
			if err != nil {
				return nil, err
			}
			o = openedCamera{c, row.Revision}
		}
		next.opened[row.Value.ID] = o
		cameras[n] = o.camera
	}
	areas := make([]gateway.Area, len(areaRows))
	for n, row := range areaRows {
		areas[n] = row.Value.area()
	}
	var err error
	next.list, err = gateway.NewList(areas, cameras)
	return &next, err
}

// shown waits until readers see what was written before the call.
func (i *Inventory) shown(ctx context.Context) error {
	i.mu.Lock()
	i.asked++
	want := i.asked
	i.mu.Unlock()
	select {
	case i.wake <- struct{}{}:
	default:
	}
	for {
		i.mu.RLock()
		built, rebuilt := i.built, i.rebuilt
		i.mu.RUnlock()
		if built >= want {
			return nil
		}
		select {
		case <-rebuilt:
		case <-i.finished:
			return ErrClosed
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Snapshot is the list that is in force.
func (i *Inventory) Snapshot() *gateway.List {
	i.mu.RLock()
	defer i.mu.RUnlock()
	return i.now.list
}

// Camera implements gateway.Inventory.
func (i *Inventory) Camera(id gateway.CameraID) (gateway.Camera, error) {
	return i.Snapshot().Camera(id)
}

// Cameras implements gateway.Inventory.
func (i *Inventory) Cameras() []gateway.Camera { return i.Snapshot().Cameras() }

// Areas implements gateway.Inventory.
func (i *Inventory) Areas() []gateway.Area { return i.Snapshot().Areas() }

// Changed implements gateway.Inventory.
func (i *Inventory) Changed() <-chan struct{} {
	i.mu.RLock()
	defer i.mu.RUnlock()
	return i.changed
}

// Revision is a camera's, for PutCamera; 0 where there is none.
func (i *Inventory) Revision(id gateway.CameraID) uint64 {
	_, revision, _ := i.cameras.Get(string(id))
	return revision
}

// AreaRevision is an area's, for PutArea; 0 where there is none.
func (i *Inventory) AreaRevision(id gateway.AreaID) uint64 {
	_, revision, _ := i.areas.Get(string(id))
	return revision
}
