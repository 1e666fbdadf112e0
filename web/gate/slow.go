package gate

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"time"
)

// How slow another end may be. Headers have the server's own bound, WebSockets
// theirs.
const (
	bodyGrace = 15 * time.Second // for a request's body, and
	bodyRate  = 4 << 10          // bytes a second from then on
	writeWait = 30 * time.Second // for each writeStep of an answer
	writeStep = 64 << 10         // bytes
)

// slowness is how slow another end may be; only tests have others.
type slowness struct{ grace, write time.Duration }

// body bounds how long a request's body may take to come, by what has come: a
// large one over a weak link is let through, a trickle is not.
type body struct {
	io.ReadCloser
	conn  *http.ResponseController
	slow  slowness
	began time.Time
	came  int64
}

func newBody(w http.ResponseWriter, in io.ReadCloser, most int64, slow slowness) io.ReadCloser {
	if most > 0 {
		in = http.MaxBytesReader(w, in, most)
	}
	b := &body{ReadCloser: in, conn: http.NewResponseController(w), slow: slow, began: time.Now()}
	b.extend() // also for routes that never read it: the server does, at their end
	return b
}

func (b *body) extend() {
	due := b.began.Add(b.slow.grace + time.Duration(b.came)*time.Second/bodyRate)
	_ = b.conn.SetReadDeadline(due) // a recorder of a test has none
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.came += int64(n)
	switch err {
	case nil:
		b.extend()
	case io.EOF:
		// The server listens on for the other end's leaving, which no time bounds.
		_ = b.conn.SetReadDeadline(time.Time{})
	}
	return n, err
}

// answer bounds how long another end may take to read what is written, piece by
// piece: an answer may last as long as it goes on.
type answer struct {
	http.ResponseWriter
	conn     *http.ResponseController
	slow     slowness
	hijacked bool
}

func newAnswer(w http.ResponseWriter, slow slowness) *answer {
	return &answer{ResponseWriter: w, conn: http.NewResponseController(w), slow: slow}
}

// Unwrap is for http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// within gives what do writes its time, and takes it back: HTTP/2 ends a stream
// when its time is over, even while nothing is being written.
func (a *answer) within(do func() error) error {
	_ = a.conn.SetWriteDeadline(time.Now().Add(a.slow.write)) // a recorder of a test has none
	err := do()
	if err == nil {
		_ = a.conn.SetWriteDeadline(time.Time{})
	}
	return err
}

// Write implements http.ResponseWriter.
func (a *answer) Write(p []byte) (sent int, err error) {
	for first := true; first || len(p) > 0; first = false {
		step := p[:min(len(p), writeStep)]
		err = a.within(func() error {
			n, err := a.ResponseWriter.Write(step)
			sent += n
			return err
		})
		if err != nil {
			return sent, err
		}
		p = p[len(step):]
	}
	return sent, nil
}

// Flush implements http.Flusher.
func (a *answer) Flush() { _ = a.within(a.conn.Flush) }

// Hijack implements http.Hijacker, for WebSockets: the server takes all time
// bounds off them.
func (a *answer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffer, err := a.conn.Hijack()
	a.hijacked = err == nil
	return conn, buffer, err
}

// finish bounds what the server still has to send when the route is done.
func (a *answer) finish() {
	if !a.hijacked {
		_ = a.conn.SetWriteDeadline(time.Now().Add(a.slow.write))
	}
}
