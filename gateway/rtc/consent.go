package rtc

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/binary"
	"hash"
	"hash/crc32"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// A viewer asks every two or three seconds whether it may still be sent to (RFC
// 7675 section 5.1). pion answers through four goroutines and asks back each
// time, which was a tenth of what a viewer costs; here it is answered by the
// goroutine that reads the port. What is not entirely in order goes to pion.

// consent is what a viewer's checks on its selected pair must show.
type consent struct {
	username []byte       // ours and the viewer's fragment (RFC 8445 section 7.2.2)
	mac      hash.Hash    // keyed with our password; for the port's reader alone
	asks     []byte       // the username of our own checks
	asked    atomic.Int64 // when one left last, Unix ns
}

func newConsent(localFragment, remoteFragment, password string) *consent {
	return &consent{username: []byte(localFragment + ":" + remoteFragment), mac: hmac.New(sha1.New, []byte(password)), asks: []byte(remoteFragment + ":" + localFragment)}
}

// askEvery is how often a viewer is asked at most whether it may be sent to: every 5 s,
// give or take a fifth (RFC 7675 section 5.1). pion asks every 2 s, whatever it is
// told (ice v4.4.1, Agent.connectivityChecks), so that what is asked is 6 s apart.
const askEvery = 4500 * time.Millisecond

// due says whether what pion sends to an address may leave now: everything but a check
// of a connected viewer's selected pair too soon after another.
func (s *consents) due(b []byte, to netip.AddrPort, now time.Time) bool {
	if len(b) < stunHeader || binary.BigEndian.Uint16(b) != stunBinding {
		return true
	}
	s.mu.RLock()
	c := s.of[netip.AddrPortFrom(to.Addr().Unmap(), to.Port())]
	s.mu.RUnlock()
	if c == nil || !bytes.Equal(usernameOf(b), c.asks) { // after an ICE restart it has another
		return true
	}
	last := c.asked.Load()
	return now.Sub(time.Unix(0, last)) >= askEvery && c.asked.CompareAndSwap(last, now.UnixNano())
}

// usernameOf is the USERNAME of a STUN message, nil where it has none.
func usernameOf(b []byte) []byte {
	for at := stunHeader; at+4 <= len(b); {
		size := int(binary.BigEndian.Uint16(b[at+2:]))
		next := at + 4 + (size+3)&^3
		if next > len(b) {
			return nil
		}
		if binary.BigEndian.Uint16(b[at:]) == stunUsername {
			return b[at+4 : at+4+size]
		}
		at = next
	}
	return nil
}

// consents are those of the viewers that are connected over UDP, by address.
type consents struct {
	mu       sync.RWMutex // of and the peers' checks
	of       map[netip.AddrPort]*consent
	answered atomic.Uint64
}

func newConsents() *consents { return &consents{of: map[netip.AddrPort]*consent{}} }

// checks is how a peer's viewer is answered.
type checks struct {
	consent *consent
	from    netip.AddrPort
	over    bool // a late word of pion's changes nothing
}

// take answers the checks of a peer's viewer from this address on, from none
// where it is invalid.
func (s *consents) take(p *Peer, from netip.AddrPort) {
	var c *consent
	if from.IsValid() {
		c = p.consent()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := p.checks; old.consent != nil && s.of[old.from] == old.consent {
		delete(s.of, old.from)
	}
	if p.checks.consent, p.checks.from = c, from; c != nil && !p.checks.over {
		s.of[from] = c
	}
}

// end answers no checks of a peer's viewer any more.
func (s *consents) end(p *Peer) {
	s.mu.Lock()
	p.checks.over = true
	s.mu.Unlock()
	s.take(p, netip.AddrPort{})
}

// consent is what the viewer's checks must show now, nil where pion does not
// tell.
func (p *Peer) consent() *consent {
	ice := p.pc.SCTP().Transport().ICETransport()
	local, err := ice.GetLocalParameters()
	if err != nil {
		return nil
	}
	remote, err := ice.GetRemoteParameters()
	if err != nil {
		return nil
	}
	return newConsent(local.UsernameFragment, remote.UsernameFragment, local.Password)
}

// reply appends the answer to a check to out, or returns nil where it is not for
// us to answer. It is for the port's reader alone.
func (s *consents) reply(out, check []byte, from netip.AddrPort) []byte {
	if !isCheck(check) {
		return nil
	}
	from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
	s.mu.RLock()
	c := s.of[from]
	s.mu.RUnlock()
	if c == nil || !c.proves(check) {
		return nil
	}
	s.answered.Add(1)
	return c.answer(out, check, from)
}

// STUN (RFC 8489 sections 5, 14 and 18, RFC 8445 section 16.1).
const (
	stunBinding     = 0x0001
	stunSuccess     = 0x0101
	stunUsername    = 0x0006
	stunIntegrity   = 0x0008
	stunMapped      = 0x0020 // XOR-MAPPED-ADDRESS
	stunPriority    = 0x0024
	stunNominated   = 0x0025 // USE-CANDIDATE: nothing new on the pair that is selected
	stunOptional    = 0x8000 // from here on whoever does not know an attribute may ignore it
	stunFingerprint = 0x8028
	stunControlled  = 0x8029
	stunXor         = 0x5354554e
	integritySize   = 4 + sha1.Size
	fingerprintSize = 4 + 4
)

// isCheck says whether a datagram is a Binding request with a fingerprint.
func isCheck(b []byte) bool {
	end := len(b) - fingerprintSize
	return end >= stunHeader && expected(b) && binary.BigEndian.Uint16(b) == stunBinding &&
		binary.BigEndian.Uint32(b[end:]) == stunFingerprint<<16|4 &&
		binary.BigEndian.Uint32(b[end+4:]) == crc32.ChecksumIEEE(b[:end])^stunXor
}

// proves says whether a check is the viewer's own and changes nothing.
func (c *consent) proves(b []byte) bool {
	named := false
	for at := stunHeader; at+4 <= len(b); {
		kind, size := binary.BigEndian.Uint16(b[at:]), int(binary.BigEndian.Uint16(b[at+2:]))
		next := at + 4 + (size+3)&^3
		if next > len(b) {
			return false
		}
		switch {
		case kind == stunUsername:
			named = bytes.Equal(b[at+4:at+4+size], c.username)
		case kind == stunIntegrity:
			return named && size == sha1.Size && next == len(b)-fingerprintSize && hmac.Equal(c.sum(b[:at]), b[at+4:next])
		case kind == stunControlled, kind < stunOptional && kind != stunPriority && kind != stunNominated:
			return false
		}
		at = next
	}
	return false
}

// sum is the integrity of a message that ends where its attribute begins (RFC
// 8489 section 14.5): its header counts the attribute already.
func (c *consent) sum(b []byte) []byte {
	var room [sha1.Size]byte
	size := [2]byte{}
	binary.BigEndian.PutUint16(size[:], uint16(len(b)-stunHeader+integritySize))
	c.mac.Reset()
	c.mac.Write(b[:2])
	c.mac.Write(size[:])
	c.mac.Write(b[4:])
	return c.mac.Sum(room[:0])
}

// answer appends the success response to a check that came from an address.
func (c *consent) answer(out, check []byte, from netip.AddrPort) []byte {
	start := len(out)
	out = append(out, check[:stunHeader]...)
	binary.BigEndian.PutUint16(out[start:], stunSuccess)
	address, family := from.Addr().AsSlice(), byte(1)
	if len(address) == 16 {
		family = 2
	}
	out = binary.BigEndian.AppendUint16(out, stunMapped)
	out = binary.BigEndian.AppendUint16(out, uint16(4+len(address)))
	out = append(out, 0, family)
	out = binary.BigEndian.AppendUint16(out, from.Port()^uint16(stunCookie>>16))
	for i, b := range address { // with the cookie and the transaction (section 14.2)
		out = append(out, b^check[4+i])
	}
	out = binary.BigEndian.AppendUint32(out, stunIntegrity<<16|sha1.Size)
	out = append(out, c.sum(out[start:len(out)-4])...)
	binary.BigEndian.PutUint16(out[start+2:], uint16(len(out)-start-stunHeader+fingerprintSize))
	sum := crc32.ChecksumIEEE(out[start:]) ^ stunXor
	out = binary.BigEndian.AppendUint32(out, stunFingerprint<<16|4)
	return binary.BigEndian.AppendUint32(out, sum)
}
