package rtsp

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/video"
)

// request is what a raw camera is asked.
type request struct {
	method, url string
	header      textproto.MIMEHeader
}

// raw is a camera made by hand, which can break every rule. What is nil or
// empty is as it should be.
type raw struct {
	answer  func(*raw, request) string // "" for the usual; the first $ becomes the request's CSeq
	lines   []string                   // of the description, instead of the usual media
	head    string                     // of DESCRIBE's answer, such as Content-Base
	session string                     // Session header
	payload func(picture int, nalus [][]byte) [][]byte
	header  func(picture int, h *header)
	write   func(packet []byte) []byte // what is sent of an interleaved packet
	reports bool                       // a sender report before each picture
	certs   *tls.Config

	address string
	mu      sync.Mutex // of writes to the connection
	asked   []request
}

const rawMedia = "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:trackID=1"

func (c *raw) start(t testing.TB) *raw {
	t.Helper()
	pictures, _, _ := clip(t)
	c.address, _ = listenTCP(t, func(conn net.Conn) {
		if c.certs != nil {
			conn = tls.Server(conn, c.certs)
		}
		c.serve(conn, pictures)
	})
	return c
}

func (c *raw) url() string {
	if c.certs != nil {
		return "rtsps://" + c.address + "/main"
	}
	return "rtsp://" + c.address + "/main"
}

func (c *raw) requests(method string) (all []request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range c.asked {
		if r.method == method {
			all = append(all, r)
		}
	}
	return all
}

func (c *raw) serve(conn net.Conn, pictures [][][]byte) {
	r := textproto.NewReader(bufio.NewReader(conn))
	stop := make(chan struct{})
	var wg sync.WaitGroup
	defer wg.Wait()
	defer close(stop)
	var udp *net.UDPConn
	var to *net.UDPAddr
	for {
		line, err := r.ReadLine()
		if err != nil {
			return
		}
		f := strings.Fields(line)
		h, err := r.ReadMIMEHeader()
		if err != nil || len(f) != 3 {
			return
		}
		req := request{f[0], f[1], h}
		c.mu.Lock()
		c.asked = append(c.asked, req)
		c.mu.Unlock()
		if f[0] == "RTSP/1.0" {
			continue // an answer to a request of ours
		}
		answer := ""
		if c.answer != nil {
			answer = c.answer(c, req)
		}
		if answer == "" {
			answer = c.usual(req)
		}
		if _, ports, ok := strings.Cut(h.Get("Transport"), "client_port="); ok && udp == nil {
			port, _, _ := strings.Cut(ports, "-")
			n, _ := strconv.Atoi(port)
			to = net.UDPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(n)))
			if udp, err = net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}); err != nil {
				return
			}
			defer udp.Close()
		}
		if answer == "-" {
			continue
		}
		if c.send(conn, []byte(strings.Replace(answer, "$", h.Get("Cseq"), 1))) != nil {
			return
		}
		if req.method == "PLAY" && strings.HasPrefix(answer, "RTSP/1.0 200") {
			send := func(b []byte) error {
				if udp != nil {
					_, err := udp.WriteTo(b, to)
					return err
				}
				b = append([]byte{'$', 0, byte(len(b) >> 8), byte(len(b))}, b...)
				if c.write != nil {
					b = c.write(b)
				}
				return c.send(conn, b)
			}
			wg.Go(func() { c.play(pictures, send, stop) })
		}
	}
}

func (c *raw) send(conn net.Conn, b []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := conn.Write(b)
	return err
}

func (c *raw) usual(req request) string {
	session := c.session
	if session == "" {
		session = "7"
	}
	switch req.method {
	case "DESCRIBE":
		lines := c.lines
		if lines == nil {
			lines = []string{rawMedia}
		}
		return strings.Replace(described(lines...), "Content-Type", c.head+"Content-Type", 1)
	case "SETUP":
		return "RTSP/1.0 200 OK\r\nCSeq: $\r\nSession: " + session + "\r\nTransport: " + req.header.Get("Transport") + "\r\n\r\n"
	}
	return "RTSP/1.0 200 OK\r\nCSeq: $\r\nSession: " + session + "\r\n\r\n"
}

// play sends the clip, a picture every 4 ms with the time as its timestamp.
func (c *raw) play(pictures [][][]byte, send func([]byte) error, stop chan struct{}) {
	tick := time.NewTicker(4 * time.Millisecond)
	defer tick.Stop()
	h := header{kind: 96, sequence: 65000, ssrc: 77}
	begun := time.Now()
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		h.ts = uint32(1<<32-9000) + uint32(time.Since(begun)*90000/time.Second)
		payloads := video.Packetize(pictures[i%len(pictures)], 1400)
		if c.payload != nil {
			payloads = c.payload(i, pictures[i%len(pictures)])
		}
		for j, p := range payloads {
			h.sequence++
			h.marker = j == len(payloads)-1
			is := h
			if c.header != nil {
				c.header(i, &is)
			}
			if c.reports && j == 0 && send(reportOf(is)) != nil || send(is.packet(p)) != nil {
				return
			}
		}
	}
}

func (h header) packet(payload []byte) []byte {
	b := []byte{rtpVersion << 6, h.kind}
	if h.marker {
		b[1] |= 0x80
	}
	b = binary.BigEndian.AppendUint16(b, h.sequence)
	b = binary.BigEndian.AppendUint32(b, h.ts)
	b = binary.BigEndian.AppendUint32(b, h.ssrc)
	return append(b, payload...)
}

// reportOf says that the picture with this header is taken now.
func reportOf(h header) []byte {
	now := time.Now()
	b := []byte{rtpVersion << 6, senderReport, 0, 6}
	b = binary.BigEndian.AppendUint32(b, h.ssrc)
	b = binary.BigEndian.AppendUint64(b, uint64(now.Unix()+ntpEpoch)<<32|uint64(now.Nanosecond())<<32/uint64(time.Second))
	b = binary.BigEndian.AppendUint32(b, h.ts)
	return append(b, make([]byte, 8)...)
}

// shows checks that n of the camera's pictures come whole and one after the other.
func shows(t *testing.T, c *raw, cfg Config, n int) ([]*video.AccessUnit, *Source) {
	t.Helper()
	pictures, _, _ := clip(t)
	cfg.URL = c.url()
	got, s, err := collect(t, cfg, n)
	if !errors.Is(err, errEnough) {
		t.Fatal(err)
	}
	last := -1
	for i, au := range got {
		n := matches(pictures, au)
		if n < 0 || last >= 0 && n != (last+1)%len(pictures) || au.Lost != 0 {
			t.Fatalf("access unit %d is picture %d after %d, %d packets lost before it", i, n, last, au.Lost)
		}
		last = n
	}
	return got, s
}

// hasQuirks fails where a source did not report exactly these quirks.
func hasQuirks(t *testing.T, s *Source, want ...gateway.Quirk) {
	t.Helper()
	got := s.Quirks()
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("quirks %v, without %s", got, w)
		}
	}
	for _, g := range got {
		if !slices.Contains(want, g) {
			t.Errorf("quirks %v, of which %s was not to be", got, g)
		}
	}
	if !slices.IsSorted(got) {
		t.Errorf("%v is not sorted", got)
	}
}

func status(code int, text string) string {
	return fmt.Sprintf("RTSP/1.0 %d %s\r\nCSeq: $\r\n\r\n", code, text)
}

// withTimeout is a context that ends, with the test's failure, after a while.
func withTimeout(t *testing.T) (context.Context, context.CancelCauseFunc) {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	timeout := time.AfterFunc(20*time.Second, func() { cancel(errors.New("waited in vain")) })
	t.Cleanup(func() { timeout.Stop() })
	return ctx, cancel
}
