package cluster

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// auditKeyName is the file of the key that signs the audit log, beside the
// store's key.
const auditKeyName = "audit.key"

// AuditKeyFile is where the key that signs the audit log of the store in dir is.
func AuditKeyFile(dir string) string { return filepath.Join(dir, auditKeyName) }

// LoadAuditKey reads the key that signs the audit log, which only its owner may
// read. Where there is no file, and no log in the store beside it, it makes one
// with mode 0600.
func LoadAuditKey(file string) (ed25519.PrivateKey, error) {
	key, err := readKey(file)
	if errors.Is(err, fs.ErrNotExist) {
		return makeAuditKey(file)
	}
	return key, err
}

// readKey reads a key's file; its error may be fs.ErrNotExist.
func readKey(file string) (ed25519.PrivateKey, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read the audit log's key: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read the audit log's key: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return nil, fmt.Errorf("the audit log's key %s may be read or written by others (mode %04o): chmod 600 it, and if others were on this machine compare the log with heads that were noted elsewhere (matthan audit verify --head)", file, mode)
	}
	text, err := io.ReadAll(io.LimitReader(f, 1<<10))
	if err != nil {
		return nil, fmt.Errorf("read the audit log's key: %w", err)
	}
	seed, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("%s: this is no key of an audit log, which has %d hexadecimal digits: put the right one back from where you keep it", file, 2*ed25519.SeedSize)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

func makeAuditKey(file string) (ed25519.PrivateKey, error) {
	dir := filepath.Dir(file)
	there, err := exists(filepath.Join(dir, witnessDir, auditWitness))
	if err != nil {
		return nil, fmt.Errorf("make the audit log's key: %w", err)
	}
	if there {
		return nil, fmt.Errorf("the audit log's key %s is missing, and there is a log: put the key back from where you keep it; if it is lost, keep a copy of the store's directory, move jetstream/$G/streams/%s and witness/%s out of it, and a new log with a new key begins", file, auditStream, auditWitness)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the audit log's key: %w", err)
	}
	var seed [ed25519.SeedSize]byte
	rand.Read(seed[:]) // never fails
	if err := writeWhole(file, []byte(hex.EncodeToString(seed[:])+"\n"), 0o600); err != nil {
		return nil, fmt.Errorf("make the audit log's key: %w", err)
	}
	return ed25519.NewKeyFromSeed(seed[:]), nil
}

// openAuditStream finds the log's stream and witness, or makes them.
func (s *Store) openAuditStream(ctx context.Context, e *engine) (*witness, error) {
	there, err := e.hasAudit(ctx)
	if err != nil {
		return nil, err
	}
	w, err := openWitness(s.dir, auditWitness)
	switch {
	case errors.Is(err, fs.ErrNotExist) && there:
		return nil, auditDamaged("its witness is gone")
	case errors.Is(err, fs.ErrNotExist): // before its stream, so that no stream is without one
		if w, err = makeWitness(s.dir, auditWitness); err != nil {
			return nil, err
		}
	case errors.Is(err, ErrDamaged):
		return nil, auditDamaged("its witness cannot be read")
	case err != nil:
		return nil, err
	case !there && w.last > 0:
		return nil, errors.Join(auditDamaged("all of its records are gone"), w.close())
	}
	if !there {
		if err := e.createAudit(ctx); err != nil {
			return nil, errors.Join(s.reason(err), w.close())
		}
	}
	return w, nil
}
