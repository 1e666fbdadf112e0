package doctor

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/rtsp"
	"matthan/gateway/simulate"
)

const canary = "chim-h0ang-y3n%@/?#" // a password that must show up nowhere

func cameras(t *testing.T, o simulate.Options) *simulate.Server {
	t.Helper()
	o.Cameras = 1
	s, err := simulate.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(); _ = s.Wait() })
	return s
}

// report examines and makes sure that no secret is told.
func report(t *testing.T, cfg rtsp.Config, look time.Duration) Report {
	t.Helper()
	held := watchTheMachine(t)
	began := time.Now()
	o := Examine(t.Context(), cfg, look)
	if took, most := time.Since(began), Longest+held(began.Add(Longest-time.Second)); took > most {
		t.Errorf("it took %v, on this machine no more than %v", took, most)
	}
	r := Diagnose(o)
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if all := fmt.Sprintf("%+v %s", o, text); strings.Contains(all, canary) || strings.Contains(all, "h0ang") {
		t.Errorf("the password is told: %s", all)
	}
	return r
}

// told are the codes of what is not fine.
func told(r Report) (codes []Code) {
	for _, f := range r.Findings {
		if f.Severity != Fine {
			codes = append(codes, f.Code)
		}
	}
	return codes
}

func has(r Report, c Code) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Code == c })
}

func TestAHealthyCameraIsKnownWhole(t *testing.T) {
	t.Parallel()
	s := cameras(t, simulate.Options{StartWithKey: true, UDP: true, User: "admin", Password: canary, Login: simulate.DigestLogin})
	r := report(t, rtsp.Config{URL: s.URL(0, simulate.Main), Login: gateway.Login{User: "admin", Password: canary}}, 2*time.Second)
	f := r.Facts
	if len(told(r)) != 0 || !r.Playable || r.Verdict != verdicts.good {
		t.Errorf("%q, playable %v, %q", told(r), r.Playable, r.Verdict)
	}
	if f.Width != 1280 || f.Height != 720 || f.Rate < 23.75 || f.Rate > 26.25 || f.GOP != 4 || f.Pictures != 100 || f.BFrames || f.Kbits == 0 || f.PeakKbits < f.Kbits {
		t.Errorf("%+v", f)
	}
	if f.Carrier != gateway.TCP || f.UDP != Yes || len(f.Logins) != 1 || f.Logins[0] != "Digest MD5" || f.Reports < 2 || f.Lost != 0 || len(f.LevelID) != 6 || f.Mode != 1 || f.FirstKey > 1000 {
		t.Errorf("%+v", f)
	}
	if r.Main == nil || r.Main.URL != s.URL(0, simulate.Main) || r.Sub == nil || r.Sub.URL != s.URL(0, simulate.Sub) || r.Sub.Width == 0 || r.Sub.Width >= f.Width {
		t.Errorf("main %+v, sub %+v", r.Main, r.Sub)
	}
}

func TestWhatIsWrongWithACamerasClockIsTold(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		o    simulate.Options
		look time.Duration
		want Code
	}{
		{"behind", simulate.Options{ClockOffset: -7 * time.Hour}, time.Second, CodeClockBehind},
		{"ahead", simulate.Options{ClockOffset: 7 * time.Hour}, time.Second, CodeClockAhead},
		{"long delay", simulate.Options{Delay: 2 * time.Second}, time.Second, CodeLateImage},
		{"no reports", simulate.Options{NoReports: true}, 3 * time.Second, quirkCode(gateway.QuirkNoReports)},
		{"jumps", simulate.Options{ClockJump: 40 * time.Second}, 11 * time.Second, CodeClockLeaps},
		{"drifts", simulate.Options{ClockDrift: 20 * time.Millisecond}, 6 * time.Second, CodeClockDrifts},
	}
	var all sync.WaitGroup // at once, for they mostly wait
	reports := make([]Report, len(cases))
	for i, c := range cases {
		c.o.StartWithKey = true
		s := cameras(t, c.o)
		all.Go(func() { reports[i] = Diagnose(Examine(t.Context(), rtsp.Config{URL: s.URL(0, simulate.Main)}, c.look)) })
	}
	all.Wait()
	for i, c := range cases {
		if r := reports[i]; !has(r, c.want) || !r.Playable || !has(r, CodeLoginOpen) || has(r, CodeClockGood) {
			t.Errorf("%s: %q, want %s; %+v", c.name, told(r), c.want, r.Facts)
		}
	}
}

func TestTheSubStreamLeadsToTheMainOne(t *testing.T) {
	t.Parallel()
	s := cameras(t, simulate.Options{StartWithKey: true})
	r := report(t, rtsp.Config{URL: s.URL(0, simulate.Sub)}, time.Second)
	if !has(r, CodeMainFound) || r.Main.URL != s.URL(0, simulate.Main) || r.Sub == nil || r.Sub.URL != s.URL(0, simulate.Sub) {
		t.Errorf("%q, main %+v, sub %+v", told(r), r.Main, r.Sub)
	}
}

func TestWhyThereIsNoPictureIsTold(t *testing.T) {
	t.Parallel()
	right := gateway.Login{User: "admin", Password: canary}
	closed := func() string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		return "rtsp://" + l.Addr().String() + "/live"
	}()
	silent := serve(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	web := serve(t, func(c net.Conn) {
		_, _ = bufio.NewReader(c).ReadString('\n')
		fmt.Fprint(c, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
	})
	locked := cameras(t, simulate.Options{User: "admin", Password: canary})
	hevc := serve(t, describing("m=video 0 RTP/AVP 96", "a=rtpmap:96 H265/90000", "a=control:trackID=0"))
	jpeg := serve(t, describing("m=video 0 RTP/AVP 26", "m=audio 0 RTP/AVP 8"))
	none := func(netip.AddrPort) error { return gateway.ErrOutOfReach }
	for _, c := range []struct {
		name string
		cfg  rtsp.Config
		want Code
	}{
		{"nothing listens", rtsp.Config{URL: closed, Login: right}, CodeRefused},
		{"silent", rtsp.Config{URL: silent, Login: right}, CodeSilentPort},
		{"a web server", rtsp.Config{URL: web, Login: right}, CodeHTTP},
		{"wrong login", rtsp.Config{URL: locked.URL(0, simulate.Main), Login: gateway.Login{User: "admin", Password: canary + "x"}}, CodeLoginRefused},
		{"no login", rtsp.Config{URL: locked.URL(0, simulate.Main)}, CodeLoginNeeded},
		{"no stream", rtsp.Config{URL: strings.Replace(locked.URL(0, simulate.Main), "cam0", "cam9", 1), Login: right}, CodeNoStream},
		{"H.265", rtsp.Config{URL: hevc}, CodeH265},
		{"MJPEG", rtsp.Config{URL: jpeg}, CodeCodec},
		{"UDP chosen, and not there", rtsp.Config{URL: locked.URL(0, simulate.Main), Login: right, Transport: gateway.UDP}, CodeNoUDP},
		{"out of reach", rtsp.Config{URL: locked.URL(0, simulate.Main), Login: right, Permit: none}, CodeOutOfReach},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if r := report(t, c.cfg, time.Second); !has(r, c.want) || r.Playable || r.Findings[0].Severity != Fault {
				t.Errorf("%q, want %s; %s", told(r), c.want, r.Detail)
			}
		})
	}
}

func TestARefusedLoginIsTriedOnce(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	tries := 0
	address := serve(t, answering(func(_, header string) string {
		if strings.Contains(header, "Authorization:") {
			mu.Lock()
			tries++
			mu.Unlock()
		}
		return "RTSP/1.0 401 Unauthorized\r\nCSeq: $\r\nWWW-Authenticate: Digest realm=\"Login to 4K01\", nonce=\"a\"\r\n\r\n"
	}))
	r := report(t, rtsp.Config{URL: address, Login: gateway.Login{User: "admin", Password: canary}}, time.Second)
	mu.Lock()
	defer mu.Unlock()
	if !has(r, CodeLoginRefused) || tries != 1 || r.Make != nameOf[Dahua] {
		t.Errorf("%d tries; %q of %q", tries, told(r), r.Make)
	}
}

func TestAnAddressThatIsNoStreamLeadsToOneThatIs(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 64)
	address := serve(t, answering(func(line, _ string) string {
		if strings.HasPrefix(line, "DESCRIBE ") {
			asked <- line
		}
		if strings.Contains(line, "/media/video1 ") {
			return sdp("m=video 0 RTP/AVP 96", "a=rtpmap:96 MP4V-ES/90000")
		}
		return "RTSP/1.0 404 Not Found\r\nCSeq: $\r\nServer: Uniview\r\n\r\n"
	}))
	r := report(t, rtsp.Config{URL: address}, time.Second)
	if !has(r, CodeOtherAddress) || !has(r, CodeCodec) || !strings.HasSuffix(r.Main.URL, "/media/video1") {
		t.Errorf("%q, main %+v", told(r), r.Main)
	}
	if n := len(asked); n != 3 { // what was given, what was found, and its sub
		t.Errorf("%d addresses were asked for", n)
	}
}

func TestAnExaminationEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s := cameras(t, simulate.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if o := Examine(ctx, rtsp.Config{URL: s.URL(0, simulate.Main)}, time.Second); o.Failed == "" || o.Series.Pictures != 0 {
		t.Errorf("%+v", o)
	}
}

// serve listens until the test ends, and gives an address there.
func serve(t *testing.T, each func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	ctx, cancel := context.WithCancel(context.Background())
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer c.Close()
				defer context.AfterFunc(ctx, func() { _ = c.Close() })()
				each(c)
			})
		}
	})
	t.Cleanup(func() { cancel(); _ = l.Close(); wg.Wait() })
	return "rtsp://" + l.Addr().String() + "/live"
}

// answering speaks just enough RTSP: reply gets the request's line and its header.
func answering(reply func(line, header string) string) func(net.Conn) {
	return func(c net.Conn) {
		in := bufio.NewReader(c)
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			var header strings.Builder
			cseq := ""
			for {
				h, err := in.ReadString('\n')
				if err != nil {
					return
				}
				if h = strings.TrimSpace(h); h == "" {
					break
				}
				if v, ok := strings.CutPrefix(h, "CSeq: "); ok {
					cseq = v
				}
				header.WriteString(h + "\n")
			}
			answer := "RTSP/1.0 200 OK\r\nCSeq: $\r\n\r\n"
			if !strings.HasPrefix(line, "OPTIONS ") {
				answer = reply(strings.TrimSpace(line), header.String())
			}
			if _, err := io.WriteString(c, strings.Replace(answer, "$", cseq, 1)); err != nil {
				return
			}
		}
	}
}

func describing(lines ...string) func(net.Conn) {
	return answering(func(string, string) string { return sdp(lines...) })
}

func sdp(lines ...string) string {
	body := "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\n" + strings.Join(lines, "\r\n") + "\r\n"
	return fmt.Sprintf("RTSP/1.0 200 OK\r\nCSeq: $\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}
