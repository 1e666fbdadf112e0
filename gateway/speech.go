package gateway

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Speech makes sound that viewers hear out of sound that they do not: AAC, which
// no browser takes over RTP. It takes from in until ctx ends, and calls out from
// one goroutine. Its error says why it ended by itself.
type Speech func(ctx context.Context, in <-chan *Sound, out func(*Sound)) error

// Bounds of a stream's Speech.
const (
	speechQueue = 32               // packets that wait for it: two seconds
	speechLasts = 2 * time.Second  // how long it goes on when nobody listens
	speechAgain = 10 * time.Second // after it ended by itself
)

// speaker hands a source's sound to its stream, through a Speech where that is
// needed and only while somebody listens. hear is for the source's goroutine.
type speaker struct {
	speech Speech // nil: such sound is not heard
	sounds *Sounds
	log    *slog.Logger

	in    chan *Sound // to the one that runs, nil where none does
	stop  context.CancelFunc
	heard time.Time // when somebody listened last
	next  time.Time // before which none is begun
	ended chan struct{}
	wg    sync.WaitGroup
}

func (s *speaker) hear(p *Sound) {
	if p.Codec != AAC {
		s.sounds.Publish(p)
		return
	}
	now := time.Now()
	if s.in != nil {
		select {
		case <-s.ended:
			s.end()
			s.next = now.Add(speechAgain)
		default:
		}
	}
	if s.sounds.Heard() {
		s.heard = now
		if s.in == nil && s.speech != nil && !now.Before(s.next) {
			s.begin()
		}
	} else if s.in != nil && now.Sub(s.heard) > speechLasts {
		s.end()
	}
	select {
	case s.in <- p:
	default: // none runs, or it does not keep up
	}
}

func (s *speaker) begin() {
	ctx, stop := context.WithCancel(context.Background())
	in, ended := make(chan *Sound, speechQueue), make(chan struct{})
	s.in, s.stop, s.ended = in, stop, ended
	s.wg.Go(func() {
		defer close(ended)
		if err := s.speech(ctx, in, s.sounds.Publish); err != nil && ctx.Err() == nil {
			s.log.Warn("a camera's sound cannot be made into what viewers hear", "err", err)
		}
	})
}

func (s *speaker) end() {
	if s.in != nil {
		s.stop()
		s.in = nil
	}
}

// close ends what runs, and waits for it.
func (s *speaker) close() {
	s.end()
	s.wg.Wait()
}

// aacRates are the sampling frequencies by their index (ISO/IEC 14496-3 table
// 1.18).
var aacRates = [...]int{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350}

// AACRate is the sampling frequency, Hz, of the core that an AudioSpecificConfig
// describes; 0 where it is none that ADTS can carry.
func AACRate(config []byte) int {
	if len(config) < 2 {
		return 0
	}
	kind, index, channels := config[0]>>3, config[0]&7<<1|config[1]>>7, config[1]>>3&15
	// AAC Main, LC, SSR and LTP, and LC with SBR or PS on top.
	if (kind == 0 || kind > 5) && kind != 29 || int(index) >= len(aacRates) || channels == 0 || channels > 7 {
		return 0
	}
	return aacRates[index]
}

// ADTS is the header that goes before an access unit of size bytes (ISO/IEC
// 14496-3 section 1.A.2), for a config that AACRate knows.
func ADTS(config []byte, size int) [7]byte {
	kind, index, channels := config[0]>>3, config[0]&7<<1|config[1]>>7, config[1]>>3&15
	if kind > 4 {
		kind = 2
	}
	size += 7
	return [7]byte{0xff, 0xf1, (kind-1)<<6 | index<<2 | channels>>2, channels<<6 | byte(size>>11), byte(size >> 3), byte(size<<5) | 0x1f, 0xfc}
}
