package web

import (
	"compress/gzip"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

var (
	script = strings.Repeat("console.log('camera');\n", 100)
	bundle = fstest.MapFS{
		".gitkeep":                {},
		"index.html":              {Data: []byte("<!doctype html><title>Matthan</title>")},
		"assets/index-B7f2c1.js":  {Data: []byte(script)},
		"assets/index-B7f2c1.css": {Data: []byte("body{}")},
		"manifest.webmanifest":    {Data: []byte("{}")},
		"sw.js":                   {Data: []byte("0")},
		"manage/index.html":       {Data: []byte("<!doctype html><title>Manage</title>")},
		"embed/index.html":        {Data: []byte(`<!doctype html><meta name="matthan-origins" content=""><title>Frame</title>`)},
		"camera-view.js":          {Data: []byte(script)},
		"camera-view.d.ts":        {Data: []byte("export {}")},
	}
)

func get(t *testing.T, h http.Handler, target string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest("GET", target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, resp *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestBundleIsServed(t *testing.T) {
	t.Parallel()
	h, err := NewHandler(bundle)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][2]string{
		"/":                        {"text/html; charset=utf-8", "no-cache"},
		"/manage/":                 {"text/html; charset=utf-8", "no-cache"},
		"/assets/index-B7f2c1.js":  {"text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		"/assets/index-B7f2c1.css": {"text/css; charset=utf-8", "public, max-age=31536000, immutable"},
		"/manifest.webmanifest":    {"application/manifest+json", "no-cache"},
		"/sw.js":                   {"text/javascript; charset=utf-8", "no-cache"}, // else an old version of the app would stay
	} {
		resp := get(t, h, path)
		if got := [2]string{resp.Header.Get("Content-Type"), resp.Header.Get("Cache-Control")}; resp.StatusCode != 200 || got != want {
			t.Errorf("%s: %d %v", path, resp.StatusCode, got)
		}
		if resp := get(t, h, path, "If-None-Match", resp.Header.Get("ETag")); resp.StatusCode != 304 || body(t, resp) != "" {
			t.Errorf("%s again: %d", path, resp.StatusCode)
		}
	}
	for _, path := range []string{"/index.html", "/manage/index.html", "//manage", "/manage/x", "/camera/1", "/assets/", "/assets", "/.gitkeep", "/../web.go", "/assets/../index.html"} {
		if resp := get(t, h, path); resp.StatusCode != 404 {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("POST", "/", nil))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") == "" {
		t.Errorf("POST: %d", w.Code)
	}
}

func TestAdministrationPageIsFoundWithoutItsLastSlash(t *testing.T) {
	t.Parallel()
	h, err := NewHandler(bundle)
	if err != nil {
		t.Fatal(err)
	}
	if resp := get(t, h, "/manage?x=//evil.example"); resp.StatusCode != 308 || resp.Header.Get("Location") != "/manage/" {
		t.Errorf("%d %q", resp.StatusCode, resp.Header.Get("Location"))
	}
}

func TestScriptsAreSentCompressed(t *testing.T) {
	t.Parallel()
	h, err := NewHandler(bundle)
	if err != nil {
		t.Fatal(err)
	}
	resp := get(t, h, "/assets/index-B7f2c1.js", "Accept-Encoding", "br, gzip")
	if resp.Header.Get("Content-Encoding") != "gzip" || resp.Header.Get("Vary") != "Accept-Encoding" {
		t.Fatalf("%v", resp.Header)
	}
	z, err := gzip.NewReader(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(z); err != nil || string(b) != script {
		t.Errorf("%v, %d bytes", err, len(b))
	}
	for _, accept := range []string{"", "br", "gzip;q=0"} {
		if resp := get(t, h, "/assets/index-B7f2c1.js", "Accept-Encoding", accept); resp.Header.Get("Content-Encoding") != "" || body(t, resp) != script {
			t.Errorf("compressed for %q", accept)
		}
	}
}

func TestUnbuiltViewerSaysSo(t *testing.T) {
	t.Parallel()
	h, err := NewHandler(fstest.MapFS{".gitkeep": {}})
	if err != nil {
		t.Fatal(err)
	}
	resp := get(t, h, "/")
	if b := body(t, resp); resp.StatusCode != 503 || b != "the viewer is not built: run make\n" {
		t.Errorf("%d %q", resp.StatusCode, b)
	}
	if _, err := NewHandler(Bundle()); err != nil {
		t.Errorf("the program's own bundle: %v", err)
	}
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	h, err := NewHandler(bundle)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/assets/index-B7f2c1.js", "/missing"} {
		plain, secure := get(t, h, "http://localhost:8080"+path), get(t, h, "https://10.0.0.5:8443"+path)
		for want, resp := range map[string]*http.Response{" connect-src 'self' ws://localhost:8080;": plain, " connect-src 'self' wss://10.0.0.5:8443;": secure} {
			csp := resp.Header.Get("Content-Security-Policy")
			if !strings.Contains(csp, want) || !strings.HasPrefix(csp, "default-src 'none'; script-src 'self';") || !strings.Contains(csp, "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html matthan-shell") || !strings.Contains(csp, "; manifest-src 'self'; worker-src 'self';") {
				t.Errorf("%s: %s", path, csp)
			}
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin"} {
				if got := resp.Header.Get(name); got != want {
					t.Errorf("%s: %q", name, got)
				}
			}
			if !strings.Contains(resp.Header.Get("Permissions-Policy"), "microphone=()") {
				t.Error("no Permissions-Policy")
			}
		}
	}
}

func TestSocketBehindAProxyIsAllowed(t *testing.T) {
	t.Parallel()
	h, err := NewHandler(bundle)
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]string{"camera.phuong-lang.example": "wss:", "[::1]:8080": "ws:", "[::1]": "ws:", "127.0.0.1:8080": "ws:"} {
		csp := get(t, h, "http://"+host+"/").Header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "connect-src 'self' "+want+"//"+host+";") {
			t.Errorf("%s: %s", host, csp)
		}
	}
}

func TestHostCannotAddToThePolicy(t *testing.T) {
	t.Parallel()
	h, err := NewHandler(bundle)
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"evil.example; script-src *", "a b", "a,b", "'unsafe-inline'", "*", ""} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host, r.TLS = host, &tls.ConnectionState{}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "connect-src 'self'; font-src") {
			t.Errorf("Host %q: %s", host, csp)
		}
	}
}

func TestPagesOfOtherOriginsLoadTheElementAndNothingElse(t *testing.T) {
	t.Parallel()
	h, err := NewHandler(bundle)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][2]string{
		"/camera-view.js":         {"*", "cross-origin"},
		"/camera-view.d.ts":       {"*", "cross-origin"},
		"/":                       {"", "same-origin"},
		"/assets/index-B7f2c1.js": {"", "same-origin"},
	} {
		resp := get(t, h, path, "Origin", "https://portal.example")
		if got := [2]string{resp.Header.Get("Access-Control-Allow-Origin"), resp.Header.Get("Cross-Origin-Resource-Policy")}; resp.StatusCode != 200 || got != want {
			t.Errorf("%s: %d %q, want %q", path, resp.StatusCode, got, want)
		}
	}
}

func TestTheFrameIsNoPageOfItsOwn(t *testing.T) {
	t.Parallel()
	h, err := NewHandler(bundle)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/embed", "/embed/", "/embed/index.html"} {
		if resp := get(t, h, path); resp.StatusCode != 404 {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
	}
	mux := http.NewServeMux()
	frame, err := NewFrame(bundle, func(id string) ([]string, bool) { return []string{"https://portal.example"}, id == "quan" })
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("GET /embed/{portal}/{camera}", frame)
	resp := get(t, mux, "/embed/quan/lang")
	if text := body(t, resp); resp.StatusCode != 200 || !strings.Contains(text, `content="https://portal.example"`) {
		t.Errorf("%d %s", resp.StatusCode, text)
	}
	if csp := resp.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors https://portal.example;") {
		t.Error(csp)
	}
	if resp := get(t, mux, "/embed/none/lang"); resp.StatusCode != 404 || !strings.Contains(resp.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Errorf("%d %s", resp.StatusCode, resp.Header)
	}
}
