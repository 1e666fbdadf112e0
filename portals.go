package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"

	"matthan/auth/portal"
	"matthan/gateway"
)

// openDesk makes what reads portals' tokens, and signs them for portals that have
// no keys.
func openDesk(cfg *Config, log *slog.Logger) (*portal.Desk, error) {
	key, err := portalKey(filepath.Join(cfg.Data, "portals.key"))
	if err != nil {
		return nil, err
	}
	return portal.New(portal.Config{Key: key, Permit: permitKeys(cfg.Reach), Roots: cfg.portalRoots, Log: log})
}

// permitKeys says where portals' keys may be fetched: from any ordinary address,
// and from others only where reach.networks names them.
func permitKeys(reach gateway.Reach) func(netip.AddrPort) error {
	return func(to netip.AddrPort) error {
		own, err := ownAddresses()
		if err != nil {
			return err
		}
		ports := []uint16{to.Port()}
		if err = (gateway.Reach{Ports: ports}).Check(to, own); err == nil || len(reach.Networks) == 0 {
			return err
		}
		return gateway.Reach{Networks: reach.Networks, Ports: ports}.Check(to, own)
	}
}

// portalKey reads the key that signs tokens for portals without keys, and makes
// one where there is none.
func portalKey(file string) (ed25519.PrivateKey, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return nil, fmt.Errorf("make the key of portals' tokens: %w", err)
		}
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			return nil, fmt.Errorf("make the key of portals' tokens: %w", err)
		}
		return key, writeFile(file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("read the key of portals' tokens: %w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s holds no key: remove it, then a new one is made", file)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, ok := parsed.(ed25519.PrivateKey)
	if err != nil || !ok {
		return nil, fmt.Errorf("%s holds no Ed25519 key: remove it, then a new one is made", file)
	}
	return key, nil
}
