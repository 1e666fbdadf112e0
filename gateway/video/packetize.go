package video

// MaxPayload is the size in bytes of the largest RTP payload sent to viewers.
// With RTP header, extensions, SRTP tag, UDP and IPv6 it fits a path of 1280
// bytes, the least that IPv6 allows.
const MaxPayload = 1180

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
func Packetize(nalus [][]byte, max int) [][]byte {
	if max < minPayload {
		max = minPayload
	}
	lead := 0
	for lead < len(nalus) && !TypeOf(nalus[lead]).VCL() {
		lead++
	}
	count, size := 0, 0
	for _, n := range nalus {
		fragments := 1 + len(n)/(max-2)
		count += fragments
		size += len(n) + 1 + 2*fragments
	}
	p := packetizer{max: max, buf: make([]byte, 0, size), out: make([][]byte, 0, count)}
	p.aggregate(nalus[:lead])
	for _, n := range nalus[lead:] {
		p.unit(n)
	}
	return p.out
}

// packetizer fills buf, which has room for everything, with the payloads out.
type packetizer struct {
	max int
	buf []byte
	out [][]byte
}

// take ends a payload that began at from.
func (p *packetizer) take(from int) {
	p.out = append(p.out, p.buf[from:len(p.buf):len(p.buf)])
}

// aggregate adds nalus as STAP-A packets (RFC 6184 section 5.7.1).
func (p *packetizer) aggregate(nalus [][]byte) {
	for len(nalus) > 0 {
		n, size := 0, 1
		for n < len(nalus) && size+2+len(nalus[n]) <= p.max {
			size += 2 + len(nalus[n])
			n++
		}
		if n < 2 {
			p.unit(nalus[0])
			nalus = nalus[1:]
			continue
		}
		from, header := len(p.buf), byte(0)
		p.buf = append(p.buf, 0)
		for _, nalu := range nalus[:n] {
			if len(nalu) == 0 {
				continue
			}
			header = header&0x80 | nalu[0]&0x80 | maxRef(header, nalu[0]) | byte(naluSTAPA)
			p.buf = append(p.buf, byte(len(nalu)>>8), byte(len(nalu)))
			p.buf = append(p.buf, nalu...)
		}
		if len(p.buf) == from+1 { // all of them were empty
			p.buf = p.buf[:from]
		} else {
			p.buf[from] = header
			p.take(from)
		}
		nalus = nalus[n:]
	}
}

// maxRef is the larger nal_ref_idc of two NAL unit headers, in its place.
func maxRef(a, b byte) byte { return max(a&0x60, b&0x60) }

// unit adds nalu as a single NAL unit packet (RFC 6184 section 5.6) or as
// fragments (section 5.8).
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
	body := nalu[1:]
	count := (len(body) + p.max - 3) / (p.max - 2)
	size := (len(body) + count - 1) / count
	indicator, header := nalu[0]&0xe0|byte(naluFUA), nalu[0]&0x1f|0x80
	for len(body) > 0 {
		n := min(size, len(body))
		if n == len(body) {
			header |= 0x40
		}
		from := len(p.buf)
		p.buf = append(append(p.buf, indicator, header), body[:n]...)
		p.take(from)
		body, header = body[n:], header&^0x80
	}
}

// unpacketize is the reverse of Packetize, of its output only.
func unpacketize(payloads [][]byte) [][]byte {
	var nalus [][]byte
	for i := 0; i < len(payloads); i++ {
		p := payloads[i]
		switch TypeOf(p) {
		case naluSTAPA:
			for b := p[1:]; len(b) > 2; {
				n := int(b[0])<<8 | int(b[1])
				nalus = append(nalus, b[2:2+n:2+n])
				b = b[2+n:]
			}
		case naluFUA:
			first, size := i, 1
			for ; i < len(payloads); i++ {
				if size += len(payloads[i]) - 2; payloads[i][1]&0x40 != 0 {
					break
				}
			}
			nalu := append(make([]byte, 0, size), p[0]&0xe0|p[1]&0x1f)
			for _, f := range payloads[first:min(i+1, len(payloads))] {
				nalu = append(nalu, f[2:]...)
			}
			nalus = append(nalus, nalu)
		default:
			nalus = append(nalus, p)
		}
	}
	return nalus
}
