package video

// sequence follows the sequence numbers of RTP packets (RFC 3550 section A.1).
type sequence struct {
	started bool
	next    uint16 // expected
	late    int    // packets behind it in a row
}

// follow takes a packet's number and tells how many are missing before it, at
// least 1 where the sender began anew. ok is false for a packet that came too late.
func (s *sequence) follow(seq uint16) (lost int, ok bool) {
	d := int(int16(seq - s.next))
	switch {
	case !s.started, d == 0:
		d = 0
	case d < 0 && d > -maxLate && s.late < maxLate:
		s.late++
		return 0, false
	case d < 0 || d > maxGap:
		d = 1 // the sender began anew: how many were lost is unknown
	}
	s.started, s.next, s.late = true, seq+1, 0
	return d, true
}
