package audit

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// Trust is what an inspector knows from elsewhere.
type Trust struct {
	Key   ed25519.PublicKey // the log's, or one before it; nil: the key that the export names is believed
	Heads []Mark            // must be part of the log
}

// Problem names what is wrong with a log.
type Problem string

const (
	NoExport   Problem = "no export" // the first line is no header, or not by the key
	OtherKey   Problem = "other key" // than the one that the inspector knows
	Unreadable Problem = "unreadable"
	Altered    Problem = "altered" // a record is not the one that was written
	Missing    Problem = "missing"
	Moved      Problem = "moved"    // a record stands at another place
	Twice      Problem = "twice"    // a record is there more than once
	Replaced   Problem = "replaced" // a record does not follow the one before
	Forged     Problem = "forged"   // a head that the key did not sign
	Rewritten  Problem = "rewritten"
	CutShort   Problem = "cut short"
)

// Fault is one thing that is wrong.
type Fault struct {
	Problem Problem `json:"problem"`
	Line    int     `json:"line"`            // of the export, from 1; 0: of no line
	First   uint64  `json:"first,omitempty"` // the records it is about
	Last    uint64  `json:"last,omitempty"`
	Text    string  `json:"text"`
}

func (f Fault) String() string {
	if f.Line == 0 {
		return f.Text
	}
	return fmt.Sprintf("line %d: %s", f.Line, f.Text)
}

// MaxFaults bounds how many are named; the rest is counted.
const MaxFaults = 100

// Report is what Verify has found.
type Report struct {
	Header   Header    `json:"header"`
	Records  uint64    `json:"records"`
	Heads    int       `json:"heads"`
	First    uint64    `json:"first"`     // of the records, 0 where there are none
	Last     Mark      `json:"last"`      // the end of the log
	LastHead Mark      `json:"last_head"` // good to note elsewhere
	SignedAt time.Time `json:"signed_at,omitzero"`
	Cut      *Cut      `json:"cut,omitempty"` // why earlier records are not there
	Faults   []Fault   `json:"faults"`        // at most MaxFaults
	More     int       `json:"more,omitempty"`
}

// OK says that nothing is wrong.
func (r *Report) OK() bool { return len(r.Faults) == 0 }

// Verify reads an export and says what is wrong with it. Its error is the
// reader's, or ctx's; a faulty export is a report with faults.
func Verify(ctx context.Context, r io.Reader, trust Trust) (*Report, error) {
	c := newChecker()
	c.heads = slices.Clone(trust.Heads)
	lines := bufio.NewReaderSize(r, MaxLine+2)
	for n := 1; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		text, whole, err := readLine(lines)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("read the export: %w", err)
		}
		if len(text) == 0 && err != nil {
			break
		}
		c.line = n
		if n == 1 {
			if !c.header(text, trust.Key) {
				return &c.report, nil // nothing that follows could be believed
			}
		} else if whole {
			c.text(text)
		} else {
			c.fault(Unreadable, 0, 0, "the line is longer than any of a log, or has no end")
		}
	}
	if c.line == 0 {
		c.fault(NoExport, 0, 0, "there is nothing in it: this is no export of an audit log")
		return &c.report, nil
	}
	c.end()
	return &c.report, nil
}

// readLine reads a line without its end; one that is too long is skipped. whole
// says that it had an end and was not too long. The text is valid until the
// next call.
func readLine(r *bufio.Reader) (text []byte, whole bool, err error) {
	text, err = r.ReadSlice('\n')
	if err == nil {
		return text[:len(text)-1], true, nil
	}
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = r.ReadSlice('\n')
		text = text[:1] // it has been overwritten; that there was something still counts
	}
	return text, false, err
}

// header checks the first line, and says whether the rest can be read.
func (c *checker) header(text []byte, pinned ed25519.PublicKey) bool {
	l, err := ParseLine(text)
	if err != nil || l.Header == nil {
		c.fault(NoExport, 0, 0, "this is no export of an audit log, which begins with a signed header")
		return false
	}
	h := *l.Header
	if h.Version != exportVersion {
		c.fault(NoExport, 0, 0, fmt.Sprintf("the export is of version %d, and this program reads %d: use the one that made it", h.Version, exportVersion))
		return false
	}
	c.report.Header = h
	key, err := ParseKey(h.Key)
	if err == nil {
		c.keys, err = c.ring(h, key)
	}
	if err == nil && pinned != nil && !c.keys.Has(pinned) {
		c.fault(OtherKey, 0, 0, fmt.Sprintf("the log is signed with the key %s, which is not the one you know: it is another log, or all of it was written anew", h.Key))
		return false
	}
	if err != nil {
		c.fault(NoExport, 0, 0, fmt.Sprintf("the header names no key that can be believed: %v", err))
		return false
	}
	if !l.Signed(key) {
		c.fault(NoExport, 0, 0, "the header was not signed with the log's key: where the export begins and ends cannot be believed")
	}
	for _, m := range c.keys.marks { // which the key before signed
		if m.N >= h.Before.N {
			c.heads = append(c.heads, m)
		}
	}
	c.begin(h.Before)
	if h.Before.N == 0 && h.Before.Hash != Genesis(c.keys.First()) {
		c.fault(Replaced, 0, 0, "the log does not begin as one of its key does")
	}
	return true
}

// ring are the keys that a header names, the last of which signed it.
func (c *checker) ring(h Header, key ed25519.PublicKey) (*Ring, error) {
	if h.Earlier == nil {
		return RingOf(key), nil
	}
	r, err := NewRing(*h.Earlier)
	if err == nil && !r.Last().Equal(key) {
		err = errRing
	}
	return r, err
}

// end looks for what the whole log lacks.
func (c *checker) end() {
	h := c.report.Header
	c.line = 0
	if !h.Part && h.Before.N > 0 && !c.cut {
		c.fault(Missing, 1, h.Before.N, fmt.Sprintf("records 1 to %d are missing, and no signed head says that they were cut off", h.Before.N))
	}
	c.gaps()
	last := c.last
	if last.N < h.Last.N {
		c.fault(CutShort, last.N+1, h.Last.N, fmt.Sprintf("the end is cut off: records %d to %d are missing", last.N+1, h.Last.N))
	} else if last.N == h.Last.N && c.known && !c.forked && last.Hash != h.Last.Hash {
		c.fault(Rewritten, last.N, last.N, fmt.Sprintf("record %d is not the last one that the header names", last.N))
	} else if last.N > h.Last.N {
		c.fault(Forged, h.Last.N+1, last.N, fmt.Sprintf("records %d to %d were added after the export was made", h.Last.N+1, last.N))
	}
	for _, m := range c.heads {
		switch {
		case m.N > last.N:
			c.fault(CutShort, last.N+1, m.N, fmt.Sprintf("the end is cut off: the log had %d records when its head was noted, and ends with %d", m.N, last.N))
		case m.N < h.Before.N:
			c.fault(Missing, m.N, m.N, fmt.Sprintf("the head of record %d cannot be compared: the export begins with record %d; export all of it", m.N, h.Before.N+1))
		case !c.noted[m.N]:
			c.fault(Rewritten, 0, m.N, fmt.Sprintf("record %d is not the one whose head was noted: the log was written anew up to there at least", m.N))
		}
	}
	c.report.Last = last
}
