package pmtiles

import (
	"encoding/binary"
	"errors"
	"sort"
)

// entry says where some tiles, or a directory of them, lie in the file.
type entry struct {
	id             uint64 // of the first tile
	run            uint64 // so many tiles in a row are this one; 0: it is a directory
	offset, length uint64
}

var errDirectory = errors.New("the directory is damaged")

// parseDirectory reads a directory (spec/v3 section 4): how many entries, then
// all of their ids as differences, all runs, all lengths, all offsets.
func parseDirectory(b []byte) ([]entry, error) {
	next := func() (uint64, bool) {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			return 0, false
		}
		b = b[n:]
		return v, true
	}
	count, ok := next()
	if !ok || count == 0 || count > uint64(len(b))/4 { // an entry takes four bytes at least
		return nil, errDirectory
	}
	entries := make([]entry, count)
	id := uint64(0)
	for i := range entries {
		d, ok := next()
		if !ok || id+d < id {
			return nil, errDirectory
		}
		id += d
		entries[i].id = id
	}
	for i := range entries {
		if entries[i].run, ok = next(); !ok {
			return nil, errDirectory
		}
	}
	for i := range entries {
		if entries[i].length, ok = next(); !ok || entries[i].length == 0 {
			return nil, errDirectory
		}
	}
	for i := range entries {
		v, ok := next()
		switch {
		case !ok, v == 0 && i == 0:
			return nil, errDirectory
		case v == 0: // right behind the one before
			entries[i].offset = entries[i-1].offset + entries[i-1].length
		default:
			entries[i].offset = v - 1
		}
	}
	return entries, nil
}

// find is the entry that a tile is in, or below.
func find(dir []entry, id uint64) (entry, bool) {
	i := sort.Search(len(dir), func(i int) bool { return dir[i].id > id }) - 1
	if i < 0 {
		return entry{}, false
	}
	e := dir[i]
	return e, e.run == 0 || id-e.id < e.run
}

// tileID numbers the tiles of all levels: the coarser levels first, and each
// along a Hilbert curve, so that neighbours lie near each other.
func tileID(z, x, y int) uint64 {
	id := (uint64(1)<<(2*z) - 1) / 3
	for s := 1 << z >> 1; s > 0; s >>= 1 {
		right, below := x&s != 0, y&s != 0
		quarter := uint64(0)
		switch {
		case right && below:
			quarter = 2
		case right:
			quarter = 3
		case below:
			quarter = 1
		}
		id += quarter * uint64(s) * uint64(s)
		x, y = x&(s-1), y&(s-1)
		if !below { // the curve turns
			if right {
				x, y = s-1-x, s-1-y
			}
			x, y = y, x
		}
	}
	return id
}
