package hook

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"matthan/gateway"
)

const (
	patience = 20 * time.Second
	secret   = "chim-hoang-yen-hot"
)

// receiver is another server. Each try is handled by the next of its handlers,
// those after the last by success.
type receiver struct {
	t        *testing.T
	url      *url.URL
	handlers []http.HandlerFunc
	took     chan Event // that were answered with success

	mu    sync.Mutex
	tries int
}

func startReceiver(t *testing.T, handlers ...http.HandlerFunc) *receiver {
	t.Helper()
	r := &receiver{t: t, handlers: handlers, took: make(chan Event, 2*maxWaiting)}
	s := httptest.NewServer(r)
	t.Cleanup(s.Close)
	u, err := url.Parse(s.URL + "/báo?key=chim")
	if err != nil {
		t.Fatal(err)
	}
	r.url = u
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return // the try was given up
	}
	var at int64
	var mac string
	n, err := fmt.Sscanf(req.Header.Get(Signature), "t=%d,v1=%s", &at, &mac)
	if n != 2 || err != nil || time.Since(time.Unix(at, 0)) > time.Minute || req.Header.Get(Signature) != Sign([]byte(secret), time.Unix(at, 0), body) {
		r.t.Errorf("signature %q", req.Header.Get(Signature))
	}
	r.mu.Lock()
	r.tries++
	var do http.HandlerFunc
	if r.tries <= len(r.handlers) {
		do = r.handlers[r.tries-1]
	}
	r.mu.Unlock()
	if do != nil {
		do(w, req)
		return
	}
	var e Event
	if err := json.Unmarshal(body, &e); err != nil {
		r.t.Error(err)
	}
	r.took <- e
	w.WriteHeader(http.StatusNoContent)
}

func (r *receiver) next() Event {
	r.t.Helper()
	select {
	case e := <-r.took:
		return e
	case <-time.After(patience):
		r.t.Fatal("no event came")
		panic("unreachable")
	}
}

func run(t *testing.T, h *Hook) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { h.Run(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
}

func config(u *url.URL) Config {
	return Config{URL: u, Secret: []byte(secret), Gateway: "https://camera.example", Log: slog.New(slog.DiscardHandler), Within: 200 * time.Millisecond, Again: time.Millisecond}
}

func status(n int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(n) }
}

func TestEachEventIsTriedUntilItIsTakenAndInOrder(t *testing.T) {
	t.Parallel()
	r := startReceiver(t, status(500), status(429),
		func(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() }, // it hangs
		func(w http.ResponseWriter, req *http.Request) {
			w.Header().Set("Location", "http://127.0.0.1:1/")
			w.WriteHeader(307)
		},
		func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	h := New(config(r.url))
	h.Tell(gateway.Alert{Number: 1, Kind: gateway.AlertHost, At: time.Unix(1000, 0), Since: time.Unix(400, 0), Cause: gateway.CauseUnreachable}, []Camera{{"a", "Ngã tư", "lang"}, {"b", "Chợ", "lang"}})
	h.Tell(gateway.Alert{Number: 2, Of: 1, Kind: gateway.AlertOnline, At: time.Unix(2000, 0), Since: time.Unix(2000, 0), Left: 1}, []Camera{{"a", "Ngã tư", "lang"}})
	run(t, h)
	first, gone, back := r.next(), r.next(), r.next()
	if first.Kind != Started || first.Incident != "" || first.Gateway != "https://camera.example" {
		t.Errorf("%+v", first)
	}
	if gone.Kind != "host_offline" || gone.Incident != gone.ID || gone.Count != 2 || gone.Cause != "unreachable" || !gone.Since.Equal(time.Unix(400, 0)) || gone.Cameras[1] != (Camera{"b", "Chợ", "lang"}) {
		t.Errorf("%+v", gone)
	}
	if back.Kind != "online" || back.Incident != gone.ID || back.ID == gone.ID || back.Left != 1 {
		t.Errorf("%+v", back)
	}
	if s := h.State(); s.Dropped != 0 || !s.Failing.IsZero() && s.Waiting == 0 {
		t.Errorf("%+v", s)
	}
}

// An answer that never ends costs one try's time at most, and the event is taken.
func TestAnAnswerIsNotReadForLong(t *testing.T) {
	t.Parallel()
	r := startReceiver(t, func(w http.ResponseWriter, req *http.Request) {
		w.WriteHeader(http.StatusOK)
		for req.Context().Err() == nil {
			_, _ = w.Write([]byte(strings.Repeat("x", 1024)))
			w.(http.Flusher).Flush()
		}
	}, func(w http.ResponseWriter, req *http.Request) {
		w.WriteHeader(http.StatusOK)
		w.(http.Flusher).Flush()
		<-req.Context().Done()
	})
	h := New(config(r.url))
	h.Tell(gateway.Alert{Number: 1, Kind: gateway.AlertOffline, At: time.Now()}, nil)
	h.Tell(gateway.Alert{Number: 2, Kind: gateway.AlertOffline, At: time.Now()}, nil)
	run(t, h)
	if e := r.next(); !strings.HasSuffix(e.ID, "-2") {
		t.Errorf("%+v", e)
	}
}

func TestWhatIsRefusedForGoodOrTooOldIsDroppedAndThatIsSeen(t *testing.T) {
	t.Parallel()
	r := startReceiver(t, status(204), status(422), status(503))
	h := New(config(r.url))
	h.Tell(gateway.Alert{Number: 1, Kind: gateway.AlertOffline, At: time.Now()}, nil)
	h.Tell(gateway.Alert{Number: 2, Kind: gateway.AlertOffline, At: time.Now().Add(-keepFor - time.Minute)}, nil)
	h.Tell(gateway.Alert{Number: 3, Kind: gateway.AlertOffline, At: time.Now()}, nil)
	run(t, h)
	if e := r.next(); !strings.HasSuffix(e.ID, "-3") {
		t.Errorf("%+v", e)
	}
	if s := h.State(); s.Dropped != 2 {
		t.Errorf("%+v", s)
	}
}

func TestAServerThatDoesNotTakeThemIsSeen(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(status(204))
	closed.Close()
	broken := httptest.NewServer(status(503))
	t.Cleanup(broken.Close)
	strange := httptest.NewTLSServer(status(204)) // its certificate is nobody's
	t.Cleanup(strange.Close)
	for name, c := range map[string]struct {
		url    string
		permit func(netip.AddrPort) error
	}{
		"unreachable":  {closed.URL, nil},
		"status_503":   {broken.URL, nil},
		"certificate":  {strange.URL, nil},
		"out_of_reach": {broken.URL, func(netip.AddrPort) error { return gateway.ErrOutOfReach }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u, err := url.Parse(c.url)
			if err != nil {
				t.Fatal(err)
			}
			cfg := config(u)
			cfg.Permit = c.permit
			h := New(cfg)
			run(t, h)
			tick := time.NewTicker(time.Millisecond)
			defer tick.Stop()
			for end := time.Now().Add(patience); h.State().Why != name; <-tick.C {
				if time.Now().After(end) {
					t.Fatalf("%+v", h.State())
				}
			}
			if s := h.State(); s.Waiting != 1 || s.Failing.IsZero() {
				t.Errorf("%+v", s)
			}
		})
	}
}

func TestWhatWaitsIsBounded(t *testing.T) {
	t.Parallel()
	r := startReceiver(t)
	h := New(config(r.url))
	var names []Camera
	for i := range maxCameras + 50 {
		names = append(names, Camera{ID: strconv.Itoa(i)})
	}
	for i := range maxWaiting + 5 {
		h.Tell(gateway.Alert{Number: i + 1, Kind: gateway.AlertMany, At: time.Now()}, names)
	}
	if s := h.State(); s.Waiting != maxWaiting || s.Dropped != 6 {
		t.Errorf("%+v", s)
	}
	run(t, h)
	var numbers []string
	for range maxWaiting {
		e := r.next()
		if _, n, _ := strings.Cut(e.ID, "-"); e.Kind != Started {
			numbers = append(numbers, n)
		}
		if e.Kind != Started && (len(e.Cameras) != maxCameras || e.Count != maxCameras+50) {
			t.Fatalf("%d of %d cameras", len(e.Cameras), e.Count)
		}
	}
	if !slices.Contains(numbers, strconv.Itoa(maxWaiting+5)) || slices.Contains(numbers, "1") || len(numbers) != maxWaiting-1 {
		t.Errorf("%d were sent", len(numbers))
	}
}
