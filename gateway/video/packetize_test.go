package video

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// nalu makes a NAL unit of n bytes that passes for one of its type: slices
// are the first of their picture.
func nalu(t NALUType, n int, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, uint64(t)))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.IntN(255) + 1)
	}
	b[0] = 0x60 | byte(t)
	if n > 1 {
		b[1] = 0xb8
	}
	return b
}

// later makes a slice that is not the first of its picture.
func later(t NALUType, n int, seed uint64) []byte {
	b := nalu(t, n, seed)
	b[1] = 0x5c // first_mb_in_slice 1, P slice, pps 0
	return b
}

// depacketize is the plain reverse of Packetize.
func depacketize(t testing.TB, payloads [][]byte) [][]byte {
	t.Helper()
	var nalus [][]byte
	var fu []byte
	for _, p := range payloads {
		switch TypeOf(p) {
		case naluSTAPA:
			for b := p[1:]; len(b) > 0; {
				n := int(b[0])<<8 | int(b[1])
				nalus = append(nalus, b[2:2+n])
				b = b[2+n:]
			}
		case naluFUA:
			if p[1]&0xc0 == 0xc0 {
				t.Fatal("one fragment is start and end")
			}
			if p[1]&0x80 != 0 {
				fu = []byte{p[0]&0xe0 | p[1]&0x1f}
			}
			fu = append(fu, p[2:]...)
			if p[1]&0x40 != 0 {
				nalus = append(nalus, fu)
				fu = nil
			}
		default:
			nalus = append(nalus, p)
		}
	}
	return nalus
}

func checkPackets(t testing.TB, nalus, payloads [][]byte, max int) {
	t.Helper()
	var want [][]byte
	for _, n := range nalus {
		if len(n) > 0 {
			want = append(want, n)
		}
	}
	got := depacketize(t, payloads)
	if len(got) != len(want) {
		t.Fatalf("%d NAL units came back of %d", len(got), len(want))
	}
	for i := range got {
		if !bytes.Equal(got[i], want[i]) {
			t.Fatalf("NAL unit %d changed", i)
		}
	}
	run := 0
	for i, p := range payloads {
		if len(p) > max || len(p) == 0 {
			t.Fatalf("payload %d of %d bytes", i, len(p))
		}
		if TypeOf(p) != naluFUA || p[1]&0x80 != 0 {
			run = len(p)
		}
		if TypeOf(p) == naluFUA && (len(p) > run || len(p) < run && p[1]&0x40 == 0) {
			t.Fatalf("payload %d: a fragment of %d bytes in a run of %d", i, len(p), run)
		}
	}
}

func TestPacketizeGivesOneSTAPAndEqualFragments(t *testing.T) {
	sps, pps, sei := nalu(NALUSPS, 30, 1), nalu(NALUPPS, 6, 2), nalu(NALUSEI, 40, 3)
	for _, c := range []struct {
		name  string
		nalus [][]byte
		want  []NALUType
	}{
		{"nothing", nil, nil},
		{"P picture in one packet", [][]byte{nalu(NALUSlice, MaxPayload, 4)}, []NALUType{NALUSlice}},
		{"one byte too many", [][]byte{nalu(NALUSlice, MaxPayload+1, 4)}, []NALUType{naluFUA, naluFUA}},
		{"IDR", [][]byte{sps, pps, sei, nalu(NALUIDR, 3000, 5)}, []NALUType{naluSTAPA, naluFUA, naluFUA, naluFUA}},
		{"a lone SEI", [][]byte{sei, nalu(NALUSlice, 100, 6)}, []NALUType{NALUSEI, NALUSlice}},
		{"a large SEI", [][]byte{sps, pps, nalu(NALUSEI, 2000, 7), nalu(NALUIDR, 9, 8)}, []NALUType{naluSTAPA, naluFUA, naluFUA, NALUIDR}},
		{"slices", [][]byte{nalu(NALUSlice, 100, 9), nalu(NALUSlice, 100, 10)}, []NALUType{NALUSlice, NALUSlice}},
		{"empty", [][]byte{{}, sps, {}, pps, {}, nalu(NALUIDR, 9, 11), {}}, []NALUType{naluSTAPA, NALUIDR}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Packetize(c.nalus, MaxPayload)
			checkPackets(t, c.nalus, got, MaxPayload)
			if len(got) != len(c.want) {
				t.Fatalf("%d payloads, want %d", len(got), len(c.want))
			}
			for i := range got {
				if TypeOf(got[i]) != c.want[i] {
					t.Errorf("payload %d has type %d, want %d", i, TypeOf(got[i]), c.want[i])
				}
			}
		})
	}
}

func FuzzPacketize(f *testing.F) {
	f.Add([]byte{7, 30, 8, 6, 5, 255}, 1180)
	f.Add([]byte{6, 200, 1, 250, 1, 3}, 20)
	f.Add([]byte{1, 1}, 0)
	f.Fuzz(func(t *testing.T, spec []byte, limit int) {
		size := limit & 0x7fff
		var nalus [][]byte
		for i := 0; i+1 < len(spec) && len(nalus) < 64; i += 2 {
			typ := NALUType(spec[i]%23 + 1)
			n := int(spec[i+1])
			if n > 128 {
				n *= 37
			}
			b := nalu(typ, n+1, uint64(i))
			nalus = append(nalus, b)
		}
		checkPackets(t, nalus, Packetize(nalus, size), max(size, minPayload))
	})
}

func BenchmarkPacketizeP9kB(b *testing.B) {
	nalus := [][]byte{nalu(NALUSlice, 9000, 1)}
	b.SetBytes(9000)
	b.ReportAllocs()
	for b.Loop() {
		Packetize(nalus, MaxPayload)
	}
}

func BenchmarkPacketizeIDR100kB(b *testing.B) {
	nalus := [][]byte{nalu(NALUSPS, 30, 1), nalu(NALUPPS, 6, 2), nalu(NALUIDR, 100000, 3)}
	b.SetBytes(100000)
	b.ReportAllocs()
	for b.Loop() {
		Packetize(nalus, MaxPayload)
	}
}
