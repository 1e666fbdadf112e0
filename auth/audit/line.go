package audit

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"matthan/auth"
)

// The letters between the parts of a line. Lines are read by letters, not as any
// JSON that means the same, so that there is one way only to write each.
const (
	recordPrefix = `{"n":`
	recordPrev   = `,"prev":"`
	recordHash   = `","hash":"`
	recordBody   = `","record":`
	recordEnd    = "}\n"
	headPrefix   = `{"head":`
	exportPrefix = `{"export":`
	signature    = `,"sig":"`
	lineEnd      = "\"}\n"
)

// Line is one line of a log: a record, a head or the header of an export.
type Line struct {
	Mark        // of a record or a head
	Prev   Hash // of a record
	Record []byte

	Head   *Head
	Header *Header

	signed, sig []byte // what was signed, with its domain
}

var errLine = errors.New("this is no line of an audit log")

// Intact says whether a record's line is what was written: its number, record
// and the hash before make its own hash.
func (l *Line) Intact() bool { return link(l.Prev, l.N, l.Record) == l.Hash }

// Signed says whether a head's or header's line was signed with the key.
func (l *Line) Signed(key ed25519.PublicKey) bool {
	return len(l.sig) == ed25519.SignatureSize && len(key) == ed25519.PublicKeySize && ed25519.Verify(key, l.signed, l.sig)
}

// ParseLine reads one line without its end. It says nothing of whether it is
// intact or signed. The line keeps parts of text.
func ParseLine(text []byte) (Line, error) {
	switch {
	case len(text) > MaxLine:
	case bytes.HasPrefix(text, []byte(recordPrefix)):
		return parseRecord(text)
	case bytes.HasPrefix(text, []byte(headPrefix)):
		l, body, err := parseSigned(text, headPrefix, headDomain)
		if err != nil {
			return Line{}, err
		}
		l.Head = &Head{}
		if !same(body, l.Head) {
			return Line{}, errLine
		}
		l.Mark = l.Head.Mark
		return l, nil
	case bytes.HasPrefix(text, []byte(exportPrefix)):
		l, body, err := parseSigned(text, exportPrefix, exportDomain)
		if err != nil {
			return Line{}, err
		}
		l.Header = &Header{}
		if !same(body, l.Header) {
			return Line{}, errLine
		}
		return l, nil
	}
	return Line{}, errLine
}

// same reads text into v and says whether that is the one way to write it.
func same(text []byte, v any) bool {
	if json.Unmarshal(text, v) != nil {
		return false
	}
	again, err := json.Marshal(v)
	return err == nil && bytes.Equal(again, text)
}

func parseRecord(text []byte) (l Line, err error) {
	digits, rest, ok := bytes.Cut(text[len(recordPrefix):], []byte(recordPrev))
	if !ok || len(digits) == 0 || digits[0] == '0' || digits[0] == '+' {
		return Line{}, errLine
	}
	if l.N, err = strconv.ParseUint(string(digits), 10, 64); err != nil {
		return Line{}, errLine
	}
	for _, h := range []struct {
		to    *Hash
		after string
	}{{&l.Prev, recordHash}, {&l.Hash, recordBody}} {
		if len(rest) < hashLetters+len(h.after) || h.to.UnmarshalText(rest[:hashLetters]) != nil || string(rest[hashLetters:hashLetters+len(h.after)]) != h.after {
			return Line{}, errLine
		}
		rest = rest[hashLetters+len(h.after):]
	}
	record, ok := bytes.CutSuffix(rest, []byte("}"))
	if !ok || len(record) < 2 || record[0] != '{' || len(record) > MaxRecord {
		return Line{}, errLine
	}
	l.Record = record
	return l, nil
}

func parseSigned(text []byte, prefix, domain string) (l Line, body []byte, err error) {
	at := bytes.LastIndex(text, []byte(signature))
	if at < len(prefix) {
		return Line{}, nil, errLine
	}
	body = text[len(prefix):at]
	sig, ok := bytes.CutSuffix(text[at+len(signature):], []byte(`"}`))
	if !ok {
		return Line{}, nil, errLine
	}
	if l.sig, err = letters.DecodeString(string(sig)); err != nil {
		return Line{}, nil, errLine
	}
	l.signed = append([]byte(domain), body...)
	return l, body, nil
}

// Entry is a record in its place of the log.
type Entry struct {
	N uint64 `json:"n"`
	auth.Record
}

// Entry decodes a record's line. Fields that a later version added are left out.
func (l *Line) Entry() (Entry, error) {
	e := Entry{N: l.N}
	err := json.Unmarshal(l.Record, &e.Record)
	return e, err
}

// Header is the first line of an export.
type Header struct {
	Version int       `json:"version"`
	Key     string    `json:"key"` // the log's public key, see KeyText
	Time    time.Time `json:"time"`
	Before  Mark      `json:"before"` // the record before the first in the export; 0 and Genesis where there is none
	Last    Mark      `json:"last"`
	Part    bool      `json:"part,omitempty"` // whoever exported asked for no earlier ones

	Earlier *Keys `json:"earlier,omitempty"` // from which Key follows; nil: there was no other
}

const exportVersion = 1

// AppendHeader appends an export's header, signed.
func AppendHeader(lines []byte, h Header, key ed25519.PrivateKey) []byte {
	h.Version, h.Key = exportVersion, KeyText(Public(key))
	h.Time = h.Time.UTC().Truncate(time.Millisecond)
	return appendSigned(lines, exportPrefix, exportDomain, h, key)
}

// NumberOf is the number of a record's line, 0 for any other: for who looks for
// few records among many.
func NumberOf(text []byte) uint64 {
	digits, ok := bytes.CutPrefix(text, []byte(recordPrefix))
	if !ok {
		return 0
	}
	digits, _, _ = bytes.Cut(digits, []byte(","))
	n, err := strconv.ParseUint(string(digits), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
