package web

import (
	"errors"
	"fmt"
	"html"
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// originsMark is where the frame's page takes the origins of the pages that may
// talk to it.
var originsMark = regexp.MustCompile(`<meta name="matthan-origins" content=""\s*/?>`)

// frameFile is the frame's page in the bundle.
const frameFile = "embed/index.html"

// Frame serves the page that portals put into theirs. It is safe for concurrent
// use.
type Frame struct {
	before  []byte // of the page: what comes before the mark, and after it
	after   []byte
	built   bool
	origins func(portal string) (origins []string, ok bool)
}

// NewFrame reads the frame's page out of bundle. Origins gives a portal's; ok is
// false for one that there is not.
func NewFrame(bundle fs.FS, origins func(portal string) (list []string, ok bool)) (*Frame, error) {
	page, err := fs.ReadFile(bundle, frameFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &Frame{origins: origins}, nil
	case err != nil:
		return nil, fmt.Errorf("read the frame's page: %w", err)
	}
	at := originsMark.FindAllIndex(page, -1)
	if len(at) != 1 {
		return nil, errors.New("the frame's page must hold once: " + `<meta name="matthan-origins" content="">`)
	}
	return &Frame{page[:at[0][0]], page[at[0][1]:], true, origins}, nil
}

// ServeHTTP implements http.Handler for GET /embed/{portal}/{camera}. Whether
// there is such a camera is not told: that is for who shows a token.
func (f *Frame) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	(&Handler{}).secure(w, r)
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	origins, ok := f.origins(r.PathValue("portal"))
	switch {
	case !ok:
		http.Error(w, "not found", http.StatusNotFound)
		return
	case !f.built:
		http.Error(w, "the frame is not built: run make", http.StatusServiceUnavailable)
		return
	}
	// An origin can add nothing to the policy: see auth's isPortalOrigin.
	policy := strings.Replace(h.Get("Content-Security-Policy"), "frame-ancestors 'none'", "frame-ancestors "+strings.Join(origins, " "), 1)
	h.Set("Content-Security-Policy", policy)
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // for portals that isolate themselves
	h.Set("Content-Type", "text/html; charset=utf-8")
	mark := `<meta name="matthan-origins" content="` + html.EscapeString(strings.Join(origins, " ")) + `">`
	page := slices.Concat(f.before, []byte(mark), f.after)
	h.Set("Content-Length", strconv.Itoa(len(page)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(page) // the browser may be gone
	}
}
