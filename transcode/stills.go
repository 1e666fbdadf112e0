package transcode

import (
	"context"
	"fmt"
	"log/slog"
	"os/exec"
	"slices"
	"sync"
	"time"

	"matthan/gateway"
)

// Config says how stills are made.
type Config struct {
	FFmpeg    string        // the program, by name or path; "": there are no stills
	Workers   int           // processes at once; each takes a core for a moment
	PerSecond int           // stills that are begun, and pulls that are begun for them, each second
	Every     time.Duration // least time between two stills of one camera in one size
	Bytes     int           // of JPEGs that are kept
}

// Bounds beside those that are configured.
const (
	maxWaiting    = 64               // stills at once that are waited for
	maxOfOne      = 16               // of them of one person
	maxGlances    = 8                // pulls at once of cameras that nobody watches
	pictureWithin = 8 * time.Second  // for the first key picture of such a pull: GOPs of 4 s are usual, some take longer
	madeWithin    = 14 * time.Second // from asking to a still, all waits together
	againAfter    = 30 * time.Second // a camera that gave none, or a picture that ffmpeg would not take
	sweepEvery    = 10 * time.Second
)

// Stills makes stills and keeps the last ones.
type Stills struct {
	hub     *gateway.Hub
	log     *slog.Logger
	cfg     Config
	program program // without a path: none

	started chan *task    // to Run, which owns the goroutines
	ended   chan struct{} // closed when Run has
	workers chan struct{} // holds one for each process
	glances chan struct{} // likewise, for each pull
	begin   pace          // of processes
	look    pace          // of pulls

	mu      sync.Mutex
	tasks   map[key]*task
	running int // tasks, also those that nobody waits for any more
	shelf   shelf
	payers  payers
}

// key is what is made once at a time.
type key struct {
	camera gateway.CameraID
	width  int
}

// New makes it; nothing is made before Run. A program that cannot be found is no
// error: stills are worth having, and no condition for watching.
func New(cfg Config, hub *gateway.Hub, log *slog.Logger) *Stills {
	s := &Stills{hub: hub, log: log, cfg: cfg, started: make(chan *task), ended: make(chan struct{}),
		workers: make(chan struct{}, max(1, cfg.Workers)), glances: make(chan struct{}, maxGlances),
		tasks: map[key]*task{}, shelf: newShelf(cfg.Bytes), payers: payers{}}
	s.program.within = ranWithin
	s.begin.every = time.Second / time.Duration(max(1, cfg.PerSecond))
	s.look.every = s.begin.every
	if cfg.FFmpeg == "" {
		return s
	}
	path, err := exec.LookPath(cfg.FFmpeg)
	if err != nil {
		log.Warn("there are no stills: install ffmpeg, or name it under stills in the configuration", "err", err)
		return s
	}
	s.program.path = path
	return s
}

// Run makes what Still asks for until ctx ends, and waits for all of it.
func (s *Stills) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	defer close(s.ended)
	sweep := time.NewTicker(sweepEvery)
	defer sweep.Stop()
	for {
		select {
		case t := <-s.started:
			wg.Go(func() { s.do(ctx, t) })
		case now := <-sweep.C:
			s.mu.Lock()
			s.shelf.sweep(now)
			s.payers.sweep(now)
			s.mu.Unlock()
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// Still is the newest still of a camera that can be had, of at most width
// pixels, one of gateway.StillWidths, for one who may see it. It waits for it until
// ctx ends. lent says that the camera is a citizen's: its stills are kept for a
// moment only.
//
// Where the camera gives no picture, or too much is asked, it is the last one that
// is kept, however old. Without one the error is one of gateway's, or ctx's.
func (s *Stills) Still(ctx context.Context, who string, cam gateway.Camera, width int, lent bool) (gateway.Still, error) {
	if s.program.path == "" {
		return gateway.Still{}, gateway.ErrNoStills
	}
	if !slices.Contains(gateway.StillWidths[:], width) {
		return gateway.Still{}, fmt.Errorf("a still of %d pixels: ask for one of %v", width, gateway.StillWidths)
	}
	t, err := s.join(ctx, &task{key: key{cam.ID, width}, camera: cam, lent: lent, who: who}, time.Now())
	if err == nil {
		defer s.leave(t)
		select {
		case <-t.done:
			if err = t.err; err == nil {
				return t.still, nil
			}
		case <-ctx.Done():
			return gateway.Still{}, context.Cause(ctx)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if k := s.shelf.of(cam, width); k != nil && k.fits(lent, s.cfg.Every, time.Now()) {
		return k.still, nil
	}
	return gateway.Still{}, err
}

// Forget drops what is kept of a camera that may not be seen any more.
func (s *Stills) Forget(camera gateway.CameraID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, width := range gateway.StillWidths {
		s.shelf.drop(key{camera, width})
	}
}

// Kept is the number of bytes of JPEGs in memory.
func (s *Stills) Kept() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shelf.bytes
}
