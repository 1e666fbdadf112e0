package rtsp

import (
	"fmt"
	"sync"
	"time"

	"matthan/gateway"
	"matthan/gateway/video"
)

// maxUnreadable is how many packets in a row may be unreadable.
const maxUnreadable = 200

// assembler makes access units of packets: a video.Assembler or a
// video.AssemblerJPEG.
type assembler interface {
	Push(video.Packet, func(*video.AccessUnit, video.Timing))
	Restart()
	Counters() video.Counters
	Traits() video.Traits
}

func newAssembler(sent outline) assembler {
	switch sent.codec {
	case video.H265:
		return video.NewAssemblerH265(sent.sets...)
	case video.JPEG:
		return video.NewAssemblerJPEG(sent.width, sent.height)
	}
	return video.NewAssembler(sent.sets...)
}

// media takes a playing camera's packets, over TCP or UDP, and publishes the
// pictures in them.
type media struct {
	source  *Source
	publish func(*video.AccessUnit)
	end     func(gateway.Cause, string) // ends the connection; the first reason counts
	sent    outline                     // of the description
	sounds  *sounds                     // nil where none are taken

	mu        sync.Mutex // over UDP reports come beside pictures, and packets may come over TCP all the same
	over      bool       // nothing is taken any more
	heard     time.Time  // when a packet came last
	assembler assembler
	counted   video.Counters // of the assembler, already in Stats
	emitted   func(*video.AccessUnit, video.Timing)

	seen     bool   // a packet of the pictures came
	ssrc     uint32 // of the last one
	sequence uint16 // likewise
	highest  uint32 // sequence number with its cycles, for receiver reports
	changed  bool   // the SSRC did, once at least
	bad      int    // packets in a row that could not be read
	bytes    meter  // of packets
	units    meter  // pictures
	clock    clock
	trusted  time.Time // when the camera's clock was found good last
}

func newMedia(s *Source, publish func(*video.AccessUnit), end func(gateway.Cause, string), sent outline) *media {
	now := time.Now()
	m := &media{source: s, publish: publish, end: end, sent: sent, assembler: newAssembler(sent)}
	if sent.sound != nil {
		m.sounds = &sounds{source: s, line: *sent.sound, publish: s.hear}
	}
	m.heard, m.trusted, m.emitted = now, now, m.emit
	return m
}

// packet takes an RTP or RTCP packet, whose memory stays the caller's. sound
// says that it came where the camera said that it sends its sound.
func (m *media) packet(b []byte, sound bool) {
	now := time.Now()
	if m.sounds != nil && m.heardSound(b, sound, now) {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.over {
		return
	}
	m.heard = now
	if m.bytes.over(now, max(len(b), leastPacket), mediaRate, mediaBurst) {
		m.flood(fmt.Sprintf("more than %d Mbit/s", mediaRate*8>>20))
		return
	}
	if isRTCP(b) {
		if r, ok := readReport(b); ok {
			m.report(r, now)
		}
		return
	}
	h, payload, ok := readRTP(b)
	switch {
	case !ok:
		m.unreadable("no RTP")
	case h.kind != m.sent.kind:
		m.unreadable(fmt.Sprintf("payload type %d, where the description says %d", h.kind, m.sent.kind))
	default:
		m.bad = 0
		m.picture(h, payload, now)
	}
}

// heardSound takes a packet of the sound, which is no sign of pictures. It is
// false for all others.
func (m *media) heardSound(b []byte, sound bool, now time.Time) bool {
	if isRTCP(b) {
		r, ok := readReport(b)
		if !ok || !sound && !m.sounds.owns(r.ssrc) {
			return sound
		}
		m.sounds.report(r, now)
		return true
	}
	h, payload, ok := readRTP(b)
	if !ok || h.kind != m.sent.sound.kind {
		return false
	}
	if m.sounds.packet(h, payload, now) {
		m.sounds.end()
		m.end(gateway.CauseProtocol, fmt.Sprintf("the camera sends more than %d Mbit/s of sound", mediaRate*8>>20))
	}
	return true
}

// flood ends the connection to a camera that sends more than one may.
func (m *media) flood(what string) {
	m.over = true
	m.end(gateway.CauseProtocol, "the camera sends "+what)
}

// unreadable ends the connection when nothing else comes.
func (m *media) unreadable(why string) {
	if m.bad++; m.bad == maxUnreadable {
		m.over = true
		m.end(gateway.CauseProtocol, fmt.Sprintf("%d packets in a row cannot be read: %s", maxUnreadable, why))
	}
}

// picture takes a packet of the pictures. Its SSRC does not count: Uniview
// cameras send 0, or another one from every key picture on.
func (m *media) picture(h header, payload []byte, now time.Time) {
	c := &m.source.counts
	c.packets.Add(1)
	c.bytes.Add(uint64(len(payload)))
	if m.seen && h.ssrc != m.ssrc {
		m.changed = true
		if h.sequence != m.sequence+1 {
			m.assembler.Restart()
		}
	}
	if m.changed || h.ssrc == 0 {
		m.source.met(gateway.QuirkSSRC)
	}
	m.highest += uint32(h.sequence - uint16(m.highest))
	m.seen, m.ssrc, m.sequence = true, h.ssrc, h.sequence
	m.assembler.Push(video.Packet{
		Sequence: h.sequence, Timestamp: h.ts, Marker: h.marker, Payload: payload, Arrived: now,
	}, m.emitted)
	if now := m.assembler.Counters(); now != m.counted {
		c.lost.Add(now.Lost - m.counted.Lost)
		c.broken.Add(now.Broken - m.counted.Broken)
		if m.counted.Unsupported == 0 && now.Unsupported > 0 {
			m.source.log.Warn("camera sends RTP packets of a kind that is not supported", "address", m.source.address)
		}
		m.counted = now
	}
}

func (m *media) emit(au *video.AccessUnit, t video.Timing) {
	if m.over || m.units.over(t.First, 1, unitsRate, unitsBurst) {
		if !m.over {
			m.flood(fmt.Sprintf("more than %d pictures a second", unitsRate))
		}
		return
	}
	au.Captured, au.Clock = m.clock.capture(t.RTP, t.First)
	m.source.counts.units.Add(1)
	m.publish(au)
}

// report takes a sender report, of the pictures where their SSRC can be relied on.
func (m *media) report(r report, now time.Time) {
	if !m.seen || m.changed || m.ssrc == r.ssrc {
		if f := m.source.cfg.Reports; f != nil {
			f(Report{Camera: ntpTime(r.ntp, now), RTP: r.rtp, Arrived: now})
		}
		m.clock.report(r.ntp, r.rtp, now)
	}
}

// Bounds of what is looked at from the side.
const (
	reportsWithin = 30 * time.Second // in which a camera with a good clock has reported it: most do every 5 s
	oftenEnough   = 3                // times that something is met, before it is no accident
)

// look ends the connection to a camera that has fallen silent.
func (m *media) look(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.over {
		return
	}
	if now.Sub(m.heard) >= m.source.cfg.ReadTimeout {
		m.over = true
		m.end(gateway.CauseSilent, "play: no packets came")
		return
	}
	m.judge(now)
}

// ended looks once more when nothing comes any longer.
func (m *media) ended() {
	if m.sounds != nil {
		m.sounds.end()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.over = true
	m.judge(time.Now())
}

// judge names what the camera does. m.mu is held.
func (m *media) judge(now time.Time) {
	if m.clock.trusted(now) {
		m.trusted = now
	}
	late := now.Sub(m.trusted) > reportsWithin
	t := m.assembler.Traits()
	for _, q := range []struct {
		met  bool
		name gateway.Quirk
	}{
		{late && m.clock.reported, gateway.QuirkClock},
		{late && !m.clock.reported, gateway.QuirkNoReports},
		{t.StartCodes > 0, gateway.QuirkStartCodes},
		{t.Interleaved > 0 || t.Headless >= oftenEnough, gateway.QuirkFragments},
		{t.Markers > 0, gateway.QuirkMarker},
		{t.Timestamps >= oftenEnough, gateway.QuirkTimestamps},
		{t.Mode1 && !m.sent.fragmented, gateway.QuirkMode},
		{t.Keys >= oftenEnough && t.SPS == 0 && m.sent.codec != video.JPEG, gateway.QuirkSets},
		{t.Changed > 0, gateway.QuirkSetsChange},
		{t.BSlices, gateway.QuirkReorder},
	} {
		if q.met {
			m.source.met(q.name)
		}
	}
}

// receiverReport tells the camera over UDP what came of its packets.
func (m *media) receiverReport(ours uint32) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	return receiverReport(ours, m.ssrc, m.highest, m.counted.Lost)
}
