package cluster

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"matthan/auth"
	"matthan/auth/audit"
)

// A log's key is changed in steps, after each of which the process may end:
//
//  1. the next key is written beside the old one;
//  2. the old key signs it into the log, with a record of who wanted it;
//  3. the public keys are written, which tell whose turn it was when;
//  4. the witness is sealed with the next key, which then replaces the old one.
//
// Where the log has no such head, whoever opens it next throws the next key
// away; where it has, they go on with step 3.
const (
	nextKeyName    = "audit.key.next"
	auditKeysName  = "audit.keys" // public
	maxKeysFile    = 64 << 10
	lookForKeyBack = 4 // messages from the log's end
)

// openKeys reads the keys that the log had before.
func (a *Audit) openKeys() error {
	a.keys = audit.RingOf(audit.Public(a.key))
	text, err := os.ReadFile(filepath.Join(a.store.dir, auditKeysName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var kept audit.Keys
	if err == nil && len(text) > maxKeysFile {
		err = errors.New("it is too long")
	}
	if err == nil {
		err = json.Unmarshal(text, &kept)
	}
	if err == nil {
		a.keys, err = audit.NewRing(kept)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w; put it back from where you keep %s", auditKeysName, err, auditKeyName)
	}
	// Whether the key is the last of them is seen once a change that was cut short is settled.
	return nil
}

// settleKey ends a change of the key that was cut short.
func (a *Audit) settleKey(ctx context.Context, e *engine) error {
	next, err := readKey(filepath.Join(a.store.dir, nextKeyName))
	if errors.Is(err, fs.ErrNotExist) {
		if !a.keys.Last().Equal(audit.Public(a.key)) {
			return fmt.Errorf("%s is not the last key of %s: %w", auditKeyName, auditKeysName, errAuditKey)
		}
		return nil
	}
	if err != nil {
		return err
	}
	if !a.keys.Has(audit.Public(next)) {
		h, found, err := a.handedTo(ctx, e, audit.Public(next))
		if err != nil {
			return err
		}
		if !found {
			return os.Remove(filepath.Join(a.store.dir, nextKeyName))
		}
		if err := a.keepKeys(h); err != nil {
			return err
		}
	}
	a.was, a.key = a.key, next
	return nil
}

// handedTo looks at the log's end for the head that names a key.
func (a *Audit) handedTo(ctx context.Context, e *engine, next ed25519.PublicKey) (h audit.Handover, found bool, err error) {
	first, last, err := e.auditEnds(ctx)
	if err != nil || last == 0 {
		return h, false, err
	}
	from := first
	if last-first >= lookForKeyBack {
		from = last - lookForKeyBack + 1
	}
	err = e.scanAudit(ctx, from, last, func(_ uint64, lines []byte) error {
		return eachLine(lines, func(text []byte) error {
			l, err := audit.ParseLine(text)
			if err == nil && l.Head != nil && l.Head.Next == audit.KeyText(next) && l.Signed(audit.Public(a.key)) {
				h, found = audit.Hand(l.Mark, l.Head.Time, a.key, next), true
			}
			return nil
		})
	})
	return h, found, err
}

// keepKeys writes the public keys, with one more.
func (a *Audit) keepKeys(h audit.Handover) error {
	ring, err := a.keys.With(h)
	if err != nil {
		return err
	}
	text, err := json.Marshal(ring.Keys())
	if err != nil {
		return err
	}
	if err := writeWhole(filepath.Join(a.store.dir, auditKeysName), append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("keep the audit log's keys: %w", err)
	}
	a.keys = ring
	return nil
}

// replaceKey is the last step: a.key is the next one already.
func (a *Audit) replaceKey() error {
	for range slots { // of both: they have the same number
		if err := a.testify(a.end.number, a.end.at); err != nil {
			return a.store.reason(err)
		}
	}
	dir := a.store.dir
	if err := os.Rename(filepath.Join(dir, nextKeyName), filepath.Join(dir, auditKeyName)); err != nil {
		return fmt.Errorf("replace the audit log's key: %w", err)
	}
	a.was = nil
	return syncDir(dir)
}

// Rotate replaces the log's key, which must be the one beside the store. The old
// key signs the new one into the log, so that verify follows them, and is then
// gone from this machine. By says who wanted it. It returns the new public key,
// to be noted elsewhere.
func (a *Audit) Rotate(ctx context.Context, by auth.Record) (ed25519.PublicKey, error) {
	if a.cfg.ReadOnly {
		return nil, errors.New("change the audit log's key: the log is opened to be read only")
	}
	select {
	case <-a.ready: // who reads the log through knows the keys of before
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	done := make(chan error, 1)
	select {
	case a.work <- func(ctx context.Context) { done <- a.rotate(ctx, by) }:
	case <-a.ended:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err := <-done; err != nil { // the writer always answers
		return nil, fmt.Errorf("change the audit log's key: %w", err)
	}
	return a.Key(), nil
}

func (a *Audit) rotate(ctx context.Context, by auth.Record) error {
	if len(a.keys.Keys().Handovers) == audit.MaxHandovers {
		return fmt.Errorf("it was changed %d times already", audit.MaxHandovers)
	}
	var seed [ed25519.SeedSize]byte
	rand.Read(seed[:]) // never fails
	next := ed25519.NewKeyFromSeed(seed[:])
	file := filepath.Join(a.store.dir, nextKeyName)
	if err := writeWhole(file, []byte(hex.EncodeToString(seed[:])+"\n"), 0o600); err != nil {
		return err
	}
	text := audit.KeyText(audit.Public(next))
	by.Event, by.Target, by.Detail = auth.LogKey, text, "from here on the log is signed with the key "+text
	if err := a.ownRecord(ctx, by, &audit.Head{Next: text}); err != nil {
		return err // whoever opens the log next finds out whether it was written
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.keepKeys(audit.Hand(a.end.at, a.headAt, a.key, audit.Public(next))); err != nil {
		return err
	}
	a.key = next
	return a.replaceKey()
}
