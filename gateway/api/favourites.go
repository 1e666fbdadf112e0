package api

import (
	"net/http"
	"time"

	"matthan/auth"
)

// favouritesBody asks for PUT /api/v1/favourites.
type favouritesBody struct {
	Cameras []string `json:"cameras" schema:"required,maxItems=200,each.maxLength=64"` // in their order
}

// favouritesDoc answers GET /api/v1/favourites.
type favouritesDoc struct {
	Cameras []string `json:"cameras"` // those that the caller may know of, in their order
	Version string   `json:"version"` // for If-Match; "" where none were ever kept: If-None-Match: *
}

// starring is about the cameras that somebody wants at hand, on any device.
func (a *API) starring() []route {
	const path = "/api/v1/favourites"
	return []route{
		{method: get, path: path, does: "The caller's favourite cameras.", may: onlyPeople,
			gives: []answer{{200, favouritesDoc{}}}, etag: itsTag, fails: []problem{noEntry}, serve: a.favourites},
		{method: put, path: path, does: "Keeps them. Those that the caller may not know of now stay, behind the others.", may: onlyPeople,
			takes: favouritesBody{}, gives: noContent, etag: mustTag, fails: []problem{noEntry, wrong}, serve: a.favourites},
	}
}

// favourites serves /api/v1/favourites.
func (a *API) favourites(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	now := time.Now()
	cameras, revision, err := a.Policy.Favourites(s, now)
	if err != nil {
		a.refuse(w, err)
		return
	}
	if r.Method == http.MethodPut {
		var b favouritesBody
		if !readBody(w, r, &b) || !a.expected(w, r, revision) {
			return
		}
		next, err := a.Policy.PutFavourites(r.Context(), s, b.Cameras, revision, now)
		a.done(w, err, next)
		return
	}
	doc := favouritesDoc{Cameras: append([]string{}, cameras...)}
	if revision > 0 {
		doc.Version = tagOf(revision)
	}
	a.record(w, doc, revision)
}
