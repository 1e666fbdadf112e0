package main

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"matthan/signaling"
)

// A portal's officer who looks on while one token follows the other.

// flow is what came of a picture: whether something is missing in it. What comes
// late or twice, since a busy machine had it asked for again, is not missing.
type flow struct {
	mu          sync.Mutex
	seen        map[int64]bool // packets, by their numbers without overflow
	first, last int64          // of them
	seq         uint16         // of last
	pictures    int
	ts          uint32        // of the newest picture
	step        uint32        // the longest time between two pictures, 90 kHz
	pause       time.Duration // the longest wait for a packet
	at          time.Time
}

func (f *flow) add(seq uint16, ts uint32, at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.seen) == 0 {
		f.seen, f.first, f.last, f.seq, f.ts, f.at = map[int64]bool{}, int64(seq), int64(seq), seq, ts, at
	}
	n := f.last + int64(int16(seq-f.seq))
	f.seen[n] = true
	if n > f.last {
		f.last, f.seq = n, seq
	}
	if step := ts - f.ts; int32(step) > 0 {
		f.pictures++
		f.step, f.ts = max(f.step, step), ts
	}
	f.pause, f.at = max(f.pause, at.Sub(f.at)), at
}

// from begins to count anew.
func (f *flow) from() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen, f.pictures, f.step, f.pause = nil, 0, 0, 0
}

// missing is how many packets never came; one that is still on its way does not
// count.
func (f *flow) missing() (n int) {
	for i := max(f.first, 0); i < f.last-100; i++ {
		if !f.seen[i] {
			n++
		}
	}
	return n
}

// renewing looks on for a time with a fresh token every so often, each of which
// alone would have ended before the time is over. It wants every picture.
func renewing(t *testing.T, life, every, whole time.Duration) {
	t.Helper()
	s := newStation(t)
	at := s.ward()
	p := s.portal(at.area)
	w := p.watch(at.camera, max(life, 10*time.Second)) // a camera takes a while to its first key picture
	for deadline := time.Now().Add(patience); w.state() != signaling.StateLive; {
		if time.Now().After(deadline) {
			t.Fatal("it is never live")
		}
	}
	w.flow.from()
	renewals := 0
	for end := time.Now().Add(whole); time.Now().Before(end); renewals++ {
		w.say(signaling.Renew{Type: signaling.TypeRenew, Token: p.token(at.camera, life)})
		if text := w.next(signaling.TypeRenewed); !strings.Contains(text, `"until":`) {
			t.Fatal(text)
		}
		<-time.After(every)
	}
	w.flow.mu.Lock()
	defer w.flow.mu.Unlock()
	missing, step := w.flow.missing(), time.Duration(w.flow.step)*time.Second/90_000
	t.Logf("%d renewals in %v: %d pictures in %d packets, %d missing; longest step between pictures %v, longest wait %v",
		renewals, whole, w.flow.pictures, len(w.flow.seen), missing, step, w.flow.pause)
	if missing != 0 || w.flow.pictures < int(whole.Seconds()*15) || step > 120*time.Millisecond {
		t.Error("pictures were lost")
	}
	if n := len(s.auditor().find("event=view.opened&camera=" + at.camera)); n != 1 {
		t.Errorf("the log has %d views", n)
	}
}

// state is the tile's as it was told last.
func (w *watched) state() string {
	w.t.Helper()
	var m signaling.Tile
	if err := json.Unmarshal([]byte(w.next(signaling.TypeTile)), &m); err != nil {
		w.t.Fatal(err)
	}
	return m.State
}

// next is the next message of a type.
func (w *watched) next(kind string) string {
	w.t.Helper()
	for limit := time.After(patience); ; {
		select {
		case text, ok := <-w.told:
			if !ok {
				w.t.Fatalf("the socket ended before a %s", kind)
			}
			if strings.Contains(text, `"type":"`+kind+`"`) {
				return text
			}
		case <-limit:
			w.t.Fatalf("no %s comes", kind)
		}
	}
}

func TestAPortalsOfficerLooksOnWithFreshTokens(t *testing.T) {
	t.Parallel()
	renewing(t, 1500*time.Millisecond, 300*time.Millisecond, 4*time.Second)
}
