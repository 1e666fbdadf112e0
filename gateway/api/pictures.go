package api

import (
	"net/http"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// A picture that is taken away is taken in the page, from what it shows. The
// gateway keeps that it was, first: the page saves nothing before the answer.

const whoeverExports who = "whoever may take pictures of it away"

// pictureBody asks for POST /api/v1/cameras/{id}/pictures.
type pictureBody struct {
	View string `json:"view" schema:"required,minLength=7,maxLength=32"` // its code, as the watermark shows it
}

// picturing is for those who take pictures away.
func (a *API) picturing() []route {
	return []route{
		{method: post, path: "/api/v1/cameras/{id}/pictures", does: "Has it recorded that the caller takes a picture away from a view that is open on their screen. Only then may a page save one.",
			may: whoeverExports, takes: pictureBody{}, gives: noContent, fails: []problem{noView}, serve: a.picture},
	}
}

// mayExport says whether s may take pictures of a camera away now.
func (a *API) mayExport(s auth.Subject, c gateway.Camera, path []string, now time.Time) bool {
	_, err := a.Policy.Decide(s, auth.Export, resource(c, path), now)
	return err == nil
}

// picture serves POST /api/v1/cameras/{id}/pictures. The view must be the
// caller's own and open: no record names a look that was not.
func (a *API) picture(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	c, err := a.Inventory.Camera(gateway.CameraID(r.PathValue("id")))
	var p auth.Permission
	at := resource(c, a.path(c.Area))
	if err == nil {
		p, err = a.Policy.Decide(s, auth.Export, at, time.Now())
	}
	if err != nil {
		fail(w, notFound)
		return
	}
	var b pictureBody
	if !readBody(w, r, &b) {
		return
	}
	view, open := a.Viewing(s, c.ID, b.View)
	if !open {
		fail(w, noView)
		return
	}
	if a.noted(w, r, s, auth.Export, auth.Record{Event: auth.PictureExported, Camera: at.Camera, Kind: at.Kind, Areas: at.Areas,
		View: view, Reason: string(p.Reason), Case: p.Case}) {
		w.WriteHeader(http.StatusNoContent)
	}
}
