package provider

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"matthan/auth/page"
)

//go:embed login.html
var loginText string

var loginPage = page.New(loginText)

// loginForm is what the sign-in page shows.
type loginForm struct {
	Action, ID, Typed, Wrong string
	Title, Text              string // where it is not for a sign-in
	KeyAction, KeyWrong      string // of the passkey's button
	Options                  string // for navigator.credentials.get; "" where there are no passkeys
	Known                    bool   // this browser has used one
	Lang                     page.Lang
	W                        words
	K                        keyWords
}

// showLogin shows the sign-in page to the browser that began the sign-in.
func (p *Provider) showLogin(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("id")
	found, err := p.requests.find(id, fromOf(r), time.Now())
	if err != nil {
		p.sayOver(w, r, err)
		return
	}
	lang := page.LangOf(r.URL.Query().Get("lang"))
	if tags := found.asked.UILocales; r.URL.Query().Get("lang") == "" && len(tags) > 0 {
		lang = page.LangOf(tags[0].String())
	}
	p.writeLogin(w, r, http.StatusOK, lang, loginForm{ID: id})
}

func (p *Provider) writeLogin(w http.ResponseWriter, r *http.Request, status int, lang page.Lang, f loginForm) {
	f.Action, f.KeyAction, f.Lang, f.W, f.K = p.cfg.Issuer+loginPath, p.cfg.Issuer+keySignInPath, lang, speak[lang], speakKeys[lang]
	pg := page.Page{Lang: lang, Title: f.W.signIn}
	if f.Title != "" {
		pg.Title = f.Title
	}
	var err error
	if f.Options, err = p.passkeys.ask(forSignIn, f.ID, Account{}, fromOf(r), time.Now()); err != nil {
		f.Options = "" // there is still the password
	}
	if f.Options != "" {
		f.Known, pg.Script = deviceOf(r).used, p.cfg.Issuer+scriptPath
	}
	pg.Data = f
	pg.Switch = "?" + url.Values{"id": {f.ID}, "lang": {pg.Other()}}.Encode()
	if f.ID == "" {
		pg.Switch = p.cfg.Issuer + passkeysPath + "?lang=" + pg.Other()
	}
	page.Write(w, status, loginPage, pg, p.formTo)
}

// login takes a login and a password.
func (p *Provider) login(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		p.sayOver(w, r, errUnknown)
		return
	}
	f := loginForm{ID: r.PostForm.Get("id"), Typed: cut(r.PostForm.Get("login"), 2*maxLogin)}
	lang := page.LangOf(r.PostForm.Get("lang"))
	from := fromOf(r)
	if f.ID == "" && !isOwnPage(r) {
		p.sayOver(w, r, errStranger)
		return
	}
	if f.ID == "" { // for the page of passkeys
		f.Title, f.Text = speakKeys[lang].title, speakKeys[lang].showText
	} else if _, err := p.requests.find(f.ID, from, time.Now()); err != nil {
		p.sayOver(w, r, err)
		return
	}
	login, password := NormalLogin(f.Typed), r.PostForm.Get("password")
	if login == "" || password == "" {
		f.Wrong = speak[lang].missing
		p.writeLogin(w, r, http.StatusUnprocessableEntity, lang, f)
		return
	}
	a, err := p.check(r.Context(), login, password, from.source)
	if err != nil {
		f.Wrong = p.explain(w, r, lang, login, err)
		p.writeLogin(w, r, statusOf(err), lang, f)
		return
	}
	p.passwordRight(w, r, f.ID, a)
}

// errWrong is a wrong password, an unknown or a withdrawn account: nobody is
// told which.
var errWrong = errors.New("the login or the password is wrong")

// check finds the account of a login and a password. It takes the same work
// whether or not there is such an account.
func (p *Provider) check(ctx context.Context, login, password, source string) (Account, error) {
	t := try{cut(login, 2*maxLogin), source}
	if err := p.guard.begin(t, time.Now()); err != nil {
		return Account{}, err
	}
	a, err := p.cfg.Accounts.ByLogin(ctx, login)
	if err != nil && !errors.Is(err, ErrNoAccount) {
		p.guard.uncount(t)
		return Account{}, fmt.Errorf("find an account: %w", err)
	}
	hash := a.Hash
	if err != nil || hash == "" {
		hash = p.dummy
	}
	right := false
	if err := p.guard.do(ctx, source, func() { right = len(password) <= maxPassword && verify(hash, password) }); err != nil {
		p.guard.uncount(t)
		return Account{}, err
	}
	if !right || a.Subject == "" || a.Hash == "" || a.Disabled {
		return Account{}, errWrong
	}
	p.guard.forget(t)
	return a, nil
}

// explain tells people and the audit log why a sign-in failed, and browsers
// when to come back.
func (p *Provider) explain(w http.ResponseWriter, r *http.Request, lang page.Lang, login string, err error) string {
	var pause pauseError
	say := speak[lang]
	switch {
	case errors.Is(err, errWrong):
		p.tell(r.Context(), Event{Kind: Refused, Login: login})
		return say.wrong
	case errors.As(err, &pause):
		p.tell(r.Context(), Event{Kind: Paused, Login: login})
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(pause.For.Seconds()))))
		return fmt.Sprintf(say.paused, inWords(pause.For, lang))
	case errors.Is(err, errBusy):
		w.Header().Set("Retry-After", strconv.Itoa(int(maxWait.Seconds())))
		return say.busy
	}
	p.log.Error("a sign-in failed", "err", err)
	return say.failed
}

func statusOf(err error) int {
	var pause pauseError
	switch {
	case errors.Is(err, errWrong):
		return http.StatusUnauthorized
	case errors.As(err, &pause):
		return http.StatusTooManyRequests
	}
	return http.StatusServiceUnavailable
}

// inWords is a time to wait, in whole seconds below a minute and whole minutes
// above.
func inWords(d time.Duration, lang page.Lang) string {
	n, unit := int(math.Ceil(d.Seconds())), map[page.Lang]string{page.Vietnamese: "giây", page.English: "s"}[lang]
	if n > 60 {
		n, unit = int(math.Ceil(d.Minutes())), map[page.Lang]string{page.Vietnamese: "phút", page.English: "min"}[lang]
	}
	return strconv.Itoa(n) + " " + unit
}

// sayOver tells that a sign-in cannot go on, and where to begin again.
func (p *Provider) sayOver(w http.ResponseWriter, r *http.Request, err error) {
	lang := page.LangOf(r.FormValue("lang"))
	say := speak[lang]
	text := say.over
	if errors.Is(err, errStranger) {
		text = say.stranger
	}
	page.Say(w, http.StatusBadRequest, page.Page{Lang: lang, Title: say.overTitle, Bad: true}, page.Message{Text: text, Action: say.begin, Href: p.cfg.Home})
}

// fromOf is who sent a request; ServeHTTP has put it there.
func fromOf(r *http.Request) origin {
	from, _ := r.Context().Value(originKey{}).(origin)
	return from
}

// cut shortens text to n characters and drops what does not show.
func cut(s string, n int) string {
	out := make([]rune, 0, min(n, len(s)))
	for _, c := range s {
		if len(out) == n {
			break
		}
		if c >= ' ' && c != 0x7f && c != '\ufffd' {
			out = append(out, c)
		}
	}
	return string(out)
}
