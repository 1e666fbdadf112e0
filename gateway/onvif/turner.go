package onvif

import (
	"context"
	"errors"
	"time"

	"matthan/gateway"
)

// moveWithin is how long a camera is told to move by itself. gateway.Heads tells
// it again each second; should this machine be gone, it stops on its own.
const moveWithin = 3 * time.Second

// Turner turns a camera by a profile's token. It implements gateway.Turner.
type Turner struct {
	device  *Device
	profile Profile
	space   Space // of velocities
}

// OpenTurner reaches the device and looks whether its profile moves.
func OpenTurner(ctx context.Context, cfg Config, token string) (*Turner, error) {
	d, err := New(cfg)
	if err != nil {
		return nil, gateway.Fail(gateway.CauseInternal, err)
	}
	t := &Turner{device: d}
	if err := t.find(ctx, token); err != nil {
		d.Close()
		return nil, err
	}
	return t, nil
}

func (t *Turner) find(ctx context.Context, token string) error {
	profiles, err := t.device.Profiles(ctx)
	if err != nil {
		return err
	}
	for _, p := range profiles {
		if p.Token != token {
			continue
		}
		if !p.PTZ {
			return gateway.Fail(gateway.CauseProtocol, gateway.ErrFixed)
		}
		t.profile = p
		// Without its ranges the generic ones hold, which are -1 to 1.
		if m, err := t.device.Movements(ctx, p); err == nil {
			t.space = m.Continuous
		}
		return nil
	}
	return gateway.Fail(gateway.CauseNoStream, errors.New("the device has no such profile"))
}

// Move implements gateway.Turner.
func (t *Turner) Move(ctx context.Context, m gateway.Motion) error {
	if m == (gateway.Motion{}) {
		return t.device.Stop(ctx, t.profile)
	}
	zoom := t.space.Zoom.speed(m.Zoom)
	return t.device.Move(ctx, t.profile, Vector{
		PanTilt: &Point{t.space.Pan.speed(m.Pan), t.space.Tilt.speed(m.Tilt)}, Zoom: &zoom,
	}, moveWithin)
}

// speed is a share of the fastest, -1 to 1, in the device's own range.
func (r *Range) speed(share float64) float64 {
	switch {
	case r == nil:
		return share
	case share < 0:
		return -share * min(r.Min, 0)
	}
	return share * max(r.Max, 0)
}

// Home implements gateway.Turner.
func (t *Turner) Home(ctx context.Context) error { return t.device.GotoHome(ctx, t.profile) }

// Go implements gateway.Turner.
func (t *Turner) Go(ctx context.Context, preset string) error {
	return t.device.GotoPreset(ctx, t.profile, preset)
}

// Presets implements gateway.Turner. A device that keeps none may refuse to say so.
func (t *Turner) Presets(ctx context.Context) ([]gateway.Preset, error) {
	known, err := t.device.Presets(ctx, t.profile)
	if gateway.CauseOf(err) == gateway.CauseProtocol {
		return nil, nil
	}
	out := make([]gateway.Preset, len(known))
	for i, p := range known {
		out[i] = gateway.Preset(p)
	}
	return out, err
}

// Close implements gateway.Turner.
func (t *Turner) Close() { t.device.Close() }
