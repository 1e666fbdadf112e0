package signaling

import (
	"cmp"
	"context"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// hearing is what a session listens to: the camera of one tile, for as long as
// its view is open. The zero hearing is none.
type hearing struct {
	camera gateway.CameraID
	tile   int
	record auth.Record // of its beginning
	since  time.Time
}

// Of the audit log's records of sound.
const (
	soundBegun = "began to listen"
	soundEnded = "stopped listening"
)

// mayHear says whether the viewer may hear a camera that it may see: one whose
// sound an administrator switched on. By a link that was passed on nobody may.
func (v *session) mayHear(cam gateway.Camera) bool {
	switch v.subject.Way() {
	case auth.WayGuest, auth.WayInvited:
		return false
	}
	return cam.Audible()
}

func (v *session) onListen(ctx context.Context, b []byte) error {
	var m Listen
	if err := decode(b, &m); err != nil {
		return err
	}
	v.act.Lock()
	defer v.act.Unlock()
	if m.Tile < 0 || m.Tile >= MaxTiles {
		v.refuse(coded(CodeNoTile), &m.Tile)
		return nil
	}
	if !m.On {
		if v.hearing.camera != "" && v.hearing.tile == m.Tile {
			v.deafen()
		}
		return nil
	}
	if err := v.listen(ctx, m.Tile); err != nil {
		v.refuse(err, &m.Tile)
	}
	return nil
}

// listen begins to hear a tile's camera, in place of another's. The record of it
// is durable before the first sound leaves. v.act is held.
func (v *session) listen(ctx context.Context, tile int) error {
	v.mu.Lock()
	t := v.tiles[tile]
	v.mu.Unlock()
	if t.camera == "" || t.open == nil || v.peer == nil || tile >= v.peer.Tiles() {
		return coded(CodeNoTile)
	}
	if v.hearing.camera == t.camera && v.hearing.tile == tile {
		v.tellSound(tile, t.camera, true)
		return nil
	}
	cam, err := v.server.Inventory.Camera(t.camera)
	if ok, _ := v.peer.Listen(-1, ""); !ok || err != nil || !v.mayHear(cam) {
		return coded(CodeNoSound)
	}
	v.deafen()
	r := v.server.about(auth.CameraHeard, v.subject, v.device(), cam)
	r.View, r.Case, r.Time, r.Detail = t.open.record.View, t.open.record.Case, time.Now(), soundBegun
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cmp.Or(v.server.recordWait, recordWithin))
	defer cancel()
	if err := v.server.Audit.Write(ctx, r); err != nil {
		v.log.Error("a camera was not heard: it could not be recorded", "camera", cam.ID, "err", err)
		return coded(CodeUnrecorded)
	}
	v.hearing = hearing{cam.ID, tile, r, r.Time}
	if ok, err := v.peer.Listen(tile, cam.ID); err != nil || !ok {
		v.deafen()
		return coded(CodeNoSound)
	}
	v.tellSound(tile, cam.ID, true)
	v.log.Info("listens", "tile", tile, "camera", cam.ID)
	return nil
}

// deafen ends what listen began. v.act is held.
func (v *session) deafen() {
	h := v.hearing
	if h.camera == "" {
		return
	}
	v.hearing = hearing{}
	if v.peer != nil {
		_, _ = v.peer.Listen(-1, "")
	}
	r := h.record
	r.Time, r.Detail = time.Now(), soundEnded
	r.Duration = max(0, r.Time.Sub(h.since))
	v.server.Audit.Later(r)
	v.tellSound(h.tile, h.camera, false)
}

// tellHears has the page told whether a tile's camera may be heard, where that is
// news, and ends what may no longer. v.act is held.
func (v *session) tellHears(i int, cam gateway.Camera) {
	may := v.mayHear(cam)
	if !may && v.hearing.camera == cam.ID {
		v.deafen()
	}
	v.mu.Lock()
	t := &v.tiles[i]
	news := t.camera == cam.ID && t.state.Sound != may
	if news {
		t.state.Sound, t.tell = may, true
	}
	l := v.line
	v.mu.Unlock()
	if news && l != nil {
		l.wake()
	}
}

func (v *session) tellSound(tile int, camera gateway.CameraID, on bool) {
	v.mu.Lock()
	v.tiles[tile].sound, v.tiles[tile].ring = Sound{Type: TypeSound, Tile: tile, Camera: string(camera), On: on}, true
	l := v.line
	v.mu.Unlock()
	if l != nil {
		l.wake()
	}
}
