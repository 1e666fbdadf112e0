package transcode

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/simulate"
	"matthan/gateway/video"
)

func TestAStillShowsTheCamerasNewestKeyPicture(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	r := newRig(t, 3, quick())
	for i := range 3 {
		before := time.Now()
		s := r.still(i, gateway.StillWidth)
		scene, number := sees(t, s)
		is := r.cameras.Cameras()[i]
		if scene != is.Scene || number%100 != 0 {
			t.Errorf("camera %d of scene %d: a still of scene %d, picture %d", i, is.Scene, scene, number)
		}
		if s.Width != 480 || s.Height != 270 || len(s.JPEG) > 100<<10 {
			t.Errorf("%dx%d of %d bytes", s.Width, s.Height, len(s.JPEG))
		}
		if age := time.Since(s.Captured); s.Captured.Before(before.Add(-time.Second)) || age < 0 {
			t.Errorf("it is said to be %v old, and was asked for %v ago", age, time.Since(before))
		}
	}
	if s := r.still(0, 160); s.Width != 160 {
		t.Errorf("asked for 160, came %d", s.Width)
	}
	if _, err := r.ask("an", 0, 481); err == nil {
		t.Error("any width is made")
	}
}

// What ffmpeg decodes of the same picture itself, to the byte.
func TestAStillIsWhatFFmpegMakesOfThePicture(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	au := keyPicture(t)
	s, err := ffmpeg.decode(t.Context(), au, 320, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, raw, err := single(au)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "picture.h264")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	gray := func(args ...string) []byte {
		cmd := exec.CommandContext(t.Context(), "ffmpeg", append(append([]string{"-v", "error"}, args...), "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", "-")...)
		cmd.Stdin = bytes.NewReader(s.JPEG)
		out, err := cmd.Output()
		if err != nil || len(out) != 320*180 {
			t.Fatalf("%d bytes, %v", len(out), err)
		}
		return out
	}
	own, still := gray("-i", file, "-vf", "scale=320:180:out_range=pc"), gray("-f", "mjpeg", "-i", "-")
	worst, sum := 0, 0
	for i := range own {
		d := max(int(own[i]), int(still[i])) - min(int(own[i]), int(still[i]))
		worst, sum = max(worst, d), sum+d
	}
	if mean := float64(sum) / float64(len(own)); mean > 5 { // JPEG takes 3.4; another range of levels would make it 6.6
		t.Errorf("luma is off by %.2f in the mean, %d at most", mean, worst)
	}
	if !s.Captured.Equal(au.Captured) {
		t.Error("the capture time is another one")
	}
}

func TestAStillOfAWatchedCameraNeedsNoOtherPull(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	r := newRig(t, 1, quick())
	stream, release, err := r.hub.Open(gateway.StreamID{Camera: "cam0", Quality: gateway.Main})
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	until(t, "the camera gives pictures", func() bool { return len(stream.GOP()) > 0 })
	if scene, _ := sees(t, r.still(0, 320)); scene != r.cameras.Cameras()[0].Scene {
		t.Errorf("scene %d", scene)
	}
	if n := r.dialled.Load(); n != 1 {
		t.Errorf("the camera was dialled %d times", n)
	}
}

func TestThePullForAStillEndsAtOnceAndAViewersLingersOn(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	r := newRig(t, 2, quick())
	r.still(0, 160)
	until(t, "the pull ends", func() bool { return r.hub.Pulls() == 0 })
	_, release, err := r.hub.Open(gateway.StreamID{Camera: "cam1", Quality: gateway.Sub})
	if err != nil {
		t.Fatal(err)
	}
	release() // it lingers
	r.still(1, 160)
	if r.hub.Pulls() != 1 {
		t.Error("the pull that a viewer may come back to was ended by a still")
	}
}

func TestTheSamePictureIsNotDecodedAgain(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	cfg := quick()
	cfg.Every = time.Nanosecond // each may be made anew
	count := filepath.Join(t.TempDir(), "count")
	cfg.FFmpeg = script(t, `echo x >> `+count+`; exec `+lookFFmpeg(t)+` "$@"`)
	r := newRig(t, 1, cfg)
	_, release, err := r.hub.Open(gateway.StreamID{Camera: "cam0", Quality: gateway.Sub})
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	captured := map[time.Time]bool{}
	for range 20 {
		captured[r.still(0, 160).Captured] = true
	}
	b, err := os.ReadFile(count)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(b), "x"); n != len(captured) || n > 3 {
		t.Errorf("%d processes for %d pictures", n, len(captured))
	}
}

func lookFFmpeg(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestManyWhoAskAtOnceGetOneStill(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	r := newRig(t, 1, quick())
	var wg sync.WaitGroup
	var failed atomic.Int32
	all := make([]gateway.Still, 50)
	for i := range all {
		wg.Go(func() {
			var err error
			if all[i], err = r.ask("person "+strconv.Itoa(i), 0, 320); err != nil {
				failed.Add(1)
			}
		})
	}
	wg.Wait()
	if failed.Load() > 0 || r.dialled.Load() != 1 {
		t.Fatalf("%d failed, %d pulls", failed.Load(), r.dialled.Load())
	}
	for _, s := range all {
		if &s.JPEG[0] != &all[0].JPEG[0] {
			t.Fatal("it was made more than once")
		}
	}
}

func TestWithoutFFmpegThereAreNoStills(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "no-such-program-anywhere", filepath.Join(t.TempDir(), "ffmpeg")} {
		cfg := quick()
		cfg.FFmpeg = name
		r := newRig(t, 1, cfg)
		if _, err := r.ask("an", 0, 320); !errors.Is(err, gateway.ErrNoStills) {
			t.Errorf("%q: %v", name, err)
		}
		if r.dialled.Load() != 0 {
			t.Errorf("%q: the camera was pulled for nothing", name)
		}
	}
}

func TestAHungFFmpegIsKilledWithWhatItStarted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pid := filepath.Join(dir, "pid")
	script := script(t, `sleep 600 & echo $! > `+pid+`.new; mv `+pid+`.new `+pid+`; wait`)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := program{script, ranWithin}.decode(ctx, keyPicture(t), 320, nil)
		ended <- err
	}()
	until(t, "it runs", func() bool { _, err := os.Stat(pid); return err == nil })
	cancel()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("it made a still")
		}
	case <-time.After(patience):
		t.Fatal("it is waited for without end")
	}
	b, err := os.ReadFile(pid)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("what it started can be looked for in /proc only")
	}
	until(t, "what it started has ended", func() bool {
		stat, err := os.ReadFile("/proc/" + strings.TrimSpace(string(b)) + "/stat")
		return err != nil || strings.Contains(string(stat), ") Z ")
	})
}

// The time limit, and that the next camera's still comes after it.
func TestAHungFFmpegCostsOneStill(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	cfg := quick()
	once := filepath.Join(t.TempDir(), "once")
	cfg.FFmpeg = script(t, `if [ ! -e `+once+` ]; then : > `+once+`; exec sleep 600; fi; exec `+lookFFmpeg(t)+` "$@"`)
	r := newRig(t, 2, cfg)
	r.stills.program.within = 2 * time.Second // before anything is asked
	if _, err := r.ask("an", 0, 320); !errors.Is(err, gateway.ErrNoPicture) {
		t.Fatal(err)
	}
	began := time.Now()
	if _, err := r.ask("an", 0, 320); !errors.Is(err, gateway.ErrNoPicture) || time.Since(began) > time.Second {
		t.Errorf("it is tried again at once: %v after %v", err, time.Since(began))
	}
	r.stills.program.within = ranWithin
	if scene, _ := sees(t, r.still(1, 320)); scene != r.cameras.Cameras()[1].Scene {
		t.Error("the next still is of another camera")
	}
}

func TestGarbageOfACameraIsNoStill(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	good := keyPicture(t)
	nalus := good.NALUs()
	random := rand.New(rand.NewPCG(1, 2))
	spoil := func(change func(idr []byte) []byte) *video.AccessUnit {
		au := *good
		last := len(nalus) - 1
		spoilt := append(append([][]byte{}, nalus[:last]...), change(bytes.Clone(nalus[last])))
		au.Payloads = video.Packetize(spoilt, video.MaxPayload)
		return &au
	}
	for name, au := range map[string]*video.AccessUnit{
		"half": spoil(func(b []byte) []byte { return b[:len(b)/2] }),
		"noise": spoil(func(b []byte) []byte {
			for i := 60; i < len(b); i++ {
				b[i] = byte(random.Uint32())
			}
			return b
		}),
		"no key": func() *video.AccessUnit { au := *good; au.Key = false; return &au }(),
		"enormous": func() *video.AccessUnit {
			au := *good
			au.Format = &video.Format{Width: 16384, Height: 16384}
			return &au
		}(),
		"empty": {Codec: video.H264, Key: true, Format: good.Format},
	} {
		if s, err := ffmpeg.decode(t.Context(), au, 320, nil); err == nil {
			t.Errorf("%s: a still of %d bytes", name, len(s.JPEG))
		} else if strings.Contains(err.Error(), "\n") || len(err.Error()) > 1000 {
			t.Errorf("%s: %q", name, err)
		}
	}
}

func TestWhatFFmpegWritesIsBoundedAndMustBeAJPEG(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"endless": `exec cat /dev/zero`, "text": `echo hello`, "nothing": `exit 0`, "talk": `head -c 100000 /dev/zero >&2; exit 1`, "crash": `kill -SEGV $$`,
	} {
		if _, err := (program{script(t, text), ranWithin}).decode(t.Context(), keyPicture(t), 320, nil); err == nil || len(err.Error()) > 1000 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFFmpegIsToldNothingOfOurs(t *testing.T) {
	t.Setenv("MATTHAN_CANARY", "canary")
	out := filepath.Join(t.TempDir(), "told")
	_, _ = program{script(t, `env > `+out+`; echo "$@" >> `+out), ranWithin}.decode(t.Context(), keyPicture(t), 320, nil)
	b, err := os.ReadFile(out)
	if err != nil || strings.Contains(string(b), "canary") || !strings.Contains(string(b), "-protocol_whitelist pipe") {
		t.Errorf("%s %v", b, err)
	}
}

func TestACameraThatIsGoneHasItsLastStillAndACitizensHasNone(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	cfg := quick()
	cfg.Every = time.Nanosecond
	r := newRig(t, 1, cfg)
	first := r.still(0, 320)
	if _, err := r.stills.Still(t.Context(), "an", r.list[0], 160, true); err != nil {
		t.Fatal(err)
	}
	r.cameras.Close()
	_ = r.cameras.Wait()
	until(t, "the pull ends", func() bool { return r.hub.Pulls() == 0 })
	if last, err := r.ask("an", 0, 320); err != nil || !last.Captured.Equal(first.Captured) {
		t.Errorf("%v %v", last.Captured, err)
	}
	if _, err := r.stills.Still(t.Context(), "an", r.list[0], 160, true); !errors.Is(err, gateway.ErrNoPicture) {
		t.Errorf("a citizen's camera: %v", err)
	}
	r.stills.Forget("cam0")
	if _, err := r.ask("an", 0, 320); !errors.Is(err, gateway.ErrNoPicture) || r.stills.Kept() != 0 {
		t.Errorf("forgotten: %v, %d bytes", err, r.stills.Kept())
	}
}

func TestACameraThatIsNotThereIsToldAtOnce(t *testing.T) {
	t.Parallel()
	cfg := quick()
	cfg.FFmpeg = script(t, `exit 1`)
	r := newRig(t, 1, cfg)
	began := time.Now()
	for range 10 {
		if _, err := r.ask("an", 1, 320); !errors.Is(err, gateway.ErrNoPicture) {
			t.Fatal(err)
		}
	}
	if time.Since(began) > pictureWithin || r.dialled.Load() > 2 {
		t.Errorf("after %v, dialled %d times", time.Since(began), r.dialled.Load())
	}
}

func TestWhatIsAskedForIsBounded(t *testing.T) {
	t.Parallel()
	cfg := quick()
	cfg.FFmpeg = script(t, `exec sleep 600`)
	r := newRig(t, 30, cfg)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	waiting := func() int { r.stills.mu.Lock(); defer r.stills.mu.Unlock(); return r.stills.running }
	ask := func(who string, camera, width int) {
		wg.Go(func() { _, _ = r.stills.Still(ctx, who, r.list[camera], width, false) })
	}
	for i := range maxOfOne {
		ask("an", i, 320)
	}
	until(t, "they wait", func() bool { return waiting() == maxOfOne })
	if _, err := r.ask("an", maxOfOne, 320); !errors.Is(err, gateway.ErrStillsOften) {
		t.Errorf("one person's: %v", err)
	}
	for i := range maxWaiting - maxOfOne {
		ask("person "+strconv.Itoa(i), i%30, gateway.StillWidths[i/30]) // 160 and 320
	}
	until(t, "they wait too", func() bool { return waiting() >= maxWaiting-maxOfOne })
	if most := maxGlances + 1; len(r.stills.glances) > most || len(r.stills.workers) > 1 {
		t.Errorf("%d pulls, %d processes", len(r.stills.glances), len(r.stills.workers))
	}
	cancel() // all of them scroll on
	until(t, "nothing is left of them", func() bool { return waiting() == 0 && len(r.stills.workers) == 0 && len(r.stills.glances) == 0 })
}

func TestStillsBeginAtTheirRate(t *testing.T) {
	t.Parallel()
	p := pace{every: 20 * time.Millisecond}
	began := time.Now()
	for range 6 {
		if err := p.wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took < 100*time.Millisecond {
		t.Errorf("six in %v", took)
	}
}

func TestOnePersonsStillsArePaidFor(t *testing.T) {
	t.Parallel()
	p, now := payers{}, time.Now()
	allowed := 0
	for range 3 * payBurst {
		if p.allow("an", now) {
			allowed++
		}
	}
	if allowed != payBurst || !p.allow("bình", now) || p.allow("an", now) || !p.allow("an", now.Add(payEvery)) {
		t.Errorf("%d at once", allowed)
	}
	if p.sweep(now.Add(payBurst * payEvery * 2)); len(p) != 0 {
		t.Errorf("%d are remembered", len(p))
	}
	for i := range maxPayers + 100 {
		p.allow(strconv.Itoa(i), now)
	}
	if len(p) > maxPayers+1 {
		t.Errorf("%d are remembered", len(p))
	}
}

func TestTheShelfIsBoundedAndKeepsWhatIsUsed(t *testing.T) {
	t.Parallel()
	s, now := newShelf(10_000), time.Now()
	put := func(id string, lent bool, at time.Time) gateway.Camera {
		cam := gateway.Camera{ID: gateway.CameraID(id), Main: "rtsp://192.0.2.1/" + id}
		s.put(&task{key: key{cam.ID, 320}, camera: cam, lent: lent}, gateway.Still{JPEG: make([]byte, 1000)}, nil, at)
		return cam
	}
	used := put("used", false, now)
	for i := range 100 {
		put(strconv.Itoa(i), false, now)
		if s.of(used, 320) == nil {
			t.Fatal("what is used is dropped")
		}
	}
	if s.bytes != 10_000 || s.order.Len() != 10 || len(s.byKey) != 10 {
		t.Errorf("%d bytes, %d stills", s.bytes, s.order.Len())
	}
	lent := put("lent", true, now)
	s.sweep(now.Add(lentFor + time.Second))
	if s.of(lent, 320) != nil || s.of(used, 320) == nil {
		t.Error("a citizen's still is kept, or another one is not")
	}
	used.Main = "rtsp://192.0.2.1/another"
	if s.of(used, 320) != nil {
		t.Error("a camera has the still of another")
	}
	if s.sweep(now.Add(2 * keptFor)); s.bytes != 0 || len(s.byKey) != 0 {
		t.Errorf("%d bytes are kept for ever", s.bytes)
	}
}

func TestFFmpegIsGivenOnePictureOnly(t *testing.T) {
	t.Parallel()
	au := keyPicture(t)
	_, raw, err := single(au)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := simulate.ReadMark(video.SplitAnnexB(raw)); ok {
		t.Error("ffmpeg is given more than parameter sets and slices")
	}
}

func TestALargeStillIsOfTheMainStream(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	r := newRig(t, 1, quick())
	if still := r.still(0, gateway.LargeStill); still.Width != 1280 { // the small stream has 640
		t.Errorf("%d pixels wide", still.Width)
	}
	if still := r.still(0, 640); still.Width != 640 {
		t.Errorf("%d pixels wide", still.Width)
	}
}
