package video

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
	"time"
)

// photo is a picture by an encoder that is not ours, at a quality, with what RFC
// 2435 sends of it.
func photo(t testing.TB, quality, seed int) (file, tables, scan []byte) {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for y := range 48 {
		for x := range 64 {
			m.Set(x, y, color.RGBA{uint8(x*y + seed), uint8(x * 4), uint8(y*5 + seed*7), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	file = b.Bytes()
	for rest := file[2:]; ; {
		marker, n := rest[1], int(rest[2])<<8|int(rest[3])
		body := rest[4 : 2+n]
		rest = rest[2+n:]
		for ; marker == 0xdb && len(body) >= 65; body = body[65:] {
			tables = append(tables, body[1:65]...)
		}
		if marker == 0xda {
			return file, tables, rest[:len(rest)-2] // without EOI
		}
	}
}

// inJPEG sends a scan as RFC 2435 has it, in packets of 100 bytes of it.
func (s *sender) inJPEG(kind, q byte, extra, tables, scan []byte) (out []Packet) {
	s.ts += 3600
	s.at = s.at.Add(40 * time.Millisecond)
	for at := 0; at < len(scan); {
		n := min(100, len(scan)-at)
		head := []byte{0, byte(at >> 16), byte(at >> 8), byte(at), kind, q, 64 / 8, 48 / 8}
		head = append(head, extra...)
		if at == 0 && q >= 128 {
			head = append(append(head, 0, 0, byte(len(tables)>>8), byte(len(tables))), tables...)
		}
		out = append(out, s.packet(at+n == len(scan), head, scan[at:at+n])...)
		at += n
	}
	return out
}

func wholeJPEG(a *AssemblerJPEG, packets ...[]Packet) (out []*AccessUnit) {
	for _, ps := range packets {
		for _, p := range ps {
			a.Push(p, func(au *AccessUnit, _ Timing) { out = append(out, au) })
		}
	}
	return out
}

// looksLike compares the pixels.
func looksLike(t *testing.T, au *AccessUnit, file []byte) {
	t.Helper()
	for i, p := range au.Payloads {
		if len(p) > MaxPayload || i < len(au.Payloads)-1 && len(p) != MaxPayload {
			t.Errorf("payload %d of %d bytes", i, len(p))
		}
	}
	if len(au.NALUs()) != 1 || au.Codec != JPEG || !au.Key || au.Format == nil || au.Format.Width != 64 || au.Format.Height != 48 {
		t.Fatalf("%+v, %+v", au, au.Format)
	}
	got, err := jpeg.Decode(bytes.NewReader(au.NALUs()[0]))
	if err != nil {
		t.Fatal(err)
	}
	want, err := jpeg.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	a, b := got.(*image.YCbCr), want.(*image.YCbCr)
	if a.Rect != b.Rect || a.SubsampleRatio != b.SubsampleRatio || !bytes.Equal(a.Y, b.Y) || !bytes.Equal(a.Cb, b.Cb) || !bytes.Equal(a.Cr, b.Cr) {
		t.Fatal("the picture is another one")
	}
}

func TestJPEGComesOutAsItWentIn(t *testing.T) {
	for _, c := range []struct {
		name    string
		kind, q byte
		quality int
		extra   []byte
	}{
		{"standard tables, coarse", 1, 20, 20, nil},
		{"standard tables", 1, 75, 75, nil},
		{"standard tables, fine", 1, 99, 99, nil},
		{"its own tables", 1, 255, 83, nil},
		{"its own tables, by number", 1, 130, 41, nil},
		{"restart markers", 65, 255, 60, []byte{0x10, 0, 0xff, 0xff}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, s := NewAssemblerJPEG(0, 0), newSender()
			var got []*AccessUnit
			for i := range 3 {
				file, tables, scan := photo(t, c.quality, i)
				if len(tables) != 128 || len(scan) < 300 {
					t.Fatalf("%d bytes of tables, %d of the scan", len(tables), len(scan))
				}
				got = append(got, wholeJPEG(a, s.inJPEG(c.kind, c.q, c.extra, tables, scan))...)
				count(t, got, i+1)
				looksLike(t, got[i], file)
			}
			if got[0].Format != got[1].Format || got[1].PTS-got[0].PTS != 3600 || a.Counters() != (Counters{}) {
				t.Errorf("%+v, %+v", got[1], a.Counters())
			}
		})
	}
}

func TestJPEGTablesMayBeLeftOutOnceTheyWereSent(t *testing.T) {
	file, tables, scan := photo(t, 55, 1)
	a, s := NewAssemblerJPEG(0, 0), newSender()
	got := wholeJPEG(a, s.inJPEG(1, 130, nil, nil, scan), s.inJPEG(1, 130, nil, tables, scan), s.inJPEG(1, 130, nil, nil, scan), s.inJPEG(1, 255, nil, nil, scan))
	count(t, got, 2)
	looksLike(t, got[0], file)
	looksLike(t, got[1], file)
	if c := a.Counters(); c.Broken != 2 || c.Malformed != 2 || got[0].Lost == 0 {
		t.Errorf("%+v", c)
	}
}

func TestLossBreaksOnlyTheJPEGItHit(t *testing.T) {
	file, tables, scan := photo(t, 55, 1)
	for drop := range newSender().inJPEG(1, 255, nil, tables, scan) {
		a, s := NewAssemblerJPEG(0, 0), newSender()
		before, hit, after := s.inJPEG(1, 255, nil, tables, scan), s.inJPEG(1, 255, nil, tables, scan), s.inJPEG(1, 255, nil, tables, scan)
		got := wholeJPEG(a, before, append(hit[:drop:drop], hit[drop+1:]...), after)
		count(t, got, 2)
		looksLike(t, got[1], file)
		if c := a.Counters(); got[1].Lost != 1 || c.Broken != 1 {
			t.Errorf("packet %d: lost %d, %+v", drop, got[1].Lost, c)
		}
	}
}

func TestJPEGsEndWithoutAMarker(t *testing.T) {
	file, tables, scan := photo(t, 55, 1)
	a, s := NewAssemblerJPEG(0, 0), newSender()
	one, two := s.inJPEG(1, 255, nil, tables, scan), s.inJPEG(1, 255, nil, tables, scan)
	one[len(one)-1].Marker, two[len(two)-1].Marker = false, false
	still := s.inJPEG(1, 255, nil, tables, scan) // its timestamp stands still
	for i := range still {
		still[i].Timestamp = two[0].Timestamp
	}
	got := wholeJPEG(a, one, two, still)
	count(t, got, 3)
	for _, au := range got {
		looksLike(t, au, file)
	}
}

func TestLargeJPEGsHaveTheSizeOfTheDescription(t *testing.T) {
	_, tables, scan := photo(t, 55, 1)
	for _, size := range []int{0, 2560} {
		a, s := NewAssemblerJPEG(size, size/2), newSender()
		ps := s.inJPEG(1, 255, nil, tables, scan)
		for i := range ps {
			ps[i].Payload[6], ps[i].Payload[7] = 0, 0
		}
		got := wholeJPEG(a, ps)
		if size == 0 {
			count(t, got, 0)
			continue
		}
		count(t, got, 1)
		if f := got[0].Format; f.Width != size || f.Height != size/2 {
			t.Errorf("%+v", f)
		}
	}
}

func FuzzAssemblerJPEG(f *testing.F) {
	_, tables, scan := photo(f, 30, 1)
	for _, ps := range [][]Packet{
		newSender().inJPEG(1, 255, nil, tables, scan),
		newSender().inJPEG(0, 60, nil, nil, scan[:100]),
		newSender().inJPEG(64, 129, []byte{0, 4, 0xff, 0xff}, append(tables, tables...)[:192], scan),
	} {
		var in []byte
		for _, p := range ps {
			in = append(in, byte(len(p.Payload)>>8), byte(len(p.Payload)), 1, 0)
			in = append(in, p.Payload...)
		}
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		a := NewAssemblerJPEG(0, 4096)
		p := Packet{Arrived: time.Unix(1, 0)}
		for len(in) >= 4 { // as in FuzzAssembler
			n := min(int(in[0])<<8|int(in[1]), len(in)-4)
			p.Sequence += uint16(int8(in[2]))
			p.Marker = in[3]&1 != 0
			p.Timestamp += uint32(in[3]>>1) * 1000
			p.Payload, in = in[4:4+n], in[4+n:]
			p.Arrived = p.Arrived.Add(time.Millisecond)
			a.Push(p, func(au *AccessUnit, _ Timing) {
				file := au.NALUs()[0]
				if au.Size() != len(file) || len(file) > MaxAccessUnit+1024 || !bytes.HasPrefix(file, []byte{0xff, 0xd8}) || !bytes.HasSuffix(file, []byte{0xff, 0xd9}) {
					t.Fatalf("%d bytes", len(file))
				}
				is, err := jpeg.DecodeConfig(bytes.NewReader(file))
				if err == nil && (is.Width != au.Format.Width || is.Height != au.Format.Height) {
					t.Fatalf("%+v, %+v", is, au.Format)
				}
			})
		}
	})
}
