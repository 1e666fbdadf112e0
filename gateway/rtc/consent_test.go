package rtc

import (
	"net"
	"net/netip"
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

const checkPassword = "the-password-of-the-gateway"

func TestAViewersCheckIsAnsweredAsPionWould(t *testing.T) {
	t.Parallel()
	for _, from := range []string{"192.0.2.7:4000", "[2001:db8::7]:4000", "[::ffff:192.0.2.7]:4000"} {
		s, at := newConsents(), netip.MustParseAddrPort(from)
		s.of[netip.AddrPortFrom(at.Addr().Unmap(), at.Port())] = newConsent("ours", "theirs", checkPassword)
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
	s.of[from] = newConsent("ours", "theirs", checkPassword)
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

// pion asks every two seconds (ice v4.4.1), which was a twentieth of what a viewer costs.
func TestAViewerIsAskedForConsentNoMoreOftenThanItMustBe(t *testing.T) {
	t.Parallel()
	at, stranger, now := netip.MustParseAddrPort("[::ffff:192.0.2.7]:4000"), netip.MustParseAddrPort("192.0.2.8:4000"), time.Now()
	ask := func(username string) []byte {
		return stun.MustBuild(stun.BindingRequest, stun.TransactionID, stun.NewUsername(username), stun.NewShortTermIntegrity("x"), stun.Fingerprint).Raw
	}
	ours, anew := ask("theirs:ours"), ask("theirs2:ours2") // after an ICE restart
	s := newConsents()
	for range 2 {
		if !s.due(ours, at, now) {
			t.Error("a pair that is not selected yet is not tried")
		}
	}
	s.of[netip.MustParseAddrPort("192.0.2.7:4000")] = newConsent("ours", "theirs", checkPassword)
	left := 0
	for second := 0; second < 60; second += 2 {
		now := now.Add(time.Duration(second) * time.Second)
		if s.due(ours, at, now) {
			left++
		}
		for name, b := range map[string][]byte{"an ICE restart": anew, "an answer": s.reply(nil, check(t, checkPassword), at), "DTLS": {22, 254, 253}, "nothing": {}} {
			if !s.due(b, at, now) {
				t.Errorf("%s is kept back", name)
			}
		}
		if !s.due(ours, stranger, now) {
			t.Error("a check of another address is kept back")
		}
		for i := range ours {
			s.due(ours[:i], at, now)
		}
	}
	if left != 10 {
		t.Errorf("it is asked %d times in a minute", left)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte("\x00\x01\x00\x08\x21\x12\xa4\x42............\x80\x28\x00\x04...."))
	s, from := newConsents(), netip.MustParseAddrPort("192.0.2.7:4000")
	s.of[from] = newConsent("ours", "theirs", checkPassword)
	f.Fuzz(func(t *testing.T, b []byte) {
		if s.reply(nil, b, from) != nil { // nobody guesses 160 bits
			t.Errorf("answered %x", b)
		}
		s.of[from].proves(b) // whatever the fingerprint
	})
}

// The viewer's own ICE agent has to be content with the answers, and the
// gateway's with hearing of none of its checks.
func TestAViewerWhoseChecksPionNeverHearsStaysConnected(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	w := r.watch(1, func(s *webrtc.SettingEngine) {
		local(s)
		s.SetICETimeouts(500*time.Millisecond, time.Second, 20*time.Millisecond)
	})
	w.show(0, "one")
	r.cameras["one"].send(t, 0, true)
	w.picture()
	before := r.g.consents.answered.Load()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for n := 1; r.g.consents.answered.Load() < before+50; n++ { // twice as long as it takes to be disconnected
		<-tick.C
		r.cameras["one"].send(t, n, false)
		if got := w.picture(); got.number != n {
			t.Fatalf("picture %d, want %d", got.number, n)
		}
		if st := w.pc.ICEConnectionState(); st != webrtc.ICEConnectionStateConnected && st != webrtc.ICEConnectionStateCompleted {
			t.Fatalf("ICE is %s", st)
		}
	}
	w.peer.Close()
	if n := len(r.g.consents.of); n != 0 {
		t.Errorf("%d viewers who left are still answered", n)
	}
}
