package sheet

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// decode makes text of a file's bytes: UTF-8 with or without a byte order mark,
// and UTF-16 with one, as Excel's "Unicode Text". Code pages, such as
// Windows-1258, cannot be told from each other for certain; a guess would spoil
// names without a word, so they are refused.
func decode(b []byte) (string, *Message) {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		b = b[3:]
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return decodeUTF16(b[2:], binary.LittleEndian)
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return decodeUTF16(b[2:], binary.BigEndian)
	case bytes.HasPrefix(b, []byte("PK\x03\x04")), bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")):
		return "", &Message{Code: FileWorkbook} // .xlsx and .ods; .xls
	}
	if at := firstForeign(b); at >= 0 {
		return "", &Message{Row: lineAt(b, at), Code: FileEncoding}
	}
	return string(b), nil
}

// firstForeign finds the first byte that is no UTF-8, or a NUL, which no text has.
func firstForeign(b []byte) int {
	nul := bytes.IndexByte(b, 0)
	if utf8.Valid(b) {
		return nul
	}
	at := 0
	for at < len(b) {
		r, size := utf8.DecodeRune(b[at:])
		if r == utf8.RuneError && size == 1 || r == 0 {
			break
		}
		at += size
	}
	return at
}

func lineAt(b []byte, at int) int { return 1 + bytes.Count(b[:at], []byte("\n")) }

func decodeUTF16(b []byte, order binary.ByteOrder) (string, *Message) {
	units := make([]uint16, len(b)/2)
	line := 1
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
		if units[i] == '\n' {
			line++
		}
		if units[i] == 0 {
			return "", &Message{Row: line, Code: FileEncoding}
		}
	}
	if len(b)%2 != 0 {
		return "", &Message{Row: line, Code: FileEncoding}
	}
	return string(utf16.Decode(units)), nil
}

func number(n int) string { return strconv.Itoa(n) }
