package main

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// Collecting garbage costs what the living heap is large, mostly for viewers,
// and is due as often as cameras fill the room beside it. A share of the heap
// alone is a bad measure for that room: with few viewers it is tiny and
// collections are many. So the room is a fixed part, which a machine of any
// size has, and a share that lets no viewer cost much more than it holds.
const (
	garbageRoom  = 32 << 20 // bytes
	garbageShare = 15       // percent of the living heap, on top
	garbageMost  = 400      // percent of the living heap in all; Go's own least room is 4 MiB at 100
)

// paceGarbage keeps Go's percentage at what the living heap wants, until ctx
// ends.
func paceGarbage(ctx context.Context) {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	set := 0
	for tick := time.NewTicker(time.Second); ; {
		metrics.Read(live)
		if want := garbagePercent(live[0].Value.Uint64()); want*10 > set*11 || want*11 < set*10 {
			set = want
			debug.SetGCPercent(set)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			tick.Stop()
			return
		}
	}
}

// garbagePercent is the percentage for a heap of which live bytes live.
func garbagePercent(live uint64) int {
	if live == 0 {
		return garbageMost
	}
	return int(min(garbageShare+garbageRoom*100/live, garbageMost))
}
