package portal

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"matthan/auth"
)

const (
	ours   = "https://camera.example"
	page   = "https://portal.example"
	other  = "https://other.example"
	rootly = "token-of-who-administers"
)

// paths is the tree of areas: Láng and Vinh lie in different cities.
var paths = map[string][]string{"lang": {"lang", "ha-noi"}, "vinh": {"vinh", "nghe-an"}, "ha-noi": {"ha-noi"}}

// cameras are those of the tree.
var cameras = map[string]auth.Resource{
	"lang-1": {Camera: "lang-1", Kind: "public", Areas: paths["lang"]},
	"lang-h": {Camera: "lang-h", Kind: auth.Household, Areas: paths["lang"]},
	"vinh-1": {Camera: "vinh-1", Kind: "public", Areas: paths["vinh"]},
}

// rig is a policy with one portal, "quan", for the area Láng.
type rig struct {
	t      testing.TB
	policy *auth.Policy
	tables auth.Tables
	desk   *Desk
	admin  auth.Subject
	key    ed25519.PrivateKey
	now    time.Time
}

func newKey(t testing.TB) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func publicOf(key ed25519.PrivateKey) string {
	return base64.RawURLEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
}

func newRig(t testing.TB, c Config) *rig {
	t.Helper()
	r := &rig{t: t, tables: auth.NewMemoryTables(), key: newKey(t), now: time.Now().Truncate(time.Second)}
	r.start(c)
	r.put(func(*auth.Portal) {})
	return r
}

// start begins to serve what the tables hold.
func (r *rig) start(c Config) {
	t := r.t
	t.Helper()
	if c.Key == nil {
		c.Key = newKey(t)
	}
	var err error
	if r.desk, err = New(c); err != nil {
		t.Fatal(err)
	}
	r.desk.Open(ours)
	secret, err := auth.NewSecret(rootly)
	if err != nil {
		t.Fatal(err)
	}
	r.policy, err = auth.NewPolicyFor([]auth.Token{{Name: "root", Secret: secret, Areas: []string{auth.AllAreas}, Actions: []auth.Action{auth.Administer}}}, r.tables, auth.Settings{
		Path:    func(area string) []string { return paths[area] },
		Camera:  func(id string) (auth.Resource, bool) { c, ok := cameras[id]; return c, ok },
		Portals: r.desk,
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.admin, err = r.policy.Authenticate(rootly, r.now); err != nil {
		t.Fatal(err)
	}
}

// put makes the portal, or changes it.
func (r *rig) put(change func(*auth.Portal)) {
	r.t.Helper()
	v, revision, ok := r.tables.Portals.Get("quan")
	if !ok {
		v = auth.Portal{ID: "quan", Name: "Cổng quận", Origins: []string{page}, Areas: []string{"lang"}, Keys: []auth.PortalKey{{KID: "k1", Public: publicOf(r.key)}}}
	}
	v.Keys = slices.Clone(v.Keys)
	change(&v)
	if _, err := r.policy.PutPortal(r.t.Context(), r.admin, v, revision, r.now); err != nil {
		r.t.Fatal(err)
	}
}

// mint makes a token of a good header and good claims, changed. Nil takes a
// field out.
func (r *rig) mint(header, claims map[string]any) string {
	r.t.Helper()
	head := map[string]any{"alg": "EdDSA", "typ": "embed+jwt", "kid": "k1"}
	body := map[string]any{"iss": "quan", "aud": ours, "sub": "cb-0042", "name": "Lê An", "cam": "lang-1", "org": page,
		"iat": r.now.Unix(), "exp": r.now.Add(2 * time.Minute).Unix(), "jti": base64.RawURLEncoding.EncodeToString(newKey(r.t)[:12])}
	merge := func(to, from map[string]any) {
		for name, v := range from {
			if to[name] = v; v == nil {
				delete(to, name)
			}
		}
	}
	merge(head, header)
	merge(body, claims)
	return r.sign(head, body, func(text []byte) []byte { return ed25519.Sign(r.key, text) })
}

func (r *rig) sign(header, claims any, sign func([]byte) []byte) string {
	r.t.Helper()
	part := func(v any) string {
		b, ok := v.(string)
		if !ok {
			text, err := json.Marshal(v)
			if err != nil {
				r.t.Fatal(err)
			}
			b = string(text)
		}
		return base64.RawURLEncoding.EncodeToString([]byte(b))
	}
	text := part(header) + "." + part(claims)
	return text + "." + base64.RawURLEncoding.EncodeToString(sign([]byte(text)))
}

func (r *rig) enter(raw string) (auth.Subject, error) {
	return r.policy.Enter(context.Background(), raw, auth.From{Origin: page}, r.now)
}

// enters is enter for what must be let in.
func (r *rig) enters(raw string) auth.Subject {
	r.t.Helper()
	s, err := r.enter(raw)
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

func (r *rig) views(s auth.Subject, camera string) error {
	_, err := r.policy.Decide(s, auth.View, cameras[camera], r.now)
	return err
}
