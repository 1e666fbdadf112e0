package rtc

import (
	"matthan/gateway"
	"matthan/gateway/video"
)

// Rungs is what a ladder is made of beside the camera.
type Rungs struct {
	Made    bool                                        // the gateway makes Full and Low of a camera's own streams
	Codecs  map[gateway.Quality]video.Codec             // of the camera's own streams, as far as they are known
	Decodes func(q gateway.Quality, c video.Codec) bool // whether the viewer plays a stream in that codec; nil: all of them
}

// Ladder lists the encodings of a camera that a viewer may be given, the best
// first. A small picture begins at the small stream. It is empty where there is
// none that the viewer plays.
func Ladder(cam gateway.Camera, small bool, r Rungs) []gateway.StreamID {
	plays := func(q gateway.Quality) bool {
		c, known := r.Codecs[q]
		return !known || r.Decodes == nil || r.Decodes(q, c)
	}
	var out []gateway.StreamID
	add := func(q gateway.Quality) { out = append(out, gateway.StreamID{Camera: cam.ID, Quality: q}) }
	own := !cam.Masked()
	sub := own && cam.Sub != "" && plays(gateway.Sub)
	switch {
	case small && (sub || r.Made):
	case own && plays(gateway.Main):
		add(gateway.Main)
	case r.Made:
		add(gateway.Full)
	}
	switch {
	case sub:
		add(gateway.Sub)
	case r.Made:
		add(gateway.Low)
	}
	return out
}
