package simulate

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4"
)

func TestReaderOverRTSPS(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	own, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(own)
	s := start(t, Options{
		Cameras: 1, User: "viewer", Password: "secret",
		TLS: &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}},
	})
	if !strings.HasPrefix(s.URL(0, Main), "rtsps://127.0.0.1:") {
		t.Fatal(s.URL(0, Main))
	}
	r := read(t, withLogin(t, s.URL(0, Main), "viewer", "secret"), func(c *gortsplib.Client) {
		c.TLSConfig = &tls.Config{RootCAs: roots}
	})
	consecutive(t, 0, r.pictures(t, 15))
	if len(r.reports) == 0 {
		t.Fatal("no sender report came")
	}
}

func TestUDPAndTLSTogetherAreAnError(t *testing.T) {
	t.Parallel()
	if s, err := Start(Options{Cameras: 1, Clips: testFiles(t, 1), UDP: true, TLS: &tls.Config{}}); err == nil {
		s.Close()
		t.Fatal("no error")
	}
}

func TestACameraHasRoomForSixtyFourSessions(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Cameras: 2})
	setup := func(camera int, q Quality) (*reader, error) {
		r, err := dial(s.URL(camera, q), nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(r.client.Close)
		_, err = r.client.Setup(r.desc.BaseURL, r.desc.Medias[0], 0, 0)
		return r, err
	}
	var last *reader
	for i := range maxSessions {
		r, err := setup(0, []Quality{Main, Sub}[i%2])
		if err != nil {
			t.Fatalf("session %d: %v", i, err)
		}
		last = r
	}
	if _, err := setup(0, Main); badStatus(err) != 503 {
		t.Fatalf("one session more: %v", err)
	}
	if _, err := setup(1, Main); err != nil {
		t.Fatalf("another camera: %v", err)
	}
	last.client.Close()
	for deadline := time.Now().Add(patience); ; {
		if _, err := setup(0, Main); err == nil {
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("the place of a session that ended is not free: %v", err)
		}
	}
}

func TestEveryPictureSentIsToldWithItsTime(t *testing.T) {
	t.Parallel()
	sent := make(chan Sent, 10000)
	s := start(t, Options{Cameras: 1, OnPicture: func(p Sent) { sent <- p }})
	r := read(t, s.URL(0, Sub), nil)
	for _, u := range r.pictures(t, 12) {
		p := <-sent
		if p.Mark != u.Mark || p.Timestamp != u.stamp || p.Key != u.key() || p.Packets < 1 || p.Session == "" {
			t.Fatalf("sent %+v, received %+v", p, u.Mark)
		}
		if p.At.Before(p.Captured) {
			t.Fatalf("picture %d was sent at %v, captured at %v", p.Number, p.At, p.Captured)
		}
	}
	s.Close()
	for len(sent) > 0 {
		<-sent
	}
	if n := s.cameras[0].sessions.Load(); n != 0 {
		t.Fatalf("%d sessions after close", n)
	}
}

func TestGarbageFromOneConnectionStopsNobodyElse(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Cameras: 1})
	r := read(t, s.URL(0, Main), nil)
	r.next(t)
	u := s.URL(0, Main)
	for _, text := range []string{
		"\x00\x00\x00\x00",
		"$\x00\xff\xff",
		"GET / HTTP/1.1\r\n\r\n",
		"DESCRIBE " + u + " RTSP/1.0\r\n\r\n",
		"SETUP " + u + " RTSP/1.0\r\nCSeq: 1\r\n\r\n",
		"SETUP " + u + "/trackID=9 RTSP/1.0\r\nCSeq: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n",
		"PLAY " + u + " RTSP/1.0\r\nCSeq: 1\r\nSession: none\r\n\r\n",
		"SETUP " + u + "/trackID=0 RTSP/1.0\r\nCSeq: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n" +
			"SETUP " + strings.Replace(u, "main", "sub", 1) +
			"/trackID=0 RTSP/1.0\r\nCSeq: 2\r\nTransport: RTP/AVP/TCP;unicast;interleaved=2-3\r\n\r\n",
		"ANNOUNCE " + u + " RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 999999999\r\n\r\n",
		"PAUSE " + u + " RTSP/1.0\r\nCSeq: 1\r\n\r\n",
	} {
		c, err := net.Dial("tcp", s.Addr())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		c.Close()
	}
	consecutive(t, 0, r.pictures(t, 10))
}

func TestReadersComeAndGoWhileTheServerChanges(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Cameras: 4, StartWithKey: true})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 3 {
				r, err := dial(s.URL(i%4, Main), nil)
				if err != nil {
					t.Error(err)
					return
				}
				if err := r.play(); err != nil {
					t.Error(err)
				} else {
					select {
					case <-r.units:
					case <-time.After(patience):
						t.Error("no picture came")
					}
				}
				r.client.Close()
			}
		})
	}
	for i := range 20 {
		s.SetDelay(time.Duration(i%2) * 50 * time.Millisecond)
		s.Silence(true)
		s.Silence(false)
	}
	wg.Wait()
}

func TestConnectionsThatNeverPlayAreClosed(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Cameras: 1, patience: 2 * time.Second})
	r := read(t, s.URL(0, Main), nil)
	silent, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	half, err := dial(s.URL(0, Main), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer half.client.Close()
	if err := silent.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := silent.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Fatalf("the connection that said nothing: %v", err)
	}
	if err := half.client.Wait(); err == nil {
		t.Fatal("the connection that only described did not end")
	}
	consecutive(t, 0, r.pictures(t, 10))
}
