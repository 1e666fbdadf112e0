package api

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"matthan/auth"
)

// portalBody asks for PUT /api/v1/portals/{id}. What is left out is empty.
type portalBody struct {
	Name     string      `json:"name" schema:"required,minLength=1,maxLength=100"`
	Origins  []string    `json:"origins" schema:"required,minItems=1,maxItems=16,each.maxLength=300"` // of its pages: https://portal.example
	Keys     []portalKey `json:"keys" schema:"maxItems=16"`
	JWKS     string      `json:"jwks" schema:"maxLength=500"` // https address of more keys
	Areas    []string    `json:"areas" schema:"maxItems=1000,each.maxLength=64"`
	Cameras  []string    `json:"cameras" schema:"maxItems=1000,each.maxLength=64"`
	Kinds    []string    `json:"kinds" schema:"maxItems=16,each.enum=public|household|office|institution"` // of the cameras in areas; none: all but households
	Disabled bool        `json:"disabled"`
	Viewers  int         `json:"viewers" schema:"minimum=0,maximum=10000"` // officers at once; 0: 50
}

// portalKey is the public part of an Ed25519 key.
type portalKey struct {
	KID    string `json:"kid" schema:"pattern=^[A-Za-z0-9._-]+$,maxLength=64"`
	Public string `json:"public" schema:"minLength=43,maxLength=43"` // 32 bytes in base64url
}

// portalDoc is a portal as administrators see it. No secret is in it.
type portalDoc struct {
	ID        string      `json:"id"`
	Name      string      `json:"name"`
	Origins   []string    `json:"origins"`
	Keys      []portalKey `json:"keys"`
	JWKS      string      `json:"jwks,omitempty"`
	Areas     []string    `json:"areas"`
	Cameras   []string    `json:"cameras"`
	Kinds     []string    `json:"kinds"`
	Disabled  bool        `json:"disabled"`
	Viewers   int         `json:"viewers"`
	HasSecret bool        `json:"has_secret"`
	Ended     time.Time   `json:"ended,omitzero"` // when what all its officers looked at was ended last
	By        string      `json:"by"`
	ByName    string      `json:"by_name,omitempty"`
	Made      time.Time   `json:"made"`
	Audience  string      `json:"audience"` // what its tokens must name as aud
}

type portalsDoc struct {
	Portals []portalDoc `json:"portals"`
}

type secretBody struct{}

// secretDoc answers POST /api/v1/portals/{id}/secret.
type secretDoc struct {
	Secret string `json:"secret"`
}

// endBody asks for POST /api/v1/portals/{id}/end.
type endBody struct {
	Officer string `json:"officer" schema:"maxLength=80"` // by the portal's own name; none: all
}

// viewerDoc is an officer of a portal who may look.
type viewerDoc struct {
	Officer string    `json:"officer"`
	Name    string    `json:"name,omitempty"`
	Camera  string    `json:"camera,omitempty"`
	Area    string    `json:"area,omitempty"`
	Origin  string    `json:"origin"`
	Reason  string    `json:"reason,omitempty"`
	Case    string    `json:"case,omitempty"`
	Since   time.Time `json:"since"` // of the last token
	Until   time.Time `json:"until"`
}

type viewersDoc struct {
	Viewers []viewerDoc `json:"viewers"`
}

func (a *API) describePortal(v auth.Portal) portalDoc {
	d := portalDoc{ID: v.ID, Name: v.Name, Origins: some(v.Origins), Keys: []portalKey{}, JWKS: v.JWKS, Areas: some(v.Areas), Cameras: some(v.Cameras),
		Kinds: some(v.Kinds), Disabled: v.Disabled, Viewers: v.Viewers, HasSecret: v.Secret != "", Ended: v.Before, By: v.By,
		ByName: a.Policy.NameOf(v.By), Made: v.Made, Audience: a.Origin}
	for _, k := range v.Keys {
		d.Keys = append(d.Keys, portalKey(k))
	}
	return d
}

// portals serves GET /api/v1/portals.
func (a *API) portals(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	rows, err := a.Policy.Portals(s, time.Now())
	if err != nil {
		a.refuse(w, err)
		return
	}
	doc := portalsDoc{Portals: []portalDoc{}}
	for _, row := range rows {
		doc.Portals = append(doc.Portals, a.describePortal(row.Value))
	}
	a.answer(w, r, doc)
}

// portal serves /api/v1/portals/{id}.
func (a *API) portal(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	var b portalBody
	if r.Method == http.MethodPut && !readBody(w, r, &b) {
		return
	}
	row, err := a.Policy.Portal(s, r.PathValue("id"), time.Now())
	fresh := errors.Is(err, auth.ErrUnknown) && r.Method == http.MethodPut
	switch {
	case err != nil && !fresh:
		a.refuse(w, err)
	case r.Method == http.MethodPut:
		a.putPortal(w, r, s, b, row)
	case r.Method == http.MethodDelete:
		if a.expected(w, r, row.Revision) {
			err := a.Policy.RemovePortal(r.Context(), s, row.Key, row.Revision, time.Now())
			a.portalChanged(w, r, s, err, 0, auth.Record{Event: auth.PortalRemoved, Target: row.Key, Areas: a.places(row.Value.Areas, row.Value.Cameras)})
		}
	default:
		a.record(w, a.describePortal(row.Value), row.Revision)
	}
}

func (a *API) putPortal(w http.ResponseWriter, r *http.Request, s auth.Subject, b portalBody, old auth.Row[auth.Portal]) {
	if !a.expected(w, r, old.Revision) {
		return
	}
	v := auth.Portal{ID: r.PathValue("id"), Name: b.Name, Origins: b.Origins, JWKS: b.JWKS, Areas: b.Areas, Cameras: b.Cameras,
		Kinds: b.Kinds, Disabled: b.Disabled, Viewers: b.Viewers}
	for _, k := range b.Keys {
		v.Keys = append(v.Keys, auth.PortalKey(k))
	}
	next, err := a.Policy.PutPortal(r.Context(), s, v, old.Revision, time.Now())
	a.portalChanged(w, r, s, err, next, auth.Record{Event: auth.PortalChanged, Target: v.ID, Areas: a.places(v.Areas, v.Cameras), Detail: toldOfPortal(v)})
}

// portalChanged answers a change of a portal.
func (a *API) portalChanged(w http.ResponseWriter, r *http.Request, s auth.Subject, err error, revision uint64, is auth.Record) {
	switch {
	case errors.Is(err, auth.ErrConflict):
		fail(w, conflict)
	case err != nil:
		a.refuse(w, err)
	case a.noted(w, r, s, auth.Administer, is):
		a.done(w, nil, revision)
	}
}

// toldOfPortal is a portal in words. The areas and cameras come last, for they may
// be cut off.
func toldOfPortal(v auth.Portal) string {
	var b strings.Builder
	if v.Disabled {
		b.WriteString("disabled, ")
	}
	kids := make([]string, 0, len(v.Keys))
	for _, k := range v.Keys {
		kids = append(kids, k.KID)
	}
	fmt.Fprintf(&b, "%s, pages of %s, keys %v", v.Name, strings.Join(v.Origins, " "), kids)
	if v.JWKS != "" {
		b.WriteString(" and those at " + v.JWKS)
	}
	fmt.Fprintf(&b, ", kinds %v, areas %v, cameras %v", v.Kinds, v.Areas, v.Cameras)
	return b.String()
}

// portalSecret serves POST /api/v1/portals/{id}/secret.
func (a *API) portalSecret(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	var b secretBody
	if !readBody(w, r, &b) {
		return
	}
	id := r.PathValue("id")
	row, err := a.Policy.Portal(s, id, time.Now())
	if err != nil {
		a.refuse(w, err)
		return
	}
	secret, err := a.Policy.NewPortalSecret(r.Context(), s, id, time.Now())
	if err != nil {
		a.refuse(w, err)
		return
	}
	if a.noted(w, r, s, auth.Administer, auth.Record{Event: auth.PortalChanged, Target: id, Areas: a.places(row.Value.Areas, row.Value.Cameras), Detail: "a new secret"}) {
		created(w, secretDoc{secret})
	}
}

// endPortal serves POST /api/v1/portals/{id}/end.
func (a *API) endPortal(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	var b endBody
	if !readBody(w, r, &b) {
		return
	}
	id, whom := r.PathValue("id"), "all officers"
	row, err := a.Policy.Portal(s, id, time.Now())
	if err == nil {
		err = a.Policy.EndPortal(r.Context(), s, id, b.Officer, time.Now())
	}
	if b.Officer != "" {
		whom = "officer " + b.Officer
	}
	a.acted(w, r, s, err, auth.Administer, auth.Record{Event: auth.PortalEnded, Target: id, Areas: a.places(row.Value.Areas, row.Value.Cameras), Detail: whom})
}

// portalViewers serves GET /api/v1/portals/{id}/viewers.
func (a *API) portalViewers(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	all, err := a.Policy.PortalViewers(s, r.PathValue("id"), time.Now())
	if err != nil {
		a.refuse(w, err)
		return
	}
	doc := viewersDoc{Viewers: []viewerDoc{}}
	for _, v := range all {
		doc.Viewers = append(doc.Viewers, viewerDoc{v.Officer, v.Name, v.Camera, v.Area, v.Origin, v.Reason, v.Case, v.Taken, v.Until})
	}
	a.answer(w, r, doc)
}

// embedBody asks for POST /api/v1/embed-tokens, by the names of the token's claims.
type embedBody struct {
	Officer string `json:"sub" schema:"required,minLength=1,maxLength=80"` // the portal's own name for who looks
	Name    string `json:"name" schema:"maxLength=256"`
	Camera  string `json:"cam" schema:"maxLength=64"` // or
	Area    string `json:"area" schema:"maxLength=64"`
	Origin  string `json:"org" schema:"required,maxLength=300"` // of the page that shows it
	Reason  string `json:"reason" schema:"maxLength=64"`        // of a citizen's camera
	Case    string `json:"case" schema:"maxLength=40"`
	Seconds int    `json:"seconds" schema:"minimum=0,maximum=300"` // that it holds; 0: 120
}

// embedDoc answers it.
type embedDoc struct {
	Token   string    `json:"token"`
	Expires time.Time `json:"expires"`
}

// embedSeconds is how long a token holds where nothing is said.
const embedSeconds = 120

// embedToken serves POST /api/v1/embed-tokens.
func (a *API) embedToken(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	now := time.Now()
	if _, err := a.Policy.Decide(s, auth.Issue, auth.Resource{}, now); err != nil {
		a.refuse(w, err) // first, so that a body is told nothing of
		return
	}
	var b embedBody
	if !readBody(w, r, &b) {
		return
	}
	if b.Seconds == 0 {
		b.Seconds = embedSeconds
	}
	if b.Seconds < 0 || b.Seconds > int(auth.MaxEmbedLife.Seconds()) {
		fail(w, wrong.with("seconds", fmt.Sprintf("1 to %d", int(auth.MaxEmbedLife.Seconds()))))
		return
	}
	token, issued, err := a.Policy.IssueEmbed(s, auth.Visa{Officer: b.Officer, Name: b.Name, Camera: b.Camera, Area: b.Area, Origin: b.Origin,
		Reason: b.Reason, Case: b.Case, Expires: now.Add(time.Duration(b.Seconds) * time.Second)}, now)
	if err != nil {
		a.refuse(w, err)
		return
	}
	is := auth.Record{Event: auth.EmbedIssued, Target: s.ID + ":" + b.Officer, Reason: b.Reason, Case: b.Case,
		Camera: b.Camera, Areas: a.places(oneOrNone(b.Area), oneOrNone(b.Camera)), Detail: "until " + issued.Expires.UTC().Format(time.RFC3339)}
	if a.noted(w, r, s, auth.Issue, is) {
		created(w, embedDoc{token, issued.Expires})
	}
}

func oneOrNone(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
}
