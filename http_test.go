package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

const productText = "the product, with secrets"

// plainServer serves httpHandler on a real listener; with remote, as if every
// connection came from there.
func plainServer(t *testing.T, configured *url.URL, https, remote string, root *x509.Certificate) string {
	t.Helper()
	product := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, productText) })
	h := httpHandler(product, configured, https, root)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if remote != "" {
			r.RemoteAddr = remote
		}
		h.ServeHTTP(w, r)
	})}
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(l) }()
	t.Cleanup(func() { srv.Close(); <-done })
	return l.Addr().String()
}

func request(t *testing.T, method, addr, host, path string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "http://"+addr+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

func TestForgedHostFromLoopbackIsRefused(t *testing.T) {
	t.Parallel()
	u := &url.URL{Scheme: "https", Host: "camera.phuong-lang.example:8443"}
	addr := plainServer(t, u, "8443", "", nil)
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	for host, ours := range map[string]bool{
		"localhost:" + port: true, "LOCALHOST:" + port: true, "127.0.0.1:" + port: true, "[::1]:" + port: true,
		"camera.phuong-lang.example:8443": true,
		"evil.example":                    false, "evil.example:" + port: false, "localhost": false, "localhost:1": false,
		"camera.phuong-lang.example": false, "127.0.0.1.evil.example:" + port: false, "localhost.evil.example:" + port: false,
		"127.0.0.2:" + port: false, "10.0.0.1:" + port: false, "[::ffff:127.0.0.1]:" + port: false,
	} {
		for _, path := range []string{"/", "/api/v1/cameras", "/ws"} {
			resp, body := request(t, "GET", addr, host, path)
			if got := resp.StatusCode == 200 && body == productText; got != ours || !ours && resp.StatusCode != http.StatusMisdirectedRequest {
				t.Errorf("Host %s %s: %d %q", host, path, resp.StatusCode, body)
			}
		}
	}
}

func TestNothingSecretGoesInClear(t *testing.T) {
	t.Parallel()
	root := testCertificates(t, &Config{Data: t.TempDir()}).root()
	addr := plainServer(t, nil, "8443", "192.168.1.20:4711", root)
	for _, tt := range []struct {
		method, path string
		status       int
		location     string
	}{
		{"GET", "/", 200, ""},
		{"GET", rootPath, 200, ""},
		{"GET", "/camera/1?a=b", 308, "https://10.1.2.3:8443/camera/1?a=b"},
		{"GET", "//evil.example/x", 308, "https://10.1.2.3:8443/evil.example/x"},
		{"GET", "/assets/index.js", 308, "https://10.1.2.3:8443/assets/index.js"},
		{"POST", "/", 426, ""},
		{"POST", "/whep/a", 426, ""},
		{"OPTIONS", "/whep/a", 426, ""},
		{"GET", "/ws", 426, ""},
		{"GET", "/api/v1/cameras", 426, ""},
		{"GET", "/metrics", 426, ""},
	} {
		resp, body := request(t, tt.method, addr, "10.1.2.3:8080", tt.path)
		if resp.StatusCode != tt.status || resp.Header.Get("Location") != tt.location || strings.Contains(body, productText) {
			t.Errorf("%s %s: %d %s %.100s", tt.method, tt.path, resp.StatusCode, resp.Header.Get("Location"), body)
		}
		switch {
		case tt.path == "/" && tt.status == 200:
			for _, want := range []string{groups(fingerprint(root))[7], `href="/matthan-root.crt"`, `href="https://10.1.2.3:8443/"`, "iPhone", "Android", `lang="vi"`, "Cài chứng chỉ gốc", `href="?lang=en"`} {
				if !strings.Contains(body, want) {
					t.Errorf("the page lacks %q", want)
				}
			}
			if !strings.Contains(resp.Header.Get("Content-Security-Policy"), "style-src 'sha256-") || strings.Contains(body, "ZgotmplZ") {
				t.Errorf("the page's style is not let through: %v", resp.Header)
			}
		case tt.path == rootPath:
			if c, err := x509.ParseCertificate([]byte(body)); err != nil || !c.Equal(root) || resp.Header.Get("Content-Type") != "application/x-x509-ca-cert" {
				t.Errorf("the root: %v %v", err, resp.Header)
			}
		}
	}
	for _, host := range []string{"a b", `x"><script>`, "evil.example/..", ""} {
		p := &plain{https: "8443"}
		if got := p.target(&http.Request{Host: host}); got != "" {
			t.Errorf("Host %q leads to %s", host, got)
		}
	}
}

func TestRedirectLeadsToWhereTheProductIs(t *testing.T) {
	t.Parallel()
	u := &url.URL{Scheme: "https", Host: "camera.phuong-lang.example"}
	for _, tt := range []struct {
		url               *url.URL
		https, host, want string
		status            int
	}{
		{u, "8443", "10.1.2.3:8080", "https://camera.phuong-lang.example/", 308}, // the certificate is from elsewhere: no root to offer
		{nil, "443", "gateway:80", "https://gateway/", 308},
		{nil, "8443", "[fe80::1]:80", "https://[fe80::1]:8443/", 308},
		{nil, "", "10.1.2.3", "", 403},
	} {
		addr := plainServer(t, tt.url, tt.https, "10.9.9.9:1", nil)
		resp, body := request(t, "GET", addr, tt.host, "/")
		if resp.StatusCode != tt.status || resp.Header.Get("Location") != tt.want || strings.Contains(body, productText) {
			t.Errorf("%s: %d %s", tt.host, resp.StatusCode, resp.Header.Get("Location"))
		}
		if resp, _ := request(t, "GET", addr, tt.host, rootPath); resp.StatusCode == 200 {
			t.Error("a root is offered that does not exist")
		}
	}
}

func TestProductIsServedOverTLS(t *testing.T) {
	t.Parallel()
	c := testCertificates(t, &Config{Data: t.TempDir()})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{ReadHeaderTimeout: 10 * time.Second, TLSConfig: c.config(), Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, productText) })}
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.ServeTLS(l, "", "") }()
	t.Cleanup(func() { srv.Close(); <-done })
	pool := x509.NewCertPool()
	pool.AddCert(c.root())
	tr := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	defer tr.CloseIdleConnections()
	resp, err := (&http.Client{Transport: tr}).Get("https://" + l.Addr().String() + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if b, err := io.ReadAll(resp.Body); err != nil || string(b) != productText {
		t.Errorf("%q %v", b, err)
	}
}
