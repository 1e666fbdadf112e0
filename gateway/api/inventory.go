package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// maxBody bounds what a request may hold, in bytes.
const maxBody = 64 << 10

// ErrConflict is a Records' answer when something changed meanwhile.
var ErrConflict = errors.New("somebody else has changed it")

// ErrInUse is a Records' answer to removing an area that holds something.
var ErrInUse = errors.New("the area holds cameras or other areas")

// Records are the cameras and areas that can be changed while the gateway runs.
// Those of the configuration file are not among them. A revision names a
// version of a record; 0 stands for none. Put and Delete want that of what they
// replace, and fail with ErrConflict where it is another. Put fails with
// gateway.Problems where the record, or the whole inventory with it, would be
// wrong.
type Records interface {
	Camera(id gateway.CameraID) (gateway.Camera, uint64, bool)
	PutCamera(ctx context.Context, c gateway.Camera, revision uint64) (uint64, error)
	DeleteCamera(ctx context.Context, id gateway.CameraID, revision uint64) error
	Area(id gateway.AreaID) (gateway.Area, uint64, bool)
	PutArea(ctx context.Context, a gateway.Area, revision uint64) (uint64, error)
	DeleteArea(ctx context.Context, id gateway.AreaID, revision uint64) error
	// All is what there is, and Replace puts something else in its place, all of
	// it or nothing.
	All() ([]gateway.Area, []gateway.Camera)
	Replace(ctx context.Context, areas []gateway.Area, cameras []gateway.Camera) error
	// Lent says of a camera whether a citizen's of another id is, or was, at its
	// addresses, as of now. Put and Replace fail with auth.ErrLent then, and with
	// auth.ErrEntered where a citizen's camera would be at another's.
	Lent() func(gateway.Camera) bool
}

// settingsDoc is a camera as administrators see and write it. The password is
// written only: an answer never holds it.
type settingsDoc struct {
	ID             gateway.CameraID  `json:"id" schema:"optional"` // of the address, where it is left out
	Name           string            `json:"name" schema:"minLength=1,maxLength=200"`
	Area           gateway.AreaID    `json:"area"`
	Kind           gateway.Kind      `json:"kind"`
	Position       *[2]float64       `json:"position,omitempty"` // latitude, longitude in degrees
	Main           string            `json:"main" schema:"pattern=^rtsps?://"`
	Sub            string            `json:"sub,omitempty" schema:"pattern=^rtsps?://"`
	User           string            `json:"user,omitempty"`
	Password       *string           `json:"password,omitempty" schema:"writeOnly"` // absent: the one that is stored, if user and addresses stay the same
	Transport      gateway.Transport `json:"transport,omitempty"`
	KeepWarm       bool              `json:"keep_warm,omitempty"`
	AnyCertificate bool              `json:"any_certificate,omitempty"`
	Sound          bool              `json:"sound,omitempty"` // may be heard by who sees it; of a citizen's camera never
	ONVIF          *cameraONVIFDoc   `json:"onvif,omitempty"` // absent: it is not asked in ONVIF
	// Marked has the code of each view drawn into its live pictures, which is encoded
	// for each. In what is written, absent: as it is.
	Marked *bool `json:"marked,omitempty"`
	// Masks hide what is within them from everybody. In what is written, absent: those
	// that are stored stay, so that nobody who knows of none lifts them; empty: there
	// are none any more.
	Masks *[][]cornerDoc `json:"masks,omitempty" schema:"maxItems=16,each.minItems=3,each.maxItems=32"`
}

// cornerDoc is a place in a picture, as [x, y] from [0, 0], left and top, to [1, 1].
type cornerDoc [2]float64

// cameraONVIFDoc is where a camera is asked in ONVIF.
type cameraONVIFDoc struct {
	Address  string `json:"address" schema:"pattern=^https?://"` // of the device service, without a login
	Identity string `json:"identity,omitempty"`                  // the device's; by it the camera is found again where its address changes
	Profile  string `json:"profile,omitempty"`                   // of main
	PTZ      bool   `json:"ptz,omitempty"`                       // the profile's picture can be moved
}

func settingsOf(c gateway.Camera) settingsDoc {
	d := settingsDoc{ID: c.ID, Name: c.Name, Area: c.Area, Kind: c.Kind, Main: c.Main, Sub: c.Sub, User: c.Login.User,
		Transport: c.Transport, KeepWarm: c.KeepWarm, AnyCertificate: c.AnyCertificate, Sound: c.Sound}
	if c.Position != nil {
		d.Position = &[2]float64{c.Position.Lat, c.Position.Lng}
	}
	if c.ONVIF != (gateway.ONVIF{}) {
		is := cameraONVIFDoc(c.ONVIF)
		d.ONVIF = &is
	}
	if c.Marked {
		d.Marked = &c.Marked
	}
	if c.Masked() {
		masks := cornersOf(c.Masks)
		d.Masks = &masks
	}
	return d
}

func cornersOf(masks []gateway.Mask) [][]cornerDoc {
	all := make([][]cornerDoc, len(masks))
	for i, m := range masks {
		all[i] = make([]cornerDoc, len(m))
		for j, p := range m {
			all[i][j] = cornerDoc{p.X, p.Y}
		}
	}
	return all
}

func masksOf(all [][]cornerDoc) (masks []gateway.Mask) {
	for _, line := range all {
		m := make(gateway.Mask, len(line))
		for i, p := range line {
			m[i] = gateway.Point{X: p[0], Y: p[1]}
		}
		masks = append(masks, m)
	}
	return masks
}

// camera is the record that d asks for, in place of old.
func (d settingsDoc) camera(old gateway.Camera) gateway.Camera {
	c := gateway.Camera{ID: d.ID, Name: d.Name, Area: d.Area, Kind: d.Kind, Main: d.Main, Sub: d.Sub,
		Login: gateway.Login{User: d.User}, Transport: d.Transport, KeepWarm: d.KeepWarm, AnyCertificate: d.AnyCertificate, Sound: d.Sound}
	if d.Position != nil {
		c.Position = &gateway.Position{Lat: d.Position[0], Lng: d.Position[1]}
	}
	if d.ONVIF != nil {
		c.ONVIF = gateway.ONVIF(*d.ONVIF)
	}
	if c.Masks = old.Masks; d.Masks != nil {
		c.Masks = masksOf(*d.Masks)
	}
	if c.Marked = old.Marked; d.Marked != nil {
		c.Marked = *d.Marked
	}
	// The password is not sent where it was not sent before.
	same := d.Main == old.Main && d.Sub == old.Sub && (d.ONVIF == nil || c.ONVIF.Address == old.ONVIF.Address && c.ONVIF.Identity == old.ONVIF.Identity)
	switch {
	case d.Password != nil:
		c.Login.Password = gateway.Secret(*d.Password)
	case d.User == old.Login.User && same:
		c.Login.Password = old.Login.Password
	}
	return c
}

// administers says whether s may change what lies in an area, and the cameras
// of a kind there. "" is above all areas.
func (a *API) administers(s auth.Subject, area gateway.AreaID, camera gateway.CameraID, kind gateway.Kind) bool {
	_, err := a.Policy.Decide(s, auth.Administer, auth.Resource{Camera: string(camera), Kind: string(kind), Areas: a.path(area)}, time.Now())
	return err == nil
}

// cameraSettings serves /api/v1/inventory/cameras/{id}.
func (a *API) cameraSettings(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	id := gateway.CameraID(r.PathValue("id"))
	var d settingsDoc
	// First, so that a body tells nobody whether there is such a camera.
	if r.Method == http.MethodPut && (!readBody(w, r, &d) || !named(w, r, &d.ID)) {
		return
	}
	old, revision, there := a.Records.Camera(id)
	if there && !a.administers(s, old.Area, old.ID, old.Kind) {
		// Not his: the same answer as for none, whatever he wants.
		fail(w, notFound)
		return
	}
	switch {
	case r.Method == http.MethodPut:
		a.putCamera(w, r, s, d, old, revision)
	case !there:
		fail(w, notFound)
	case r.Method == http.MethodDelete:
		if a.expected(w, r, revision) {
			a.writing.Lock()
			defer a.writing.Unlock()
			is := auth.Record{Event: auth.CameraRemoved, Camera: string(id), Kind: string(old.Kind), Areas: a.path(old.Area)}
			if old.Masked() { // the same camera, entered again, has none
				is.Detail = maskedTold(old.Masks, nil)
			}
			// First, so that no consent is left behind in force for another camera of this id.
			err := a.Policy.CameraRemoved(r.Context(), string(id), time.Now())
			if err == nil {
				err = a.Records.DeleteCamera(r.Context(), id, revision)
			}
			a.changed(w, r, s, err, 0, is)
		}
	default:
		a.record(w, settingsOf(old), revision)
	}
}

func (a *API) putCamera(w http.ResponseWriter, r *http.Request, s auth.Subject, d settingsDoc, old gateway.Camera, revision uint64) {
	if !a.administers(s, d.Area, d.ID, d.Kind) {
		fail(w, notFound)
		return
	}
	if a.expected(w, r, revision) {
		if old.Kind == gateway.Household && d.Kind != gateway.Household {
			fail(w, wrong.with("kind", "a citizen's camera stays one: remove it, then its address and login are deleted, and add another"))
			return
		}
		a.writing.Lock()
		defer a.writing.Unlock()
		c := d.camera(old)
		if c.Main != old.Main || c.Sub != old.Sub { // new, or at another address
			c.Masks = gateway.CoversOf(a.Inventory.Cameras()).Of(c)
		}
		next, err := a.Records.PutCamera(r.Context(), c, revision)
		is := a.cameraRecord(old, c)
		a.noteTwice(r, s, err, is)
		if err == nil && !gateway.SameMasks(old, c) {
			masked := maskRecord(is, old.Masks, c.Masks)
			if is.Detail == "" { // nothing else changed
				is = masked
			} else if !a.noted(w, r, s, auth.Administer, masked) {
				return
			}
		}
		a.changed(w, r, s, err, next, is)
	}
}

// areaSettings serves /api/v1/inventory/areas/{id}.
func (a *API) areaSettings(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	id := gateway.AreaID(r.PathValue("id"))
	var d areaDoc
	if r.Method == http.MethodPut && (!readBody(w, r, &d) || !named(w, r, &d.ID)) {
		return
	}
	old, revision, there := a.Records.Area(id)
	if there && !a.administers(s, id, "", "") {
		fail(w, notFound)
		return
	}
	switch {
	case r.Method == http.MethodPut:
		a.putArea(w, r, s, d, there, old, revision)
	case !there:
		fail(w, notFound)
	case r.Method == http.MethodDelete:
		if a.expected(w, r, revision) {
			a.writing.Lock()
			defer a.writing.Unlock()
			is := auth.Record{Event: auth.AreaRemoved, Target: string(id), Areas: a.path(id)} // the path as it was
			a.changed(w, r, s, a.Records.DeleteArea(r.Context(), id, revision), 0, is)
		}
	default:
		a.record(w, describeArea(old), revision)
	}
}

func (a *API) putArea(w http.ResponseWriter, r *http.Request, s auth.Subject, d areaDoc, there bool, old gateway.Area, revision uint64) {
	// A new area, or one that moves, touches what lies above it.
	if (!there || d.Parent != old.Parent) && !a.administers(s, d.Parent, "", "") {
		fail(w, notFound)
		return
	}
	if a.expected(w, r, revision) {
		a.writing.Lock()
		defer a.writing.Unlock()
		is := a.areaRecord(there, old, d.area())
		next, err := a.Records.PutArea(r.Context(), d.area(), revision)
		a.changed(w, r, s, err, next, is)
	}
}

// named gives a document the id of its address, where it has none of its own.
func named[T ~string](w http.ResponseWriter, r *http.Request, id *T) bool {
	at := T(r.PathValue("id"))
	if *id != "" && *id != at {
		fail(w, badBody.with("id", "it differs from the address"))
		return false
	}
	*id = at
	return true
}

// readBody reads a JSON document with no other names than doc's.
func readBody(w http.ResponseWriter, r *http.Request, doc any) bool {
	if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); strings.TrimSpace(kind) != "application/json" {
		fail(w, badType)
		return false
	}
	in := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	in.DisallowUnknownFields()
	err := in.Decode(doc)
	if err == nil {
		if _, more := in.Token(); more != io.EOF {
			err = errors.New("something follows the document")
		}
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		fail(w, tooLarge)
	case err != nil:
		fail(w, badBody.with("", strings.TrimPrefix(err.Error(), "json: ")))
	}
	return err == nil
}

// expected checks the version that the caller has seen (RFC 9110 section 13,
// RFC 6585 section 3): If-Match for a change, If-None-Match: * for something new.
func (a *API) expected(w http.ResponseWriter, r *http.Request, revision uint64) bool {
	match, none := r.Header.Values("If-Match"), r.Header.Values("If-None-Match")
	switch {
	case len(match) == 0 && (len(none) != 1 || none[0] != "*"):
		fail(w, needsVersion)
		return false
	case len(match) == 0 && revision == 0, len(match) == 1 && revision != 0 && match[0] == tagOf(revision):
		return true
	}
	fail(w, conflict)
	return false
}

// tagOf is the strong ETag of a revision.
func tagOf(revision uint64) string { return `"` + strconv.FormatUint(revision, 10) + `"` }

// record answers with one record and its version; 0: it has none, since it was
// never kept.
func (a *API) record(w http.ResponseWriter, doc any, revision uint64) {
	if revision > 0 {
		w.Header().Set("ETag", tagOf(revision))
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(doc) // the caller may be gone
}

// done answers a change, which left a record of a revision, 0: none.
func (a *API) done(w http.ResponseWriter, err error, revision uint64) {
	var problems gateway.Problems
	switch {
	case errors.Is(err, ErrConflict), errors.Is(err, auth.ErrConflict):
		fail(w, conflict)
	case errors.Is(err, ErrInUse):
		fail(w, inUse)
	case errors.Is(err, auth.ErrLent):
		fail(w, lent)
	case errors.Is(err, auth.ErrEntered):
		fail(w, entered)
	case errors.Is(err, auth.ErrFaulty):
		fail(w, wrong.with("main", err.Error()))
	case errors.As(err, &problems):
		p := wrong
		for _, each := range problems {
			p = p.with(each.Field, each.Text)
		}
		fail(w, p)
	case err != nil:
		a.Log.Error("api: a change was not stored", "err", err)
		fail(w, internal)
	default:
		if revision != 0 {
			w.Header().Set("ETag", tagOf(revision))
		}
		w.WriteHeader(http.StatusNoContent)
	}
}
