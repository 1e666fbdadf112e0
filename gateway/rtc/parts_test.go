package rtc

import (
	"strings"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"matthan/gateway"
	"matthan/gateway/video"
)

func TestAudioLineThatTakesNothingStaysInactiveAndVideoComes(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	pc := client(t, nil)
	defer func() { _ = pc.Close() }()
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
		if _, err := pc.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			t.Fatal(err)
		}
	}
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	offer.SDP = strings.Replace(offer.SDP, "a=recvonly", "a=inactive", 1)
	p, answer, err := r.g.NewPeer(t.Context(), offer.SDP, quietEvents)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	lines := strings.Split(answer, "m=")
	if len(lines) != 3 || !strings.HasPrefix(lines[1], "audio 9 ") || !strings.Contains(lines[1], "a=inactive") || !strings.Contains(lines[2], "a=sendonly") {
		t.Fatalf("answer:\n%s", answer)
	}
}

var quietEvents = Events{
	Tile:  func(int, uint64, gateway.StreamID, gateway.State) {},
	Clock: func(int, uint64, gateway.StreamID, uint32, time.Time, video.Clock) {},
}

func TestPayloadTypeBelongsToTheStreamsProfile(t *testing.T) {
	t.Parallel()
	codec := func(pt int, mime, fmtp string) webrtc.RTPCodecParameters {
		return webrtc.RTPCodecParameters{PayloadType: webrtc.PayloadType(pt), RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: mime, SDPFmtpLine: fmtp}}
	}
	o := outbound{codecs: []webrtc.RTPCodecParameters{
		codec(100, "video/H264", "packetization-mode=0;profile-level-id=42e01f"),
		codec(101, "video/H264", "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"),
		codec(102, "video/rtx", "apt=101"),
		codec(103, "video/H264", "packetization-mode=1;profile-level-id=64001F"),
		codec(104, "video/rtx", "apt=103"),
		codec(105, "video/rtx", "apt=10"),
	}}
	for _, c := range []struct {
		f       *video.Format
		pt, rtx uint8
	}{
		{nil, 101, 102},
		{&video.Format{Profile: 0x64001f}, 103, 104},
		{&video.Format{Profile: 0x640028}, 103, 104},
		{&video.Format{Profile: 0x4d0029}, 101, 102},
	} {
		if o.choose(c.f); o.pt != c.pt || o.rtxPT != c.rtx {
			t.Errorf("%+v: pt %d, rtx %d", c.f, o.pt, o.rtxPT)
		}
	}
}

func TestHistoryFindsWhatANumberStoodForSinceTheLastStart(t *testing.T) {
	t.Parallel()
	now := time.Now()
	s := gateway.NewStream(gateway.StreamID{Camera: "a"}, 1<<20, now)
	for i := range 50 {
		s.Publish(&video.AccessUnit{Key: i%30 == 0, Arrived: now.Add(time.Duration(i) * 100 * time.Millisecond), PTS: int64(i) * 3600, Payloads: [][]byte{{byte(i)}, {byte(i)}}})
	}
	var h history
	h.next = 65530 // wraps soon
	if _, _, _, what := h.find(65529); what != useless {
		t.Error("something is found before there is a run")
	}
	h.run = run{from: h.next, stream: s, first: 0, stamp: stamp{edge: 50, at: 90000, shift: 7}}
	h.next += 100
	for _, c := range []struct {
		seq   uint16
		want  asked
		au    byte
		index int
		ts    uint32
	}{
		{65529, useless, 0, 0, 0}, // before the run
		{65530, gone, 0, 0, 0},    // over 1.5 s before the last key picture
		{33, kept, 19, 1, 90000 - 30*backlogStep},
		{92, kept, 49, 0, 49*3600 + 7},
		{93, kept, 49, 1, 49*3600 + 7},
		{94, useless, 0, 0, 0}, // not sent yet
		{30000, useless, 0, 0, 0},
	} {
		au, i, ts, what := h.find(c.seq)
		if what != c.want || what == kept && (au.Payloads[0][0] != c.au || i != c.index || ts != c.ts) {
			t.Errorf("%d: %v %v %d %d, want %+v", c.seq, what, au, i, ts, c)
		}
	}
}

func TestABacklogFollowsTheEstimateOfALinkThatLosesPackets(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for _, c := range []struct {
		bits float32
		loss time.Duration // ago
		want int
	}{
		{0, 0, backlogRate}, {2e6, time.Minute, backlogRate}, {2e6, time.Second, 500}, {1e5, 0, leastBacklog}, {1e12, 0, backlogRate},
	} {
		if got := paceOf(c.bits, now.Add(-c.loss), now); got != c.want {
			t.Errorf("%g bit/s, loss %v ago: %d, want %d", c.bits, c.loss, got, c.want)
		}
	}
}

func TestRepairsAreBounded(t *testing.T) {
	t.Parallel()
	var l limiter
	now := time.Unix(0, 0)
	got := []bool{}
	for _, after := range []time.Duration{0, 5, 15, 10, 30, 30} {
		now = now.Add(after * time.Millisecond)
		got = append(got, l.allow(7, 1000, 0, now))
	}
	want := []bool{true, false, true, false, true, false} // pauses of 20 ms, three times
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("%v, want %v", got, want)
		}
	}
	l = limiter{}
	if late := 300 * time.Millisecond; !l.allow(7, 1000, late, now) || l.allow(7, 1000, late, now.Add(late/2)) || !l.allow(7, 1000, late, now.Add(late)) {
		t.Fatal("a packet goes again while the first may still wait in a queue of 300 ms")
	}
	l = limiter{}
	bytes := 0
	for seq := range uint16(1000) {
		if l.allow(seq, 1000, 0, now) {
			bytes += 1000
		}
	}
	if bytes > repairAllowance {
		t.Fatalf("%d bytes of repairs without anything sent", bytes)
	}
	l.sent(40_000)
	if !l.allow(5000, 1000, 0, now) {
		t.Fatal("sending earns no repairs")
	}
}

func TestForgedPlaintextRecordsAreDropped(t *testing.T) {
	t.Parallel()
	alert := []byte{21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 2, 0}
	hello := []byte{22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1}
	data := []byte{23, 254, 253, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1}
	change := []byte{20, 254, 253, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1}
	none := []byte{20, 254, 253, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2}
	later := []byte{20, 254, 253, 0, 1, 0, 0, 0, 0, 0, 1, 0, 2, 1, 1}
	protected := append([]byte{}, alert...)
	protected[4] = 1
	for name, c := range map[string]struct {
		b    []byte
		want bool
	}{
		"alert": {alert, true}, "behind a handshake record": {append(append([]byte{}, hello...), alert...), true},
		"handshake": {hello, false}, "application data": {data, true},
		"ChangeCipherSpec": {change, false}, "one that is none": {none, true}, "one without content": {none[:13], true}, "one of epoch 1": {later, true}, "protected alert": {protected, false}, "empty": {nil, false},
		"STUN": {make([]byte, 20), false}, "RTP": {append([]byte{0x80}, make([]byte, 40)...), false},
	} {
		if got := stray(c.b); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func FuzzOffer(f *testing.F) {
	f.Add("v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 H264/90000\r\na=recvonly\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=fingerprint:sha-256 00\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		if n, err := checkOffer(text, 4); err == nil && (n < 1 || n > 4) {
			t.Fatalf("%d tiles", n)
		}
	})
}

// deaf is a transport that takes packets and forgets them.
type deaf struct{ packets int }

func (d *deaf) WriteRTP(*rtp.Header, []byte) (int, error) { d.packets++; return 0, nil }
func (d *deaf) Write([]byte) (int, error)                 { return 0, nil }

// empty is a gateway without cameras.
func empty(t testing.TB) *Gateway {
	none, err := gateway.NewList(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Gateway{hub: gateway.NewHub(none, gateway.Limits{}, nil, nil)}
}

// BenchmarkSend is our own part of sending one picture of 8 packets to one
// viewer: SRTP and the socket are not in it.
func BenchmarkSend(b *testing.B) {
	now := time.Now()
	s := gateway.NewStream(gateway.StreamID{Camera: "a"}, 16<<20, now)
	au := func(i int) *video.AccessUnit {
		u := &video.AccessUnit{Key: i%100 == 0, Arrived: now, PTS: int64(i) * 3600, Format: format}
		u.Payloads = eight
		return u
	}
	s.Publish(au(0))
	out := &deaf{}
	t := &tile{peer: &Peer{gateway: empty(b), shard: newShard(nil, 1), events: quietEvents}, open: true, feed: feed{stream: s}, clocked: true, shown: true,
		out: outbound{writer: out, ssrc: 1, playout: 3, codecs: []webrtc.RTPCodecParameters{{PayloadType: 96, RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: "video/H264", SDPFmtpLine: "packetization-mode=1"}}}}}
	t.start(s.GOP(), now)
	t.clocked = true
	unit := au(1)
	unit.Number = 1
	b.ReportAllocs()
	for b.Loop() {
		t.send(unit, now)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(out.packets), "ns/packet")
}

var (
	format = &video.Format{Profile: 0x4d001f}
	eight  = [][]byte{make([]byte, 1180), make([]byte, 1180), make([]byte, 1180), make([]byte, 1180), make([]byte, 1180), make([]byte, 1180), make([]byte, 1180), make([]byte, 700)}
)
