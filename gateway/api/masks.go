package api

import (
	"fmt"
	"net/http"
	"slices"

	"matthan/auth"
	"matthan/gateway"
)

// Masks in the audit log: who hid what, and above all who had something shown
// that was hidden.

// maskRecord is the record of a camera whose masks were others before; is tells the
// camera and where it stands.
func maskRecord(is auth.Record, before, after []gateway.Mask) auth.Record {
	is.Event = auth.MasksDrawn
	if gateway.Lifts(before, after) {
		is.Event = auth.MasksLifted
	}
	is.Detail = maskedTold(before, after)
	return is
}

// maskedTold is how much was hidden, and is now, in words.
func maskedTold(before, after []gateway.Mask) string {
	return fmt.Sprintf("%d masks before, %d now; of the picture %.0f %% hidden before, %.0f %% now",
		len(before), len(after), 100*gateway.Hidden(before), 100*gateway.Hidden(after))
}

// notedMasks notes the cameras that an import gave other masks; see noted.
func (a *API) notedMasks(w http.ResponseWriter, r *http.Request, s auth.Subject, before, changed []gateway.Camera) bool {
	for _, c := range changed {
		var old gateway.Camera
		if at := slices.IndexFunc(before, func(o gateway.Camera) bool { return o.ID == c.ID }); at >= 0 {
			old = before[at]
		}
		if !gateway.SameMasks(old, c) && !a.noted(w, r, s, auth.Administer, maskRecord(a.cameraRecord(gateway.Camera{}, c), old.Masks, c.Masks)) {
			return false
		}
	}
	return true
}

// pointsOf and drawnBy are an owner's masks as the gateway has them, and the other
// way round.
func pointsOf(drawn []auth.Mask) (masks []gateway.Mask) {
	for _, line := range drawn {
		m := make(gateway.Mask, len(line))
		for i, p := range line {
			m[i] = gateway.Point(p)
		}
		masks = append(masks, m)
	}
	return masks
}

func drawnBy(masks []gateway.Mask) []auth.Mask {
	drawn := make([]auth.Mask, len(masks))
	for i, m := range masks {
		drawn[i] = make(auth.Mask, len(m))
		for j, p := range m {
			drawn[i][j] = auth.Point(p)
		}
	}
	return drawn
}
