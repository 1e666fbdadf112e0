package gateway

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// Union is several inventories seen as one. A camera that two of them hold is
// an error, never one of the two by chance; so is an area, unless both say the
// same of it.
type Union struct {
	members []Inventory
	cover   func(CameraID) []Mask // nil: there are no further masks
	covered func() <-chan struct{}

	mu      sync.RWMutex
	merged  merged
	changed chan struct{}
}

// merged is what the members held when it was made; never changed.
type merged struct {
	areas   []Area
	cameras []Camera
	byID    map[CameraID]Camera
	byArea  areaTree
	twice   map[CameraID]bool // held by two members, or in an area that two members place differently

	conflicts []string // in words
}

// NewUnion joins inventories; an id in two of them is an error that names it.
// Where members change, Run must be run.
func NewUnion(members ...Inventory) (*Union, error) {
	m := merge(members)
	if len(m.conflicts) > 0 {
		return nil, fmt.Errorf("%s: %w: remove it from one", m.conflicts[0], ErrAmbiguous)
	}
	return &Union{members: members, merged: m, changed: make(chan struct{})}, nil
}

// Cover adds masks that no member holds, such as those that a citizen drew: they
// hide beside the members' own. masks is asked whenever one camera is looked up, so
// that nothing is shown that was hidden a moment ago; changed returns a channel that
// is closed when others may count. It is called before anything else uses u.
func (u *Union) Cover(masks func(CameraID) []Mask, changed func() <-chan struct{}) {
	u.cover, u.covered = masks, changed
	u.merged = u.look()
}

// masked is a camera with the further masks.
func (u *Union) masked(c Camera) Camera {
	if u.cover == nil {
		return c
	}
	if more := u.cover(c.ID); len(more) > 0 {
		c.Masks = append(slices.Clip(c.Masks), more...) // a copy: c's are shared
	}
	return c
}

// look is what the members hold now, and what hides it.
func (u *Union) look() merged {
	m := merge(u.members)
	for i := range m.cameras {
		m.cameras[i] = u.masked(m.cameras[i])
	}
	return m
}

func merge(members []Inventory) merged {
	m := merged{byID: map[CameraID]Camera{}, byArea: areaTree{}, twice: map[CameraID]bool{}}
	conflict := map[AreaID]bool{}
	for _, inv := range members {
		for _, a := range inv.Areas() {
			if b, ok := m.byArea[a.ID]; ok {
				if !a.Equal(b) && !conflict[a.ID] {
					conflict[a.ID] = true
					m.conflicts = append(m.conflicts, fmt.Sprintf("area %q", a.ID))
				}
				continue
			}
			m.byArea[a.ID] = a
			m.areas = append(m.areas, a)
		}
	}
	for _, inv := range members {
		for _, c := range inv.Cameras() {
			_, twice := m.byID[c.ID]
			m.byID[c.ID] = c
			if twice {
				m.conflicts = append(m.conflicts, fmt.Sprintf("camera %q", c.ID))
			}
			if twice || slices.ContainsFunc(m.byArea.path(c.Area), func(a AreaID) bool { return conflict[a] }) {
				m.twice[c.ID] = true
			}
		}
	}
	for id, c := range m.byID {
		if m.twice[id] {
			delete(m.byID, id)
			continue
		}
		m.cameras = append(m.cameras, c)
	}
	slices.SortFunc(m.cameras, func(a, b Camera) int { return strings.Compare(string(a.ID), string(b.ID)) })
	m.areas = parentsFirst(m.areas, m.byArea)
	return m
}

// Run follows the members' changes until ctx ends.
func (u *Union) Run(ctx context.Context) {
	for {
		cases := []reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ctx.Done())}}
		for _, inv := range u.members {
			if ch := inv.Changed(); ch != nil {
				cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ch)})
			}
		}
		if u.covered != nil {
			cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(u.covered())})
		}
		u.Refresh() // after the channels were taken, so that no change is missed
		if i, _, _ := reflect.Select(cases); i == 0 {
			return
		}
	}
}

// Refresh looks at the members now, for who has just changed one and reads
// on. Run does it by itself, a moment later.
func (u *Union) Refresh() {
	m := u.look()
	u.mu.Lock()
	defer u.mu.Unlock()
	if reflect.DeepEqual(u.merged, m) {
		return
	}
	u.merged = m
	close(u.changed)
	u.changed = make(chan struct{})
}

func (u *Union) now() merged {
	u.mu.RLock()
	defer u.mu.RUnlock()
	return u.merged
}

// Camera implements Inventory. The error is ErrAmbiguous for a camera that two
// members hold.
func (u *Union) Camera(id CameraID) (Camera, error) {
	m := u.now()
	if m.twice[id] {
		return Camera{}, fmt.Errorf("camera %q: %w: remove it from one", id, ErrAmbiguous)
	}
	if c, ok := m.byID[id]; ok {
		return u.masked(c), nil
	}
	return Camera{}, ErrNotFound
}

// Cameras implements Inventory. It leaves out what Camera would call ambiguous.
func (u *Union) Cameras() []Camera { return u.now().cameras }

// Areas implements Inventory.
func (u *Union) Areas() []Area { return u.now().areas }

// Changed implements Inventory.
func (u *Union) Changed() <-chan struct{} {
	u.mu.RLock()
	defer u.mu.RUnlock()
	return u.changed
}

func (u *Union) tree() areaTree { return u.now().byArea }
