package sheet

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"matthan/gateway"
)

// ward is what the tests find in the store.
func ward() State {
	return State{
		Areas: []gateway.Area{
			{ID: "ha-noi", Name: "Hà Nội"},
			{ID: "phuong-lang", Name: "Phường Láng", Parent: "ha-noi"},
			{ID: "phuong-vinh", Name: "Phường Vinh"},
		},
		Cameras: []gateway.Camera{
			{ID: "cho-lang", Name: "Chợ Láng", Area: "phuong-lang", Kind: gateway.Public, Main: "rtsp://10.1.2.4/main",
				Sub: "rtsp://10.1.2.4/sub", Login: gateway.Login{User: "viewer", Password: "kept-7a1c"}, Transport: gateway.TCP, KeepWarm: true,
				ONVIF: gateway.ONVIF{Address: "http://10.1.2.4/onvif/device_service", Identity: "urn:uuid:4", Profile: "Profile_1", PTZ: true}},
			{ID: "lang-ha", Name: "Láng Hạ", Area: "phuong-lang", Kind: gateway.Public, Main: "rtsp://10.1.2.3/main",
				Position: &gateway.Position{Lat: 21.0126, Lng: 105.8169}, Transport: gateway.Auto},
		},
	}
}

func read(t *testing.T, name, text string, now State) *Preview {
	t.Helper()
	p, err := Read(name, strings.NewReader(text), now, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// all is everything that a preview says, in both languages.
func all(p *Preview) string {
	var b strings.Builder
	for _, language := range []string{"en", "vi"} {
		b.WriteString(Problems(p.Problems).Text(language) + "\n" + Problems(p.Warnings).Text(language) + "\n")
		for _, l := range p.Lines {
			b.WriteString(l.Text(language) + "\n")
		}
	}
	return b.String()
}

func applied(t *testing.T, p *Preview) *Result {
	t.Helper()
	r, err := p.Apply(false)
	if err != nil {
		t.Fatalf("%v\n%s", err, all(p))
	}
	return r
}

func camera(t *testing.T, s State, id gateway.CameraID) gateway.Camera {
	t.Helper()
	i := slices.IndexFunc(s.Cameras, func(c gateway.Camera) bool { return c.ID == id })
	if i < 0 {
		t.Fatalf("there is no camera %s", id)
	}
	return s.Cameras[i]
}

func TestAnOfficersSheetIsReadHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	const plain = "Mã,Tên camera,Khu vực,Loại,Luồng chính,Luồng phụ,Tài khoản,Mật khẩu,Vĩ độ,Kinh độ,Giao thức\r\n" +
		"nga-tu,\"Ngã tư \"\"Láng\"\"\",Hà Nội / Phường Láng,Công cộng,rtsp://10.9.9.9/main,rtsp://10.9.9.9/sub,viewer,s3cret,21.5,105.25,tcp\r\n"
	utf16With := func(order binary.AppendByteOrder, text string) string {
		b := order.AppendUint16(nil, 0xfeff)
		for _, u := range utf16.Encode([]rune(text)) {
			b = order.AppendUint16(b, u)
		}
		return string(b)
	}
	semicolons := strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(plain, ",", ";"), "21.5", "21,5"), "105.25", "105,25")
	tabs := strings.ReplaceAll(plain, ",", "\t")
	for name, text := range map[string]string{
		"commas":              plain,
		"semicolons":          semicolons,
		"tabs":                tabs,
		"byte order mark":     "\ufeff" + plain,
		"UTF-16 of Excel":     utf16With(binary.LittleEndian, tabs),
		"UTF-16, big":         utf16With(binary.BigEndian, tabs),
		"sep= first":          "sep=;\r\n" + semicolons,
		"unix lines":          strings.ReplaceAll(plain, "\r\n", "\n"),
		"old Macintosh lines": strings.ReplaceAll(plain, "\r\n", "\r"),
		"empty lines":         "\r\n,,,\r\n" + plain + "\r\n,,,,\r\n",
		"no last line end":    strings.TrimSpace(plain),
		"title and numbers":   "DANH SÁCH CAMERA\r\n" + strings.Replace(strings.Replace(plain, "Mã,", "STT,Mã,", 1), "nga-tu", "1,nga-tu", 1),
		"no accents, capital": strings.Replace(plain, "Mã,Tên camera,Khu vực,Loại", "MA,TEN_CAMERA,khu vuc,LOẠI", 1),
		"English":             "id,name,area,kind,main,sub,user,password,lat,lng,transport\n" + strings.SplitN(plain, "\n", 2)[1],
		"marks by themselves": strings.Replace(plain, "Phường Láng", "Phu\u031bo\u031b\u0300ng La\u0301ng", 1),
		"spaces around": strings.NewReplacer("Công cộng", "  công  CỘNG ", "nga-tu", " nga-tu\u00a0", "tcp", " TCP ").
			Replace(plain),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := applied(t, read(t, "camera.CSV", text, ward()))
			want := gateway.Camera{ID: "nga-tu", Name: `Ngã tư "Láng"`, Area: "phuong-lang", Kind: gateway.Public,
				Main: "rtsp://10.9.9.9/main", Sub: "rtsp://10.9.9.9/sub", Login: gateway.Login{User: "viewer", Password: "s3cret"},
				Position: &gateway.Position{Lat: 21.5, Lng: 105.25}, Transport: gateway.TCP}
			if got := camera(t, r.State, "nga-tu"); !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, want %+v", got, want)
			}
			if len(r.ChangedCameras) != 1 || len(r.ChangedAreas) != 0 || len(r.Cameras) != 3 {
				t.Errorf("changed %v and %v of %d", r.ChangedCameras, r.ChangedAreas, len(r.Cameras))
			}
		})
	}
}

func TestUnreadableFileSaysHowToSaveIt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		code       Code
		row        int
	}{
		{"a.csv", "id,name\r\nx,Ng\xe3 t\xdd\r\n", FileEncoding, 2}, // Windows-1258
		{"a.csv", "i\x00d\x00,\x00", FileEncoding, 1},
		{"a.csv", "\xff\xfei\x00d", FileEncoding, 1},
		{"a.csv", "PK\x03\x04rest", FileWorkbook, 0},
		{"a.csv", "", FileEmpty, 0},
		{"a.csv", "\r\n,,\r\n", FileEmpty, 0},
		{"a.csv", "a,b,c\nd,e,f\n", HeaderMissing, 0},
		{"a.csv", "user,password\nd,e\n", HeaderMissing, 0},
		{"a.xlsx", "id,name", FileFormat, 0},
		{"a.yaml", "cameras: [", YAMLSyntax, 1},
		{"a.yaml", "# nothing\n", FileEmpty, 0},
		{"a.yaml", "areas: []\n---\nareas: []\n", YAMLDocuments, 2},
		{"a.yaml", strings.Repeat(" ", MaxYAML+1), FileLarge, 0},
		{"a.yaml", strings.Repeat("[", maxNodes+1), FileParts, 0},
		{"a.csv", strings.Repeat(" ", MaxBytes+1), FileLarge, 0},
	} {
		p, err := Read(tt.name, strings.NewReader(tt.text), State{}, Options{})
		problems, ok := err.(Problems)
		if !ok || p != nil || len(problems) != 1 || problems[0].Code != tt.code || problems[0].Row != tt.row {
			t.Errorf("%s %.20q: %v, %+v", tt.name, tt.text, p, err)
		}
	}
	if !strings.Contains((Problems{{Code: FileEncoding}}).Error(), "CSV UTF-8") {
		t.Error("the error does not say how to save the file")
	}
}

const head = "id,name,area,kind,main,sub,user,password,lat,lng,transport,keep_warm,any_certificate\n"

func TestRefusedRowSaysWhere(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", gateway.MaxName+1)
	for _, tt := range []struct {
		row    string
		code   Code
		letter string
	}{
		{"Ngã tư,A,phuong-lang,public,rtsp://h/1", IDBad, "A"},
		{strings.Repeat("a", 65) + ",A,phuong-lang,public,rtsp://h/1", IDBad, "A"},
		{"a,,phuong-lang,public,rtsp://h/1", NameMissing, "B"},
		{"a," + long + ",phuong-lang,public,rtsp://h/1", NameLong, "B"},
		{"a,A\x01,phuong-lang,public,rtsp://h/1", NameControl, "B"},
		{"a,A,,public,rtsp://h/1", AreaMissing, "C"},
		{"a,A,phuong-lag,public,rtsp://h/1", AreaUnknown, "C"},
		{"a,A,rtsp://u:p@h/1,public,rtsp://h/1", AreaAddress, "C"},
		{"a,A," + strings.Repeat("X/", 17) + "Y,public,rtsp://h/1", AreaDeep, "C"},
		{"a,A,Hà Nội/" + long + ",public,rtsp://h/1", AreaNameBad, "C"},
		{"a,A,phuong-lang,,rtsp://h/1", KindMissing, "D"},
		{"a,A,phuong-lang,secret,rtsp://h/1", KindUnknown, "D"},
		{"a,A,phuong-lang,public,", MainMissing, "E"},
		{"a,A,phuong-lang,public,http://h/1", AddressScheme, "E"},
		{"a,A,phuong-lang,public,rtsp://u:p/q@h/1", AddressAt, "E"},
		{"a,A,phuong-lang,public,rtsp:///1", AddressHost, "E"},
		{"a,A,phuong-lang,public,rtsp://h/1#2", AddressLetters, "E"},
		{"a,A,phuong-lang,public,rtsp://h/?pwd=•••", AddressHidden, "E"},
		{"a,A,phuong-lang,public,rtsp://h/1,rtsp://", AddressHost, "F"},
		{"a,A,phuong-lang,public,rtsp://u:p@h/1,,v,", LoginConflict, "E"},
		{"a,A,phuong-lang,public,rtsp://u:p@h/1,rtsp://u:q@h/2", LoginConflict, "F"},
		{"a,A,phuong-lang,public,rtsp://h/1,,,p", UserMissing, "G"},
		{"a,A,phuong-lang,public,rtsp://h/1,,u\x02v,p", UserControl, "G"},
		{"a,A,phuong-lang,public,rtsp://h/1,,u,p\x02", PasswordControl, "H"},
		{"a,A,phuong-lang,public,rtsp://h/1,,,,,105", PositionHalf, "I"},
		{"a,A,phuong-lang,public,rtsp://h/1,,,,91,105", PositionNumber, "I"},
		{"a,A,phuong-lang,public,rtsp://h/1,,,,NaN,105", PositionNumber, "I"},
		{"a,A,phuong-lang,public,rtsp://h/1,,,,21,0x10", PositionNumber, "J"},
		{"a,A,phuong-lang,public,rtsp://h/1,,,,,,http", TransportUnknown, "K"},
		{"a,A,phuong-lang,public,rtsp://h/1,,,,,,,perhaps", BoolUnknown, "L"},
		{"a,A,phuong-lang,public,rtsp://h/1,,,,,,,,,more", ColumnUnnamed, "N"},
		{"a,A,phuong-lang,public,\"rtsp://h/1\"x", QuoteStray, "E"},
		{"a,A,phuong-lang,public,\"rtsp://h/1", QuoteOpen, "E"},
		{"a," + strings.Repeat("x", MaxCell+1) + ",phuong-lang,public,rtsp://h/1", CellLong, "B"},
		{"a,A,phuong-lang,public,rtsp://h/1" + strings.Repeat(",", MaxColumns), ColumnsMany, "GS"},
		{"cho-lang,A,phuong-lang,public,rtsp://10.1.2.99/main,,viewer,", PasswordAgain, "H"},
		{"cho-lang,A,phuong-lang,public,rtsp://10.1.2.4/main,,root,", PasswordAgain, "H"},
		{"cho-lang,A,phuong-lang,public,rtsp://10.1.2.4/main,rtsp://thief.example/x,viewer,", PasswordAgain, "H"},
	} {
		p := read(t, "a.csv", head+tt.row+"\n", ward())
		if p.OK() || len(p.Lines) != 1 || p.Lines[0].Outcome != Refused {
			t.Errorf("%.80s: %s", tt.row, all(p))
			continue
		}
		if !slices.ContainsFunc(p.Lines[0].Problems, func(m Message) bool { return m.Code == tt.code && m.Letter == tt.letter && m.Row == 2 }) {
			t.Errorf("%.80s: no %s in %s:\n%s", tt.row, tt.code, tt.letter, all(p))
		}
		if _, err := p.Apply(false); err != ErrRefused {
			t.Errorf("%.80s: applied: %v", tt.row, err)
		}
		if r, err := p.Apply(true); err != nil || len(r.ChangedCameras)+len(r.ChangedAreas) != 0 || !reflect.DeepEqual(r.Cameras, ward().Cameras) {
			t.Errorf("%.80s: skipped: %+v, %v", tt.row, r, err)
		}
	}
}

func TestAllProblemsAreToldAtOnceUpToABound(t *testing.T) {
	t.Parallel()
	p := read(t, "a.csv", "\"Mã\",Tên camera,Khu vực,Loại,Luồng chính\r\n\"x\r\ny\",A,phuong-lang,?,ftp://h\r\n\r\n,,,,\r\nb,,,,\r\n", ward())
	if p.Cameras.Refused != 2 || len(p.Lines[0].Problems) != 3 || len(p.Lines[1].Problems) != 4 {
		t.Fatal(all(p))
	}
	if l := p.Lines[1]; l.Row != 5 || l.Problems[0].Text("en") != "row 5, column C (Khu vực): the camera has no area: give its id, or its names from the top, such as Hà Nội / Phường Láng" {
		t.Errorf("%d: %s", l.Row, l.Problems[0].Text("en"))
	}
	if got := p.Lines[1].Problems[3].Text("vi"); !strings.HasPrefix(got, "dòng 5, cột E (Luồng chính): ") {
		t.Error(got)
	}
	var b strings.Builder
	b.WriteString(head)
	for i := range 2 * MaxProblems {
		fmt.Fprintf(&b, "c%d,,phuong-lang,public,rtsp://h/%d\n", i, i)
	}
	p = read(t, "a.csv", b.String(), ward())
	told := 0
	for _, l := range p.Lines {
		told += len(l.Problems)
	}
	if told != MaxProblems || p.More != MaxProblems || p.Cameras.Refused != 2*MaxProblems {
		t.Errorf("%d told, %d more, %d refused", told, p.More, p.Cameras.Refused)
	}
}

func TestUnknownColumnIsAnErrorUnlessIgnored(t *testing.T) {
	t.Parallel()
	text := strings.Replace(head, "\n", ",Ghi chú,id\n", 1) + "a,A,phuong-lang,public,rtsp://h/1,,,,,,,,,x,\n"
	p := read(t, "a.csv", text, ward())
	if len(p.Problems) != 2 || p.Problems[0].Code != ColumnUnknown || p.Problems[0].Letter != "N" || p.Problems[1].Code != ColumnTwice {
		t.Error(all(p))
	}
	if _, err := p.Apply(true); err != ErrRefused {
		t.Errorf("a file with a wrong header was applied: %v", err)
	}
	if s := p.Problems[0].Text("vi"); !strings.Contains(s, "Ghi chú") || !strings.Contains(s, "main (Luồng chính)") {
		t.Error(s)
	}
	p, err := Read("a.csv", strings.NewReader(strings.Replace(text, ",id\n", "\n", 1)), ward(), Options{IgnoreUnknownColumns: true})
	if err != nil || !p.OK() || len(p.Warnings) != 1 || p.Warnings[0].Code != ColumnIgnored {
		t.Errorf("%v %s", err, all(p))
	}
}

func TestEveryMessageHasBothLanguages(t *testing.T) {
	t.Parallel()
	for code, text := range texts {
		if text[0] == "" || text[1] == "" {
			t.Errorf("%s lacks a language", code)
		}
		for _, place := range []string{"{0}", "{1}"} {
			if strings.Contains(text[0], place) != strings.Contains(text[1], place) {
				t.Errorf("%s has %s in one language only", code, place)
			}
		}
	}
	for f := range fields {
		if fieldNames[f] == "" || vietnameseNames[f] == "" {
			t.Errorf("column %d lacks a name", f)
		}
		for name := range strings.SplitSeq(moreNames[f], "|") {
			if name != "" && headers[name] != f {
				t.Errorf("%q means two columns", name)
			}
		}
	}
	every := camera(t, ward(), "cho-lang")
	every.Position = &gateway.Position{}
	every.AnyCertificate = true
	every.Sound = true
	every.Marked = true
	every.ONVIF.PTZ = true
	every.Masks = []gateway.Mask{{}}
	for _, f := range append(changes(&gateway.Camera{}, &every), "parent") {
		if FieldText(f, "vi") == f {
			t.Errorf("the field %s has no Vietnamese name", f)
		}
	}
	if n := len(changes(&gateway.Camera{}, &every)); n != len(fieldTexts)-1 {
		t.Errorf("%d fields change of %d", n, len(fieldTexts)-1)
	}
}

// The keys are those of the configuration, but that an import reads no files.
func TestInventoryOfTheConfigurationCanBeImported(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../docs/config.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(b[bytes.Index(b, []byte("\nareas:")):])
	p := read(t, "a.yaml", text, State{})
	if p.Areas != (Counts{Added: 2}) || len(p.Lines) != 3 || len(p.Lines[2].Problems) != 1 || p.Lines[2].Problems[0].Code != YAMLPasswordFile {
		t.Fatal(all(p))
	}
	p = read(t, "a.yaml", strings.Replace(text, "password_file", "password", 1), State{})
	c := camera(t, applied(t, p).State, "lang-ha-thai-ha")
	want := gateway.Camera{ID: "lang-ha-thai-ha", Name: "Ngã tư Láng Hạ – Thái Hà", Area: "phuong-lang", Kind: gateway.Public,
		Position: &gateway.Position{Lat: 21.0126, Lng: 105.8169}, Main: "rtsp://10.1.2.3/Streaming/Channels/101",
		Sub: "rtsp://10.1.2.3/Streaming/Channels/102", Login: gateway.Login{User: "viewer", Password: "lang-ha.password"}, Transport: gateway.Auto}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("%+v", c)
	}
}

func TestNoImportLiftsAMask(t *testing.T) {
	t.Parallel()
	now := ward()
	at := slices.IndexFunc(now.Cameras, func(c gateway.Camera) bool { return c.ID == "lang-ha" })
	half := gateway.Mask{{X: 0, Y: 0}, {X: 0.5, Y: 0}, {X: 0.5, Y: 1}, {X: 0, Y: 1}}
	now.Cameras[at].Masks = []gateway.Mask{half}
	for _, f := range []Format{CSV, YAML} { // an export, and again
		var out bytes.Buffer
		if err := Write(&out, Style{Format: f}, now); err != nil {
			t.Fatal(err)
		}
		if p := read(t, "a."+string(f), out.String(), now); !p.OK() || p.Cameras.Unchanged != len(now.Cameras) {
			t.Errorf("%s: %s", f, all(p))
		}
	}
	const row = "cameras: [{id: lang-ha, name: Láng Hạ 2"
	for name, tt := range map[string]struct {
		file, text string
		masks      int // 0: the row is refused
	}{
		"a sheet without the column":  {"a.csv", "id,name\nlang-ha,Láng Hạ 2\n", 1},
		"a list of before the masks":  {"a.yaml", row + "}]", 1},
		"a list that wants none":      {"a.yaml", row + ", masks: []}]", 0},
		"a list with a smaller one":   {"a.yaml", row + ", masks: [[[0, 0], [0.1, 0], [0, 0.1]]]}]", 0},
		"a list with one more":        {"a.yaml", row + ", masks: [[[0, 0], [0.5, 0], [0.5, 1], [0, 1]], [[1, 1], [0.5, 1], [1, 0.5]]]}]", 2},
		"a list that is none":         {"a.yaml", row + ", masks: x}]", 0},
		"a list with too many points": {"a.yaml", row + ", masks: [[" + strings.Repeat("[0, 0], ", 33) + "]]}]", 0},
	} {
		p := read(t, tt.file, tt.text, now)
		if tt.masks == 0 {
			if p.OK() {
				t.Errorf("%s: it is taken: %s", name, all(p))
			}
			if r, err := p.Apply(true); err != nil || len(camera(t, r.State, "lang-ha").Masks) != 1 {
				t.Errorf("%s, without the refused rows: %v", name, err)
			}
			continue
		}
		if got := camera(t, applied(t, p).State, "lang-ha"); len(got.Masks) != tt.masks || got.Name != "Láng Hạ 2" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestWrongYAMLSaysItsLine(t *testing.T) {
	t.Parallel()
	const camera = "cameras:\n- id: a\n  name: A\n  area: phuong-lang\n  kind: public\n  main: rtsp://h/1\n"
	for _, tt := range []struct {
		text string
		code Code
		row  int
	}{
		{camera + "  nmae: B\n", YAMLKey, 7},
		{camera + "  name: B\n", YAMLTwice, 7},
		{camera + "  keep_warm: có\n", YAMLBool, 7},
		{camera + "  position: 21\n", YAMLPosition, 7},
		{camera + "  position: [21, x]\n", YAMLPosition, 7},
		{camera + "  position: [21, 181]\n", PositionNumber, 7},
		{camera + "  masks: left\n", YAMLMasks, 7},
		{camera + "  masks: [[[0, 0], [1, 0]]]\n", YAMLMasks, 7},
		{camera + "  masks: [[[0, 0], [1, 0], [0, 2]]]\n", YAMLMasks, 7},
		{camera + "  masks: [[[0, 0], [1, 0], [0, .nan]]]\n", YAMLMasks, 7},
		{camera + "  transport: [tcp]\n", YAMLText, 7},
		{camera + "  sub: 1.5\n", YAMLText, 7},
		{camera + "  login: viewer\n", YAMLObject, 7},
		{camera + "  login:\n    user: a\n    pass: b\n", YAMLKey, 9},
		{camera + "- 7\n", YAMLObject, 7},
		{camera + "http: ':80'\n", YAMLKey, 7},
		{camera + "areas: 7\n", YAMLList, 7},
	} {
		p := read(t, "a.yml", tt.text, ward())
		found := p.Problems
		for _, l := range p.Lines {
			found = append(found, l.Problems...)
		}
		if p.OK() || !slices.ContainsFunc(found, func(m Message) bool { return m.Code == tt.code && m.Row == tt.row }) {
			t.Errorf("%q: no %s in line %d:\n%s", tt.text, tt.code, tt.row, all(p))
		}
	}
}

func TestReportCarriesItsTextsForPagesThatDoNotKnowTheCodes(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal(Message{Row: 3, Letter: "C", Code: IDTwice, Params: []string{"2"}})
	want := `{"row":3,"letter":"C","code":"id_twice","params":["2"],"text":{"vi":"mã này đã có ở dòng 2: hãy đổi một mã","en":"row 2 has this id already: give one of them another"}}`
	if err != nil || string(got) != want {
		t.Errorf("%v\n%s", err, got)
	}
}
