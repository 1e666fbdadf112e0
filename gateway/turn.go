package gateway

import (
	"context"
	"errors"
	"math"
	"time"
)

// Bounds of turning.
const (
	MoveWithin = 600 * time.Millisecond // a motion that is not asked for again stops: the hand is gone, or its network
	turnWithin = 5 * time.Second        // an answer of the camera
	maxPresets = 256                    // of a camera that are told
	repeat     = time.Second            // a camera is told again of a motion that goes on: it stops by itself should we be gone
)

// ErrMaskedTurn is the answer for a camera with masks: they stay where they are in
// the picture, and what they hide would move out from behind them.
var ErrMaskedTurn = errors.New("a camera with masks is not turned: they would hide another place")

// ErrFixed is the answer for a camera that cannot be turned.
var ErrFixed = errors.New("this camera cannot be turned")

// Motion is how fast to turn, each from -1 to 1 of the camera's fastest: Pan to
// the right, Tilt up, Zoom in. The zero Motion stops.
type Motion struct{ Pan, Tilt, Zoom float64 }

// within is m with each part at most limit.
func (m Motion) within(limit float64) Motion {
	bound := func(v float64) float64 {
		if math.IsNaN(v) {
			return 0
		}
		return max(-1, min(v, 1)) * limit
	}
	return Motion{bound(m.Pan), bound(m.Tilt), bound(m.Zoom)}
}

// Preset is a direction that a camera knows by heart.
type Preset struct{ Token, Name string }

// Turner turns one camera. It is called from one goroutine.
type Turner interface {
	Move(ctx context.Context, m Motion) error // is called again each second of a motion; one that is not should end after some
	Home(ctx context.Context) error
	Go(ctx context.Context, preset string) error
	Presets(ctx context.Context) ([]Preset, error)
	Close()
}

// turning is what a head has been asked and told, and decides what is due. It is
// pure: Heads does what it says.
type turning struct {
	homeAfter time.Duration // without a hand, before the camera looks home again; 0: never

	want, sent Motion
	asked      time.Time // want, last
	told       time.Time // sent, last
	act        *act      // to be done once, before anything else; nil where there is none
	away       bool      // turned since it was home
	left       time.Time // when the stick was seen to be free; zero while it is held
}

// act is what is done once: home where preset is "".
type act struct{ preset string }

// due is what to do next.
type due struct {
	move  bool // Motion
	to    Motion
	act   *act
	end   bool          // nothing will be due any more
	after time.Duration // ask again then at the latest, where nothing else is to be done
}

// step decides what is due now. Whoever does it tells done or moved.
func (t *turning) step(held bool, now time.Time) due {
	switch {
	case held:
		t.left = time.Time{}
	case t.left.IsZero():
		t.left = now
	}
	moving := t.sent != (Motion{})
	if t.want != (Motion{}) && (!held || now.Sub(t.asked) >= MoveWithin) {
		t.want = Motion{}
	}
	switch {
	case t.act != nil:
		return due{act: t.act}
	case t.want != t.sent, moving && now.Sub(t.told) >= repeat:
		return due{move: true, to: t.want}
	case moving:
		return due{after: min(t.asked.Add(MoveWithin).Sub(now), t.told.Add(repeat).Sub(now))}
	case held:
		return due{after: StickIdle}
	case !t.away || t.homeAfter <= 0:
		return due{end: true}
	}
	if rest := t.left.Add(t.homeAfter).Sub(now); rest > 0 {
		return due{after: rest}
	}
	return due{act: &act{}}
}

// moved tells that the camera was given a motion.
func (t *turning) moved(m Motion, now time.Time) {
	t.sent, t.told = m, now
	t.away = t.away || m != (Motion{})
}

// done tells that an act was done, or that the camera would not.
func (t *turning) done(a *act) {
	if t.act == a {
		t.act = nil
	}
	t.sent = Motion{} // both end a motion
	t.want = Motion{}
	t.away = a.preset != ""
}
