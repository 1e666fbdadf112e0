package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"

	"matthan/auth"
	"matthan/auth/page"
)

// How people sign in, as tokens say it (RFC 8176). A passkey is verified by its
// owner's finger, face or code, so it is two factors by itself.
var (
	byPassword = []string{"pwd"}
	byPasskey  = []string{"pop", "user", "mfa"}
	byBoth     = []string{"pwd", "pop", "user", "mfa"}
	byLink     = []string{"pwd", "otp"} // a one-time link, and the password that it set
)

func (m manner) amr() []string {
	if len(m.AMR) == 0 {
		return byPassword
	}
	return m.AMR
}

// routePasskeys serves what is about passkeys; without them only the page that
// says why.
func (p *Provider) routePasskeys(w http.ResponseWriter, r *http.Request, path string, get bool) {
	post := r.Method == http.MethodPost && isOwnPage(r)
	on := p.passkeys.on()
	switch {
	case path == passkeysPath && get:
		p.showPasskeys(w, r)
	case path == keySignInPath && post && on:
		p.signInByPasskey(w, r)
	case path == secondPath && get && on:
		p.showSecond(w, r)
	case path == secondPath && post && on:
		p.second(w, r)
	case path == offerPath && get && on:
		p.showOffer(w, r)
	case path == newsPath && get && on:
		p.showNews(w, r)
	case path == addPath && post && on:
		p.addPasskey(w, r)
	case path == removePath && post && on:
		p.removePasskey(w, r)
	case path == demandPath && post && on:
		p.changeDemand(w, r)
	default:
		http.NotFound(w, r)
	}
}

// isOwnPage says whether a form comes from a page of ours, or not from a
// browser. Where no sign-in binds it to one, only that keeps other sites' pages
// from trying passwords in a station's name.
func isOwnPage(r *http.Request) bool { return http.NewCrossOriginProtection().Check(r) == nil }

// demands says whether an account's owner must show a passkey after the
// password. Where the gateway has no DNS name there can be none, and New has
// refused a configuration that requires one.
func (p *Provider) demands(a Account) bool {
	return p.passkeys.on() && (p.cfg.SecondFactor || a.SecondFactor && len(a.Passkeys) > 0)
}

// signInByPasskey takes the answer of a browser's authenticator in place of
// login and password.
func (p *Provider) signInByPasskey(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		p.sayOver(w, r, errUnknown)
		return
	}
	f, lang := loginForm{ID: r.PostForm.Get("id")}, page.LangOf(r.PostForm.Get("lang"))
	if f.ID == "" { // for the page of passkeys
		f.Title, f.Text = speakKeys[lang].title, speakKeys[lang].showText
	} else if _, err := p.requests.find(f.ID, fromOf(r), time.Now()); err != nil {
		p.sayOver(w, r, err)
		return
	}
	a, k, err := p.assert(r, forSignIn, f.ID, "")
	if err != nil {
		f.KeyWrong = p.explainKey(w, r, lang, a, k, err)
		p.writeLogin(w, r, statusOfKey(err), lang, f)
		return
	}
	p.signedIn(w, r, f.ID, a, byPasskey, k)
}

// assert checks the answer in a form, of the passkeys of one account or, where
// owner is "", of whichever it names. On errCopied it returns the account and
// the passkey too.
func (p *Provider) assert(r *http.Request, why purpose, id, owner string) (Account, Passkey, error) {
	ctx, from, now := r.Context(), fromOf(r), time.Now()
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(r.PostForm.Get("answer")))
	if err != nil {
		return Account{}, Passkey{}, errPasskey
	}
	c, err := p.passkeys.find(parsed.Response.CollectedClientData.Challenge, why, id, from, now)
	if err != nil {
		return Account{}, Passkey{}, err
	}
	subject := string(parsed.Response.UserHandle)
	if owner != "" {
		subject = owner
	}
	a, err := p.keyHolder(ctx, subject)
	if err != nil {
		return Account{}, Passkey{}, err
	}
	// No login begins so. Whoever is unknown is counted together.
	t := try{"\n" + a.Subject, from.source}
	if err := p.guard.begin(t, now); err != nil {
		return Account{}, Passkey{}, err
	}
	var k Passkey
	if busy := p.guard.do(ctx, from.source, func() { k, err = p.passkeys.used(c, a, parsed) }); busy != nil {
		p.guard.uncount(t)
		return Account{}, Passkey{}, busy
	}
	if err != nil {
		return Account{}, Passkey{}, err
	}
	after, k, err := p.count(ctx, a.Subject, k, auth.Device(r.UserAgent()), now)
	if err != nil {
		return a, k, err
	}
	p.guard.forget(t)
	return after, k, nil
}

// keyHolder finds the account of a user handle; a nameless one without passkeys
// where there is none, so that the answers are the same.
func (p *Provider) keyHolder(ctx context.Context, subject string) (Account, error) {
	if !isSubject(subject) {
		return Account{}, nil
	}
	a, err := p.cfg.Accounts.BySubject(ctx, subject)
	switch {
	case errors.Is(err, ErrNoAccount):
		return Account{}, nil
	case err != nil:
		return Account{}, fmt.Errorf("find an account: %w", err)
	}
	return a, nil
}

// explainKey is explain for passkeys. A copy is told to the audit log, and by
// the note in the account to its owner.
func (p *Provider) explainKey(w http.ResponseWriter, r *http.Request, lang page.Lang, a Account, k Passkey, err error) string {
	say := speakKeys[lang]
	switch {
	case errors.Is(err, errCopied):
		p.log.Warn("a passkey's count went back: there may be a copy of it", "account", a.Subject, "passkey", k.Name)
		p.tell(r.Context(), Event{Kind: PasskeyCopied, Login: a.Login, Subject: a.Subject, Passkey: k.Name})
		return say.wrong
	case errors.Is(err, errPasskey):
		p.tell(r.Context(), Event{Kind: Refused})
		return say.wrong
	case errors.Is(err, errStale):
		return say.stale
	}
	return p.explain(w, r, lang, "", err)
}

func statusOfKey(err error) int {
	switch {
	case errors.Is(err, errCopied), errors.Is(err, errPasskey):
		return http.StatusUnauthorized
	case errors.Is(err, errStale), errors.Is(err, errProof):
		return http.StatusConflict
	case errors.Is(err, errFull):
		return http.StatusUnprocessableEntity
	}
	return statusOf(err)
}

// passwordRight goes on where a password was right: to the second step where
// one is demanded.
func (p *Provider) passwordRight(w http.ResponseWriter, r *http.Request, id string, a Account) {
	if !p.demands(a) {
		p.signedIn(w, r, id, a, byPassword, Passkey{})
		return
	}
	if shown, ok := p.proofs.get(fromOf(r).browser, time.Now()); ok && shown.link && shown.subject == a.Subject {
		p.signedIn(w, r, id, a, byLink, Passkey{}) // whoever has lost the passkey comes with a link
		return
	}
	if id == "" { // to the page of passkeys: those who have one show that
		p.prove(r, proof{subject: a.Subject})
		http.Redirect(w, r, p.cfg.Issuer+passkeysPath+"?lang="+string(page.LangOf(r.PostForm.Get("lang"))), http.StatusSeeOther)
		return
	}
	if err := p.requests.half(id, a.Subject, time.Now()); err != nil {
		p.sayOver(w, r, err)
		return
	}
	p.tell(r.Context(), Event{Kind: SecondStep, Login: a.Login, Subject: a.Subject})
	p.prove(r, proof{subject: a.Subject})
	to := secondPath
	if len(a.Passkeys) == 0 {
		to = offerPath
	}
	http.Redirect(w, r, p.link(to, id, page.LangOf(r.PostForm.Get("lang"))), http.StatusSeeOther)
}

// signedIn ends a sign-in that showed all that is asked, and goes on: back to
// the gateway, to the offer of a passkey, or to the page of passkeys.
func (p *Provider) signedIn(w http.ResponseWriter, r *http.Request, id string, a Account, amr []string, k Passkey) {
	if id != "" {
		by := manner{AMR: amr}
		if k.ID != nil {
			by.Passkey = keyDigest(k)
		}
		if err := p.requests.finish(id, a.Subject, by, time.Now()); err != nil {
			p.sayOver(w, r, err)
			return
		}
		p.tell(r.Context(), Event{Kind: SignedIn, Login: a.Login, Subject: a.Subject, Passkey: k.Name})
	}
	p.prove(r, proof{subject: a.Subject, strong: len(amr) > 1})
	lang := page.LangOf(r.PostForm.Get("lang"))
	if id == "" {
		http.Redirect(w, r, p.cfg.Issuer+passkeysPath+"?lang="+string(lang), http.StatusSeeOther)
		return
	}
	http.Redirect(w, r, p.next(w, r, id, a, k, lang), http.StatusSeeOther)
}

// next is where a finished sign-in goes: past what the owner must be told, and
// the offer of a passkey, back to the gateway.
func (p *Provider) next(w http.ResponseWriter, r *http.Request, id string, a Account, k Passkey, lang page.Lang) string {
	d := deviceOf(r)
	d.used = d.used || k.ID != nil
	if len(d.news(a)) > 0 {
		return p.link(newsPath, id, lang)
	}
	if k.ID == nil && r.PostForm.Get("can") == "1" && p.mayOffer(d, a) {
		return p.link(offerPath, id, lang)
	}
	if p.passkeys.on() {
		there, _ := d.person(a.Subject)
		there.told = time.Now().Unix()
		d.with(there).keep(w)
	}
	return p.onward(id)
}

// prove keeps that this browser's user has just shown who they are. Where
// nothing can be kept, they are asked again.
func (p *Provider) prove(r *http.Request, shown proof) {
	from, now := fromOf(r), time.Now()
	if old, ok := p.proofs.get(from.browser, now); ok && old.subject == shown.subject && old.strong && !shown.strong {
		return // a password takes nothing away
	}
	_ = p.proofs.put(from.browser, shown, from.source, now)
}

func (p *Provider) link(path, id string, lang page.Lang) string {
	return p.cfg.Issuer + path + "?" + url.Values{"id": {id}, "lang": {string(lang)}}.Encode()
}

// onward is where a finished sign-in goes back to the gateway.
func (p *Provider) onward(id string) string {
	return p.cfg.Issuer + callbackPath + "?id=" + url.QueryEscape(id)
}

// showSecond asks for a passkey after the password.
func (p *Provider) showSecond(w http.ResponseWriter, r *http.Request) {
	p.writeSecond(w, r, http.StatusOK, "")
}

func (p *Provider) writeSecond(w http.ResponseWriter, r *http.Request, status int, wrong string) {
	id, lang := r.FormValue("id"), page.LangOf(r.FormValue("lang"))
	_, a, err := p.owing(r, id)
	if err != nil {
		p.sayOver(w, r, err)
		return
	}
	options, err := p.passkeys.ask(forSecond, id, a, fromOf(r), time.Now())
	if err != nil {
		p.sayOver(w, r, err)
		return
	}
	say := speakKeys[lang]
	p.writeStep(w, status, lang, stepForm{Title: say.secondTitle, Text: say.secondText, Hint: say.secondHint, Action: p.cfg.Issuer + secondPath,
		ID: id, Do: "get", Options: options, Button: say.confirm, Wrong: wrong})
}

// owing finds a sign-in whose password was right and that owes a passkey.
func (p *Provider) owing(r *http.Request, id string) (*request, Account, error) {
	found, err := p.requests.find(id, fromOf(r), time.Now())
	if err != nil {
		return nil, Account{}, err
	}
	if found.knows == "" || found.subject != "" || time.Since(found.at) >= shelfLife {
		return nil, Account{}, errUnknown
	}
	a, err := p.active(r.Context(), found.knows)
	if err != nil || len(a.Passkeys) == 0 {
		return nil, Account{}, errUnknown
	}
	return found, a, nil
}

// second takes the passkey after the password.
func (p *Provider) second(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		p.sayOver(w, r, errUnknown)
		return
	}
	id, lang := r.PostForm.Get("id"), page.LangOf(r.PostForm.Get("lang"))
	_, a, err := p.owing(r, id)
	if err != nil {
		p.sayOver(w, r, err)
		return
	}
	a, k, err := p.assert(r, forSecond, id, a.Subject)
	if err != nil {
		p.writeSecond(w, r, statusOfKey(err), p.explainKey(w, r, lang, a, k, err))
		return
	}
	p.signedIn(w, r, id, a, byBoth, k)
}
