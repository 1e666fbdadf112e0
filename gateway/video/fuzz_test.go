package video

import (
	"testing"
	"time"
)

func FuzzAssembler(f *testing.F) {
	sps, pps := high(f)
	for _, ps := range [][]Packet{
		newSender().picture(sps, pps, nalu(NALUIDR, 3000, 1), later(NALUIDR, 30, 2)),
		newSender().picture(nalu(NALUSlice, 30, 1)),
	} {
		var in []byte
		for _, p := range ps {
			in = append(in, byte(len(p.Payload)>>8), byte(len(p.Payload)), 1, 0)
			in = append(in, p.Payload...)
		}
		f.Add(in)
	}
	f.Add([]byte{0, 3, 1, 0x10, 0x7c, 0x85, 0xb8, 0, 3, 1, 0, 0x7c, 0x45, 1})
	f.Fuzz(func(t *testing.T, in []byte) {
		a := NewAssembler(unhex(t, spsHigh), unhex(t, ppsHigh))
		p := Packet{Arrived: time.Unix(1, 0)}
		// each packet: two bytes of length, one of steps in the sequence, one of marker and timestamp
		for len(in) >= 4 {
			n := min(int(in[0])<<8|int(in[1]), len(in)-4)
			p.Sequence += uint16(int8(in[2]))
			p.Marker = in[3]&1 != 0
			p.Timestamp += uint32(in[3]>>1) * 1000
			p.Payload, in = in[4:4+n], in[4+n:]
			p.Arrived = p.Arrived.Add(time.Millisecond)
			a.Push(p, func(au *AccessUnit, _ Timing) {
				checkPackets(t, au.NALUs(), au.Payloads, MaxPayload)
				if au.Format == nil || len(au.NALUs()) == 0 || len(au.NALUs()) > MaxNALUs+maxPPS+1 {
					t.Fatalf("%+v", au)
				}
				if au.Key && (TypeOf(au.NALUs()[0]) != NALUSPS || TypeOf(au.NALUs()[1]) != NALUPPS) {
					t.Fatal("a key picture without its sets")
				}
			})
		}
	})
}

func BenchmarkAssemble9kB(b *testing.B) {
	sps, pps := high(b)
	a, s := NewAssembler(sps, pps), newSender()
	n := nalu(NALUSlice, 9000, 1)
	ps := s.picture(n)
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
