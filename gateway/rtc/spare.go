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

// mindSpare holds warm what the tile may need soon.
func (t *tile) mindSpare(now time.Time) {
	want, wanted := t.wantsSpare(now)
	switch st := t.spare.stream; {
	case st != nil && (!wanted || st.ID() != want):
		t.dropSpare()
	case st != nil && st.State().Phase == gateway.Offline:
		t.dropSpare()
		t.again = now.Add(spareAgain)
	case st == nil && wanted && now.After(t.again):
		t.peer.ask(wish{t, t.turn, want, true})
	}
}

// wantsSpare is what that is: the next smaller stream of the viewer's first
// picture, and of one that is held its smallest, of which stills are made too.
func (t *tile) wantsSpare(now time.Time) (id gateway.StreamID, ok bool) {
	n := len(t.ladder)
	switch {
	case t.peer.gateway.maxSpares <= 0 || t.fixed || n == 0:
		return id, false
	case t.level == n:
		return t.ladder[n-1], t.ladder[n-1].Quality.Own()
	case t.level+1 == n || !t.shown || t.stream == nil || t.stream.ID() != t.ladder[t.level] || now.Sub(t.changed) < spareAfter:
		return id, false
	}
	next := t.ladder[t.level+1]
	return next, next.Quality.Own() && t.peer.leads(t) // a rung begins within a second, and costs more than a pull
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
