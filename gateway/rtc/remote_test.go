package rtc

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pion/stun/v3"
	"github.com/pion/webrtc/v4"
)

func TestAddressesThatAreSentTo(t *testing.T) {
	t.Parallel()
	cameras := netip.MustParsePrefix("10.1.0.0/16")
	r := &remotes{allow: func(a netip.Addr) bool { return !cameras.Contains(a) }}
	for text, want := range map[string]struct{ heard, named bool }{
		"192.168.1.5":        {true, true},
		"10.2.0.1":           {true, true},
		"203.0.113.9":        {true, true},
		"2001:db8::5":        {true, true},
		"10.1.2.3":           {false, false},
		"::ffff:10.1.2.3":    {false, false},
		"127.0.0.1":          {true, false},
		"127.9.9.9":          {true, false},
		"::ffff:127.0.0.1":   {true, false},
		"::1":                {true, false},
		"169.254.169.254":    {false, false},
		"fe80::1":            {false, false},
		"224.0.0.251":        {false, false},
		"ff02::fb":           {false, false},
		"255.255.255.255":    {false, false},
		"0.0.0.0":            {false, false},
		"::":                 {false, false},
		"64:ff9b::7f00:1":    {false, false},
		"64:ff9b:1::a01:1":   {false, false},
		"2002:7f00:1::1":     {false, false},
		"::ffff:169.254.1.1": {false, false},
	} {
		a := netip.MustParseAddr(text)
		if r.heard(a) != want.heard || r.named(a) != want.named || r.filter(a.AsSlice()) != want.heard {
			t.Errorf("%s: heard %v, named %v, want %v", text, r.heard(a), r.named(a), want)
		}
	}
	r.loopback = true
	if !r.named(netip.MustParseAddr("127.0.0.1")) {
		t.Error("a gateway on loopback does not send to loopback")
	}
}

func TestCandidatesBeyondABoundAndWithNamesAreTakenOut(t *testing.T) {
	t.Parallel()
	r := &remotes{}
	line := func(i int, address string) string {
		return fmt.Sprintf("a=candidate:%d 1 udp 2130706431 %s 9 typ host\r\n", i, address)
	}
	head := "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
	media := "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n"
	good := head + media + line(1, "192.0.2.1")
	if got, err := r.clean(good); err != nil || got != good {
		t.Errorf("an offer with nothing to take out is changed: %v\n%s", err, got)
	}
	text := head + line(2, "127.0.0.1") + media + line(4, "7dfe.local") + line(5, "169.254.169.254") + line(1, "192.0.2.1")
	for i := range 200 {
		text += line(100+i, "198.51.100.7")
	}
	got, err := r.clean(text)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(got, "a=candidate:"); n != maxCandidates {
		t.Errorf("%d candidates are left", n)
	}
	for _, bad := range []string{"127.0.0.1", "local", "169.254"} {
		if strings.Contains(got, bad) {
			t.Errorf("%s is left", bad)
		}
	}
	if !strings.Contains(got, "192.0.2.1") {
		t.Error("the good one is gone")
	}
}

// host is a socket that something else listens on.
func host(t *testing.T, address string) *net.UDPConn {
	t.Helper()
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(address)})
	if err != nil {
		t.Skipf("this machine has no %s: %v", address, err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestNoChecksAreSentToInnerHostsThatAViewerNames(t *testing.T) {
	t.Parallel()
	inner, late, outer := host(t, "127.0.0.2"), host(t, "127.0.0.2"), host(t, "127.0.0.3")
	forbidden := netip.MustParseAddr("127.0.0.2")
	r := newRig(t, Config{Remote: func(a netip.Addr) bool { return a != forbidden }})
	candidate := func(c *net.UDPConn) string {
		a := c.LocalAddr().(*net.UDPAddr)
		return fmt.Sprintf("candidate:1 1 udp 2130706431 %s %d typ host", a.IP, a.Port)
	}
	pc := client(t, nil)
	defer func() { _ = pc.Close() }()
	if _, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
		t.Fatal(err)
	}
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := r.g.NewPeer(t.Context(), offer.SDP+"a="+candidate(inner)+"\r\na="+candidate(outer)+"\r\n", quietEvents)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := p.AddCandidate(candidate(late), "0"); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 1500)
	for range 4 { // the checks of a candidate come in rounds, each over all of them
		_ = outer.SetReadDeadline(time.Now().Add(patience))
		n, err := outer.Read(b)
		if err != nil || !stun.IsMessage(b[:n]) {
			t.Fatalf("no check to an address that may be: %v", err)
		}
	}
	for _, c := range []*net.UDPConn{inner, late} {
		_ = c.SetReadDeadline(time.Now().Add(time.Millisecond))
		if n, err := c.Read(b); err == nil {
			t.Errorf("an inner host got %d bytes", n)
		}
	}
}
