package cluster

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
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

// LoadKey reads the key in file, which only its owner may read. Where there is
// no file, and no store beside it, it makes one with mode 0600.
func LoadKey(file string) ([32]byte, error) {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return makeKey(file)
	}
	if err != nil {
		return [32]byte{}, fmt.Errorf("read the store's key: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return [32]byte{}, fmt.Errorf("read the store's key: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return [32]byte{}, fmt.Errorf("the store's key %s may be read or written by others (mode %04o): chmod 600 it, and if others were on this machine give all cameras new passwords", file, mode)
	}
	text, err := io.ReadAll(io.LimitReader(f, 1<<10))
	if err != nil {
		return [32]byte{}, fmt.Errorf("read the store's key: %w", err)
	}
	key, err := ParseKey(string(text))
	if err != nil {
		return key, fmt.Errorf("%s: %w", file, err)
	}
	return key, nil
}

// ParseKey reads a key as it stands in a key file or in the environment: 64
// hexadecimal digits. Its error does not hold the text.
func ParseKey(text string) (key [32]byte, err error) {
	b, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(b) != len(key) {
		return key, fmt.Errorf("this is no store key, which has %d hexadecimal digits: put the right one back from where you keep it", hex.EncodedLen(len(key)))
	}
	return [32]byte(b), nil
}

func makeKey(file string) (key [32]byte, err error) {
	dir := filepath.Dir(file)
	for _, name := range []string{natsDir, witnessDir} {
		there, err := exists(filepath.Join(dir, name))
		if err != nil {
			return key, fmt.Errorf("make the store's key: %w", err)
		}
		if there {
			return key, fmt.Errorf("the store's key %s is missing, and there is a store: put the key back from where you keep it; without it the cameras' passwords cannot be read", file)
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return key, fmt.Errorf("make the store's key: %w", err)
	}
	rand.Read(key[:]) // never fails
	if err := writeWhole(file, []byte(hex.EncodeToString(key[:])+"\n"), 0o600); err != nil {
		return key, fmt.Errorf("make the store's key: %w", err)
	}
	return key, nil
}

// sealer encrypts secrets with AES-256-GCM. A nonce is random and stands before
// its ciphertext; 2^32 sealings with one key are safe (NIST SP 800-38D section
// 8.3), and a store makes one a changed password.
type sealer struct{ aead cipher.AEAD }

func newSealer(key [32]byte) (sealer, error) {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return sealer{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return sealer{aead}, err
}

// seal binds text to its place: what was sealed for one camera opens for no
// other.
func (s sealer) seal(text, place string) []byte {
	return s.aead.Seal(nil, nil, []byte(text), []byte(place))
}

func (s sealer) open(sealed []byte, place string) (string, error) {
	text, err := s.aead.Open(nil, nil, sealed, []byte(place))
	if err != nil {
		return "", fmt.Errorf("a secret of %s cannot be opened: %w", place, ErrWrongKey)
	}
	return string(text), nil
}

// check is a sealed text that only the right key opens.
type check struct {
	Sealed []byte `json:"sealed"`
}

const (
	checkPlace = "store check" // no camera's id
	checkText  = "matthan"
)

func (s sealer) check() check { return check{s.seal(checkText, checkPlace)} }

func (s sealer) opens(c check) error {
	if text, err := s.open(c.Sealed, checkPlace); err != nil || text != checkText {
		return ErrWrongKey
	}
	return nil
}

// checkKey compares the key with the store's; a new store takes it for its own.
func (s *Store) checkKey(ctx context.Context) error {
	settings, err := OpenTable[check](ctx, s, settingsBucket)
	if err != nil {
		return err
	}
	if c, _, ok := settings.Get(checkKey); ok {
		return s.sealer.opens(c)
	}
	for name, b := range s.buckets {
		if b.last > 0 {
			return damaged(name, "there are records, but no key was ever used")
		}
	}
	_, err = settings.Put(ctx, checkKey, s.sealer.check(), 0)
	return err
}
