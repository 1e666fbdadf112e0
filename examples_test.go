package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"matthan/auth"
)

// The examples of docs/examples/portal, run as their readers would run them.

// developer is a portal's, at their own desk: a directory with a key, and what the
// gateway's administrator has told them.
type developer struct {
	s   *station
	at  ward
	dir string
	env []string
}

// newDeveloper follows docs/embedding.md: makes a key, and has the portal
// registered.
func newDeveloper(t *testing.T) *developer {
	t.Helper()
	for _, tool := range []string{"openssl", "curl", "sh"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("this needs " + tool)
		}
	}
	secret, err := auth.NewSecret(adminToken)
	if err != nil {
		t.Fatal(err)
	}
	s := newStationWith(t, func(c *Config) {
		c.Tokens = []auth.Token{{Name: "admin", Secret: secret, Areas: []string{auth.AllAreas}, Actions: []auth.Action{auth.Administer}}}
	})
	d := &developer{s: s, at: s.ward(), dir: t.TempDir()}
	_, root := s.admin.do("GET", rootPath, "", "")
	der := []byte(root)
	if block, _ := pem.Decode(der); block != nil {
		der = block.Bytes
	}
	if _, err := x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	ca := filepath.Join(d.dir, "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	d.env = append(os.Environ(), "CACERT="+ca, "GATEWAY="+s.origin, "PORTAL=cong-quan", "KID=k1", "KEY="+filepath.Join(d.dir, "portal.pem"),
		"AREA="+d.at.area, "CAMERA="+d.at.camera, "ORIGIN="+portalPage, "OFFICER=cb-0042", "NAME=Lê An")
	d.run(t, "", "openssl", "genpkey", "-algorithm", "ed25519", "-out", filepath.Join(d.dir, "portal.pem"))
	var doc struct{ Audience string }
	if text := d.run(t, "ADMIN="+adminToken, "docs/examples/portal/curl/register.sh"); json.Unmarshal([]byte(text), &doc) != nil || doc.Audience != s.origin {
		t.Fatalf("registered: %s", text)
	}
	return d
}

// run runs a program to its end and returns what it prints.
func (d *developer) run(t *testing.T, more, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = d.env
	if more != "" {
		cmd.Env = append(cmd.Env, more)
	}
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v: %s%s", name, err, out, &said)
	}
	return strings.TrimSpace(string(out))
}

// serve runs a portal until the test ends and returns its address.
func (d *developer) serve(t *testing.T, listen, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(d.env, "LISTEN="+listen)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	said := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(out).ReadString('\n')
		said <- line
	}()
	select {
	case line := <-said:
		at, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
		if !ok {
			t.Fatalf("%s says %q", name, line)
		}
		return "http://" + at
	case <-time.After(patience):
		t.Fatalf("%s does not listen", name)
	}
	return ""
}

// plays shows the camera to an officer with a token, as the portal's page would.
func (d *developer) plays(t *testing.T, token string) {
	t.Helper()
	c, err := d.s.dialFrom(portalPage)
	if err != nil {
		t.Fatal(err)
	}
	look(t, c, token, d.at.camera)
	opened := d.s.auditor().finds(1, "event=view.opened&camera="+d.at.camera)
	if opened[0].Subject != "portal:cong-quan:cb-0042" || opened[0].Name != "Lê An" {
		t.Errorf("%+v", opened[0])
	}
}

// portalServes asks a portal for its page and a token, and uses that.
func (d *developer) portalServes(t *testing.T, url string) {
	t.Helper()
	ask := func(method, path string, header ...string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), method, url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(text)
	}
	if status, page := ask("GET", "/"); status != http.StatusOK || !strings.Contains(page, fmt.Sprintf(`src="%s/embed/cong-quan/%s"`, d.s.origin, d.at.camera)) {
		t.Errorf("%d %s", status, page)
	}
	if status, text := ask("POST", "/token", "Sec-Fetch-Site", "cross-site"); status < 400 {
		t.Errorf("another site's page gets a token: %d %s", status, text)
	}
	var doc struct{ Token string }
	if status, text := ask("POST", "/token", "Sec-Fetch-Site", "same-origin"); json.Unmarshal([]byte(text), &doc) != nil {
		t.Fatalf("%d %s", status, text)
	}
	d.plays(t, doc.Token)
}

func TestTheExampleInGoShowsACamera(t *testing.T) {
	t.Parallel()
	d := newDeveloper(t)
	program := filepath.Join(d.dir, "portal")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	build.Dir = filepath.Join("docs", "examples", "portal", "go")
	build.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	url := d.serve(t, "127.0.0.1:0", program)
	d.portalServes(t, url)
	resp, err := http.Get(url + "/element")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	policy := resp.Header.Get("Content-Security-Policy")
	_, rest, _ := strings.Cut(policy, "'nonce-")
	nonce, _, _ := strings.Cut(rest, "'")
	text, err := io.ReadAll(resp.Body)
	for _, has := range []string{d.s.origin + `/camera-view.js"`, `nonce="` + nonce + `"`, `camera="` + d.at.camera + `"`} {
		if err != nil || nonce == "" || !strings.Contains(string(text), has) {
			t.Errorf("the element's page has no %s: %v %s %s", has, err, policy, text)
		}
	}
}

func TestTheExampleInTypeScriptShowsACamera(t *testing.T) {
	t.Parallel()
	const source = "docs/examples/portal/typescript/server.ts"
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("this needs node")
	}
	d := newDeveloper(t)
	var args []string
	if exec.CommandContext(t.Context(), "node", "--experimental-strip-types", "--version").Run() == nil {
		args = []string{"--experimental-strip-types", source}
	} else { // an older Node: have the viewer's compiler take the types out
		compiler := filepath.Join("web", "node_modules", "typescript", "lib", "tsc.js")
		if _, err := os.Stat(compiler); err != nil {
			t.Skip("this needs Node 22.6, or the viewer's compiler: run make")
		}
		d.run(t, "", "node", compiler, "--ignoreConfig", "--noCheck", "--target", "es2023", "--module", "esnext", "--moduleResolution", "bundler", "--outDir", d.dir, source)
		if err := os.WriteFile(filepath.Join(d.dir, "package.json"), []byte(`{"type":"module"}`), 0o600); err != nil {
			t.Fatal(err)
		}
		args = []string{filepath.Join(d.dir, "server.js")}
	}
	d.portalServes(t, d.serve(t, "0", "node", args...))
}

func TestTheExamplesOfTheShellShowACamera(t *testing.T) {
	t.Parallel()
	d := newDeveloper(t)
	d.plays(t, d.run(t, "", "docs/examples/portal/curl/sign.sh"))

	next := newDeveloper(t)
	var doc struct{ Secret string }
	next.s.admin.want(201, &doc, "POST", "portals/cong-quan/secret", "{}")
	next.plays(t, next.run(t, "SECRET="+doc.Secret, "docs/examples/portal/curl/issue.sh"))
}
