package gateway

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Bounds of an inventory.
const (
	MaxCameras   = 100_000
	MaxAreas     = 20_000
	MaxAreaDepth = 16  // levels of the tree
	MaxName      = 200 // bytes of a camera's or an area's name
	MaxAreaCodes = 16  // of one area
	MaxAreaCode  = 32  // letters of one
	maxProblems  = 50  // that one check reports
)

// Inventory is what cameras and areas there are. It is safe for concurrent
// use. The slices that it returns are shared: do not change them.
type Inventory interface {
	// Camera finds one camera, or ErrNotFound.
	Camera(id CameraID) (Camera, error)
	// Cameras returns all cameras, ordered by ID.
	Cameras() []Camera
	// Areas returns the tree's nodes, each after its parent.
	Areas() []Area
	// Changed returns a channel that is closed when the inventory changes; ask
	// again for the next change. It is nil where nothing ever changes.
	Changed() <-chan struct{}
}

// ErrAmbiguous is the answer for a camera that two inventories hold.
var ErrAmbiguous = errors.New("more than one inventory has it")

// AreaPath returns an area and all above it, up to its root; nil for an area
// that does not exist.
func AreaPath(inv Inventory, id AreaID) []AreaID { return treeOf(inv).path(id) }

func treeOf(inv Inventory) areaTree {
	switch t := inv.(type) {
	case interface{ tree() areaTree }:
		return t.tree()
	case interface{ Snapshot() *List }: // one that changes by replacing a list
		return t.Snapshot().tree()
	}
	return newAreaTree(inv.Areas())
}

// areaTree holds every area by its ID.
type areaTree map[AreaID]Area

func newAreaTree(areas []Area) areaTree {
	t := make(areaTree, len(areas))
	for _, a := range areas {
		t[a.ID] = a
	}
	return t
}

// path is bounded by MaxAreaDepth, so that a loop ends it.
func (t areaTree) path(id AreaID) []AreaID {
	var path []AreaID
	for a, ok := t[id]; ok && len(path) < MaxAreaDepth; a, ok = t[a.Parent] {
		path = append(path, a.ID)
		if a.Parent == "" {
			break
		}
	}
	return path
}

// List is an inventory that never changes.
type List struct {
	areas   []Area
	cameras []Camera
	byID    map[CameraID]int
	byArea  areaTree
}

// NewList checks areas and cameras and makes an inventory of them. Its error
// is of type Problems. The slices are copied.
func NewList(areas []Area, cameras []Camera) (*List, error) {
	if len(areas) > MaxAreas || len(cameras) > MaxCameras {
		return nil, fmt.Errorf("%d areas and %d cameras: at most %d and %d", len(areas), len(cameras), MaxAreas, MaxCameras)
	}
	var c checker
	tree := c.areas(areas)
	byID := c.cameras(cameras, tree)
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	l := &List{areas: parentsFirst(areas, tree), cameras: slices.Clone(cameras), byID: byID, byArea: tree}
	slices.SortFunc(l.cameras, func(a, b Camera) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for i := range l.cameras {
		if l.cameras[i].Transport == "" {
			l.cameras[i].Transport = Auto
		}
		byID[l.cameras[i].ID] = i
	}
	return l, nil
}

// parentsFirst orders areas by depth and then as they came.
func parentsFirst(areas []Area, tree areaTree) []Area {
	sorted := slices.Clone(areas)
	depth := make(map[AreaID]int, len(areas))
	for _, a := range areas {
		depth[a.ID] = len(tree.path(a.ID))
	}
	slices.SortStableFunc(sorted, func(a, b Area) int { return depth[a.ID] - depth[b.ID] })
	return sorted
}

// Camera implements Inventory.
func (l *List) Camera(id CameraID) (Camera, error) {
	if i, ok := l.byID[id]; ok {
		return l.cameras[i], nil
	}
	return Camera{}, ErrNotFound
}

// Cameras implements Inventory.
func (l *List) Cameras() []Camera { return l.cameras }

// Areas implements Inventory.
func (l *List) Areas() []Area { return l.areas }

// Changed implements Inventory: it is nil.
func (l *List) Changed() <-chan struct{} { return nil }

func (l *List) tree() areaTree { return l.byArea }
