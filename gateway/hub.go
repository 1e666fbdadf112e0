package gateway

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"matthan/gateway/video"
)

// SilentAfter is how long a connected camera may give no access unit before
// its source is ended as hung.
const SilentAfter = 5 * time.Second

// FirstWithin is how long a source may take to its first access unit, with all
// answers of a slow camera: old recorders need 3 s for each of five.
const FirstWithin = 20 * time.Second

// KeyWithin is how long a source may give pictures and no key picture, without
// which nobody can decode them, before it is started again: of some cameras the
// encoder hangs so, and others begin a new connection with one.
const KeyWithin = time.Minute

// Source produces the access units of one stream. Run connects once, calls
// publish from one goroutine, and returns when ctx ends or the camera does; its
// error carries a Cause.
type Source interface {
	Run(ctx context.Context, publish func(*video.AccessUnit)) error
}

// Limits bound what a Hub holds. Zero values mean the defaults below.
type Limits struct {
	Pulls        int           // streams pulled at once; default 4096
	PullsPerHost int           // of them from one host, as recorders allow few; default 64
	BitsPerHost  int           // a second, from one host; default 0: not bounded
	GOPBytes     int           // payload bytes kept of one stream; default 16 MiB
	Linger       time.Duration // how long a stream goes on after its last viewer; default 15 s

	Hosts map[string]HostLimit // of single hosts, by HostOf, in place of the above
}

func (l Limits) withDefaults() Limits {
	def := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&l.Pulls, 4096)
	def(&l.PullsPerHost, 64)
	def(&l.GOPBytes, 16<<20)
	if l.Linger <= 0 {
		l.Linger = 15 * time.Second
	}
	return l
}

// Hub runs one source per stream that somebody watches, and keeps trying.
type Hub struct {
	// Rungs makes the streams that no camera has; nil: there are none. It is set
	// before Run.
	Rungs Rungs
	// AskKey asks a camera that plays for a key picture; nil: none is asked. Its
	// error is told to nobody but a log: the next key picture comes by itself.
	AskKey func(context.Context, Camera, Quality) error

	// Speech makes what viewers hear out of AAC; nil: it is not heard.
	Speech Speech

	inventory Inventory
	newSource func(Camera, Quality) (Source, error)
	limits    Limits
	log       *slog.Logger

	started chan *pull // to Run, which owns the goroutines
	done    chan struct{}

	mu     sync.Mutex
	pulls  map[StreamID]*pull
	seen   map[CameraID]State   // the last thing known of each camera; bounded by the inventory
	sounds map[StreamID]*Sounds // of own streams that were opened; likewise
	said   map[string]hostSaid  // by host, of the last saidFor
	visits map[string]int       // by host: examinations
	gate   loginGate
	diary  *diary
}

var (
	errUnwatched = errors.New("nobody watches any more")
	errChanged   = errors.New("the camera is reached in another way now")
	errBusy      = errors.New("another login is being tried at this host")
	// ErrClosed is the answer of a Hub whose Run has ended.
	ErrClosed = errors.New("the gateway is stopping")
)

// NewHub makes a hub; nothing is pulled before Run.
func NewHub(inv Inventory, limits Limits, log *slog.Logger, newSource func(Camera, Quality) (Source, error)) *Hub {
	return &Hub{inventory: inv, newSource: newSource, limits: limits.withDefaults(), log: log,
		started: make(chan *pull), done: make(chan struct{}),
		pulls: map[StreamID]*pull{}, seen: map[CameraID]State{}, sounds: map[StreamID]*Sounds{}, said: map[string]hostSaid{}, visits: map[string]int{}, gate: loginGate{}, diary: newDiary(time.Now())}
}

// Run pulls what Open asks for until ctx ends, and waits for all of it.
func (h *Hub) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	defer close(h.done)
	wg.Go(func() { h.keepWarm(ctx) })
	wg.Go(func() { h.keepDiary(ctx) })
	for {
		select {
		case p := <-h.started:
			wg.Go(func() { h.keep(ctx, p) })
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// keepWarm holds the cameras that are to be pulled always, and follows the
// inventory.
func (h *Hub) keepWarm(ctx context.Context) {
	type warm struct {
		id     StreamID
		behind bool // its masks: those who watch it before and after are not the same
	}
	held := map[warm]func(){}
	defer func() {
		for _, release := range held {
			release()
		}
	}()
	changed := h.inventory.Changed()
	for {
		want := map[warm]bool{}
		for _, c := range h.inventory.Cameras() {
			if id := (warm{StreamID{Camera: c.ID, Quality: Main}, c.Drawn()}); c.KeepWarm {
				want[id] = true
				if held[id] == nil {
					if _, release, err := h.open(id.id, rankNobody, h.limits.Linger, id.behind); err == nil {
						held[id] = release
					}
				}
			}
		}
		for id, release := range held {
			if !want[id] {
				release()
				delete(held, id)
			}
		}
		select {
		case <-changed:
			changed = h.inventory.Changed() // before looking, so that no change is missed
			h.inventoryChanged()
		case <-ctx.Done():
			return
		}
	}
}

// inventoryChanged restarts the sources of cameras that are dialled in another
// way now, and lets them try their logins, which may have been corrected. All
// others go on: a change of one camera interrupts no other's picture. Of a camera
// that has other masks now nothing is kept of what was made with those before.
func (h *Hub) inventoryChanged() {
	var ended []*Stream
	defer func() {
		for _, s := range ended { // not with the lock held: a watcher may ask the Hub
			s.wake()
		}
	}()
	h.mu.Lock()
	defer h.mu.Unlock()
	for id, p := range h.pulls {
		cam, err := h.inventory.Camera(id.Camera)
		if err == nil && !p.fits(cam) {
			h.endMasked(p)
			ended = append(ended, p.stream)
			continue
		}
		var next dial
		if err == nil {
			next = cam.dial(id.Quality)
		}
		if next == p.dialled {
			continue
		}
		if id.Quality.Own() {
			h.gate.forget(p.host)
			h.gate.forget(HostOf(next.url))
		} else {
			p.stream.withhold()
		}
		if p.stale = true; p.restart != nil {
			p.restart(errChanged)
		}
		p.wake()
	}
	for id := range h.seen {
		if _, err := h.inventory.Camera(id); err != nil {
			delete(h.seen, id)
			h.diary.drop(id)
		}
	}
	for id := range h.sounds {
		if _, err := h.inventory.Camera(id.Camera); err != nil {
			delete(h.sounds, id)
		}
	}
}

// Open returns the stream, pulled from now on until release is called (once;
// the pull lingers after that). It does not wait for the camera. ErrNotFound
// where there is no such camera or it has no such stream, ErrMasked where it is
// the own stream of a camera on whose pictures something is drawn, or a rung with a
// mark of one whose pictures carry none, or one without, ErrNoRungs where it is a
// rung and none are made here.
func (h *Hub) Open(id StreamID) (s *Stream, release func(), err error) {
	linger := h.limits.Linger
	if !id.Quality.Own() {
		linger = min(linger, rungLinger)
	}
	return h.open(id, rankViewer, linger, false)
}

// Warm is Open for nobody who looks yet: where the host gives no more, the stream
// gives way to one that somebody looks at.
func (h *Hub) Warm(id StreamID) (s *Stream, release func(), err error) {
	return h.open(id, rankNobody, h.limits.Linger, false)
}

// open is Open; the pull goes on for linger after the release. behind is for who
// may see what masks hide.
func (h *Hub) open(id StreamID, as rank, linger time.Duration, behind bool) (s *Stream, release func(), err error) {
	h.mu.Lock()
	cam, err := h.openable(id, behind) // with the lock, so that inventoryChanged looks later
	if err != nil {
		h.mu.Unlock()
		return nil, nil, err
	}
	p := h.pulls[id]
	if p != nil && !p.fits(cam) { // inventoryChanged is to come
		h.endMasked(p)
	}
	fresh := p == nil || p.cancelled()
	if fresh {
		next := &pull{stream: NewStream(id, h.limits.GOPBytes, time.Now()), host: HostOf(cam.URL(id.Quality)), behind: id.Quality.Own() && cam.Drawn(),
			kick: make(chan struct{}, 1), gone: make(chan struct{})}
		if p != nil {
			next.after = p.gone
		}
		next.stream.sounds = h.soundsOf(cam, id.Quality)
		p = next
		h.pulls[id] = p
	}
	p.count(as, 1)
	if p.linger != nil {
		p.linger.Stop()
		p.linger = nil
	}
	p.wake()
	h.mu.Unlock()
	if fresh {
		select {
		case h.started <- p:
		case <-h.done:
			return nil, nil, ErrClosed
		}
	}
	var once sync.Once
	return p.stream, func() { once.Do(func() { h.release(p, as, linger) }) }, nil
}

func (h *Hub) release(p *pull, as rank, linger time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if until := time.Now().Add(linger); until.After(p.lingers) {
		p.lingers = until
	}
	if p.count(as, -1); p.users > 0 {
		return
	}
	var t *time.Timer
	t = time.AfterFunc(max(0, time.Until(p.lingers)), func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if p.linger != t {
			return // opened again
		}
		p.linger = nil
		if p.cancel != nil {
			p.cancel(errUnwatched)
		}
	})
	p.linger = t
}

// Health is what is known of a camera: its state when it was last pulled, the
// zero State where it never was.
func (h *Hub) Health(id CameraID) State {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.seen[id]
}

// Anew lets a camera's login be tried at its hosts although another one was
// refused there: somebody has just typed it.
func (h *Hub) Anew(c Camera) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.gate.forget(HostOf(c.Main))
	h.gate.forget(HostOf(c.Sub))
}

// Forget drops what is known of a camera that is no more.
func (h *Hub) Forget(id CameraID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.seen, id)
	h.diary.drop(id)
}

// Pulls is the number of cameras' own streams that are pulled or being tried.
func (h *Hub) Pulls() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for id := range h.pulls {
		if id.Quality.Own() {
			n++
		}
	}
	return n
}
