package gateway

import (
	"errors"
	"time"
)

// Still is one picture of a camera, as a JPEG.
type Still struct {
	JPEG          []byte // shared by all who have it: never written to
	Width, Height int    // pixels
	Captured      time.Time
}

// StillWidths are the widths in pixels that a still may be asked for. A picture
// that is narrower stays as it is.
var StillWidths = [...]int{160, 320, 480, 640, LargeStill}

// LargeStill is the width of a still of the main stream: what masks are drawn on,
// which of some makes shows more than the small stream. All others are of whichever
// stream costs least.
const LargeStill = 1280

// StillWidth is theirs who say nothing.
const StillWidth = 480

var (
	// ErrNoStills is the answer of a gateway that makes no stills.
	ErrNoStills = errors.New("stills need ffmpeg: install it, or name it under stills in the configuration")
	// ErrNoPicture is the answer where a camera gives none, and none is kept.
	ErrNoPicture = errors.New("the camera gives no picture now")
	// ErrStillsBusy is the answer where as many stills wait as may.
	ErrStillsBusy = errors.New("as many stills wait to be made as may")
	// ErrStillsOften is the answer to one who has asked for too many of late.
	ErrStillsOften = errors.New("too many stills were asked for")
)
