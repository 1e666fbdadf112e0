package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rsc.io/qr"

	"matthan/auth"
	"matthan/gateway/simulate"
)

func TestCommandLineTellsRightFromWrong(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args   string
		code   int
		stdout string
		stderr string
	}{
		{"", 2, "", "Usage: matthan COMMAND"},
		{"--help", 0, "Usage: matthan COMMAND", ""},
		{"version", 0, "matthan " + version, ""},
		{"fly", 2, "", `there is no command "fly"`},
		{"run --help", 0, "Usage: matthan run", ""},
		{"run --fast", 2, "", "matthan run: flag provided but not defined: -fast (see matthan run --help)"},
		{"run config.yaml", 2, "", `unexpected argument "config.yaml"`},
		{"run --config no-such.yaml", 1, "", "matthan run: read the configuration: stat no-such.yaml: no such file"},
		{"demo --help", 0, "Usage: matthan demo", ""},
		{"demo --http 8080", 2, "", "matthan demo: --http: an address to listen on looks like"},
		{"import --help", 0, "Usage: matthan import", ""},
		{"restore", 2, "", "matthan restore: name the file"},
		{"simulate --help", 0, "Usage: matthan simulate", ""},
		{"check --help", 0, "Usage: matthan check", ""},
		{"account --help", 0, "Usage: matthan account list", ""},
		{"account", 2, "", "matthan account: say list, recover"},
		{"account recover", 2, "", "matthan account: name the login after recover"},
		{"account list an", 2, "", "matthan account: list takes no login"},
		{"account list --config no-such.yaml", 1, "", "matthan account: read the configuration"},
		{"token --help", 0, "Usage: matthan token", ""},
		{"token --name a x.token", 2, "", "matthan token: it needs --name"},
		{"simulate --cameras 0", 2, "", "--cameras must be 1"},
	} {
		var stdout, stderr bytes.Buffer
		code := command(t.Context(), strings.Fields(tt.args), &stdout, &stderr)
		if code != tt.code || !strings.Contains(stdout.String(), tt.stdout) || !strings.Contains(stderr.String(), tt.stderr) || tt.stderr == "" && stderr.Len() > 0 {
			t.Errorf("matthan %s: %d\n%s\n%s", tt.args, code, &stdout, &stderr)
		}
		for _, later := range []string{"site"} {
			if strings.Contains(stdout.String(), "\n  "+later) {
				t.Errorf("a command is told of that does not exist: %s", later)
			}
		}
	}
}

func TestEachMistakeOfAConfigurationIsALine(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{"matthan.yaml": "http: [1]\ncamras: []\n"})
	var stderr bytes.Buffer
	code := command(t.Context(), []string{"run", "--config", filepath.Join(dir, "matthan.yaml")}, io.Discard, &stderr)
	want := "matthan run: matthan.yaml:1: this must be text, not a list\n" + `matthan run: matthan.yaml:2: unknown key "camras" (did you mean "cameras"?)` + "\n"
	if code != 1 || stderr.String() != want {
		t.Errorf("%d %s", code, &stderr)
	}
}

// TestCodeOnTheTerminalIsTheLink reads the blocks back, with their border.
func TestCodeOnTheTerminalIsTheLink(t *testing.T) {
	t.Parallel()
	const link = "https://192.168.100.200:8443/#token=abcdefghijklmnopqrstuvwx"
	drawn, err := qrCode(link)
	if err != nil {
		t.Fatal(err)
	}
	code, err := qr.Encode(link, qr.L)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(drawn, "\n"), "\n")
	if len(lines) != (code.Size+2*quietZone+1)/2 {
		t.Fatalf("%d lines for %d modules", len(lines), code.Size)
	}
	for i, line := range lines {
		inner, ok := strings.CutPrefix(line, "\x1b[38;5;16;48;5;231m")
		inner, ok2 := strings.CutSuffix(inner, "\x1b[0m")
		blocks := []rune(inner)
		if !ok || !ok2 || len(blocks) != code.Size+2*quietZone {
			t.Fatalf("line %d: %q", i, line)
		}
		for x, block := range blocks {
			upper, lower := block == '█' || block == '▀', block == '█' || block == '▄'
			if y := 2*i - quietZone; upper != code.Black(x-quietZone, y) || lower != code.Black(x-quietZone, y+1) {
				t.Fatalf("module %d,%d is wrong", x, y)
			}
		}
	}
	if _, err := qrCode(strings.Repeat("a", 8000)); err == nil {
		t.Error("a text too long for a code is drawn")
	}
}

func TestDemoSecretsAreKeptAndPrivate(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data", "demo")
	first, err := keptSecret(data, "demo.token", rand.Text)
	if err != nil {
		t.Fatal(err)
	}
	second, err := keptSecret(data, "demo.token", rand.Text)
	if err != nil || first != second || len(first) < 22 {
		t.Errorf("%d letters, then %d: %v", len(first), len(second), err)
	}
	if info, err := os.Stat(filepath.Join(data, "demo.token")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
}

func TestLinksCarryTheTokenInTheFragment(t *testing.T) {
	t.Parallel()
	at := func(ip string, port int) net.Addr { return &net.TCPAddr{IP: net.ParseIP(ip), Port: port} }
	var b strings.Builder
	if err := printLinks(&b, listening{HTTP: at("10.1.2.3", 8080), HTTPS: at("10.1.2.3", 8443)}, "secret", "pass-word", "AB:CD", false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"http://localhost:8080/#token=secret\n", "https://10.1.2.3:8443/#token=secret\n", "http://10.1.2.3:8080\n", "SHA-256 AB:CD", "điện thoại", "phone"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in %s", want, b.String())
		}
	}
	if strings.ContainsAny(b.String(), "█▀\x1b") || strings.Contains(strings.ReplaceAll(b.String(), "/#token=secret", ""), "secret") {
		t.Errorf("%s", b.String())
	}
	b.Reset()
	if err := printLinks(&b, listening{HTTP: at("10.1.2.3", 8080), HTTPS: at("10.1.2.3", 8443)}, "secret", "pass-word", "AB:CD", true); err != nil || !strings.Contains(b.String(), "▀") {
		t.Errorf("a terminal is shown no code: %v", err)
	}
	b.Reset()
	if err := printLinks(&b, listening{HTTP: at("127.0.0.1", 8080), HTTPS: at("127.0.0.1", 8443)}, "secret", "pass-word", "AB:CD", true); err != nil || !strings.Contains(b.String(), "no network") || strings.Contains(b.String(), "https://127") {
		t.Errorf("%s", b.String())
	}
}

func TestTakenPortSaysWhatToDo(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var stdout, stderr bytes.Buffer
	code := demoCommand(ctx, []string{"--http", l.Addr().String(), "--https", "127.0.0.1:0", "--udp", "127.0.0.1:0", "--data", t.TempDir()}, &stdout, &stderr)
	if code != 1 || !strings.Contains(stderr.String(), "another program uses this port; end it, or choose another port with --http") || !strings.Contains(stderr.String(), l.Addr().String()) {
		t.Errorf("%d %s", code, &stderr)
	}
}

func TestDemoPeopleSignIn(t *testing.T) {
	t.Parallel()
	dir, pass := t.TempDir(), demoPassword()
	for _, start := range []string{"first", "second"} { // of the same data
		t.Run(start, func(t *testing.T) {
			origin, setUp := startPeople(t, func(c *Config) {
				c.Data = dir
				c.prepare = func(ctx context.Context, s *signIn) error { return demoAccounts(ctx, s, pass) }
			})
			if setUp != "" {
				t.Error("there are accounts, and a set-up link")
			}
			for _, p := range demoPeople {
				b := newBrowser(t, origin)
				if resp, text := b.signIn(p.login, pass); resp.StatusCode != 200 || !b.known() {
					t.Errorf("%s: %d %.200s", p.login, resp.StatusCode, text)
				}
			}
		})
	}
}

func TestTheDemosHouseholdIsShownForACase(t *testing.T) {
	t.Parallel()
	cameras, err := simulate.Start(simulate.Options{Cameras: demoCameras})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cameras.Close(); _ = cameras.Wait() })
	pass := demoPassword()
	origin, _ := startPeople(t, func(c *Config) {
		if c.Inventory, err = demoInventory(cameras); err != nil {
			t.Fatal(err)
		}
		c.prepare = func(ctx context.Context, s *signIn) error {
			return errors.Join(demoAccounts(ctx, s, pass), demoHouseholds(ctx, s, c.Inventory.Cameras(), time.Now()))
		}
	})
	officer := newBrowser(t, origin)
	officer.signIn("canbo", pass)
	household := func() (found int, needs bool) {
		var doc struct {
			Cameras []struct {
				Kind, Closed string
				NeedsCase    bool `json:"needs_case"`
			}
		}
		officer.want(200, &doc, "GET", "cameras", "")
		for _, c := range doc.Cameras {
			if c.Kind == auth.Household && c.Closed == "" {
				found, needs = found+1, c.NeedsCase
			} else if c.NeedsCase || c.Closed != "" {
				t.Errorf("%+v", c)
			}
		}
		return found, needs
	}
	if n, needs := household(); n != 1 || !needs {
		t.Errorf("%d households, a case is asked for: %v", n, needs)
	}
	officer.want(204, nil, "PUT", "case", `{"reason":"missing","number":"12/2026"}`)
	if n, needs := household(); n != 1 || needs {
		t.Errorf("%d households, a case is asked for: %v", n, needs)
	}
}
