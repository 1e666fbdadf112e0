package rtc

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/pion/rtcp"
)

// way is a model of a link: a queue in front of a bottleneck, over which tiles
// send, and whose viewer reports once a second.
type way struct {
	rand     *rand.Rand
	link     link
	bits     func(at time.Duration) int // a second, that it carries
	lose     float64                    // share of packets lost beside that
	depth    int                        // bytes of its queue
	delay    time.Duration              // there and back
	at       time.Duration
	queue    []modelPacket
	queued   int
	credit   float64
	tiles    []*modelTile
	budgets  []int // at each second
	over     int   // seconds in which more was sent than the link carries
	downs    []time.Duration
	extra    float64
	stall    func(at time.Duration) bool // the viewer reads nothing
	received []modelPacket               // not yet read
}

type modelTile struct {
	sent    sent
	want    tileWant
	level   int
	next    uint64
	got     uint64 // highest that arrived, plus one
	lost    int
	picture int
	report  time.Duration
}

type modelPacket struct {
	tile *modelTile
	seq  uint64
	size int
}

var modelStart = time.Unix(1_000_000, 0)

// step is a millisecond.
func (w *way) step() {
	now := modelStart.Add(w.at)
	if w.at%(40*time.Millisecond) == 0 {
		for _, t := range w.tiles {
			w.send(t, now)
		}
	}
	if p := w.link.probing; p.target > 0 && !p.heard && now.Before(p.until) {
		for w.extra += float64(p.rate()) / 8000; w.extra > 1200; w.extra -= 1200 {
			w.push(modelPacket{size: 1200})
		}
	}
	w.credit = min(w.credit+float64(w.bits(w.at))/8000, 3000)
	for len(w.queue) > 0 && w.credit >= float64(w.queue[0].size) {
		p := w.queue[0]
		w.queue, w.queued, w.credit = w.queue[1:], w.queued-p.size, w.credit-float64(p.size)
		w.received = append(w.received, p)
	}
	if w.stall == nil || !w.stall(w.at) {
		for _, t := range w.tiles { // a viewer that wakes reports before it reads
			if w.at >= t.report {
				w.tell(t, now)
			}
		}
		for _, p := range w.received {
			if p.tile != nil {
				p.tile.lost += int(p.seq - max(p.tile.got, 0))
				p.tile.got = p.seq + 1
			}
		}
		w.received = w.received[:0]
	}
	if w.at%time.Second == 0 {
		want := w.wants()
		all, _ := full(want)
		if w.link.second(above(want, w.link.budget), all, w.sends(), now) {
			w.adapt()
		}
		w.budgets = append(w.budgets, w.link.budget)
		if w.sends() > w.bits(w.at) {
			w.over++
		}
	}
	w.at += time.Millisecond
}

func (w *way) push(p modelPacket) {
	if w.queued+p.size > w.depth || w.rand.Float64() < w.lose {
		return
	}
	w.queue, w.queued = append(w.queue, p), w.queued+p.size
}

// send sends one picture: a key picture every 2 s has a quarter of the bits.
func (w *way) send(t *modelTile, now time.Time) {
	if t.level >= t.want.held() {
		return
	}
	bytes := t.want.bits[t.level] / 8 / 25 * 3 / 4
	if t.picture%50 == 0 {
		bytes += t.want.bits[t.level] / 8 * 2 / 4
	}
	t.picture++
	t.sent.add(t.next, bytes, now)
	for ; bytes > 0; bytes -= 1200 {
		w.push(modelPacket{t, t.next, min(bytes, 1200)})
		t.next++
	}
}

func (w *way) tell(t *modelTile, now time.Time) {
	t.report = w.at + time.Duration(500+w.rand.IntN(1000))*time.Millisecond
	if t.got == 0 || t.level >= t.want.held() {
		return
	}
	b := &rtcp.ReceptionReport{LastSequenceNumber: uint32(t.got - 1)}
	b.TotalLost = uint32(t.lost)
	a, ok := t.sent.take(b, t.next, t.want.bits[t.level], now.Add(w.delay))
	if !ok || !w.link.heard(&t.sent, a, false, now) {
		return
	}
	arrive := 0
	for _, t := range w.tiles {
		if now.Sub(t.sent.rateAt) < 3*time.Second {
			arrive += t.sent.rate
		}
	}
	w.link.cut(arrive, w.sends(), now)
	w.downs = append(w.downs, w.at)
	w.adapt()
}

func (w *way) wants() (out []tileWant) {
	for _, t := range w.tiles {
		out = append(out, t.want)
	}
	return out
}

func (w *way) levels() (out []int) {
	for _, t := range w.tiles {
		out = append(out, t.level)
	}
	return out
}

func (w *way) sends() int { return takes(w.wants(), w.levels()) }

func (w *way) adapt() {
	for i, level := range allot(w.wants(), w.link.budget) {
		w.tiles[i].level = level
	}
}

func (w *way) run(until time.Duration) {
	for w.at < until {
		w.step()
	}
}

func newWay(seed uint64, bits func(time.Duration) int, wants ...tileWant) *way {
	w := &way{rand: rand.New(rand.NewPCG(seed, 1)), bits: bits, depth: 128 << 10, delay: 40 * time.Millisecond}
	for _, want := range wants {
		w.tiles = append(w.tiles, &modelTile{want: want, report: time.Duration(w.rand.IntN(1000)) * time.Millisecond})
	}
	return w
}

var (
	modelLarge = tileWant{bits: []int{1_700_000, 400_000}, still: true, first: true}
	modelSmall = tileWant{bits: []int{400_000}, still: true}
)

func even(bits int) func(time.Duration) int { return func(time.Duration) int { return bits } }

// between is narrow from one time to another.
func between(wide, narrow int, from, to time.Duration) func(time.Duration) int {
	return func(at time.Duration) int {
		if at >= from && at < to {
			return narrow
		}
		return wide
	}
}

func TestALinkThatIsCutIsFollowedDownAndUp(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		for name, wants := range map[string][]tileWant{
			"four small": {modelSmall, modelSmall, modelSmall, modelSmall}, "one large": {modelLarge}, "large and three": {modelLarge, modelSmall, modelSmall, modelSmall},
		} {
			w := newWay(seed, between(4_000_000, 600_000, 10*time.Second, 40*time.Second), wants...)
			w.run(10 * time.Second)
			if len(w.downs) > 0 {
				t.Errorf("%s, %d: steps down at %v, on a good link", name, seed, w.downs)
			}
			w.run(40 * time.Second)
			if len(w.downs) == 0 || w.downs[0] > 14*time.Second || w.over > 10 {
				t.Errorf("%s, %d: steps down at %v, and sends too much for %d s by %v", name, seed, w.downs, w.over, w.budgets)
			}
			w.run(70 * time.Second)
			if got := w.levels(); slices.Max(got) != 0 {
				t.Errorf("%s, %d: 30 s after the cut is over its levels are %v by %v", name, seed, got, w.budgets)
			}
		}
	}
}

func TestAGoodLinkThatHicksUpIsNoThinOne(t *testing.T) {
	t.Parallel()
	stall := func(every, long time.Duration) func(time.Duration) bool {
		return func(at time.Duration) bool { return at%every < long }
	}
	for seed := range uint64(20) {
		for name, change := range map[string]func(*way){
			"a busy machine reads nothing for half a second": func(w *way) { w.stall = stall(1700*time.Millisecond, 500*time.Millisecond) },
			"a packet in twenty is lost":                     func(w *way) { w.lose = 0.05 },
			"it is far away":                                 func(w *way) { w.delay = 900 * time.Millisecond },
			"key pictures queue":                             func(w *way) { w.bits = even(2_300_000) },
			"one cut of a second":                            func(w *way) { w.bits = between(4_000_000, 300_000, 10*time.Second, 10500*time.Millisecond) },
		} {
			w := newWay(seed, even(20_000_000), modelLarge)
			change(w)
			w.run(time.Minute)
			if len(w.downs) > 0 {
				t.Errorf("%s, %d: steps down at %v", name, seed, w.downs)
			}
		}
	}
}

func TestALinkThatStaysThinIsTriedEverLessOften(t *testing.T) {
	t.Parallel()
	w := newWay(1, between(4_000_000, 700_000, 10*time.Second, time.Hour), modelLarge)
	w.run(10 * time.Minute)
	if n := len(w.downs); n > 4 {
		t.Errorf("%d steps down in ten minutes: %v", n, w.downs)
	}
}

func TestReportsTellHowLateTheViewerIs(t *testing.T) {
	t.Parallel()
	var s sent
	now := modelStart
	next := uint64(70_000)
	for range 100 {
		s.add(next, 1000, now)
		next++
		now = now.Add(40 * time.Millisecond)
	}
	report := func(acked uint64, lost uint32, at time.Time) (arrival, bool) {
		return s.take(&rtcp.ReceptionReport{LastSequenceNumber: uint32(acked), TotalLost: lost}, next, 144_000, at)
	}
	if _, ok := report(next-1, 1<<24-2, now); ok { // it has counted two that came twice
		t.Error("a first report tells a rate")
	}
	for range 25 {
		s.add(next, 1000, now)
		next++
		now = now.Add(40 * time.Millisecond)
	}
	if _, ok := report(next-25, 1<<24-2, now.Add(-900*time.Millisecond)); ok {
		t.Error("a report at once after another tells a rate")
	}
	a, ok := report(next-11, 4, now)
	if !ok || a.late != 400*time.Millisecond || a.loss != 255*6/15 || s.rate != 9*1000*8 || a.part != 0.36 || a.rate != 0.5 {
		t.Errorf("%+v %v, %d bits a second", a, ok, s.rate)
	}
	for _, acked := range []uint64{next + 5, next - 1 - 1<<15} {
		if _, ok := report(acked, 0, now.Add(time.Second)); ok {
			t.Errorf("%d was never sent, or long ago", acked)
		}
	}
	if a, _ := report(next-120, 0, now.Add(time.Second)); a.late < 2*time.Second {
		t.Errorf("long ago is %v", a.late)
	}
	var none sent
	if _, ok := none.take(&rtcp.ReceptionReport{}, 0, 0, now); ok {
		t.Error("a report of nothing")
	}
}

func TestAProbeEndsAsSoonAsItCostsPictures(t *testing.T) {
	t.Parallel()
	l := link{budget: 500_000}
	now := modelStart
	if l.second(1_700_000, 1_700_000, 400_000, now); l.probing.extra != 200_000 {
		t.Fatalf("it begins with %d bits a second", l.probing.extra)
	}
	var s sent
	for n := 1; l.probing.extra < l.probing.most; n++ {
		before := l.probing.extra
		now = now.Add(time.Second)
		if l.heard(&s, arrival{part: 1}, false, now); l.probing.extra <= before || n > 5 {
			t.Fatalf("%d after report %d", l.probing.extra, n)
		}
	}
	l.missed(probeLost-1, now)
	if l.probing.target == 0 {
		t.Error("a few packets end it")
	}
	if l.missed(1, now); l.probing.target != 0 || l.trialAt.Sub(now) < 2*trialFirst || l.budget != 500_000 {
		t.Errorf("%+v", l)
	}
}

func TestAQueueThatTakesNoKeyPictureGetsThemSlower(t *testing.T) {
	t.Parallel()
	const bits = 1_600_000
	now := modelStart
	var b burst
	if b.missed(burstLost-1, now) || b.second(now) || b.pace(bits) != 0 {
		t.Fatalf("a few packets: %+v", b)
	}
	for _, want := range []int{1000, 500, 250, 250} { // bytes a millisecond
		if !b.missed(burstLost, now) || b.missed(100, now.Add(burstPause/2)) || b.pace(bits) != want {
			t.Fatalf("want %d: %+v", want, b)
		}
		now = now.Add(2 * burstPause)
	}
	tl := &tile{peer: &Peer{}, ways: ways{burst: b, burstPace: b.pace(bits)}}
	tl.spend(50_000, backlogRate, false, now)
	if got := tl.free().Sub(now); got != 200*time.Millisecond {
		t.Errorf("50 KB of 1.6 Mbit/s take %v", got)
	}
	for _, want := range []int{500, 1000, 0} {
		if now = now.Add(burstLasts); !b.second(now) || b.second(now) || b.pace(bits) != want {
			t.Fatalf("after a minute without loss, want %d: %+v", want, b)
		}
	}
}

func TestALinkThatGetsThinIsLeftWithinTwoReports(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	type told struct {
		late       time.Duration
		part, rate float64
		estimate   int // 0: there is none
	}
	for name, c := range map[string]struct {
		told []told // every 200 ms
		at   int    // which of them is trouble; 0: none
	}{
		"a queue that grows":           {[]told{{165 * ms, 0.45, 0.33, 0}, {288 * ms, 0.42, 0.32, 0}}, 2},
		"one that grows no more":       {[]told{{265 * ms, 0.45, 0.33, 0}, {288 * ms, 0.42, 0.9, 0}, {290 * ms, 1, 0.33, 0}}, 0},
		"a key picture on its way":     {[]told{{200 * ms, 0.5, 1.4, 0}, {290 * ms, 0.7, 2.2, 0}}, 0},
		"one report and falls":         {[]told{{0, 1, 1, 1_300_000}, {50 * ms, 0.8, 0.8, 1_200_000}, {160 * ms, 0.6, 0.5, 1_100_000}}, 3},
		"one report and a long fall":   {[]told{{0, 1, 1, 1_300_000}, {160 * ms, 0.6, 0.5, 900_000}}, 2},
		"an estimate that falls alone": {[]told{{0, 1, 1, 1_300_000}, {0, 1, 1, 900_000}, {10 * ms, 1, 1, 500_000}}, 0},
		"one report after a rest":      {[]told{{400 * ms, 0.3, 0.3, 0}, {0, 1, 1, 0}, {0, 1, 1, 0}, {0, 1, 1, 0}, {410 * ms, 0.3, 0.3, 0}}, 0},
	} {
		l, s, now, at := link{}, &sent{}, modelStart, 0
		l.heard(s, arrival{part: 1, rate: 1}, false, now)
		for i, r := range c.told {
			now = now.Add(200 * time.Millisecond)
			trouble := r.estimate > 0 && l.estimated(r.estimate, now)
			if l.heard(s, arrival{late: r.late, part: r.part, rate: r.rate}, false, now) || trouble {
				at = i + 1
				break
			}
		}
		if at != c.at {
			t.Errorf("%s: trouble at report %d, want %d", name, at, c.at)
		}
	}
	l, s := link{}, &sent{}
	l.heard(s, arrival{part: 1, rate: 1}, false, modelStart)
	if !l.heard(s, arrival{late: 650 * ms, part: 0.1, rate: 0.1, loss: heavyLoss}, false, modelStart.Add(time.Second)) {
		t.Error("a queue that is long and overflows needs no second report")
	}
}

func TestAProbeWaitsWhereAQueueBegins(t *testing.T) {
	t.Parallel()
	l, s, now := link{budget: 500_000}, &sent{}, modelStart
	l.second(1_700_000, 1_700_000, 400_000, now)
	tell := func(late time.Duration) int {
		now = now.Add(probeFor)
		l.heard(s, arrival{late: late, part: 1, rate: 1}, false, now)
		return l.probing.rate()
	}
	first := tell(0)
	if got := tell(probeLate); first == 0 || got != 0 {
		t.Errorf("sends %d and then %d bits a second", first, got)
	}
	if got := tell(0); got != first {
		t.Errorf("when the queue is gone it sends %d bits a second, want %d", got, first)
	}
}
