package cluster

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// smallDisk is a file system of so many MiB with a file "ballast" of half of
// that.
func smallDisk(t *testing.T, mebibytes int) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root may mount a small disk")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+strconv.Itoa(mebibytes)+"m"); err != nil {
		t.Skip("no small disk can be mounted:", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	if err := os.WriteFile(filepath.Join(dir, "ballast"), make([]byte, mebibytes<<19), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestFullDiskIsSaidAndWritesGoOnAfterwards(t *testing.T) {
	t.Parallel()
	for name, reserve := range map[string]int64{"noticed before": 1 << 20, "noticed by NATS": -1 << 40} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			disk := smallDisk(t, 16)
			dir := filepath.Join(disk, "store")
			s, err := open(t.Context(), Config{Dir: dir, Key: testKey}, reserve)
			if err != nil {
				t.Fatal(err)
			}
			defer mustClose(t, s)
			notes := openNotes(t, s)
			n := fill(t, notes)
			if n < 100 {
				t.Errorf("full after %d records", n)
			}
			again := note{Text: strings.Repeat("x", 20_000)}
			if _, err := notes.Put(t.Context(), "again", again, 0); !errors.Is(err, ErrFull) {
				t.Errorf("while it is full: %v", err)
			}
			if len(notes.All()) < n {
				t.Errorf("%d of %d records are left in memory", len(notes.All()), n)
			}
			if err := os.Remove(filepath.Join(disk, "ballast")); err != nil {
				t.Fatal(err)
			}
			mustPut(t, notes, "room", note{Text: "there is room"}, 0)
			mustClose(t, s)
			if s, err = open(t.Context(), Config{Dir: dir, Key: testKey}, reserve); err != nil {
				t.Fatal(err)
			}
			defer mustClose(t, s)
			notes = openNotes(t, s)
			for i := range n {
				if v, _, ok := notes.Get("k" + strconv.Itoa(i)); !ok || v.N != i {
					t.Fatalf("record %d of %d, which was acknowledged: %v %v", i, n, v.N, ok)
				}
			}
			if _, _, ok := notes.Get("room"); !ok {
				t.Error("what was written after the disk was full is gone")
			}
		})
	}
}

// fill writes until the disk is full and returns how many were acknowledged.
func fill(t *testing.T, notes *Table[note]) int {
	t.Helper()
	for n := 0; ; n++ {
		_, err := notes.Put(t.Context(), "k"+strconv.Itoa(n), note{N: n, Text: strings.Repeat("x", 20_000)}, 0)
		if errors.Is(err, ErrFull) {
			return n
		}
		if err != nil {
			t.Fatal(err)
		}
		if n > 10_000 {
			t.Fatal("the disk never fills")
		}
	}
}
