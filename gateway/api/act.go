package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// noteWithin bounds how long an answer waits for the audit log.
const noteWithin = 10 * time.Second

var errNoLog = errors.New("there is no audit log")

// note keeps that s did something, by the right to an action on the record's
// camera or area.
func (a *API) note(r *http.Request, s auth.Subject, right auth.Action, is auth.Record) error {
	if a.Audit == nil {
		return errNoLog
	}
	is.Subject, is.Name, is.Address, is.Device = s.ID, s.Name, auth.Address(r), auth.Device(r.UserAgent())
	if p, err := a.Policy.Decide(s, right, auth.Resource{Camera: is.Camera, Kind: is.Kind, Areas: is.Areas}, time.Now()); err == nil {
		is.By = p.By
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), noteWithin)
	defer cancel()
	return a.Audit.Write(ctx, is)
}

// noted notes an act that took place. Where that fails it has answered: nobody is
// told that all is well with something that the audit log does not have.
func (a *API) noted(w http.ResponseWriter, r *http.Request, s auth.Subject, right auth.Action, is auth.Record) bool {
	err := a.note(r, s, right, is)
	if err != nil {
		a.Log.Error("api: an act took place and was not recorded", "event", is.Event, "subject", s.ID, "camera", is.Camera,
			"target", is.Target, "areas", is.Areas, "err", err)
		fail(w, unrecorded)
	}
	return err == nil
}

// acted answers an act that the policy did, or did not.
func (a *API) acted(w http.ResponseWriter, r *http.Request, s auth.Subject, err error, right auth.Action, is auth.Record) {
	if err != nil {
		a.refuse(w, err)
		return
	}
	if a.noted(w, r, s, right, is) {
		w.WriteHeader(http.StatusNoContent)
	}
}

// changed answers a change of the inventory; see done.
func (a *API) changed(w http.ResponseWriter, r *http.Request, s auth.Subject, err error, revision uint64, is auth.Record) {
	if err == nil && !a.noted(w, r, s, auth.Administer, is) {
		return
	}
	a.done(w, err, revision)
}

// noteTwice has it recorded that somebody tried to enter a citizen's camera under
// another id.
func (a *API) noteTwice(r *http.Request, s auth.Subject, err error, is auth.Record) {
	if !errors.Is(err, auth.ErrLent) && !errors.Is(err, auth.ErrEntered) {
		return
	}
	is.Event, is.Subject, is.Name, is.Address, is.Device = auth.ActDenied, s.ID, s.Name, auth.Address(r), auth.Device(r.UserAgent())
	is.Target, is.Detail = is.Camera, r.Method+": a citizen's camera is, or was, at this address"
	a.seldom(is)
}

// places are areas, and those of cameras, each with all above it, as a record
// names them: whoever reads the log of one of them finds it.
func (a *API) places(areas, cameras []string) (out []string) {
	add := func(path []string) {
		for _, id := range path {
			if !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	for _, id := range areas[:min(len(areas), maxNamed)] {
		if path := a.path(gateway.AreaID(id)); path != nil {
			add(path)
		} else {
			add([]string{id}) // the whole tree, or gone
		}
	}
	for _, id := range cameras[:min(len(cameras), maxNamed)] {
		if c, err := a.Inventory.Camera(gateway.CameraID(id)); err == nil {
			add(a.path(c.Area))
		}
	}
	return out
}

// maxNamed is as many places of a grant as a record names.
const maxNamed = 16

// personPlaces are those of a person, whose key may be anybody's.
func (a *API) personPlaces(s auth.Subject, key string) []string {
	known, err := a.Policy.Known(s, key, time.Now())
	if err != nil {
		return nil
	}
	return a.places(known.Person.Areas, nil)
}

// toldOf is a grant in words. The areas and cameras come last, for they may be cut
// off.
func toldOf(g auth.Grant) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v", g.Actions)
	switch {
	case g.Who.Person != "":
		b.WriteString(" for person " + g.Who.Person)
	case g.Who.Group != "":
		b.WriteString(" for group " + g.Who.Group)
	case g.Who.Role != "":
		b.WriteString(" for role " + string(g.Who.Role))
	}
	if !g.From.IsZero() {
		b.WriteString(" from " + g.From.UTC().Format(time.RFC3339))
	}
	if !g.Until.IsZero() {
		b.WriteString(" until " + g.Until.UTC().Format(time.RFC3339))
	}
	if g.Hours != nil {
		b.WriteString(" at some hours")
	}
	for _, list := range []struct {
		name string
		ids  []string
	}{{"areas", g.Areas}, {"kinds", g.Kinds}, {"cameras", g.Cameras}} {
		if n := len(list.ids); n > 0 {
			fmt.Fprintf(&b, ", %d %s %s", n, list.name, strings.Join(list.ids[:min(n, 5)], " "))
		}
	}
	if g.Reason != "" {
		b.WriteString(": " + g.Reason)
	}
	return b.String()
}

// cameraRecord is the record of a camera that was another one before; old is the
// zero Camera where it is new. It tells which settings changed and none of them:
// addresses and logins are secrets.
func (a *API) cameraRecord(old, next gateway.Camera) auth.Record {
	is := auth.Record{Event: auth.CameraChanged, Camera: string(next.ID), Kind: string(next.Kind), Areas: a.path(next.Area), Detail: "new"}
	if old.ID == "" {
		return is
	}
	var fields []string
	for _, f := range []struct {
		name string
		same bool
	}{
		{"name", old.Name == next.Name}, {"area", old.Area == next.Area}, {"kind", old.Kind == next.Kind},
		{"position", samePlace(old.Position, next.Position)}, {"main", old.Main == next.Main}, {"sub", old.Sub == next.Sub},
		{"login", old.Login == next.Login}, {"transport", old.Transport == next.Transport}, {"keep_warm", old.KeepWarm == next.KeepWarm},
		{"sound", old.Sound == next.Sound}, {"marked", old.Marked == next.Marked},
		{"any_certificate", old.AnyCertificate == next.AnyCertificate}, {"onvif", old.ONVIF == next.ONVIF},
	} { // not the masks: see maskRecord
		if !f.same {
			fields = append(fields, f.name)
		}
	}
	is.Detail = strings.Join(fields, " ")
	if old.Area != next.Area { // for those who read the log of where it was
		is.Areas = a.places([]string{string(next.Area), string(old.Area)}, nil)
		is.Detail += ", from the area " + string(old.Area)
	}
	if old.Kind != next.Kind {
		is.Detail += ", it was " + string(old.Kind)
	}
	return is
}

func samePlace(a, b *gateway.Position) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// areaRecord is the record of an area that is to be, and was another one before.
func (a *API) areaRecord(there bool, old, next gateway.Area) auth.Record {
	is := auth.Record{Event: auth.AreaChanged, Detail: "new", Target: string(next.ID),
		Areas: append([]string{string(next.ID)}, a.path(next.Parent)...)}
	if !there {
		return is
	}
	is.Detail = "changed"
	if old.Parent != next.Parent {
		is.Areas = append(is.Areas, a.path(old.Parent)...)
		is.Detail = "moved from under " + string(old.Parent)
	}
	if old.Name != next.Name {
		is.Detail += ", it was named " + old.Name
	}
	return is
}

// accountRecord is the record of an account, by its login, which is kept.
func (a *API) accountRecord(acc Account, how string) auth.Record {
	is := auth.Record{Event: auth.AccountChanged, Areas: a.places(acc.Areas, nil),
		Detail: fmt.Sprintf("%s: login %s, roles %v, %d areas %v", how, acc.Login, acc.Roles, len(acc.Areas), acc.Areas[:min(len(acc.Areas), 10)])}
	if acc.Disabled {
		is.Detail += ", disabled"
	}
	for _, kept := range a.Accounts.List() {
		if kept.Login == acc.Login {
			is.Target = kept.Key
		}
	}
	return is
}

// grantOf and requestOf are what an act is about, as it was before; zero where it
// is not the caller's.
func (a *API) grantOf(s auth.Subject, key string) auth.Grant {
	rows, _ := a.Policy.Grants(s, time.Now()) // the act itself says why not
	return valueOf(rows, key)
}

func (a *API) requestOf(s auth.Subject, key string) auth.Request {
	rows, _ := a.Policy.Requests(s, time.Now())
	return valueOf(rows, key)
}

func valueOf[T any](rows []auth.Row[T], key string) (value T) {
	for _, row := range rows {
		if row.Key == key {
			return row.Value
		}
	}
	return value
}
