package api

import (
	"context"
	"net/http"
	"time"

	"matthan/auth"
	"matthan/auth/audit"
	"matthan/gateway"
	"matthan/gateway/sheet"
)

// What auditors ask beside the records themselves.

// Bounds of a report.
const (
	reportDays    = 30 // where no time is given
	maxReportDays = 92
	reportWait    = 60 * time.Second
)

// unusualDoc answers GET /api/v1/audit/report.
type unusualDoc struct {
	From     time.Time       `json:"from"`
	Until    time.Time       `json:"until"`
	Findings []audit.Finding `json:"findings"`
	More     bool            `json:"more,omitempty"` // than one report holds: ask for a shorter time
}

// unusualRoute is the report's.
func (a *API) unusualRoute(moment schema) route {
	return route{method: get, path: "/api/v1/audit/report", does: "What is unusual in who looked at what, in the areas that the caller audits: each a question to ask, not an answer. That it was read is recorded.", may: audits,
		query: []parameter{
			{"area", "only of this area and what was below it", schemaOf[gateway.AreaID]()},
			{"from", "not before this; 30 days before until, where it is left out", moment},
			{"until", "before this; now where it is left out. At most 92 days after from", moment},
		},
		gives: []answer{{200, unusualDoc{}}}, fails: []problem{noEntry, badBody}, serve: a.unusual}
}

// unusual serves GET /api/v1/audit/report.
func (a *API) unusual(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	now, q := time.Now(), r.URL.Query()
	f, _, _, ok := askedOfLog(w, q)
	if !ok {
		return
	}
	f = audit.Filter{Areas: f.Areas, From: f.From, Until: f.Until, Events: []auth.Event{auth.ViewOpened, auth.StillSeen, auth.ViewClosed}}
	if f.Until.IsZero() {
		f.Until = now
	}
	if f.From.IsZero() {
		f.From = f.Until.AddDate(0, 0, -reportDays)
	}
	lies, ok := a.inReach(s, &f, q.Get("area"), now)
	if !ok {
		fail(w, noEntry)
		return
	}
	if f.Until.Sub(f.From) > maxReportDays*24*time.Hour {
		fail(w, badBody.with("from", "at most 92 days before until"))
		return
	}
	is := auth.Record{Event: auth.LogRead, Areas: f.Areas, Detail: "report " + toldOfQuery(q)}
	if err := a.note(r, s, auth.Audit, is); err != nil {
		a.Log.Error("api: the audit log was not read, since that could not be recorded", "subject", s.ID, "err", err)
		fail(w, unrecorded)
		return
	}
	doc := unusualDoc{From: f.From, Until: f.Until, Findings: []audit.Finding{}}
	if lies {
		ctx, cancel := context.WithTimeout(r.Context(), reportWait)
		defer cancel()
		found, more, err := audit.Unusual(a.Audit.All(ctx, f), audit.Usual{Zone: hanoi})
		if err != nil {
			a.Log.Error("api: the audit log was not read", "err", err)
			fail(w, internal)
			return
		}
		doc.Findings, doc.More = append(doc.Findings, found...), more
	}
	a.answer(w, r, doc)
}

// actorDoc is somebody whom the log may be asked about.
type actorDoc struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

// actorsDoc answers GET /api/v1/audit/people.
type actorsDoc struct {
	People []actorDoc `json:"people"`
	More   bool       `json:"more,omitempty"`
}

// actors serves GET /api/v1/audit/people.
func (a *API) actors(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	now := time.Now()
	_, words, ok := asked(w, r)
	if !ok {
		return
	}
	if !a.Policy.Offices(s, now).Audit {
		fail(w, noEntry)
		return
	}
	known, err := a.Policy.Audited(s, now)
	if err != nil {
		a.refuse(w, err)
		return
	}
	doc := actorsDoc{People: []actorDoc{}}
	for _, k := range known {
		if len(words) > 0 && !hasWords(sheet.Fold(k.Person.Name), words) {
			continue
		}
		if doc.More = len(doc.People) == maxPeople; doc.More {
			break
		}
		doc.People = append(doc.People, actorDoc{k.Key, k.Person.Name})
	}
	a.answer(w, r, doc)
}

// logHead serves GET /api/v1/audit/head.
func (a *API) logHead(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	now := time.Now()
	whole := a.auditsEverything(s, now)
	if !whole && len(a.audited(s, now)) == 0 {
		fail(w, noEntry)
		return
	}
	at := a.Audit.Head()
	doc := headDoc{N: at.N, Head: at.String(), Key: audit.KeyText(a.Audit.Key()), Whole: whole, Faults: append([]string{}, a.Audit.Broken()...), Events: auth.Events()}
	select {
	case <-a.Audit.Ready():
		doc.Checked = true
	default:
	}
	a.answer(w, r, doc)
}
