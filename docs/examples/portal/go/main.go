// A portal that shows one camera to its officers. Standard library only:
//
//	GATEWAY=https://camera.phuong-lang.example:8443 PORTAL=cong-quan KID=k1 KEY=portal.pem \
//	CAMERA=lang-ha-thai-ha ORIGIN=https://portal.example LISTEN=:3000 go run .
package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"embed"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"html/template"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

//go:embed page.html element.html
var pages embed.FS

var page = template.Must(template.ParseFS(pages, "*.html"))

// portal is what the gateway's administrator and you have agreed on.
type portal struct {
	gateway string // its origin: the "audience" of your portal's record there
	id      string // of your portal
	kid     string // names your key
	key     ed25519.PrivateKey
	origin  string // of your pages, as browsers send it
}

// token is for one officer and one camera, for two minutes and one use.
func (p *portal) token(officer, name, camera string) (string, error) {
	header := map[string]string{"alg": "EdDSA", "typ": "embed+jwt", "kid": p.kid}
	now := time.Now()
	claims := map[string]any{
		"iss": p.id, "aud": p.gateway, "sub": officer, "name": name, "cam": camera, "org": p.origin,
		"iat": now.Unix(), "exp": now.Add(2 * time.Minute).Unix(), "jti": rand.Text(),
		// Of a citizen's camera also what it is looked at for: "reason": "theft", "case": "17/2026".
	}
	h, err := json.Marshal(header)
	if err != nil {
		return "", err
	}
	c, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	encode := base64.RawURLEncoding.EncodeToString
	text := encode(h) + "." + encode(c)
	return text + "." + encode(ed25519.Sign(p.key, []byte(text))), nil
}

// policy is for a page with <camera-view> in it: scripts and connections are the
// page's own and the gateway's.
func (p *portal) policy(nonce string) string {
	return "default-src 'none'; script-src 'nonce-" + nonce + "' " + p.gateway + "; style-src 'nonce-" + nonce + "'; " +
		"connect-src 'self' " + p.gateway + " " + strings.Replace(p.gateway, "http", "ws", 1) + "; " +
		"require-trusted-types-for 'script'; trusted-types lit-html"
}

// officer is who is signed in at your portal. Put your own sign-in here: whoever
// gets past it gets tokens.
func officer(*http.Request) (id, name string, ok bool) { return "cb-0042", "Lê An", true }

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	p := &portal{gateway: os.Getenv("GATEWAY"), id: os.Getenv("PORTAL"), kid: os.Getenv("KID"), origin: os.Getenv("ORIGIN")}
	camera := os.Getenv("CAMERA")
	var err error
	if p.key, err = readKey(os.Getenv("KEY")); err != nil {
		return err
	}
	http.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "frame-src "+p.gateway)
		_ = page.ExecuteTemplate(w, "page.html", map[string]string{"Gateway": p.gateway, "Portal": p.id, "Camera": camera})
	})
	http.HandleFunc("GET /element", func(w http.ResponseWriter, _ *http.Request) {
		nonce := rand.Text()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", p.policy(nonce))
		_ = page.ExecuteTemplate(w, "element.html", map[string]string{"Gateway": p.gateway, "Camera": camera, "Nonce": nonce})
	})
	http.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		id, name, ok := officer(r)
		if !ok {
			http.Error(w, "sign in first", http.StatusUnauthorized)
			return
		}
		token, err := p.token(id, name, camera)
		if err != nil {
			http.Error(w, "no token can be made", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(map[string]string{"token": token})
	})
	l, err := net.Listen("tcp", os.Getenv("LISTEN"))
	if err != nil {
		return err
	}
	fmt.Println("listening on", l.Addr())
	return (&http.Server{
		Handler:           http.NewCrossOriginProtection().Handler(http.DefaultServeMux), // tokens for your own pages only
		ReadHeaderTimeout: 10 * time.Second,
	}).Serve(l)
}

// readKey reads what openssl genpkey -algorithm ed25519 has made.
func readKey(file string) (ed25519.PrivateKey, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New(file + " holds no key")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	if key, ok := key.(ed25519.PrivateKey); ok {
		return key, nil
	}
	return nil, errors.New(file + " holds no Ed25519 key")
}
