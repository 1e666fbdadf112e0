package provider

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"golang.org/x/crypto/argon2"
	"golang.org/x/oauth2"
)

const (
	issuer   = "https://gateway.example/id"
	redirect = "https://gateway.example/auth/callback"
	secret   = "a-secret-of-this-test"
	password = "mật khẩu rất dài"
)

// cheap is a hash that costs the tests little.
func cheap(password string) string {
	salt := []byte("salt of the test")
	e := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=19$m=64,t=1,p=1$%s$%s", e(salt), e(argon2.IDKey([]byte(password), salt, 1, 64, 1, 32)))
}

type rig struct {
	t        *testing.T
	p        *Provider
	accounts *Memory
	log      bytes.Buffer
	mu       sync.Mutex
	events   []Event
}

func newRig(t *testing.T, accounts ...Account) *rig {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t}
	if accounts == nil {
		accounts = []Account{{Subject: "u1", Login: "Cánbộ", Name: "An", Hash: cheap(password), Roles: []string{"officer"}}}
	}
	r.accounts = NewMemory(accounts...)
	r.p, err = New(Config{Issuer: issuer, ClientID: "matthan", ClientSecret: secret, RedirectURI: redirect, AfterLogout: "https://gateway.example/", Key: key,
		Accounts: r.accounts, Log: slog.New(slog.NewTextHandler(&r.log, nil)), Event: func(e Event) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.events = append(r.events, e)
		}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *rig) kinds() (out []Kind) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.events {
		out = append(out, e.Kind)
	}
	return out
}

// browser comes from an address.
type browser struct {
	p    *Provider
	addr string
}

func (b browser) RoundTrip(r *http.Request) (*http.Response, error) {
	in := r.Clone(r.Context())
	in.RemoteAddr = b.addr + ":4711"
	if in.Body == nil {
		in.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	b.p.ServeHTTP(w, in)
	res := w.Result()
	res.Request = r
	return res, nil
}

func (r *rig) browser(addr string) *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return &http.Client{Jar: jar, Transport: browser{r.p, addr}, CheckRedirect: func(q *http.Request, _ []*http.Request) error {
		if !strings.HasPrefix(q.URL.String(), issuer) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
}

type reply struct {
	code   int
	body   string
	header http.Header
}

func (r *rig) do(c *http.Client, method, to string, form url.Values, basic ...string) reply {
	r.t.Helper()
	q, err := http.NewRequest(method, to, strings.NewReader(form.Encode()))
	if err != nil {
		r.t.Fatal(err)
	}
	if method == "POST" {
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if basic != nil {
		q.SetBasicAuth(basic[0], basic[1])
	}
	res, err := c.Do(q)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return reply{res.StatusCode, string(b), res.Header}
}

var idField = regexp.MustCompile(`name="id" value="([^"]+)"`)

const verifier = "a-verifier-of-at-least-43-characters-0123456789"

func asked() url.Values {
	return url.Values{"client_id": {"matthan"}, "redirect_uri": {redirect}, "response_type": {"code"}, "scope": {"openid profile offline_access"}, "state": {"s"},
		"nonce": {"n"}, "code_challenge": {oauth2.S256ChallengeFromVerifier(verifier)}, "code_challenge_method": {"S256"}}
}

func (r *rig) form(c *http.Client) string {
	r.t.Helper()
	a := r.do(c, "GET", issuer+"/authorize?"+asked().Encode(), nil)
	m := idField.FindStringSubmatch(a.body)
	if m == nil {
		r.t.Fatalf("no sign-in page: %d %s", a.code, a.body)
	}
	return m[1]
}

func (r *rig) send(c *http.Client, id, login, password string) reply {
	r.t.Helper()
	return r.do(c, "POST", issuer+"/login", url.Values{"id": {id}, "login": {login}, "password": {password}})
}

// code signs in and returns the code.
func (r *rig) code(c *http.Client) string {
	r.t.Helper()
	a := r.send(c, r.form(c), "cánbộ", password)
	u, err := url.Parse(a.header.Get("Location"))
	if err != nil || u.Query().Get("code") == "" || u.Query().Get("state") != "s" || !strings.HasPrefix(u.String(), redirect+"?") {
		r.t.Fatalf("no code: %d %s %s", a.code, u, a.body)
	}
	return u.Query().Get("code")
}

type tokens struct {
	Access  string `json:"access_token"`
	ID      string `json:"id_token"`
	Refresh string `json:"refresh_token"`
	Expires int    `json:"expires_in"`
	Error   string `json:"error"`
}

func (r *rig) token(form url.Values, basic ...string) (int, tokens) {
	r.t.Helper()
	if basic == nil {
		basic = []string{"matthan", secret}
	}
	a := r.do(&http.Client{Transport: r.p.Transport()}, "POST", issuer+"/oauth/token", form, basic...)
	var t tokens
	_ = json.Unmarshal([]byte(a.body), &t)
	return a.code, t
}

func redeem(code string) url.Values {
	return url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirect}, "code_verifier": {verifier}}
}

func renew(token string) url.Values {
	return url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}}
}

func (r *rig) families() int {
	r.t.Helper()
	a, err := r.accounts.BySubject(r.t.Context(), "u1")
	if err != nil {
		r.t.Fatal(err)
	}
	return len(a.Families)
}
