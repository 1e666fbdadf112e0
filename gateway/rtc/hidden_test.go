package rtc

import (
	"testing"
	"time"

	"matthan/gateway"
)

// counted are the packets and bytes that the gateway has sent for each tile, as it
// counts them for its sender reports.
func (w *watcher) counted() (packets, bytes []uint32) {
	w.t.Helper()
	done := make(chan struct{})
	w.peer.shard.do(func(time.Time) {
		for i := range w.peer.tiles {
			packets, bytes = append(packets, w.peer.tiles[i].packets), append(bytes, w.peer.tiles[i].octets)
		}
		close(done)
	})
	next(w.t, done, "answer of the shard")
	return packets, bytes
}

// A tablet shows nine pictures and then four: the other five are pointed at
// nothing. The camera that they showed goes on.
func TestNinePicturesOfWhichFiveAreHiddenCostWhatFourDo(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	w := r.watch(9, nil)
	seen := func(tile int) bool { return tile < 4 }
	for tile := range 9 {
		if w.show(tile, "one"); !seen(tile) {
			w.show(tile, "two")
		}
	}
	r.cameras["one"].send(t, 0, true)
	r.cameras["two"].send(t, 0, true)
	const inPicture = 3
	for range 9 * inPicture {
		next(t, w.packets, "packet")
	}
	for tile := range 9 {
		if !seen(tile) {
			if err := w.peer.Show(tile, 2, Choice{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	packets, bytes := w.counted() // after Show, in the shard's order
	const pictures = 25
	for n := 1; n <= pictures; n++ {
		r.cameras["one"].send(t, n, false)
		r.cameras["two"].send(t, n, false)
		for range 4 * inPicture {
			if p := next(t, w.packets, "packet"); p.Payload[1] != 1 {
				t.Fatalf("a packet of the camera %d, which nobody sees", p.Payload[1])
			}
		}
	}
	after, afterBytes := w.counted()
	for tile := range 9 {
		sent, octets := after[tile]-packets[tile], afterBytes[tile]-bytes[tile]
		if want := uint32(pictures * inPicture); seen(tile) && (sent != want || octets == 0) {
			t.Errorf("tile %d is seen, and has %d packets of %d", tile, sent, want)
		}
		if !seen(tile) && (sent != 0 || octets != 0) {
			t.Errorf("tile %d is hidden, and has cost %d packets, %d bytes", tile, sent, octets)
		}
	}
	if r.hub.Pulled(gateway.StreamID{Camera: "one", Quality: gateway.Main}) == nil {
		t.Error("the camera that is seen is not pulled")
	}
}
