package provider

import (
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const (
	argonMemory = 19 * 1024 // KiB
	argonPasses = 2
	argonLanes  = 1
)

// Bounds of a password.
const (
	minPassword = 10   // characters
	maxPassword = 1024 // bytes
)

// What is wrong with a new password.
var (
	errShort  = errors.New("the password has fewer than 10 characters")
	errLong   = errors.New("the password has more than 1024 bytes")
	errLogin  = errors.New("the password is the login")
	errCommon = errors.New("the password is among the first that anybody tries")
)

// commonText holds the passwords of ten characters and more that are tried
// first, here and elsewhere, without spaces and marks, one a line.
//
//go:embed common.txt
var commonText string

var common = func() map[string]bool {
	m := map[string]bool{}
	for _, line := range strings.Fields(commonText) {
		m[line] = true
	}
	return m
}()

// CheckPassword says what is wrong with a new password for login: its length,
// or that it is guessed at once. Any characters will do.
func CheckPassword(password, login string) error {
	password = norm.NFKC.String(password)
	bare := bareText(password)
	switch {
	case len([]rune(password)) < minPassword:
		return errShort
	case len(password) > maxPassword:
		return errLong
	case bare != "" && bare == bareText(login):
		return errLogin
	case common[bare], common[strings.TrimRight(bare, "!.@#*")], isRun(bare):
		return errCommon
	}
	return nil
}

// bareText is text as guessers write it: in lower case, without spaces and
// without the marks of Vietnamese.
func bareText(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Mn, r):
			return -1
		case r == 'đ':
			return 'd'
		}
		return r
	}, norm.NFKD.String(cases.Fold().String(s)))
}

// isRun says whether each character follows from the one before in the same
// way: 1234567890, aaaaaaaaaa, zyxwvutsrq; from 9 on to 0 too.
func isRun(s string) bool {
	r := []rune(s)
	return follows(r, 1) || follows(r, 0) || follows(r, -1)
}

func follows(r []rune, step rune) bool {
	for i := 1; i < len(r); i++ {
		d := r[i] - r[i-1]
		round := r[i-1] == '9' && r[i] == '0' && step == 1 || r[i-1] == '0' && r[i] == '9' && step == -1
		if d != step && !round {
			return false
		}
	}
	return true
}

// Hash makes what is kept of a password: argon2id, in the PHC string format.
func Hash(password string) string {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	return phc(salt, argon2.IDKey([]byte(norm.NFKC.String(password)), salt, argonPasses, argonMemory, argonLanes, 32))
}

// noHash costs as much to check as a Hash, and no password fits it.
func noHash() string {
	random := make([]byte, 16+32)
	_, _ = rand.Read(random)
	return phc(random[:16], random[16:])
}

func phc(salt, key []byte) string {
	e := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonPasses, argonLanes, e(salt), e(key))
}

// verify checks a password against a PHC string. What would cost more than
// 64 MiB, 8 passes or 4 lanes is not checked, and is wrong.
func verify(phc, password string) bool {
	f := strings.Split(phc, "$")
	if len(f) != 6 || f[0] != "" || f[1] != "argon2id" || f[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return false
	}
	var memory, passes uint32
	var lanes uint8
	if _, err := fmt.Sscanf(f[3], "m=%d,t=%d,p=%d", &memory, &passes, &lanes); err != nil ||
		memory > 64*1024 || passes == 0 || passes > 8 || lanes == 0 || lanes > 4 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(f[4])
	if err != nil || len(salt) < 8 {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(f[5])
	if err != nil || len(want) < 16 || len(want) > 64 {
		return false
	}
	got := argon2.IDKey([]byte(norm.NFKC.String(password)), salt, passes, memory, lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}
