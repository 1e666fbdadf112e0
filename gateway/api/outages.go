package api

import (
	"cmp"
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// Bounds of what is told of outages at once.
const (
	maxOutages     = 200
	maxOutageNames = 50 // of one
)

// Troubles tells which cameras are offline for long; see gateway.Patrol.
type Troubles interface {
	Trouble(id gateway.CameraID) (t gateway.Trouble, ok bool)
}

// Telling says whether the server that is told of outages takes what it is told.
type Telling struct {
	Waiting int    `json:"waiting"`
	Dropped int    `json:"dropped"` // since the gateway started
	Failing int64  `json:"failing_since,omitempty"`
	Why     string `json:"why,omitempty"` // while it fails: status_503, unreachable, timeout, out_of_reach, certificate
}

// outagesDoc answers GET /api/v1/health/outages.
type outagesDoc struct {
	Cameras int       `json:"cameras"`           // of the caller's that are offline, or come and go
	Outages []goneDoc `json:"outages"`           // the newest first, at most 200
	Telling *Telling  `json:"telling,omitempty"` // to who administers everything, where a server is told
}

// goneDoc is one outage: of a camera, or of several at one host.
type goneDoc struct {
	State   string     `json:"state" schema:"enum=offline|unsteady|network"` // network: no camera answers, it is the gateway's own
	Since   int64      `json:"since"`                                        // Unix ms
	Cause   string     `json:"cause,omitempty"`
	Host    string     `json:"host,omitempty"` // of several cameras
	Whole   bool       `json:"whole"`          // all of the caller's cameras at that host
	Count   int        `json:"count"`
	Cameras []namedDoc `json:"cameras"` // at most 50
}

type namedDoc struct {
	ID   gateway.CameraID `json:"id"`
	Name string           `json:"name"`
	Area gateway.AreaID   `json:"area"`
}

// missing is for those who see to the cameras.
func (a *API) missing() route {
	return route{method: get, path: "/api/v1/health/outages", does: "The cameras that the caller administers and that are offline for minutes, watched or not, or come and go. Those at one host are one outage.", may: known,
		gives: []answer{{200, outagesDoc{}}}, etag: weakTag, serve: a.outages}
}

// outages serves GET /api/v1/health/outages. Rights are asked for where something
// is wrong only: pages ask for this again and again.
func (a *API) outages(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	all := a.Inventory.Cameras()
	troubles, hosts := map[gateway.CameraID]gateway.Trouble{}, map[string]bool{}
	for _, c := range all {
		if t, ok := a.trouble(c.ID); ok {
			troubles[c.ID], hosts[gateway.MachineOf(c)] = t, true
		}
	}
	var near []gateway.Camera
	if len(troubles) > 0 {
		for _, c := range all {
			if hosts[gateway.MachineOf(c)] {
				near = append(near, c)
			}
		}
	}
	doc := groupOutages(a.administeredOf(near, s, "", time.Now()), troubles)
	if a.Telling != nil && a.administers(s, "", "", "") {
		is := a.Telling()
		doc.Telling = &is
	}
	a.answer(w, r, doc)
}

// groupOutages takes together what fell together, of the cameras that somebody may
// know of.
func groupOutages(cameras iter.Seq[gateway.Camera], troubles map[gateway.CameraID]gateway.Trouble) outagesDoc {
	doc := outagesDoc{Outages: []goneDoc{}}
	beside, at := map[string]int{}, map[string]int{}
	for c := range cameras {
		host := gateway.MachineOf(c)
		beside[host]++
		t, ok := troubles[c.ID]
		if !ok {
			continue
		}
		doc.Cameras++
		state := stateOf(t)
		key := state + " " + host
		if t.Network {
			key = state
		}
		i, ok := at[key]
		if !ok {
			i = len(doc.Outages)
			at[key] = i
			doc.Outages = append(doc.Outages, goneDoc{State: state, Since: t.Since.UnixMilli(), Cause: string(t.Cause), Host: host, Cameras: []namedDoc{}})
		}
		g := &doc.Outages[i]
		g.Count++
		g.Since = min(g.Since, t.Since.UnixMilli())
		if len(g.Cameras) < maxOutageNames {
			g.Cameras = append(g.Cameras, namedDoc{c.ID, c.Name, c.Area})
		}
	}
	for i := range doc.Outages {
		g := &doc.Outages[i]
		if g.Whole = g.Count == beside[g.Host]; g.Count == 1 || g.State == "network" {
			g.Host = ""
		}
	}
	slices.SortFunc(doc.Outages, func(a, b goneDoc) int {
		return cmp.Or(cmp.Compare(b.Since, a.Since), strings.Compare(string(a.Cameras[0].ID), string(b.Cameras[0].ID)))
	})
	doc.Outages = doc.Outages[:min(len(doc.Outages), maxOutages)]
	return doc
}

func stateOf(t gateway.Trouble) string {
	switch {
	case t.Network:
		return "network"
	case t.Unsteady:
		return "unsteady"
	}
	return "offline"
}

// trouble is what is wrong with a camera, watched or not.
func (a *API) trouble(id gateway.CameraID) (gateway.Trouble, bool) {
	if a.Troubles == nil {
		return gateway.Trouble{}, false
	}
	return a.Troubles.Trouble(id)
}

// dayOf is describeDay, and of a camera that nobody watches what is known of it
// all the same.
func (a *API) dayOf(c gateway.Camera, d gateway.Day) healthDoc {
	doc := describeDay(c, d, a.RungCores)
	if t, ok := a.trouble(c.ID); ok && !t.Unsteady && !(d.Pulled && d.State.Phase == gateway.Live) {
		doc.State, doc.Since, doc.Cause = gateway.CareOffline, t.Since.UnixMilli(), string(t.Cause)
	}
	return doc
}
