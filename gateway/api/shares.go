package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// shareBody asks for POST /api/v1/shares.
type shareBody struct {
	Camera  gateway.CameraID `json:"camera" schema:"required"`
	For     string           `json:"for" schema:"required,minLength=1,maxLength=100"`
	Minutes int              `json:"minutes" schema:"required,minimum=1,maximum=240"`
	Note    string           `json:"note" schema:"maxLength=300"`
	Outside bool             `json:"outside"`
}

// sharedDoc answers who made a share. The link and the pin are shown this once.
type sharedDoc struct {
	Key   string    `json:"key"`
	Link  string    `json:"link"` // from the gateway's root on; what is secret stands behind the #
	Pin   string    `json:"pin,omitempty"`
	Until time.Time `json:"until"`
}

// shareDoc is a share as who made it, opened it or supervises the place sees it.
type shareDoc struct {
	Key      string    `json:"key"`
	Camera   string    `json:"camera"`
	Name     string    `json:"name"` // of the camera
	AreaName string    `json:"area_name"`
	By       string    `json:"by"`
	ByName   string    `json:"by_name"`
	For      string    `json:"for"`
	Outside  bool      `json:"outside"`
	Note     string    `json:"note,omitempty"`
	Made     time.Time `json:"made"`
	Until    time.Time `json:"until"` // when it ended, where it has
	Running  bool      `json:"running"`
	Opened   bool      `json:"opened"`
	OpenedBy string    `json:"opened_by,omitempty"` // the colleague's name
	Tries    int       `json:"tries,omitempty"`     // wrong pins
	Mine     bool      `json:"mine"`                // the caller made it
	Received bool      `json:"received"`            // the caller looks by it
}

// sharesDoc answers GET /api/v1/shares; there are at most auth.MaxShares.
type sharesDoc struct {
	Shares []shareDoc `json:"shares"`
}

// openShareBody asks for POST /api/v1/shares/open.
type openShareBody struct {
	Secret string `json:"secret" schema:"required,maxLength=100"`
}

// guestBody asks for POST /api/v1/guest.
type guestBody struct {
	Secret string `json:"secret" schema:"required,maxLength=100"`
	Pin    string `json:"pin" schema:"pattern=^[0-9]*$,maxLength=6"` // left out: only look whether the link is good
}

// guestDoc answers an outsider.
type guestDoc struct {
	Name   string    `json:"name"` // whom it is for
	Until  time.Time `json:"until"`
	Left   int       `json:"left"`             // wrong pins that may still come
	Token  string    `json:"token,omitempty"`  // a bearer token; the one before ends
	Camera string    `json:"camera,omitempty"` // its id
	Title  string    `json:"title,omitempty"`  // its name
}

var (
	noShare = problem{Title: "Not Found", Status: http.StatusNotFound, Code: "not_found",
		Text: text{"Liên kết chia sẻ không đúng, đã kết thúc, hoặc người khác đã mở.", "The share's link is wrong, has ended, or somebody else has opened it."}}
	wrongPin = problem{Title: "Forbidden", Status: http.StatusForbidden, Code: "pin",
		Text: text{"Mã PIN không đúng.", "The pin is wrong."}}
)

// sharing is for those who let others look at a camera, and for those others.
func (a *API) sharing() []route {
	return []route{
		{method: get, path: "/api/v1/shares", does: "The shares that the caller made, opened or supervises, running or ended within a day, the newest first.", may: onlyPeople,
			gives: []answer{{200, sharesDoc{}}}, etag: weakTag, fails: []problem{noEntry}, serve: a.shares},
		{method: post, path: "/api/v1/shares", does: "Shares a live camera, never a household's, for minutes: with a colleague, who signs in, or with a named outsider, who needs the pin.",
			may: "people with a right of their own to view the camera, and to share it with an outsider", takes: shareBody{},
			gives: []answer{{201, sharedDoc{}}}, fails: []problem{noEntry, wrong}, serve: a.shares},
		{method: post, path: "/api/v1/shares/open", does: "Opens a colleague's share. It is the caller's from then on, and nobody else's.", may: onlyPeople,
			takes: openShareBody{}, gives: []answer{{200, shareDoc{}}}, fails: []problem{noShare, wrong, quicker}, serve: a.openShare},
		{method: del, path: "/api/v1/shares/{key}", does: "Ends a share at once.", may: "who made it, and whoever supervises the camera's area",
			gives: noContent, fails: []problem{noEntry, quicker}, serve: a.endShare},
		{method: post, path: "/api/v1/guest", does: "Opens an outsider's share by its pin, on one device at a time. Without a pin it only says whom the link is for.", may: anybody,
			takes: guestBody{}, gives: []answer{{200, guestDoc{}}}, fails: []problem{noShare, wrongPin, wrong, quicker}, serve: a.guest},
	}
}

// shares serves GET and POST /api/v1/shares.
func (a *API) shares(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	if r.Method == http.MethodPost {
		a.share(w, r, s)
		return
	}
	now := time.Now()
	rows, err := a.Policy.Shares(s, now)
	if err != nil {
		a.refuse(w, err)
		return
	}
	names := a.areaNames()
	doc := sharesDoc{Shares: []shareDoc{}}
	for _, row := range rows {
		doc.Shares = append(doc.Shares, a.describeShare(row, s, names, now))
	}
	a.answer(w, r, doc)
}

func (a *API) describeShare(row auth.Row[auth.Share], s auth.Subject, areas map[string]string, now time.Time) shareDoc {
	v := row.Value
	d := shareDoc{Key: row.Key, Camera: v.Camera, By: v.By, ByName: v.ByName, For: v.For, Outside: v.Outside, Note: v.Note,
		Made: v.Made, Until: v.Until, Running: v.Running(now), Opened: v.Opened != "" || v.Opens > 0, OpenedBy: a.Policy.NameOf(v.Opened),
		Tries: v.Tries, Mine: v.By == s.ID, Received: v.Opened == s.ID && v.By != s.ID}
	if !v.Revoked.IsZero() {
		d.Until = v.Revoked
	}
	if c, err := a.Inventory.Camera(gateway.CameraID(v.Camera)); err == nil {
		d.Name, d.AreaName = c.Name, areas[string(c.Area)]
	}
	return d
}

func (a *API) share(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	var b shareBody
	if !readBody(w, r, &b) {
		return
	}
	if b.Minutes < 1 || b.Minutes > int(auth.MaxShare/time.Minute) {
		fail(w, wrong.with("minutes", fmt.Sprintf("say for how many minutes, 1 to %d", auth.MaxShare/time.Minute)))
		return
	}
	now := time.Now()
	made, err := a.Policy.Share(r.Context(), s, auth.Share{Camera: string(b.Camera), For: b.For, Note: b.Note, Outside: b.Outside,
		Until: now.Add(time.Duration(b.Minutes) * time.Minute)}, now)
	if err != nil {
		a.refuse(w, err)
		return
	}
	if !a.noted(w, r, s, auth.View, a.shareRecord(auth.ShareMade, made.Key, made.Share)) {
		if err := a.Policy.EndShare(context.WithoutCancel(r.Context()), s, made.Key, now); err != nil {
			a.Log.Error("api: a share that is not recorded was not ended; nobody was told its link", "share", made.Key, "err", err)
		}
		return
	}
	doc := sharedDoc{Key: made.Key, Link: "/#share=" + made.Secret, Pin: made.Pin, Until: made.Share.Until}
	if b.Outside {
		doc.Link = "/guest/#" + made.Secret
	}
	w.Header().Set("Cache-Control", "no-store")
	created(w, doc)
}

// given answers what is given once, and kept nowhere on its way.
func given(w http.ResponseWriter, doc any) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(doc) // the caller may be gone
}

// shareRecord is the record of a share, or of what became of it.
func (a *API) shareRecord(e auth.Event, key string, v auth.Share) auth.Record {
	is := auth.Record{Event: e, Target: key, Detail: "for " + v.For}
	if v.Outside {
		is.Detail += ", an outsider"
	}
	is.Detail += ", until " + v.Until.UTC().Format(time.RFC3339)
	if v.Note != "" {
		is.Detail += ": " + v.Note
	}
	if c, err := a.Inventory.Camera(gateway.CameraID(v.Camera)); err == nil {
		at := resource(c, a.path(c.Area))
		is.Camera, is.Kind, is.Areas = at.Camera, at.Kind, at.Areas
	}
	return is
}

// openShare serves POST /api/v1/shares/open.
func (a *API) openShare(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	var b openShareBody
	if !readBody(w, r, &b) {
		return
	}
	now := time.Now()
	row, fresh, err := a.Policy.OpenShare(r.Context(), s, b.Secret, now)
	switch {
	case errors.Is(err, auth.ErrUnauthenticated), err != nil && !errors.Is(err, auth.ErrDenied) && !errors.Is(err, auth.ErrUnknown):
		a.refuse(w, err)
		return
	case err != nil:
		if row.Key != "" {
			is := a.shareRecord(auth.ShareRefused, row.Key, row.Value)
			is.Subject, is.Name, is.Address, is.Device = s.ID, s.Name, auth.Address(r), auth.Device(r.UserAgent())
			is.Detail = "another has opened it; " + is.Detail
			a.seldom(is)
		}
		fail(w, noShare)
		return
	}
	if fresh && !a.noted(w, r, s, auth.Connect, a.shareRecord(auth.ShareOpened, row.Key, row.Value)) {
		return
	}
	given(w, a.describeShare(row, s, a.areaNames(), now))
}

// seldom records what anybody can bring about at will.
func (a *API) seldom(is auth.Record) {
	if a.Ledger != nil {
		a.Ledger.Seldom(is)
	}
}

// endShare serves DELETE /api/v1/shares/{key}.
func (a *API) endShare(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	key, now := r.PathValue("key"), time.Now()
	rows, _ := a.Policy.Shares(s, now) // the act itself says why not
	v := valueOf(rows, key)
	a.acted(w, r, s, a.Policy.EndShare(r.Context(), s, key, now), auth.Connect, a.shareRecord(auth.ShareRevoked, key, v))
}

// guest serves POST /api/v1/guest, to whoever has a link.
func (a *API) guest(w http.ResponseWriter, r *http.Request, _ auth.Subject) {
	var b guestBody
	if !readBody(w, r, &b) {
		return
	}
	now := time.Now()
	if b.Pin == "" {
		row, err := a.Policy.Offered(b.Secret, now)
		if err != nil {
			fail(w, noShare)
			return
		}
		given(w, guestDoc{Name: row.Value.For, Until: row.Value.Until, Left: auth.MaxPins - row.Value.Tries})
		return
	}
	g, err := a.Policy.OpenGuest(r.Context(), b.Secret, b.Pin, now)
	switch {
	case errors.Is(err, auth.ErrPin):
		a.missed(r, g)
		fail(w, wrongPin.with("left", strconv.Itoa(auth.MaxPins-g.Share.Tries)))
	case errors.Is(err, auth.ErrUnknown):
		fail(w, noShare)
	case err != nil:
		a.refuse(w, err)
	default:
		a.welcome(w, r, g, now)
	}
}

// missed records a wrong pin, and the end of the share with the last of them.
func (a *API) missed(r *http.Request, g auth.Guest) {
	is := a.shareRecord(auth.ShareRefused, g.Key, g.Share)
	is.Subject, is.Name, is.Address, is.Device = auth.GuestID(g.Key), g.Share.For, auth.Address(r), auth.Device(r.UserAgent())
	is.Detail = fmt.Sprintf("wrong pin, %d of %d; %s", g.Share.Tries, auth.MaxPins, is.Detail)
	if a.Ledger == nil {
		return
	}
	a.Ledger.Later(is) // there are at most MaxPins of a share
	if g.Share.Tries >= auth.MaxPins {
		is.Event = auth.ShareRevoked
		a.Ledger.Later(is)
	}
}

// welcome answers an outsider who has opened a share.
func (a *API) welcome(w http.ResponseWriter, r *http.Request, g auth.Guest, now time.Time) {
	s, err := a.Policy.Authenticate(g.Token, now)
	if err != nil { // it ended meanwhile
		fail(w, noShare)
		return
	}
	if !a.noted(w, r, s, auth.Connect, a.shareRecord(auth.ShareOpened, g.Key, g.Share)) {
		return
	}
	doc := guestDoc{Name: g.Share.For, Until: g.Share.Until, Left: auth.MaxPins - g.Share.Tries, Token: g.Token, Camera: g.Share.Camera}
	if c, err := a.Inventory.Camera(gateway.CameraID(g.Share.Camera)); err == nil {
		doc.Title = c.Name
	}
	given(w, doc)
}
