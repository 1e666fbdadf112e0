package sheet

import (
	"strconv"
	"strings"
	"unicode"
)

// maxID is gateway's bound of an identifier, in bytes.
const maxID = 64

// A Vietnamese letter is a Latin one with perhaps a shape (breve, circumflex,
// horn) and perhaps a tone. Each row here has one base and one shape; in it
// the tones none, grave, hook, tilde, acute, dot.
var letterRows = [...]struct {
	shape   rune
	letters string
}{
	{0, "aàảãáạ"}, {breve, "ăằẳẵắặ"}, {circumflex, "âầẩẫấậ"},
	{0, "eèẻẽéẹ"}, {circumflex, "êềểễếệ"},
	{0, "iìỉĩíị"},
	{0, "oòỏõóọ"}, {circumflex, "ôồổỗốộ"}, {horn, "ơờởỡớợ"},
	{0, "uùủũúụ"}, {horn, "ưừửữứự"},
	{0, "yỳỷỹýỵ"},
}

const (
	circumflex = '\u0302'
	breve      = '\u0306'
	horn       = '\u031b'
)

var tones = [...]rune{0, '\u0300', '\u0309', '\u0303', '\u0301', '\u0323'}

// letter is a lower-case Vietnamese vowel taken apart.
type letter struct{ base, shape, tone rune }

var (
	vowels   = takeApart()
	composed = putTogether(vowels)
)

func takeApart() map[rune]letter {
	m := make(map[rune]letter)
	var base rune
	for _, row := range letterRows {
		for i, r := range []rune(row.letters) {
			if row.shape == 0 && i == 0 {
				base = r
			}
			m[r] = letter{base, row.shape, tones[i]}
		}
	}
	return m
}

func putTogether(vowels map[rune]letter) map[letter]rune {
	m := make(map[letter]rune, len(vowels))
	for r, l := range vowels {
		m[l] = r
	}
	return m
}

// compose joins letters with the marks that follow them, as far as Vietnamese
// has such letters: macOS and some keyboards write marks by themselves, and a
// name must be the same name either way.
func compose(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Mn, r) }) {
		return s
	}
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if n := len(out); n > 0 && unicode.Is(unicode.Mn, r) {
			if joined, ok := join(out[n-1], r); ok {
				out[n-1] = joined
				continue
			}
		}
		out = append(out, r)
	}
	return string(out)
}

func join(r, mark rune) (rune, bool) {
	lower := unicode.ToLower(r)
	l, ok := vowels[lower]
	if !ok {
		return 0, false
	}
	switch {
	case (mark == circumflex || mark == breve || mark == horn) && l.shape == 0:
		l.shape = mark
	case l.tone == 0:
		l.tone = mark
	default:
		return 0, false
	}
	joined, ok := composed[l]
	if ok && lower != r {
		joined = unicode.ToUpper(joined)
	}
	return joined, ok
}

// plain is the ASCII letter of a rune in lower case; 0 where it has none.
func plain(r rune) rune {
	r = unicode.ToLower(r)
	if l, ok := vowels[r]; ok {
		r = l.base
	}
	if r == 'đ' {
		r = 'd'
	}
	if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
		return r
	}
	return 0
}

// fold is s in plain ASCII letters and digits, all else between them as one
// gap. Marks vanish.
func fold(s string, gap byte) string {
	var b strings.Builder
	wide := false
	for _, r := range s {
		p := plain(r)
		if p == 0 {
			wide = wide || !unicode.Is(unicode.Mn, r)
			continue
		}
		if wide && b.Len() > 0 {
			b.WriteByte(gap)
		}
		wide = false
		b.WriteByte(byte(p))
	}
	return b.String()
}

// clean is a name on one line, its letters put together.
func clean(s string) string {
	return strings.Join(strings.Fields(compose(strings.ToValidUTF8(s, "\ufffd"))), " ")
}

// writable is a text without what no file may hold.
func writable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}

// asWritten is a stored text as a file gives it back.
func asWritten(s string) string { return strings.TrimSpace(writable(s)) }

// key is what two ways of writing one name have in common. Tones count: Láng
// and Lạng are two places.
func key(name string) string { return strings.ToLower(clean(name)) }

// Fold is a text as it is searched for: lower-case ASCII letters and digits, a
// space between words. "Ngã tư Láng Hạ" becomes "nga tu lang ha".
func Fold(text string) string { return fold(text, ' ') }

// ID makes an identifier from a name: "Phường Láng" becomes "phuong-lang". It
// is "" for a name without any letter or digit that ASCII has.
func ID(name string) string { return shortID(fold(name, '-'), maxID) }

// shortID cuts at a word's end where there is one in the second half.
func shortID(id string, most int) string {
	if len(id) <= most {
		return id
	}
	cut := id[:most]
	if i := strings.LastIndexByte(cut, '-'); id[most] != '-' && i > most/2 {
		cut = cut[:i]
	}
	return strings.Trim(cut, "-")
}

// names gives out identifiers that nobody has.
type names struct {
	taken map[string]bool
	next  map[string]int // number to try for a name, so that a thousand equal names are quick
}

func newNames(size int) *names {
	return &names{taken: make(map[string]bool, size), next: map[string]int{}}
}

// free makes an identifier from a name: numbered from 2 where it is taken. The
// fallback serves a name that makes none.
func (n *names) free(name, fallback string) string {
	id := ID(name)
	if id == "" {
		id = fallback
	}
	free := id
	for number := max(2, n.next[id]); n.taken[free]; number++ {
		end := "-" + strconv.Itoa(number)
		free = shortID(id, maxID-len(end)) + end
		n.next[id] = number + 1
	}
	n.taken[free] = true
	return free
}

// goodID is gateway's rule.
func goodID(id string) bool {
	return id != "" && len(id) <= maxID && !strings.ContainsFunc(id, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-'
	})
}
