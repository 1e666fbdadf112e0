package rtsp

import "encoding/binary"

// RTP and RTCP on the wire (RFC 3550 sections 5.1 and 6.4).
const (
	rtpVersion   = 2
	rtpHead      = 12
	senderReport = 200 // packet type
	reportSize   = 28  // bytes of a sender report without its blocks
)

// header is what counts of an RTP header.
type header struct {
	kind     uint8 // payload type
	marker   bool
	sequence uint16
	ts, ssrc uint32
}

// readRTP reads an RTP packet. The payload is a slice of b. A padding longer
// than the packet is taken for none: the bit is set by mistake.
func readRTP(b []byte) (h header, payload []byte, ok bool) {
	if len(b) < rtpHead || b[0]>>6 != rtpVersion {
		return h, nil, false
	}
	at := rtpHead + 4*int(b[0]&0x0f)
	if b[0]&0x10 != 0 { // header extension
		if len(b) < at+4 {
			return h, nil, false
		}
		at += 4 + 4*int(binary.BigEndian.Uint16(b[at+2:]))
	}
	if at > len(b) {
		return h, nil, false
	}
	payload = b[at:]
	if b[0]&0x20 != 0 && len(payload) > 0 {
		if pad := int(payload[len(payload)-1]); pad <= len(payload) {
			payload = payload[:len(payload)-pad]
		}
	}
	return header{kind: b[1] & 0x7f, marker: b[1]&0x80 != 0, sequence: binary.BigEndian.Uint16(b[2:]),
		ts: binary.BigEndian.Uint32(b[4:]), ssrc: binary.BigEndian.Uint32(b[8:])}, payload, true
}

// isRTCP tells the two apart by their second byte (RFC 5761 section 4), since
// some cameras number their channels in another way than they said.
func isRTCP(b []byte) bool { return len(b) >= 4 && b[0]>>6 == rtpVersion && b[1] >= 192 && b[1] <= 223 }

// report is what counts of a sender report.
type report struct {
	ssrc uint32
	ntp  uint64
	rtp  uint32
}

// readReport finds the sender report of a compound RTCP packet.
func readReport(b []byte) (r report, ok bool) {
	for isRTCP(b) {
		size := 4 + 4*int(binary.BigEndian.Uint16(b[2:]))
		if size > len(b) {
			return r, false
		}
		if b[1] == senderReport && size >= reportSize {
			return report{binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint64(b[8:]), binary.BigEndian.Uint32(b[16:])}, true
		}
		b = b[size:]
	}
	return r, false
}

// receiverReport tells the camera that we are there (RFC 3550 section 6.4.2):
// some end a session over UDP when they hear nothing for 5 s.
func receiverReport(ours, theirs uint32, highest uint32, lost uint64) []byte {
	b := append(make([]byte, 0, 32), rtpVersion<<6|1, senderReport+1, 0, 7)
	b = binary.BigEndian.AppendUint32(b, ours)
	b = binary.BigEndian.AppendUint32(b, theirs)
	b = binary.BigEndian.AppendUint32(b, uint32(min(lost, 1<<23-1))) // the fraction since the last report is left at 0
	b = binary.BigEndian.AppendUint32(b, highest)
	return append(b, make([]byte, 12)...) // jitter, last sender report and delay: unknown
}
