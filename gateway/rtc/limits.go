package rtc

import (
	"io"
	"time"

	"github.com/pion/transport/v4/packetio"
)

// connectWait is how long a peer may take from its offer until it is connected.
// pion waits for ICE alone up to 35 s, and for DTLS 30 more, meanwhile the camera
// is pulled.
const connectWait = 15 * time.Second

// Of the gateway's places half may be taken by peers that do not connect, but
// leastWaiting in any case.
const leastWaiting = 64

// A browser's RTCP names the SSRCs of its tiles and a few of its own. pion keeps
// a stream with a buffer for each that it names, and for ever.
const (
	spareSources = 64
	sourceBuffer = 32 << 10 // bytes of RTCP that wait to be read, of one SSRC
)

// sources is how many SSRCs the RTCP and RTP of a peer with n tiles may name:
// media and retransmission of each tile, and some of the browser's.
func sources(n int) int { return spareSources + 4*n }

// buffer makes what pion keeps for an SSRC. One SSRC too many ends the peer.
func (p *Peer) buffer(packetio.BufferPacketType, uint32) io.ReadWriteCloser {
	b := packetio.NewBuffer()
	b.SetLimitSize(sourceBuffer)
	if p.sources.Add(1) > int64(sources(len(p.tiles))) {
		p.doom()
	}
	return b
}

// doom has the peer ended from within, soon.
func (p *Peer) doom() {
	select {
	case p.doomed <- struct{}{}:
	default:
	}
}

// mind ends the peer where its viewer does not connect within wait, oversteps a
// bound, or pion has ended the connection: the handshake failed or the viewer is
// gone. It returns when the peer is closed.
func (p *Peer) mind(wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-p.connected:
		p.gateway.settle()
	case <-p.closing:
		p.gateway.settle()
		return
	case <-p.doomed:
		p.gateway.settle()
		p.fail()
		return
	case <-timer.C:
		p.gateway.settle()
		p.fail()
		return
	}
	for {
		select {
		case <-p.doomed:
			p.fail()
			return
		case <-p.closing:
			return
		case w := <-p.wishes:
			p.grant(w)
		}
	}
}

// fail ends a peer that its owner has not closed yet, who hears of it as of a
// connection that failed. Its place and its cameras are free at once.
func (p *Peer) fail() {
	select {
	case <-p.closing: // it has
		return
	default:
	}
	_ = p.pc.Close()
	p.release()
	if p.events.Connection != nil {
		p.events.Connection("failed")
	}
}

// release gives back what the peer holds of the gateway's. It may be called
// again.
func (p *Peer) release() {
	done := make(chan struct{})
	p.shard.do(func(now time.Time) {
		p.over = true
		for _, t := range p.tiles {
			t.open = false
			t.take(Choice{}, feed{}, feed{}, 0, now)
		}
		if p.ear != nil {
			p.ear.listen(nil, "")
		}
		close(done)
	})
	select {
	case <-done:
	case <-p.gateway.ended: // the shards are gone, and all viewers with them
	}
	p.leave()
}
