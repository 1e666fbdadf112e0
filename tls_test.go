package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func testCertificates(t *testing.T, cfg *Config) *certificates {
	t.Helper()
	c, err := newCertificates(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// handshake connects to a listener with c and returns what the server showed.
func handshake(t *testing.T, c *certificates, client *tls.Config) (tls.ConnectionState, error) {
	t.Helper()
	l, err := tls.Listen("tcp", "127.0.0.1:0", c.config())
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		_ = conn.(*tls.Conn).HandshakeContext(t.Context()) // the client tells how it went
	}()
	defer func() { l.Close(); <-done }()
	conn, err := tls.DialWithDialer(&net.Dialer{Timeout: 10 * time.Second}, "tcp", l.Addr().String(), client)
	if err != nil {
		return tls.ConnectionState{}, err
	}
	defer conn.Close()
	return conn.ConnectionState(), nil
}

func TestPhoneThatTrustsTheRootTrustsTheServer(t *testing.T) {
	t.Parallel()
	u, err := parseOrigin("https://camera.phuong-lang.example:8443")
	if err != nil {
		t.Fatal(err)
	}
	cfg := &Config{Data: filepath.Join(t.TempDir(), "data"), URL: u}
	c := testCertificates(t, cfg)
	pool := x509.NewCertPool()
	pool.AddCert(c.root())
	names := append([]string{"localhost", "127.0.0.1", "::1", "camera.phuong-lang.example"}, c.names()...)
	for _, name := range names {
		state, err := handshake(t, c, &tls.Config{RootCAs: pool, ServerName: name})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if leaf := state.PeerCertificates[0]; leaf.NotAfter.Sub(leaf.NotBefore) > 397*24*time.Hour || leaf.IsCA {
			t.Errorf("the server's certificate lasts from %v to %v", leaf.NotBefore, leaf.NotAfter)
		}
	}
	if _, err := handshake(t, c, &tls.Config{RootCAs: pool, ServerName: "other.example"}); err == nil {
		t.Error("the certificate serves for a foreign name")
	}
	if _, err := handshake(t, c, &tls.Config{RootCAs: x509.NewCertPool(), ServerName: "localhost"}); err == nil {
		t.Error("trusted without the root")
	}
	if _, err := handshake(t, c, &tls.Config{RootCAs: pool, ServerName: "localhost", MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("TLS 1.1 is spoken")
	}
	for _, name := range []string{"root.key", "server.key"} {
		if info, err := os.Stat(filepath.Join(cfg.Data, "authority", name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, info, err)
		}
	}
}

func TestRestartKeepsRootAndCertificate(t *testing.T) {
	t.Parallel()
	cfg := &Config{Data: t.TempDir()}
	a, b := testCertificates(t, cfg), testCertificates(t, cfg)
	if !a.root().Equal(b.root()) || !a.current.Load().Leaf.Equal(b.current.Load().Leaf) {
		t.Error("a restart made new certificates")
	}
	if d := time.Until(a.root().NotAfter); d < 9*365*24*time.Hour {
		t.Errorf("the root lasts %v", d)
	}
}

func TestCertificateIsRenewedBeforeItEnds(t *testing.T) {
	t.Parallel()
	c := testCertificates(t, &Config{Data: t.TempDir()})
	first := c.current.Load().Leaf
	if err := c.check(time.Now().Add(300 * 24 * time.Hour)); err != nil || !c.current.Load().Leaf.Equal(first) {
		t.Errorf("renewed too early: %v", err)
	}
	later := first.NotAfter.Add(-renewBefore + time.Hour)
	if err := c.check(later); err != nil || c.current.Load().Leaf.Equal(first) || c.current.Load().Leaf.NotAfter.Before(later.Add(300*24*time.Hour)) {
		t.Errorf("not renewed: %v", err)
	}
	if err := c.current.Load().Leaf.CheckSignatureFrom(c.root()); err != nil {
		t.Error(err)
	}
}

func TestCertificateIsRenewedForANewAddress(t *testing.T) {
	t.Parallel()
	c := testCertificates(t, &Config{Data: t.TempDir()})
	first := c.current.Load().Leaf
	if err := c.check(time.Now()); err != nil || !c.current.Load().Leaf.Equal(first) {
		t.Errorf("renewed for nothing: %v", err)
	}
	c.host = "new.example"
	if err := c.check(time.Now()); err != nil || c.current.Load().Leaf.VerifyHostname("new.example") != nil {
		t.Errorf("not renewed: %v", err)
	}
}

func TestDamagedAuthorityIsNotReplacedSilently(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(dir string) error{
		"the key is lost": func(dir string) error { return os.Remove(filepath.Join(dir, "root.key")) },
		"the key is cut":  func(dir string) error { return os.Truncate(filepath.Join(dir, "root.key"), 20) },
		"the root is cut": func(dir string) error { return os.Truncate(filepath.Join(dir, "root.crt"), 40) },
		"the key is another": func(dir string) error {
			return os.Rename(filepath.Join(dir, "server.key"), filepath.Join(dir, "root.key"))
		},
	} {
		cfg := &Config{Data: t.TempDir()}
		testCertificates(t, cfg)
		if err := damage(filepath.Join(cfg.Data, "authority")); err != nil {
			t.Fatal(err)
		}
		if _, err := newCertificates(cfg, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "from a backup") {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A start that was cut short between the two files is no damage, nor is a lost server certificate.
	for _, lost := range []string{"root.crt", "server.crt", "server.key"} {
		cfg := &Config{Data: t.TempDir()}
		testCertificates(t, cfg)
		if err := os.Remove(filepath.Join(cfg.Data, "authority", lost)); err != nil {
			t.Fatal(err)
		}
		c := testCertificates(t, cfg)
		if err := c.current.Load().Leaf.CheckSignatureFrom(c.root()); err != nil {
			t.Errorf("%s: %v", lost, err)
		}
	}
}

func TestCertificateFilesAreReadAgain(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), time.Now()
	file := TLSConfig{filepath.Join(dir, "authority", "server.crt"), filepath.Join(dir, "authority", "server.key")}
	a, err := openAuthority(dir, now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := newCertificates(&Config{TLS: file}, slog.New(slog.DiscardHandler)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a certificate that is not there: %v", err)
	}
	if _, err := a.server([]string{"first.example"}, now); err != nil {
		t.Fatal(err)
	}
	c := testCertificates(t, &Config{TLS: file})
	if c.root() != nil {
		t.Error("there is a root to offer for a certificate from elsewhere")
	}
	first := c.current.Load()
	if _, err := a.server([]string{"second.example", "third.example"}, now); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(file.CertificateFile, now, now.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if err := c.check(now); err != nil || c.current.Load().Leaf.VerifyHostname("second.example") != nil {
		t.Errorf("the new file is not read: %v", err)
	}
	if err := os.WriteFile(file.CertificateFile, []byte("half a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	second := c.current.Load()
	if err := c.check(now); err == nil || c.current.Load() != second || bytes.Equal(first.Certificate[0], second.Certificate[0]) {
		t.Errorf("a broken file must leave the last certificate in use: %v", err)
	}
	if err := c.check(now); err != nil {
		t.Errorf("the same broken file is told again: %v", err)
	}
}
