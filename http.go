package main

import (
	"crypto/x509"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// plain decides what the listener without TLS serves.
type plain struct {
	product http.Handler
	url     *url.URL   // the configured one, or nil
	https   string     // port of the listener with TLS, "" where there is none
	root    *rootPages // our authority's, nil with a certificate from elsewhere
}

// httpHandler is for the listener without TLS. To this machine it serves the
// product, under its own name only: another name in Host is a page that had
// its name point at us (DNS rebinding), and is refused with 421. To others it
// serves nothing but the root certificate and the way to https, so that
// nothing secret ever goes in clear.
func httpHandler(product http.Handler, configured *url.URL, httpsPort string, root *x509.Certificate) http.Handler {
	p := &plain{product: product, url: configured, https: httpsPort}
	if root != nil {
		p.root = &rootPages{cert: root, url: configured, https: httpsPort}
	}
	return p
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
		p.root.file(w, r)
	case (r.URL.Path == "/" || r.URL.Path == rootPagePath) && p.root != nil:
		p.root.page(w, r)
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
func (p *plain) target(r *http.Request) string { return secureOrigin(r, p.url, p.https) }

// secureOrigin is where https is served, for who sends r: by the configured URL,
// else by the name that was used for us and our port with TLS.
func secureOrigin(r *http.Request, configured *url.URL, port string) string {
	if configured != nil && configured.Scheme == "https" {
		return configured.String()
	}
	if port == "" {
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
	if port == "443" {
		return "https://" + host
	}
	return "https://" + host + ":" + port
}
