// Package web holds the viewer, the administration page and the page for guests:
// their TypeScript, and the bundle that is built of it, which is part of the
// program.
package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// all: takes dist/.gitkeep too, so that the program builds before the viewer.
//
//go:embed all:dist
var dist embed.FS

// Bundle is the viewer as it was built into the program: index.html and what
// it needs.
func Bundle() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // dist is a valid name
	}
	return sub
}

// file is one file of the bundle, ready to be sent.
type file struct {
	body, packed []byte // packed is gzip, nil where it gains nothing
	kind         string // Content-Type
	tag          string // ETag
	cache        string // Cache-Control
}

// Handler serves the viewer. It is safe for concurrent use.
type Handler struct {
	files   map[string]*file // by URL path; "/" is index.html, "/manage/" is manage/index.html
	folders map[string]bool  // "/manage", for who leaves out the last slash
	images  string           // origins of pictures on the viewer, beside our own; each after a blank
}

// NewHandler reads bundle into memory. Images are origins from which the viewer
// loads pictures, beside our own: of an operator's map.
func NewHandler(bundle fs.FS, images ...string) (*Handler, error) {
	h := &Handler{files: map[string]*file{}, folders: map[string]bool{}}
	for _, origin := range images {
		if host, ok := strings.CutPrefix(origin, "https://"); !ok || !isHost(host) {
			return nil, fmt.Errorf("%q is no origin of pictures: https and a host", origin)
		}
		h.images += " " + origin
	}
	err := fs.WalkDir(bundle, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path.Base(name), ".") || name == frameFile {
			return err
		}
		body, err := fs.ReadFile(bundle, name)
		if err != nil {
			return err
		}
		at := "/" + strings.TrimSuffix(name, "index.html")
		if at != "/"+name && at != "/" {
			h.folders[strings.TrimSuffix(at, "/")] = true
		}
		h.files[at], err = newFile(name, body)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the viewer: %w", err)
	}
	return h, nil
}

// kinds are the types of what a bundle may hold; the system's own table is
// not asked, as it differs from machine to machine.
var kinds = map[string]string{
	".html":        "text/html; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".css":         "text/css; charset=utf-8",
	".ts":          "text/plain; charset=utf-8", // TypeScript has no type of its own: video/mp2t is what the ending stands for elsewhere
	".json":        "application/json",
	".map":         "application/json",
	".webmanifest": "application/manifest+json",
	".txt":         "text/plain; charset=utf-8",
	".svg":         "image/svg+xml",
	".png":         "image/png",
	".jpg":         "image/jpeg",
	".webp":        "image/webp",
	".ico":         "image/x-icon",
	".woff2":       "font/woff2",
}

func newFile(name string, body []byte) (*file, error) {
	sum := sha256.Sum256(body)
	f := &file{body: body, kind: kinds[path.Ext(name)], cache: "no-cache", tag: `W/"` + base64.RawURLEncoding.EncodeToString(sum[:15]) + `"`}
	if f.kind == "" {
		return nil, errors.New("no type is known for " + name)
	}
	if strings.HasPrefix(name, "assets/") { // their names hold their content's hash
		f.cache = "public, max-age=31536000, immutable"
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	_, _ = z.Write(body) // to memory: cannot fail
	_ = z.Close()
	if packed.Len() < len(body)*9/10 {
		f.packed = packed.Bytes()
	}
	return f, nil
}

// forPortals is what pages of other origins, and who writes them, load:
// <camera-view>, and its types.
var forPortals = map[string]bool{"/camera-view.js": true, "/camera-view.d.ts": true}

// ServeHTTP implements http.Handler. The viewer is at "/", the administration
// page at "/manage/", that for guests at "/guest/", and nothing elsewhere. The
// frame's page is Frame's.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.secure(w, r)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "this address can only be read", http.StatusMethodNotAllowed)
		return
	}
	f, ok := h.files[r.URL.Path]
	if !ok && h.folders[r.URL.Path] {
		w.Header().Set("Location", r.URL.Path+"/")
		w.WriteHeader(http.StatusPermanentRedirect)
		return
	}
	if !ok {
		w.Header().Set("Cache-Control", "no-store")
		if r.URL.Path == "/" {
			http.Error(w, "the viewer is not built: run make", http.StatusServiceUnavailable)
			return
		}
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	hd := w.Header()
	if forPortals[r.URL.Path] {
		hd.Set("Access-Control-Allow-Origin", "*") // a module is fetched with CORS; it holds nothing that is not public
		hd.Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
	hd.Set("Cache-Control", f.cache)
	hd.Set("ETag", f.tag)
	hd.Set("Vary", "Accept-Encoding")
	for _, tag := range strings.Split(r.Header.Get("If-None-Match"), ",") {
		if strings.TrimPrefix(strings.TrimSpace(tag), "W/") == f.tag[2:] {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	hd.Set("Content-Type", f.kind)
	body := f.body
	if f.packed != nil && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		hd.Set("Content-Encoding", "gzip")
		body = f.packed
	}
	hd.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the browser may be gone
	}
}

// acceptsGzip reads Accept-Encoding (RFC 9110 section 12.5.3).
func acceptsGzip(header string) bool {
	for item := range strings.SplitSeq(header, ",") {
		coding, params, _ := strings.Cut(item, ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		weight, ok := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		q, err := strconv.ParseFloat(weight, 64)
		return !ok || err != nil || q > 0
	}
	return false
}

// secure sets the headers that keep the page to itself: nothing from
// elsewhere, no frame around it, no script from text.
func (h *Handler) secure(w http.ResponseWriter, r *http.Request) {
	connect := "connect-src 'self'"
	if isHost(r.Host) { // Safari before 15.4 does not count a WebSocket as 'self'
		if r.TLS == nil && isLoopback(r.Host) {
			connect += " ws://" + r.Host
		} else { // a proxy may have taken the TLS off
			connect += " wss://" + r.Host
		}
	}
	hd := w.Header()
	hd.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:"+h.imagesOf(r)+"; "+
		"media-src 'self' blob:; "+connect+"; font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "+
		"form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html matthan-shell")
	hd.Set("X-Content-Type-Options", "nosniff")
	hd.Set("Referrer-Policy", "no-referrer")
	hd.Set("Cross-Origin-Opener-Policy", "same-origin")
	hd.Set("Cross-Origin-Resource-Policy", "same-origin")
	hd.Set("Permissions-Policy", "camera=(), microphone=(), display-capture=(), usb=(), payment=(), geolocation=(self), "+
		"fullscreen=(self), screen-wake-lock=(self), picture-in-picture=(self)")
}

// imagesOf is what a page loads pictures from: only the viewer has a map.
func (h *Handler) imagesOf(r *http.Request) string {
	if r.URL.Path == "/" {
		return h.images
	}
	return ""
}

// isHost says whether a Host header can stand in a policy without adding to it.
func isHost(host string) bool {
	for i := range len(host) {
		c := host[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune(".-:[]", rune(c)) {
			return false
		}
	}
	return host != "" && len(host) <= 300
}

// isLoopback says whether a Host header names this machine to itself.
func isLoopback(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return host == "localhost" || host == "127.0.0.1" || host == "::1" || host == "[::1]"
}
