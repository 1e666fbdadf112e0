package rtc

import (
	"context"
	"slices"
	"sync"
	"time"

	"matthan/gateway"
)

// Feedback that a shard has not taken yet is dropped beyond this: RTCP is sent
// again by those who mean it.
const maxPending = 8192

// inlineTiles is how many tiles, over all shards, a camera's own goroutine may
// serve. Sending to one takes some 15 us and never waits; waking another
// goroutine for it, on another core that has gone to sleep, takes over 100.
const inlineTiles = 32

// shard owns a part of the tiles and sends to them. Only who has its turn
// touches them, so they need no locks of their own: mostly its goroutine, and
// for a few tiles that are in step the camera's.
type shard struct {
	wakeup chan struct{} // capacity 1
	inline int           // tiles of one stream, at most, that the camera's goroutine serves

	turn    sync.Mutex
	near    int // of use to nobody: see near
	out     *egress
	tiles   map[*gateway.Stream]*followers
	behind  map[*tile]bool // with a backlog to send, paced
	probing map[*Peer]bool // whose links are tried
	ears    map[*gateway.Sounds]map[*ear]bool

	mu    sync.Mutex
	todo  []func(now time.Time)
	news  []*gateway.Stream // streams with news, each once
	isNew map[*gateway.Stream]bool
	loud  map[*gateway.Sounds]bool // with sound for the goroutine to send
	load  int                      // tiles of its peers; under Gateway.mu
}

// newShard makes one of n shards.
func newShard(out *egress, n int) *shard {
	return &shard{out: out, inline: max(1, inlineTiles/n), wakeup: make(chan struct{}, 1), isNew: map[*gateway.Stream]bool{},
		tiles: map[*gateway.Stream]*followers{}, behind: map[*tile]bool{}, probing: map[*Peer]bool{},
		ears: map[*gateway.Sounds]map[*ear]bool{}, loud: map[*gateway.Sounds]bool{}}
}

// Wake implements gateway.Watcher.
func (s *shard) Wake(st *gateway.Stream) {
	if s.serve(st) {
		return
	}
	s.mu.Lock()
	if !s.isNew[st] {
		s.isNew[st] = true
		s.news = append(s.news, st)
	}
	s.mu.Unlock()
	s.signal()
}

// serve sends what st has published to its tiles, if they are few and in step,
// and nobody else has the turn. Else it is left to the shard's goroutine.
func (s *shard) serve(st *gateway.Stream) (done bool) {
	if !s.turn.TryLock() {
		return false
	}
	defer s.turn.Unlock()
	f := s.tiles[st]
	if f == nil || len(f.all) > s.inline {
		return false
	}
	now, state := time.Now(), st.State()
	done = true
	s.near = near(f.all)
	for _, t := range f.all {
		done = t.step(st, state, now) && done
	}
	s.out.flush()
	if len(s.behind) > 0 {
		s.signal() // the timer is the goroutine's
	}
	return done
}

// do has f called by the shard's goroutine, soon and in order.
func (s *shard) do(f func(now time.Time)) {
	s.mu.Lock()
	s.todo = append(s.todo, f)
	s.mu.Unlock()
	s.signal()
}

// offer is do for what may be lost under load.
func (s *shard) offer(f func(now time.Time)) {
	s.mu.Lock()
	full := len(s.todo) >= maxPending
	if !full {
		s.todo = append(s.todo, f)
	}
	s.mu.Unlock()
	if !full {
		s.signal()
	}
}

func (s *shard) signal() {
	select {
	case s.wakeup <- struct{}{}:
	default:
	}
}

// pace is how often a backlog is looked at.
const pace = time.Millisecond

// run serves the shard's tiles until ctx ends.
func (s *shard) run(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	defer func() {
		s.turn.Lock()
		defer s.turn.Unlock()
		s.out.close()
		clear(s.tiles) // who still publishes finds nobody
		clear(s.ears)
	}()
	for {
		select {
		case <-s.wakeup:
		case <-timer.C:
		case now := <-tick.C:
			s.second(now)
		case <-ctx.Done():
			s.turn.Lock()
			s.work() // what was asked before the end, such as releases
			s.turn.Unlock()
			return
		}
		s.turn.Lock()
		s.work()
		now := time.Now()
		for t := range s.behind {
			t.advance(now)
		}
		for p := range s.probing {
			if !p.probe(now) {
				delete(s.probing, p)
			}
		}
		s.out.flush()
		if len(s.behind)+len(s.probing) > 0 {
			timer.Reset(pace)
		}
		s.turn.Unlock()
	}
}

// second does for the tiles what is due every second.
func (s *shard) second(now time.Time) {
	s.turn.Lock()
	defer s.turn.Unlock()
	for _, f := range s.tiles {
		f.each(func(t *tile) { t.everySecond(now) })
	}
	for _, f := range s.tiles {
		f.each(func(t *tile) { t.peer.second(now) }) // which may take tiles away
	}
	s.out.flush()
}

// work takes and does what is pending. The turn is held.
func (s *shard) work() {
	s.mu.Lock()
	todo, news := s.todo, s.news
	s.todo, s.news = nil, nil
	clear(s.isNew)
	s.mu.Unlock()
	for _, f := range todo {
		f(time.Now())
	}
	for _, st := range news {
		f := s.tiles[st]
		if f == nil {
			continue
		}
		now := time.Now()
		for some := range slices.Chunk(f.all, nearTiles) {
			s.near = near(some)
			for _, t := range some {
				if f.has[t] {
					t.news(now)
				}
			}
		}
	}
}

// followers are the tiles that show a stream, or are to.
type followers struct {
	has map[*tile]bool
	all []*tile // the same; another slice when one comes or goes
}

// each calls do for each, which may take others away.
func (f *followers) each(do func(t *tile)) {
	for _, t := range f.all {
		if f.has[t] {
			do(t)
		}
	}
}

// attach makes t follow st.
func (s *shard) attach(t *tile, st *gateway.Stream) {
	f := s.tiles[st]
	if f == nil {
		f = &followers{has: map[*tile]bool{}}
		s.tiles[st] = f
		st.Watch(s)
	}
	if !f.has[t] {
		f.has[t], f.all = true, append(slices.Clip(f.all), t)
	}
	if t.ear != nil {
		t.ear.turnTo(st.Sounds())
	}
}

// detach ends what attach began.
func (s *shard) detach(t *tile, st *gateway.Stream) {
	f := s.tiles[st]
	if f != nil && f.has[t] {
		delete(f.has, t)
		f.all = slices.DeleteFunc(slices.Clone(f.all), func(o *tile) bool { return o == t })
	}
	delete(s.behind, t)
	if t.ear != nil && !t.shares(st) {
		t.ear.turnFrom(st.Sounds())
	}
	if f == nil || len(f.all) == 0 {
		delete(s.tiles, st)
		st.Unwatch(s)
	}
}

// nearTiles is how many tiles near is for: of more, the first would be gone again.
const nearTiles = 16

// near looks at what the sending to each tile will look at. Since the last picture
// that has left the caches, and to wait for it tile by tile, ten times each, was a
// tenth of what a packet costs: here the processor waits for all tiles at once. What
// it returns is for the compiler not to leave it out.
func near(tiles []*tile) (n int) {
	for _, t := range tiles {
		n += t.piece + int(t.stamp.at) + int(t.packets) + len(t.told.Phase) + len(t.told.Cause) + int(t.out.ssrc) + int(t.history.next) + t.sent.n + int(t.sent.octets) +
			t.repairs.spent + t.burstPace
	}
	for _, t := range tiles {
		n += t.peer.pace + int(t.sent.spans[t.sent.newest()].from)
	}
	for _, t := range tiles {
		if s := t.peer.path.seal; s != nil {
			n += int(s.nonce[0]) + s.aead.NonceSize()
		}
	}
	return n
}
