package rtc

import "time"

// demand is what viewers would be sent at their best, bits a second.
type demand struct{ all, lead int }

// divide takes the viewer's part of the gateway's uplink, where that is bounded.
func (p *Peer) divide(now time.Time) {
	g := p.gateway
	if g.uplink <= 0 {
		return
	}
	var mine demand
	mine.all, mine.lead = full(p.wants())
	part := g.part(p, mine)
	// A little more or less is no reason to change pictures.
	if part == p.part || part > 0 && p.part > 0 && part > p.part*9/10 && part < p.part*11/10 {
		return
	}
	p.part = part
	p.adapt(now)
}

// part notes what a viewer wants of the uplink, and is what it has of it; 0: no
// bound.
func (g *Gateway) part(p *Peer, mine demand) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.demand.all += mine.all - p.demand.all
	g.demand.lead += mine.lead - p.demand.lead
	p.demand = mine
	return share(g.uplink, g.demand.all, g.demand.lead, mine.all, mine.lead)
}
