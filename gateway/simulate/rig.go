package simulate

import (
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"time"
)

// rigFiles are the clips that "node scenes/rig.mjs" encoded.
//
//go:embed rig/*.h264 rig/*.h265 rig/*.mjpeg
var rigFiles embed.FS

// Bounds of a rig.
const (
	maxRigConns    = 256              // TCP connections; the next is closed at once
	maxRigSessions = 64               // of one profile; the next gets 453
	bootEvery      = 10 * time.Second // after a boot there is none for so long
	writeWithin    = 5 * time.Second  // a reader that takes nothing for so long is given up
)

// RigOptions are those of a Rig. The zero value but for the login is usable.
type RigOptions struct {
	Listen   string   // address of the RTSP server, "127.0.0.1:0" by default
	Profiles []string // names of those to play; nil for all

	User, Password string // asked by the profiles with Login; both are needed where one of those is played

	Logger *slog.Logger // nil for silence; never told passwords
}

// Rig is a row of simulated cameras that break the rules, each as its [Profile]
// says, at /PROFILE/main and /PROFILE/sub. Its RTSP server is our own: a library's
// would repair what must be broken here. Cameras send pictures on an exact grid and
// begin every session with a key picture.
type Rig struct {
	options RigOptions
	log     *slog.Logger
	cameras map[string]*rigCamera
	ln      net.Listener
	closing chan struct{}
	ended   sync.WaitGroup // the accepting goroutine and one for each connection

	mu    sync.Mutex
	conns map[*rigConn]bool // nil once closed
}

// rigCamera is a profile at work.
type rigCamera struct {
	profile *Profile
	grid    *camera

	mu     sync.Mutex
	open   int       // sessions
	opened int       // sessions so far
	down   time.Time // it boots until then
}

// StartRig reads the clips, listens and serves until Close.
func StartRig(o RigOptions) (*Rig, error) {
	r, err := newRig(o)
	if err != nil {
		return nil, fmt.Errorf("simulate profiles: %w", err)
	}
	r.ended.Go(r.accept)
	return r, nil
}

func newRig(o RigOptions) (*Rig, error) {
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	r := &Rig{options: o, log: o.Logger, cameras: map[string]*rigCamera{}, closing: make(chan struct{}), conns: map[*rigConn]bool{}}
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	clips, err := loadRigClips()
	if err != nil {
		return nil, err
	}
	all := Profiles()
	for _, name := range o.Profiles {
		if !slices.ContainsFunc(all, func(p Profile) bool { return p.Name == name }) {
			return nil, fmt.Errorf("there is no profile %q", name)
		}
	}
	epoch := time.Now().Add(-time.Second)
	for i := range all {
		p := &all[i]
		if o.Profiles != nil && !slices.Contains(o.Profiles, p.Name) {
			continue
		}
		if p.Login && (o.User == "" || o.Password == "") {
			return nil, fmt.Errorf("profile %q asks for a login, and none is set", p.Name)
		}
		r.cameras[p.Name] = &rigCamera{profile: p, grid: newCamera(i, []*clip{clips[p.clip]}, epoch)}
		// All are at the same place of the loop: each stands for itself.
		r.cameras[p.Name].grid.position.Store(&position{})
	}
	if r.ln, err = net.Listen("tcp", o.Listen); err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return r, nil
}

// rigFPS is the rate of all clips of a rig.
const rigFPS = 25

// loadRigClips reads the clips by name, "" for the plain one. A clip without a
// sub encoding of its own has the main one there.
func loadRigClips() (map[string]*clip, error) {
	tracks := map[string]*track{}
	for _, file := range []string{"plain.h264", "small.h264", "slices.h264", "bframes.h264", "long.h264", "hevc.h265", "photos.mjpeg"} {
		b, err := rigFiles.ReadFile("rig/" + file)
		if err != nil {
			return nil, fmt.Errorf("read clips: %w", err)
		}
		name, kind, _ := strings.Cut(file, ".")
		parse := parseTrack
		switch kind {
		case "h265":
			parse = parseTrackH265
		case "mjpeg":
			parse = parseTrackJPEG
		}
		if tracks[name], err = parse(b); err != nil {
			return nil, fmt.Errorf("clip %q: %w", name, err)
		}
	}
	clips := map[string]*clip{}
	for name, main := range tracks {
		clips[name] = &clip{clipInfo: clipInfo{ID: name, FPS: rigFPS, Pictures: len(main.pictures)}, main: main, sub: main}
	}
	clips["plain"].sub = tracks["small"]
	clips[""] = clips["plain"]
	return clips, nil
}

// Addr is the address the RTSP server listens on.
func (r *Rig) Addr() string { return r.ln.Addr().String() }

// URL is the address of a profile's stream, without a login. Where the rig
// listens on every address it names the loopback one.
func (r *Rig) URL(profile string, q Quality) string {
	host := r.Addr()
	if a, ok := r.ln.Addr().(*net.TCPAddr); ok && a.IP.IsUnspecified() {
		host = fmt.Sprintf("127.0.0.1:%d", a.Port)
	}
	return fmt.Sprintf("rtsp://%s/%s/%s", host, profile, q)
}

// Sessions is how many sessions of a profile have been set up so far, and how many
// of them still are.
func (r *Rig) Sessions(profile string) (all, now int) {
	c := r.cameras[profile]
	if c == nil {
		return 0, 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.opened, c.open
}

// Close ends all sessions, releases the address and waits for every goroutine.
// It may be called more than once.
func (r *Rig) Close() {
	r.mu.Lock()
	conns := r.conns
	r.conns = nil
	r.mu.Unlock()
	if conns != nil {
		close(r.closing)
		r.ln.Close()
		for c := range conns {
			c.net.Close()
		}
	}
	r.ended.Wait()
}

// accept takes connections until Close.
func (r *Rig) accept() {
	for {
		nc, err := r.ln.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // too many open files: others will be closed
			r.log.Warn("accept", "err", err)
			select {
			case <-time.After(pollInterval):
			case <-r.closing:
			}
			continue
		}
		c := newRigConn(r, nc)
		r.mu.Lock()
		if r.conns == nil || len(r.conns) >= maxRigConns {
			r.mu.Unlock()
			nc.Close()
			continue
		}
		r.conns[c] = true
		r.mu.Unlock()
		r.ended.Go(func() {
			c.serve()
			r.mu.Lock()
			delete(r.conns, c)
			r.mu.Unlock()
		})
	}
}

// find is the camera and the stream that a path names, and what follows it.
func (r *Rig) find(path string) (c *rigCamera, q Quality, rest string) {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.SplitN(strings.Trim(path, "/"), "/", 3)
	if len(parts) < 2 || !Quality(parts[1]).valid() {
		return nil, "", ""
	}
	if len(parts) == 3 {
		rest = parts[2]
	}
	return r.cameras[parts[0]], Quality(parts[1]), rest
}

// enter counts a session. It is false where there are too many.
func (c *rigCamera) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	most := maxRigSessions
	if c.profile.sessions > 0 {
		most = c.profile.sessions
	}
	if c.open >= most {
		return false
	}
	c.open++
	c.opened++
	return true
}

func (c *rigCamera) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open--
}

// reboot takes the camera down for some time, unless it has just booted.
func (c *rigCamera) reboot(long time.Duration) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.down) < bootEvery {
		return false
	}
	c.down = time.Now().Add(long)
	return true
}

func (c *rigCamera) isDown() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Before(c.down)
}
