// Package pmtiles reads an operator's map: an archive of raster tiles in one
// file, PMTiles version 3 (https://github.com/protomaps/PMTiles, spec/v3).
package pmtiles

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"os"
	"regexp"
	"strings"
	"sync"
)

// Bounds of what an archive may hold. The file is the operator's own, and may
// be damaged all the same.
const (
	headerSize   = 127
	maxDirectory = 1 << 20 // bytes of one directory, unpacked; those that are written have a tenth
	maxMetadata  = 1 << 20 // bytes of the metadata, unpacked
	maxTile      = 4 << 20 // bytes of a tile
	maxDepth     = 4       // directories on the way to a tile, the root's among them (spec/v3 section 4)
	maxLeaves    = 16      // directories that are kept in memory, beside the root
	maxReads     = 16      // at once

	// MaxZoom is the finest level whose tiles are counted.
	MaxZoom = 24
)

// Types of a tile, and how bytes are packed (spec/v3 section 3).
const (
	typeVector = 1

	packedNot  = 1
	packedGzip = 2
)

var mediaTypes = map[byte]string{2: "image/png", 3: "image/jpeg", 4: "image/webp"}

// ErrNoTile says that an archive has nothing for a place.
var ErrNoTile = errors.New("no such tile")

// Bounds is where an archive has tiles, in degrees.
type Bounds struct{ West, South, East, North float64 }

// Archive is an open file. It is safe for concurrent use.
type Archive struct {
	MediaType        string // of all tiles: image/png, image/jpeg or image/webp
	MinZoom, MaxZoom int
	Bounds           Bounds
	Version          string // another one is another file, as far as can be told
	Attribution      string // of whom the map is, as the file says: plain text, or ""

	file    io.ReaderAt
	closer  io.Closer
	head    header
	root    []entry
	reading chan struct{}

	mu     sync.Mutex
	leaves map[uint64][]entry // by offset
	order  []uint64           // of leaves, the oldest first
}

// version is a digest of the header and of what says where the tiles are.
func (a *Archive) version() string {
	h := sha256.New()
	_, _ = fmt.Fprintln(h, a.head, a.root)
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:9])
}

// header is the beginning of the file, as far as it is used.
type header struct {
	root, metadata, leaves, tiles span
	packed, tilesPacked, kind     byte
}

// span is a part of the file.
type span struct{ offset, length uint64 }

// Open opens an archive of raster tiles. What it refuses it says so that an
// operator knows what to do. The caller closes the archive.
func Open(name string) (*Archive, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	a, err := Read(f)
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	a.closer = f
	return a, nil
}

// Read takes an archive from anywhere; closing it closes nothing.
func Read(file io.ReaderAt) (*Archive, error) {
	a := &Archive{file: file, reading: make(chan struct{}, maxReads), leaves: map[uint64][]entry{}}
	if err := a.readHeader(); err != nil {
		return nil, err
	}
	var err error
	if a.root, err = a.directory(a.head.root); err != nil {
		return nil, fmt.Errorf("read the root directory: %w", err)
	}
	a.Attribution = a.attribution()
	a.Version = a.version()
	return a, nil
}

// Close implements io.Closer.
func (a *Archive) Close() error {
	if a.closer == nil {
		return nil
	}
	return a.closer.Close()
}

func (a *Archive) readHeader() error {
	var b [headerSize]byte
	if n, err := a.file.ReadAt(b[:], 0); n < headerSize {
		if errors.Is(err, io.EOF) {
			return errors.New("this is no PMTiles file: it is too short")
		}
		return err
	}
	if string(b[:7]) != "PMTiles" {
		return errors.New("this is no PMTiles file")
	}
	if b[7] != 3 {
		return fmt.Errorf("this is PMTiles version %d, and only 3 is read: pmtiles upgrade makes one of it", b[7])
	}
	at := func(i int) span {
		return span{binary.LittleEndian.Uint64(b[i:]), binary.LittleEndian.Uint64(b[i+8:])}
	}
	a.head = header{root: at(8), metadata: at(24), leaves: at(40), tiles: at(56), packed: b[97], tilesPacked: b[98], kind: b[99]}
	kind, raster := mediaTypes[a.head.kind]
	switch {
	case a.head.kind == typeVector:
		return errors.New("this holds vector tiles, and only pictures are drawn: make raster tiles (PNG, JPEG or WebP) of it, for example with tileserver-gl or QGIS")
	case !raster:
		return fmt.Errorf("this holds tiles of the type %d: make PNG, JPEG or WebP of them", a.head.kind)
	case a.head.packed != packedNot && a.head.packed != packedGzip:
		return errors.New("its directories are packed with something else than gzip: write it again with pmtiles convert")
	case a.head.tilesPacked > packedGzip: // 0 is unknown: for pictures that are packed already, not
		return errors.New("its tiles are packed with something else than gzip: write it again with pmtiles convert")
	}
	degrees := func(i int) float64 { return float64(int32(binary.LittleEndian.Uint32(b[i:]))) / 1e7 }
	a.MediaType, a.MinZoom, a.MaxZoom = kind, int(b[100]), min(int(b[101]), MaxZoom)
	a.Bounds = Bounds{degrees(102), degrees(106), degrees(110), degrees(114)}
	if a.MinZoom > a.MaxZoom || !a.Bounds.sound() {
		return errors.New("its levels or its bounds make no sense: write it again with pmtiles convert")
	}
	return nil
}

func (b Bounds) sound() bool {
	return b.West >= -180 && b.West < b.East && b.East <= 180 && b.South >= -90 && b.South < b.North && b.North <= 90
}

// Tile is the picture of a place, in the order of web maps: y grows to the
// south. There is none: ErrNoTile.
func (a *Archive) Tile(z, x, y int) ([]byte, error) {
	if z < a.MinZoom || z > a.MaxZoom || x < 0 || y < 0 || x >= 1<<z || y >= 1<<z {
		return nil, ErrNoTile
	}
	a.reading <- struct{}{}
	defer func() { <-a.reading }()
	id, dir := tileID(z, x, y), a.root
	for range maxDepth {
		e, ok := find(dir, id)
		if !ok {
			return nil, ErrNoTile
		}
		if e.run > 0 {
			return a.tile(e)
		}
		var err error
		if dir, err = a.leaf(e); err != nil {
			return nil, fmt.Errorf("read a directory: %w", err)
		}
	}
	return nil, errors.New("its directories lead nowhere")
}

func (a *Archive) tile(e entry) ([]byte, error) {
	if e.length > maxTile {
		return nil, fmt.Errorf("a tile has %d bytes: at most %d", e.length, maxTile)
	}
	body, err := a.bytes(a.head.tiles, e)
	if err == nil && a.head.tilesPacked == packedGzip {
		body, err = unpack(body, maxTile)
	}
	return body, err
}

// leaf is a directory below the root; the last few that were asked for are kept.
func (a *Archive) leaf(e entry) ([]entry, error) {
	a.mu.Lock()
	dir, ok := a.leaves[e.offset]
	a.mu.Unlock()
	if ok {
		return dir, nil
	}
	if e.offset > a.head.leaves.length || e.length > a.head.leaves.length-e.offset {
		return nil, errors.New("it lies beyond the directories")
	}
	dir, err := a.directory(span{a.head.leaves.offset + e.offset, e.length})
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, ok := a.leaves[e.offset]; !ok {
		if len(a.order) >= maxLeaves {
			delete(a.leaves, a.order[0])
			a.order = a.order[1:]
		}
		a.leaves[e.offset], a.order = dir, append(a.order, e.offset)
	}
	return dir, nil
}

func (a *Archive) directory(at span) ([]entry, error) {
	body, err := a.part(at, maxDirectory)
	if err != nil {
		return nil, err
	}
	return parseDirectory(body)
}

// part reads and unpacks a part of the file that is packed as directories are.
func (a *Archive) part(at span, most int64) ([]byte, error) {
	if at.length > uint64(most) {
		return nil, fmt.Errorf("%d bytes: at most %d", at.length, most)
	}
	body, err := a.bytes(span{0, 1<<63 - 1}, entry{offset: at.offset, length: at.length})
	if err == nil && a.head.packed == packedGzip {
		body, err = unpack(body, most)
	}
	return body, err
}

// bytes reads what lies within a part. The caller has bounded its length.
func (a *Archive) bytes(within span, e entry) ([]byte, error) {
	if e.offset > within.length || e.length > within.length-e.offset || within.offset > 1<<62 || e.offset > 1<<62 {
		return nil, errors.New("it lies beyond the file")
	}
	body := make([]byte, e.length)
	if n, err := a.file.ReadAt(body, int64(within.offset+e.offset)); n < len(body) {
		return nil, fmt.Errorf("the file is cut off: %w", err)
	}
	return body, nil
}

func unpack(body []byte, most int64) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	out, err := io.ReadAll(io.LimitReader(z, most+1))
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	if int64(len(out)) > most {
		return nil, fmt.Errorf("unpack: more than %d bytes", most)
	}
	return out, nil
}

var markup = regexp.MustCompile(`<[^>]*>`)

// attribution is what the metadata says, without its links. A map whose
// metadata cannot be read is a map all the same.
func (a *Archive) attribution() string {
	body, err := a.part(a.head.metadata, maxMetadata)
	if err != nil {
		return ""
	}
	var doc struct{ Attribution string }
	if json.Unmarshal(body, &doc) != nil {
		return ""
	}
	text := strings.Join(strings.Fields(html.UnescapeString(markup.ReplaceAllString(doc.Attribution, ""))), " ")
	if letters := []rune(text); len(letters) > 200 {
		text = string(letters[:199]) + "…"
	}
	return text
}
