package api

import (
	"net/http"
	"slices"
	"strings"

	"matthan/auth"
	"matthan/gateway"
)

// Who is told that there is nothing may have had no right to it. The answer says
// neither, and the audit log has what was tried.

// witnessed keeps the status of an answer.
type witnessed struct {
	http.ResponseWriter
	status int
}

func (w *witnessed) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (w *witnessed) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// refused has an act recorded that was refused, once a minute for each of its
// kind. A list that is empty for somebody is none: their own page asks for it.
func (a *API) refused(r *http.Request, s auth.Subject) {
	_, path, _ := strings.Cut(r.Pattern, " ")
	if path == "" {
		path = r.Pattern
	}
	protected := strings.Contains(path, "{") || strings.HasPrefix(path, "/api/v1/audit") || strings.HasPrefix(path, "/api/v1/inventory/export")
	if path == "/api/" || slices.Contains(reading, r.Method) && !protected {
		return
	}
	is := auth.Record{Event: auth.ActDenied, Subject: s.ID, Name: s.Name, Address: auth.Address(r), Device: auth.Device(r.UserAgent()),
		Target: path, Detail: r.Method + " " + path}
	for _, name := range []string{"id", "key", "login"} {
		if id := r.PathValue(name); id != "" {
			is.Target = id
			break
		}
	}
	// Whoever reads the log of a place finds what was tried there.
	switch id := r.PathValue("id"); {
	case strings.Contains(path, "/cameras/"):
		if c, err := a.Inventory.Camera(gateway.CameraID(id)); err == nil {
			is.Camera, is.Kind, is.Areas = id, string(c.Kind), a.path(c.Area)
		}
	case strings.Contains(path, "/areas/"):
		is.Areas = a.path(gateway.AreaID(id))
	}
	a.seldom(is)
}
