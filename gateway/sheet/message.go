package sheet

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Code names what a message says; its texts are in texts.go.
type Code string

// Message is a problem or a warning.
type Message struct {
	Row    int      `json:"row,omitempty"`    // as in Line; 0 where it is about no row
	Column string   `json:"column,omitempty"` // its header as the file writes it; of YAML, the key
	Letter string   `json:"letter,omitempty"` // of the column in a spreadsheet; of YAML, none
	Code   Code     `json:"code"`
	Params []string `json:"params,omitempty"` // for the places {0}, {1} ... of the text
}

// MessageDoc is a Message as JSON: its parts, for programs, and what it says, so
// that a page need not know the codes' texts.
type MessageDoc struct {
	parts
	Text Words `json:"text"`
}

type parts Message

// Words are a text in both languages.
type Words struct {
	VI string `json:"vi"`
	EN string `json:"en"`
}

// MarshalJSON implements json.Marshaler: a MessageDoc.
func (m Message) MarshalJSON() ([]byte, error) {
	return json.Marshal(MessageDoc{parts(m), Words{m.says(true), m.says(false)}})
}

// Text says it in a language, "vi" or else English, with row and column.
func (m Message) Text(language string) string {
	vi := language == "vi"
	if where := m.where(vi); where != "" {
		return where + ": " + m.says(vi)
	}
	return m.says(vi)
}

// says is the text without its place.
func (m Message) says(vi bool) string {
	text := texts[m.Code][0]
	if vi {
		text = texts[m.Code][1]
	}
	if text == "" {
		text = string(m.Code)
	}
	pairs := make([]string, 0, 2*len(m.Params))
	for i, p := range m.Params {
		pairs = append(pairs, fmt.Sprintf("{%d}", i), p)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func (m Message) where(vi bool) string {
	var parts []string
	if m.Row > 0 {
		parts = append(parts, fmt.Sprintf("%s %d", pick(vi, "dòng", "row"), m.Row))
	}
	switch column := pick(vi, "cột", "column"); {
	case m.Letter != "" && m.Column != "":
		parts = append(parts, fmt.Sprintf("%s %s (%s)", column, m.Letter, m.Column))
	case m.Letter != "":
		parts = append(parts, column+" "+m.Letter)
	case m.Column != "":
		parts = append(parts, m.Column)
	}
	return strings.Join(parts, ", ")
}

func pick(vi bool, vietnamese, english string) string {
	if vi {
		return vietnamese
	}
	return english
}

// Problems are an error: what makes a file unreadable.
type Problems []Message

// Error is in English; use Text for another language.
func (p Problems) Error() string { return p.Text("en") }

// Text has a line for each.
func (p Problems) Text(language string) string {
	lines := make([]string, len(p))
	for i := range p {
		lines[i] = p[i].Text(language)
	}
	return strings.Join(lines, "\n")
}

var outcomes = map[Outcome][2]string{
	Added: {"added", "thêm mới"}, Changed: {"changed", "thay đổi"}, Unchanged: {"unchanged", "giữ nguyên"}, Refused: {"refused", "từ chối"},
}

// Text says an outcome in a language, "vi" or else English.
func (o Outcome) Text(language string) string {
	return pick(language == "vi", outcomes[o][1], outcomes[o][0])
}

var fieldTexts = map[string]string{
	"name": "tên", "area": "khu vực", "parent": "khu vực cấp trên", "kind": "loại", "main": "luồng chính", "sub": "luồng phụ",
	"user": "tài khoản", "password": "mật khẩu", "position": "vị trí", "transport": "giao thức", "keep_warm": "luôn kết nối",
	"any_certificate": "mọi chứng chỉ", "sound": "tiếng", "marked": "in mã lượt xem", "onvif": "kết nối ONVIF", "masks": "vùng che",
}

// FieldText says the name of one of Line.Fields in a language, "vi" or else
// English.
func FieldText(field, language string) string {
	if vietnamese, ok := fieldTexts[field]; ok && language == "vi" {
		return vietnamese
	}
	return field
}

// Text says a line in a language, "vi" or else English: the row and what
// becomes of it, then each problem and warning on a line of its own.
func (l Line) Text(language string) string {
	vi := language == "vi"
	what := "camera"
	if l.Area {
		what = pick(vi, "khu vực", "area")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d: %s", pick(vi, "dòng", "row"), l.Row, what)
	if l.ID != "" {
		b.WriteString(" " + l.ID)
	}
	if l.Name != "" {
		b.WriteString(" (" + l.Name + ")")
	}
	b.WriteString(": " + l.Outcome.Text(language))
	for i, f := range l.Fields {
		b.WriteString(pick(i == 0, " ", ", ") + FieldText(f, language))
	}
	for _, m := range l.Problems {
		b.WriteString("\n  " + m.Text(language))
	}
	for _, m := range l.Warnings {
		b.WriteString("\n  " + pick(vi, "lưu ý: ", "note: ") + m.Text(language))
	}
	return b.String()
}
