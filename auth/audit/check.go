package audit

import (
	"fmt"
	"slices"
)

// maxGaps bounds how many holes of a log are kept in mind.
const maxGaps = 10_000

// gap is a hole: records that should have come.
type gap struct{ first, last uint64 }

// checker follows the lines of a log and collects what is wrong. It names a
// fault once, at the record it belongs to, and goes on.
type checker struct {
	keys   *Ring
	heads  []Mark // that the inspector has noted
	report Report

	line   int
	last   Mark   // the furthest record so far
	known  bool   // last.Hash is what that record has; false after an altered one
	signed uint64 // the last record that a good head covers
	cut    bool   // a head says that what was before the export was cut off
	forked bool   // the records after signed are not those that were signed
	unread uint64 // lines since last that may have been records
	holes  []gap
	noted  map[uint64]bool // the inspector's heads that were found
}

func newChecker() *checker {
	return &checker{noted: map[uint64]bool{}, report: Report{Faults: []Fault{}}}
}

// begin says what stands before the first line.
func (c *checker) begin(before Mark) {
	c.last, c.known, c.signed = before, true, before.N
	c.note(before)
}

func (c *checker) fault(p Problem, first, last uint64, text string) {
	if len(c.report.Faults) == MaxFaults {
		c.report.More++
		return
	}
	c.report.Faults = append(c.report.Faults, Fault{p, c.line, first, last, text})
}

// text checks one line.
func (c *checker) text(text []byte) {
	l, err := ParseLine(text)
	switch {
	case err != nil:
		c.fault(Unreadable, c.last.N+1, c.last.N+1, fmt.Sprintf("after record %d stands what is no line of a log", c.last.N))
		c.unread++
	case l.Header != nil:
		c.fault(Unreadable, 0, 0, "a header stands in the middle: these are two exports")
	case l.Head != nil:
		c.head(&l)
	default:
		c.record(&l)
	}
}

func (c *checker) record(l *Line) {
	c.report.Records++
	if !l.Intact() {
		// Its number cannot be believed either: it takes the place it stands at.
		n := c.last.N + 1
		c.fault(Altered, n, n, fmt.Sprintf("record %d was altered", n))
		c.last, c.known, c.unread = Mark{n, l.Hash}, false, 0
		return
	}
	if c.report.First == 0 {
		c.report.First = l.N
	}
	switch next := c.last.N + 1; {
	case l.N < next:
		c.late(l)
		return
	case l.N > next && l.N-next <= c.unread: // those that could not be read were these
	case l.N > next:
		c.hole(gap{next, l.N - 1})
	case c.known && l.Prev != c.last.Hash:
		c.fault(Replaced, l.N-1, l.N, fmt.Sprintf("record %d does not follow this record %d: one of them was replaced", l.N, l.N-1))
	}
	c.last, c.known, c.unread = l.Mark, true, 0
	c.note(l.Mark)
}

// late takes a record that stands behind ones that came after it.
func (c *checker) late(l *Line) {
	i := slices.IndexFunc(c.holes, func(g gap) bool { return g.first <= l.N && l.N <= g.last })
	if i < 0 {
		c.fault(Twice, l.N, l.N, fmt.Sprintf("record %d is there again", l.N))
		return
	}
	c.fault(Moved, l.N, l.N, fmt.Sprintf("record %d stands after record %d", l.N, c.last.N))
	g := c.holes[i]
	c.holes = slices.Delete(c.holes, i, i+1)
	if g.first < l.N {
		c.hole(gap{g.first, l.N - 1})
	}
	if l.N < g.last {
		c.hole(gap{l.N + 1, g.last})
	}
	c.note(l.Mark)
}

func (c *checker) hole(g gap) {
	if len(c.holes) < maxGaps {
		c.holes = append(c.holes, g)
		return
	}
	c.missing(g)
}

func (c *checker) missing(g gap) {
	text := fmt.Sprintf("records %d to %d are missing", g.first, g.last)
	if g.first == g.last {
		text = fmt.Sprintf("record %d is missing", g.first)
	}
	c.fault(Missing, g.first, g.last, text)
}

// gaps names what never came.
func (c *checker) gaps() {
	slices.SortFunc(c.holes, func(a, b gap) int {
		if a.first < b.first {
			return -1
		}
		return 1
	})
	for _, g := range c.holes {
		c.missing(g)
	}
}

func (c *checker) head(l *Line) {
	c.report.Heads++
	if !l.Signed(c.keys.At(l.N)) || l.Head.Next != "" && !c.keys.Names(l.Head) {
		c.fault(Forged, l.N, l.N, fmt.Sprintf("the head of record %d was not signed with the log's key", l.N))
		return
	}
	if l.N > c.last.N {
		c.hole(gap{c.last.N + 1, l.N})
		c.last, c.known = l.Mark, true
		return
	}
	if l.N < c.last.N {
		c.fault(Moved, l.N, l.N, fmt.Sprintf("the head of record %d stands after record %d", l.N, c.last.N))
		return
	}
	if c.known && l.Hash != c.last.Hash {
		if !c.forked { // and then all that follow
			c.fault(Rewritten, c.signed+1, l.N, fmt.Sprintf("records %d to %d are not those that were signed: some of them were written anew, and those after them", c.signed+1, l.N))
		}
		c.forked = true
		return
	}
	c.forked = false
	c.signed, c.report.LastHead, c.report.SignedAt = l.N, l.Mark, l.Head.Time
	if l.Head.Cut != nil {
		c.report.Cut = l.Head.Cut
		c.cut = c.cut || l.Head.Cut.Last == c.report.Header.Before
	}
}

// note remembers that a head of the inspector's was found.
func (c *checker) note(m Mark) {
	if slices.Contains(c.heads, m) {
		c.noted[m.N] = true
	}
}
