package gateway

import (
	"fmt"
	"testing"
	"time"

	"matthan/gateway/video"
)

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// au makes an access unit of n payloads of 1000 bytes, taken at frame i of 25 a second.
func au(i int, key bool, n int) *video.AccessUnit {
	a := &video.AccessUnit{PTS: int64(i) * 3600, Arrived: epoch.Add(time.Duration(i) * 40 * time.Millisecond), Key: key}
	for range n {
		a.Payloads = append(a.Payloads, make([]byte, 1000))
	}
	return a
}

type counter chan *Stream

func (c counter) Wake(s *Stream) { c <- s }

func numbers(aus []*video.AccessUnit) (out []uint64) {
	for _, a := range aus {
		out = append(out, a.Number)
	}
	return out
}

func TestNobodyStartsOnAPictureThatCannotBeDecoded(t *testing.T) {
	s := NewStream(StreamID{Camera: "a", Quality: Main}, 1<<20, epoch)
	s.Publish(au(0, false, 1))
	s.Publish(au(1, false, 1))
	if s.GOP() != nil {
		t.Fatal("a GOP without a key picture")
	}
	if st := s.State(); st.Phase != Opening {
		t.Fatalf("%v before the first key picture", st.Phase)
	}
	s.Publish(au(2, true, 3))
	s.Publish(au(3, false, 1))
	gop := s.GOP()
	if len(gop) != 2 || !gop[0].Key || gop[0].Number != 1 || gop[1].First != 3 {
		t.Fatalf("GOP %v", numbers(gop))
	}
	if st := s.State(); st.Phase != Live || !st.Since.Equal(gop[0].Arrived) {
		t.Fatalf("state %+v", st)
	}
}

func TestAReaderALittleLateAtAKeyPictureSkipsNothing(t *testing.T) {
	s := NewStream(StreamID{Camera: "a", Quality: Main}, 1<<20, epoch)
	for i := range 250 {
		s.Publish(au(i, i%100 == 0, 1))
	}
	aus, ok := s.After(199) // the key picture number 201 has come since
	if !ok || len(aus) != 51 || aus[0].Number != 200 {
		t.Fatalf("after 199: ok %v, %v", ok, numbers(aus))
	}
	if aus, ok := s.After(100); ok {
		t.Fatalf("4 s ago is still kept: %v", numbers(aus))
	}
	if aus, ok := s.After(250); !ok || len(aus) != 0 {
		t.Fatalf("the newest has successors: %v", numbers(aus))
	}
	a, i := s.Packet(aus0(s).First)
	if a != aus0(s) || i != 0 {
		t.Fatal("a kept packet is not found")
	}
	if a, _ := s.Packet(3); a != nil {
		t.Fatal("a packet long gone is found")
	}
	if a, _ := s.Packet(1 << 40); a != nil {
		t.Fatal("a packet never sent is found")
	}
}

func aus0(s *Stream) *video.AccessUnit { return s.GOP()[0] }

func TestAGOPWithoutEndStaysWithinItsBytes(t *testing.T) {
	s := NewStream(StreamID{Camera: "a", Quality: Main}, 100_000, epoch)
	s.Publish(au(0, true, 20))
	for i := 1; i < 1000; i++ {
		s.Publish(au(i, false, 3))
		if n := s.Kept(); n > 100_000 {
			t.Fatalf("%d bytes are kept", n)
		}
	}
	if s.GOP() != nil {
		t.Fatal("a start from a GOP whose key picture is gone")
	}
	if aus, ok := s.After(998); !ok || len(aus) != 2 {
		t.Fatal("who follows live lost the stream")
	}
	s.Publish(au(1000, true, 20))
	if s.GOP() == nil {
		t.Fatal("no start from the next key picture")
	}
}

func TestTimestampsRunOnOverAReconnectAndAClockJump(t *testing.T) {
	s := NewStream(StreamID{Camera: "a", Quality: Main}, 1<<20, epoch)
	s.Publish(au(0, true, 1))
	s.Publish(au(1, false, 1))
	s.Break()
	if s.GOP() != nil {
		t.Fatal("a start from before the break")
	}
	s.Publish(au(2, false, 1))
	b := au(26, true, 1) // a second later, the camera counts from elsewhere
	b.PTS = 7
	s.Publish(b)
	if b.Number != 3 || b.PTS != 3600+90000 {
		t.Fatalf("number %d, PTS %d", b.Number, b.PTS)
	}
	c := au(27, false, 1)
	c.PTS = 7 + 3600
	s.Publish(c)
	if c.PTS-b.PTS != 3600 {
		t.Fatalf("step of %d", c.PTS-b.PTS)
	}
	d := au(28, false, 1)
	d.PTS = 1 << 40
	s.Publish(d)
	if d.PTS-c.PTS != 3600 {
		t.Fatalf("a jump of the camera's clock went through: %d", d.PTS-c.PTS)
	}
}

func TestWatchersAreWokenAndNotAfterUnwatch(t *testing.T) {
	s := NewStream(StreamID{Camera: "a", Quality: Main}, 1<<20, epoch)
	c := make(counter, 10)
	s.Watch(c)
	s.Watch(c)
	s.Publish(au(0, true, 1))
	s.SetState(State{Phase: Offline})
	s.Unwatch(c)
	s.Publish(au(1, false, 1))
	s.Unwatch(c)
	s.Publish(au(2, false, 1))
	if len(c) != 3 {
		t.Fatalf("%d wakes, want 3", len(c))
	}
}

func BenchmarkPublish(b *testing.B) {
	s := NewStream(StreamID{Camera: "a", Quality: Main}, 16<<20, epoch)
	c := wakeless{}
	for range 8 {
		s.Watch(&c)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		a := &video.AccessUnit{PTS: int64(i) * 3600, Arrived: epoch.Add(time.Duration(i) * 40 * time.Millisecond), Key: i%100 == 0, Payloads: payloads}
		s.Publish(a)
	}
}

var payloads = au(0, false, 8).Payloads

type wakeless struct{}

func (*wakeless) Wake(*Stream) {}

func TestAPanicWhileAPictureIsTakenLeavesTheStreamUnlocked(t *testing.T) {
	s := NewStream(StreamID{Camera: "a", Quality: Main}, 1<<20, epoch)
	func() {
		defer func() { _ = recover() }()
		s.Publish(nil)
	}()
	s.Publish(au(0, true, 1)) // would wait for ever
	if st := s.State(); st.Phase != Live {
		t.Errorf("%v", st)
	}
}

func TestTheFormatInForceIsTheNewestPictures(t *testing.T) {
	s := NewStream(StreamID{Camera: "a", Quality: Main}, 1<<20, epoch)
	small, large := &video.Format{Codec: video.H264, Width: 640}, &video.Format{Codec: video.H265, Width: 1280}
	for i, step := range []struct {
		key    bool
		format *video.Format
		want   *video.Format
	}{{false, small, nil}, {true, small, small}, {false, small, small}, {true, large, large}} {
		a := au(i, step.key, 1)
		a.Format = step.format
		s.Publish(a)
		if got := s.Format(); got != step.want {
			t.Fatalf("after picture %d the format is %v, want %v", i, got, step.want)
		}
	}
	s.Break()
	if s.Format() != large {
		t.Fatal("what the stream showed last is forgotten with its source")
	}
}

// caller notes in which order watchers are woken.
type caller struct {
	name  string
	calls *[]string
}

func (c caller) Wake(*Stream) { *c.calls = append(*c.calls, c.name) }

type patientCaller struct{ caller }

func (patientCaller) Patient() {}

func TestWhoSendsPicturesIsWokenBeforeWhoMakesOthersOfThem(t *testing.T) {
	s := NewStream(StreamID{Camera: "a", Quality: Main}, 1<<20, epoch)
	var calls []string
	s.Watch(patientCaller{caller{"maker", &calls}})
	for range 8 {
		s.Watch(caller{fmt.Sprint("sender ", len(s.watchers)), &calls})
	}
	other := patientCaller{caller{"another maker", &calls}}
	s.Watch(other)
	s.Unwatch(other)
	s.Publish(au(0, true, 1))
	if len(calls) != 9 || calls[8] != "maker" {
		t.Errorf("they are woken in this order: %q", calls)
	}
}
