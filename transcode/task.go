package transcode

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"matthan/gateway"
	"matthan/gateway/video"
)

// task is one still on its way, for all who ask for it meanwhile. It holds no
// picture while it waits: what it makes is the newest at its turn.
type task struct {
	key
	camera gateway.Camera
	lent   bool
	who    string // asked first, and is counted for it

	waiting int           // who wait for it; under Stills.mu
	left    chan struct{} // closed when nobody does any more
	done    chan struct{} // closed once still and err are
	still   gateway.Still
	err     error
}

// join finds the task that makes what t is to make, or has t begun. Where there
// is no need to, the task that it gives is done already.
func (s *Stills) join(ctx context.Context, t *task, now time.Time) (*task, error) {
	t.waiting, t.left, t.done = 1, make(chan struct{}), make(chan struct{})
	s.mu.Lock()
	if k := s.shelf.of(t.camera, t.width); k != nil {
		switch {
		case now.Sub(k.made) < s.cfg.Every && k.still.JPEG != nil:
			t.still = k.still
			close(t.done)
			s.mu.Unlock()
			return t, nil
		case now.Sub(k.failed) < againAfter:
			s.mu.Unlock()
			return nil, gateway.ErrNoPicture
		}
	}
	if same := s.tasks[t.key]; same != nil && gateway.SameMasks(same.camera, t.camera) {
		same.waiting++
		s.mu.Unlock()
		return same, nil
	}
	if err := s.admit(t.who, now); err != nil {
		s.mu.Unlock()
		return nil, err
	}
	s.tasks[t.key] = t
	s.running++
	s.mu.Unlock()
	select {
	case s.started <- t:
	case <-s.ended:
		s.finish(t, gateway.Still{}, gateway.ErrClosed)
	case <-ctx.Done():
		s.finish(t, gateway.Still{}, gateway.ErrStillsBusy) // for those who have joined
	}
	return t, nil
}

// admit says whether somebody may have another still begun. s.mu is held.
func (s *Stills) admit(who string, now time.Time) error {
	if s.running >= maxWaiting {
		return gateway.ErrStillsBusy
	}
	own := 0
	for _, t := range s.tasks {
		if t.who == who {
			own++
		}
	}
	if own >= maxOfOne || !s.payers.allow(who, now) {
		return gateway.ErrStillsOften
	}
	return nil
}

// leave is for who waits no longer. A still that nobody waits for is not made:
// a list that was scrolled by leaves nothing behind.
func (s *Stills) leave(t *task) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.waiting--; t.waiting > 0 {
		return
	}
	close(t.left)
	if s.tasks[t.key] == t {
		delete(s.tasks, t.key)
	}
}

func (s *Stills) finish(t *task, still gateway.Still, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tasks[t.key] == t {
		delete(s.tasks, t.key)
	}
	s.running--
	t.still, t.err = still, err
	close(t.done)
}

// do makes a task's still.
func (s *Stills) do(ctx context.Context, t *task) {
	ctx, cancel := context.WithTimeout(ctx, madeWithin)
	var watching sync.WaitGroup
	watching.Go(func() {
		select {
		case <-t.left:
			cancel()
		case <-ctx.Done():
		}
	})
	still, err := s.make(ctx, t)
	given := ctx.Err() == context.Canceled // nobody waits, or the gateway stops
	cancel()
	watching.Wait()
	if given || errors.Is(err, gateway.ErrStillsBusy) { // which says nothing of the camera
		s.finish(t, still, err)
		return
	}
	s.mu.Lock()
	s.shelf.put(t, still, err, time.Now())
	s.mu.Unlock()
	if err != nil {
		s.log.Info("a still was not made", "camera", t.camera.ID, "err", err)
		err = gateway.ErrNoPicture
	}
	s.finish(t, still, err)
}

func (s *Stills) make(ctx context.Context, t *task) (gateway.Still, error) {
	of := t.of(t.camera)
	au := s.pulled(t.camera, of)
	if au == nil {
		var err error
		if au, err = s.glance(ctx, gateway.StreamID{Camera: t.camera.ID, Quality: of[0]}); err != nil {
			return gateway.Still{}, err
		}
	}
	if still, ok := s.unchanged(t, au); ok {
		return still, nil
	}
	if err := enter(ctx, s.workers); err != nil {
		return gateway.Still{}, fmt.Errorf("wait for ffmpeg: %w", gateway.ErrStillsBusy)
	}
	defer func() { <-s.workers }()
	if err := s.begin.wait(ctx); err != nil {
		return gateway.Still{}, fmt.Errorf("wait for ffmpeg: %w", gateway.ErrStillsBusy)
	}
	if newer := s.pulled(t.camera, of); newer != nil {
		au = newer
	}
	still, err := s.program.decode(ctx, au, t.width, t.camera.Masks)
	if now, gone := s.hub.Behind().Camera(t.camera.ID); err == nil && (gone != nil || !gateway.SameMasks(now, t.camera)) {
		return gateway.Still{}, errors.New("the camera's masks have changed")
	}
	return still, err
}

// unchanged is the still that is kept, where it is of this very picture.
func (s *Stills) unchanged(t *task, au *video.AccessUnit) (gateway.Still, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.shelf.of(t.camera, t.width)
	if k == nil || k.still.JPEG == nil || !k.still.Captured.Equal(au.Captured) {
		return gateway.Still{}, false
	}
	return k.still, true
}

// enter takes a place in a room of bounded size.
func enter(ctx context.Context, room chan struct{}) error {
	select {
	case room <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
