package gateway

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var testAreas = []Area{{ID: "lang", Name: "Phường Láng", Parent: "ha-noi"}, {ID: "ha-noi", Name: "Hà Nội"}, {ID: "vinh", Name: "Vinh"}}

func testCamera(id CameraID) Camera {
	return Camera{ID: id, Name: "Ngã tư", Area: "lang", Kind: Public, Main: "rtsp://10.1.2.3/main"}
}

func TestListFindsCamerasAndPaths(t *testing.T) {
	t.Parallel()
	l, err := NewList(testAreas, []Camera{testCamera("b"), testCamera("a")})
	if err != nil {
		t.Fatal(err)
	}
	if c, err := l.Camera("b"); err != nil || c.ID != "b" || c.Transport != Auto {
		t.Errorf("Camera(b): %+v, %v", c, err)
	}
	if _, err := l.Camera("z"); !errors.Is(err, ErrNotFound) {
		t.Errorf("Camera(z): %v", err)
	}
	if cs := l.Cameras(); len(cs) != 2 || cs[0].ID != "a" {
		t.Errorf("Cameras: %v", cs)
	}
	if as := l.Areas(); as[0].ID != "ha-noi" || as[2].ID != "lang" {
		t.Errorf("a parent comes after its child: %v", as)
	}
	if p := AreaPath(l, "lang"); !slices.Equal(p, []AreaID{"lang", "ha-noi"}) {
		t.Errorf("AreaPath: %v", p)
	}
	if p := AreaPath(l, "nowhere"); p != nil {
		t.Errorf("AreaPath(nowhere): %v", p)
	}
	if l.Changed() != nil {
		t.Error("a list that never changes has a channel")
	}
}

func TestBadListSaysWhatToDo(t *testing.T) {
	t.Parallel()
	deep := []Area{{ID: "a0", Name: "A"}}
	for i := range MaxAreaDepth {
		deep = append(deep, Area{ID: AreaID(fmt.Sprintf("a%d", i+1)), Name: "A", Parent: AreaID(fmt.Sprintf("a%d", i))})
	}
	with := func(f func(*Camera)) []Camera {
		c := testCamera("a")
		f(&c)
		return []Camera{c}
	}
	for _, tt := range []struct {
		areas   []Area
		cameras []Camera
		field   string
		want    string
	}{
		{testAreas, []Camera{testCamera("a"), testCamera("a")}, "id", "there twice"},
		{append(testAreas[:1:1], testAreas...), nil, "id", "there twice"},
		{[]Area{{ID: "all", Name: "Tất cả"}}, nil, "id", "choose another id"},
		{[]Area{{ID: "Láng", Name: "Láng"}}, nil, "id", "only a-z"},
		{[]Area{{ID: "lang", Name: " "}}, nil, "name", "give it one"},
		{[]Area{{ID: "lang", Name: "Láng", Parent: "ha-noi"}}, nil, "parent", "is no area"},
		{[]Area{{ID: "a", Name: "A", Parent: "b"}, {ID: "b", Name: "B", Parent: "a"}}, nil, "parent", "its own ancestor"},
		{[]Area{{ID: "a", Name: "A", Parent: "a"}}, nil, "parent", "its own ancestor"},
		{deep, nil, "parent", "levels deep"},
		{[]Area{{ID: "a", Name: "A", Level: "\x00"}}, nil, "level", "level"},
		{[]Area{coded("a", AreaCode{Code: "00 1"})}, nil, "codes", "must be 1 to 32 letters"},
		{[]Area{coded("a", AreaCode{Code: strings.Repeat("1", 33)})}, nil, "codes", "must be 1 to 32 letters"},
		{[]Area{coded("a", AreaCode{})}, nil, "codes", "must be 1 to 32 letters"},
		{[]Area{coded("a", AreaCode{"1", day(2), day(2)})}, nil, "codes", "ends before it begins"},
		{[]Area{coded("a", make([]AreaCode, 17)...)}, nil, "codes", "17 codes"},
		{[]Area{coded("a", AreaCode{Code: "1"}), coded("b", AreaCode{Code: "1"})}, nil, "codes", "at the same time"},
		{[]Area{coded("a", AreaCode{"1", day(1), day(3)}), coded("b", AreaCode{Code: "1", From: day(2)})}, nil, "codes", "at the same time"},
		{[]Area{coded("a", AreaCode{Code: "1", Until: day(9)}), coded("b", AreaCode{"1", day(2), day(3)}), coded("c", AreaCode{Code: "1", From: day(8)})}, nil, "codes", `belongs to area "a"`},
		{testAreas, []Camera{testCamera("")}, "id", "it has no id"},
		{testAreas, []Camera{testCamera("Camera_1")}, "id", "only a-z"},
		{testAreas, []Camera{testCamera(CameraID(strings.Repeat("a", 65)))}, "id", "shorten"},
		{testAreas, with(func(c *Camera) { c.Name = "" }), "name", "no name"},
		{testAreas, with(func(c *Camera) { c.Name = "a\nb" }), "name", "one line"},
		{testAreas, with(func(c *Camera) { c.Name = strings.Repeat("a", 201) }), "name", "shorten"},
		{testAreas, with(func(c *Camera) { c.Area = "" }), "area", "has no area"},
		{testAreas, with(func(c *Camera) { c.Area = "hue" }), "area", "no area \"hue\""},
		{testAreas, with(func(c *Camera) { c.Kind = "" }), "kind", "must be public"},
		{testAreas, with(func(c *Camera) { c.Transport = "http" }), "transport", "auto, tcp or udp"},
		{testAreas, with(func(c *Camera) { c.Main = "" }), "main", "no main stream"},
		{testAreas, with(func(c *Camera) { c.Main = "http://10.1.2.3/canary" }), "main", "such as rtsp://"},
		{testAreas, with(func(c *Camera) { c.Main = "rtsp://u:canary@10.1.2.3/" }), "main", "holds a login"},
		{testAreas, with(func(c *Camera) { c.ONVIF.Identity = "urn:uuid:1" }), "onvif", "needs an address"},
		{testAreas, with(func(c *Camera) { c.ONVIF.Address = "rtsp://10.1.2.3/" }), "onvif", "needs an address"},
		{testAreas, with(func(c *Camera) { c.ONVIF.Address = "http://u:canary@10.1.2.3/" }), "onvif", "holds a login"},
		{testAreas, with(func(c *Camera) { c.ONVIF = ONVIF{Address: "http://10.1.2.3/", Profile: strings.Repeat("x", 257)} }), "onvif", "longer"},
		{testAreas, with(func(c *Camera) { c.ONVIF = ONVIF{Address: "http://10.1.2.3/", Identity: "a\nb"} }), "onvif", "cannot be shown"},
		{testAreas, with(func(c *Camera) { c.Sub = "rtsp://\x00canary" }), "sub", "such as rtsp://"},
		{testAreas, with(func(c *Camera) { c.Position = &Position{91, 0} }), "position", "in degrees"},
		{testAreas, with(func(c *Camera) { c.Position = &Position{0, -181} }), "position", "in degrees"},
		{testAreas, with(func(c *Camera) { c.Position = &Position{math.NaN(), 0} }), "position", "in degrees"},
	} {
		_, err := NewList(tt.areas, tt.cameras)
		var problems Problems
		if !errors.As(err, &problems) || !strings.Contains(err.Error(), tt.want) || problems[0].Field != tt.field {
			t.Errorf("want %s: %q, got %v", tt.field, tt.want, err)
		} else if strings.Contains(err.Error(), "canary") {
			t.Errorf("the error quotes the address: %v", err)
		}
	}
}

func coded(id AreaID, codes ...AreaCode) Area { return Area{ID: id, Name: "A", Codes: codes} }

func day(n int) time.Time { return time.Date(2025, 7, n, 0, 0, 0, 0, time.UTC) }

func TestCodePassesFromOneAreaToAnother(t *testing.T) {
	t.Parallel()
	old := coded("old", AreaCode{Code: "00178", Until: day(1)}, AreaCode{Code: "001", From: day(1), Until: day(5)})
	merged := coded("merged", AreaCode{Code: "00178", From: day(1)}, AreaCode{Code: "00200"})
	if _, err := NewList([]Area{merged, old}, nil); err != nil {
		t.Error(err)
	}
	for at, want := range map[int][2]bool{0: {true, false}, 1: {false, true}, 9: {false, true}} {
		if got := [2]bool{old.Codes[0].At(day(at)), merged.Codes[0].At(day(at))}; got != want {
			t.Errorf("on day %d: %v, want %v", at, got, want)
		}
	}
	other := coded("old", AreaCode{Code: "00178", Until: day(1).In(time.FixedZone("", 7*3600))}, old.Codes[1])
	if !old.Equal(other) || old.Equal(merged) || old.Equal(Area{ID: "old", Name: "A"}) {
		t.Error("equal areas differ, or others are equal")
	}
}

func TestListIsBounded(t *testing.T) {
	t.Parallel()
	if _, err := NewList(testAreas, make([]Camera, MaxCameras+1)); err == nil {
		t.Error("more cameras than the bound")
	}
	_, err := NewList(testAreas, make([]Camera, 1000))
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != maxProblems {
		t.Errorf("%d problems", len(problems))
	}
}

// store is an inventory that changes.
type store struct {
	mu      sync.Mutex
	areas   []Area
	cameras []Camera
	changed chan struct{}
}

func (s *store) Camera(id CameraID) (Camera, error) {
	for _, c := range s.Cameras() {
		if c.ID == id {
			return c, nil
		}
	}
	return Camera{}, ErrNotFound
}

func (s *store) Cameras() []Camera {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cameras
}

func (s *store) Areas() []Area {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.areas
}

func (s *store) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

func (s *store) set(areas []Area, cameras []Camera) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.areas, s.cameras = areas, cameras
	close(s.changed)
	s.changed = make(chan struct{})
}

func TestCameraInTwoInventoriesIsAnError(t *testing.T) {
	t.Parallel()
	l, err := NewList(testAreas, []Camera{testCamera("a")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewUnion(l, l); !errors.Is(err, ErrAmbiguous) || !strings.Contains(err.Error(), `camera "a"`) {
		t.Errorf("at construction: %v", err)
	}
	if _, err := NewUnion(l, &store{areas: []Area{{ID: "lang", Name: "Láng", Parent: "vinh"}}}); !errors.Is(err, ErrAmbiguous) || !strings.Contains(err.Error(), `area "lang"`) {
		t.Errorf("an area in two places: %v", err)
	}

	s := &store{areas: testAreas[1:], cameras: []Camera{testCamera("b")}, changed: make(chan struct{})}
	u, err := NewUnion(l, s)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); u.Run(ctx) }()
	defer func() { cancel(); <-done }()
	if len(u.Cameras()) != 2 || len(u.Areas()) != 3 {
		t.Errorf("%v %v", u.Cameras(), u.Areas())
	}
	if p := AreaPath(u, "lang"); len(p) != 2 {
		t.Errorf("AreaPath: %v", p)
	}

	change := func(areas []Area, cameras ...Camera) {
		t.Helper()
		ch := u.Changed()
		s.set(areas, cameras)
		select {
		case <-ch:
		case <-time.After(10 * time.Second):
			t.Fatal("the union did not tell of a change")
		}
	}
	change(testAreas[1:], testCamera("a"), testCamera("b"))
	if _, err := u.Camera("a"); !errors.Is(err, ErrAmbiguous) {
		t.Errorf("Camera(a): %v", err)
	}
	if cs := u.Cameras(); len(cs) != 1 || cs[0].ID != "b" {
		t.Errorf("Cameras: %v", cs)
	}
	change([]Area{{ID: "ha-noi", Name: "Hà Nội", Parent: "vinh"}}, testCamera("b"))
	for _, id := range []CameraID{"a", "b"} {
		if _, err := u.Camera(id); !errors.Is(err, ErrAmbiguous) {
			t.Errorf("Camera(%s), whose area lies in two places: %v", id, err)
		}
	}
	change(nil)
	if c, err := u.Camera("a"); err != nil || c.ID != "a" {
		t.Errorf("Camera(a) again alone: %v, %v", c, err)
	}
	if _, err := u.Camera("b"); !errors.Is(err, ErrNotFound) {
		t.Errorf("Camera(b): %v", err)
	}
}

func TestWhatAnOwnerDrewHidesBesideTheCamerasOwnMasksAtOnce(t *testing.T) {
	t.Parallel()
	own, drawn := Mask{{0, 0}, {1, 0}, {0, 1}}, Mask{{1, 1}, {1, 0}, {0, 1}}
	c := testCamera("a")
	c.Masks = []Mask{own}
	l, err := NewList(testAreas, []Camera{c, testCamera("b")})
	if err != nil {
		t.Fatal(err)
	}
	u, err := NewUnion(l)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	changed, more := make(chan struct{}), []Mask(nil)
	u.Cover(func(id CameraID) []Mask {
		mu.Lock()
		defer mu.Unlock()
		if id == "a" {
			return more
		}
		return nil
	}, func() <-chan struct{} { mu.Lock(); defer mu.Unlock(); return changed })
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); u.Run(ctx) }()
	defer func() { cancel(); <-done }()
	before, told := u.Cameras()[0], u.Changed()
	mu.Lock()
	more = []Mask{drawn}
	mu.Unlock()
	if got, err := u.Camera("a"); err != nil || !reflect.DeepEqual(got.Masks, []Mask{own, drawn}) {
		t.Errorf("before anybody was told of it: %v %v", got.Masks, err)
	}
	mu.Lock()
	close(changed)
	changed = make(chan struct{})
	mu.Unlock()
	select {
	case <-told:
	case <-time.After(10 * time.Second):
		t.Fatal("nobody was told that other masks count")
	}
	if got := u.Cameras()[0]; !reflect.DeepEqual(got.Masks, []Mask{own, drawn}) || len(before.Masks) != 1 || len(l.Cameras()[0].Masks) != 1 {
		t.Errorf("%v, of the member %v", got.Masks, l.Cameras()[0].Masks)
	}
	if got, _ := u.Camera("b"); got.Masked() {
		t.Errorf("another camera: %v", got.Masks)
	}
}

func TestAreaPathOfAForeignLoopEnds(t *testing.T) {
	t.Parallel()
	s := &store{areas: []Area{{ID: "a", Name: "A", Parent: "b"}, {ID: "b", Name: "B", Parent: "a"}}}
	if p := AreaPath(s, "a"); len(p) != MaxAreaDepth {
		t.Errorf("%v", p)
	}
}
