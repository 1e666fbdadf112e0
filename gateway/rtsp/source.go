// Package rtsp pulls a camera: RTP in, access units out. It is the only room
// that knows gortsplib's client.
//
// A camera is not trusted: only its configured host and port are dialled
// (gortsplib would follow a redirect anywhere, with the password), and what it
// can make us hold is bounded. Before PLAY that is 256 KiB of answers of at
// most 255 header lines and a 128 KiB body each; afterwards one interleaved
// frame (64 KiB), one access unit (see package video) and, over UDP, the 64
// packets of gortsplib's reorder buffer.
package rtsp

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
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
	Transport gateway.Transport // "" is Auto
	Log       *slog.Logger      // nil: no log

	// Permit is asked before each connection about the address as it was
	// resolved, so that a name that changes its mind gains nothing. Its error is
	// why there is none. nil: every address.
	Permit func(netip.AddrPort) error

	CA          *x509.CertPool // signs the certificates of rtsps cameras; nil: the system's authorities
	InsecureTLS bool           // take any certificate of an rtsps camera

	DialTimeout time.Duration // for the TCP connection; 0: 5 s
	ReadTimeout time.Duration // for each answer, and the longest silence of a playing camera; 0: 10 s
}

// Source is one encoding of one camera. It implements gateway.Source.
type Source struct {
	cfg     Config
	url     *base.URL // with the login, as gortsplib wants it
	address string    // host:port, the only one that is dialled
	hide    scrubber
	log     *slog.Logger
	counts  counts
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
		s.url.User = url.UserPassword(cfg.Login.User, cfg.Login.Password.Reveal())
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

// Run connects once (with TCP refused and Transport Auto: twice) and calls
// publish, from one goroutine at a time and never after it returned, until ctx
// ends or the camera does. It returns context.Cause(ctx) or a
// gateway.SourceError, never nil. Its text holds no login. One Run at a time.
func (s *Source) Run(ctx context.Context, publish func(*video.AccessUnit)) error {
	budget := maxDials
	transports := []gateway.Transport{s.cfg.Transport}
	if s.cfg.Transport == gateway.Auto {
		transports = []gateway.Transport{gateway.TCP}
		if s.url.Scheme == "rtsp" { // RTSPS would need SRTP for it
			transports = append(transports, gateway.UDP)
		}
	}
	var err error
	for i, t := range transports {
		p := &pull{source: s, transport: t, publish: publish, budget: &budget}
		if err = p.run(ctx); ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if !p.refused || i == len(transports)-1 {
			break
		}
		s.log.InfoContext(ctx, "camera refuses RTP over TCP, trying UDP", "address", s.address)
	}
	return err
}

func (s *Source) client(transport gateway.Transport) *gortsplib.Client {
	t := gortsplib.TransportTCP
	if transport == gateway.UDP {
		t = gortsplib.TransportUDP
	}
	return &gortsplib.Client{
		Scheme:                s.url.Scheme,
		Host:                  s.address,
		Transport:             &t,
		ReadTimeout:           s.cfg.ReadTimeout,
		InitialUDPReadTimeout: s.cfg.ReadTimeout,
		UserAgent:             "matthan",
		// Old cameras announce no or wrong server ports; the address is checked all the same.
		AnyPortEnable: true,
	}
}
