package rtc

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"
)

func TestWhatViewersSendIsAdmittedAndNothingElse(t *testing.T) {
	t.Parallel()
	kinds := badPackets(t)
	stun := append([]byte{0, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42}, make([]byte, 20)...)
	odd := append([]byte{}, stun...)
	binary.BigEndian.PutUint16(odd[2:], 12)
	for name, c := range map[string]struct {
		b    []byte
		want bool
	}{
		"ClientHello": {kinds["ClientHello"](), true}, "STUN": {stun, true}, "SRTCP": {garbage(60, 0x81, 205), true},
		"RTP": {garbage(60, 0x80, 96), false}, "RTP with the marker": {garbage(60, 0x80, 0x80|96), false},
		"STUN without its cookie": {make([]byte, 28), false}, "STUN of another length": {odd, false},
		"a cut DTLS record": {kinds["ClientHello"]()[:40], false}, "TURN channel data": {garbage(60, 0x40), false},
		"ZRTP": {garbage(60, 0x10), false}, "a byte": {[]byte{0x80}, false}, "nothing": {nil, false},
	} {
		if got := expected(c.b); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAFloodFromOneAddressIsCutToItsRate(t *testing.T) {
	t.Parallel()
	g := newGuard()
	hello := clientHello(t)
	from := netip.MustParseAddrPort("192.0.2.1:9")
	count := func(n int, now time.Duration) (admitted int) {
		for range n {
			if g.admits(hello, from, now) {
				admitted++
			}
		}
		return admitted
	}
	if n := count(10*sourceRate, time.Hour); n < sourceRate || n > sourceRate+1 {
		t.Errorf("%d datagrams at once, want %d", n, sourceRate)
	}
	if n := count(100, time.Hour+10*time.Millisecond); n != sourceRate/100 {
		t.Errorf("%d datagrams after 10 ms, want %d", n, sourceRate/100)
	}
	if n := count(10*sourceRate, 2*time.Hour); n < sourceRate || n > sourceRate+1 {
		t.Errorf("%d datagrams after a rest", n)
	}
	if !g.admits(hello, netip.MustParseAddrPort("192.0.2.1:10"), time.Hour) {
		t.Error("another address pays for it")
	}
}

func FuzzGuard(f *testing.F) {
	f.Add([]byte{21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 2, 0})
	f.Add([]byte{0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		if expected(b) && len(b) < dtlsHeader {
			t.Fatal("too short for anything is admitted")
		}
		stray(b)
	})
}
