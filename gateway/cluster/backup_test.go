package cluster

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"matthan/gateway"
)

// backup makes one of a store with notes and a camera that has a password.
func backup(t *testing.T) []byte {
	t.Helper()
	s := openTest(t, t.TempDir())
	notes := openNotes(t, s)
	for i := range 300 {
		mustPut(t, notes, fmt.Sprint("k", i), note{N: i, Text: "<phường> & \u2028"}, 0)
	}
	inv := openInventory(t, s)
	if err := inv.Replace(t.Context(), testAreas(1), []gateway.Camera{testCamera(1)}); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := s.Backup(t.Context(), &out, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestRestoredStoreHasTheSameRecords(t *testing.T) {
	t.Parallel()
	saved := backup(t)
	if bytes.Contains(saved, []byte(testPassword)) {
		t.Error("the backup holds a password")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, keyName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Restore(t.Context(), dir, testKey, bytes.NewReader(saved), false); err != nil {
		t.Fatal(err)
	}
	s := openTest(t, dir)
	notes := openNotes(t, s)
	if n := len(notes.All()); n != 300 {
		t.Errorf("%d notes", n)
	}
	for i := range 300 {
		if v, _, _ := notes.Get(fmt.Sprint("k", i)); v != (note{N: i, Text: "<phường> & \u2028"}) {
			t.Errorf("k%d: %+v", i, v)
		}
	}
	inv := openInventory(t, s)
	if c, err := inv.Camera("camera-1"); err != nil || c.Login.Password != testPassword || len(inv.Areas()) != 1 {
		t.Errorf("%+v, %v", c, err)
	}
	mustPut(t, notes, "new", note{}, 0)
}

func TestRestoreThatFailsLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	saved := backup(t)
	for name, tt := range map[string]struct {
		archive []byte
		key     [32]byte
		want    string
	}{
		"another key":     {saved, [32]byte{7}, "another key"},
		"cut short":       {saved[:len(saved)-len(saved)/4], testKey, "take another"},
		"a flipped bit":   {flip(0.6)(bytes.Clone(saved)), testKey, ""},
		"not a backup":    {[]byte("areas:\n"), testKey, "no backup"},
		"an empty file":   {nil, testKey, "no backup"},
		"all but nothing": {saved[:20], testKey, "no backup"},
	} {
		dir := t.TempDir()
		err := Restore(t.Context(), dir, tt.key, bytes.NewReader(tt.archive), false)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", name, err)
		}
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) > 0 {
			t.Errorf("%s: %v is left, %v", name, entries, err)
		}
	}
}

func TestRestoreOverAStoreIsRefused(t *testing.T) {
	t.Parallel()
	saved := backup(t)
	dir := t.TempDir()
	s := openTest(t, dir)
	mustPut(t, openNotes(t, s), "a", note{Text: "một"}, 0)
	if err := Restore(t.Context(), dir, testKey, bytes.NewReader(saved), false); !errors.Is(err, ErrLocked) {
		t.Errorf("over an open store: %v", err)
	}
	mustClose(t, s)
	if err := Restore(t.Context(), dir, testKey, bytes.NewReader(saved), false); err == nil || !strings.Contains(err.Error(), "empty directory") {
		t.Errorf("over a closed one: %v", err)
	}
	if v, _, _ := openNotes(t, openTest(t, dir)).Get("a"); v.Text != "một" {
		t.Error("the store was changed")
	}
}

func TestStoreOfARestoreThatWasKilledDoesNotOpen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mustClose(t, openTest(t, dir))
	if err := os.WriteFile(filepath.Join(dir, restoringName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Config{Dir: dir, Key: testKey}); err == nil || !strings.Contains(err.Error(), "restore again") {
		t.Errorf("%v", err)
	}
}
