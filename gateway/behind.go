package gateway

import (
	"errors"
	"time"

	"matthan/gateway/video"
)

// Rungs makes the sources of rungs. It is an interface since the domain starts no
// processes.
type Rungs interface {
	// Can is why no rung can be made here, wrapping ErrNoRungs; nil where they can.
	Can() error
	// Rung is a source of one of a camera's rungs, with all its masks and the mark drawn.
	Rung(Camera, StreamID) (Source, error)
}

// Makes says whether rungs can be made.
func (h *Hub) Makes() bool { return h.Rungs != nil && h.Rungs.Can() == nil }

// Known is the format of a camera's own stream as it was seen last, nil where it
// never was. It tells nothing of its pictures, so masks do not matter.
func (h *Hub) Known(id StreamID) *video.Format {
	if st := h.pulled(id, true); st != nil {
		if f := st.Format(); f != nil {
			return f
		}
	}
	return h.diary.format(id)
}

// ErrNoRungs is the answer for a rung where none are made.
var ErrNoRungs = errors.New("no rungs are made here")

// Behind is a Hub for who may see pictures on which nothing is drawn yet, because he
// draws: the room of transcoding and no other. What it opens must reach no viewer.
type Behind struct{ hub *Hub }

// Behind gives all own streams, with masks or without. Package transcode alone may
// call it; a test of the imports looks after that.
func (h *Hub) Behind() Behind { return Behind{h} }

// behindLinger is how long a camera is pulled after its last rung has ended, which
// has lingered itself: a rung that is made again finds it still pulled.
const behindLinger = 5 * time.Second

// Open is Hub.Open of an own stream. It ranks as a viewer. When the camera is given
// the first thing to be drawn on its pictures, or has the last taken, the stream
// ends: its state is CauseMasked, it gives nothing more and keeps nothing.
func (b Behind) Open(id StreamID) (s *Stream, release func(), err error) {
	return b.hub.open(id, rankViewer, min(behindLinger, b.hub.limits.Linger), true)
}

// Glance is Hub.Glance, likewise.
func (b Behind) Glance(id StreamID) (s *Stream, release func(), err error) {
	return b.hub.open(id, rankGlance, 0, true)
}

// Pulled is Hub.Pulled, likewise.
func (b Behind) Pulled(id StreamID) *Stream { return b.hub.pulled(id, true) }

// Camera is a camera as it is now, with its masks.
func (b Behind) Camera(id CameraID) (Camera, error) { return b.hub.inventory.Camera(id) }

// openable finds the camera of a stream that may be opened. h.mu is held.
func (h *Hub) openable(id StreamID, behind bool) (Camera, error) {
	cam, err := h.inventory.Camera(id.Camera)
	switch {
	case err != nil:
	case id.Mark != "" && (id.Quality.Own() || !validMark(id.Mark)):
		err = ErrNotFound
	case id.Quality == Full, id.Quality == Low:
		switch {
		case behind:
			err = ErrNotFound
		case cam.Marked != (id.Mark != ""):
			err = ErrMasked
		case h.Rungs == nil:
			err = ErrNoRungs
		default:
			err = h.Rungs.Can()
		}
	case cam.URL(id.Quality) == "":
		err = ErrNotFound
	case cam.Drawn() && !behind:
		err = ErrMasked
	}
	return cam, err
}

// fits says whether what p publishes may still be sent as it was opened, now that
// the camera is c.
func (p *pull) fits(c Camera) bool {
	if p.own() {
		return p.behind == c.Drawn()
	}
	return c.Marked == (p.stream.id.Mark != "")
}

// endMasked ends a pull that does not fit its camera any more. Who
// holds its stream gets nothing more of it, and is told when keep ends at the
// latest: a watcher may ask the Hub. Who opens it again gets another. h.mu is held.
func (h *Hub) endMasked(p *pull) {
	if p.ended {
		return
	}
	p.ended = true
	p.stream.end(State{Phase: Offline, Since: time.Now(), Cause: CauseMasked})
	if p.cancel != nil {
		p.cancel(Fail(CauseMasked, ErrMasked))
	}
}

// own says whether p is pulled from a camera, and no rung.
func (p *pull) own() bool { return p.stream.id.Quality.Own() }

// rungLinger is how long a rung goes on after its last viewer: it costs a core a
// fifth, and its room.
const rungLinger = 5 * time.Second

// A rung that ended is made again as soon as a camera is asked again, unless that
// is so many times in a row since it last gave pictures for so long: each costs the
// start of a process.
const (
	quickRungs  = 8
	rungSession = 2 * time.Second
)

// urgent says whether the next try of what somebody watches may come soon.
func (p *pull) urgent(c Cause, failures int) bool {
	if p.own() {
		return !costly(c)
	}
	return c != CauseRung || failures < quickRungs
}

// played says whether a session that gave its last picture so long after it began
// is none of a row of failures, whatever ended it.
func (p *pull) played(c Cause, long time.Duration) bool {
	if p.own() {
		return !costly(c) || long >= longSession
	}
	return long >= rungSession
}

// source makes what p publishes.
func (h *Hub) source(p *pull, cam Camera) (Source, error) {
	if !p.own() {
		if err := h.Rungs.Can(); err != nil {
			return nil, Fail(CauseRung, err)
		}
		return h.Rungs.Rung(cam, p.stream.id)
	}
	src, err := h.newSource(cam, p.stream.id.Quality)
	if err != nil {
		h.mu.Lock()
		h.gate.undecided(p.host, cam.Login)
		h.mu.Unlock()
	}
	return src, err
}

// withhold drops all that the stream keeps, also for who asks for packets again, and
// has it drop what is published until resume: what comes was made for what the
// camera is no more.
func (s *Stream) withhold() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mute = true
	s.clear()
}

// resume takes what is published again.
func (s *Stream) resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mute = false
}

// end is withhold for ever, and st the last state, of which wake is to tell.
func (s *Stream) end(st State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	s.clear()
	s.state = st
}

// wake wakes the watchers.
func (s *Stream) wake() { s.SetState(s.State()) }

// clear forgets the pictures. The lock is held.
func (s *Stream) clear() {
	s.broken, s.key, s.kept, s.bytes = true, -1, nil, 0
}
