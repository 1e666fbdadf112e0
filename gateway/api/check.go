package api

import (
	"net/http"
	"sync"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/doctor"
)

// maxChecks is how many cameras are examined at once, each for at most
// doctor.Longest; of one person it is one.
const maxChecks = 4

var manyChecks = problem{Title: "Service Unavailable", Status: http.StatusServiceUnavailable, Code: "busy",
	Text: text{"Đang có camera khác được khám. Hãy thử lại sau 10 giây.", "Other cameras are being examined. Try again in 10 seconds."}}

var fullHost = problem{Title: manyChecks.Title, Status: manyChecks.Status, Code: manyChecks.Code,
	Text: text{"Đầu ghi của camera này đã phát hết mức cho phép. Hãy đóng bớt camera của đầu ghi rồi thử lại.", "This camera's recorder gives as many pictures as it may. Close a camera of it and try again."}}

// checking is for those who enter cameras, and for one that gives no picture.
func (a *API) checking() route {
	return route{method: post, path: "/api/v1/inventory/checks", does: "Examines a camera for some ten seconds, before it is entered or after, and answers in words what is wrong with it and what to change in its menu. Nothing is kept. Its id names the camera whose password counts where none is given. A citizen's camera is not examined.",
		may: administers, takes: settingsDoc{}, gives: []answer{{200, doctor.Report{}}}, fails: []problem{wrong, lent, manyChecks}, serve: a.checkCamera}
}

// checkCamera serves POST /api/v1/inventory/checks.
func (a *API) checkCamera(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	c, old, ok := a.unentered(w, r, s)
	if !ok {
		return
	}
	if _, err := gateway.NewList(a.Inventory.Areas(), []gateway.Camera{c}); err != nil {
		a.done(w, err, 0)
		return
	}
	end, ok := a.checks.begin(s.ID)
	if !ok {
		w.Header().Set("Retry-After", "10")
		fail(w, manyChecks)
		return
	}
	defer end()
	leave, ok := a.Visit(c)
	if !ok {
		w.Header().Set("Retry-After", "10")
		fail(w, fullHost)
		return
	}
	defer leave()
	// First, so that nobody looks around in a network without a trace.
	if !a.noted(w, r, s, auth.Administer, auth.Record{Event: auth.CameraChecked, Camera: string(c.ID), Kind: string(c.Kind), Areas: a.path(c.Area), Target: string(old.ID)}) {
		return
	}
	a.record(w, a.Check(r.Context(), c), 0)
}

// checks are the examinations that run.
type checks struct {
	mu  sync.Mutex
	who map[string]bool
}

// begin asks to examine a camera; if ok, end must be called.
func (c *checks) begin(who string) (end func(), ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.who) >= maxChecks || c.who[who] {
		return nil, false
	}
	if c.who == nil {
		c.who = map[string]bool{}
	}
	c.who[who] = true
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.who, who)
	}, true
}
