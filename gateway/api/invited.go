package api

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// What somebody does who was invited to lend a camera.

// invitedDoc answers GET /api/v1/invitation.
type invitedDoc struct {
	AreaName  string       `json:"area_name"`
	Name      string       `json:"name"` // of whom it is for
	Until     time.Time    `json:"until"`
	Agreement agreementDoc `json:"agreement"`
	Draft     *draftDoc    `json:"draft,omitempty"` // what was tried last
}

// draftDoc is the camera that an invitation makes.
type draftDoc struct {
	Camera gateway.CameraID `json:"camera"` // to be looked at by the ordinary signaling, with the invitation's token
	Main   string           `json:"main"`
	Sub    string           `json:"sub,omitempty"`
	User   string           `json:"user,omitempty"`
}

// tryBody asks for POST /api/v1/invitation/try.
type tryBody struct {
	Main     string  `json:"main" schema:"required,pattern=^rtsps?://"`
	Sub      string  `json:"sub" schema:"pattern=^rtsps?://"`
	User     string  `json:"user"`
	Password *string `json:"password" schema:"writeOnly"` // absent: the one before, if user and addresses stay the same
}

// agreeBody asks for POST /api/v1/invitation/agree.
type agreeBody struct {
	Name     string        `json:"name" schema:"required,minLength=1,maxLength=200"` // of the camera
	Owner    string        `json:"owner" schema:"required,minLength=1,maxLength=100"`
	Contact  string        `json:"contact" schema:"required,minLength=1,maxLength=200"`
	Purposes []auth.Reason `json:"purposes" schema:"required,minItems=1"`
	Hours    *auth.Hours   `json:"hours"` // absent: at all hours
	Until    time.Time     `json:"until"` // absent: until it is withdrawn
	Masks    []auth.Mask   `json:"masks" schema:"maxItems=16"`
	Digest   string        `json:"text_digest" schema:"required,pattern=^[0-9a-f]{64}$"`
}

// invited serves GET /api/v1/invitation.
func (a *API) invited(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	i, err := a.Policy.Invited(s, time.Now())
	if err != nil {
		a.refuse(w, err)
		return
	}
	doc := invitedDoc{AreaName: a.areaNames()[i.Area], Name: i.Name, Until: i.Until, Agreement: agreement()}
	if c, _, ok := a.Records.Camera(gateway.CameraID(i.Camera)); ok && i.Camera != "" {
		doc.Draft = &draftDoc{c.ID, c.Main, c.Sub, c.Login.User}
	}
	a.answer(w, r, doc)
}

// try serves POST /api/v1/invitation/try: it makes the draft, or changes it. The
// draft is closed to all others before it is there.
func (a *API) try(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	var b tryBody
	if !readBody(w, r, &b) {
		return
	}
	now := time.Now()
	i, err := a.Policy.Invited(s, now)
	if err != nil {
		a.refuse(w, err)
		return
	}
	id := gateway.CameraID(i.Camera)
	if id == "" {
		id = gateway.CameraID("ho-dan-" + strings.ToLower(rand.Text()[:12]))
	}
	a.writing.Lock()
	defer a.writing.Unlock()
	old, revision, _ := a.Records.Camera(id)
	d := settingsDoc{ID: id, Name: draftName, Area: gateway.AreaID(i.Area), Kind: gateway.Household, Main: b.Main, Sub: b.Sub, User: b.User, Password: b.Password}
	if i.Name != "" {
		d.Name = i.Name
	}
	c := d.camera(old)
	if err := a.Policy.Draft(r.Context(), s, string(id), now); err != nil {
		a.refuse(w, err)
		return
	}
	if _, err := a.Records.PutCamera(r.Context(), c, revision); err != nil {
		a.noteTwice(r, s, err, a.cameraRecord(old, c))
		a.done(w, err, 0)
		return
	}
	if a.noted(w, r, s, auth.Own, a.cameraRecord(old, c)) {
		a.answer(w, r, draftDoc{id, c.Main, c.Sub, c.Login.User})
	}
}

// draftName is a camera's until its owner has named it.
const draftName = "Camera hộ dân"

// agree serves POST /api/v1/invitation/agree.
func (a *API) agree(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	var b agreeBody
	if !readBody(w, r, &b) {
		return
	}
	now := time.Now()
	i, err := a.Policy.Invited(s, now)
	if err != nil {
		a.refuse(w, err)
		return
	}
	if b.Digest != agreement().Digest {
		fail(w, wrong.with("text_digest", "the agreement is another one now: read it again"))
		return
	}
	a.writing.Lock()
	defer a.writing.Unlock()
	c, revision, there := a.Records.Camera(gateway.CameraID(i.Camera))
	if !there {
		a.refuse(w, auth.ErrConflict)
		return
	}
	if c.Name = b.Name; c.Area != gateway.AreaID(i.Area) { // somebody moved it meanwhile: it is not what the owner was asked about
		a.refuse(w, auth.ErrConflict)
		return
	}
	if _, err := a.Records.PutCamera(r.Context(), c, revision); err != nil {
		a.done(w, err, 0)
		return
	}
	secret, err := a.Policy.Agree(r.Context(), s, auth.Consent{Owner: b.Owner, Contact: b.Contact, Purposes: b.Purposes, Hours: b.Hours,
		Until: b.Until, Masks: b.Masks, Document: b.Digest}, now)
	if err != nil {
		a.refuse(w, err)
		return
	}
	is := auth.Record{Event: auth.InvitationUsed, Camera: i.Camera, Kind: string(c.Kind), Areas: a.path(c.Area), Target: strings.TrimPrefix(s.ID, "invitation:"), By: "invitation"}
	given := is
	given.Event, given.Target = auth.ConsentGiven, ""
	given.Detail = fmt.Sprintf("by link, for %v, %d masks, text %s", b.Purposes, len(b.Masks), b.Digest)
	if a.noted(w, r, s, auth.Own, is) && a.noted(w, r, s, auth.Own, given) {
		created(w, linkDoc{a.privateLink(secret)})
	}
}
