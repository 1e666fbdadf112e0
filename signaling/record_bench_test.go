package signaling

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"matthan/auth"
	"matthan/gateway/cluster"
)

// forgetful is no audit log.
type forgetful struct{}

func (forgetful) Write(context.Context, auth.Record) error { return nil }

// BenchmarkFirstPicture measures, from before the offer is made to the first
// packet of a camera that somebody watches, what the audit log on a disk costs a
// viewer.
func BenchmarkFirstPicture(b *testing.B) {
	b.Run("without-log", func(b *testing.B) { firstPictures(b, forgetful{}) })
	b.Run("with-log", func(b *testing.B) { firstPictures(b, storedLog(b)) })
	b.Run("with-log-of-10000-views-a-minute", func(b *testing.B) {
		log := storedLog(b)
		defer others(b, log, 10_000)()
		firstPictures(b, log)
	})
}

// others writes the records of so many views a minute, their openings and their
// closings, until the returned function is called.
func others(b *testing.B, log *cluster.Audit, views int) (stop func()) {
	ctx, cancel := context.WithCancel(b.Context())
	var writing sync.WaitGroup
	writing.Go(func() {
		tick := time.NewTicker(time.Minute / time.Duration(2*views))
		defer tick.Stop()
		for n := 0; ; n++ {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
			r := auth.Record{Event: auth.ViewOpened, Subject: "somebody", Name: "Nguyễn Văn An", By: "role viewer", Address: "10.1.2.3",
				Camera: "one", Kind: "public", Areas: []string{"lang"}, View: newID()}
			if n%2 == 1 {
				r.Event = auth.ViewClosed
			}
			writing.Go(func() {
				if err := log.Write(ctx, r); err != nil && ctx.Err() == nil {
					b.Error(err)
				}
			})
		}
	})
	return func() { cancel(); writing.Wait() }
}

func storedLog(b *testing.B) *cluster.Audit {
	b.Helper()
	dir := b.TempDir()
	store, err := cluster.Open(b.Context(), cluster.Config{Dir: dir, Key: [32]byte{1}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = store.Close() })
	key, err := cluster.LoadAuditKey(cluster.AuditKeyFile(dir))
	if err != nil {
		b.Fatal(err)
	}
	log, err := store.Audit(b.Context(), cluster.AuditConfig{Key: key, Reserve: 16 << 20})
	if err != nil {
		b.Fatal(err)
	}
	return log
}

func firstPictures(b *testing.B, log auth.Recorder) {
	r := newRig(b, func(s *Server) { s.Audit = auth.NewLedger(log, s.Log) })
	_, other, _ := r.watch(everyToken, "one")
	other.sees(1)
	var took []time.Duration
	for b.Loop() {
		p := newPhone(b, 1)
		began := time.Now()
		resp, answer := r.ask("POST", "/whep/one", typeSDP, everyToken, p.offer(false))
		if resp.StatusCode != 201 {
			b.Fatalf("%d %s", resp.StatusCode, answer)
		}
		p.answer(answer)
		p.sees(1)
		took = append(took, time.Since(began))
		r.ask("DELETE", resp.Header.Get("Location"), "", everyToken, "")
		_ = p.pc.Close()
	}
	slices.Sort(took)
	at := func(q float64) float64 { return float64(took[int(q*float64(len(took)-1))].Microseconds()) / 1000 }
	b.ReportMetric(at(0.5), "ms-p50")
	b.ReportMetric(at(0.95), "ms-p95")
	b.ReportMetric(0, "ns/op")
}
