// Package rtsp pulls a camera: RTP in, access units out. It is the only room
// that knows gortsplib's client.
//
// gortsplib speaks RTSP for us and nothing else. It is told that it plays over
// TCP without TLS; TLS, interleaved packets and UDP are ours, below and beside
// it, because it drops packets whose SSRC is not the first one's, reads 1472
// bytes of a datagram, and knows Digest as of RFC 2069. Requests and answers are
// mended on their way through it (see dialogue). What a camera did against the
// rules is told by Source.Quirks.
//
// A camera is not trusted: only its configured host and port are dialled
// (gortsplib would follow a redirect anywhere, with the password, which it never
// gets), and what it can make us hold is bounded. Before PLAY that is 256 KiB of
// answers of at most 255 header lines and a 128 KiB body each; afterwards one
// interleaved packet or datagram (64 KiB), one access unit (see package video)
// and, over UDP, the 64 packets of the reorder buffer.
//
// A panic ends the session of the camera whose data caused it: all that enters
// this package, from gortsplib or a goroutine of its own, is shielded. What
// gortsplib parses on its own goroutines is RTSP text alone, at which FuzzCamera
// throws whole clients. A process for each camera would hold more, and cost
// more than all that is done here: copying 2 Mbit/s of pictures through a pipe
// took 0.9 ms of CPU a second in the reader and 3.2 ms in the writer, where
// taking the packets off the connection takes 0.15 ms, and a process has its
// own heap.
package rtsp

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"

	"matthan/gateway"
	"matthan/gateway/video"
)

// Config says which stream to pull. Only URL is needed.
type Config struct {
	URL       string            // rtsp:// or rtsps://, without a login
	Login     gateway.Login     // for Basic and Digest, as the camera asks
	Transport gateway.Transport // "" is Auto; rtsps is always TCP, in which TLS hides the pictures too
	Log       *slog.Logger      // nil: no log

	// Permit is asked before each connection about the address as it was
	// resolved, so that a name that changes its mind gains nothing. Its error is
	// why there is none. nil: every address.
	Permit func(netip.AddrPort) error

	CA          *x509.CertPool // signs the certificates of rtsps cameras; nil: the system's authorities
	InsecureTLS bool           // take any certificate of an rtsps camera

	// For those who examine a camera; each may be nil and must not wait.
	Plays   func(gateway.Transport) // the camera has answered PLAY; its first packets may come a little before
	Reports func(Report)            // a sender report came

	DialTimeout time.Duration // for the TCP connection; 0: 5 s
	ReadTimeout time.Duration // for each answer, and the longest silence of a playing camera; 0: 10 s
}

// Source is one encoding of one camera. It implements gateway.Source.
type Source struct {
	cfg     Config
	url     *base.URL
	address string // host:port, the only one that is dialled
	hide    scrubber
	log     *slog.Logger
	counts  counts
	quirks  quirks
	hear    func(*gateway.Sound) // nil: its sound is not taken
}

type counts struct {
	packets, bytes, lost, units, broken atomic.Uint64
	transport                           atomic.Pointer[gateway.Transport]
}

// Stats are counted over all of a Source's runs.
type Stats struct {
	Packets   uint64            // RTP packets received
	Bytes     uint64            // of their payloads
	Lost      uint64            // RTP packets missing in the sequence
	Units     uint64            // access units published
	Broken    uint64            // access units dropped because something of them was missing or malformed
	Transport gateway.Transport // TCP or UDP, of the last connection that played; "" before
}

// New checks the configuration. Nothing is dialled before Run.
func New(cfg Config) (*Source, error) {
	clean, login, err := ParseURL(cfg.URL)
	if err != nil {
		return nil, err
	}
	if login != (gateway.Login{}) {
		return nil, errors.New("camera address must not hold a login")
	}
	u, err := url.Parse(clean)
	if err != nil {
		return nil, errors.New("camera address cannot be read")
	}
	switch cfg.Transport {
	case "":
		cfg.Transport = gateway.Auto
	case gateway.Auto, gateway.TCP, gateway.UDP:
	default:
		return nil, fmt.Errorf("unknown transport %q: auto, tcp or udp", string(cfg.Transport))
	}
	if cfg.DialTimeout <= 0 {
		cfg.DialTimeout = 5 * time.Second
	}
	if cfg.ReadTimeout <= 0 {
		cfg.ReadTimeout = 10 * time.Second
	}
	s := &Source{cfg: cfg, address: address(u), hide: newScrubber(u, cfg.Login), log: cfg.Log}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.url = (*base.URL)(u).Clone()
	if cfg.Login != (gateway.Login{}) {
		s.url.User = url.User("matthan") // gortsplib answers no challenge without one; it is never sent
	}
	return s, nil
}

// Stats may be called at any time, from any goroutine.
func (s *Source) Stats() Stats {
	c := &s.counts
	st := Stats{Packets: c.packets.Load(), Bytes: c.bytes.Load(), Lost: c.lost.Load(), Units: c.units.Load(), Broken: c.broken.Load()}
	if t := c.transport.Load(); t != nil {
		st.Transport = *t
	}
	return st
}

// Hear implements gateway.Sounding. Without it no sound is asked for.
func (s *Source) Hear(f func(*gateway.Sound)) { s.hear = f }

// Run connects once (with TCP refused and Transport Auto: twice) and calls
// publish, from one goroutine at a time and never after it returned, until ctx
// ends or the camera does. It returns context.Cause(ctx) or a
// gateway.SourceError, never nil. Its text holds no login. One Run at a time.
func (s *Source) Run(ctx context.Context, publish func(*video.AccessUnit)) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = gateway.Fail(gateway.CauseInternal, errors.New(s.panicked(r)))
		}
	}()
	s.quirks.forget()
	budget := maxDials
	transports := []gateway.Transport{s.cfg.Transport}
	switch {
	case s.url.Scheme == "rtsps":
		transports = []gateway.Transport{gateway.TCP} // UDP would need SRTP
	case s.cfg.Transport == gateway.Auto:
		transports = []gateway.Transport{gateway.TCP, gateway.UDP}
	}
	mute := false
	for i, t := range transports {
		p := &pull{source: s, transport: t, publish: publish, budget: &budget, mute: mute}
		err = p.run(ctx)
		if ctx.Err() == nil && p.deafened() {
			s.log.InfoContext(ctx, "camera gives no picture where it is asked for its sound, trying without", "address", s.address, "err", err)
			mute = true
			p = &pull{source: s, transport: t, publish: publish, budget: &budget, mute: mute}
			err = p.run(ctx)
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if !p.refused || i == len(transports)-1 {
			break
		}
		s.log.InfoContext(ctx, "camera refuses RTP over TCP, trying UDP", "address", s.address)
	}
	return err
}

// panicked logs a panic, and gives a text for it without secrets.
func (s *Source) panicked(r any) string {
	what := "panic: " + s.hide.text(fmt.Sprint(r))
	s.log.Error("a panic ended a camera's session", "address", s.address, "err", what, "stack", string(debug.Stack()))
	return what
}

// client speaks RTSP for us. It takes every camera for one that plays over TCP
// without TLS, and is given no packets and no password.
func (s *Source) client() *gortsplib.Client {
	t := gortsplib.TransportTCP
	return &gortsplib.Client{Scheme: "rtsp", Host: s.address, Transport: &t, ReadTimeout: s.cfg.ReadTimeout, UserAgent: "matthan"}
}
