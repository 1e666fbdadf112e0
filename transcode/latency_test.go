package transcode

import (
	"slices"
	"testing"
	"time"

	"matthan/gateway"
)

func TestLatency(t *testing.T) {
	p := newPlant(t, 1, RungsConfig{Most: 10}, nil)
	own := p.watch(t, 0, gateway.Main)
	own.take(30)
	<-p.rungs.tested
	begun := time.Now()
	w := p.watch(t, 0, gateway.Full)
	w.take(1)
	t.Log("first after", time.Since(begun))
	var all []time.Duration
	for len(all) < 100 {
		<-w.news
		aus, _ := w.stream.After(w.pos)
		for _, au := range aus {
			w.pos = au.Number
			all = append(all, time.Since(au.Arrived))
		}
	}
	slices.Sort(all)
	t.Log(all[0], all[len(all)/2], all[len(all)*95/100], all[len(all)-1])
}
