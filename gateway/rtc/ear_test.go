package rtc

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"matthan/gateway"
	"matthan/gateway/video"
)

// speak hands the n-th packet of 20 ms of a camera's sound to the hub.
func (c *fakeCamera) speak(t *testing.T, n int, codec gateway.SoundCodec) *gateway.Sound {
	t.Helper()
	rate := 8000
	if codec == gateway.Opus {
		rate = 48000
	}
	now := time.Now()
	p := &gateway.Sound{Codec: codec, Rate: rate, Payload: []byte{c.id, byte(n), byte(codec)}, PTS: int64(n * rate / 50),
		Captured: now.Add(-40 * time.Millisecond), Clock: video.ClockCamera, Arrived: now}
	select {
	case c.sounds <- p:
	case <-time.After(patience):
		t.Fatal("nobody pulls the camera")
	}
	return p
}

// hears asks for a line for sound on a peer that has none, as a page does when
// somebody wants to hear.
func (w *watcher) hears() {
	t := w.t
	t.Helper()
	if _, err := w.pc.AddTransceiverFromKind(webrtc.RTPCodecTypeAudio, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
		t.Fatal(err)
	}
	offer, err := w.pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.pc.SetLocalDescription(offer); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	answer, err := w.peer.Answer(ctx, offer.SDP)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}); err != nil {
		t.Fatal(err)
	}
}

func (w *watcher) listen(tile int, of gateway.CameraID) {
	w.t.Helper()
	if ok, err := w.peer.Listen(tile, of); err != nil || !ok {
		w.t.Fatal(ok, err)
	}
	w.settled()
}

// settled waits until the shard has done what it was asked.
func (w *watcher) settled() {
	done := make(chan struct{})
	w.peer.shard.do(func(time.Time) { close(done) })
	<-done
}

// sound is the next packet of sound; pictures are passed by.
func (w *watcher) sound() *rtp.Packet {
	w.t.Helper()
	for {
		if p := next(w.t, w.packets, "sound"); p.PayloadType == 0 || p.PayloadType == 8 || p.PayloadType == 111 {
			return p
		}
	}
}

func TestSoundGoesThroughAsItIsToThoseWhoAskedForIt(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	w := r.watch(2, nil)
	cam := r.cameras["one"]
	w.show(0, "one")
	cam.send(t, 0, true)
	w.picture()
	if ok, err := w.peer.Listen(0, "one"); ok || err != nil {
		t.Fatal("it hears without a line for it", err)
	}
	w.hears()
	cam.speak(t, 1, gateway.PCMA) // nobody has asked yet
	cam.send(t, 1, false)
	w.picture()
	w.listen(0, "one")
	var last *rtp.Packet
	for n := 2; n < 12; n++ {
		sent := cam.speak(t, n, gateway.PCMA)
		got := w.sound()
		if string(got.Payload) != string(sent.Payload) || got.PayloadType != 8 {
			t.Fatalf("sound %d came as % x of type %d", n, got.Payload, got.PayloadType)
		}
		if last != nil && (got.SequenceNumber != last.SequenceNumber+1 || got.Timestamp != last.Timestamp+160 || got.SSRC != last.SSRC) {
			t.Fatalf("sequence %d→%d, timestamp %d→%d", last.SequenceNumber, got.SequenceNumber, last.Timestamp, got.Timestamp)
		}
		if got.Marker != (last == nil) {
			t.Fatalf("marker %v", got.Marker)
		}
		last = got
	}
	// Another codec, as of another camera, goes on in the same stream.
	sent := cam.speak(t, 12, gateway.Opus)
	if got := w.sound(); string(got.Payload) != string(sent.Payload) || got.PayloadType != 111 || got.SequenceNumber != last.SequenceNumber+1 || int32(got.Timestamp-last.Timestamp) <= 0 {
		t.Fatalf("%v", got)
	}
	w.listen(-1, "")
	cam.speak(t, 13, gateway.Opus)
	cam.send(t, 2, false)
	if got := w.picture(); got.number != 2 {
		t.Fatalf("picture %d", got.number)
	}
}

func TestSoundEndsWithWhatTheTileShows(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	w := r.watch(1, nil)
	w.hears()
	one, two := r.cameras["one"], r.cameras["two"]
	w.show(0, "one")
	one.send(t, 0, true)
	w.picture()
	w.listen(0, "one")
	one.speak(t, 1, gateway.PCMU)
	a := w.sound()
	w.show(0, "two")
	w.settled()
	two.send(t, 0, true)
	one.speak(t, 2, gateway.PCMU)
	two.speak(t, 1, gateway.PCMU) // that it was asked for says nothing of another camera
	two.send(t, 1, false)
	for range 2 {
		w.picture()
	}
	w.listen(0, "two")
	two.speak(t, 2, gateway.PCMU)
	b := w.sound()
	if b.Payload[0] != 2 || b.SequenceNumber != a.SequenceNumber+1 {
		t.Fatalf("% x after % x", b.Payload, a.Payload)
	}
	w.peer.Close()
	for _, s := range r.g.shards {
		s.turn.Lock()
		if len(s.ears) > 0 {
			t.Error("a shard still listens for a peer that is gone")
		}
		s.turn.Unlock()
	}
}

func TestSoundAndPicturesAreReportedByOneClock(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	w := r.watch(1, nil)
	w.hears()
	cam := r.cameras["one"]
	w.show(0, "one")
	cam.send(t, 0, true)
	w.picture()
	w.listen(0, "one")
	sent := cam.speak(t, 1, gateway.PCMU)
	got := w.sound()
	for {
		sr := next(t, w.reports, "sender report")
		if sr.SSRC != got.SSRC {
			continue // the pictures'
		}
		if sr.RTPTime != got.Timestamp || sr.NTPTime != ntp(sent.Captured) {
			t.Fatalf("%+v", sr)
		}
		return
	}
}

func TestLineForSoundIsAnsweredWhereACodecIsKnown(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	pc := client(t, nil)
	defer func() { _ = pc.Close() }()
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
		if _, err := pc.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			t.Fatal(err)
		}
	}
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	p, answer, err := r.g.NewPeer(t.Context(), offer.SDP, quietEvents)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	lines := strings.Split(answer, "m=")
	if len(lines) != 3 || !strings.HasPrefix(lines[1], "audio 9 ") || !strings.Contains(lines[1], "a=sendonly") ||
		!strings.Contains(lines[1], "a=msid:sound") || !strings.Contains(lines[2], "a=sendonly") {
		t.Fatalf("answer:\n%s", answer)
	}
	for _, codec := range []string{" PCMU/8000", " PCMA/8000", " opus/48000/2"} {
		if !strings.Contains(lines[1], codec) {
			t.Errorf("%s is not in the answer:\n%s", codec, lines[1])
		}
	}
}
