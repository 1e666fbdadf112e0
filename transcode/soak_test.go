//go:build soak

package transcode

import (
	"syscall"
	"testing"
	"time"

	"matthan/gateway"
)

// TestSoakARungThatIsKilledComesBackEachTime kills a rung every 5 s for a minute.
func TestSoakARungThatIsKilledComesBackEachTime(t *testing.T) {
	needFFmpeg(t)
	p := newPlant(t, 1, RungsConfig{Most: 10}, masked)
	w := p.watch(t, 0, gateway.Full)
	w.take(1)
	var worst time.Duration
	for i := range 12 {
		<-time.After(5 * time.Second)
		p.rungs.mu.Lock()
		for pid := range p.rungs.running {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		p.rungs.mu.Unlock()
		killed := time.Now()
		until(t, "another process runs", func() bool { return p.rungs.Figures().Started == i+2 })
		aus := w.take(10)
		worst = max(worst, time.Since(killed))
		pictures, width, height := frames(t, aus)
		for _, one := range pictures {
			black(t, "after a crash", one, width, height, twoMasks)
		}
	}
	f := p.rungs.Figures()
	t.Logf("ten pictures after %v at worst; %+v", worst, f)
	if f.Failed != 12 || f.Running != 1 {
		t.Errorf("%+v", f)
	}
}
