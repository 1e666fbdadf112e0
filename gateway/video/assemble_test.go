package video

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// sender makes the RTP packets of a camera.
type sender struct {
	seq uint16
	ts  uint32
	at  time.Time
}

func newSender() *sender {
	return &sender{seq: 65530, ts: 1<<32 - 5000, at: time.Unix(1_700_000_000, 0)}
}

// picture sends NAL units with one timestamp and the marker on the last packet.
func (s *sender) picture(nalus ...[]byte) []Packet {
	s.ts += 3600
	s.at = s.at.Add(40 * time.Millisecond)
	p := s.more(nalus...)
	if len(p) > 0 {
		p[len(p)-1].Marker = true
	}
	return p
}

// more sends NAL units with the timestamp that was sent last, and no marker.
func (s *sender) more(nalus ...[]byte) []Packet {
	var out []Packet
	for _, payload := range Packetize(nalus, 1400) {
		s.at = s.at.Add(50 * time.Microsecond)
		out = append(out, Packet{Sequence: s.seq, Timestamp: s.ts, Payload: payload, Arrived: s.at})
		s.seq++
	}
	return out
}

// whole pushes packets and gives what comes out.
func whole(a *Assembler, packets ...[]Packet) []*AccessUnit {
	var out []*AccessUnit
	for _, ps := range packets {
		for _, p := range ps {
			a.Push(p, func(au *AccessUnit, _ Timing) { out = append(out, au) })
		}
	}
	return out
}

func same(t testing.TB, au *AccessUnit, nalus ...[]byte) {
	t.Helper()
	if len(au.NALUs()) != len(nalus) {
		t.Fatalf("%d NAL units, want %d", len(au.NALUs()), len(nalus))
	}
	for i := range nalus {
		if !bytes.Equal(au.NALUs()[i], nalus[i]) {
			t.Fatalf("NAL unit %d: %.16x.., want %.16x..", i, au.NALUs()[i], nalus[i])
		}
	}
	checkPackets(t, au.NALUs(), au.Payloads, MaxPayload)
}

func count(t testing.TB, aus []*AccessUnit, n int) {
	t.Helper()
	if len(aus) != n {
		t.Fatalf("%d access units, want %d", len(aus), n)
	}
}

func high(t testing.TB) (sps, pps []byte) { return unhex(t, spsHigh), unhex(t, ppsHigh) }

func TestPictureIsEmittedAtItsMarkerWithoutWaiting(t *testing.T) {
	sps, pps := high(t)
	a, s := NewAssembler(), newSender()
	idr, p1 := nalu(NALUIDR, 5000, 1), nalu(NALUSlice, 900, 2)

	got := whole(a, s.picture(sps, pps, idr))
	count(t, got, 1)
	same(t, got[0], sps, pps, idr)
	au := got[0]
	if !au.Key || au.Codec != H264 || au.Lost != 0 || !au.Arrived.Equal(s.at) {
		t.Errorf("%+v", au)
	}
	if f := au.Format; f == nil || f.Width != 1920 || f.Height != 1080 || f.Profile != 0x640028 {
		t.Errorf("format %+v", f)
	}

	var timing Timing
	ps := s.picture(p1)
	a.Push(ps[0], func(next *AccessUnit, at Timing) {
		timing = at
		same(t, next, p1)
		if next.Key || next.Format != au.Format || next.PTS-au.PTS != 3600 {
			t.Errorf("second: %+v", next)
		}
	})
	if timing.RTP != s.ts || !timing.First.Equal(ps[0].Arrived) {
		t.Errorf("%+v", timing)
	}
}

func TestMissingMarkerDoesNotGlueTwoPictures(t *testing.T) {
	sps, pps := high(t)
	a, s := NewAssembler(sps, pps), newSender()
	one, two, three := nalu(NALUSlice, 2000, 1), nalu(NALUSlice, 2000, 2), nalu(NALUSlice, 20, 3)
	plain := func(n []byte) []Packet { ps := s.picture(n); ps[len(ps)-1].Marker = false; return ps }
	got := whole(a, plain(one), plain(two), s.picture(three))
	count(t, got, 3)
	same(t, got[0], one)
	same(t, got[1], two)
	same(t, got[2], three)
	if got[0].Arrived.Equal(got[1].Arrived) {
		t.Error("arrival is the last packet's own")
	}
}

func TestTwoPicturesOfOneTimestampAreNotGlued(t *testing.T) {
	sps, pps := high(t)
	for name, lead := range map[string][][]byte{
		"slice": nil, "delimiter": {{0x09, 0xf0}}, "sets": {sps, pps}, "SEI": {nalu(NALUSEI, 9, 7)},
	} {
		t.Run(name, func(t *testing.T) {
			a, s := NewAssembler(sps, pps), newSender()
			one, two := nalu(NALUSlice, 2000, 1), nalu(NALUSlice, 30, 2)
			first := s.picture(one)
			first[len(first)-1].Marker = false
			second := s.more(append(lead, two)...)
			second[len(second)-1].Marker = true
			got := whole(a, first, second)
			count(t, got, 2)
			same(t, got[0], one)
		})
	}
}

// every slice's last packet carries the marker, as some makes send it
func markEverySlice(s *sender, slices ...[]byte) []Packet {
	out := s.picture(slices[0])
	for _, n := range slices[1:] {
		more := s.more(n)
		more[len(more)-1].Marker = true
		out = append(out, more...)
	}
	return out
}

func TestMarkerOnEverySliceIsDistrusted(t *testing.T) {
	sps, pps := high(t)
	a, s := NewAssembler(sps, pps), newSender()
	picture := func(i uint64) [][]byte {
		return [][]byte{nalu(NALUSlice, 1900, i), later(NALUSlice, 30, i+1), later(NALUSlice, 1500, i+2)}
	}
	// The first picture cannot be known to have more slices: it is the price
	// of not waiting. What follows says that something was lost.
	got := whole(a, markEverySlice(s, picture(0)...))
	count(t, got, 1)
	got = nil
	for i := uint64(10); i < 100; i += 10 {
		got = append(got, whole(a, markEverySlice(s, picture(i)...))...)
	}
	count(t, got, 8) // the ninth waits for the next packet
	for i, au := range got {
		same(t, au, picture(uint64(i+1)*10)...)
		if lost := au.Lost; (lost > 0) != (i == 0) {
			t.Errorf("picture %d: lost %d", i, lost)
		}
	}
	if c := a.Counters(); c.Lost != 0 || c.Broken != 1 || c.Malformed != 0 {
		t.Errorf("%+v", c)
	}
}

func TestMarkerInsideAFragmentIsDistrusted(t *testing.T) {
	sps, pps := high(t)
	a, s := NewAssembler(sps, pps), newSender()
	early := func(i uint64) ([]Packet, []byte) {
		n := nalu(NALUSlice, 5000, i)
		ps := s.picture(n)
		ps[1].Marker = true
		return ps, n
	}
	for i := range uint64(5) {
		ps, n := early(i)
		got := whole(a, ps)
		if i == 0 {
			count(t, got, 1) // at the marker of the last packet
			same(t, got[0], n)
		} else if i > 1 {
			count(t, got, 1) // the one before: markers are no longer believed
		}
	}
	if a.marker.trusted() {
		t.Error("the marker is still believed")
	}
}

func TestMarkerIsBelievedAgainAfterManyGoodPictures(t *testing.T) {
	sps, pps := high(t)
	a, s := NewAssembler(sps, pps), newSender()
	whole(a, markEverySlice(s, nalu(NALUSlice, 30, 1), later(NALUSlice, 30, 2)))
	n := nalu(NALUSlice, 30, 3)
	total := 0
	for range minDistrust {
		total += len(whole(a, s.picture(n)))
	}
	if total >= minDistrust {
		t.Error("believed again at once")
	}
	got := whole(a, s.picture(n), s.picture(n), s.picture(n))
	if total += len(got); total != minDistrust+3 || a.cur.open {
		t.Errorf("%d of %d pictures, and the last waits for the next: %v", total, minDistrust+3, a.cur.open)
	}
	// and less easily after the next fault
	whole(a, markEverySlice(s, nalu(NALUSlice, 30, 1), later(NALUSlice, 30, 2)))
	for range minDistrust + 5 {
		whole(a, s.picture(n))
	}
	if a.marker.trusted() {
		t.Error("believed again as quickly as before")
	}
}

func TestMarkerOnParameterSetsDoesNotEndAPicture(t *testing.T) {
	sps, pps := high(t) // Tapo TC70 and Reolink Duo 2 send these with the marker
	a, s := NewAssembler(), newSender()
	for i, want := range []int{0, 2, 1} { // the first shows with the second that its marker was right
		idr := nalu(NALUIDR, 3000, 1)
		lead := s.picture(sps)
		more := append(s.more(pps), s.more(nalu(NALUSEI, 20, 2))...)
		for i := range more {
			more[i].Marker = true
		}
		last := s.more(idr)
		last[len(last)-1].Marker = true
		got := whole(a, lead, more, last)
		count(t, got, want)
		for _, au := range got {
			same(t, au, sps, pps, idr)
			if au.Arrived.After(s.at) || i == 1 && au == got[0] && !au.Arrived.Before(lead[0].Arrived) {
				t.Error("arrival is not the picture's own")
			}
		}
	}
	if !a.marker.trusted() || a.Counters() != (Counters{}) {
		t.Errorf("%+v", a.Counters())
	}
}

func TestMarkerOnEveryNALUnitCutsNotEvenTheFirstPicture(t *testing.T) {
	sps, pps := high(t)
	a, s := NewAssembler(), newSender()
	one, two := nalu(NALUIDR, 300, 1), later(NALUIDR, 300, 2)
	each := func(nalus ...[]byte) (out []Packet) {
		s.picture()
		for _, n := range nalus {
			p := s.more(n)
			p[len(p)-1].Marker = true
			out = append(out, p...)
		}
		return out
	}
	got := whole(a, each(sps, pps, one, two), each(sps, pps, one, two), each(sps, pps, one, two))
	count(t, got, 2)
	for _, au := range got {
		same(t, au, sps, pps, one, two)
	}
}

func TestParameterSetsWithAnEarlierTimestampJoinTheirPicture(t *testing.T) {
	sps, pps := high(t)
	a, s := NewAssembler(), newSender()
	sei, idr := nalu(NALUSEI, 20, 2), nalu(NALUIDR, 3000, 1)
	lead, last := s.picture(sps, pps, sei), s.picture(idr)
	var first time.Time
	var got []*AccessUnit
	for _, p := range append(lead, last...) {
		a.Push(p, func(au *AccessUnit, at Timing) { got, first = append(got, au), at.First })
	}
	count(t, got, 1)
	same(t, got[0], sps, pps, idr)
	if !first.Equal(last[0].Arrived) {
		t.Error("the sets' arrival counts as the picture's")
	}
}

func TestParameterSetsFromTheDescriptionLeadEveryIDR(t *testing.T) {
	sps, pps := high(t)
	a, s := NewAssembler(pps, sps, nil, []byte{0x67}), newSender()
	idr := nalu(NALUIDR, 3000, 1)
	for range 2 {
		got := whole(a, s.picture(idr))
		count(t, got, 1)
		same(t, got[0], sps, pps, idr)
	}
	got := whole(a, s.picture(sps, sps, pps, idr))
	same(t, got[0], sps, pps, idr) // and only once
	p := nalu(NALUSlice, 99, 2)
	got = whole(a, s.picture(sps, pps, p))
	same(t, got[0], p) // and only there
}

func TestChangedSPSChangesTheFormatAtItsIDR(t *testing.T) {
	sps, pps := high(t)
	small := unhex(t, spsBaseline)
	a, s := NewAssembler(sps, pps), newSender()
	idr := nalu(NALUIDR, 300, 1)
	got := whole(a, s.picture(idr), s.picture(small, pps, idr), s.picture(nalu(NALUSlice, 9, 1)), s.picture(idr))
	count(t, got, 4)
	for i, width := range []int{1920, 640, 640, 640} {
		if got[i].Format.Width != width {
			t.Errorf("picture %d: width %d, want %d", i, got[i].Format.Width, width)
		}
	}
	same(t, got[3], small, pps, idr)
}

func TestChangedPPSReachesAPictureThatIsNoIDR(t *testing.T) {
	sps, pps := high(t)
	a, s := NewAssembler(sps, pps), newSender()
	other := append(bytes.Clone(pps), 0x40)
	p := nalu(NALUSlice, 99, 2)
	got := whole(a, s.picture(other, p), s.picture(other, p))
	count(t, got, 2)
	same(t, got[0], other, p)
	same(t, got[1], p)
}

func TestBSliceSetsReorder(t *testing.T) {
	sps, pps := high(t)
	a, s := NewAssembler(sps, pps), newSender()
	b := nalu(NALUSlice, 40, 1)
	b[1] = 0b1_010_1_111 // first_mb 0, slice_type 1 (B), pps 0
	got := whole(a, s.picture(nalu(NALUIDR, 40, 1)), s.picture(b), s.picture(nalu(NALUSlice, 40, 1)))
	if got[0].Format.Reorder || !got[1].Format.Reorder || got[2].Format != got[1].Format {
		t.Error(got[0].Format, got[1].Format, got[2].Format)
	}
}

func TestTwoFieldsOfAFrameStayTogether(t *testing.T) {
	a, s := NewAssembler(unhex(t, spsFields), unhex(t, "68cb83cb20")), newSender()
	top, bottom := nalu(NALUIDR, 2000, 1), nalu(NALUSlice, 2000, 2)
	ps := s.picture(top)
	ps[len(ps)-1].Marker = false
	more := s.more([]byte{0x09, 0xf0}, nalu(NALUSEI, 9, 3), bottom)
	more[len(more)-1].Marker = true
	got := whole(a, ps, more)
	count(t, got, 1)
	same(t, got[0], append(a.sets.of(a.active), top, bottom)...)
}

func TestRealStreamComesOutAsItWentIn(t *testing.T) {
	clip, err := os.ReadFile(filepath.Join("testdata", "slices.h264"))
	if err != nil {
		t.Fatal(err)
	}
	// three slices a picture, sets before each IDR
	var pictures [][][]byte
	var lead [][]byte
	for _, n := range SplitAnnexB(clip) {
		mb, vcl := FirstMB(n)
		switch {
		case !vcl:
			lead = append(lead, n)
		case mb == 0:
			pictures = append(pictures, append(lead, n))
			lead = nil
		default:
			pictures[len(pictures)-1] = append(pictures[len(pictures)-1], n)
		}
	}
	if len(pictures) != 20 {
		t.Fatalf("%d pictures in the clip", len(pictures))
	}
	for name, mark := range map[string]func(ps []Packet, i int){
		"marker as it should be": func([]Packet, int) {},
		"no marker":              func(ps []Packet, _ int) { ps[len(ps)-1].Marker = false },
		"marker on all but at first": func(ps []Packet, i int) {
			for j := range ps {
				ps[j].Marker = i > 0
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, s := NewAssembler(), newSender()
			var got []*AccessUnit
			for i, p := range pictures {
				ps := s.picture(p...)
				mark(ps, i)
				got = append(got, whole(a, ps)...)
			}
			got = append(got, whole(a, s.picture(nalu(NALUSlice, 9, 1)))...)
			i := 0
			for _, au := range got {
				if i < len(pictures) && len(au.NALUs()) == len(pictures[i]) {
					same(t, au, pictures[i]...)
					i++
				} else if i < len(pictures) && name == "marker on all but at first" && i == 1 {
					i = 2 // the price of trusting at once
				}
			}
			if i < len(pictures) {
				t.Errorf("only %d pictures", i)
			}
			if f := got[0].Format; f.Width != 320 || f.Height != 180 || f.Reorder {
				t.Errorf("%+v", f)
			}
		})
	}
}
