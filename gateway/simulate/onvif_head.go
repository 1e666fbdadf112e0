package simulate

import (
	"math"
	"strconv"
	"time"
)

// A head turns in 8 s from one end to the other, and zooms in 4 s.
const (
	headSpeed  = 0.25 // of pan and tilt, which go from -1 to 1, in a second at full velocity
	zoomSpeed  = 0.25 // of zoom, which goes from 0 to 1
	maxPresets = 32
)

// axes are pan, tilt and zoom.
type axes [3]float64

var least, most = axes{-1, -1, 0}, axes{1, 1, 1}

// clamp keeps a position within what the head can do.
func (a axes) clamp() axes {
	for i := range a {
		a[i] = min(max(a[i], least[i]), most[i])
	}
	return a
}

// head is what a camera moves with: where it was, and what it does since. It is
// a pure state machine of the time.
type head struct {
	from     axes
	began    time.Time
	velocity axes      // a second
	until    time.Time // of the velocity
	target   *axes     // to be reached at full speed; nil: the velocity counts
	presets  map[string]preset
	numbered int // presets that ever were
	home     axes
}

type preset struct {
	name string
	at   axes
}

func newHead() head { return head{presets: map[string]preset{}} }

// at is where the head looks.
func (h *head) at(now time.Time) axes {
	if h.target != nil {
		t, out := now.Sub(h.began).Seconds(), h.from
		for i, speed := range speeds {
			way := h.target[i] - h.from[i]
			out[i] += math.Copysign(min(math.Abs(way), speed*max(t, 0)), way)
		}
		return out
	}
	end := now
	if end.After(h.until) {
		end = h.until
	}
	t, out := max(end.Sub(h.began).Seconds(), 0), h.from
	for i := range out {
		out[i] += h.velocity[i] * t
	}
	return out.clamp()
}

var speeds = axes{headSpeed, headSpeed, zoomSpeed}

// moving says whether the head moves.
func (h *head) moving(now time.Time) (panTilt, zoom bool) {
	a, b := h.at(now), h.at(now.Add(10*time.Millisecond))
	return a[0] != b[0] || a[1] != b[1], a[2] != b[2]
}

// run moves with a velocity from -1 to 1 of each axis, for a time.
func (h *head) run(v axes, within time.Duration, now time.Time) {
	h.from, h.began, h.until, h.target = h.at(now), now, now.Add(within), nil
	for i := range v {
		h.velocity[i] = min(max(v[i], -1), 1) * speeds[i]
	}
}

// turn moves to a position.
func (h *head) turn(to axes, now time.Time) {
	to = to.clamp()
	h.from, h.began, h.target = h.at(now), now, &to
}

// keep keeps the position as a preset, a new one where token is "".
func (h *head) keep(token, name string, now time.Time) (string, bool) {
	if _, there := h.presets[token]; !there {
		if token != "" || len(h.presets) >= maxPresets {
			return "", false
		}
		h.numbered++
		token = "preset" + strconv.Itoa(h.numbered)
	}
	h.presets[token] = preset{name, h.at(now)}
	return token, true
}
