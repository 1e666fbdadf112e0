//go:build bench

package cluster

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"matthan/auth"
	"matthan/auth/audit"
)

func benchLog(b *testing.B, dir string, now func() time.Time) (*Store, *Audit) {
	b.Helper()
	s, err := Open(b.Context(), Config{Dir: dir, Key: testKey})
	if err != nil {
		b.Fatal(err)
	}
	a, err := s.openAudit(b.Context(), AuditConfig{Key: testAuditKey}, now)
	if err != nil {
		b.Fatal(err)
	}
	return s, a
}

// BenchmarkViewsAMinute opens and closes 10,000 views a minute for 12 seconds and
// tells how long a first picture waits for its record.
func BenchmarkViewsAMinute(b *testing.B) {
	for range b.N {
		s, a := benchLog(b, b.TempDir(), time.Now)
		<-a.Ready()
		const views = 2000
		waits := make([]time.Duration, views)
		var wg sync.WaitGroup
		tick := time.NewTicker(time.Minute / 10_000)
		for i := range views {
			<-tick.C
			wg.Go(func() {
				r := look(i)
				began := time.Now()
				if err := a.Write(b.Context(), r); err != nil {
					b.Error(err)
				}
				waits[i] = time.Since(began)
				r.Event, r.Duration = auth.ViewClosed, time.Minute
				if err := a.Write(b.Context(), r); err != nil {
					b.Error(err)
				}
			})
		}
		wg.Wait()
		tick.Stop()
		slices.Sort(waits)
		b.ReportMetric(float64(waits[views/2].Microseconds()), "p50-us")
		b.ReportMetric(float64(waits[views*99/100].Microseconds()), "p99-us")
		b.ReportMetric(float64(waits[views-1].Microseconds()), "max-us")
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWrite is what the log takes at most, from 64 writers.
func BenchmarkWrite(b *testing.B) {
	s, a := benchLog(b, b.TempDir(), time.Now)
	defer s.Close()
	<-a.Ready()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			if err := a.Write(b.Context(), look(i)); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/float64(a.end.number), "records/sync")
}

// BenchmarkMillionRecords asks for the records of one camera and day among a
// million of 30 days, 500 cameras and 300 people.
func BenchmarkMillionRecords(b *testing.B) {
	for _, perMessage := range []int{maxBatch, 4} {
		dir := b.TempDir()
		start := fillMillion(b, dir, perMessage)
		began := time.Now()
		s, a := benchLog(b, dir, time.Now)
		opened := time.Since(began)
		<-a.Ready()
		b.Logf("%d records a message: opened after %v, all read after %v, index %d MiB", perMessage, opened, time.Since(began), a.index.bytes>>20)
		if broken := a.Broken(); len(broken) > 0 {
			b.Fatal(broken)
		}
		day := audit.Filter{From: start.Add(9 * 24 * time.Hour), Until: start.Add(10 * 24 * time.Hour)}
		for name, f := range map[string]func(audit.Filter) audit.Filter{
			"camera": func(f audit.Filter) audit.Filter { f.Camera = "camera-77"; return f },
			"busy":   func(f audit.Filter) audit.Filter { f.Camera = "camera-0"; return f },
			"code":   func(audit.Filter) audit.Filter { return audit.Filter{View: benchView(777_777)[:7]} },
			"person": func(f audit.Filter) audit.Filter { f.Person = "person-7"; f.Newest = true; return f },
		} {
			b.Run(fmt.Sprintf("%s/%d", name, perMessage), func(b *testing.B) {
				var p audit.Page
				var err error
				for b.Loop() {
					if p, err = a.Query(b.Context(), f(day), MaxPage, 0); err != nil || len(p.Entries) == 0 {
						b.Fatal(err, len(p.Entries))
					}
				}
				b.ReportMetric(float64(len(p.Entries)), "entries")
			})
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// benchView is an id as views have them.
func benchView(i int) string {
	const letters = "0123456789abcdefghjkmnpqrstvwxyz"
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(i)))
	var out [16]byte
	for k := range out {
		out[k] = letters[sum[k]%32]
	}
	return string(out[:])
}

// fillMillion writes a log of a million records, so many in a message.
func fillMillion(b *testing.B, dir string, perMessage int) (start time.Time) {
	b.Helper()
	start = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	s, a := benchLog(b, dir, func() time.Time { return start })
	<-a.Ready()
	done := make(chan error, 1)
	a.work <- func(ctx context.Context) {
		var batch []*waiting
		for i := range 1_000_000 {
			r := look(i)
			r.Camera, r.Subject = fmt.Sprint("camera-", i*7919%500), fmt.Sprint("person-", i*31%300)
			if i%20 == 0 {
				r.Camera = "camera-0"
			}
			r.View = benchView(i)
			r.Time = start.Add(time.Duration(i) * (30 * 24 * time.Hour / 1_000_000))
			text, err := audit.Encode(r)
			if err == nil {
				if batch = append(batch, &waiting{entry: r, text: text}); len(batch) == perMessage {
					err = a.persist(ctx, batch, nil)
					batch = nil
				}
			}
			if err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}
	if err := <-done; err != nil {
		b.Fatal(err)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	return start
}
