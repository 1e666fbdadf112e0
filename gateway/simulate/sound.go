package simulate

import (
	_ "embed"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// Sounds are what Options.Sound may be, beside "": a tone of 1 kHz for a tenth of
// a second at each whole second of the wall clock, and silence between.
func Sounds() []string { return []string{"pcmu", "pcma", "opus", "aac"} }

// Encoded by "ffmpeg -c:a libopus -b:a 24k" and "-c:a aac -b:a 24k -ar 16000",
// the tone so much earlier that it is decoded at its time; each packet behind its
// length in two bytes. A second of one and eight of the other.
var (
	//go:embed sounds/beep.opus
	beepOpus []byte
	//go:embed sounds/beep.aac
	beepAAC []byte
)

// beep is a sound that goes round.
type beep struct {
	packets [][]byte
	lasts   time.Duration // of each
	ticks   uint32        // of RTP in each
	format  format.Format
}

func newBeep(name string) (*beep, error) {
	switch name {
	case "pcmu", "pcma":
		mu := name == "pcmu"
		f := &format.G711{PayloadTyp: 8, MULaw: mu, SampleRate: 8000, ChannelCount: 1}
		if mu {
			f.PayloadTyp = 0
		}
		return &beep{tones(mu), 20 * time.Millisecond, 160, f}, nil
	case "opus":
		return &beep{packetsOf(beepOpus), 20 * time.Millisecond, 960, &format.Opus{PayloadTyp: 97, ChannelCount: 1}}, nil
	case "aac":
		f := &format.Generic{PayloadTyp: 97, RTPMa: "mpeg4-generic/16000/1", FMT: map[string]string{"mode": "AAC-hbr", "config": "1408",
			"profile-level-id": "1", "sizelength": "13", "indexlength": "3", "indexdeltalength": "3"}}
		if err := f.Init(); err != nil {
			return nil, fmt.Errorf("describe the sound: %w", err)
		}
		b := &beep{nil, 64 * time.Millisecond, 1024, f}
		for _, p := range packetsOf(beepAAC) { // RFC 3640 section 3.3.6: one access unit behind its header
			b.packets = append(b.packets, append([]byte{0, 16, byte(len(p) >> 5), byte(len(p) << 3)}, p...))
		}
		return b, nil
	}
	return nil, fmt.Errorf("unknown sound %q: one of %v", name, Sounds())
}

func packetsOf(b []byte) (all [][]byte) {
	for len(b) > 2 {
		n := int(binary.BigEndian.Uint16(b))
		all = append(all, b[2:2+n])
		b = b[2+n:]
	}
	return all
}

// tones are a second of G.711.
func tones(mu bool) (all [][]byte) {
	for p := range 50 {
		b := make([]byte, 160)
		for i := range b {
			s := 0.0
			if n := p*160 + i; n < 800 {
				s = 0.5 * math.Sin(2*math.Pi*1000*float64(n)/8000)
			}
			b[i] = companded(int(s*32767), mu)
		}
		all = append(all, b)
	}
	return all
}

// companded is a sample in G.711 (ITU-T G.711 tables 1a and 2a).
func companded(s int, mu bool) byte {
	sign := byte(0)
	if s < 0 {
		s, sign = -s-1, 0x80
	}
	if mu {
		s = min(s, 32635) + 132
	}
	exponent := 7
	for mask := 0x4000; s&mask == 0 && exponent > 0; mask >>= 1 {
		exponent--
	}
	shift := exponent + 3
	if !mu && exponent == 0 {
		shift = 4
	}
	code := byte(exponent<<4) | byte(s>>shift&0x0f)
	if mu {
		return ^(sign | code)
	}
	return (sign ^ 0x80 | code) ^ 0x55
}

// media describes the sound as the second track.
func (b *beep) media() *description.Media {
	return &description.Media{Type: description.MediaTypeAudio, Control: "trackID=1", Formats: []format.Format{b.format}}
}

// speak sends the sound until the session ends, each packet when its end was
// heard, if the reader asked for it.
func (p *session) speak(m *description.Media, b *beep) {
	if !slices.Contains(p.rtsp.SetuppedMedias(), m) {
		return
	}
	ssrc := p.stream.Stats().Medias[m].Formats[b.format].LocalSSRC
	h := rtp.Header{Version: 2, PayloadType: b.format.PayloadType(), SSRC: ssrc, SequenceNumber: uint16(rand.Uint32())}
	base := rand.Uint32()
	n := uint64(time.Now().Add(-p.server.delayed()).UnixNano()) / uint64(b.lasts)
	octets := uint32(0)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for sent := uint32(0); ; {
		select {
		case <-p.stop:
			return
		case <-timer.C:
		}
		taken := time.Unix(0, int64(n*uint64(b.lasts)))
		if wait := time.Until(taken.Add(b.lasts + p.server.delayed())); wait > 0 {
			timer.Reset(min(wait, pollInterval))
			continue
		}
		timer.Reset(0)
		payload := b.packets[n%uint64(len(b.packets))]
		h.SequenceNumber++
		h.Timestamp = base + uint32(n)*b.ticks
		n++
		if p.server.silent.Load() {
			continue
		}
		header := h
		_ = p.rtsp.WritePacketRTP(m, &rtp.Packet{Header: header, Payload: payload}) // a full queue drops it
		sent++
		octets += uint32(len(payload))
		if !p.server.options.NoReports && sent%uint32(time.Second/b.lasts) == 1 {
			_ = p.rtsp.WritePacketRTCP(m, &rtcp.SenderReport{SSRC: ssrc, NTPTime: ntp(taken.Add(p.server.wrong(taken))), RTPTime: h.Timestamp,
				PacketCount: sent, OctetCount: octets})
		}
	}
}
