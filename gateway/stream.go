package gateway

import (
	"sort"
	"sync"
	"time"

	"matthan/gateway/video"
)

// Phase is the coarse state of a stream.
type Phase string

const (
	Opening Phase = "opening" // being reached, or its first key picture is awaited
	Live    Phase = "live"    // pictures come
	Offline Phase = "offline" // none come; the Hub goes on trying
)

// State is what a stream's viewers are told.
type State struct {
	Phase Phase
	Since time.Time // since when it is in this phase; offline: the last picture's arrival, or the first try
	Cause Cause     // offline: why
	Retry time.Time // offline: the next try; zero while one is running
}

// Watcher is told that a stream has news: access units or another state. Wake
// is called with the stream unlocked and must not block.
type Watcher interface{ Wake(*Stream) }

// Patient is a Watcher that sends nothing to a viewer itself. It is woken when all
// others have been: what it begins takes a core that they may need.
type Patient interface {
	Watcher
	Patient()
}

// Tail of the GOP before the current one that is kept, so that a viewer which
// is a little late at a key picture, or asks for a packet again, still finds
// it: 1.5 s covers the round trips of a bad mobile link.
const tailDuration = 1500 * time.Millisecond

// Stream is one encoding of one camera, as its Source publishes it.
type Stream struct {
	id       StreamID
	maxBytes int

	mu       sync.Mutex
	kept     []*video.AccessUnit // by Number, without gaps; never written in place, so that readers may hold parts of it
	key      int                 // index in kept of the newest key picture, -1: none
	bytes    int                 // of kept
	last     uint64              // Number of the newest access unit
	packets  uint64              // payloads so far
	shift    int64               // added to the camera's PTS
	prev     *video.AccessUnit   // newest, for rebasing
	rawPTS   int64               // of prev, before shift
	broken   bool                // what comes cannot be decoded before the next key picture
	state    State
	watchers map[Watcher]int
	list     []Watcher // the keys of watchers; replaced, never written in place
	lost     uint64
	octets   uint64 // bytes of payload so far
	freezes  uint64
	froze    Freeze // the last one
	quirky   Quirky // its source, where that is one
	mute     bool   // what is published is dropped
	over     bool   // likewise, for ever

	sounds *Sounds // with a lock of its own
}

// NewStream makes a stream that keeps at most maxBytes of its current GOP.
func NewStream(id StreamID, maxBytes int, now time.Time) *Stream {
	return &Stream{id: id, maxBytes: maxBytes, key: -1, broken: true, sounds: &Sounds{},
		state: State{Phase: Opening, Since: now}, watchers: map[Watcher]int{}}
}

// ID names the stream.
func (s *Stream) ID() StreamID { return s.id }

// Publish appends au, which the caller must not touch again, and wakes the
// watchers. It never waits for them. Until the first key picture, and after
// Break, access units that are not key pictures are dropped: nobody could
// decode them.
func (s *Stream) Publish(au *video.AccessUnit) {
	for _, w := range s.append(au) {
		w.Wake(s)
	}
}

// append is Publish but for the waking of the watchers that it returns. A panic
// in it leaves the stream unlocked: who pulls the camera lives on, and so do
// those who look at its stream.
func (s *Stream) append(au *video.AccessUnit) []Watcher {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lost += uint64(au.Lost)
	if s.broken && !au.Key || s.mute || s.over {
		return nil
	}
	if !s.broken {
		s.gap(au)
	}
	raw := au.PTS
	s.shift = rebase(s.shift, s.prev, s.rawPTS, au)
	s.rawPTS = raw
	au.PTS += s.shift
	s.last++
	au.Number, au.First = s.last, s.packets
	s.packets += uint64(len(au.Payloads))
	s.prev, s.broken = au, false
	s.keep(au)
	if s.state.Phase != Live {
		s.state = State{Phase: Live, Since: au.Arrived}
	}
	return s.list
}

// maxReorder is how far PTS may go back for a B-frame, which is shown before a
// picture that was decoded before it: 1 s. H.264 keeps 16 pictures at most.
const maxReorder = 90000

// rebase returns what to add to the camera's PTS so that PTS runs on with
// arrival: over a reconnect, or when the camera's RTP clock jumps by 2 s or more.
// Pictures come in decoding order (RFC 6184 section 5.1): with B-frames PTS goes
// back from one to the next.
func rebase(shift int64, prev *video.AccessUnit, rawPrev int64, au *video.AccessUnit) int64 {
	if prev == nil {
		return shift
	}
	elapsed := int64(au.Arrived.Sub(prev.Arrived).Seconds() * 90000)
	after := rawPrev
	if au.Format != nil && au.Format.Reorder {
		after -= maxReorder
	}
	if d := au.PTS - rawPrev - elapsed; d > -180000 && d < 180000 && au.PTS > after {
		return shift
	}
	return prev.PTS + max(elapsed, 1) - au.PTS
}

// keep appends au and drops what is no longer needed. The lock is held.
func (s *Stream) keep(au *video.AccessUnit) {
	size := au.Size()
	s.octets += uint64(size)
	switch {
	case au.Key:
		from := sort.Search(len(s.kept), func(i int) bool { return au.Arrived.Sub(s.kept[i].Arrived) <= tailDuration })
		s.drop(from)
		s.key = len(s.kept)
	case s.bytes+size > s.maxBytes && s.key >= 0:
		// A GOP over its bound is given up as a start; the newest half stays for
		// those who follow live.
		half := s.bytes
		from := 0
		for ; from < len(s.kept) && half > s.maxBytes/2; from++ {
			half -= s.kept[from].Size()
		}
		s.drop(from)
	case s.bytes+size > s.maxBytes:
		s.drop(len(s.kept) / 2)
	}
	s.kept = append(s.kept, au)
	s.bytes += size
}

// drop forgets the first n access units kept. The lock is held.
func (s *Stream) drop(n int) {
	for _, au := range s.kept[:n] {
		s.bytes -= au.Size()
	}
	s.kept = append(make([]*video.AccessUnit, 0, len(s.kept)-n+64), s.kept[n:]...)
	if s.key -= n; s.key < 0 {
		s.key = -1
	}
}

// Break says that what is published next does not follow what was published
// before: a source ended. Viewers wait for the next key picture.
func (s *Stream) Break() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken, s.key = true, -1
}

// SetState changes the state and wakes the watchers.
func (s *Stream) SetState(st State) {
	s.mu.Lock()
	if !s.over {
		s.state = st
	}
	list := s.list
	s.mu.Unlock()
	for _, w := range list {
		w.Wake(s)
	}
}

// from says which source publishes from now on.
func (s *Stream) from(src Source) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quirky, _ = src.(Quirky)
}

// State is the current state.
func (s *Stream) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// Watch makes w a watcher; each Watch wants an Unwatch.
func (s *Stream) Watch(w Watcher) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers[w]++
	s.order()
}

// order lists the watchers as they are woken. The lock is held.
func (s *Stream) order() {
	var first, last []Watcher
	for w := range s.watchers {
		if _, ok := w.(Patient); ok {
			last = append(last, w)
		} else {
			first = append(first, w)
		}
	}
	s.list = append(first, last...)
}

// Unwatch takes one Watch back. A Wake that is under way may still come.
func (s *Stream) Unwatch(w Watcher) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.watchers[w]--; s.watchers[w] <= 0 {
		delete(s.watchers, w)
		s.order()
	}
}

// GOP returns the newest key picture and all that followed it, nil where a
// start is not possible before the next key picture. The slice is read-only.
func (s *Stream) GOP() []*video.AccessUnit {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.key < 0 {
		return nil
	}
	return s.kept[s.key:len(s.kept):len(s.kept)]
}

// After returns the access units that follow number, none where it is the
// newest. ok is false where the next one is no longer kept, or cannot be
// decoded by one who has seen number; the reader goes on with GOP. The slice is
// read-only.
func (s *Stream) After(number uint64) (aus []*video.AccessUnit, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if number >= s.last {
		return nil, number == s.last
	}
	i := len(s.kept) - int(s.last-number)
	if i < 0 {
		return nil, false
	}
	return s.kept[i:len(s.kept):len(s.kept)], true
}

// Packet returns the access unit that holds the stream's payload number n and
// the payload's index in it, nil where it is no longer kept.
func (s *Stream) Packet(n uint64) (au *video.AccessUnit, index int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := sort.Search(len(s.kept), func(i int) bool { return s.kept[i].First > n }) - 1
	if i < 0 || n-s.kept[i].First >= uint64(len(s.kept[i].Payloads)) {
		return nil, 0
	}
	return s.kept[i], int(n - s.kept[i].First)
}

// Format is that of the newest access unit, nil before the first key picture.
// It outlives the source: while the camera is away it is what it showed last.
func (s *Stream) Format() *video.Format {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.prev == nil {
		return nil
	}
	return s.prev.Format
}

// Lost counts the packets lost on the way from the camera so far.
func (s *Stream) Lost() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lost
}

// Kept is the number of bytes of payload in memory.
func (s *Stream) Kept() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes
}
