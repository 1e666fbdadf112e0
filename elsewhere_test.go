package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"matthan/auth"
	"matthan/auth/provider"
	"matthan/gateway/api"
)

// People sign in with a provider of others: here another copy of the embedded
// one, on a server of its own, with a certificate that only ca_file trusts.

type elsewhere struct {
	t        *testing.T
	issuer   string
	mux      *http.ServeMux
	key      *ecdsa.PrivateKey
	accounts *provider.Memory
	dir      string // of the gateway's configuration
}

func newElsewhere(t *testing.T) *elsewhere {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	hash := provider.Hash(password)
	e := &elsewhere{t: t, mux: http.NewServeMux(), key: key, accounts: provider.NewMemory(
		provider.Account{Subject: "u-an", Login: "an", Name: "Lê An", Hash: hash, Roles: []string{"vms-viewer"}, Groups: []string{"/HN/phuong-lang"}},
		provider.Account{Subject: "u-la", Login: "la", Name: "Người lạ", Hash: hash, Roles: []string{"cook"}})}
	server := httptest.NewTLSServer(e.mux)
	t.Cleanup(server.Close)
	e.issuer = server.URL + "/realms/canh-sat"
	e.dir = writeFiles(t, map[string]string{
		"ca.pem": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})), "sso.secret": "a-secret-of-this-test\n",
		"m.yaml": `
http: ""
https: "127.0.0.1:0"
url: https://camera.example
webrtc: {udp: "127.0.0.1:0"}
sign_in:
  issuer: ` + e.issuer + `
  client_id: matthan
  client_secret_file: sso.secret
  ca_file: ca.pem
  contact: trực ban 0123
  rules:
    - {claim: /roles, match: "vms-(viewer|supervisor)", role: $1}
    - {claim: /roles, match: "any-(.+)", role: $1}
    - {claim: /groups, match: "/HN/([a-z-]+)", area: $1}
`})
	return e
}

// config is the gateway's, which is reached by where it listens.
func (e *elsewhere) config() *Config {
	e.t.Helper()
	cfg, err := loadConfig(filepath.Join(e.dir, "m.yaml"))
	if err != nil {
		e.t.Fatal(err)
	}
	cfg.URL = nil
	return cfg
}

// serve begins to answer, to a gateway that is reached at origin.
func (e *elsewhere) serve(origin string) {
	e.t.Helper()
	p, err := provider.New(provider.Config{Issuer: e.issuer, ClientID: "matthan", ClientSecret: "a-secret-of-this-test",
		RedirectURI: origin + redirectPath, AfterLogout: origin + "/", Key: e.key, Accounts: e.accounts})
	if err != nil {
		e.t.Fatal(err)
	}
	e.mux.Handle("/realms/canh-sat/", p)
}

// enter is browser.signIn at the other provider.
func (e *elsewhere) enter(b *browser, name string) (*http.Response, string) {
	e.t.Helper()
	resp, text := b.do("GET", "/auth/login", "", "")
	m := hiddenID.FindStringSubmatch(text)
	if m == nil {
		e.t.Fatalf("no login page: %d %s", resp.StatusCode, text)
	}
	return b.post(e.issuer+"/login", url.Values{"id": {m[1]}, "login": {name}, "password": {password}})
}

// logoutToken is the provider's word that somebody has signed out there.
func (e *elsewhere) logoutToken(subject string) string {
	e.t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: e.key}, (&jose.SignerOptions{}).WithType("logout+jwt"))
	if err != nil {
		e.t.Fatal(err)
	}
	now := time.Now()
	raw, err := jwt.Signed(signer).Claims(map[string]any{"iss": e.issuer, "aud": "matthan", "sub": subject, "jti": rand.Text(), "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
		"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}}}).Serialize()
	if err != nil {
		e.t.Fatal(err)
	}
	return raw
}

// relying is the gateway's sign-in alone, as it is wired, so that a test need
// not wait until the provider is asked again.
type relying struct {
	*signIn
	store  io.Closer
	origin string
}

func (e *elsewhere) relying(cfg *Config) *relying {
	e.t.Helper()
	log := slog.New(slog.DiscardHandler)
	store, inventory, err := openStore(e.t.Context(), cfg, log)
	if err != nil {
		e.t.Fatal(err)
	}
	policy, tables, err := openPolicy(e.t.Context(), cfg, store, inventory, nil, log)
	if err != nil {
		e.t.Fatal(err)
	}
	j, err := openJournal(e.t.Context(), cfg, store, log)
	if err != nil {
		e.t.Fatal(err)
	}
	mux := &routes{}
	server := httptest.NewTLSServer(&mux.mux)
	people, err := openSignIn(e.t.Context(), cfg, store, policy, tables, inventory, j, server.URL, log)
	if err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(func() { server.Close(); people.idle(); j.end(log); _ = store.Close() })
	people.routes(mux)
	(&api.API{Policy: policy, Inventory: inventory, Audit: j.log, Log: log}).Routes(mux)
	mux.Handle("/", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "home") }))
	return &relying{people, store, server.URL}
}

func TestPeopleOfAnotherProviderSignIn(t *testing.T) {
	t.Parallel()
	e := newElsewhere(t)
	r := e.relying(e.config())
	e.serve(r.origin)
	b := newBrowser(t, r.origin)
	if resp, text := e.enter(b, "an"); resp.StatusCode != 200 || text != "home" || !b.known() {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	p := r.tables.People.All()
	if len(p) != 1 || p[0].Value.Issuer != e.issuer || p[0].Value.Name != "Lê An" || fmt.Sprint(p[0].Value.Roles, p[0].Value.Areas) != "[viewer] [phuong-lang]" {
		t.Errorf("%+v", p)
	}
	stranger := newBrowser(t, r.origin)
	if resp, text := e.enter(stranger, "la"); resp.StatusCode != http.StatusForbidden || !strings.Contains(text, "trực ban 0123") || stranger.known() {
		t.Errorf("somebody without a role: %d %s", resp.StatusCode, text)
	}
	// The rights follow what the provider says when it is asked again.
	change := func(roles ...string) {
		if err := e.accounts.Change(t.Context(), "u-an", func(a *provider.Account) error { a.Roles = roles; return nil }); err != nil {
			t.Fatal(err)
		}
		said := &said{}
		r.ask(t.Context(), slog.New(slog.NewTextHandler(said, nil)))
		if said.String() != "" { // the provider has answered, whatever came of it
			t.Errorf("%q: %s", roles, said)
		}
	}
	change("vms-supervisor")
	if v, _, _ := r.tables.People.Get(p[0].Key); fmt.Sprint(v.Roles) != "[supervisor]" || !b.known() {
		t.Errorf("after a change of the role: %+v", v)
	}
	change("cook")
	if b.known() {
		t.Error("a session goes on whose role was taken away")
	}
	change("vms-viewer")
	if e.enter(b, "an"); !b.known() {
		t.Fatal("a role that came back does not let in")
	}
	change("any-cook") // which the rules make a role that gives nothing
	if b.known() {
		t.Error("a session goes on with a role that there is not")
	}
}

func TestSigningOutAtEitherEndEndsTheSession(t *testing.T) {
	t.Parallel()
	e := newElsewhere(t)
	r := e.relying(e.config())
	e.serve(r.origin)
	b, other := newBrowser(t, r.origin), newBrowser(t, r.origin)
	e.enter(b, "an")
	e.enter(other, "an")
	families := func() int {
		a, err := e.accounts.BySubject(t.Context(), "u-an")
		if err != nil {
			t.Fatal(err)
		}
		return len(a.Families)
	}
	if !b.known() || !other.known() || families() != 2 {
		t.Fatalf("%v, %v, %d sign-ins", b.known(), other.known(), families())
	}
	// A browser does not let the form that signs out be led to another origin.
	resp, text := b.post("/auth/logout", nil)
	wait, to, ok := strings.Cut(resp.Header.Get("Refresh"), "; url=")
	if resp.StatusCode != 200 || resp.Request.URL.String() != r.origin+"/auth/logout" || !ok || wait != "0" || !strings.HasPrefix(to, e.issuer+"/") || !strings.Contains(text, "Đã đăng xuất") {
		t.Fatalf("%d at %s, to %q: %s", resp.StatusCode, resp.Request.URL, to, text)
	}
	if b.known() {
		t.Error("signed out, and still known")
	}
	if resp, text := b.do("GET", to, "", ""); resp.Request.URL.String() != r.origin+"/" || families() != 1 {
		t.Errorf("at the provider: %d at %s, %d sign-ins left: %s", resp.StatusCode, resp.Request.URL, families(), text)
	}
	anybody := newBrowser(t, r.origin)
	if resp, _ := anybody.post("/auth/backchannel", url.Values{"logout_token": {e.logoutToken("u-la")}}); resp.StatusCode != 200 || !other.known() {
		t.Errorf("another person's logout: %d, known %v", resp.StatusCode, other.known())
	}
	if resp, _ := anybody.post("/auth/backchannel", url.Values{"logout_token": {e.logoutToken("u-an")}}); resp.StatusCode != 200 || other.known() {
		t.Errorf("logout at the provider: %d, known %v", resp.StatusCode, other.known())
	}
}

func TestAGatewayWithAnotherProviderHasNoAccountsOfItsOwn(t *testing.T) {
	t.Parallel()
	e := newElsewhere(t)
	admin, err := auth.NewSecret(adminToken)
	if err != nil {
		t.Fatal(err)
	}
	origin, setUp := startPeople(t, func(c *Config) {
		data := c.Data
		*c = *e.config()
		c.Data = data
		c.Tokens = []auth.Token{{Name: "admin", Secret: admin, Areas: []string{auth.AllAreas}, Actions: []auth.Action{auth.Administer}}}
	})
	if setUp != "" {
		t.Error("a set-up link is made")
	}
	b := newBrowser(t, origin)
	for _, path := range []string{"/id/.well-known/openid-configuration", "/id/login", "/id/link/first.x"} {
		if resp, _ := b.do("GET", path, "", ""); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
	}
	bearer := []string{"Authorization", "Bearer " + adminToken}
	one, is := b.do("GET", "/api/v1/accounts", "", "", bearer...)
	none, not := b.do("GET", "/api/v1/nothing", "", "", bearer...)
	if one.StatusCode != http.StatusNotFound || none.StatusCode != http.StatusNotFound || is != not {
		t.Errorf("%d %s, %d %s", one.StatusCode, is, none.StatusCode, not)
	}
	if resp, text := b.do("GET", "/auth/login", "", ""); resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
		t.Errorf("while the provider is down: %d %s", resp.StatusCode, text)
	}
}

func TestAProviderWhoseCertificateNobodyTrustsIsNotAsked(t *testing.T) {
	t.Parallel()
	e := newElsewhere(t)
	cfg := e.config()
	cfg.SignIn.CA = nil
	r := e.relying(cfg)
	e.serve(r.origin)
	if resp, text := newBrowser(t, r.origin).do("GET", "/auth/login", "", ""); resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("%d %s", resp.StatusCode, text)
	}
}

func TestSessionsEndWithTheProviderThatBeganThem(t *testing.T) {
	t.Parallel()
	one, two := newElsewhere(t), newElsewhere(t)
	cfg := one.config()
	r := one.relying(cfg)
	one.serve(r.origin)
	one.enter(newBrowser(t, r.origin), "an")
	if n := len(r.tables.Sessions.All()); n != 1 {
		t.Fatalf("%d sessions", n)
	}
	if err := r.store.Close(); err != nil {
		t.Fatal(err)
	}
	next := two.config()
	next.Data = cfg.Data
	if n := len(two.relying(next).tables.Sessions.All()); n != 0 {
		t.Errorf("%d sessions of another provider go on", n)
	}
}
