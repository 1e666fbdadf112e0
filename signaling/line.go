package signaling

import (
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/rtc"
)

// maxReplies is how many answers may wait for a slow reader before its socket
// is closed. Tile states and clocks do not queue: only their newest counts.
const maxReplies = 64

// problem is an error with a code of the protocol.
type problem struct{ code string }

func (p problem) Error() string { return p.code }

func coded(code string) error { return problem{code} }

// codeOf maps any error to a code; the unknown becomes "internal".
func codeOf(err error) string {
	var p problem
	var ce *websocket.CloseError
	switch {
	case errors.As(err, &p):
		return p.code
	case errors.Is(err, rtc.ErrOfferNoVideo):
		return CodeOfferNoVideo
	case errors.Is(err, rtc.ErrOfferSends):
		return CodeOfferSends
	case errors.Is(err, rtc.ErrOffer):
		return CodeOffer
	case errors.Is(err, rtc.ErrNoTile):
		return CodeNoTile
	case errors.Is(err, rtc.ErrFull):
		return CodeTooMany
	case errors.Is(err, gateway.ErrNotFound), errors.Is(err, auth.ErrDenied):
		return CodeNotFound
	case errors.Is(err, gateway.ErrClosed):
		return CodeRestarting
	case errors.Is(err, gateway.ErrMasked):
		return CodeMasked
	case errors.Is(err, gateway.ErrNoRungs):
		return CodeNoRungs
	case errors.Is(err, websocket.ErrReadLimit):
		return CodeTooLarge
	case errors.As(err, &ce):
		return codeGone
	}
	return CodeInternal
}

// codeGone is of a viewer that left; nobody is told.
const codeGone = "gone"

// closeOf is the WebSocket close code for an error.
func closeOf(err error) int {
	switch codeOf(err) {
	case CodeToken:
		return 4401
	case CodeSlow:
		return 4408
	case CodeTooMany:
		return 4429
	case CodeRestarting:
		return websocket.CloseServiceRestart
	case CodeTooLarge:
		return websocket.CloseMessageTooBig
	case codeGone, CodeTaken:
		return websocket.CloseNormalClosure
	}
	return 4400
}

// line is one WebSocket: a reader, who is the caller, and a writer goroutine.
type line struct {
	conn *websocket.Conn
	kick chan struct{} // capacity 1

	mu      sync.Mutex
	replies [][]byte
	fill    func() [][]byte // what else is to be sent now; set by the session
	closing *Bye
	code    int
	ended   bool

	tokens float64 // of the message rate
	at     time.Time
}

func newLine(conn *websocket.Conn) *line {
	l := &line{conn: conn, kick: make(chan struct{}, 1), tokens: MessageBurst, at: time.Now()}
	conn.SetReadLimit(MaxMessage)
	conn.SetPongHandler(func(string) error { return conn.SetReadDeadline(time.Now().Add(silenceLimit)) })
	return l
}

func (l *line) read() ([]byte, error) { return l.readWithin(silenceLimit) }

// readWithin reads a message, within the bounds of size and rate.
func (l *line) readWithin(d time.Duration) ([]byte, error) {
	if err := l.conn.SetReadDeadline(time.Now().Add(d)); err != nil {
		return nil, coded(codeGone)
	}
	kind, b, err := l.conn.ReadMessage()
	switch {
	case errors.Is(err, websocket.ErrReadLimit):
		return nil, coded(CodeTooLarge)
	case err != nil && isTimeout(err):
		return nil, coded(CodeSlow)
	case err != nil:
		return nil, coded(codeGone)
	case kind != websocket.TextMessage:
		return nil, coded(CodeBadMessage)
	case !l.allow(time.Now()):
		return nil, coded(CodeTooMany)
	}
	return b, nil
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

// allow takes one message from a bucket of MessageBurst, refilled at MessageRate.
func (l *line) allow(now time.Time) bool {
	l.tokens = min(MessageBurst, l.tokens+now.Sub(l.at).Seconds()*MessageRate)
	l.at = now
	if l.tokens < 1 {
		return false
	}
	l.tokens--
	return true
}

// send queues an answer; a reader that is too slow for maxReplies is closed.
func (l *line) send(msg any) {
	b, err := json.Marshal(msg)
	if err != nil {
		return // our own types always marshal
	}
	l.mu.Lock()
	full := len(l.replies) >= maxReplies
	if !full {
		l.replies = append(l.replies, b)
	}
	l.mu.Unlock()
	if full {
		l.close(4408, CodeSlow)
		return
	}
	l.wake()
}

func (l *line) wake() {
	select {
	case l.kick <- struct{}{}:
	default:
	}
}

// close has the writer say bye and close the socket.
func (l *line) close(status int, code string) {
	l.mu.Lock()
	if l.closing == nil {
		l.closing, l.code = &Bye{Type: TypeBye, Code: code, Text: textOf(code)}, status
	}
	l.mu.Unlock()
	l.wake()
}

// end lets the writer go, without a bye where none was asked for.
func (l *line) end() {
	l.mu.Lock()
	l.ended = true
	l.mu.Unlock()
	l.wake()
}

// write is the writer goroutine.
func (l *line) write() {
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	defer func() { _ = l.conn.Close() }()
	for {
		select {
		case <-l.kick:
		case <-ping.C:
			if l.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeLimit)) != nil {
				return
			}
		}
		l.mu.Lock()
		replies, fill, bye, code, ended := l.replies, l.fill, l.closing, l.code, l.ended
		l.replies = nil
		l.mu.Unlock()
		if fill != nil {
			replies = append(replies, fill()...)
		}
		for _, b := range replies {
			if !l.put(b) {
				return
			}
		}
		if bye != nil {
			l.sayBye(bye, code)
			return
		}
		if ended {
			return
		}
	}
}

func (l *line) put(b []byte) bool {
	return l.conn.SetWriteDeadline(time.Now().Add(writeLimit)) == nil &&
		l.conn.WriteMessage(websocket.TextMessage, b) == nil
}

func (l *line) sayBye(bye *Bye, code int) {
	if bye.Code != codeGone {
		b, err := json.Marshal(bye)
		if err != nil || !l.put(b) {
			return
		}
	}
	_ = l.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, bye.Code), time.Now().Add(writeLimit))
}

// decode reads a message; unknown fields are ignored, so that pages of a newer
// version can talk to us.
func decode(b []byte, to any) error {
	if err := json.Unmarshal(b, to); err != nil {
		return coded(CodeBadMessage)
	}
	return nil
}
