package cluster

import (
	"hash/crc32"

	"matthan/auth"
)

// A view has two records, and there are as many views as looks: postings of their
// own would cost too much. Digests of their codes stand in one row instead, which
// is gone through in a millisecond.

const codeLetters = 7 // of auth.ViewCode

// digestOf is that of a view's code, in the upper half.
func digestOf(view string) (digest uint64, ok bool) {
	folded := auth.FoldView(view)
	if folded == "" {
		return 0, false
	}
	return uint64(crc32.ChecksumIEEE([]byte(folded[:codeLetters]))) << 32, true
}

func (x *index) putView(s *segment, view string, at uint32) {
	digest, ok := digestOf(view)
	if !ok || s.posts == nil {
		return
	}
	before := cap(s.views)
	s.views = append(s.views, digest|uint64(at))
	x.bytes += 8 * (cap(s.views) - before)
}

// viewed are the places of a view's records, and rarely of another's.
func (s *segment) viewed(digest uint64) (places []uint32) {
	for _, v := range s.views {
		if v>>32 == digest>>32 {
			places = append(places, uint32(v))
		}
	}
	return places
}
