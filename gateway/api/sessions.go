package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"matthan/auth"
)

// deviceDoc is a device on which a person is signed in.
type deviceDoc struct {
	ID      string    `json:"id"` // opens nothing
	Device  string    `json:"device"`
	Created time.Time `json:"created"`
	Used    time.Time `json:"used"`
	End     time.Time `json:"end"`
	Current bool      `json:"current"` // this very one
}

// devicesDoc answers GET /api/v1/people/{key}/sessions.
type devicesDoc struct {
	Sessions []deviceDoc `json:"sessions"`
}

// endedDoc answers DELETE /api/v1/people/{key}/sessions.
type endedDoc struct {
	Ended int `json:"ended"`
}

// sessions serves GET and DELETE /api/v1/people/{key}/sessions.
func (a *API) sessions(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	now := time.Now()
	if r.Method == http.MethodDelete {
		is := auth.Record{Event: auth.SessionsEnded, Target: personOf(r, s), Areas: a.personPlaces(s, personOf(r, s))}
		n, err := a.Policy.EndAll(r.Context(), s, personOf(r, s), now)
		if err != nil {
			a.refuse(w, err)
			return
		}
		is.Detail = fmt.Sprintf("%d devices", n)
		if n > 0 && !a.noted(w, r, s, careOf(s, is.Target), is) {
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_ = json.NewEncoder(w).Encode(endedDoc{n}) // the caller may be gone
		return
	}
	running, err := a.Policy.Sessions(s, personOf(r, s), now)
	if err != nil {
		a.refuse(w, err)
		return
	}
	doc := devicesDoc{Sessions: []deviceDoc{}}
	for _, row := range running {
		v := row.Value
		doc.Sessions = append(doc.Sessions, deviceDoc{row.Key, v.Device, v.Created, v.Used, v.End, row.Key == s.Session()})
	}
	a.answer(w, r, doc)
}

// endSession serves DELETE /api/v1/people/{key}/sessions/{id}: the lost phone.
func (a *API) endSession(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	now, id := time.Now(), r.PathValue("id")
	is := auth.Record{Event: auth.SessionsEnded, Target: personOf(r, s), Areas: a.personPlaces(s, personOf(r, s))}
	running, err := a.Policy.Sessions(s, personOf(r, s), now)
	session := valueOf(running, id)
	if err == nil && session.Person == "" {
		err = auth.ErrUnknown // or another person's
	}
	is.Detail = session.Device
	if err == nil {
		err = a.Policy.End(r.Context(), s, id, now)
	}
	a.acted(w, r, s, err, careOf(s, is.Target), is)
}

// careOf is the right by which s ends the sessions of a person.
func careOf(s auth.Subject, person string) auth.Action {
	if person == s.ID {
		return auth.Connect
	}
	return auth.Supervise
}
