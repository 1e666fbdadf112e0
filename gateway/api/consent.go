package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// stateOpen is the state of a citizen's camera that is closed for no reason.
const stateOpen auth.Closed = "open"

// standingDoc is how a citizen's camera stands.
type standingDoc struct {
	State   auth.Closed `json:"state" schema:"enum=open|off|hours|masked|expired|withdrawn|none"`
	Changes time.Time   `json:"changes_at,omitzero"` // when the state changes by itself
	Until   time.Time   `json:"until,omitzero"`      // of the consent; absent: until it is withdrawn
}

// consentDoc answers GET /api/v1/inventory/cameras/{id}/consent.
type consentDoc struct {
	standingDoc
	Owner     string        `json:"owner,omitempty"`
	Contact   string        `json:"contact,omitempty"`
	Purposes  []auth.Reason `json:"purposes"`
	Given     time.Time     `json:"given,omitzero"`
	From      time.Time     `json:"from,omitzero"`
	Hours     *auth.Hours   `json:"hours,omitempty"` // absent: at all hours
	How       string        `json:"how,omitempty" schema:"enum=link|paper"`
	Document  string        `json:"document,omitempty"`
	Masks     []auth.Mask   `json:"masks,omitempty"`
	Off       time.Time     `json:"off,omitzero"` // since when the owner has it switched off
	Withdrawn time.Time     `json:"withdrawn,omitzero"`
	By        string        `json:"by,omitempty"`
	ByName    string        `json:"by_name,omitempty"`
}

// consentBody asks for PUT /api/v1/inventory/cameras/{id}/consent.
type consentBody struct {
	Owner    string        `json:"owner" schema:"required,minLength=1,maxLength=100"`
	Contact  string        `json:"contact" schema:"maxLength=200"`
	Purposes []auth.Reason `json:"purposes" schema:"required,maxItems=7,uniqueItems"`
	From     time.Time     `json:"from"`  // now, where it is left out
	Until    time.Time     `json:"until"` // until it is withdrawn, where it is left out
	Hours    *auth.Hours   `json:"hours"`
	Document string        `json:"document" schema:"required,minLength=1,maxLength=100"` // the number of the signed form
}

// withdrawalBody asks for DELETE /api/v1/inventory/cameras/{id}/consent.
type withdrawalBody struct {
	Document string `json:"document" schema:"required,minLength=1,maxLength=100"` // by which the owner withdrew
}

// lentCamera is the camera that a request is about, where the caller administers
// it; else it has been answered, the same where there is none.
func (a *API) lentCamera(w http.ResponseWriter, r *http.Request, s auth.Subject) (auth.Resource, bool) {
	c, err := a.Inventory.Camera(gateway.CameraID(r.PathValue("id")))
	if err != nil || !a.administers(s, c.Area, c.ID, c.Kind) {
		fail(w, notFound)
		return auth.Resource{}, false
	}
	return resource(c, a.path(c.Area)), true
}

// consent serves GET, PUT and DELETE /api/v1/inventory/cameras/{id}/consent.
func (a *API) consent(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	var given consentBody
	var taken withdrawalBody
	switch { // first, so that a body tells nobody whether there is such a camera
	case r.Method == http.MethodPut && !readBody(w, r, &given):
		return
	case r.Method == http.MethodDelete && !readBody(w, r, &taken):
		return
	}
	at, ok := a.lentCamera(w, r, s)
	if !ok {
		return
	}
	switch r.Method {
	case http.MethodPut:
		a.giveConsent(w, r, s, at, given)
	case http.MethodDelete:
		a.withdrawConsent(w, r, s, at, taken)
	default:
		a.showConsent(w, r, s, at)
	}
}

func (a *API) showConsent(w http.ResponseWriter, r *http.Request, s auth.Subject, at auth.Resource) {
	now := time.Now()
	lending := a.Policy.Lending(at, now)
	if !lending.Takes { // it is nobody's to agree to
		fail(w, noEntry)
		return
	}
	c, revision, err := a.Policy.ConsentOf(s, at.Camera, now)
	if err != nil && !errors.Is(err, auth.ErrUnknown) {
		a.refuse(w, err)
		return
	}
	if revision != 0 {
		w.Header().Set("ETag", tagOf(revision))
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(consentDoc{standingOf(lending), c.Owner, c.Contact, some(c.Purposes), c.Given, c.From, c.Hours, c.How, c.Document,
		c.Masks, c.Off, c.Withdrawn, c.By, a.Policy.NameOf(c.By)}) // the caller may be gone
}

func standingOf(l auth.Lending) standingDoc {
	if l.Closed == "" {
		l.Closed = stateOpen
	}
	return standingDoc{l.Closed, l.Changes, l.Until}
}

func (a *API) giveConsent(w http.ResponseWriter, r *http.Request, s auth.Subject, at auth.Resource, b consentBody) {
	now := time.Now()
	if !a.Policy.Lending(at, now).Takes {
		fail(w, wrong.with("kind", "only a household's camera takes a consent: change its kind first"))
		return
	}
	_, revision, err := a.Policy.ConsentOf(s, at.Camera, now)
	switch {
	case err != nil && !errors.Is(err, auth.ErrUnknown):
		a.refuse(w, err)
		return
	case !a.expected(w, r, revision):
		return
	}
	a.writing.Lock() // so that its address is the one that is noted
	defer a.writing.Unlock()
	c := auth.Consent{Camera: at.Camera, Owner: b.Owner, Contact: b.Contact, Purposes: b.Purposes, From: b.From, Until: b.Until,
		Hours: b.Hours, Document: b.Document, How: auth.OnPaper}
	first, next, err := a.Policy.EnterConsent(r.Context(), s, c, revision, now)
	is := auth.Record{Event: auth.ConsentChanged, Camera: at.Camera, Kind: at.Kind, Areas: at.Areas, Detail: c.Told()}
	if first {
		is.Event = auth.ConsentGiven
	}
	switch {
	case errors.Is(err, auth.ErrConflict):
		fail(w, conflict)
	case err != nil:
		a.noteTwice(r, s, err, is)
		a.refuse(w, err)
	default:
		a.changed(w, r, s, nil, next, is)
	}
}

func (a *API) withdrawConsent(w http.ResponseWriter, r *http.Request, s auth.Subject, at auth.Resource, b withdrawalBody) {
	if b.Document == "" || len(b.Document) > auth.MaxDetail/2 {
		fail(w, wrong.with("document", "name the document by which the owner withdrew"))
		return
	}
	a.acted(w, r, s, a.Policy.WithdrawConsent(r.Context(), s, at.Camera, time.Now()), auth.Administer,
		auth.Record{Event: auth.ConsentWithdrawn, Camera: at.Camera, Kind: at.Kind, Areas: at.Areas, Detail: "on the owner's behalf, document " + b.Document})
}

// ownerLink serves POST /api/v1/inventory/cameras/{id}/owner-link.
func (a *API) ownerLink(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	at, ok := a.lentCamera(w, r, s)
	if !ok {
		return
	}
	secret, err := a.Policy.MakeOwnerLink(r.Context(), s, at.Camera, time.Now())
	if err != nil {
		a.refuse(w, err)
		return
	}
	if a.noted(w, r, s, auth.Administer, auth.Record{Event: auth.OwnerLink, Camera: at.Camera, Kind: at.Kind, Areas: at.Areas}) {
		created(w, linkDoc{a.privateLink(secret)})
	}
}

// lent adds how a citizen's camera stands to what who has the right to its
// pictures is told. Nobody else learns it.
func (a *API) lent(d cameraDoc, s auth.Subject, at auth.Resource, now time.Time) cameraDoc {
	l := a.Policy.Lending(at, now)
	if !l.Takes {
		return d
	}
	_, err := a.Policy.Decide(s, auth.View, at, now)
	closed, needs := errors.Is(err, auth.ErrClosed), errors.Is(err, auth.ErrCase)
	if err != nil && !closed && !needs {
		return d
	}
	d.NeedsCase, d.Purposes = needs, l.Purposes
	if closed {
		d.Closed = l.Closed
		if !l.Changes.IsZero() && a.Policy.Lending(at, l.Changes).Closed == "" {
			d.ClosedUntil = l.Changes
		}
	}
	return d
}
