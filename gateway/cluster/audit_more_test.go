package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/auth/audit"
)

// logged makes a store with a log of n records and closes it.
func logged(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	s, a := openLog(t, dir)
	<-a.Ready()
	for i := range n {
		mustWrite(t, a, look(i))
	}
	mustClose(t, s)
	return dir
}

func auditBlocks(t *testing.T, dir, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, natsDir, "*", "streams", auditStream, pattern))
	if err != nil || len(files) == 0 {
		t.Fatal(pattern, files, err)
	}
	return files
}

// Whatever happens to the files of the log, it is refused where its end is not
// what was acknowledged, or says that it is broken further back.
func TestDamagedLogIsNeverSilentlyShorter(t *testing.T) {
	t.Parallel()
	made := logged(t, 100)
	block := func(dir string) string { return auditBlocks(t, dir, "msgs/*.blk")[0] }
	for name, damage := range map[string]func(dir string){
		"a flipped bit at the beginning": func(dir string) { alter(t, block(dir), flip(0.02)) },
		"a flipped bit in the middle":    func(dir string) { alter(t, block(dir), flip(0.5)) },
		"a flipped bit near the end":     func(dir string) { alter(t, block(dir), flip(0.999)) },
		"the last byte cut off":          func(dir string) { alter(t, block(dir), cut(1)) },
		"the end cut off":                func(dir string) { alter(t, block(dir), cut(5000)) },
		"garbage at the end": func(dir string) {
			alter(t, block(dir), func(b []byte) []byte { return append(b[:len(b)-300], bytes.Repeat([]byte{0xa5}, 300)...) })
		},
		"an empty block": func(dir string) { alter(t, block(dir), func([]byte) []byte { return nil }) },
		"no block":       func(dir string) { removeFile(t, block(dir)) },
		"no stream":      func(dir string) { _ = os.RemoveAll(filepath.Dir(filepath.Dir(block(dir)))) },
		"no witness":     func(dir string) { removeFile(t, filepath.Join(dir, witnessDir, auditWitness)) },
		"a foreign witness": func(dir string) {
			alter(t, filepath.Join(dir, witnessDir, auditWitness), func(b []byte) []byte { return make([]byte, len(b)) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(made)); err != nil {
				t.Fatal(err)
			}
			damage(dir)
			s := openTest(t, dir)
			a, err := s.Audit(t.Context(), AuditConfig{Key: testAuditKey, Reserve: 1 << 20})
			if err != nil {
				if !errors.Is(err, ErrAudit) || !strings.Contains(err.Error(), "matthan audit export") {
					t.Errorf("%v", err)
				}
				return
			}
			<-a.Ready()
			text, r := exported(t, a)
			if strings.Count(text, `"view.opened"`) == 100 && r.OK() {
				t.Log("all records are there")
			} else if len(a.Broken()) == 0 || r.OK() {
				t.Errorf("nobody says that it is broken: %q, %+v", a.Broken(), r)
			}
		})
	}
}

func TestDamagedLogCanStillBeExportedAndVerifySaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	dir := logged(t, 100)
	alter(t, auditBlocks(t, dir, "msgs/*.blk")[0], cut(5000))
	s := openTest(t, dir)
	if _, err := s.Audit(t.Context(), AuditConfig{Key: testAuditKey}); !errors.Is(err, ErrAudit) {
		t.Fatalf("%v", err)
	}
	a, err := s.Audit(t.Context(), AuditConfig{Key: testAuditKey, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	text, r := exported(t, a)
	if n := strings.Count(text, `"view.opened"`); n < 50 || n == 100 || r.Last.N < 50 {
		t.Errorf("%d records are left, %+v", n, r)
	}
	if err := a.Write(t.Context(), look(1)); !errors.Is(err, ErrClosed) {
		t.Errorf("a log that is opened to be read was written: %v", err)
	}
}

// clock is one that tests turn.
type clock struct{ ms chan time.Time }

func newClock(at time.Time) clock {
	c := clock{make(chan time.Time, 1)}
	c.ms <- at
	return c
}

func (c clock) now() time.Time {
	at := <-c.ms
	c.ms <- at
	return at
}

func (c clock) set(at time.Time) {
	<-c.ms
	c.ms <- at
}

// tidied waits until the writer has looked at retention.
func tidied(t *testing.T, a *Audit) {
	t.Helper()
	<-a.Ready()
	done := make(chan struct{})
	a.work <- func(ctx context.Context) { a.tidy(ctx); close(done) }
	<-done
}

func TestOldRecordsAreCutOffAndTheLogSaysSo(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	start := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	c := newClock(start)
	dir := t.TempDir()
	cfg := AuditConfig{Reserve: 1 << 20, Keep: 400 * day}
	s, a := openLogAt(t, dir, cfg, c.now)
	tidied(t, a)
	for d := range 6 {
		c.set(start.Add(time.Duration(d) * 100 * day))
		for i := range 30 {
			mustWrite(t, a, look(i))
		}
	}
	tidied(t, a) // on day 500: what is of day 0 goes, that of day 100 is just kept
	text, r := exported(t, a)
	if !r.OK() || r.First == 1 || r.Cut == nil || r.Cut.Keep != "400d" {
		t.Fatalf("%+v", r)
	}
	if n := strings.Count(text, `"view.opened"`); n != 150 {
		t.Errorf("%d of 150 views are kept", n)
	}
	p, err := a.Query(t.Context(), audit.Filter{Events: []auth.Event{auth.LogCut}}, 10, 0)
	if err != nil || len(p.Entries) != 1 || !strings.Contains(p.Entries[0].Detail, "records 1 to 31") {
		t.Errorf("%+v, %v", p, err)
	}
	if stillThere := firstMessage(t, a); stillThere == 1 {
		t.Error("nothing was removed from the disk")
	}
	mustClose(t, s)
	s, a = openLogAt(t, dir, cfg, c.now)
	tidied(t, a)
	if b := a.Broken(); len(b) > 0 {
		t.Errorf("after a restart: %q", b)
	}
	if _, r := exported(t, a); !r.OK() || r.First == 1 {
		t.Errorf("after a restart: %+v", r)
	}
	mustClose(t, s)
}

func firstMessage(t *testing.T, a *Audit) uint64 {
	t.Helper()
	e, done, err := a.store.use(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	first, _, err := e.auditEnds(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return first
}

func TestKeepingIsNotShortenedQuietly(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	start := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	c := newClock(start)
	dir := t.TempDir()
	reopen := func(keep time.Duration) (*Store, *Audit) {
		s, a := openLogAt(t, dir, AuditConfig{Reserve: 1 << 20, Keep: keep}, c.now)
		tidied(t, a)
		return s, a
	}
	said := func(a *Audit) (out []string) {
		for e, err := range a.All(t.Context(), audit.Filter{Events: []auth.Event{auth.LogRetention}}) {
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, e.Detail)
		}
		return out
	}
	s, a := reopen(400 * day)
	for i := range 10 {
		mustWrite(t, a, look(i))
	}
	mustClose(t, s)
	c.set(start.Add(100 * day))
	s, a = reopen(30 * day)
	mustWrite(t, a, look(11))
	if got := said(a); len(got) != 2 || !strings.Contains(got[1], "400d, and 30d from 2026-04-18") {
		t.Errorf("%q", got)
	}
	if _, r := exported(t, a); r.First != 1 {
		t.Error("the records were cut off at once")
	}
	mustClose(t, s)
	c.set(start.Add(106 * day))
	s, a = reopen(30 * day)
	if _, r := exported(t, a); r.First != 1 || len(said(a)) != 2 {
		t.Error("the records were cut off before the time that the log names")
	}
	mustClose(t, s)
	s, a = reopen(400 * day) // somebody has seen it
	if got := said(a); len(got) != 3 || got[2] != "records are kept 400d" {
		t.Errorf("%q", got)
	}
	mustClose(t, s)
	s, _ = reopen(30 * day)
	mustClose(t, s)
	c.set(start.Add(114 * day))
	s, a = reopen(30 * day)
	if _, r := exported(t, a); r.First == 1 || !r.OK() {
		t.Errorf("after the time that the log names: %+v", r)
	}
	if k := a.kept(); k.Keep != 30*day || !k.From.IsZero() {
		t.Errorf("%+v", k)
	}
	mustClose(t, s)
}

func TestLogOfARestoredStoreBeginsAnew(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	start := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	c := newClock(start)
	s, a := openLogAt(t, t.TempDir(), AuditConfig{Reserve: 1 << 20, Keep: 30 * day}, c.now)
	for i := range 10 {
		mustWrite(t, a, look(i))
	}
	c.set(start.Add(60 * day))
	mustWrite(t, a, look(11))
	tidied(t, a)
	var saved bytes.Buffer
	if err := s.Backup(t.Context(), &saved); err != nil {
		t.Fatal(err)
	}
	if a.kept().Cut.N == 0 {
		t.Fatal("nothing was cut off")
	}
	dir := t.TempDir()
	if err := Restore(t.Context(), dir, testKey, &saved); err != nil {
		t.Fatal(err)
	}
	s, a = openLogAt(t, dir, AuditConfig{Reserve: 1 << 20, Keep: 30 * day}, c.now)
	mustWrite(t, a, look(1))
	tidied(t, a)
	if _, r := exported(t, a); !r.OK() || r.First != 1 || len(a.Broken()) > 0 {
		t.Errorf("%+v, %q", r, a.Broken())
	}
	mustClose(t, s)
}

func TestQueryFindsWhatFitsInOrder(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	c := newClock(start)
	s, a := openLogAt(t, t.TempDir(), AuditConfig{Reserve: 1 << 20}, c.now)
	var all []auth.Record
	for i := range 250 {
		c.set(start.Add(time.Duration(i) * 24 * time.Minute)) // four days
		r := look(i)
		if i%5 == 0 {
			r.Event, r.Detail = auth.ActDenied, "ptz"
		}
		if i == 77 {
			r = auth.Record{Event: auth.PersonBlocked, Subject: "chief", Target: "person-3"}
		}
		mustWrite(t, a, r)
		r.Time = c.now()
		all = append(all, r)
	}
	<-a.Ready()
	for name, thinned := range map[string]bool{"by the index": false, "without it": true} {
		if thinned {
			a.mu.Lock()
			for _, x := range a.index.segments {
				a.index.thin(x)
			}
			a.mu.Unlock()
		}
		for _, f := range []audit.Filter{
			{}, {Camera: "camera-4"}, {Person: "person-3"}, {Area: "ward-1"}, {Area: "city", Camera: "camera-0", Person: "person-1"},
			{Camera: "camera-4", From: start.Add(day), Until: start.Add(2 * day)}, {From: start.Add(3*day + time.Hour)}, {Until: start.Add(time.Hour)},
			{Events: []auth.Event{auth.ActDenied, auth.PersonBlocked}}, {Camera: "none"}, {View: "v123"}, {Events: []auth.Event{auth.GatewayStarted}},
			{From: start.Add(100 * day)}, {Until: start},
		} {
			for _, limit := range []int{1000, 90} {
				for _, newest := range []bool{false, true} {
					f.Newest = newest
					compareQuery(t, name, a, f, limit, all)
				}
			}
		}
	}
	mustClose(t, s)
}

// compareQuery asks for all pages and compares them with what a plain look at
// the records finds. The log's first records are its own.
func compareQuery(t *testing.T, name string, a *Audit, f audit.Filter, limit int, all []auth.Record) {
	t.Helper()
	var want, got []string
	for _, r := range all {
		if e := (audit.Entry{Record: r}); f.Fits(&e) {
			want = append(want, r.View+r.Target)
		}
	}
	if f.Newest {
		for i, j := 0, len(want)-1; i < j; i, j = i+1, j-1 {
			want[i], want[j] = want[j], want[i]
		}
	}
	after, pages := uint64(0), 0
	for {
		p, err := a.Query(t.Context(), f, limit, after)
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Entries) > limit {
			t.Fatalf("%s: a page of %d", name, len(p.Entries))
		}
		for _, e := range p.Entries {
			if e.Event != auth.LogRetention {
				got = append(got, e.View+e.Target)
			}
		}
		if pages++; pages > 2000 {
			t.Fatalf("%s: no end of pages of %+v", name, f)
		}
		if after = p.Next; after == 0 {
			break
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: %+v by %d: %d entries, want %d: %.200v", name, f, limit, len(got), len(want), got)
	}
}

func TestIndexStaysWithinItsBound(t *testing.T) {
	t.Parallel()
	x := newIndex(200_000)
	n := uint64(0)
	for day := range 50 {
		for i := range 1000 {
			n++
			r := look(i)
			r.Time = time.Unix(int64(day)*24*60*60+int64(i), 0)
			x.add(n, n, []audit.Entry{{N: n, Record: r}})
		}
	}
	given := 0
	for _, s := range x.segments {
		if s.posts == nil {
			given++
		}
	}
	if x.bytes > x.most || given == 0 || given == len(x.segments) || len(x.segments) != 50 {
		t.Errorf("%d bytes, %d of %d days given up", x.bytes, given, len(x.segments))
	}
	x.cut(n - 1500)
	if len(x.segments) != 2 {
		t.Errorf("%d days after a cut", len(x.segments))
	}
}
