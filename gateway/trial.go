package gateway

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// Bounds of trials.
const (
	TrialFor  = 5 * time.Minute
	maxTrials = 64
)

// Trials are an inventory and, beside it, cameras that are looked at before they
// are entered: each is found by its id alone, which nobody can guess, stands in no
// list, and is gone after TrialFor. Of one person there is one at a time.
type Trials struct {
	Inventory
	New  func(Camera)   // is told of each before it can be found; nil: nobody is
	Gone func(CameraID) // is told of those that are over; nil: nobody is

	mu   sync.Mutex
	byID map[CameraID]trial
}

// ErrTrials is the answer where as many cameras are tried as may.
var ErrTrials = errors.New("too many cameras are tried at once")

type trial struct {
	camera Camera
	who    string
	until  time.Time
}

// NewTrials makes an inventory with room for trials.
func NewTrials(inv Inventory) *Trials { return &Trials{Inventory: inv, byID: map[CameraID]trial{}} }

// Try lets a camera be looked at under the id that it has, until the returned
// time. The one that the same person tried before is over. Its error is Problems,
// or ErrTrials where too many are tried.
func (t *Trials) Try(who string, c Camera, now time.Time) (until time.Time, err error) {
	list, err := NewList(t.Areas(), []Camera{c})
	if err != nil {
		return time.Time{}, err
	}
	c = list.Cameras()[0]
	gone := t.clear(who, now)
	defer func() {
		for _, id := range gone {
			if t.Gone != nil {
				t.Gone(id)
			}
		}
	}()
	if t.New != nil { // not with the lock held: the Hub asks for cameras with its own
		t.New(c)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.byID) >= maxTrials {
		return time.Time{}, fmt.Errorf("%w: %d cameras", ErrTrials, maxTrials)
	}
	until = now.Add(TrialFor)
	t.byID[c.ID] = trial{c, who, until}
	return until, nil
}

// clear ends what is over, and what one person tries.
func (t *Trials) clear(who string, now time.Time) (gone []CameraID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for id, is := range t.byID {
		if is.who == who || !now.Before(is.until) {
			delete(t.byID, id)
			gone = append(gone, id)
		}
	}
	return gone
}

// Camera implements Inventory.
func (t *Trials) Camera(id CameraID) (Camera, error) {
	t.mu.Lock()
	is, ok := t.byID[id]
	t.mu.Unlock()
	if ok && time.Now().Before(is.until) {
		return is.camera, nil
	}
	return t.Inventory.Camera(id)
}

func (t *Trials) tree() areaTree { return treeOf(t.Inventory) }
