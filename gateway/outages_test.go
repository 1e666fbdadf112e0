package gateway

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// watchman steps Outages through simulated time, ten seconds at a time.
type watchman struct {
	*Outages
	now   time.Time
	state map[CameraID]Fact // said at each step; none of a camera that nobody asks
	told  []Alert
}

// newWatchman has n cameras at each host, h0-0, h0-1, ...
func newWatchman(hosts ...int) *watchman {
	w := &watchman{Outages: NewOutages(Patience{After: 5 * time.Minute, Steady: time.Minute}), now: time.Unix(1_800_000_000, 0), state: map[CameraID]Fact{}}
	var all []Camera
	for h, n := range hosts {
		for i := range n {
			all = append(all, Camera{ID: CameraID(fmt.Sprintf("h%d-%d", h, i)), Main: fmt.Sprintf("rtsp://192.0.2.%d:554/%d", h+1, i)})
		}
	}
	w.Keep(all, func(Camera) bool { return false })
	for _, c := range all {
		w.state[c.ID] = Fact{Camera: c.ID, Good: true, Pictures: true}
	}
	return w
}

func (w *watchman) set(prefix string, good bool) {
	for id, f := range w.state {
		if strings.HasPrefix(string(id), prefix) {
			f.Good, f.Cause = good, ""
			if !good {
				f.Cause = CauseUnreachable
			}
			w.state[id] = f
		}
	}
}

func (w *watchman) pass(d time.Duration) {
	for end := w.now.Add(d); w.now.Before(end); {
		w.now = w.now.Add(10 * time.Second)
		var facts []Fact
		for _, f := range w.state {
			facts = append(facts, f)
		}
		w.told = append(w.told, w.Step(facts, w.now)...)
	}
}

// kinds are what was told: kind, how many cameras, which alert it ends.
func (w *watchman) kinds() string {
	var out []string
	for _, a := range w.told {
		text := fmt.Sprintf("%s %d", a.Kind, len(a.Cameras))
		if a.Of != 0 {
			text += fmt.Sprintf(" of %d", a.Of)
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

func TestWhatIsToldOfOutages(t *testing.T) {
	t.Parallel()
	const m = time.Minute
	flap := func(w *watchman, n int, gone, there time.Duration) {
		for range n {
			w.set("h0", false)
			w.pass(gone)
			w.set("h0", true)
			w.pass(there)
		}
	}
	for _, c := range []struct {
		name  string
		hosts []int
		do    func(*watchman)
		want  string
	}{
		{"all is well", []int{1, 1}, func(w *watchman) { w.pass(60 * m) }, ""},
		{"a blink", []int{1, 1}, func(w *watchman) { flap(w, 10, 20*time.Second, 3*m) }, ""},
		{"not long enough", []int{1, 1}, func(w *watchman) { flap(w, 1, 5*m-10*time.Second, 60*m) }, ""},
		{"gone and back", []int{1, 1}, func(w *watchman) { flap(w, 1, 7*m, 3*m) }, "offline 1, online 1 of 1"},
		{"gone for hours is told once", []int{1, 1}, func(w *watchman) { flap(w, 1, 300*m, 3*m) }, "offline 1, online 1 of 1"},
		{"back for a moment only", []int{1, 1}, func(w *watchman) {
			flap(w, 1, 7*m, 50*time.Second)
			flap(w, 1, 30*m, 50*time.Second)
			w.set("h0", false)
			w.pass(10 * m)
		}, "offline 1"},
		{"back before it is told", []int{1, 1}, func(w *watchman) { flap(w, 1, 5*m+30*time.Second, 10*m) }, ""},
		{"it comes and goes", []int{1, 1}, func(w *watchman) { flap(w, 20, 1*m, 2*m) }, "unsteady 1"},
		{"it came and went, and is steady again", []int{1, 1}, func(w *watchman) { flap(w, 4, 1*m, 2*m); w.pass(61 * m) }, "unsteady 1, online 1 of 1"},
		{"it came and went, and is gone", []int{1, 1}, func(w *watchman) {
			flap(w, 4, 1*m, 2*m)
			w.set("h0", false)
			w.pass(70 * m)
		}, "unsteady 1, offline 1 of 1"},
		{"a recorder with all its channels", []int{16, 1}, func(w *watchman) { flap(w, 1, 7*m, 3*m) }, "host_offline 16, online 16 of 1"},
		{"some channels of a recorder", []int{16, 1}, func(w *watchman) { w.set("h0-1", false); w.pass(7 * m) }, "offline 7"},
		{"its channels come back one by one", []int{2, 1}, func(w *watchman) {
			w.set("h0", false)
			w.pass(7 * m)
			w.set("h0-0", true)
			w.pass(5 * m)
			w.set("h0-1", true)
			w.pass(5 * m)
		}, "host_offline 2, online 1 of 1, online 1 of 1"},
		{"channels that fall within a minute", []int{2, 1}, func(w *watchman) {
			w.set("h0-0", false)
			w.pass(50 * time.Second)
			w.set("h0-1", false)
			w.pass(10 * m)
		}, "host_offline 2"},
		{"ten hosts are ten things", []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, func(w *watchman) {
			for h := range 10 {
				w.set(fmt.Sprintf("h%d-", h), false)
			}
			w.pass(7 * m)
		}, strings.TrimSuffix(strings.Repeat("offline 1, ", 10), ", ")},
		{"eleven are one", []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, func(w *watchman) {
			for h := range 11 {
				w.set(fmt.Sprintf("h%d-", h), false)
			}
			w.pass(7 * m)
			w.set("", true)
			w.pass(3 * m)
		}, "many_offline 11, online 11 of 1"},
		{"our own network", []int{4, 1, 1}, func(w *watchman) {
			w.set("", false)
			w.pass(20 * m)
			w.set("", true)
			w.pass(10 * m)
		}, "network_lost 6, network_back 0 of 1"},
		{"what is still gone when our network is back", []int{4, 1, 1}, func(w *watchman) {
			w.set("", false)
			w.pass(20 * m)
			w.set("h1", true)
			w.set("h2", true)
			w.pass(10 * m)
		}, "network_lost 6, network_back 0 of 1, host_offline 4"},
		{"all of two hosts may be chance", []int{1, 1}, func(w *watchman) { w.set("", false); w.pass(7 * m) }, "offline 1, offline 1"},
		{"our network blinks while it is gone", []int{1, 1, 1}, func(w *watchman) {
			w.set("", false)
			w.pass(20 * m)
			for range 3 {
				w.set("h1", true)
				w.pass(20 * time.Second)
				w.set("h1", false)
				w.pass(20 * m)
			}
		}, "network_lost 3"},
		{"a host that answers does not refute a refused login", []int{1, 1}, func(w *watchman) {
			w.state["h0-0"] = Fact{Camera: "h0-0", Pictures: true, Cause: CauseUnauthorized}
			w.pass(7 * m)
			w.state["h0-0"] = Fact{Camera: "h0-0", Good: true}
			w.pass(30 * m)
			w.state["h0-0"] = Fact{Camera: "h0-0", Good: true, Pictures: true}
			w.pass(3 * m)
		}, "offline 1, online 1 of 1"},
		{"two looks with hours between them", []int{1, 1}, func(w *watchman) {
			bad := Fact{Camera: "h0-0", Pictures: true, Cause: CauseSilent}
			w.state["h0-0"] = bad
			w.pass(20 * time.Second)
			delete(w.state, "h0-0")
			w.pass(3 * time.Hour)
			w.state["h0-0"] = bad
			w.pass(20 * time.Second)
			delete(w.state, "h0-0")
			w.pass(20 * m)
		}, ""},
		{"the machine sleeps", []int{1, 1}, func(w *watchman) {
			w.set("h0", false)
			w.pass(time.Minute)
			w.now = w.now.Add(time.Hour)
			w.pass(4 * m)
		}, ""},
		{"it is removed", []int{1, 1}, func(w *watchman) {
			w.set("h0", false)
			w.pass(7 * m)
			w.Keep([]Camera{{ID: "h1-0", Main: "rtsp://192.0.2.2:554/0"}}, func(Camera) bool { return false })
			w.pass(7 * m)
		}, "offline 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWatchman(c.hosts...)
			w.pass(2 * m)
			c.do(w)
			if got := w.kinds(); got != c.want {
				t.Errorf("told %q, want %q", got, c.want)
			}
		})
	}
}

func TestAnAlertSaysSinceWhenAndWhy(t *testing.T) {
	t.Parallel()
	w := newWatchman(1, 3)
	w.pass(time.Minute)
	began := w.now
	w.set("h1", false)
	w.pass(7 * time.Minute)
	w.set("h1-2", true)
	w.pass(3 * time.Minute)
	if len(w.told) != 2 {
		t.Fatalf("told %s", w.kinds())
	}
	gone, back := w.told[0], w.told[1]
	if since := gone.Since.Sub(began); since != 10*time.Second || gone.Cause != CauseUnreachable || gone.Number != 1 || !slices.Equal(gone.Cameras, []CameraID{"h1-0", "h1-1", "h1-2"}) {
		t.Errorf("%v after it began: %+v", since, gone)
	}
	if late := gone.At.Sub(began); late > 6*time.Minute+20*time.Second {
		t.Errorf("told after %v", late)
	}
	if back.Left != 2 || back.Of != 1 || back.Cause != "" || !slices.Equal(back.Cameras, []CameraID{"h1-2"}) {
		t.Errorf("%+v", back)
	}
	if is, ok := w.Trouble("h1-0", w.now); !ok || is.Since != gone.Since || is.Cause != CauseUnreachable || is.Unsteady || is.Network {
		t.Errorf("%+v %v", is, ok)
	}
	for _, id := range []CameraID{"h0-0", "h1-2", "unheard-of"} {
		if is, ok := w.Trouble(id, w.now); ok {
			t.Errorf("%s: %+v", id, is)
		}
	}
}

func TestWhatIsOverIsForgotten(t *testing.T) {
	t.Parallel()
	w := newWatchman(5, 5, 5)
	for range 3 {
		w.set("h0", false)
		w.pass(7 * time.Minute)
		w.set("h0", true)
		w.pass(3 * time.Hour)
	}
	if n := len(w.vigils); n != 0 {
		t.Errorf("%d cameras are remembered", n)
	}
}
