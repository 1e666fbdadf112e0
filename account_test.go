package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"matthan/auth"
	"matthan/gateway/cluster"
)

// runCommandLine gives what a command line says, and fails where its exit code
// is another.
func runCommandLine(t *testing.T, want int, args ...string) string {
	t.Helper()
	var out, complaint strings.Builder
	if code := command(t.Context(), args, &out, &complaint); code != want {
		t.Fatalf("%q: %d\n%s%s", args, code, out.String(), complaint.String())
	}
	return out.String() + complaint.String()
}

// serveUntilEnd runs a gateway and gives what stops it.
func serveUntilEnd(t *testing.T, cfg *Config) (origin, setUp string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan listening, 1), make(chan error, 1)
	go func() {
		ended <- serve(ctx, cfg, slog.New(slog.DiscardHandler), func(w listening) { ready <- w })
	}()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the gateway ended: %v", err)
		}
	}
	t.Cleanup(stop)
	select {
	case w := <-ready:
		return originOf(cfg, w), w.SetUp, stop
	case err := <-ended:
		ended <- nil
		t.Fatalf("the gateway did not start: %v", err)
	}
	return "", "", nil
}

var linkLine = regexp.MustCompile(`https?://\S+/id/link/\S+`)

// The only administrator has forgotten the password.
func TestAnAdministratorGetsBackInByTheCommandLine(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{"m.yaml": "http: ''\nhttps: 127.0.0.1:0\nwebrtc: {udp: '127.0.0.1:0'}\n"})
	file := filepath.Join(dir, "m.yaml")
	cfg, err := loadConfig(file)
	if err != nil {
		t.Fatal(err)
	}
	if out := runCommandLine(t, 1, "account", "list", "--config", file); !strings.Contains(out, "there is no store") {
		t.Error(out)
	}
	origin, setUp, stop := serveUntilEnd(t, cfg)
	b := newBrowser(t, origin)
	b.do("GET", setUp, "", "")
	b.post("/id/link", url.Values{"name": {"Trần Thị Bình"}, "login": {"binh"}, "password": {password}, "again": {password}})
	if resp, text := b.signIn("binh", password); resp.StatusCode != 200 || !b.known() {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	if out := runCommandLine(t, 1, "account", "recover", "binh", "--config", file); !strings.Contains(out, "stop it for a moment, or let an administrator do this") {
		t.Errorf("while the gateway runs: %s", out)
	}
	stop()

	if out := runCommandLine(t, 0, "account", "list", "--config", file); !regexp.MustCompile(`(?m)^binh +Trần Thị Bình +administrator,viewer,supervisor +all *$`).MatchString(out) {
		t.Error(out)
	}
	if out := runCommandLine(t, 1, "account", "recover", "bin", "--config", file); !strings.Contains(out, `there is no account "bin"`) {
		t.Error(out)
	}
	if out := runCommandLine(t, 1, "account", "recover", "binh", "--config", file); !strings.Contains(out, "set url") {
		t.Errorf("where the port is open: %s", out)
	}
	if err := os.WriteFile(file, fmt.Appendf(nil, "http: ''\nhttps: '%s'\nwebrtc: {udp: '127.0.0.1:0'}\n", strings.TrimPrefix(origin, "https://localhost")), 0o600); err != nil {
		t.Fatal(err)
	}
	if link := linkLine.FindString(runCommandLine(t, 0, "account", "recover", "Binh", "--config", file)); link == "" {
		t.Fatal("no link")
	}
	sessions := func() (n int) {
		err := withAccounts(t.Context(), cfg, io.Discard, func(_ *accounts, store *cluster.Store) error {
			running, err := openTable[auth.Session](t.Context(), store, "sessions")
			n = len(running.All())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := sessions(); n != 1 {
		t.Fatalf("%d sessions", n)
	}
	runCommandLine(t, 0, "account", "disable", "binh", "--config", file)
	if n := sessions(); n != 0 {
		t.Error("a session outlived disabling the account")
	}
	if out := runCommandLine(t, 1, "account", "recover", "binh", "--config", file); !strings.Contains(out, "matthan account enable binh first") {
		t.Error(out)
	}
	runCommandLine(t, 0, "account", "enable", "binh", "--config", file)
	link := linkLine.FindString(runCommandLine(t, 0, "account", "recover", "binh", "--config", file))
	done := runCommandLine(t, 0, "audit", "query", "--config", file, "--person", "console", "--event", "account.changed")
	for _, act := range []string{"disable: login binh", "enable: login binh", "recover: login binh"} {
		if !strings.Contains(done, act) {
			t.Errorf("the audit log does not have what was done on the machine: %s: %s", act, done)
		}
	}

	origin, setUp, _ = serveUntilEnd(t, cfg)
	if setUp != "" {
		t.Error("a set-up link is made")
	}
	_, path, _ := strings.Cut(link, "/id/link/")
	link = origin + "/id/link/" + path // it listens on another port now
	next := newBrowser(t, origin)
	const fresh = "mot mat khau khac han"
	if resp, text := next.do("GET", link, "", ""); resp.StatusCode != 200 {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	next.post("/id/link", url.Values{"password": {fresh}, "again": {fresh}})
	if resp, text := next.signIn("binh", fresh); resp.StatusCode != 200 || !next.known() {
		t.Errorf("%d %s", resp.StatusCode, text)
	}
}

func TestNoAccountsAreKeptWherePeopleSignInElsewhere(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{"secret": "a-secret-of-this-test", "m.yaml": goodSignIn})
	if out := runCommandLine(t, 1, "account", "list", "--config", filepath.Join(dir, "m.yaml")); !strings.Contains(out, "people sign in with https://id.example/realms/canh-sat") {
		t.Error(out)
	}
}

func TestAMadeTokenIsOneThatTheConfigurationTakes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "wall.token")
	out := runCommandLine(t, 0, "token", "--name", `Màn hình "lớn"`, "--areas", "phuong-lang, vinh", "--kinds", "public", "--for", "720h", file)
	secret, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 || strings.Contains(out, strings.TrimSpace(string(secret))) {
		t.Errorf("%v, %v: %s", info.Mode(), err, out)
	}
	_, lines, ok := strings.Cut(out, "under tokens:\n\n")
	cfg, err := parseConfig(filepath.Join(t.TempDir(), "m.yaml"), []byte("tokens:\n"+lines))
	if err != nil || !ok || len(cfg.Tokens) != 1 || cfg.Tokens[0].Name != `Màn hình "lớn"` || len(cfg.Tokens[0].Areas) != 2 || cfg.Tokens[0].Expires.IsZero() {
		t.Errorf("%v: %s", err, out)
	}
	runCommandLine(t, 1, "token", "--name", "a", "--areas", "all", file) // which is there
	if again, err := os.ReadFile(file); err != nil || string(again) != string(secret) {
		t.Error("a token that was there has changed")
	}
	other := filepath.Join(dir, "other.token")
	if out := runCommandLine(t, 1, "token", "--name", "a", "--areas", "all", "--kinds", "publik", other); !strings.Contains(out, `not "publik"`) {
		t.Error(out)
	}
	if _, err := os.Stat(other); err == nil {
		t.Error("a token that was refused left its file")
	}
}
