package main

import "testing"

func TestGarbageMayFillAFixedRoomAndAShareOfTheHeap(t *testing.T) {
	for live, want := range map[uint64]int{0: 400, 1 << 20: 400, 32 << 20: 115, 128 << 20: 40, 4 << 30: 15} {
		if got := garbagePercent(live); got != want {
			t.Errorf("%d bytes: %d %%, want %d", live, got, want)
		}
	}
}
