package simulate

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/bluenviron/gortsplib/v4/pkg/liberrors"
	"github.com/pion/rtcp"
)

func TestPicturesAreConsecutiveOverTheSeamOfTheLoop(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Cameras: 2})
	readers := map[Quality][]*reader{}
	for camera := range 2 {
		for _, q := range []Quality{Main, Sub} {
			readers[q] = append(readers[q], read(t, s.URL(camera, q), nil))
		}
	}
	for camera := range 2 {
		for _, q := range []Quality{Main, Sub} {
			units := readers[q][camera].pictures(t, testPictures+5)
			consecutive(t, camera, units)
			for _, u := range units {
				if u.Camera != camera || u.Quality != q {
					t.Fatalf("camera %d %s sent a picture of camera %d %s", camera, q, u.Camera, u.Quality)
				}
				if u.key() && (!bytes.Equal(u.nalus[0], testSPS) || !bytes.Equal(u.nalus[1], testPPS)) {
					t.Fatalf("key picture %d comes without its parameter sets", u.Number)
				}
			}
		}
	}
}

func TestDescriptionCarriesParameterSets(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Cameras: 1})
	r, err := dial(s.URL(0, Sub), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.client.Close()
	var forma *format.H264
	if r.desc.FindFormat(&forma) == nil {
		t.Fatal("no H.264")
	}
	if !bytes.Equal(forma.SPS, testSPS) || !bytes.Equal(forma.PPS, testPPS) || forma.PacketizationMode != 1 {
		t.Fatalf("SPS %x, PPS %x, packetization mode %d", forma.SPS, forma.PPS, forma.PacketizationMode)
	}
	if got := forma.FMTP()["profile-level-id"]; got != "4D401E" {
		t.Fatalf("profile-level-id %s", got)
	}
	if r.desc.Title != s.Cameras()[0].Name {
		t.Fatalf("title %q", r.desc.Title)
	}
}

func TestSessionBeginsAtTheLivePoint(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Cameras: 4})
	for i := range 4 {
		before := time.Now().Add(-time.Millisecond)
		u := read(t, s.URL(i, Main), nil).next(t)
		if u.Captured.Before(before) {
			t.Fatalf("camera %d began with a picture from %v before the session", i, before.Sub(u.Captured))
		}
		c := s.cameras[i]
		if want := c.place(c.position.Load(), u.Number); u.Loop != want {
			t.Fatalf("camera %d began at place %d of its loop, the camera is at %d", i, u.Loop, want)
		}
	}
}

func TestSessionBeginsWithAKeyPictureWhereAsked(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Cameras: 3, StartWithKey: true})
	for i := range 9 {
		before := time.Now().Add(-time.Millisecond)
		r := read(t, s.URL(i%3, Main), nil)
		units := r.pictures(t, 1+i)
		if !units[0].key() || !bytes.Equal(units[0].nalus[0], testSPS) {
			t.Fatalf("session %d began with place %d of the loop", i, units[0].Loop)
		}
		if units[0].Captured.Before(before) {
			t.Fatalf("session %d began with an old picture", i)
		}
		consecutive(t, i%3%2, units)
	}
}

func TestMainAndSubShowTheSameInstant(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Cameras: 2})
	main, sub := read(t, s.URL(1, Main), nil), read(t, s.URL(1, Sub), nil)
	seen := map[uint64]received{}
	for _, u := range main.pictures(t, 20) {
		seen[u.Number] = u
	}
	shared := 0
	for shared < 10 {
		u := sub.next(t)
		m, ok := seen[u.Number]
		if !ok {
			if len(seen) > 0 {
				m = main.next(t)
				seen[m.Number] = m
			}
			continue
		}
		shared++
		if m.Loop != u.Loop || !m.Captured.Equal(u.Captured) {
			t.Fatalf("picture %d: main place %d at %v, sub place %d at %v", u.Number, m.Loop, m.Captured, u.Loop, u.Captured)
		}
	}
}

// reportTime is the Go time of an NTP timestamp, computed otherwise than by ntp.
func reportTime(n uint64) time.Time {
	since1900 := float64(n>>32) + float64(n&0xffffffff)/(1<<32)
	whole := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n>>32) * time.Second)
	return whole.Add(time.Duration((since1900 - float64(n>>32)) * float64(time.Second)))
}

func TestSenderReportsTellTheCapture(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{
		"at once": {Cameras: 2},
		"delayed": {Cameras: 2, Delay: 800 * time.Millisecond},
		"clock of 1970": {
			Cameras: 2, ClockOffset: -time.Since(time.Date(1970, 1, 1, 0, 10, 0, 0, time.UTC)),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, o)
			r := read(t, s.URL(1, Sub), nil)
			units := r.pictures(t, 27)
			if units[0].reports != 1 {
				t.Errorf("%d reports came with the first picture", units[0].reports)
			}
			for i := range 2 { // with pictures 0 and 25
				sr := <-r.reports
				u := units[25*i]
				if sr.RTPTime != u.stamp {
					t.Fatalf("report %d is of timestamp %d, picture %d has %d", i, sr.RTPTime, 25*i, u.stamp)
				}
				want := u.Captured.Add(o.ClockOffset)
				if d := reportTime(sr.NTPTime).Sub(want).Abs(); d > 2*time.Millisecond {
					t.Fatalf("report %d is %v away from the capture", i, d)
				}
				if sr.PacketCount == 0 || sr.OctetCount == 0 {
					t.Fatalf("report %d counts %d packets, %d bytes", i, sr.PacketCount, sr.OctetCount)
				}
			}
			for len(r.reports) > 0 { // on a busy machine the next ones may be here
				if sr := <-r.reports; (sr.RTPTime-units[0].stamp)%90000 != 0 {
					t.Fatalf("a report of %d ticks after the first", sr.RTPTime-units[0].stamp)
				}
			}
			if o.Delay > 0 {
				for _, u := range units {
					if age := u.at.Sub(u.Captured); age < 750*time.Millisecond {
						t.Fatalf("picture %d came %v after its capture", u.Number, age)
					}
				}
			}
			if n := r.lost.Load(); n != 0 {
				t.Fatalf("%d packets lost", n)
			}
		})
	}
}

func TestReportsCarryACanonicalName(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Cameras: 1})
	r, err := dial(s.URL(0, Main), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.client.Close()
	if _, err := r.client.Setup(r.desc.BaseURL, r.desc.Medias[0], 0, 0); err != nil {
		t.Fatal(err)
	}
	names := make(chan string, 100)
	r.client.OnPacketRTCP(r.desc.Medias[0], func(p rtcp.Packet) {
		if d, ok := p.(*rtcp.SourceDescription); ok {
			names <- d.Chunks[0].Items[0].Text
		}
	})
	if _, err := r.client.Play(nil); err != nil {
		t.Fatal(err)
	}
	select {
	case name := <-names:
		if name != "cam0" {
			t.Fatalf("CNAME %q", name)
		}
	case <-time.After(patience):
		t.Fatal("no source description came")
	}
}

func TestNoReportsWhereTheCameraSendsNone(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Cameras: 1, NoReports: true})
	r := read(t, s.URL(0, Main), nil)
	r.pictures(t, 30)
	if n := len(r.reports); n != 0 {
		t.Fatalf("%d reports came", n)
	}
}

func TestChangedDelayLosesNoPicture(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Cameras: 1})
	r := read(t, s.URL(0, Main), nil)
	units := r.pictures(t, 3)
	s.SetDelay(400 * time.Millisecond)
	for {
		u := r.next(t)
		units = append(units, u)
		if u.at.Sub(u.Captured) >= 400*time.Millisecond {
			break
		}
	}
	s.SetDelay(-time.Hour) // the nearest bound is no delay
	if d := s.delayed(); d != 0 {
		t.Fatalf("delay %v", d)
	}
	consecutive(t, 0, append(units, r.pictures(t, 15)...))
}

func TestSilenceKeepsTheConnectionAndEndsWithAKeyPicture(t *testing.T) {
	t.Parallel()
	for _, withKey := range []bool{false, true} {
		s := start(t, Options{Cameras: 2, StartWithKey: withKey})
		main, sub := read(t, s.URL(1, Main), nil), read(t, s.URL(1, Sub), nil)
		last := main.pictures(t, 3)[2]
		s.Silence(true)
		s.Silence(true)
		for quiet := false; !quiet; {
			select {
			case last = <-main.units:
			case <-time.After(300 * time.Millisecond):
				quiet = true
			}
		}
		s.Silence(false)
		s.Silence(false)
		u := main.next(t)
		for u.Number == last.Number+1 { // one that was on its way, on a busy machine
			last, u = u, main.next(t)
		}
		units := append([]received{u}, main.pictures(t, 11)...)
		if !u.key() || u.Number <= last.Number {
			t.Fatalf("after picture %d came %d, place %d", last.Number, u.Number, u.Loop)
		}
		consecutive(t, 1, units)
		if got, want := units[0].stamp-last.stamp, uint32(units[0].Number-last.Number)*3600; got != want {
			t.Fatalf("the timestamp went on by %d, expected %d", got, want)
		}
		for {
			if u := sub.next(t); u.Number == units[0].Number {
				if u.Loop != units[0].Loop {
					t.Fatalf("main shows place %d, sub %d", units[0].Loop, u.Loop)
				}
				break
			}
		}
		if n := main.lost.Load(); n != 0 {
			t.Fatalf("%d packets lost", n)
		}
	}
}

func TestWrongLoginIsRefused(t *testing.T) {
	t.Parallel()
	for name, login := range map[string]Login{"basic": BasicLogin, "digest": DigestLogin, "any": AnyLogin} {
		s := start(t, Options{Cameras: 1, User: "viewer", Password: "right one", Login: login})
		for _, password := range []string{"", "wrong", "right on", "right one "} {
			_, err := dial(withLogin(t, s.URL(0, Main), "viewer", password), nil)
			if code := badStatus(err); code != 401 {
				t.Errorf("%s: password %q: %v", name, password, err)
			}
		}
		if _, err := dial(s.URL(0, Main), nil); badStatus(err) != 401 {
			t.Errorf("%s: no login: %v", name, err)
		}
		if _, err := dial(withLogin(t, s.URL(7, Main), "viewer", "wrong"), nil); badStatus(err) != 401 {
			t.Errorf("%s: an unknown camera is told to a stranger: %v", name, err)
		}
		r := read(t, withLogin(t, s.URL(0, Main), "viewer", "right one"), nil)
		consecutive(t, 0, r.pictures(t, 3))
	}
}

// badStatus is the code of an answer that is not 200, 0 where err is none.
func badStatus(err error) int {
	var e liberrors.ErrClientBadStatusCode
	if errors.As(err, &e) {
		return int(e.Code)
	}
	return 0
}

func TestUnknownPathsAreNotFound(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Cameras: 2})
	root := strings.TrimSuffix(s.URL(0, Main), "/cam0/main")
	for _, path := range []string{
		"/", "/cam2/main", "/cam-1/main", "/cam00/main", "/cam+1/main", "/cam0/", "/cam0/third", "/cam0/main/x",
		"/camera0/main", "/cam99999999999999999999/main", "/0/main",
	} {
		if _, err := dial(root+path, nil); badStatus(err) != 404 {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestAddressIsFreeAtOnceAfterClose(t *testing.T) {
	t.Parallel()
	o := Options{Cameras: 1, Clips: testFiles(t, 1), UDP: true}
	for i := range 5 {
		s, err := Start(o)
		if err != nil {
			t.Fatalf("start %d: %v", i, err)
		}
		r := read(t, s.URL(0, Main), nil)
		r.next(t)
		o.Listen = s.Addr()
		if _, err := Start(o); err == nil {
			t.Fatal("a second server took the same address")
		}
		s.Close()
		s.Close()
		if err := s.Wait(); err != nil {
			t.Fatalf("wait after close: %v", err)
		}
		if err := r.client.Wait(); err == nil {
			t.Fatal("the reader was not told")
		}
	}
}

func TestReaderOverUDP(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Cameras: 1, UDP: true})
	r := read(t, s.URL(0, Main), func(c *gortsplib.Client) {
		udp := gortsplib.TransportUDP
		c.Transport = &udp
	})
	keys := 0
	before := r.next(t)
	for keys < 2 {
		u := r.next(t)
		if u.Number <= before.Number || u.stamp-before.stamp != uint32(u.Number-before.Number)*3600 {
			t.Fatalf("after picture %d came %d", before.Number, u.Number)
		}
		if u.key() {
			keys++
		}
		before = u
	}
	if len(r.reports) == 0 {
		t.Fatal("no sender report came")
	}
}
