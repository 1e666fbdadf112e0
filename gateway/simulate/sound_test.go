package simulate

import (
	"math"
	"testing"
)

// expanded is a sample of G.711 as 16 bits (ITU-T G.711 tables 1a and 2a).
func expanded(b byte, mu bool) int {
	if mu {
		b = ^b
		v := (int(b&0x0f)<<3+132)<<(b>>4&7) - 132
		if b&0x80 != 0 {
			return -v
		}
		return v
	}
	b ^= 0x55
	v := int(b&0x0f)<<4 + 8
	if e := b >> 4 & 7; e > 0 {
		v = (v + 0x100) << (e - 1)
	}
	if b&0x80 == 0 {
		return -v
	}
	return v
}

func TestG711IsWhatItWasBefore(t *testing.T) {
	t.Parallel()
	for _, mu := range []bool{true, false} {
		for s := -32000; s <= 32000; s += 13 {
			got := expanded(companded(s, mu), mu)
			if off := math.Abs(float64(got - s)); off > math.Abs(float64(s))/16+20 {
				t.Fatalf("mu %v: %d became %d", mu, s, got)
			}
		}
	}
}

func TestEverySoundGoesRoundInWholeSeconds(t *testing.T) {
	t.Parallel()
	for _, name := range Sounds() {
		b, err := newBeep(name)
		if err != nil {
			t.Fatal(err)
		}
		if int64(b.lasts)*int64(len(b.packets))%1e9 != 0 {
			t.Errorf("%s: %d packets of %v", name, len(b.packets), b.lasts)
		}
		for _, p := range b.packets {
			if len(p) == 0 {
				t.Errorf("%s has an empty packet", name)
			}
		}
	}
	if _, err := newBeep("mp3"); err == nil {
		t.Error("an unknown sound is taken")
	}
}
