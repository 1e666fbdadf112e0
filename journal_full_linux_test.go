package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"matthan/gateway/simulate"
)

func TestOnAFullDiskNothingIsWatchedAnyMoreAndAgainOnceThereIsRoom(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("only root may mount a small disk")
	}
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=200m"); err != nil {
		t.Skip("no small disk can be mounted:", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	l := startLive(t, simulate.Options{Cameras: 2}, func(c *Config) { c.Data = filepath.Join(disk, "data") })
	watching, err := l.play("cam0")
	t.Cleanup(watching.close)
	if err == nil {
		_, err = watching.next()
	}
	if err != nil {
		t.Fatal(err)
	}
	filler := filepath.Join(disk, "filler")
	var st syscall.Statfs_t
	if err := syscall.Statfs(disk, &st); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filler, make([]byte, int64(st.Bavail)*st.Bsize-(16<<20)), 0o600); err != nil {
		t.Fatal(err)
	}
	refused, err := l.play("cam1")
	refused.close()
	if err == nil || !strings.Contains(err.Error(), "503") || !strings.Contains(err.Error(), `"code":"unrecorded"`) {
		t.Errorf("a view began on a full disk: %v", err)
	}
	if _, err := watching.next(); err != nil { // what began before goes on
		t.Error(err)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); ; <-time.After(100 * time.Millisecond) {
		again, err := l.play("cam1")
		if err == nil {
			_, err = again.next()
		}
		again.close()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}
