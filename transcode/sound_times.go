package transcode

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"matthan/gateway"
)

// opusRate is Opus's RTP clock, Hz (RFC 7587 section 4.1).
const opusRate = 48000

// keptTimes is how many access units' times are remembered: over two seconds.
const keptTimes = 64

// soundTimes tells when what comes out of a process went in: by the samples of
// each access unit, since ffmpeg leaves none out and adds its encoder's delay alone.
type soundTimes struct {
	mu      sync.Mutex
	n       int64                     // access units that went in
	lasts   int64                     // samples of each at 48 kHz
	fedAt   [keptTimes]*gateway.Sound // by their number
	skip    int64                     // samples of the encoder's delay
	samples int64                     // that came out
}

func (t *soundTimes) fed(p *gateway.Sound) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lasts = 1024 * opusRate / int64(gateway.AACRate(p.Config))
	t.fedAt[t.n%keptTimes] = p
	t.n++
}

// sound is a packet of Opus, which has so many samples. It is nil for what is to
// be passed over.
func (t *soundTimes) sound(packet []byte, samples int) *gateway.Sound {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.samples == 0 && samples < 0 {
		t.skip = int64(-samples) // of OpusHead
		return nil
	}
	at := max(0, t.samples-t.skip)
	t.samples += int64(samples)
	if t.lasts == 0 || len(packet) > gateway.MaxSound {
		return nil
	}
	unit := at / t.lasts
	p := t.fedAt[unit%keptTimes]
	if p == nil || unit >= t.n || unit < t.n-keptTimes {
		return nil
	}
	into := at % t.lasts
	return &gateway.Sound{Codec: gateway.Opus, Rate: opusRate, Payload: bytes.Clone(packet),
		PTS:      p.PTS/int64(p.Rate)*opusRate + p.PTS%int64(p.Rate)*opusRate/int64(p.Rate) + into,
		Captured: p.Captured.Add(time.Duration(into) * time.Second / opusRate), Clock: p.Clock, Arrived: time.Now()}
}

// Bounds of Ogg (RFC 3533 section 6).
const (
	oggHead   = 27
	maxPacket = 4 << 10 // bytes; Opus has at most 1275 a frame, and its headers some hundred
)

var errOgg = errors.New("what it writes is no Opus in Ogg")

// readOgg takes the packets of Opus out of Ogg until r ends, with their samples at
// 48 kHz; that of OpusHead with the encoder's delay, below zero (RFC 7845). The
// packet's memory holds for the call.
func readOgg(r io.Reader, take func(packet []byte, samples int) error) error {
	var head [oggHead]byte
	var sizes [255]byte
	packet := make([]byte, 0, maxPacket)
	for n := 0; ; {
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return fmt.Errorf("read: %w", err)
		}
		if string(head[:4]) != "OggS" || head[4] != 0 {
			return errOgg
		}
		segments := sizes[:head[26]]
		if _, err := io.ReadFull(r, segments); err != nil {
			return fmt.Errorf("read: %w", err)
		}
		for _, size := range segments {
			if len(packet)+int(size) > maxPacket {
				return errOgg
			}
			at := len(packet)
			packet = packet[:at+int(size)]
			if _, err := io.ReadFull(r, packet[at:]); err != nil {
				return fmt.Errorf("read: %w", err)
			}
			if size == 255 {
				continue // it goes on
			}
			samples, err := opusSamples(packet, n)
			if err == nil && samples != 0 {
				err = take(packet, samples)
			}
			if err != nil {
				return err
			}
			n++
			packet = packet[:0]
		}
	}
}

// opusSamples is how long the n-th packet of a stream is (RFC 6716 section 3.1).
func opusSamples(p []byte, n int) (int, error) {
	switch {
	case n == 0:
		if len(p) < 19 || string(p[:8]) != "OpusHead" {
			return 0, errOgg
		}
		return -max(1, int(binary.LittleEndian.Uint16(p[10:]))), nil
	case n == 1:
		return 0, nil // OpusTags
	case len(p) == 0:
		return 0, errOgg
	}
	frame := 0
	switch config := p[0] >> 3; {
	case config < 12: // SILK: 10, 20, 40, 60 ms
		frame = [...]int{480, 960, 1920, 2880}[config&3]
	case config < 16: // hybrid: 10, 20
		frame = 480 << (config & 1)
	default: // CELT: 2.5, 5, 10, 20
		frame = 120 << (config & 3)
	}
	frames := 1
	switch p[0] & 3 {
	case 1, 2:
		frames = 2
	case 3:
		if len(p) < 2 || p[1]&63 == 0 {
			return 0, errOgg
		}
		frames = int(p[1] & 63)
	}
	return frame * frames, nil
}
