//go:build unix

package cluster

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// dirLock is a store that this process has taken.
type dirLock struct{ file *os.File }

// Close lets go of it, and says so: a process that is being started holds all our
// files for a moment, and with them a lock that was only closed (flock(2)).
func (l dirLock) Close() error {
	return errors.Join(syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN), l.file.Close())
}

// lockDir takes the store in dir for this process. The system lets go of it
// when the process ends, however it ends.
func lockDir(dir string) (io.Closer, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the store: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = fmt.Errorf("%w: %s is open in another process: stop that gateway first, or give this one another data directory", ErrLocked, dir)
		}
		return nil, errors.Join(err, f.Close())
	}
	return dirLock{f}, nil
}
