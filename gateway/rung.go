package gateway

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Rungs: what the gateway itself makes of a camera's own streams.
const (
	Full Quality = "full" // Main's size, in H.264 without B-frames, which every viewer decodes
	Low  Quality = "low"  // the same at 640x360 at most, for weak links and grids
)

// Own says whether it is an encoding of the camera itself, and not a rung.
func (q Quality) Own() bool { return q == Main || q == Sub }

// ErrMasked is the answer for a stream of a camera that shows what its masks are
// to hide, or lacks the mark that it is to carry.
var ErrMasked = errors.New("this stream is not sent as it is: what the camera's pictures are to carry is drawn on its rungs")

// Bounds of a camera's masks.
const (
	MaxMasks      = 16
	MaxMaskPoints = 32 // of one
)

// Point is a place in a picture: 0, 0 is its upper left corner, 1, 1 its lower right.
type Point struct{ X, Y float64 }

// Mask is a polygon of 3 points at least, in either direction, that hides what is
// within. It closes by itself. Where its lines cross each other it hides all that
// a line around it would.
type Mask []Point

// Masked says whether something of the camera's pictures is to be hidden.
func (c Camera) Masked() bool { return len(c.Masks) > 0 }

// Drawn says whether the camera's live pictures are sent with something drawn on
// them, and never as they come.
func (c Camera) Drawn() bool { return c.Masked() || c.Marked }

// MaxMark bounds a mark.
const MaxMark = 8

// validMark says whether a mark can be drawn: of digits, capital letters and '-'.
func validMark(mark string) bool {
	other := func(r rune) bool { return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && r != '-' }
	return mark != "" && len(mark) <= MaxMark && !strings.ContainsFunc(mark, other)
}

// SameMasks says whether two cameras hide the same.
func SameMasks(a, b Camera) bool {
	return slices.EqualFunc(a.Masks, b.Masks, func(a, b Mask) bool { return slices.Equal(a, b) })
}

// badMasks says what is wrong with masks, "" where nothing is.
func badMasks(masks []Mask) string {
	if len(masks) > MaxMasks {
		return fmt.Sprintf("has %d masks, at most %d: join some", len(masks), MaxMasks)
	}
	for i, m := range masks {
		if len(m) < 3 || len(m) > MaxMaskPoints {
			return fmt.Sprintf("mask %d has %d points: give it 3 to %d", i+1, len(m), MaxMaskPoints)
		}
		for _, p := range m {
			if !(p.X >= 0 && p.X <= 1 && p.Y >= 0 && p.Y <= 1) { // so that NaN is wrong too
				return fmt.Sprintf("mask %d: its points lie within the picture, from [0, 0] to [1, 1]", i+1)
			}
		}
	}
	return ""
}
