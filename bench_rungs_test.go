//go:build bench

package main

import (
	"fmt"
	"testing"
	"time"
)

// TestBenchBesideRungs is what viewers of a camera's own pictures notice of rungs: 20
// are asked for where three fit. A run without stands on both sides of each with.
func TestBenchBesideRungs(t *testing.T) {
	const viewers = 10
	r := ours(t, 20, "127.0.0.1:0", 0, true, "transcode: {rungs: 2}") // a small one of 1280x720 costs half
	var without, with, changes []float64
	_, _, before := r.added(viewers)
	for range *repeats {
		rungs := startViewers(t, r.url+"?stream=sub") // there is none: it is made
		rungs.do(order{Op: "join", Cameras: 20, Viewers: 20})
		<-time.After(*window)
		_, _, beside := r.added(viewers)
		made := rungs.do(order{Op: "count"}).Packets
		<-time.After(*window)
		if made = rungs.do(order{Op: "count"}).Packets - made; made == 0 {
			t.Fatal("no rung ran")
		}
		rungs.leave()
		<-time.After(3 * *window) // they linger
		_, _, after := r.added(viewers)
		without, with = append(without, after), append(with, beside)
		changes = append(changes, beside-(before+after)/2)
		before = after
	}
	fmt.Printf("added p99 of %d viewers, ms: %.2f without rungs, %.2f beside them; the change is %.2f (median of %d)\n",
		viewers, median(without), median(with), median(changes), len(changes))
}
