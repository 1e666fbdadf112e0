package provider

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"matthan/auth/page"
)

// linkLife is how long a one-time link is good for.
const linkLife = time.Hour

// linkCookie holds an opened link's secret, so that it leaves the address bar
// at once and the form that follows belongs to the browser that opened it.
const linkCookie = "__Host-matthan-link"

// FirstSubject is the subject of the account that SetUpLink makes.
const FirstSubject = "first"

// ErrSetUp is the answer where the first account is there already.
var ErrSetUp = errors.New("the first account is set up: use a recovery link")

var errDeadLink = errors.New("the link was used, or is too old")

// SetUpLink makes a link by which the first account is set up, with the given
// roles, and ends any link before it. Call it where there is no account yet.
func SetUpLink(ctx context.Context, accounts Accounts, issuer string, roles []string, now time.Time) (string, error) {
	return makeLink(ctx, accounts, issuer, FirstSubject, now, func(a *Account) error {
		if a.Hash != "" || a.Login != "" {
			return ErrSetUp
		}
		a.Roles = slices.Clone(roles)
		return nil
	})
}

// RecoverLink makes a link by which the account of a login gets a new password,
// and ends any link before it. The old password works until the link is used.
func RecoverLink(ctx context.Context, accounts Accounts, issuer, login string, now time.Time) (string, error) {
	a, err := accounts.ByLogin(ctx, NormalLogin(login))
	if err != nil {
		return "", fmt.Errorf("make a recovery link for %q: %w", login, err)
	}
	return makeLink(ctx, accounts, issuer, a.Subject, now, func(a *Account) error {
		switch {
		case a.Login == "":
			return ErrNoAccount
		case a.Disabled:
			return fmt.Errorf("the account %q is disabled: enable it first", a.Login)
		}
		return nil
	})
}

func makeLink(ctx context.Context, accounts Accounts, issuer, subject string, now time.Time, allow func(*Account) error) (string, error) {
	secret := rand.Text() + rand.Text()
	err := accounts.Change(ctx, subject, func(a *Account) error {
		if err := allow(a); err != nil {
			return err
		}
		a.Link = Link{Digest: digest(secret), Until: now.Add(linkLife)}
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("make a link: %w", err)
	}
	return issuer + linkPath + "/" + subject + "." + secret, nil
}

// fits says whether a secret opens a link.
func (l Link) fits(secret string, now time.Time) bool {
	return l.Digest != "" && now.Before(l.Until) && subtle.ConstantTimeCompare([]byte(l.Digest), []byte(digest(secret))) == 1
}

// byToken finds the account whose link a token opens.
func (p *Provider) byToken(ctx context.Context, token string) (Account, error) {
	subject, secret, ok := strings.Cut(token, ".")
	if !ok || !isSubject(subject) || len(secret) > maxValue {
		return Account{}, errDeadLink
	}
	a, err := p.cfg.Accounts.BySubject(ctx, subject)
	switch {
	case errors.Is(err, ErrNoAccount):
		return Account{}, errDeadLink
	case err != nil:
		return Account{}, fmt.Errorf("find an account: %w", err)
	case !a.Link.fits(secret, time.Now()) || a.Disabled:
		return Account{}, errDeadLink
	}
	return a, nil
}

func (p *Provider) byLinkCookie(r *http.Request) (Account, string, error) {
	c, err := r.Cookie(linkCookie)
	if err != nil {
		return Account{}, "", errDeadLink
	}
	a, err := p.byToken(r.Context(), c.Value)
	_, secret, _ := strings.Cut(c.Value, ".")
	return a, secret, err
}

// openLink takes a link's secret out of the address bar. It does not use the
// link: messengers open links to show what is behind them.
func (p *Provider) openLink(w http.ResponseWriter, r *http.Request, token string) {
	if _, err := p.byToken(r.Context(), token); err != nil {
		p.sayDead(w, r, err)
		return
	}
	setCookie(w, linkCookie, token, int(linkLife.Seconds()))
	http.Redirect(w, r, p.cfg.Issuer+linkPath, http.StatusSeeOther)
}

//go:embed link.html
var linkText string

var linkPage = page.New(linkText)

// linkForm is what the page behind a link shows.
type linkForm struct {
	Action, Text, Name, Login                        string
	NameWrong, LoginWrong, PasswordWrong, AgainWrong string
	First                                            bool
	Lang                                             page.Lang
	W                                                words
}

func (f linkForm) wrong() bool { return f.NameWrong+f.LoginWrong+f.PasswordWrong+f.AgainWrong != "" }

func (p *Provider) showLink(w http.ResponseWriter, r *http.Request) {
	a, _, err := p.byLinkCookie(r)
	if err != nil {
		p.sayDead(w, r, err)
		return
	}
	p.writeLink(w, http.StatusOK, linkForm{First: a.Login == "", Login: a.Login, Lang: page.LangOf(r.URL.Query().Get("lang"))})
}

func (p *Provider) writeLink(w http.ResponseWriter, status int, f linkForm) {
	f.Action, f.W = p.cfg.Issuer+linkPath, speak[f.Lang]
	pg := page.Page{Lang: f.Lang, Title: f.W.recover}
	f.Text = f.W.recoverText
	if f.First {
		pg.Title, f.Text = f.W.setUp, f.W.setUpText
	}
	pg.Switch, pg.Data = "?lang="+pg.Other(), f
	page.Write(w, status, linkPage, pg, "")
}

// useLink sets the password, and of the first account also the login and name.
func (p *Provider) useLink(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		p.sayDead(w, r, errDeadLink)
		return
	}
	a, secret, err := p.byLinkCookie(r)
	if err != nil {
		p.sayDead(w, r, err)
		return
	}
	f := readLinkForm(r, a)
	if f.wrong() {
		p.writeLink(w, http.StatusUnprocessableEntity, f)
		return
	}
	var hash string
	if err := p.guard.do(r.Context(), fromOf(r).source, func() { hash = Hash(r.PostForm.Get("password")) }); err != nil {
		w.Header().Set("Retry-After", "5")
		f.PasswordWrong = speak[f.Lang].busy
		p.writeLink(w, http.StatusServiceUnavailable, f)
		return
	}
	err = p.cfg.Accounts.Change(r.Context(), a.Subject, func(a *Account) error {
		if !a.Link.fits(secret, time.Now()) || a.Disabled || (a.Login == "") != f.First {
			return errDeadLink
		}
		if f.First {
			a.Login, a.Name = f.Login, f.Name
		}
		a.Hash, a.Link, a.Families = hash, Link{}, nil
		return nil
	})
	p.answerLink(w, r, f, a, err)
}

// readLinkForm reads what was typed and says what is wrong with it.
func readLinkForm(r *http.Request, a Account) linkForm {
	f := linkForm{First: a.Login == "", Login: a.Login, Lang: page.LangOf(r.PostForm.Get("lang"))}
	say := speak[f.Lang]
	if f.First {
		f.Name = strings.TrimSpace(cut(r.PostForm.Get("name"), maxName+1))
		f.Login = NormalLogin(cut(r.PostForm.Get("login"), maxLogin+1))
		if n := len([]rune(f.Name)); n == 0 || n > maxName {
			f.NameWrong = say.badName
		}
		if !IsLogin(f.Login) {
			f.LoginWrong = say.badLogin
		}
	}
	password := r.PostForm.Get("password")
	f.PasswordWrong = say.ofPassword(CheckPassword(password, f.Login))
	if f.PasswordWrong == "" && password != r.PostForm.Get("again") {
		f.AgainWrong = say.differ
	}
	return f
}

func (p *Provider) answerLink(w http.ResponseWriter, r *http.Request, f linkForm, a Account, err error) {
	say := speak[f.Lang]
	if errors.Is(err, ErrLoginTaken) {
		f.LoginWrong = say.taken
		p.writeLink(w, http.StatusUnprocessableEntity, f)
		return
	}
	if err != nil {
		p.sayDead(w, r, err)
		return
	}
	kind := Recovered
	if f.First {
		kind = WasSetUp
	}
	p.tell(r.Context(), Event{Kind: kind, Login: f.Login, Subject: a.Subject})
	setCookie(w, linkCookie, "", -1)
	p.disprove(a.Subject)
	p.prove(r, proof{subject: a.Subject, strong: true, link: true})
	if len(a.Passkeys) > 0 && p.passkeys.on() { // they go on: the device may be in wrong hands, or at home
		page.Say(w, http.StatusOK, page.Page{Lang: f.Lang, Title: say.done}, page.Message{Text: say.doneText, Action: say.signIn, Href: p.cfg.SignIn,
			Also: speakKeys[f.Lang].checkText, AlsoAction: speakKeys[f.Lang].check, AlsoHref: p.cfg.Issuer + passkeysPath + "?lang=" + string(f.Lang)})
		return
	}
	page.Say(w, http.StatusOK, page.Page{Lang: f.Lang, Title: say.done}, page.Message{Text: say.doneText, Action: say.signIn, Href: p.cfg.SignIn})
}

// sayDead tells that a link does not work.
func (p *Provider) sayDead(w http.ResponseWriter, r *http.Request, err error) {
	lang := page.LangOf(r.FormValue("lang"))
	say := speak[lang]
	if !errors.Is(err, errDeadLink) {
		p.log.Error("a link could not be followed", "err", err)
		page.Say(w, http.StatusServiceUnavailable, page.Page{Lang: lang, Title: say.deadTitle, Bad: true}, page.Message{Text: say.failed})
		return
	}
	page.Say(w, http.StatusGone, page.Page{Lang: lang, Title: say.deadTitle, Bad: true}, page.Message{Text: say.deadText})
}
