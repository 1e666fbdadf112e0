package rtc

import (
	"slices"
	"time"

	"github.com/pion/rtcp"

	"matthan/gateway"
	"matthan/gateway/video"
)

// Held is the phase that a tile is told of which nothing is sent: the viewer's
// link has no room for it.
const Held gateway.Phase = "held"

// tuning is what a viewer's shard knows of the way to it.
type tuning struct {
	pace     int // bytes a millisecond; 0: not bounded
	link     link
	part     int       // of the gateway's uplink, bits a second; 0: not bounded
	nextFree time.Time // when that allows the next packet
	ticked   time.Time
	probed   int       // packets of the probe that runs
	due      int       // bytes of it
	probes   time.Time // when it was looked at
	wishes   chan wish // to the peer's own goroutine
	demand   demand    // under Gateway.mu
}

// ways is what a tile may be given, and what of it the link allows.
type ways struct {
	ladder []gateway.StreamID // the best first; empty: it shows nothing
	level  int                // of the ladder; its length: held
	lead   bool               // the tile goes before the others
	fixed  bool               // somebody has chosen: the ladder has one
	stills bool
	turn   uint64 // counts what the tile was pointed at

	changed time.Time // when another stream began on the track
	nextAt  time.Time // since when the next one is there

	burst     burst
	burstPace int       // by that and the stream, bytes a millisecond; 0: not bounded
	spare     feed      // the next smaller stream, held warm and not followed
	again     time.Time // not before this another spare is tried
}

func waysOf(c Choice) ways {
	switch {
	case c.Stream == gateway.StreamID{}:
		return ways{}
	case len(c.Ladder) == 0:
		return ways{ladder: []gateway.StreamID{c.Stream}, fixed: true, lead: c.First}
	}
	return ways{ladder: c.Ladder, lead: c.First, stills: c.Stills}
}

// take points the tile at what was chosen, of which it becomes the owner, or at
// as much of it as the link allows.
func (t *tile) take(c Choice, now, next feed, view uint64, at time.Time) {
	p, old := t.peer, t.ways
	t.ways = waysOf(c)
	t.turn, t.gentle, t.changed = old.turn+1, c.Gentle, at
	t.burst, t.burstPace = old.burst, old.burstPace // of the link, about
	if len(old.ladder) > 0 && len(t.ladder) > 0 && old.ladder[0].Camera == t.ladder[0].Camera {
		t.spare, t.again = old.spare, old.again
	} else {
		t.ways.spare = old.spare
		t.dropSpare()
	}
	if p.bound() > 0 && !t.fixed && len(t.ladder) > 0 {
		t.level = allot(p.wants(), p.bound())[t.index]
	}
	if t.level == 0 {
		t.show(now, next, view, at)
	} else {
		t.showLess(now, next, view, at)
	}
	if p.bound() > 0 {
		p.adapt(at)
	}
}

// showLess is show for a tile that is given less than its best.
func (t *tile) showLess(now, next feed, view uint64, at time.Time) {
	want := gateway.StreamID{}
	if t.level < len(t.ladder) {
		want = t.ladder[t.level]
	}
	if next.stream != nil && next.stream.ID() == want {
		now, next = next, now
	}
	if next.stream != nil {
		next.release()
	}
	if now.stream != nil && now.stream.ID() == want {
		t.show(now, feed{}, view, at)
		return
	}
	now.release()
	if t.stream != nil && t.stream.ID().Camera == t.ladder[0].Camera { // goes on meanwhile
		t.view, t.told = view, gateway.State{}
	} else {
		t.show(feed{}, feed{}, view, at)
		t.asked = at
	}
	t.toward(at)
	if t.stream != nil {
		t.news(at)
	}
}

// toward has the stream come that the tile's level names.
func (t *tile) toward(now time.Time) {
	if t.level >= len(t.ladder) {
		t.drop(&t.feed)
		t.drop(&t.next)
		t.begun, t.clocked, t.history.run = false, false, run{}
		t.tell(gateway.State{Phase: Held, Since: now}, t.ladder[len(t.ladder)-1])
		return
	}
	t.gentle = false
	switch id := t.ladder[t.level]; {
	case t.stream != nil && t.stream.ID() == id:
		t.drop(&t.next)
	case t.next.stream == nil || t.next.stream.ID() != id:
		t.peer.ask(wish{t, t.turn, id, false})
	}
}

// wish is a stream that is to be opened, away from the shard.
type wish struct {
	tile *tile
	turn uint64
	id   gateway.StreamID
	warm bool
}

// ask has a stream opened, soon. Where too much was asked for it is asked again
// within a second.
func (p *Peer) ask(w wish) {
	select {
	case p.wishes <- w:
	default:
	}
}

// grant opens what was asked for. It runs in the peer's own goroutine.
func (p *Peer) grant(w wish) {
	var f feed
	var err error
	switch {
	case !w.warm:
		f, err = p.open(w.id)
	case p.gateway.takeSpare(w.id):
		f.stream, f.release, err = p.gateway.hub.Warm(w.id)
		if release := f.release; err == nil {
			f.release = func() { release(); p.gateway.leaveSpare(w.id) }
		} else {
			p.gateway.leaveSpare(w.id)
		}
	default:
		return
	}
	p.shard.do(func(now time.Time) { w.tile.granted(w, f, err, now) })
}

// granted takes what was opened, if it is still wanted.
func (t *tile) granted(w wish, f feed, err error, now time.Time) {
	switch {
	case err != nil:
		if !w.warm && w.turn == t.turn {
			t.without(w.id, now)
		}
	case t.peer.over || w.turn != t.turn || !w.warm && (t.level >= len(t.ladder) || t.ladder[t.level] != w.id):
		f.release()
	case w.warm:
		t.dropSpare()
		t.spare = f
	case t.stream == nil:
		asked := t.asked
		t.show(f, feed{}, t.view, now)
		t.asked, t.changed = asked, now
	default:
		t.drop(&t.next)
		t.next, t.nextAt = f, now
		t.peer.shard.attach(t, f.stream)
		t.news(now)
	}
}

// without takes an encoding out of the ladder that cannot be had.
func (t *tile) without(id gateway.StreamID, now time.Time) {
	if len(t.ladder) < 2 {
		if t.cannot {
			t.refuse(now)
		}
		return
	}
	t.ladder = slices.DeleteFunc(slices.Clone(t.ladder), func(o gateway.StreamID) bool { return o == id })
	t.level = min(t.level, len(t.ladder)-1)
	t.drop(&t.next)
	if t.peer.bound() > 0 {
		t.peer.adapt(now)
	}
	t.toward(now)
}

// bound is what may be sent to the viewer, bits a second; 0: no bound.
func (p *Peer) bound() int {
	if p.link.budget == 0 || p.part > 0 && p.part < p.link.budget {
		return p.part
	}
	return p.link.budget
}

// wants is what the tiles would have.
func (p *Peer) wants() []tileWant {
	out := make([]tileWant, len(p.tiles))
	for i, t := range p.tiles {
		out[i] = tileWant{first: t.lead, fixed: t.fixed, still: t.stills, lives: t.level < len(t.ladder)}
		for _, id := range t.ladder {
			out[i].bits = append(out[i].bits, p.gateway.hub.Bits(id))
		}
	}
	return out
}

// adapt gives the tiles what the link allows now.
func (p *Peer) adapt(now time.Time) {
	if p.over {
		return
	}
	bound, w := p.bound(), p.wants()
	levels := allot(w, bound)
	if p.pace = 0; bound > 0 {
		p.pace = int(float64(max(bound, takes(w, levels))) / keepsPart / 8000)
	}
	for i, level := range levels {
		if t := p.tiles[i]; !t.fixed && len(t.ladder) > 0 && t.level != level {
			t.level = level
			t.toward(now)
		}
	}
}

// sends is what is sent at the levels that there are, and what of it was told to
// arrive of late, bits a second.
func (p *Peer) sends(now time.Time) (sends, arrive int) {
	for _, t := range p.tiles {
		if t.stream == nil {
			continue
		}
		sends += p.gateway.hub.Bits(t.stream.ID())
		if now.Sub(t.sent.rateAt) < 3*time.Second {
			arrive += t.sent.rate
		}
	}
	return sends, arrive
}

// A step up on a thin link waits for a key picture, since what came after the last
// one would have to be sent at once: for this long at most.
const (
	riseWait    = 12 * time.Second
	riseBacklog = 500 // ms at the link's pace that may be sent at once
)

func (t *tile) nextGOP() []*video.AccessUnit {
	if t.next.stream == nil {
		return nil
	}
	return t.next.stream.GOP()
}

// tooLong says whether the stream that is to follow begins with too much.
func (t *tile) tooLong(gop []*video.AccessUnit, now time.Time) bool {
	pace := t.peer.pace
	if pace == 0 || !t.shown || t.level >= len(t.ladder) || slices.Index(t.ladder, t.stream.ID()) < t.level || now.Sub(t.nextAt) > riseWait {
		return false
	}
	bytes := 0
	for _, au := range gop[1:] { // the key picture is needed in any case
		bytes += au.Size()
	}
	return bytes > pace*riseBacklog
}

// beganFor is how long after a start its burst may lose packets.
const beganFor = 1500 * time.Millisecond

// received takes what the viewer reports of the tile's track (RFC 3550 section
// 6.4.2).
func (t *tile) received(r *rtcp.ReceiverReport, now time.Time) {
	p := t.peer
	for i := range r.Reports {
		b := &r.Reports[i]
		if b.SSRC != t.out.ssrc {
			continue
		}
		if b.FractionLost > riseLoss {
			t.lossAt = now
		}
		bits := 0
		if t.stream != nil {
			bits = p.gateway.hub.Bits(t.stream.ID())
		}
		a, ok := t.sent.take(b, t.history.next, bits, now)
		if ok && t.stream != nil && p.link.heard(&t.sent, a, now.Sub(t.changed) < beganFor, now) {
			p.cut(a.late, now)
		}
	}
}

// cut takes that the link does not carry what is sent: its queue is so long.
func (p *Peer) cut(queue time.Duration, now time.Time) {
	sends, arrive := p.sends(now)
	p.link.cut(arrive, sends, now)
	p.gateway.log.Debug("a viewer's link carries less than is sent", "sent", sends, "arrived", arrive, "queue", queue, "budget", p.link.budget)
	// Nothing more goes into the queue that there is, until most of it is through.
	p.nextFree = now.Add(min(queue, time.Second) * 3 / 4)
	p.adapt(now)
}

// estimated takes what the viewer estimates its link to carry (REMB), bits a
// second, of all its tiles together.
func (t *tile) estimated(bits float32, now time.Time) {
	t.remb = bits
	if t.peer.link.estimated(int(min(bits, 1e9)), now) {
		t.peer.cut(t.sent.late, now)
	}
}

// second does for the viewer what is due every second.
func (p *Peer) second(now time.Time) {
	if now.Sub(p.ticked) < time.Second/2 { // for another tile
		return
	}
	p.ticked = now
	p.divide(now)
	if p.link.budget > 0 {
		w := p.wants()
		all, _ := full(w)
		sends, _ := p.sends(now)
		was := p.link.probing.target
		if p.link.second(above(w, p.link.budget), all, sends, now) {
			p.gateway.log.Debug("a viewer's link carries more", "budget", p.link.budget)
			p.adapt(now)
		} else if p.link.probing.target > 0 && was == 0 {
			p.probed, p.due, p.probes = 0, 0, now
			p.shard.probing[p] = true
		}
	}
	for _, t := range p.tiles {
		t.mindSpare(now)
		if t.burst.second(now) {
			t.repace()
		}
		if t.level > 0 && t.level < len(t.ladder) && (t.stream == nil || t.stream.ID() != t.ladder[t.level]) && t.next.stream == nil {
			t.toward(now) // it was asked for, and too much else was
		}
	}
}
