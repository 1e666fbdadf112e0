package rtc

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"encoding/binary"
	"hash"
	"hash/crc32"
	"maps"
	mathrand "math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// A viewer asks every two or three seconds whether it may still be sent to, and is
// asked the same every five (RFC 7675 section 5.1). pion answers through four
// goroutines, and asks every two seconds whatever it is told (ice v4.4.1,
// Agent.connectivityChecks), which together was a tenth of what a viewer costs;
// here the goroutine that reads the port answers, and another asks. What is not
// entirely in order goes to pion.

// consent is what a viewer's checks on its selected pair must show, and what it has
// been asked itself.
type consent struct {
	username []byte    // ours and the viewer's fragment (RFC 8445 section 7.2.2)
	mac      hash.Hash // keyed with our password; for the port's reader alone
	to       netip.AddrPort
	over     func() // tells that the viewer has not agreed for consentLasts

	mu     sync.Mutex
	asks   []byte                // what our own checks show before their integrity
	theirs hash.Hash             // keyed with the viewer's password
	asked  [consentAsks][12]byte // transactions of the newest of them; zero: answered
	n      int                   // asked so far
	due    time.Time             // when the next is
	agreed time.Time             // when the viewer agreed last
}

// credentials are the fragments and passwords of both sides.
type credentials struct{ localFragment, localPassword, remoteFragment, remotePassword string }

func newConsent(c credentials, to netip.AddrPort, now time.Time, over func()) *consent {
	asks := attribute(nil, stunUsername, []byte(c.remoteFragment+":"+c.localFragment))
	var tie [8]byte
	_, _ = rand.Read(tie[:]) // it does not fail
	asks = attribute(asks, stunControlled, tie[:])
	asks = attribute(asks, stunPriority, binary.BigEndian.AppendUint32(nil, askPriority))
	return &consent{username: []byte(c.localFragment + ":" + c.remoteFragment), mac: hmac.New(sha1.New, []byte(c.localPassword)),
		to: to, over: over, asks: asks, theirs: hmac.New(sha1.New, []byte(c.remotePassword)), due: now.Add(askLeast), agreed: now}
}

// How often a viewer is asked: every 5 s, give or take a fifth, and for how long what
// it said lasts (RFC 7675 section 5.1).
const (
	askLeast     = 4 * time.Second
	askMore      = 2*time.Second - askLook
	askLook      = 500 * time.Millisecond // between looks who is to be asked
	consentLasts = 30 * time.Second
	consentAsks  = int(consentLasts / askLeast)
	askPriority  = 110<<24 | 0xffff<<8 | 0xff // of a peer-reflexive candidate (RFC 8445 section 5.1.2)
)

// ask is the check that is due, appended to out, nil where none is. It is over when
// the viewer has not agreed for too long.
func (c *consent) ask(out []byte, now time.Time) (check []byte, over bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Sub(c.agreed) > consentLasts {
		return nil, true
	}
	if now.Before(c.due) {
		return nil, false
	}
	c.due = now.Add(askLeast + mathrand.N(askMore))
	id := &c.asked[c.n%consentAsks]
	c.n++
	_, _ = rand.Read(id[:])
	start := len(out)
	out = binary.BigEndian.AppendUint16(out, stunBinding)
	out = binary.BigEndian.AppendUint16(out, 0)
	out = binary.BigEndian.AppendUint32(out, stunCookie)
	out = append(append(out, id[:]...), c.asks...)
	return finish(out, start, c.theirs), false
}

// agrees says whether an answer is the viewer's own to what it was asked, for the
// first time.
func (c *consent) agrees(b []byte, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	id := slices.Index(c.asked[:], [12]byte(b[8:stunHeader]))
	at := len(b) - fingerprintSize - integritySize
	if id < 0 || c.asked[id] == [12]byte{} || at < stunHeader || binary.BigEndian.Uint32(b[at:]) != stunIntegrity<<16|sha1.Size ||
		!hmac.Equal(sum(c.theirs, b[:at]), b[at+4:len(b)-fingerprintSize]) {
		return false
	}
	c.asked[id], c.agreed = [12]byte{}, now
	return true
}

// consents are those of the viewers that are connected over UDP, by address.
type consents struct {
	mu       sync.RWMutex // of and the peers' checks
	of       map[netip.AddrPort]*consent
	answered atomic.Uint64
	agreed   atomic.Uint64
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
		c = p.consent(from)
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

// consent is that of the viewer at an address from now on, nil where pion does not
// tell its credentials.
func (p *Peer) consent(at netip.AddrPort) *consent {
	ice := p.pc.SCTP().Transport().ICETransport()
	local, err := ice.GetLocalParameters()
	if err != nil {
		return nil
	}
	remote, err := ice.GetRemoteParameters()
	if err != nil {
		return nil
	}
	return newConsent(credentials{local.UsernameFragment, local.Password, remote.UsernameFragment, remote.Password}, at, time.Now(), p.doom)
}

// run asks viewers, until ctx ends.
func (s *consents) run(ctx context.Context, send func(check []byte, to netip.AddrPort)) {
	tick := time.NewTicker(askLook)
	defer tick.Stop()
	var all []*consent
	var room [256]byte
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			s.mu.RLock()
			all = slices.AppendSeq(all[:0], maps.Values(s.of))
			s.mu.RUnlock()
			for _, c := range all {
				if check, over := c.ask(room[:0], now); over {
					c.over()
				} else if check != nil {
					send(check, c.to)
				}
			}
			clear(all)
		}
	}
}

// hears makes of an answer to what was asked a bare indication, from which pion
// learns that the viewer is there; else it is b. It is for the port's reader alone.
func (s *consents) hears(b []byte, from netip.AddrPort, now time.Time) []byte {
	if !isBinding(b, stunSuccess) {
		return b
	}
	if c := s.at(from); c == nil || !c.agrees(b, now) {
		return b
	}
	s.agreed.Add(1)
	b = b[:stunHeader]
	binary.BigEndian.PutUint32(b, stunIndication<<16)
	return b
}

// at is the consent of the viewer at an address, nil where there is none.
func (s *consents) at(from netip.AddrPort) *consent {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.of[netip.AddrPortFrom(from.Addr().Unmap(), from.Port())]
}

// reply appends the answer to a check to out, or returns nil where it is not for
// us to answer. It is for the port's reader alone.
func (s *consents) reply(out, check []byte, from netip.AddrPort) []byte {
	if !isBinding(check, stunBinding) {
		return nil
	}
	c := s.at(from)
	if c == nil || !c.proves(check) {
		return nil
	}
	s.answered.Add(1)
	return c.answer(out, check, netip.AddrPortFrom(from.Addr().Unmap(), from.Port()))
}

// STUN (RFC 8489 sections 5, 14 and 18, RFC 8445 section 16.1).
const (
	stunBinding     = 0x0001
	stunIndication  = 0x0011
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

// isBinding says whether a datagram is a Binding message of a kind, with a
// fingerprint.
func isBinding(b []byte, kind uint16) bool {
	end := len(b) - fingerprintSize
	return end >= stunHeader && expected(b) && binary.BigEndian.Uint16(b) == kind &&
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
			return named && size == sha1.Size && next == len(b)-fingerprintSize && hmac.Equal(sum(c.mac, b[:at]), b[at+4:next])
		case kind == stunControlled, kind < stunOptional && kind != stunPriority && kind != stunNominated:
			return false
		}
		at = next
	}
	return false
}

// sum is the integrity of a message that ends where its attribute begins (RFC
// 8489 section 14.5): its header counts the attribute already.
func sum(mac hash.Hash, b []byte) []byte {
	var room [sha1.Size]byte
	size := [2]byte{}
	binary.BigEndian.PutUint16(size[:], uint16(len(b)-stunHeader+integritySize))
	mac.Reset()
	mac.Write(b[:2])
	mac.Write(size[:])
	mac.Write(b[4:])
	return mac.Sum(room[:0])
}

// finish appends integrity and fingerprint to the message that begins at start.
func finish(out []byte, start int, mac hash.Hash) []byte {
	integrity := sum(mac, out[start:])
	out = binary.BigEndian.AppendUint32(out, stunIntegrity<<16|sha1.Size)
	out = append(out, integrity...)
	binary.BigEndian.PutUint16(out[start+2:], uint16(len(out)-start-stunHeader+fingerprintSize))
	check := crc32.ChecksumIEEE(out[start:]) ^ stunXor
	out = binary.BigEndian.AppendUint32(out, stunFingerprint<<16|4)
	return binary.BigEndian.AppendUint32(out, check)
}

// attribute appends an attribute, padded to 32 bits (RFC 8489 section 14).
func attribute(out []byte, kind uint16, value []byte) []byte {
	out = binary.BigEndian.AppendUint16(out, kind)
	out = binary.BigEndian.AppendUint16(out, uint16(len(value)))
	out = append(out, value...)
	return append(out, make([]byte, -len(value)&3)...)
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
	return finish(out, start, c.mac)
}
