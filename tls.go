package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// How certificates are kept fresh.
const (
	certificateCheck = 30 * time.Second    // how often files and addresses are looked at
	renewBefore      = 30 * 24 * time.Hour // of a certificate's end
)

// certificates holds the server's certificate and keeps it fresh: by our own
// authority, or from the configured files. It is safe for concurrent use.
type certificates struct {
	log       *slog.Logger
	files     TLSConfig
	authority *authority // nil with files
	host      string     // of the configured URL, "" for none
	current   atomic.Pointer[tls.Certificate]
	stamp     string // of the files as they were last read; Run's alone after the start
}

// newCertificates loads the configured certificate, or makes one by our own
// authority, which it makes too when data holds none.
func newCertificates(cfg *Config, log *slog.Logger) (*certificates, error) {
	c := &certificates{log: log, files: cfg.TLS}
	if cfg.URL != nil {
		c.host = cfg.URL.Hostname()
	}
	now := time.Now()
	if c.files.CertificateFile != "" {
		c.stamp = c.fileStamp()
		return c, c.load(now)
	}
	a, err := openAuthority(cfg.Data, now)
	if err != nil {
		return nil, err
	}
	c.authority = a
	log.Info("phones trust us by our root certificate", "file", filepath.Join(a.dir, "root.crt"), "sha256", fingerprint(a.root))
	return c, c.renew(now)
}

// Run follows changes of files and addresses, and the clock, until ctx ends.
func (c *certificates) Run(ctx context.Context) {
	tick := time.NewTicker(certificateCheck)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			if err := c.check(now); err != nil {
				c.log.Error("the certificate cannot be renewed; the last one stays in use", "err", err)
			}
		}
	}
}

// check renews the certificate where that is due.
func (c *certificates) check(now time.Time) error {
	if c.authority != nil {
		return c.renew(now)
	}
	stamp := c.fileStamp()
	if stamp == c.stamp {
		return nil
	}
	c.stamp = stamp
	return c.load(now)
}

// fileStamp changes when one of the files does.
func (c *certificates) fileStamp() string {
	var s strings.Builder
	for _, name := range []string{c.files.CertificateFile, c.files.KeyFile} {
		if info, err := os.Stat(name); err == nil {
			fmt.Fprintf(&s, "%d %d\n", info.ModTime().UnixNano(), info.Size())
		}
	}
	return s.String()
}

func (c *certificates) load(now time.Time) error {
	cert, err := tls.LoadX509KeyPair(c.files.CertificateFile, c.files.KeyFile)
	if err != nil {
		return fmt.Errorf("load the certificate: %w", err)
	}
	if cert.Leaf.NotAfter.Before(now.Add(renewBefore)) {
		c.log.Warn("the certificate ends soon: renew it", "file", c.files.CertificateFile, "ends", cert.Leaf.NotAfter)
	}
	c.current.Store(&cert)
	return nil
}

// renew makes a new certificate when the current one ends soon or lacks one of
// this machine's names and addresses.
func (c *certificates) renew(now time.Time) error {
	names := c.names()
	if cert := c.current.Load(); cert != nil && covers(cert.Leaf, names, now) {
		return nil
	}
	cert, err := c.authority.server(names, now)
	if err != nil {
		return err
	}
	c.current.Store(cert)
	return nil
}

// names are the DNS names and IP addresses by which this machine is reached.
func (c *certificates) names() []string {
	names := []string{"localhost", "127.0.0.1", "::1"}
	if host, err := os.Hostname(); err == nil && isHostname(host) {
		names = append(names, host)
		if !strings.Contains(host, ".") {
			names = append(names, host+".local") // as mDNS tells it to phones
		}
	}
	for _, a := range machineAddresses() {
		names = append(names, a.String())
	}
	if c.host != "" {
		names = append(names, c.host)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// covers says whether a certificate still serves for all names for a while.
func covers(leaf *x509.Certificate, names []string, now time.Time) bool {
	if now.Before(leaf.NotBefore) || now.Add(renewBefore).After(leaf.NotAfter) {
		return false
	}
	return !slices.ContainsFunc(names, func(n string) bool { return leaf.VerifyHostname(n) != nil })
}

// config is for a TLS server: TLS 1.2 or later, with forward secrecy and suites
// that authenticate what they encrypt, always with the newest certificate.
func (c *certificates) config() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		CipherSuites: []uint16{ // of TLS 1.2; those of 1.3 are all fit
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
			tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.current.Load(), nil },
	}
}

// root is our authority's certificate, nil where the configured files are used.
func (c *certificates) root() *x509.Certificate {
	if c.authority == nil {
		return nil
	}
	return c.authority.root
}

// machineAddresses are this machine's addresses that others can reach: those
// of private IPv4 networks first, for these are what phones nearby use.
func machineAddresses() []netip.Addr {
	var found []netip.Addr
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil
	}
	for _, i := range interfaces {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagLoopback != 0 {
			continue
		}
		addrs, err := i.Addrs()
		if err != nil {
			continue // the interface has just gone
		}
		for _, a := range addrs {
			if p, err := netip.ParsePrefix(a.String()); err == nil {
				if a := p.Addr().Unmap(); a.IsGlobalUnicast() && len(found) < 64 {
					found = append(found, a)
				}
			}
		}
	}
	rank := func(a netip.Addr) int {
		switch {
		case a.Is4() && a.IsPrivate():
			return 0
		case a.Is4():
			return 1
		}
		return 2
	}
	slices.SortStableFunc(found, func(a, b netip.Addr) int { return rank(a) - rank(b) })
	return found
}

// privateKey is what an authority's files hold.
func privateKey(der []byte) (*ecdsa.PrivateKey, error) {
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, err
	}
	if k, ok := key.(*ecdsa.PrivateKey); ok {
		return k, nil
	}
	return nil, errors.New("it is no ECDSA key")
}
