package signaling

import (
	"context"
	"time"

	"matthan/gateway"
	"matthan/gateway/rtc"
)

// opening is a view that was asked for, on its way into the audit log.
type opening struct {
	asked  View
	camera gateway.Camera
	until  time.Time
	denied error
	next   *look         // what the log knows; another size of the same picture is no new view
	failed error         // to be recorded
	known  chan struct{} // closed once next and failed are
}

// open asks whether a tile may be pointed at a camera, and has the audit log
// told where it may. v.act is held.
func (v *session) open(ctx context.Context, m View, now time.Time) *opening {
	o := &opening{asked: m, known: make(chan struct{})}
	if m.Camera == "" {
		close(o.known)
		return o
	}
	cam, p, err := v.server.mayOpen(v.subject, gateway.CameraID(m.Camera), now)
	o.camera, o.until, o.denied = cam, p.Until, err
	if o.next = v.looks[m.Tile]; err != nil || o.next.tells(cam.ID, p) {
		close(o.known)
		return o
	}
	from := v.device()
	go func() { // ends within recordWithin; act waits for it
		defer close(o.known)
		o.next, o.failed = v.server.begin(ctx, v.subject, from, cam, p)
	}()
	return o
}

// view points a tile at a camera, if it may, and once the audit log has it.
// v.act is held. Its error ends the socket: the token is no longer good.
func (v *session) view(ctx context.Context, m View, now time.Time) error {
	return v.views(ctx, []View{m}, now)
}

// views points tiles at cameras. Their records are written together, so that
// many of them wait for the log about as long as one does. v.act is held.
func (v *session) views(ctx context.Context, asked []View, now time.Time) (err error) {
	all := make([]*opening, len(asked))
	for i, m := range asked {
		all[i] = v.open(ctx, m, now)
	}
	for _, o := range all {
		<-o.known
		switch {
		case err == nil:
			err = v.settle(o)
		case o.denied == nil && o.failed == nil && o.next != v.looks[o.asked.Tile]: // the socket ends, and nothing more is shown
			v.server.end(o.next, whyNotShown)
		}
	}
	return err
}

// settle does what one opening came to. v.act is held.
func (v *session) settle(o *opening) error {
	m := o.asked
	switch {
	case m.Camera == "":
		return v.dark(m, Tile{State: StateIdle}, whyStopped)
	case o.denied != nil:
		_ = v.dark(m, deniedBy(o.denied), whyTurned) // the tile exists
		v.server.refused(v.subject, v.device(), gateway.CameraID(m.Camera), o.denied)
		if codeOf(o.denied) == CodeToken {
			return o.denied
		}
	case o.failed != nil:
		_ = v.dark(m, denied(codeOf(o.failed)), whyTurned)
	default:
		v.show(m, o.camera, o.until, o.next)
	}
	return nil
}

// show points a tile at a camera whose view is recorded. v.act is held.
func (v *session) show(m View, cam gateway.Camera, until time.Time, next *look) {
	choice := choose(cam, m, v.thin, meansOf(v.peer, cam, next))
	// Before Show, whose first event may come at once. Another size of a picture
	// that is live leaves it live.
	st := Tile{State: StateOpening, Name: cam.Name, Stream: string(choice.Stream.Quality)}
	v.mu.Lock()
	if t := &v.tiles[m.Tile]; t.camera == cam.ID && t.state.State == StateLive {
		st = t.state
	}
	v.mu.Unlock()
	st.Sound = v.mayHear(cam)
	view := v.set(m, cam.ID, until, st, next)
	v.mu.Lock()
	v.tiles[m.Tile].drawn = drawnOn(cam)
	v.mu.Unlock()
	if err := v.peer.Show(m.Tile, view, choice); err != nil {
		if next != v.looks[m.Tile] {
			v.server.end(next, whyNotShown)
		}
		_ = v.dark(m, Tile{State: StateIdle}, whyTurned)
		v.refuse(err, &m.Tile)
		return
	}
	if next != v.looks[m.Tile] {
		why := whyTurned
		if old := v.looks[m.Tile]; old != nil && old.camera == cam.ID {
			why = whyCase
		}
		v.look(m.Tile, next, why)
	}
	v.tellTurns(m.Tile, cam, time.Now())
	v.log.Info("view", "tile", m.Tile, "camera", cam.ID, "stream", choice.Stream.Quality)
}

// dark has a tile show nothing, in a state that says why. v.act is held.
func (v *session) dark(m View, st Tile, why string) error {
	err := v.peer.Show(m.Tile, v.set(m, "", time.Time{}, st, nil), rtc.Choice{})
	v.look(m.Tile, nil, why)
	return err
}

func (v *session) device() device {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.from
}

func denied(code string) Tile {
	text := textOf(code)
	return Tile{State: StateDenied, Code: code, Text: &text}
}

// deniedBy is a tile that permit refused. That the token is no longer good the bye
// says.
func deniedBy(err error) Tile {
	if code := codeOf(err); code == CodeCase || code == CodeClosed || code == CodeEnded {
		return denied(code)
	}
	return denied(CodeNotFound)
}

// set notes what a tile shows, by which look, and has it told. It returns the view's number.
func (v *session) set(m View, shown gateway.CameraID, until time.Time, st Tile, open *look) uint64 {
	st.Type, st.Tile, st.Camera, st.Mark = TypeTile, m.Tile, m.Camera, markOf(open)
	v.mu.Lock()
	view := v.tiles[m.Tile].view + 1
	was := v.tiles[m.Tile]
	v.tiles[m.Tile] = slot{asked: m, view: view, camera: shown, until: until, state: st, open: open, tell: true, sound: was.sound, ring: was.ring}
	l := v.line
	v.mu.Unlock()
	if l != nil {
		l.wake()
	}
	return view
}
