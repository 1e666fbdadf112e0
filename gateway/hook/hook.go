package hook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"sync"
	"syscall"
	"time"

	"matthan/gateway"
)

// Bounds of telling.
const (
	maxWaiting = 1000 // the oldest gives way
	maxCameras = 200  // that are named in an event; Count has all
	maxAnswer  = 64 << 10
	keepFor    = 24 * time.Hour // what could not be told for so long is not told
)

// Signature is the header that proves who sent an event: t=, Unix seconds of the
// sending, and v1=, HMAC-SHA-256 in hex of that number, a dot and the body.
const Signature = "Matthan-Signature"

// Started is the kind of the first event of each run.
const Started = "started"

// Event is what is sent.
type Event struct {
	ID       string    `json:"id"` // the same when it is sent again
	Kind     string    `json:"kind"`
	At       time.Time `json:"at"`
	Gateway  string    `json:"gateway"`            // where people reach it
	Incident string    `json:"incident,omitempty"` // what begins or ends: the id of the event that told of it first
	Since    time.Time `json:"since,omitzero"`
	Cause    string    `json:"cause,omitempty"`
	Count    int       `json:"count,omitempty"`   // of cameras
	Left     int       `json:"left,omitempty"`    // that are still offline of the incident
	Cameras  []Camera  `json:"cameras,omitempty"` // the first 200
}

// Camera is one by its name; nothing else of it is told.
type Camera struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Area string `json:"area"`
}

// Config says whom to tell.
type Config struct {
	URL     *url.URL // https, or http to this machine
	Secret  []byte
	Gateway string                     // where people reach it
	Permit  func(netip.AddrPort) error // is asked before each connection; nil: every address
	Roots   *x509.CertPool             // nil: the system's
	Log     *slog.Logger

	Within time.Duration // for one try; 0: 10 s
	Again  time.Duration // to the second try; twice as long each time, at most 60 times; 0: 5 s
}

// State says whether the other server takes what it is told.
type State struct {
	Waiting int
	Dropped int       // since the start: refused, too old or too many
	Failing time.Time // since when; zero: it takes them
	Why     string    // while it fails: status_503, unreachable, timeout, out_of_reach, certificate
}

// Hook is such a server, as it is told.
type Hook struct {
	cfg    Config
	client *http.Client
	run    string // begins the ids of this run
	wake   chan struct{}

	mu      sync.Mutex
	waiting []Event // the oldest first
	state   State
}

// New tells that the gateway started, as soon as Run runs.
func New(c Config) *Hook {
	if c.Within <= 0 {
		c.Within = 10 * time.Second
	}
	if c.Again <= 0 {
		c.Again = 5 * time.Second
	}
	h := &Hook{cfg: c, client: newClient(c), run: rand.Text()[:10], wake: make(chan struct{}, 1)}
	h.put(Event{ID: h.id(0), Kind: Started, At: time.Now().UTC(), Gateway: c.Gateway})
	return h
}

// newClient sends to where the address leads and to nowhere else.
func newClient(c Config) *http.Client {
	dialer := &net.Dialer{Timeout: c.Within, Control: func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil || c.Permit == nil {
			return err
		}
		return c.Permit(to)
	}}
	return &http.Client{
		Timeout: c.Within,
		Transport: &http.Transport{DialContext: dialer.DialContext, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.Roots},
			MaxResponseHeaderBytes: 16 << 10, MaxIdleConns: 1, IdleConnTimeout: time.Minute},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (h *Hook) id(number int) string { return h.run + "-" + strconv.Itoa(number) }

// Tell has an alert sent, with the cameras that may be named. It does not wait.
func (h *Hook) Tell(a gateway.Alert, cameras []Camera) {
	e := Event{ID: h.id(a.Number), Kind: string(a.Kind), At: a.At.UTC(), Gateway: h.cfg.Gateway, Incident: h.id(a.Number), Since: a.Since.UTC(),
		Cause: string(a.Cause), Count: len(cameras), Left: a.Left, Cameras: cameras[:min(len(cameras), maxCameras)]}
	if a.Of != 0 {
		e.Incident = h.id(a.Of)
	}
	h.put(e)
}

func (h *Hook) put(e Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.waiting) == maxWaiting {
		h.waiting = append(h.waiting[:1], h.waiting[2:]...) // the first is being sent
		h.state.Dropped++
	}
	h.waiting = append(h.waiting, e)
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// State says how the telling goes.
func (h *Hook) State() State {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.state
	s.Waiting = len(h.waiting)
	return s
}

// Run sends what is told until ctx ends. What waits then is lost.
func (h *Hook) Run(ctx context.Context) {
	defer h.client.CloseIdleConnections()
	for tries := 0; ; {
		e, ok := h.next()
		if !ok {
			select {
			case <-h.wake:
				continue
			case <-ctx.Done():
				return
			}
		}
		err := h.send(ctx, e)
		if ctx.Err() != nil {
			return
		}
		if h.took(e, err, time.Now()) {
			tries = 0
			continue
		}
		wait := h.cfg.Again * time.Duration(min(1<<min(tries, 6), 60))
		tries++
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
	}
}

func (h *Hook) next() (Event, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.waiting) == 0 {
		return Event{}, false
	}
	return h.waiting[0], true
}

// took notes what came of sending e, and says whether it waits no more.
func (h *Hook) took(e Event, err error, now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	var refused *refusal
	switch {
	case err == nil:
		if !h.state.Failing.IsZero() {
			h.cfg.Log.Info("the server of alerts takes them again")
		}
		h.state.Failing, h.state.Why = time.Time{}, ""
	case errors.As(err, &refused) && refused.final, now.Sub(e.At) > keepFor:
		h.state.Dropped++
		h.cfg.Log.Error("an alert is not told: the server refuses it, or it is too old", "event", e.ID, "kind", e.Kind, "why", why(err))
	default:
		if h.state.Failing.IsZero() {
			h.state.Failing = now
			h.cfg.Log.Error("the server of alerts does not take them; trying again", "why", why(err))
		}
		h.state.Why = why(err)
		return false
	}
	h.waiting = h.waiting[1:]
	return true
}

// refusal is an answer that is not a success.
type refusal struct {
	status int
	final  bool // the same event will not do later
}

func (r *refusal) Error() string { return "status " + strconv.Itoa(r.status) }

// send tries once.
func (h *Hook) send(ctx context.Context, e Event) error {
	body, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write the event: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.cfg.URL.String(), bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("make the request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Matthan")
	req.Header.Set(Signature, Sign(h.cfg.Secret, time.Now(), body))
	resp, err := h.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.CopyN(io.Discard, resp.Body, maxAnswer) // so that the connection serves again
	switch s := resp.StatusCode; {
	case s >= 200 && s < 300:
		return nil
	case s == 400, s == 410, s == 413, s == 415, s == 422:
		return &refusal{s, true}
	default:
		return &refusal{s, false}
	}
}

// Sign makes the header Signature of a body that is sent now.
func Sign(secret []byte, now time.Time, body []byte) string {
	at := strconv.FormatInt(now.Unix(), 10)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(at + "."))
	mac.Write(body)
	return "t=" + at + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

// why is an error in a word, without the address, which may hold a secret.
func why(err error) string {
	var refused *refusal
	var slow interface{ Timeout() bool }
	var unknown x509.UnknownAuthorityError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &refused):
		return "status_" + strconv.Itoa(refused.status)
	case errors.Is(err, gateway.ErrOutOfReach):
		return "out_of_reach"
	case errors.As(err, &certificate), errors.As(err, &unknown):
		return "certificate"
	case errors.As(err, &slow) && slow.Timeout():
		return "timeout"
	}
	return "unreachable"
}
