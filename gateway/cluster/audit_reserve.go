package cluster

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// reserveName is a file that only takes up room. While the disk is full it is
// given up, so that the ends of views, which are already being looked at, can
// still be recorded; what begins is refused before.
const reserveName = "audit.reserve"

// setAside makes the reserve again once there is room.
func (a *Audit) setAside() {
	if a.held {
		return
	}
	name := filepath.Join(a.store.dir, reserveName)
	if info, err := os.Stat(name); err == nil && info.Size() == a.cfg.Reserve {
		a.held = true
		a.store.spare.Store(0)
		return
	}
	if a.cfg.Keep == KeepAsBefore { // a command, which sets nothing aside; it may give up what there is
		_, err := os.Stat(name)
		a.held = err == nil
		return
	}
	a.store.spare.Store(a.cfg.Reserve) // nobody else may use what is the reserve's
	if n, err := free(a.store.dir); err == nil && n < a.store.reserve+a.cfg.Reserve+a.cfg.Reserve/2 {
		return
	}
	if err := occupy(name, a.cfg.Reserve); err != nil {
		a.log.Error("audit: no room could be set aside for a full disk", "bytes", a.cfg.Reserve, "err", err)
		return
	}
	a.held = true
	a.store.spare.Store(0)
}

// giveUp lets the reserve go. Its error is ErrFull where that was not enough.
func (a *Audit) giveUp() error {
	if a.held {
		a.log.Error("audit: the disk is full: no new view is shown, and the reserve is given up so that the ends of views are still recorded; make room", "bytes", a.cfg.Reserve)
		a.held = false
		a.store.spare.Store(a.cfg.Reserve)
		if err := os.Remove(filepath.Join(a.store.dir, reserveName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("give the reserve of the audit log up: %w", err)
		}
	}
	if n, err := free(a.store.dir); err == nil && n < 2*maxBatchBytes {
		return ErrFull
	}
	return nil
}

// occupy makes a file that takes up so many bytes of the disk.
func occupy(name string, bytes int64) error {
	_ = os.Remove(name) // one of another size
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err = allocate(f, bytes); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(name)
	}
	return err
}
