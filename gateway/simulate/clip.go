package simulate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"time"
)

// Bounds of a set of clips, so that a wrong file is an error and not a full memory.
const (
	maxClips     = 64
	maxClipList  = 1 << 20  // bytes of clips.json
	maxClipBytes = 32 << 20 // bytes of one encoding
	maxPictures  = 512      // what 9 bits in the pixels can count
)

// clipInfo is an entry of clips.json.
type clipInfo struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	NameEN   string     `json:"name_en"`
	Scene    int        `json:"scene"` // as in the pixels
	Time     string     `json:"time"`
	Pictures int        `json:"pictures"`
	FPS      int        `json:"fps"`
	Kind     string     `json:"kind"`
	Position [2]float64 `json:"position"`
}

// clip is one recording in two encodings. It is immutable.
type clip struct {
	clipInfo
	main, sub *track
}

func (c *clip) track(q Quality) *track {
	if q == Sub {
		return c.sub
	}
	return c.main
}

// period is the time from a picture to the next.
func (c *clip) period() time.Duration { return time.Second / time.Duration(c.FPS) }

// track is one encoding of a clip.
type track struct {
	codec         codec
	vps, sps, pps []byte // vps of H.265 alone, none of JPEG
	pictures      []picture
}

// picture is one access unit of a track.
type picture struct {
	head   [][]byte // NAL units ahead of the slices: parameter sets, SEI
	slices [][]byte
	key    bool // an IDR picture with its parameter sets
}

// keyAt is the place of the last key picture at or before i. The first picture
// of a track is one.
func (t *track) keyAt(i int) int {
	for i > 0 && !t.pictures[i].key {
		i--
	}
	return i
}

// loadClips reads the first n clips of files, all of them where there are fewer.
func loadClips(files fs.FS, n int) ([]*clip, error) {
	b, err := readFile(files, "clips.json", maxClipList)
	if err != nil {
		return nil, err
	}
	var infos []clipInfo
	if err := json.Unmarshal(b, &infos); err != nil {
		return nil, fmt.Errorf("read clips.json: %w", err)
	}
	if len(infos) == 0 || len(infos) > maxClips {
		return nil, fmt.Errorf("clips.json lists %d clips, expected 1 to %d", len(infos), maxClips)
	}
	clips := make([]*clip, 0, min(n, len(infos)))
	for _, info := range infos[:min(n, len(infos))] {
		c, err := loadClip(files, info)
		if err != nil {
			return nil, fmt.Errorf("clip %q: %w", info.ID, err)
		}
		clips = append(clips, c)
	}
	return clips, nil
}

func loadClip(files fs.FS, info clipInfo) (*clip, error) {
	if info.ID == "" || path.Base(info.ID) != info.ID {
		return nil, errors.New("the id is not a plain name")
	}
	// A whole number of nanoseconds and of RTP ticks keeps the grid exact.
	if info.FPS < 1 || info.FPS > 60 || 90000%info.FPS != 0 || int(time.Second)%info.FPS != 0 {
		return nil, fmt.Errorf("%d pictures a second are not possible", info.FPS)
	}
	if info.Pictures < 1 || info.Pictures > maxPictures {
		return nil, fmt.Errorf("%d pictures, expected 1 to %d", info.Pictures, maxPictures)
	}
	c := &clip{clipInfo: info}
	for _, q := range []Quality{Main, Sub} {
		b, err := readFile(files, fmt.Sprintf("%s.%s.h264", info.ID, q), maxClipBytes)
		if err != nil {
			return nil, err
		}
		t, err := parseTrack(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q, err)
		}
		if len(t.pictures) != info.Pictures {
			return nil, fmt.Errorf("%s has %d pictures, clips.json says %d", q, len(t.pictures), info.Pictures)
		}
		if q == Main {
			c.main = t
		} else {
			c.sub = t
		}
	}
	for i := range c.main.pictures {
		if c.main.pictures[i].key != c.sub.pictures[i].key {
			return nil, fmt.Errorf("main and sub do not agree whether picture %d is a key picture", i)
		}
	}
	return c, nil
}

func readFile(files fs.FS, name string, limit int64) ([]byte, error) {
	info, err := fs.Stat(files, name)
	if err != nil {
		return nil, fmt.Errorf("read clips: %w", err)
	}
	if info.Size() > limit {
		return nil, fmt.Errorf("%s has %d bytes, at most %d are possible", name, info.Size(), limit)
	}
	b, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("read clips: %w", err)
	}
	return b, nil
}

// parseTrack splits an Annex B byte stream into access units. The NAL units
// share b's memory.
func parseTrack(b []byte) (*track, error) {
	t := &track{}
	var head [][]byte
	for _, n := range splitAnnexB(b) {
		switch kind := n[0] & 0x1f; kind {
		case 1, 5: // a slice
			if len(n) < 2 {
				return nil, errors.New("a slice without a header")
			}
			// first_mb_in_slice is ue(v): a leading one bit is 0, the first slice of a picture.
			if n[1]&0x80 == 0 {
				if len(t.pictures) == 0 || len(head) > 0 {
					return nil, errors.New("a picture without its first slice")
				}
				p := &t.pictures[len(t.pictures)-1]
				p.slices = append(p.slices, n)
				continue
			}
			if len(t.pictures) == maxPictures {
				return nil, fmt.Errorf("more than %d pictures", maxPictures)
			}
			key := kind == 5 && hasType(head, 7) && hasType(head, 8)
			t.pictures = append(t.pictures, picture{head: head, slices: [][]byte{n}, key: key})
			head = nil
		case 7:
			if t.sps == nil {
				t.sps = n
			}
			head = append(head, n)
		case 8:
			if t.pps == nil {
				t.pps = n
			}
			head = append(head, n)
		case 9: // Access unit delimiters say nothing that RTP does not; cameras send none.
		default:
			head = append(head, n)
		}
	}
	if len(t.pictures) == 0 || !t.pictures[0].key || len(t.sps) < 4 {
		return nil, errors.New("it does not begin with SPS, PPS and an IDR picture")
	}
	return t, nil
}

func hasType(nalus [][]byte, kind byte) bool {
	for _, n := range nalus {
		if n[0]&0x1f == kind {
			return true
		}
	}
	return false
}

// splitAnnexB returns the NAL units of a byte stream (H.264 annex B), none of
// them empty.
func splitAnnexB(b []byte) [][]byte {
	code := []byte{0, 0, 1}
	var out [][]byte
	i := bytes.Index(b, code)
	if i < 0 {
		return nil
	}
	b = b[i+3:]
	for len(b) > 0 {
		n := b
		if i := bytes.Index(b, code); i >= 0 {
			n, b = b[:i], b[i+3:]
		} else {
			b = nil
		}
		// Zero bytes after a NAL unit belong to the next start code or to nothing;
		// a NAL unit never ends in one.
		if n = bytes.TrimRight(n, "\x00"); len(n) > 0 {
			out = append(out, n)
		}
	}
	return out
}
