package signaling

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"matthan/auth"
	"matthan/gateway/rtc"
)

// turn lets a review wait for a viewer that is at work, on a message or for the
// audit log, without the other viewers' reviews waiting for it.
type turn struct{ waits, all atomic.Bool }

// take reviews now where the viewer is at rest, else as soon as it is.
func (t *turn) take(act *sync.Mutex, working *sync.WaitGroup, now time.Time, all bool, review func(time.Time, bool)) {
	if act.TryLock() {
		act.Unlock()
		review(now, all)
		return
	}
	if all {
		t.all.Store(true)
	}
	if !t.waits.CompareAndSwap(false, true) {
		return // the one that waits decides by what holds then
	}
	working.Go(func() {
		act.Lock()
		t.waits.Store(false)
		all := t.all.Swap(false)
		act.Unlock()
		review(time.Now(), all)
	})
}

// review looks at every session and WHEP resource; all of them are decided
// again when the rules changed, and the pages told, else those whose permission
// runs out.
func (s *Server) review(now time.Time, all bool) {
	s.mu.Lock()
	sessions := make([]*session, 0, len(s.sessions))
	for _, v := range s.sessions {
		sessions = append(sessions, v)
	}
	resources := make([]*resource, 0, len(s.whep))
	for _, r := range s.whep {
		resources = append(resources, r)
	}
	s.mu.Unlock()
	for _, v := range sessions {
		v.turn.take(&v.act, &s.working, now, all, func(now time.Time, all bool) { s.reviewSession(v, now, all) })
	}
	for _, r := range resources {
		r.turn.take(&r.act, &s.working, now, all, func(now time.Time, all bool) {
			if r.review(now, all) {
				s.dropWHEP(r)
			}
		})
	}
}

// review decides again, and tells whether the session is over.
func (v *session) review(now time.Time, all bool) (over bool) {
	v.mu.Lock()
	over = v.line == nil && now.Sub(v.since) > resumeLimit
	due := all
	for i := range v.tiles {
		due = due || v.tiles[i].camera != "" && !now.Before(v.tiles[i].until)
	}
	v.mu.Unlock()
	if over {
		return true
	}
	v.act.Lock()
	defer v.act.Unlock()
	if v.broken.Load() && v.peer != nil {
		v.peer.Close() // the page comes with a new offer, or not at all
		v.peer = nil
		v.broken.Store(false)
		v.blank(whyPeer)
	}
	if !due {
		return false
	}
	if _, err := v.server.Policy.Decide(v.subject, auth.Connect, auth.Resource{}, now); err != nil {
		v.bye(closeOf(coded(CodeToken)), CodeToken)
		return true
	}
	for i := range v.tiles {
		v.renew(i, now, all)
	}
	still := make([]string, 0, MaxWarm)
	for id := range v.warm {
		still = append(still, string(id))
	}
	v.keepWarm(still)
	return false
}

// renew decides about one tile again, and ends its picture where the answer is
// no. v.act is held.
func (v *session) renew(i int, now time.Time, all bool) {
	v.mu.Lock()
	t := v.tiles[i]
	v.mu.Unlock()
	if t.camera == "" || !all && now.Before(t.until) {
		return
	}
	cam, p, err := v.server.permit(v.subject, t.camera, now)
	if err != nil {
		v.log.Info("view ended: no longer permitted", "tile", i, "camera", t.camera)
		if v.peer != nil && i < v.peer.Tiles() {
			_ = v.peer.Show(i, t.view, rtc.Choice{})
		}
		v.look(i, nil, whyEnded(err))
		v.set(t.asked, "", time.Time{}, deniedBy(err), nil)
		return
	}
	// What was shown of a camera with other things to draw has ended; what carries them is chosen.
	if !v.looks[i].tells(t.camera, p) || t.drawn != drawnOn(cam) {
		v.server.working.Go(func() { v.recordAgain(i, t.view) }) // which may take its time
	}
	v.mu.Lock()
	v.tiles[i].until = p.Until
	v.mu.Unlock()
	v.tellTurns(i, cam, now)
	v.tellHears(i, cam)
}

// recordAgain has a look that goes on recorded as one for another case, and what
// is sent chosen again. Where that fails it ends.
func (v *session) recordAgain(i int, view uint64) {
	v.act.Lock()
	defer v.act.Unlock()
	v.mu.Lock()
	t := v.tiles[i]
	v.mu.Unlock()
	if v.peer == nil || t.view != view || t.camera == "" {
		return // it shows something else by now
	}
	_ = v.view(context.Background(), t.asked, time.Now()) // whose session has ended the next review sees
}
