package simulate

import "github.com/pion/rtp"

// mtu is the largest payload of a packet by the rules.
const mtu = 1200

// Types of payloads (RFC 6184 section 5.2).
const (
	stapA = 24
	fuA   = 28
	fuB   = 29
)

// pack adds a packet.
func (s *shot) pack(payload []byte, marker bool) {
	s.packets = append(s.packets, &rtp.Packet{Header: rtp.Header{Marker: marker}, Payload: payload})
}

// fragments packs in packetization-mode 1: NAL units over the size as FU-A.
func (s *shot) fragments(size int) {
	for i, n := range s.nalus {
		s.fragment(n, size, i == len(s.nalus)-1)
	}
}

func (s *shot) fragment(n []byte, size int, last bool) {
	if len(n) <= size {
		s.pack(n, last)
		return
	}
	indicator, header := n[0]&0xe0|fuA, n[0]&0x1f|0x80 // with the start bit
	for b := n[1:]; len(b) > 0; header &^= 0x80 {
		part := b[:min(len(b), size-2)]
		if b = b[len(part):]; len(b) == 0 {
			header |= 0x40 // the end bit
		}
		s.pack(append([]byte{indicator, header}, part...), last && len(b) == 0)
	}
}

// packFragments packs in packetization-mode 1 with packets of another size.
func packFragments(size int) func(*shot) { return func(s *shot) { s.fragments(size) } }

// packWhole gives each NAL unit a packet of its own, of whatever size.
func packWhole(s *shot) {
	for i, n := range s.nalus {
		s.pack(n, i == len(s.nalus)-1)
	}
}

// packAggregated puts all that leads a picture's slices into one STAP-A (RFC 6184
// section 5.7.1).
func packAggregated(s *shot) {
	at := len(s.nalus) - len(s.pic.slices)
	packet := []byte{0x60 | stapA}
	for _, n := range s.nalus[:at] {
		packet = append(append(packet, byte(len(n)>>8), byte(len(n))), n...)
	}
	s.pack(packet, false)
	s.nalus = s.nalus[at:]
	s.fragments(mtu)
}

// packFUB makes the first fragment of each NAL unit a FU-B, with a decoding order
// number (RFC 6184 section 5.8), as the interleaved mode has it.
func packFUB(s *shot) {
	s.fragments(mtu)
	for i, pkt := range s.packets {
		if b := pkt.Payload; b[0]&0x1f == fuA && b[1]&0x80 != 0 {
			head := []byte{b[0]&0xe0 | fuB, b[1], 0, byte(i)}
			pkt.Payload = append(head, b[2:]...)
		}
	}
}

// joinAnnexB makes one NAL unit of all but SEI, split by start codes (H.264 annex B).
func joinAnnexB(s *shot) {
	var joined []byte
	for _, n := range s.nalus {
		if n[0]&0x1f == seiNALU {
			continue
		}
		if len(joined) > 0 {
			joined = append(joined, 0, 0, 0, 1)
		}
		joined = append(joined, n...)
	}
	s.nalus = [][]byte{joined}
}

// without leaves out NAL units of some types.
func without(kinds ...byte) func(*shot) {
	return func(s *shot) {
		var kept [][]byte
		for _, n := range s.nalus {
			drop := false
			for _, k := range kinds {
				drop = drop || n[0]&0x1f == k
			}
			if !drop {
				kept = append(kept, n)
			}
		}
		s.nalus = kept
	}
}

// delimited puts an access unit delimiter (H.264 section 7.3.2.4) before a picture.
func delimited(s *shot) {
	s.nalus = append([][]byte{{9, 0xf0}}, s.nalus...)
}

// releveled changes the level in the parameter sets at every second key picture,
// up by one step.
func releveled(s *shot) {
	if s.place/rigFPS%2 == 0 {
		return
	}
	for i, n := range s.nalus {
		if n[0]&0x1f == 7 {
			changed := append([]byte(nil), n...)
			changed[3]++ // level_idc
			s.nalus[i] = changed
		}
	}
}

// resized takes the pictures of every second GOP from the other encoding.
func resized(s *shot) {
	if s.place/rigFPS%2 == 0 {
		return
	}
	s.pic = &s.player.camera.grid.clip.sub.pictures[s.place]
	s.nalus = append(append(append([][]byte(nil), s.pic.head...), s.mark.nalu()), s.pic.slices...)
}

// markers sets the marker bit as said of each packet.
func markers(says func(s *shot, i int) bool) func(*shot) {
	return func(s *shot) {
		for i, pkt := range s.packets {
			pkt.Marker = says(s, i)
		}
	}
}

// kindOf is the type of the NAL unit that a packet of packetization-mode 1 has
// some of, and whether that ends in it.
func kindOf(pkt *rtp.Packet) (kind byte, ends bool) {
	if k := pkt.Payload[0] & 0x1f; k != fuA {
		return k, true
	}
	return pkt.Payload[1] & 0x1f, pkt.Payload[1]&0x40 != 0
}

// markedAfter adds the marker bit to NAL units of some types.
func markedAfter(kinds ...byte) func(*shot) {
	return markers(func(s *shot, i int) bool {
		k, ends := kindOf(s.packets[i])
		for _, kind := range kinds {
			if k == kind && ends {
				return true
			}
		}
		return i == len(s.packets)-1
	})
}

// reordered is where pictures of the clip with B-frames are shown: I B B P in the
// order of display is I P B B in that of the stream.
func reordered(s *shot) {
	in := s.place % rigFPS
	if in == 0 {
		return
	}
	to := []int{3, 1, 2}[(in-1)%3] + (in-1)/3*3
	s.stamp += uint32(int32(to-in) * (90000 / rigFPS))
}
