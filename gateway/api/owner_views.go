package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"matthan/auth"
	"matthan/auth/audit"
)

// Bounds of what an owner is told at once.
const (
	ownerPage  = 20
	maxCounted = 1000 // so that a page that asks again and again costs little
)

// viewDoc is one view of a camera, as its owner sees it: without a name.
type viewDoc struct {
	N       uint64      `json:"n"` // in the audit log
	At      time.Time   `json:"at"`
	Seconds int64       `json:"seconds"`           // how long; up to now, where it goes on
	Running bool        `json:"running,omitempty"` // it goes on
	Unknown bool        `json:"unknown,omitempty"` // nobody knows how long: the gateway was torn down meanwhile
	Reason  auth.Reason `json:"reason,omitempty"`
	Still   bool        `json:"still,omitempty"` // stills only, for up to ten minutes; seconds is 0
	Own     bool        `json:"own,omitempty"`   // the owner's, while setting the camera up; counted nowhere
}

// lookEvents are what an owner is told of.
var lookEvents = []auth.Event{auth.ViewOpened, auth.StillSeen}

// viewCountsDoc says how many views there were. Days and weeks are Vietnam's, a
// week begins on Monday.
type viewCountsDoc struct {
	Today int  `json:"today"`
	Week  int  `json:"week"`
	Total int  `json:"total"`
	More  bool `json:"more,omitempty"` // there were more than that in all
}

// viewsDoc answers GET /api/v1/owner/views.
type viewsDoc struct {
	Views []viewDoc `json:"views"`
	Next  uint64    `json:"next,omitempty"`
}

// ownerViews serves GET /api/v1/owner/views.
func (a *API) ownerViews(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	c, err := a.Policy.Owned(s, time.Now())
	if err != nil {
		a.refuse(w, err)
		return
	}
	before := uint64(0)
	if text := r.URL.Query().Get("before"); text != "" {
		if before, err = strconv.ParseUint(text, 10, 64); err != nil || before == 0 {
			fail(w, badBody.with("before", "the number that the page before ended with"))
			return
		}
	}
	views, next, err := a.viewsOf(r.Context(), c.Camera, before)
	if err != nil {
		a.unread(w, r, err)
		return
	}
	a.answer(w, r, viewsDoc{views, next})
}

// viewsOf are the views of a camera before a record of the audit log, 0: all,
// the newest first.
func (a *API) viewsOf(ctx context.Context, camera string, before uint64) (views []viewDoc, next uint64, err error) {
	ctx, cancel := context.WithTimeout(ctx, queryWait)
	defer cancel()
	views = []viewDoc{}
	f := audit.Filter{Camera: camera, Events: lookEvents, Newest: true}
	for next = before; len(views) < ownerPage; {
		page, err := a.Audit.Query(ctx, f, ownerPage-len(views), next)
		if err != nil {
			return nil, 0, err
		}
		for i := range page.Entries {
			v, err := a.viewOf(ctx, &page.Entries[i])
			if err != nil {
				return nil, 0, err
			}
			views = append(views, v)
		}
		if next = page.Next; next == 0 {
			break
		}
	}
	return views, next, nil
}

// viewOf is a view that a record tells the beginning of.
func (a *API) viewOf(ctx context.Context, e *audit.Entry) (viewDoc, error) {
	v := viewDoc{N: e.N, At: e.Time, Reason: auth.Reason(e.Reason), Own: isOwn(e), Still: e.Event == auth.StillSeen}
	if v.Still {
		return v, nil
	}
	end, ok, err := a.firstOf(ctx, audit.Filter{Camera: e.Camera, View: e.View, Events: []auth.Event{auth.ViewClosed}, From: e.Time}, e.N)
	switch {
	case err != nil:
		return v, err
	case ok:
		v.Seconds = int64(end.Duration / time.Second)
		return v, nil
	}
	_, v.Unknown, err = a.firstOf(ctx, audit.Filter{Events: []auth.Event{auth.GatewayStarted}, From: e.Time}, e.N)
	if v.Running = !v.Unknown; v.Running {
		v.Seconds = max(0, int64(time.Since(e.Time)/time.Second))
	}
	return v, err
}

// firstOf is the first record that fits after another one.
func (a *API) firstOf(ctx context.Context, f audit.Filter, after uint64) (audit.Entry, bool, error) {
	for {
		page, err := a.Audit.Query(ctx, f, 1, after)
		if err != nil || len(page.Entries) > 0 {
			return first(page.Entries), err == nil, err
		}
		if after = page.Next; after == 0 {
			return audit.Entry{}, false, nil
		}
	}
}

func first(all []audit.Entry) (e audit.Entry) {
	if len(all) > 0 {
		e = all[0]
	}
	return e
}

// isOwn says whether a view was the owner's, who tried the camera out.
func isOwn(e *audit.Entry) bool { return strings.HasPrefix(e.Subject, "invitation:") }

// countViews counts the views of a camera by others than its owner.
func (a *API) countViews(ctx context.Context, camera string, now time.Time) (n viewCountsDoc, err error) {
	ctx, cancel := context.WithTimeout(ctx, queryWait)
	defer cancel()
	y, m, d := now.In(hanoi).Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, hanoi)
	week := today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
	for e, err := range a.Audit.All(ctx, audit.Filter{Camera: camera, Events: lookEvents, Newest: true}) {
		if err != nil {
			return n, err
		}
		switch {
		case isOwn(&e):
			continue
		case n.Total == maxCounted:
			n.More = true
			return n, nil
		}
		n.Total++
		if !e.Time.Before(week) {
			n.Week++
		}
		if !e.Time.Before(today) {
			n.Today++
		}
	}
	return n, nil
}
