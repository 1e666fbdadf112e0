package gateway

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"matthan/gateway/video"
)

func TestAHostIsAskedForAsMuchAsItMayAndViewersGoFirst(t *testing.T) {
	const mbit = 1_000_000
	viewer, glance, nobody := load{rank: rankViewer, bits: 4 * mbit}, load{rank: rankGlance, bits: 4 * mbit}, load{bits: 4 * mbit}
	wide, leaves := load{bits: 8 * mbit}, load{bits: 4 * mbit, leaving: true}
	four, wire := HostLimit{Pulls: 4}, HostLimit{Pulls: 64, Bits: 16 * mbit}
	for _, c := range []struct {
		name    string
		most    HostLimit
		said    int
		running []load
		want    load
		is      admission
		evict   []int
	}{
		{"the first", four, 0, nil, nobody, admitted, nil},
		{"the last place", four, 0, []load{viewer, viewer, viewer}, nobody, admitted, nil},
		{"a warm one too many", four, 0, []load{viewer, viewer, viewer, nobody}, nobody, refused, nil},
		{"a still where a warm one gives way", four, 0, []load{viewer, nobody, viewer, viewer}, glance, later, []int{1}},
		{"a still where all are looked at", four, 0, []load{viewer, viewer, viewer, viewer}, glance, refused, nil},
		{"a viewer: the warm one gives way, not the still", four, 0, []load{viewer, glance, nobody, viewer}, viewer, later, []int{2}},
		{"a viewer: the still gives way", four, 0, []load{viewer, glance, viewer, viewer}, viewer, later, []int{1}},
		{"a viewer: the widest gives way", four, 0, []load{nobody, wide, nobody, nobody}, viewer, later, []int{1}},
		{"a viewer where all are looked at", four, 0, []load{viewer, viewer, viewer, viewer}, viewer, refused, nil},
		{"a viewer while one is leaving", four, 0, []load{viewer, viewer, viewer, leaves}, viewer, later, nil},
		{"nobody else is told to leave meanwhile", four, 0, []load{viewer, viewer, nobody, leaves}, viewer, later, nil},

		{"within the wire", wire, 0, []load{viewer, viewer, viewer}, viewer, admitted, nil},
		{"the wire is full", wire, 0, []load{viewer, viewer, viewer, viewer}, viewer, refused, nil},
		{"the sub stream has room where the main one has not", wire, 0, []load{viewer, viewer, viewer, {rank: rankViewer, bits: 3 * mbit}}, load{rank: rankViewer, bits: mbit}, admitted, nil},
		{"the wire: as many give way as must", wire, 0, []load{nobody, nobody, nobody, nobody}, load{rank: rankViewer, bits: 8 * mbit}, later, []int{0, 1}},
		{"wider than the wire, alone", wire, 0, nil, load{rank: rankViewer, bits: 40 * mbit}, admitted, nil},
		{"wider than the wire, where others give way", wire, 0, []load{nobody}, load{rank: rankViewer, bits: 40 * mbit}, later, []int{0}},
		{"wider than the wire, beside a viewer", wire, 0, []load{viewer, nobody}, load{rank: rankViewer, bits: 40 * mbit}, refused, nil},

		{"a warm one at a host that said it is full", wire, 2, []load{viewer, nobody}, nobody, refused, nil},
		{"a warm one at a host that has given one back", wire, 2, []load{viewer}, nobody, admitted, nil},
		{"a viewer at a host that said it is full", wire, 2, []load{viewer, nobody}, viewer, later, []int{1}},
		{"a viewer at a host that said it is full of viewers: it may have room", wire, 2, []load{viewer, viewer}, viewer, admitted, nil},
	} {
		is, evict := admit(c.most, c.said, c.running, c.want)
		if is != c.is || !slices.Equal(evict, c.evict) {
			t.Errorf("%s: %d, evict %v; want %d, %v", c.name, is, evict, c.is, c.evict)
		}
	}
}

func TestHostOf(t *testing.T) {
	for in, want := range map[string]string{
		"rtsp://10.1.2.3/1": "10.1.2.3:554", "rtsp://10.1.2.3:554/2": "10.1.2.3:554", "rtsps://NVR.example/1": "nvr.example:322",
		"rtsp://[2001:db8::1]/": "[2001:db8::1]:554", "rtsp://10.1.2.3:8554/": "10.1.2.3:8554", "": "", "rtsp:///x": "",
	} {
		if got := HostOf(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// at is what is pulled from the host of startHub's cameras.
func loadOf(t *testing.T, h *Hub) HostLoad {
	t.Helper()
	c, err := h.inventory.Camera("one")
	if err != nil {
		t.Fatal(err)
	}
	return h.Host(c)
}

func TestAWarmPullGivesWayToAViewerOfTheSameHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := startHub(t, Limits{PullsPerHost: 1, Linger: time.Second}, func(CameraID) script { return playing })
		warm, releaseWarm, err := h.Warm(StreamID{Camera: "one", Quality: Main})
		if err != nil {
			t.Fatal(err)
		}
		defer releaseWarm()
		pass(7 * time.Second)
		if warm.State().Phase != Live || loadOf(t, h).Pulls != 1 || loadOf(t, h).Most.Pulls != 1 {
			t.Fatalf("%+v, %+v", warm.State(), loadOf(t, h))
		}
		s, release := open(t, h, "two")
		pass(200 * time.Millisecond)
		if s.State().Phase != Live {
			t.Errorf("the viewer waits: %+v", s.State())
		}
		if st := warm.State(); st.Phase != Offline || st.Cause != CauseHost {
			t.Errorf("the warm one: %+v", st)
		}
		if d := h.Day("one"); d.Pulled || len(d.Outages) != 0 || d.Care() == CareOffline {
			t.Errorf("a camera that gave way is said to have failed: %+v", d)
		}
		other, releaseOther := open(t, h, "one") // somebody looks at it, too, and may not take another's picture
		pass(5 * time.Second)
		if st := other.State(); st.Phase != Offline || st.Cause != CauseHost || s.State().Phase != Live {
			t.Errorf("%+v, %+v", st, s.State())
		}
		if d := h.Day("one"); len(d.Outages) != 1 || d.Outages[0].Cause != CauseHost {
			t.Errorf("what a viewer missed is not told: %+v", d.Outages)
		}
		releaseOther()
		release()
		pass(4 * time.Second)
		if st := warm.State(); st.Phase != Live {
			t.Errorf("the warm one did not come back: %+v", st)
		}
	})
}

func TestAnExaminationHasItsPlaceAtTheHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := startHub(t, Limits{PullsPerHost: 1, Linger: time.Second}, func(CameraID) script { return playing })
		cam, err := h.inventory.Camera("one")
		if err != nil {
			t.Fatal(err)
		}
		warm, releaseWarm, err := h.Warm(StreamID{Camera: "one", Quality: Main})
		if err != nil {
			t.Fatal(err)
		}
		defer releaseWarm()
		pass(time.Second)
		end, ok := h.Visit(cam)
		pass(time.Second)
		if !ok || warm.State().Phase != Offline {
			t.Fatalf("%v, %+v", ok, warm.State())
		}
		if _, ok := h.Visit(cam); ok {
			t.Error("two examinations have one place")
		}
		end()
		s, release := open(t, h, "two")
		defer release()
		pass(time.Second)
		if _, ok := h.Visit(cam); ok || s.State().Phase != Live {
			t.Errorf("an examination may take a viewer's place: %v, %+v", ok, s.State())
		}
	})
}

// A host that refuses a session says how many it gives.
func TestAHostThatGivesNoMoreIsRememberedToBeFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		running, refusals := 0, 0
		h := startHub(t, Limits{Linger: time.Second}, func(CameraID) script {
			return func(ctx context.Context, publish func(*video.AccessUnit)) error {
				if running == 1 {
					refusals++
					return Fail(CauseFull, errors.New("no more"))
				}
				running++
				defer func() { running-- }()
				return playing(ctx, publish)
			}
		})
		warm, releaseWarm, err := h.Warm(StreamID{Camera: "one", Quality: Main})
		if err != nil {
			t.Fatal(err)
		}
		pass(time.Second)
		s, release := open(t, h, "two")
		pass(time.Second)
		if s.State().Phase != Live || warm.State().Phase != Offline || refusals != 1 {
			t.Errorf("%+v, %+v, %d refusals", s.State(), warm.State(), refusals)
		}
		pass(time.Minute)
		if refusals != 1 || !loadOf(t, h).Full {
			t.Errorf("the host was asked for a warm stream again: %d refusals", refusals)
		}
		release()
		pass(4 * time.Second)
		if warm.State().Phase != Live {
			t.Errorf("%+v", warm.State())
		}
		releaseWarm()
		pass(saidFor)
		if loadOf(t, h).Full {
			t.Error("it is believed for ever")
		}
	})
}
