package rtsp

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"matthan/gateway"
	"matthan/gateway/video"
)

// Bounds of a camera's sound. G.711 is 8 kB a second, and AAC at its best 40.
// What is over them is not heard; the picture goes on.
const (
	soundRate  = 128 << 10     // bytes of packets in a second
	soundBurst = 4 * soundRate // at once
	maxChunk   = 4 << 10       // bytes of one packet of G.711, which is cut for viewers: half a second
)

// soundLine is what a description says of the sound that is taken.
type soundLine struct {
	kind    uint8 // payload type
	codec   gateway.SoundCodec
	rate    int // Hz, of its RTP timestamps
	control string
	config  string // AAC's AudioSpecificConfig, its bytes
	ticks   int64  // AAC: of an access unit
}

// soundOf finds the first sound of a description that viewers can hear. Its
// payload type tells it from the pictures, since channels cannot be relied on.
func soundOf(body []byte, pictures uint8) *soundLine {
	_, media := readSDP(body)
	for i := range media {
		m := &media[i]
		// sendonly is the loudspeaker (ONVIF Streaming Specification section 5.3).
		if !strings.EqualFold(m.media, "audio") || m.has("sendonly") || m.has("inactive") {
			continue
		}
		control := m.attribute("control")
		if control == "" || control == "*" {
			continue // it would be the pictures' again
		}
		for _, format := range m.formats {
			pt, err := strconv.ParseUint(format, 10, 7)
			if err != nil || uint8(pt) == pictures {
				continue
			}
			l := soundLine{kind: uint8(pt), control: control}
			if l.codec, l.rate = soundCodec(m, format); l.codec != 0 {
				return &l
			}
			if l.aac(m, format) {
				return &l
			}
		}
	}
	return nil
}

// soundCodec is the coding of a payload type and its clock, 0 where viewers
// cannot hear it.
func soundCodec(m *section, format string) (c gateway.SoundCodec, rate int) {
	_, clock, _ := strings.Cut(m.ofFormat("rtpmap", format), "/")
	clock = strings.TrimSuffix(strings.TrimSpace(clock), "/1")
	switch name := encoding(m, format); {
	case name == "PCMU" && (clock == "" || clock == "8000"):
		return gateway.PCMU, 8000
	case name == "PCMA" && (clock == "" || clock == "8000"):
		return gateway.PCMA, 8000
	case name == "OPUS" && strings.HasPrefix(clock, "48000"):
		return gateway.Opus, 48000
	}
	return 0, 0
}

// has says whether the section has an attribute without a value.
func (s *section) has(name string) bool {
	for _, a := range s.attributes {
		if strings.EqualFold(strings.TrimSpace(a), name) {
			return true
		}
	}
	return false
}

// withSound adds a line for the sound to a reduced description. gortsplib sees
// none of its packets, and would ask more of it than counts here.
func withSound(reduced []byte, l *soundLine) []byte {
	b := bytes.NewBuffer(reduced)
	fmt.Fprintf(b, "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 X-SOUND/%d\r\na=control:%s\r\n", l.rate, l.control)
	return b.Bytes()
}

// sounds takes a playing camera's packets of sound. It holds up no picture: its
// lock is its own.
type sounds struct {
	source  *Source
	line    soundLine
	publish func(*gateway.Sound)

	mu       sync.Mutex
	over     bool
	seen     bool
	ssrc     uint32
	sequence uint16 // of the last packet
	stamp    uint32 // likewise
	pts      int64  // stamp unwrapped
	bytes    meter  // that are heard
	all      meter
	flooded  bool
	clock    clock
}

// packet takes an RTP packet, whose memory stays the caller's. tooMuch is true
// where the camera sends more than it may of anything.
func (s *sounds) packet(h header, payload []byte, now time.Time) (tooMuch bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.over && s.all.over(now, max(len(payload), leastPacket), mediaRate, mediaBurst) {
		return true
	}
	if s.over || len(payload) == 0 || s.flood(len(payload), now) {
		return false
	}
	if s.seen {
		ahead := int16(h.sequence - s.sequence)
		if h.ssrc == s.ssrc && ahead <= 0 && ahead > -heldPackets {
			return false // it came already, or too late
		}
		s.pts += int64(int32(h.ts - s.stamp))
	}
	s.seen, s.ssrc, s.sequence, s.stamp = true, h.ssrc, h.sequence, h.ts
	captured, clock := s.clock.capture(s.ticks(s.pts), now)
	p := gateway.Sound{Codec: s.line.codec, Rate: s.line.rate, PTS: s.pts, Captured: captured, Clock: clock, Arrived: now}
	switch s.line.codec {
	case gateway.PCMU, gateway.PCMA:
		s.cut(p, payload)
	case gateway.AAC:
		s.unpack(p, payload)
	default:
		s.give(p, payload)
	}
	return false
}

func (s *sounds) flood(n int, now time.Time) bool {
	if !s.bytes.over(now, max(n, leastPacket), soundRate, soundBurst) {
		return false
	}
	s.bytes.level = soundBurst // so that it is heard again when the flood ends
	if !s.flooded {
		s.flooded = true
		s.source.log.Warn("camera sends more sound than one may; it is not heard", "address", s.source.address)
	}
	return true
}

// cut gives G.711 in pieces that fit a packet to a viewer: a sample is a byte.
func (s *sounds) cut(p gateway.Sound, payload []byte) {
	payload = payload[:min(len(payload), maxChunk)]
	pts, captured := p.PTS, s.began(p, int64(len(payload)))
	for at := 0; at < len(payload); at += piece {
		p.PTS = pts + int64(at)
		p.Captured = captured.Add(time.Duration(at) * time.Second / time.Duration(p.Rate))
		s.give(p, payload[at:min(at+piece, len(payload))])
	}
}

// piece is how much G.711 goes to viewers in a packet: 100 ms.
const piece = 800

// began is when the first of a packet's so many ticks was heard. By arrival that is
// before it by their time at least.
func (s *sounds) began(p gateway.Sound, ticks int64) time.Time {
	if p.Clock == video.ClockArrival {
		return p.Captured.Add(-time.Duration(ticks) * time.Second / time.Duration(s.line.rate))
	}
	return p.Captured
}

func (s *sounds) give(p gateway.Sound, payload []byte) {
	if most := gateway.MaxSound; len(payload) > most && (p.Codec != gateway.AAC || len(payload) > gateway.MaxAAC) {
		return
	}
	if p.Captured.After(p.Arrived) {
		p.Captured = p.Arrived
	}
	p.Payload = bytes.Clone(payload)
	s.publish(&p)
}

// report takes a sender report of the sound.
func (s *sounds) report(r report, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen && !s.over {
		s.clock.report(r.ntp, s.ticks(s.pts+int64(int32(r.rtp-s.stamp))), now)
	}
}

// owns says whether a report of this SSRC is the sound's.
func (s *sounds) owns(ssrc uint32) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen && s.ssrc == ssrc
}

// ticks is a timestamp by the pictures' clock, which the clock counts in.
func (s *sounds) ticks(pts int64) uint32 {
	rate := int64(s.line.rate)
	return uint32(pts/rate*clockRate + pts%rate*clockRate/rate)
}

func (s *sounds) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
}
