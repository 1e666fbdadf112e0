package gateway

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// maxHeads bounds how many cameras are turned at once.
const maxHeads = 256

// ErrHeads is the answer where as many cameras are turned as may.
var ErrHeads = errors.New("too many cameras are turned at once")

// Heads are the cameras that somebody turns. Each has a connection of its own
// to the camera while its stick is held and until it looks home again.
type Heads struct {
	HomeAfter time.Duration // without a hand, before a camera looks home again; 0: never
	Speed     float64       // the fastest, of a camera's own; NewHeads says 1

	inventory Inventory
	open      func(context.Context, Camera) (Turner, error)
	told      func(CameraID)
	log       *slog.Logger

	started chan *head // to Run, which owns the goroutines
	done    chan struct{}

	mu    sync.Mutex
	heads map[CameraID]*head
}

// head is one camera that is turned.
type head struct {
	camera Camera
	kick   chan struct{} // capacity 1

	// under Heads.mu
	stick   Stick
	state   turning
	presets []Preset
	ready   bool  // the camera was reached
	broken  error // why it cannot be turned any more
}

// Turned is what those who look at a camera are told of its stick.
type Turned struct {
	Holder  Hand      // zero where nobody turns it
	Until   time.Time // the holder has it until then at least, against equals
	Ready   bool      // the camera was reached
	Failed  bool      // the camera cannot be reached, or does not turn
	Presets []Preset
}

// NewHeads makes a desk; open reaches a camera, told is called without a lock
// held whenever a camera's Turned may be another.
func NewHeads(inv Inventory, log *slog.Logger, open func(context.Context, Camera) (Turner, error), told func(CameraID)) *Heads {
	return &Heads{inventory: inv, open: open, told: told, log: log, Speed: 1,
		started: make(chan *head), done: make(chan struct{}), heads: map[CameraID]*head{}}
}

// Run turns cameras until ctx ends; they stop then.
func (h *Heads) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	defer close(h.done)
	for {
		select {
		case d := <-h.started:
			wg.Go(func() { h.turn(ctx, d) })
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// Take gives a camera's stick to a hand. The caller has asked whether the hand
// may turn it. ErrStickTaken, ErrFixed, ErrMaskedTurn, ErrHeads, ErrNotFound, ErrClosed.
func (h *Heads) Take(id CameraID, who Hand, now time.Time) (from Hand, err error) {
	cam, err := h.inventory.Camera(id)
	if err != nil {
		return Hand{}, err
	}
	switch {
	case !cam.Turns():
		return Hand{}, ErrFixed
	case cam.Masked():
		return Hand{}, ErrMaskedTurn
	}
	h.mu.Lock()
	d := h.heads[id]
	fresh := d == nil
	if fresh {
		if len(h.heads) >= maxHeads {
			h.mu.Unlock()
			return Hand{}, ErrHeads
		}
		d = &head{camera: cam, kick: make(chan struct{}, 1), state: turning{homeAfter: h.HomeAfter}}
		h.heads[id] = d
	}
	from, err = d.stick.Take(who, now)
	h.mu.Unlock()
	if err != nil {
		return Hand{}, err
	}
	if fresh {
		select {
		case h.started <- d:
		case <-h.done:
			return Hand{}, ErrClosed
		}
	}
	d.wake()
	h.told(id)
	return from, nil
}

// Move asks for a motion, again at least every MoveWithin. Only the stick's
// holder may: ErrStickTaken.
func (h *Heads) Move(id CameraID, hand string, m Motion, now time.Time) error {
	return h.ask(id, hand, now, func(t *turning) { t.want, t.asked = m.within(h.Speed), now })
}

// Home lets the camera look home.
func (h *Heads) Home(id CameraID, hand string, now time.Time) error {
	return h.ask(id, hand, now, func(t *turning) { t.act = &act{} })
}

// Go lets the camera look where one of its presets says.
func (h *Heads) Go(id CameraID, hand, preset string, now time.Time) error {
	if preset == "" || len(preset) > 64 {
		return ErrNotFound
	}
	return h.ask(id, hand, now, func(t *turning) { t.act = &act{preset} })
}

func (h *Heads) ask(id CameraID, hand string, now time.Time, f func(*turning)) error {
	if h.masked(id) {
		return ErrMaskedTurn
	}
	h.mu.Lock()
	d := h.heads[id]
	if d == nil || d.broken != nil {
		h.mu.Unlock()
		return ErrStickTaken
	}
	holder, _, held := d.stick.Holder(now)
	if !held || holder.ID != hand {
		h.mu.Unlock()
		return ErrStickTaken
	}
	if _, err := d.stick.Take(holder, now); err != nil {
		h.mu.Unlock()
		return err
	}
	f(&d.state)
	h.mu.Unlock()
	d.wake()
	return nil
}

// Leave frees a camera's stick, if the hand holds it; the camera stops.
func (h *Heads) Leave(id CameraID, hand string) (left bool) {
	h.mu.Lock()
	d := h.heads[id]
	left = d != nil && d.stick.Leave(hand)
	h.mu.Unlock()
	if left {
		d.wake()
		h.told(id)
	}
	return left
}

// Turned tells of a camera's stick.
func (h *Heads) Turned(id CameraID, now time.Time) Turned {
	h.mu.Lock()
	defer h.mu.Unlock()
	d := h.heads[id]
	if d == nil {
		return Turned{}
	}
	holder, until, _ := d.stick.Holder(now)
	return Turned{Holder: holder, Until: until, Ready: d.ready, Failed: d.broken != nil, Presets: d.presets}
}

func (d *head) wake() {
	select {
	case d.kick <- struct{}{}:
	default:
	}
}

// turn does what is due at one camera until nobody wants anything of it.
func (h *Heads) turn(ctx context.Context, d *head) {
	id := d.camera.ID
	err := h.reach(ctx, d)
	if err != nil && ctx.Err() == nil {
		h.log.Info("camera cannot be turned", "camera", id, "cause", CauseOf(err), "err", err)
		// Those who look are told so until the stick would be free again.
		h.mu.Lock()
		d.broken = err
		h.mu.Unlock()
		h.told(id)
		select {
		case <-time.After(StickIdle):
		case <-ctx.Done():
		}
	}
	h.mu.Lock()
	if h.heads[id] == d {
		delete(h.heads, id)
	}
	h.mu.Unlock()
	h.told(id)
}

// reach connects to the camera and does what is due.
func (h *Heads) reach(ctx context.Context, d *head) error {
	turner, err := within(ctx, func(ctx context.Context) (Turner, error) { return h.open(ctx, d.camera) })
	if err != nil {
		return err
	}
	defer turner.Close()
	presets, err := within(ctx, turner.Presets)
	if err != nil {
		return err
	}
	h.mu.Lock()
	d.ready, d.presets = true, presets[:min(len(presets), maxPresets)]
	h.mu.Unlock()
	h.told(d.camera.ID)
	for {
		what, ended := h.step(d)
		switch {
		case ended:
			return nil
		case what.act != nil:
			_, err = within(ctx, func(ctx context.Context) (struct{}, error) {
				if what.act.preset == "" {
					return struct{}{}, turner.Home(ctx)
				}
				return struct{}{}, turner.Go(ctx, what.act.preset)
			})
		case what.move:
			_, err = within(ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, turner.Move(ctx, what.to) })
		default:
			h.wait(ctx, d, what.after)
		}
		if ctx.Err() != nil {
			h.stop(turner, d)
			return context.Cause(ctx)
		}
		if err != nil {
			h.stop(turner, d)
			return err
		}
		h.did(d, what)
	}
}

// step asks what is due; a head at which nothing is due any more is taken off
// the desk in the same moment.
func (h *Heads) step(d *head) (what due, ended bool) {
	now := time.Now()
	masked := h.masked(d.camera.ID)
	h.mu.Lock()
	defer h.mu.Unlock()
	if masked { // meanwhile: it stops where it is, and is not brought home either
		if d.state.sent != (Motion{}) {
			return due{move: true}, false
		}
		delete(h.heads, d.camera.ID)
		return due{}, true
	}
	_, _, held := d.stick.Holder(now)
	what = d.state.step(held, now)
	if what.end {
		delete(h.heads, d.camera.ID)
	}
	return what, what.end
}

// masked says whether a camera has masks now. One that is no more has none, and
// nobody asks for it.
func (h *Heads) masked(id CameraID) bool {
	cam, err := h.inventory.Camera(id)
	return err == nil && cam.Masked()
}

func (h *Heads) did(d *head, what due) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case what.act != nil:
		d.state.done(what.act)
	case what.move:
		d.state.moved(what.to, time.Now())
	}
}

// wait sleeps until something may be due, and tells of a stick that fell free
// meanwhile.
func (h *Heads) wait(ctx context.Context, d *head, long time.Duration) {
	now := time.Now()
	h.mu.Lock()
	free := d.stick.free(now)
	h.mu.Unlock()
	if !free.IsZero() {
		long = min(long, free.Sub(now))
	}
	t := time.NewTimer(long)
	defer t.Stop()
	select {
	case <-t.C:
	case <-d.kick:
	case <-ctx.Done():
	}
	h.mu.Lock()
	_, _, held := d.stick.Holder(time.Now())
	h.mu.Unlock()
	if !free.IsZero() && !held {
		h.told(d.camera.ID)
	}
}

// stop lets a camera that moves not go on when nobody holds it any more.
func (h *Heads) stop(turner Turner, d *head) {
	h.mu.Lock()
	moving := d.state.sent != (Motion{})
	h.mu.Unlock()
	if moving {
		_, _ = within(context.Background(), func(ctx context.Context) (struct{}, error) { return struct{}{}, turner.Move(ctx, Motion{}) })
	}
}

func within[T any](ctx context.Context, f func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, turnWithin)
	defer cancel()
	return f(ctx)
}
