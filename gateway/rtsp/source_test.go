package rtsp

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	crand "crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4/pkg/auth"
	"github.com/bluenviron/gortsplib/v4/pkg/format"

	"matthan/gateway"
	"matthan/gateway/video"
)

// until waits for a condition of other goroutines.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatal("waited in vain for " + what)
		}
		runtime.Gosched()
		<-time.After(2 * time.Millisecond)
	}
}

// plays checks that the camera's pictures come out one after the other.
func plays(t *testing.T, cfg Config, transport gateway.Transport) {
	t.Helper()
	pictures, sps, pps := clip(t)
	got, s, err := collect(t, cfg, 45)
	if !errors.Is(err, errEnough) {
		t.Fatal(err)
	}
	last := -1
	for i, au := range got[1:] { // of the first, the stream's start may have missed the beginning
		n := matches(pictures, au)
		if n < 0 || last >= 0 && n != (last+1)%len(pictures) {
			t.Fatalf("access unit %d is picture %d after %d", i+1, n, last)
		}
		last = n
		if au.Format == nil || au.Format.Width != 320 || au.Format.Height != 180 {
			t.Fatalf("format %+v", au.Format)
		}
		if au.Lost != 0 || au.Codec != video.H264 || au.Captured.After(au.Arrived) || au.Clock != video.ClockArrival {
			t.Fatalf("%+v", au)
		}
		if au.Key != (n%10 == 0) {
			t.Fatalf("picture %d: key %v", n, au.Key)
		}
		if au.Key && (string(au.NALUs()[0]) != string(sps) || string(au.NALUs()[1]) != string(pps)) {
			t.Fatal("a key picture without its parameter sets")
		}
		if d := au.PTS - got[i].PTS; i > 0 && d != 3600 {
			t.Fatalf("PTS step %d", d)
		}
	}
	if st := s.Stats(); st.Transport != transport || st.Units < 45 || st.Packets < 45 || st.Bytes < 10000 || st.Lost != 0 {
		t.Errorf("%+v", st)
	}
}

func TestCameraPlays(t *testing.T) {
	t.Parallel()
	login := gateway.Login{User: user, Password: canary}
	for _, c := range []struct {
		name   string
		camera *camera
		cfg    Config
		want   gateway.Transport
	}{
		{"over TCP, sets only in the description", &camera{}, Config{Transport: gateway.TCP}, gateway.TCP},
		{"over TCP, sets only in-band", &camera{inBand: true}, Config{Transport: gateway.TCP}, gateway.TCP},
		{"over UDP", &camera{udp: true}, Config{Transport: gateway.UDP}, gateway.UDP},
		{"auto takes TCP first", &camera{udp: true}, Config{}, gateway.TCP},
		{"auto falls back to UDP", &camera{udp: true, refuseTCP: true}, Config{}, gateway.UDP},
		{"Basic", &camera{login: true, methods: []auth.VerifyMethod{auth.VerifyMethodBasic}}, Config{Login: login}, gateway.TCP},
		{"Digest MD5", &camera{login: true, methods: []auth.VerifyMethod{auth.VerifyMethodDigestMD5}}, Config{Login: login}, gateway.TCP},
		{"Digest SHA-256", &camera{login: true, methods: []auth.VerifyMethod{auth.VerifyMethodDigestSHA256}}, Config{Login: login}, gateway.TCP},
		{"all logins offered, falling back to UDP", &camera{login: true, udp: true, refuseTCP: true}, Config{Login: login}, gateway.UDP},
		{"sound beside the picture", &camera{formats: []format.Format{&format.G711{PayloadTyp: 8, SampleRate: 8000, ChannelCount: 1},
			&format.H264{PayloadTyp: 97, PacketizationMode: 1}}, inBand: true}, Config{}, gateway.TCP},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cam := c.camera.start(t)
			c.cfg.URL = cam.url()
			plays(t, c.cfg, c.want)
			until(t, "TEARDOWN", func() bool { return cam.sessions.Load() == 0 })
		})
	}
}

func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), crand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true,
		BasicConstraintsValid: true, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(crand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

func TestRTSPSCameraPlaysOnlyWithATrustedCertificate(t *testing.T) {
	t.Parallel()
	certs, pool := certificate(t)
	cam := (&camera{certs: certs, login: true}).start(t)
	login := gateway.Login{User: user, Password: canary}
	plays(t, Config{URL: cam.url(), Login: login, CA: pool}, gateway.TCP)
	plays(t, Config{URL: cam.url(), Login: login, InsecureTLS: true}, gateway.TCP)
	_, _, err := collect(t, Config{URL: cam.url(), Login: login, CA: x509.NewCertPool()}, 1)
	if gateway.CauseOf(err) != gateway.CauseProtocol || !strings.Contains(err.Error(), "certificate") {
		t.Error(err)
	}
}

func TestCameraThatClosesEndsTheRun(t *testing.T) {
	t.Parallel()
	cam := (&camera{}).start(t)
	var log syncBuffer
	s, err := New(Config{URL: cam.url(), Log: log.logger()})
	if err != nil {
		t.Fatal(err)
	}
	first := make(chan struct{})
	ended := make(chan error, 1)
	n := 0
	go func() {
		ended <- s.Run(t.Context(), func(*video.AccessUnit) {
			if n++; n == 1 {
				close(first)
			}
		})
	}()
	<-first
	cam.server.Close()
	select {
	case err := <-ended:
		if gateway.CauseOf(err) != gateway.CauseEnded {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("still running")
	}
	if !strings.Contains(log.String(), "camera plays") {
		t.Error(log.String())
	}
}

func TestCameraThatFallsSilentIsSilent(t *testing.T) {
	t.Parallel()
	cam := (&camera{drop: func(n int) bool { return n > 100 }}).start(t)
	_, _, err := collect(t, Config{URL: cam.url(), ReadTimeout: 2 * time.Second}, 1<<30)
	if gateway.CauseOf(err) != gateway.CauseSilent {
		t.Error(err)
	}
}

func TestLossIsCountedAndNoBrokenPictureComesThrough(t *testing.T) {
	t.Parallel()
	for _, transport := range []gateway.Transport{gateway.TCP, gateway.UDP} {
		t.Run(string(transport), func(t *testing.T) {
			t.Parallel()
			pictures, _, _ := clip(t)
			cam := (&camera{udp: true, drop: func(n int) bool { return n%37 == 0 }}).start(t)
			got, s, err := collect(t, Config{URL: cam.url(), Transport: transport}, 150)
			if !errors.Is(err, errEnough) {
				t.Fatal(err)
			}
			last, lost := matches(pictures, got[1]), 0
			for i, au := range got[2:] {
				n := matches(pictures, au)
				if n < 0 {
					t.Fatalf("access unit %d is no whole picture", i+2)
				}
				if skipped := n != (last+1)%len(pictures); skipped && au.Lost == 0 {
					t.Fatalf("picture %d after %d, and nothing lost", n, last)
				}
				last, lost = n, lost+au.Lost
			}
			if st := s.Stats(); lost == 0 || st.Lost < uint64(lost) || st.Broken == 0 {
				t.Errorf("lost %d, %+v", lost, st)
			}
		})
	}
}

func TestSenderReportsGiveTheCaptureTime(t *testing.T) {
	t.Parallel()
	for _, transport := range []gateway.Transport{gateway.TCP, gateway.UDP} {
		t.Run(string(transport), func(t *testing.T) {
			t.Parallel()
			cam := (&camera{udp: true, pace: 40 * time.Millisecond}).start(t)
			s, err := New(Config{URL: cam.url(), Transport: transport})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancelCause(t.Context())
			timeout := time.AfterFunc(20*time.Second, func() { cancel(errors.New("no capture time came")) })
			defer timeout.Stop()
			n := 0
			err = s.Run(ctx, func(au *video.AccessUnit) {
				if n++; n == 5 {
					if au.Clock != video.ClockArrival {
						t.Error("a capture time without a report")
					}
					if err := cam.report(800 * time.Millisecond); err != nil {
						t.Error(err)
					}
				}
				if age := au.Arrived.Sub(au.Captured); au.Clock == video.ClockCamera {
					if age < 700*time.Millisecond { // a busy machine makes it older
						t.Errorf("age %v", age)
					}
					cancel(errEnough)
				}
			})
			if !errors.Is(err, errEnough) {
				t.Error(err)
			}
		})
	}
}

func TestCancelEndsRunPromptlyAndLeavesNoGoroutine(t *testing.T) { // not parallel: it counts goroutines
	silent, connections := listenTCP(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	cam := (&camera{udp: true}).start(t)
	for _, c := range []struct {
		name, url string
		transport gateway.Transport
	}{
		{"silent", "rtsp://" + silent + "/main", gateway.TCP},
		{"silent TLS", "rtsps://" + silent + "/main", gateway.TCP},
		{"playing TCP", cam.url(), gateway.TCP},
		{"playing UDP", cam.url(), gateway.UDP},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, connected := runtime.NumGoroutine(), connections.Load()
			s, err := New(Config{URL: c.url, Transport: c.transport})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			ended := make(chan error, 1)
			go func() { ended <- s.Run(ctx, func(*video.AccessUnit) {}) }()
			until(t, "the connection", func() bool { return connections.Load() > connected || s.Stats().Units > 0 })
			cancel(errEnough)
			select {
			case err := <-ended:
				if !errors.Is(err, errEnough) {
					t.Error(err)
				}
			case <-time.After(8 * time.Second): // less than the timeout for an answer
				t.Fatal("still running")
			}
			until(t, "goroutines to end", func() bool { return runtime.NumGoroutine() <= before })
		})
	}
}
