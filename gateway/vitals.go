package gateway

import (
	"time"

	"matthan/gateway/video"
)

// FreezeAfter is the gap between two pictures from which viewers see a frozen one.
const FreezeAfter = 2 * time.Second

// Freeze is a gap between two pictures of a stream that went on.
type Freeze struct {
	At   time.Time // of the picture before it
	Long time.Duration
}

// vitals are a stream's counts since it is pulled.
type vitals struct {
	pictures, octets, lost, freezes uint64
	froze                           Freeze        // the last one
	format                          *video.Format // nil before the first picture
	quirks                          []Quirk       // of its source
}

// vitals are counted where pictures are published anyway.
func (s *Stream) vitals() vitals {
	s.mu.Lock()
	defer s.mu.Unlock()
	var quirks []Quirk
	if s.quirky != nil {
		quirks = s.quirky.Quirks()
	}
	v := vitals{quirks: quirks, pictures: s.last, octets: s.octets, lost: s.lost, freezes: s.freezes, froze: s.froze}
	if s.prev != nil {
		v.format = s.prev.Format
	}
	return v
}

// gap counts a freeze that au ends. The lock is held.
func (s *Stream) gap(au *video.AccessUnit) {
	if s.prev == nil {
		return
	}
	if long := au.Arrived.Sub(s.prev.Arrived); long > FreezeAfter {
		s.freezes++
		s.froze = Freeze{At: s.prev.Arrived, Long: long}
	}
}

// measurable is how much of a stream tells its rate: less is mostly its first
// key picture.
const measurable = 2 * time.Second

// bits is what the stream takes by what it keeps, bits a second; 0: not known yet.
func (s *Stream) bits() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.kept) == 0 {
		return 0
	}
	long := s.kept[len(s.kept)-1].Arrived.Sub(s.kept[0].Arrived)
	if long < measurable {
		return 0
	}
	return int(float64(s.bytes) * 8 / long.Seconds())
}
