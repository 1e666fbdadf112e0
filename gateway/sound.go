package gateway

import (
	"maps"
	"slices"
	"sync"
	"time"

	"matthan/gateway/video"
)

// SoundCodec names the coding of a camera's sound.
type SoundCodec uint8

const (
	PCMU SoundCodec = 1 // G.711 µ-law, 8 kHz, one channel (RFC 3551 section 4.5.14)
	PCMA SoundCodec = 2 // G.711 A-law, likewise
	Opus SoundCodec = 3 // RFC 7587
	AAC  SoundCodec = 4 // ISO/IEC 14496-3, one access unit each (RFC 3640); viewers get Opus made of it, see Speech
)

func (c SoundCodec) String() string {
	switch c {
	case PCMU:
		return "PCMU"
	case PCMA:
		return "PCMA"
	case Opus:
		return "Opus"
	case AAC:
		return "AAC"
	}
	return "unknown"
}

// MaxSound bounds a Sound's payload, in bytes: what fits a packet to a viewer.
const MaxSound = video.MaxPayload

// MaxAAC bounds an access unit of AAC, in bytes: two channels' at their largest.
const MaxAAC = 1536

// Sound is one RTP packet's worth of a camera's sound. It is immutable once
// published; its payload is shared by every reader.
type Sound struct {
	Codec    SoundCodec
	Rate     int    // Hz, of PTS: the codec's RTP clock
	Payload  []byte // as it goes to viewers; 1 to MaxSound bytes, of AAC 1 to MaxAAC
	Config   []byte // AAC: its AudioSpecificConfig (ISO/IEC 14496-3 section 1.6.2.1), shared by all; never written
	PTS      int64  // the camera's RTP timestamp unwrapped; only differences mean anything
	Captured time.Time
	Clock    video.Clock // where Captured comes from
	Arrived  time.Time
	Number   uint64 // place in its stream, counted from 1; set by Sounds
}

// Sounding is a Source that takes its camera's sound along. Hear says who is
// given it, before Run: from one goroutine, which must not be held up.
type Sounding interface{ Hear(func(*Sound)) }

// Listener is told that there is more to hear. Hear is called with the Sounds
// unlocked and must not block.
type Listener interface{ Hear(*Sounds) }

// keptSounds is how many packets are kept for listeners that are a little late:
// over half a second of the usual 20 ms each.
const keptSounds = 32

// Sounds are the sound of one stream. They are apart from its pictures, which
// wait for nothing here. What nobody listens to is kept nowhere.
type Sounds struct {
	mu        sync.Mutex
	kept      [keptSounds]*Sound // by Number modulo its length
	last      uint64             // Number of the newest
	listeners map[Listener]int
	list      []Listener // the keys of listeners; replaced, never written in place
}

// Publish gives p, which the caller must not touch again, to whoever listens.
func (s *Sounds) Publish(p *Sound) {
	if len(p.Payload) == 0 || len(p.Payload) > MaxSound {
		return
	}
	s.mu.Lock()
	list := s.list
	if len(list) > 0 {
		s.last++
		p.Number = s.last
		s.kept[p.Number%keptSounds] = p
	}
	s.mu.Unlock()
	for _, l := range list {
		l.Hear(s)
	}
}

// Listen makes l a listener; each Listen wants an Unlisten. It returns the Number
// of the newest sound, after which l's begins.
func (s *Sounds) Listen(l Listener) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listeners == nil {
		s.listeners = map[Listener]int{}
	}
	s.listeners[l]++
	s.list = slices.Collect(maps.Keys(s.listeners))
	return s.last
}

// Unlisten takes one Listen back. A Hear that is under way may still come.
func (s *Sounds) Unlisten(l Listener) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listeners[l]--; s.listeners[l] <= 0 {
		delete(s.listeners, l)
		s.list = slices.Collect(maps.Keys(s.listeners))
	}
	if len(s.list) == 0 {
		s.kept = [keptSounds]*Sound{}
	}
}

// Heard says whether anybody listens.
func (s *Sounds) Heard() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.list) > 0
}

// Newest is the Number of the newest sound, 0 before the first.
func (s *Sounds) Newest() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

// After appends to dst the sounds after number that are still kept.
func (s *Sounds) After(dst []*Sound, number uint64) []*Sound {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last > keptSounds {
		number = max(number, s.last-keptSounds)
	}
	for n := number + 1; n <= s.last; n++ {
		if p := s.kept[n%keptSounds]; p != nil && p.Number == n {
			dst = append(dst, p)
		}
	}
	return dst
}

// Sounds are the stream's, the same for its whole life. Several streams of a camera
// may have the same.
func (s *Stream) Sounds() *Sounds { return s.sounds }

// soundsOf are those of a stream: its own, or of a rung those of what it is made of,
// which pass it by. Who listens goes on listening when the camera is pulled again.
// h.mu is held.
func (h *Hub) soundsOf(c Camera, q Quality) *Sounds {
	switch {
	case q == Low && c.Sub != "" && !c.Masked():
		q = Sub
	case !q.Own():
		q = Main
	}
	id := StreamID{Camera: c.ID, Quality: q}
	if h.sounds[id] == nil {
		h.sounds[id] = &Sounds{}
	}
	return h.sounds[id]
}
