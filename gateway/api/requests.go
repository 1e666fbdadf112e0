package api

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"matthan/auth"
)

// requestDoc is a request for a right in another's area.
type requestDoc struct {
	Key      string        `json:"key"`
	Person   string        `json:"person"` // who asks
	Name     string        `json:"name"`
	Area     string        `json:"area"`
	AreaName string        `json:"area_name"`
	Cameras  []string      `json:"cameras"`
	Actions  []auth.Action `json:"actions"`
	For      int64         `json:"for"` // seconds, from the answer on
	Reason   string        `json:"reason"`
	Asked    time.Time     `json:"asked"`
	State    auth.State    `json:"state"`
	By       string        `json:"by,omitempty"` // who answered
	ByName   string        `json:"by_name,omitempty"`
	Note     string        `json:"note,omitempty"`
	Answered time.Time     `json:"answered,omitzero"`
	Until    time.Time     `json:"until,omitzero"`    // of the right that was given
	Expired  bool          `json:"expired,omitempty"` // open, but too old to be answered
	Mine     bool          `json:"mine"`
	Answer   bool          `json:"answer"` // the caller may answer it now
}

// requestsDoc answers GET /api/v1/requests; there are at most auth.MaxRequests.
type requestsDoc struct {
	Requests []requestDoc `json:"requests"`
}

// requestBody asks for POST /api/v1/requests.
type requestBody struct {
	Area    string        `json:"area" schema:"required,maxLength=64"`
	Cameras []string      `json:"cameras" schema:"maxItems=1000,each.maxLength=64"`
	Actions []auth.Action `json:"actions" schema:"required,minItems=1,maxItems=3,each.enum=view|lookback|ptz"`
	For     int64         `json:"for" schema:"required,minimum=1,maximum=86400"` // seconds
	Reason  string        `json:"reason" schema:"required,minLength=10,maxLength=1000"`
}

// answerBody asks for POST /api/v1/requests/{key}/answer.
type answerBody struct {
	Yes  *bool  `json:"yes" schema:"required"`
	Note string `json:"note" schema:"maxLength=1000"`
}

// requests serves GET and POST /api/v1/requests.
func (a *API) requests(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	if r.Method == http.MethodPost {
		a.ask(w, r, s)
		return
	}
	now := time.Now()
	rows, err := a.Policy.Requests(s, now)
	if err != nil {
		a.refuse(w, err)
		return
	}
	names := a.areaNames()
	doc := requestsDoc{Requests: []requestDoc{}}
	for _, row := range rows {
		q := row.Value
		d := requestDoc{Key: row.Key, Person: q.Person, Name: q.Name, Area: q.Area, AreaName: names[q.Area], Cameras: some(q.Cameras),
			Actions: some(q.Actions), For: int64(q.For / time.Second), Reason: q.Reason, Asked: q.Asked, State: q.State,
			By: q.By, ByName: a.Policy.NameOf(q.By), Note: q.Note, Answered: q.Answered, Mine: q.Person == s.ID}
		open := q.IsOpen(now)
		d.Expired, d.Answer = q.State == auth.Open && !open, open && !d.Mine
		if q.State == auth.Granted {
			d.Until = q.Answered.Add(q.For)
		}
		doc.Requests = append(doc.Requests, d)
	}
	a.answer(w, r, doc)
}

// areaNames are the names of all areas, by id.
func (a *API) areaNames() map[string]string {
	all := a.Inventory.Areas()
	names := make(map[string]string, len(all))
	for _, area := range all {
		names[string(area.ID)] = area.Name
	}
	return names
}

func (a *API) ask(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	var b requestBody
	if !readBody(w, r, &b) {
		return
	}
	d, ok := forSeconds(w, b.For, auth.MaxTemporary)
	if !ok {
		return
	}
	q := auth.Request{Area: b.Area, Cameras: b.Cameras, Actions: b.Actions, For: d, Reason: b.Reason}
	key, err := a.Policy.Ask(r.Context(), s, q, time.Now())
	if key != "" && err != nil { // it is kept, and shown to who answers
		a.Log.Error("api: nobody was told of a request", "request", key, "err", err)
		err = nil
	}
	if err != nil {
		a.refuse(w, err)
		return
	}
	if a.noted(w, r, s, auth.Connect, a.requestRecord(auth.RequestAsked, key, q, "for "+d.String())) {
		created(w, keyDoc{key})
	}
}

// requestRecord is the record of a request, or of what became of it. Its cameras
// are those that were asked for, there or not.
func (a *API) requestRecord(e auth.Event, key string, q auth.Request, how string) auth.Record {
	is := auth.Record{Event: e, Target: key, Areas: a.places([]string{q.Area}, nil)}
	is.Detail = how + ", " + toldOf(auth.Grant{Actions: q.Actions, Areas: []string{q.Area}, Cameras: q.Cameras, Reason: q.Reason})
	if q.Person != "" {
		is.Detail = "of person " + q.Person + ", " + is.Detail
	}
	return is
}

// forSeconds reads for how long something is to hold.
func forSeconds(w http.ResponseWriter, seconds int64, most time.Duration) (time.Duration, bool) {
	if seconds < 1 || seconds > int64(most/time.Second) {
		fail(w, wrong.with("for", fmt.Sprintf("say for how many seconds, 1 to %d", most/time.Second)))
		return 0, false
	}
	return time.Duration(seconds) * time.Second, true
}

// reply serves POST /api/v1/requests/{key}/answer.
func (a *API) reply(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	var b answerBody
	if !readBody(w, r, &b) {
		return
	}
	if b.Yes == nil { // nothing said is not a no
		fail(w, wrong.with("yes", "say true or false"))
		return
	}
	key, how := r.PathValue("key"), "no"
	if *b.Yes {
		how = "yes"
	}
	q := a.requestOf(s, key)
	err := a.Policy.Answer(r.Context(), s, key, *b.Yes, b.Note, time.Now())
	if errors.Is(err, auth.ErrFaulty) {
		err = auth.ErrUnknown // its area is gone: to everybody as if it were, too
	}
	a.acted(w, r, s, err, auth.Supervise, a.requestRecord(auth.RequestAnswered, key, q, how))
}

// withdraw serves DELETE /api/v1/requests/{key}.
func (a *API) withdraw(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	key := r.PathValue("key")
	q := a.requestOf(s, key)
	a.acted(w, r, s, a.Policy.Withdraw(r.Context(), s, key, time.Now()), auth.Connect, a.requestRecord(auth.RequestAnswered, key, q, "withdrawn"))
}
