package rtsp

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/auth"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/bluenviron/gortsplib/v4/pkg/liberrors"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"matthan/gateway"
	"matthan/gateway/video"
)

const (
	user   = "admin"
	canary = "chim-h0ang-y3n%@/?#" // a password that must show up nowhere
)

// camera is a real RTSP server that plays a clip again and again.
type camera struct {
	// set before start
	formats   []format.Format // default: H264 with in-band sets only
	login     bool            // asks for user and canary
	methods   []auth.VerifyMethod
	certs     *tls.Config
	udp       bool
	refuseTCP bool
	drop      func(packet int) bool
	inBand    bool                              // parameter sets in the stream
	pace      time.Duration                     // between pictures; default 4 ms
	setup     func(track string) *base.Response // its answer to a SETUP; nil: the usual one

	address  string
	server   *gortsplib.Server
	stream   *gortsplib.ServerStream
	media    *description.Media
	sessions atomic.Int64
	sent     atomic.Uint32 // RTP timestamp of the picture sent last
}

func (c *camera) allowed(conn *gortsplib.ServerConn, req *base.Request) bool {
	return !c.login || conn.VerifyCredentials(req, user, canary)
}

func unauthorized() (*base.Response, *gortsplib.ServerStream, error) {
	return &base.Response{StatusCode: base.StatusUnauthorized}, nil, liberrors.ErrServerAuth{}
}

func (c *camera) OnDescribe(ctx *gortsplib.ServerHandlerOnDescribeCtx) (*base.Response, *gortsplib.ServerStream, error) {
	if !c.allowed(ctx.Conn, ctx.Request) {
		return unauthorized()
	}
	if ctx.Path != "/main" {
		return &base.Response{StatusCode: base.StatusNotFound}, nil, nil
	}
	return &base.Response{StatusCode: base.StatusOK}, c.stream, nil
}

func (c *camera) OnSetup(ctx *gortsplib.ServerHandlerOnSetupCtx) (*base.Response, *gortsplib.ServerStream, error) {
	if !c.allowed(ctx.Conn, ctx.Request) {
		return unauthorized()
	}
	if c.refuseTCP && ctx.Transport == gortsplib.TransportTCP {
		return &base.Response{StatusCode: base.StatusUnsupportedTransport}, nil, nil
	}
	if c.setup != nil {
		if res := c.setup(ctx.Request.URL.String()); res != nil {
			return res, nil, nil
		}
	}
	return &base.Response{StatusCode: base.StatusOK}, c.stream, nil
}

func (c *camera) OnPlay(*gortsplib.ServerHandlerOnPlayCtx) (*base.Response, error) {
	return &base.Response{StatusCode: base.StatusOK}, nil
}

func (c *camera) OnSessionOpen(*gortsplib.ServerHandlerOnSessionOpenCtx)   { c.sessions.Add(1) }
func (c *camera) OnSessionClose(*gortsplib.ServerHandlerOnSessionCloseCtx) { c.sessions.Add(-1) }

// start serves until the test ends.
func (c *camera) start(t testing.TB) *camera {
	t.Helper()
	pictures, sps, pps := clip(t)
	if c.formats == nil {
		f := &format.H264{PayloadTyp: 96, PacketizationMode: 1}
		if !c.inBand {
			f.SPS, f.PPS = sps, pps
		}
		c.formats = []format.Format{f}
	}
	if c.pace == 0 {
		c.pace = 4 * time.Millisecond
	}
	for try := 0; ; try++ {
		err := c.listen()
		if err == nil {
			break
		}
		if try == 50 {
			t.Fatal(err)
		}
	}
	desc := &description.Session{}
	for i, f := range c.formats {
		kind := description.MediaTypeVideo
		switch f.(type) {
		case *format.G711, *format.Opus:
			kind = description.MediaTypeAudio
		}
		m := &description.Media{Type: kind, Formats: []format.Format{f}}
		if _, ok := f.(*format.H264); ok || i == 0 {
			c.media = m
		}
		desc.Medias = append(desc.Medias, m)
	}
	c.stream = &gortsplib.ServerStream{Server: c.server, Desc: desc}
	if err := c.stream.Initialize(); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { c.play(pictures, stop) })
	t.Cleanup(func() {
		close(stop)
		wg.Wait()
		c.stream.Close()
		c.server.Close()
		_ = c.server.Wait()
	})
	return c
}

func (c *camera) listen() error {
	c.server = &gortsplib.Server{
		Handler: c, RTSPAddress: "127.0.0.1:0", TLSConfig: c.certs, AuthMethods: c.methods,
		DisableRTCPSenderReports: true,
		Listen: func(network, address string) (net.Listener, error) {
			l, err := net.Listen(network, address)
			if err == nil {
				c.address = l.Addr().String()
			}
			return l, err
		},
	}
	if c.udp {
		port := 20000 + 2*rand.IntN(20000)
		c.server.UDPRTPAddress = fmt.Sprintf("127.0.0.1:%d", port)
		c.server.UDPRTCPAddress = fmt.Sprintf("127.0.0.1:%d", port+1)
	}
	return c.server.Start()
}

// play sends pictures with the timestamps of 25 a second.
func (c *camera) play(pictures [][][]byte, stop chan struct{}) {
	tick := time.NewTicker(c.pace)
	defer tick.Stop()
	seq, ts, n := uint16(65000), uint32(1<<32-90000), 0
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		nalus := pictures[i%len(pictures)]
		if !c.inBand {
			nalus = withoutSets(nalus)
		}
		payloads := video.Packetize(nalus, 1400)
		ts += 3600
		c.sent.Store(ts)
		for j, p := range payloads {
			seq++
			if n++; c.drop != nil && c.drop(n) {
				continue
			}
			h := rtp.Header{Version: 2, PayloadType: c.media.Formats[0].PayloadType(), SequenceNumber: seq, Timestamp: ts, Marker: j == len(payloads)-1}
			_ = c.stream.WritePacketRTP(c.media, &rtp.Packet{Header: h, Payload: p}) // fails where the test has ended it
		}
	}
}

// report sends a sender report that says that the picture sent last was taken age ago.
func (c *camera) report(age time.Duration) error {
	at := time.Now().Add(-age)
	ntp := uint64(at.Unix()+ntpEpoch)<<32 | uint64(at.Nanosecond())<<32/uint64(time.Second)
	ssrc := c.stream.Stats().Medias[c.media].Formats[c.media.Formats[0]].LocalSSRC
	return c.stream.WritePacketRTCP(c.media, &rtcp.SenderReport{SSRC: ssrc, NTPTime: ntp, RTPTime: c.sent.Load()})
}

func (c *camera) url() string {
	scheme := "rtsp"
	if c.certs != nil {
		scheme = "rtsps"
	}
	return scheme + "://" + c.address + "/main"
}

func withoutSets(nalus [][]byte) (out [][]byte) {
	for _, n := range nalus {
		if t := video.TypeOf(n); t != video.NALUSPS && t != video.NALUPPS {
			out = append(out, n)
		}
	}
	return out
}

// clip reads the pictures of a small recording: three slices each, an IDR every ten.
func clip(t testing.TB) (pictures [][][]byte, sps, pps []byte) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "video", "testdata", "slices.h264"))
	if err != nil {
		t.Fatal(err)
	}
	var lead [][]byte
	for _, n := range video.SplitAnnexB(b) {
		switch video.TypeOf(n) {
		case video.NALUSPS:
			sps = n
		case video.NALUPPS:
			pps = n
		}
		mb, slice := video.FirstMB(n)
		switch {
		case !slice:
			lead = append(lead, n)
		case mb == 0:
			pictures, lead = append(pictures, append(lead, n)), nil
		default:
			pictures[len(pictures)-1] = append(pictures[len(pictures)-1], n)
		}
	}
	return pictures, sps, pps
}

// matches says which picture of the clip an access unit is, -1 for none.
func matches(pictures [][][]byte, au *video.AccessUnit) int {
	got := bytes.Join(withoutSets(au.NALUs()), nil)
	for i, p := range pictures {
		if bytes.Equal(got, bytes.Join(withoutSets(p), nil)) {
			return i
		}
	}
	return -1
}

var errEnough = errors.New("enough seen")

// collect runs a source until it has published n access units or ended.
func collect(t testing.TB, cfg Config, n int) ([]*video.AccessUnit, *Source, error) {
	t.Helper()
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	ctx, end := context.WithCancelCause(ctx)
	var got []*video.AccessUnit
	var returned atomic.Bool
	err = s.Run(ctx, func(au *video.AccessUnit) {
		if returned.Load() {
			t.Error("published after Run returned")
		}
		if got = append(got, au); len(got) == n {
			end(errEnough)
		}
	})
	returned.Store(true)
	end(nil)
	return got, s, err
}

// fake answers RTSP requests with what reply says; "" closes the connection.
// The first $ in an answer becomes the request's CSeq.
func fake(t testing.TB, reply func(method, authorization string) string) (address string, connections *atomic.Int64) {
	t.Helper()
	return listenTCP(t, func(c net.Conn) {
		r := bufio.NewReader(c)
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			method, _, _ := strings.Cut(line, " ")
			var cseq, authorization string
			for {
				h, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if h = strings.TrimSpace(h); h == "" {
					break
				}
				if v, ok := strings.CutPrefix(h, "CSeq: "); ok {
					cseq = v
				}
				if v, ok := strings.CutPrefix(h, "Authorization: "); ok {
					authorization = v
				}
			}
			answer := "RTSP/1.0 200 OK\r\nCSeq: $\r\n\r\n"
			if method != "OPTIONS" {
				answer = reply(method, authorization)
			}
			if answer == "" {
				return
			}
			if _, err := c.Write([]byte(strings.Replace(answer, "$", cseq, 1))); err != nil {
				return
			}
		}
	})
}

// listenTCP serves each connection until the test ends.
func listenTCP(t testing.TB, serve func(net.Conn)) (address string, connections *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var n atomic.Int64
	var wg sync.WaitGroup
	ctx, cancel := context.WithCancel(context.Background())
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			n.Add(1)
			wg.Go(func() {
				defer c.Close()
				defer context.AfterFunc(ctx, func() { _ = c.Close() })()
				serve(c)
			})
		}
	})
	t.Cleanup(func() {
		cancel()
		_ = l.Close()
		wg.Wait()
	})
	return l.Addr().String(), &n
}

func described(lines ...string) string {
	body := "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\n" + strings.Join(lines, "\r\n") + "\r\n"
	return fmt.Sprintf("RTSP/1.0 200 OK\r\nCSeq: $\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// syncBuffer is a log's sink.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func (s *syncBuffer) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(s, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

var _ gateway.Source = (*Source)(nil)
