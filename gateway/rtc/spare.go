package rtc

import (
	"time"

	"matthan/gateway"
)

// When a link becomes thin of a sudden, the small stream must be there: a
// camera takes seconds to begin one, over which the picture would stand still.
const (
	spareAfter = 3 * time.Second // of a picture: who swipes on needs none
	spareAgain = 5 * time.Minute // after a camera gave none
)

// mindSpare holds the next smaller stream of the viewer's first picture warm.
func (t *tile) mindSpare(now time.Time) {
	p := t.peer
	next := t.level + 1
	wanted := p.gateway.maxSpares > 0 && !t.fixed && next < len(t.ladder) && p.leads(t) && t.shown &&
		t.stream != nil && t.stream.ID() == t.ladder[t.level] && now.Sub(t.changed) >= spareAfter
	switch st := t.spare.stream; {
	case st != nil && (!wanted || st.ID() != t.ladder[next]):
		t.dropSpare()
	case st != nil && st.State().Phase == gateway.Offline:
		t.dropSpare()
		t.again = now.Add(spareAgain)
	case st == nil && wanted && now.After(t.again):
		p.ask(wish{t, t.turn, t.ladder[next], true})
	}
}

// leads says whether a tile is the viewer's first.
func (p *Peer) leads(t *tile) bool {
	lead := -1
	for i, o := range p.tiles {
		switch {
		case o.fixed || len(o.ladder) == 0:
		case o.lead:
			return o == t
		case lead < 0:
			lead = i
		}
	}
	return lead == t.index
}

func (t *tile) dropSpare() {
	if t.spare.stream != nil {
		t.spare.release()
	}
	t.spare = feed{}
}

// takeSpare counts a holder of a spare stream; false where as many streams are
// held as may be.
func (g *Gateway) takeSpare(id gateway.StreamID) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.spares[id] == 0 && len(g.spares) >= g.maxSpares {
		return false
	}
	g.spares[id]++
	return true
}

func (g *Gateway) leaveSpare(id gateway.StreamID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.spares[id]--; g.spares[id] <= 0 {
		delete(g.spares, id)
	}
}
