package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"time"
)

// authority is our own certificate authority, for gateways without a
// certificate from elsewhere. It lives in the directory "authority" of the
// data: root.crt, which phones are given; root.key, which nobody is; and the
// last certificate that it made for the server.
type authority struct {
	dir  string
	root *x509.Certificate
	key  *ecdsa.PrivateKey
}

const (
	rootLife   = 10 * 365 * 24 * time.Hour
	serverLife = 365 * 24 * time.Hour // browsers refuse more than 398 days
	clockSkew  = 24 * time.Hour       // phones whose clocks are behind accept a new certificate too
)

// openAuthority reads the authority in data, or makes one where there is none.
func openAuthority(data string, now time.Time) (*authority, error) {
	a := &authority{dir: filepath.Join(data, "authority")}
	if err := os.MkdirAll(a.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the certificate authority: %w", err)
	}
	pair, err := a.read("root")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := a.make(now); err != nil {
			return nil, fmt.Errorf("make the certificate authority: %w", err)
		}
		return a, nil
	case err != nil:
		return nil, fmt.Errorf("read the certificate authority in %s: %w; put its two files back from a backup, or remove them: a new one is then made, which every phone must be given again", a.dir, err)
	}
	a.root, a.key = pair.Leaf, pair.PrivateKey.(*ecdsa.PrivateKey)
	if now.Add(renewBefore).After(a.root.NotAfter) {
		return nil, fmt.Errorf("the certificate authority in %s ends on %s: remove its files, then a new one is made, which every phone must be given", a.dir, a.root.NotAfter.Format(time.DateOnly))
	}
	return a, nil
}

func (a *authority) make(now time.Time) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	host, err := os.Hostname()
	if err != nil {
		host = "gateway"
	}
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: shorten("Matthan " + host), Organization: []string{"Matthan"}},
		NotBefore:             now.Add(-clockSkew),
		NotAfter:              now.Add(rootLife),
		IsCA:                  true,
		BasicConstraintsValid: true,
		MaxPathLenZero:        true, // it signs servers, not other authorities
		KeyUsage:              x509.KeyUsageCertSign,
	}
	pair, err := a.sign("root", template, template, key, key)
	if err != nil {
		return err
	}
	a.root, a.key = pair.Leaf, key
	return nil
}

// server returns a certificate for all of names: the last one made where it
// still serves, so that what people have accepted stays accepted.
func (a *authority) server(names []string, now time.Time) (*tls.Certificate, error) {
	pair, err := a.read("server")
	if err == nil && covers(pair.Leaf, names, now) && pair.Leaf.CheckSignatureFrom(a.root) == nil {
		return pair, nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the server's certificate: %w", err)
	}
	template := &x509.Certificate{
		Subject:     pkix.Name{CommonName: "Matthan", Organization: []string{"Matthan"}},
		NotBefore:   now.Add(-clockSkew),
		NotAfter:    now.Add(serverLife),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if template.NotAfter.After(a.root.NotAfter) {
		template.NotAfter = a.root.NotAfter
	}
	for _, n := range names {
		if ip := net.ParseIP(n); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, n)
		}
	}
	pair, err = a.sign("server", template, a.root, key, a.key)
	if err != nil {
		return nil, fmt.Errorf("make the server's certificate: %w", err)
	}
	return pair, nil
}

// sign makes a certificate for key and keeps both as files.
func (a *authority) sign(name string, template, parent *x509.Certificate, key, by *ecdsa.PrivateKey) (*tls.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), by)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	// The key first: a certificate without one would look like a lost key.
	if err := writeFile(filepath.Join(a.dir, name+".key"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600); err != nil {
		return nil, err
	}
	if err := writeFile(filepath.Join(a.dir, name+".crt"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o644); err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}

// read loads a certificate and its key; fs.ErrNotExist where there is no
// certificate, also when a key was left behind by a start that was cut short.
func (a *authority) read(name string) (*tls.Certificate, error) {
	crt, err := readPEM(filepath.Join(a.dir, name+".crt"), "CERTIFICATE")
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(crt)
	if err != nil {
		return nil, err
	}
	secret, err := readPEM(filepath.Join(a.dir, name+".key"), "PRIVATE KEY")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s.key is lost", name)
	}
	if err != nil {
		return nil, err
	}
	key, err := privateKey(secret)
	if err != nil {
		return nil, err
	}
	if !key.PublicKey.Equal(leaf.PublicKey) {
		return nil, fmt.Errorf("%s.key is not the key of %s.crt", name, name)
	}
	return &tls.Certificate{Certificate: [][]byte{crt}, PrivateKey: key, Leaf: leaf}, nil
}

func readPEM(file, kind string) ([]byte, error) {
	text, err := readBounded(file, 64<<10)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != kind {
		return nil, fmt.Errorf("%s holds no %s", filepath.Base(file), kind)
	}
	return block.Bytes, nil
}

// writeFile replaces a file as a whole or not at all.
func writeFile(file string, text []byte, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(file), ".new-*") // made with mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // err says what went wrong
	}
	return err
}
