//go:build soak

package main

import (
	"bufio"
	"encoding/binary"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/simulate"
)

var garbageFor = flag.Duration("garbage", time.Minute, "how long cameras send garbage")

// TestSoakOfGarbage lets cameras send garbage of every kind, each as fast as it
// can and to a viewer of its own, beside one that is as it should be. That one's
// viewer must miss no picture, and what the others cost is told and bounded.
func TestSoakOfGarbage(t *testing.T) {
	kinds := garbage()
	var names []string
	l := startLive(t, simulate.Options{Cameras: 1}, func(c *Config) {
		list := []gateway.Camera{c.Inventory.Cameras()[0]}
		for name, write := range kinds {
			names = append(names, name)
			list = append(list, gateway.Camera{ID: gateway.CameraID(name), Name: "x", Area: "ward", Kind: gateway.Public,
				Main: "rtsp://" + startGarbage(t, write) + "/main", Transport: gateway.TCP})
		}
		inventory, err := gateway.NewList([]gateway.Area{{ID: "ward", Name: "Phường"}}, list)
		if err != nil {
			t.Fatal(err)
		}
		c.Inventory = inventory
	})
	good, err := l.play("cam0")
	defer good.close()
	for range 50 { // from the live edge on
		if err == nil {
			_, err = good.next()
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	goroutines, heap := l.settled(0)
	var wg sync.WaitGroup
	over := make(chan struct{})
	for _, name := range names {
		wg.Go(func() { l.insist(name, over) })
	}
	begun, before := time.Now(), processTime()
	held := watchTheMachine(t)
	var longest, stalled time.Duration
	pictures, last := 0, time.Time{}
	report := begun.Add(time.Minute)
	for end := begun.Add(*garbageFor); time.Now().Before(end); {
		pic, err := good.next()
		if err != nil {
			t.Fatalf("the good camera, after %v: %v", time.Since(begun), err)
		}
		if !last.IsZero() {
			gap := pic.at.Sub(last)
			if longest = max(longest, gap); gap > time.Second {
				its := min(gap, held(last))
				stalled += its
				t.Logf("%v: a gap of %v, over which the machine held up a mere timer for %v", time.Since(begun).Round(time.Second), gap.Round(time.Millisecond), its.Round(time.Millisecond))
			}
		}
		last = pic.at
		pictures++
		if time.Now().After(report) {
			report = report.Add(time.Minute)
			t.Logf("%v: %d pictures, longest gap %v, %.0f ms of CPU a second, %d KiB resident", time.Since(begun).Round(time.Second), pictures, longest.Round(time.Millisecond),
				1000*(processTime()-before).Seconds()/time.Since(begun).Seconds(), resident(t)>>10)
		}
	}
	took := time.Since(begun)
	spent := processTime() - before
	close(over)
	wg.Wait()
	t.Logf("%d kinds of garbage for %v: %d pictures of the good camera, longest gap %v; %.0f ms of CPU a second in all, that of the cameras and the viewers too; %d sessions, %d MiB sent",
		len(kinds), took.Round(time.Second), pictures, longest.Round(time.Millisecond), 1000*spent.Seconds()/took.Seconds(), garbageSessions.Load(), garbageBytes.Load()>>20)
	if least := int((took-stalled).Seconds()*25) - 25; pictures < least {
		t.Errorf("%d pictures of the good camera, want %d", pictures, least)
	}
	if spent > took*3/4 {
		t.Errorf("%v of CPU in %v", spent, took)
	}
	after, heapAfter := l.settled(goroutines + 8)
	t.Logf("before: %d goroutines, %d KiB of heap; after: %d and %d, %d KiB resident", goroutines, heap>>10, after, heapAfter>>10, resident(t)>>10)
	if heapAfter > heap+32<<20 {
		t.Errorf("%d KiB of heap before, %d after", heap>>10, heapAfter>>10)
	}
}

// insist has a viewer look at a camera again and again, as people do.
func (l *live) insist(camera string, over chan struct{}) {
	for {
		p, _ := l.play(camera) // refused or not, it is asked again
		select {
		case <-over:
		case <-time.After(20 * time.Second):
		}
		p.close()
		select {
		case <-over:
			return
		default:
		}
	}
}

// processTime is the CPU time of this process so far.
func processTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

var garbageSessions, garbageBytes atomic.Int64

// garbage is what cameras write, by kind, once they are asked to play: each
// call gives the next piece.
func garbage() map[string]func(*rand.Rand) []byte {
	frame := func(channel byte, b []byte) []byte {
		return append([]byte{'$', channel, byte(len(b) >> 8), byte(len(b))}, b...)
	}
	var sequence atomic.Uint32
	packet := func(r *rand.Rand, payload []byte) []byte {
		n := sequence.Add(1)
		b := make([]byte, 12, 12+len(payload))
		b[0], b[1] = 0x80, 96|byte(r.IntN(2))<<7
		binary.BigEndian.PutUint16(b[2:], uint16(n))
		binary.BigEndian.PutUint32(b[4:], n*360)
		return append(b, payload...)
	}
	random := func(r *rand.Rand, n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return b
	}
	many := func(n int, f func() []byte) (all []byte) {
		for range n {
			all = append(all, f()...)
		}
		return all
	}
	return map[string]func(*rand.Rand) []byte{
		"bytes":   func(r *rand.Rand) []byte { return random(r, 1<<14) },
		"packets": func(r *rand.Rand) []byte { return many(16, func() []byte { return frame(0, random(r, r.IntN(1400))) }) },
		"rtp": func(r *rand.Rand) []byte {
			return many(16, func() []byte { return frame(0, packet(r, random(r, 1+r.IntN(1400)))) })
		},
		"units": func(r *rand.Rand) []byte { // of every type, with heads that are right
			return many(16, func() []byte {
				return frame(0, packet(r, append([]byte{0x60 | byte(r.IntN(32))}, random(r, 2+r.IntN(300))...)))
			})
		},
		"fragments": func(r *rand.Rand) []byte { // that never end
			return many(16, func() []byte {
				return frame(0, packet(r, append([]byte{0x7c, 0x05 | byte(r.IntN(8))<<5}, random(r, 1400)...)))
			})
		},
		"reports": func(r *rand.Rand) []byte {
			return many(64, func() []byte { return frame(1, append([]byte{0x80, 200, 0, 6}, random(r, 24)...)) })
		},
		"requests": func(*rand.Rand) []byte { return []byte(strings.Repeat("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n", 64)) },
		"answers": func(r *rand.Rand) []byte {
			return fmt.Appendf(nil, "RTSP/1.0 200 OK\r\nCSeq: %d\r\nContent-Length: %d\r\n\r\n", r.IntN(9), r.IntN(1<<20))
		},
		"slow-head": func(*rand.Rand) []byte { return []byte("RTSP/1.0 200 OK\r\nX: " + strings.Repeat("x", 100)) },
	}
}

// startGarbage serves a camera that writes garbage after PLAY until it is left.
func startGarbage(t *testing.T, next func(*rand.Rand) []byte) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	t.Cleanup(func() {
		_ = ln.Close()
		wg.Wait()
	})
	wg.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer conn.Close()
				serveGarbage(conn, next)
			})
		}
	})
	return ln.Addr().String()
}

func serveGarbage(conn net.Conn, next func(*rand.Rand) []byte) {
	const description = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:1\r\n"
	r := textproto.NewReader(bufio.NewReader(conn))
	for {
		line, err := r.ReadLine()
		if err != nil {
			return
		}
		h, err := r.ReadMIMEHeader()
		if err != nil {
			return
		}
		method, _, _ := strings.Cut(line, " ")
		answer := fmt.Sprintf("RTSP/1.0 200 OK\r\nCSeq: %s\r\nSession: 7\r\n", h.Get("Cseq"))
		switch method {
		case "DESCRIBE":
			answer += fmt.Sprintf("Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s", len(description), description)
		case "SETUP":
			answer += "Transport: " + h.Get("Transport") + "\r\n\r\n"
		default:
			answer += "\r\n"
		}
		if _, err := conn.Write([]byte(answer)); err != nil {
			return
		}
		if method == "PLAY" {
			break
		}
	}
	garbageSessions.Add(1)
	source := rand.New(rand.NewPCG(uint64(garbageSessions.Load()), 1))
	pieces := [64][]byte{} // what is random is made before: it would cost more than what is measured
	for i := range pieces {
		pieces[i] = next(source)
	}
	for i := 0; ; i++ {
		n, err := conn.Write(pieces[i%len(pieces)])
		garbageBytes.Add(int64(n))
		if err != nil {
			return
		}
	}
}
