package provider

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/rs/cors"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"matthan/auth"
	"matthan/auth/page"
)

// Paths below the issuer.
const (
	discoveryPath = "/.well-known/openid-configuration"
	keysPath      = "/keys"
	authorizePath = "/authorize"
	callbackPath  = "/authorize/callback"
	tokenPath     = "/oauth/token"
	endPath       = "/end_session"
	loginPath     = "/login"
	linkPath      = "/link"
	keySignInPath = loginPath + "/passkey"
	secondPath    = loginPath + "/second"
	passkeysPath  = "/passkeys"
	offerPath     = passkeysPath + "/offer"
	newsPath      = passkeysPath + "/news"
	addPath       = passkeysPath + "/add"
	removePath    = passkeysPath + "/remove"
	demandPath    = passkeysPath + "/second"
	scriptPath    = "/passkey.js"
)

// Bounds of a request.
const (
	maxBody   = 16 << 10
	maxTarget = 8 << 10
)

// browserCookie binds a sign-in to the browser that began it.
const browserCookie = "__Host-matthan-browser"

// Config configures a Provider.
type Config struct {
	Issuer       string // with a path and without a slash at its end: https://gateway.example:8443/id
	ClientID     string
	ClientSecret string // at least 16 bytes
	RedirectURI  string // where codes go; compared exactly
	AfterLogout  string // where a logout leads; compared exactly
	Home         string // where a page that went wrong leads, to begin again; "/" where it is ""
	SignIn       string // where signing in begins, for who has just set a password; Home where it is ""
	Key          *ecdsa.PrivateKey
	Accounts     Accounts
	SecondFactor bool                       // everybody shows a passkey after the password; it needs an issuer with a DNS name
	Source       func(*http.Request) string // whom failures are counted for; the address (of IPv6 its /64) where it is nil
	Event        func(Event)                // the audit log; must not wait. May be nil
	Log          *slog.Logger
}

// Format shows nothing of the secrets.
func (c Config) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "provider "+c.Issuer) }

// LogValue implements slog.LogValuer.
func (c Config) LogValue() slog.Value { return slog.StringValue("provider " + c.Issuer) }

// insecure says whether the issuer is this machine itself, without TLS.
func (c Config) insecure() bool { return strings.HasPrefix(c.Issuer, "http://") }

// Kind is what an Event tells.
type Kind string

// What is told. SetUp and Recovered also mean that all sessions of Subject are
// to be ended at once.
const (
	SignedIn    Kind = "signed in"
	Refused     Kind = "refused"     // a wrong password, an unknown or a withdrawn account
	Paused      Kind = "paused"      // too many failures of this source with this login
	WasSetUp    Kind = "set up"      // the first account
	Recovered   Kind = "recovered"   // a new password by a link
	TokenReused Kind = "token reuse" // a refresh token was used twice: it was copied
	CodeReused  Kind = "code reuse"

	PasskeyAdded   Kind = "passkey added"
	PasskeyRemoved Kind = "passkey removed"
	PasskeyCopied  Kind = "passkey copied" // its count went back: refused, there may be a copy of it
	SecondStep     Kind = "second step"    // the password was right, a passkey is asked for
	DemandChanged  Kind = "second factor changed"
)

// Event is something for the audit log.
type Event struct {
	Kind    Kind
	Login   string // as typed, made normal and cut; "" where none was
	Subject string // "" where no account is known
	Source  string
	Passkey string   // its name, where the event is about one or came of one
	Ended   []string // the sid of each sign-in that ended with it: its sessions are to be ended at once
}

// Provider is the OpenID provider. It serves HTTP below its issuer's path and
// needs no goroutine.
type Provider struct {
	storage
	guard     *guard
	passkeys  *passkeys
	library   http.Handler
	discovery []byte
	base      string // the issuer's path
	origin    string // the issuer's scheme, host and port
	formTo    string // the origin that a finished form leads to, where it is another
	dummy     string // is checked where there is no account
}

// New makes a provider.
func New(c Config) (*Provider, error) {
	if c.Home == "" {
		c.Home = "/"
	}
	if c.SignIn == "" {
		c.SignIn = c.Home
	}
	if c.Source == nil {
		c.Source = auth.Source
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	p := &Provider{guard: newGuard(), dummy: noHash()}
	if err := p.checkURLs(c); err != nil {
		return nil, err
	}
	switch {
	case c.ClientID == "" || len(c.ClientSecret) < 16:
		return nil, errors.New("the provider needs a client's name and a secret of at least 16 bytes")
	case c.Key == nil || c.Key.Curve != elliptic.P256():
		return nil, errors.New("the provider needs an ECDSA key on P-256: make one")
	case c.Accounts == nil:
		return nil, errors.New("the provider needs accounts")
	}
	key, err := newSigningKey(c.Key)
	if err != nil {
		return nil, err
	}
	p.storage = storage{cfg: c, requests: newRequests(), proofs: newShelf[[sha256.Size]byte, proof](), key: key, log: c.Log}
	if p.passkeys, err = newPasskeys(p.origin); err != nil {
		return nil, err
	}
	if c.SecondFactor && !p.passkeys.on() {
		return nil, fmt.Errorf("a second factor is required, but %s can have no passkeys: they need a DNS name and https: set url: in the configuration", p.origin)
	}
	if p.discovery, err = json.Marshal(p.metadata()); err != nil {
		return nil, fmt.Errorf("describe the provider: %w", err)
	}
	p.library, err = newLibrary(&p.storage)
	return p, err
}

// HasPasskeys says whether accounts may have passkeys: browsers know them for
// DNS names only, with https or on this machine itself.
func (p *Provider) HasPasskeys() bool { return p.passkeys.on() }

// checkURLs also takes the parts of the issuer.
func (p *Provider) checkURLs(c Config) error {
	u, err := url.Parse(c.Issuer)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || !strings.HasPrefix(u.Path, "/") || strings.HasSuffix(u.Path, "/") {
		return fmt.Errorf("the issuer %q must be a URL with a path and no slash at its end", c.Issuer)
	}
	if u.Scheme != "https" && !(u.Scheme == "http" && isLoopback(u.Hostname())) {
		return fmt.Errorf("the issuer %q must begin with https: only this machine itself is reached without", c.Issuer)
	}
	to, err := url.Parse(c.RedirectURI)
	if err != nil || to.Host == "" || to.Fragment != "" {
		return fmt.Errorf("the redirect URI %q must be a whole URL", c.RedirectURI)
	}
	p.base, p.origin = u.Path, u.Scheme+"://"+u.Host
	if o := to.Scheme + "://" + to.Host; o != p.origin {
		p.formTo = o
	}
	return nil
}

func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// newLibrary sets up the library's part.
func newLibrary(s *storage) (http.Handler, error) {
	options := []op.Option{
		// By default every origin may read answers, with the browser's cookies.
		op.WithCORSOptions(&cors.Options{AllowOriginFunc: func(string) bool { return false }}),
		op.WithLogger(slog.New(slog.DiscardHandler)), // it logs whole requests
	}
	if s.cfg.insecure() {
		options = append(options, op.WithAllowInsecure())
	}
	var cryptoKey [32]byte // for codes, which do not outlast the process
	_, _ = rand.Read(cryptoKey[:])
	h, err := op.NewProvider(&op.Config{CryptoKey: cryptoKey, CodeMethodS256: true, GrantTypeRefreshToken: true,
		DefaultLogoutRedirectURI: s.cfg.AfterLogout, SupportedScopes: []string{oidc.ScopeOpenID, oidc.ScopeProfile, oidc.ScopeOfflineAccess}},
		s, op.StaticIssuer(s.cfg.Issuer), options...)
	if err != nil {
		return nil, fmt.Errorf("set up the provider: %w", err)
	}
	return h, nil
}

// metadata is exactly what is offered (OpenID Connect Discovery section 3).
func (p *Provider) metadata() map[string]any {
	at := func(path string) string { return p.cfg.Issuer + path }
	return map[string]any{
		"issuer": p.cfg.Issuer, "authorization_endpoint": at(authorizePath), "token_endpoint": at(tokenPath),
		"jwks_uri": at(keysPath), "end_session_endpoint": at(endPath),
		"response_types_supported":              []string{"code"},
		"response_modes_supported":              []string{"query"},
		"grant_types_supported":                 []string{"authorization_code", "refresh_token"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{"ES256"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic"},
		"code_challenge_methods_supported":      []string{"S256"},
		"scopes_supported":                      []string{"openid", "profile", "offline_access"},
		"claims_supported":                      []string{"sub", "sid", "name", "preferred_username", "roles", "groups", "areas"},
		"ui_locales_supported":                  []string{"vi", "en"},
		"request_parameter_supported":           false,
		"request_uri_parameter_supported":       false,
	}
}

// ServeHTTP implements http.Handler for the paths below the issuer's.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	page.Harden(w.Header(), "")
	path, ours := strings.CutPrefix(r.URL.Path, p.base)
	if !ours || len(r.URL.RequestURI()) > maxTarget {
		http.NotFound(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	from := origin{source: p.cfg.Source(r)}
	if c, err := r.Cookie(browserCookie); err == nil && len(c.Value) == len(rand.Text()) {
		from.browser = sha256.Sum256([]byte(c.Value))
		if path == passkeysPath { // what is shown there takes as long again
			setCookie(w, browserCookie, c.Value, int(requestLife.Seconds()))
		}
	} else if path == authorizePath || path == passkeysPath || path == linkPath {
		from.browser = p.newBrowser(w)
	} else {
		from.browser = sha256.Sum256([]byte(rand.Text())) // no browser has this
	}
	r = r.WithContext(context.WithValue(r.Context(), originKey{}, from))
	p.route(w, r, path)
}

// newBrowser gives a browser the cookie that binds its sign-ins.
func (p *Provider) newBrowser(w http.ResponseWriter) [sha256.Size]byte {
	value := rand.Text()
	setCookie(w, browserCookie, value, int(requestLife.Seconds()))
	return sha256.Sum256([]byte(value))
}

func setCookie(w http.ResponseWriter, name, value string, seconds int) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: seconds})
}

// route serves what is offered, and nothing else of the library's.
func (p *Provider) route(w http.ResponseWriter, r *http.Request, path string) {
	post := r.Method == http.MethodPost
	switch get := r.Method == http.MethodGet || r.Method == http.MethodHead; {
	case path == discoveryPath && get:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(p.discovery)
	case path == scriptPath && get:
		serveScript(w)
	case strings.HasPrefix(path, passkeysPath), path == keySignInPath, path == secondPath:
		p.routePasskeys(w, r, path, get)
	case path == loginPath && get:
		p.showLogin(w, r)
	case path == loginPath && post:
		p.login(w, r)
	case path == linkPath && get:
		p.showLink(w, r)
	case path == linkPath && post:
		p.useLink(w, r)
	case strings.HasPrefix(path, linkPath+"/") && get:
		p.openLink(w, r, strings.TrimPrefix(path, linkPath+"/"))
	case path == keysPath && get, path == authorizePath && get, path == endPath && (get || post), path == tokenPath && post && isOurGrant(r):
		p.serveLibrary(w, r, path)
	case path == callbackPath && get:
		if _, err := p.AuthRequestByID(r.Context(), r.URL.Query().Get("id")); err != nil {
			p.sayOver(w, r, err)
			return
		}
		p.serveLibrary(w, r, path)
	case path == tokenPath && post:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":"unsupported_grant_type"}`)
	default:
		http.NotFound(w, r)
	}
}

// isOurGrant says whether a token request is of a kind that is offered.
func isOurGrant(r *http.Request) bool {
	if r.ParseForm() != nil {
		return false
	}
	g := r.PostForm.Get("grant_type")
	return len(r.URL.RawQuery) == 0 && (g == string(oidc.GrantTypeCode) || g == string(oidc.GrantTypeRefreshToken))
}

// serveLibrary lets the library answer. v3.38.1 goes on after a token request
// that it could not read, and dereferences nil.
func (p *Provider) serveLibrary(w http.ResponseWriter, r *http.Request, path string) {
	defer func() {
		if what := recover(); what != nil {
			p.log.Warn("the provider could not read a request", "path", path, "what", fmt.Sprintf("%.200v", what))
			http.Error(w, "bad request", http.StatusBadRequest)
		}
	}()
	u := *r.URL
	u.Path, u.RawPath = path, ""
	r2 := r.Clone(r.Context())
	r2.URL = &u
	p.library.ServeHTTP(w, r2)
}
