package cluster

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/auth/audit"
)

// logged makes a store with a log of n records and closes it.

// Whatever happens to the files of the log, it is refused where its end is not

// what was acknowledged, or says that it is broken further back.

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
	if _, r := exported(t, a); r.First != 1 {
		t.Error("a log was cut off whose clock may have been set ahead")
	}
	c.set(start.Add(115 * day))
	tidied(t, a)
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
	if err := s.Backup(t.Context(), &saved, nil); err != nil {
		t.Fatal(err)
	}
	if a.kept().Cut.N == 0 {
		t.Fatal("nothing was cut off")
	}
	dir := t.TempDir()
	if err := Restore(t.Context(), dir, testKey, &saved, false); err != nil {
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

// compareQuery asks for all pages and compares them with what a plain look at

// the records finds. The log's first records are its own.

func TestClockThatLeapsDoesNotEmptyTheLog(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	start := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	c := newClock(start)
	dir := t.TempDir()
	cfg := AuditConfig{Reserve: 1 << 20, Keep: 400 * day}
	s, a := openLogAt(t, dir, cfg, c.now)
	tidied(t, a)
	for d := range 100 {
		c.set(start.Add(time.Duration(d) * day))
		mustWrite(t, a, look(d))
	}
	mustClose(t, s)
	c.set(start.Add(3000 * day)) // somebody sets the clock and starts the gateway
	s, a = openLogAt(t, dir, cfg, c.now)
	mustWrite(t, a, look(100))
	tidied(t, a)
	if _, r := exported(t, a); r.First != 1 {
		t.Errorf("cut off at once: %+v", r)
	}
	c.set(start.Add(3001 * day))
	tidied(t, a)
	if _, r := exported(t, a); !r.OK() || r.First < 20 || r.First > 40 {
		t.Errorf("a day later %d days are cut off: %+v", r.First, r)
	}
	mustClose(t, s)
}
