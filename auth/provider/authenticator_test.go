package provider

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
)

// Flags of authenticator data (WebAuthn section 6.1).
const (
	flagPresent  = 1 << 0
	flagVerified = 1 << 2
	flagEligible = 1 << 3
	flagBackedUp = 1 << 4
	flagAttested = 1 << 6
)

// authenticator is a phone's, in software, with the browser around it: one
// ES256 credential that the phone finds by itself.
type authenticator struct {
	t          *testing.T
	key        *ecdsa.PrivateKey
	id, handle []byte
	count      uint32
	rp, origin string
	flags      byte
	kind       string // of the client data; by the ceremony where it is ""
}

func newAuthenticator(t *testing.T) *authenticator {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 32)
	_, _ = rand.Read(id)
	return &authenticator{t: t, key: key, id: id, count: 1, rp: "gateway.example", origin: "https://gateway.example", flags: flagPresent | flagVerified | flagEligible | flagBackedUp}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (a *authenticator) clientData(kind, challenge string) []byte {
	if a.kind != "" {
		kind = a.kind
	}
	b, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": a.origin, "crossOrigin": false})
	if err != nil {
		a.t.Fatal(err)
	}
	return b
}

func (a *authenticator) data(flags byte, more []byte) []byte {
	rp := sha256.Sum256([]byte(a.rp))
	out := append(rp[:], flags)
	out = binary.BigEndian.AppendUint32(out, a.count)
	return append(out, more...)
}

// create answers navigator.credentials.create.
func (a *authenticator) create(options map[string]any) string {
	a.t.Helper()
	challenge, _ := options["challenge"].(string)
	user, _ := options["user"].(map[string]any)
	handle, _ := user["id"].(string)
	a.handle, _ = base64.RawURLEncoding.DecodeString(handle)
	cose, err := webauthncbor.Marshal(webauthncose.EC2PublicKeyData{
		PublicKeyData: webauthncose.PublicKeyData{KeyType: int64(webauthncose.EllipticKey), Algorithm: int64(webauthncose.AlgES256)},
		Curve:         int64(webauthncose.P256), XCoord: a.key.X.FillBytes(make([]byte, 32)), YCoord: a.key.Y.FillBytes(make([]byte, 32))})
	if err != nil {
		a.t.Fatal(err)
	}
	attested := append(make([]byte, 16), byte(len(a.id)>>8), byte(len(a.id)))
	attested = append(append(attested, a.id...), cose...)
	object, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": a.data(a.flags|flagAttested, attested)})
	if err != nil {
		a.t.Fatal(err)
	}
	return a.answer(map[string]any{"clientDataJSON": b64(a.clientData("webauthn.create", challenge)), "attestationObject": b64(object), "transports": []string{"internal"}})
}

// get answers navigator.credentials.get.
func (a *authenticator) get(options map[string]any) string {
	a.t.Helper()
	challenge, _ := options["challenge"].(string)
	a.count++
	client := a.clientData("webauthn.get", challenge)
	data := a.data(a.flags, nil)
	sum := sha256.Sum256(client)
	whole := sha256.Sum256(append(append([]byte{}, data...), sum[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, whole[:])
	if err != nil {
		a.t.Fatal(err)
	}
	return a.answer(map[string]any{"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": b64(a.handle)})
}

func (a *authenticator) answer(response map[string]any) string {
	text, err := json.Marshal(map[string]any{"id": b64(a.id), "rawId": b64(a.id), "type": "public-key", "response": response})
	if err != nil {
		a.t.Fatal(err)
	}
	return string(text)
}

var (
	optionsField = regexp.MustCompile(`data-options="([^"]*)"`)
	keyField     = regexp.MustCompile(`name="passkey" value="([^"]+)"`)
)

// options are what a page asks of an authenticator.
func (r *rig) options(body string) map[string]any {
	r.t.Helper()
	m := optionsField.FindStringSubmatch(body)
	if m == nil {
		r.t.Fatalf("the page asks for no passkey: %s", body)
	}
	var out map[string]any
	if err := json.Unmarshal([]byte(html.UnescapeString(m[1])), &out); err != nil {
		r.t.Fatal(err)
	}
	return out
}

// page begins a sign-in and returns its ID and what its page asks.
func (r *rig) page(c *http.Client) (id string, options map[string]any) {
	r.t.Helper()
	a := r.do(c, "GET", issuer+"/authorize?"+asked().Encode(), nil)
	m := idField.FindStringSubmatch(a.body)
	if m == nil {
		r.t.Fatalf("no sign-in page: %d %s", a.code, a.body)
	}
	return m[1], r.options(a.body)
}

// tap signs in by a passkey.
func (r *rig) tap(c *http.Client, id, answer string) reply {
	r.t.Helper()
	return r.do(c, "POST", issuer+"/login/passkey", url.Values{"id": {id}, "answer": {answer}})
}

// owner signs in by password, on a device that can make passkeys, and makes one.
func (r *rig) owner(c *http.Client, login string) *authenticator {
	r.t.Helper()
	id := r.form(c)
	a := r.do(c, "POST", issuer+"/login", url.Values{"id": {id}, "login": {login}, "password": {password}, "can": {"1"}})
	if a.code != 200 || !strings.Contains(a.body, `data-passkey="create"`) {
		r.t.Fatalf("no offer: %d %s", a.code, a.body)
	}
	k := newAuthenticator(r.t)
	if a = r.do(c, "POST", issuer+"/passkeys/add", url.Values{"id": {id}, "answer": {k.create(r.options(a.body))}}); a.code != 302 || !strings.Contains(a.header.Get("Location"), "code=") {
		r.t.Fatalf("the passkey was not made: %d %s", a.code, a.body)
	}
	return k
}
