package video

import (
	"testing"
	"time"
)

func TestLossBreaksOnlyThePictureItHit(t *testing.T) {
	sps, pps := high(t)
	multi := [][]byte{nalu(NALUSlice, 5000, 1), later(NALUSlice, 30, 2), later(NALUSlice, 4000, 3)}
	a0, s0 := NewAssembler(sps, pps), newSender()
	packets := len(s0.picture(multi...))
	_ = a0
	for drop := range packets {
		for _, n := range []int{1, 2} {
			if drop+n > packets {
				continue
			}
			a, s := NewAssembler(sps, pps), newSender()
			before, after := nalu(NALUSlice, 2000, 8), nalu(NALUSlice, 1600, 9)
			hit := func() []Packet {
				ps := s.picture(multi...)
				return append(ps[:drop:drop], ps[drop+n:]...)
			}
			got := whole(a, s.picture(before), hit(), s.picture(after))
			count(t, got, 2)
			same(t, got[0], before)
			same(t, got[1], after)
			if c := a.Counters(); got[1].Lost != n || c.Lost != uint64(n) || c.Broken != 1 {
				t.Errorf("packet %d of %d: lost %d, %+v", drop, packets, got[1].Lost, c)
			}
		}
	}
}

func TestLossAcrossTwoPicturesBreaksBoth(t *testing.T) {
	sps, pps := high(t)
	a, s := NewAssembler(sps, pps), newSender()
	one, two := s.picture(nalu(NALUSlice, 4000, 1)), s.picture(nalu(NALUSlice, 4000, 2))
	got := whole(a, one[:len(one)-1], two[1:], s.picture(nalu(NALUSlice, 40, 3)))
	count(t, got, 1)
	if c := a.Counters(); got[0].Lost != 2 || c.Broken != 2 {
		t.Errorf("lost %d, %+v", got[0].Lost, c)
	}
}

func TestWholePictureLostIsCountedInTheNext(t *testing.T) {
	sps, pps := high(t)
	a, s := NewAssembler(sps, pps), newSender()
	whole(a, s.picture(nalu(NALUSlice, 40, 1)))
	n := len(s.picture(nalu(NALUSlice, 4000, 2)))
	got := whole(a, s.picture(nalu(NALUSlice, 4000, 3)))
	count(t, got, 1)
	if got[0].Lost != n || a.Counters().Broken != 0 {
		t.Errorf("lost %d, want %d", got[0].Lost, n)
	}
}

func TestStartInTheMiddleOfAPictureIsNotPublished(t *testing.T) {
	sps, pps := high(t)
	next := nalu(NALUSlice, 40, 4)
	full := newSender().picture(nalu(NALUIDR, 4000, 1), later(NALUIDR, 40, 2))
	for from := 1; from < len(full); from++ {
		a, s := NewAssembler(sps, pps), newSender()
		ps := s.picture(nalu(NALUIDR, 4000, 1), later(NALUIDR, 40, 2))
		got := whole(a, ps[from:], s.picture(next))
		count(t, got, 1)
		same(t, got[0], next)
	}
}

func TestLatePacketsAreIgnoredAndANewSequenceIsFollowed(t *testing.T) {
	sps, pps := high(t)
	a, s := NewAssembler(sps, pps), newSender()
	ps := s.picture(nalu(NALUSlice, 5000, 1))
	got := whole(a, ps[:2], ps[:2], ps[2:], ps)
	count(t, got, 1)
	if c := a.Counters(); c != (Counters{}) {
		t.Errorf("%+v", c)
	}
	s.seq -= 30000
	got = whole(a, s.picture(nalu(NALUSlice, 50, 1)))
	count(t, got, 1)
	if got[0].Lost != 1 {
		t.Errorf("lost %d", got[0].Lost)
	}
	s.seq -= 50 // looks late, for a while
	n := 0
	for range maxLate + 2 {
		n += len(whole(a, s.picture(nalu(NALUSlice, 50, 1))))
	}
	if n == 0 {
		t.Error("the stream never came back")
	}
}

func TestNothingIsPublishedBeforeParameterSets(t *testing.T) {
	sps, pps := high(t)
	a, s := NewAssembler(), newSender()
	idr, p := nalu(NALUIDR, 50, 1), nalu(NALUSlice, 50, 2)
	count(t, whole(a, s.picture(p), s.picture(idr), s.picture(sps, idr)), 0)
	count(t, whole(a, s.picture(sps, pps, idr), s.picture(p)), 2)
}

func TestWhatDecodersHaveNoUseForIsLeftOut(t *testing.T) {
	sps, pps := high(t)
	a, s := NewAssembler(), newSender()
	idr := nalu(NALUIDR, 50, 1)
	got := whole(a, s.picture([]byte{0x09, 0xf0}, sps, pps, idr, nalu(NALUFiller, 3000, 2), []byte{0x0a}, []byte{0x0b}))
	count(t, got, 1)
	same(t, got[0], sps, pps, idr)
}

func TestUnsupportedPacketsAreCountedAndTheirPictureDropped(t *testing.T) {
	sps, pps := high(t)
	for _, typ := range []byte{0, 26, 27, 30, 31} {
		a, s := NewAssembler(sps, pps), newSender()
		ps := s.picture(nalu(NALUSlice, 50, 1))
		odd := s.more(nalu(NALUSlice, 50, 1))
		odd[0].Payload = append([]byte{0x60 | typ}, odd[0].Payload...)
		odd[0].Marker = true
		ps[0].Marker = false
		got := whole(a, ps, odd, s.picture(nalu(NALUSlice, 50, 2)))
		count(t, got, 1)
		if c := a.Counters(); c.Unsupported != 1 || c.Broken != 1 || got[0].Lost != 1 {
			t.Errorf("type %d: %+v, lost %d", typ, c, got[0].Lost)
		}
	}
}

func TestAccessUnitIsBounded(t *testing.T) {
	sps, pps := high(t)
	t.Run("bytes", func(t *testing.T) {
		a, s := NewAssembler(sps, pps), newSender()
		got := whole(a, s.picture(nalu(NALUIDR, MaxAccessUnit+1, 1)), s.picture(nalu(NALUSlice, 40, 1)))
		count(t, got, 1)
		if c := a.Counters(); c.Broken != 1 || got[0].Key || got[0].Lost == 0 {
			t.Errorf("%+v", c)
		}
		if a.cur.buf != nil {
			t.Errorf("%d bytes kept", cap(a.cur.buf))
		}
	})
	t.Run("units", func(t *testing.T) {
		a, s := NewAssembler(sps, pps), newSender()
		many := [][]byte{nalu(NALUIDR, 40, 1)}
		for range MaxNALUs {
			many = append(many, later(NALUIDR, 40, 1))
		}
		count(t, whole(a, s.picture(many...)), 0)
		if c := a.Counters(); c.Broken != 1 {
			t.Errorf("%+v", c)
		}
	})
	t.Run("without a picture", func(t *testing.T) {
		a, s := NewAssembler(sps, pps), newSender()
		for range 10000 {
			whole(a, s.picture(nalu(NALUSEI, 1000, 1)))
		}
		if len(a.cur.buf) > 1<<20 {
			t.Errorf("%d bytes wait for a picture", len(a.cur.buf))
		}
	})
}

func TestTimestampsAreUnwrappedAndLeapsReplaced(t *testing.T) {
	sps, pps := high(t)
	a, s := NewAssembler(sps, pps), newSender()
	n := nalu(NALUSlice, 50, 1)
	last := whole(a, s.picture(n))[0].PTS
	step := func(name string, low, high int64) {
		t.Helper()
		pts := whole(a, s.picture(n))[0].PTS
		if d := pts - last; d < low || d > high {
			t.Errorf("%s: step %d", name, d)
		}
		last = pts
	}
	for range 5 {
		step("over the wrap", 3600, 3600)
	}
	s.ts -= 9000
	step("B-frames step back", -5400, -5400)
	s.ts += 12600
	step("and forth", 16200, 16200)
	s.ts -= 1 << 30
	step("set anew, backward", 1, 9000)
	s.ts += 1 << 30
	step("set anew, forward", 1, 9000)
	s.ts, s.at = s.ts+90000*60, s.at.Add(time.Minute)
	step("a pause", 90000*60, 90000*61)
}
