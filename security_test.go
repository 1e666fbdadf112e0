package main

import (
	"bytes"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var (
	namedTest    = regexp.MustCompile("`((?:Test|Fuzz)[A-Z]\\w*)`")
	namedBrowser = regexp.MustCompile("`browser: (\\w[^`]+)`")
	goTest       = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Z]\w*)\(\w+ \*testing\.`)
	tableRow     = regexp.MustCompile(`(?m)^\| (\d+\.\d+\.\d+[^|]*)\|([^|]+)\|([^|]+)\|([^|]*)\|$`)
)

// allTests are the Go tests by name, and the text of all browser tests.
func allTests(t *testing.T) (names map[string]bool, browser []byte) {
	t.Helper()
	names = map[string]bool{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "dist" || d.Name() != "." && strings.HasPrefix(d.Name(), ".")):
			return fs.SkipDir
		case !strings.HasSuffix(file, "_test.go") && !strings.HasSuffix(file, ".test.mjs"):
			return nil
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if strings.HasSuffix(file, ".mjs") {
			browser = append(browser, text...)
		}
		for _, m := range goTest.FindAllSubmatch(text, -1) {
			names[string(m[1])] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names, browser
}

// A requirement is shown by a test that exists, or by code, or is said not to be
// met.
func TestWhatIsSaidOfSecurityIsShown(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	names, browser := allTests(t)
	named := namedTest.FindAllSubmatch(text, -1)
	for _, m := range named {
		if !names[string(m[1])] {
			t.Errorf("there is no test %s", m[1])
		}
	}
	for _, m := range namedBrowser.FindAllSubmatch(text, -1) {
		if !bytes.Contains(browser, m[1]) {
			t.Errorf("there is no browser test %q", m[1])
		}
	}
	seen := map[string]bool{}
	rows := tableRow.FindAllStringSubmatch(string(text), -1)
	for _, m := range rows {
		no, does, shown := strings.TrimSpace(m[1]), strings.TrimSpace(m[3]), strings.TrimSpace(m[4])
		if seen[no] {
			t.Errorf("%s is there twice", no)
		}
		seen[no] = true
		if shown == "" && !strings.HasPrefix(does, "**no**") && !strings.HasPrefix(does, "not applicable") {
			t.Errorf("nothing shows %s", no)
		}
	}
	if len(rows) < 80 || len(named) < 100 {
		t.Errorf("only %d requirements and %d tests were found in the tables", len(rows), len(named))
	}
}

// Two servers in a row that see different ends of one request let strangers' text
// into somebody's next one.
func TestRequestsThatEndInTwoPlacesAreRefused(t *testing.T) {
	t.Parallel()
	root := testCertificates(t, &Config{Data: t.TempDir()}).root()
	addr := plainServer(t, nil, "8443", "", root)
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	for name, lines := range map[string]string{
		"two lengths":           "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
		"a signed length":       "Content-Length: +5\r\n\r\nhello",
		"two hosts":             "Host: evil.example\r\nContent-Length: 5\r\n\r\nhello",
		"an unknown coding":     "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
		"two codings":           "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
		"a space before colon":  "Content-Length : 5\r\n\r\nhello",
		"a coding in disguise":  "Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
		"a nul in a header":     "X: a\x00b\r\n\r\n",
		"a line end in a value": "X: a\rTransfer-Encoding: chunked\r\n\r\n",
	} {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		_ = c.SetDeadline(time.Now().Add(patience))
		_, _ = io.WriteString(c, "POST / HTTP/1.1\r\nHost: localhost:"+port+"\r\nConnection: close\r\n"+lines)
		answer, _ := io.ReadAll(c) // the server closes, perhaps with a reset
		_ = c.Close()
		if !bytes.HasPrefix(answer, []byte("HTTP/1.1 400 ")) && !bytes.HasPrefix(answer, []byte("HTTP/1.1 501 ")) {
			t.Errorf("%s: %.80q", name, answer)
		}
	}
}
