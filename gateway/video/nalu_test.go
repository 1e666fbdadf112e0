package video

import (
	"bytes"
	"encoding/hex"
	"math/rand/v2"
	"testing"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAnnexBIsSplitAtBothStartCodes(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{"empty", "", nil},
		{"no start code", "6742", nil},
		{"one", "000001" + "6742", []string{"6742"}},
		{"long and short", "00000001" + "6742" + "000001" + "68cb" + "00000001" + "65b8", []string{"6742", "68cb", "65b8"}},
		{"leading rubbish", "ff00" + "000001" + "6501", []string{"6501"}},
		{"trailing zeros", "000001" + "6501" + "000000", []string{"6501"}},
		{"empty units", "000001" + "000001" + "6501" + "000001", []string{"6501"}},
		{"emulation prevention stays", "000001" + "6500000301", []string{"6500000301"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := SplitAnnexB(unhex(t, c.in))
			if len(got) != len(c.want) {
				t.Fatalf("%d units, want %d", len(got), len(c.want))
			}
			for i := range got {
				if hex.EncodeToString(got[i]) != c.want[i] {
					t.Errorf("unit %d: %x, want %s", i, got[i], c.want[i])
				}
			}
		})
	}
}

func TestFirstMBIsReadThroughEmulationPrevention(t *testing.T) {
	for _, c := range []struct {
		in string
		mb uint32
		ok bool
	}{
		{"65b8", 0, true},          // 1 ...: first_mb 0, type 6 (00111), pps 0
		{"4144", 1, false},         // 010 00100: cut short of the pps
		{"415c", 1, true},          // 010 1 1 1 00: first_mb 1
		{"67b8", 0, false},         // an SPS has none
		{"", 0, false},             //
		{"65", 0, false},           //
		{"410000030003", 0, false}, // only zeros, after unescaping
		{"6500000000000000000000", 0, false},
	} {
		mb, ok := FirstMB(unhex(t, c.in))
		if mb != c.mb && ok || ok != c.ok {
			t.Errorf("%s: %d %v, want %d %v", c.in, mb, ok, c.mb, c.ok)
		}
	}
}

func FuzzAnnexB(f *testing.F) {
	f.Add([]byte{0, 0, 1, 0x67, 0x42, 0, 0, 0, 1, 0x68, 0xcb, 0, 0, 1, 0x65, 0xb8})
	f.Add([]byte{0, 0, 0, 1, 0, 0, 1})
	f.Add(unhex(f, spsMain))
	f.Fuzz(func(t *testing.T, b []byte) {
		nalus := SplitAnnexB(b)
		var again []byte
		for _, n := range nalus {
			if len(n) == 0 || bytes.Contains(n, []byte{0, 0, 1}) {
				t.Fatalf("unit %x", n)
			}
			FirstMB(n)
			again = append(append(again, 0, 0, 0, 1), n...)
		}
		back := SplitAnnexB(again)
		if len(back) != len(nalus) {
			t.Fatalf("%d units after joining, had %d", len(back), len(nalus))
		}
		for i := range back {
			if !bytes.Equal(back[i], nalus[i]) {
				t.Fatalf("unit %d changed", i)
			}
		}
	})
}

// Sets made by x264.
const (
	spsBaseline = "6742c01ed900a02ff97011000003000100000300320f162e48"     // 640x360
	spsMain     = "674d4028eca03c0113f2e022000003000200000300641e30632c"   // 1920x1080, B-frames
	spsHigh     = "67640028acb200f0044fcb80880000030008000003019478c19240" // 1920x1080
	spsFields   = "6764001eace402d0936022000003000200000300643e285490"     // 720x576, frame_mbs_only_flag 0
	sps444      = "67f4000d9196405421e3e3f011000003000100000300320f142a48" // 322x242, scaling matrix
	ppsHigh     = "68ebc3cb22c0"
)

func TestSPSOfRealEncoders(t *testing.T) {
	for _, c := range []struct {
		name, in      string
		width, height int
		profile       uint32
		reorder       bool
		fields        bool
	}{
		{"baseline", spsBaseline, 640, 360, 0x42c01e, false, false},
		{"main with B-frames", spsMain, 1920, 1080, 0x4d4028, true, false},
		{"high", spsHigh, 1920, 1080, 0x640028, false, false},
		{"interlaced", spsFields, 720, 576, 0x64001e, false, true},
		{"4:4:4 with scaling matrix", sps444, 322, 242, 0xf4000d, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := parseSPS(unhex(t, c.in))
			if err != nil {
				t.Fatal(err)
			}
			want := Format{Codec: H264, Width: c.width, Height: c.height, Profile: c.profile, Reorder: c.reorder}
			if s.format != want || s.fields != c.fields {
				t.Errorf("%+v fields %v, want %+v fields %v", s.format, s.fields, want, c.fields)
			}
		})
	}
}

// bitWriter writes what a bitReader reads.
type bitWriter struct {
	b []byte
	n int
}

func (w *bitWriter) bits(v uint64, n int) {
	for i := n - 1; i >= 0; i-- {
		if w.n%8 == 0 {
			w.b = append(w.b, 0)
		}
		w.b[w.n/8] |= byte(v>>i&1) << (7 - w.n%8)
		w.n++
	}
}

func (w *bitWriter) ue(v uint64) {
	n := 0
	for x := v + 1; x > 1; x >>= 1 {
		n++
	}
	w.bits(0, n)
	w.bits(v+1, n+1)
}

func TestHostileSPSIsRefused(t *testing.T) {
	made := func(write func(w *bitWriter)) []byte {
		w := &bitWriter{b: []byte{0x67, 66, 0, 30}, n: 32}
		write(w)
		w.bits(0xffffffff, 32)
		return w.b
	}
	size := func(width, height uint64) []byte {
		return made(func(w *bitWriter) {
			for _, v := range []uint64{0, 0, 2, 1} {
				w.ue(v)
			}
			w.bits(0, 1)
			w.ue(width)
			w.ue(height)
			w.bits(0b110, 3)
			w.bits(0, 8)
		})
	}
	if f, err := ParseSPS(size(39, 22)); err != nil || f.Width != 640 || f.Height != 368 {
		t.Fatalf("the control case: %+v %v", f, err)
	}
	for name, in := range map[string][]byte{
		"empty":      nil,
		"a PPS":      unhex(t, ppsHigh),
		"short":      {0x67, 66, 0, 30},
		"cut":        unhex(t, spsHigh)[:8],
		"huge":       append(unhex(t, spsHigh), make([]byte, maxParameterSet)...),
		"zeros":      append([]byte{0x67, 66, 0, 30}, make([]byte, 100)...),
		"wide":       size(2000, 22),
		"tall":       size(39, 1<<31-1),
		"endless id": made(func(w *bitWriter) { w.ue(32) }),
		// num_ref_frames_in_pic_order_cnt_cycle: readers that allocate it run out of memory
		"endless cycle": made(func(w *bitWriter) {
			w.ue(0)
			w.ue(0)
			w.ue(1)
			w.bits(0, 1)
			w.ue(0)
			w.ue(0)
			w.ue(1<<31 - 2)
		}),
		"cropped to nothing": made(func(w *bitWriter) {
			for _, v := range []uint64{0, 0, 2, 1} {
				w.ue(v)
			}
			w.bits(0, 1)
			w.ue(39)
			w.ue(22)
			w.bits(0b111, 3)
			w.ue(1 << 30)
			w.ue(1 << 30)
		}),
	} {
		t.Run(name, func(t *testing.T) {
			if f, err := ParseSPS(in); err == nil {
				t.Errorf("taken as %+v", f)
			}
		})
	}
}

func FuzzSPS(f *testing.F) {
	for _, s := range []string{spsBaseline, spsMain, spsHigh, spsFields, sps444, ppsHigh, "67"} {
		f.Add(unhex(f, s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := ParseSPS(b); err == nil && (s.Width < 1 || s.Height < 1 || s.Width > maxDimension || s.Height > maxDimension) {
			t.Fatalf("%+v", s)
		}
		var sets parameterSets
		for _, n := range [][]byte{b, append([]byte{0x67}, b...), append([]byte{0x68}, b...)} {
			if TypeOf(n) == NALUSPS || TypeOf(n) == NALUPPS {
				_, _ = sets.put(n)
			}
		}
	})
}

func TestParameterSetsAreBounded(t *testing.T) {
	var s parameterSets
	for i := range uint64(300) {
		w := &bitWriter{b: []byte{0x68}, n: 8}
		w.ue(i % 256)
		w.ue(0)
		w.bits(rand.Uint64(), 40)
		_, _ = s.put(w.b)
	}
	if len(s.pps) != maxPPS {
		t.Errorf("%d PPS kept", len(s.pps))
	}
	if changed, err := s.put(unhex(t, spsHigh)); !changed || err != nil {
		t.Error(changed, err)
	}
	if changed, err := s.put(unhex(t, spsHigh)); changed || err != nil {
		t.Error("the same set is no change:", changed, err)
	}
	if changed, _ := s.put(unhex(t, spsBaseline)); !changed || len(s.sps) != 1 {
		t.Error("a set with the same id replaces the other")
	}
}
