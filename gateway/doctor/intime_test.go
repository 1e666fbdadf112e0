package doctor

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"matthan/gateway/rtsp"
)

// TestAnExaminationIsOverInTimeWhateverTheCameraDoes looks at cameras that take all
// the time that they are given.
func TestAnExaminationIsOverInTimeWhateverTheCameraDoes(t *testing.T) {
	t.Parallel()
	late := func(ctx context.Context, c net.Conn, reply func(line string) string) {
		answering(func(line, _ string) string {
			pause(ctx, answerWait-300*time.Millisecond) // then it would be given up
			return reply(line)
		})(c)
	}
	h264 := sdp("m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000", "a=control:trackID=0")
	plays := func(line string) string {
		switch method, _, _ := strings.Cut(line, " "); method {
		case "DESCRIBE":
			return h264
		case "SETUP":
			return "RTSP/1.0 200 OK\r\nCSeq: $\r\nSession: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n"
		}
		return "RTSP/1.0 200 OK\r\nCSeq: $\r\nSession: 1\r\n\r\n"
	}
	var all sync.WaitGroup // at once, for they mostly wait
	for _, c := range []struct {
		name, scheme string
		each         func(context.Context, net.Conn)
		want         Code
	}{
		{"knows no stream, and takes long to say so", "rtsp", func(ctx context.Context, c net.Conn) {
			late(ctx, c, func(string) string { return "RTSP/1.0 404 Not Found\r\nCSeq: $\r\n\r\n" })
		}, CodeNoStream},
		{"takes long for each answer", "rtsp", func(ctx context.Context, c net.Conn) { late(ctx, c, plays) }, CodeNoAnswer},
		{"plays nothing, and answers nothing more", "rtsp", func(_ context.Context, c net.Conn) {
			done := false
			answering(func(line, _ string) string {
				if done {
					return ""
				}
				done = strings.HasPrefix(line, "PLAY ")
				return plays(line)
			})(c)
		}, CodeNoPicture},
		{"says one letter after the other", "rtsp", func(ctx context.Context, c net.Conn) {
			for _, err := io.WriteString(c, "RTSP/1.0 200 OK\r\nX: "); err == nil; _, err = io.WriteString(c, "x") {
				pause(ctx, 100*time.Millisecond)
			}
		}, CodeNotRTSP},
		{"never ends its handshake", "rtsps", func(_ context.Context, c net.Conn) { _, _ = io.Copy(io.Discard, c) }, CodeTLS},
		{"knows no TLS", "rtsps", func(_ context.Context, c net.Conn) { _, _ = io.WriteString(c, "220 mail\r\n") }, CodeTLS},
	} {
		at := serve(t, func(conn net.Conn) { c.each(t.Context(), conn) })
		address := strings.Replace(at, "rtsp://", c.scheme+"://", 1)
		all.Go(func() {
			if r := report(t, rtsp.Config{URL: address}, Usual); !has(r, c.want) || r.Playable {
				t.Errorf("%s: %q, want %s; %s", c.name, told(r), c.want, r.Detail)
			}
		})
	}
	all.Wait()
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, long time.Duration) {
	select {
	case <-time.After(long):
	case <-ctx.Done():
	}
}

// watchTheMachine tells how long all in all this machine let one wait who had nothing
// to wait for but a timer, since a moment: so much more than it would take something
// may take here.
func watchTheMachine(t *testing.T) func(since time.Time) time.Duration {
	const nap, usual = 10 * time.Millisecond, 5 * time.Millisecond
	type hold struct {
		at   time.Time
		long time.Duration
	}
	var mu sync.Mutex
	var holds []hold
	var watching sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	watching.Go(func() {
		for ctx.Err() == nil {
			slept := time.Now()
			<-time.After(nap)
			now := time.Now()
			if long := now.Sub(slept) - nap; long > usual {
				mu.Lock()
				holds = append(holds, hold{now, long})
				mu.Unlock()
			}
		}
	})
	t.Cleanup(func() { stop(); watching.Wait() })
	return func(since time.Time) (all time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		for _, h := range holds {
			if h.at.After(since) {
				all += h.long
			}
		}
		return all
	}
}
