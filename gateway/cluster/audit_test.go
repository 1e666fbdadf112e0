package cluster

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"matthan/auth"
	"matthan/auth/audit"
)

var testAuditKey = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))

var _ auth.Recorder = (*Audit)(nil)

// openLog opens the audit log of a store in dir.
func openLog(t *testing.T, dir string) (*Store, *Audit) {
	t.Helper()
	return openLogAt(t, dir, AuditConfig{Reserve: 1 << 20}, time.Now)
}

func openLogAt(t *testing.T, dir string, cfg AuditConfig, now func() time.Time) (*Store, *Audit) {
	t.Helper()
	s := openTest(t, dir)
	cfg.Key = testAuditKey
	a, err := s.openAudit(t.Context(), cfg, now)
	if err != nil {
		t.Fatal(err)
	}
	return s, a
}

// look is a record of the tests.
func look(n int) auth.Record {
	return auth.Record{Event: auth.ViewOpened, Subject: fmt.Sprint("person-", n%7), Name: "Trần Thị Bình", Address: "10.1.2.3", By: "role viewer",
		Camera: fmt.Sprint("camera-", n%13), Kind: "public", Areas: []string{fmt.Sprint("ward-", n%3), "city"}, View: fmt.Sprint("v", n), Reason: "patrol"}
}

func mustWrite(t *testing.T, a *Audit, r auth.Record) {
	t.Helper()
	if err := a.Write(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}

// exported is an export of the log, verified.
func exported(t *testing.T, a *Audit) (string, *audit.Report) {
	t.Helper()
	var out bytes.Buffer
	if err := a.Export(t.Context(), &out, time.Time{}); err != nil {
		t.Fatal(err)
	}
	r, err := audit.Verify(t.Context(), bytes.NewReader(out.Bytes()), audit.Trust{Key: a.Key()})
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), r
}

func TestRecordsAreThereAfterARestartAndTheChainGoesOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var first audit.Mark
	for round := range 3 {
		s, a := openLog(t, dir)
		<-a.Ready()
		for i := range 20 {
			mustWrite(t, a, look(round*20+i))
		}
		if round == 0 {
			first = a.Head()
		}
		text, r := exported(t, a)
		if !r.OK() || r.Last != a.Head() || r.First != 1 {
			t.Fatalf("round %d: %+v", round, r)
		}
		if n := strings.Count(text, `"event":"view.opened"`); n != (round+1)*20 {
			t.Errorf("round %d: %d views", round, n)
		}
		if b := a.Broken(); len(b) > 0 {
			t.Errorf("round %d: %q", round, b)
		}
		mustClose(t, s)
		if err := a.Write(t.Context(), look(1)); !errors.Is(err, ErrClosed) {
			t.Errorf("a closed log: %v", err)
		}
	}
	s, a := openLog(t, dir)
	text, r := exported(t, a)
	if r.Heads < 3 || r.LastHead != r.Last {
		t.Errorf("a log that was closed in good order does not end with a head: %+v", r)
	}
	for name, heads := range map[string]audit.Mark{"the first": first, "the last": r.Last} {
		if r, err := audit.Verify(t.Context(), strings.NewReader(text), audit.Trust{Heads: []audit.Mark{heads}}); err != nil || !r.OK() {
			t.Errorf("%s head that was noted: %+v, %v", name, r, err)
		}
	}
	mustClose(t, s)
}

func TestAThousandViewersAtOnceCostFewSyncs(t *testing.T) {
	t.Parallel()
	s, a := openLog(t, t.TempDir())
	var wg sync.WaitGroup
	for i := range 1000 {
		wg.Go(func() {
			if err := a.Write(t.Context(), look(i)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	messages := a.end.number
	t.Logf("%d messages, each a sync, for 1,000 records", messages)
	if messages > 500 {
		t.Errorf("%d syncs for 1,000 records", messages)
	}
	if _, r := exported(t, a); !r.OK() || r.Records < 1000 {
		t.Errorf("%+v", r)
	}
	mustClose(t, s)
}

func TestWritersAreTurnedAwayWhenTooManyWait(t *testing.T) {
	t.Parallel()
	a := &Audit{now: time.Now, queue: make(chan *waiting, 1), ended: make(chan struct{})} // without a writer
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.Write(ctx, look(1)); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller that has gone: %v", err)
	}
	if err := a.Write(t.Context(), look(2)); !errors.Is(err, ErrBusy) {
		t.Errorf("a full queue: %v", err)
	}
	if err := a.Write(t.Context(), auth.Record{Event: "view.dreamt"}); !errors.Is(err, auth.ErrFaulty) {
		t.Errorf("an unknown event: %v", err)
	}
}

func TestASecondWriterOfOneLogIsTurnedAway(t *testing.T) {
	t.Parallel()
	s, _ := openLog(t, t.TempDir())
	if _, err := s.Audit(t.Context(), AuditConfig{Key: testAuditKey}); err == nil {
		t.Error("two writers")
	}
}

func TestALogOfAnotherKeyIsNotGoneOnWith(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, a := openLog(t, dir)
	mustWrite(t, a, look(1))
	mustClose(t, s)
	s = openTest(t, dir)
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, ed25519.SeedSize))
	if _, err := s.Audit(t.Context(), AuditConfig{Key: other}); !errors.Is(err, errAuditKey) || !strings.Contains(err.Error(), "put the audit.key") {
		t.Errorf("%v", err)
	}
	if _, err := s.Audit(t.Context(), AuditConfig{Key: testAuditKey, Reserve: 1 << 20}); err != nil {
		t.Errorf("with the right key: %v", err)
	}
}

func TestKeyOfALogIsMadeOnceAndMissedAfterwards(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	key, err := LoadAuditKey(AuditKeyFile(dir))
	if err != nil {
		t.Fatal(err)
	}
	again, err := LoadAuditKey(AuditKeyFile(dir))
	if err != nil || !key.Equal(again) {
		t.Errorf("%v, another key: %v", err, !key.Equal(again))
	}
	s, _ := openLog(t, dir)
	mustClose(t, s)
	alter(t, AuditKeyFile(dir), func([]byte) []byte { return []byte("secret words\n") })
	if _, err := LoadAuditKey(AuditKeyFile(dir)); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("garbage: %v", err)
	}
	removeFile(t, AuditKeyFile(dir))
	if _, err := LoadAuditKey(AuditKeyFile(dir)); err == nil || !strings.Contains(err.Error(), "put the key back") {
		t.Errorf("the key of a log that is there: %v", err)
	}
}

func removeFile(t *testing.T, name string) {
	t.Helper()
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
}
