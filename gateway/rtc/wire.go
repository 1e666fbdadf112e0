package rtc

import (
	"net/netip"

	"github.com/pion/rtp"

	"matthan/gateway/video"
)

// path is how packets reach a viewer. It belongs to its peer's shard.
type path struct {
	seal *sealer        // nil: pion's writer seals and sends
	udp  netip.AddrPort // of the viewer; zero where it is not reached over UDP
	tcp  func(b []byte) // sends a packet over ICE-TCP; nil where it is not reached so
}

// ready says whether a tile's packets have somewhere to go.
func (t *tile) ready() bool { return t.out.writer != nil }

// write sends n payloads of a picture from the i-th on, and counts their
// numbers.
func (t *tile) write(au *video.AccessUnit, i, n int, ts uint32) {
	payloads := au.Payloads[i : i+n]
	end := i+n == len(au.Payloads)
	if t.peer.path.seal == nil {
		t.writePlain(payloads, end, ts)
	} else {
		t.writeSealed(payloads, end, ts)
	}
	t.history.next += uint64(n)
}

// writePlain hands packets to pion, for peers with a profile that is not AEAD.
// What its transport cannot take is lost, as on the wire.
func (t *tile) writePlain(payloads [][]byte, end bool, ts uint32) {
	h := t.plainHeader(t.out.pt, t.out.ssrc, ts)
	for i, payload := range payloads {
		h.SequenceNumber = uint16(t.history.next + uint64(i))
		h.Marker = end && i == len(payloads)-1
		_, _ = t.out.writer.WriteRTP(&h, payload)
	}
}

// plainHeader is the header of the tile's packets, with playout-delay 0..0
// where negotiated: show at once, do not smooth.
func (t *tile) plainHeader(pt uint8, ssrc, ts uint32) rtp.Header {
	h := rtp.Header{Version: 2, PayloadType: pt, Timestamp: ts, SSRC: ssrc}
	if t.out.playout != 0 {
		// Cannot fail: id and size fit the one-byte form (RFC 8285 section 4.2).
		_ = h.SetExtension(t.out.playout, []byte{0, 0, 0})
	}
	return h
}

// overhead is what sealing adds to a payload, at most.
const overhead = playoutHeader + sealTag

// writeSealed seals packets into as few messages as possible: runs of packets
// of one size, of which the last may be shorter.
func (t *tile) writeSealed(payloads [][]byte, end bool, ts uint32) {
	h := header{pt: t.out.pt, ts: ts, ssrc: t.out.ssrc, playout: t.out.playout}
	p := &t.peer.path
	for i := 0; i < len(payloads); {
		n := 1
		size := len(payloads[i]) + overhead
		for n < maxSegments && i+n < len(payloads) && (n+1)*size <= maxMessage && len(payloads[i+n]) <= len(payloads[i]) {
			if n++; len(payloads[i+n-1]) < len(payloads[i]) {
				break
			}
		}
		b := t.peer.shard.out.room(n * size)
		segment := 0
		for k := range n {
			h.marker = end && i+k == len(payloads)-1
			b = p.seal.append(b, &h, t.history.next+uint64(i+k), payloads[i+k])
			if k == 0 {
				segment = len(b)
			}
		}
		t.deliver(b, segment)
		i += n
	}
}

// deliver sends what was built in the egress's room.
func (t *tile) deliver(b []byte, segment int) { t.peer.deliver(b, segment) }

func (q *Peer) deliver(b []byte, segment int) {
	p := &q.path
	if p.udp.IsValid() {
		q.shard.out.commit(b, segment, p.udp)
		return
	}
	for p.tcp != nil && len(b) > 0 {
		n := min(segment, len(b))
		p.tcp(b[:n])
		b = b[n:]
	}
}

// repair sends a packet again: as a retransmission with its own SSRC and
// numbers and the original number first (RFC 4588 section 4), else as it was.
func (t *tile) repair(au *video.AccessUnit, i int, ts uint32, seq uint16) {
	payload, marker := au.Payloads[i], i == len(au.Payloads)-1
	rtx := t.out.rtx != 0 && t.out.rtxPT != 0
	// Which rollover seq belongs to follows from its distance to the next number.
	index := t.history.next - 1 - uint64(uint16(t.history.next-1)-seq)
	pt, ssrc := t.out.pt, t.out.ssrc
	if rtx {
		payload = append([]byte{byte(seq >> 8), byte(seq)}, payload...)
		pt, ssrc, index = t.out.rtxPT, t.out.rtx, t.rtxNext
		t.rtxNext++
	}
	if t.peer.path.seal == nil {
		h := t.plainHeader(pt, ssrc, ts)
		h.SequenceNumber, h.Marker = uint16(index), marker
		_, _ = t.out.writer.WriteRTP(&h, payload)
		return
	}
	// Without RTX the index repeats, but so does the packet, to the bit: the same
	// payload, header and extension.
	h := header{pt: pt, marker: marker, ts: ts, ssrc: ssrc, playout: t.out.playout}
	b := t.peer.path.seal.append(t.peer.shard.out.room(len(payload)+overhead), &h, index, payload)
	t.deliver(b, len(b))
}
