package signaling

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/rtc"
)

// shifting is an inventory that changes.
type shifting struct {
	atomic.Pointer[gateway.List]
	mu      sync.Mutex
	changed chan struct{}
}

func (s *shifting) Cameras() []gateway.Camera                          { return s.Load().Cameras() }
func (s *shifting) Camera(id gateway.CameraID) (gateway.Camera, error) { return s.Load().Camera(id) }
func (s *shifting) Areas() []gateway.Area                              { return s.Load().Areas() }
func (s *shifting) Changed() <-chan struct{}                           { s.mu.Lock(); defer s.mu.Unlock(); return s.changed }

// mask gives a camera masks.
func (s *shifting) mask(t testing.TB, id gateway.CameraID, masks ...gateway.Mask) {
	t.Helper()
	s.change(t, id, func(c *gateway.Camera) { c.Masks = masks })
}

func (s *shifting) change(t testing.TB, id gateway.CameraID, change func(*gateway.Camera)) {
	t.Helper()
	cameras := slices.Clone(s.Cameras())
	for i := range cameras {
		if cameras[i].ID == id {
			change(&cameras[i])
		}
	}
	list, err := gateway.NewList(s.Areas(), cameras)
	if err != nil {
		t.Fatal(err)
	}
	s.Store(list)
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.changed)
	s.changed = make(chan struct{})
}

// press makes rungs whose pictures say so: of camera 1 they are of "camera" 11.
type press struct {
	none error
	made chan<- gateway.StreamID // what was asked for; nil: nobody wants to know
}

func (p press) Can() error { return p.none }
func (p press) Rung(_ gateway.Camera, id gateway.StreamID) (gateway.Source, error) {
	if p.made != nil {
		p.made <- id
	}
	return ticking{11}, nil
}

var triangle = gateway.Mask{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 0, Y: 1}}

func TestWhoLooksAtACameraThatIsGivenMasksIsShownItsRungAndNoStick(t *testing.T) {
	t.Parallel()
	r, _, officers, _, _ := turning(t)
	r.hub.Rungs = press{}
	s, phone, _ := r.watch(officers[0], "one")
	s.stick(func(m Stick) bool { return m.May })
	phone.sees(1)
	r.places.mask(t, "one", triangle)
	phone.sees(11)
	s.stick(func(m Stick) bool { return !m.May })
	s.send(Turn{Type: TypeTurn, Tile: 0, Act: TurnTake})
	if code := s.refused(); code != CodeNoTurn {
		t.Errorf("who takes the stick is told %s", code)
	}
	phone.drain()
	phone.sees(11)
	if opened, ended := len(r.audit.of(auth.ViewOpened)), len(r.audit.of(auth.ViewClosed)); opened != 1 || ended != 0 {
		t.Errorf("%d looks were opened and %d ended", opened, ended)
	}
	r.places.mask(t, "one")
	phone.sees(1)
	s.stick(func(m Stick) bool { return m.May })
}

func TestACameraWithMasksIsNotShownWhereNoRungsAreMade(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	r.hub.Rungs = press{none: gateway.ErrNoRungs}
	r.places.mask(t, "one", triangle)
	s, phone, _ := r.watch(everyToken, "one")
	if code := s.refused(); code != CodeNoRungs {
		t.Errorf("the viewer is told %s", code)
	}
	if len(phone.pictures) > 0 {
		t.Error("a picture came")
	}
}

func TestChoiceOfACameraWithMasks(t *testing.T) {
	t.Parallel()
	cam := gateway.Camera{ID: "one", Main: "rtsp://192.0.2.1/1", Sub: "rtsp://192.0.2.1/2", Masks: []gateway.Mask{triangle}}
	for _, sub := range []string{"", cam.Sub} {
		cam.Sub = sub
		for _, asked := range []string{"", "auto", "main", "sub"} {
			for _, weak := range []bool{false, true} {
				for _, made := range []bool{false, true} {
					c := choose(cam, View{Stream: asked, Small: weak}, weak, rtc.Means{Made: made})
					for _, id := range append(c.Ladder, c.Stream, c.Begin) {
						if id.Quality.Own() {
							t.Errorf("%q, weak %v, made %v: %+v", asked, weak, made, c)
						}
					}
					if low := asked == "sub" || weak && asked != "main"; made && (c.Stream.Quality == gateway.Low) != low {
						t.Errorf("%q, weak %v: %+v", asked, weak, c)
					}
				}
			}
		}
	}
}
