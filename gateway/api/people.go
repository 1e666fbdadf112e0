package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"matthan/auth"
	"matthan/gateway/sheet"
)

// maxPeople bounds one list of people; a search finds the others.
const maxPeople = 1000

// oneself is the key by which callers name themselves.
const oneself = "me"

// personDoc is a person as those see who care for them.
type personDoc struct {
	Key         string      `json:"key"`
	Name        string      `json:"name"`
	Roles       []auth.Role `json:"roles"`
	Areas       []string    `json:"areas"` // each with all below it; "all" for every one
	Blocked     bool        `json:"blocked"`
	BlockReason string      `json:"block_reason,omitempty"`
	Seen        time.Time   `json:"seen"`     // the last sign-in, or the provider's last answer
	Sessions    int         `json:"sessions"` // that are running
}

// peopleDoc answers GET /api/v1/people.
type peopleDoc struct {
	People []personDoc `json:"people"`
	More   bool        `json:"more,omitempty"` // there are others: search
}

// knownDoc answers GET /api/v1/people/{key}.
type knownDoc struct {
	personDoc
	Rights []rightDoc `json:"rights,omitempty"` // of oneself, or for those who administer all of the person's areas
}

// rightDoc is one ground of rights, in force or not.
type rightDoc struct {
	Source  string        `json:"source"`
	Because string        `json:"because"`
	Actions []auth.Action `json:"actions"`
	Areas   []string      `json:"areas"`
	Cameras []string      `json:"cameras"`
	Kinds   []string      `json:"kinds"`
	InForce bool          `json:"in_force"`
	Why     string        `json:"why,omitempty"` // it is not in force
	Changes time.Time     `json:"changes,omitzero"`
}

// blockBody asks for PUT /api/v1/people/{key}/block.
type blockBody struct {
	Reason string `json:"reason" schema:"required,minLength=10,maxLength=1000"`
}

func describePerson(k auth.Known) personDoc {
	d := personDoc{Key: k.Key, Name: k.Person.Name, Roles: some(k.Person.Roles), Areas: some(k.Person.Areas),
		Blocked: k.Person.Blocked, Seen: k.Person.Seen, Sessions: k.Sessions}
	if d.Blocked {
		d.BlockReason = k.Person.BlockReason
	}
	return d
}

// some is a list that is never null in JSON.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// people serves GET /api/v1/people: those in the caller's care; ?q= only those
// whose name has all these words, accents left aside.
func (a *API) people(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	_, words, ok := asked(w, r)
	if !ok {
		return
	}
	known, err := a.Policy.People(s, time.Now())
	if err != nil {
		a.refuse(w, err)
		return
	}
	doc := peopleDoc{People: []personDoc{}}
	for _, k := range known {
		if len(words) > 0 && !hasWords(sheet.Fold(k.Person.Name), words) {
			continue
		}
		if doc.More = len(doc.People) == maxPeople; doc.More {
			break
		}
		doc.People = append(doc.People, describePerson(k))
	}
	a.answer(w, r, doc)
}

// hasWords says whether a folded text has all the words, each at a word's
// beginning.
func hasWords(text string, words []string) bool {
	text = " " + text
	for _, word := range words {
		if !strings.Contains(text, " "+word) {
			return false
		}
	}
	return true
}

// personOf is the key of the person that a request is about.
func personOf(r *http.Request, s auth.Subject) string {
	if key := r.PathValue("key"); key != oneself {
		return key
	}
	return s.ID
}

// person serves GET /api/v1/people/{key}.
func (a *API) person(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	now := time.Now()
	known, err := a.Policy.Known(s, personOf(r, s), now)
	if err != nil {
		a.refuse(w, err)
		return
	}
	doc := knownDoc{personDoc: describePerson(known)}
	e, err := a.Policy.Explain(s, known.Key, now)
	switch {
	case errors.Is(err, auth.ErrDenied): // who only supervises sees the person, not every right elsewhere
	case err != nil:
		a.refuse(w, err)
		return
	}
	for _, right := range e.Rights {
		doc.Rights = append(doc.Rights, rightDoc{right.Source, right.Because, some(right.Actions), some(right.Areas),
			some(right.Cameras), some(right.Kinds), right.InForce, right.Why, right.Changes})
	}
	a.answer(w, r, doc)
}

// block serves PUT and DELETE /api/v1/people/{key}/block.
func (a *API) block(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	areas := a.personPlaces(s, personOf(r, s))
	if r.Method == http.MethodDelete {
		a.acted(w, r, s, a.Policy.Unblock(r.Context(), s, personOf(r, s), time.Now()), auth.Administer,
			auth.Record{Event: auth.PersonUnblocked, Target: personOf(r, s), Areas: areas})
		return
	}
	var b blockBody
	if readBody(w, r, &b) {
		a.acted(w, r, s, a.Policy.Block(r.Context(), s, personOf(r, s), b.Reason, time.Now()), auth.Supervise,
			auth.Record{Event: auth.PersonBlocked, Target: personOf(r, s), Areas: areas, Detail: b.Reason})
	}
}

// refuse says why the policy did not do something. What is not there and what
// is not the caller's give the same answer.
func (a *API) refuse(w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, auth.ErrUnauthenticated): // ended since the guard asked
		w.Header().Set("WWW-Authenticate", challenge)
		fail(w, unauthenticated)
	case errors.Is(err, auth.ErrLent):
		fail(w, lent)
	case errors.Is(err, auth.ErrEntered):
		fail(w, entered)
	case errors.Is(err, auth.ErrInForce):
		fail(w, inForce)
	case errors.Is(err, auth.ErrDenied), errors.Is(err, auth.ErrUnknown):
		fail(w, noEntry)
	case errors.Is(err, auth.ErrFaulty):
		fail(w, wrong.with("", strings.TrimPrefix(err.Error(), auth.ErrFaulty.Error()+": ")))
	case errors.Is(err, auth.ErrConflict):
		fail(w, quicker)
	default:
		a.Log.Error("api: an act on people or their rights failed", "err", err)
		fail(w, internal)
	}
}

// keyDoc answers what was made.
type keyDoc struct {
	Key string `json:"key"`
}

// created answers 201 with doc.
func created(w http.ResponseWriter, doc any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(doc) // the caller may be gone
}
