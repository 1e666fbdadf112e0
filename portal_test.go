package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"matthan/auth"
	"matthan/gateway"
	"matthan/signaling"
)

// Another portal's officers at the whole gateway.

// visiting is a portal with a key of its own, which shows the cameras of one area.
type visiting struct {
	s    *station
	id   string
	key  ed25519.PrivateKey
	path string
}

// portal registers one.
func (s *station) portal(area string) *visiting {
	s.t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	p := &visiting{s, "cong-" + area, key, "portals/cong-" + area}
	p.put("", area)
	return p
}

// put sets the portal; more is what else its record holds.
func (p *visiting) put(more, area string) {
	t := p.s.t
	t.Helper()
	key := base64.RawURLEncoding.EncodeToString(p.key.Public().(ed25519.PublicKey))
	if more == "" {
		more = fmt.Sprintf(`"keys":[{"kid":"k1","public":%q}]`, key)
	}
	body := fmt.Sprintf(`{"name":"Cổng","origins":[%q],"areas":[%q],%s}`, portalPage, area, more)
	header := []string{"If-None-Match", "*"}
	if resp, _ := p.s.admin.do("GET", "/api/v1/"+p.path, "", ""); resp.StatusCode == http.StatusOK {
		header = []string{"If-Match", resp.Header.Get("ETag")}
	}
	if resp, text := p.s.admin.do("PUT", "/api/v1/"+p.path, "application/json", body, header...); resp.StatusCode != http.StatusNoContent {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
}

// token is one that the portal issues to the officer cb-0042.
func (p *visiting) token(camera string, life time.Duration) string {
	p.s.t.Helper()
	now := time.Now()
	part := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			p.s.t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(b)
	}
	text := part(map[string]string{"alg": "EdDSA", "typ": "embed+jwt", "kid": "k1"}) + "." + part(map[string]any{"iss": p.id, "aud": p.s.origin,
		"sub": "cb-0042", "name": "Lê An", "cam": camera, "org": portalPage, "iat": float64(now.UnixMilli()) / 1000, "exp": float64(now.Add(life).UnixMilli()) / 1000, "jti": rand.Text()})
	return text + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(p.key, []byte(text)))
}

// dialFrom opens the WebSocket from a page of another origin.
func (s *station) dialFrom(origin string) (*websocket.Conn, error) {
	s.t.Helper()
	d := websocket.Dialer{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, HandshakeTimeout: patience}
	c, _, err := d.Dial("wss"+strings.TrimPrefix(s.origin, "https")+"/ws", http.Header{"Origin": {origin}})
	if err == nil {
		s.t.Cleanup(func() { _ = c.Close() })
	}
	return c, err
}

// watch has the officer look at a camera.
func (p *visiting) watch(camera string, life time.Duration) *watched {
	p.s.t.Helper()
	c, err := p.s.dialFrom(portalPage)
	if err != nil {
		p.s.t.Fatal(err)
	}
	return look(p.s.t, c, p.token(camera, life), camera)
}

// portalEnds are the ways in which a look of a portal's officer ends.
var portalEnds = []ending{
	{"portal disabled", func(s *station, at ward) (*watched, func() time.Time) {
		p := s.portal(at.area)
		return p.watch(at.camera, 4*time.Minute), act(func() { p.put(`"disabled":true`, at.area) })
	}},
	{"portal key removed", func(s *station, at ward) (*watched, func() time.Time) {
		p := s.portal(at.area)
		return p.watch(at.camera, 4*time.Minute), act(func() { p.put(`"keys":[]`, at.area) })
	}},
	{"officer ended", func(s *station, at ward) (*watched, func() time.Time) {
		p := s.portal(at.area)
		return p.watch(at.camera, 4*time.Minute), act(func() { s.admin.want(204, nil, "POST", p.path+"/end", `{"officer":"cb-0042"}`) })
	}},
	{"portal token over", func(s *station, at ward) (*watched, func() time.Time) {
		p := s.portal(at.area)
		until := time.Now().Add(6 * time.Second)
		return p.watch(at.camera, 6*time.Second), func() time.Time { return until }
	}},
}

// Every look of an officer is in the audit log under the officer's own name, and
// has an end.
func TestTheAuditLogHasAPortalsOfficer(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	at := s.ward()
	p := s.portal(at.area)
	w, reader := p.watch(at.camera, time.Minute), s.auditor()
	opened := reader.find("event=view.opened&camera=" + at.camera)
	if len(opened) != 1 || opened[0].Subject != "portal:"+p.id+":cb-0042" || opened[0].Name != "Lê An" || opened[0].By != "portal "+p.id {
		t.Errorf("%+v", opened)
	}
	var doc struct {
		Viewers []struct{ Officer, Camera, Origin string }
	}
	if s.admin.want(200, &doc, "GET", p.path+"/viewers", ""); len(doc.Viewers) != 1 || doc.Viewers[0].Officer != "cb-0042" || doc.Viewers[0].Camera != at.camera {
		t.Errorf("%+v", doc)
	}
	s.admin.want(204, nil, "POST", p.path+"/end", `{"officer":"cb-0042"}`)
	w.ended()
	if bye := w.next(signaling.TypeBye); !strings.Contains(bye, `"code":"token"`) {
		t.Error(bye)
	}
	closed := reader.finds(1, "event=view.closed&camera="+at.camera)
	if closed[0].View != opened[0].View || closed[0].Duration <= 0 {
		t.Errorf("%+v", closed)
	}
	if ended := reader.find("event=portal.ended"); len(ended) != 1 || ended[0].Target != p.id || !strings.Contains(ended[0].Detail, "cb-0042") {
		t.Errorf("%+v", ended)
	}
}

// A portal's origin opens the door to the portal's own tokens, and to nothing else.
func TestAPortalsPageShowsItsOwnTokensOnly(t *testing.T) {
	t.Parallel()
	secret, err := auth.NewSecret(liveToken)
	if err != nil {
		t.Fatal(err)
	}
	s := newStationWith(t, func(c *Config) {
		c.Tokens = []auth.Token{{Name: "tool", Secret: secret, Areas: []string{auth.AllAreas}}}
	})
	at := s.ward()
	if c, err := s.dialFrom(portalPage); err == nil {
		_ = c.Close()
		t.Error("an origin of nobody opens a socket")
	}
	p := s.portal(at.area)
	for name, token := range map[string]string{"a tool's token": liveToken, "none": "", "a wrong one": "a.b.c"} {
		c, err := s.dialFrom(portalPage)
		if err != nil {
			t.Fatal(err)
		}
		so := socket{t, c}
		so.say(signaling.Hello{Type: signaling.TypeHello, Version: signaling.Version, Token: token})
		if text, kind := so.next(); kind != signaling.TypeBye {
			t.Errorf("%s: %s", name, text)
		}
	}
	whep := func(origin, token, path string) (int, string, http.Header) {
		b := newBrowser(t, s.origin)
		header := []string{"Authorization", "Bearer " + token}
		if origin != "" {
			header = append(header, "Origin", origin)
		}
		method, body := "POST", sdpOffer(t, 1)
		if strings.Count(path, "/") > 2 {
			method, body = "DELETE", ""
		}
		resp, text := b.do(method, path, "application/sdp", body, header...)
		return resp.StatusCode, text, resp.Header
	}
	path := "/whep/" + at.camera
	if status, text, _ := whep(portalPage, liveToken, path); status != http.StatusForbidden {
		t.Errorf("a tool's token: %d %s", status, text)
	}
	raw := p.token(at.camera, time.Minute)
	for _, origin := range []string{"", "https://other.example"} {
		if status, text, _ := whep(origin, raw, path); status != http.StatusForbidden {
			t.Errorf("from %q: %d %s", origin, status, text)
		}
	}
	status, text, h := whep(portalPage, raw, path)
	if status != http.StatusCreated || h.Get("Access-Control-Allow-Origin") != portalPage || h.Get("Access-Control-Allow-Credentials") != "" {
		t.Fatalf("%d %s %v", status, text, h)
	}
	if status, text, _ := whep(portalPage, raw, path); status != http.StatusUnauthorized {
		t.Errorf("used again: %d %s", status, text)
	}
	if status, text, _ := whep(portalPage, raw, h.Get("Location")); status != http.StatusOK {
		t.Errorf("its own view is not ended: %d %s", status, text)
	}
	// Another camera of the ward that the token does not name is like none.
	next := s.ward()
	status, there, _ := whep(portalPage, p.token(at.camera, time.Minute), "/whep/"+next.camera)
	if _, none, _ := whep(portalPage, p.token(at.camera, time.Minute), "/whep/no-such-camera"); status != http.StatusNotFound || there != none {
		t.Errorf("%d %s, and of none %s", status, there, none)
	}
}

// A player of WHEP, which has no socket, looks on by a PATCH with a fresh token.
func TestAPlayersPATCHProlongsItsLook(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	at := s.ward()
	p := s.portal(at.area)
	ask := func(method, path, kind, body, token string, header ...string) *http.Response {
		resp, _ := newBrowser(t, s.origin).do(method, path, kind, body, append(header, "Authorization", "Bearer "+token, "Origin", portalPage)...)
		return resp
	}
	until := time.Now().Add(3 * time.Second)
	offer, credentials := sdpOffer(t, 1), ""
	for line := range strings.Lines(offer) {
		if (strings.HasPrefix(line, "a=ice-ufrag:") || strings.HasPrefix(line, "a=ice-pwd:")) && strings.Count(credentials, "\n") < 2 {
			credentials += line
		}
	}
	made := ask("POST", "/whep/"+at.camera, "application/sdp", offer, p.token(at.camera, time.Until(until)))
	if made.StatusCode != http.StatusCreated {
		t.Fatal(made.Status)
	}
	where, tag := made.Header.Get("Location"), made.Header.Get("ETag")
	patch := ask("PATCH", where, "application/trickle-ice-sdpfrag", credentials, p.token(at.camera, time.Minute), "If-Match", tag)
	if patch.StatusCode != http.StatusNoContent {
		t.Fatal(patch.Status)
	}
	<-time.After(time.Until(until) + time.Second) // four reviews later
	if end := ask("DELETE", where, "", "", p.token(at.camera, time.Minute)); end.StatusCode != http.StatusOK {
		t.Errorf("the look was over with its first token: %s", end.Status)
	}
}

func TestAPortalMayPublishItsKeys(t *testing.T) {
	t.Parallel()
	var set atomic.Pointer[string]
	portal := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/jwk-set+json")
		_, _ = io.WriteString(w, *set.Load())
	}))
	t.Cleanup(portal.Close)
	s := newStationWith(t, func(c *Config) {
		c.portalRoots = x509.NewCertPool()
		c.portalRoots.AddCert(portal.Certificate())
	})
	at := s.ward()
	p := s.portal(at.area)
	text := fmt.Sprintf(`{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"k1","x":%q}]}`, base64.RawURLEncoding.EncodeToString(p.key.Public().(ed25519.PublicKey)))
	set.Store(&text)
	p.put(fmt.Sprintf(`"jwks":%q`, portal.URL+"/keys.json"), at.area)
	p.watch(at.camera, time.Minute)
}

func TestPortalsKeysAreNotFetchedFromInside(t *testing.T) {
	t.Parallel()
	inside := gateway.Reach{Networks: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("127.0.0.0/8")}}
	for _, tt := range []struct {
		reach gateway.Reach
		to    string
		want  bool
	}{
		{gateway.Reach{}, "198.51.100.7:443", true}, {gateway.Reach{}, "10.1.2.3:8443", true}, {gateway.Reach{}, "127.0.0.1:443", false},
		{gateway.Reach{}, "[::1]:443", false}, {gateway.Reach{}, "169.254.169.254:443", false}, {gateway.Reach{}, "[fe80::1]:443", false},
		{gateway.Reach{}, "0.0.0.0:443", false}, {gateway.Reach{}, "[::ffff:127.0.0.1]:443", false},
		{inside, "127.0.0.1:443", true}, {inside, "198.51.100.7:443", true}, {inside, "169.254.169.254:443", false},
	} {
		if err := permitKeys(tt.reach)(netip.MustParseAddrPort(tt.to)); (err == nil) != tt.want {
			t.Errorf("%v to %s: %v", tt.reach.Networks, tt.to, err)
		}
	}
}
