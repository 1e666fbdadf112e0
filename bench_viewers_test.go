//go:build bench

package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/transport/v4"
	"github.com/pion/transport/v4/stdnet"
	"github.com/pion/webrtc/v4"
	"golang.org/x/sys/unix"

	"matthan/gateway/video"
)

// The viewers of a benchmark run in a process of their own, so that their CPU
// time is not the gateway's. It reads orders from standard input, one JSON
// object a line, and answers each with one.
//
// They are real WebRTC clients. Once one has put pictures together for a while,
// though, it takes its packets off the socket without deciphering them: many
// whole clients on the machine of the gateway would measure themselves. When a
// packet was there is the kernel's word (SO_TIMESTAMPNS), not that of a process
// that waits for a core.

type order struct {
	Op      string // join, count, pictures, first, leave
	URL     string // WHEP, {n} stands for the camera
	Token   string
	Cameras int // viewer i watches camera i modulo this
	Viewers int
	Note    bool // note when each picture was whole
	Whole   bool // take segmented messages whole (UDP_GRO): their cutting is then no cost of the sender's
	Times   int
}

type report struct {
	Error   string    `json:",omitempty"`
	Packets uint64    `json:",omitempty"`
	Frozen  int       `json:",omitempty"` // viewers whose pictures had a gap of over 250 ms since the last count
	Heard   []heard   `json:",omitempty"` // by each viewer since the last time
	Millis  []float64 `json:",omitempty"`
}

// heard is what one viewer noted.
type heard struct {
	Known    known
	Pictures []arrival
}

// arrival is a whole picture at a viewer.
type arrival struct {
	Timestamp uint32 // RTP
	At        int64  // of its last packet, Unix µs
}

// known is a picture that was put together, so that a timestamp has a meaning.
type known struct {
	arrival
	Slice uint64 // sliceName of its last slice
}

// sliceName names a slice by its bytes.
func sliceName(nalu []byte) uint64 {
	h := fnv.New64a()
	_, _ = h.Write(nalu)
	return h.Sum64()
}

// deafAfter is how long a viewer deciphers its packets.
const deafAfter = 1500 * time.Millisecond

// benchViewer is one viewer.
type benchViewer struct {
	pc      *webrtc.PeerConnection
	notes   bool
	deaf    atomic.Bool
	packets atomic.Uint64
	gap     atomic.Int64   // longest between two pictures, ns
	first   chan time.Time // of the first whole key picture

	// of the goroutine that reads the socket
	started bool
	next    uint16
	broken  bool
	last    time.Time

	mu       sync.Mutex
	known    known
	pictures []arrival
}

// TestBenchViewers is the viewers' process; the benchmark starts it.
func TestBenchViewers(t *testing.T) {
	if !*asViewers {
		t.SkipNow()
	}
	var all []*benchViewer
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.NewFile(3, "answers"))
	for in.Scan() {
		var o order
		if err := json.Unmarshal(in.Bytes(), &o); err != nil {
			t.Fatal(err)
		}
		r := report{}
		switch o.Op {
		case "join":
			r = joinMany(o, &all)
		case "count":
			for _, v := range all {
				r.Packets += v.packets.Load()
				if time.Duration(v.gap.Swap(0)) > 250*time.Millisecond {
					r.Frozen++
				}
			}
		case "pictures":
			for _, v := range all {
				v.mu.Lock()
				r.Heard = append(r.Heard, heard{v.known, v.pictures})
				v.pictures = nil
				v.mu.Unlock()
			}
		case "first":
			r = firstMany(o)
		case "leave":
			for _, v := range all {
				_ = v.pc.Close()
			}
			all = nil
		}
		if err := out.Encode(r); err != nil {
			t.Fatal(err)
		}
	}
}

// joinMany lets viewers come, 8 at a time.
func joinMany(o order, all *[]*benchViewer) report {
	var mu sync.Mutex
	var wg sync.WaitGroup
	failed := ""
	places := make(chan struct{}, 8)
	from := len(*all)
	for i := range o.Viewers {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			v, err := joinOne(o, (from+i)%o.Cameras)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed = err.Error()
				return
			}
			*all = append(*all, v)
		})
	}
	wg.Wait()
	return report{Error: failed}
}

// firstMany measures, one after the other, from the request to the first whole
// key picture.
func firstMany(o order) report {
	r := report{}
	for i := range o.Times {
		<-time.After(time.Duration(rand.Int64N(int64(300 * time.Millisecond))))
		began := time.Now()
		v, err := joinOne(o, i%o.Cameras)
		if err != nil {
			return report{Error: err.Error()}
		}
		select {
		case at := <-v.first:
			r.Millis = append(r.Millis, float64(at.Sub(began).Microseconds())/1000)
		case <-time.After(patience):
			return report{Error: "no first picture"}
		}
		_ = v.pc.Close()
	}
	return r
}

// joinOne makes a viewer that offers SRTP profiles in Chromium's order and has
// no interceptors, so that it costs little beside what it measures.
func joinOne(o order, camera int) (*benchViewer, error) {
	s := webrtc.SettingEngine{}
	s.SetIncludeLoopbackCandidate(true)
	s.SetSRTPProtectionProfiles(dtls.SRTP_AES128_CM_HMAC_SHA1_80, dtls.SRTP_AEAD_AES_256_GCM, dtls.SRTP_AEAD_AES_128_GCM)
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	s.SetICETimeouts(5*time.Second, 25*time.Second, 2500*time.Millisecond) // Chromium's rhythm
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	v := &benchViewer{notes: o.Note, first: make(chan time.Time, 1)}
	s.SetNet(&hearing{machine(), v, o.Whole})
	m := &webrtc.MediaEngine{}
	if err := m.RegisterDefaultCodecs(); err != nil {
		return nil, err
	}
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(s), webrtc.WithMediaEngine(m), webrtc.WithInterceptorRegistry(&interceptor.Registry{})).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, err
	}
	v.pc = pc
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { v.read(track) })
	if _, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
		return nil, err
	}
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		return nil, err
	}
	if err := pc.SetLocalDescription(offer); err != nil {
		return nil, err
	}
	req, err := http.NewRequest("POST", strings.ReplaceAll(o.URL, "{n}", fmt.Sprint(camera)), strings.NewReader(offer.SDP))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/sdp")
	if o.Token != "" {
		req.Header.Set("Authorization", "Bearer "+o.Token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode/100 != 2 {
		return nil, fmt.Errorf("WHEP: %s %s %w", resp.Status, answer, err)
	}
	return v, pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: string(answer)})
}

// read puts pictures together, until the viewer is deaf.
func (v *benchViewer) read(track *webrtc.TrackRemote) {
	a := video.NewAssembler()
	var deaf time.Time
	for {
		p, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		now := time.Now()
		a.Push(video.Packet{Sequence: p.SequenceNumber, Timestamp: p.Timestamp, Marker: p.Marker, Payload: p.Payload, Arrived: now}, func(au *video.AccessUnit, at video.Timing) {
			if au.Key && deaf.IsZero() {
				deaf = now.Add(deafAfter)
				v.first <- now
			}
			nalus := au.NALUs()
			v.mu.Lock()
			v.known = known{arrival{at.RTP, now.UnixMicro()}, sliceName(nalus[len(nalus)-1])}
			v.mu.Unlock()
			if !deaf.IsZero() && now.After(deaf) {
				v.deaf.Store(true)
			}
		})
	}
}

// packet takes note of an RTP packet, whose header is not ciphered.
func (v *benchViewer) packet(b []byte, at time.Time) {
	v.packets.Add(1)
	if seq := binary.BigEndian.Uint16(b[2:]); !v.started || seq == v.next {
		v.started, v.next = true, seq+1
	} else {
		v.broken, v.next = true, seq+1
	}
	if b[1]&0x80 == 0 {
		return
	}
	if v.notes && !v.broken {
		v.mu.Lock()
		v.pictures = append(v.pictures, arrival{binary.BigEndian.Uint32(b[4:]), at.UnixMicro()})
		v.mu.Unlock()
	}
	v.broken = false
	if !v.last.IsZero() && at.Sub(v.last) > time.Duration(v.gap.Load()) {
		v.gap.Store(int64(at.Sub(v.last)))
	}
	v.last = at
}

// machine is this machine's network, looked at once for all viewers.
var machine = sync.OnceValue(func() *stdnet.Net {
	n, err := stdnet.NewNet()
	if err != nil {
		panic(err)
	}
	return n
})

// hearing is the network of one viewer, which sees the packets that come.
type hearing struct {
	*stdnet.Net
	v     *benchViewer
	whole bool
}

// ListenUDP implements transport.Net.
func (h *hearing) ListenUDP(network string, at *net.UDPAddr) (transport.UDPConn, error) {
	c, err := net.ListenUDP(network, at)
	if err != nil {
		return nil, err
	}
	_ = c.SetReadBuffer(1 << 20)
	raw, err := c.SyscallConn()
	if err != nil {
		return nil, err
	}
	var refused error
	err = raw.Control(func(fd uintptr) {
		refused = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
		if h.whole && refused == nil {
			refused = unix.SetsockoptInt(int(fd), unix.IPPROTO_UDP, unix.UDP_GRO, 1)
		}
	})
	return &ear{UDPConn: c, v: h.v, buf: make([]byte, 1<<16), control: make([]byte, 128)}, errors.Join(err, refused)
}

// ear is a viewer's socket.
type ear struct {
	*net.UDPConn
	v            *benchViewer
	buf, control []byte

	// of the message read last
	rest []byte // packets that nobody has taken
	size int    // of one; the last may be shorter
	from netip.AddrPort
	at   time.Time
}

// ReadFrom implements net.PacketConn.
func (e *ear) ReadFrom(b []byte) (int, net.Addr, error) {
	n, a, err := e.ReadFromAddrPort(b)
	return n, net.UDPAddrFromAddrPort(a), err
}

// ReadFromAddrPort implements ice.AddrPortReaderWriter.
func (e *ear) ReadFromAddrPort(b []byte) (int, netip.AddrPort, error) {
	for {
		for len(e.rest) > 0 {
			p := e.rest[:min(e.size, len(e.rest))]
			e.rest = e.rest[len(p):]
			if len(p) >= 12 && p[0]>>6 == 2 && (p[1]&0x7f < 64 || p[1]&0x7f >= 96) { // RTP: RFC 7983, RFC 5761
				if e.v.packet(p, e.at); e.v.deaf.Load() {
					continue
				}
			}
			return copy(b, p), e.from, nil
		}
		if err := e.receive(); err != nil {
			return 0, netip.AddrPort{}, err
		}
	}
}

// receive reads a message, the kernel's time of it, and its segments' size.
func (e *ear) receive() error {
	n, m, _, from, err := e.ReadMsgUDPAddrPort(e.buf, e.control)
	if err != nil {
		return err
	}
	e.rest, e.size, e.from, e.at = e.buf[:n], n, from, time.Now()
	messages, err := unix.ParseSocketControlMessage(e.control[:m])
	for _, c := range messages {
		switch d := c.Data; {
		case c.Header.Level == unix.IPPROTO_UDP && c.Header.Type == unix.UDP_GRO && len(d) >= 4:
			e.size = int(binary.NativeEndian.Uint32(d))
		case c.Header.Level == unix.SOL_SOCKET && len(d) >= 16:
			e.at = time.Unix(int64(binary.NativeEndian.Uint64(d)), int64(binary.NativeEndian.Uint64(d[8:])))
		}
	}
	return err
}

// WriteToAddrPort implements ice.AddrPortReaderWriter.
func (e *ear) WriteToAddrPort(b []byte, a netip.AddrPort) (int, error) {
	return e.WriteToUDPAddrPort(b, a)
}
