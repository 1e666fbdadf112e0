package cluster

import (
	"encoding/binary"
	"hash/fnv"
	"slices"

	"matthan/auth"
	"matthan/auth/audit"
)

// index says where in the log the records of a camera, a person, an area or an
// event are, day by day. It takes some ten bytes a record. Beyond its bound the
// oldest days are given up: they are then read through.
type index struct {
	complete bool // all of the log is in it
	names    map[string]uint32
	segments []*segment // in the log's order
	bytes    int        // about
	most     int
}

// segment is a piece of the log: the messages that begin on one day, UTC.
type segment struct {
	day         int64
	first, last uint64 // records; last is first-1 where there are none
	from, until int64  // their times, Unix milliseconds
	message     uint64 // the number of its first message
	messages    uint64 // how many
	step        uint64 // messages between two starts
	starts      []uint32
	posts       map[post]*posting // nil: given up
	views       []viewPlace       // in order
}

// viewPlace is where a record of a view is, by a sum of its code. There are as
// many views as records: a posting for each would take ten times as much.
type viewPlace struct{ sum, at uint32 }

func viewSum(view string) (sum uint32, ok bool) {
	code := audit.CodeOf(view)
	h := fnv.New32a()
	_, _ = h.Write([]byte(code)) // never fails
	return h.Sum32(), code != ""
}

// field is what an entry is found by.
type field byte

const (
	byCamera field = iota
	byPerson
	byArea
	byEvent
)

type post struct {
	field field
	name  uint32
}

// posting are the places of records in a segment, each as its distance from the
// one before.
type posting struct {
	last  uint32
	count int
	text  []byte
}

const (
	segmentRecords = 1 << 20
	thinStep       = 64 // of a segment that was given up
	postBytes      = 96 // of memory, about: a posting and its place in the map
	nameBytes      = 48
	viewBytes      = 8
)

func newIndex(most int) *index { return &index{names: map[string]uint32{}, most: most} }

// add takes a message's entries; last is the last record after it.
func (x *index) add(message, last uint64, entries []audit.Entry) {
	first := last + 1
	if len(entries) > 0 {
		first = entries[0].N
	}
	s := x.segment(message, first, entries)
	if s.messages%s.step == 0 {
		s.starts = append(s.starts, uint32(first-s.first))
		x.bytes += 4
	}
	s.messages++
	for i := range entries {
		x.post(s, &entries[i])
	}
	s.last = last
	for n := 0; x.bytes > x.most && n < len(x.segments)-1; n++ {
		x.thin(x.segments[n])
	}
}

// segment is the one that a message belongs to, perhaps a new one.
func (x *index) segment(message, first uint64, entries []audit.Entry) *segment {
	day := int64(-1)
	if len(entries) > 0 {
		day = entries[0].Time.Unix() / (24 * 60 * 60)
	}
	if n := len(x.segments); n > 0 {
		s := x.segments[n-1]
		if s.message+s.messages == message && s.last+1 == first && day <= s.day && first-s.first < segmentRecords {
			return s
		}
	}
	s := &segment{day: day, first: first, last: first - 1, message: message, step: 1, posts: map[post]*posting{}}
	x.segments = append(x.segments, s)
	return s
}

func (x *index) post(s *segment, e *audit.Entry) {
	ms := e.Time.UnixMilli()
	if s.from == 0 || ms < s.from {
		s.from = ms
	}
	s.until = max(s.until, ms)
	if e.N < s.first { // of a log that is broken
		return
	}
	at := uint32(e.N - s.first)
	if sum, ok := viewSum(e.View); ok && s.posts != nil {
		before := cap(s.views)
		s.views = append(s.views, viewPlace{sum, at})
		x.bytes += viewBytes * (cap(s.views) - before)
	}
	x.put(s, byEvent, string(e.Event), at)
	x.put(s, byCamera, e.Camera, at)
	x.put(s, byPerson, e.Subject, at)
	if e.Target != e.Subject {
		x.put(s, byPerson, e.Target, at)
	}
	for i, a := range e.Areas {
		if !slices.Contains(e.Areas[:i], a) {
			x.put(s, byArea, a, at)
		}
	}
}

func (x *index) put(s *segment, f field, name string, at uint32) {
	if name == "" || s.posts == nil {
		return
	}
	id, ok := x.names[name]
	if !ok {
		id = uint32(len(x.names))
		x.names[name] = id
		x.bytes += nameBytes + len(name)
	}
	p := s.posts[post{f, id}]
	if p == nil {
		p = &posting{}
		s.posts[post{f, id}] = p
		x.bytes += postBytes
	}
	before := cap(p.text)
	p.text = binary.AppendUvarint(p.text, uint64(at-p.last))
	p.last, p.count = at, p.count+1
	x.bytes += cap(p.text) - before
}

// thin gives a segment's postings up, and most of its starts.
func (x *index) thin(s *segment) {
	if s.posts == nil {
		return
	}
	for _, p := range s.posts {
		x.bytes -= postBytes + cap(p.text)
	}
	thin := make([]uint32, 0, len(s.starts)/thinStep+1)
	for i := 0; i < len(s.starts); i += thinStep {
		thin = append(thin, s.starts[i])
	}
	x.bytes -= 4*(len(s.starts)-len(thin)) + viewBytes*cap(s.views)
	s.posts, s.views, s.starts, s.step = nil, nil, thin, thinStep
}

// cut forgets the segments before a record.
func (x *index) cut(first uint64) {
	n := 0
	for n < len(x.segments)-1 && x.segments[n].last < first {
		x.thin(x.segments[n])
		x.bytes -= 4 * len(x.segments[n].starts)
		n++
	}
	x.segments = slices.Delete(x.segments, 0, n)
}

// block is the place in starts of the messages in which a record is.
func (s *segment) block(n uint64) int {
	if n < s.first {
		return 0
	}
	at := uint32(min(n-s.first, segmentRecords+maxBatch))
	i, _ := slices.BinarySearch(s.starts, at+1) // the first beyond it
	return max(i-1, 0)
}

// overlaps says whether a segment may hold entries of a filter's time.
func (s *segment) overlaps(f *audit.Filter) bool {
	return s.last >= s.first &&
		(f.From.IsZero() || s.until >= f.From.UnixMilli()) &&
		(f.Until.IsZero() || s.from <= f.Until.UnixMilli())
}

// places are the records of a segment that a filter may fit, in order; known is
// false where all of them may.
func (x *index) places(s *segment, f *audit.Filter) (places []uint32, known bool) {
	if s.posts == nil {
		return nil, false
	}
	narrow := func(found []uint32) {
		if !known {
			places, known = found, true
			return
		}
		places = intersect(places, found)
	}
	for _, by := range []struct {
		field field
		names []string
	}{{byCamera, []string{f.Camera}}, {byPerson, []string{f.Person}}, {byArea, f.Areas}, {byEvent, eventNames(f.Events)}} {
		if len(by.names) > 0 && by.names[0] != "" {
			narrow(x.any(s, by.field, by.names))
		}
	}
	if sum, ok := viewSum(f.View); ok {
		narrow(s.viewsOf(sum))
	}
	return places, known
}

// viewsOf are the places of the views with a sum, which may be of several.
func (s *segment) viewsOf(sum uint32) []uint32 {
	out := []uint32{}
	for _, v := range s.views {
		if v.sum == sum {
			out = append(out, v.at)
		}
	}
	return out
}

func eventNames(events []auth.Event) (names []string) {
	for _, e := range events {
		names = append(names, string(e))
	}
	return names
}

// any are the places of all that have one of the names.
func (x *index) any(s *segment, f field, names []string) []uint32 {
	if len(names) == 1 {
		return x.posted(s, f, names[0])
	}
	var out []uint32
	for _, name := range names {
		out = append(out, x.posted(s, f, name)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (x *index) posted(s *segment, f field, name string) []uint32 {
	id, ok := x.names[name]
	if !ok {
		return nil
	}
	p := s.posts[post{f, id}]
	if p == nil {
		return nil
	}
	out := make([]uint32, 0, p.count)
	at := uint32(0)
	for text := p.text; len(text) > 0; {
		d, n := binary.Uvarint(text)
		at, text = at+uint32(d), text[n:]
		out = append(out, at)
	}
	return out
}

// intersect is what two ordered lists share.
func intersect(a, b []uint32) []uint32 {
	out := a[:0]
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			out, a, b = append(out, a[0]), a[1:], b[1:]
		}
	}
	return out
}
