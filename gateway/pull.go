package gateway

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"matthan/gateway/video"
)

// busyPause is how soon a pull looks again whether another's login at its host
// was accepted.
const busyPause = 50 * time.Millisecond

// pull is a stream with the loop that keeps its source running.
type pull struct {
	stream *Stream
	behind bool // its masks: it is pulled for who draws them, and nobody else
	// under Hub.mu
	host    string
	dialled dial // of the last try
	users   int  // of whom viewers look, and glances make a still
	viewers int
	glances int
	running bool                    // it has a place among Limits: its source runs, or is about to
	leaving bool                    // it was told to give way
	stale   bool                    // its source was made of what the camera is no more
	ended   bool                    // it takes no more users: the camera was given masks, or has none any more
	cancel  context.CancelCauseFunc // of the whole loop
	restart context.CancelCauseFunc // of the running source
	kick    chan struct{}           // wakes the loop's wait for its next try; capacity 1
	linger  *time.Timer
	lingers time.Time     // until then at least, for viewers who have left
	gone    chan struct{} // closed when the loop has ended
	after   chan struct{} // gone of the pull before it of the same stream, or nil
}

// cancelled says that the pull is about to end and takes no more users.
func (p *pull) cancelled() bool { return p.ended || p.linger == nil && p.users == 0 }

// rank says for whom it is pulled. Hub.mu is held.
func (p *pull) rank() rank {
	switch {
	case p.viewers > 0:
		return rankViewer
	case p.glances > 0:
		return rankGlance
	}
	return rankNobody
}

// count takes a user in, or out by -1. Hub.mu is held.
func (p *pull) count(as rank, n int) {
	p.users += n
	switch as {
	case rankViewer:
		p.viewers += n
	case rankGlance:
		p.glances += n
	}
}

func (p *pull) wake() {
	select {
	case p.kick <- struct{}{}:
	default:
	}
}

// keep runs p's source again and again until nobody watches.
func (h *Hub) keep(ctx context.Context, p *pull) {
	defer close(p.gone)
	defer p.stream.wake() // where it was ended
	if p.after != nil {
		<-p.after
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	h.mu.Lock()
	p.cancel = cancel
	if p.cancelled() {
		cancel(errUnwatched)
	}
	h.mu.Unlock()
	defer h.forget(p)

	since := time.Now()
	for failures := 0; ctx.Err() == nil; {
		begun := time.Now()
		got, err := h.once(ctx, p)
		if ctx.Err() != nil {
			return
		}
		p.stream.Break()
		now := time.Now()
		cause := CauseOf(err)
		if !got.IsZero() {
			since = got
			if p.played(cause, got.Sub(begun)) {
				failures = 0
			}
		}
		switch {
		case errors.Is(err, errChanged):
			continue
		case errors.Is(err, errBusy):
			h.wait(ctx, p, now, busyPause)
			continue
		}
		delay := retryDelay(failures, h.watched(p) && p.urgent(cause, failures), rand.Float64())
		if until := h.gated(p, now); until.After(now.Add(delay)) {
			delay = until.Sub(now)
		}
		failures++
		h.offline(p, State{Phase: Offline, Since: since, Cause: cause, Retry: now.Add(delay)}, err)
		h.wait(ctx, p, now, delay)
	}
}

// wait sleeps for delay; a viewer that comes meanwhile shortens it to what a
// watched stream waits.
func (h *Hub) wait(ctx context.Context, p *pull, from time.Time, delay time.Duration) {
	t := time.NewTimer(delay)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			return
		case <-ctx.Done():
			return
		case <-p.kick:
			now := time.Now()
			until := from.Add(retryDelay(0, h.watched(p), 0))
			if g := h.gated(p, now); g.After(until) {
				until = g
			}
			t.Reset(max(0, min(until.Sub(now), from.Add(delay).Sub(now))))
		}
	}
}

// once runs p's source one time and returns when its last picture came.
func (h *Hub) once(ctx context.Context, p *pull) (last time.Time, err error) {
	cam, err := h.enter(p, time.Now())
	if err != nil {
		return last, err
	}
	defer h.leave(p)
	src, err := h.source(p, cam)
	if err != nil {
		return last, err
	}
	p.stream.from(src)
	if sounding, ok := src.(Sounding); ok && cam.Audible() {
		speaks := &speaker{speech: h.Speech, sounds: p.stream.sounds, log: h.log}
		defer speaks.close()
		sounding.Hear(speaks.hear)
	}
	first := beginning{hub: h, camera: cam, id: p.stream.id}
	defer first.asking.Wait() // after restart
	ctx, restart := context.WithCancelCause(ctx)
	defer restart(nil)
	h.setRestart(p, restart)
	defer h.setRestart(p, nil)

	silent := time.AfterFunc(FirstWithin, func() { restart(Fail(CauseSilent, errors.New("no picture came"))) })
	defer silent.Stop()
	undecodable := time.AfterFunc(KeyWithin, func() { restart(Fail(CauseProtocol, errors.New("no key picture came"))) })
	defer undecodable.Stop()
	err = src.Run(ctx, func(au *video.AccessUnit) {
		silent.Reset(SilentAfter)
		first.picture(ctx, au)
		if au.Key {
			undecodable.Stop()
		}
		if last.IsZero() && p.own() {
			h.mu.Lock()
			h.gate.accepted(p.host, cam.Login)
			h.heard(p, false, time.Now())
			h.mu.Unlock()
		}
		last = au.Arrived
		live := p.stream.State().Phase == Live
		p.stream.Publish(au)
		if !live {
			h.note(p)
		}
	})
	if c := context.Cause(ctx); c != nil {
		err = c // why we ended it says more than what the library made of it
	}
	if !p.own() {
		return last, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if CauseOf(err) == CauseUnauthorized {
		h.gate.refused(p.host, cam.Login, time.Now())
	} else {
		h.gate.undecided(p.host, cam.Login)
	}
	if CauseOf(err) == CauseFull && last.IsZero() {
		h.heard(p, true, time.Now())
	}
	return last, err
}

// enter gives p a place, and the camera as it is pulled from now on. leave gives
// the place back. A rung needs none at any host.
func (h *Hub) enter(p *pull, now time.Time) (Camera, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	id := p.stream.id
	cam, err := h.inventory.Camera(id.Camera)
	if err != nil {
		return cam, Fail(CauseNoStream, err)
	}
	if !p.fits(cam) { // inventoryChanged is to come
		h.endMasked(p)
		return cam, Fail(CauseMasked, ErrMasked)
	}
	p.dialled, p.stale = cam.dial(id.Quality), false
	if !id.Quality.Own() {
		p.stream.resume()
		return cam, nil
	}
	return cam, h.enterCamera(p, cam, now)
}

// enterCamera gives p a place within Limits, within what its host gives, and with
// a login that may be tried there. h.mu is held.
func (h *Hub) enterCamera(p *pull, cam Camera, now time.Time) error {
	wrong := Fail(CauseUnauthorized, errors.New("this host refused a login; waiting so that it does not lock the account"))
	p.host = HostOf(p.dialled.url)
	all := 0
	for _, q := range h.pulls {
		if q != p && q.running {
			all++
		}
	}
	if all >= h.limits.Pulls {
		return Fail(CauseLimit, errors.New("limits.pulls is reached"))
	}
	if !h.gate.refusedUntil(p.host, cam.Login, now).IsZero() {
		return wrong // nobody gives way for that
	}
	switch h.enterHost(p.host, h.loadOf(p), now) {
	case later:
		return errBusy
	case refused:
		return errHostFull
	}
	ok, busy, _ := h.gate.begin(p.host, cam.Login, now)
	switch {
	case busy:
		return errBusy
	case !ok:
		return wrong
	}
	p.running, p.leaving = true, false
	return nil
}

func (h *Hub) leave(p *pull) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p.running, p.leaving = false, false
}

func (h *Hub) setRestart(p *pull, f context.CancelCauseFunc) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p.restart = f
	switch { // it was told before it had begun
	case f == nil:
	case p.stale:
		f(errChanged)
	case p.leaving:
		f(errEvicted)
	}
}

func (h *Hub) watched(p *pull) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return p.users > 0
}

func (h *Hub) gated(p *pull, now time.Time) time.Time {
	cam, err := h.inventory.Camera(p.stream.id.Camera)
	if err != nil {
		return now
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.gate.refusedUntil(p.host, cam.Login, now)
}

// liveBeside says whether another stream of p's camera gives pictures. h.mu is
// held.
func (h *Hub) liveBeside(p *pull) bool {
	for id, q := range h.pulls {
		if q != p && id.Camera == p.stream.id.Camera && q.stream.State().Phase == Live {
			return true
		}
	}
	return false
}

// offline tells that p gives no picture, and why. Of a stream at which nobody
// looks, and that had to give way or stands beside one that plays, that says
// nothing of the camera: it is not watched.
func (h *Hub) offline(p *pull, st State, why error) {
	p.stream.SetState(st)
	if !p.own() {
		h.log.Info("rung gives no picture", "stream", p.stream.id, "cause", st.Cause, "err", why, "retry_in", time.Until(st.Retry).Round(time.Millisecond))
		return
	}
	h.mu.Lock()
	aside := p.viewers == 0 && (st.Cause == CauseHost || h.liveBeside(p))
	h.mu.Unlock()
	if aside {
		h.diary.end(p.stream.id, time.Now())
		return
	}
	h.log.Info("camera gives no picture", "stream", p.stream.id, "cause", st.Cause, "err", why, "retry_in", time.Until(st.Retry).Round(time.Millisecond))
	h.note(p)
}

// note remembers p's state as its camera's. A rung's says nothing of the camera.
func (h *Hub) note(p *pull) {
	if !p.own() {
		return
	}
	st := p.stream.State()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seen[p.stream.id.Camera] = st
	h.diary.note(p.stream.id, st, time.Now())
}

func (h *Hub) forget(p *pull) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.pulls[p.stream.id] == p {
		delete(h.pulls, p.stream.id)
		if p.own() {
			h.diary.end(p.stream.id, time.Now())
		}
	}
}
