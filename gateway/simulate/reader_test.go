package simulate

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/bluenviron/gortsplib/v4/pkg/format/rtph264"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

const (
	testPictures = 30
	testGOP      = 10
	patience     = 20 * time.Second
)

// testSPS and testPPS are those of a 640x360 stream of main profile.
var (
	testSPS = []byte{
		0x67, 0x4d, 0x40, 0x1e, 0xda, 0x02, 0x80, 0xbf, 0xe5, 0xc0, 0x44, 0x00, 0x00,
		0x03, 0x00, 0x04, 0x00, 0x00, 0x03, 0x00, 0xca, 0x3c, 0x58, 0xba, 0x80,
	}
	testPPS = []byte{0x68, 0xef, 0x3c, 0x80}
)

// testSlice is no decodable slice, but says which one it is.
func testSlice(clip, place int, q Quality) []byte {
	b := []byte{0x41, 0x9a, byte(clip), q[0], 1, 1, 0xff, 0xff}
	size := 1800
	if place%testGOP == 0 {
		b[0], size = 0x65, 20000
	}
	binary.BigEndian.PutUint16(b[6:], uint16(place)|0x4000)
	for len(b) < size {
		b = append(b, byte(len(b)%200+7))
	}
	return b
}

// testFiles are clips with pictures that only look like H.264.
func testFiles(t testing.TB, clips int) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	var list []map[string]any
	for i := range clips {
		id := fmt.Sprintf("clip%d", i)
		list = append(list, map[string]any{
			"id": id, "name": fmt.Sprintf("Ngã tư %d", i), "name_en": fmt.Sprintf("Crossing %d", i), "scene": i,
			"time": "day", "pictures": testPictures, "fps": 25, "kind": "public", "position": []float64{21 + float64(i), 105},
		})
		for _, q := range []Quality{Main, Sub} {
			var b []byte
			add := func(n []byte) { b = append(append(b, 0, 0, 0, 1), n...) }
			for place := range testPictures {
				if place%testGOP == 0 {
					add(testSPS)
					add(testPPS)
				}
				add(testSlice(i, place, q))
			}
			files[fmt.Sprintf("%s.%s.h264", id, q)] = &fstest.MapFile{Data: b}
		}
	}
	b, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	files["clips.json"] = &fstest.MapFile{Data: b}
	return files
}

// start runs a server for the time of the test.
func start(t testing.TB, o Options) *Server {
	t.Helper()
	if o.Clips == nil {
		o.Clips = testFiles(t, 2)
	}
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// received is an access unit as a reader sees it.
type received struct {
	Mark
	nalus    [][]byte
	stamp    uint32
	sequence uint16 // of the last packet
	at       time.Time
	reports  int // sender reports that came before it was complete
}

func (r received) key() bool { return r.nalus[len(r.nalus)-1][0]&0x1f == 5 }

// reader reads a stream with gortsplib's client.
type reader struct {
	client  *gortsplib.Client
	desc    *description.Session
	units   chan received
	reports chan rtcp.SenderReport
	lost    atomic.Uint64 // packets
}

// dial describes a stream; change may alter the client first.
func dial(address string, change func(*gortsplib.Client)) (*reader, error) {
	u, err := base.ParseURL(address)
	if err != nil {
		return nil, err
	}
	transport := gortsplib.TransportTCP
	r := &reader{
		client:  &gortsplib.Client{Transport: &transport, Scheme: u.Scheme, Host: u.Host},
		units:   make(chan received, 10000),
		reports: make(chan rtcp.SenderReport, 1000),
	}
	r.client.OnPacketsLost = func(n uint64) { r.lost.Add(n) }
	if change != nil {
		change(r.client)
	}
	if err := r.client.Start2(); err != nil {
		return nil, err
	}
	desc, _, err := r.client.Describe(u)
	if err != nil {
		r.client.Close()
		return nil, err
	}
	r.desc = desc
	return r, nil
}

// play sets up and plays what dial described.
func (r *reader) play() error {
	var forma *format.H264
	media := r.desc.FindFormat(&forma)
	if media == nil {
		return fmt.Errorf("no H.264 in %v", r.desc)
	}
	if _, err := r.client.Setup(r.desc.BaseURL, media, 0, 0); err != nil {
		return err
	}
	decoder, err := forma.CreateDecoder()
	if err != nil {
		return err
	}
	var mu sync.Mutex // over UDP, RTP and RTCP come from two goroutines
	reports := 0
	r.client.OnPacketRTCP(media, func(p rtcp.Packet) {
		if sr, ok := p.(*rtcp.SenderReport); ok {
			mu.Lock()
			reports++
			mu.Unlock()
			r.reports <- *sr
		}
	})
	r.client.OnPacketRTP(media, forma, func(p *rtp.Packet) {
		if u, ok := decode(decoder, p); ok {
			mu.Lock()
			u.reports = reports
			mu.Unlock()
			r.units <- u
		}
	})
	if _, err := r.client.Play(nil); err != nil {
		return err
	}
	return nil
}

func decode(d *rtph264.Decoder, p *rtp.Packet) (received, bool) {
	nalus, err := d.Decode(p)
	if err != nil {
		return received{}, false
	}
	m, _ := ReadMark(nalus)
	return received{Mark: m, nalus: nalus, stamp: p.Timestamp, sequence: p.SequenceNumber, at: time.Now()}, true
}

// read plays a stream for the time of the test.
func read(t testing.TB, address string, change func(*gortsplib.Client)) *reader {
	t.Helper()
	r, err := dial(address, change)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.client.Close)
	if err := r.play(); err != nil {
		t.Fatal(err)
	}
	return r
}

// next waits for a picture.
func (r *reader) next(t testing.TB) received {
	t.Helper()
	select {
	case u := <-r.units:
		return u
	case <-time.After(patience):
		t.Fatal("no picture came")
		panic("unreachable")
	}
}

// pictures waits for n pictures.
func (r *reader) pictures(t testing.TB, n int) []received {
	t.Helper()
	out := make([]received, n)
	for i := range out {
		out[i] = r.next(t)
	}
	return out
}

// consecutive fails where a picture is missing, or is not the one its mark says.
func consecutive(t *testing.T, clip int, units []received) {
	t.Helper()
	for i, u := range units {
		place := u.Loop
		if got, want := u.nalus[len(u.nalus)-1], testSlice(clip, place, u.Quality); string(got) != string(want) {
			t.Fatalf("picture %d: the slice is not that of place %d", u.Number, place)
		}
		if i == 0 {
			continue
		}
		before := units[i-1]
		if u.Number != before.Number+1 || place != (before.Loop+1)%testPictures || u.stamp != before.stamp+3600 {
			t.Fatalf("after picture %d (place %d, timestamp %d) came %d (%d, %d)",
				before.Number, before.Loop, before.stamp, u.Number, place, u.stamp)
		}
		if d := u.Captured.Sub(before.Captured); d.Round(10*time.Microsecond) != 40*time.Millisecond {
			t.Fatalf("pictures %d and %d were captured %v apart", before.Number, u.Number, d)
		}
	}
}

// withLogin puts a login into an address; the clients under test take it from there.
func withLogin(t testing.TB, address, user, password string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(user, password)
	return u.String()
}
