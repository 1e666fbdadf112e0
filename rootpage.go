package main

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"rsc.io/qr"

	"matthan/auth/page"
)

// Where phones get our authority's certificate, and the page that tells how to
// install it. To other machines the page is also at / without TLS.
const (
	rootPath     = "/matthan-root.crt"
	rootPagePath = "/root-certificate"
)

// rootPages leads phones to trusting our own authority.
type rootPages struct {
	cert  *x509.Certificate
	url   *url.URL // the configured one, or nil
	https string   // port of the listener with TLS
}

// routes serves them over TLS too, to those who clicked a warning away.
func (p *rootPages) routes(mux *routes) {
	mux.Handle("GET "+rootPath, http.HandlerFunc(p.file))
	mux.Handle("GET "+rootPagePath, http.HandlerFunc(p.page))
}

// file is not sent as an attachment: Safari on iPhones takes a certificate for a
// profile to install only where it may show it, and everybody else keeps it as a
// file all the same.
func (p *rootPages) file(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "application/x-x509-ca-cert")
	h.Set("Content-Disposition", `inline; filename="matthan-root.crt"`)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(p.cert.Raw) // the phone may be gone
}

// fingerprint is a certificate's SHA-256, as phones and browsers show it.
func fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return strings.ReplaceAll(fmt.Sprintf("% X", sum[:]), " ", ":")
}

var (
	//go:embed rootpage.html
	rootText string
	//go:embed rootpage.css
	rootStyle    string
	rootTemplate = template.Must(template.New("root").Parse(rootText))
	rootPolicy   = func() string {
		sum := sha256.Sum256([]byte(rootStyle))
		return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
			"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
	}()
)

// rootDoc is what the page shows.
type rootDoc struct {
	Style       template.CSS
	Lang, Other page.Lang
	W           rootWords
	File        string
	Target      string   // where https is, without a slash at its end
	Name        string   // of the certificate, as phones show it
	Fingerprint []string // 8 groups of 4 bytes, to be compared by eye
	IPhone      bool     // else Android comes first
	Numbers     bool     // Target has an IP address, with which passkeys do not work
	QR          *qrPath
}

// page explains each step, for the phone that asks first.
func (p *rootPages) page(w http.ResponseWriter, r *http.Request) {
	lang := page.LangOf(r.URL.Query().Get("lang"))
	d := rootDoc{Style: template.CSS(rootStyle), Lang: lang, Other: page.English, W: rootSpeak[lang], File: rootPath,
		Target: secureOrigin(r, p.url, p.https), Name: p.cert.Subject.CommonName, Fingerprint: groups(fingerprint(p.cert)),
		IPhone: isApple(r.UserAgent())}
	if lang == page.English {
		d.Other = page.Vietnamese
	}
	if u, err := url.Parse(d.Target); err == nil {
		_, err := netip.ParseAddr(u.Hostname())
		d.Numbers = err == nil
	}
	d.QR = qrOf(r)
	var b bytes.Buffer
	if err := rootTemplate.Execute(&b, d); err != nil { // a page is written whole or not at all
		http.Error(w, "internal", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", rootPolicy)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Vary", "User-Agent")
	_, _ = w.Write(b.Bytes()) // the phone may be gone
}

// groups cuts a fingerprint into pieces that an eye can keep.
func groups(sum string) (out []string) {
	bytes := strings.Split(sum, ":")
	for len(bytes) >= 4 {
		out, bytes = append(out, strings.Join(bytes[:4], ":")), bytes[4:]
	}
	return out
}

// isApple says whether an iPhone or iPad asks; the newer ones of these say they
// are a Mac, which no page can tell apart.
func isApple(agent string) bool {
	return strings.Contains(agent, "iPhone") || strings.Contains(agent, "iPad")
}

// qrPath is a QR code as the path of an SVG picture.
type qrPath struct {
	Size int // with its quiet zone, in modules
	D    string
}

// qrOf is for who looks at the page on a computer: the phone opens the same
// page. It is nil where a phone would not reach that.
func qrOf(r *http.Request) *qrPath {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if a, err := netip.ParseAddr(strings.Trim(host, "[]")); host == "localhost" || err == nil && a.IsLoopback() {
		return nil
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	code, err := qr.Encode(scheme+"://"+r.Host+r.URL.Path, qr.M)
	if err != nil { // the name is too long
		return nil
	}
	var b strings.Builder
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+quietZone, y+quietZone)
			}
		}
	}
	return &qrPath{code.Size + 2*quietZone, b.String()}
}
