package api

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"matthan/auth"
	"matthan/auth/audit"
	"matthan/gateway"
)

// Log is the audit log: every act is written to it, and auditors ask it.
type Log interface {
	auth.Recorder
	Query(ctx context.Context, f audit.Filter, limit int, after uint64) (audit.Page, error)
	All(ctx context.Context, f audit.Filter) iter.Seq2[audit.Entry, error]
	Export(ctx context.Context, w io.Writer, from time.Time) error
	Head() audit.Mark
	Key() ed25519.PublicKey
	Ready() <-chan struct{} // closed once all of it has been checked
	Broken() []string       // what is wrong with it, as far as it was checked
}

// Bounds of one answer.
const (
	logPage    = 100
	maxLogPage = 1000
	queryWait  = 30 * time.Second
)

// logEntryDoc is a record as it stands in the log, with its number there.
type logEntryDoc struct {
	N uint64 `json:"n"`
	auth.Record
}

// logDoc answers GET /api/v1/audit.
type logDoc struct {
	Entries []logEntryDoc `json:"entries"`
	Next    uint64        `json:"next,omitempty"` // as ?after= it brings what follows; absent: there is no more
}

// headDoc answers GET /api/v1/audit/head.
type headDoc struct {
	N    uint64 `json:"n"`
	Head string `json:"head"` // as matthan audit verify --head takes it
	Key  string `json:"key"`  // as --key takes it

	Whole   bool     `json:"whole"`   // the caller may export all of it
	Checked bool     `json:"checked"` // to its end, since the gateway started
	Faults  []string `json:"faults"`  // that the check has found so far

	Events []auth.Event `json:"events"` // all that this gateway records
}

// auditing is for those who read the audit log.
func (a *API) auditing() []route {
	number := schema{"type": "integer", "minimum": 0}
	moment := schema{"type": "string", "format": "date-time"}
	return []route{
		{method: get, path: "/api/v1/audit", does: "The records of the audit log in the areas that the caller audits, the newest first. That they were read is recorded.", may: audits,
			query: []parameter{
				{"person", "who acted, or was acted on: a person's key, a token's name, or a visitor: portal:ID:OFFICER, share:KEY, owner:CAMERA, invitation:KEY", letters(0, maxQuery)},
				{"camera", "only of this camera", schemaOf[gateway.CameraID]()},
				{"area", "only of this area and what was below it", schemaOf[gateway.AreaID]()},
				{"view", "only of this view: the code of a picture's watermark, such as 7KQ-2M4X, or the view's identifier", letters(0, maxQuery)},
				{"reason", "only where this was stated", letters(0, maxQuery)},
				{"case", "only where this case was stated", letters(0, maxQuery)},
				{"event", "only these; may be given several times", schemaOf[auth.Event]()},
				{"from", "not before this", moment},
				{"until", "before this", moment},
				{"oldest", "the oldest first", oneOf("true", "false")},
				{"after", "the next of the page before", number},
				{"limit", "at most so many, 100 where it is left out", schema{"type": "integer", "minimum": 1, "maximum": maxLogPage}},
			},
			gives: []answer{{200, logDoc{}}}, fails: []problem{noEntry, badBody}, serve: a.auditLog},
		a.unusualRoute(moment),
		{method: get, path: "/api/v1/audit/people", does: "The people of the areas that the caller audits, by name: whom to ask the log about.", may: audits,
			query: []parameter{{"q", "only those whose name has all these words, accents left aside", letters(0, maxQuery)}},
			gives: []answer{{200, actorsDoc{}}}, etag: weakTag, fails: []problem{noEntry, badBody}, serve: a.actors},
		{method: get, path: "/api/v1/audit/export", does: "The whole audit log, as matthan audit verify reads it, or as a table, which proves nothing. That it was taken is recorded.", may: auditsAll,
			query: []parameter{
				{"format", "ndjson where it is left out", oneOf("ndjson", "csv")},
				{"from", "not before this", moment},
			},
			gives: []answer{{200, media{"application/x-ndjson", "text/csv"}}}, fails: []problem{noEntry, badBody}, serve: a.exportLog},
		{method: get, path: "/api/v1/audit/head", does: "Where the log stands and its public key: worth noting elsewhere.", may: audits,
			gives: []answer{{200, headDoc{}}}, fails: []problem{noEntry}, serve: a.logHead},
	}
}

// auditsEverything says whether s may read all of the log.
func (a *API) auditsEverything(s auth.Subject, now time.Time) bool {
	_, err := a.Policy.Decide(s, auth.Audit, auth.Resource{}, now)
	return err == nil
}

// audited are the areas of which s may read the log, without those that lie
// below another of them.
func (a *API) audited(s auth.Subject, now time.Time) (areas []string) {
	for _, area := range a.Inventory.Areas() {
		path := a.path(area.ID)
		if _, err := a.Policy.Decide(s, auth.Audit, auth.Resource{Areas: path}, now); err != nil {
			continue
		}
		if len(path) > 1 { // its parent stands for it
			if _, err := a.Policy.Decide(s, auth.Audit, auth.Resource{Areas: path[1:]}, now); err == nil {
				continue
			}
		}
		areas = append(areas, string(area.ID))
	}
	return areas
}

// auditLog serves GET /api/v1/audit. Who asks for an area, a camera or a person
// of others gets what is left of it within their own areas: nothing.
func (a *API) auditLog(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	now, q := time.Now(), r.URL.Query()
	f, limit, after, ok := askedOfLog(w, q)
	if !ok {
		return
	}
	lies, ok := a.inReach(s, &f, q.Get("area"), now)
	if !ok {
		fail(w, noEntry)
		return
	}
	is := auth.Record{Event: auth.LogRead, Areas: f.Areas, Detail: toldOfQuery(q)}
	if err := a.note(r, s, auth.Audit, is); err != nil {
		a.Log.Error("api: the audit log was not read, since that could not be recorded", "subject", s.ID, "err", err)
		fail(w, unrecorded)
		return
	}
	doc := logDoc{Entries: []logEntryDoc{}}
	if lies {
		ctx, cancel := context.WithTimeout(r.Context(), queryWait)
		defer cancel()
		page, err := a.Audit.Query(ctx, f, limit, after)
		if err != nil {
			a.Log.Error("api: the audit log was not read", "err", err)
			fail(w, internal)
			return
		}
		doc.Next = page.Next
		for _, e := range page.Entries {
			doc.Entries = append(doc.Entries, logEntryDoc{e.N, e.Record})
		}
	}
	a.answer(w, r, doc)
}

// inReach narrows a filter down to what s may read of the log. lies says that
// something is left of it, and ok that s may read any of the log at all.
func (a *API) inReach(s auth.Subject, f *audit.Filter, asked string, now time.Time) (lies, ok bool) {
	if a.auditsEverything(s, now) {
		return true, true
	}
	mine := a.audited(s, now)
	if len(mine) == 0 { // a grant may be for one camera
		f.Areas = nil
		may := a.auditsCamera(s, f.Camera, now)
		return may, may
	}
	f.Areas = a.within(mine, asked)
	return len(f.Areas) > 0, true
}

// within are the areas to ask for: of an auditor's own, or the one that was asked
// for where it lies in one of them.
func (a *API) within(mine []string, asked string) []string {
	if asked == "" {
		return mine
	}
	for _, id := range a.path(gateway.AreaID(asked)) {
		if slices.Contains(mine, id) {
			return []string{asked}
		}
	}
	return nil
}

func (a *API) auditsCamera(s auth.Subject, id string, now time.Time) bool {
	c, err := a.Inventory.Camera(gateway.CameraID(id))
	if err != nil {
		return false
	}
	_, err = a.Policy.Decide(s, auth.Audit, resource(c, a.path(c.Area)), now)
	return err == nil
}

// askedOfLog reads what is asked of the log.
func askedOfLog(w http.ResponseWriter, q url.Values) (f audit.Filter, limit int, after uint64, ok bool) {
	f = audit.Filter{Person: q.Get("person"), Camera: q.Get("camera"), View: q.Get("view"),
		Reason: q.Get("reason"), Case: q.Get("case"), Newest: q.Get("oldest") != "true"}
	if area := q.Get("area"); area != "" {
		f.Areas = []string{area}
	}
	wrongs := badBody
	bad := func(field, detail string) { wrongs = wrongs.with(field, detail) }
	for _, name := range []string{"person", "camera", "area", "view", "reason", "case"} {
		if len(q.Get(name)) > maxQuery {
			bad(name, "at most "+strconv.Itoa(maxQuery)+" bytes")
		}
	}
	for _, e := range q["event"][:min(len(q["event"]), len(auth.Events()))] {
		if f.Events = append(f.Events, auth.Event(e)); !auth.Event(e).Known() {
			bad("event", "there is no such event")
		}
	}
	var err error
	if f.From, err = momentOf(q.Get("from")); err != nil {
		bad("from", err.Error())
	}
	if f.Until, err = momentOf(q.Get("until")); err != nil {
		bad("until", err.Error())
	}
	limit = logPage
	if text := q.Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > maxLogPage {
			bad("limit", "a number from 1 to "+strconv.Itoa(maxLogPage))
		}
	}
	if text := q.Get("after"); text != "" {
		if after, err = strconv.ParseUint(text, 10, 64); err != nil {
			bad("after", "the next of the page before")
		}
	}
	if len(wrongs.Errors) > 0 {
		fail(w, wrongs)
		return f, 0, 0, false
	}
	return f, limit, after, true
}

// momentOf reads a time, zero for none.
func momentOf(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, fmt.Errorf("a time looks like 2026-11-30T06:00:00+07:00")
	}
	return t, nil
}

// toldOfQuery is what was asked, for the log.
func toldOfQuery(q url.Values) string {
	var out []string
	for _, name := range []string{"person", "camera", "area", "view", "reason", "case", "event", "from", "until", "after", "format"} {
		if text := strings.Join(q[name], ","); text != "" {
			out = append(out, name+"="+text[:min(len(text), maxQuery)])
		}
	}
	return strings.Join(out, " ")
}

// exportLog serves GET /api/v1/audit/export.
func (a *API) exportLog(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	if !a.auditsEverything(s, time.Now()) {
		fail(w, noEntry)
		return
	}
	q := r.URL.Query()
	from, err := momentOf(q.Get("from"))
	if err != nil {
		fail(w, badBody.with("from", err.Error()))
		return
	}
	format := q.Get("format")
	if format != "" && format != "ndjson" && format != "csv" {
		fail(w, badBody.with("format", "ndjson or csv"))
		return
	}
	if err := a.note(r, s, auth.Audit, auth.Record{Event: auth.LogExported, Detail: toldOfQuery(q)}); err != nil {
		a.Log.Error("api: the audit log was not exported, since that could not be recorded", "subject", s.ID, "err", err)
		fail(w, unrecorded)
		return
	}
	kind, name := "application/x-ndjson", "matthan-audit.ndjson"
	if format == "csv" {
		kind, name = "text/csv; charset=utf-8", "matthan-audit.csv"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	if r.Method == http.MethodHead {
		return
	}
	if format == "csv" {
		err = a.table(r.Context(), w, audit.Filter{From: from})
	} else {
		err = a.Audit.Export(r.Context(), w, from)
	}
	if err != nil {
		if r.Context().Err() == nil {
			a.Log.Error("api: the audit log was not exported to its end", "err", err)
		}
		panic(http.ErrAbortHandler) // net/http's way to show the reader that it is cut off
	}
}

// hanoi is the zone of the times in a table.
var hanoi = time.FixedZone("+07", 7*60*60)

func (a *API) table(ctx context.Context, w io.Writer, f audit.Filter) error {
	c, err := audit.NewCSV(w, hanoi)
	if err != nil {
		return err
	}
	for e, err := range a.Audit.All(ctx, f) {
		if err == nil {
			err = c.Write(e)
		}
		if err != nil {
			return err
		}
	}
	return c.End()
}
