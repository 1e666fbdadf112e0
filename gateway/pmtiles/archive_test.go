package pmtiles

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// picture is what the tests' archives have at a place.
func picture(z, x, y int) []byte { return fmt.Appendf(nil, "picture %d/%d/%d", z, x, y) }

// draft is an archive that a test writes.
type draft struct {
	kind, packed, tilesPacked byte
	least, most               int
	bounds                    [4]int32 // degrees, times ten million
	metadata                  string
	leaf                      int // entries of a directory below the root; 0: all are in the root
}

func plainDraft() draft {
	return draft{kind: 2, packed: packedGzip, tilesPacked: packedNot, least: 0, most: 4, bounds: [4]int32{-1800000000, -850000000, 1800000000, 850000000}, metadata: "{}"}
}

// write is the archive of all tiles but those of the sea: x and y both 0, below the first level.
func (d draft) write() []byte {
	var tiles []byte
	var entries []entry
	for z := d.least; z <= d.most; z++ {
		places := make(map[uint64][3]int)
		for x := range 1 << z {
			for y := range 1 << z {
				places[tileID(z, x, y)] = [3]int{z, x, y}
			}
		}
		first := tileID(z, 0, 0)
		for id := first; id < first+uint64(len(places)); id++ {
			p := places[id]
			if p[1] == 0 && p[2] == 0 && z > 0 {
				continue
			}
			body := picture(p[0], p[1], p[2])
			if d.tilesPacked == packedGzip {
				body = pack(body)
			}
			entries = append(entries, entry{id, 1, uint64(len(tiles)), uint64(len(body))})
			tiles = append(tiles, body...)
		}
	}
	root, leaves := entries, []byte(nil)
	if d.leaf > 0 {
		root = nil
		for i := 0; i < len(entries); i += d.leaf {
			part := entries[i:min(i+d.leaf, len(entries))]
			body := d.wrap(writeDirectory(part))
			root = append(root, entry{part[0].id, 0, uint64(len(leaves)), uint64(len(body))})
			leaves = append(leaves, body...)
		}
	}
	return d.join(d.wrap(writeDirectory(root)), d.wrap([]byte(d.metadata)), leaves, tiles)
}

func (d draft) wrap(b []byte) []byte {
	if d.packed == packedGzip {
		return pack(b)
	}
	return b
}

func (d draft) join(parts ...[]byte) []byte {
	head := make([]byte, headerSize)
	copy(head, "PMTiles\x03")
	at := uint64(headerSize)
	for i, part := range parts {
		binary.LittleEndian.PutUint64(head[8+16*i:], at)
		binary.LittleEndian.PutUint64(head[16+16*i:], uint64(len(part)))
		at += uint64(len(part))
	}
	head[97], head[98], head[99], head[100], head[101] = d.packed, d.tilesPacked, d.kind, byte(d.least), byte(d.most)
	for i, v := range d.bounds {
		binary.LittleEndian.PutUint32(head[102+4*i:], uint32(v))
	}
	return append(head, bytes.Join(parts, nil)...)
}

func writeDirectory(entries []entry) []byte {
	b := binary.AppendUvarint(nil, uint64(len(entries)))
	last := uint64(0)
	for _, e := range entries {
		b = binary.AppendUvarint(b, e.id-last)
		last = e.id
	}
	for _, e := range entries {
		b = binary.AppendUvarint(b, e.run)
	}
	for _, e := range entries {
		b = binary.AppendUvarint(b, e.length)
	}
	for i, e := range entries {
		if i > 0 && e.offset == entries[i-1].offset+entries[i-1].length {
			b = append(b, 0)
			continue
		}
		b = binary.AppendUvarint(b, e.offset+1)
	}
	return b
}

func pack(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(b) // to memory: cannot fail
	_ = z.Close()
	return out.Bytes()
}

func TestEveryTileIsFoundWhereItIs(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*draft){
		"one directory":           func(*draft) {},
		"directories below":       func(d *draft) { d.leaf = 7 },
		"many small ones":         func(d *draft) { d.leaf = 2 },
		"directories not packed":  func(d *draft) { d.packed = packedNot; d.leaf = 50 },
		"tiles packed once more":  func(d *draft) { d.tilesPacked = packedGzip },
		"only the finer levels":   func(d *draft) { d.least = 3 },
		"how tiles are packed: ?": func(d *draft) { d.tilesPacked = 0 },
	} {
		d := plainDraft()
		change(&d)
		a, err := Read(bytes.NewReader(d.write()))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for z := range 6 {
			for x := range 1 << z {
				for y := range 1 << z {
					got, err := a.Tile(z, x, y)
					if z < d.least || z > d.most || z > 0 && x == 0 && y == 0 {
						if !errors.Is(err, ErrNoTile) {
							t.Errorf("%s: %d/%d/%d: %q %v", name, z, x, y, got, err)
						}
					} else if err != nil || !bytes.Equal(got, picture(z, x, y)) {
						t.Errorf("%s: %d/%d/%d: %q %v", name, z, x, y, got, err)
					}
				}
			}
		}
	}
}

func TestOneTileStandsForManyInARow(t *testing.T) {
	t.Parallel()
	d := plainDraft()
	sea := []byte("sea")
	root := writeDirectory([]entry{{id: 1, run: 3, offset: 0, length: uint64(len(sea))}})
	a, err := Read(bytes.NewReader(d.join(d.wrap(root), d.wrap(nil), nil, sea)))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range [][2]int{{0, 0}, {0, 1}, {1, 1}} {
		if got, err := a.Tile(1, p[0], p[1]); err != nil || !bytes.Equal(got, sea) {
			t.Errorf("%v: %q %v", p, got, err)
		}
	}
	if _, err := a.Tile(1, 1, 0); !errors.Is(err, ErrNoTile) {
		t.Errorf("the fourth: %v", err)
	}
}

func TestTilesHaveTheNumbersOfTheSpecification(t *testing.T) {
	t.Parallel()
	for want, at := range map[uint64][3]int{0: {0, 0, 0}, 1: {1, 0, 0}, 2: {1, 0, 1}, 3: {1, 1, 1}, 4: {1, 1, 0}, 5: {2, 0, 0}, 19078479: {12, 3423, 1763}} {
		if got := tileID(at[0], at[1], at[2]); got != want {
			t.Errorf("%v: %d, want %d", at, got, want)
		}
	}
}

func TestWhatIsNoMapOfPicturesIsRefusedWithWhatToDo(t *testing.T) {
	t.Parallel()
	write := func(change func(*draft)) []byte {
		d := plainDraft()
		change(&d)
		return d.write()
	}
	good := write(func(*draft) {})
	old := bytes.Clone(good)
	old[7] = 2
	for want, file := range map[string][]byte{
		"it is too short":                   good[:100],
		"this is no PMTiles file":           bytes.Repeat([]byte("GIF89a"), 100),
		"pmtiles upgrade":                   old,
		"make raster tiles":                 write(func(d *draft) { d.kind = typeVector }),
		"tiles of the type 5":               write(func(d *draft) { d.kind = 5 }),
		"its directories are packed":        write(func(d *draft) { d.packed = 3 }),
		"its tiles are packed":              write(func(d *draft) { d.tilesPacked = 4 }),
		"its levels or its bounds":          write(func(d *draft) { d.bounds[0] = 1900000000 }),
		"the root directory: the file is c": good[:headerSize+3],
	} {
		if _, err := Read(bytes.NewReader(file)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none.pmtiles")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

func TestWhoseMapItIsIsPlainText(t *testing.T) {
	t.Parallel()
	for metadata, want := range map[string]string{
		`{"attribution":"<a href=\"https://osm.org\">&copy; OpenStreetMap</a>\n contributors"}`: "© OpenStreetMap contributors",
		`{}`: "", `[`: "",
		`{"attribution":"` + strings.Repeat("ă", 300) + `"}`: strings.Repeat("ă", 199) + "…",
	} {
		d := plainDraft()
		d.metadata = metadata
		a, err := Read(bytes.NewReader(d.write()))
		if err != nil || a.Attribution != want {
			t.Errorf("%s: %q %v", metadata, a.Attribution, err)
		}
	}
}

func TestManyReadAtOnceAndFewDirectoriesAreKept(t *testing.T) {
	t.Parallel()
	d := plainDraft()
	d.leaf = 4
	name := filepath.Join(t.TempDir(), "map.pmtiles")
	if err := os.WriteFile(name, d.write(), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	var readers sync.WaitGroup
	for range 40 {
		readers.Go(func() {
			for i := 1; i < 256; i++ {
				if got, err := a.Tile(4, i%16, i/16); err != nil || !bytes.Equal(got, picture(4, i%16, i/16)) {
					t.Errorf("%q %v", got, err)
				}
			}
		})
	}
	readers.Wait()
	if len(a.leaves) != maxLeaves || len(a.order) != maxLeaves {
		t.Errorf("%d directories are kept", len(a.leaves))
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if _, err := a.Tile(4, 1, 1); err == nil {
		t.Error("a closed archive gives tiles")
	}
}

// FuzzArchive has all tiles read of whatever file.
func FuzzArchive(f *testing.F) {
	for _, leaf := range []int{0, 5} {
		for _, packed := range []byte{packedNot, packedGzip} {
			d := plainDraft()
			d.leaf, d.packed, d.most = leaf, packed, 2
			good := d.write()
			f.Add(good)
			f.Add(good[:len(good)/2])
		}
	}
	// A directory that leads to itself.
	d := plainDraft()
	d.packed = packedNot
	loop := writeDirectory([]entry{{id: 0, run: 0, offset: 0, length: 5}})
	f.Add(d.join(loop, nil, loop, nil))
	f.Fuzz(func(t *testing.T, file []byte) {
		a, err := Read(bytes.NewReader(file))
		if err != nil {
			return
		}
		for _, z := range []int{-1, 0, 1, 2, a.MinZoom, a.MaxZoom, MaxZoom, MaxZoom + 1, 63} {
			for _, p := range [][2]int{{0, 0}, {1, 0}, {0, 1}, {3, 2}, {1<<24 - 1, 1 << 23}, {-1, 5}} {
				if body, err := a.Tile(z, p[0], p[1]); err == nil && len(body) > maxTile {
					t.Errorf("a tile of %d bytes", len(body))
				}
			}
		}
	})
}
