package rtc

import (
	"math/rand/v2"
	"time"

	"github.com/pion/rtcp"

	"matthan/gateway"
	"matthan/gateway/video"
)

// A backlog leaves at this rate: 80 Mbit/s reaches the live edge of a 4 s GOP
// in 0.1 s without overflowing receivers' sockets, as a line-rate burst does
// (Chromium lost none of 66,000 packets in 80 switches).
const (
	backlogRate  = 10000                // bytes a millisecond
	backlogSlack = 2 * time.Millisecond // what may go out before its time, to save wake-ups
)

// A link that has just lost packets gets its backlog at twice what the viewer
// last estimated it to carry (REMB), but not under 1 Mbit/s. Without loss the
// estimate says nothing: it grows no further than what was sent.
const (
	lossLasts     = 3 * time.Second
	leastBacklog  = 125 // bytes a millisecond
	estimateTimes = 2
)

// paceOf is how fast a backlog may leave, in bytes a millisecond, to a viewer
// that last reported loss at lossAt and estimates bits a second, 0: unknown.
func paceOf(bits float32, lossAt, now time.Time) int {
	if bits <= 0 || now.Sub(lossAt) > lossLasts {
		return backlogRate
	}
	return int(min(max(estimateTimes*bits/8000, leastBacklog), backlogRate))
}

// Starts from the GOP that a viewer asks for (PLI), or that lost packets need
// which are gone or too many, are at least this far apart; and as far as
// restartAgain while the GOP of the last one is still on its way.
const (
	restartPause = time.Second
	restartAgain = 4 * time.Second
	cheapTimes   = 2 // what is missing, the GOP may be
)

// tile is one video line of a peer: an outbound RTP stream whose sequence
// numbers and timestamps run on whatever camera it shows. Only who has its
// shard's turn touches it, but for the fields of its track.
type tile struct {
	// Every picture touches these, of each tile in turn: they stand together, since
	// what is fetched from memory for them costs more than what is done with it.
	peer     *Peer
	feed            // what is shown
	next     feed   // what is shown as soon as it has a picture to start from
	open     bool   // the transport is connected
	begun    bool   // pos counts; else start from the GOP
	clocked  bool   // the clock was told since the start
	shown    bool   // a picture of stream has been sent
	cannot   bool   // the viewer cannot decode stream
	gentle   bool   // next also waits until the link has proved itself
	piece    int    // payloads of the picture after pos that have gone out
	pos      uint64 // Number of the stream's access unit sent last
	stamp    stamp
	last     *video.AccessUnit // the same
	nextFree time.Time         // when the pace allows the next picture
	lastAt   time.Time         // of all that has been sent on the track, over all streams
	lastTS   uint32
	packets  uint32
	octets   uint32
	told     gateway.State // the state that the viewer was told
	out      outbound
	history  history
	sent     sent
	repairs  limiter

	index int
	ear   *ear // that hears it; nil: none
	ways
	lossAt time.Time // when the viewer last reported loss over riseLoss
	remb   float32   // what the viewer last estimated its link to carry, bits a second; 0: unknown
	view   uint64    // for events
	toldOf gateway.StreamID

	// When the first picture began to be waited for: when a camera was chosen, or
	// the transport connected after that. Zero: it has come.
	asked time.Time

	started  time.Time // when the newest start from a GOP began
	rtxNext  uint64    // packet index of the next retransmission
	askedTo  uint64    // extended sequence number after the last one that was asked for again
	reported time.Time // when the last sender report went, of this run of packets
}

// feed is a stream that a tile holds open at the hub. The zero feed is none.
type feed struct {
	stream  *gateway.Stream
	release func()
}

// show points the tile at what is to be shown, of which it becomes the owner.
func (t *tile) show(now, next feed, view uint64, at time.Time) {
	if now.stream != nil && now.stream == t.stream && t.begun {
		// The same picture goes on, whatever is to follow it.
		t.release()
		t.drop(&t.next)
		t.release, t.next, t.view, t.told = now.release, next, view, gateway.State{}
		if next.stream != nil {
			t.peer.shard.attach(t, next.stream)
		}
		if t.clocked {
			t.report(at)
		}
		t.news(at)
		return
	}
	t.drop(&t.feed)
	t.drop(&t.next)
	t.feed, t.next, t.view = now, next, view
	t.begun, t.last, t.shown, t.clocked, t.cannot, t.told = false, nil, false, false, false, gateway.State{}
	t.started, t.asked = time.Time{}, time.Time{}
	if now.stream == nil {
		t.history.run = run{}
		return
	}
	t.asked = at
	t.sent.again()
	for _, f := range []feed{now, next} {
		if f.stream != nil {
			t.peer.shard.attach(t, f.stream)
		}
	}
	t.news(at)
}

func (t *tile) drop(f *feed) {
	if f.stream != nil {
		t.peer.shard.detach(t, f.stream)
		f.release()
	}
	*f = feed{}
}

// news looks at the streams after one of them woke the shard.
func (t *tile) news(now time.Time) {
	t.advance(now)
	st, id := t.stream.State(), t.stream.ID()
	if (st.Phase != gateway.Live || t.cannot) && t.next.stream != nil {
		st, id = t.next.stream.State(), t.next.stream.ID()
	}
	if st.Phase == gateway.Live && !t.shown {
		return // told as live with its first picture, or as one that cannot be shown
	}
	t.tell(st, id)
}

func (t *tile) tell(st gateway.State, id gateway.StreamID) {
	if st != t.told || id != t.toldOf {
		t.told, t.toldOf = st, id
		t.peer.events.Tile(t.index, t.view, id, st)
	}
}

// advance sends what follows the tile's position, as far as the pace allows.
func (t *tile) advance(now time.Time) {
	delete(t.peer.shard.behind, t)
	if t.stream == nil || !t.open || !t.ready() {
		return
	}
	t.goOn(now)
	aus, ok := t.stream.After(t.pos)
	if !t.begun || !ok {
		gop := t.stream.GOP()
		if gop == nil {
			return
		}
		if !t.out.choose(gop[len(gop)-1].Format) { // which knows all that the pictures before it have shown
			t.refuse(now)
			return
		}
		t.cannot = false
		t.start(gop, now)
		aus = gop
	}
	t.follow(aus, now)
}

// step is advance for a tile that is in step with st, which is in state: it
// sends and does nothing else. It is false where there is more to do, or where
// sending could wait.
func (t *tile) step(st *gateway.Stream, state gateway.State, now time.Time) bool {
	p := &t.peer.path
	if t.stream != st || t.next.stream != nil || !t.open || !t.ready() || !t.begun || !t.clocked || t.told != state ||
		p.seal == nil || !p.udp.IsValid() {
		return false
	}
	aus, ok := st.After(t.pos)
	if ok {
		delete(t.peer.shard.behind, t)
		t.follow(aus, now)
	}
	return ok
}

// follow sends aus, as far as the pace allows.
func (t *tile) follow(aus []*video.AccessUnit, now time.Time) {
	for _, au := range aus {
		before := t.out.pt
		if t.pos < au.Number && !t.out.choose(au.Format) {
			t.refuse(now)
			return
		}
		if t.out.pt != before {
			// What went before it is not sent again: its header would have another
			// payload type now, and one packet index must not seal two packets.
			t.history.run.from, t.history.run.first = t.history.next, au.First
		}
		for t.pos < au.Number {
			if t.free().After(now.Add(backlogSlack)) {
				t.peer.shard.behind[t] = true
				return
			}
			t.send(au, now)
		}
	}
}

// start begins a run of packets at the GOP's key picture.
func (t *tile) start(gop []*video.AccessUnit, now time.Time) {
	t.repace()
	edge := gop[len(gop)-1]
	ahead := backlogStep * uint32(len(gop))
	var at uint32
	if t.lastAt.IsZero() {
		at = rand.Uint32()
	} else {
		elapsed := uint32(min(now.Sub(t.lastAt), time.Hour) * 90 / time.Millisecond)
		at = t.lastTS + max(elapsed, ahead)
	}
	t.stamp = stamp{edge: edge.Number, at: at, shift: at - uint32(edge.PTS)}
	t.history.run = run{from: t.history.next, stream: t.stream, first: gop[0].First, stamp: t.stamp}
	t.begun, t.pos, t.piece, t.started, t.clocked, t.reported = true, gop[0].Number-1, 0, now, false, time.Time{}
}

// send sends the next piece of a picture: all of it, but of a large one as much
// as the pace allows at once.
func (t *tile) send(au *video.AccessUnit, now time.Time) {
	ts := t.stamp.of(au)
	n, bytes := piece(au.Payloads[t.piece:], t.peer.pieceBytes())
	t.sent.add(t.history.next, bytes, now)
	t.write(au, t.piece, n, ts)
	t.piece += n
	t.packets += uint32(n)
	t.octets += uint32(bytes)
	t.repairs.sent(bytes)
	rate := backlogRate
	if au.Number < t.stamp.edge {
		rate = paceOf(t.remb, t.lossAt, now)
	}
	t.spend(bytes, rate, au.Number < t.stamp.edge, now)
	if t.piece < len(au.Payloads) {
		return
	}
	t.pos, t.piece, t.last, t.lastTS, t.lastAt = au.Number, 0, au, ts, now
	if !t.shown {
		t.shown = true
		t.first(now)
		t.tell(t.stream.State(), t.stream.ID())
	}
	if !t.clocked && au.Number >= t.stamp.edge {
		t.clocked = true
		t.report(now)
	}
}

// connect follows the transport.
func (t *tile) connect(open bool, now time.Time) {
	if open && !t.open && !t.asked.IsZero() {
		t.asked = now
	}
	t.open = open
	t.advance(now)
}

// first tells how long the first picture took, once for each camera that is
// chosen, whichever of its streams came first.
func (t *tile) first(now time.Time) {
	if !t.asked.IsZero() {
		t.peer.gateway.hub.Shown(t.stream.ID().Camera, now.Sub(t.asked))
		t.asked = time.Time{}
	}
}

// pieceBytes is what leaves at line rate at once. Key pictures are some times
// that; in one burst they overflow the queues of a slow link's router. On a thin
// link it is as much as goes through within pieceTime.
const (
	pieceBytes = 24 << 10
	pieceTime  = 50 // ms
)

func (p *Peer) pieceBytes() int {
	if p.pace == 0 {
		return pieceBytes
	}
	return min(pieceTime*p.pace, pieceBytes)
}

// piece is how many of the payloads go out at once, and their bytes: most, and a
// rest of less than half of that along with it.
func piece(payloads [][]byte, most int) (n, bytes int) {
	for i, p := range payloads {
		bytes += len(p)
		if bytes >= most {
			rest := 0
			for _, q := range payloads[i+1:] {
				rest += len(q)
			}
			if rest < most/2 {
				return len(payloads), bytes + rest
			}
			return i + 1, bytes
		}
	}
	return len(payloads), bytes
}

// reportEvery is the least interval of sender reports (RFC 3550 section 6.2).
const reportEvery = 5 * time.Second

// report tells the viewer the capture clock: as an event for the page, and over
// RTCP as a sender report (RFC 3550 section 6.4.1), whose NTP time is the capture
// time of the picture with that RTP timestamp.
func (t *tile) report(now time.Time) {
	t.peer.events.Clock(t.index, t.view, t.stream.ID(), t.lastTS, t.last.Captured, t.last.Clock)
	if now.Sub(t.reported) < reportEvery {
		return
	}
	t.reported = now
	sr := &rtcp.SenderReport{SSRC: t.out.ssrc, NTPTime: ntp(t.last.Captured), RTPTime: t.lastTS,
		PacketCount: t.packets, OctetCount: t.octets}
	_ = t.peer.pc.WriteRTCP([]rtcp.Packet{sr})
}

// A gentle start moves up when the link has carried the small stream for
// riseAfter, with no report of loss over riseLoss meanwhile.
const (
	riseAfter = 3 * time.Second
	riseLoss  = 256 * 2 / 100 // in RTCP's 256ths
)

func rises(now, started, lossAt time.Time) bool {
	return !started.IsZero() && now.Sub(started) >= riseAfter && now.Sub(lossAt) >= riseAfter
}

func (t *tile) everySecond(now time.Time) {
	t.advance(now)
	if t.clocked && now.Sub(t.lastAt) < 2*time.Second {
		t.report(now)
	}
}

// ntp is a time in NTP's format (RFC 5905 section 6): seconds since 1900 and
// their fraction, 32 bits each.
func ntp(at time.Time) uint64 {
	s := uint64(at.Unix() + 2208988800)
	f := uint64(at.Nanosecond()) << 32 / 1e9
	return s<<32 | f
}

// lostPicture answers a PLI, or a NACK that packets cannot answer: the GOP
// again. It is false where that was done a moment ago.
func (t *tile) lostPicture(now time.Time) bool {
	if t.stream == nil || !t.begun {
		return false
	}
	if ago := now.Sub(t.started); ago < restartPause || ago < restartAgain && t.pos < t.stamp.edge {
		return false
	}
	t.begun = false
	t.advance(now)
	return true
}

// nack answers a NACK: with the packets, or with the GOP where one is no longer
// kept or they are more than may be sent again. Browsers ask for a picture
// (PLI) only seconds after a loss.
func (t *tile) nack(n *rtcp.TransportLayerNack, now time.Time) {
	if n.MediaSSRC != t.out.ssrc || !t.ready() {
		return
	}
	var asked []uint16
	fresh := 0
	for _, pair := range n.Nacks {
		if asked = append(asked, pair.PacketList()...); len(asked) >= maxNacks {
			asked = asked[:maxNacks]
			break
		}
	}
	missing, lost := 0, false
	for _, seq := range asked {
		if n := t.history.index(seq); n >= t.askedTo && n < t.history.next {
			fresh, t.askedTo = fresh+1, n+1
		}
		switch au, i, _, what := t.history.find(seq); what {
		case kept:
			missing += len(au.Payloads[i])
		case gone:
			lost = true
		}
	}
	t.missed(fresh, now)
	if (lost || missing > t.repairs.left() && t.cheap(missing)) && t.lostPicture(now) {
		return
	}
	for _, seq := range asked {
		au, i, ts, _ := t.history.find(seq)
		if au != nil && t.repairs.allow(seq, len(au.Payloads[i]), t.sent.late, now) {
			t.repair(au, i, ts, seq)
			t.spend(len(au.Payloads[i]), backlogRate, true, now)
		}
	}
}

// cheap says whether the GOP is little beside so many bytes that are to be sent
// again. A link that has lost much of a burst would lose more of a larger one.
func (t *tile) cheap(missing int) bool {
	bytes := 0
	for _, au := range t.stream.GOP() {
		bytes += au.Size()
	}
	return bytes <= cheapTimes*missing
}
