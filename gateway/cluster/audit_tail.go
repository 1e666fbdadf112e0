package cluster

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"matthan/auth/audit"
)

// ErrAudit says that the audit log is not what was written.
var ErrAudit = errors.New("the audit log is damaged: save what is left (matthan audit export), keep a copy of the store's directory for the inspection, and then move jetstream/$G/streams/" + auditStream + " and witness/" + auditWitness + " out of it: a new log begins at the next start")

// errAuditKey says that a head is not by our key.
var errAuditKey = errors.New("it was not signed with this key: put the " + auditKeyName + " that belongs to the audit log back from where you keep it; if this is the one, the log was altered")

func auditDamaged(what string) error { return fmt.Errorf("%s: %w", what, ErrAudit) }

// follower reads lines in order and says where they stop being a chain.
type follower struct {
	keys  *audit.Ring
	at    audit.Mark
	known bool // at is known; else the next line says where we are
	cut   *audit.Cut
}

// take follows one line. After an error it goes on from that line.
func (f *follower) take(text []byte) (audit.Line, error) {
	l, err := audit.ParseLine(text)
	switch {
	case err != nil:
		return l, fmt.Errorf("after record %d: %w", f.at.N, err)
	case l.Header != nil:
		return l, fmt.Errorf("after record %d: an export's header", f.at.N)
	case l.Head != nil:
		if !l.Signed(f.keys.At(l.N)) || l.Head.Next != "" && !f.keys.Names(l.Head) {
			return l, fmt.Errorf("the head of record %d: %w", l.N, errAuditKey)
		}
		if f.known && l.Mark != f.at {
			err = fmt.Errorf("after record %d: its head is of another", f.at.N)
		}
		if l.Head.Cut != nil {
			f.cut = l.Head.Cut
		}
	default:
		switch {
		case !l.Intact():
			err = fmt.Errorf("record %d was altered", l.N)
		case f.known && f.at.N == 0 && l.N == 1 && l.Prev != f.at.Hash:
			err = fmt.Errorf("the first record: %w", errAuditKey)
		case f.known && (l.N != f.at.N+1 || l.Prev != f.at.Hash):
			err = fmt.Errorf("record %d does not follow record %d", l.N, f.at.N)
		}
	}
	f.at, f.known = l.Mark, true
	return l, err
}

// eachLine calls f for the lines of a message, without their ends.
func eachLine(lines []byte, f func([]byte) error) error {
	for len(lines) > 0 {
		line, rest, _ := bytes.Cut(lines, []byte("\n"))
		if err := f(line); err != nil {
			return err
		}
		lines = rest
	}
	return nil
}

// tail is the end of the log, as it was read.
type tail struct {
	at     audit.Mark
	number uint64 // of the last message
	signed bool   // the last line is a head
}

// readTail reads the log's end from a head on, or from its beginning, and
// refuses one that is not whole. seen is where the chain stood after the message
// that the witness names.
func readTail(ctx context.Context, e *engine, keys *audit.Ring, witness uint64) (t tail, seen audit.Mark, err error) {
	first, last, err := e.auditEnds(ctx)
	if err != nil {
		return t, seen, err
	}
	t = tail{number: last, signed: true, at: audit.Mark{Hash: audit.Genesis(keys.First())}}
	if last == 0 {
		return t, t.at, nil
	}
	for back := uint64(64); ; back *= 4 {
		from := first
		if last > back && last-back > first {
			from = last - back
		}
		f := follower{keys: keys}
		if from == first && first == 1 {
			f.at, f.known = t.at, true
		}
		heads, read := 0, from-1
		err := e.scanAudit(ctx, from, last, func(number uint64, lines []byte) error {
			if number != read+1 {
				return auditDamaged(fmt.Sprintf("%d messages near its end are missing", number-read-1))
			}
			read = number
			err := eachLine(lines, func(text []byte) error {
				l, err := f.take(text)
				if errors.Is(err, errAuditKey) {
					return err
				} else if err != nil {
					return auditDamaged(err.Error())
				}
				if t.signed = l.Head != nil; t.signed {
					heads++
				}
				return nil
			})
			if number == witness {
				seen = f.at
			}
			return err
		})
		switch {
		case err != nil:
			return t, seen, err
		case read != last:
			return t, seen, auditDamaged("its end cannot be read")
		case heads > 0 || from == first && first == 1:
			t.at = f.at
			return t, seen, nil
		case from == first:
			return t, seen, auditDamaged("no head is left")
		}
	}
}

// seal binds a number of the witness to where the chain stood then: who has not
// the log's key cannot shorten both, nor exchange what no head has signed yet.
func (a *Audit) seal(number uint64, at audit.Mark) [32]byte { return sealWith(a.key, number, at) }

func sealWith(key ed25519.PrivateKey, number uint64, at audit.Mark) (out [32]byte) {
	m := hmac.New(sha256.New, key.Seed())
	text := binary.BigEndian.AppendUint64([]byte("matthan audit witness 1\n"), number)
	m.Write(append(binary.BigEndian.AppendUint64(text, at.N), at.Hash[:]...))
	m.Sum(out[:0])
	return out
}

// testify makes the witness name a message, and where the chain stood after it.
func (a *Audit) testify(number uint64, at audit.Mark) error {
	return a.witness.setSealed(number, a.seal(number, at))
}
