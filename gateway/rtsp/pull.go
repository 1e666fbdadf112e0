package rtsp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"

	"matthan/gateway"
	"matthan/gateway/rawio"
	"matthan/gateway/video"
)

// lookEvery is how often a playing camera is looked at from the side, and
// reportEvery, in looks, how often it hears of us over UDP.
const (
	lookEvery   = time.Second
	reportEvery = 5
)

// pull is one connection to a camera.
type pull struct {
	source    *Source
	transport gateway.Transport
	publish   func(*video.AccessUnit)
	budget    *int // dials left of the Run
	client    *gortsplib.Client
	ours      uint32 // SSRC of our reports

	refused bool // the camera may be willing over another transport
	mute    bool // its sound is not asked for

	media *media // from when it is asked to play
	order reorder
	late  reorder // of the sound

	// What gortsplib's goroutines and ours share: a camera may answer what
	// nobody asked.
	mu       sync.Mutex
	act      act
	answered bool  // RTSP came back
	verdict  error // what we found wrong ourselves, with its cause
	dialled  error // why no connection was made
	sent     outline
	conn     *guard
	udp      *datagrams // nil over TCP
	hearing  hearing
	stopping bool
	dialogue
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

// end ends the connection for a reason of ours. It waits for nothing.
func (p *pull) end(cause gateway.Cause, text string) {
	_ = p.judge(cause, text)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.conn != nil {
		_ = p.conn.Close()
	}
}

// shield is deferred wherever gortsplib or a goroutine of ours enters this
// package: a panic ends this camera's session and nothing else.
func (p *pull) shield() {
	if r := recover(); r != nil {
		p.end(gateway.CauseInternal, p.source.panicked(r))
	}
}

// run connects, plays and waits for the end.
func (p *pull) run(ctx context.Context) (err error) {
	p.prepare()
	err = p.session(ctx, func() error {
		if err := p.open(); err != nil {
			return err
		}
		p.source.log.InfoContext(ctx, "camera plays", "address", p.source.address, "transport", string(p.transport))
		var wg sync.WaitGroup
		over := make(chan struct{})
		wg.Go(func() { p.watch(over) })
		err := p.client.Wait()
		close(over)
		wg.Wait()
		return err
	})
	if p.media != nil {
		p.media.ended()
	}
	return p.explain(err)
}

// prepare makes the client, with what gortsplib calls.
func (p *pull) prepare() {
	p.ours = rand.Uint32()
	p.login.account = p.source.cfg.Login
	p.client = p.source.client()
	p.hook()
}

// session calls do with a running client, which ctx ends, and ends it.
func (p *pull) session(ctx context.Context, do func() error) error {
	if err := p.client.Start2(); err != nil {
		return p.judge(gateway.CauseInternal, "start RTSP client: "+p.source.hide.text(err.Error()))
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
	err := p.shielded(do)
	close(ended)
	wg.Wait()
	p.stop()
	return err
}

var errPanic = errors.New("panic")

// shielded calls f; its error is errPanic where it did not return.
func (p *pull) shielded(f func() error) (err error) {
	defer p.shield()
	err = errPanic
	err = f()
	return err
}

// stop ends the connection and waits for all that takes packets.
func (p *pull) stop() {
	p.mu.Lock()
	p.stopping = true
	if p.conn != nil {
		p.conn.end()
	}
	udp, sound := p.udp, p.hearing.udp
	p.mu.Unlock()
	p.client.Close()
	for _, d := range []*datagrams{udp, sound} {
		if d != nil {
			d.close()
		}
	}
}

// hook sets the functions that gortsplib calls.
func (p *pull) hook() {
	c := p.client
	c.DialContext = p.dial
	c.OnRequest = p.request
	c.OnResponse = p.response
	c.OnServerRequest = p.asks
	// It sees no packets, and would print what it finds.
	c.OnPacketsLost = func(uint64) {}
	c.OnDecodeError = func(error) {}
	c.OnTransportSwitch = func(error) {}
}

// dial connects to the configured address only, and not endlessly often. TLS
// is made here, over which gortsplib would make its own: guard must see what
// is in it.
func (p *pull) dial(ctx context.Context, network, address string) (c net.Conn, err error) {
	defer p.shield()
	c, err = nil, errPanic
	s := p.source
	p.client.Scheme = "rtsp"
	if address != s.address {
		return nil, p.judge(gateway.CauseForbiddenURL, "the camera redirects to "+s.hide.text(address))
	}
	if *p.budget--; *p.budget < 0 {
		return nil, p.judge(gateway.CauseForbiddenURL, "the camera redirects to itself again and again")
	}
	tcp, err := s.connect(ctx, network, address)
	p.setDialled(err)
	if err != nil {
		return nil, err
	}
	if s.url.Scheme == "rtsps" {
		secure := tls.Client(tcp, &tls.Config{RootCAs: s.cfg.CA, InsecureSkipVerify: s.cfg.InsecureTLS, ServerName: s.url.Hostname()})
		if err := secure.HandshakeContext(ctx); err != nil {
			_ = tcp.Close()
			return nil, err
		}
		tcp = secure
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stopping {
		_ = tcp.Close()
		return nil, net.ErrClosed
	}
	p.conn = newGuard(tcp, s.cfg.ReadTimeout*3/2, p.packet, p.shield)
	return p.conn, nil
}

// connect makes the connection that all of a camera's packets come over.
func (s *Source) connect(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := (&net.Dialer{Timeout: s.cfg.DialTimeout, Control: s.permitted}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		_ = c.Close()
		return nil, fmt.Errorf("no TCP connection: %s", network)
	}
	raw, err := rawio.Stream(tcp)
	if err != nil {
		_ = c.Close()
	}
	return raw, err
}

func (p *pull) setDialled(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dialled = err
}

// permitted is asked by the dialer with the address as resolved.
func (s *Source) permitted(_, address string, _ syscall.RawConn) error {
	if s.cfg.Permit == nil {
		return nil
	}
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("read the camera's resolved address: %w", err)
	}
	return s.cfg.Permit(to)
}

// packet takes an interleaved packet. p.media is there before any comes.
func (p *pull) packet(channel byte, b []byte) { p.media.packet(b, p.hearing.on(channel)) }

// datagram takes a packet that came over UDP.
func (p *pull) datagram(b []byte) {
	if len(b) > mtuPayload {
		p.source.met(gateway.QuirkLargePackets)
	}
	if h, _, ok := readRTP(b); ok && h.kind == p.media.sent.kind && !isRTCP(b) {
		p.order.push(h.sequence, b, time.Now(), p.pictures)
		return
	}
	p.pictures(b)
}

func (p *pull) pictures(b []byte) { p.media.packet(b, false) }

// watch looks at a playing camera from the side until over is closed.
func (p *pull) watch(over <-chan struct{}) {
	defer p.shield()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for n := 1; ; n++ {
		select {
		case <-over:
			return
		case now := <-tick.C:
			p.media.look(now)
			if p.udp != nil && n%reportEvery == 0 {
				p.udp.report(p.media.receiverReport(p.ours))
			}
		}
	}
}

// asks takes a request of the camera's own, before gortsplib answers: with 200
// to OPTIONS, and by ending the session to all else. What cameras send to see
// whether we are there, or to tell of their stream, is as good as OPTIONS.
func (p *pull) asks(req *base.Request) {
	defer p.shield()
	switch req.Method {
	case base.GetParameter, base.SetParameter, base.Announce:
		p.source.met(gateway.QuirkKeepalive)
		req.Method = base.Options
	}
}
