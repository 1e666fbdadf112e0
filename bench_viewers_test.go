//go:build bench

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"

	"matthan/gateway/simulate"
	"matthan/gateway/video"
)

// The viewers of a benchmark run in a process of their own, so that their CPU
// time is not the gateway's. It reads orders from standard input, one JSON
// object a line, and answers each with one.

type order struct {
	Op      string // join, count, pictures, first, leave
	URL     string // WHEP, {n} stands for the camera
	Token   string
	Cameras int // viewer i watches camera i modulo this
	Viewers int
	Whole   bool // put pictures together and note when each was whole
	Times   int
}

type report struct {
	Error    string    `json:",omitempty"`
	Packets  uint64    `json:",omitempty"`
	Bytes    uint64    `json:",omitempty"`
	Frozen   int       `json:",omitempty"` // viewers whose pictures had a gap of over 250 ms since the last count
	Pictures []seen    `json:",omitempty"`
	Millis   []float64 `json:",omitempty"`
}

// seen is a whole picture at a viewer.
type seen struct {
	Camera int
	Number uint64
	Key    bool
	At     int64 // Unix µs
}

// benchViewer is one viewer.
type benchViewer struct {
	pc             *webrtc.PeerConnection
	packets, bytes atomic.Uint64
	gap            atomic.Int64 // longest between two pictures, ns
	mu             sync.Mutex
	pictures       []seen
	first          chan time.Time // of the first whole key picture
}

// TestBenchViewers is the viewers' process; the benchmark starts it.
func TestBenchViewers(t *testing.T) {
	if !*asViewers {
		t.SkipNow()
	}
	var all []*benchViewer
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.NewFile(3, "answers"))
	for in.Scan() {
		var o order
		if err := json.Unmarshal(in.Bytes(), &o); err != nil {
			t.Fatal(err)
		}
		r := report{}
		switch o.Op {
		case "join":
			r = joinMany(o, &all)
		case "count":
			for _, v := range all {
				r.Packets += v.packets.Load()
				r.Bytes += v.bytes.Load()
				if time.Duration(v.gap.Swap(0)) > 250*time.Millisecond {
					r.Frozen++
				}
			}
		case "pictures":
			for _, v := range all {
				v.mu.Lock()
				r.Pictures = append(r.Pictures, v.pictures...)
				v.pictures = nil
				v.mu.Unlock()
			}
		case "first":
			r = firstMany(o)
		case "leave":
			for _, v := range all {
				_ = v.pc.Close()
			}
			all = nil
		}
		if err := out.Encode(r); err != nil {
			t.Fatal(err)
		}
	}
}

// joinMany lets viewers come, 8 at a time.
func joinMany(o order, all *[]*benchViewer) report {
	var mu sync.Mutex
	var wg sync.WaitGroup
	failed := ""
	places := make(chan struct{}, 8)
	from := len(*all)
	for i := range o.Viewers {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			v, err := joinOne(o, (from+i)%o.Cameras)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed = err.Error()
				return
			}
			*all = append(*all, v)
		})
	}
	wg.Wait()
	return report{Error: failed}
}

// firstMany measures, one after the other, from the request to the first whole
// key picture.
func firstMany(o order) report {
	r := report{}
	for i := range o.Times {
		<-time.After(time.Duration(rand.Int64N(int64(300 * time.Millisecond))))
		began := time.Now()
		v, err := joinOne(o, i%o.Cameras)
		if err != nil {
			return report{Error: err.Error()}
		}
		select {
		case at := <-v.first:
			r.Millis = append(r.Millis, float64(at.Sub(began).Microseconds())/1000)
		case <-time.After(patience):
			return report{Error: "no first picture"}
		}
		_ = v.pc.Close()
	}
	return r
}

// joinOne makes a viewer that offers SRTP profiles in Chromium's order and has
// no interceptors, so that it costs little beside what it measures.
func joinOne(o order, camera int) (*benchViewer, error) {
	s := webrtc.SettingEngine{}
	s.SetIncludeLoopbackCandidate(true)
	s.SetSRTPProtectionProfiles(dtls.SRTP_AES128_CM_HMAC_SHA1_80, dtls.SRTP_AEAD_AES_256_GCM, dtls.SRTP_AEAD_AES_128_GCM)
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	m := &webrtc.MediaEngine{}
	if err := m.RegisterDefaultCodecs(); err != nil {
		return nil, err
	}
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(s), webrtc.WithMediaEngine(m), webrtc.WithInterceptorRegistry(&interceptor.Registry{})).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, err
	}
	v := &benchViewer{pc: pc, first: make(chan time.Time, 1)}
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		v.read(track, camera, o.Whole || o.Op == "first")
	})
	if _, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
		return nil, err
	}
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		return nil, err
	}
	if err := pc.SetLocalDescription(offer); err != nil {
		return nil, err
	}
	req, err := http.NewRequest("POST", strings.ReplaceAll(o.URL, "{n}", fmt.Sprint(camera)), strings.NewReader(offer.SDP))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/sdp")
	if o.Token != "" {
		req.Header.Set("Authorization", "Bearer "+o.Token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode/100 != 2 {
		return nil, fmt.Errorf("WHEP: %s %s %w", resp.Status, answer, err)
	}
	return v, pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: string(answer)})
}

// read counts packets, and with whole notes pictures.
func (v *benchViewer) read(track *webrtc.TrackRemote, camera int, whole bool) {
	a := video.NewAssembler()
	var last time.Time
	buf := make([]byte, 1600)
	for {
		if !whole {
			n, _, err := track.Read(buf)
			if err != nil {
				return
			}
			v.count(n, buf[1]&0x80 != 0, &last)
			continue
		}
		p, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		v.count(len(p.Payload), p.Marker, &last)
		a.Push(video.Packet{Sequence: p.SequenceNumber, Timestamp: p.Timestamp, Marker: p.Marker, Payload: p.Payload, Arrived: time.Now()},
			func(au *video.AccessUnit, _ video.Timing) { v.whole(au, camera) })
	}
}

func (v *benchViewer) count(n int, marker bool, last *time.Time) {
	v.packets.Add(1)
	v.bytes.Add(uint64(n))
	if !marker {
		return
	}
	now := time.Now()
	if !last.IsZero() && now.Sub(*last) > time.Duration(v.gap.Load()) {
		v.gap.Store(int64(now.Sub(*last)))
	}
	*last = now
}

func (v *benchViewer) whole(au *video.AccessUnit, camera int) {
	now := time.Now()
	if au.Key {
		select {
		case v.first <- now:
		default:
		}
	}
	mark, ok := simulate.ReadMark(au.NALUs)
	if !ok {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.pictures = append(v.pictures, seen{camera, mark.Number, au.Key, now.UnixMicro()})
}
