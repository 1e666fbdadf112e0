package rtsp

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"matthan/gateway"
	"matthan/gateway/video"
)

// withSound is a camera whose sound is the second track.
func cameraWithSound(f format.Format) *camera {
	return &camera{formats: []format.Format{&format.H264{PayloadTyp: 96, PacketizationMode: 1}, f}, inBand: true}
}

// speak sends packets of sound, 20 ms each, until the test ends: the n-th is of
// size bytes that say n.
func (c *camera) speak(t *testing.T, size int, ticks uint32, every time.Duration) *description.Media {
	t.Helper()
	m := c.stream.Desc.Medias[1]
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			case <-tick.C:
			}
			h := rtp.Header{Version: 2, PayloadType: m.Formats[0].PayloadType(), SequenceNumber: uint16(65530 + n), Timestamp: uint32(1<<32-3200) + uint32(n)*ticks}
			_ = c.stream.WritePacketRTP(m, &rtp.Packet{Header: h, Payload: bytes.Repeat([]byte{byte(n)}, size)})
			if n%20 == 1 {
				at := time.Now().Add(-30 * time.Millisecond)
				_ = c.stream.WritePacketRTCP(m, &rtcp.SenderReport{SSRC: c.stream.Stats().Medias[m].Formats[m.Formats[0]].LocalSSRC,
					NTPTime: uint64(at.Unix()+ntpEpoch)<<32 | uint64(at.Nanosecond())<<32/uint64(time.Second), RTPTime: h.Timestamp})
			}
		}
	})
	t.Cleanup(func() { close(stop); wg.Wait() })
	return m
}

// hear runs a source until enough pictures and sounds came, or the run ended.
func hear(t *testing.T, cfg Config, pictures, sounds int) (heard []*gateway.Sound, seen int, err error) {
	t.Helper()
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	var mu sync.Mutex
	enough := func() {
		if seen >= pictures && len(heard) >= sounds {
			end(errEnough)
		}
	}
	s.Hear(func(p *gateway.Sound) {
		mu.Lock()
		defer mu.Unlock()
		heard = append(heard, p)
		enough()
	})
	err = s.Run(ctx, func(*video.AccessUnit) {
		mu.Lock()
		defer mu.Unlock()
		seen++
		enough()
	})
	mu.Lock()
	defer mu.Unlock()
	return heard, seen, err
}

func TestSoundComesBesideThePictures(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		format format.Format
		codec  gateway.SoundCodec
		size   int
		ticks  uint32
		udp    bool
	}{
		"G.711 of a static payload type": {&format.G711{PayloadTyp: 0, MULaw: true, SampleRate: 8000, ChannelCount: 1}, gateway.PCMU, 160, 160, false},
		"G.711 of a dynamic one":         {&format.G711{PayloadTyp: 97, SampleRate: 8000, ChannelCount: 1}, gateway.PCMA, 160, 160, false},
		"Opus":                           {&format.Opus{PayloadTyp: 97, ChannelCount: 2}, gateway.Opus, 60, 960, false},
		"over UDP":                       {&format.G711{PayloadTyp: 8, SampleRate: 8000, ChannelCount: 1}, gateway.PCMA, 160, 160, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cam := cameraWithSound(c.format)
			cam.udp = c.udp
			cam.start(t)
			cam.speak(t, c.size, c.ticks, 5*time.Millisecond)
			cfg := Config{URL: cam.url()}
			if c.udp {
				cfg.Transport = gateway.UDP
			}
			heard, _, err := hear(t, cfg, 45, 80)
			if !errors.Is(err, errEnough) {
				t.Fatal(err)
			}
			byCamera := 0
			for i, p := range heard {
				if p.Codec != c.codec || len(p.Payload) != c.size || i > 0 && p.Payload[0] != heard[i-1].Payload[0]+1 {
					t.Fatalf("sound %d: %v, %d bytes that say %d", i, p.Codec, len(p.Payload), p.Payload[0])
				}
				if i > 0 && p.PTS-heard[i-1].PTS != int64(c.ticks) {
					t.Fatalf("PTS step %d", p.PTS-heard[i-1].PTS)
				}
				if p.Captured.After(p.Arrived) {
					t.Fatal("taken after it arrived")
				}
				if p.Clock == video.ClockCamera {
					byCamera++
				}
			}
			if byCamera == 0 {
				t.Error("its sender reports are not taken")
			}
		})
	}
}

func TestCameraThatGivesNoSoundShowsItsPicture(t *testing.T) {
	t.Parallel()
	for name, code := range map[string]base.StatusCode{
		"refuses the SETUP":             base.StatusNotFound,
		"wants another login for it":    base.StatusUnauthorized,
		"has no more sessions":          base.StatusNotEnoughBandwidth,
		"answers after it was given up": 0,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cam := cameraWithSound(&format.G711{PayloadTyp: 8, SampleRate: 8000, ChannelCount: 1})
			again := make(chan struct{}) // closed when the picture is asked for a second time
			pictures := 0
			cam.setup = func(track string) *base.Response {
				sound := strings.HasSuffix(track, "=1")
				switch {
				case sound && code != 0:
					return &base.Response{StatusCode: code}
				case sound:
					<-again
				default:
					if pictures++; pictures == 2 {
						close(again)
					}
				}
				return nil
			}
			cam.start(t)
			_, seen, err := hear(t, Config{URL: cam.url()}, 20, 0)
			if !errors.Is(err, errEnough) || seen < 20 {
				t.Fatal(seen, err)
			}
		})
	}
}

func TestNoSoundIsAskedForWhereNobodyTakesIt(t *testing.T) {
	t.Parallel()
	cam := cameraWithSound(&format.G711{PayloadTyp: 8, SampleRate: 8000, ChannelCount: 1})
	cam.setup = func(track string) *base.Response {
		if strings.HasSuffix(track, "=1") {
			t.Error("the sound is asked for")
		}
		return nil
	}
	cam.start(t)
	if _, _, err := collect(t, Config{URL: cam.url()}, 10); !errors.Is(err, errEnough) {
		t.Fatal(err)
	}
}

func TestFloodOfSoundIsNotHeardAndThePictureGoesOn(t *testing.T) {
	t.Parallel()
	s, err := New(Config{URL: "rtsp://192.0.2.1/main"})
	if err != nil {
		t.Fatal(err)
	}
	heard, ended := 0, 0
	s.Hear(func(*gateway.Sound) { heard++ })
	m := newMedia(s, func(*video.AccessUnit) {}, func(gateway.Cause, string) { ended++ }, outline{kind: 96,
		sound: &soundLine{kind: 8, codec: gateway.PCMA, rate: 8000}})
	for n := range uint16(40000) {
		m.packet(header{kind: 8, sequence: n, ts: uint32(n) * 160, ssrc: 3}.packet(make([]byte, 160)), true)
	}
	if most := 2 * soundBurst / leastPacket; heard == 0 || heard > most || ended > 0 {
		t.Fatalf("%d packets are heard, at most %d may be; ended %d times", heard, most, ended)
	}
	for n := range uint16(60000) {
		m.packet(header{kind: 8, sequence: n, ssrc: 3}.packet(make([]byte, 1400)), true)
	}
	if ended != 1 {
		t.Fatalf("more than all that a camera may send: ended %d times", ended)
	}
}

func TestSoundIsReadFromWhatCamerasDescribe(t *testing.T) {
	t.Parallel()
	video := "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:v\r\n"
	for in, want := range map[string]soundLine{
		"m=audio 0 RTP/AVP 0\r\na=control:a":                                                                                                                            {kind: 0, codec: gateway.PCMU, rate: 8000, control: "a"},
		"m=audio 0 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=control:a":                                                                                                    {kind: 8, codec: gateway.PCMA, rate: 8000, control: "a"},
		"m=audio 0 RTP/AVP 97\r\na=rtpmap:97 pcmu/8000/1\r\na=control:a":                                                                                                {kind: 97, codec: gateway.PCMU, rate: 8000, control: "a"},
		"m=audio 0 RTP/AVP 98\r\na=rtpmap:98 opus/48000/2\r\na=control:a":                                                                                               {kind: 98, codec: gateway.Opus, rate: 48000, control: "a"},
		"m=audio 0 RTP/AVP 0\r\na=sendonly\r\na=control:back\r\nm=audio 0 RTP/AVP 8\r\na=control:a":                                                                     {kind: 8, codec: gateway.PCMA, rate: 8000, control: "a"}, // ONVIF's loudspeaker
		"m=audio 0 RTP/AVP 97\r\na=rtpmap:97 G726-32/8000\r\na=control:b\r\nm=audio 0 RTP/AVP 0\r\na=control:a":                                                         {kind: 0, codec: gateway.PCMU, rate: 8000, control: "a"},
		"m=audio 0 RTP/AVP 96\r\na=rtpmap:96 PCMU/8000\r\na=control:a":                                                                                                  {}, // the pictures' payload type
		"m=audio 0 RTP/AVP 97\r\na=rtpmap:97 PCMU/16000\r\na=control:a":                                                                                                 {},
		"m=audio 0 RTP/AVP 97\r\na=rtpmap:97 mpeg4-generic/16000/1\r\na=fmtp:97 mode=AAC-hbr;config=1408;sizeLength=13;indexLength=3;indexDeltaLength=3\r\na=control:a": {kind: 97, codec: gateway.AAC, rate: 16000, control: "a", config: "\x14\x08", ticks: 1024},
		"m=audio 0 RTP/AVP 97\r\na=rtpmap:97 mpeg4-generic/48000/2\r\na=fmtp:97 mode=AAC-lbr;config=1190;sizeLength=6;indexLength=2;indexDeltaLength=2\r\na=control:a":  {},
		"m=audio 0 RTP/AVP 0\r\na=control:*":                                                                                                                            {},
		"m=audio 0 RTP/AVP 0":                                                                                                                                           {},
	} {
		l := soundOf([]byte(video+in+"\r\n"), 96)
		if l == nil {
			l = &soundLine{}
		}
		if *l != want {
			t.Errorf("%q: %+v, want %+v", in, *l, want)
		}
	}
}

// FuzzSound checks that nothing that a camera sends as sound is more than it may be.
func FuzzSound(f *testing.F) {
	f.Add([]byte("\x80\x08\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01abc"), []byte("\x80\xc8\x00\x06\x00\x00\x00\x01\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x01"), uint8(1))
	f.Add([]byte("\x80\x08\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x20\x00\x18\x00\x10abcde"), []byte("m=audio 0 RTP/AVP 97\r\na=rtpmap:97 mpeg4-generic/16000"), uint8(3))
	f.Fuzz(func(t *testing.T, a, b []byte, codec uint8) {
		s, err := New(Config{URL: "rtsp://192.0.2.1/main"})
		if err != nil {
			t.Fatal(err)
		}
		s.Hear(func(p *gateway.Sound) {
			if len(p.Payload) == 0 || len(p.Payload) > gateway.MaxAAC || p.Captured.After(p.Arrived) {
				t.Fatalf("%+v", p)
			}
		})
		m := newMedia(s, func(*video.AccessUnit) {}, func(gateway.Cause, string) {}, outline{kind: 96,
			sound: &soundLine{kind: 8, codec: gateway.SoundCodec(codec%4 + 1), rate: 8000, config: "\x14\x08", ticks: 1024}})
		for _, p := range [][]byte{a, b, a} {
			m.packet(p, false)
			m.packet(p, true)
		}
		soundOf(a, 96)
	})
}
