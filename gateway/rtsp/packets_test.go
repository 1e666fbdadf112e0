package rtsp

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"matthan/gateway"
	"matthan/gateway/video"
)

// Uniview cameras send SSRC 0, or another one from each key picture on.
func TestSSRCThatIsZeroOrChangesAtEveryKeyPicturePlays(t *testing.T) {
	t.Parallel()
	for name, ssrc := range map[string]func(picture int) uint32{
		"zero":                    func(int) uint32 { return 0 },
		"changes at each GOP":     func(i int) uint32 { return uint32(i / 10) },
		"changes at each picture": func(i int) uint32 { return 1000 + uint32(i) },
	} {
		for _, transport := range []gateway.Transport{gateway.TCP, gateway.UDP} {
			t.Run(name+" over "+string(transport), func(t *testing.T) {
				t.Parallel()
				c := (&raw{reports: true, header: func(i int, h *header) { h.ssrc = ssrc(i) }}).start(t)
				got, s := shows(t, c, Config{Transport: transport}, 45)
				wanted := []gateway.Quirk{gateway.QuirkSSRC}
				if transport == gateway.UDP {
					wanted = append(wanted, gateway.QuirkTransport) // it says no server_port
				}
				hasQuirks(t, s, wanted...)
				if transport == gateway.TCP && got[40].Clock != video.ClockCamera {
					t.Error("its sender reports are not taken")
				}
			})
		}
	}
}

// Some count their sequence numbers anew with each SSRC.
func TestSSRCThatChangesWithItsSequenceNumbersPlays(t *testing.T) {
	t.Parallel()
	gop, from := -1, uint16(0)
	c := (&raw{header: func(i int, h *header) {
		if i/10 != gop {
			gop, from = i/10, h.sequence
		}
		h.ssrc, h.sequence = uint32(gop), 500+h.sequence-from
	}}).start(t)
	_, s := shows(t, c, Config{Transport: gateway.TCP}, 45)
	hasQuirks(t, s, gateway.QuirkSSRC)
}

// A redirect leads to the same camera, through TLS again.
func TestRTSPSCameraWithQuirksPlaysAfterARedirect(t *testing.T) {
	t.Parallel()
	certs, pool := certificate(t)
	c := (&raw{certs: certs, header: func(i int, h *header) { h.ssrc = uint32(i / 10) }, answer: func(c *raw, r request) string {
		if r.method == "DESCRIBE" && strings.HasSuffix(r.url, "/main") {
			return redirect("rtsps://" + c.address + "/other")
		}
		return ""
	}}).start(t)
	_, s := shows(t, c, Config{CA: pool}, 25)
	hasQuirks(t, s, gateway.QuirkSSRC)
}

func TestBytesTooManyBetweenPacketsArePassedBy(t *testing.T) {
	t.Parallel()
	n := 0
	c := (&raw{write: func(b []byte) []byte {
		if n++; n%5 == 0 {
			return append(b, 0, 0xff, '$', 0, 0, 9, 1, 'R', 'E')
		}
		return b
	}}).start(t)
	shows(t, c, Config{Transport: gateway.TCP}, 45)
}

func TestDatagramsOfTenThousandBytesPlay(t *testing.T) {
	t.Parallel()
	c := (&raw{payload: func(_ int, nalus [][]byte) [][]byte {
		sei := append([]byte{byte(video.NALUSEI)}, bytes.Repeat([]byte{1}, 9999)...)
		return append([][]byte{sei}, video.Packetize(nalus, 1400)...)
	}}).start(t)
	_, s := shows(t, c, Config{Transport: gateway.UDP}, 45)
	hasQuirks(t, s, gateway.QuirkLargePackets, gateway.QuirkTransport)
}

func TestPacketsOverUDPComeInOrder(t *testing.T) {
	now := time.Unix(1, 0)
	for _, c := range []struct{ in, want []byte }{
		{[]byte{1, 2, 3}, []byte{1, 2, 3}},
		{[]byte{1, 3, 2, 4}, []byte{1, 2, 3, 4}},
		{[]byte{250, 255, 251, 252, 253, 254, 0, 1}, []byte{250, 251, 252, 253, 254, 255, 0, 1}},
		{[]byte{5, 4, 6, 6, 6, 7}, []byte{5, 6, 7}},
	} {
		var r reorder
		var got []byte
		for _, n := range c.in {
			r.push(uint16(int8(n)), []byte{n}, now, func(b []byte) { got = append(got, b[0]) })
		}
		if !bytes.Equal(got, c.want) {
			t.Errorf("%v became %v", c.in, got)
		}
	}
	var r reorder
	var got []byte
	push := func(n uint16) { r.push(n, []byte{byte(n)}, now, func(b []byte) { got = append(got, b[0]) }) }
	push(1)
	push(3)
	now = now.Add(heldFor + 1)
	push(5)
	if !bytes.Equal(got, []byte{1, 3, 5}) || r.n != 0 {
		t.Errorf("a packet that never came held up %v", got)
	}
	for range heldPackets + 2 { // the sender began anew
		push(40000)
	}
	if got[len(got)-1] != byte(40000&0xff) || r.next != 40001 {
		t.Errorf("%v", got)
	}
}

// A panic in what takes the pictures ends that camera's session alone.
func TestPanicEndsOneCameraAndNoOther(t *testing.T) {
	t.Parallel()
	for _, transport := range []gateway.Transport{gateway.TCP, gateway.UDP} {
		t.Run(string(transport), func(t *testing.T) {
			t.Parallel()
			one, two := (&raw{}).start(t), (&raw{}).start(t)
			var log syncBuffer
			broken, err := New(Config{URL: one.url(), Transport: transport, Log: log.logger()})
			if err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() {
				n := 0
				ended <- broken.Run(t.Context(), func(*video.AccessUnit) {
					if n++; n == 10 {
						panic("planted")
					}
				})
			}()
			over := false
			other, err := New(Config{URL: two.url(), Transport: transport})
			if err != nil {
				t.Fatal(err)
			}
			after := 0
			timeout := time.AfterFunc(20*time.Second, func() { panic("the other camera does not play on") })
			defer timeout.Stop()
			ctx, cancel := context.WithCancelCause(t.Context())
			if err := other.Run(ctx, func(*video.AccessUnit) {
				select {
				case err := <-ended:
					over = true
					if gateway.CauseOf(err) != gateway.CauseInternal {
						t.Error(err)
					}
				default:
				}
				if over {
					if after++; after == 20 {
						cancel(errEnough)
					}
				}
			}); !errors.Is(err, errEnough) {
				t.Error(err)
			}
			if text := log.String(); !strings.Contains(text, "planted") || !strings.Contains(text, "packets_test.go") {
				t.Errorf("no stack in the log: %s", text)
			}
		})
	}
}

func TestPicturesInOddPacketsPlay(t *testing.T) {
	t.Parallel()
	_, sps, pps := clip(t)
	join := func(nalus [][]byte) []byte { return bytes.Join(nalus, []byte{0, 0, 0, 1}) }
	for name, c := range map[string]struct {
		camera *raw
		want   []gateway.Quirk
	}{
		"start codes in one packet": {&raw{payload: func(_ int, nalus [][]byte) [][]byte { return [][]byte{join(nalus)} }}, []gateway.Quirk{gateway.QuirkStartCodes}},
		"packetization-mode 0 said, fragments sent": {&raw{lines: []string{"m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000", "a=fmtp:96 packetization-mode=0"},
			payload: func(_ int, nalus [][]byte) [][]byte { return video.Packetize(nalus, 100) }}, []gateway.Quirk{gateway.QuirkMode}},
		"no markers":                  {&raw{header: func(_ int, h *header) { h.marker = false }}, []gateway.Quirk{gateway.QuirkMarker}},
		"timestamps that stand still": {&raw{header: func(_ int, h *header) { h.ts = 5 }}, []gateway.Quirk{gateway.QuirkTimestamps}},
		"timestamps that go back":     {&raw{header: func(i int, h *header) { h.ts = uint32(-i) * 100 }}, []gateway.Quirk{gateway.QuirkTimestamps}},
		"sets in the description alone": {&raw{lines: []string{"m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000",
			"a=fmtp:96 packetization-mode=1; sprop-parameter-sets=" + base64.StdEncoding.EncodeToString(sps) + "," + base64.StdEncoding.EncodeToString(pps)},
			payload: func(_ int, nalus [][]byte) [][]byte { return video.Packetize(withoutSets(nalus), 1400) }}, []gateway.Quirk{gateway.QuirkSets}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stream := gateway.NewStream(gateway.StreamID{}, 1<<24, time.Now())
			got, s := shows(t, c.camera.start(t), Config{}, 45)
			hasQuirks(t, s, c.want...)
			last := int64(-1 << 62)
			for _, au := range got {
				stream.Publish(au)
				if au.Number > 0 && au.PTS <= last {
					t.Fatalf("the stream's PTS is %d after %d", au.PTS, last)
				} else if au.Number > 0 {
					last = au.PTS
				}
			}
		})
	}
}
