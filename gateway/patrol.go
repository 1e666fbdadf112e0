package gateway

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Bounds of knocking.
const (
	KnockWithin = 3 * time.Second // a host that says nothing for so long does not answer
	knocksAhead = 50              // begun a second, at most
	knockers    = 20              // at once
)

// Patrol sees to all cameras, whether somebody watches them or not. What it
// learns it lets Outages judge, and tells what comes of that.
//
// Of a camera that is pulled it knows what the hub knows. At the hosts of the
// others it knocks now and then: it asks whether anybody answers, shows no login
// and holds no session. A camera that Spare names, and a host that gives pictures
// anyway, is left alone.
type Patrol struct {
	Hub       *Hub
	Inventory Inventory
	Patience  Patience
	Every     time.Duration                       // from one knock at a host to the next; 0: nobody knocks
	Knock     func(context.Context, Camera) error // asks whether the camera's host answers, within KnockWithin
	Spare     func() func(Camera) bool            // makes what says whether nobody may knock at a camera's
	Tell      func(Alert)                         // must not wait
	TellAll   bool                                // of those that Spare names, too
	Log       *slog.Logger

	mu      sync.Mutex // for outages and learned
	outages *Outages
	learned []Fact // by knocks, since the last step

	// Of Run's goroutine.
	doors map[string]*door   // by host and port
	of    map[CameraID]*door // none of a camera that is left alone
	line  []*door            // all of them, in which one after the other has its turn
	turn  int                // whose it is, in line
}

// door is where one answers for several cameras.
type door struct {
	cameras []Camera // none of a door that is no more
	last    time.Time
	next    time.Time
	busy    bool
}

// knock is one at a door, with what came of it.
type knock struct {
	at     *door
	camera Camera
	err    error
}

// beat is how often Patrol looks at what is known.
func (p *Patrol) beat() time.Duration {
	return max(10*time.Millisecond, min(time.Second, p.Patience.After/20))
}

// Run goes round until ctx ends.
func (p *Patrol) Run(ctx context.Context) {
	p.mu.Lock()
	p.outages = NewOutages(p.Patience)
	p.mu.Unlock()
	p.doors = map[string]*door{}
	todo, done := make(chan knock, knocksAhead), make(chan knock, knockers)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer close(todo)
	if p.Every > 0 {
		for range knockers {
			wg.Go(func() { p.knocker(ctx, todo, done) })
		}
	}
	changed := p.follow(time.Now())
	tick := time.NewTicker(p.beat())
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-changed:
			changed = p.follow(time.Now())
		case k := <-done:
			p.learn(k, time.Now())
		case now := <-tick.C:
			pulled := p.Hub.pulledNow()
			p.step(pulled, now)
			p.send(pulled, todo, now)
		}
	}
}

// follow takes the cameras that there are, and returns what is closed when there
// are others.
func (p *Patrol) follow(now time.Time) <-chan struct{} {
	changed := p.Inventory.Changed()
	cameras := p.Inventory.Cameras()
	spare := p.Spare()
	p.of, p.line, p.turn = map[CameraID]*door{}, nil, 0
	p.mu.Lock()
	p.outages.Keep(cameras, func(c Camera) bool { return !p.TellAll && spare(c) })
	p.mu.Unlock()
	if p.Every <= 0 {
		return changed
	}
	doors := map[string]*door{}
	for _, c := range cameras {
		if spare(c) {
			continue
		}
		at := HostOf(c.Main)
		d := doors[at]
		if d == nil {
			if d = p.doors[at]; d == nil { // not before somebody had the time to look
				d = &door{next: now.Add(p.Every/2 + rand.N(p.Every))}
			}
			doors[at], p.line = d, append(p.line, d)
			d.cameras = nil
		}
		d.cameras, p.of[c.ID] = append(d.cameras, c), d
	}
	for at, d := range p.doors {
		if doors[at] == nil {
			d.cameras = nil // one may be knocking there
		}
	}
	p.doors = doors
	return changed
}

// step lets Outages judge what is known now.
func (p *Patrol) step(pulled map[CameraID]State, now time.Time) {
	var facts []Fact
	for id, st := range pulled {
		switch {
		case st.Phase == Live:
			facts = append(facts, Fact{Camera: id, Good: true, Pictures: true})
		case st.Phase != Offline, st.Cause == CauseLimit, st.Cause == CauseHost, st.Cause == CauseInternal: // those are ours
		case st.Cause == CauseFull:
			facts = append(facts, Fact{Camera: id, Good: true}) // it answers, and others watch it
		default:
			facts = append(facts, Fact{Camera: id, Pictures: true, Cause: st.Cause})
		}
	}
	p.mu.Lock()
	for _, f := range p.learned {
		if _, ok := pulled[f.Camera]; !ok { // who is asked for pictures tells more
			facts = append(facts, f)
		}
	}
	p.learned = p.learned[:0]
	alerts := p.outages.Step(facts, now)
	p.mu.Unlock()
	for _, a := range alerts {
		p.Log.Warn("cameras", "told", a.Kind, "cameras", len(a.Cameras), "first", first(a.Cameras), "cause", a.Cause, "since", a.Since.Round(time.Second))
		p.Tell(a)
	}
}

func first(ids []CameraID) CameraID {
	if len(ids) == 0 {
		return ""
	}
	return ids[0]
}

// send has the hosts knocked at whose time has come, one after the other.
func (p *Patrol) send(pulled map[CameraID]State, todo chan<- knock, now time.Time) {
	p.heed(pulled, now)
	sent := 0
	for range p.line {
		d := p.line[p.turn]
		if !d.busy && !now.Before(d.next) {
			select {
			case todo <- knock{at: d, camera: d.cameras[0]}:
				d.busy = true
				sent++
			default:
				return // it is its turn again
			}
		}
		if p.turn = (p.turn + 1) % len(p.line); sent == knocksAhead {
			return
		}
	}
}

// heed puts off knocks that would tell nothing, and hastens those that tell
// whether what stands beside a camera that is gone is gone, too.
func (p *Patrol) heed(pulled map[CameraID]State, now time.Time) {
	type seen struct {
		asked       int
		there, gone bool
	}
	at := map[*door]seen{}
	for id, st := range pulled {
		if d := p.of[id]; d != nil {
			is := at[d]
			at[d] = seen{is.asked + 1, is.there || st.Phase == Live, is.gone || st.Phase == Offline && refutes(st.Cause)}
		}
	}
	for d, is := range at {
		switch {
		case is.there, is.asked == len(d.cameras):
			d.next = now.Add(p.Every)
		case is.gone && now.After(d.last.Add(p.soon())) && p.wonders(d):
			d.next = now
		}
	}
}

// wonders says whether a camera at a door is not yet known to be gone.
func (p *Patrol) wonders(d *door) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.ContainsFunc(d.cameras, func(c Camera) bool { return p.outages.changes(Fact{Camera: c.ID}) })
}

// soon is when to knock again where what is known is not sure.
func (p *Patrol) soon() time.Duration { return min(p.Every, max(p.Patience.After/5, p.beat())) }

// knocker is one who knocks.
func (p *Patrol) knocker(ctx context.Context, todo <-chan knock, done chan<- knock) {
	for k := range todo {
		within, cancel := context.WithTimeout(ctx, KnockWithin)
		k.err = p.Knock(within, k.camera)
		cancel()
		select {
		case done <- k:
		case <-ctx.Done():
		}
	}
}

// learn takes what came of a knock.
func (p *Patrol) learn(k knock, now time.Time) {
	k.at.busy, k.at.last = false, now
	k.at.next = now.Add(p.Every*3/4 + rand.N(p.Every/2+1))
	cause := CauseUnreachable
	if k.err != nil {
		if cause = CauseOf(k.err); cause == CauseInternal {
			return
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range k.at.cameras {
		f := Fact{Camera: c.ID, Good: k.err == nil, Cause: cause}
		if p.learned = append(p.learned, f); p.outages.changes(f) {
			k.at.next = now.Add(p.soon())
		}
	}
}

// Trouble is what is wrong with a camera now; ok is false where nothing is.
func (p *Patrol) Trouble(id CameraID) (t Trouble, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.outages == nil {
		return t, false
	}
	return p.outages.Trouble(id, time.Now())
}

// pulledNow are the cameras that are pulled, each with what it is.
func (h *Hub) pulledNow() map[CameraID]State {
	all := map[CameraID]State{}
	for id := range h.running() {
		if st, ok := h.diary.now(id); ok {
			all[id] = st
		}
	}
	return all
}
