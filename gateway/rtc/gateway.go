// Package rtc sends streams to viewers over WebRTC. It is the only room that
// knows pion: peers, tracks, the shards that send, and loss repair.
package rtc

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"runtime"
	"sync"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"

	"matthan/gateway"
)

// playoutDelayURI names the header extension that tells a receiver how long
// it may hold a picture back (WebRTC experiments, playout-delay).
const playoutDelayURI = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"

// ErrFull is the answer when the gateway has as many viewers as it may, or as
// many that have not connected yet.
var ErrFull = errors.New("the limit of viewers is reached")

// Config says where viewers reach the gateway.
type Config struct {
	UDP       string   // host:port of the one media port; no host: all of this machine's addresses
	TCP       string   // the same for ICE-TCP (RFC 6544); "" for none
	Addresses []string // addresses or DNS names to announce instead of this machine's own
	Peers     int      // viewers at once, at most; default 5000
	Tiles     int      // video lines of one peer, at most; default 16
	Uplink    int      // bits a second that all viewers may take together; 0: not bounded
	Spares    int      // small streams held warm beside large pictures, at most; 0: none
	// Remote is false for addresses that no viewer has and the gateway must not
	// send to, such as the cameras' networks; nil: none. Link-local, multicast and
	// the like are never sent to.
	Remote func(netip.Addr) bool
}

// Gateway is the one media port and the shards behind it.
type Gateway struct {
	hub          *gateway.Hub
	log          *slog.Logger
	settings     webrtc.SettingEngine
	media        *webrtc.MediaEngine
	tcp          *tcpMux // nil without ICE-TCP
	certificates []webrtc.Certificate
	shards       []*shard
	closers      []func() error
	segmentation segmentation
	udpPort      int
	tcpPort      int
	names        *names
	maxTiles     int
	maxPeers     int
	maxSpares    int
	uplink       int
	remotes      remotes
	guard        *guard
	consents     *consents
	ask          func(check []byte, to netip.AddrPort)
	connectWait  time.Duration
	ended        chan struct{}

	mu      sync.Mutex
	peers   int
	waiting int                      // of peers: those that have never been connected
	spares  map[gateway.StreamID]int // held, and by how many tiles
	demand  demand                   // of all viewers
}

// New opens the media port. Run must follow.
func New(cfg Config, hub *gateway.Hub, log *slog.Logger) (*Gateway, error) {
	if cfg.Peers <= 0 {
		cfg.Peers = 5000
	}
	if cfg.Tiles <= 0 {
		cfg.Tiles = 16
	}
	g := &Gateway{hub: hub, log: log, names: newNames(cfg.Addresses), maxTiles: cfg.Tiles, maxPeers: cfg.Peers,
		maxSpares: cfg.Spares, uplink: cfg.Uplink, spares: map[gateway.StreamID]int{}, remotes: remotes{allow: cfg.Remote}, connectWait: connectWait, ended: make(chan struct{})}
	// A key for this process alone (ASVS 17.2.1); sharing it between peers saves
	// its making for each.
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the DTLS key: %w", err)
	}
	cert, err := webrtc.GenerateCertificate(key)
	if err != nil {
		return nil, fmt.Errorf("make the DTLS certificate: %w", err)
	}
	g.certificates = []webrtc.Certificate{*cert}
	if g.media, err = mediaEngine(); err != nil {
		return nil, err
	}
	if err := g.open(cfg, log); err != nil {
		_ = g.close()
		return nil, err
	}
	return g, nil
}

// api makes pion's API for one peer, which hears of its handshake and bounds
// its buffers.
func (g *Gateway) api(p *Peer) *webrtc.API {
	s := g.settings
	s.SetDTLSKeyLogWriter(&p.keys)
	s.SetDTLSServerHelloMessageHook(p.keys.serverHello)
	s.BufferFactory = p.buffer
	// No interceptors: packets lost are answered from the streams' own history
	// and the sender reports are ours, at a fraction of the cost.
	return webrtc.NewAPI(webrtc.WithSettingEngine(s), webrtc.WithMediaEngine(g.media), webrtc.WithInterceptorRegistry(&interceptor.Registry{}))
}

// open opens the sockets, with a shard a core behind them.
func (g *Gateway) open(cfg Config, log *slog.Logger) error {
	s := &g.settings
	s.LoggerFactory = pionLog{log}
	sock, port, err := listenUDP(cfg.UDP)
	if err != nil {
		return err
	}
	g.udpPort, g.guard, g.consents = port, sock.guard, sock.consents
	g.ask = func(check []byte, to netip.AddrPort) { _, _ = sock.WriteToUDPAddrPort(check, to) } // lost, as on the wire
	g.remotes.loopback = sock.LocalAddr().(*net.UDPAddr).IP.IsLoopback()
	machine, err := newNetwork()
	if err != nil {
		return err
	}
	s.SetNet(machine)
	mux := ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: sock, Net: machine, Logger: s.LoggerFactory.NewLogger("ice")})
	g.closers = append(g.closers, mux.Close)
	s.SetICEUDPMux(mux)
	for range runtime.GOMAXPROCS(0) {
		out, err := newEgress(sock.UDPConn, &g.segmentation)
		if err != nil {
			return err
		}
		g.shards = append(g.shards, newShard(out, runtime.GOMAXPROCS(0)))
	}
	types := []webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6}
	if cfg.TCP != "" {
		if err := g.openTCP(cfg); err != nil {
			return err
		}
		types = append(types, webrtc.NetworkTypeTCP4, webrtc.NetworkTypeTCP6)
	}
	s.SetNetworkTypes(types)
	return g.behave()
}

// behave says how ICE and DTLS are to go.
func (g *Gateway) behave() error {
	s := &g.settings
	s.SetIncludeLoopbackCandidate(true)
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.SetRemoteIPFilter(g.remotes.filter)
	s.DisableActiveTCP(true)
	// pion asks nobody for consent (see consent): over UDP it hears of the answers,
	// some three of which must be lost, and no RTCP come, for a viewer to be
	// disconnected, and over TCP of the viewer's own checks.
	s.SetICETimeouts(18*time.Second, 12*time.Second, 0)
	// As DTLS server the gateway picks the SRTP profile, and AES-128-GCM costs a
	// seventh of the SHA-1 one that browsers would take.
	if err := s.SetAnsweringDTLSRole(webrtc.DTLSRoleServer); err != nil {
		return fmt.Errorf("set the DTLS role: %w", err)
	}
	s.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AEAD_AES_256_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80)
	// Browsers know these; pion would also take CBC with SHA-1.
	s.SetDTLSCipherSuites(dtls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, dtls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
		dtls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256)
	// ICE has proved the address already; a cookie would cost a round trip more.
	s.SetDTLSInsecureSkipHelloVerify(true)
	s.SetDTLSRetransmissionInterval(200 * time.Millisecond)
	return nil
}

// h264Profiles are those that cameras send, with the level of 1280x720.
func h264Profiles() []string { return []string{"42e01f", "42001f", "4d001f", "64001f"} }

// mediaEngine knows H.264 in the profiles that cameras send and H.265, with
// retransmission, and the sound that cameras send.
func mediaEngine() (*webrtc.MediaEngine, error) {
	m := &webrtc.MediaEngine{}
	feedback := []webrtc.RTCPFeedback{{Type: "goog-remb"}, {Type: "ccm", Parameter: "fir"}, {Type: "nack"}, {Type: "nack", Parameter: "pli"}}
	pt := webrtc.PayloadType(96)
	register := func(mime, fmtp string) error {
		err := m.RegisterCodec(webrtc.RTPCodecParameters{PayloadType: pt, RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: mime, ClockRate: 90000, RTCPFeedback: feedback, SDPFmtpLine: fmtp}}, webrtc.RTPCodecTypeVideo)
		if err == nil {
			err = m.RegisterCodec(webrtc.RTPCodecParameters{PayloadType: pt + 1, RTPCodecCapability: webrtc.RTPCodecCapability{
				MimeType: webrtc.MimeTypeRTX, ClockRate: 90000, SDPFmtpLine: fmt.Sprintf("apt=%d", pt)}}, webrtc.RTPCodecTypeVideo)
		}
		if pt += 2; err != nil {
			return fmt.Errorf("register %s: %w", mime, err)
		}
		return nil
	}
	for _, profile := range h264Profiles() {
		if err := register(webrtc.MimeTypeH264, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id="+profile); err != nil {
			return nil, err
		}
	}
	// Whatever profile, tier and level a viewer offers: pion takes an equal fmtp for
	// better than none, and what is sent is chosen by payloadType.
	if err := register(webrtc.MimeTypeH265, ""); err != nil {
		return nil, err
	}
	for _, c := range []webrtc.RTPCodecParameters{ // as cameras send them
		{PayloadType: 0, RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMU, ClockRate: 8000}},
		{PayloadType: 8, RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMA, ClockRate: 8000}},
		{PayloadType: 111, RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2,
			SDPFmtpLine: "minptime=10;useinbandfec=1"}},
	} {
		if err := m.RegisterCodec(c, webrtc.RTPCodecTypeAudio); err != nil {
			return nil, fmt.Errorf("register %s: %w", c.MimeType, err)
		}
	}
	if err := m.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: playoutDelayURI}, webrtc.RTPCodecTypeVideo); err != nil {
		return nil, fmt.Errorf("register playout-delay: %w", err)
	}
	return m, nil
}

// Run serves until ctx ends. Peers should be closed before that.
func (g *Gateway) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	for _, s := range g.shards {
		wg.Go(func() { s.run(ctx) })
	}
	wg.Go(func() { g.consents.run(ctx, g.ask) })
	wg.Wait()
	close(g.ended)
	return errors.Join(context.Cause(ctx), g.close())
}

func (g *Gateway) close() error {
	var errs []error
	for _, c := range g.closers {
		errs = append(errs, c())
	}
	return errors.Join(errs...)
}

// enter takes a place for a peer with n tiles, on the shard that has fewest.
func (g *Gateway) enter(n int) (*shard, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.peers >= g.maxPeers || g.waiting >= max(leastWaiting, g.maxPeers/2) {
		return nil, ErrFull
	}
	least := g.shards[0]
	for _, s := range g.shards {
		if s.load < least.load {
			least = s
		}
	}
	g.peers++
	g.waiting++
	least.load += n
	return least, nil
}

func (g *Gateway) leave(p *Peer, s *shard, n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.peers--
	g.demand.all -= p.demand.all
	g.demand.lead -= p.demand.lead
	p.demand = demand{}
	s.load -= n
}

// settle ends the wait of a peer for its connection.
func (g *Gateway) settle() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting--
}

// Peers is the number of viewers.
func (g *Gateway) Peers() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.peers
}

// UDPPort is the port that media leaves from.
func (g *Gateway) UDPPort() int { return g.udpPort }

// announced resolves the configured addresses.
func (g *Gateway) announced(ctx context.Context) ([]netip.Addr, error) {
	return g.names.resolve(ctx, time.Now())
}
