//go:build !unix

package cluster

import (
	"errors"
	"os"
)

// lockDir refuses: without a lock two processes would write one store.
func lockDir(string) (*os.File, error) {
	return nil, errors.New("the store needs a Unix system, which can lock a directory")
}
