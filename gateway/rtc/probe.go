package rtc

import (
	"time"

	"matthan/gateway/video"
)

// probeStep bounds what a probe sends at once, bytes, after a wait.
const probeStep = 8 << 10

// probe sends what proves that the link carries more: packets that the viewer
// has, again, as retransmissions (RFC 4588). It is false when that is over.
func (p *Peer) probe(now time.Time) (more bool) {
	pr := &p.link.probing
	if pr.target == 0 || pr.heard || !now.Before(pr.until) || p.over {
		return false
	}
	t := p.prober()
	if t == nil {
		return false // what is sent after the step proves it
	}
	p.due = min(p.due+int(now.Sub(p.probes).Seconds()*float64(pr.rate())/8), probeStep)
	p.probes = now
	for ; p.due > 0; p.probed++ {
		au := t.known()
		if au == nil {
			return false
		}
		n := p.probed % len(au.Payloads)
		index := t.history.run.from + au.First - t.history.run.first + uint64(n)
		t.repair(au, n, t.stamp.of(au), uint16(index))
		p.due -= len(au.Payloads[n]) + overhead
	}
	return true
}

// prober is a tile whose packets can be sent again under another SSRC.
func (p *Peer) prober() *tile {
	for _, t := range p.tiles {
		if t.ready() && t.open && t.stream != nil && t.begun && t.out.rtx != 0 && t.out.rtxPT != 0 && t.known() != nil {
			return t
		}
	}
	return nil
}

// known is a picture that the viewer was sent since the last start: the newest
// key picture, whose packets are full, else the newest.
func (t *tile) known() *video.AccessUnit {
	au := t.last
	if gop := t.stream.GOP(); gop != nil && gop[0].Number <= t.pos && gop[0].First >= t.history.run.first {
		au = gop[0]
	}
	if au == nil || len(au.Payloads) == 0 || au.First < t.history.run.first {
		return nil
	}
	return au
}
