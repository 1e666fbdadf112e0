//go:build unix

package cluster

import (
	"os"
	"os/exec"
	"testing"
)

// A program that is being started holds, for a moment, all files that we have open.
func TestAStoreIsFreeAsSoonAsItIsLetGoOf(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	lock, err := lockDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	holds, end, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = holds.Close() }()
	cmd := exec.Command("cat")
	cmd.Stdin, cmd.ExtraFiles = holds, []*os.File{lock.(dirLock).file}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = end.Close(); _ = cmd.Wait() }()
	if err := lock.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := lockDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lockDir(dir); err == nil {
		t.Error("it is taken twice")
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}
