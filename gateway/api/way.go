package api

import (
	"slices"

	"matthan/gateway"
)

// Ways of a stream to its viewers, and why one does not go as it is.
const (
	wayPass    = "pass"
	waySome    = "some" // as it is to devices that decode H.265; to others the small stream, or a rung
	wayRung    = "rung"
	wayRefused = "refused"

	playable = "H264" // by every browser, as video.Codec is told

	whyMasks   = "masks"    // it shows what the camera's masks hide
	whyMark    = "mark"     // it carries the code of each view, for each its own
	whyCodec   = "codec"    // no browser plays it, or, of H.265, not every one
	whyReorder = "b_frames" // browsers show B-frames in the wrong order
)

// wayOf says how a stream of c goes to its viewers. transcodes: the gateway makes
// rungs.
func wayOf(c gateway.Camera, s gateway.StreamDay, transcodes bool) (way, why string) {
	reorders := slices.ContainsFunc(s.Quirks, func(m gateway.Met) bool { return m.Quirk == gateway.QuirkReorder })
	switch {
	case c.Masked():
		why = whyMasks
	case c.Marked:
		why = whyMark
	case !s.Quality.Own():
	case s.Codec == "":
		return "", ""
	case s.Codec != playable:
		why = whyCodec
	case reorders:
		why = whyReorder
	}
	switch {
	case why == whyCodec && s.Codec == "H265":
		return waySome, why
	case !s.Quality.Own(), why != "" && transcodes:
		return wayRung, why
	case why == "" || why == whyReorder:
		return wayPass, why
	}
	return wayRefused, why
}
