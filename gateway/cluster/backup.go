package cluster

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"matthan/auth/audit"
)

// A backup is a tar archive, compressed by gzip: the manifest, then for each
// bucket a file of one line of JSON a record, ordered by key, and then the audit
// log as an export. Secrets in it are sealed as in the store, so that it is worth
// nothing without the key, which is not in it; nor is the key of the log.

const (
	manifestName    = "manifest.json"
	manifestVersion = 2 // 1 had no audit log
	linesSuffix     = ".jsonl"
)

// manifest says what else is in the archive.
type manifest struct {
	Version int          `json:"version"`
	Made    time.Time    `json:"made"`
	Check   check        `json:"check"` // sealed with the store's key
	Buckets []bucketFile `json:"buckets"`
	Audit   *auditFile   `json:"audit,omitempty"` // nil: without the log
}

type bucketFile struct {
	Bucket  string `json:"bucket"`
	Records int    `json:"records"`
	SHA256  string `json:"sha256"` // of its lines
}

// line is one record of a backup.
type line struct {
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
}

// Backup writes all records, as they are at one instant, to w, and then the audit
// log, nil for none. Writers wait only while memory is looked at, not for w.
func (s *Store) Backup(ctx context.Context, w io.Writer, log *Audit) error {
	records, err := s.snapshot(ctx)
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	m := manifest{Version: manifestVersion, Made: time.Now().UTC(), Check: s.sealer.check()}
	names := slices.Sorted(maps.Keys(records))
	files := make([][]byte, len(names))
	for n, name := range names {
		if files[n], err = encodeLines(records[name]); err != nil {
			return fmt.Errorf("back up %s: %w", name, err)
		}
		sum := sha256.Sum256(files[n])
		m.Buckets = append(m.Buckets, bucketFile{name, len(records[name]), hex.EncodeToString(sum[:])})
	}
	if log != nil {
		m.Audit = &auditFile{audit.KeyText(log.Key()), log.Head()}
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	z := gzip.NewWriter(w)
	archive := tar.NewWriter(z)
	err = addFile(ctx, archive, manifestName, text, m.Made)
	for n, name := range names {
		if err == nil {
			err = addFile(ctx, archive, name+linesSuffix, files[n], m.Made)
		}
	}
	if err == nil && log != nil {
		p := &pieces{ctx: ctx, archive: archive, made: m.Made}
		if err = log.Export(ctx, p, time.Time{}); err == nil {
			err = p.end()
		}
	}
	if err == nil {
		err = archive.Close()
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	return nil
}

// snapshot takes every bucket's turn, so that no write is half in it.
func (s *Store) snapshot(ctx context.Context) (map[string]map[string]record, error) {
	s.bucketsMu.Lock()
	buckets := maps.Clone(s.buckets)
	s.bucketsMu.Unlock()
	delete(buckets, settingsBucket) // the check is made anew
	for _, name := range slices.Sorted(maps.Keys(buckets)) {
		if err := buckets[name].take(ctx); err != nil {
			return nil, err
		}
		defer buckets[name].give()
	}
	records := make(map[string]map[string]record, len(buckets))
	for name, b := range buckets {
		b.mu.RLock()
		records[name] = maps.Clone(b.records)
		b.mu.RUnlock()
	}
	return records, nil
}

func encodeLines(records map[string]record) ([]byte, error) {
	var out bytes.Buffer
	for _, key := range slices.Sorted(maps.Keys(records)) {
		text, err := json.Marshal(line{key, records[key].value})
		if err != nil {
			return nil, err
		}
		out.Write(append(text, '\n'))
	}
	return out.Bytes(), nil
}

func addFile(ctx context.Context, archive *tar.Writer, name string, content []byte, made time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := archive.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content)), ModTime: made}); err != nil {
		return err
	}
	_, err := archive.Write(content)
	return err
}
