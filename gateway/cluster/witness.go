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
	seal [32]byte // what was set with last, zeros for a bucket
	next int      // the slot to write
}

const (
	witnessDir  = "witness"
	slots       = 2
	slotStride  = 512
	slotBytes   = 8 + 4 + 32 // the number, its checksum and the seal
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
		if binary.BigEndian.Uint32(slot[8:12]) != checksum(bucket, slot[:8]) {
			continue
		}
		if good++; good == 1 || n >= w.last {
			w.last, w.seal, w.next = n, [32]byte(slot[12:]), (i+1)%slots
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
func (w *witness) set(n uint64) error { return w.setSealed(n, [32]byte{}) }

// setSealed makes n durable, with a seal.
func (w *witness) setSealed(n uint64, seal [32]byte) error {
	var slot [slotBytes]byte
	putSlot(slot[:], filepath.Base(w.file.Name()), n)
	copy(slot[12:], seal[:])
	if _, err := w.file.WriteAt(slot[:], int64(w.next*slotStride)); err != nil {
		return fmt.Errorf("write the witness: %w", err)
	}
	if err := w.file.Sync(); err != nil {
		return fmt.Errorf("write the witness: %w", err)
	}
	w.last, w.seal, w.next = n, seal, (w.next+1)%slots
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
