package gateway

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/url"
	"time"

	"matthan/gateway/video"
)

// busyPause is how soon a pull looks again whether another's login at its host
// was accepted.
const busyPause = 50 * time.Millisecond

// pull is a stream with the loop that keeps its source running.
type pull struct {
	stream *Stream
	// under Hub.mu
	host    string
	dialled dial // of the last try
	users   int
	cancel  context.CancelCauseFunc // of the whole loop
	restart context.CancelCauseFunc // of the running source
	kick    chan struct{}           // wakes the loop's wait for its next try; capacity 1
	linger  *time.Timer
	lingers time.Time     // until then at least, for viewers who have left
	gone    chan struct{} // closed when the loop has ended
	after   chan struct{} // gone of the pull before it of the same stream, or nil
}

// cancelled says that the pull is about to end and takes no more users.
func (p *pull) cancelled() bool { return p.linger == nil && p.users == 0 }

func (p *pull) wake() {
	select {
	case p.kick <- struct{}{}:
	default:
	}
}

// keep runs p's source again and again until nobody watches.
func (h *Hub) keep(ctx context.Context, p *pull) {
	defer close(p.gone)
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
			if !costly(cause) || got.Sub(begun) >= longSession {
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
		delay := retryDelay(failures, h.watched(p) && !costly(cause), rand.Float64())
		if until := h.gated(p, now); until.After(now.Add(delay)) {
			delay = until.Sub(now)
		}
		failures++
		h.log.Info("camera gives no picture", "stream", p.stream.id, "cause", cause, "err", err, "retry_in", delay.Round(time.Millisecond))
		h.setState(p, State{Phase: Offline, Since: since, Cause: cause, Retry: now.Add(delay)})
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
			t.Reset(max(0, until.Sub(now)))
		}
	}
}

// once runs p's source one time and returns when its last picture came.
func (h *Hub) once(ctx context.Context, p *pull) (last time.Time, err error) {
	cam, err := h.inventory.Camera(p.stream.id.Camera)
	if err != nil {
		return last, Fail(CauseNoStream, err)
	}
	now := time.Now()
	h.mu.Lock()
	p.dialled = cam.dial(p.stream.id.Quality)
	p.host = hostOf(p.dialled.url)
	over := h.overLimit(p)
	var ok, busy bool
	if !over {
		ok, busy, _ = h.gate.begin(p.host, cam.Login, now)
	}
	h.mu.Unlock()
	if over {
		return last, Fail(CauseLimit, errors.New("limits.pulls or limits.pulls_per_host is reached"))
	}
	if busy {
		return last, errBusy
	}
	if !ok {
		return last, Fail(CauseUnauthorized, errors.New("this host refused a login; waiting so that it does not lock the account"))
	}
	src, err := h.newSource(cam, p.stream.id.Quality)
	if err != nil {
		h.mu.Lock()
		h.gate.undecided(p.host, cam.Login)
		h.mu.Unlock()
		return last, err
	}
	p.stream.from(src)
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
		if au.Key {
			undecodable.Stop()
		}
		if last.IsZero() {
			h.mu.Lock()
			h.gate.accepted(p.host, cam.Login)
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
	h.mu.Lock()
	defer h.mu.Unlock()
	if CauseOf(err) == CauseUnauthorized {
		h.gate.refused(p.host, cam.Login, time.Now())
	} else {
		h.gate.undecided(p.host, cam.Login)
	}
	return last, err
}

// overLimit counts the pulls whose source runs. h.mu is held.
func (h *Hub) overLimit(p *pull) bool {
	all, host := 0, 0
	for _, q := range h.pulls {
		if q == p || q.restart == nil {
			continue
		}
		all++
		if q.host == p.host {
			host++
		}
	}
	return all >= h.limits.Pulls || host >= h.limits.PullsPerHost
}

func (h *Hub) setRestart(p *pull, f context.CancelCauseFunc) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p.restart = f
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

func (h *Hub) setState(p *pull, st State) {
	p.stream.SetState(st)
	h.note(p)
}

// note remembers p's state as its camera's.
func (h *Hub) note(p *pull) {
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
		h.diary.end(p.stream.id, time.Now())
	}
}

func hostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return u.Host
}
