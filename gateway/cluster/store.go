package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
)

// Bounds of a store.
const (
	MaxValue   = 1 << 20 // bytes of one value, as JSON
	MaxKeys    = 200_000 // of one table
	MaxKey     = 128     // letters of a key
	MaxBuckets = 64
	maxTables  = 16       // handles on one bucket
	reserve    = 32 << 20 // bytes of the disk that are left to NATS's own bookkeeping
)

const (
	natsDir        = "jetstream"
	lockName       = "lock"
	restoringName  = "restoring" // there while a backup is being restored
	keyName        = "store.key"
	settingsBucket = "store" // the store's own settings; tables have others
	checkKey       = "check"
)

var (
	// ErrConflict is the answer to a write whose revision is not the record's.
	ErrConflict = errors.New("somebody else has changed it meanwhile: read it again")
	// ErrFull is the answer to a write that finds the disk full. What was
	// acknowledged is kept, and writes succeed again once there is room.
	ErrFull = errors.New("the disk is full: make room")
	// ErrDamaged says that acknowledged records are missing or altered.
	ErrDamaged = errors.New("the store is damaged: move its directory aside and restore the last backup into an empty one (matthan restore)")
	// ErrTooLarge is the answer to a value, or a table, beyond its bound.
	ErrTooLarge = errors.New("too large for the store")
	// ErrWrongKey says that the store was written with another key.
	ErrWrongKey = errors.New("the store was sealed with another key: give it the key file that belongs to it")
	// ErrLocked says that another process has the store open.
	ErrLocked = errors.New("the store is in use")
	// ErrNotEmpty is the answer to removing an area in which there is something.
	ErrNotEmpty = errors.New("the area is not empty")
	// ErrClosed is the answer of a closed store.
	ErrClosed = errors.New("the store is closed")
)

// Config says where a store is and what seals its secrets.
type Config struct {
	Dir string       // made where it is missing
	Key [32]byte     // from LoadKey or ParseKey
	Log *slog.Logger // nil: nothing is logged
}

// Store is the durable state of one node. It is safe for concurrent use.
type Store struct {
	dir     string
	log     *slog.Logger
	sealer  sealer
	reserve int64
	spare   atomic.Int64 // bytes more that are not there for everybody, see Audit
	lock    io.Closer

	// mu is read-locked while the engine is used, so that whoever replaces it
	// waits for all writes.
	mu     sync.RWMutex
	engine *engine // nil after a failed start
	failed atomic.Bool
	closed bool

	bucketsMu sync.Mutex // before mu
	buckets   map[string]*bucket

	inventoryMu sync.Mutex // before bucketsMu
	inventory   *Inventory

	audited atomic.Bool // its audit log is open

	stopped context.Context // of the store's own goroutines
	stop    context.CancelFunc
	running sync.WaitGroup
}

// Open opens the store in cfg.Dir, or makes one, and compares all of it with
// what was acknowledged. Its errors are ErrDamaged, ErrWrongKey, ErrLocked and
// ErrFull, or the system's. ctx bounds the opening only.
func Open(ctx context.Context, cfg Config) (*Store, error) { return open(ctx, cfg, reserve) }

func open(ctx context.Context, cfg Config, reserve int64) (*Store, error) {
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	lock, err := lockDir(cfg.Dir)
	if err != nil {
		return nil, err
	}
	cut, err := exists(filepath.Join(cfg.Dir, restoringName))
	if cut {
		err = fmt.Errorf("open the store in %s: a restore was cut short here: empty the directory, but for %s, and restore again", cfg.Dir, keyName)
	}
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return openLocked(ctx, cfg, reserve, lock)
}

// openLocked takes the lock over.
func openLocked(ctx context.Context, cfg Config, reserve int64, lock io.Closer) (*Store, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s := &Store{dir: cfg.Dir, log: cfg.Log, reserve: reserve, lock: lock, buckets: map[string]*bucket{}}
	s.stopped, s.stop = context.WithCancel(context.Background())
	var err error
	if s.sealer, err = newSealer(cfg.Key); err == nil {
		err = s.start(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the store in %s: %w", cfg.Dir, err), s.Close())
	}
	return s, nil
}

func (s *Store) start(ctx context.Context) (err error) {
	if s.full(0) {
		return ErrFull
	}
	if s.engine, err = startEngine(s.dir, s.log); err != nil {
		return err
	}
	found, err := s.engine.buckets(ctx)
	if err != nil {
		return err
	}
	seen, err := witnesses(s.dir)
	if err != nil {
		return err
	}
	for _, name := range found {
		if !slices.Contains(seen, name) {
			return damaged(name, "its witness is gone")
		}
	}
	for _, name := range seen {
		if err := s.find(ctx, name, slices.Contains(found, name)); err != nil {
			return err
		}
	}
	return s.checkKey(ctx)
}

// find opens the bucket of a witness. One that was being made has no stream yet.
func (s *Store) find(ctx context.Context, name string, there bool) error {
	w, err := openWitness(s.dir, name)
	if err != nil {
		return err
	}
	b := newBucket(s, name, w)
	s.buckets[name] = b
	if !there {
		if w.last > 0 {
			return damaged(name, "all of its records are gone")
		}
		if err := s.engine.create(ctx, name); err != nil {
			return err
		}
	}
	return b.load(ctx, s.engine)
}

// bucket finds a bucket or makes it.
func (s *Store) bucket(ctx context.Context, name string) (*bucket, error) {
	if err := badBucket(name); err != nil {
		return nil, err
	}
	s.bucketsMu.Lock()
	defer s.bucketsMu.Unlock()
	if b, ok := s.buckets[name]; ok {
		return b, nil
	}
	if len(s.buckets) >= MaxBuckets {
		return nil, fmt.Errorf("bucket %s: %w: at most %d buckets", name, ErrTooLarge, MaxBuckets)
	}
	if s.full(0) {
		return nil, ErrFull
	}
	e, done, err := s.useOr(ctx, s.reopenBuckets)
	if err != nil {
		return nil, err
	}
	defer done()
	w, err := openWitness(s.dir, name) // of an attempt that failed half-way
	if errors.Is(err, fs.ErrNotExist) {
		w, err = makeWitness(s.dir, name) // before its stream, so that no stream is without one
	}
	if err != nil {
		return nil, err
	}
	if err := e.create(ctx, name); err != nil {
		s.failed.Store(true)
		return nil, errors.Join(s.reason(err), w.close())
	}
	b := newBucket(s, name, w)
	s.buckets[name] = b
	return b, nil
}

// use returns the engine, started again where the last write has failed. Call
// done when it is no longer used.
func (s *Store) use(ctx context.Context) (e *engine, done func(), err error) {
	return s.useOr(ctx, s.reopen)
}

func (s *Store) useOr(ctx context.Context, reopen func(context.Context) error) (e *engine, done func(), err error) {
	for {
		s.mu.RLock()
		switch {
		case s.closed:
			s.mu.RUnlock()
			return nil, nil, ErrClosed
		case s.engine != nil && !s.failed.Load():
			return s.engine, s.mu.RUnlock, nil
		}
		s.mu.RUnlock()
		if err := reopen(ctx); err != nil {
			return nil, nil, err
		}
	}
}

// reopen starts NATS again after a failed write and takes over what is stored,
// which may hold writes whose acknowledgement was lost.
func (s *Store) reopen(ctx context.Context) error {
	s.bucketsMu.Lock()
	defer s.bucketsMu.Unlock()
	return s.reopenBuckets(ctx)
}

func (s *Store) reopenBuckets(ctx context.Context) (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.engine != nil && !s.failed.Load() {
		return nil
	}
	if n, err := free(s.dir); err == nil && n < s.reserve || tryWrite(s.dir, someRoom) != nil {
		return ErrFull
	}
	if s.engine != nil {
		s.engine.stop()
		s.engine = nil
	}
	e, err := startEngine(s.dir, s.log)
	if err != nil {
		return s.reason(err)
	}
	for _, b := range s.buckets {
		if err := b.load(ctx, e); err != nil {
			e.stop()
			return fmt.Errorf("open the store again: %w", err)
		}
	}
	s.engine = e
	s.failed.Store(false)
	s.log.Info("store: open again after a failed write")
	return nil
}

// Close waits for all that the store runs, and lets go of the directory.
func (s *Store) Close() error {
	s.stop()
	s.running.Wait()
	s.bucketsMu.Lock()
	defer s.bucketsMu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	if s.engine != nil {
		s.engine.stop()
	}
	var errs []error
	for _, b := range s.buckets {
		errs = append(errs, b.witness.close())
	}
	return errors.Join(append(errs, s.lock.Close())...)
}

// full says whether there is no room for so many bytes beside the reserve.
func (s *Store) full(bytes int) bool {
	n, err := free(s.dir)
	return err == nil && n < s.reserve+s.spare.Load()+int64(bytes) // where it is not told, the write itself will say
}

// reason makes ErrFull of a failure that a full disk explains. NATS tells only
// its log why it could not write, so we try it ourselves.
func (s *Store) reason(err error) error {
	if e := tryWrite(s.dir, someRoom); e != nil {
		return fmt.Errorf("%w (%w; %w)", ErrFull, err, e)
	}
	return err
}

// someRoom is more than what is left where NATS found no room, in bytes: a value
// and what comes with it.
const someRoom = 2*MaxValue + 64<<10

// tryWrite writes a file of so many bytes and removes it.
func tryWrite(dir string, bytes int) error {
	f, err := os.CreateTemp(dir, ".room-*")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, bytes))
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}

func damaged(bucket, what string) error {
	return fmt.Errorf("bucket %s: %s: %w", bucket, what, ErrDamaged)
}
