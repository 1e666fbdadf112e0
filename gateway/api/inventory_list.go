package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/sheet"
)

// Bounds of one page of a list.
const (
	pageSize = 100
	maxPage  = 500
)

// stockDoc is a camera in a list for administrators.
type stockDoc struct {
	settingsDoc
	State  string `json:"state"`
	Since  int64  `json:"since,omitempty"` // of the state, Unix ms
	Stored bool   `json:"stored"`          // false: of the configuration file, where it is changed

	Consent *standingDoc `json:"consent,omitempty"` // of a citizen's camera
}

// stockListDoc answers GET /api/v1/inventory/cameras.
type stockListDoc struct {
	Cameras []stockDoc       `json:"cameras"`
	Next    gateway.CameraID `json:"next,omitempty"` // as ?after= it brings the next page; absent on the last
}

// treeDoc is an area in a list for administrators. Of those above theirs they
// are told the name and the level.
type treeDoc struct {
	areaDoc
	Mine   bool `json:"mine"`
	Stored bool `json:"stored"` // false: of the configuration file, where it is changed
}

// treeListDoc answers GET /api/v1/inventory/areas, each after its parent.
type treeListDoc struct {
	Areas []treeDoc `json:"areas"`
}

// stock serves GET /api/v1/inventory/cameras: those that the caller administers,
// or of them citizens' only, ordered by id, searched as GET /api/v1/cameras is.
func (a *API) stock(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	within, words, ok := asked(w, r)
	if !ok {
		return
	}
	limit, ok := limitOf(w, r)
	if !ok {
		return
	}
	lent, ok := lentOf(w, r)
	if !ok {
		return
	}
	var names map[gateway.AreaID]string
	if len(words) > 0 {
		names = map[gateway.AreaID]string{}
		for _, area := range a.Inventory.Areas() {
			names[area.ID] = sheet.Fold(area.Name)
		}
	}
	doc := stockListDoc{Cameras: []stockDoc{}}
	paths := map[gateway.AreaID][]string{}
	all, now := a.Inventory.Cameras(), time.Now()
	for _, c := range all[following(all, gateway.CameraID(r.URL.Query().Get("after"))):] {
		path, ok := paths[c.Area]
		if !ok {
			path = a.path(c.Area)
			paths[c.Area] = path
		}
		if within != "" && !slices.Contains(path, within) || !matches(c, names[c.Area], words) {
			continue
		}
		l := a.Policy.Lending(resource(c, path), now)
		if lent && !l.Takes {
			continue
		}
		if _, err := a.Policy.Decide(s, auth.Administer, resource(c, path), now); err != nil {
			continue
		}
		if len(doc.Cameras) == limit {
			doc.Next = doc.Cameras[limit-1].ID
			break
		}
		d := a.stockOf(c)
		if l.Takes {
			is := standingOf(l)
			d.Consent = &is
		}
		doc.Cameras = append(doc.Cameras, d)
	}
	a.answer(w, r, doc)
}

// following is the index of the first camera after id.
func following(all []gateway.Camera, id gateway.CameraID) int {
	i, found := slices.BinarySearchFunc(all, id, func(c gateway.Camera, id gateway.CameraID) int {
		return strings.Compare(string(c.ID), string(id))
	})
	if found {
		i++
	}
	return i
}

func limitOf(w http.ResponseWriter, r *http.Request) (int, bool) {
	text := r.URL.Query().Get("limit")
	if text == "" {
		return pageSize, true
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxPage {
		fail(w, badBody.with("limit", "a number from 1 to "+strconv.Itoa(maxPage)))
		return 0, false
	}
	return n, true
}

// lentOf says whether only citizens' cameras are asked for.
func lentOf(w http.ResponseWriter, r *http.Request) (lent, ok bool) {
	switch r.URL.Query().Get("lent") {
	case "", "false":
		return false, true
	case "true":
		return true, true
	}
	fail(w, badBody.with("lent", "true or false"))
	return false, false
}

func (a *API) stockOf(c gateway.Camera) stockDoc {
	d := stockDoc{settingsDoc: settingsOf(c)}
	_, _, d.Stored = a.Records.Camera(c.ID)
	state, since := a.Health(c.ID)
	if d.State = state; !since.IsZero() {
		d.Since = since.UnixMilli()
	}
	return d
}

// tree serves GET /api/v1/inventory/areas: those that the caller administers,
// and those above them.
func (a *API) tree(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	now := time.Now()
	mine, shown := map[gateway.AreaID]bool{}, map[string]bool{}
	areas := a.Inventory.Areas()
	for _, area := range areas {
		path := a.path(area.ID)
		if _, err := a.Policy.Decide(s, auth.Administer, auth.Resource{Areas: path}, now); err != nil {
			continue
		}
		mine[area.ID] = true
		for _, id := range path {
			shown[id] = true
		}
	}
	kept, _ := a.Records.All()
	stored := make(map[gateway.AreaID]bool, len(kept))
	for _, area := range kept {
		stored[area.ID] = true
	}
	doc := treeListDoc{Areas: []treeDoc{}}
	for _, area := range areas {
		if !shown[string(area.ID)] {
			continue
		}
		d := treeDoc{areaDoc: describeArea(area), Mine: mine[area.ID], Stored: stored[area.ID]}
		if !d.Mine {
			d.Codes = nil
		}
		doc.Areas = append(doc.Areas, d)
	}
	a.answer(w, r, doc)
}
