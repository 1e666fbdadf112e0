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
//   - what leads the picture (SPS, PPS, SEI) as one STAP-A as far as it fits;
//   - every other NAL unit that fits as it is: the payload shares its memory;
//   - the rest as FU-A, in fragments of equal size of which the last may be
//     shorter, because UDP segmentation offload needs equal segments.
//
// Empty NAL units are left out. The marker bit belongs to the last payload.
func Packetize(nalus [][]byte, max int) [][]byte {
	if max < minPayload {
		max = minPayload
	}
	lead := 0
	for lead < len(nalus) && !TypeOf(nalus[lead]).VCL() {
		lead++
	}
	count := 1
	for _, n := range nalus {
		count += 1 + len(n)/(max-2)
	}
	out := make([][]byte, 0, count)
	out = aggregate(out, nalus[:lead], max)
	for _, n := range nalus[lead:] {
		out = appendNALU(out, n, max)
	}
	return out
}

// aggregate appends nalus as STAP-A packets (RFC 6184 section 5.7.1).
func aggregate(out, nalus [][]byte, max int) [][]byte {
	for len(nalus) > 0 {
		n, size := 0, 1
		for n < len(nalus) && size+2+len(nalus[n]) <= max {
			size += 2 + len(nalus[n])
			n++
		}
		if n < 2 {
			out = appendNALU(out, nalus[0], max)
			nalus = nalus[1:]
			continue
		}
		p := make([]byte, 1, size)
		for _, nalu := range nalus[:n] {
			if len(nalu) == 0 {
				continue
			}
			p[0] = p[0]&0x80 | nalu[0]&0x80 | maxRef(p[0], nalu[0]) | byte(naluSTAPA)
			p = append(p, byte(len(nalu)>>8), byte(len(nalu)))
			p = append(p, nalu...)
		}
		if len(p) > 1 {
			out = append(out, p)
		}
		nalus = nalus[n:]
	}
	return out
}

// maxRef is the larger nal_ref_idc of two NAL unit headers, in its place.
func maxRef(a, b byte) byte { return max(a&0x60, b&0x60) }

// appendNALU appends nalu as a single NAL unit packet (RFC 6184 section 5.6)
// or as fragments (section 5.8).
func appendNALU(out [][]byte, nalu []byte, max int) [][]byte {
	if len(nalu) == 0 {
		return out
	}
	if len(nalu) <= max {
		return append(out, nalu[:len(nalu):len(nalu)])
	}
	body := nalu[1:]
	count := (len(body) + max - 3) / (max - 2)
	size := (len(body) + count - 1) / count
	buf := make([]byte, 0, len(body)+2*count)
	indicator, header := nalu[0]&0xe0|byte(naluFUA), nalu[0]&0x1f|0x80
	for len(body) > 0 {
		n := min(size, len(body))
		if n == len(body) {
			header |= 0x40
		}
		from := len(buf)
		buf = append(append(buf, indicator, header), body[:n]...)
		out = append(out, buf[from:len(buf):len(buf)])
		body, header = body[n:], header&^0x80
	}
	return out
}
