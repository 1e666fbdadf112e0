package api

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"matthan/auth"
)

// Mux takes routes: *http.ServeMux, or one that keeps a list of them.
type Mux interface {
	Handle(pattern string, h http.Handler)
}

// route is one method of one address, as it is served and as it is described.
// What it may answer beside gives and fails follows from the rest.
type route struct {
	method, path string
	does         string
	may          who
	query        []parameter
	takes        any      // a value of the document's type, or media; nil: nothing
	gives        []answer // where all is well
	etag         etag
	fails        []problem
	serve        handler
}

type handler func(http.ResponseWriter, *http.Request, auth.Subject)

// who is for whom a route is, in words. To all but anybody one must be known
// first; what they then have no right to is not there for them.
type who string

const (
	anybody           who = "anybody"
	known             who = "whoever is signed in or shows a token, each for what they may"
	whoeverLists      who = "whoever has any right to it"
	administers       who = "who administers it, and the place where it is to be"
	administersAll    who = "who administers everything"
	administersPerson who = "who administers all areas of the account, as it is and as it is to be"
)

// parameter is one of a URL's query.
type parameter struct {
	name, about string
	is          schema
}

// answer is a status and the document that comes with it, if any: a value of
// its type, or media.
type answer struct {
	status int
	doc    any
}

// media are the types of a body that is no JSON document.
type media []string

// etag is how a route goes about versions (RFC 9110 sections 8.8.3 and 13.1).
type etag int

const (
	noTag   etag = iota
	weakTag      // of the answer, which is not sent again to who has it
	itsTag       // of the record that is read
	mustTag      // a change names the version that it changes
)

// Routes adds the API to mux. It is called once.
func (a *API) Routes(mux Mux) {
	rows := append(a.routes(), a.description())
	text := openAPI(rows)
	rows[len(rows)-1].serve = func(w http.ResponseWriter, r *http.Request, _ auth.Subject) { a.answer(w, r, text) }
	addresses := map[string]address{}
	for _, row := range rows {
		if row.may == anybody {
			mux.Handle(row.method+" "+row.path, open(row.serve))
			continue
		}
		if addresses[row.path] == nil {
			addresses[row.path] = address{}
		}
		addresses[row.path][row.method] = row.serve
	}
	for path, at := range addresses {
		mux.Handle(path, a.guard(at.serve, at.methods()))
	}
	mux.Handle("/api/", a.guard(func(w http.ResponseWriter, _ *http.Request, _ auth.Subject) { fail(w, notFound) }, reading))
}

// address is what is served at one path, by the method.
type address map[string]handler

func (at address) serve(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	at[method](w, r, s) // the guard has let it through
}

// methods are those that are meant, in an order that does not change.
func (at address) methods() (all []string) {
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
		if at[method] == nil {
			continue
		}
		if all = append(all, method); method == http.MethodGet {
			all = append(all, http.MethodHead)
		}
	}
	return all
}

var reading = []string{http.MethodGet, http.MethodHead}

// open serves what everybody may know.
func open(next handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-cache")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		next(w, r, auth.Subject{})
	}
}

// challenge goes with every 401 (RFC 9110 section 11.6.1).
const challenge = `Bearer realm="matthan"`

// guard lets only known subjects in, with the methods that are meant.
func (a *API) guard(next handler, methods []string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "private, no-cache")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Add("Vary", "Authorization")
		h.Add("Vary", "Cookie")
		now := time.Now()
		s, err := a.Policy.Authenticate(credential(r), now)
		if err == nil {
			_, err = a.Policy.Decide(s, auth.Connect, auth.Resource{}, now)
		}
		switch {
		case err != nil:
			h.Set("WWW-Authenticate", challenge)
			fail(w, unauthenticated)
		case !slices.Contains(methods, r.Method):
			h.Set("Allow", strings.Join(methods, ", "))
			fail(w, badMethod)
		default:
			// A change is work; a page that fetches its list again by itself is not.
			if !slices.Contains(reading, r.Method) {
				if err := a.Policy.Touch(r.Context(), s, now); err != nil {
					a.Log.Error("api: a session's last use was not kept", "err", err)
				}
			}
			answer := &witnessed{ResponseWriter: w}
			next(answer, r, s)
			if answer.status == http.StatusNotFound {
				a.refused(r, s)
			}
		}
	}
}

// credential is what a request shows: a token, or the cookie of a page of our
// own; browsers send cookies for strangers' pages too.
func credential(r *http.Request) string {
	if r.Header.Get("Authorization") != "" {
		return auth.Bearer(r)
	}
	if http.NewCrossOriginProtection().Check(r) != nil {
		return ""
	}
	return auth.Cookie(r)
}
