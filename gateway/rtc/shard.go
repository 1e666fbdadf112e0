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

// shard owns a part of the tiles and sends to them. Its goroutine alone
// touches them, so they need no locks.
type shard struct {
	wakeup chan struct{} // capacity 1
	out    *egress

	mu    sync.Mutex
	todo  []func(now time.Time)
	news  []*gateway.Stream // streams with news, each once
	isNew map[*gateway.Stream]bool
	load  int // tiles of its peers; under Gateway.mu

	tiles  map[*gateway.Stream]map[*tile]bool
	behind map[*tile]bool // with a backlog to send, paced
}

func newShard(out *egress) *shard {
	return &shard{out: out, wakeup: make(chan struct{}, 1), isNew: map[*gateway.Stream]bool{},
		tiles: map[*gateway.Stream]map[*tile]bool{}, behind: map[*tile]bool{}}
}

// Wake implements gateway.Watcher.
func (s *shard) Wake(st *gateway.Stream) {
	s.mu.Lock()
	if !s.isNew[st] {
		s.isNew[st] = true
		s.news = append(s.news, st)
	}
	s.mu.Unlock()
	s.signal()
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
	defer s.out.close()
	for {
		s.out.flush()
		if len(s.behind) > 0 {
			timer.Reset(pace)
		}
		select {
		case <-s.wakeup:
			s.work()
		case <-timer.C:
		case now := <-tick.C:
			for _, tiles := range s.tiles {
				for t := range tiles {
					t.everySecond(now)
				}
			}
		case <-ctx.Done():
			s.work() // what was asked before the end, such as releases
			return
		}
		now := time.Now()
		for t := range s.behind {
			t.advance(now)
		}
	}
}

// work takes and does what is pending.
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
}

// detach ends what attach began.
func (s *shard) detach(t *tile, st *gateway.Stream) {
	delete(s.tiles[st], t)
	delete(s.behind, t)
	if len(s.tiles[st]) == 0 {
		delete(s.tiles, st)
		st.Unwatch(s)
	}
}
