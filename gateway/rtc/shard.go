package rtc

import (
	"context"
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
	out     *egress
	tiles   map[*gateway.Stream]map[*tile]bool
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
		tiles: map[*gateway.Stream]map[*tile]bool{}, behind: map[*tile]bool{}, probing: map[*Peer]bool{},
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
	tiles := s.tiles[st]
	if len(tiles) == 0 || len(tiles) > s.inline {
		return false
	}
	now, state := time.Now(), st.State()
	done = true
	for t := range tiles {
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
	for _, tiles := range s.tiles {
		for t := range tiles {
			t.everySecond(now)
		}
	}
	for _, tiles := range s.tiles {
		for t := range tiles {
			t.peer.second(now) // which may take tiles away
		}
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
		now := time.Now()
		for t := range s.tiles[st] {
			t.news(now)
		}
	}
}

// attach makes t follow st.
func (s *shard) attach(t *tile, st *gateway.Stream) {
	if s.tiles[st] == nil {
		s.tiles[st] = map[*tile]bool{}
		st.Watch(s)
	}
	s.tiles[st][t] = true
	if t.ear != nil {
		t.ear.turnTo(st.Sounds())
	}
}

// detach ends what attach began.
func (s *shard) detach(t *tile, st *gateway.Stream) {
	delete(s.tiles[st], t)
	delete(s.behind, t)
	if t.ear != nil && !t.shares(st) {
		t.ear.turnFrom(st.Sounds())
	}
	if len(s.tiles[st]) == 0 {
		delete(s.tiles, st)
		st.Unwatch(s)
	}
}
