package signaling

import (
	"cmp"
	"context"
	"errors"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// What a Turn asks for.
const (
	TurnTake   = "take"   // the stick; to be had before anything else
	TurnMove   = "move"   // at a speed, again at least each 500 ms; without a speed it stops
	TurnHome   = "home"   // to look home
	TurnPreset = "preset" // to look where a preset says
	TurnLeave  = "leave"  // give the stick back
)

// Ranks of hands: who may supervise where the camera is goes before who may only
// turn it.
const (
	rankOfficer = iota + 1
	rankSupervisor
)

// stickHeld is a stick that the session holds, as the audit log knows.
type stickHeld struct {
	record auth.Record
	since  time.Time
}

func (v *session) onTurn(ctx context.Context, b []byte) error {
	var m Turn
	if err := decode(b, &m); err != nil {
		return err
	}
	v.act.Lock()
	defer v.act.Unlock()
	if m.Tile < 0 || m.Tile >= MaxTiles {
		v.refuse(coded(CodeNoTile), &m.Tile)
		return nil
	}
	v.mu.Lock()
	t := v.tiles[m.Tile]
	v.mu.Unlock()
	if err := v.turnTile(ctx, m, t, time.Now()); err != nil {
		v.refuse(err, &m.Tile)
	}
	return nil
}

// turnTile does what a Turn asks of a tile's camera. v.act is held.
func (v *session) turnTile(ctx context.Context, m Turn, t slot, now time.Time) error {
	heads := v.server.Heads
	if t.camera == "" || t.open == nil || heads == nil {
		return coded(CodeNoTile)
	}
	cam, err := v.server.Inventory.Camera(t.camera)
	if err != nil {
		return coded(CodeNotFound)
	}
	if m.Act == TurnLeave {
		v.letGo(cam.ID)
		return nil
	}
	if !v.mayTurn(cam, now) {
		v.letGo(cam.ID)
		return coded(CodeNoTurn)
	}
	switch m.Act {
	case TurnTake:
		return v.takeStick(ctx, cam, t, now)
	case TurnMove:
		err = heads.Move(cam.ID, v.id, gateway.Motion{Pan: m.Pan, Tilt: m.Tilt, Zoom: m.Zoom}, now)
	case TurnHome:
		err = heads.Home(cam.ID, v.id, now)
	case TurnPreset:
		err = heads.Go(cam.ID, v.id, m.Preset, now)
	default:
		return coded(CodeBadMessage)
	}
	return turnError(err)
}

// mayTurn decides whether the viewer may turn a camera now.
func (v *session) mayTurn(cam gateway.Camera, now time.Time) bool {
	if v.server.Heads == nil || !cam.Turns() || cam.Masked() {
		return false
	}
	_, err := v.server.Policy.Decide(v.subject, auth.PTZ, v.server.resourceOf(cam), now)
	return err == nil
}

// tellTurns notes whether a tile's camera can be turned and by the viewer, and has
// the page told where that is news. v.act is held.
func (v *session) tellTurns(i int, cam gateway.Camera, now time.Time) {
	turns, may := v.server.Heads != nil && cam.Turns(), v.mayTurn(cam, now)
	if !may {
		v.letGo(cam.ID)
	}
	v.mu.Lock()
	t := &v.tiles[i]
	news := t.camera == cam.ID && (t.turns != turns || t.may != may)
	if news {
		t.turns, t.may, t.stick = turns, may, true
	}
	l := v.line
	v.mu.Unlock()
	if news && l != nil {
		l.wake()
	}
}

// takeStick takes a camera's stick and has it recorded; without a record nothing
// moves. v.act is held.
func (v *session) takeStick(ctx context.Context, cam gateway.Camera, t slot, now time.Time) error {
	hand := gateway.Hand{ID: v.id, Name: v.subject.Name, Rank: rankOfficer}
	if _, err := v.server.Policy.Decide(v.subject, auth.Supervise, v.server.resourceOf(cam), now); err == nil {
		hand.Rank = rankSupervisor
	}
	from, err := v.server.Heads.Take(cam.ID, hand, now)
	if err != nil {
		return turnError(err)
	}
	v.mu.Lock()
	_, again := v.sticks[cam.ID]
	v.mu.Unlock()
	if again {
		return nil
	}
	r := v.server.about(auth.CameraTurned, v.subject, v.device(), cam)
	r.View, r.Case, r.Time, r.Detail = t.open.record.View, t.open.record.Case, now, stickTaken
	if from.ID != "" {
		r.Detail, r.Target = stickTakenFrom, from.Name
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cmp.Or(v.server.recordWait, recordWithin))
	defer cancel()
	if err := v.server.Audit.Write(ctx, r); err != nil {
		v.server.Heads.Leave(cam.ID, v.id)
		v.log.Error("a camera was not turned: it could not be recorded", "camera", cam.ID, "err", err)
		return coded(CodeUnrecorded)
	}
	v.mu.Lock()
	v.sticks[cam.ID] = stickHeld{r, now}
	v.mu.Unlock()
	return nil
}

// letGo leaves a camera's stick, if the session holds it. v.mu is not held.
func (v *session) letGo(id gateway.CameraID) {
	if v.server.Heads == nil {
		return
	}
	v.stickGone(id, stickLeft) // before everybody is told
	v.server.Heads.Leave(id, v.id)
}

// stickGone has it recorded that the session holds a stick no longer.
func (v *session) stickGone(id gateway.CameraID, why string) {
	v.mu.Lock()
	h, ok := v.sticks[id]
	delete(v.sticks, id)
	v.mu.Unlock()
	if !ok {
		return
	}
	r := h.record
	r.Time, r.Detail, r.Target = time.Now(), why, ""
	r.Duration = max(0, r.Time.Sub(h.since))
	v.server.Audit.Later(r)
}

// Why and how a stick changed hands, as the audit log tells it.
const (
	stickTaken     = "took the stick"
	stickTakenFrom = "took the stick from another"
	stickLeft      = "left the stick"
	stickLost      = "lost the stick"
)

// TellStick has everybody who looks at a camera told who turns it. It is for
// gateway.Heads, and does not block.
func (s *Server) TellStick(id gateway.CameraID) {
	now := time.Now()
	holder := s.Heads.Turned(id, now).Holder.ID
	sessions, _ := s.viewers()
	for _, v := range sessions {
		if holder != v.id {
			v.stickGone(id, stickLost)
		}
		v.mu.Lock()
		news := false
		for i := range v.tiles {
			if t := &v.tiles[i]; t.camera == id && t.turns {
				t.stick, news = true, true
			}
		}
		l := v.line
		v.mu.Unlock()
		if news && l != nil {
			l.wake()
		}
	}
}

// stickOf is what a tile's page is told of its camera's stick. v.mu is held.
func (v *session) stickOf(i int, now time.Time) Stick {
	t := &v.tiles[i]
	is := v.server.Heads.Turned(t.camera, now)
	m := Stick{Type: TypeStick, Tile: i, Camera: string(t.camera), May: t.may, Holder: is.Holder.Name,
		Mine: is.Holder.ID == v.id, Ready: is.Ready, Failed: is.Failed}
	if m.Mine && m.May {
		for _, p := range is.Presets {
			m.Presets = append(m.Presets, StickPreset{p.Token, p.Name})
		}
	}
	return m
}

// turnError gives an error of the desk its code.
func turnError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, gateway.ErrStickTaken):
		return coded(CodeStick)
	case errors.Is(err, gateway.ErrFixed), errors.Is(err, gateway.ErrMaskedTurn), errors.Is(err, gateway.ErrNotFound):
		return coded(CodeNoTurn)
	case errors.Is(err, gateway.ErrHeads):
		return coded(CodeTooMany)
	case errors.Is(err, gateway.ErrClosed):
		return coded(CodeRestarting)
	}
	return err
}
