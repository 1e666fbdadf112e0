package provider

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/go-webauthn/webauthn/protocol"

	"matthan/auth"
	"matthan/auth/page"
)

//go:embed passkeys.html
var passkeysText string

var passkeysPage = page.New(passkeysText)

// passkeyList is what the page of passkeys shows.
type passkeyList struct {
	Who, Add, Remove, Demand, Home string // where its forms and links lead
	Keys                           []keyRow
	Notes                          []noteRow
	Options, Known, Name, Wrong    string
	Required, Wanted               bool
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
		Name: auth.Device(r.UserAgent()), Wrong: wrong, Required: p.cfg.SecondFactor, Wanted: a.SecondFactor, Lang: lang, W: say}
	v.fill(a, say)
	v.Known = p.known(a)
	markTold(w, r, a.Subject, false)
	if len(a.Passkeys) < maxPasskeys {
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

func inVietnam(t time.Time) string { return t.In(vietnam).Format("15:04 02/01/2006") }

func (v *passkeyList) fill(a Account, say keyWords) {
	for _, k := range a.Passkeys {
		row := keyRow{Name: k.Name, Digest: keyDigest(k), Created: inVietnam(k.Created), BackedUp: k.BackedUp}
		if !k.Used.IsZero() {
			row.Used = inVietnam(k.Used)
		}
		v.Keys = append(v.Keys, row)
	}
	v.Notes = noteRows(a.Notes, say)
}

// noteRows are notes for people, newest first.
func noteRows(notes []Note, say keyWords) (out []noteRow) {
	for _, n := range slices.Backward(notes) {
		out = append(out, noteRow{inVietnam(n.At), say.ofNote(n), n.Device})
	}
	return out
}
