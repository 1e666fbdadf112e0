package transcode

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"matthan/gateway"
	"matthan/gateway/video"
)

// RungsConfig says how rungs are made.
type RungsConfig struct {
	FFmpeg  string // the program, by name or path; "": there are no rungs
	Most    int    // rungs of 1280x720 with 25 pictures a second, or what costs as much; 0: by the machine's cores, under 0: none
	Encoder string // one of Encoders; "": EncoderAuto
	Device  string // of VAAPI and QSV; "": /dev/dri/renderD128
}

// unitsPerCore leaves half of a machine to all else: a unit takes a fifth of a core.
const unitsPerCore = 2.5

// testWithin bounds the test of an encoder.
const testWithin = 10 * time.Second

// Rungs makes streams out of others that are pulled. It implements gateway.Rungs.
type Rungs struct {
	hub  *gateway.Hub
	log  *slog.Logger
	cfg  RungsConfig
	path string // of the program; "": none
	room *room

	tested  chan struct{} // closed when encoder and broken are
	encoder encoder
	broken  error // why none can be made

	started, failed, refused atomic.Int64
	used                     atomic.Int64 // ns of CPU of those that have ended
	mu                       sync.Mutex
	running                  map[int]bool                // by process
	weights                  map[gateway.StreamID]weight // of what had no room
}

// weight is what a rung would have cost when it had no room.
type weight struct {
	cost float64
	at   time.Time
}

// A rung that has no room is tried again and again while somebody waits for it. For
// weightHolds its camera is not pulled to find out what it costs.
const weightHolds = time.Minute

// hopeless says whether a rung was found to have no room, and would still have none.
func (r *Rungs) hopeless(id gateway.StreamID, masked bool, now time.Time) bool {
	r.mu.Lock()
	w, ok := r.weights[id]
	r.mu.Unlock()
	return ok && now.Sub(w.at) < weightHolds && r.room.full(w.cost, masked)
}

// weighed remembers what a rung costs that had no room.
func (r *Rungs) weighed(id gateway.StreamID, cost float64, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.weights, func(_ gateway.StreamID, w weight) bool { return now.Sub(w.at) >= weightHolds })
	r.weights[id] = weight{cost, now}
}

// NewRungs makes it; nothing is made before Run. A program that cannot be found is
// no error: all that needs no rung works without.
func NewRungs(cfg RungsConfig, hub *gateway.Hub, log *slog.Logger) *Rungs {
	if cfg.Most == 0 {
		cfg.Most = max(1, int(unitsPerCore*float64(runtime.GOMAXPROCS(0))))
	}
	if cfg.Encoder == "" {
		cfg.Encoder = EncoderAuto
	}
	if cfg.Device == "" {
		cfg.Device = "/dev/dri/renderD128"
	}
	r := &Rungs{hub: hub, log: log, cfg: cfg, room: newRoom(float64(cfg.Most)), tested: make(chan struct{}), running: map[int]bool{}, weights: map[gateway.StreamID]weight{}}
	if r.path, r.broken = cfg.find(); r.broken == nil {
		return r
	}
	if !cfg.off() {
		log.Warn("there are no rungs, and cameras with masks cannot be watched: install ffmpeg, or name it under transcode in the configuration", "err", r.broken)
	}
	close(r.tested)
	return r
}

// Possible says whether there is what rungs are made with, tried or not.
func (c RungsConfig) Possible() bool {
	_, err := c.find()
	return err == nil
}

func (c RungsConfig) off() bool { return c.FFmpeg == "" || c.Most < 0 }

func (c RungsConfig) find() (path string, err error) {
	if c.off() {
		return "", fmt.Errorf("%w: they are switched off", gateway.ErrNoRungs)
	}
	if path, err = exec.LookPath(c.FFmpeg); err != nil {
		return "", fmt.Errorf("%w: %v", gateway.ErrNoRungs, err)
	}
	return path, nil
}

// Run finds out which encoder works, and returns when ctx ends. Rungs are run by
// the Hub.
func (r *Rungs) Run(ctx context.Context) {
	if r.path == "" {
		return
	}
	r.test(ctx)
	close(r.tested)
	<-ctx.Done()
}

// test takes the first encoder that works.
func (r *Rungs) test(ctx context.Context) {
	for _, name := range order(r.cfg.Encoder) {
		e := encoderOf(name, r.cfg.Device)
		err := r.try(ctx, e)
		if err != nil && strings.Contains(err.Error(), strings.TrimPrefix(e.timing, "-")) {
			e.timing = timings[1]
			err = r.try(ctx, e)
		}
		if err == nil {
			r.encoder, r.broken = e, nil
			r.log.Info("rungs are encoded", "encoder", e.name, "most", r.cfg.Most)
			return
		}
		if ctx.Err() != nil {
			r.broken = gateway.ErrClosed
			return
		}
		if r.broken = err; name == r.cfg.Encoder || name == EncoderSoftware || !errors.Is(err, os.ErrNotExist) {
			r.log.Warn("an encoder does not work here", "encoder", name, "err", err)
		}
	}
	r.broken = fmt.Errorf("%w: no encoder works: %v", gateway.ErrNoRungs, r.broken)
	r.log.Error("there are no rungs, and cameras with masks cannot be watched: install an ffmpeg with libx264", "err", r.broken)
}

// try has an encoder encode two pictures, with all filters that a rung has.
func (r *Rungs) try(ctx context.Context, e encoder) error {
	if e.device != "" {
		if _, err := os.Stat(e.device); err != nil {
			return err
		}
	}
	const width, height = 320, 180
	p := plan{in: video.Format{Codec: video.H264, Width: width, Height: height}, rate: 25, width: width, height: height,
		masks: []gateway.Mask{{{X: 0, Y: 0}, {X: 0.5, Y: 0}, {X: 0, Y: 0.5}}}, mark: "ABC-1234"}
	args := append([]string{"-v", "error", "-nostdin", "-hide_banner"}, e.before...)
	args = append(args, "-protocol_whitelist", "pipe", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-video_size", fmt.Sprintf("%dx%d", width, height), "-i", "pipe:0",
		e.timing, "passthrough", "-enc_time_base", "1:1000", "-vf", p.filters(e))
	ctx, cancel := context.WithTimeout(ctx, testWithin)
	defer cancel()
	c, err := startChild(ctx, r.path, append(args, p.output(e)...), memoryOf(width, height))
	if err != nil {
		return err
	}
	defer c.wait()
	defer cancel()
	var fed sync.WaitGroup
	defer fed.Wait()
	fed.Go(func() {
		_, _ = c.in.Write(bytes.Repeat([]byte{128}, 2*width*height*3/2))
		_ = c.in.Close()
	})
	f := flv{r: bufio.NewReader(c.out)}
	picture, err := f.next()
	switch {
	case err != nil:
		cancel()
		<-c.ended
		return fmt.Errorf("%w: %v", err, c.err)
	case !picture.key || f.format.Width != width || f.format.Height != height:
		return errors.New("it makes other pictures than it is to")
	}
	return nil
}

// Can implements gateway.Rungs. While the encoder is tested they can.
func (r *Rungs) Can() error {
	select {
	case <-r.tested:
		return r.broken
	default:
		return nil
	}
}

// Rung implements gateway.Rungs.
func (r *Rungs) Rung(cam gateway.Camera, id gateway.StreamID) (gateway.Source, error) {
	if id.Quality.Own() {
		return nil, gateway.Fail(gateway.CauseInternal, fmt.Errorf("%s is no rung", id))
	}
	return &rung{rungs: r, camera: cam, id: id}, nil
}

// RungFigures are what rungs were made.
type RungFigures struct {
	Running, Started, Failed, Refused int
	Cost, Most                        float64 // of those that run, and may
	CPU                               time.Duration
	Encoder                           string // "" before it is known, and where none works
}

// Figures counts rungs since the beginning. CPU is that of all processes.
func (r *Rungs) Figures() RungFigures {
	f := RungFigures{Started: int(r.started.Load()), Failed: int(r.failed.Load()), Refused: int(r.refused.Load()), CPU: time.Duration(r.used.Load())}
	f.Cost, f.Most = r.room.load()
	select {
	case <-r.tested:
		f.Encoder = r.encoder.name
	default:
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	f.Running = len(r.running)
	for pid := range r.running {
		f.CPU += cpuOf(pid)
	}
	return f
}

// count counts a process in.
func (r *Rungs) count(c *child) {
	r.started.Add(1)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running[c.pid] = true
}

// discount counts a process out, that has ended.
func (r *Rungs) discount(c *child, used time.Duration) {
	r.used.Add(int64(used))
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.running, c.pid)
}

// coresPerUnit is what a unit of cost was measured to take; see docs/performance.md.
const coresPerUnit = 0.2

// Cores is about how many cores the rung in full size of a stream takes while it is
// made, 0 where that is not known.
func Cores(s gateway.StreamDay) float64 {
	if s.Width <= 0 || s.Height <= 0 {
		return 0
	}
	p := plan{in: video.Format{Width: s.Width, Height: s.Height}, rate: usualRate, width: s.Width, height: s.Height}
	if s.Codec == video.H265.String() {
		p.in.Codec = video.H265
	}
	if s.Pictures > 0 {
		p.rate = min(max(s.Pictures, leastRate), mostRate)
	}
	return p.cost() * coresPerUnit
}
