package login

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"matthan/auth"
)

// Bounds of what is asked of a provider.
const (
	askWait       = 10 * time.Second
	maxAnswer     = 1 << 20 // bytes
	discoveryLife = time.Hour
	retryWait     = 2 * time.Second // between attempts to find a provider that is down
)

// Config configures a Login.
type Config struct {
	Issuer       string
	ClientID     string
	ClientSecret string
	RedirectURL  string   // https://gateway.example:8443/auth/callback
	AfterLogout  string   // where a logout leads; the gateway's / where it is ""
	Scopes       []string // beside openid; profile and offline_access where it is nil
	Rules        []Rule
	Sessions     Sessions
	Lifetime     time.Duration // of a session's cookie; auth.SessionLife where it is 0
	// UntypedLogout takes logout tokens without their type, for providers that
	// do not set it (Dex).
	UntypedLogout bool
	// FormPost asks for the answer in a form, without which some providers (ADFS)
	// leave out all claims of their own.
	FormPost bool
	// Transport reaches the provider; http.DefaultTransport where it is nil.
	Transport http.RoundTripper
	// Key seals what a sign-in under way puts in its browser. All nodes of a
	// cluster need the same; the zero key is replaced by a new one.
	Key [32]byte
	// Contact says whom people ask who have no role.
	Contact string
	// Refused is told of each sign-in that comes to nothing here, but for the
	// provider's own; who is empty where it is not known. It must not wait. May be
	// nil.
	Refused func(who Identity, from Device, why error)
	Log     *slog.Logger
}

// Format shows nothing of the secrets.
func (c Config) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "login by "+c.Issuer) }

// LogValue implements slog.LogValuer.
func (c Config) LogValue() slog.Value { return slog.StringValue("login by " + c.Issuer) }

// Login is the relying party. It is safe for concurrent use and has no
// goroutine of its own.
type Login struct {
	cfg     Config
	origin  string // of the gateway: scheme, host and port
	host    string
	mapping *Mapping
	seal    cipher.AEAD
	http    *http.Client

	finding sync.Mutex // held while the provider is looked up
	mu      sync.Mutex
	found   *found
	failed  time.Time // of the last attempt to find it
	asking  map[string]*asking
	silent  map[string]time.Time // sessions whose provider does not answer, since when
	logouts logouts
}

// found is a provider as its metadata describe it.
type found struct {
	provider *oidc.Provider
	verifier *oidc.IDTokenVerifier
	oauth    oauth2.Config
	at       time.Time
	end      string // the end_session_endpoint; "" where there is none
	sendsIss bool   // RFC 9207
}

// New makes a Login. It asks nothing of the provider yet.
func New(c Config) (*Login, error) {
	u, err := url.Parse(c.RedirectURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.Path != callbackPath {
		return nil, fmt.Errorf("the redirect URL %q must be the gateway's, with the path %s", c.RedirectURL, callbackPath)
	}
	if c.Issuer == "" || c.ClientID == "" || c.Sessions == nil {
		return nil, errors.New("sign-in needs an issuer, a client's name and sessions")
	}
	l := &Login{cfg: c, origin: u.Scheme + "://" + u.Host, host: u.Host, asking: map[string]*asking{}, silent: map[string]time.Time{}, logouts: newLogouts()}
	if l.mapping, err = NewMapping(c.Rules); err != nil {
		return nil, err
	}
	if l.cfg.AfterLogout == "" {
		l.cfg.AfterLogout = l.origin + "/"
	}
	if l.cfg.Lifetime == 0 {
		l.cfg.Lifetime = auth.SessionLife
	}
	if l.cfg.Scopes == nil {
		l.cfg.Scopes = []string{"profile", oidc.ScopeOfflineAccess}
	}
	if l.cfg.Log == nil {
		l.cfg.Log = slog.New(slog.DiscardHandler)
	}
	key := c.Key
	if key == [32]byte{} {
		_, _ = rand.Read(key[:]) // never fails
	}
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, fmt.Errorf("seal cookies: %w", err)
	}
	if l.seal, err = cipher.NewGCMWithRandomNonce(block); err != nil {
		return nil, fmt.Errorf("seal cookies: %w", err)
	}
	l.http = newClient(c.Transport)
	return l, nil
}

// Mux takes routes: *http.ServeMux, or one that keeps a list of them.
type Mux interface {
	Handle(pattern string, h http.Handler)
}

// Routes adds the paths of sign-in.
func (l *Login) Routes(mux Mux) {
	mux.Handle("GET "+beginPath, http.HandlerFunc(l.begin))
	mux.Handle("GET "+callbackPath, http.HandlerFunc(l.callback))
	if l.cfg.FormPost {
		mux.Handle("POST "+callbackPath, http.HandlerFunc(l.posted))
	}
	mux.Handle("POST "+logoutPath, http.HandlerFunc(l.logout))
	mux.Handle("POST "+backchannelPath, http.HandlerFunc(l.backchannel))
}

// newClient asks providers: bounded in time and size, and led nowhere else.
func newClient(t http.RoundTripper) *http.Client {
	if t == nil {
		t = http.DefaultTransport
	}
	return &http.Client{Transport: bounded{t}, Timeout: askWait,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

type bounded struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(res.Body, maxAnswer), res.Body}
	return res, nil
}

// errSilent says that the provider does not answer.
var errSilent = errors.New("the provider does not answer")

// provider returns the provider, and looks it up where that was never done or
// long ago. While it is down, only one attempt is made every retryWait.
func (l *Login) provider(ctx context.Context) (*found, error) {
	if f, err := l.known(time.Now()); f != nil || err != nil {
		return f, err
	}
	l.finding.Lock()
	defer l.finding.Unlock()
	if f, err := l.known(time.Now()); f != nil || err != nil {
		return f, err
	}
	// What is found outlives the request, and so does its context.
	f, err := l.find(oidc.ClientContext(context.WithoutCancel(ctx), l.http))
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.cfg.Log.Warn("the identity provider does not answer: sign-in waits for it", "issuer", l.cfg.Issuer, "err", err)
		l.failed = time.Now()
		if l.found == nil {
			return nil, errSilent
		}
		return l.found, nil
	}
	l.found, l.failed = f, time.Time{}
	return f, nil
}

// known returns what need not be looked up now: a fresh provider, an old one
// or errSilent just after an attempt that failed; or nothing.
func (l *Login) known(now time.Time) (*found, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.found != nil && now.Sub(l.found.at) < discoveryLife {
		return l.found, nil
	}
	if now.Sub(l.failed) >= retryWait {
		return nil, nil
	}
	if l.found == nil {
		return nil, errSilent
	}
	return l.found, nil
}

func (l *Login) find(ctx context.Context) (*found, error) {
	p, err := oidc.NewProvider(ctx, l.cfg.Issuer)
	if err != nil {
		return nil, err
	}
	var meta struct {
		End string `json:"end_session_endpoint"`
		Iss bool   `json:"authorization_response_iss_parameter_supported"`
	}
	if err := p.Claims(&meta); err != nil {
		return nil, fmt.Errorf("read the provider's metadata: %w", err)
	}
	if u, err := url.Parse(meta.End); err != nil || u.Scheme != "https" && u.Scheme != "http" {
		meta.End = ""
	}
	return &found{provider: p, at: time.Now(), end: meta.End, sendsIss: meta.Iss,
		verifier: p.VerifierContext(ctx, &oidc.Config{ClientID: l.cfg.ClientID}),
		oauth: oauth2.Config{ClientID: l.cfg.ClientID, ClientSecret: l.cfg.ClientSecret, Endpoint: p.Endpoint(),
			RedirectURL: l.cfg.RedirectURL, Scopes: append([]string{oidc.ScopeOpenID}, l.cfg.Scopes...)}}, nil
}

var (
	errNoRole = errors.New("the rules give no role")
	errNonce  = errors.New("the ID token is not of this sign-in")
)

// identify checks an ID token and says who it is, by the rules. A nonce of ""
// is not compared: refreshed tokens need none.
func (l *Login) identify(ctx context.Context, f *found, raw, nonce string) (Identity, error) {
	token, err := f.verifier.Verify(oidc.ClientContext(ctx, l.http), raw)
	if err != nil {
		// go-oidc v3.21.0 tells only in words that it could not fetch the keys.
		if strings.Contains(err.Error(), "fetching keys") {
			return Identity{}, errSilent
		}
		return Identity{}, fmt.Errorf("check the ID token: %w", err)
	}
	if nonce != "" && token.Nonce != nonce {
		return Identity{}, errNonce
	}
	var claims map[string]any
	if err := token.Claims(&claims); err != nil {
		return Identity{}, fmt.Errorf("read the ID token: %w", err)
	}
	// OpenID Connect Core section 3.1.3.7: a token for many names who it is for.
	if azp, _ := claims["azp"].(string); azp != "" && azp != l.cfg.ClientID || azp == "" && len(token.Audience) > 1 {
		return Identity{}, errors.New("the ID token is for another client")
	}
	who := Identity{Issuer: token.Issuer, Subject: token.Subject}
	if who.Subject == "" {
		return Identity{}, errors.New("the ID token has no subject")
	}
	who.SID, _ = claims["sid"].(string)
	names := []string{"name", "preferred_username", "upn"}
	if i := slices.IndexFunc(names, func(n string) bool { s, _ := claims[n].(string); return s != "" }); i >= 0 {
		who.Name = cut(claims[names[i]].(string), 100)
	}
	number, _ := claims["preferred_username"].(string)
	who.Number = cut(number, 64)
	if at, ok := claims["auth_time"].(float64); ok {
		who.At = time.Unix(int64(at), 0)
	}
	who.Factors = factorsOf(claims["amr"])
	if err := l.mapping.Apply(claims, &who); err != nil {
		return Identity{}, err
	}
	if len(who.Roles) == 0 {
		return who, fmt.Errorf("%w; the ID token has the claims %s", errNoRole, namesOf(claims))
	}
	return who, nil
}

// Bounds of what a provider says of a sign-in's factors.
const (
	maxFactors = 8
	maxFactor  = 20 // letters of one
)

// factorsOf reads the claim amr (RFC 8176), in the provider's words.
func factorsOf(claim any) (out []string) {
	list, _ := claim.([]any)
	for _, e := range list[:min(len(list), maxFactors)] {
		if text, ok := e.(string); ok {
			out = append(out, cut(text, maxFactor))
		}
	}
	return out
}

// namesOf are the names of claims, without their values, for whoever writes the
// rules.
func namesOf(claims map[string]any) string {
	return cut(strings.Join(slices.Sorted(maps.Keys(claims)), " "), 500)
}

// cut shortens text to n characters and drops what does not show.
func cut(s string, n int) string {
	var b strings.Builder
	for _, c := range s {
		if n == 0 {
			break
		}
		if c >= ' ' && c != 0x7f && c != '\ufffd' {
			b.WriteRune(c)
			n--
		}
	}
	return b.String()
}
