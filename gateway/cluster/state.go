package cluster

import (
	"crypto/sha256"
	"fmt"
)

// part is what one record adds to its bucket's state.
type part [sha256.Size]byte

func partOf(key string, value []byte) part {
	text := make([]byte, 0, len(key)+1+len(value))
	text = append(append(append(text, key...), 0), value...) // no key holds a zero byte
	return sha256.Sum256(text)
}

// state sums a bucket up: how many records, and the XOR of their parts, so that
// a change costs the same however many there are. It finds accidents; somebody
// who can write the files can forge it.
type state struct {
	count int
	sum   part
}

func (s *state) add(p part)    { s.count++; s.mix(p) }
func (s *state) remove(p part) { s.count--; s.mix(p) }

func (s *state) mix(p part) {
	for i := range s.sum {
		s.sum[i] ^= p[i]
	}
}

// String is the state as messages carry it.
func (s state) String() string { return fmt.Sprintf("%d %x", s.count, s.sum) }
