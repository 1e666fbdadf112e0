package api

import (
	"net/http"
	"slices"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// noticeDoc is what those who supervise are told.
type noticeDoc struct {
	Key       string    `json:"key"` // of the grant (revoke it) or the request (answer it)
	Emergency bool      `json:"emergency"`
	Name      string    `json:"name"` // who gave it to themselves, or asks
	Areas     []string  `json:"areas"`
	Cameras   []string  `json:"cameras"`
	AreaNames []string  `json:"area_names"` // of the areas, or of those of the cameras
	Reason    string    `json:"reason"`
	At        time.Time `json:"at"`
	Until     time.Time `json:"until,omitzero"` // of an emergency
}

// noticesDoc answers GET /api/v1/notices.
type noticesDoc struct {
	Notices []noticeDoc `json:"notices"`
}

// emergencyBody asks for POST /api/v1/emergency: an area, or cameras.
type emergencyBody struct {
	Area    string   `json:"area" schema:"maxLength=64"`
	Cameras []string `json:"cameras" schema:"maxItems=1000,each.maxLength=64"`
	Reason  string   `json:"reason" schema:"required,minLength=10,maxLength=1000"`
	For     int64    `json:"for" schema:"required,minimum=1,maximum=1800"` // seconds
}

// emergencyDoc answers it.
type emergencyDoc struct {
	Key   string    `json:"key"`
	Until time.Time `json:"until"`
}

// notices serves GET /api/v1/notices.
func (a *API) notices(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	told, err := a.Policy.Notices(s, time.Now())
	if err != nil {
		a.refuse(w, err)
		return
	}
	names := a.areaNames()
	doc := noticesDoc{Notices: []noticeDoc{}}
	for _, n := range told {
		doc.Notices = append(doc.Notices, noticeDoc{n.Key, n.Emergency, n.Name, some(n.Areas), some(n.Cameras),
			a.placeNames(n, names), n.Reason, n.At, n.Until})
	}
	a.answer(w, r, doc)
}

func (a *API) placeNames(n auth.Notice, names map[string]string) []string {
	areas := n.Areas
	if len(areas) == 0 {
		for _, id := range n.Cameras {
			c, err := a.Inventory.Camera(gateway.CameraID(id))
			if err == nil && !slices.Contains(areas, string(c.Area)) {
				areas = append(areas, string(c.Area))
			}
		}
	}
	out := []string{}
	for _, id := range areas {
		name, ok := names[id]
		if !ok {
			name = id // the area is gone
		}
		out = append(out, name)
	}
	return out
}

// emergency serves POST /api/v1/emergency: the right to see, at once, and for a
// short time.
func (a *API) emergency(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	var b emergencyBody
	if !readBody(w, r, &b) {
		return
	}
	now := time.Now()
	if !a.Policy.Offices(s, now).Emergency {
		fail(w, noEntry)
		return
	}
	if (b.Area == "") == (len(b.Cameras) == 0) {
		fail(w, wrong.with("area", "name an area, or cameras"))
		return
	}
	d, ok := forSeconds(w, b.For, auth.MaxEmergency)
	if !ok {
		return
	}
	g := auth.Grant{Actions: []auth.Action{auth.View}, Cameras: b.Cameras, Until: now.Add(d), Reason: b.Reason}
	if b.Area != "" {
		g.Areas = []string{b.Area}
	}
	key, err := a.Policy.Emergency(r.Context(), s, g, now)
	if err != nil {
		a.refuse(w, err)
		return
	}
	if a.noted(w, r, s, auth.Connect, a.grantRecord(auth.EmergencyTaken, key, g)) {
		created(w, emergencyDoc{key, g.Until})
	}
}
