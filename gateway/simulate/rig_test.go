package simulate

import (
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"
)

func TestProfilesBreakTheRulesThatTheySay(t *testing.T) {
	t.Parallel()
	checks := map[string]func(s *seen) bool{
		"plain": func(s *seen) bool {
			return s.sdp("sprop-parameter-sets=Z") && s.has(ofType(7)) && !s.has(marked(7)) && !s.has(marked(6)) && s.has(marked(1)) && s.has(marked(5)) &&
				len(s.ssrcs()) == 1 && len(s.steps()) == 2 && s.steps()[3600] && len(s.reports) == 2 && off(s.reports[0]).Abs() < 30*time.Second
		},
		"sets-in-description": func(s *seen) bool { return s.sdp("sprop-parameter-sets=") && !s.has(ofType(7)) && !s.has(ofType(8)) },
		"sets-in-band":        func(s *seen) bool { return !s.sdp("sprop-") && s.has(ofType(7)) },
		"sets-with-marker":    func(s *seen) bool { return s.has(marked(7)) && s.has(marked(8)) },
		"sps-with-marker":     func(s *seen) bool { return s.has(marked(7)) && !s.has(marked(8)) },
		"sei-with-marker":     func(s *seen) bool { return s.has(marked(6)) },
		"delimiter-first":     func(s *seen) bool { return s.packets[0].Payload[0] == 9 },
		"sets-changing": func(s *seen) bool {
			levels := map[byte]bool{}
			for _, p := range s.packets {
				if ofType(7)(p) {
					levels[p.Payload[3]] = true
				}
			}
			return len(levels) == 2
		},
		"annex-b-packet": func(s *seen) bool {
			return s.has(func(p *rtp.Packet) bool { return ofType(7)(p) && len(p.Payload) > 5000 })
		},
		"annex-b-fragments": func(s *seen) bool {
			return !s.has(ofType(7)) && s.has(func(p *rtp.Packet) bool { return ofType(fuA)(p) && p.Payload[1]&0x1f == 7 })
		},
		"marker-never": func(s *seen) bool { return !s.has(func(p *rtp.Packet) bool { return p.Marker }) },
		"marker-every-nal": func(s *seen) bool {
			return !s.has(func(p *rtp.Packet) bool { _, ends := kindOf(p); return ends != p.Marker })
		},
		"mode-0": func(s *seen) bool {
			return s.sdp("packetization-mode=0") && !s.has(ofType(fuA)) && s.has(func(p *rtp.Packet) bool { return len(p.Payload) > 10_000 })
		},
		"mode-0-fragments": func(s *seen) bool { return s.sdp("packetization-mode=0") && s.has(ofType(fuA)) },
		"mode-missing":     func(s *seen) bool { return !s.sdp("packetization-mode") && s.has(ofType(fuA)) },
		"stap-a":           func(s *seen) bool { return s.has(ofType(stapA)) && !s.has(ofType(7)) },
		"fu-b":             func(s *seen) bool { return s.has(ofType(fuB)) && s.has(ofType(fuA)) },
		"fragment-start-lost": func(s *seen) bool {
			for i, p := range s.packets[1:] {
				if p.SequenceNumber == s.packets[i].SequenceNumber+2 && ofType(fuA)(p) && p.Payload[1]&0x80 == 0 {
					return true
				}
			}
			return false
		},
		"ssrc-zero":          func(s *seen) bool { return len(s.ssrcs()) == 1 && s.ssrcs()[0] && s.reports[0].SSRC == 0 },
		"ssrc-changing":      func(s *seen) bool { return len(s.ssrcs()) == 2 },
		"audio-first":        func(s *seen) bool { return s.sdp("t=0 0\r\na=control:*\r\na=range:npt=0-\r\nm=audio") && s.other == 0 },
		"audio-unasked":      func(s *seen) bool { return s.other > 25 },
		"clock-years":        func(s *seen) bool { return off(s.reports[0]) < -19*365*24*time.Hour },
		"clock-jumps":        func(s *seen) bool { return off(s.reports[0]).Abs() < time.Minute && off(s.reports[1]) > 58*time.Minute },
		"no-reports":         func(s *seen) bool { return len(s.reports) == 0 },
		"timestamps-swapped": func(s *seen) bool { return s.steps()[-3600] && s.steps()[3*3600] },
		"timestamps-jump":    func(s *seen) bool { return s.steps()[3600*90000+3600] },
		"timestamps-still":   func(s *seen) bool { return len(s.steps()) == 2 && s.steps()[2*3600] },
		"b-frames":           func(s *seen) bool { return s.steps()[3*3600] && s.steps()[-2*3600] && s.steps()[3600] },
	}
	var names []string
	for name := range checks {
		names = append(names, name)
	}
	r := startRig(t, names...)
	var all sync.WaitGroup
	for name, right := range checks {
		all.Go(func() {
			s, err := look(r, name, 28)
			if err != nil || !right(s) {
				t.Errorf("%s: %v; %d packets, %d reports, steps %v, description %q", name, err, len(s.packets), len(s.reports), s.steps(), s.answers["DESCRIBE"])
			}
		})
	}
	all.Wait()
}

// The examples of RFC 7616 section 3.9.1.
func TestDigestIsThatOfTheStandard(t *testing.T) {
	t.Parallel()
	given := map[string]string{"realm": "http-auth@example.org", "uri": "/dir/index.html", "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
		"nc": "00000001", "cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "qop": "auth"}
	for algorithm, want := range map[string]string{
		"MD5":     "8ca523f5e9506fed4657c9700eebdbec",
		"SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
	} {
		if got := (challenge{algorithm: algorithm, qop: true}).response("Mufasa", "Circle of Life", "GET", given); got != want {
			t.Errorf("%s: %s", algorithm, got)
		}
	}
}

func TestANonceAges(t *testing.T) {
	t.Parallel()
	r := startRig(t, "digest-nonce-once")
	s, err := visit(r)
	if err != nil {
		t.Fatal(err)
	}
	defer s.conn.Close()
	url := r.URL("digest-nonce-once", Main)
	try := func(nonce, password string) (status, next string, stale bool) {
		given := map[string]string{"realm": rigRealm, "uri": url, "nonce": nonce}
		header := fmt.Sprintf("Authorization: Digest username=\"viewer\", realm=%q, nonce=%q, uri=%q, response=%q\r\n", rigRealm, nonce, url,
			challenge{}.response("viewer", password, "DESCRIBE", given))
		if err := s.ask("DESCRIBE", url, header); err != nil {
			t.Fatal(err)
		}
		answer := s.answers["DESCRIBE"]
		_, rest, _ := strings.Cut(answer, "nonce=\"")
		next, _, _ = strings.Cut(rest, "\"")
		return answer[9:12], next, strings.Contains(answer, "stale=true")
	}
	status, nonce, stale := try("", "secret")
	if status != "401" || nonce == "" || stale {
		t.Fatal(status, nonce, stale)
	}
	if status, _, _ := try(nonce, "secret"); status != "200" {
		t.Fatal(status)
	}
	status, next, stale := try(nonce, "secret")
	if status != "401" || !stale || next == nonce {
		t.Fatal(status, next, stale)
	}
	if status, next, stale = try(next, "wrong"); status != "401" || stale {
		t.Fatal(status, stale)
	}
	if status, _, _ := try(next, "secret"); status != "200" {
		t.Fatal(status)
	}
}

func TestASessionWithoutItsKeepaliveEnds(t *testing.T) {
	t.Parallel()
	r := startRig(t, "keepalive-options")
	s, err := openRig(r, "keepalive-options")
	if err != nil {
		t.Fatal(err)
	}
	defer s.conn.Close()
	for began := time.Now(); ; {
		if err := s.frame(); err != nil {
			if took := time.Since(began); took < 3900*time.Millisecond {
				t.Fatalf("it ended after %v", took)
			}
			return
		}
	}
}

func TestRigTakesNoMoreThanItsBounds(t *testing.T) {
	t.Parallel()
	r := startRig(t, "plain", "one-session")
	for _, text := range []string{
		"DESCRIBE " + r.URL("plain", Main) + strings.Repeat("x", maxRigLine) + " RTSP/1.0\r\n\r\n",
		"OPTIONS * RTSP/1.0\r\n" + strings.Repeat("X: y\r\n", maxRigLines+1),
		"OPTIONS * RTSP/1.0\r\nContent-Length: 99999999\r\n\r\n",
		"OPTIONS * RTSP/1.0\r\nContent-Length: -1\r\n\r\n",
		"GET / HTTP/1.1\r\n\r\n",
		"\x16\x03\x01\r\n\r\n",
	} {
		s, err := visit(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(s.conn, text)
		if b, err := io.ReadAll(s.in); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !strings.Contains(err.Error(), "reset") || len(b) > 0 {
			t.Errorf("%.40q: answered %q, %v", text, b, err)
		}
		s.conn.Close()
	}
	first, err := openRig(r, "one-session")
	if err != nil {
		t.Fatal(err)
	}
	second, err := openRig(r, "one-session")
	if err != nil || !strings.HasPrefix(second.answers["SETUP"], "RTSP/1.0 453 ") {
		t.Fatal(err, second.answers)
	}
	first.conn.Close()
	second.conn.Close()
	for _, wrong := range []RigOptions{{Profiles: []string{"nonsense"}}, {Profiles: []string{"basic"}}, {Profiles: []string{"plain"}, Listen: "nonsense"}} {
		if r, err := StartRig(wrong); err == nil {
			r.Close()
			t.Errorf("%+v is no error", wrong)
		}
	}
}

func TestClosedRigLeavesNothing(t *testing.T) { // not parallel: it counts goroutines
	before := runtime.NumGoroutine()
	r, err := StartRig(RigOptions{Profiles: []string{"plain", "hang"}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := openRig(r, "plain")
	if err != nil {
		t.Fatal(err)
	}
	defer s.conn.Close()
	hanging, err := visit(r)
	if err != nil {
		t.Fatal(err)
	}
	defer hanging.conn.Close()
	if _, err := fmt.Fprintf(hanging.conn, "OPTIONS %s RTSP/1.0\r\n\r\n", r.URL("hang", Main)); err != nil {
		t.Fatal(err)
	}
	if err := s.frame(); err != nil {
		t.Fatal(err)
	}
	if all, now := r.Sessions("plain"); all != 1 || now != 1 {
		t.Error(all, now)
	}
	r.Close()
	r.Close()
	if all, now := r.Sessions("plain"); all != 1 || now != 0 {
		t.Error(all, now)
	}
	for deadline := time.Now().Add(20 * time.Second); runtime.NumGoroutine() > before; {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
		<-time.After(2 * time.Millisecond)
	}
	if ln, err := net.Listen("tcp", r.Addr()); err != nil {
		t.Error(err)
	} else {
		ln.Close()
	}
}
