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
var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

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
// XXX-XXXX. It is "" for what NewView did not make. The audit log is asked by it.
func ViewCode(view string) string {
	if b, err := crockford.DecodeString(view); err != nil || len(view) != viewLetters || len(b) != viewBytes {
		return ""
	}
	code := strings.ToUpper(view[:codeLetters])
	return code[:3] + "-" + code[3:]
}
