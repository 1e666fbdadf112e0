package rtc

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"matthan/gateway"
)

// ear is the audio line of a peer: an outbound RTP stream whose sequence numbers
// and timestamps run on whatever tile it hears. What a camera sends goes through
// as it is. It keeps nothing and repairs nothing: a packet of 20 ms that is lost
// is over before it could be asked for. Only who has its shard's turn touches it,
// but for the fields of its track.
type ear struct {
	peer   *Peer
	writer webrtc.TrackLocalWriter
	ssrc   uint32
	types  map[gateway.SoundCodec]uint8 // payload types negotiated

	tile  *tile                      // heard; nil: none
	of    gateway.CameraID           // whose sound alone may be
	heard map[*gateway.Sounds]uint64 // of the tile's streams: the Number that was looked at last

	next     uint64 // packet index
	last     *gateway.Sound
	source   *gateway.Sounds // last's
	shift    uint32          // RTP timestamp minus PTS
	lastTS   uint32
	lastAt   time.Time
	packets  uint32
	octets   uint32
	reported time.Time
	batch    []*gateway.Sound
}

// soundJump is how far a camera's timestamps of sound may be from its packets'
// arrival before they are given anew: then the camera has begun again.
const soundJump = 500 * time.Millisecond

// listen has the peer hear a tile while it shows the camera, or none.
func (e *ear) listen(t *tile, of gateway.CameraID) {
	e.of = of
	if e.tile != nil {
		for _, f := range []feed{e.tile.feed, e.tile.next} {
			if f.stream != nil {
				e.turnFrom(f.stream.Sounds())
			}
		}
		e.tile.ear = nil
	}
	e.tile = t
	if t == nil {
		return
	}
	t.ear = e
	for _, f := range []feed{t.feed, t.next} {
		if f.stream != nil {
			e.turnTo(f.stream.Sounds())
		}
	}
}

// turnTo and turnFrom follow the streams that the tile holds.
func (e *ear) turnTo(from *gateway.Sounds) {
	s := e.peer.shard
	if s.ears[from] == nil {
		s.ears[from] = map[*ear]bool{}
		from.Listen(s)
	}
	if !s.ears[from][e] {
		s.ears[from][e] = true
		e.heard[from] = from.Newest()
	}
}

// shares says whether the tile holds another stream with the same sound as st.
func (t *tile) shares(st *gateway.Stream) bool {
	for _, f := range []feed{t.feed, t.next} {
		if f.stream != nil && f.stream != st && f.stream.Sounds() == st.Sounds() {
			return true
		}
	}
	return false
}

func (e *ear) turnFrom(from *gateway.Sounds) {
	s := e.peer.shard
	if !s.ears[from][e] {
		return
	}
	delete(e.heard, from)
	delete(s.ears[from], e)
	if len(s.ears[from]) == 0 {
		delete(s.ears, from)
		from.Unlisten(s)
	}
}

// hear sends what has come since of a stream, if that is what the tile shows.
func (e *ear) hear(from *gateway.Sounds, now time.Time) {
	t := e.tile
	if t == nil || t.stream == nil || t.stream.ID().Camera != e.of || t.stream.Sounds() != from || !t.open || e.writer == nil {
		e.heard[from] = from.Newest()
		return
	}
	e.batch = from.After(e.batch[:0], e.heard[from])
	for _, p := range e.batch {
		e.heard[from] = p.Number
		e.send(from, p, now)
	}
	clear(e.batch)
}

func (e *ear) send(from *gateway.Sounds, p *gateway.Sound, now time.Time) {
	pt, ok := e.types[p.Codec]
	if !ok {
		return
	}
	begins := e.begins(from, p)
	if begins {
		at := rand.Uint32()
		if e.last != nil {
			at = e.lastTS + uint32(min(max(now.Sub(e.lastAt), 20*time.Millisecond), time.Hour)*time.Duration(p.Rate)/time.Second)
		}
		e.shift = at - uint32(p.PTS)
		e.reported = time.Time{}
	}
	e.last, e.source, e.lastTS, e.lastAt = p, from, uint32(p.PTS)+e.shift, now
	e.write(pt, begins, p.Payload)
	e.packets++
	e.octets += uint32(len(p.Payload))
	if now.Sub(e.reported) >= reportEvery {
		e.reported = now
		e.report()
	}
}

// begins says whether p does not follow what was sent last.
func (e *ear) begins(from *gateway.Sounds, p *gateway.Sound) bool {
	l := e.last
	if l == nil || e.source != from || l.Codec != p.Codec || l.Rate != p.Rate || p.PTS <= l.PTS {
		return true
	}
	step := time.Duration(p.PTS-l.PTS) * time.Second / time.Duration(p.Rate)
	off := step - p.Arrived.Sub(l.Arrived)
	return off > soundJump || off < -soundJump
}

func (e *ear) write(pt uint8, marker bool, payload []byte) {
	p := &e.peer.path
	if p.seal == nil {
		h := rtp.Header{Version: 2, PayloadType: pt, Marker: marker, SequenceNumber: uint16(e.next), Timestamp: e.lastTS, SSRC: e.ssrc}
		_, _ = e.writer.WriteRTP(&h, payload) // lost, as on the wire
	} else {
		h := header{pt: pt, marker: marker, ts: e.lastTS, ssrc: e.ssrc}
		b := p.seal.append(e.peer.shard.out.room(len(payload)+overhead), &h, e.next, payload)
		e.peer.deliver(b, len(b))
	}
	e.next++
}

// report tells the viewer over RTCP when the sound was taken, by the same clock
// as the pictures (see tile.report).
func (e *ear) report() {
	sr := &rtcp.SenderReport{SSRC: e.ssrc, NTPTime: ntp(e.last.Captured), RTPTime: e.lastTS, PacketCount: e.packets, OctetCount: e.octets}
	_ = e.peer.pc.WriteRTCP([]rtcp.Packet{sr})
}

// Hear implements gateway.Listener, as Wake does for pictures: a few ears the
// camera's goroutine serves, more of them the shard's.
func (s *shard) Hear(from *gateway.Sounds) {
	if s.turn.TryLock() {
		if n := len(s.ears[from]); n <= s.inline {
			defer s.turn.Unlock()
			s.sound(from, time.Now())
			s.out.flush()
			return
		}
		s.turn.Unlock()
	}
	s.mu.Lock()
	known := s.loud[from]
	s.loud[from] = true
	s.mu.Unlock()
	if !known {
		s.do(func(now time.Time) {
			s.mu.Lock()
			delete(s.loud, from)
			s.mu.Unlock()
			s.sound(from, now)
		})
	}
}

// sound gives ears what came. The turn is held.
func (s *shard) sound(from *gateway.Sounds, now time.Time) {
	for e := range s.ears[from] {
		e.hear(from, now)
	}
}

// Listen has the peer hear a camera while a tile shows it; -1 is none. Whether it
// may is for the caller to know. ErrNoTile where there is no such tile; false where
// no offer had an audio line.
func (p *Peer) Listen(n int, of gateway.CameraID) (bool, error) {
	if n < -1 || n >= len(p.tiles) {
		return false, ErrNoTile
	}
	e := p.ear
	if e == nil {
		return false, nil
	}
	var t *tile
	if n >= 0 {
		t = p.tiles[n]
	}
	p.shard.do(func(time.Time) {
		if !p.over {
			e.listen(t, of)
		}
	})
	return true, nil
}

// soundTrack is an ear's webrtc.TrackLocal.
type soundTrack struct{ e *ear }

// addEar makes the sender of sound, where an offer has a line for it.
func (p *Peer) addEar() error {
	if p.ear != nil {
		return nil
	}
	e := &ear{peer: p, heard: map[*gateway.Sounds]uint64{}}
	if _, err := p.pc.AddTransceiverFromTrack(&soundTrack{e}, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}); err != nil {
		return fmt.Errorf("add the sound's track: %w", err)
	}
	p.ear = e
	return nil
}

// Bind implements webrtc.TrackLocal.
func (k *soundTrack) Bind(c webrtc.TrackLocalContext) (first webrtc.RTPCodecParameters, err error) {
	types := map[gateway.SoundCodec]uint8{}
	for _, codec := range c.CodecParameters() {
		for mime, is := range map[string]gateway.SoundCodec{
			webrtc.MimeTypePCMU: gateway.PCMU, webrtc.MimeTypePCMA: gateway.PCMA, webrtc.MimeTypeOpus: gateway.Opus,
		} {
			if strings.EqualFold(codec.MimeType, mime) && types[is] == 0 {
				if len(types) == 0 {
					first = codec
				}
				types[is] = uint8(codec.PayloadType)
			}
		}
	}
	if len(types) == 0 {
		return first, webrtc.ErrUnsupportedCodec
	}
	writer, ssrc := c.WriteStream(), uint32(c.SSRC())
	k.e.peer.shard.do(func(time.Time) { k.e.writer, k.e.ssrc, k.e.types = writer, ssrc, types })
	return first, nil
}

// Unbind implements webrtc.TrackLocal.
func (k *soundTrack) Unbind(webrtc.TrackLocalContext) error {
	k.e.peer.shard.do(func(time.Time) { k.e.writer = nil })
	return nil
}

// ID implements webrtc.TrackLocal.
func (k *soundTrack) ID() string { return "sound" }

// StreamID implements webrtc.TrackLocal: a MediaStream of its own, since a
// browser that has pictures and sound in one holds back the pictures for it.
func (k *soundTrack) StreamID() string { return "sound" }

// RID implements webrtc.TrackLocal.
func (k *soundTrack) RID() string { return "" }

// Kind implements webrtc.TrackLocal.
func (k *soundTrack) Kind() webrtc.RTPCodecType { return webrtc.RTPCodecTypeAudio }
