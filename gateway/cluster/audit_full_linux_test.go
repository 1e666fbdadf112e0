package cluster

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"matthan/auth"
)

func TestEndsOfViewsAreRecordedOnAFullDiskAndNothingBegins(t *testing.T) {
	t.Parallel()
	for name, reserve := range map[string]int64{"noticed before": 1 << 20, "noticed by NATS": -1 << 40} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			disk := smallDisk(t, 32)
			dir := filepath.Join(disk, "store")
			s, err := open(t.Context(), Config{Dir: dir, Key: testKey}, reserve)
			if err != nil {
				t.Fatal(err)
			}
			defer mustClose(t, s)
			a, err := s.Audit(t.Context(), AuditConfig{Key: testAuditKey, Reserve: 6 << 20})
			if err != nil {
				t.Fatal(err)
			}
			tidied(t, a)
			mustWrite(t, a, look(0))
			held := filepath.Join(dir, reserveName)
			if info, err := os.Stat(held); err != nil || info.Size() != 6<<20 {
				t.Fatal("no room is set aside:", err)
			}
			fillDisk(t, disk, s.reserve)
			begins := look(1)
			begins.Detail = strings.Repeat("x", auth.MaxDetail)
			for n := 0; err == nil && n < 1000; n++ { // what NATS has reserved is filled first
				err = a.Write(t.Context(), begins)
			}
			if !errors.Is(err, ErrFull) {
				t.Errorf("a view that would begin: %v", err)
			}
			closed := look(0)
			closed.Event = auth.ViewClosed
			for range 100 {
				mustWrite(t, a, closed)
			}
			if _, err := os.Stat(held); !errors.Is(err, os.ErrNotExist) {
				t.Error("the reserve was not given up:", err)
			}
			if err := a.Write(t.Context(), look(2)); reserve > 0 && !errors.Is(err, ErrFull) {
				t.Errorf("a view that would begin in the room of the reserve: %v", err)
			}
			if err := errors.Join(os.Remove(filepath.Join(disk, "ballast")), os.Remove(filepath.Join(disk, "filler"))); err != nil {
				t.Fatal(err)
			}
			aside := make(chan struct{})
			a.work <- func(context.Context) { a.setAside(); close(aside) }
			<-aside
			mustWrite(t, a, look(3))
			if _, err := os.Stat(held); err != nil {
				t.Error("the reserve was not made again:", err)
			}
			if _, r := exported(t, a); !r.OK() || r.Records < 103 {
				t.Errorf("%+v", r)
			}
		})
	}
}

// fillDisk leaves no more than a store may not use, or nothing.
func fillDisk(t *testing.T, disk string, reserve int64) {
	t.Helper()
	n, err := free(disk)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(disk, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	if reserve > 0 {
		n -= reserve / 2
	}
	if err := writeZeros(f, n); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
