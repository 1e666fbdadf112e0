// Package api is the REST API under /api/v1, in JSON; its errors are problem
// documents (RFC 9457).
//
//	GET /api/v1/cameras       the cameras that the caller may see, and their areas;
//	                          ?area=lang only those in it and below, ?q=nga+tu only those whose
//	                          name, area or id has all these words, accents left aside
//	GET /api/v1/cameras/{id}  one of them
//	GET /api/v1/cameras/{id}/still  a JPEG of its newest picture; ?width=160
//
// and for administrators of an area, with the version in ETag and If-Match:
//
//	GET, PUT, DELETE /api/v1/inventory/cameras/{id}  a camera with its addresses
//	GET, PUT, DELETE /api/v1/inventory/areas/{id}    an area
//	POST /api/v1/inventory/import?apply=true         cameras and areas as CSV or YAML; without apply only what would happen
//	GET /api/v1/inventory/export?format=csv          the same, to be read by people and import
//	GET /api/v1/inventory/cameras, …/areas           all that the caller administers; ?area= and ?q= as above, ?after= and ?limit= by pages
//	GET, PUT, DELETE /api/v1/inventory/cameras/{id}/consent   what the owner of a household's camera agreed to, on paper
//	POST /api/v1/inventory/cameras/{id}/owner-link       a private link for the owner; the one before ends
//	GET /api/v1/accounts, PUT /api/v1/accounts/{login}   local accounts; a new one is answered with its one-time link
//	POST /api/v1/accounts/{login}/link                   another one, for a forgotten password
//
//	POST /api/v1/inventory/trials   a camera to be looked at before it is entered
//	POST /api/v1/inventory/discover   devices that speak ONVIF, on the gateway's networks
//	POST /api/v1/inventory/onvif      what one of them is, and its streams
//	POST /api/v1/inventory/checks   what is wrong with a camera, in words
//	GET /api/v1/health/cameras[/{id}]   how they did in the last 24 hours, those that need somebody first
//	GET /api/v1/health/outages      those that are offline for minutes, watched or not
//
//	GET /api/v1/views, POST …/{view}/end   who looks now; ends a view
//
// and for people, of whom "me" is oneself:
//
//	GET /api/v1/people, GET /api/v1/people/{key}       those in the caller's care; one of them with rights and why
//	PUT, DELETE /api/v1/people/{key}/block             shut out at once; let in again
//	GET, DELETE /api/v1/people/{key}/sessions[/{id}]   devices that are signed in; sign one out, or all (of oneself all others)
//	GET, POST /api/v1/grants, DELETE …/{key}           rights that were given
//	GET, POST /api/v1/requests, DELETE …/{key}         rights that are asked for in another's area
//	POST /api/v1/requests/{key}/answer                 yes or no
//	GET /api/v1/requests/areas                         the areas that can be asked for, by name
//	POST /api/v1/emergency                             a right given to oneself, for minutes, of which the supervisor is told
//	GET, PUT, DELETE /api/v1/case                      what the caller works on, without which no citizen's camera is shown
//	GET /api/v1/map, GET /api/v1/map/{z}/{x}/{y}       the operator's own map under the cameras, and its tiles
//	GET /api/v1/reasons                                what a case may be of
//	GET /api/v1/notices                                what the caller is told: emergencies and open requests
//	GET, POST /api/v1/shares, DELETE …/{key}           a live camera that is shared for minutes
//	POST /api/v1/shares/open                           a colleague's share becomes the caller's
//	GET, PUT, DELETE /api/v1/layouts[/{id}]            arrangements of cameras: one's own, and those of an area
//	GET, PUT /api/v1/favourites                        cameras that one wants at hand
//	POST /api/v1/guest                                 an outsider's is opened by its pin; for everybody
//
// and for auditors, whose reading is recorded too:
//
//	GET /api/v1/audit           the records of the areas that they audit; ?person=, ?camera=, ?area=, ?view=, ?reason=, ?case=, ?event=, ?from=, ?until=, by pages
//	GET /api/v1/audit/report    what is unusual in them
//	GET /api/v1/audit/people    whom to ask about
//	GET /api/v1/audit/export    all of the log, to be verified, or as a table; for auditors of everything
//	GET /api/v1/audit/head      where the log stands, to be noted elsewhere
//
// and for citizens who lend their cameras:
//
//	GET, POST /api/v1/invitations, DELETE …/{key}      invitations, by those who administer an area
//	GET /api/v1/invitation, POST …/try, POST …/agree   what an invited citizen does, by the invitation's link
//	GET /api/v1/owner, GET /api/v1/owner/views         an owner's camera and who looked, by the private link
//	POST /api/v1/owner/off, …/on, …/withdraw, PUT …/hours
//
// and for other portals, whose pages show cameras to their own officers:
//
//	GET, PUT, DELETE /api/v1/portals[/{id}]   portals, with their origins, keys and bounds
//	POST /api/v1/portals/{id}/secret          what a portal's server has tokens issued by
//	POST /api/v1/portals/{id}/end             ends what its officers look at
//	GET /api/v1/portals/{id}/viewers          who looks by it
//	POST /api/v1/embed-tokens                 a token for one officer; see docs/embedding.md
//
// The table in routes.go has them all; GET /api/v1/openapi.json describes them
// to programs.
//
// The caller shows a bearer token in the Authorization header (RFC 6750), or is
// a page of our own with the cookie of a person's session.
// GET /api/v1/session says to anybody who they are to us. No answer holds a camera's password, and only those for
// administrators hold its address.
package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/doctor"
	"matthan/gateway/sheet"
)

// States of a camera, as Health tells them.
const (
	Unknown = "unknown" // nobody has watched it since the gateway started
	Live    = "live"    // it gives pictures
	Offline = "offline" // it gives none, since a time
)

// API answers requests; all of its fields are needed, but Records, Accounts,
// Ledger, Stills, Days, Troubles, Telling, Trials, Check, Devices, Ground, Viewing, and Looking with EndView.
type API struct {
	Policy    *auth.Policy
	Inventory gateway.Inventory
	Records   Records                                                // nil: nothing can be changed
	Accounts  Accounts                                               // nil: there are none here
	Audit     Log                                                    // of every act; nil: none can be recorded, so none is answered with success
	Ledger    *auth.Ledger                                           // of what was refused; nil: none
	Health    func(gateway.CameraID) (state string, since time.Time) // called often: must not wait
	Stills    Stills                                                 // nil: there are none
	Days      Days                                                   // nil: nobody counts
	RungCores func(gateway.StreamDay) float64                        // cores that a rung of a stream takes, estimated; nil: none are made of what cannot go as it is
	Troubles  Troubles                                               // nil: nobody sees to cameras that are not watched
	Telling   func() Telling                                         // nil: no server is told of them
	Trials    Trials                                                 // nil: no camera is looked at before it is entered
	Devices   *Devices                                               // nil: none are looked for
	Ground    *Ground                                                // under the cameras of the map; nil: pages draw their own
	Log       *slog.Logger
	Origin    string // where people reach the gateway: for links, and what portals' tokens must be for

	// Viewing finds the view of a camera that is open on the caller's screen, by its
	// code; nil: nobody takes pictures away.
	Viewing func(who auth.Subject, id gateway.CameraID, code string) (view string, open bool)

	// Looking are all views that are open now, EndView ends one by its identifier;
	// nil: nobody sees to that.
	Looking func() []auth.Looking
	EndView func(view string) bool

	// Check examines a camera by connections of its own; nil: none is examined.
	Check func(context.Context, gateway.Camera) doctor.Report

	// Visit takes a place for it at the camera's host; see gateway.Hub.
	Visit func(gateway.Camera) (end func(), ok bool)

	looks   looks
	checks  checks
	writing sync.Mutex // Records, from what a change was decided by to its end
}

// areaDoc, cameraDoc and listDoc are the answers. What is not named here is
// not told.
type areaDoc struct {
	ID     gateway.AreaID `json:"id" schema:"optional"` // in a request: of the address, where it is left out
	Name   string         `json:"name" schema:"minLength=1,maxLength=200"`
	Parent gateway.AreaID `json:"parent,omitempty"`
	Level  string         `json:"level,omitempty" schema:"maxLength=200"`
	Codes  []codeDoc      `json:"codes,omitempty" schema:"maxItems=16"`
}

// codeDoc is an official code, with the time in which it holds.
type codeDoc struct {
	Code  string    `json:"code" schema:"pattern=^[A-Za-z0-9.-]+$,maxLength=32"`
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

func describeArea(a gateway.Area) areaDoc {
	d := areaDoc{ID: a.ID, Name: a.Name, Parent: a.Parent, Level: a.Level}
	for _, c := range a.Codes {
		d.Codes = append(d.Codes, codeDoc(c))
	}
	return d
}

func (d areaDoc) area() gateway.Area {
	a := gateway.Area{ID: d.ID, Name: d.Name, Parent: d.Parent, Level: d.Level}
	for _, c := range d.Codes {
		a.Codes = append(a.Codes, gateway.AreaCode(c))
	}
	return a
}

type cameraDoc struct {
	ID       gateway.CameraID  `json:"id"`
	Name     string            `json:"name"`
	Area     gateway.AreaID    `json:"area"`
	Kind     gateway.Kind      `json:"kind"`
	Position *[2]float64       `json:"position,omitempty"` // latitude, longitude in degrees
	Streams  []gateway.Quality `json:"streams"`
	Export   bool              `json:"export,omitempty"` // the caller may take pictures of it away
	State    string            `json:"state" schema:"enum=unknown|live|offline"`
	Since    int64             `json:"since,omitempty"` // of the state, Unix ms

	// Of a citizen's camera, to who has the right to its pictures only.
	Closed      auth.Closed   `json:"closed,omitempty" schema:"enum=off|hours|masked|expired|withdrawn|none"` // why nobody sees it now
	ClosedUntil time.Time     `json:"closed_until,omitzero"`                                                  // when it opens by itself
	NeedsCase   bool          `json:"needs_case,omitempty"`                                                   // it takes an open case, for one of the purposes
	Purposes    []auth.Reason `json:"purposes,omitempty"`
}

type listDoc struct {
	Areas   []areaDoc   `json:"areas"`
	Cameras []cameraDoc `json:"cameras"`
}

// sessionDoc says who somebody is to us.
type sessionDoc struct {
	Known  bool   `json:"known"`
	Name   string `json:"name,omitempty"`
	Person bool   `json:"person,omitempty"` // by a sign-in, not by a token
	Key    string `json:"key"`              // the person's; "" for a token
	May    mayDoc `json:"may"`
}

// mayDoc says what is worth showing to somebody.
type mayDoc struct {
	Administer bool `json:"administer"`
	Supervise  bool `json:"supervise"`
	Audit      bool `json:"audit"`
	Emergency  bool `json:"emergency"`
	Ask        bool `json:"ask"`
	ShareOut   bool `json:"share_out"` // some camera, with outsiders
}

// session answers everybody: a page asks it before it has anything to show.
func (a *API) session(w http.ResponseWriter, r *http.Request, _ auth.Subject) {
	w.Header().Set("Cache-Control", "no-store")
	doc := sessionDoc{}
	now := time.Now()
	if s, err := a.Policy.Authenticate(credential(r), now); err == nil {
		doc = sessionDoc{Known: true, Name: s.Name, Person: s.Session() != "", May: mayDoc(a.Policy.Offices(s, now))}
		if doc.Person {
			doc.Key = s.ID
		}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(doc) // the caller may be gone
}

func (a *API) list(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	now := time.Now()
	doc := listDoc{Areas: []areaDoc{}, Cameras: []cameraDoc{}}
	shown := map[gateway.AreaID]bool{}
	paths := map[gateway.AreaID][]string{}
	within, words, ok := asked(w, r)
	if !ok {
		return
	}
	names := map[gateway.AreaID]string{}
	for _, area := range a.Inventory.Areas() {
		if len(words) > 0 {
			names[area.ID] = sheet.Fold(area.Name)
		}
	}
	for _, c := range a.Inventory.Cameras() {
		path, ok := paths[c.Area]
		if !ok {
			path = a.path(c.Area)
			paths[c.Area] = path
		}
		if within != "" && !slices.Contains(path, within) || !matches(c, names[c.Area], words) {
			continue
		}
		if _, err := a.Policy.Decide(s, auth.List, resource(c, path), now); err != nil {
			continue
		}
		for _, area := range path {
			shown[gateway.AreaID(area)] = true
		}
		doc.Cameras = append(doc.Cameras, a.shown(c, s, path, now))
	}
	for _, area := range a.Inventory.Areas() {
		if shown[area.ID] {
			doc.Areas = append(doc.Areas, describeArea(area))
		}
	}
	a.answer(w, r, doc)
}

// maxQuery bounds a search, in bytes.
const maxQuery = 200

// asked reads what a list is to be about.
func asked(w http.ResponseWriter, r *http.Request) (area string, words []string, ok bool) {
	q := r.URL.Query()
	if len(q.Get("q")) > maxQuery {
		fail(w, badBody.with("q", "at most 200 bytes"))
		return "", nil, false
	}
	return q.Get("area"), strings.Fields(sheet.Fold(q.Get("q"))), true
}

// matches says whether a camera has all the words, each at a word's beginning.
func matches(c gateway.Camera, area string, words []string) bool {
	if len(words) == 0 {
		return true
	}
	return hasWords(sheet.Fold(c.Name)+" "+area+" "+sheet.Fold(string(c.ID)), words)
}

// camera answers the same for a camera that does not exist and for one that
// the caller may not see.
func (a *API) camera(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	c, err := a.Inventory.Camera(gateway.CameraID(r.PathValue("id")))
	at, now := resource(c, a.path(c.Area)), time.Now()
	if err == nil {
		_, err = a.Policy.Decide(s, auth.List, at, now)
	}
	if errors.Is(err, gateway.ErrAmbiguous) {
		a.Log.Error("api: the camera is not shown", "err", err)
	}
	if err != nil {
		fail(w, notFound)
		return
	}
	a.answer(w, r, a.shown(c, s, at.Areas, now))
}

func (a *API) path(id gateway.AreaID) []string {
	path := gateway.AreaPath(a.Inventory, id)
	names := make([]string, len(path))
	for i := range path {
		names[i] = string(path[i])
	}
	return names
}

func resource(c gateway.Camera, path []string) auth.Resource {
	return auth.Resource{Camera: string(c.ID), Kind: string(c.Kind), Areas: path}
}

// shown is a camera as somebody is told of it.
func (a *API) shown(c gateway.Camera, s auth.Subject, path []string, now time.Time) cameraDoc {
	d := a.lent(a.describe(c), s, resource(c, path), now)
	d.Export = a.mayExport(s, c, path, now)
	return d
}

func (a *API) describe(c gateway.Camera) cameraDoc {
	d := cameraDoc{ID: c.ID, Name: c.Name, Area: c.Area, Kind: c.Kind, Streams: []gateway.Quality{gateway.Main}}
	if c.Sub != "" {
		d.Streams = append(d.Streams, gateway.Sub)
	}
	if c.Position != nil {
		d.Position = &[2]float64{c.Position.Lat, c.Position.Lng}
	}
	state, since := a.Health(c.ID)
	if d.State = state; !since.IsZero() {
		d.Since = since.UnixMilli()
	}
	return d
}
