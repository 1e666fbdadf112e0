package cluster

import (
	"math"
	"os"
	"syscall"
)

// free is how many bytes we may still write to the file system of dir.
func free(dir string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return int64(min(s.Bavail, math.MaxInt64/uint64(s.Bsize))) * s.Bsize, nil
}

// allocate makes a file of so many bytes that the disk really holds.
func allocate(f *os.File, bytes int64) error {
	if err := syscall.Fallocate(int(f.Fd()), 0, 0, bytes); err == nil {
		return nil
	}
	return writeZeros(f, bytes)
}
