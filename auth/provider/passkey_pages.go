package provider

import (
	_ "embed"
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
	//go:embed step.html
	stepText string
	//go:embed news.html
	newsText string
	//go:embed passkey.js
	script string
)

var (
	stepPage = page.New(stepText)
	newsPage = page.New(newsText)
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

func (p *Provider) writeStep(w http.ResponseWriter, status int, lang page.Lang, f stepForm) {
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
		d := deviceOf(r)
		there, _ := d.person(shown.subject)
		there.offered, there.told = true, time.Now().Unix()
		d.with(there).keep(w)
	}
	p.writeStep(w, status, lang, f)
}

// showNews tells an owner at the sign-in what happened to the passkeys since the
// last one on this device.
func (p *Provider) showNews(w http.ResponseWriter, r *http.Request) {
	id, lang := r.URL.Query().Get("id"), page.LangOf(r.URL.Query().Get("lang"))
	found, err := p.requests.find(id, fromOf(r), time.Now())
	if err != nil || found.subject == "" {
		p.sayOver(w, r, errUnknown)
		return
	}
	a, err := p.active(r.Context(), found.subject)
	news := deviceOf(r).news(a)
	if err != nil || len(news) == 0 {
		http.Redirect(w, r, p.onward(id), http.StatusSeeOther)
		return
	}
	say := speakKeys[lang]
	markTold(w, r, a.Subject, false)
	page.Write(w, http.StatusOK, newsPage, page.Page{Lang: lang, Title: say.newsTitle, Data: newsForm{Notes: noteRows(news, say), On: p.onward(id), Check: p.cfg.Issuer + passkeysPath + "?lang=" + string(lang), W: say}}, p.formTo)
}

// newsForm is what the page of news shows.
type newsForm struct {
	Notes     []noteRow
	On, Check string
	W         keyWords
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
	markTold(w, r, a.Subject, true)
	switch {
	case within == nil:
		http.Redirect(w, r, p.cfg.Issuer+passkeysPath+"?lang="+string(lang), http.StatusSeeOther)
	case within.subject == "": // the passkey that was required
		p.signedIn(w, r, id, a, byBoth, k)
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

// removePasskey withdraws a passkey and ends what is signed in by it: its device
// may be in wrong hands. Where it was the last one, the owner's own wish for a
// second factor goes with it.
func (p *Provider) removePasskey(w http.ResponseWriter, r *http.Request) {
	p.change(w, r, func(a *Account, now time.Time) (Event, bool) {
		i := slices.IndexFunc(a.Passkeys, func(k Passkey) bool { return keyDigest(k) == r.PostForm.Get("passkey") })
		if i < 0 {
			return Event{}, false
		}
		name, key := a.Passkeys[i].Name, keyDigest(a.Passkeys[i])
		a.Passkeys = slices.Delete(a.Passkeys, i, i+1)
		var ended []string
		a.Families = slices.DeleteFunc(a.Families, func(f Family) bool {
			if f.By.Passkey == key {
				ended = append(ended, f.ID)
			}
			return f.By.Passkey == key
		})
		a.SecondFactor = a.SecondFactor && len(a.Passkeys) > 0
		a.note(Note{now, PasskeyRemoved, name, auth.Device(r.UserAgent())})
		return Event{Kind: PasskeyRemoved, Login: a.Login, Subject: a.Subject, Passkey: name, Ended: ended}, true
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
		markTold(w, r, a.Subject, false)
	case errors.Is(err, errPasskey), errors.Is(err, errProof): // it is gone already, or the page asks who it is
	default:
		p.writePasskeys(w, r, http.StatusServiceUnavailable, p.explain(w, r, lang, a.Login, err))
		return
	}
	http.Redirect(w, r, p.cfg.Issuer+passkeysPath+"?lang="+string(lang), http.StatusSeeOther)
}

// keyDigest names a passkey in a form.
func keyDigest(k Passkey) string { return digest(string(k.ID)) }
