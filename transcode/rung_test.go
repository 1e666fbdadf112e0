package transcode

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/rtsp"
	"matthan/gateway/simulate"
	"matthan/gateway/video"
)

// plant is simulated cameras behind a real Hub that makes rungs of them.
type plant struct {
	*rig
	rungs     *Rungs
	inventory *changing
}

// changing is an inventory whose cameras can be changed.
type changing struct {
	mu      sync.Mutex
	list    *gateway.List
	changed chan struct{}
}

func (c *changing) now() *gateway.List { c.mu.Lock(); defer c.mu.Unlock(); return c.list }
func (c *changing) Camera(id gateway.CameraID) (gateway.Camera, error) {
	return c.now().Camera(id)
}
func (c *changing) Cameras() []gateway.Camera { return c.now().Cameras() }
func (c *changing) Areas() []gateway.Area     { return c.now().Areas() }
func (c *changing) Changed() <-chan struct{}  { c.mu.Lock(); defer c.mu.Unlock(); return c.changed }

// set replaces the cameras.
func (c *changing) set(t testing.TB, cameras []gateway.Camera) {
	t.Helper()
	list, err := gateway.NewList([]gateway.Area{{ID: "ward", Name: "Phường"}}, cameras)
	if err != nil {
		t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = list
	if c.changed != nil {
		close(c.changed)
	}
	c.changed = make(chan struct{})
}

func newPlant(t testing.TB, cameras int, cfg RungsConfig, change func(i int, c *gateway.Camera)) *plant {
	t.Helper()
	server, err := simulate.Start(simulate.Options{Cameras: cameras, StartWithKey: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close(); _ = server.Wait() })
	p := &plant{rig: &rig{t: t, cameras: server}, inventory: &changing{}}
	for i := range cameras {
		c := gateway.Camera{ID: gateway.CameraID(fmt.Sprint("cam", i)), Name: "x", Area: "ward", Kind: gateway.Public,
			Main: server.URL(i, simulate.Main), Sub: server.URL(i, simulate.Sub), Transport: gateway.TCP}
		if change != nil {
			change(i, &c)
		}
		p.list = append(p.list, c)
	}
	p.inventory.set(t, p.list)
	log := slog.New(slog.DiscardHandler)
	if testing.Verbose() {
		log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	p.hub = gateway.NewHub(p.inventory, gateway.Limits{Linger: 100 * time.Millisecond}, log, func(c gateway.Camera, q gateway.Quality) (gateway.Source, error) {
		p.dialled.Add(1)
		return rtsp.New(rtsp.Config{URL: c.URL(q), Transport: c.Transport, Log: log})
	})
	if cfg.FFmpeg == "" {
		cfg.FFmpeg = "ffmpeg"
	}
	p.rungs = NewRungs(cfg, p.hub, log)
	p.hub.Rungs = p.rungs
	p.stills = New(quick(), p.hub, log)
	p.run(p.hub.Run)
	p.run(p.stills.Run)
	p.run(func(ctx context.Context) error { p.rungs.Run(ctx); return nil })
	return p
}

// watched is a stream that somebody looks at, and all that came of it.
type watched struct {
	t      testing.TB
	stream *gateway.Stream
	news   news
	pos    uint64
	leave  func()
}

func (p *plant) watch(t testing.TB, camera int, q gateway.Quality) *watched {
	t.Helper()
	return p.watchMarked(t, camera, q, "")
}

func (p *plant) watchMarked(t testing.TB, camera int, q gateway.Quality, mark string) *watched {
	t.Helper()
	s, release, err := p.hub.Open(gateway.StreamID{Camera: p.list[camera].ID, Quality: q, Mark: mark})
	if err != nil {
		t.Fatal(err)
	}
	w := &watched{t: t, stream: s, news: make(news, 1)}
	s.Watch(w.news)
	w.leave = sync.OnceFunc(func() { s.Unwatch(w.news); release() })
	t.Cleanup(w.leave)
	return w
}

// take waits for n pictures that follow those before, from a key picture on.
func (w *watched) take(n int) (aus []*video.AccessUnit) {
	w.t.Helper()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for len(aus) < n {
		next, ok := w.stream.After(w.pos)
		if w.pos == 0 || !ok || len(aus) == 0 {
			if gop := w.stream.GOP(); len(gop) > 0 && gop[0].Number > w.pos {
				next, aus = gop, nil
			} else if len(aus) == 0 {
				next = nil
			}
		}
		if len(next) > 0 {
			aus = append(aus, next...)
			w.pos = aus[len(aus)-1].Number
			continue
		}
		select {
		case <-w.news:
		case <-timeout.C:
			w.t.Fatalf("%d of %d pictures came; %+v", len(aus), n, w.stream.State())
		}
	}
	return aus
}

// frames decodes pictures, as a viewer does, to their luma.
func frames(t testing.TB, aus []*video.AccessUnit) (all [][]byte, w, h int) {
	t.Helper()
	var in []byte
	for _, au := range aus {
		in = unitOf(in, au)
	}
	f := aus[0].Format
	cmd := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-r", "25", "-f", "h264", "-i", "pipe:0", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1")
	var said bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &said
	out, err := cmd.Output()
	if err != nil || said.Len() > 0 {
		t.Fatalf("what was made cannot be decoded: %v %s", err, said.String())
	}
	for size := f.Width * f.Height; len(out) >= size; out = out[size:] {
		all = append(all, out[:size])
	}
	if len(all) != len(aus) {
		t.Fatalf("%d pictures of %d", len(all), len(aus))
	}
	return all, f.Width, f.Height
}

func TestARungShowsTheCameraWithItsTimes(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	for q, size := range map[gateway.Quality][2]int{gateway.Full: {1280, 720}, gateway.Low: {640, 360}} {
		t.Run(string(q), func(t *testing.T) {
			t.Parallel()
			p := newPlant(t, 2, RungsConfig{Most: 10}, func(_ int, c *gateway.Camera) { c.Sub = "" })
			own := p.watch(t, 1, gateway.Main)
			own.take(1)
			w := p.watch(t, 1, q)
			aus := w.take(10)
			pictures, width, height := frames(t, aus)
			if width != size[0] || height != size[1] {
				t.Errorf("%dx%d", width, height)
			}
			was := map[int64]*video.AccessUnit{}
			for _, au := range own.stream.GOP() {
				was[au.PTS] = au
			}
			scene := p.cameras.Cameras()[1].Scene
			before := -1
			for i, au := range aus {
				in := was[au.PTS]
				if in == nil || !in.Captured.Equal(au.Captured) || in.Clock != au.Clock || !in.Arrived.Equal(au.Arrived) || au.Codec != video.H264 {
					t.Fatalf("picture %d is none of the camera's: %+v", i, au)
				}
				is, number, ok := simulate.ReadCode(pictures[i], width, width, height)
				if !ok || is != scene || before >= 0 && number != (before+1)%300 {
					t.Errorf("picture %d shows scene %d, number %d after %d, %v", i, is, number, before, ok)
				}
				before = number
			}
			if aus[0].Format.Reorder || aus[0].Format.Profile>>16 != 66 {
				t.Errorf("%+v", aus[0].Format)
			}
			if n := p.dialled.Load(); n != 1 {
				t.Errorf("the camera was dialled %d times", n)
			}
			if n := p.hub.Pulls(); n != 1 {
				t.Errorf("%d pulls are counted", n)
			}
			w.leave()
			until(t, "its process ends", func() bool { f := p.rungs.Figures(); return f.Running == 0 && f.Cost == 0 })
		})
	}
}

func TestARungIsMadeOnceForAllItsViewers(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	p := newPlant(t, 1, RungsConfig{Most: 10}, nil)
	var all []*watched
	for range 5 {
		all = append(all, p.watch(t, 0, gateway.Low))
	}
	for _, w := range all {
		if w.take(2); w.stream != all[0].stream {
			t.Error("another stream")
		}
	}
	if f := p.rungs.Figures(); f.Started != 1 || f.Running != 1 || f.Encoder != EncoderSoftware || f.Cost <= 0 {
		t.Errorf("%+v", f)
	}
	if n := p.dialled.Load(); n != 1 { // the small one
		t.Errorf("the camera was dialled %d times", n)
	}
}

func TestAKilledRungComesBackAndItsViewersStay(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	p := newPlant(t, 1, RungsConfig{Most: 10}, nil)
	w := p.watch(t, 0, gateway.Full)
	w.take(1)
	for i := range 3 {
		p.rungs.mu.Lock()
		for pid := range p.rungs.running {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		p.rungs.mu.Unlock()
		until(t, "another process runs", func() bool { return p.rungs.Figures().Started == i+2 })
		aus := w.take(5)
		if !aus[0].Key {
			t.Error("it does not begin with a key picture")
		}
		frames(t, aus)
	}
	if f := p.rungs.Figures(); f.Failed != 3 {
		t.Errorf("%+v", f)
	}
}

func TestWithoutFFmpegARungIsRefusedAndTheCameraIsShown(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]RungsConfig{"none": {FFmpeg: "no-such-program-anywhere"}, "off": {Most: -1}} {
		p := newPlant(t, 1, cfg, nil)
		if _, _, err := p.hub.Open(gateway.StreamID{Camera: "cam0", Quality: gateway.Full}); !errors.Is(err, gateway.ErrNoRungs) {
			t.Errorf("%s: %v", name, err)
		}
		p.watch(t, 0, gateway.Main).take(1)
	}
}

func TestARungOfACameraThatIsGoneSaysWhy(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	p := newPlant(t, 1, RungsConfig{Most: 10}, func(_ int, c *gateway.Camera) { c.Main = "rtsp://127.0.0.1:1/"; c.Sub = "" })
	w := p.watch(t, 0, gateway.Full)
	until(t, "it says why", func() bool {
		st := w.stream.State()
		return st.Phase == gateway.Offline && st.Cause == gateway.CauseUnreachable
	})
	if f := p.rungs.Figures(); f.Started != 0 || f.Failed != 0 {
		t.Errorf("%+v", f)
	}
}
