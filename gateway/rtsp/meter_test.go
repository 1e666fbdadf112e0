package rtsp

import (
	"bytes"
	"context"
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/video"
)

func TestMeterLetsABurstPassAndNoMore(t *testing.T) {
	const rate, burst = 1000, 4000
	now := time.Unix(1000, 0)
	var m meter
	for i := range 4 {
		if m.over(now, 1000, rate, burst) {
			t.Fatalf("over at %d", i)
		}
	}
	if !m.over(now, 1, rate, burst) {
		t.Error("a byte more than the burst passes")
	}
	m = meter{}
	for i := range 100_000 { // 25 s of the rate, in steps that are no whole number of bytes
		now = now.Add(333 * time.Microsecond)
		if i%3 == 0 && m.over(now, 1, rate, burst) {
			t.Fatalf("over at %d", i)
		}
	}
	for range 30 {
		now = now.Add(time.Second)
		if over := m.over(now, 2*rate, rate, burst); over {
			return
		}
	}
	t.Error("twice the rate passes for ever")
}

// A camera that has been taken over could keep a core busy: with packets,
// pictures, requests, or nothing at all.
func TestCameraThatFloodsIsLeft(t *testing.T) {
	still := header{kind: 96, sequence: 1, ssrc: 77}
	passed := 0
	frame := func(h header, payload []byte) []byte {
		b := h.packet(payload)
		return append([]byte{'$', 0, byte(len(b) >> 8), byte(len(b))}, b...)
	}
	for name, c := range map[string]struct {
		write func([]byte) []byte
		says  string
	}{
		"packets":       {func([]byte) []byte { return bytes.Repeat(frame(still, make([]byte, 60_000)), 20) }, "Mbit/s"},
		"empty packets": {func([]byte) []byte { return bytes.Repeat(frame(still, nil), 1000) }, "Mbit/s"},
		"pictures": {func(b []byte) []byte {
			if passed++; passed < 100 { // a key picture first
				still.sequence, still.ts = binary.BigEndian.Uint16(b[6:]), binary.BigEndian.Uint32(b[8:])
				return b
			}
			var all []byte
			for range 20 {
				still.sequence++
				still.ts += 90
				still.marker = true
				all = append(all, frame(still, []byte{0x41, 0x9a, 0, 0})...)
			}
			return all
		}, "pictures a second"},
		"requests": {func(b []byte) []byte {
			return append(b, strings.Repeat("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n", 500)...)
		}, "beside the packets"},
		"nothing": {func(b []byte) []byte { return append(b, make([]byte, 100<<10)...) }, "beside the packets"},
	} {
		t.Run(name, func(t *testing.T) {
			camera := (&raw{write: c.write}).start(t)
			s, err := New(Config{URL: camera.url(), Transport: gateway.TCP})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			err = s.Run(ctx, func(*video.AccessUnit) {})
			if gateway.CauseOf(err) != gateway.CauseProtocol || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v; want %q", err, c.says)
			}
		})
	}
}

// What cameras do in earnest stays far below.
func TestStrongestCameraIsNoFlood(t *testing.T) {
	var bytes, units meter
	now := time.Unix(1000, 0)
	for i := range 60 * 60 { // a minute of 60 pictures a second and 80 Mbit/s, after a stall of three seconds
		if i > 180 {
			now = now.Add(time.Second / 60)
		}
		if bytes.over(now, 80<<20/8/60, mediaRate, mediaBurst) || units.over(now, 1, unitsRate, unitsBurst) {
			t.Fatalf("picture %d is too many", i)
		}
	}
}
