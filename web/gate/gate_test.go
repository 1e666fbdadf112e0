package gate

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// from is a request as if from an address.
func from(remote string, header ...string) *http.Request {
	r := httptest.NewRequest("GET", "/api/v1/cameras", nil)
	r.RemoteAddr = remote
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

// serve answers one request behind a gate.
func serve(g *Gate, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	g.Guard(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "done") })).ServeHTTP(w, r)
	return w.Result()
}

// byHeader knows people and tokens by a header of these tests.
func byHeader(r *http.Request) (string, bool) {
	if p := r.Header.Get("Person"); p != "" {
		return p, true
	}
	return r.Header.Get("Token"), false
}

func TestAFloodInAStationLocksNoOfficerOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := New(Config{PerAddress: Rate{1, 10}, PerPerson: Rate{1, 3}, Payer: byHeader})
		const station = "203.0.113.7:4000"
		refused := 0
		for range 50 {
			if serve(g, from(station)).StatusCode == http.StatusTooManyRequests {
				refused++
			}
		}
		if refused != 40 {
			t.Errorf("%d of 50 requests of strangers were refused, want 40", refused)
		}
		for _, who := range []string{"an", "binh"} {
			for i, want := range []int{200, 200, 200, 429} {
				if got := serve(g, from(station, "Person", who)).StatusCode; got != want {
					t.Errorf("%s, request %d: %d", who, i, got)
				}
			}
		}
		if serve(g, from("198.51.100.1:1", "Person", "an")).StatusCode != 429 {
			t.Error("another address gives a person another bucket")
		}
		if serve(g, from(station, "Token", "wall")).StatusCode != 200 || serve(g, from("198.51.100.1:1")).StatusCode != 200 {
			t.Error("a token, or another address, pays for the flood")
		}
		time.Sleep(2 * time.Second) // the bubble's clock
		for i, want := range []int{200, 200, 429} {
			if got := serve(g, from(station)).StatusCode; got != want {
				t.Errorf("after two seconds, request %d: %d", i, got)
			}
		}
	})
}

func TestRefusalsSayWhenToComeBack(t *testing.T) {
	t.Parallel()
	g := New(Config{PerAddress: Rate{0.1, 1}})
	serve(g, from("203.0.113.7:1"))
	resp := serve(g, from("203.0.113.7:1"))
	var doc struct {
		Status int
		Code   string
		Title  string
		Text   struct{ VI, EN string }
	}
	if err := json.NewDecoder(resp.Body).Decode(&doc); err != nil || doc.Status != 429 || doc.Code != "too_many" || doc.Text.VI == "" || doc.Text.EN == "" {
		t.Errorf("%+v %v", doc, err)
	}
	if resp.StatusCode != 429 || resp.Header.Get("Retry-After") != "10" || resp.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	resp = serve(g, from("203.0.113.7:1", "Accept", "text/html", "Accept-Language", "vi-VN,vi;q=0.9"))
	text, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != 429 || !strings.Contains(string(text), "Hãy đợi một chút") || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		t.Errorf("%d %s", resp.StatusCode, text)
	}
}

func TestOneSubscriberHasOneBucket(t *testing.T) {
	t.Parallel()
	g := New(Config{PerAddress: Rate{0.001, 1}})
	for _, tt := range []struct {
		remote string
		want   int
	}{
		{"[2001:db8:1:2::1]:1", 200}, {"[2001:db8:1:2:ffff::9]:2", 429}, {"[2001:db8:1:3::1]:1", 200},
		{"192.0.2.1:1", 200}, {"[::ffff:192.0.2.1]:9", 429},
		{"127.0.0.1:1", 200}, {"127.0.0.1:2", 200}, {"[::1]:1", 200}, {"[::1]:2", 200}, // a proxy here brings everybody's
	} {
		if got := serve(g, from(tt.remote, "X-Forwarded-For", "198.51.100.77")).StatusCode; got != tt.want {
			t.Errorf("%s: %d, want %d", tt.remote, got, tt.want)
		}
	}
}

func TestManyAddressesTakeBoundedMemory(t *testing.T) {
	t.Parallel()
	b, now := buckets{full: map[string]time.Time{}}, time.Now()
	rate := Rate{1, 5}
	for i := range maxBuckets {
		b.take(fmt.Sprint(i), rate, now)
	}
	served := 0
	for i := range 1000 {
		if b.take(fmt.Sprint("new", i), rate, now) == 0 {
			served++
		}
	}
	if len(b.full) > maxBuckets+1 || served != rate.Burst {
		t.Errorf("%d buckets, %d newcomers served", len(b.full), served)
	}
	if wait := b.take("7", rate, now); wait != 0 {
		t.Error("who was here before pays for the newcomers")
	}
	later := now.Add(2 * time.Second)
	if b.take("late", rate, later) != 0 || len(b.full) > 10 {
		t.Errorf("%d buckets are kept after they are full", len(b.full))
	}
}

func TestOtherSitesPagesChangeNothing(t *testing.T) {
	t.Parallel()
	g := New(Config{})
	for _, tt := range []struct {
		method string
		header []string
		want   int
	}{
		{"POST", nil, 200}, // no browser: it has no cookies of ours
		{"POST", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"POST", []string{"Sec-Fetch-Site", "none"}, 200},
		{"POST", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"POST", []string{"Sec-Fetch-Site", "same-site"}, 403}, // another port of this host, another name of this domain
		{"DELETE", []string{"Origin", "https://evil.example"}, 403},
		{"PUT", []string{"Origin", "http://example.com"}, 200}, // as in Host
		{"POST", []string{"Origin", "null"}, 403},
		{"GET", []string{"Sec-Fetch-Site", "cross-site"}, 200},
		{"POST", []string{"Sec-Fetch-Site", "cross-site", "Authorization", "Bearer t"}, 200}, // a portal's page
	} {
		r := from("192.0.2.1:1", tt.header...)
		r.Method = tt.method
		if got := serve(g, r).StatusCode; got != tt.want {
			t.Errorf("%s %v: %d, want %d", tt.method, tt.header, got, tt.want)
		}
	}
}

func TestAProviderMaySendItsFormToTheOneRouteThatWantsIt(t *testing.T) {
	t.Parallel()
	g := New(Config{Foreign: []string{"POST /auth/callback"}})
	for path, want := range map[string]int{"/auth/callback": 200, "/auth/logout": 403, "/api/v1/cameras": 403} {
		r := from("192.0.2.1:1", "Sec-Fetch-Site", "cross-site", "Origin", "https://sso.example")
		r.Method, r.URL.Path = "POST", path
		if got := serve(g, r).StatusCode; got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
}

func TestEveryAnswerIsHardenedAndHSTSIsForTLSOnly(t *testing.T) {
	t.Parallel()
	for _, hsts := range []bool{false, true} {
		g := New(Config{HSTS: hsts})
		for _, target := range []string{"http://a.example/", "https://a.example/"} {
			h := serve(g, httptest.NewRequest("GET", target, nil)).Header
			if want := hsts && target[4] == 's'; (h.Get("Strict-Transport-Security") == "max-age=31536000") != want {
				t.Errorf("HSTS %v at %s: %q", hsts, target, h.Get("Strict-Transport-Security"))
			}
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
				"Cross-Origin-Resource-Policy": "same-origin", "Content-Security-Policy": policy, "Permissions-Policy": features} {
				if h.Get(name) != want {
					t.Errorf("%s: %q", name, h.Get(name))
				}
			}
		}
	}
}

// listen serves a route behind a gate on a real connection.
func listen(t *testing.T, route http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(New(Config{MaxBody: 1 << 20}).Guard(route))
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

func TestBodiesAreBoundedInSize(t *testing.T) {
	t.Parallel()
	failed := make(chan error, 1)
	addr := listen(t, func(_ http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		failed <- fmt.Errorf("%d bytes, %w", n, err)
	})
	resp, err := http.Post("http://"+addr, "text/plain", strings.NewReader(strings.Repeat("x", 2<<20)))
	if err == nil {
		_ = resp.Body.Close()
	}
	var large *http.MaxBytesError
	if err := end(t, failed); !errors.As(err, &large) {
		t.Error(err)
	}
}

// A WebSocket is taken over with no time bound on it, behind the gate too.
func TestAConnectionThatIsTakenOverLivesOn(t *testing.T) {
	t.Parallel()
	addr := listen(t, func(w http.ResponseWriter, _ *http.Request) {
		c, rw, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = c.Close() }()
		line, _ := rw.ReadString('\n')
		_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\n\r\n" + line)
		_ = rw.Flush()
	})
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\nping\n")
	text, err := io.ReadAll(bufio.NewReader(c))
	if err != nil || !strings.HasSuffix(string(text), "ping\n") {
		t.Errorf("%q %v", text, err)
	}
}

func BenchmarkGuard(b *testing.B) {
	h := New(Config{PerAddress: Rate{1e9, 1}}).Guard(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	r, w := from("203.0.113.7:1"), httptest.NewRecorder()
	for b.Loop() {
		h.ServeHTTP(w, r)
	}
}
