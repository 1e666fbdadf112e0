package rtc

import "time"

// What a receiver report must tell to count against the link. Machines are busy
// and networks burst: one bad report is none.
const (
	lateLimit   = 300 * time.Millisecond // beyond what is usual of the way
	fewArrive   = 0.95                   // of what was sent, while it is late
	someLoss    = riseLoss
	heavyLoss   = 256 * 10 / 100         // in RTCP's 256ths
	strikeGap   = 350 * time.Millisecond // between two bad reports that count as two
	strikeGrows = 100 * time.Millisecond // that the second tells more than the first: else a machine is busy now and then
	strikeLast  = 3 * time.Second        // between them at most
	usualFor    = 10 * time.Second       // the least lateness of so long is the way's own

	slowLimit = lateLimit / 2          // beyond what is usual: late enough, where less arrives than its stream is
	slowPart  = 0.75                   // of its stream's bits
	slowTwice = 250 * time.Millisecond // beyond what is usual, by the second of two such reports
	slowGrows = 80 * time.Millisecond  // by which that tells more than the first
	fallsTo   = 0.97                   // of what the viewer estimated before (REMB) is a fall,
	fallsFar  = 0.8                    // and this is two
	fallsLast = 600 * time.Millisecond // between falls, and between them and a slow report
)

// How the budget moves.
const (
	leastBudget = 64_000                  // bits a second
	keepsPart   = 0.85                    // of what arrived, so that the queue drains
	settleFor   = 2 * time.Second         // after a step down nothing is judged
	trialFirst  = 2500 * time.Millisecond // without trouble, before the first trial
	trialNext   = time.Second             // after one that was passed
	trialMost   = time.Minute             // and after steps up that failed
	trialLast   = 5 * time.Second         // trouble so soon after a step up is its failure
	forgetAfter = 10 * time.Second        // with all that is wanted: nothing bounds it any more
)

// A probe sends in the end as much as a step up would, and a little more. It
// grows from report to report, so that on a link that is still thin it queues
// little.
const (
	probeFirst = 0.5                    // of what is sent, beside that
	probeGrow  = 1.7                    // of both together, by each good report
	probeFor   = 400 * time.Millisecond // before that a report tells too little
	probeMost  = 2 * time.Second        // for a report
	probeLost  = 8                      // packets that the viewer asks for again meanwhile: the queue is full
	probeMore  = 1.3                    // key pictures and headers need room too
	probeLate  = 120 * time.Millisecond // beyond what is usual
	probePause = 15 * time.Second       // pauses after probes that failed grow up to this
)

// link is what is known of the way to one viewer: how many bits a second may be
// sent, by what its reports tell. It decides purely by what it is given, and
// holds no clock. The zero link bounds nothing.
type link struct {
	budget int // bits a second; 0: not bounded
	before int // budget before the step up that is on trial

	usual   [2]time.Duration // least lateness, of the window before and of this one
	usualAt time.Time        // when this window began
	strikes int
	struck  time.Time
	late    time.Duration // by the last bad report, over the usual
	striker *sent         // whose report struck last

	estimate int       // what the viewer estimates that the link carries (REMB), bits a second; 0: unknown
	falls    int       // of it, one soon after the other
	fell     time.Time // the last of them
	slow     time.Time // the last slow report
	slowLate time.Duration
	slower   *sent // whose it was

	settled time.Time     // when judging goes on after a step down
	raised  time.Time     // when the last step up was
	pause   time.Duration // before the next trial
	tried   time.Duration // the pause before the last step up
	trialAt time.Time
	content time.Time // since when all that is wanted is given
	probing probing
}

// probing is a trial of the way before it is needed.
type probing struct {
	target int // budget that it is to prove; 0: there is none
	sends  int // bits a second without it
	extra  int // bits a second now, beside that
	most   int // in the end
	lost   int
	began  time.Time // to send so much
	until  time.Time
	waits  bool // sends nothing, until a report is good again
	heard  bool // a good report came
}

// rate is what it sends now beside the rest, bits a second.
func (p *probing) rate() int {
	if p.waits || p.heard {
		return 0
	}
	return p.extra
}

// over is how much later than usual packets are.
func (l *link) over(late time.Duration, now time.Time) time.Duration {
	switch {
	case l.usualAt.IsZero():
		l.usual, l.usualAt = [2]time.Duration{late, late}, now
	case now.Sub(l.usualAt) > usualFor:
		l.usual, l.usualAt = [2]time.Duration{l.usual[1], late}, now
	}
	l.usual[1] = min(l.usual[1], late)
	return late - min(l.usual[0], l.usual[1])
}

// estimated takes what the viewer estimates that the link carries, in bits a
// second. Browsers see a queue grow by when packets come, five times a second.
// That the estimate falls counts, not what it is: without a queue it tells how
// much was sent. It is true where the link does not carry what is sent, like heard.
func (l *link) estimated(bits int, now time.Time) (trouble bool) {
	before := float64(l.estimate)
	l.estimate = bits
	if float64(bits) >= fallsTo*before {
		return false
	}
	if now.Sub(l.fell) > fallsLast {
		l.falls = 0
	}
	if l.falls++; float64(bits) < fallsFar*before {
		l.falls++
	}
	l.fell = now
	return l.grows(now)
}

// grows says whether both a tile's reports and the viewer's estimate tell of a
// queue: a key picture fills one for a moment, and a busy machine reports late.
func (l *link) grows(now time.Time) bool {
	return l.falls >= 2 && now.Sub(l.fell) <= fallsLast && now.Sub(l.slow) <= fallsLast && l.probing.target == 0 && !now.Before(l.settled)
}

// heard takes a report of one of the viewer's tiles, which just has begun or
// not. It is true where the link does not carry what is sent: then cut follows.
func (l *link) heard(from *sent, a arrival, began bool, now time.Time) (trouble bool) {
	late := l.over(a.late, now)
	queue := late >= lateLimit && a.late >= a.before*9/10 && (a.part < fewArrive || a.loss >= someLoss)
	slow := late >= slowLimit && a.part < slowPart && a.rate < slowPart && !began
	again := slow && l.slower == from && now.Sub(l.slow) <= fallsLast && late >= max(slowTwice, l.slowLate+slowGrows)
	if slow {
		l.slow, l.slowLate, l.slower = now, late, from
	}
	bad := queue || a.loss >= heavyLoss && !began
	if p := &l.probing; p.target > 0 {
		switch {
		case p.heard:
		case bad || late >= lateLimit || a.loss >= 2*someLoss:
			l.fail(probePause, now)
			return false
		case late >= probeLate:
			p.waits = true // the next report tells whether the queue goes
		case p.waits:
			p.waits, p.began = false, now
		case now.Sub(p.began) < probeFor: // the next report tells
		case p.extra >= p.most:
			p.heard = true
		default:
			p.extra = min(p.most, int(probeGrow*float64(p.sends+p.extra))-p.sends)
			p.lost, p.began, p.until = 0, now, now.Add(probeMost)
		}
	}
	switch {
	case now.Before(l.settled):
	case !bad:
		if l.striker == from || late < lateLimit/4 && a.loss < someLoss {
			l.strikes = 0
		}
	case l.strikes == 0 || now.Sub(l.struck) > strikeLast:
		l.strikes, l.struck, l.striker, l.late = 1, now, from, late
		if queue && !began && a.loss >= heavyLoss && late >= 2*lateLimit {
			l.strikes = 2 // it is long, and overflows
		}
	case now.Sub(l.struck) >= strikeGap && (late >= 2*lateLimit || late >= l.late+strikeGrows || a.loss >= someLoss):
		l.strikes++
		l.struck, l.striker, l.late = now, from, late
	}
	// Loss alone, without a queue, is mostly of the radio: it must last.
	return l.strikes >= 3 || l.strikes == 2 && queue || l.grows(now) || again && l.probing.target == 0 && !now.Before(l.settled)
}

// missed takes that the viewer asks for n packets again. A probe ends as soon as
// it costs pictures.
func (l *link) missed(n int, now time.Time) {
	p := &l.probing
	if p.target == 0 || p.heard {
		return
	}
	if p.lost += n; p.lost >= probeLost {
		l.fail(probePause, now)
	}
}

// cut takes a budget from what arrived, bits a second, of what is sent.
func (l *link) cut(arrived, sends int, now time.Time) {
	if arrived == 0 {
		arrived = sends / 2 // no report has told
	}
	if l.falls >= 2 && now.Sub(l.fell) <= fallsLast { // browsers estimate a little less than what arrives
		arrived = min(arrived, max(l.estimate, arrived/4))
	}
	next := int(keepsPart * float64(min(arrived, sends)))
	if l.budget > 0 {
		next = min(next, int(keepsPart*float64(l.budget)))
	}
	if !l.raised.IsZero() && now.Sub(l.raised) < trialLast && l.before > 0 {
		l.pause = 2 * l.tried
		next = max(next, min(l.before, sends)) // what was carried before the trial
		l.fail(trialMost, now)
	}
	l.budget = max(next, leastBudget)
	l.probing, l.strikes, l.content, l.raised, l.before = probing{}, 0, time.Time{}, time.Time{}, 0
	l.settled = now.Add(settleFor)
	l.trialAt = l.settled.Add(max(l.pause, trialFirst))
}

// fail ends a trial that the link did not pass: the next one is later.
func (l *link) fail(most time.Duration, now time.Time) {
	l.probing = probing{}
	l.pause = max(l.pause, min(max(l.pause*3/2, 2*trialFirst), most))
	l.trialAt = now.Add(l.pause)
	l.strikes, l.settled = 0, now.Add(settleFor) // what the trial has queued drains
}

// second looks once a second whether more may be tried: want is the least budget
// that would give something better, 0 where there is nothing; all is what is
// wanted in all, and sends what is sent now. It is true when the budget has
// changed.
func (l *link) second(want, all, sends int, now time.Time) (changed bool) {
	switch p := &l.probing; {
	case l.budget == 0 || now.Before(l.settled):
	case p.target > 0 && p.heard:
		l.before, l.budget, l.raised = l.budget, p.target, now
		l.probing, l.tried = probing{}, l.pause
		l.pause, l.trialAt = 0, now.Add(trialNext)
		return true
	case p.target > 0 && !now.Before(p.until):
		l.fail(probePause, now)
	case p.target > 0 || l.strikes > 0 && now.Sub(l.struck) < strikeLast || now.Before(l.trialAt):
	case want == 0:
		if l.content.IsZero() {
			l.content = now
		}
		if now.Sub(l.content) >= forgetAfter {
			*l = link{usual: l.usual, usualAt: l.usualAt}
			return true
		}
	default:
		l.content = time.Time{}
		if l.pause <= trialFirst { // no trial has failed: larger steps
			want = max(want, min(all, 2*max(l.budget, sends)))
		}
		most := max(int(probeMore*float64(want))-sends, want/10)
		l.probing = probing{target: want, sends: sends, most: most, extra: min(most, int(probeFirst*float64(max(sends, leastBudget)))),
			began: now, until: now.Add(probeMost)}
	}
	return false
}
