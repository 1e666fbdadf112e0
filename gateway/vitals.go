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
