package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/doctor"
	"matthan/gateway/simulate"
)

// RTSP servers that share no code with ours, through the whole gateway to a real
// viewer. What they serve is x264's, and must come out bit for bit.

// foreignClip is two seconds of H.264, which are repeated.
type foreignClip struct {
	name    string
	profile uint32 // profile_idc (H.264 section A.2)
	between int    // B-frames between two others
}

var foreignClips = []foreignClip{{"baseline", 66, 0}, {"main", 77, 0}, {"high", 100, 0}, {"main-b", 77, 2}, {"high-b", 100, 2}}

// foreignRound is how many pictures are before a clip begins anew.
const foreignRound = 50

// way is how the packets come from a server.
type way string

const (
	byTCP  way = "tcp"
	byUDP  way = "udp"
	byAuto way = "auto" // over UDP, since the server refuses TCP
	byTLS  way = "tls"  // over TCP in rtsps
)

var setsInDescription = []doctor.Code{"quirk_sets"} // SPS and PPS are not in the stream

// foreignServers are the servers, each with what it is told to do against the
// rules, besides sending B-frames where a clip has them.
var foreignServers = []struct {
	name    string
	missing func() string                                 // what is to be installed for it, "" where all is there
	start   func(f *foreign, t *testing.T) map[way]string // gives where it serves; %s is a clip's name
	tells   []doctor.Code
}{
	{"GStreamer", missingGStreamer, (*foreign).gstreamer, setsInDescription},
	{"ffmpeg", missingGStreamer, (*foreign).ffmpeg, setsInDescription},
	{"VLC", missingProgram("vlc", "vlc-bin and vlc-plugin-base"), (*foreign).vlc, nil},
	{"LIVE555", missingProgram("live555MediaServer", "livemedia-utils, where the system has it"), (*foreign).live555, setsInDescription},
	{"mediamtx", missingProgram("mediamtx", "mediamtx"), (*foreign).mediamtx, nil},
}

func TestServersOfOthersPlayBitForBit(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("encoding needs ffmpeg")
	}
	f := newForeign(t)
	for _, s := range foreignServers {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			if what := s.missing(); what != "" {
				t.Skip("it is skipped without " + what)
			}
			f.play(t, s.start(f, t), s.tells)
		})
	}
}

// foreign is what the servers serve.
type foreign struct {
	dir   string // of the clips: NAME.mkv for a minute, NAME.mp4 for a round, NAME.h264 likewise
	clips map[string]*rigClip
	turns chan struct{} // of viewers
}

func newForeign(t *testing.T) *foreign {
	t.Helper()
	f := &foreign{dir: t.TempDir(), clips: map[string]*rigClip{}, turns: make(chan struct{}, playAtOnce)}
	// VLC does not run as root, and who else it runs as must come to the files.
	for _, dir := range []string{filepath.Dir(f.dir), f.dir} {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	var all sync.WaitGroup
	for _, c := range foreignClips {
		all.Go(func() {
			if err := f.encode(c); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if t.Failed() {
		t.FailNow()
	}
	for _, c := range foreignClips {
		clip := readRigClip(t, f.file(c.name+".h264"))
		if clip.length != foreignRound || len(clip.places) != foreignRound {
			t.Fatalf("%s has %d pictures, of which %d differ", c.name, clip.length, len(clip.places))
		}
		f.clips[c.name] = clip
	}
	return f
}

func (f *foreign) file(name string) string { return filepath.Join(f.dir, name) }

// encode makes a clip's files. Only containers tell the order in which B-frames
// are shown.
func (f *foreign) encode(c foreignClip) error {
	profile := map[uint32]string{66: "baseline", 77: "main", 100: "high"}[c.profile]
	once, bare, minute := f.file(c.name+".mp4"), f.file(c.name+".h264"), f.file(c.name+".mkv")
	for _, args := range [][]string{
		{"-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-frames:v", fmt.Sprint(foreignRound), "-pix_fmt", "yuv420p", "-c:v", "libx264", "-threads", "1",
			"-preset", "veryfast", "-b:v", "150k", "-profile:v", profile, "-x264-params", fmt.Sprintf("keyint=25:min-keyint=25:scenecut=0:bframes=%d:b-adapt=0", c.between), once},
		{"-i", once, "-c", "copy", "-bsf:v", "h264_mp4toannexb", bare},
		{"-stream_loop", "29", "-i", once, "-c", "copy", minute},
	} {
		if out, err := exec.Command("ffmpeg", append([]string{"-v", "error", "-nostdin"}, args...)...).CombinedOutput(); err != nil {
			return fmt.Errorf("ffmpeg %v: %w: %s", args, err, out)
		}
	}
	return nil
}

// play lets a viewer look at every clip over every way.
func (f *foreign) play(t *testing.T, served map[way]string, tells []doctor.Code) {
	t.Helper()
	type view struct {
		camera gateway.Camera
		clip   foreignClip
	}
	var views []view
	var list []gateway.Camera
	for w, address := range served {
		for _, c := range foreignClips {
			camera := gateway.Camera{ID: gateway.CameraID(fmt.Sprintf("%s-%s", c.name, w)), Name: "x", Area: "ward", Kind: gateway.Public, Main: fmt.Sprintf(address, c.name),
				Login: gateway.Login{User: "viewer", Password: canary}, Transport: gateway.Transport(w)}
			if w == byTLS {
				camera.Transport, camera.AnyCertificate = gateway.TCP, true
			}
			views, list = append(views, view{camera, c}), append(list, camera)
		}
	}
	r := &rigs{clips: f.clips, live: startLive(t, simulate.Options{Cameras: 1}, func(c *Config) {
		c.Transcode.Most = -1 // the servers' own packets are compared
		c.Tokens[0].Actions = []auth.Action{auth.View, auth.Administer}
		var err error
		if c.Inventory, err = gateway.NewList([]gateway.Area{{ID: "ward", Name: "Phường"}}, list); err != nil {
			t.Fatal(err)
		}
	})}
	watch := func(views []view) (failed []view) {
		var all sync.WaitGroup
		errs := make([]error, len(views))
		for i, v := range views {
			all.Go(func() {
				f.turns <- struct{}{}
				defer func() { <-f.turns }()
				errs[i] = r.watchForeign(string(v.camera.ID), v.clip, tells)
			})
		}
		all.Wait()
		for i, err := range errs {
			if err != nil {
				failed = append(failed, views[i])
				t.Logf("%s: %v", views[i].camera.ID, err)
			}
		}
		return failed
	}
	// As with our own cameras: what failed is tried once more, which a fault fails too.
	if failed := watch(watch(views)); len(failed) > 0 {
		t.Errorf("%d of %d failed twice", len(failed), len(views))
	}
}

// watchForeign plays a camera for a round and more, and asks what is told of it.
func (r *rigs) watchForeign(camera string, c foreignClip, tells []doctor.Code) error {
	if c.between > 0 {
		tells = append([]doctor.Code{doctor.CodeBFrames}, tells...)
	}
	p, err := r.play(camera)
	defer p.close()
	if err != nil {
		return err
	}
	if err := r.plays(p, camera, expected{pictures: foreignRound + 1, clip: c.name, profile: c.profile, reorder: c.between > 0}); err != nil {
		return err
	}
	for deadline := time.Now().Add(patience); ; <-time.After(50 * time.Millisecond) {
		got := r.told(camera)
		if slices.Equal(got, tells) {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("administrators are told of %q, want %q", got, tells)
		}
	}
}

// told is what administrators are told of a camera, in order.
func (r *rigs) told(camera string) (codes []doctor.Code) {
	var doc struct{ Quirks []doctor.Finding }
	r.health(camera, &doc)
	for _, q := range doc.Quirks {
		codes = append(codes, q.Code)
	}
	slices.Sort(codes)
	return codes
}
