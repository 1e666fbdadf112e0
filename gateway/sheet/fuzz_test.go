package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"matthan/gateway"
)

// FuzzRead: no file breaks the reader; what it accepts is an inventory; and a
// file that was applied changes nothing when it is read again.
func FuzzRead(f *testing.F) {
	f.Add(false, []byte(head+"a,A,Huế / X,public,rtsp://u:p@h/1,rtsp://h/2,,,21,105,tcp,x,\n,B,phuong-lang,hộ dân,rtsp://h/3\n"))
	f.Add(false, []byte("sep=;\nSTT;Tên;Mã khu vực;Khu vực;RTSP;Loại\n1;\"Chợ \"\"Láng\"\"\";;Phường Láng;rtsp://10.1.2.4/main;office\n"))
	f.Add(false, []byte("\xff\xfei\x00d\x00\t\x00n\x00"))
	f.Add(false, []byte("id\tkind\nlang-ha\toffice\ncho-lang\t\n"))
	f.Add(false, []byte("name,area,kind,main\n'=A,\"X/Y\",public,rtsp://h/?pwd=1\nB,Y,public,rtsp://h/1\nB,Z / Y,public,rtsp://h/2\n"))
	f.Add(true, []byte("areas: [{id: a, name: A, parent: ha-noi}, {id: ha-noi, name: HN}]\ncameras:\n- {id: x, name: X, area: a, kind: public, main: rtsp://h/1, position: [1, 2], login: {user: u, password: p}}\n"))
	f.Add(true, []byte("areas: &x [{id: a, name: A, parent: a}]\ncameras: *x\n"))
	f.Fuzz(func(t *testing.T, isYAML bool, b []byte) {
		name := "a.csv"
		if isYAML {
			name = "a.yaml"
		}
		p, err := Read(name, bytes.NewReader(b), ward(), Options{IgnoreUnknownColumns: true})
		if err != nil {
			if _, ok := err.(Problems); !ok {
				t.Fatalf("an error of another kind: %v", err)
			}
			return
		}
		_ = all(p)
		r, err := p.Apply(true)
		if err != nil && err != ErrRefused {
			t.Fatalf("what was accepted is no inventory: %v\n%s", err, all(p))
		}
		if err != nil || !p.OK() {
			return
		}
		again, err := Read(name, bytes.NewReader(b), r.State, Options{IgnoreUnknownColumns: true})
		if err != nil {
			t.Fatal(err)
		}
		if again.Cameras != (Counts{Unchanged: p.Cameras.Added + p.Cameras.Changed + p.Cameras.Unchanged}) || again.Areas.Added+again.Areas.Changed+again.Areas.Refused != 0 {
			t.Fatalf("the second reading is no repetition:\n%s\nthen\n%s", all(p), all(again))
		}
	})
}

// FuzzExport: reading an export changes nothing, whatever names people give.
func FuzzExport(f *testing.F) {
	f.Add("Ngã tư \"Láng\"; chợ, bến", "Phường Láng", "viewer", "p", "rtsp://10.9.9.9/1", 21.0126, 105.8169, "a-b")
	f.Add("=cmd|' /C calc'!A0", "Tổ 3/4", "'@x", "", "rtsp://h/?pwd=x&y=1", -0.1, 1e-9, "-1")
	f.Add(" hai  dấu cách ", "'", "a\r\nb\t", "q", "rtsp://h/a b@c", 90.0, -180.0, "2001-01-01")
	f.Add("Ca\u0301", "/", "\xff", "q", "RTSP://h/#x", 0.0, 0.0, "null")
	f.Add("Cổng", "Tổ 3", "a\x00b", "q", "rtsp://h/1", 1.0, 1.0, "0")
	f.Add("yes", "~", "!!int", "q", "rtsp://h:/•••?token=x", 0.5, 0.5, "1e3")
	f.Fuzz(func(t *testing.T, name, area, user, password, main string, lat, lng float64, id string) {
		c := gateway.Camera{ID: gateway.CameraID(id), Name: name, Area: "new", Kind: gateway.Household, Main: main, Sub: main,
			Position: &gateway.Position{Lat: lat, Lng: lng}, Login: gateway.Login{User: user, Password: gateway.Secret(password)}}
		if lat >= 0 && lat <= 1 && lng >= 0 && lng <= 1 {
			c.Masks = []gateway.Mask{{{X: lat, Y: lng}, {X: 1, Y: lng}, {X: lat, Y: 1}}}
		}
		c.Marked = lat > lng
		other := c
		other.ID, other.Area, other.Position, other.Transport, other.Sub = "other", "below", nil, gateway.UDP, ""
		now := ward()
		now.Areas = append(now.Areas, gateway.Area{ID: "new", Name: area, Parent: "ha-noi"}, gateway.Area{ID: "below", Name: area, Parent: "new"})
		now.Cameras = append(now.Cameras, c, other)
		l, err := gateway.NewList(now.Areas, now.Cameras)
		if err != nil || len(main) > maxAddress || len(user) > 1000 {
			return
		}
		now = State{l.Areas(), l.Cameras()}
		for _, s := range []Style{{Format: CSV}, {Format: CSV, Language: "vi", Separator: ';'}, {Format: CSV, Separator: '\t'}, {Format: YAML}} {
			var b bytes.Buffer
			if err := Write(&b, s, now); err != nil {
				t.Fatal(err)
			}
			p, err := Read("a."+string(s.Format), &b, now, Options{})
			if err != nil {
				t.Fatal(err)
			}
			r, err := p.Apply(false)
			if err != nil {
				t.Fatalf("%+v: %v\n%s", s, err, all(p))
			}
			if len(r.ChangedCameras)+len(r.ChangedAreas) > 0 || !reflect.DeepEqual(r.State, now) {
				t.Fatalf("%+v: reading the export changes\n%s", s, all(p))
			}
		}
	})
}

func FuzzID(f *testing.F) {
	for _, s := range []string{"Phường Láng", "ĐƯỜNG Số 3", "---", "", strings.Repeat("dài ", 40), "a\u0301\u0323", "摄像头 7", "all"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		id := ID(name)
		if id != "" && !goodID(id) || strings.HasPrefix(id, "-") || strings.HasSuffix(id, "-") || strings.Contains(id, "--") {
			t.Errorf("%q makes %q", name, id)
		}
		if again := ID(id); again != id {
			t.Errorf("%q makes %q, which makes %q", name, id, again)
		}
		if c := compose(name); compose(c) != c || ID(c) != id {
			t.Errorf("%q composed is %q: %q and %q", name, c, id, ID(c))
		}
		n := newNames(0)
		seen := map[string]bool{}
		for range 20 {
			free := n.free(name, "camera")
			if seen[free] || !goodID(free) {
				t.Fatalf("%q makes %q again, or wrong", name, free)
			}
			seen[free] = true
		}
	})
}

// FuzzCells holds our reader to the standard library's, where that one reads a
// text at all. It leaves empty lines out, and cannot say in which row it is.
func FuzzCells(f *testing.F) {
	f.Add("a,b\n\"c\"\"d\",\"e\nf\"\r\n\n,g,\n", byte(','))
	f.Add("a;\"\";b", byte(';'))
	f.Fuzz(func(t *testing.T, text string, separator byte) {
		if strings.IndexByte(",;\t", separator) < 0 || strings.Contains(text, "\r") {
			return // the library does not know \r as a line end, and makes \n of \r\n in quotes
		}
		r := csv.NewReader(strings.NewReader(text))
		r.Comma, r.FieldsPerRecord = rune(separator), -1
		want, err := r.ReadAll()
		if err != nil {
			return
		}
		c := cells{text: text, separator: separator}
		for c.next() {
			if len(c.values) == 1 && c.values[0] == "" && (len(want) == 0 || len(want[0]) != 1 || want[0][0] != "") {
				continue
			}
			if len(want) == 0 {
				t.Fatalf("%q: a row too many: %q", text, c.values)
			}
			if len(c.faults) == 0 && !slices.Equal(c.values, want[0]) {
				t.Fatalf("%q: %q, the library reads %q", text, c.values, want[0])
			}
			want = want[1:]
		}
		if len(want) > 0 {
			t.Fatalf("%q: rows are missing: %q", text, want)
		}
	})
}

func TestNamesMakeIdentifiers(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Phường Láng":                   "phuong-lang",
		"Ngã tư Láng Hạ – Thái Hà":      "nga-tu-lang-ha-thai-ha",
		"ĐỒN BIÊN PHÒNG Đà Nẵng":        "don-bien-phong-da-nang",
		"Tổ 3/4, Ngõ 42":                "to-3-4-ngo-42",
		"Phu\u031bo\u031b\u0300ng":      "phuong",
		"ăâđêôơư ỳỹỷỵ":                  "aadeoou-yyyy",
		"摄像头":                           "",
		strings.Repeat("phường ", 20):   strings.TrimSuffix(strings.Repeat("phuong-", 9), "-"),
		strings.Repeat("a", 70):         strings.Repeat("a", 64),
		"  -- Cổng  trường (phía sau) ": "cong-truong-phia-sau",
	} {
		if got := ID(name); got != want {
			t.Errorf("%q makes %q, want %q", name, got, want)
		}
	}
}

// city is 160 wards and 3,000 cameras.
func city() string {
	var b strings.Builder
	b.WriteString("Tên camera;Khu vực;Loại;Luồng chính;Luồng phụ;Tài khoản;Mật khẩu;Vĩ độ;Kinh độ\r\n")
	for i := range 3000 {
		fmt.Fprintf(&b, "Ngã tư số %d;Hà Nội / Phường %d;Công cộng;rtsp://10.%d.%d.3/main;rtsp://10.%d.%d.3/sub;viewer;p%d;21,%d;105,%d\r\n",
			i%700, i%160, i/256, i%256, i/256, i%256, i, i, i)
	}
	return b.String()
}

func TestCityIsReadTwiceAndExported(t *testing.T) {
	t.Parallel()
	text := city()
	p := read(t, "a.csv", text, State{})
	if p.Cameras != (Counts{Added: 3000}) || p.Areas != (Counts{Added: 161}) {
		t.Fatalf("%+v %+v", p.Cameras, p.Areas)
	}
	r := applied(t, p)
	if p = read(t, "a.csv", text, r.State); p.Cameras != (Counts{Unchanged: 3000}) || p.Areas != (Counts{}) {
		t.Errorf("again: %+v %+v", p.Cameras, p.Areas)
	}
	for _, s := range []Style{{Format: CSV, Language: "vi"}, {Format: YAML}} {
		var b bytes.Buffer
		if err := Write(&b, s, r.State); err != nil {
			t.Fatal(err)
		}
		export := b.String()
		if p = read(t, "a."+string(s.Format), export, r.State); p.Cameras != (Counts{Unchanged: 3000}) || p.Areas.Added+p.Areas.Changed != 0 {
			t.Errorf("%s: %+v %+v", s.Format, p.Cameras, p.Areas)
		}
		elsewhere := applied(t, read(t, "a."+string(s.Format), export, State{}))
		if len(elsewhere.Cameras) != 3000 || !reflect.DeepEqual(elsewhere.Areas, r.Areas) && s.Format == YAML || len(elsewhere.Areas) != 161 {
			t.Errorf("%s elsewhere: %d cameras, %d areas", s.Format, len(elsewhere.Cameras), len(elsewhere.Areas))
		}
	}
}

func TestMoreRowsThanAnInventoryHolds(t *testing.T) {
	t.Parallel()
	text := "id\n" + strings.Repeat("a\n", maxRows+1)
	if _, err := Read("a.csv", strings.NewReader(text), State{}, Options{}); err == nil || err.(Problems)[0].Code != RowsMany {
		t.Error(err)
	}
	full := State{Areas: []gateway.Area{{ID: "a", Name: "A"}}, Cameras: make([]gateway.Camera, gateway.MaxCameras)}
	for i := range full.Cameras {
		full.Cameras[i] = gateway.Camera{ID: gateway.CameraID("c" + number(i)), Name: "C", Area: "a", Kind: gateway.Public, Main: "rtsp://h/" + number(i)}
	}
	p := read(t, "a.csv", "name,area,kind,main\nB,a,public,rtsp://h/x\n", full)
	if len(p.Problems) != 1 || p.Problems[0].Code != CamerasMany {
		t.Errorf("%+v", p.Problems)
	}
}

func BenchmarkReadCity(b *testing.B) {
	text := city()
	p, err := Read("a.csv", strings.NewReader(text), State{}, Options{})
	if err != nil {
		b.Fatal(err)
	}
	r, err := p.Apply(false)
	if err != nil {
		b.Fatal(err)
	}
	var export bytes.Buffer
	if err := Write(&export, Style{Format: YAML}, r.State); err != nil {
		b.Fatal(err)
	}
	for name, source := range map[string]struct {
		file, text string
		now        State
	}{"new.csv": {"a.csv", text, State{}}, "again.csv": {"a.csv", text, r.State}, "again.yaml": {"a.yaml", export.String(), r.State}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				p, err := Read(source.file, strings.NewReader(source.text), source.now, Options{})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := p.Apply(false); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
