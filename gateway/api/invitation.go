package api

import (
	"fmt"
	"net/http"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// invitationBody asks for POST /api/v1/invitations.
type invitationBody struct {
	Area gateway.AreaID `json:"area" schema:"required"`
	Name string         `json:"name" schema:"maxLength=100"` // of whom it is for
	Note string         `json:"note" schema:"maxLength=200"`
	Days int64          `json:"days" schema:"required,minimum=1,maximum=14"`
}

// invitationMadeDoc answers it. The link is a secret.
type invitationMadeDoc struct {
	Key  string `json:"key"`
	Link string `json:"link"`
}

// invitationDoc is an invitation as those see it who made it.
type invitationDoc struct {
	Key      string    `json:"key"`
	Area     string    `json:"area"`
	AreaName string    `json:"area_name"`
	Name     string    `json:"name"`
	Note     string    `json:"note"`
	ByName   string    `json:"by_name"`
	Made     time.Time `json:"made"`
	Until    time.Time `json:"until"`
	Used     time.Time `json:"used,omitzero"`
	Camera   string    `json:"camera,omitempty"` // the draft, and once it is used the camera
	State    string    `json:"state" schema:"enum=open|used|expired"`
}

// invitationsDoc answers GET /api/v1/invitations; there are at most
// auth.MaxInvitations.
type invitationsDoc struct {
	Invitations []invitationDoc `json:"invitations"`
}

// invitations serves GET and POST /api/v1/invitations.
func (a *API) invitations(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	if r.Method == http.MethodPost {
		a.invite(w, r, s)
		return
	}
	now, names := time.Now(), a.areaNames()
	doc := invitationsDoc{Invitations: []invitationDoc{}}
	for _, row := range a.Policy.Invitations(s, now) {
		i := row.Value
		d := invitationDoc{Key: row.Key, Area: i.Area, AreaName: names[i.Area], Name: i.Name, Note: i.Note, ByName: a.Policy.NameOf(i.By),
			Made: i.Made, Until: i.Until, Used: i.Used, Camera: i.Camera, State: "open"}
		switch {
		case !i.Used.IsZero():
			d.State = "used"
		case !now.Before(i.Until):
			d.State = "expired"
		}
		doc.Invitations = append(doc.Invitations, d)
	}
	a.answer(w, r, doc)
}

func (a *API) invite(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	var b invitationBody
	if !readBody(w, r, &b) {
		return
	}
	now := time.Now()
	days := min(max(b.Days, 0), 1000) // what is wrong stays wrong
	i := auth.Invitation{Area: string(b.Area), Name: b.Name, Note: b.Note, Until: now.Add(time.Duration(days) * 24 * time.Hour)}
	// A camera that somebody adds lies in the store, and so must its area.
	if _, _, ok := a.Records.Area(b.Area); !ok && a.path(b.Area) != nil && a.administers(s, b.Area, "", "") {
		fail(w, wrong.with("area", "the area is in the configuration file, where nobody can add cameras from here: make one of the inventory below it"))
		return
	}
	key, secret, err := a.Policy.Invite(r.Context(), s, i, now)
	if err != nil {
		a.refuse(w, err)
		return
	}
	is := auth.Record{Event: auth.InvitationMade, Target: key, Areas: a.path(b.Area), Detail: fmt.Sprintf("for %d days", days)}
	if a.noted(w, r, s, auth.Administer, is) {
		created(w, invitationMadeDoc{key, a.privateLink(secret)})
	}
}

// privateLink is a link to the page of owners and of those who are invited. The
// secret stands behind the #, which no browser sends.
func (a *API) privateLink(secret string) string { return a.Origin + "/owner/#" + secret }

// invitation serves DELETE /api/v1/invitations/{key}.
func (a *API) invitation(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	key := r.PathValue("key")
	i, err := a.Policy.Uninvite(r.Context(), s, key, time.Now())
	a.acted(w, r, s, err, auth.Administer, auth.Record{Event: auth.InvitationRevoked, Target: key, Areas: a.path(gateway.AreaID(i.Area))})
}
