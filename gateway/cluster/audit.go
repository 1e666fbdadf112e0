package cluster

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"matthan/auth"
	"matthan/auth/audit"
)

// ErrBusy is the answer to a record that comes while too many wait.
var ErrBusy = errors.New("the audit log cannot keep up: try again in a moment")

// AuditConfig says how the audit log is kept.
type AuditConfig struct {
	Key      ed25519.PrivateKey // from LoadAuditKey
	Keep     time.Duration      // how long; 0: for ever. A shorter one than before holds a week after the log says so
	Reserve  int64              // bytes of the disk set aside for the ends of views; 0: DefaultReserve
	ReadOnly bool               // nothing is written, and a damaged log is opened too
}

// KeepAsBefore leaves retention, and the reserve, to whoever opens the log with a
// time of keeping: for commands that ask something of it.
const KeepAsBefore time.Duration = -1

// Bounds of the audit log.
const (
	DefaultReserve = 64 << 20
	maxWaiting     = 4096               // records on their way to the disk
	maxBatch       = 256                // of them in one message
	maxBatchBytes  = 256 << 10          // of their JSON
	headEvery      = time.Second        // in which something was written
	tidyEvery      = time.Hour          // for retention, and the head in the program's log
	maxIndex       = 256 << 20          // bytes of memory, about
	shortenAfter   = 7 * 24 * time.Hour // see retain
)

// Audit is the audit log of a store. It implements auth.Recorder. It is safe for
// concurrent use.
type Audit struct {
	store   *Store
	log     *slog.Logger
	key     ed25519.PrivateKey // signs now; replaced by Rotate alone
	keys    *audit.Ring
	was     ed25519.PrivateKey // before a change that was cut short; nil: there was none
	cfg     AuditConfig
	now     func() time.Time
	keeping *Table[keeping] // nil when read only

	queue chan *waiting
	work  chan func(context.Context) // for the writer
	ended chan struct{}              // the writer has gone

	// Of the writer alone, once it runs.
	witness *witness
	unsure  bool // whether the last message was stored
	headAt  time.Time
	held    bool // the reserve is there
	began   time.Time
	first   time.Time // of the oldest record at began; zero until it is asked for

	mu     sync.RWMutex
	end    tail // of what is durable
	index  *index
	ready  chan struct{} // closed when the index is complete
	broken []string      // what the index found wrong, at most maxBroken
}

const maxBroken = 20

// waiting is a record that somebody waits for.
type waiting struct {
	entry auth.Record
	text  []byte
	done  chan error // takes one
}

// Audit opens the store's audit log, or makes it. There is one for each store;
// it ends with it. Its errors are ErrAudit, where the end of the log is not
// what was acknowledged, ErrFull, or the system's. What is wrong further back is
// found meanwhile, see Broken.
func (s *Store) Audit(ctx context.Context, cfg AuditConfig) (*Audit, error) {
	return s.openAudit(ctx, cfg, time.Now)
}

func (s *Store) openAudit(ctx context.Context, cfg AuditConfig, now func() time.Time) (*Audit, error) {
	if s.stopped.Err() != nil {
		return nil, ErrClosed
	}
	if len(cfg.Key) != ed25519.PrivateKeySize {
		return nil, errors.New("open the audit log: it needs a key")
	}
	if !s.audited.CompareAndSwap(false, true) {
		return nil, errors.New("open the audit log: it is open already")
	}
	if cfg.Reserve == 0 {
		cfg.Reserve = DefaultReserve
	}
	a := &Audit{
		store: s, log: s.log, key: cfg.Key, cfg: cfg, now: now,
		queue: make(chan *waiting, maxWaiting), work: make(chan func(context.Context)), ended: make(chan struct{}),
		index: newIndex(maxIndex), ready: make(chan struct{}), began: now(),
	}
	err := a.openKeys()
	if err == nil {
		err = a.open(ctx)
	}
	if err == nil && !cfg.ReadOnly {
		err = a.openKeeping(ctx)
	}
	if err != nil {
		s.audited.Store(false)
		return nil, fmt.Errorf("open the audit log: %w", err)
	}
	if cfg.ReadOnly {
		close(a.ended)
	} else {
		s.running.Go(func() { a.run(s.stopped) })
	}
	s.running.Go(func() { a.build(s.stopped) })
	return a, nil
}

// open reads the end of the log.
func (a *Audit) open(ctx context.Context) error {
	e, done, err := a.store.use(ctx)
	if err != nil {
		return err
	}
	defer done()
	if a.cfg.ReadOnly {
		there, err := e.hasAudit(ctx)
		if err != nil {
			return err
		}
		if !there {
			return errors.New("there is none in this store yet")
		}
		_, a.end.number, err = e.auditEnds(ctx)
		return err
	}
	return a.openWritable(ctx, e)
}

func (a *Audit) openWritable(ctx context.Context, e *engine) (err error) {
	if a.witness, err = a.store.openAuditStream(ctx, e); err != nil {
		return err
	}
	if err := a.settleKey(ctx, e); err != nil {
		return errors.Join(err, a.witness.close())
	}
	if err = a.openEnd(ctx, e); err != nil {
		return errors.Join(err, a.witness.close())
	}
	return nil
}

// openEnd compares the end of the log with the witness. One message more may be
// there: the process may have ended before it was acknowledged.
func (a *Audit) openEnd(ctx context.Context, e *engine) (err error) {
	var seen audit.Mark
	if a.end, seen, err = readTail(ctx, e, a.keys, a.witness.last); err != nil {
		return err
	}
	switch last := a.witness.last; {
	case a.end.number < last:
		return auditDamaged(fmt.Sprintf("its last %d messages are gone", last-a.end.number))
	case a.end.number > last+1:
		return auditDamaged("its witness is older than the log")
	case last > 0 && a.witness.seal != a.seal(last, seen) && (a.was == nil || a.witness.seal != sealWith(a.was, last, seen)):
		return auditDamaged("its end is not the one that was acknowledged")
	case a.end.number > last:
		if err := a.testify(a.end.number, a.end.at); err != nil {
			return a.store.reason(err)
		}
	}
	if a.was != nil {
		if err := a.replaceKey(); err != nil {
			return err
		}
	}
	return e.keepAudit(ctx, -1) // a cut may have been cut short
}

// Write implements auth.Recorder. Its errors are auth.ErrFaulty, ErrBusy,
// ErrFull, ErrClosed, ctx's, or a failure of the disk; after the last two the
// record may have been written.
func (a *Audit) Write(ctx context.Context, r auth.Record) error {
	if r.Time.IsZero() {
		r.Time = a.now()
	}
	r, err := r.Clean()
	if err != nil {
		return err
	}
	text, err := audit.Encode(r)
	if err != nil {
		return err
	}
	w := &waiting{r, text, make(chan error, 1)}
	select {
	case <-a.ended:
		return ErrClosed
	default:
	}
	select {
	case a.queue <- w:
	default:
		return ErrBusy
	}
	select {
	case err := <-w.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-a.ended:
		select {
		case err := <-w.done: // it was among the last
			return err
		default:
			return ErrClosed
		}
	}
}

// Key is the public key of the log, see audit.KeyText.
func (a *Audit) Key() ed25519.PublicKey {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.keys.Last()
}

// Head is the end of the log: worth noting elsewhere.
func (a *Audit) Head() audit.Mark {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.end.at
}

// Broken says what is wrong with the log before its end, as far as it was read:
// nothing once Ready is closed is a whole chain.
func (a *Audit) Broken() []string {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return append([]string(nil), a.broken...)
}

// Ready is closed once the whole log has been read.
func (a *Audit) Ready() <-chan struct{} { return a.ready }
