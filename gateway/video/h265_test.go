package video

import (
	"bytes"
	"os"
	"testing"
	"time"
)

// Sets made by x265.
const (
	hevcVPSText = "40010c01ffff01600000030090000003000003003cba0240"
	hevcSPSText = "42010101600000030090000003000003003ca00a080b9f796ea4932b9a808080f080000003008000000c84" // 320x180
	hevcPPSText = "4401c172b46240"
	hevcSPSCrop = "42010101600000030090000003000003003ca00a480b9c9596ea4932b9a808080f08000003000800000300c840" // 322x182, of 328x184
	hevcSPSB    = "42010101600000030090000003000003003ca00a080b9f796444924cae6a020203c20000030002000003003210" // B-frames
)

func hevcSets(t testing.TB) (vps, sps, pps []byte) {
	return unhex(t, hevcVPSText), unhex(t, hevcSPSText), unhex(t, hevcPPSText)
}

// hevc makes a NAL unit of n bytes that passes for one of its type: slices are
// the first of their picture.
func hevc(kind byte, n int, seed uint64) []byte {
	b := nalu(NALUType(kind), n, seed)
	b[0], b[1] = kind<<1, 1
	if n > 2 {
		b[2] = 0xf8 // first_slice_segment_in_pic_flag, and pps 0 with and without another flag before it
	}
	return b
}

// hevcLater makes a slice that is not the first of its picture.
func hevcLater(kind byte, n int, seed uint64) []byte {
	b := hevc(kind, n, seed)
	b[2] = 0x78
	return b
}

// inH265 sends NAL units as picture does, in H.265.
func (s *sender) inH265(nalus ...[]byte) []Packet {
	s.ts += 3600
	s.at = s.at.Add(40 * time.Millisecond)
	var out []Packet
	for _, payload := range PacketizeH265(nalus, 1400) {
		out = append(out, s.packet(false, payload)...)
	}
	if len(out) > 0 {
		out[len(out)-1].Marker = true
	}
	return out
}

func sameH265(t testing.TB, au *AccessUnit, nalus ...[]byte) {
	t.Helper()
	got := au.NALUs()
	if au.Codec != H265 || len(got) != len(nalus) {
		t.Fatalf("%d NAL units of %v, want %d", len(got), au.Codec, len(nalus))
	}
	for i := range nalus {
		if !bytes.Equal(got[i], nalus[i]) {
			t.Fatalf("NAL unit %d: %.16x.., want %.16x..", i, got[i], nalus[i])
		}
	}
	checkPacketsH265(t, nalus, au.Payloads, MaxPayload)
}

// checkPacketsH265 takes payloads apart by a plain reading of RFC 7798.
func checkPacketsH265(t testing.TB, want, payloads [][]byte, max int) {
	t.Helper()
	var got [][]byte
	var fu []byte
	run := 0
	for i, p := range payloads {
		if len(p) > max || len(p) < 2 || p[0]>>1&63 >= 48 && len(p) < 4 { // an end of sequence is its head
			t.Fatalf("payload %d of %d bytes", i, len(p))
		}
		switch p[0] >> 1 & 63 {
		case 48:
			for b := p[2:]; len(b) > 0; {
				n := int(b[0])<<8 | int(b[1])
				got = append(got, b[2:2+n])
				b = b[2+n:]
			}
		case 49:
			if p[2]&0xc0 == 0xc0 {
				t.Fatal("one fragment is start and end")
			}
			if p[2]&0x80 != 0 {
				fu, run = []byte{p[0]&0x81 | p[2]&63<<1, p[1]}, len(p)
			}
			if len(p) > run || len(p) < run && p[2]&0x40 == 0 {
				t.Fatalf("payload %d: a fragment of %d bytes in a run of %d", i, len(p), run)
			}
			if fu = append(fu, p[3:]...); p[2]&0x40 != 0 {
				got, fu = append(got, fu), nil
			}
		default:
			got = append(got, p)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d NAL units came back of %d", len(got), len(want))
	}
	for i := range got {
		if !bytes.Equal(got[i], want[i]) {
			t.Fatalf("NAL unit %d changed", i)
		}
	}
}

func TestSPSOfH265Encoders(t *testing.T) {
	for _, c := range []struct {
		name, in      string
		width, height int
		reorder       bool
	}{
		{"plain", hevcSPSText, 320, 180, false},
		{"conformance window", hevcSPSCrop, 322, 182, false},
		{"B-frames", hevcSPSB, 320, 180, true},
	} {
		f, err := ParseSPSH265(unhex(t, c.in))
		if err != nil || f.Codec != H265 || f.Width != c.width || f.Height != c.height || f.Reorder != c.reorder || f.Profile != 1<<16|60 {
			t.Errorf("%s: %+v, %v", c.name, f, err)
		}
		for n := range 20 {
			if _, err := ParseSPSH265(unhex(t, c.in)[:n]); err == nil {
				t.Errorf("%s cut to %d bytes is taken", c.name, n)
			}
		}
	}
}

// TestH265OfARealEncoderComesOutBitForBit plays pictures of three slices.
func TestH265OfARealEncoderComesOutBitForBit(t *testing.T) {
	b, err := os.ReadFile("testdata/slices.h265")
	if err != nil {
		t.Fatal(err)
	}
	var pictures [][][]byte
	open := false
	for _, n := range SplitAnnexB(b) {
		first := hevcType(n[0]) <= hevcLastVCL && n[2]&0x80 != 0
		if !open || first && hevcType(n[0]) <= hevcLastVCL && len(pictures[len(pictures)-1]) > 0 && hevcType(pictures[len(pictures)-1][len(pictures[len(pictures)-1])-1][0]) <= hevcLastVCL {
			pictures, open = append(pictures, nil), true
		}
		pictures[len(pictures)-1] = append(pictures[len(pictures)-1], n)
	}
	if len(pictures) != 25 {
		t.Fatalf("%d pictures", len(pictures))
	}
	a, s := NewAssemblerH265(), newSender()
	for i, p := range pictures {
		got := whole(a, s.inH265(p...))
		count(t, got, 1)
		sameH265(t, got[0], p...)
		if got[0].Key != (i == 0) || got[0].Format.Width != 322 || got[0].Format.Height != 182 {
			t.Fatalf("picture %d: %+v", i, got[0])
		}
	}
	if c := a.Counters(); c != (Counters{}) {
		t.Errorf("%+v", c)
	}
}

func TestSetsOfH265LeadEachKeyPicture(t *testing.T) {
	vps, sps, pps := hevcSets(t)
	a, s := NewAssemblerH265(pps, sps, vps), newSender()
	for _, kind := range []byte{19, 20, 21, 16, 1} {
		n := hevc(kind, 3000, 1)
		got := whole(a, s.inH265(n))
		count(t, got, 1)
		if kind == 1 {
			sameH265(t, got[0], n)
		} else {
			sameH265(t, got[0], vps, sps, pps, n)
		}
		if got[0].Key != (kind != 1) {
			t.Errorf("type %d: key %v", kind, got[0].Key)
		}
		if p := got[0].Payloads; kind != 1 && (hevcType(p[0][0]) != hevcAP || p[0][1] != 1) {
			t.Errorf("the sets come as %x", p[0][:2])
		}
	}
	if tr := a.Traits(); tr.SPS != 0 || tr.Keys != 4 || tr.BSlices {
		t.Errorf("%+v", tr)
	}
}

func TestKeyPictureOfH265WithoutItsVPSIsNotPublished(t *testing.T) {
	vps, sps, pps := hevcSets(t)
	a, s := NewAssemblerH265(sps, pps), newSender()
	key := hevc(19, 100, 1)
	count(t, whole(a, s.inH265(key), s.inH265(hevc(1, 100, 2))), 0)
	got := whole(a, s.inH265(vps, key))
	count(t, got, 1)
	sameH265(t, got[0], vps, sps, pps, key)
	if got[0].Lost == 0 {
		t.Error("the dropped picture is not told")
	}
}

func TestPicturesThatRelyOnWhatWasBeforeACRAAreLeftOut(t *testing.T) {
	a, s := NewAssemblerH265(hevcSets(t)), newSender()
	cra, trail := hevc(21, 3000, 1), hevc(1, 300, 5)
	got := whole(a, s.inH265(cra), s.inH265(hevc(9, 2000, 2)), s.inH265(hevc(8, 200, 3)), s.inH265(trail))
	count(t, got, 2)
	sameH265(t, got[1], trail)
	if !got[0].Key || got[1].Lost != 0 || a.Counters() != (Counters{}) {
		t.Errorf("%+v, %+v", got[1], a.Counters())
	}
}

func TestReorderingOfH265IsTheSPSs(t *testing.T) {
	vps, _, pps := hevcSets(t)
	a, s := NewAssemblerH265(vps, unhex(t, hevcSPSB), pps), newSender()
	got := whole(a, s.inH265(hevc(19, 100, 1)))
	count(t, got, 1)
	if !got[0].Format.Reorder || !a.Traits().BSlices {
		t.Errorf("%+v, %+v", got[0].Format, a.Traits())
	}
}

func TestPicturesOfH265EndWithoutAMarker(t *testing.T) {
	vps, sps, pps := hevcSets(t)
	unmarked := func(ps []Packet) []Packet { ps[len(ps)-1].Marker = false; return ps }
	one, two := [][]byte{hevc(19, 3000, 1), hevcLater(19, 500, 2)}, hevc(1, 3000, 3)

	a, s := NewAssemblerH265(vps, sps, pps), newSender()
	got := whole(a, unmarked(s.inH265(one...)), unmarked(s.inH265(two)), s.inH265(hevc(1, 9, 4))) // the timestamp ends them
	count(t, got, 3)
	sameH265(t, got[0], append([][]byte{vps, sps, pps}, one...)...)
	sameH265(t, got[1], two)

	a, s = NewAssemblerH265(), newSender()
	whole(a, s.inH265(vps, sps, pps, hevc(19, 9, 1)))
	ps := unmarked(s.inH265(one...)) // one timestamp for two pictures: what leads the next one ends it
	for _, p := range PacketizeH265([][]byte{hevc(39, 30, 1), two}, 1400) {
		ps = append(ps, s.packet(false, p)...)
	}
	got = whole(a, ps, s.inH265(hevc(1, 9, 4)))
	count(t, got, 3)
	sameH265(t, got[0], append([][]byte{vps, sps, pps}, one...)...)
	sameH265(t, got[1], two)
}

func TestMarkerOnEverySliceOfH265IsNotBelieved(t *testing.T) {
	a, s := NewAssemblerH265(hevcSets(t)), newSender()
	var got []*AccessUnit
	for i := range 6 {
		ps := s.inH265(hevc(1, 2000, uint64(i)), hevcLater(1, 600, 9))
		if i == 0 {
			ps = s.inH265(hevc(19, 2000, 1), hevcLater(19, 600, 2))
		}
		for k := range ps {
			if (h265{}).parcel(ps[k].Payload).has(fuEnd) {
				ps[k].Marker = true
			}
		}
		got = append(got, whole(a, ps)...)
	}
	for _, au := range got[2:] {
		if n := len(au.NALUs()); n != 2 {
			t.Fatalf("a picture with %d slices", n)
		}
	}
	if len(got) < 4 || a.Traits().Markers == 0 {
		t.Errorf("%d pictures, %+v", len(got), a.Traits())
	}
}

func TestLossBreaksOnlyThePictureOfH265ItHit(t *testing.T) {
	multi := [][]byte{hevc(1, 5000, 1), hevcLater(1, 30, 2), hevcLater(1, 4000, 3)}
	packets := len(newSender().inH265(multi...))
	for drop := range packets {
		a, s := NewAssemblerH265(hevcSets(t)), newSender()
		key, after := hevc(19, 2000, 8), hevc(1, 1600, 9)
		first, hit := s.inH265(key), s.inH265(multi...)
		got := whole(a, first, append(hit[:drop:drop], hit[drop+1:]...), s.inH265(after))
		count(t, got, 2)
		sameH265(t, got[1], after)
		if c := a.Counters(); got[1].Lost != 1 || c.Broken != 1 {
			t.Errorf("packet %d of %d: lost %d, %+v", drop, packets, got[1].Lost, c)
		}
	}
}

func TestStartCodesInH265AreCut(t *testing.T) {
	vps, sps, pps := hevcSets(t)
	key := hevc(19, 300, 1)
	whole1 := bytes.Join([][]byte{nil, vps, sps, pps, key}, startCode)
	for name, payloads := range map[string][][]byte{
		"in one packet":            {whole1},
		"in a fragmented NAL unit": {append([]byte{49 << 1, 1, 0x80 | 32}, whole1[6:200]...), append([]byte{49 << 1, 1, 0x40 | 32}, whole1[200:]...)},
		"in an AP":                 {append([]byte{48 << 1, 1, byte(len(whole1) >> 8), byte(len(whole1))}, whole1...)},
	} {
		a, s := NewAssemblerH265(), newSender()
		var ps []Packet
		for i, p := range payloads {
			ps = append(ps, s.packet(i == len(payloads)-1, p)...)
		}
		got := whole(a, ps)
		if len(got) != 1 {
			t.Fatalf("%s: %d pictures, %+v", name, len(got), a.Counters())
		}
		sameH265(t, got[0], vps, sps, pps, key)
		if a.Traits().StartCodes == 0 {
			t.Errorf("%s: %+v", name, a.Traits())
		}
	}
}

func TestWhatNoDecoderNeedsIsLeftOutOfH265(t *testing.T) {
	a, s := NewAssemblerH265(hevcSets(t)), newSender()
	enhanced := hevc(1, 100, 7)
	enhanced[1] |= 1 << 3 // nuh_layer_id 1
	key := hevc(19, 100, 1)
	got := whole(a, s.inH265(hevc(35, 3, 1), hevc(39, 40, 2), key, hevc(40, 30, 3), enhanced, hevc(38, 20, 4)))
	count(t, got, 1)
	sameH265(t, got[0], append(func() [][]byte { v, s, p := hevcSets(t); return [][]byte{v, s, p} }(), key)...)
}

func TestMalformedPacketsOfH265BreakTheirPictureAlone(t *testing.T) {
	for _, bad := range []string{"60", "6001", "600100", "600100ff01", "62", "6201", "620113", "000002", "6401ff", "ffffff"} {
		a, s := NewAssemblerH265(hevcSets(t)), newSender()
		whole(a, s.inH265(hevc(19, 100, 1)))
		ps := append(s.inH265(hevc(1, 100, 2)), s.packet(true, unhex(t, bad))...)
		ps[0].Marker = false
		after := hevc(1, 100, 3)
		got := whole(a, ps, s.inH265(after))
		count(t, got, 1)
		sameH265(t, got[0], after)
		if c := a.Counters(); c.Malformed+c.Unsupported != 1 || c.Broken != 1 {
			t.Errorf("%s: %+v", bad, c)
		}
	}
}

func FuzzSPSH265(f *testing.F) {
	for _, s := range []string{hevcSPSText, hevcSPSCrop, hevcSPSB} {
		f.Add(unhex(f, s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := ParseSPSH265(b); err == nil && (s.Width < 1 || s.Height < 1 || s.Width > maxDimension || s.Height > maxDimension) {
			t.Fatalf("%+v", s)
		}
		sets := parameterSets{coding: coding{h265: true}}
		for _, n := range [][]byte{b, append([]byte{0x40, 1}, b...), append([]byte{0x42, 1}, b...), append([]byte{0x44, 1}, b...)} {
			if (h265{}).class(n).set() {
				_, _ = sets.put(n)
			}
		}
	})
}

func FuzzAssemblerH265(f *testing.F) {
	vps, sps, pps := hevcSets(f)
	for _, ps := range [][]Packet{
		newSender().inH265(vps, sps, pps, hevc(19, 3000, 1), hevcLater(19, 30, 2)),
		newSender().inH265(hevc(1, 30, 1)),
		newSender().inH265(hevc(21, 30, 1), hevc(9, 30, 1)),
	} {
		var in []byte
		for _, p := range ps {
			in = append(in, byte(len(p.Payload)>>8), byte(len(p.Payload)), 1, 0)
			in = append(in, p.Payload...)
		}
		f.Add(in)
	}
	f.Add([]byte{0, 5, 1, 0x10, 0x62, 1, 0x93, 0xf8, 0, 0, 4, 1, 0, 0x62, 1, 0x53, 1})
	f.Fuzz(func(t *testing.T, in []byte) {
		a := NewAssemblerH265(hevcSets(t))
		p := Packet{Arrived: time.Unix(1, 0)}
		for len(in) >= 4 { // as in FuzzAssembler
			n := min(int(in[0])<<8|int(in[1]), len(in)-4)
			p.Sequence += uint16(int8(in[2]))
			p.Marker = in[3]&1 != 0
			p.Timestamp += uint32(in[3]>>1) * 1000
			p.Payload, in = in[4:4+n], in[4+n:]
			p.Arrived = p.Arrived.Add(time.Millisecond)
			a.Push(p, func(au *AccessUnit, _ Timing) {
				nalus := au.NALUs()
				checkPacketsH265(t, nalus, au.Payloads, MaxPayload)
				if au.Format == nil || len(nalus) == 0 || len(nalus) > MaxNALUs+maxPPS+2 {
					t.Fatalf("%+v", au)
				}
				if au.Key && ((h265{}).class(nalus[0]) != setVPS || (h265{}).class(nalus[1]) != setSPS || (h265{}).class(nalus[2]) != setPPS) {
					t.Fatal("a key picture without its sets")
				}
			})
		}
	})
}

func BenchmarkAssembleH265of9kB(b *testing.B) {
	a, s := NewAssemblerH265(hevcSets(b)), newSender()
	ps := s.inH265(hevc(1, 9000, 1))
	b.SetBytes(9000)
	b.ReportAllocs()
	got := 0
	for b.Loop() {
		for i := range ps {
			ps[i].Sequence += uint16(len(ps))
			ps[i].Timestamp += 3600
			ps[i].Arrived = ps[i].Arrived.Add(40 * time.Millisecond)
			a.Push(ps[i], func(*AccessUnit, Timing) { got++ })
		}
	}
	if got < b.N || a.counters.Lost > 1 {
		b.Fatalf("%d of %d, %+v", got, b.N, a.counters)
	}
}
