package cluster

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	maxManifest  = 1 << 20
	maxLine      = MaxValue + 4<<10
	restoreRound = 256 // records written together
)

// ErrNoLogKey is Restore's answer to a backup that holds the audit log where the
// log's key is not in the directory.
var ErrNoLogKey = errors.New("the backup holds the audit log, and the key that signs it is not there")

// Restore makes a store in dir of a backup, with the audit log in it unless
// withoutLog. The directory may hold the key files and nothing else; key is the
// one that the backup was sealed with, else the error is ErrWrongKey. The log is
// verified, and refused where it is not whole. Where it fails nothing stays behind.
func Restore(ctx context.Context, dir string, key [32]byte, r io.Reader, withoutLog bool) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	lock, err := lockDir(dir)
	if err != nil {
		return err
	}
	if err := emptyDir(dir); err != nil {
		return errors.Join(err, lock.Close())
	}
	if err := restore(ctx, dir, key, r, lock, withoutLog); err != nil {
		return errors.Join(fmt.Errorf("restore: %w", err), removeStore(dir))
	}
	return nil
}

// emptyDir says whether there is nothing in dir but the keys and our lock.
func emptyDir(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	for _, e := range entries {
		if e.Name() != keyName && e.Name() != auditKeyName && e.Name() != lockName {
			return fmt.Errorf("restore: %s holds %s: give an empty directory, but for %s and %s", dir, e.Name(), keyName, auditKeyName)
		}
	}
	return nil
}

func removeStore(dir string) error {
	var errs []error
	for _, name := range []string{natsDir, witnessDir, auditKeysName, restoringName, lockName} { // in an order that leaves the mark for last
		errs = append(errs, os.RemoveAll(filepath.Join(dir, name)))
	}
	return errors.Join(errs...)
}

// restore takes the lock over.
func restore(ctx context.Context, dir string, key [32]byte, r io.Reader, lock io.Closer, withoutLog bool) error {
	s, archive, m, err := beginRestore(ctx, dir, key, r, lock)
	if err != nil {
		return err
	}
	for _, f := range m.Buckets {
		if err := s.restoreBucket(ctx, archive, f); err != nil {
			return errors.Join(fmt.Errorf("bucket %s: %w", f.Bucket, err), s.Close())
		}
	}
	if m.Audit != nil && !withoutLog {
		logKey, err := readKey(AuditKeyFile(dir))
		if errors.Is(err, fs.ErrNotExist) {
			err = ErrNoLogKey
		}
		if err == nil {
			err = s.restoreAudit(ctx, &joined{archive: archive}, *m.Audit, logKey)
		}
		if err != nil {
			return errors.Join(err, s.Close())
		}
	}
	if err := s.Close(); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(dir, restoringName)); err != nil {
		return err
	}
	return syncDir(dir)
}

// beginRestore reads the manifest and makes an empty store, which a mark keeps
// from being opened until the restore is done.
func beginRestore(ctx context.Context, dir string, key [32]byte, r io.Reader, lock io.Closer) (*Store, *tar.Reader, manifest, error) {
	archive, m, err := readManifest(r)
	if err == nil {
		var seal sealer
		if seal, err = newSealer(key); err == nil {
			err = seal.opens(m.Check)
		}
	}
	if err != nil {
		return nil, nil, m, errors.Join(err, lock.Close())
	}
	if err := writeWhole(filepath.Join(dir, restoringName), nil, 0o600); err != nil {
		return nil, nil, m, errors.Join(err, lock.Close())
	}
	s, err := openLocked(ctx, Config{Dir: dir, Key: key}, reserve, lock)
	return s, archive, m, err
}

func readManifest(r io.Reader) (*tar.Reader, manifest, error) {
	var m manifest
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, m, fmt.Errorf("this is no backup: %w", err)
	}
	archive := tar.NewReader(z)
	h, err := archive.Next()
	if err != nil || h.Name != manifestName || h.Size > maxManifest {
		return nil, m, errors.New("this is no backup: it does not begin with a manifest")
	}
	if err := json.NewDecoder(archive).Decode(&m); err != nil {
		return nil, m, fmt.Errorf("read the manifest: %w", err)
	}
	if m.Version < 1 || m.Version > manifestVersion {
		return nil, m, fmt.Errorf("the backup is of version %d, and this program reads 1 to %d: use the one that made it", m.Version, manifestVersion)
	}
	if len(m.Buckets) >= MaxBuckets {
		return nil, m, fmt.Errorf("%w: %d buckets, at most %d", ErrTooLarge, len(m.Buckets), MaxBuckets)
	}
	return archive, m, nil
}

// restoreBucket reads the next file of the archive into a bucket.
func (s *Store) restoreBucket(ctx context.Context, archive *tar.Reader, f bucketFile) error {
	h, err := archive.Next()
	if err != nil {
		return cutShort(err)
	}
	if h.Name != f.Bucket+linesSuffix || f.Bucket == settingsBucket {
		return fmt.Errorf("the backup holds %.80q in its place", h.Name)
	}
	b, err := s.bucket(ctx, f.Bucket)
	if err != nil {
		return err
	}
	sum := sha256.New()
	lines := bufio.NewScanner(io.TeeReader(archive, sum))
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	var round []change
	records := 0
	for ; lines.Scan(); records++ {
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return cutShort(errors.Join(lines.Err(), fmt.Errorf("line %d: %w", records+1, err)))
		}
		if err := badKey(l.Key); err != nil {
			return fmt.Errorf("line %d: %w", records+1, err)
		}
		if round = append(round, change{key: l.Key, value: l.Value}); len(round) == restoreRound {
			if _, err := b.write(ctx, round...); err != nil {
				return err
			}
			round = nil
		}
	}
	if err := lines.Err(); err != nil {
		return cutShort(err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != f.SHA256 || records != f.Records {
		return errors.New("its records are not those that were backed up: take another backup")
	}
	_, err = b.write(ctx, round...)
	return err
}

func cutShort(err error) error {
	return fmt.Errorf("the backup cannot be read to its end: %w: take another", err)
}
