package gate

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// deadlines records what a connection is told, as net/http's own does.
type deadlines struct {
	http.ResponseWriter
	read, write time.Time
	writes      []int
}

func (d *deadlines) SetReadDeadline(t time.Time) error  { d.read = t; return nil }
func (d *deadlines) SetWriteDeadline(t time.Time) error { d.write = t; return nil }
func (d *deadlines) Write(p []byte) (int, error) {
	if d.write.IsZero() {
		panic("written without a bound")
	}
	d.writes = append(d.writes, len(p))
	return d.ResponseWriter.Write(p)
}

// A body that trickles is cut, one that comes over a weak link is not, and when
// it is whole nothing bounds what the route does next.
func TestATrickledBodyIsCut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in, out := io.Pipe()
		d := &deadlines{ResponseWriter: httptest.NewRecorder()}
		b := newBody(d, in, 0, slowness{bodyGrace, writeWait})
		began := time.Now()
		if d.read.Sub(began) != bodyGrace {
			t.Fatalf("a route that reads nothing waits %v", d.read.Sub(began))
		}
		piece := make([]byte, 8*bodyRate)
		go func() {
			for range 10 {
				time.Sleep(4 * time.Second) // twice as fast as need be
				_, _ = out.Write(piece)
			}
			time.Sleep(time.Second)
			_, _ = out.Write([]byte("x"))
			_ = out.Close()
		}()
		for range 10 {
			if _, err := io.ReadFull(b, piece); err != nil || !time.Now().Before(d.read) {
				t.Fatalf("cut after %v: %v", time.Since(began), err)
			}
		}
		due := d.read
		if _, err := b.Read(piece); err != nil || d.read.Sub(due) > time.Second {
			t.Errorf("one byte buys %v, %v", d.read.Sub(due), err)
		}
		if _, err := b.Read(piece); err != io.EOF || !d.read.IsZero() {
			t.Errorf("after the end: %v, %v", d.read, err)
		}
	})
}

func TestAnAnswerLastsAsLongAsItIsTaken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &deadlines{ResponseWriter: httptest.NewRecorder()}
		a := newAnswer(d, slowness{bodyGrace, writeWait})
		if n, err := a.Write(bytes.Repeat([]byte("x"), 3*writeStep+1)); n != 3*writeStep+1 || err != nil || len(d.writes) != 4 {
			t.Errorf("%d bytes in %v, %v", n, d.writes, err)
		}
		if !d.write.IsZero() {
			t.Error("a route that thinks between two writes is cut")
		}
		a.finish()
		if got := time.Until(d.write); got != writeWait {
			t.Errorf("the rest may take %v", got)
		}
	})
}

// end is what a route ended with; it never waits for ever.
func end(t *testing.T, ended <-chan error) error {
	t.Helper()
	select {
	case err := <-ended:
		return err
	case <-time.After(20 * time.Second):
		t.Fatal("the route goes on")
		return nil
	}
}

// impatient serves a route behind a gate that waits for nobody.
func impatient(t *testing.T, route http.HandlerFunc) net.Conn {
	t.Helper()
	g := New(Config{})
	g.slow = slowness{20 * time.Millisecond, 20 * time.Millisecond}
	s := httptest.NewServer(g.Guard(route))
	t.Cleanup(s.Close)
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	return c
}

func TestAConnectionThatSendsHalfABodyEnds(t *testing.T) {
	t.Parallel()
	for name, reads := range map[string]bool{"read": true, "not read": false} {
		ended := make(chan error, 1)
		c := impatient(t, func(_ http.ResponseWriter, r *http.Request) {
			var err error
			if reads {
				_, err = io.ReadAll(r.Body)
			}
			ended <- err
		})
		_, _ = io.WriteString(c, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf")
		if err := end(t, ended); reads && !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := io.ReadAll(c); err != nil { // until the server closes it
			t.Errorf("%s: the connection stays open: %v", name, err)
		}
	}
}

func TestAReaderThatTakesNothingIsLetGo(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	c := impatient(t, func(w http.ResponseWriter, _ *http.Request) {
		_, err := w.Write(make([]byte, 64<<20))
		ended <- err
	})
	_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	if err := end(t, ended); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error(err)
	}
}

// The same over HTTP/2, which browsers speak: the stream ends, and the others of
// its connection go on.
func TestAStreamThatSendsHalfABodyEndsAlone(t *testing.T) {
	t.Parallel()
	g := New(Config{})
	g.slow = slowness{20 * time.Millisecond, 20 * time.Second}
	ended := make(chan error, 1)
	s := httptest.NewUnstartedServer(g.Guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			_, err := io.ReadAll(r.Body)
			ended <- err
		}
		_, _ = io.WriteString(w, r.Proto)
	})))
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	half, more := io.Pipe()
	defer func() { _ = more.Close() }()
	go func() { _, _ = io.WriteString(more, "half") }()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	post, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, half)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.Client().Do(post)
	if err == nil {
		_ = resp.Body.Close()
	}
	if err := end(t, ended); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the route read %v", err)
	}
	resp, err = s.Client().Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if text, err := io.ReadAll(resp.Body); err != nil || string(text) != "HTTP/2.0" {
		t.Errorf("the next request: %q %v", text, err)
	}
}
