package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "matthan"

// rooms says which of the other packages each package may import. The wiring
// at the root, ".", may import all. A new package is a decision: it is an error
// until it stands here.
var rooms = map[string][]string{
	"gateway/video":    {},
	"auth":             {},
	"auth/audit":       {"auth"},
	"auth/page":        {},
	"auth/portal":      {"auth"},
	"auth/provider":    {"auth", "auth/page"},
	"auth/login":       {"auth", "auth/page"},
	"web":              {},
	"web/gate":         {"auth", "auth/page"},
	"gateway":          {"gateway/video"},
	"gateway/digest":   {},
	"gateway/rawio":    {},
	"gateway/rtsp":     {"gateway", "gateway/digest", "gateway/rawio", "gateway/video"},
	"gateway/onvif":    {"gateway", "gateway/digest"},
	"gateway/doctor":   {"gateway/rtsp", "gateway", "gateway/video"}, // what a pull says of a camera, in words
	"gateway/rtc":      {"gateway", "gateway/rawio", "gateway/video"},
	"gateway/simulate": {"gateway/video"},
	"gateway/sheet":    {"gateway"},
	"gateway/hook":     {"gateway"}, // tells another server what administrators are told
	"gateway/pmtiles":  {},
	"gateway/cluster":  {"gateway", "auth", "auth/audit"},
	"gateway/api":      {"gateway/rtc", "gateway/doctor", "gateway/onvif", "gateway/sheet", "gateway/pmtiles", "gateway", "auth", "auth/audit"},
	"transcode":        {"gateway", "gateway/video"},
	"signaling":        {"gateway/rtc", "gateway", "gateway/video", "auth"},

	"docs/examples/portal/go": {}, // a portal's, and no part of the program: a module of its own
}

// technologies says which packages may import a library: one technology, one
// room. The longest prefix of an import counts; a library that is not here is an
// error, as is the standard library's os/exec.
var technologies = map[string][]string{
	"github.com/bluenviron/gortsplib/v4":   {"gateway/rtsp", "gateway/simulate"}, // its client: see clientRoom
	"github.com/bluenviron/mediacommon/v2": {"gateway/rtsp", "gateway/simulate"},
	"github.com/pion":                      {"gateway/rtc"},
	"github.com/pion/rtp":                  {"gateway/rtc", "gateway/rtsp", "gateway/simulate"},
	"github.com/pion/rtcp":                 {"gateway/rtc", "gateway/rtsp", "gateway/simulate"},
	"github.com/pion/sdp/v3":               {"gateway/rtc", "gateway/rtsp", "gateway/simulate"},
	"github.com/gorilla/websocket":         {"signaling"},
	"github.com/nats-io":                   {"gateway/cluster"},
	"github.com/coreos/go-oidc/v3":         {"auth/login"},
	"golang.org/x/oauth2":                  {"auth/login"},
	"github.com/zitadel/oidc/v3":           {"auth/provider"},
	"github.com/go-jose/go-jose/v4":        {"auth/provider"}, // its types are the provider library's
	"github.com/go-webauthn/webauthn":      {"auth/provider"}, // passkeys
	"github.com/rs/cors":                   {"auth/provider"}, // to shut what the provider library leaves open
	"golang.org/x/crypto/argon2":           {"auth/provider"},
	"golang.org/x/text":                    {"auth/provider"},
	"golang.org/x/net":                     {"gateway/rtc"},
	"golang.org/x/sys":                     {"gateway/rawio", "gateway/rtc", "transcode"}, // what the kernel alone can do
	"go.yaml.in/yaml/v3":                   {".", "gateway/sheet"},
	"rsc.io/qr":                            {"."},
	"os/exec":                              {"transcode"},
}

// clientRoom is the only package that may be a client of a camera.
const clientRoom = "gateway/rtsp"

// room is what one package's files, but its tests, use.
type room struct {
	imports []string
	clients int // uses of gortsplib.Client
}

func TestImportsPointDownOneTechnologyARoom(t *testing.T) {
	t.Parallel()
	found := readRooms(t, ".")
	for _, c := range complaints(found) {
		t.Error(c)
	}
	for _, name := range []string{".", "auth", "gateway", "gateway/video"} {
		if _, ok := found[name]; !ok {
			t.Errorf("the package %s was not read", name)
		}
	}
}

func TestForbiddenImportIsNoticed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ file, source, want string }{
		{"gateway/video/a.go", `import _ "matthan/gateway"`, "gateway/video may not import matthan/gateway"},
		{"gateway/a.go", `import _ "matthan/gateway/rtsp"`, "gateway may not import matthan/gateway/rtsp"},
		{"gateway/rtsp/a.go", `import _ "matthan/gateway/doctor"`, "gateway/rtsp may not import matthan/gateway/doctor"},
		{"gateway/rtsp/a.go", `import _ "matthan/gateway/rtc"`, "gateway/rtsp may not import matthan/gateway/rtc"},
		{"auth/a.go", `import _ "matthan/gateway"`, "auth may not import matthan/gateway"},
		{"signaling/a.go", `import _ "github.com/pion/webrtc/v4"`, "signaling may not import github.com/pion/webrtc/v4"},
		{"gateway/rtsp/a.go", `import _ "github.com/pion/webrtc/v4"`, "gateway/rtsp may not import github.com/pion/webrtc/v4"},
		{"gateway/a.go", `import _ "github.com/pion/rtp"`, "gateway may not import github.com/pion/rtp"},
		{"gateway/api/a.go", `import _ "github.com/gorilla/websocket"`, "gateway/api may not import github.com/gorilla/websocket"},
		{"gateway/a.go", `import _ "os/exec"`, "gateway may not import os/exec"},
		{"a.go", `import _ "os/exec"`, ". may not import os/exec"},
		{"web/a.go", `import _ "example.com/new"`, "web imports example.com/new, a library without a room"},
		{"utils/a.go", ``, "utils is a package without a place in the house"},
		{"transcode/a.go", `import _ "matthan/auth"`, "transcode may not import matthan/auth"},
		{"gateway/api/a.go", `import _ "matthan/transcode"`, "gateway/api may not import matthan/transcode"},
		{"gateway/simulate/a.go", "import \"github.com/bluenviron/gortsplib/v4\"\nvar c gortsplib.Client", "gateway/simulate uses gortsplib.Client"},
		{"gateway/simulate/a.go", "import rtsp \"github.com/bluenviron/gortsplib/v4\"\nvar c rtsp.Client", "gateway/simulate uses gortsplib.Client"},
	} {
		dir := t.TempDir()
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(tt.file)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, tt.file), []byte("package a\n"+tt.source+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		got := complaints(readRooms(t, dir))
		if len(got) == 0 || !strings.Contains(strings.Join(got, "\n"), tt.want) {
			t.Errorf("%s with %s: %q, want %q", tt.file, tt.source, got, tt.want)
		}
	}
}

// complaints are all broken rules, one line each.
func complaints(found map[string]room) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(found)) {
		below, known := rooms[name]
		if !known && name != "." {
			out = append(out, fmt.Sprintf("%s is a package without a place in the house: decide it in rooms", name))
			continue
		}
		for _, imported := range found[name].imports {
			if ours, ok := strings.CutPrefix(imported, module+"/"); ok {
				if name != "." && !slices.Contains(below, ours) {
					out = append(out, fmt.Sprintf("%s may not import %s: imports point down", name, imported))
				}
				continue
			}
			allowed, listed := technology(imported)
			switch {
			case !listed && strings.Contains(strings.Split(imported, "/")[0], "."):
				out = append(out, fmt.Sprintf("%s imports %s, a library without a room: decide it in technologies", name, imported))
			case listed && !slices.Contains(allowed, name):
				out = append(out, fmt.Sprintf("%s may not import %s: one technology, one room", name, imported))
			}
		}
		if name != clientRoom && found[name].clients > 0 {
			out = append(out, fmt.Sprintf("%s uses gortsplib.Client: cameras are pulled in %s only", name, clientRoom))
		}
	}
	return out
}

// technology finds the rooms of the longest listed prefix of an import.
func technology(imported string) (allowed []string, listed bool) {
	for p := imported; p != "." && p != "/"; p = path.Dir(p) {
		if allowed, listed = technologies[p]; listed {
			return allowed, true
		}
	}
	return nil, false
}

// readRooms reads all packages below dir.
func readRooms(t *testing.T, dir string) map[string]room {
	t.Helper()
	found := map[string]room{}
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); file != dir && (n == "node_modules" || n == "testdata" || strings.HasPrefix(n, ".")) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, filepath.Dir(file))
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		r := found[name]
		r.add(f)
		found[name] = r
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func (r *room) add(f *ast.File) {
	gortsplib := "" // as the file calls it
	for _, i := range f.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			continue // the parser has refused it
		}
		r.imports = append(r.imports, p)
		if p == "github.com/bluenviron/gortsplib/v4" {
			if gortsplib = "gortsplib"; i.Name != nil {
				gortsplib = i.Name.Name
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "Client" {
			if x, ok := s.X.(*ast.Ident); ok && x.Name == gortsplib {
				r.clients++
			}
		}
		return true
	})
}
