package rtc

import (
	"maps"
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/pion/stun/v3"
	"github.com/pion/webrtc/v4"
)

// a viewer's check, as pion makes them.
func check(t *testing.T, password string, more ...stun.Setter) []byte {
	t.Helper()
	m, err := stun.Build(append(append([]stun.Setter{stun.BindingRequest, stun.TransactionID, stun.NewUsername("ours:theirs"),
		stun.RawAttribute{Type: stun.AttrICEControlling, Value: make([]byte, 8)}, stun.RawAttribute{Type: stun.AttrPriority, Value: make([]byte, 4)}},
		more...), stun.NewShortTermIntegrity(password), stun.Fingerprint)...)
	if err != nil {
		t.Fatal(err)
	}
	return m.Raw
}

const checkPassword, theirPassword = "the-password-of-the-gateway", "the-password-of-the-viewer"

func consentAt(at netip.AddrPort, now time.Time) *consent {
	return newConsent(credentials{"ours", checkPassword, "theirs", theirPassword}, at, now, nil)
}

func TestAViewersCheckIsAnsweredAsPionWould(t *testing.T) {
	t.Parallel()
	for _, from := range []string{"192.0.2.7:4000", "[2001:db8::7]:4000", "[::ffff:192.0.2.7]:4000"} {
		s, at := newConsents(), netip.MustParseAddrPort(from)
		s.of[netip.AddrPortFrom(at.Addr().Unmap(), at.Port())] = consentAt(at, time.Now())
		for range 2 { // the keyed hash is used again
			asked := check(t, checkPassword, stun.RawAttribute{Type: stun.AttrUseCandidate})
			answer := &stun.Message{Raw: s.reply(nil, asked, at)}
			if err := answer.Decode(); err != nil {
				t.Fatalf("%s: %v", from, err)
			}
			question := &stun.Message{Raw: asked}
			if err := question.Decode(); err != nil {
				t.Fatal(err)
			}
			var mapped stun.XORMappedAddress
			if err := mapped.GetFrom(answer); err != nil || !mapped.IP.Equal(net.IP(at.Addr().AsSlice())) || mapped.Port != 4000 {
				t.Errorf("%s: %v %v", from, mapped, err)
			}
			if err := answer.Check(stun.NewShortTermIntegrity(checkPassword), stun.Fingerprint); err != nil {
				t.Errorf("%s: %v", from, err)
			}
			if answer.Type != stun.BindingSuccess || answer.TransactionID != question.TransactionID {
				t.Errorf("%s: %v", from, answer)
			}
		}
	}
}

func TestACheckThatIsNotInOrderIsLeftToPion(t *testing.T) {
	t.Parallel()
	s, from := newConsents(), netip.MustParseAddrPort("192.0.2.7:4000")
	s.of[from] = consentAt(from, time.Now())
	good := check(t, checkPassword)
	if s.reply(nil, good, from) == nil {
		t.Fatal("not even a good one is answered")
	}
	if s.reply(nil, good, netip.MustParseAddrPort("192.0.2.8:4000")) != nil {
		t.Error("a stranger's address is answered")
	}
	for name, b := range map[string][]byte{
		"another password":  check(t, "another password"),
		"a role conflict":   check(t, checkPassword, stun.RawAttribute{Type: stun.AttrICEControlled, Value: make([]byte, 8)}),
		"unknown, required": check(t, checkPassword, stun.RawAttribute{Type: 0x7777, Value: make([]byte, 4)}),
		"nothing":           {},
	} {
		if s.reply(nil, b, from) != nil {
			t.Errorf("%s: answered", name)
		}
	}
	for i := range good { // whatever bit is turned, fingerprint or integrity shows it
		for bit := range 8 {
			b := append([]byte(nil), good...)
			if b[i] ^= 1 << bit; s.reply(nil, b, from) != nil {
				t.Errorf("answered with bit %d of byte %d turned", bit, i)
			}
		}
		if s.reply(nil, good[:i], from) != nil {
			t.Errorf("answered, cut at byte %d", i)
		}
	}
}

func TestAViewerIsAskedForConsentEveryFiveSecondsOrSo(t *testing.T) {
	t.Parallel()
	at, now := netip.MustParseAddrPort("192.0.2.7:4000"), time.Now()
	c := consentAt(at, now)
	seen, last := map[[stun.TransactionIDSize]byte]bool{}, now
	for len(seen) < 60 {
		now = now.Add(askLook)
		b, over := c.ask(nil, now)
		if over {
			t.Fatal("a viewer who agrees is given up")
		}
		if b == nil {
			continue
		}
		if ago := now.Sub(last); len(seen) > 0 && (ago < 4*time.Second || ago > 6*time.Second) {
			t.Errorf("asked after %v", ago)
		}
		last = now
		m := &stun.Message{Raw: b}
		if err := m.Decode(); err != nil {
			t.Fatal(err)
		}
		if err := m.Check(stun.NewShortTermIntegrity(theirPassword), stun.Fingerprint); err != nil || m.Type != stun.BindingRequest {
			t.Errorf("%v: %v", m, err)
		}
		if who, err := m.Get(stun.AttrUsername); err != nil || string(who) != "theirs:ours" || !m.Contains(stun.AttrICEControlled) || !m.Contains(stun.AttrPriority) {
			t.Errorf("%v asks as %q: %v", m, who, err)
		}
		seen[m.TransactionID] = true // each asks anew
		if !c.agrees(agreement(t, b, theirPassword), now) {
			t.Fatal("the viewer's answer does not count")
		}
	}
}

// agreement is a viewer's answer to a check, as pion makes them.
func agreement(t *testing.T, check []byte, password string) []byte {
	t.Helper()
	q := &stun.Message{Raw: check}
	if err := q.Decode(); err != nil {
		t.Fatal(err)
	}
	m, err := stun.Build(q, stun.BindingSuccess, &stun.XORMappedAddress{IP: net.IPv4(127, 0, 0, 1), Port: 1}, stun.NewShortTermIntegrity(password), stun.Fingerprint)
	if err != nil {
		t.Fatal(err)
	}
	return m.Raw
}

func TestOnlyTheViewersOwnAnswerIsConsent(t *testing.T) {
	t.Parallel()
	s, from, now := newConsents(), netip.MustParseAddrPort("192.0.2.7:4000"), time.Now()
	c := consentAt(from, now)
	s.of[from] = c
	now = now.Add(6 * time.Second)
	asked, _ := c.ask(nil, now)
	good := agreement(t, asked, theirPassword)
	counts := func(b []byte, from netip.AddrPort) bool {
		copied := slices.Clone(b)
		got := s.hears(copied, from, now)
		if len(got) == len(b) && !slices.Equal(got, b) {
			t.Errorf("what is none is changed: %x", got)
		}
		return len(got) != len(b)
	}
	for name, b := range map[string][]byte{
		"another password":     agreement(t, asked, checkPassword),
		"what was never asked": agreement(t, check(t, checkPassword), theirPassword),
		"no transaction":       stun.MustBuild(stun.BindingSuccess, stun.NewShortTermIntegrity(theirPassword), stun.Fingerprint).Raw,
		"no integrity":         stun.MustBuild(&stun.Message{TransactionID: [12]byte(asked[8:20])}, stun.BindingSuccess, stun.Fingerprint).Raw,
		"the question":         asked,
		"nothing":              {},
	} {
		if counts(b, from) {
			t.Errorf("%s: it counts", name)
		}
	}
	if counts(good, netip.MustParseAddrPort("192.0.2.8:4000")) {
		t.Error("a stranger agrees for the viewer")
	}
	for i := range good {
		for bit := range 8 {
			b := slices.Clone(good)
			if b[i] ^= 1 << bit; counts(b, from) {
				t.Errorf("it counts with bit %d of byte %d turned", bit, i)
			}
		}
		if counts(good[:i], from) {
			t.Errorf("it counts, cut at byte %d", i)
		}
	}
	mapped := netip.AddrPortFrom(netip.AddrFrom16(from.Addr().As16()), from.Port())
	m := &stun.Message{Raw: s.hears(slices.Clone(good), mapped, now)}
	if err := m.Decode(); err != nil || m.Type != stun.NewType(stun.MethodBinding, stun.ClassIndication) {
		t.Errorf("pion hears %v: %v", m, err)
	}
	if counts(good, from) {
		t.Error("the same answer counts twice")
	}
}

func TestAViewerWhoDoesNotAgreeForHalfAMinuteIsSentNothing(t *testing.T) {
	t.Parallel()
	now := time.Now()
	c := consentAt(netip.MustParseAddrPort("192.0.2.7:4000"), now)
	var asked [][]byte
	for after := time.Duration(0); after <= consentLasts; after += askLook {
		b, over := c.ask(nil, now.Add(after))
		if over {
			t.Fatalf("given up after %v", after)
		}
		if b != nil {
			asked = append(asked, b)
		}
	}
	if !c.agrees(agreement(t, asked[0], theirPassword), now.Add(consentLasts)) { // a phone that was away
		t.Error("a late answer does not count")
	}
	if _, over := c.ask(nil, now.Add(2*consentLasts)); over {
		t.Error("given up though it agreed")
	}
	if _, over := c.ask(nil, now.Add(2*consentLasts+askLook)); !over {
		t.Error("it is still sent to")
	}
	r := newRig(t, Config{})
	w := r.watch(1, nil)
	w.show(0, "one")
	r.cameras["one"].send(t, 0, true)
	w.picture()
	for _, c := range r.consents() {
		c.mu.Lock()
		c.agreed = c.agreed.Add(-consentLasts)
		c.mu.Unlock()
	}
	gone, tick := time.After(patience), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for len(r.consents()) > 0 {
		select {
		case <-tick.C:
		case <-gone:
			t.Fatal("a viewer who does not agree is kept")
		}
	}
}

func (r *rig) consents() []*consent {
	r.g.consents.mu.RLock()
	defer r.g.consents.mu.RUnlock()
	return slices.Collect(maps.Values(r.g.consents.of))
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte("\x00\x01\x00\x08\x21\x12\xa4\x42............\x80\x28\x00\x04...."))
	s, from := newConsents(), netip.MustParseAddrPort("192.0.2.7:4000")
	s.of[from] = consentAt(from, time.Now())
	f.Fuzz(func(t *testing.T, b []byte) {
		if s.reply(nil, b, from) != nil { // nobody guesses 160 bits
			t.Errorf("answered %x", b)
		}
		s.of[from].proves(b) // whatever the fingerprint
		if got := s.hears(slices.Clone(b), from, time.Now()); !slices.Equal(got, b) {
			t.Errorf("agreed by %x", b)
		}
	})
}

// The viewer's own ICE agent has to be content with the answers and the questions,
// and the gateway's with hearing of no check and asking nothing.
func TestAViewerWhoseChecksPionNeverHearsStaysConnected(t *testing.T) {
	t.Parallel()
	const disconnected = time.Second
	r := newRig(t, Config{})
	w := r.watch(1, func(s *webrtc.SettingEngine) {
		local(s)
		s.SetICETimeouts(disconnected, patience, 20*time.Millisecond) // a machine may stand still for seconds
	})
	w.show(0, "one")
	r.cameras["one"].send(t, 0, true)
	w.picture()
	before, agreed := r.g.consents.answered.Load(), r.g.consents.agreed.Load()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	n, began := 1, time.Now()
	watched := func() {
		t.Helper()
		<-tick.C
		for _, c := range r.consents() {
			c.mu.Lock()
			c.due = time.Time{}
			c.mu.Unlock()
			b, _ := c.ask(nil, time.Now())
			r.g.ask(b, c.to)
		}
		r.cameras["one"].send(t, n, false)
		if got := w.picture(); got.number != n {
			t.Fatalf("picture %d, want %d", got.number, n)
		}
		n++
	}
	for time.Since(began) < 2*disconnected || r.g.consents.answered.Load() < before+50 {
		watched()
	}
	for since := time.Now(); ; watched() { // who stood still is connected again when answers come
		st := w.pc.ICEConnectionState()
		if st == webrtc.ICEConnectionStateConnected || st == webrtc.ICEConnectionStateCompleted {
			break
		}
		if time.Since(since) > patience/4 {
			t.Fatalf("ICE is %s", st)
		}
	}
	if n := r.g.consents.agreed.Load() - agreed; n < 10 {
		t.Errorf("it agreed %d times", n)
	}
	w.peer.Close()
	if n := len(r.consents()); n != 0 {
		t.Errorf("%d viewers who left are still answered", n)
	}
}
