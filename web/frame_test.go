package web

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
)

const framePage = `<!doctype html><head><meta name="matthan-origins" content=""><script type="module" src="/assets/embed.js"></script></head>`

func newFrame(t *testing.T, page string) http.Handler {
	t.Helper()
	files := fstest.MapFS{".gitkeep": {}}
	if page != "" {
		files["embed/index.html"] = &fstest.MapFile{Data: []byte(page)}
	}
	f, err := NewFrame(files, func(portal string) ([]string, bool) {
		return []string{"https://portal.example", "https://portal.example:8443"}, portal == "quan"
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /embed/{portal}/{camera}", f)
	return mux
}

func TestTheFrameNamesThePagesThatMayEmbedIt(t *testing.T) {
	t.Parallel()
	h := newFrame(t, framePage)
	resp := get(t, h, "https://camera.example/embed/quan/lang-1")
	text := body(t, resp)
	csp := resp.Header.Get("Content-Security-Policy")
	if resp.StatusCode != 200 || !strings.Contains(csp, "; frame-ancestors https://portal.example https://portal.example:8443; ") || strings.Contains(csp, "'none'; require") ||
		!strings.Contains(csp, "default-src 'none'; script-src 'self';") || !strings.Contains(csp, "wss://camera.example") {
		t.Errorf("%d %s", resp.StatusCode, csp)
	}
	if want := strings.Replace(framePage, `content=""`, `content="https://portal.example https://portal.example:8443"`, 1); text != want {
		t.Errorf("%s", text)
	}
	for name, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
		"Cross-Origin-Resource-Policy": "cross-origin", "Set-Cookie": "", "X-Frame-Options": "", "Content-Type": "text/html; charset=utf-8"} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	// Whether there is such a camera is not told.
	if other := get(t, h, "https://camera.example/embed/quan/no-such-camera"); other.StatusCode != 200 || body(t, other) != text {
		t.Error("another camera has another frame")
	}
}

func TestNobodyMayEmbedTheFrameOfAnUnknownPortal(t *testing.T) {
	t.Parallel()
	resp := get(t, newFrame(t, framePage), "/embed/nobody/lang-1")
	if csp := resp.Header.Get("Content-Security-Policy"); resp.StatusCode != 404 || !strings.Contains(csp, "frame-ancestors 'none'") {
		t.Errorf("%d %s", resp.StatusCode, csp)
	}
	if resp := get(t, newFrame(t, ""), "/embed/quan/lang-1"); resp.StatusCode != 503 || !strings.Contains(resp.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Errorf("not built: %d", resp.StatusCode)
	}
	for _, page := range []string{"<!doctype html>", framePage + framePage} {
		if _, err := NewFrame(fstest.MapFS{"embed/index.html": {Data: []byte(page)}}, nil); err == nil {
			t.Errorf("a page that cannot be told its origins is taken: %s", page)
		}
	}
}
