package cluster

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/nats-io/nats.go"

	"matthan/auth/audit"
)

// The audit log in a backup is an export, in pieces of whole files: an archive
// wants to know how long each is.
const (
	auditPiece  = 4 << 20
	auditPieces = "audit.%06d.ndjson" // no bucket may have a dot in its name
)

// auditFile says that a backup holds the log, and how far at least.
type auditFile struct {
	Key  string     `json:"key"` // that signs it now
	Head audit.Mark `json:"head"`
}

// pieces writes an export into an archive.
type pieces struct {
	ctx     context.Context
	archive *tar.Writer
	made    time.Time
	n       int
	text    []byte
}

// Write implements io.Writer.
func (p *pieces) Write(text []byte) (int, error) {
	p.text = append(p.text, text...)
	if len(p.text) < auditPiece {
		return len(text), nil
	}
	return len(text), p.end()
}

// end writes what is in memory.
func (p *pieces) end() error {
	if len(p.text) == 0 {
		return nil
	}
	p.n++
	err := addFile(p.ctx, p.archive, fmt.Sprintf(auditPieces, p.n), p.text, p.made)
	p.text = p.text[:0]
	return err
}

// joined reads the pieces as one text.
type joined struct {
	archive *tar.Reader
	n       int
	ended   bool
}

// Read implements io.Reader.
func (j *joined) Read(to []byte) (int, error) {
	for !j.ended {
		if j.n > 0 {
			n, err := j.archive.Read(to)
			switch {
			case errors.Is(err, io.EOF) && n == 0: // the next piece
			case err != nil && !errors.Is(err, io.EOF):
				return n, cutShort(err)
			default:
				return n, nil
			}
		}
		h, err := j.archive.Next()
		if errors.Is(err, io.EOF) {
			j.ended = true
			break
		}
		if err != nil {
			return 0, cutShort(err)
		}
		if j.n++; h.Name != fmt.Sprintf(auditPieces, j.n) {
			return 0, fmt.Errorf("the backup holds %.80q where its audit log should go on", h.Name)
		}
	}
	return 0, io.EOF
}

// restoreAudit makes the log of an export, and verifies it meanwhile: a log that
// is not whole is not gone on with.
func (s *Store) restoreAudit(ctx context.Context, from io.Reader, was auditFile, key ed25519.PrivateKey) error {
	trust := audit.Trust{Key: audit.Public(key), Heads: []audit.Mark{was.Head}}
	in, out := io.Pipe()
	done := make(chan error, 1)
	go func() { // ends with the pipe, and done takes its answer
		r, err := audit.Verify(ctx, in, trust)
		switch {
		case err == nil && !r.OK():
			err = fmt.Errorf("the audit log in the backup is not whole: %s", r.Faults[0])
		case err == nil && r.Header.Part:
			err = errors.New("the audit log in the backup is a part only")
		}
		_ = in.CloseWithError(errors.Join(err, io.ErrClosedPipe)) // never fails
		done <- err
	}()
	err := s.takeLines(ctx, io.TeeReader(from, out), key)
	_ = out.CloseWithError(err) // nil is the end; never fails
	wrong := <-done
	if err == nil || errors.Is(err, io.ErrClosedPipe) { // the verification had enough
		return wrong
	}
	return err
}

// takeLines writes an export's lines into the log's stream, in messages of the
// usual size.
func (s *Store) takeLines(ctx context.Context, from io.Reader, key ed25519.PrivateKey) error {
	lines := bufio.NewReaderSize(from, audit.MaxLine+2)
	h, err := readHeader(lines)
	if err != nil {
		return err
	}
	e, done, err := s.use(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := s.keepRing(h, key); err != nil {
		return err
	}
	last, err := s.createAuditFor(ctx, e, h)
	if err != nil {
		return err
	}
	at := h.Before
	var text []byte
	send := func() error {
		if len(text) == 0 {
			return nil
		}
		_, err := e.publish(ctx, []*nats.Msg{auditMessage(text, last)})
		last, text = last+1, nil // the message keeps what it holds
		return err
	}
	for {
		line, err := lines.ReadSlice('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			break
		}
		if err != nil {
			return fmt.Errorf("read the audit log in the backup: %w", err)
		}
		l, err := audit.ParseLine(bytes.TrimSuffix(line, []byte("\n")))
		if err != nil {
			return fmt.Errorf("read the audit log in the backup: after record %d: %w", at.N, err)
		}
		if text = append(text, line...); l.Record != nil {
			at = l.Mark
		}
		if len(text) >= maxBatchBytes {
			if err := send(); err != nil {
				return err
			}
		}
	}
	if err := send(); err != nil {
		return err
	}
	return s.witnessAudit(last, sealWith(key, last, at))
}

func readHeader(lines *bufio.Reader) (h audit.Header, err error) {
	line, err := lines.ReadSlice('\n')
	if err != nil {
		return h, fmt.Errorf("read the audit log in the backup: %w", err)
	}
	l, err := audit.ParseLine(bytes.TrimSuffix(line, []byte("\n")))
	if err != nil || l.Header == nil {
		return h, errors.New("the audit log in the backup has no header")
	}
	return *l.Header, nil
}

// keepRing writes the public keys of a log whose key was changed.
func (s *Store) keepRing(h audit.Header, key ed25519.PrivateKey) error {
	if h.Key != audit.KeyText(audit.Public(key)) {
		return fmt.Errorf("the log in the backup is signed with the key %s, and %s is another: put the right one there", h.Key, auditKeyName)
	}
	if h.Earlier == nil {
		return nil
	}
	text, err := json.Marshal(h.Earlier)
	if err != nil {
		return err
	}
	return writeWhole(filepath.Join(s.dir, auditKeysName), append(text, '\n'), 0o600)
}

// createAuditFor makes the stream and the witness of a log that is restored, and
// returns the number that its first message follows. Of a log that was cut the
// first message is not number 1, so that nobody takes it for the beginning.
func (s *Store) createAuditFor(ctx context.Context, e *engine, h audit.Header) (last uint64, err error) {
	w, err := makeWitness(s.dir, auditWitness)
	if err != nil {
		return 0, err
	}
	if err := w.close(); err != nil {
		return 0, err
	}
	cfg := auditConfig(-1)
	if h.Before.N > 0 {
		cfg.FirstSeq, last = 2, 1
	}
	if _, err := e.js.CreateStream(ctx, cfg); err != nil {
		return 0, fmt.Errorf("make the audit log: %w", err)
	}
	return last, nil
}

func (s *Store) witnessAudit(number uint64, seal [32]byte) error {
	w, err := openWitness(s.dir, auditWitness)
	if err != nil {
		return err
	}
	return errors.Join(w.setSealed(number, seal), w.close())
}
