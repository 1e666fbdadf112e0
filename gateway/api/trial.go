package api

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// Trials lets cameras be looked at before they are entered; see gateway.Trials.
type Trials interface {
	Try(who string, c gateway.Camera, now time.Time) (until time.Time, err error)
}

// trialDoc answers POST /api/v1/inventory/trials.
type trialDoc struct {
	Camera gateway.CameraID `json:"camera"` // by which it is watched, like any other
	Until  time.Time        `json:"until"`
}

var manyTrials = problem{Title: "Service Unavailable", Status: http.StatusServiceUnavailable, Code: "busy",
	Text: text{"Đang có nhiều camera được xem thử. Hãy thử lại sau ít phút.", "Many cameras are being tried. Try again in some minutes."}}

// trying is for those who enter cameras.
func (a *API) trying() route {
	return route{method: post, path: "/api/v1/inventory/trials", does: "A camera to be looked at for five minutes before it is entered, by an id that stands in no list. Its id names the camera that it is to replace, whose password counts where none is given. A citizen's camera is not tried: nobody looks at it without its owner's consent.",
		may: administers, takes: settingsDoc{}, gives: []answer{{201, trialDoc{}}}, fails: []problem{wrong, lent, manyTrials}, serve: a.tryCamera}
}

// tryCamera serves POST /api/v1/inventory/trials.
func (a *API) tryCamera(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	c, old, ok := a.unentered(w, r, s)
	if !ok {
		return
	}
	until, err := a.Trials.Try(s.ID, c, time.Now())
	switch {
	case errors.Is(err, gateway.ErrTrials):
		w.Header().Set("Retry-After", "60")
		fail(w, manyTrials)
	case err != nil:
		a.done(w, err, 0)
	case a.noted(w, r, s, auth.Administer, auth.Record{Event: auth.CameraTried, Camera: string(c.ID), Kind: string(c.Kind), Areas: a.path(c.Area), Target: string(old.ID)}):
		created(w, trialDoc{c.ID, until})
	}
}

// unentered reads a camera that is to be looked at before it is entered, in place
// of old where it names one. Else it has answered.
func (a *API) unentered(w http.ResponseWriter, r *http.Request, s auth.Subject) (c, old gateway.Camera, ok bool) {
	var d settingsDoc
	if !readBody(w, r, &d) {
		return c, old, false
	}
	if d.ID != "" {
		if is, _, there := a.Records.Camera(d.ID); there && a.administers(s, is.Area, is.ID, is.Kind) && is.Kind != gateway.Household {
			old = is
		}
	}
	c = d.camera(old)
	c.ID, c.Name, c.KeepWarm, c.Sound, c.Marked = gateway.CameraID("try-"+auth.NewView()), cmp.Or(d.Name, "?"), false, false, false
	if !a.administers(s, c.Area, c.ID, c.Kind) {
		fail(w, notFound)
		return c, old, false
	}
	if c.Kind == gateway.Household {
		fail(w, wrong.with("kind", "a citizen's camera is not looked at before its owner agrees"))
		return c, old, false
	}
	if a.Records.Lent()(c) || a.isHouseholds(c) {
		a.noteTwice(r, s, auth.ErrLent, auth.Record{Camera: string(old.ID), Kind: string(c.Kind), Areas: a.path(c.Area)})
		fail(w, lent)
		return c, old, false
	}
	c.Masks = gateway.CoversOf(a.Inventory.Cameras()).Of(c)
	return c, old, true
}

// isHouseholds says whether a citizen's camera is where c is, whatever its owner
// agreed to.
func (a *API) isHouseholds(c gateway.Camera) bool {
	places := c.Places()
	return slices.ContainsFunc(a.Inventory.Cameras(), func(other gateway.Camera) bool {
		return other.Kind == gateway.Household && slices.ContainsFunc(other.Places(), func(p string) bool { return slices.Contains(places, p) })
	})
}
