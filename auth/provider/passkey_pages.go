package provider

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"

	"matthan/auth"
	"matthan/auth/page"
)

var (
	//go:embed passkeys.html
	passkeysText string
	//go:embed step.html
	stepText string
	//go:embed passkey.js
	script string
)

var (
	passkeysPage = page.New(passkeysText)
	stepPage     = page.New(stepText)
)

// serveScript serves the one script of these pages.
func serveScript(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	_, _ = w.Write([]byte(script)) // the phone may be gone
}

// stepForm is what a page of one step shows: the second step of a sign-in, or
// the offer of a passkey.
type stepForm struct {
	Title, Text, Hint            string
	Action, ID, Do               string // Do is what navigator.credentials shall do: get or create
	Options, Button, Wrong, Skip string
	Lang                         page.Lang
	W                            keyWords
}

func (p *Provider) writeStep(w http.ResponseWriter, _ *http.Request, status int, lang page.Lang, f stepForm) {
	f.Lang, f.W = lang, speakKeys[lang]
	page.Write(w, status, stepPage, page.Page{Lang: lang, Title: f.Title, Script: p.cfg.Issuer + scriptPath, Data: f}, p.formTo)
}

// showOffer offers a passkey after a password, once on a device; where one is
// required it is not an offer.
func (p *Provider) showOffer(w http.ResponseWriter, r *http.Request) {
	p.writeOffer(w, r, http.StatusOK, "")
}

func (p *Provider) writeOffer(w http.ResponseWriter, r *http.Request, status int, wrong string) {
	id, lang := r.FormValue("id"), page.LangOf(r.FormValue("lang"))
	found, err := p.requests.find(id, fromOf(r), time.Now())
	if err != nil {
		p.sayOver(w, r, err)
		return
	}
	shown, a, err := p.shown(r, found)
	if err != nil {
		if found.subject != "" { // who has signed in need not have a passkey
			http.Redirect(w, r, p.onward(id), http.StatusSeeOther)
			return
		}
		p.sayOver(w, r, errUnknown)
		return
	}
	options, err := p.passkeys.ask(forAdding, id, a, fromOf(r), time.Now())
	if err != nil {
		p.sayOver(w, r, err)
		return
	}
	say := speakKeys[lang]
	f := stepForm{Title: say.offerTitle, Text: say.offerText, Hint: say.offerHint, Action: p.cfg.Issuer + addPath, ID: id, Do: "create", Options: options,
		Button: say.make, Wrong: wrong, Skip: p.onward(id)}
	if found.subject == "" {
		f.Title, f.Text, f.Skip = say.requiredTitle, say.requiredText, ""
	} else {
		markDevice(w, r, shown.subject, false)
	}
	p.writeStep(w, r, status, lang, f)
}

// shown finds who has just shown who they are in this browser, and so may
// change their passkeys; within a sign-in, if it is theirs. A password alone
// will not do where a passkey must follow it.
func (p *Provider) shown(r *http.Request, within *request) (proof, Account, error) {
	shown, ok := p.proofs.get(fromOf(r).browser, time.Now())
	if !ok || within != nil && within.subject != shown.subject && (within.subject != "" || within.knows != shown.subject) {
		return proof{}, Account{}, errProof
	}
	a, err := p.active(r.Context(), shown.subject)
	if err != nil {
		return proof{}, Account{}, err
	}
	if !p.mayChange(a, shown) {
		return shown, Account{}, errProof
	}
	return shown, a, nil
}

func (p *Provider) mayChange(a Account, shown proof) bool {
	return !a.Disabled && a.Hash != "" && (shown.strong || !p.demands(a) || len(a.Passkeys) == 0)
}

// addPasskey keeps a new passkey, and ends the sign-in that it was made in.
func (p *Provider) addPasskey(w http.ResponseWriter, r *http.Request) {
	var within *request
	err := r.ParseForm()
	id, lang := r.PostForm.Get("id"), page.LangOf(r.PostForm.Get("lang"))
	if err == nil && id != "" {
		within, err = p.requests.find(id, fromOf(r), time.Now())
	}
	if err != nil {
		p.sayOver(w, r, err)
		return
	}
	again := p.writeOffer
	if within == nil {
		again = p.writePasskeys
	}
	shown, a, err := p.shown(r, within)
	if err != nil {
		again(w, r, http.StatusConflict, "") // asks who it is, or goes on without
		return
	}
	k, err := p.newPasskey(r, a, shown, id)
	if err != nil {
		again(w, r, statusOfKey(err), p.explainAdding(w, r, lang, a, err))
		return
	}
	p.tell(r.Context(), Event{Kind: PasskeyAdded, Login: a.Login, Subject: a.Subject, Passkey: k.Name})
	markDevice(w, r, a.Subject, true)
	switch {
	case within == nil:
		http.Redirect(w, r, p.cfg.Issuer+passkeysPath+"?lang="+string(lang), http.StatusSeeOther)
	case within.subject == "": // the passkey that was required
		p.signedIn(w, r, id, a, byBoth, k.Name)
	default:
		http.Redirect(w, r, p.onward(id), http.StatusSeeOther)
	}
}

// newPasskey checks the answer in a form and puts the passkey into the account.
func (p *Provider) newPasskey(r *http.Request, a Account, shown proof, id string) (Passkey, error) {
	ctx, from, now := r.Context(), fromOf(r), time.Now()
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(r.PostForm.Get("answer")))
	if err != nil {
		return Passkey{}, errPasskey
	}
	c, err := p.passkeys.find(parsed.Response.CollectedClientData.Challenge, forAdding, id, from, now)
	if err != nil {
		return Passkey{}, err
	}
	var k Passkey
	if busy := p.guard.do(ctx, from.source, func() { k, err = p.passkeys.made(c, a, parsed) }); busy != nil {
		return Passkey{}, busy
	}
	if err != nil {
		return Passkey{}, err
	}
	device := auth.Device(r.UserAgent())
	k.Created = now.UTC()
	if k.Name = strings.TrimSpace(cut(r.PostForm.Get("name"), maxPasskeyName)); k.Name == "" {
		k.Name = device
	}
	err = p.cfg.Accounts.Change(ctx, a.Subject, func(a *Account) error {
		switch {
		case !p.mayChange(*a, shown):
			return errProof
		case a.passkey(k.ID) >= 0:
			return errPasskey
		case len(a.Passkeys) >= maxPasskeys:
			return errFull
		}
		a.Passkeys = append(a.Passkeys, k)
		a.note(Note{k.Created, PasskeyAdded, k.Name, device})
		return nil
	})
	return k, err
}

func (p *Provider) explainAdding(w http.ResponseWriter, r *http.Request, lang page.Lang, a Account, err error) string {
	if errors.Is(err, errFull) {
		return fmt.Sprintf(speakKeys[lang].full, maxPasskeys)
	}
	if errors.Is(err, errPasskey) {
		return speakKeys[lang].notMade
	}
	return p.explainKey(w, r, lang, a, Passkey{}, err)
}

// removePasskey withdraws a passkey. Where it was the last one, the owner's own
// wish for a second factor goes with it.
func (p *Provider) removePasskey(w http.ResponseWriter, r *http.Request) {
	p.change(w, r, func(a *Account, now time.Time) (Event, bool) {
		i := slices.IndexFunc(a.Passkeys, func(k Passkey) bool { return keyDigest(k) == r.PostForm.Get("passkey") })
		if i < 0 {
			return Event{}, false
		}
		name := a.Passkeys[i].Name
		a.Passkeys = slices.Delete(a.Passkeys, i, i+1)
		a.SecondFactor = a.SecondFactor && len(a.Passkeys) > 0
		a.note(Note{now, PasskeyRemoved, name, auth.Device(r.UserAgent())})
		return Event{Kind: PasskeyRemoved, Login: a.Login, Subject: a.Subject, Passkey: name}, true
	})
}

// changeDemand sets whether the owner wants a passkey after the password.
func (p *Provider) changeDemand(w http.ResponseWriter, r *http.Request) {
	p.change(w, r, func(a *Account, now time.Time) (Event, bool) {
		want := r.PostForm.Get("on") == "1" && len(a.Passkeys) > 0
		if want == a.SecondFactor {
			return Event{}, false
		}
		a.SecondFactor = want
		a.note(Note{now, DemandChanged, "", auth.Device(r.UserAgent())})
		return Event{Kind: DemandChanged, Login: a.Login, Subject: a.Subject}, true
	})
}

// change changes the account of whoever has just shown who they are, and goes
// back to the page of passkeys, which asks others who they are.
func (p *Provider) change(w http.ResponseWriter, r *http.Request, edit func(*Account, time.Time) (Event, bool)) {
	if err := r.ParseForm(); err != nil {
		p.sayOver(w, r, errUnknown)
		return
	}
	shown, a, err := p.shown(r, nil)
	if err != nil {
		p.writePasskeys(w, r, http.StatusConflict, "")
		return
	}
	var e Event
	changed := false
	err = p.cfg.Accounts.Change(r.Context(), a.Subject, func(a *Account) error {
		if !p.mayChange(*a, shown) {
			return errProof
		}
		if e, changed = edit(a, time.Now().UTC()); !changed {
			return errPasskey
		}
		return nil
	})
	lang := page.LangOf(r.PostForm.Get("lang"))
	switch {
	case err == nil:
		p.tell(r.Context(), e)
	case errors.Is(err, errPasskey), errors.Is(err, errProof): // it is gone already, or the page asks who it is
	default:
		p.writePasskeys(w, r, http.StatusServiceUnavailable, p.explain(w, r, lang, a.Login, err))
		return
	}
	http.Redirect(w, r, p.cfg.Issuer+passkeysPath+"?lang="+string(lang), http.StatusSeeOther)
}

// keyDigest names a passkey in a form.
func keyDigest(k Passkey) string { return digest(string(k.ID)) }

// passkeyList is what the page of passkeys shows.
type passkeyList struct {
	Who, Add, Remove, Demand, Home string // where its forms and links lead
	Keys                           []keyRow
	Notes                          []noteRow
	Options, Known, Name, Wrong    string
	Full, Required, Wanted         bool
	Lang                           page.Lang
	W                              keyWords
}

type keyRow struct {
	Name, Digest, Created, Used string
	BackedUp                    bool
}

type noteRow struct{ At, Text, Device string }

// showPasskeys shows a person's passkeys to whoever has just shown who they
// are, and asks others.
func (p *Provider) showPasskeys(w http.ResponseWriter, r *http.Request) {
	if !p.passkeys.on() {
		lang := page.LangOf(r.URL.Query().Get("lang"))
		say := speakKeys[lang]
		pg := page.Page{Lang: lang, Title: say.offTitle}
		pg.Switch = "?lang=" + pg.Other()
		page.Say(w, http.StatusOK, pg, page.Message{Text: say.offText, Action: say.home, Href: p.cfg.Home})
		return
	}
	if p.origin != "https://"+r.Host && p.origin != "http://"+r.Host { // passkeys belong to one name
		http.Redirect(w, r, p.cfg.Issuer+passkeysPath, http.StatusSeeOther)
		return
	}
	p.writePasskeys(w, r, http.StatusOK, "")
}

func (p *Provider) writePasskeys(w http.ResponseWriter, r *http.Request, status int, wrong string) {
	lang := page.LangOf(r.FormValue("lang"))
	say := speakKeys[lang]
	shown, a, err := p.shown(r, nil)
	if err != nil {
		f := loginForm{Title: say.title, Text: say.showText, KeyWrong: wrong}
		if shown.subject != "" {
			f.KeyWrong = say.needKey
		}
		p.writeLogin(w, r, status, lang, f)
		return
	}
	v := passkeyList{Who: a.Name, Add: p.cfg.Issuer + addPath, Remove: p.cfg.Issuer + removePath, Demand: p.cfg.Issuer + demandPath, Home: p.cfg.Home,
		Name: auth.Device(r.UserAgent()), Wrong: wrong, Full: len(a.Passkeys) >= maxPasskeys, Required: p.cfg.SecondFactor, Wanted: a.SecondFactor, Lang: lang, W: say}
	v.fill(a, say)
	v.Known = p.known(a)
	if !v.Full {
		if v.Options, err = p.passkeys.ask(forAdding, "", a, fromOf(r), time.Now()); err != nil {
			v.Wrong = p.explain(w, r, lang, a.Login, err)
		}
	}
	pg := page.Page{Lang: lang, Title: say.title, Script: p.cfg.Issuer + scriptPath, Data: v}
	pg.Switch = "?lang=" + pg.Other()
	page.Write(w, status, passkeysPage, pg, "")
}

// known tells the device which of its passkeys are still good, so that it
// offers no others (WebAuthn's signalAllAcceptedCredentials).
func (p *Provider) known(a Account) string {
	ids := []protocol.URLEncodedBase64{}
	for _, k := range a.Passkeys {
		ids = append(ids, k.ID)
	}
	text, err := json.Marshal(map[string]any{"rpId": p.passkeys.library.Config.RPID, "userId": protocol.URLEncodedBase64(a.Subject), "allAcceptedCredentialIds": ids})
	if err != nil {
		return "" // the device goes on offering what it has
	}
	return string(text)
}

// vietnam is the one time zone there.
var vietnam = time.FixedZone("+07", 7*60*60)

func (v *passkeyList) fill(a Account, say keyWords) {
	when := func(t time.Time) string { return t.In(vietnam).Format("15:04 02/01/2006") }
	for _, k := range a.Passkeys {
		row := keyRow{Name: k.Name, Digest: keyDigest(k), Created: when(k.Created), BackedUp: k.BackedUp}
		if !k.Used.IsZero() {
			row.Used = when(k.Used)
		}
		v.Keys = append(v.Keys, row)
	}
	for _, n := range slices.Backward(a.Notes) {
		v.Notes = append(v.Notes, noteRow{when(n.At), say.ofNote(n), n.Device})
	}
}
