package auth

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"sync/atomic"
)

// links finds a table's rows by the digests of the secrets that lead to them.
// It reads the table again when that has changed.
type links[T any] struct {
	table Table[T]
	of    func(T) string // a row's digest, "" where nothing leads to it

	making sync.Mutex // held while a new list is made
	list   atomic.Pointer[linkList]
}

type linkList struct {
	stale <-chan struct{}
	keys  map[string]string // by digest
}

// find is the key of the row that a secret leads to.
func (l *links[T]) find(sum [sha256.Size]byte) (key string, ok bool) {
	key, ok = l.fresh().keys[hex.EncodeToString(sum[:])]
	return key, ok
}

func (l *links[T]) fresh() *linkList {
	if list := l.list.Load(); list != nil && !closed(list.stale) {
		return list
	}
	l.making.Lock()
	defer l.making.Unlock()
	if list := l.list.Load(); list != nil && !closed(list.stale) {
		return list
	}
	list := &linkList{l.table.Changed(), map[string]string{}}
	for _, row := range l.table.All() {
		if link := l.of(row.Value); link != "" {
			list.keys[link] = row.Key
		}
	}
	l.list.Store(list)
	return list
}

// linkOf is what is kept of a link's secret: its SHA-256.
func linkOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
