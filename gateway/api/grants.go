package api

import (
	"net/http"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// grantDoc is a right that was given, by its key.
type grantDoc struct {
	Key string `json:"key"`
	auth.Grant
	WhoName string `json:"who_name,omitempty"` // for people
	ByName  string `json:"by_name,omitempty"`
}

// grantsDoc answers GET /api/v1/grants; there are at most auth.MaxGrants.
type grantsDoc struct {
	Grants []grantDoc `json:"grants"`
}

// grantBody asks for POST /api/v1/grants.
type grantBody struct {
	Who     auth.Who      `json:"who" schema:"required"`
	Actions []auth.Action `json:"actions" schema:"required,minItems=1,maxItems=8,each.enum=view|lookback|export|ptz|administer|supervise|audit|share"`
	Areas   []string      `json:"areas" schema:"maxItems=1000,each.maxLength=64"`
	Cameras []string      `json:"cameras" schema:"maxItems=1000,each.maxLength=64"`
	Kinds   []string      `json:"kinds" schema:"maxItems=16,each.enum=public|household|office|institution"`
	From    time.Time     `json:"from"`
	Until   time.Time     `json:"until"`
	Hours   *auth.Hours   `json:"hours"`
	Reason  string        `json:"reason" schema:"maxLength=1000"`
}

// grants serves GET and POST /api/v1/grants.
func (a *API) grants(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	if r.Method == http.MethodPost {
		a.give(w, r, s)
		return
	}
	rows, err := a.Policy.Grants(s, time.Now())
	if err != nil {
		a.refuse(w, err)
		return
	}
	doc := grantsDoc{Grants: []grantDoc{}}
	for _, row := range rows {
		doc.Grants = append(doc.Grants, grantDoc{row.Key, row.Value, a.nameOf(row.Value.Who), a.Policy.NameOf(row.Value.By)})
	}
	a.answer(w, r, doc)
}

func (a *API) nameOf(who auth.Who) string {
	switch {
	case who.Person != "":
		return a.Policy.NameOf(who.Person)
	case who.Group != "":
		return who.Group
	}
	return string(who.Role)
}

func (a *API) give(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	var b grantBody
	if !readBody(w, r, &b) {
		return
	}
	// The policy asks again, but tells a place that is not there from one that
	// is another's.
	if !a.givesAt(s, b.Areas, b.Cameras) {
		fail(w, noEntry)
		return
	}
	g := auth.Grant{Who: b.Who, Actions: b.Actions, Areas: b.Areas, Cameras: b.Cameras,
		Kinds: b.Kinds, From: b.From, Until: b.Until, Hours: b.Hours, Reason: b.Reason}
	key, err := a.Policy.Give(r.Context(), s, g, time.Now())
	if err != nil {
		a.refuse(w, err)
		return
	}
	if a.noted(w, r, s, auth.Administer, a.grantRecord(auth.GrantGiven, key, g)) {
		created(w, keyDoc{key})
	}
}

// givesAt says whether all places are there and the caller's to administer.
func (a *API) givesAt(s auth.Subject, areas, cameras []string) bool {
	for _, id := range areas {
		area := gateway.AreaID(id)
		if id == auth.AllAreas {
			area = ""
		} else if a.path(area) == nil {
			return false
		}
		if !a.administers(s, area, "", "") {
			return false
		}
	}
	for _, id := range cameras {
		c, err := a.Inventory.Camera(gateway.CameraID(id))
		if err != nil || !a.administers(s, c.Area, "", "") {
			return false
		}
	}
	return true
}

// grant serves DELETE /api/v1/grants/{key}.
func (a *API) grant(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	key := r.PathValue("key")
	g := a.grantOf(s, key)
	right := auth.Supervise
	if g.Who.Person == s.ID {
		right = auth.Connect
	}
	a.acted(w, r, s, a.Policy.Revoke(r.Context(), s, key, time.Now()), right, a.grantRecord(auth.GrantRevoked, key, g))
}

func (a *API) grantRecord(e auth.Event, key string, g auth.Grant) auth.Record {
	return auth.Record{Event: e, Target: key, Areas: a.places(g.Areas, g.Cameras), Detail: toldOf(g)}
}
