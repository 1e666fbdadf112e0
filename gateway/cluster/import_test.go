package cluster

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"matthan/gateway"
)

// Two inventories that have half of their cameras in common, under other names.
func inventoryA() ([]gateway.Area, []gateway.Camera) { return named("A", 0) }
func inventoryB() ([]gateway.Area, []gateway.Camera) { return named("B", 100) }

func named(name string, from int) ([]gateway.Area, []gateway.Camera) {
	areas := testAreas(10 + from/10)
	cameras := testCameras(from+200, 10)[from:]
	for i := range areas {
		areas[i].Name = name
	}
	for i := range cameras {
		cameras[i].Name = name
	}
	return areas, cameras
}

// whichOne says whether inv is one of the two as a whole.
func whichOne(inv gateway.Inventory) (string, error) {
	cameras := inv.Cameras()
	if len(cameras) == 0 {
		return "", fmt.Errorf("no cameras")
	}
	name := cameras[0].Name
	areas, want := inventoryA()
	if name == "B" {
		areas, want = inventoryB()
	}
	if len(cameras) != len(want) || len(inv.Areas()) != len(areas) {
		return "", fmt.Errorf("%s with %d cameras and %d areas", name, len(cameras), len(inv.Areas()))
	}
	for _, c := range cameras {
		if c.Name != name {
			return "", fmt.Errorf("%s among %s", c.Name, name)
		}
	}
	if i := slices.IndexFunc(inv.Areas(), func(a gateway.Area) bool { return a.Name != name }); i >= 0 {
		return "", fmt.Errorf("an area of the other among %s", name)
	}
	return name, nil
}

func replaceWith(ctx context.Context, inv *Inventory, name string) error {
	areas, cameras := inventoryA()
	if name == "B" {
		areas, cameras = inventoryB()
	}
	return inv.Replace(ctx, areas, cameras)
}

func TestReadersSeeAllOfAnImportOrNothing(t *testing.T) {
	t.Parallel()
	inv := openInventory(t, openTest(t, t.TempDir()))
	if err := replaceWith(t.Context(), inv, "A"); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		var err error
		for i := range 6 {
			if err = replaceWith(t.Context(), inv, string("BA"[i%2])); err != nil {
				break
			}
		}
		done <- err
	}()
	for looks := 0; ; looks++ {
		if _, err := whichOne(inv.Snapshot()); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-done:
			if name, bad := whichOne(inv); err != nil || bad != nil || name != "A" {
				t.Error(name, bad, err)
			}
			t.Logf("%d looks", looks)
			return
		default:
		}
	}
}

func TestImportCutShortIsFinishedOrNeverWas(t *testing.T) {
	t.Parallel()
	for commit, want := range map[bool]string{false: "A", true: "B"} {
		dir := t.TempDir()
		s := openTest(t, dir)
		inv := openInventory(t, s)
		if err := replaceWith(t.Context(), inv, "A"); err != nil {
			t.Fatal(err)
		}
		list, err := gateway.NewList(inventoryB())
		if err != nil {
			t.Fatal(err)
		}
		steps, err := inv.steps(list)
		if err != nil {
			t.Fatal(err)
		}
		if err := inv.writeJournal(t.Context(), steps); err != nil {
			t.Fatal(err)
		}
		if commit { // and some of it done
			for _, step := range steps[:len(steps)/2] {
				table := inv.cameras.bucket
				if step.Area {
					table = inv.areas.bucket
				}
				if _, err := table.write(t.Context(), change{step.Key, step.Value, table.records[step.Key].revision, step.Value == nil}); err != nil {
					t.Fatal(err)
				}
			}
			if err := inv.shown(t.Context()); err != nil {
				t.Fatal(err)
			}
			if name, err := whichOne(inv); name != "A" {
				t.Errorf("readers see an import that is half-way: %s %v", name, err)
			}
		} else if err := inv.journal.Delete(t.Context(), commitKey, inv.journal.bucket.records[commitKey].revision); err != nil {
			t.Fatal(err)
		}
		mustClose(t, s)
		inv = openInventory(t, openTest(t, dir))
		if name, err := whichOne(inv); name != want {
			t.Errorf("with a commit %v: %s %v, want %s", commit, name, err, want)
		}
		next := map[string]string{"A": "B", "B": "A"}[want]
		if err := replaceWith(t.Context(), inv, next); err != nil {
			t.Fatal(err)
		}
		if name, err := whichOne(inv); name != next || len(inv.journal.All()) != 0 {
			t.Errorf("the next import: %s %v, %d records in the journal", name, err, len(inv.journal.All()))
		}
	}
}

// childImport imports the two inventories in turns until it is killed.
func childImport(dir string) error {
	ctx := context.Background()
	s, err := Open(ctx, Config{Dir: dir, Key: testKey})
	if err != nil {
		return err
	}
	inv, err := s.Inventory(ctx)
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		fmt.Println("import")
		if err := replaceWith(ctx, inv, string("AB"[i%2])); err != nil {
			return err
		}
	}
}

// blocks is how many bytes NATS has written for cameras and the journal.
func blocks(t *testing.T, dir string) (size int64) {
	t.Helper()
	for _, bucket := range []string{"cameras", "imports"} {
		for _, file := range bucketFiles(t, dir, bucket, "msgs/*.blk") {
			info, err := os.Stat(file)
			if err != nil {
				continue // written anew just now
			}
			size += info.Size()
		}
	}
	return size
}

func TestKilledImportLeavesTheOldOrTheNew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for range 4 {
		cmd, out := child(t, "import", dir)
		said := bufio.NewReader(out)
		for range 3 { // the first import is done
			if _, err := said.ReadString('\n'); err != nil {
				t.Fatal(err)
			}
		}
		since := time.Now()
		for until := blocks(t, dir) + int64(rand.IntN(100_000)); blocks(t, dir) < until; { // somewhere in the third or fourth
			if runtime.Gosched(); time.Since(since) > time.Minute {
				t.Fatal("the imports have stopped: see what they said")
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // killed is an error too
		s := openTest(t, dir)
		journal, err := OpenTable[journalRecord](t.Context(), s, "imports")
		if err != nil {
			t.Fatal(err)
		}
		left := len(journal.All())
		name, err := whichOne(openInventory(t, s))
		if err != nil {
			t.Error(err)
		}
		t.Logf("%s, with %d records in the journal", name, left)
		mustClose(t, s)
	}
}
