package transcode

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"matthan/gateway"
)

// room is how much of the machine rungs may take. A rung of a camera with masks is
// all that can be seen of that camera, so one of a camera without gives way to it.
type room struct {
	most float64

	mu     sync.Mutex
	places []*place // in the order in which they were taken
	owed   float64  // to cameras with masks, for which others are giving way
	left   chan struct{}
}

// place is what one rung takes.
type place struct {
	cost    float64
	masked  bool
	leaving bool
	evict   func(error)
}

var (
	errRungsFull = gateway.Fail(gateway.CauseRungsFull, errors.New("as many rungs are made as may be, by transcode.rungs"))
	errGaveWay   = gateway.Fail(gateway.CauseRungsFull, errors.New("the rung gave way to that of a camera with masks"))
)

// giveWayWithin is how long is waited for rungs that give way.
const giveWayWithin = 3 * time.Second

func newRoom(most float64) *room { return &room{most: most, left: make(chan struct{})} }

// load is what is taken, of how much.
func (r *room) load() (taken, most float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.taken(), r.most
}

func (r *room) taken() (sum float64) {
	for _, p := range r.places {
		sum += p.cost
	}
	return sum
}

// enter takes a place, or fails with CauseRungsFull. evict is called when it is to
// be left. One that gets a place calls leave.
func (r *room) enter(ctx context.Context, cost float64, masked bool, evict func(error)) (*place, error) {
	p := &place{cost: cost, masked: masked, evict: evict}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.taken()+r.owed+cost <= r.most {
		r.places = append(r.places, p)
		return p, nil
	}
	if !masked || !r.clear(cost) {
		return nil, errRungsFull
	}
	r.owed += cost
	defer func() { r.owed -= cost }()
	t := time.NewTimer(giveWayWithin)
	defer t.Stop()
	for r.taken()+cost > r.most {
		left := r.left
		r.mu.Unlock()
		var err error
		select {
		case <-left:
		case <-t.C:
			err = errRungsFull
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
		r.mu.Lock()
		if err != nil {
			return nil, err
		}
	}
	r.places = append(r.places, p)
	return p, nil
}

// full says whether enter would fail at once.
func (r *room) full(cost float64, masked bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.taken()+r.owed+cost <= r.most {
		return false
	}
	_, ok := r.giving(cost)
	return !masked || !ok
}

// giving are the rungs without masks that are to give way for cost to have room,
// the newest first; ok is false where that is not enough. The lock is held.
func (r *room) giving(cost float64) (give []*place, ok bool) {
	free := r.most - r.taken() - r.owed
	for _, p := range slices.Backward(r.places) {
		if free >= cost {
			break
		}
		if !p.masked {
			free += p.cost
			give = append(give, p)
		}
	}
	return give, free >= cost
}

// clear has them give way, where that is enough. The lock is held.
func (r *room) clear(cost float64) bool {
	give, ok := r.giving(cost)
	if !ok {
		return false
	}
	for _, p := range give {
		if !p.leaving {
			p.leaving = true
			p.evict(errGaveWay)
		}
	}
	return true
}

func (r *room) leave(p *place) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.places = slices.DeleteFunc(r.places, func(q *place) bool { return q == p })
	close(r.left)
	r.left = make(chan struct{})
}
