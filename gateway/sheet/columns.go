package sheet

import (
	"strings"
	"unicode/utf8"

	"matthan/gateway"
)

// field is what a column or key says.
type field int

const (
	idField field = iota
	nameField
	areaIDField
	areaField
	kindField
	mainField
	subField
	userField
	passwordField
	latField
	lngField
	transportField
	warmField
	certificateField
	soundField
	markedField
	onvifField
	identityField
	profileField
	ptzField
	numberField // of the row, which lists have and nobody needs
	parentField // of an area; no column
	masksField  // of YAML; no column, for no spreadsheet draws
	fields
)

// fieldNames are the fields' keys: the English headers, and what reports call them.
var fieldNames = [fields]string{"id", "name", "area_id", "area", "kind", "main", "sub", "user", "password",
	"lat", "lng", "transport", "keep_warm", "any_certificate", "sound", "marked",
	"onvif", "onvif_identity", "onvif_profile", "ptz", "no", "parent", "masks"}

// vietnameseNames are the headers of an export in Vietnamese.
var vietnameseNames = [fields]string{"Mã", "Tên camera", "Mã khu vực", "Khu vực", "Loại", "Luồng chính", "Luồng phụ",
	"Tài khoản", "Mật khẩu", "Vĩ độ", "Kinh độ", "Giao thức", "Luôn kết nối", "Mọi chứng chỉ", "Tiếng", "In mã lượt xem",
	"Địa chỉ ONVIF", "Định danh ONVIF", "Profile ONVIF", "Quay quét", "STT", "Thuộc khu vực", "Vùng che"}

// moreNames are other headers of a field, folded.
var moreNames = [fields]string{
	idField:          "ma camera|ma so|ma thiet bi|camera id",
	nameField:        "ten|ten thiet bi|camera|camera name",
	areaIDField:      "ma dia ban|area code",
	areaField:        "dia ban|ten khu vuc|area path|area name",
	kindField:        "loai camera|loai hinh|type",
	mainField:        "dia chi|dia chi rtsp|rtsp|url|main stream|main url",
	subField:         "rtsp phu|sub stream|sub url",
	userField:        "nguoi dung|ten dang nhap|username|login",
	latField:         "latitude",
	lngField:         "longitude|lon|long",
	transportField:   "giao van|protocol",
	warmField:        "giu ket noi|luon bat",
	certificateField: "any certificate",
	soundField:       "am thanh|audio",
	markedField:      "in ma|watermark",
	onvifField:       "onvif address|onvif url",
	identityField:    "ma dinh danh onvif|endpoint reference",
	profileField:     "ho so onvif|profile token",
	ptzField:         "quay|camera quay|dieu khien quay",
	numberField:      "so thu tu|tt|number",
}

var headers = readHeaders()

func readHeaders() map[string]field {
	m := make(map[string]field)
	for f := range parentField {
		m[fold(fieldNames[f], ' ')] = f
		m[fold(vietnameseNames[f], ' ')] = f
		if moreNames[f] != "" {
			for name := range strings.SplitSeq(moreNames[f], "|") {
				m[name] = f
			}
		}
	}
	return m
}

// knownHeaders are what an error lists.
func knownHeaders() string {
	list := make([]string, 0, fields)
	for f := range numberField {
		list = append(list, fieldNames[f]+" ("+vietnameseNames[f]+")")
	}
	return strings.Join(list, ", ")
}

// place is where a field stands in the file.
type place struct{ column, letter string }

// header is the row of a sheet that names its columns.
type header struct {
	row    int
	fields []field // by column; fields itself where nothing is read
	named  []bool  // by column
	places [fields]place
	has    [fields]bool
}

// columnLetter names a column as spreadsheets do, from 0: A, B, ... Z, AA.
func columnLetter(column int) string {
	letters := ""
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		letters = string(rune('A'+(n-1)%26)) + letters
	}
	return letters
}

// knows counts the known headers in a row.
func knows(values []string) int {
	n := 0
	for _, v := range values {
		if _, ok := headers[foldHeader(v)]; ok {
			n++
		}
	}
	return n
}

func foldHeader(s string) string {
	if len(s) > 100 {
		return ""
	}
	return fold(s, ' ')
}

// readHeader takes the header row apart.
func (in *reader) readHeader(c *cells) *header {
	h := &header{row: c.row, fields: make([]field, len(c.values)), named: make([]bool, len(c.values))}
	for f := range fields {
		h.places[f].column = fieldNames[f]
	}
	for i, v := range c.values {
		f, known := headers[foldHeader(v)]
		at := Message{Row: c.row, Column: shown(v), Letter: columnLetter(i)}
		h.named[i] = strings.TrimSpace(v) != ""
		switch {
		case !h.named[i]:
			f = fields
		case !known:
			f = fields
			at.Params = []string{knownHeaders()}
			if at.Code = ColumnIgnored; in.options.IgnoreUnknownColumns {
				in.warn(at)
				break
			}
			at.Code = ColumnUnknown
			in.fail(at)
		case h.has[f]:
			at.Code, at.Params = ColumnTwice, []string{h.places[f].letter}
			in.fail(at)
			f = fields
		default:
			h.has[f] = true
			h.places[f] = place{shown(v), at.Letter}
		}
		h.fields[i] = f
	}
	return h
}

// shown is a text of the file as it may be shown: without what may hold a
// login, on one line, and short.
func shown(s string) string {
	if s = clean(s); strings.Contains(s, "://") {
		return "…"
	}
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	if len(s) > gateway.MaxName {
		cut := gateway.MaxName
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + "…"
	}
	return s
}
