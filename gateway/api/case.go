package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"matthan/auth"
)

// reasonDoc is what a citizen's camera may be viewed for.
type reasonDoc struct {
	Code auth.Reason `json:"code"`
	VI   string      `json:"vi"`
	EN   string      `json:"en"`
}

// reasonTexts are the words for the reasons, as people are shown them.
var reasonTexts = map[auth.Reason]text{
	auth.Theft:    {"Trộm cắp, cướp giật", "Theft or robbery"},
	auth.Disorder: {"Gây rối, đánh nhau", "Disorder or a fight"},
	auth.Traffic:  {"Tai nạn, vi phạm giao thông", "A traffic accident or offence"},
	auth.Fire:     {"Cháy, nổ, cứu nạn", "Fire, explosion or rescue"},
	auth.Missing:  {"Tìm người mất tích, đi lạc", "A missing person"},
	auth.Wanted:   {"Truy tìm đối tượng", "A wanted person"},
	auth.Assist:   {"Hỗ trợ người dân", "Help for somebody"},
}

// caseDoc answers GET /api/v1/case; it is empty where no case is open.
type caseDoc struct {
	Reason auth.Reason `json:"reason,omitempty"`
	Number string      `json:"number,omitempty"`
	Opened time.Time   `json:"opened,omitzero"`
}

// caseBody asks for PUT /api/v1/case.
type caseBody struct {
	Reason auth.Reason `json:"reason" schema:"required"`
	Number string      `json:"number" schema:"required,minLength=3,maxLength=40"`
}

// reasons serves GET /api/v1/reasons.
func (a *API) reasons(w http.ResponseWriter, r *http.Request, _ auth.Subject) {
	doc := []reasonDoc{}
	for _, code := range auth.Reasons() {
		doc = append(doc, reasonDoc{code, reasonTexts[code].VI, reasonTexts[code].EN})
	}
	a.answer(w, r, doc)
}

// caseOf serves GET, PUT and DELETE /api/v1/case: that of the session, which is
// asked once for all citizens' cameras.
func (a *API) caseOf(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	now := time.Now()
	last, err := a.Policy.CaseOf(s, now)
	if err != nil && !errors.Is(err, auth.ErrUnknown) {
		a.refuse(w, err)
		return
	}
	switch r.Method {
	case http.MethodPut:
		a.openCase(w, r, s, last, now)
	case http.MethodDelete:
		a.acted(w, r, s, a.Policy.CloseCase(r.Context(), s, now), auth.Connect, a.caseRecord(auth.CaseClosed, s, last))
	default:
		a.answer(w, r, caseDoc(last))
	}
}

func (a *API) openCase(w http.ResponseWriter, r *http.Request, s auth.Subject, last auth.Case, now time.Time) {
	var b caseBody
	if !readBody(w, r, &b) {
		return
	}
	next := auth.Case{Reason: b.Reason, Number: strings.TrimSpace(b.Number), Opened: last.Opened}
	if next == last && !last.Opened.IsZero() { // a second tap on the same button
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if err := a.Policy.OpenCase(r.Context(), s, next, now); err != nil {
		a.refuse(w, err)
		return
	}
	if last.Number != "" && !a.noted(w, r, s, auth.Connect, a.caseRecord(auth.CaseClosed, s, last)) {
		a.dropCase(r, s, now)
		return
	}
	if !a.noted(w, r, s, auth.Connect, a.caseRecord(auth.CaseOpened, s, next)) {
		a.dropCase(r, s, now)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// dropCase closes a case that is not in the log: nothing is to be viewed for it.
func (a *API) dropCase(r *http.Request, s auth.Subject, now time.Time) {
	if err := a.Policy.CloseCase(context.WithoutCancel(r.Context()), s, now); err != nil {
		a.Log.Error("api: a case that was not recorded stays open", "subject", s.ID, "err", err)
	}
}

func (a *API) caseRecord(e auth.Event, s auth.Subject, c auth.Case) auth.Record {
	return auth.Record{Event: e, Reason: string(c.Reason), Case: c.Number, Areas: a.personPlaces(s, s.ID)}
}
