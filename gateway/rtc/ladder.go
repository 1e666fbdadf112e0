package rtc

import (
	"slices"

	"matthan/gateway"
)

// Means is what a ladder is made of beside the camera.
type Means struct {
	Made  bool                       // the gateway makes rungs of a camera's own streams
	Plays func(gateway.Quality) bool // whether the viewer plays one of those, as far as it is known; nil: all of them
	Mark  string                     // of the view, which is drawn on the pictures of a camera that asks for it
}

// Means are those of the viewer and a camera.
func (p *Peer) Means(cam gateway.CameraID) Means {
	hub := p.gateway.hub
	made := hub.Makes()
	return Means{Made: made, Plays: func(q gateway.Quality) bool {
		f := hub.Known(gateway.StreamID{Camera: cam, Quality: q})
		return f == nil || p.Decodes(f.Codec) && !(made && f.Reorder)
	}}
}

// plays says whether a camera's own stream is one that the viewer may have and plays.
func (m Means) plays(cam gateway.Camera, q gateway.Quality) bool {
	return !cam.Drawn() && cam.URL(q) != "" && (m.Plays == nil || m.Plays(q))
}

// stream is one of a camera's, as the view may be given it.
func (m Means) stream(cam gateway.Camera, q gateway.Quality) gateway.StreamID {
	id := gateway.StreamID{Camera: cam.ID, Quality: q}
	if cam.Marked && !q.Own() {
		id.Mark = m.Mark
	}
	return id
}

// Ladder lists the encodings of a camera that a viewer may be given, the best
// first; it is never empty. What the camera sends itself costs nothing, so a rung
// stands in it only where the camera has nothing of its size that the viewer plays:
// of a camera whose main stream is not played there is the small one alone. A small
// picture begins at the small one.
func Ladder(cam gateway.Camera, small bool, m Means) []gateway.StreamID {
	var out []gateway.StreamID
	add := func(q gateway.Quality) { out = append(out, m.stream(cam, q)) }
	main, sub := m.plays(cam, gateway.Main), m.plays(cam, gateway.Sub)
	switch {
	case sub && (small || !main):
	case main, !m.Made && !cam.Drawn(): // which says that it cannot be played, where that is so
		add(gateway.Main)
	case small && m.Made:
	default:
		add(gateway.Full)
	}
	switch {
	case sub:
		add(gateway.Sub)
	case m.Made:
		add(gateway.Low)
	}
	return out
}

// Wanted is what is sent to who chose main or sub: it, or the rung in its place.
func Wanted(cam gateway.Camera, q gateway.Quality, m Means) gateway.StreamID {
	switch {
	case m.plays(cam, q):
		return m.stream(cam, q)
	case q == gateway.Sub && (m.Made || cam.Drawn()):
		return m.stream(cam, gateway.Low)
	case m.plays(cam, gateway.Main), !m.Made && !cam.Drawn():
		return m.stream(cam, gateway.Main)
	}
	return m.stream(cam, gateway.Full)
}

// instead is a ladder without a stream that has proved to be none that the viewer
// plays, with its rung where nothing else of the camera's own is left; nil where
// there is nothing in its place, or it was not there.
func instead(ladder []gateway.StreamID, id gateway.StreamID, made bool) []gateway.StreamID {
	at := slices.Index(ladder, id)
	if at < 0 || !id.Quality.Own() {
		return nil
	}
	rest := slices.Delete(slices.Clone(ladder), at, at+1)
	if slices.ContainsFunc(rest, func(o gateway.StreamID) bool { return o.Quality.Own() }) && id.Quality == gateway.Main {
		return rest
	}
	if made {
		rung := gateway.StreamID{Camera: id.Camera, Quality: gateway.Full}
		if id.Quality == gateway.Sub {
			rung.Quality = gateway.Low
		}
		rest = slices.Insert(rest, at, rung)
	}
	if len(rest) == 0 {
		return nil
	}
	return rest
}
