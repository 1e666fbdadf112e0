package api

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// tileDoc is one tile of a layout.
type tileDoc struct {
	Camera string `json:"camera,omitempty" schema:"maxLength=64"`
	Denied bool   `json:"denied,omitempty"` // there is a camera that is not the caller's to know of; sent back, it stays
}

// layoutBody asks for PUT /api/v1/layouts/{id}.
type layoutBody struct {
	Name  string         `json:"name" schema:"required,minLength=1,maxLength=60"`
	Area  gateway.AreaID `json:"area"`                                 // left out: the caller's own
	Shape string         `json:"shape" schema:"required,enum=1|4|6|9"` // pictures of a page; 6: one large, five small
	Tiles []tileDoc      `json:"tiles" schema:"required,maxItems=16"`
}

// layoutDoc is an arrangement of cameras, as the caller may see it.
type layoutDoc struct {
	ID      string         `json:"id"`
	Name    string         `json:"name"`
	Area    gateway.AreaID `json:"area,omitempty"` // none: the caller's own
	Shape   string         `json:"shape" schema:"enum=1|4|6|9"`
	Tiles   []tileDoc      `json:"tiles"`
	ByName  string         `json:"by_name,omitempty"` // who changed it last
	Changed time.Time      `json:"changed"`
	Version string         `json:"version"` // for If-Match
	Writes  bool           `json:"writes"`  // the caller may change it
}

// layoutsDoc answers GET /api/v1/layouts. Areas are those for which the caller may
// make one.
type layoutsDoc struct {
	Layouts []layoutDoc `json:"layouts"`
	Areas   []areaDoc   `json:"areas"`
}

// arranging is how cameras are laid out on a tablet.
func (a *API) arranging() []route {
	const one = "/api/v1/layouts/{id}"
	const itsWriter who = "oneself for one's own, and whoever supervises the area"
	return []route{
		{method: get, path: "/api/v1/layouts", does: "The caller's own layouts, and those of the areas that the caller may look at.", may: onlyPeople,
			gives: []answer{{200, layoutsDoc{}}}, etag: weakTag, fails: []problem{noEntry}, serve: a.layouts},
		{method: get, path: one, does: "One of them. A camera that the caller may not know of is a tile that says so.", may: onlyPeople,
			gives: []answer{{200, layoutDoc{}}}, etag: itsTag, fails: []problem{noEntry}, serve: a.layout},
		{method: put, path: one, does: "Makes or changes a layout: one's own, or with an area that of a shift.", may: itsWriter,
			takes: layoutBody{}, gives: noContent, etag: mustTag, fails: []problem{noEntry, wrong}, serve: a.layout},
		{method: del, path: one, does: "Removes a layout.", may: itsWriter,
			gives: noContent, etag: mustTag, fails: []problem{noEntry}, serve: a.layout},
	}
}

func (a *API) describeLayout(row auth.LayoutRow) layoutDoc {
	l := row.Layout
	d := layoutDoc{ID: l.ID, Name: l.Name, Area: gateway.AreaID(l.Area), Shape: l.Shape, Tiles: []tileDoc{},
		ByName: a.Policy.NameOf(l.By), Changed: l.Changed, Version: tagOf(row.Revision), Writes: row.Writes}
	for _, id := range l.Cameras {
		if id == auth.Hidden {
			d.Tiles = append(d.Tiles, tileDoc{Denied: true})
		} else {
			d.Tiles = append(d.Tiles, tileDoc{Camera: id})
		}
	}
	return d
}

// layouts serves GET /api/v1/layouts.
func (a *API) layouts(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	now := time.Now()
	rows, err := a.Policy.Layouts(s, now)
	if err != nil {
		a.refuse(w, err)
		return
	}
	doc := layoutsDoc{Layouts: []layoutDoc{}, Areas: []areaDoc{}}
	for _, row := range rows {
		doc.Layouts = append(doc.Layouts, a.describeLayout(row))
	}
	for _, area := range a.Inventory.Areas() {
		if _, err := a.Policy.LayoutRevision(s, auth.Layout{Area: string(area.ID)}, now); err == nil {
			doc.Areas = append(doc.Areas, describeArea(area))
		}
	}
	a.answer(w, r, doc)
}

// layout serves /api/v1/layouts/{id}.
func (a *API) layout(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	if r.Method == http.MethodPut {
		a.putLayout(w, r, s)
		return
	}
	now := time.Now()
	row, err := a.Policy.Layout(s, r.PathValue("id"), now)
	switch {
	case err == nil && r.Method == http.MethodDelete && !row.Writes:
		a.refuse(w, auth.ErrDenied)
	case err != nil:
		a.refuse(w, err)
	case r.Method == http.MethodDelete:
		if a.expected(w, r, row.Revision) {
			a.layoutChanged(w, r, s, a.Policy.RemoveLayout(r.Context(), s, row.Layout, row.Revision, now), 0, auth.LayoutRemoved, row.Layout)
		}
	default:
		a.record(w, a.describeLayout(row), row.Revision)
	}
}

func (a *API) putLayout(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	var b layoutBody
	if !readBody(w, r, &b) {
		return
	}
	l := auth.Layout{ID: r.PathValue("id"), Area: string(b.Area), Name: b.Name, Shape: b.Shape}
	for _, t := range b.Tiles[:min(len(b.Tiles), auth.MaxLayoutTiles+1)] {
		id := t.Camera
		if t.Denied {
			id = auth.Hidden
		}
		l.Cameras = append(l.Cameras, id)
	}
	now := time.Now()
	revision, err := a.Policy.LayoutRevision(s, l, now)
	if err != nil {
		a.refuse(w, err)
		return
	}
	if !a.expected(w, r, revision) {
		return
	}
	next, err := a.Policy.PutLayout(r.Context(), s, l, revision, now)
	a.layoutChanged(w, r, s, err, next, auth.LayoutChanged, l)
}

// layoutChanged answers a change of a layout. One's own is nobody else's concern;
// an area's is recorded.
func (a *API) layoutChanged(w http.ResponseWriter, r *http.Request, s auth.Subject, err error, revision uint64, e auth.Event, l auth.Layout) {
	is := auth.Record{Event: e, Target: l.ID, Areas: a.places(oneOrNone(l.Area), nil),
		Detail: fmt.Sprintf("%s, %d tiles: %s", l.Name, len(l.Cameras), strings.Join(l.Cameras, " "))}
	switch {
	case errors.Is(err, auth.ErrConflict):
		fail(w, conflict)
	case err != nil:
		a.refuse(w, err)
	case l.Area == "" || a.noted(w, r, s, auth.Supervise, is):
		a.done(w, nil, revision)
	}
}
