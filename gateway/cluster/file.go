package cluster

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// writeWhole replaces a file as a whole or not at all, and durably.
func writeWhole(file string, content []byte, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(file), ".new-*") // made with mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // err says what went wrong
		return err
	}
	return syncDir(filepath.Dir(file))
}

// syncDir makes the names in a directory durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// exists says whether there is something of that name.
func exists(name string) (bool, error) {
	_, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// writeZeros writes so many zeros.
func writeZeros(f *os.File, bytes int64) error {
	zeros := make([]byte, 1<<20)
	for bytes > 0 {
		n, err := f.Write(zeros[:min(bytes, int64(len(zeros)))])
		if err != nil {
			return err
		}
		bytes -= int64(n)
	}
	return nil
}
