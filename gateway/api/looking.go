package api

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// maxLooking bounds how many views one answer tells of.
const maxLooking = 1000

// lookingDoc is a view that is open now.
type lookingDoc struct {
	ID     string           `json:"id"` // the view's identifier in the audit log
	Camera gateway.CameraID `json:"camera"`
	Name   string           `json:"camera_name"`
	Area   gateway.AreaID   `json:"area"`
	Kind   gateway.Kind     `json:"kind"`

	Way        auth.Way `json:"way"` // by which whoever looks came
	Who        string   `json:"who"` // by name; by key where there is none
	Number     string   `json:"number,omitempty"`
	Portal     string   `json:"portal,omitempty"`
	PortalName string   `json:"portal_name,omitempty"`
	Device     string   `json:"device,omitempty"`
	Where      string   `json:"where,omitempty" schema:"enum=local|internet"` // of the device, by its address, which only the audit log tells

	Since   int64           `json:"since"` // Unix ms
	Quality gateway.Quality `json:"quality"`
	State   string          `json:"state" schema:"enum=opening|live|offline"` // of the camera's stream
	Width   int             `json:"width,omitempty"`                          // pixels
	Height  int             `json:"height,omitempty"`

	Reason string `json:"reason,omitempty"` // what it is looked at for, as was stated
	Case   string `json:"case,omitempty"`
}

// lookingListDoc answers GET /api/v1/views.
type lookingListDoc struct {
	Views []lookingDoc `json:"views"`          // the newest first
	More  bool         `json:"more,omitempty"` // than are told
}

// endViewBody asks for POST /api/v1/views/{view}/end.
type endViewBody struct {
	Reason string `json:"reason" schema:"required,minLength=3,maxLength=500"`
}

// maxEndReason bounds it, in bytes; three letters are the least that says something.
const (
	minEndReason = 3
	maxEndReason = 500
)

// watching is for those who look after who looks.
func (a *API) watching() []route {
	return []route{
		{method: get, path: "/api/v1/views", does: "Who looks now at the cameras that the caller administers.", may: known,
			gives: []answer{{200, lookingListDoc{}}}, etag: weakTag, serve: a.lookingNow},
		{method: post, path: "/api/v1/views/{view}/end", does: "Ends a view. Whoever looked keeps their right, and may open the camera again after a minute. The reason is recorded.", may: administers,
			takes: endViewBody{}, gives: noContent, fails: []problem{noEntry, wrong}, serve: a.endView},
	}
}

// lookingNow serves GET /api/v1/views.
func (a *API) lookingNow(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	doc := lookingListDoc{Views: []lookingDoc{}}
	now := time.Now()
	all := a.Looking()
	slices.SortFunc(all, func(a, b auth.Looking) int {
		if n := b.Time.Compare(a.Time); n != 0 {
			return n
		}
		return strings.Compare(a.View, b.View)
	})
	may := map[string]bool{}
	for i := range all {
		l := &all[i]
		c, err := a.Inventory.Camera(gateway.CameraID(l.Camera))
		if err != nil {
			continue
		}
		ok, asked := may[l.Camera]
		if !asked {
			_, err := a.Policy.Decide(s, auth.Administer, resource(c, a.path(c.Area)), now)
			ok = err == nil
			may[l.Camera] = ok
		}
		switch {
		case !ok:
		case len(doc.Views) == maxLooking:
			doc.More = true
		default:
			doc.Views = append(doc.Views, a.describeLooking(c, l))
		}
	}
	a.answer(w, r, doc)
}

func (a *API) describeLooking(c gateway.Camera, l *auth.Looking) lookingDoc {
	d := lookingDoc{ID: l.View, Camera: c.ID, Name: c.Name, Area: c.Area, Kind: c.Kind, Way: l.Way, Who: l.Name, Number: l.Number, Device: l.Device,
		Where: whereOf(l.Address), Since: l.Time.UnixMilli(), Quality: gateway.Quality(l.Quality), State: "opening", Reason: l.Reason, Case: l.Case}
	if d.Who == "" {
		d.Who = l.Subject
	}
	if l.Way == auth.WayOfficer {
		d.Portal, d.PortalName = a.Policy.PortalOf(l.Subject)
	}
	if a.Days == nil {
		return d
	}
	day := a.Days.Day(c.ID)
	for _, st := range day.Streams {
		if st.Quality == d.Quality {
			d.Width, d.Height = st.Width, st.Height
		}
	}
	if day.State.Phase != "" {
		d.State = string(day.State.Phase)
	}
	return d
}

// whereOf says of an address whether it is of a local network; "" where that is
// not known.
func whereOf(address string) string {
	addr, err := netip.ParseAddr(address)
	switch {
	case err != nil:
		return ""
	case addr.Unmap().IsPrivate() || addr.IsLoopback() || addr.IsLinkLocalUnicast():
		return "local"
	}
	return "internet"
}

// endView serves POST /api/v1/views/{view}/end. A view of others' cameras is none.
func (a *API) endView(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	all := a.Looking()
	i := slices.IndexFunc(all, func(l auth.Looking) bool { return l.View == r.PathValue("view") })
	if i < 0 {
		fail(w, noEntry)
		return
	}
	is := all[i]
	c, err := a.Inventory.Camera(gateway.CameraID(is.Camera))
	if err != nil || !a.administers(s, c.Area, c.ID, c.Kind) {
		fail(w, noEntry)
		return
	}
	var b endViewBody
	if !readBody(w, r, &b) {
		return
	}
	if b.Reason = strings.TrimSpace(b.Reason); len([]rune(b.Reason)) < minEndReason || len(b.Reason) > maxEndReason {
		fail(w, wrong.with("reason", "say why, in 3 to 500 letters"))
		return
	}
	if !a.EndView(is.View) {
		fail(w, noEntry) // it has just ended
		return
	}
	if a.noted(w, r, s, auth.Administer, auth.Record{Event: auth.ViewEnded, Camera: string(c.ID), Kind: string(c.Kind), Areas: a.path(c.Area),
		View: is.View, Target: is.Subject, Detail: b.Reason}) {
		w.WriteHeader(http.StatusNoContent)
	}
}
