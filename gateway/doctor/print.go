package doctor

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"matthan/gateway"
)

// headings are those of a printed report.
var headings = map[Severity]Words{Fault: {"LỖI", "FAULTS"}, Advice: {"NÊN SỬA", "BETTER"}, Fine: {"TỐT", "FINE"}}

// row is one line of a printed report: what it is about, and what that is.
type row struct{ name, is Words }

func same(text string) Words { return Words{text, text} }

// Print writes a report for people, in vi or en.
func (r Report) Print(w io.Writer, language string) error {
	var b bytes.Buffer
	top := []row{{Words{"Camera", "Camera"}, same(r.Address)}, {Words{"Hãng", "Make"}, same(r.Make)}, {Words{"Kết luận", "Verdict"}, r.Verdict}}
	printRows(&b, "", top, language)
	last := Severity("")
	for _, f := range r.Findings {
		if f.Severity != last {
			fmt.Fprintf(&b, "\n%s\n", headings[f.Severity].In(language))
			last = f.Severity
		}
		fmt.Fprintf(&b, "  - %s\n", f.Says.In(language))
		if f.Do != nil {
			fmt.Fprintf(&b, "      %s %s\n", Words{"Cách sửa:", "What to do:"}.In(language), f.Do.In(language))
		}
		if f.Menu != nil {
			fmt.Fprintf(&b, "      %s %s\n", Words{"Trong camera:", "In the camera:"}.In(language), f.Menu.In(language))
		}
	}
	if rows := r.Facts.rows(); len(rows) > 0 {
		fmt.Fprintf(&b, "\n%s\n", Words{"SỐ LIỆU", "FIGURES"}.In(language))
		printRows(&b, "  ", rows, language)
	}
	if r.Main != nil {
		fmt.Fprintf(&b, "\n%s\n", Words{"ĐỊA CHỈ ĐỂ NHẬP", "ADDRESSES TO ENTER"}.In(language))
		rows := []row{{Words{"Luồng chính", "Main"}, same(r.Main.URL)}}
		if r.Sub != nil {
			rows = append(rows, row{Words{"Luồng phụ", "Sub"}, same(r.Sub.URL)})
		}
		printRows(&b, "  ", rows, language)
	}
	if r.Detail != "" {
		fmt.Fprintf(&b, "\n%s %s\n", Words{"Dòng kỹ thuật:", "Technical:"}.In(language), r.Detail)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// printRows aligns what rows say, and leaves out those that say nothing.
func printRows(b *bytes.Buffer, indent string, rows []row, language string) {
	wide := 0
	for _, r := range rows {
		if r.is.In(language) != "" {
			wide = max(wide, utf8.RuneCountInString(r.name.In(language)))
		}
	}
	for _, r := range rows {
		if name, is := r.name.In(language), r.is.In(language); is != "" {
			fmt.Fprintf(b, "%s%s%s  %s\n", indent, name, strings.Repeat(" ", wide-utf8.RuneCountInString(name)), is)
		}
	}
}

// rows are the facts that are known.
func (f Facts) rows() []row {
	var out []row
	add := func(known bool, vi, en string, format Words, values ...value) {
		if known {
			out = append(out, row{Words{vi, en}, fill(format, values)})
		}
	}
	add(f.Server != "", "Phần mềm camera", "Server", same("{x}"), plain("x", f.Server))
	add(f.Codec != "", "Mã hóa", "Codec", same("{x} {p} {id}"), plain("x", f.Codec), plain("p", f.Profile), plain("id", f.LevelID))
	add(f.Width > 0, "Kích thước", "Size", same("{x}"), plain("x", sizeOf(f.Width, f.Height)))
	add(f.Rate > 0, "Hình mỗi giây", "Pictures a second", same("{x}"), decimal("x", f.Rate, 1))
	add(f.Kbits > 0, "Băng thông", "Bandwidth", Words{"{x}, giây nhiều nhất {y}", "{x}, at most {y} in a second"}, bits("x", float64(f.Kbits)*1000), bits("y", float64(f.PeakKbits)*1000))
	add(f.GOP > 0, "Khoảng cách hình khóa", "GOP", Words{"{x} giây, {y} hình (từ {a} đến {b} giây)", "{x} s, {y} pictures ({a} to {b} s)"},
		decimal("x", f.GOP, 1), decimal("y", f.Pictures, 0), decimal("a", f.GOPMin, 1), decimal("b", f.GOPMax, 1))
	add(f.Rate > 0, "B-frame", "B-frames", map[bool]Words{true: {"có", "yes"}, false: {"không", "no"}}[f.BFrames])
	add(f.Reports > 0, "Đồng hồ camera lệch", "Clock is ahead by", Words{"{x} giây, {n} báo cáo", "{x} s, {n} reports"}, decimal("x", f.Ahead, 2), plain("n", strconv.Itoa(f.Reports)))
	add(f.Packets > 0, "Gói tin mất", "Packets lost", Words{"{x} trên {n}", "{x} of {n}"}, plain("x", strconv.FormatUint(f.Lost, 10)), plain("n", strconv.FormatUint(f.Packets+f.Lost, 10)))
	add(f.Carrier != "", "Truyền qua", "Transport", same("{x}{u}"), plain("x", strings.ToUpper(string(f.Carrier))), plain("u", map[bool]string{true: ", UDP"}[f.UDP == Yes && f.Carrier == gateway.TCP]))
	add(f.Audio != "", "Tiếng", "Sound", same("{x}"), plain("x", f.Audio))
	return out
}
