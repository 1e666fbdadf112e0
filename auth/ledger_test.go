package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// pages is an audit log in memory that fails for so many writes first.
type pages struct {
	mu      sync.Mutex
	fails   int
	records []Record
}

func (p *pages) Write(_ context.Context, r Record) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fails > 0 {
		p.fails--
		return errors.New("busy")
	}
	p.records = append(p.records, r)
	return nil
}

// written runs a ledger until it has written all that it has.
func (p *pages) written(l *Ledger) []Record {
	ctx, end := context.WithCancel(context.Background())
	end()
	l.Run(ctx)
	return p.records
}

func TestWhatIsLeftToALedgerIsWrittenAlsoWhereTheLogWasBusy(t *testing.T) {
	t.Parallel()
	p := &pages{fails: 2}
	l := NewLedger(p, slog.New(slog.DiscardHandler))
	for i := range 1000 {
		l.Later(Record{Event: ViewClosed, View: fmt.Sprint(i)})
	}
	seen := map[string]bool{}
	for _, r := range p.written(l) {
		if seen[r.View] = true; r.Time.IsZero() {
			t.Fatal("a record has not the time when it was left")
		}
	}
	if len(seen) != 1000 {
		t.Errorf("%d records", len(seen))
	}
}

func TestWhatCannotBeWrittenIsToldAndNotWaitedForWithoutEnd(t *testing.T) {
	t.Parallel()
	var said strings.Builder
	p := &pages{fails: 1000}
	l := NewLedger(p, slog.New(slog.NewTextHandler(&said, nil)))
	l.Later(Record{Event: ViewClosed, View: "v1", Camera: "gate"})
	if p.written(l); !strings.Contains(said.String(), "view=v1") || !strings.Contains(said.String(), "camera=gate") {
		t.Errorf("%q", said.String())
	}
}

func TestWhoMakesRecordsAtWillMakesFew(t *testing.T) {
	t.Parallel()
	p := &pages{}
	l := NewLedger(p, slog.New(slog.DiscardHandler))
	at := time.Date(2026, 11, 22, 8, 0, 10, 0, time.UTC)
	for i := range 1000 {
		l.Seldom(Record{Time: at, Event: ViewDenied, Subject: "an", Camera: "gate"})                     // the same
		l.Seldom(Record{Time: at, Event: ViewDenied, Subject: "binh", Camera: fmt.Sprint(i)})            // one who tries all
		l.Seldom(Record{Time: at, Event: SignInFailed, Address: "192.0.2.1", Target: fmt.Sprint(i % 3)}) // an address
	}
	l.Seldom(Record{Time: at.Add(time.Minute), Event: ViewDenied, Subject: "an", Camera: "gate"})
	n := map[string]int{}
	more := 0
	for _, r := range p.written(l) {
		n[r.Subject+r.Address]++
		if strings.Contains(r.Detail, "left out") {
			more++
		}
	}
	if n["an"] != 2 || n["binh"] != maxSeldomFor || n["192.0.2.1"] != 3 || more != 1 {
		t.Errorf("%v, %d say that there were more", n, more)
	}
}

func TestAddressOfARequestIsWholeAndHasNoPort(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{"192.0.2.1:1": "192.0.2.1", "[::ffff:192.0.2.1]:1": "192.0.2.1", "[2001:db8:1:2:3::4]:1": "2001:db8:1:2:3::4", "[fe80::1%eth0]:1": "fe80::1", "in-process": "in-process"} {
		q := httptest.NewRequest("GET", "/", nil)
		q.RemoteAddr = remote
		q.Header.Set("X-Forwarded-For", "203.0.113.9")
		if got := Address(q); got != want {
			t.Errorf("%s: %s", remote, got)
		}
	}
}
