package login

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"golang.org/x/crypto/argon2"

	"matthan/auth/provider"
)

const (
	gateway  = "https://gateway.example:8443"
	password = "mật khẩu rất dài"
)

// sessions keeps sessions in memory.
type sessions struct {
	mu     sync.Mutex
	all    map[string]Session // by ID
	secret map[string]string  // to ID
	why    map[string]string  // by ID, of those that ended
	device string
	broken error
}

func newSessions() *sessions {
	return &sessions{all: map[string]Session{}, secret: map[string]string{}, why: map[string]string{}}
}

func (s *sessions) Begin(_ context.Context, who Identity, t Tokens, from Device, _ time.Time) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, secret := rand.Text(), rand.Text()
	s.all[id], s.secret[secret], s.device = Session{id, who, t}, id, from.UserAgent
	return secret, s.broken
}

func (s *sessions) Find(ctx context.Context, secret string, _ time.Time) (Session, error) {
	s.mu.Lock()
	id := s.secret[secret]
	s.mu.Unlock()
	return s.Get(ctx, id)
}

func (s *sessions) Get(_ context.Context, id string) (Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.all[id]; ok {
		return v, s.broken
	}
	return Session{}, ErrNoSession
}

func (s *sessions) Refreshed(_ context.Context, id string, who Identity, t Tokens, _ time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.all[id]; !ok {
		return ErrNoSession
	}
	s.all[id] = Session{id, who, t}
	return s.broken
}

func (s *sessions) endWhere(why string, f func(Session) bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, v := range s.all {
		if f(v) {
			delete(s.all, id)
			s.why[id] = why
		}
	}
	return s.broken
}

func (s *sessions) End(_ context.Context, id, why string) error {
	return s.endWhere(why, func(v Session) bool { return v.ID == id })
}

func (s *sessions) EndSID(_ context.Context, issuer, sid, why string) error {
	return s.endWhere(why, func(v Session) bool { return v.Issuer == issuer && v.SID == sid })
}

func (s *sessions) EndSubject(_ context.Context, issuer, subject, why string) error {
	return s.endWhere(why, func(v Session) bool { return v.Issuer == issuer && v.Subject == subject })
}

// only is the one session there must be.
func (s *sessions) only(t *testing.T) Session {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) != 1 {
		t.Fatalf("%d sessions, want 1", len(s.all))
	}
	return s.all[slices.Collect(maps.Keys(s.all))[0]]
}

// site is a gateway with its embedded provider.
type site struct {
	t        *testing.T
	mux      *http.ServeMux
	login    *Login
	provider *provider.Provider
	accounts *provider.Memory
	sessions *sessions
	key      *ecdsa.PrivateKey
	log      *bytes.Buffer
	down     atomic.Bool // the provider, for the gateway
	asked    atomic.Int64
	before   func() // each token request
}

// RoundTrip is the gateway's way to its provider.
func (s *site) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.down.Load() {
		return nil, errors.New("connection refused")
	}
	if strings.HasSuffix(r.URL.Path, "/token") {
		s.asked.Add(1)
		if s.before != nil {
			s.before()
		}
	}
	return s.provider.Transport().RoundTrip(r)
}

// cheap is a hash of the password that costs the tests little.
func cheap() string {
	salt := []byte("salt of the test")
	e := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=19$m=64,t=1,p=1$%s$%s", e(salt), e(argon2.IDKey([]byte(password), salt, 1, 64, 1, 32)))
}

func newSite(t *testing.T, change ...func(*Config)) *site {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, mux: http.NewServeMux(), sessions: newSessions(), key: key, log: &bytes.Buffer{}}
	log := slog.New(slog.NewTextHandler(s.log, nil))
	s.accounts = provider.NewMemory(provider.Account{Subject: "u1", Login: "canbo", Name: "Nguyễn Văn An", Hash: cheap(), Roles: []string{"officer"}, Areas: []string{"lang"}, Groups: []string{"shift-1"}})
	c := Config{Issuer: gateway + "/id", ClientID: "matthan", ClientSecret: "a-secret-of-this-test", RedirectURL: gateway + callbackPath,
		Rules: Embedded(), Sessions: s.sessions, Transport: s, Log: log, Contact: "trực ban 0123"}
	for _, f := range change {
		f(&c)
	}
	if s.provider, err = provider.New(provider.Config{Issuer: gateway + "/id", ClientID: "matthan", ClientSecret: "a-secret-of-this-test", RedirectURI: gateway + callbackPath,
		AfterLogout: gateway + "/", Key: key, Accounts: s.accounts, Log: log}); err != nil {
		t.Fatal(err)
	}
	if s.login, err = New(c); err != nil {
		t.Fatal(err)
	}
	s.login.Routes(s.mux)
	s.mux.Handle("/id/", s.provider)
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "home "+r.URL.RequestURI()) })
	return s
}

// inProcess brings a browser's requests to the gateway without a socket.
type inProcess struct{ h http.Handler }

func (i inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	in := r.Clone(r.Context())
	in.RemoteAddr, in.RequestURI = "192.0.2.7:4711", r.URL.RequestURI()
	if in.Host = r.Host; in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	i.h.ServeHTTP(w, in)
	res := w.Result()
	res.Request = r
	return res, nil
}

func (s *site) browser() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &http.Client{Jar: jar, Transport: inProcess{s.mux}}
}

// reply is an answer that was read.
type reply struct {
	code   int
	body   string
	url    *url.URL
	header http.Header
}

func (s *site) get(c *http.Client, to string) reply {
	s.t.Helper()
	r, err := http.NewRequest("GET", to, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.do(c, r)
}

func (s *site) post(c *http.Client, to string, form url.Values, headers ...string) reply {
	s.t.Helper()
	r, err := http.NewRequest("POST", to, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return s.do(c, r)
}

func (s *site) do(c *http.Client, r *http.Request) reply {
	s.t.Helper()
	res, err := c.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return reply{res.StatusCode, string(b), res.Request.URL, res.Header}
}

var idField = regexp.MustCompile(`name="id" value="([^"]+)"`)

// form opens the sign-in page and returns its ID.
func (s *site) form(c *http.Client, back string) string {
	s.t.Helper()
	p := s.get(c, gateway+beginPath+"?back="+url.QueryEscape(back))
	m := idField.FindStringSubmatch(p.body)
	if m == nil {
		s.t.Fatalf("no sign-in page at %s: %d %s", p.url, p.code, p.body)
	}
	return html.UnescapeString(m[1])
}

func (s *site) send(c *http.Client, id, password string) reply {
	s.t.Helper()
	return s.post(c, gateway+"/id/login", url.Values{"id": {id}, "login": {"canbo"}, "password": {password}})
}

// signIn signs in and returns the session.
func (s *site) signIn(c *http.Client) Session {
	s.t.Helper()
	if p := s.send(c, s.form(c, "/?camera=c1"), password); p.code != 200 || p.body != "home /?camera=c1" {
		s.t.Fatalf("not signed in: %d at %s: %s", p.code, p.url, p.body)
	}
	return s.sessions.only(s.t)
}

// stopAt makes a browser stop before it follows a redirect to a path.
func stopAt(c *http.Client, path string) {
	c.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == path {
			return http.ErrUseLastResponse
		}
		return nil
	}
}

// answerURL signs in up to the provider's answer, which is not followed.
func (s *site) answerURL(c *http.Client) string {
	s.t.Helper()
	id := s.form(c, "/")
	stopAt(c, callbackPath)
	p := s.send(c, id, password)
	c.CheckRedirect = nil
	if to := p.header.Get("Location"); strings.HasPrefix(to, gateway+callbackPath+"?") {
		return to
	}
	s.t.Fatalf("no answer: %d %s", p.code, p.body)
	return ""
}

// sign makes a token with the provider's key, or another.
func (s *site) sign(key *ecdsa.PrivateKey, typ string, claims map[string]any) string {
	s.t.Helper()
	public := jose.JSONWebKey{Key: s.key.Public()}
	sum, err := public.Thumbprint(5) // crypto.SHA256
	if err != nil {
		s.t.Fatal(err)
	}
	o := &jose.SignerOptions{}
	if typ != "" {
		o = o.WithType(jose.ContentType(typ))
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: base64.RawURLEncoding.EncodeToString(sum)}}, o)
	if err != nil {
		s.t.Fatal(err)
	}
	raw, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		s.t.Fatal(err)
	}
	return raw
}

// sprint prints values in all the ways that leak.
func sprint(values ...any) string {
	var b strings.Builder
	for _, v := range values {
		fmt.Fprintf(&b, "%v %+v %#v %s\n", v, v, v, v)
	}
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "values", values)
	return b.String()
}
