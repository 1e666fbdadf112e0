package cluster

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// witness holds the number of the last acknowledged message of one bucket, in
// two slots that are written in turns, each in a sector of its own: a write that
// is cut short leaves the other, and was not acknowledged.
type witness struct {
	file *os.File
	last uint64
	next int // the slot to write
}

const (
	witnessDir  = "witness"
	slots       = 2
	slotStride  = 512
	slotBytes   = 8 + 4 // the number and its checksum
	witnessMode = 0o600
)

// openWitness opens the witness of bucket; fs.ErrNotExist where there is none.
func openWitness(dir, bucket string) (*witness, error) {
	file, err := os.OpenFile(filepath.Join(dir, witnessDir, bucket), os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	w := &witness{file: file}
	good := 0
	for i := range slots {
		var slot [slotBytes]byte
		if _, err := file.ReadAt(slot[:], int64(i*slotStride)); err != nil && !errors.Is(err, io.EOF) {
			return nil, errors.Join(fmt.Errorf("read the witness of %s: %w", bucket, err), file.Close())
		}
		n := binary.BigEndian.Uint64(slot[:])
		if binary.BigEndian.Uint32(slot[8:]) != checksum(bucket, slot[:8]) {
			continue
		}
		if good++; good == 1 || n >= w.last {
			w.last, w.next = n, (i+1)%slots
		}
	}
	if good == 0 {
		return nil, errors.Join(damaged(bucket, "its witness cannot be read"), file.Close())
	}
	return w, nil
}

// makeWitness makes the witness of a new bucket.
func makeWitness(dir, bucket string) (*witness, error) {
	parent := filepath.Join(dir, witnessDir)
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return nil, fmt.Errorf("make the witness of %s: %w", bucket, err)
	}
	content := make([]byte, slots*slotStride)
	for i := range slots {
		putSlot(content[i*slotStride:], bucket, 0)
	}
	if err := writeWhole(filepath.Join(parent, bucket), content, witnessMode); err != nil {
		return nil, fmt.Errorf("make the witness of %s: %w", bucket, err)
	}
	if err := syncDir(dir); err != nil {
		return nil, fmt.Errorf("make the witness of %s: %w", bucket, err)
	}
	return openWitness(dir, bucket)
}

func checksum(bucket string, number []byte) uint32 {
	return crc32.Update(crc32.ChecksumIEEE([]byte(bucket)), crc32.IEEETable, number)
}

func putSlot(slot []byte, bucket string, n uint64) {
	binary.BigEndian.PutUint64(slot, n)
	binary.BigEndian.PutUint32(slot[8:], checksum(bucket, slot[:8]))
}

// set makes n durable.
func (w *witness) set(n uint64) error {
	var slot [slotBytes]byte
	putSlot(slot[:], filepath.Base(w.file.Name()), n)
	if _, err := w.file.WriteAt(slot[:], int64(w.next*slotStride)); err != nil {
		return fmt.Errorf("write the witness: %w", err)
	}
	if err := w.file.Sync(); err != nil {
		return fmt.Errorf("write the witness: %w", err)
	}
	w.last, w.next = n, (w.next+1)%slots
	return nil
}

func (w *witness) close() error { return w.file.Close() }

// witnesses are the names of the buckets that have one.
func witnesses(dir string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(dir, witnessDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list the witnesses: %w", err)
	}
	var names []string
	for _, e := range entries {
		if badBucket(e.Name()) == nil {
			names = append(names, e.Name())
		}
	}
	return names, nil
}
