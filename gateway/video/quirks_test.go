package video

import (
	"bytes"
	"testing"
	"time"
)

var startCode = []byte{0, 0, 0, 1}

// packet sends one payload with the timestamp that was sent last.
func (s *sender) packet(marker bool, parts ...[]byte) []Packet {
	s.at = s.at.Add(50 * time.Microsecond)
	p := Packet{Sequence: s.seq, Timestamp: s.ts, Marker: marker, Payload: bytes.Join(parts, nil), Arrived: s.at}
	s.seq++
	return []Packet{p}
}

func TestStartCodesInsideOnePacketAreCut(t *testing.T) {
	sps, pps := high(t)
	idr, more := nalu(NALUIDR, 300, 1), later(NALUIDR, 200, 2)
	for name, payload := range map[string][][]byte{
		"between":              {sps, startCode, pps, startCode, idr, startCode, more},
		"before and behind":    {startCode, sps, startCode, pps, startCode[1:], idr, startCode, more, startCode},
		"and zeros too many":   {{0, 0, 1}, sps, {0, 0, 0, 0, 0, 1}, pps, startCode, startCode, idr, startCode, more, {0, 0}},
		"inside a STAP-A":      {{24, 0, byte(len(sps) + len(pps) + 4)}, sps, startCode, pps, {1, 44}, idr, {0, 200}, more},
		"before one in STAP-A": {{24, 0, byte(len(sps) + 4)}, startCode, sps, {0, byte(len(pps))}, pps, {1, 44}, idr, {0, 200}, more},
	} {
		t.Run(name, func(t *testing.T) {
			if len(idr) != 300 || len(more) != 200 {
				t.Fatal(len(idr), len(more))
			}
			a, s := NewAssembler(), newSender()
			got := whole(a, s.packet(true, payload...))
			count(t, got, 1)
			same(t, got[0], sps, pps, idr, more)
			if a.Traits().StartCodes == 0 || a.Counters() != (Counters{}) {
				t.Errorf("%+v %+v", a.Traits(), a.Counters())
			}
		})
	}
}

// fragments sends b as fragmentation units of a type, whose DON is 2 bytes.
func (s *sender) fragments(typ byte, header byte, b []byte) (out []Packet) {
	for i := 0; len(b) > 0; i++ {
		n := min(1000, len(b))
		head := []byte{header&0xe0 | typ, header & 0x1f}
		if i == 0 {
			head[1] |= 0x80
		}
		if n == len(b) {
			head[1] |= 0x40
		}
		if typ == byte(naluFUB) {
			head = append(head, 0, byte(i))
		}
		out = append(out, s.packet(n == len(b), head, b[:n])...)
		b = b[n:]
	}
	return out
}

func TestStartCodesInsideAFragmentedUnitAreCut(t *testing.T) {
	sps, pps := high(t)
	idr, more := nalu(NALUIDR, 5000, 1), later(NALUIDR, 2000, 2)
	for name, stream := range map[string][]byte{
		"as the SPS": bytes.Join([][]byte{sps, startCode, pps, startCode, idr, startCode, more}, nil),
		"behind a start code": append([]byte{byte(NALUIDR) | 0x60},
			bytes.Join([][]byte{startCode, sps, startCode, pps, startCode, idr, startCode, more}, nil)...),
	} {
		t.Run(name, func(t *testing.T) {
			a, s := NewAssembler(), newSender()
			for range 3 {
				s.ts += 3600
				got := whole(a, s.fragments(byte(naluFUA), stream[0], stream[1:]))
				count(t, got, 1)
				same(t, got[0], sps, pps, idr, more)
			}
			if a.Traits().StartCodes == 0 || a.Counters() != (Counters{}) {
				t.Errorf("%+v %+v", a.Traits(), a.Counters())
			}
		})
	}
}

func TestFragmentsWithADecodingOrderNumberPlay(t *testing.T) {
	sps, pps := high(t)
	a, s := NewAssembler(), newSender()
	idr := nalu(NALUIDR, 5000, 1)
	lead := s.packet(false, []byte{25, 0, 7, 0, byte(len(sps))}, sps, []byte{0, byte(len(pps))}, pps)
	got := whole(a, lead, s.fragments(byte(naluFUB), idr[0], idr[1:]))
	count(t, got, 1)
	same(t, got[0], sps, pps, idr)
	if a.Traits().Interleaved != 6 || a.Counters() != (Counters{}) {
		t.Errorf("%+v %+v", a.Traits(), a.Counters())
	}
}

func TestFragmentWithoutAStartCostsItsPictureOnly(t *testing.T) {
	sps, pps := high(t)
	a, s := NewAssembler(sps, pps), newSender()
	whole(a, s.picture(nalu(NALUIDR, 50, 1)))
	s.ts += 3600
	one := s.fragments(byte(naluFUA), byte(NALUSlice), nalu(NALUSlice, 3000, 2)[1:])
	one[0].Payload[1] &^= 0x80
	last := nalu(NALUSlice, 50, 3)
	got := whole(a, one, s.picture(last))
	count(t, got, 1)
	same(t, got[0], last)
	if tr := a.Traits(); tr.Headless != 1 || got[0].Lost == 0 {
		t.Errorf("%+v, lost %d", tr, got[0].Lost)
	}
}

func TestTraitsNameWhatACameraDoes(t *testing.T) {
	sps, pps := high(t)
	slice := nalu(NALUSlice, 50, 2)
	for name, c := range map[string]struct {
		send func(a *Assembler, s *sender)
		has  func(Traits) bool
	}{
		"sets only in the description": {func(a *Assembler, s *sender) {
			for range 2 {
				whole(a, s.picture(nalu(NALUIDR, 50, 1)))
			}
		}, func(t Traits) bool { return t.Keys == 2 && t.SPS == 0 }},
		"sets that change": {func(a *Assembler, s *sender) {
			whole(a, s.picture(sps, pps, nalu(NALUIDR, 50, 1)), s.picture(unhex(t, spsMain), pps, nalu(NALUIDR, 50, 1)))
		}, func(t Traits) bool { return t.Changed == 1 && t.Keys == 2 }},
		"no markers": {func(a *Assembler, s *sender) {
			for range noMarker + 1 {
				ps := s.picture(slice)
				ps[0].Marker = false
				whole(a, ps)
			}
		}, func(t Traits) bool { return t.Markers == 1 }},
		"markers on each slice": {func(a *Assembler, s *sender) {
			for range 3 {
				ps := append(s.picture(slice), s.more(later(NALUSlice, 50, 3))...)
				ps[1].Marker = true
				whole(a, ps)
			}
		}, func(t Traits) bool { return t.Markers > 0 }},
		"timestamps that stand still": {func(a *Assembler, s *sender) {
			for range 5 {
				s.ts -= 3600
				whole(a, s.picture(slice))
			}
		}, func(t Traits) bool { return t.Timestamps == 4 }},
		"timestamps that leap": {func(a *Assembler, s *sender) {
			whole(a, s.picture(slice))
			s.ts += 1 << 30
			whole(a, s.picture(slice))
		}, func(t Traits) bool { return t.Timestamps == 1 }},
		"fragments": {func(a *Assembler, s *sender) { whole(a, s.picture(nalu(NALUIDR, 5000, 1))) },
			func(t Traits) bool { return t.Mode1 }},
		"B slices": {func(a *Assembler, s *sender) {
			b := nalu(NALUSlice, 50, 1)
			b[1] = 0b1_010_1_111 // first_mb 0, slice_type 1 (B), pps 0
			whole(a, s.picture(b))
		}, func(t Traits) bool { return t.BSlices }},
		"nothing": {func(a *Assembler, s *sender) { whole(a, s.picture(nalu(NALUIDR, 50, 1)), s.picture(slice)) },
			func(t Traits) bool { return t == Traits{Keys: 1} }},
	} {
		t.Run(name, func(t *testing.T) {
			a := NewAssembler(sps, pps)
			c.send(a, newSender())
			if !c.has(a.Traits()) {
				t.Errorf("%+v", a.Traits())
			}
		})
	}
}
