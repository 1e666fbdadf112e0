package auth

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
)

// The code of a view stands in the picture's watermark and in what is taken from
// it: whoever finds the picture elsewhere reads it off, and the audit log tells
// whose look it was.

// crockford is Douglas Crockford's base32 alphabet, in small letters: without i,
// l, o and u, which are read as something else or make words.
var crockford = base32.NewEncoding(viewAlphabet).WithPadding(base32.NoPadding)

const viewAlphabet = "0123456789abcdefghjkmnpqrstvwxyz"

const (
	viewBytes   = 10
	viewLetters = 16
	codeLetters = 7 // 35 bits: among a million views a code fits another one too once in 34,000 times
)

// NewView makes the identifier of a view: 16 letters of Crockford's base32, 80
// bits of chance.
func NewView() string {
	var b [viewBytes]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return crockford.EncodeToString(b[:])
}

// ViewCode is what is shown of a view's identifier: its first seven letters as
// XXX-XXXX. It is "" for what NewView did not make.
func ViewCode(view string) string {
	if FoldView(view) != view || len(view) != viewLetters {
		return ""
	}
	code := strings.ToUpper(view[:codeLetters])
	return code[:3] + "-" + code[3:]
}

// FoldView reads what somebody typed of a view's identifier, seven letters at
// least, as NewView writes it: dashes and blanks left out, small letters, i and l
// as 1, o as 0. It is "" for what is no part of one.
func FoldView(typed string) string {
	if len(typed) > 4*viewLetters {
		return ""
	}
	folded := strings.Map(func(r rune) rune {
		switch r {
		case '-', ' ', '\u2013', '\u00a0':
			return -1
		case 'i', 'I', 'l', 'L':
			return '1'
		case 'o', 'O':
			return '0'
		}
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, typed)
	if len(folded) < codeLetters || len(folded) > viewLetters {
		return ""
	}
	for _, r := range folded {
		if !strings.ContainsRune(viewAlphabet, r) {
			return ""
		}
	}
	return folded
}
