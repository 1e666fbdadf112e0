package rtc

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"matthan/gateway"
	"matthan/gateway/video"
)

// Events are told by a peer's shard. They must not block; after Close they may
// come a last time. view is what Show was given, so that news of what a tile
// showed before is told from news of what it shows.
type Events struct {
	// Tile tells another state of the stream that a tile shows.
	Tile func(tile int, view uint64, id gateway.StreamID, st gateway.State)
	// Clock maps a tile's RTP timestamp to the capture time of its picture.
	// It holds from that picture on.
	Clock func(tile int, view uint64, id gateway.StreamID, rtp uint32, captured time.Time, c video.Clock)
	// Connection tells "connected", "disconnected", "failed" or "closed".
	Connection func(state string)
}

// ErrNoTile is the answer for a tile that the offer had no line for.
var ErrNoTile = errors.New("no such tile")

// Peer is a viewer's PeerConnection. Its methods may be called from any
// goroutine, one at a time.
type Peer struct {
	gateway *Gateway
	shard   *shard
	path    path // the shard's
	tuning       // the shard's
	pc      *webrtc.PeerConnection
	events  Events
	keys    handshakeKeys
	tiles   []*tile
	ear     *ear // nil where no offer had a line for sound
	over    bool // the shard's: nothing is held any more
	checks  checks
	readers sync.WaitGroup
	leave   func() // gives the place back, once
	closed  bool

	joined    sync.Once
	connected chan struct{} // closed when it is for the first time
	doomed    chan struct{} // capacity 1: to be ended from within
	closing   chan struct{}
	hevc      atomic.Bool  // its offer has H.265
	sources   atomic.Int64 // SSRCs that pion keeps a buffer for
}

// NewPeer answers an offer, which must hold recvonly video and nothing to
// send, with all candidates. Errors wrap ErrOffer, ErrOfferNoVideo or
// ErrOfferSends where the offer is at fault, ErrFull where the gateway has as
// many viewers as it may. The peer lives until Close.
func (g *Gateway) NewPeer(ctx context.Context, offer string, ev Events) (p *Peer, answer string, err error) {
	n, err := checkOffer(offer, g.maxTiles)
	if err != nil {
		return nil, "", err
	}
	sh, err := g.enter(n)
	if err != nil {
		return nil, "", err
	}
	p = &Peer{gateway: g, shard: sh, events: ev, leave: sync.OnceFunc(func() { g.leave(p, sh, n) }),
		connected: make(chan struct{}), doomed: make(chan struct{}, 1), closing: make(chan struct{}), tuning: tuning{wishes: make(chan wish, 4*n)}}
	if p.pc, err = g.api(p).NewPeerConnection(webrtc.Configuration{Certificates: g.certificates}); err != nil {
		g.settle()
		p.leave()
		return nil, "", fmt.Errorf("make a PeerConnection: %w", err)
	}
	for i := range n {
		p.tiles = append(p.tiles, &tile{peer: p, index: i})
	}
	wait := g.connectWait
	p.readers.Go(func() { p.mind(wait) })
	p.pc.OnConnectionStateChange(p.connection)
	p.pc.SCTP().Transport().ICETransport().OnSelectedCandidatePairChange(p.selected)
	if err = p.addTracks(); err == nil {
		answer, err = p.Answer(ctx, offer)
	}
	if err != nil {
		p.Close()
		return nil, "", err
	}
	return p, answer, nil
}

// addTracks makes a sender for each tile, and reads what receivers say to it.
func (p *Peer) addTracks() error {
	for _, t := range p.tiles {
		tr, err := p.pc.AddTransceiverFromTrack(&track{t}, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
		if err != nil {
			return fmt.Errorf("add a track: %w", err)
		}
		p.readers.Go(func() { p.readFeedback(tr.Sender(), t) })
	}
	return nil
}

// Answer answers a further offer on the same peer, with the same lines: an ICE
// restart, or a line for sound that was not there before.
func (p *Peer) Answer(ctx context.Context, offer string) (string, error) {
	if n, err := checkOffer(offer, p.gateway.maxTiles); err != nil {
		return "", err
	} else if n != len(p.tiles) {
		return "", fmt.Errorf("%w: %d video lines, but the peer has %d", ErrOffer, n, len(p.tiles))
	}
	offer, err := p.gateway.remotes.clean(offer)
	if err != nil {
		return "", err
	}
	offer, decodes, err := arrange(offer)
	if err != nil {
		return "", err
	}
	p.hevc.Store(decodes)
	if wantsSound(offer) {
		if err := p.addEar(); err != nil {
			return "", err
		}
	}
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", fmt.Errorf("%w: %v", ErrOffer, err)
	}
	for _, tr := range p.pc.GetTransceivers() {
		if tr.Kind() == webrtc.RTPCodecTypeAudio && p.ear == nil { // for no codec of ours: the line stays, inactive
			if err := tr.Stop(); err != nil {
				return "", fmt.Errorf("stop the audio line: %w", err)
			}
		}
	}
	answer, err := p.pc.CreateAnswer(nil)
	if err != nil {
		return "", fmt.Errorf("%w: %v", ErrOffer, err)
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(answer); err != nil {
		return "", fmt.Errorf("set the answer: %w", err)
	}
	select {
	case <-gathered:
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
	addrs, err := p.gateway.announced(ctx)
	if err != nil {
		return "", err
	}
	return announce(p.pc.LocalDescription().SDP, addrs, p.gateway.udpPort, p.gateway.tcpPort), nil
}

// RemoteSDP is the offer in force.
func (p *Peer) RemoteSDP() string {
	if d := p.pc.RemoteDescription(); d != nil {
		return d.SDP
	}
	return ""
}

// AddCandidate adds a candidate of the viewer's that came after its offer. An
// empty one, the end of candidates, is ignored, as is one with an address that
// the gateway does not send to.
func (p *Peer) AddCandidate(candidate, mid string) error {
	if strings.TrimPrefix(candidate, "candidate:") == "" || !p.gateway.remotes.candidate(candidate) {
		return nil
	}
	if err := p.pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: candidate, SDPMid: &mid}); err != nil {
		return fmt.Errorf("%w: %v", ErrOffer, err)
	}
	return nil
}

// Tiles is the number of video lines.
func (p *Peer) Tiles() int { return len(p.tiles) }

// Choice is what a tile is to show. The zero Choice is nothing.
type Choice struct {
	Stream gateway.StreamID
	// Begin is another encoding of the same camera, or zero. It is pulled too
	// while Stream has no picture to start from, and shown if it is first.
	Begin gateway.StreamID
	// Gentle shows Begin first in any case, and Stream when the link has carried
	// that for a while: for links that are thin, or not known.
	Gentle bool
	// Ladder is what the viewer's link may make of it: Stream, and then what is
	// smaller. Empty: somebody has chosen Stream, and it is sent whatever the link
	// carries.
	Ladder []gateway.StreamID
	First  bool // the tile goes before the others
	Stills bool // the page shows a still of it while it is Held
}

// Show points a tile at a camera. ErrNoTile, gateway.ErrNotFound or
// gateway.ErrClosed.
func (p *Peer) Show(tile int, view uint64, c Choice) error {
	if tile < 0 || tile >= len(p.tiles) {
		return ErrNoTile
	}
	var now, next feed
	if c.Stream != (gateway.StreamID{}) {
		var err error
		if now, err = p.open(c.Stream); err != nil {
			return err
		}
		if c.Begin != (gateway.StreamID{}) && (c.Gentle || now.stream.GOP() == nil) {
			// A camera that refuses the second pull is shown by the first alone.
			if other, err := p.open(c.Begin); err == nil {
				now, next = other, now
			}
		}
	}
	t := p.tiles[tile]
	p.shard.do(func(at time.Time) {
		if p.over { // it ended while the cameras were opened
			for _, f := range []feed{now, next} {
				if f.stream != nil {
					f.release()
				}
			}
			return
		}
		t.take(c, now, next, view, at)
	})
	return nil
}

// selected follows the way to the viewer that ICE chose.
func (p *Peer) selected(pair *webrtc.ICECandidatePair) {
	if pair == nil || pair.Remote == nil {
		return
	}
	addr, err := netip.ParseAddr(pair.Remote.Address)
	if err != nil {
		return
	}
	to := netip.AddrPortFrom(addr.Unmap(), pair.Remote.Port)
	var tcp func([]byte)
	if pair.Remote.Protocol == webrtc.ICEProtocolTCP {
		if local, err := p.pc.SCTP().Transport().ICETransport().GetLocalParameters(); err == nil && p.gateway.tcp != nil {
			tcp = p.gateway.tcp.sender(local.UsernameFragment, net.TCPAddrFromAddrPort(to))
		}
		to = netip.AddrPort{}
	}
	p.gateway.consents.take(p, to)
	p.shard.do(func(now time.Time) {
		other := p.path.udp != to && p.path.udp.IsValid()
		if p.path.udp, p.path.tcp = to, tcp; other { // of another way nothing is known
			p.link = link{}
			p.adapt(now)
		}
	})
}

func (p *Peer) open(id gateway.StreamID) (f feed, err error) {
	f.stream, f.release, err = p.gateway.hub.Open(id)
	return f, err
}

// connection follows pion's state.
func (p *Peer) connection(st webrtc.PeerConnectionState) {
	var seal *sealer
	if st == webrtc.PeerConnectionStateConnected {
		p.joined.Do(func() { close(p.connected) })
		var err error
		if seal, err = p.keys.sealer(); err != nil {
			p.gateway.log.Error("pion seals a viewer's packets: its keys could not be derived", "err", err)
		}
	}
	if st == webrtc.PeerConnectionStateFailed || st == webrtc.PeerConnectionStateClosed {
		p.gateway.consents.take(p, netip.AddrPort{})
	}
	p.shard.do(func(now time.Time) {
		if seal != nil {
			p.path.seal = seal
		}
		open := st == webrtc.PeerConnectionStateConnected || st == webrtc.PeerConnectionStateDisconnected
		for _, t := range p.tiles {
			t.connect(open, now)
		}
	})
	if p.events.Connection != nil {
		p.events.Connection(st.String())
	}
	if st == webrtc.PeerConnectionStateClosed {
		p.doom()
	}
}

// readFeedback hands a tile's RTCP to its shard until the sender ends.
func (p *Peer) readFeedback(sender *webrtc.RTPSender, t *tile) {
	buf := make([]byte, 1500)
	for {
		n, _, err := sender.Read(buf)
		if err != nil {
			return
		}
		packets, err := rtcp.Unmarshal(buf[:n])
		if err != nil {
			continue // what does not parse is no feedback
		}
		for _, pkt := range packets {
			switch pkt := pkt.(type) {
			case *rtcp.TransportLayerNack:
				p.shard.offer(func(now time.Time) { t.nack(pkt, now) })
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				p.shard.offer(func(now time.Time) { t.lostPicture(now) })
			case *rtcp.ReceiverEstimatedMaximumBitrate:
				p.shard.offer(func(now time.Time) { t.estimated(pkt.Bitrate, now) })
			case *rtcp.ReceiverReport:
				p.shard.offer(func(now time.Time) { t.received(pkt, now) })
			}
		}
	}
}

// maxNacks bounds the packets of one NACK message that are looked at.
const maxNacks = 1024

// Close ends the peer and waits for its goroutines of ours. It may be called
// again.
func (p *Peer) Close() {
	if p.closed {
		return
	}
	p.closed = true
	close(p.closing)
	_ = p.pc.Close()
	p.gateway.consents.end(p)
	p.readers.Wait()
	p.release()
}

// track is a tile's webrtc.TrackLocal.
type track struct{ t *tile }

// Bind implements webrtc.TrackLocal.
func (k *track) Bind(c webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	out := outbound{writer: c.WriteStream(), ssrc: uint32(c.SSRC()), rtx: uint32(c.SSRCRetransmission()), codecs: c.CodecParameters(),
		straight: k.t.peer.gateway.hub.Makes()}
	out.choose(nil)
	for _, e := range c.HeaderExtensions() {
		if e.URI == playoutDelayURI && e.ID > 0 && e.ID < 15 {
			out.playout = uint8(e.ID)
		}
	}
	for _, codec := range out.codecs {
		if uint8(codec.PayloadType) == out.pt {
			k.t.peer.shard.do(func(now time.Time) {
				k.t.out = out
				k.t.advance(now)
			})
			return codec, nil
		}
	}
	return webrtc.RTPCodecParameters{}, webrtc.ErrUnsupportedCodec
}

// Unbind implements webrtc.TrackLocal.
func (k *track) Unbind(webrtc.TrackLocalContext) error {
	k.t.peer.shard.do(func(time.Time) { k.t.out.writer = nil })
	return nil
}

// ID implements webrtc.TrackLocal.
func (k *track) ID() string { return fmt.Sprintf("tile%d", k.t.index) }

// StreamID implements webrtc.TrackLocal. Each tile is a MediaStream of its own,
// since nothing is to be shown in step.
func (k *track) StreamID() string { return fmt.Sprintf("tile%d", k.t.index) }

// RID implements webrtc.TrackLocal.
func (k *track) RID() string { return "" }

// Kind implements webrtc.TrackLocal.
func (k *track) Kind() webrtc.RTPCodecType { return webrtc.RTPCodecTypeVideo }
