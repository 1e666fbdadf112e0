package rtc

import (
	"encoding/binary"
	"hash/maphash"
	"net/netip"
	"sync/atomic"
	"time"
)

// A source address may send sourceRate datagrams a second, and a second's worth
// at once. Sixteen tiles that all lose packets, with a NACK every 20 ms, are 800.
// Without a bound a flood with a viewer's forged address fills pion's queue for
// that viewer, which has none.
const (
	sourceRate  = 2000
	sourceSpace = time.Second / sourceRate
	sourceSlots = 1 << 16
)

// guard decides which datagrams of the media port pion gets to see. It is for
// the goroutine alone that reads the port. It remembers no addresses: those that
// fall into the same slot share its rate, and nobody can tell which do.
type guard struct {
	seed  maphash.Seed
	slots [sourceSlots]time.Duration // when each will have earned what it has sent

	stray   atomic.Uint64 // datagrams dropped for a plaintext record that ends connections
	strange atomic.Uint64 // datagrams dropped that no viewer sends
	flooded atomic.Uint64 // datagrams dropped over their source's rate
}

func newGuard() *guard { return &guard{seed: maphash.MakeSeed()} }

// admits tells whether pion is to see a datagram. now is any steady clock.
func (g *guard) admits(b []byte, from netip.AddrPort, now time.Duration) bool {
	switch {
	case !expected(b):
		g.strange.Add(1)
	case stray(b):
		g.stray.Add(1)
	case !g.earned(from, now):
		g.flooded.Add(1)
	default:
		return true
	}
	return false
}

// earned counts a datagram of a source, unless that is over its rate.
func (g *guard) earned(from netip.AddrPort, now time.Duration) bool {
	slot := &g.slots[maphash.Comparable(g.seed, from)%sourceSlots]
	if *slot-now > time.Second {
		return false
	}
	*slot = max(*slot, now) + sourceSpace
	return true
}

// Shortest of their kinds.
const (
	stunHeader = 20
	stunCookie = 0x2112a442
	dtlsHeader = 13
	srtcpLeast = 8 + 4 + 10 // header, index and the shortest tag (RFC 3711 section 3.4)
)

// expected tells what viewers send, by the first bytes (RFC 7983 section 7):
// STUN, DTLS and SRTCP. They send no RTP, and of it pion would make a stream for
// each SSRC.
func expected(b []byte) bool {
	switch {
	case len(b) < dtlsHeader:
		return false
	case b[0] <= 3: // RFC 8489 section 5
		return len(b) >= stunHeader && binary.BigEndian.Uint32(b[4:]) == stunCookie &&
			len(b) == stunHeader+int(binary.BigEndian.Uint16(b[2:]))
	case b[0] >= 20 && b[0] <= 23: // the records of DTLS 1.2 (RFC 6347 section 4.1)
		return b[1] == 0xfe && dtlsHeader+int(binary.BigEndian.Uint16(b[11:])) <= len(b)
	case b[0] >= 128 && b[0] <= 191: // RFC 5761 section 4 tells RTCP from RTP
		return len(b) >= srtcpLeast && b[1] >= 192 && b[1] <= 223
	}
	return false
}

// stray tells a datagram with a DTLS record (RFC 6347 section 4.1) that nobody
// has protected and that is no part of a handshake. pion/dtls obeys some at any
// time, so that a single forged packet ends a viewer's stream: an alert before
// v3.1.15, and in v3.1.15 too application data of epoch 0 and a ChangeCipherSpec
// of any epoch that is none, which it answers with a fatal alert to the viewer. A
// true alert that is lost during the handshake costs its time-out.
func stray(b []byte) bool {
	if len(b) < dtlsHeader || b[0] < 20 || b[0] > 63 { // RFC 7983: not DTLS
		return false
	}
	for len(b) >= dtlsHeader {
		n := dtlsHeader + int(binary.BigEndian.Uint16(b[11:]))
		plain := b[3] == 0 && b[4] == 0
		switch b[0] {
		case 20: // ChangeCipherSpec, which is one byte, and before any protection
			if !plain || n != dtlsHeader+1 || len(b) < n || b[dtlsHeader] != 1 {
				return true
			}
		case 22: // handshake
		default:
			if plain {
				return true
			}
		}
		if n > len(b) {
			return false
		}
		b = b[n:]
	}
	return false
}
