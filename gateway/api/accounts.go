package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// ErrAccount is an Accounts' answer to an account that cannot be; the wrapped
// text says what to correct.
var ErrAccount = errors.New("the account cannot be so")

// Account is a local account as administrators see and write it.
type Account struct {
	Login    string   `json:"login" schema:"optional,minLength=2,maxLength=64"` // in a request: the address's
	Name     string   `json:"name" schema:"minLength=1,maxLength=100"`
	Roles    []string `json:"roles" schema:"each.enum=viewer|supervisor|administrator|auditor"`
	Areas    []string `json:"areas" schema:"maxItems=1000,each.pattern=^[a-z0-9-]+$,each.maxLength=64"` // each with all below it; "all" for every one
	Disabled bool     `json:"disabled,omitempty"`
}

// AccountState is an account as it is kept.
type AccountState struct {
	Account
	Key     string    `json:"key"`           // of the person
	Seen    time.Time `json:"seen,omitzero"` // the last sign-in
	Blocked bool      `json:"blocked"`       // as a person, beside the account
	Pending bool      `json:"pending"`       // has no password yet
}

// Accounts are the local accounts.
type Accounts interface {
	List() []AccountState
	// Link makes another one-time link by which the owner sets the password, and
	// ends the one before. Nothing else ends until it is used.
	Link(ctx context.Context, login string) (string, error)
	// Put makes or changes an account. What it loses ends at once. Of a new one
	// it returns the one-time link by which its owner sets the password.
	Put(ctx context.Context, a Account) (link string, err error)
}

// linkDoc answers a new account. The link is a secret.
type linkDoc struct {
	Link string `json:"link"`
}

// responsible says whether s may administer everything that an account has.
func (a *API) responsible(s auth.Subject, acc Account) bool {
	if len(acc.Areas) == 0 {
		return a.administers(s, "", "", "")
	}
	return !slices.ContainsFunc(acc.Areas, func(area string) bool {
		if area == auth.AllAreas {
			area = ""
		}
		return !a.administers(s, gateway.AreaID(area), "", "")
	})
}

// accounts serves GET /api/v1/accounts: those of whom the caller administers
// all areas.
func (a *API) accounts(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	out := []AccountState{}
	for _, acc := range a.Accounts.List() {
		if a.responsible(s, acc.Account) {
			out = append(out, acc)
		}
	}
	a.answer(w, r, out)
}

// account serves PUT /api/v1/accounts/{login}.
func (a *API) account(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	var next Account
	if !readBody(w, r, &next) {
		return
	}
	next.Login = r.PathValue("login")
	allowed, own, how := a.responsible(s, next), false, "new"
	for _, old := range a.Accounts.List() {
		if old.Login == next.Login {
			how = fmt.Sprintf("changed from roles %v", old.Roles)
			allowed = allowed && a.responsible(s, old.Account)
			own = old.Key == s.ID && (next.Disabled || !slices.Equal(old.Roles, next.Roles) || !slices.Equal(old.Areas, next.Areas))
		}
	}
	switch {
	case !allowed:
		fail(w, notFound)
		return
	case own:
		fail(w, ownRights)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), 30*time.Second)
	defer cancel()
	link, err := a.Accounts.Put(ctx, next)
	switch {
	case errors.Is(err, ErrAccount):
		fail(w, wrong.with("", err.Error()))
	case err != nil:
		a.done(w, err, 0)
	case !a.noted(w, r, s, auth.Administer, a.accountRecord(next, how)):
	case link == "":
		a.done(w, nil, 0)
	default:
		created(w, linkDoc{link})
	}
}

// linkBody asks for POST /api/v1/accounts/{login}/link.
type linkBody struct{}

// accountLink serves POST /api/v1/accounts/{login}/link.
func (a *API) accountLink(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	var b linkBody
	if !readBody(w, r, &b) {
		return
	}
	login := r.PathValue("login")
	all := a.Accounts.List()
	i := slices.IndexFunc(all, func(acc AccountState) bool { return acc.Login == login })
	if i < 0 || !a.responsible(s, all[i].Account) {
		fail(w, noEntry)
		return
	}
	link, err := a.Accounts.Link(r.Context(), login)
	switch {
	case errors.Is(err, ErrAccount):
		fail(w, wrong.with("", err.Error()))
	case err != nil:
		a.done(w, err, 0)
	case a.noted(w, r, s, auth.Administer, a.accountRecord(all[i].Account, "another link")):
		created(w, linkDoc{link})
	}
}
