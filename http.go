package main

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// rootPath is where phones get our authority's certificate.
const rootPath = "/matthan-root.crt"

// plain decides what the listener without TLS serves.
type plain struct {
	product http.Handler
	url     *url.URL          // the configured one, or nil
	https   string            // port of the listener with TLS, "" where there is none
	root    *x509.Certificate // our authority's, nil with a certificate from elsewhere
}

// httpHandler is for the listener without TLS. To this machine it serves the
// product, under its own name only: another name in Host is a page that had
// its name point at us (DNS rebinding), and is refused with 421. To others it
// serves nothing but the root certificate and the way to https, so that
// nothing secret ever goes in clear.
func httpHandler(product http.Handler, configured *url.URL, httpsPort string, root *x509.Certificate) http.Handler {
	return &plain{product, configured, httpsPort, root}
}

func (p *plain) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !isLoopback(r.RemoteAddr) {
		p.elsewhere(w, r)
		return
	}
	if !p.isOurs(r) {
		http.Error(w, "this address is served under its own name only: open http://localhost"+portOf(r), http.StatusMisdirectedRequest)
		return
	}
	p.product.ServeHTTP(w, r)
}

func isLoopback(remote string) bool {
	a, err := netip.ParseAddrPort(remote)
	return err == nil && a.Addr().Unmap().IsLoopback()
}

// portOf is the port that a request came in by, with its colon; "" for 80.
func portOf(r *http.Request) string {
	if local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
		if a, err := netip.ParseAddrPort(local.String()); err == nil && a.Port() != 80 {
			return ":" + strconv.Itoa(int(a.Port()))
		}
	}
	return ""
}

// isOurs says whether the Host of a request from this machine names us: by a
// loopback name and our port, or by the configured URL, as a proxy on this
// machine passes it on.
func (p *plain) isOurs(r *http.Request) bool {
	host := strings.ToLower(r.Host)
	if p.url != nil && host == p.url.Host {
		return true
	}
	port := portOf(r)
	return host == "localhost"+port || host == "127.0.0.1"+port || host == "[::1]"+port
}

// elsewhere answers other machines.
func (p *plain) elsewhere(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	target := p.target(r)
	switch {
	case target == "":
		http.Error(w, "this gateway is served to its own machine only", http.StatusForbidden)
	case r.Method != http.MethodGet && r.Method != http.MethodHead || isProgram(r.URL.Path):
		// A program that speaks in clear is a mistake to be seen, not to be led on.
		h.Set("Upgrade", "TLS/1.2, HTTP/1.1") // RFC 9110 section 15.5.22
		h.Set("Connection", "Upgrade")
		http.Error(w, "use https: "+target, http.StatusUpgradeRequired)
	case r.URL.Path == rootPath && p.root != nil:
		h.Set("Content-Type", "application/x-x509-ca-cert")
		h.Set("Content-Disposition", `attachment; filename="matthan-root.crt"`)
		_, _ = w.Write(p.root.Raw) // the phone may be gone
	case r.URL.Path == "/" && p.root != nil:
		p.page(w, target)
	default:
		http.Redirect(w, r, target+pathAndQuery(r.URL), http.StatusPermanentRedirect)
	}
}

// isProgram says whether a path is for programs, not for people's browsers.
func isProgram(path string) bool {
	for _, room := range []string{"/api", "/ws", "/whep", "/metrics", "/healthz", "/readyz"} {
		if path == room || strings.HasPrefix(path, room+"/") {
			return true
		}
	}
	return false
}

// pathAndQuery never begins with two slashes, which would name another host.
func pathAndQuery(u *url.URL) string {
	s := "/" + strings.TrimLeft(u.EscapedPath(), `/\`)
	if u.RawQuery != "" {
		s += "?" + u.RawQuery
	}
	return s
}

// target is where https is served, without a slash at its end; "" if nowhere.
func (p *plain) target(r *http.Request) string {
	if p.url != nil && p.url.Scheme == "https" {
		return p.url.String()
	}
	if p.https == "" {
		return ""
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	if a, err := netip.ParseAddr(host); err == nil {
		if host = a.WithZone("").String(); a.Is6() {
			host = "[" + host + "]"
		}
	} else if !isHostname(host) {
		return ""
	}
	if p.https == "443" {
		return "https://" + host
	}
	return "https://" + host + ":" + p.https
}

// fingerprint is a certificate's SHA-256, as phones and browsers show it.
func fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return strings.ReplaceAll(fmt.Sprintf("% X", sum[:]), " ", ":")
}

const rootStyle = `body{font:17px/1.5 system-ui,sans-serif;max-width:34rem;margin:0 auto;padding:1.2rem;color:#14202b;background:#f6f8fa}
h1{font-size:1.4rem}h2{font-size:1.05rem;margin-bottom:.2rem}a.go{display:block;text-align:center;padding:.9rem;margin:.8rem 0;border-radius:.7rem;background:#0b6b53;color:#fff;text-decoration:none;font-weight:600}
a.next{background:#1d4f91}code{word-break:break-all;font-size:.85rem}section{border-top:1px solid #ccd5dd;margin-top:1.4rem}ol{padding-left:1.3rem}
@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d141b}section{border-color:#33424f}}`

// rootPage is what phones see that come without https. It stands alone.
var rootPage = template.Must(template.New("root").Parse(`<!doctype html>
<html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Matthan</title><style>{{.Style}}</style>
<h1>Kết nối an toàn tới Matthan</h1>
<p>Hình camera chỉ đi qua kết nối được mã hóa. Cài chứng chỉ gốc một lần trên máy này, rồi mở trang xem.</p>
<a class="go" href="{{.Root}}">1. Tải chứng chỉ gốc</a>
<p>Đối chiếu mã SHA-256 với quản trị viên trước khi cài:<br><code>{{.Fingerprint}}</code></p>
<h2>iPhone</h2><ol><li>Bấm tải, chọn “Cho phép”.</li><li>Cài đặt → Đã tải về hồ sơ → Cài đặt.</li>
<li>Cài đặt → Cài đặt chung → Giới thiệu → Cài đặt tin cậy chứng nhận: bật “{{.Name}}”.</li></ol>
<h2>Android</h2><ol><li>Bấm tải.</li><li>Cài đặt → Bảo mật → Mã hóa và thông tin xác thực → Cài đặt chứng chỉ → Chứng chỉ CA, chọn tệp vừa tải.</li></ol>
<a class="go next" href="{{.Target}}/">2. Mở trang xem camera</a>
<section lang="en"><h1>A safe connection to Matthan</h1>
<p>Pictures travel encrypted only. Install the root certificate on this phone once, then open the viewer.</p>
<a class="go" href="{{.Root}}">1. Download the root certificate</a>
<p>Compare its SHA-256 (above) with your administrator before you install it.</p>
<h2>iPhone</h2><ol><li>Download, choose “Allow”.</li><li>Settings → Profile Downloaded → Install.</li>
<li>Settings → General → About → Certificate Trust Settings: switch on “{{.Name}}”.</li></ol>
<h2>Android</h2><ol><li>Download.</li><li>Settings → Security → Encryption &amp; credentials → Install a certificate → CA certificate, choose the file.</li></ol>
<a class="go next" href="{{.Target}}/">2. Open the viewer</a></section></html>
`))

func (p *plain) page(w http.ResponseWriter, target string) {
	sum := sha256.Sum256([]byte(rootStyle))
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	_ = rootPage.Execute(w, struct { // the phone may be gone
		Style                           template.CSS
		Root, Fingerprint, Name, Target string
	}{rootStyle, rootPath, fingerprint(p.root), p.root.Subject.CommonName, target})
}
