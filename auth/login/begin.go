package login

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"matthan/auth/page"
)

// Paths of sign-in.
const (
	beginPath       = "/auth/login"
	callbackPath    = "/auth/callback"
	logoutPath      = "/auth/logout"
	backchannelPath = "/auth/backchannel"
)

// beginCookie holds a sign-in that is under way, sealed.
const beginCookie = "__Host-matthan-signin"

const (
	beginLife = 10 * time.Minute
	maxBack   = 512 // bytes
)

// begun is a sign-in that is under way: only the browser that began it has it.
type begun struct {
	State, Nonce, Verifier, Back string
	Lang                         page.Lang
	At                           time.Time
}

// begin sends a browser to the provider.
func (l *Login) begin(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	lang := page.LangOf(q.Get("lang"))
	if !strings.EqualFold(r.Host, l.host) {
		// The answer comes to one address only, and cookies are that address's.
		page.Harden(w.Header(), "")
		http.Redirect(w, r, l.origin+beginPath+"?"+url.Values{"back": {local(q.Get("back"))}, "lang": {string(lang)}}.Encode(), http.StatusSeeOther)
		return
	}
	f, err := l.provider(r.Context())
	if err != nil {
		l.sorry(w, lang, silent, q.Get("back"))
		return
	}
	b := begun{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Back: local(q.Get("back")), Lang: lang, At: time.Now()}
	text, err := json.Marshal(b)
	if err != nil {
		l.sorry(w, lang, failed, b.Back)
		return
	}
	setCookie(w, beginCookie, base64.RawURLEncoding.EncodeToString(l.seal.Seal(nil, nil, text, []byte(beginCookie))), beginLife)
	page.Harden(w.Header(), "")
	options := []oauth2.AuthCodeOption{oidc.Nonce(b.Nonce), oauth2.S256ChallengeOption(b.Verifier), oauth2.SetAuthURLParam("ui_locales", string(lang))}
	if q.Has("again") { // somebody else wants to sign in than is signed in there
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"))
	}
	if l.cfg.FormPost {
		options = append(options, oauth2.SetAuthURLParam("response_mode", "form_post"))
	}
	http.Redirect(w, r, f.oauth.AuthCodeURL(b.State, options...), http.StatusSeeOther)
}

var errNotBegun = errors.New("this browser has begun no such sign-in")

// begunBy opens the cookie of the browser that began the sign-in of a state.
func (l *Login) begunBy(r *http.Request, state string, now time.Time) (begun, error) {
	var b begun
	c, err := r.Cookie(beginCookie)
	if err != nil || len(c.Value) > 4096 {
		return b, errNotBegun
	}
	sealed, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return b, errNotBegun
	}
	text, err := l.seal.Open(nil, nil, sealed, []byte(beginCookie))
	if err != nil || json.Unmarshal(text, &b) != nil {
		return begun{}, errNotBegun
	}
	if state == "" || b.State != state || now.Sub(b.At) >= beginLife {
		return b, errNotBegun
	}
	return b, nil
}

// local keeps a way back inside this gateway: a path with its query, or "/".
func local(back string) string {
	u, err := url.Parse(back)
	if err != nil || len(back) > maxBack || u.IsAbs() || u.Host != "" || u.User != nil || !strings.HasPrefix(back, "/") || strings.HasPrefix(back, "//") {
		return "/"
	}
	for _, c := range back {
		if c <= ' ' || c == '\\' || c >= 0x7f {
			return "/"
		}
	}
	if u.Path == "/auth" || strings.HasPrefix(u.Path, "/auth/") { // which would lead in a circle
		return "/"
	}
	return back
}
