package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// note is a record of the tests.
type note struct {
	Text string `json:"text"`
	N    int    `json:"n,omitempty"`
}

var testKey = [32]byte{1, 2, 3}

// openTest opens a store that the test closes.
func openTest(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(t.Context(), Config{Dir: dir, Key: testKey})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func openNotes(t *testing.T, s *Store) *Table[note] {
	t.Helper()
	table, err := OpenTable[note](t.Context(), s, "notes")
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func mustPut(t *testing.T, table *Table[note], key string, n note, revision uint64) uint64 {
	t.Helper()
	revision, err := table.Put(t.Context(), key, n, revision)
	if err != nil {
		t.Fatal(err)
	}
	return revision
}

func mustClose(t *testing.T, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestWhatWasWrittenIsThereAfterARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openTest(t, dir)
	notes := openNotes(t, s)
	first := mustPut(t, notes, "a", note{Text: "một"}, 0)
	second := mustPut(t, notes, "a", note{Text: "hai"}, first)
	gone := mustPut(t, notes, "b.c_D-1", note{Text: "ba"}, 0)
	if err := notes.Delete(t.Context(), "b.c_D-1", gone); err != nil {
		t.Fatal(err)
	}
	last := mustPut(t, notes, "0", note{Text: "bốn"}, 0)
	mustClose(t, s)
	notes = openNotes(t, openTest(t, dir))
	if v, revision, ok := notes.Get("a"); !ok || v.Text != "hai" || revision != second {
		t.Errorf("%v %d %v, want hai %d", v, revision, ok, second)
	}
	if all := notes.All(); len(all) != 2 || all[0].Key != "0" || all[0].Revision != last || all[1].Key != "a" {
		t.Errorf("%+v", all)
	}
	mustPut(t, notes, "b.c_D-1", note{Text: "năm"}, 0) // a removed key is free again
}

func TestTwoWritersOfOneRevisionOneWins(t *testing.T) {
	t.Parallel()
	s := openTest(t, t.TempDir())
	notes := openNotes(t, s)
	for round := range 20 {
		_, revision, _ := notes.Get("a")
		var wg sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			wg.Go(func() { _, errs[i] = notes.Put(t.Context(), "a", note{N: round*100 + i}, revision) })
		}
		wg.Wait()
		won := -1
		for i, err := range errs {
			switch {
			case err == nil && won >= 0:
				t.Fatalf("writers %d and %d have both won", won, i)
			case err == nil:
				won = i
			case !errors.Is(err, ErrConflict):
				t.Fatal(err)
			}
		}
		if v, _, _ := notes.Get("a"); won < 0 || v.N != round*100+won {
			t.Fatalf("writer %d won, and %d is there", won, v.N)
		}
	}
	if err := notes.Delete(t.Context(), "a", 1); !errors.Is(err, ErrConflict) {
		t.Errorf("an old revision removes: %v", err)
	}
	if err := notes.Delete(t.Context(), "none", 0); !errors.Is(err, ErrConflict) {
		t.Errorf("what is not there is removed: %v", err)
	}
	if _, err := notes.Put(t.Context(), "none", note{}, 7); !errors.Is(err, ErrConflict) {
		t.Errorf("what is not there is replaced: %v", err)
	}
}

func TestAnotherHandleSeesAWriteAtOnce(t *testing.T) {
	t.Parallel()
	s := openTest(t, t.TempDir())
	one, two := openNotes(t, s), openNotes(t, s)
	ch := two.Changed()
	revision := mustPut(t, one, "a", note{Text: "một"}, 0)
	select {
	case <-ch:
	default:
		t.Error("the other handle was not told")
	}
	if v, r, ok := two.Get("a"); !ok || v.Text != "một" || r != revision {
		t.Errorf("%v %d %v", v, r, ok)
	}
	if err := two.Delete(t.Context(), "a", revision); err != nil {
		t.Fatal(err)
	}
	if _, _, ok := one.Get("a"); ok || len(one.All()) != 0 {
		t.Error("the first handle still has what the other removed")
	}
}

func TestValueIsNotTheWritersAnyMore(t *testing.T) {
	t.Parallel()
	table, err := OpenTable[[]string](t.Context(), openTest(t, t.TempDir()), "lists")
	if err != nil {
		t.Fatal(err)
	}
	mine := []string{"a"}
	if _, err := table.Put(t.Context(), "k", mine, 0); err != nil {
		t.Fatal(err)
	}
	mine[0] = "b"
	if v, _, _ := table.Get("k"); v[0] != "a" {
		t.Errorf("the writer has changed what readers share: %v", v)
	}
}

func TestBoundsOfATable(t *testing.T) {
	t.Parallel()
	s := openTest(t, t.TempDir())
	notes := openNotes(t, s)
	for _, key := range []string{"", "a b", "a/b", "phường", ".a", "a.", "a..b", "*", ">", strings.Repeat("k", MaxKey+1)} {
		if _, err := notes.Put(t.Context(), key, note{}, 0); err == nil {
			t.Errorf("the key %q was taken", key)
		}
	}
	mustPut(t, notes, strings.Repeat("k", MaxKey), note{}, 0)
	envelope := len(`{"text":""}`)
	mustPut(t, notes, "large", note{Text: strings.Repeat("x", MaxValue-envelope)}, 0)
	if _, err := notes.Put(t.Context(), "larger", note{Text: strings.Repeat("x", MaxValue-envelope+1)}, 0); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a value beyond its bound: %v", err)
	}
	for _, name := range []string{"", "a.b", "../a", "a b", strings.Repeat("b", 65)} {
		if _, err := OpenTable[note](t.Context(), s, name); err == nil {
			t.Errorf("the bucket %q was made", name)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := notes.Put(ctx, "late", note{}, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller that has gone: %v", err)
	}
	if _, err := OpenTable[int](t.Context(), s, "notes"); err == nil {
		t.Error("records of one type were opened as another")
	}
}

func TestSecondProcessIsTurnedAway(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	openTest(t, dir)
	_, err := Open(t.Context(), Config{Dir: dir, Key: testKey})
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), "stop that gateway") {
		t.Errorf("%v", err)
	}
}

func TestWrongKeyIsSaidAndChangesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openTest(t, dir)
	mustPut(t, openNotes(t, s), "a", note{Text: "một"}, 0)
	mustClose(t, s)
	before := sizes(t, filepath.Join(dir, witnessDir))
	if _, err := Open(t.Context(), Config{Dir: dir, Key: [32]byte{9}}); !errors.Is(err, ErrWrongKey) {
		t.Fatalf("%v", err)
	}
	if after := sizes(t, filepath.Join(dir, witnessDir)); after != before {
		t.Errorf("the witnesses were %s, and are %s", before, after)
	}
	if v, _, ok := openNotes(t, openTest(t, dir)).Get("a"); !ok || v.Text != "một" {
		t.Errorf("after the wrong key: %v %v", v, ok)
	}
}

// sizes are the contents of the files in dir, to be compared.
func sizes(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&all, "%s %x\n", e.Name(), content)
	}
	return all.String()
}

func TestClosedStoreAnswers(t *testing.T) {
	t.Parallel()
	s := openTest(t, t.TempDir())
	notes := openNotes(t, s)
	mustPut(t, notes, "a", note{}, 0)
	mustClose(t, s)
	mustClose(t, s)
	if _, err := notes.Put(t.Context(), "b", note{}, 0); !errors.Is(err, ErrClosed) {
		t.Errorf("Put: %v", err)
	}
	if _, err := s.Inventory(t.Context()); !errors.Is(err, ErrClosed) {
		t.Errorf("Inventory: %v", err)
	}
	if _, _, ok := notes.Get("a"); !ok {
		t.Error("memory was lost with the store")
	}
}

func BenchmarkPut(b *testing.B) {
	s, err := Open(b.Context(), Config{Dir: b.TempDir(), Key: testKey})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	notes, err := OpenTable[note](b.Context(), s, "notes")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		_, revision, _ := notes.Get("a")
		if _, err := notes.Put(b.Context(), "a", note{Text: strings.Repeat("x", 600)}, revision); err != nil {
			b.Fatal(err)
		}
	}
}
