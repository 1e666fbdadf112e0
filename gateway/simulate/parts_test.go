package simulate

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func TestMarkSurvivesTheBitstream(t *testing.T) {
	t.Parallel()
	for _, m := range []Mark{
		{Camera: 0, Quality: Main, Number: 0, Loop: 0, Captured: time.UnixMicro(0)},
		{Camera: 1999, Quality: Sub, Number: 1<<63 + 1, Loop: 511, Captured: time.UnixMicro(1763000000123456)},
		{Camera: 0x010203, Quality: Main, Number: 0x0000030000020000, Loop: 3, Captured: time.UnixMicro(0x0001000000030000)},
	} {
		n := m.nalu()
		for i := 0; i+2 < len(n); i++ {
			if n[i] == 0 && n[i+1] == 0 && n[i+2] <= 2 {
				t.Fatalf("%x could be taken for a start code", n)
			}
		}
		got, ok := ReadMark([][]byte{testSPS, {6, 1, 1, 0, 0x80}, n, testSlice(0, 0, Main)})
		if !ok || got != m {
			t.Fatalf("%+v became %+v, %v", m, got, ok)
		}
	}
}

func TestMarkBehindAnotherMessageOfTheSameUnit(t *testing.T) {
	t.Parallel()
	m := Mark{Camera: 3, Quality: Sub, Number: 7, Loop: 9, Captured: time.UnixMicro(11)}
	rbsp := unescape(m.nalu()[1:])
	long := append([]byte{5, 255, 10}, make([]byte, 265)...)
	n := escape([]byte{6}, append(long, rbsp...))
	if got, ok := ReadMark([][]byte{n}); !ok || got != m {
		t.Fatalf("%+v, %v", got, ok)
	}
}

func TestNoMarkInOtherPictures(t *testing.T) {
	t.Parallel()
	whole := Mark{Quality: Main, Number: 5}.nalu()
	other := bytes.Clone(whole)
	other[5] ^= 1 // in the UUID
	for _, nalus := range [][][]byte{
		nil, {nil}, {{}}, {{6}}, {{6, 5}}, {{6, 255, 255}}, {{6, 5, 255}}, {{6, 5, 200, 1, 2}}, {other},
		{whole[:len(whole)-6]}, {testSPS, testPPS, testSlice(0, 1, Main)},
	} {
		if m, ok := ReadMark(nalus); ok {
			t.Errorf("%x has the mark %+v", nalus, m)
		}
	}
}

func FuzzReadMark(f *testing.F) {
	f.Add(Mark{Quality: Sub, Number: 300, Captured: time.UnixMicro(1)}.nalu())
	f.Add([]byte{6, 5, 255, 255, 3, 0, 0, 3})
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, ok := ReadMark([][]byte{b}); ok {
			if again, ok := ReadMark([][]byte{m.nalu()}); !ok || again != m {
				t.Fatalf("%+v became %+v, %v", m, again, ok)
			}
		}
		if got := unescape(escape(nil, b)); !bytes.Equal(got, b) {
			t.Fatalf("%x became %x", b, got)
		}
	})
}

// drawCode paints the code into a picture of the given size, on grey.
func drawCode(width, height, scene, number int) []byte {
	gray := bytes.Repeat([]byte{90}, width*height)
	bits := scene<<9 | number
	parity := 0
	for b := bits; b > 0; b >>= 1 {
		parity ^= b & 1
	}
	cells := 1<<15 | bits<<1 | parity
	size := 16 * width / 1280
	for i := range 16 {
		v := byte(30)
		if cells>>(15-i)&1 == 1 {
			v = 220
		}
		for y := height - size; y < height; y++ {
			for x := i * size; x < (i+1)*size; x++ {
				gray[y*width+x] = v
			}
		}
	}
	return gray
}

func TestReadCode(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{1280, 720}, {640, 360}, {320, 180}} {
		for _, want := range [][2]int{{0, 0}, {15, 511}, {5, 299}, {7, 100}, {8, 1}} {
			gray := drawCode(size[0], size[1], want[0], want[1])
			scene, number, ok := ReadCode(gray, size[0], size[0], size[1])
			if !ok || scene != want[0] || number != want[1] {
				t.Errorf("%v at %v: read %d, %d, %v", want, size, scene, number, ok)
			}
		}
	}
}

func TestReadCodeRefusesPicturesWithoutOne(t *testing.T) {
	t.Parallel()
	good := drawCode(640, 360, 3, 77)
	flipped := bytes.Clone(good)
	for y := 352; y < 360; y++ {
		for x := 5 * 8; x < 6*8; x++ {
			flipped[y*640+x] = 250 - flipped[y*640+x]
		}
	}
	for name, try := range map[string]func() bool{
		"a wrong bit": func() bool { _, _, ok := ReadCode(flipped, 640, 640, 360); return ok },
		"plain grey":  func() bool { _, _, ok := ReadCode(make([]byte, 640*360), 640, 640, 360); return ok },
		"cut memory":  func() bool { _, _, ok := ReadCode(good[:1000], 640, 640, 360); return ok },
		"no memory":   func() bool { _, _, ok := ReadCode(nil, 640, 640, 360); return ok },
		"no size":     func() bool { _, _, ok := ReadCode(good, 0, 0, 0); return ok },
		"bad stride":  func() bool { _, _, ok := ReadCode(good, 100, 640, 360); return ok },
		"negative":    func() bool { _, _, ok := ReadCode(good, -640, -640, -360); return ok },
	} {
		if try() {
			t.Errorf("%s: a code was read", name)
		}
	}
}

func TestGridNumbersAndTimesAgree(t *testing.T) {
	t.Parallel()
	clips, err := loadClips(testFiles(t, 2), 2)
	if err != nil {
		t.Fatal(err)
	}
	epoch := time.Now()
	phases := map[time.Duration]bool{}
	for i := range MaxCameras {
		c := newCamera(i, clips, epoch)
		d := c.captured(0).Sub(epoch)
		if d < 0 || d >= 40*time.Millisecond || phases[d] {
			t.Fatalf("camera %d has the phase %v, out of bounds or that of another", i, d)
		}
		phases[d] = true
		for _, n := range []uint64{0, 1, 299, 1 << 30} {
			at := c.captured(n)
			if c.next(at) != n || c.next(at.Add(1)) != n+1 || c.next(at.Add(-time.Millisecond)) != n {
				t.Fatalf("camera %d: picture %d is taken at %v, and %d then", i, n, at, c.next(at))
			}
		}
		if c.next(epoch.Add(-time.Hour)) != 0 {
			t.Fatal("pictures before the first")
		}
	}
}

func TestFewCamerasOfAThousandTakePicturesInTheSameMillisecond(t *testing.T) {
	t.Parallel()
	var count [40]int
	for i := range 1000 {
		count[phase(i, 40*time.Millisecond)/time.Millisecond]++
	}
	for ms, n := range count {
		if n > 30 {
			t.Errorf("%d cameras at %d ms", n, ms)
		}
	}
}

func TestRewoundCameraShowsAKeyPicture(t *testing.T) {
	t.Parallel()
	clips, err := loadClips(testFiles(t, 1), 1)
	if err != nil {
		t.Fatal(err)
	}
	c := newCamera(5, clips, time.Now())
	for n := range uint64(100) {
		live := c.position.Load()
		p := c.rewound(live, n)
		if at := c.place(p, n); at%testGOP != 0 || at > c.place(live, n) || c.place(live, n)-at >= testGOP {
			t.Fatalf("picture %d: place %d became %d", n, c.place(live, n), at)
		}
	}
}

func TestNTP(t *testing.T) {
	t.Parallel()
	// RFC 5905 figure 4: 1972-01-01 is second 2,272,060,800.
	at := time.Date(1972, 1, 1, 0, 0, 0, 750e6, time.UTC)
	if got, want := ntp(at), uint64(2272060800<<32|3<<30); got != want {
		t.Fatalf("%x, expected %x", got, want)
	}
}

func TestCamerasBeyondTheClipsHaveTheirOwnNames(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Cameras: 7})
	names, places := map[string]bool{}, map[[2]float64]bool{}
	for i, c := range s.Cameras() {
		if c.Index != i || names[c.Name] || i > 1 && places[c.Position] || c.Kind != "public" || c.Pictures != testPictures {
			t.Fatalf("camera %d: %+v", i, c)
		}
		names[c.Name], places[c.Position] = true, true
	}
}

func TestOptionsOutOfBoundsAreErrors(t *testing.T) {
	t.Parallel()
	clips := testFiles(t, 1)
	for name, o := range map[string]Options{
		"no camera":         {},
		"too many":          {Cameras: MaxCameras + 1},
		"negative delay":    {Cameras: 1, Delay: -1},
		"long delay":        {Cameras: 1, Delay: MaxDelay + 1},
		"clock before 1900": {Cameras: 1, ClockOffset: -200 * 365 * 24 * time.Hour},
		"password alone":    {Cameras: 1, Password: "x"},
		"login":             {Cameras: 1, Login: 9},
		"address":           {Cameras: 1, Listen: "nonsense"},
	} {
		o.Clips = clips
		if s, err := Start(o); err == nil {
			s.Close()
			t.Errorf("%s: no error", name)
		}
	}
}

func TestBrokenClipsAreErrors(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(fstest.MapFS){
		"no list":        func(m fstest.MapFS) { delete(m, "clips.json") },
		"no JSON":        func(m fstest.MapFS) { m["clips.json"].Data = []byte("[") },
		"empty list":     func(m fstest.MapFS) { m["clips.json"].Data = []byte("[]") },
		"no sub":         func(m fstest.MapFS) { delete(m, "clip0.sub.h264") },
		"no H.264":       func(m fstest.MapFS) { m["clip0.main.h264"].Data = []byte("hello") },
		"empty":          func(m fstest.MapFS) { m["clip0.main.h264"].Data = nil },
		"begins mid-GOP": func(m fstest.MapFS) { f := m["clip0.main.h264"]; f.Data = f.Data[len(testSPS)+4:] },
		"cut off":        func(m fstest.MapFS) { f := m["clip0.main.h264"]; f.Data = f.Data[:len(f.Data)/2] },
		"outside":        func(m fstest.MapFS) { replace(m, `"clip0"`, `"../clip0"`) },
		"many a second":  func(m fstest.MapFS) { replace(m, `"fps":25`, `"fps":1000`) },
		"odd rate":       func(m fstest.MapFS) { replace(m, `"fps":25`, `"fps":7`) },
		"no pictures":    func(m fstest.MapFS) { replace(m, `"pictures":30`, `"pictures":0`) },
	} {
		files := testFiles(t, 1).(fstest.MapFS)
		spoil(files)
		if _, err := loadClips(files, 1); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func replace(m fstest.MapFS, old, new string) {
	f := m["clips.json"]
	f.Data = []byte(strings.Replace(string(f.Data), old, new, 1))
}

func FuzzParseTrack(f *testing.F) {
	b, err := fs.ReadFile(testFiles(f, 1), "clip0.sub.h264")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b[:4000])
	f.Add([]byte{0, 0, 1, 0x65, 0, 0, 1, 0x41, 0, 0, 0, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		if tr, err := parseTrack(b); err == nil && !tr.pictures[0].key {
			t.Fatal("a track without a key picture at its start")
		}
	})
}
