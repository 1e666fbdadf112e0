package audit

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"matthan/auth"
)

// What is hashed or signed begins with what it is, so that none passes for
// another.
const (
	logDomain    = "matthan audit log 1\n"
	recordDomain = "matthan audit record 1\n"
	headDomain   = "matthan audit head 1\n"
	exportDomain = "matthan audit export 1\n"
)

// MaxRecord is the longest record as JSON, in bytes; MaxLine the longest line.
const (
	MaxRecord = 16 << 10
	MaxLine   = MaxRecord + 512
)

// Hash is a link of the chain.
type Hash [sha256.Size]byte

// String is the hash as it stands in a line.
func (h Hash) String() string { return letters.EncodeToString(h[:]) }

// letters is the one way to write what is hashed or signed.
var letters = base64.RawURLEncoding.Strict()

// hashLetters is the length of a hash's text.
const hashLetters = 43

// MarshalText implements encoding.TextMarshaler.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (h *Hash) UnmarshalText(text []byte) error {
	var b Hash
	if len(text) == hashLetters {
		if n, err := letters.Decode(b[:], text); err == nil && n == len(b) {
			*h = b
			return nil
		}
	}
	return fmt.Errorf("a hash has %d letters, digits, - and _", hashLetters)
}

// Genesis is what stands before the first record of the log of a key.
func Genesis(key ed25519.PublicKey) Hash {
	return sha256.Sum256(append([]byte(logDomain), key...))
}

// link is the hash of a record, given as its bytes.
func link(prev Hash, n uint64, record []byte) Hash {
	text := make([]byte, 0, len(recordDomain)+len(prev)+8+len(record))
	text = append(append(text, recordDomain...), prev[:]...)
	return sha256.Sum256(append(binary.BigEndian.AppendUint64(text, n), record...))
}

// Mark is a place of the chain: a record's number and hash. Its text is
// NUMBER:HASH, short enough to be noted elsewhere.
type Mark struct {
	N    uint64 `json:"n"`
	Hash Hash   `json:"hash"`
}

func (m Mark) String() string { return strconv.FormatUint(m.N, 10) + ":" + m.Hash.String() }

// ParseMark reads a mark's text.
func ParseMark(text string) (m Mark, err error) {
	for i := range len(text) {
		if text[i] != ':' {
			continue
		}
		if m.N, err = strconv.ParseUint(text[:i], 10, 64); err == nil {
			err = m.Hash.UnmarshalText([]byte(text[i+1:]))
		}
		if err == nil {
			return m, nil
		}
		break
	}
	return Mark{}, fmt.Errorf("%.80q is no head: it looks like 1234:hash, as matthan audit verify prints it", text)
}

// AppendRecord appends the line of the record after last, given as its JSON, and
// says where the chain then stands.
func AppendRecord(lines []byte, last Mark, record []byte) ([]byte, Mark) {
	next := Mark{last.N + 1, link(last.Hash, last.N+1, record)}
	lines = strconv.AppendUint(append(lines, recordPrefix...), next.N, 10)
	lines = append(append(append(lines, recordPrev...), last.Hash.String()...), recordHash...)
	lines = append(append(append(lines, next.Hash.String()...), recordBody...), record...)
	return append(lines, recordEnd...), next
}

// Encode is a record's JSON, which is at most MaxRecord long once it is clean.
func Encode(r auth.Record) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false) // a name of many '<' would grow beyond the bound
	if err := e.Encode(r); err != nil {
		return nil, fmt.Errorf("encode a record of the audit log: %w", err)
	}
	text := bytes.TrimSuffix(out.Bytes(), []byte("\n"))
	if len(text) > MaxRecord {
		return nil, fmt.Errorf("encode a record of the audit log: it has %d bytes, at most %d", len(text), MaxRecord)
	}
	return text, nil
}

// Head is a signed place of the chain.
type Head struct {
	Mark
	Time time.Time `json:"time"`
	Cut  *Cut      `json:"cut,omitempty"`
	Next string    `json:"next,omitempty"` // the key that signs from here on
}

// Cut says which records the log's keeper has let go.
type Cut struct {
	Last  Mark      `json:"last"`  // the last of them
	Until time.Time `json:"until"` // its time
	Keep  string    `json:"keep"`  // how long records are kept, such as 400d
}

// AppendHead appends the line of a head, signed.
func AppendHead(lines []byte, h Head, key ed25519.PrivateKey) []byte {
	h.Time = h.Time.UTC().Truncate(time.Millisecond)
	return appendSigned(lines, headPrefix, headDomain, h, key)
}

func appendSigned(lines []byte, prefix, domain string, v any, key ed25519.PrivateKey) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // heads hold numbers, hashes and times of our own
	}
	sig := ed25519.Sign(key, append([]byte(domain), text...))
	lines = append(append(append(lines, prefix...), text...), signature...)
	lines = letters.AppendEncode(lines, sig)
	return append(lines, lineEnd...)
}

// KeyText is a public key as people note it.
func KeyText(key ed25519.PublicKey) string { return letters.EncodeToString(key) }

// ParseKey reads a public key's text.
func ParseKey(text string) (ed25519.PublicKey, error) {
	b, err := letters.DecodeString(text)
	if err != nil || len(b) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("this is no public key of an audit log: it has %d letters, digits, - and _, as matthan audit key prints it", hashLetters)
	}
	return b, nil
}

// Public is the public key of a private one.
func Public(key ed25519.PrivateKey) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }
