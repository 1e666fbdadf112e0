package cluster

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// written makes a store of 200 notes, some replaced and removed, and closes it.
func written(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	s := openTest(t, dir)
	notes := openNotes(t, s)
	for i := range 200 {
		mustPut(t, notes, fmt.Sprint("k", i), note{N: i, Text: strings.Repeat("x", 200)}, 0)
	}
	for i := range 20 {
		_, revision, _ := notes.Get(fmt.Sprint("k", i*3))
		mustPut(t, notes, fmt.Sprint("k", i*3), note{N: -i}, revision)
	}
	_, revision, _ := notes.Get("k100")
	if err := notes.Delete(t.Context(), "k100", revision); err != nil {
		t.Fatal(err)
	}
	mustClose(t, s)
	return dir
}

// bucketFiles are the files of NATS's stream that match pattern.
func bucketFiles(t *testing.T, dir, bucket, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, natsDir, "*", "streams", streamPrefix+bucket, pattern))
	if err != nil || len(files) == 0 {
		t.Fatal(pattern, files, err)
	}
	return files
}

// alter rewrites a file.
func alter(t *testing.T, file string, f func([]byte) []byte) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, f(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func flip(at float64) func([]byte) []byte {
	return func(b []byte) []byte {
		b[int(at*float64(len(b)))] ^= 0x10
		return b
	}
}

func cut(by int) func([]byte) []byte {
	return func(b []byte) []byte { return b[:len(b)-by] }
}

func TestDamagedStoreIsNeverSilentlySmaller(t *testing.T) {
	t.Parallel()
	block := func(t *testing.T, dir string) string { return bucketFiles(t, dir, "notes", "msgs/*.blk")[0] }
	index := func(t *testing.T, dir string) string { return bucketFiles(t, dir, "notes", "msgs/index.db")[0] }
	remove := func(t *testing.T, name string) {
		t.Helper()
		if err := os.RemoveAll(name); err != nil {
			t.Fatal(err)
		}
	}
	for name, damage := range map[string]func(t *testing.T, dir string){
		"a flipped bit at the beginning": func(t *testing.T, dir string) { alter(t, block(t, dir), flip(0.01)) },
		"a flipped bit in the middle":    func(t *testing.T, dir string) { alter(t, block(t, dir), flip(0.5)) },
		"a flipped bit, and no index": func(t *testing.T, dir string) {
			alter(t, block(t, dir), flip(0.5))
			remove(t, index(t, dir))
		},
		"a flipped bit near the end": func(t *testing.T, dir string) { alter(t, block(t, dir), flip(0.999)) },
		"the last byte cut off":      func(t *testing.T, dir string) { alter(t, block(t, dir), cut(1)) },
		"the end cut off":            func(t *testing.T, dir string) { alter(t, block(t, dir), cut(5000)) },
		"the end cut off, and no index": func(t *testing.T, dir string) {
			alter(t, block(t, dir), cut(5000))
			remove(t, index(t, dir))
		},
		"an empty block": func(t *testing.T, dir string) { alter(t, block(t, dir), func([]byte) []byte { return nil }) },
		"no block":       func(t *testing.T, dir string) { remove(t, block(t, dir)) },
		"no messages":    func(t *testing.T, dir string) { remove(t, filepath.Dir(block(t, dir))) },
		"no stream":      func(t *testing.T, dir string) { remove(t, filepath.Dir(filepath.Dir(block(t, dir)))) },
		"no jetstream":   func(t *testing.T, dir string) { remove(t, filepath.Join(dir, natsDir)) },
		"no witness":     func(t *testing.T, dir string) { remove(t, filepath.Join(dir, witnessDir, "notes")) },
		"a foreign witness": func(t *testing.T, dir string) {
			alter(t, filepath.Join(dir, witnessDir, "notes"), func(b []byte) []byte { return make([]byte, len(b)) })
		},
		"a stream's settings": func(t *testing.T, dir string) { alter(t, bucketFiles(t, dir, "notes", "meta.inf")[0], flip(0.5)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := written(t)
			damage(t, dir)
			for again := range 2 { // NATS has mended it in its way by the second time
				s, err := Open(t.Context(), Config{Dir: dir, Key: testKey})
				if err == nil {
					whole(t, s)
					mustClose(t, s)
					t.Logf("opening %d: all records are there", again+1)
					continue
				}
				if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "restore the last backup") {
					t.Errorf("opening %d: %v", again+1, err)
				}
			}
		})
	}
}

// whole says whether all that written wrote is there.
func whole(t *testing.T, s *Store) {
	t.Helper()
	notes := openNotes(t, s)
	if n := len(notes.All()); n != 199 {
		t.Errorf("%d of 199 records are left, without a word", n)
	}
	for i := range 200 {
		want := i
		if i%3 == 0 && i < 60 {
			want = -i / 3
		}
		if v, _, ok := notes.Get(fmt.Sprint("k", i)); ok == (i == 100) || ok && v.N != want {
			t.Errorf("k%d: %d %v, want %d", i, v.N, ok, want)
		}
	}
}

// Whatever one bit is flipped in whichever of NATS's files, the store is whole
// or says that it is not.
func TestFlippedBitAnywhereIsNoticedOrHarmless(t *testing.T) {
	t.Parallel()
	made := written(t)
	files := append(bucketFiles(t, made, "notes", "msgs/*"), filepath.Join(made, witnessDir, "notes"))
	for _, file := range files {
		for i := range 8 {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(made)); err != nil {
				t.Fatal(err)
			}
			name, err := filepath.Rel(made, file)
			if err != nil {
				t.Fatal(err)
			}
			alter(t, filepath.Join(dir, name), flip((float64(i)+0.37)/8))
			s, err := Open(t.Context(), Config{Dir: dir, Key: testKey})
			if err == nil {
				whole(t, s)
				mustClose(t, s)
			} else if !errors.Is(err, ErrDamaged) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
