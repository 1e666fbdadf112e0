package simulate

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Bounds of a request.
const (
	maxRigLine  = 4 << 10 // bytes of a line
	maxRigLines = 64      // of a header
	maxRigBody  = 8 << 10 // bytes, which are not looked at
)

// rigConn is a reader's connection, with at most one session. Its goroutine reads
// requests and answers them; the player's only writes.
type rigConn struct {
	rig    *Rig
	net    net.Conn
	in     *bufio.Reader
	camera *rigCamera // of the first request with a path; nil before
	login  loginState
	player *player // nil before SETUP

	writing sync.Mutex // of an answer or a frame

	mu    sync.Mutex
	heard time.Time // when the last request came that keeps the session
	reply time.Time // when the last answer to a request of ours came
}

func newRigConn(r *Rig, nc net.Conn) *rigConn {
	return &rigConn{rig: r, net: nc, in: bufio.NewReaderSize(nc, maxRigLine)}
}

// serve answers until the connection ends, and leaves nothing behind.
func (c *rigConn) serve() {
	defer func() {
		c.net.Close()
		if c.player != nil {
			c.player.close()
		}
	}()
	_ = c.net.SetReadDeadline(time.Now().Add(playWithin)) // fails only where it is closed
	for {
		x, err := c.read()
		if err == nil && x != nil {
			err = c.handle(x)
		}
		if err != nil {
			c.rig.log.Debug("connection closed", "reader", c.net.RemoteAddr(), "err", err)
			return
		}
	}
}

// read takes the next request, nil for what is none: an RTP or RTCP packet (RFC
// 2326 section 10.12), or an answer to a request of ours.
func (c *rigConn) read() (*exchange, error) {
	first, err := c.in.Peek(1)
	if err != nil {
		return nil, err
	}
	if first[0] == '$' {
		head := make([]byte, 4)
		if _, err := io.ReadFull(c.in, head); err != nil {
			return nil, err
		}
		_, err := c.in.Discard(int(head[2])<<8 | int(head[3]))
		return nil, err
	}
	line, err := c.line()
	if err != nil {
		return nil, err
	}
	x := &exchange{conn: c, header: map[string]string{}, status: 200, reason: "OK"}
	for range maxRigLines {
		h, err := c.line()
		if err != nil {
			return nil, err
		}
		if h == "" {
			if err := c.skipBody(x.header["content-length"]); err != nil {
				return nil, err
			}
			return x, c.parse(line, x)
		}
		k, v, _ := strings.Cut(h, ":")
		x.header[strings.ToLower(strings.TrimSpace(k))] = strings.TrimSpace(v)
	}
	return nil, errors.New("a header of too many lines")
}

func (c *rigConn) line() (string, error) {
	b, err := c.in.ReadSlice('\n')
	return strings.TrimRight(string(b), "\r\n"), err
}

func (c *rigConn) skipBody(length string) error {
	if length == "" {
		return nil
	}
	n, err := strconv.Atoi(length)
	if err != nil || n < 0 || n > maxRigBody {
		return errors.New("a body of an impossible length")
	}
	_, err = c.in.Discard(n)
	return err
}

// parse reads a request line. An answer to a request of ours leaves x without a
// method.
func (c *rigConn) parse(line string, x *exchange) error {
	f := strings.Fields(line)
	if strings.HasPrefix(line, "RTSP/") {
		c.mu.Lock()
		c.reply = time.Now()
		c.mu.Unlock()
		return nil
	}
	if len(f) != 3 || !strings.HasPrefix(f[2], "RTSP/1.") {
		return errors.New("a line that is no request")
	}
	x.method, x.url = f[0], f[1]
	if i := strings.LastIndex(x.url, "://"); i >= 0 {
		if j := strings.IndexByte(x.url[i+3:], '/'); j >= 0 {
			x.path = x.url[i+3+j:]
		}
	}
	return nil
}

// exchange is a request and what will be answered.
type exchange struct {
	conn        *rigConn
	method, url string
	path        string            // of the URL, with its query
	header      map[string]string // by name in small letters

	status int
	reason string
	fields []string // lines of the answer's header
	body   string

	raw    string        // sent instead of all that
	silent bool          // nothing is sent
	hangUp bool          // the connection ends after the answer
	delay  time.Duration // before it
}

// refuse makes the answer one that refuses.
func (x *exchange) refuse(status int, reason string) {
	x.status, x.reason, x.fields, x.body = status, reason, nil, ""
}

// set gives the answer's header a line, instead of all it has by that name. An
// empty value leaves it without.
func (x *exchange) set(name, value string) {
	var kept []string
	for _, f := range x.fields {
		if k, _, _ := strings.Cut(f, ":"); k != name {
			kept = append(kept, f)
		}
	}
	x.fields = kept
	if value != "" {
		x.add(name, value)
	}
}

func (x *exchange) add(name, value string) { x.fields = append(x.fields, name+": "+value) }

// handle answers a request as the camera does: by the rules, and then changed by
// its profile.
func (c *rigConn) handle(x *exchange) error {
	if x.method == "" {
		return nil
	}
	if c.camera == nil {
		c.camera, _, _ = c.rig.find(x.path)
	}
	if c.camera == nil {
		x.refuse(404, "Not Found")
		return c.send(x)
	}
	if c.camera.isDown() {
		return errors.New("the camera boots")
	}
	p := c.camera.profile
	if p.keeps == nil || p.keeps(x.method) {
		c.mu.Lock()
		c.heard = time.Now()
		c.mu.Unlock()
	}
	if p.login == nil || x.method == "OPTIONS" || c.login.permits(p.login, c.rig.options, x) {
		c.act(x)
	}
	if p.answer != nil {
		p.answer(x)
	}
	if err := c.send(x); err != nil {
		return err
	}
	if x.method == "PLAY" && x.status == 200 && c.player != nil {
		_ = c.net.SetReadDeadline(time.Time{}) // fails only where it is closed
		c.player.start()
	}
	if x.hangUp {
		return errors.New("the profile hangs up")
	}
	return nil
}

// act does by the rules what a request asks.
func (c *rigConn) act(x *exchange) {
	switch x.method {
	case "OPTIONS":
		x.add("Public", "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN")
	case "DESCRIBE":
		c.describe(x)
	case "SETUP":
		c.setUp(x)
	case "PLAY":
		if c.player == nil {
			x.refuse(455, "Method Not Valid in This State")
			return
		}
		x.add("Session", c.player.session())
		x.add("Range", "npt=0.000-")
	case "GET_PARAMETER":
		if c.player != nil {
			x.add("Session", c.player.session())
		}
	case "TEARDOWN":
		x.hangUp = true
	default:
		x.refuse(501, "Not Implemented")
	}
}

// describe answers with the session description.
func (c *rigConn) describe(x *exchange) {
	cam, q, rest := c.rig.find(x.path)
	if cam != c.camera || rest != "" {
		x.refuse(404, "Not Found")
		return
	}
	x.add("Content-Type", "application/sdp")
	x.add("Content-Base", strings.TrimRight(x.url, "/")+"/")
	x.body = describeRig(cam, q)
	if cam.profile.sdp != nil {
		x.body = cam.profile.sdp(x)
	}
}

// send writes the answer.
func (c *rigConn) send(x *exchange) error {
	if x.delay > 0 {
		select {
		case <-time.After(x.delay):
		case <-c.rig.closing:
			return net.ErrClosed
		}
	}
	text := x.raw
	if text == "" {
		var b strings.Builder
		fmt.Fprintf(&b, "RTSP/1.0 %d %s\r\nCSeq: %s\r\n", x.status, x.reason, x.header["cseq"])
		for _, f := range x.fields {
			b.WriteString(f + "\r\n")
		}
		if x.body != "" {
			fmt.Fprintf(&b, "Content-Length: %d\r\n", len(x.body))
		}
		b.WriteString("\r\n" + x.body)
		text = b.String()
	}
	if x.silent {
		return nil
	}
	return c.write([]byte(text))
}

// write sends what must stay together.
func (c *rigConn) write(b []byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := c.net.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
		return err
	}
	_, err := c.net.Write(b)
	return err
}

// lastHeard is how long ago the reader said what keeps the session, and answered
// a request of ours.
func (c *rigConn) lastHeard(now time.Time) (request, reply time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return now.Sub(c.heard), now.Sub(c.reply)
}
