package cluster

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestKeyIsMadeOnceAndKept(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "store")
	file := filepath.Join(dir, keyName)
	key, err := LoadKey(file)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := LoadKey(file); err != nil || again != key || key == [32]byte{} {
		t.Errorf("%v, %v", again == key, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	s, err := Open(t.Context(), Config{Dir: dir, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	mustClose(t, s)
	if err := os.Chmod(file, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadKey(file); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a key that others may read: %v", err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadKey(file); err == nil || !strings.Contains(err.Error(), "put the key back") {
		t.Errorf("a lost key: %v", err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a new key was made for an old store")
	}
}

func TestKeyThatIsNoneIsNotQuoted(t *testing.T) {
	t.Parallel()
	good := strings.Repeat("0a", 32)
	if key, err := ParseKey(" " + good + "\n"); err != nil || hex.EncodeToString(key[:]) != good {
		t.Errorf("%v", err)
	}
	for _, text := range []string{"", "canary", good[:62], good + "0a", strings.Repeat("zz", 32)} {
		file := filepath.Join(t.TempDir(), keyName)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadKey(file); err == nil || text != "" && strings.Contains(err.Error(), text) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestSealedSecretOpensInItsPlaceOnly(t *testing.T) {
	t.Parallel()
	s, err := newSealer(testKey)
	if err != nil {
		t.Fatal(err)
	}
	record := s.record(testCamera(1))
	if c, err := s.camera(record); err != nil || c.Login.Password != testPassword {
		t.Errorf("%v", err)
	}
	if other := s.record(testCamera(1)); string(other.Password) == string(record.Password) {
		t.Error("the same password is sealed the same way twice")
	}
	record.ID = "camera-2"
	if _, err := s.camera(record); !errors.Is(err, ErrWrongKey) {
		t.Errorf("a password opens for another camera: %v", err)
	}
	if text := fmt.Sprintf("%v %+v", record, testCamera(1)); strings.Contains(text, testPassword) {
		t.Errorf("%s", text)
	}
}
