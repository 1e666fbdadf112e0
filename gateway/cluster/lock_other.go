//go:build !unix

package cluster

import (
	"errors"
	"io"
)

// lockDir refuses: without a lock two processes would write one store.
func lockDir(string) (io.Closer, error) {
	return nil, errors.New("the store needs a Unix system, which can lock a directory")
}
