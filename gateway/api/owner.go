package api

import (
	"errors"
	"net/http"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// What the owner of a citizen's camera sees and does, by their private link.

// ownerDoc answers GET /api/v1/owner.
type ownerDoc struct {
	Camera   string        `json:"camera"`    // its name, "" once it was removed
	AreaName string        `json:"area_name"` //
	Owner    string        `json:"owner"`
	State    string        `json:"state" schema:"enum=open|none|off|hours|masked|expired|withdrawn"`
	Changes  time.Time     `json:"changes_at,omitzero"` // when State changes by itself
	Off      time.Time     `json:"off,omitzero"`        // since when it is switched off
	Given    time.Time     `json:"given"`
	Until    time.Time     `json:"until,omitzero"`
	Ended    time.Time     `json:"withdrawn,omitzero"`
	Hours    *auth.Hours   `json:"hours,omitempty"` // absent: at all hours
	Purposes []auth.Reason `json:"purposes"`
	Masks    []auth.Mask   `json:"masks"`           // the owner's own
	Others   []auth.Mask   `json:"masks_of_others"` // those who administer the camera drew; they hide beside the owner's
	Views    viewCountsDoc `json:"views"`
	Last     []viewDoc     `json:"last"`
	Next     uint64        `json:"next,omitempty"` // as ?before= of /api/v1/owner/views it brings what follows
}

// ownerHoursBody asks for PUT /api/v1/owner/hours.
type ownerHoursBody struct {
	Hours *auth.Hours `json:"hours"` // absent: at all hours
}

// ownerMasksBody asks for PUT /api/v1/owner/masks.
type ownerMasksBody struct {
	Was   []auth.Mask `json:"was" schema:"required,maxItems=16"` // as they were read: what somebody drew meanwhile is not lost
	Masks []auth.Mask `json:"masks" schema:"required,maxItems=16"`
}

// ownerBody asks for POST /api/v1/owner/off and /on.
type ownerBody struct{}

// withdrawBody asks for POST /api/v1/owner/withdraw.
type withdrawBody struct {
	Confirm *bool `json:"confirm" schema:"required"`
}

// owner serves GET /api/v1/owner.
func (a *API) owner(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	now := time.Now()
	c, err := a.Policy.Owned(s, now)
	if err != nil {
		a.refuse(w, err)
		return
	}
	doc := ownerDoc{Owner: c.Owner, Off: c.Off, Given: c.Given, Until: c.Until, Ended: c.Withdrawn, Hours: c.Hours,
		Purposes: some(c.Purposes), Masks: some(c.Masks), Others: []auth.Mask{}, State: "open"}
	at := a.owned(c.Camera)
	l := a.Policy.Lending(at, now)
	if doc.Changes = l.Changes; l.Closed != "" {
		doc.State = string(l.Closed)
	}
	if cam, err := a.Inventory.Camera(gateway.CameraID(c.Camera)); err == nil {
		doc.Camera, doc.AreaName = cam.Name, a.areaNames()[string(cam.Area)]
	}
	if cam, _, ok := a.Records.Camera(gateway.CameraID(c.Camera)); ok {
		doc.Others = drawnBy(cam.Masks)
	}
	if doc.Views, err = a.countViews(r.Context(), c.Camera, now); err == nil {
		doc.Last, doc.Next, err = a.viewsOf(r.Context(), c.Camera, 0)
	}
	if err != nil {
		a.unread(w, r, err)
		return
	}
	a.answer(w, r, doc)
}

// unread answers when the audit log cannot be read: an owner is not told of
// fewer views than there were.
func (a *API) unread(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() == nil {
		a.Log.Error("api: an owner was not told who looked, since the audit log could not be read", "err", err)
	}
	fail(w, internal)
}

// owned is the camera as it stands, also where its row is gone.
func (a *API) owned(camera string) auth.Resource {
	if c, err := a.Inventory.Camera(gateway.CameraID(camera)); err == nil {
		return resource(c, a.path(c.Area))
	}
	return auth.Resource{Camera: camera, Kind: auth.Household}
}

// ownerSwitch serves POST /api/v1/owner/off and /on.
func (a *API) ownerSwitch(event auth.Event, act func(r *http.Request, s auth.Subject, now time.Time) error) handler {
	return func(w http.ResponseWriter, r *http.Request, s auth.Subject) {
		var b ownerBody
		if readBody(w, r, &b) {
			a.ownerActs(w, r, s, event, "", act)
		}
	}
}

func (a *API) ownerOff(r *http.Request, s auth.Subject, now time.Time) error {
	return a.Policy.SwitchOff(r.Context(), s, now)
}

func (a *API) ownerOn(r *http.Request, s auth.Subject, now time.Time) error {
	return a.Policy.SwitchOn(r.Context(), s, now)
}

// ownerHours serves PUT /api/v1/owner/hours.
func (a *API) ownerHours(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	var b ownerHoursBody
	if !readBody(w, r, &b) {
		return
	}
	detail := "by its owner: other hours"
	if b.Hours == nil {
		detail = "by its owner: at all hours"
	}
	a.ownerActs(w, r, s, auth.ConsentChanged, detail, func(r *http.Request, s auth.Subject, now time.Time) error {
		return a.Policy.SetOwnHours(r.Context(), s, b.Hours, now)
	})
}

// ownerMasks serves PUT /api/v1/owner/masks.
func (a *API) ownerMasks(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	var b ownerMasksBody
	if !readBody(w, r, &b) {
		return
	}
	if b.Was == nil || b.Masks == nil {
		fail(w, badBody.with("masks", "send those that were read as was, and all that there are to be as masks; [] for none"))
		return
	}
	if err := errors.Join(auth.CheckMasks(b.Was), auth.CheckMasks(b.Masks)); err != nil {
		a.refuse(w, err)
		return
	}
	is := maskRecord(auth.Record{}, pointsOf(b.Was), pointsOf(b.Masks))
	a.ownerActs(w, r, s, is.Event, "by its owner: "+is.Detail, func(r *http.Request, s auth.Subject, now time.Time) error {
		return a.Policy.SetOwnMasks(r.Context(), s, b.Was, b.Masks, now)
	})
}

// ownerWithdraw serves POST /api/v1/owner/withdraw.
func (a *API) ownerWithdraw(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	var b withdrawBody
	if !readBody(w, r, &b) {
		return
	}
	if _, err := a.Policy.Owned(s, time.Now()); err == nil && (b.Confirm == nil || !*b.Confirm) {
		fail(w, wrong.with("confirm", "withdrawing is for good: send true"))
		return
	}
	a.ownerActs(w, r, s, auth.ConsentWithdrawn, "by its owner", func(r *http.Request, s auth.Subject, now time.Time) error {
		return a.Policy.WithdrawOwn(r.Context(), s, now)
	})
}

// ownerActs does something to the owner's camera, and has it recorded.
func (a *API) ownerActs(w http.ResponseWriter, r *http.Request, s auth.Subject, event auth.Event, detail string,
	act func(r *http.Request, s auth.Subject, now time.Time) error) {
	now := time.Now()
	c, err := a.Policy.Owned(s, now)
	if err != nil {
		a.refuse(w, err)
		return
	}
	at := a.owned(c.Camera) // before: withdrawing removes it
	err = act(r, s, now)
	if errors.Is(err, auth.ErrConflict) {
		fail(w, quicker)
		return
	}
	a.acted(w, r, s, err, auth.Own, auth.Record{Event: event, Camera: at.Camera, Kind: at.Kind, Areas: at.Areas, Detail: detail})
}
