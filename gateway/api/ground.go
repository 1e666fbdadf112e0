package api

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"matthan/auth"
	"matthan/gateway/pmtiles"
)

// Ground is an operator's own map, which pages draw under the cameras.
type Ground struct {
	Archive     *pmtiles.Archive // the tiles; nil: browsers fetch them by Tiles
	Tiles       string           // an address with {z}, {x} and {y}
	MinZoom     int
	MaxZoom     int
	Bounds      [4]float64 // where there are tiles, in degrees: west, south, east, north
	Attribution string     // is shown wherever the tiles are; or ""
}

// tilesPath is where an archive's tiles are served.
const tilesPath = "/api/v1/map/{z}/{x}/{y}"

// tilesKept is how long browsers keep a tile without asking. Another archive has
// other tags, and is seen after that time at the latest.
const tilesKept = "private, max-age=86400"

// groundDoc says what to draw under the cameras; empty: nothing.
type groundDoc struct {
	Tiles       string    `json:"tiles,omitempty"` // an address with {z}, {x} and {y}; it asks for the caller's token where it is our own
	MinZoom     int       `json:"min_zoom,omitempty"`
	MaxZoom     int       `json:"max_zoom,omitempty"`
	Bounds      []float64 `json:"bounds,omitempty"` // degrees: west, south, east, north
	Attribution string    `json:"attribution,omitempty"`
}

var noMapFile = problem{Title: "Internal Server Error", Status: http.StatusInternalServerError, Code: "internal",
	Text: text{"Không đọc được tệp bản đồ. Hãy báo quản trị viên.", "The map's file cannot be read. Tell an administrator."}}

// mapping is the ground under the cameras.
func (a *API) mapping() []route {
	rows := []route{{method: get, path: "/api/v1/map", does: "The operator's own map that lies under the cameras; empty where there is none.", may: known,
		gives: []answer{{200, groundDoc{}}}, etag: weakTag, serve: a.ground}}
	if a.Ground == nil || a.Ground.Archive == nil {
		return rows
	}
	return append(rows, route{method: get, path: tilesPath, does: "A tile of the operator's own map, numbered as web maps do. Nothing where it has none.", may: known,
		gives: []answer{{200, media{a.Ground.Archive.MediaType}}, {204, nil}}, etag: weakTag, fails: []problem{badBody, noMapFile}, serve: a.tile})
}

// ground serves GET /api/v1/map.
func (a *API) ground(w http.ResponseWriter, r *http.Request, _ auth.Subject) {
	doc := groundDoc{}
	if g := a.Ground; g != nil {
		doc = groundDoc{Tiles: g.Tiles, MinZoom: g.MinZoom, MaxZoom: g.MaxZoom, Bounds: g.Bounds[:], Attribution: g.Attribution}
		if g.Archive != nil {
			doc.Tiles = tilesPath
		}
	}
	a.answer(w, r, doc)
}

// tile serves GET /api/v1/map/{z}/{x}/{y}.
func (a *API) tile(w http.ResponseWriter, r *http.Request, _ auth.Subject) {
	var at [3]int
	for i, name := range []string{"z", "x", "y"} {
		n, err := strconv.ParseUint(r.PathValue(name), 10, 31)
		if err != nil {
			fail(w, badBody.with(name, "a whole number"))
			return
		}
		at[i] = int(n)
	}
	body, err := a.Ground.Archive.Tile(at[0], at[1], at[2])
	h := w.Header()
	switch {
	case errors.Is(err, pmtiles.ErrNoTile):
		h.Set("Cache-Control", tilesKept)
		w.WriteHeader(http.StatusNoContent)
		return
	case err != nil:
		a.Log.Error("api: a tile of the map cannot be read", "z", at[0], "x", at[1], "y", at[2], "err", err)
		fail(w, noMapFile)
		return
	}
	tag := fmt.Sprintf(`W/"%s-%d-%d-%d"`, a.Ground.Archive.Version, at[0], at[1], at[2])
	h.Set("Cache-Control", tilesKept)
	h.Set("ETag", tag)
	if sameTag(r.Header.Values("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", a.Ground.Archive.MediaType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the caller may be gone
}
