package rtsp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"matthan/gateway"
	"matthan/gateway/video"
)

// udpBuffer is the socket buffer asked for, in bytes: a key picture comes as
// one burst. The system may give less.
const udpBuffer = 1 << 20

// maxUnreadable is how many packets in a row may be unreadable.
const maxUnreadable = 200

// pull is one connection to a camera.
type pull struct {
	source    *Source
	transport gateway.Transport
	publish   func(*video.AccessUnit)
	budget    *int // dials left of the Run
	client    *gortsplib.Client

	refused bool // the camera may be willing over another transport

	// What gortsplib's goroutines and ours share: a camera may answer what
	// nobody asked, and over UDP sender reports come beside the pictures.
	mu       sync.Mutex
	act      act
	answered bool     // RTSP came back
	verdict  error    // what we found wrong ourselves, with its cause
	dialled  error    // why no connection was made
	sets     [][]byte // of the description
	conn     *guard
	stopping bool
	clock    clock

	assembler *video.Assembler
	counted   video.Counters // of the assembler, already in Stats
	ssrc      atomic.Uint32  // of the stream; 0 before its first packet
	bad       atomic.Int32   // packets in a row that gortsplib could not read
	emitted   func(*video.AccessUnit, video.Timing)
}

// act is what is being done, for errors.
type act string

const (
	describing act = "describe"
	settingUp  act = "setup"
	playing    act = "play"
)

func (p *pull) begin(a act) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.act = a
}

// judge keeps what we found wrong; the first finding counts.
func (p *pull) judge(cause gateway.Cause, text string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.verdict == nil {
		p.verdict = gateway.Fail(cause, errors.New(text))
	}
	return p.verdict
}

// run connects, plays and waits for the end.
func (p *pull) run(ctx context.Context) error {
	p.client = p.source.client(p.transport)
	p.hook()
	if err := p.client.Start2(); err != nil {
		return gateway.Fail(gateway.CauseInternal, fmt.Errorf("start RTSP client: %w", err))
	}
	var wg sync.WaitGroup
	ended := make(chan struct{})
	wg.Go(func() {
		select {
		case <-ctx.Done():
			p.stop()
		case <-ended:
		}
	})
	err := p.open()
	if err == nil {
		p.source.log.InfoContext(ctx, "camera plays", "address", p.source.address, "transport", string(p.transport))
		err = p.client.Wait()
	}
	close(ended)
	wg.Wait()
	p.stop()
	return p.explain(err)
}

// stop ends the connection and waits for gortsplib's goroutines.
func (p *pull) stop() {
	p.mu.Lock()
	p.stopping = true
	if p.conn != nil {
		p.conn.end()
	}
	p.mu.Unlock()
	p.client.Close()
}

// hook sets the functions that gortsplib calls.
func (p *pull) hook() {
	c := p.client
	c.DialContext = p.dial
	c.TLSConfig = &tls.Config{RootCAs: p.source.cfg.CA, InsecureSkipVerify: p.source.cfg.InsecureTLS}
	c.ListenPacket = listenUDP
	c.OnResponse = p.response
	// The assembler counts losses; gortsplib would print them.
	c.OnPacketsLost = func(uint64) {}
	c.OnDecodeError = p.unreadable
	c.OnTransportSwitch = func(error) {}
}

// dial connects to the configured address only, and not endlessly often.
func (p *pull) dial(ctx context.Context, network, address string) (net.Conn, error) {
	s := p.source
	if address != s.address {
		return nil, p.judge(gateway.CauseForbiddenURL, "the camera redirects to "+s.hide.text(address))
	}
	if *p.budget--; *p.budget < 0 {
		return nil, p.judge(gateway.CauseForbiddenURL, "the camera redirects to itself again and again")
	}
	c, err := (&net.Dialer{Timeout: s.cfg.DialTimeout, Control: p.permit}).DialContext(ctx, network, address)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dialled = err; err != nil {
		return nil, err
	}
	if p.stopping {
		_ = c.Close()
		return nil, net.ErrClosed
	}
	p.conn = newGuard(c, s.cfg.ReadTimeout*3/2)
	return p.conn, nil
}

// permit is asked by the dialer with the address as resolved.
func (p *pull) permit(_, address string, _ syscall.RawConn) error {
	if p.source.cfg.Permit == nil {
		return nil
	}
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("read the camera's resolved address: %w", err)
	}
	return p.source.cfg.Permit(to)
}

func listenUDP(network, address string) (net.PacketConn, error) {
	c, err := net.ListenPacket(network, address)
	if u, ok := c.(*net.UDPConn); ok {
		_ = u.SetReadBuffer(udpBuffer) // a smaller one works too
	}
	return c, err
}

// response looks at an answer before gortsplib does.
func (p *pull) response(res *base.Response) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answered = true
	p.conn.answered()
	if t, ok := res.Header["Transport"]; ok {
		res.Header["Transport"] = withoutSource(t)
	}
	if p.act != describing || p.verdict != nil {
		return
	}
	if l := res.Header["Location"]; len(l) > 0 && res.StatusCode >= base.StatusMovedPermanently && res.StatusCode <= base.StatusUseProxy {
		if _, err := base.ParseURL(l[0]); err != nil {
			p.verdict = gateway.Fail(gateway.CauseForbiddenURL, errors.New("the camera redirects to an address that cannot be read"))
		}
	}
	kind := res.Header["Content-Type"]
	if res.StatusCode != base.StatusOK || len(res.Body) == 0 || len(kind) == 0 {
		return
	}
	if k, _, _ := strings.Cut(kind[0], ";"); !strings.EqualFold(strings.TrimSpace(k), "application/sdp") {
		return
	}
	res.Header["Content-Type"] = base.HeaderValue{"application/sdp"}
	if cb, ok := res.Header["Content-Base"]; ok && (len(cb) != 1 || !usableBase(cb[0])) {
		delete(res.Header, "Content-Base") // the address that was asked serves instead
	}
	res.Body, p.sets, p.verdict = reduceSDP(res.Body)
}

func usableBase(s string) bool {
	u, err := base.ParseURL(s)
	return strings.HasPrefix(s, "/") || err == nil && u.Host != ""
}

// withoutSource takes source= out of a Transport header: gortsplib would send
// to that address and take packets from it, whoever it belongs to.
func withoutSource(header base.HeaderValue) base.HeaderValue {
	out := make(base.HeaderValue, len(header))
	for i, v := range header {
		var kept []string
		for param := range strings.SplitSeq(v, ";") {
			if k, _, _ := strings.Cut(strings.TrimSpace(param), "="); !strings.EqualFold(k, "source") {
				kept = append(kept, param)
			}
		}
		out[i] = strings.Join(kept, ";")
	}
	return out
}

// open brings the camera to play.
func (p *pull) open() error {
	p.begin(describing)
	desc, _, err := p.client.Describe(p.source.url.Clone())
	if err != nil {
		return err
	}
	if len(desc.Medias) != 1 || len(desc.Medias[0].Formats) != 1 {
		return errors.New("the description could not be reduced to its video")
	}
	media := desc.Medias[0]
	// gortsplib asks for this URL and relies on getting one.
	if u, err := media.URL(desc.BaseURL); err != nil || u == nil {
		return errors.New("the description has an impossible control attribute")
	}
	p.begin(settingUp)
	if _, err := p.client.Setup(desc.BaseURL, media, 0, 0); err != nil {
		p.refused = p.transport == gateway.TCP && refusesTransport(err)
		return err
	}
	p.begin(playing)
	p.mu.Lock()
	p.assembler = video.NewAssembler(p.sets...)
	err = p.conn.play()
	p.mu.Unlock()
	if err != nil {
		return err
	}
	p.emitted = p.emit
	p.client.OnPacketRTP(media, media.Formats[0], p.packet)
	p.client.OnPacketRTCP(media, p.control)
	if _, err := p.client.Play(nil); err != nil {
		return err
	}
	transport := p.transport
	p.source.counts.transport.Store(&transport)
	return nil
}

// unreadable counts packets that gortsplib refuses, and ends the connection
// when nothing else comes: it would wait for ever. Uniview cameras that change
// their SSRC at every key picture show so.
func (p *pull) unreadable(err error) {
	if p.bad.Add(1) != maxUnreadable {
		return
	}
	_ = p.judge(gateway.CauseProtocol, fmt.Sprintf("%d packets in a row cannot be read: %s", maxUnreadable, p.source.hide.text(err.Error())))
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = p.conn.Close()
}

// packet takes an RTP packet. Over UDP they come ordered by gortsplib, which
// holds back up to 64 packets while one is missing.
func (p *pull) packet(pkt *rtp.Packet) {
	p.bad.Store(0)
	c := &p.source.counts
	c.packets.Add(1)
	c.bytes.Add(uint64(len(pkt.Payload)))
	p.ssrc.Store(pkt.SSRC)
	p.assembler.Push(video.Packet{
		Sequence: pkt.SequenceNumber, Timestamp: pkt.Timestamp, Marker: pkt.Marker,
		Payload: pkt.Payload, Arrived: time.Now(),
	}, p.emitted)
	if now := p.assembler.Counters(); now != p.counted {
		c.lost.Add(now.Lost - p.counted.Lost)
		c.broken.Add(now.Broken - p.counted.Broken)
		if p.counted.Unsupported == 0 && now.Unsupported > 0 {
			p.source.log.Warn("camera sends RTP packets of a kind that is not supported (RFC 6184 FU-B, STAP-B or MTAP)", "address", p.source.address)
		}
		p.counted = now
	}
}

func (p *pull) emit(au *video.AccessUnit, t video.Timing) {
	p.mu.Lock()
	au.Captured, au.Clock = p.clock.capture(t.RTP, t.First)
	p.mu.Unlock()
	p.source.counts.units.Add(1)
	p.publish(au)
}

// control takes an RTCP packet.
func (p *pull) control(pkt rtcp.Packet) {
	sr, ok := pkt.(*rtcp.SenderReport)
	if !ok {
		return
	}
	if ssrc := p.ssrc.Load(); ssrc != 0 && ssrc != sr.SSRC {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clock.report(sr.NTPTime, sr.RTPTime, time.Now())
}
