package auth

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"strings"
)

// Bounds of a bearer token, in bytes.
const (
	MinSecret = 16
	MaxSecret = 4 << 10
)

// Secret is a bearer token of which only the SHA-256 is kept. It shows itself
// to nobody: not to fmt, not to JSON, not to a log. The zero Secret matches
// nothing.
type Secret struct {
	sum [sha256.Size]byte
	set bool
}

// NewSecret takes a bearer token of MinSecret to MaxSecret bytes in the letters
// of RFC 6750 section 2.1. Its error does not hold the text.
func NewSecret(text string) (Secret, error) {
	switch {
	case text == "":
		return Secret{}, errors.New("the secret is empty")
	case len(text) < MinSecret:
		return Secret{}, fmt.Errorf("the secret has fewer than %d characters: make a longer one, at random", MinSecret)
	case len(text) > MaxSecret:
		return Secret{}, fmt.Errorf("the secret has more than %d characters", MaxSecret)
	case !isBearer(text):
		return Secret{}, errors.New("the secret may hold only letters, digits and -._~+/ (and = at its end), so that it fits in an Authorization header")
	}
	return Secret{sha256.Sum256([]byte(text)), true}, nil
}

// isBearer says whether s is a b64token of RFC 6750 section 2.1.
func isBearer(s string) bool {
	s = strings.TrimRight(s, "=")
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("-._~+/", rune(c)) {
			return false
		}
	}
	return s != ""
}

// matches compares in constant time.
func (s Secret) matches(sum *[sha256.Size]byte) bool {
	return subtle.ConstantTimeCompare(s.sum[:], sum[:]) == 1 && s.set
}

func (s Secret) mask() string {
	if !s.set {
		return ""
	}
	return "•••"
}

// Format implements fmt.Formatter for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.mask())) }

// MarshalText implements encoding.TextMarshaler, and with it JSON and YAML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.mask()), nil }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.mask()) }
