package video

// MaxPayload is the size in bytes of the largest RTP payload sent to viewers.
// With RTP header, extensions, SRTP tag, UDP and IPv6 it fits a path of 1280
// bytes, the least that IPv6 allows.
const MaxPayload = 1180

// mostFUHead is the larger head of a fragment, of both codings.
const mostFUHead = hevcFUHead

// minPayload is the least max that Packetize works with.
const minPayload = 16

// Packetize makes the RTP payloads of one access unit for packetization-mode 1
// (RFC 6184 section 5.4), each of at most max bytes (at least 16):
//
//   - what leads the picture (parameter sets) as one STAP-A as far as it fits;
//   - every other NAL unit that fits as it is;
//   - the rest as FU-A, in fragments of equal size of which the last may be
//     shorter, because UDP segmentation offload needs equal segments.
//
// Empty NAL units are left out. The marker bit belongs to the last payload. The
// payloads lie one after the other in memory of their own: nalus stay the
// caller's.
func Packetize(nalus [][]byte, max int) [][]byte { return packetize(coding{}, nalus, max) }

// PacketizeH265 is Packetize for H.265 (RFC 7798): what leads the picture as one
// aggregation packet as far as it fits, and fragmentation units of equal size. A
// NAL unit is one of at least 2 bytes.
func PacketizeH265(nalus [][]byte, max int) [][]byte {
	return packetize(coding{h265: true}, nalus, max)
}

func packetize(c coding, nalus [][]byte, max int) [][]byte {
	if max < minPayload {
		max = minPayload
	}
	lead := 0
	for lead < len(nalus) && c.class(nalus[lead]) != slice {
		lead++
	}
	count, size := 0, 0
	for _, n := range nalus {
		fragments := 1 + len(n)/(max-mostFUHead)
		count += fragments
		size += len(n) + hevcHead + mostFUHead*fragments
	}
	p := packetizer{coding: c, max: max, buf: make([]byte, 0, size), out: make([][]byte, 0, count)}
	p.aggregate(nalus[:lead])
	for _, n := range nalus[lead:] {
		p.unit(n)
	}
	return p.out
}

// packetizer fills buf, which has room for everything, with the payloads out.
type packetizer struct {
	coding coding
	max    int
	buf    []byte
	out    [][]byte
}

// take ends a payload that began at from.
func (p *packetizer) take(from int) {
	p.out = append(p.out, p.buf[from:len(p.buf):len(p.buf)])
}

// aggregate adds nalus as aggregation packets: STAP-A (RFC 6184 section 5.7.1) or
// AP (RFC 7798 section 4.4.2).
func (p *packetizer) aggregate(nalus [][]byte) {
	own := p.coding.headSize()
	for len(nalus) > 0 {
		n, size := 0, own
		for n < len(nalus) && size+2+len(nalus[n]) <= p.max {
			size += 2 + len(nalus[n])
			n++
		}
		if n < 2 {
			p.unit(nalus[0])
			nalus = nalus[1:]
			continue
		}
		from, head := len(p.buf), [2]byte{}
		p.buf = append(p.buf, head[:own]...)
		for _, nalu := range nalus[:n] {
			if len(nalu) == 0 {
				continue
			}
			head = p.coding.aggregated(head, nalu)
			p.buf = append(p.buf, byte(len(nalu)>>8), byte(len(nalu)))
			p.buf = append(p.buf, nalu...)
		}
		if len(p.buf) == from+own { // all of them were empty
			p.buf = p.buf[:from]
		} else {
			copy(p.buf[from:], head[:own])
			p.take(from)
		}
		nalus = nalus[n:]
	}
}

// unit adds nalu as a single NAL unit packet (RFC 6184 section 5.6, RFC 7798
// section 4.4.1) or as fragments (sections 5.8 and 4.4.3).
func (p *packetizer) unit(nalu []byte) {
	if len(nalu) == 0 {
		return
	}
	from := len(p.buf)
	if len(nalu) <= p.max {
		p.buf = append(p.buf, nalu...)
		p.take(from)
		return
	}
	body := nalu[p.coding.headSize():]
	head, own := p.coding.fragmented(nalu)
	count := (len(body) + p.max - own - 1) / (p.max - own)
	size := (len(body) + count - 1) / count
	for flags := byte(fuStart); len(body) > 0; flags = 0 {
		n := min(size, len(body))
		if n == len(body) {
			flags |= fuEnd
		}
		from := len(p.buf)
		if own == fuHead {
			p.buf = append(p.buf, head[0], head[1]|flags)
		} else {
			p.buf = append(p.buf, head[0], head[1], head[2]|flags)
		}
		p.buf = append(p.buf, body[:n]...)
		p.take(from)
		body = body[n:]
	}
}

// unpacketize is the reverse of packetize, of its output only.
func unpacketize(c coding, payloads [][]byte) [][]byte {
	var nalus [][]byte
	for i := 0; i < len(payloads); i++ {
		switch p := c.parcel(payloads[i]); p.form() {
		case aggregation:
			for b := payloads[i][p.at():]; len(b) > 2; {
				n := int(b[0])<<8 | int(b[1])
				nalus = append(nalus, b[2:2+n:2+n])
				b = b[2+n:]
			}
		case fragment:
			first, size := i, hevcHead
			for ; i < len(payloads); i++ {
				f := c.parcel(payloads[i])
				if size += len(payloads[i]) - f.at(); f.has(fuEnd) {
					break
				}
			}
			nalu := append(make([]byte, 0, size), p.first(), p.second())[:c.headSize()]
			for _, f := range payloads[first:min(i+1, len(payloads))] {
				nalu = append(nalu, f[p.at():]...)
			}
			nalus = append(nalus, nalu)
		default:
			nalus = append(nalus, payloads[i])
		}
	}
	return nalus
}
