package transcode

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"time"

	"matthan/gateway"
)

// Bounds of a process that makes sound. It takes a hundredth of a core.
const (
	maxSpeaking  = 32              // processes at once
	speaksWithin = 8 * time.Second // to the first packet, and between two
)

// ErrSpeaking is the answer where as many cameras' sounds are made as may be.
var ErrSpeaking = errors.New("as many cameras' AAC is made into Opus as may be")

// Sound makes Opus of cameras' AAC: for each camera that somebody listens to a
// process of its own, so that nobody hears another camera's.
type Sound struct {
	path  string
	turns chan struct{} // holds one for each process
}

// NewSound makes it; nil where the program, a name or path, cannot be found: such
// sound is not heard then.
func NewSound(ffmpeg string) *Sound {
	path, err := exec.LookPath(ffmpeg)
	if ffmpeg == "" || err != nil {
		return nil
	}
	return &Sound{path: path, turns: make(chan struct{}, maxSpeaking)}
}

// soundArguments have ffmpeg read ADTS from its standard input and write Opus in
// Ogg to its standard output, each packet at once. It may use no other protocol.
func soundArguments() []string {
	return []string{"-v", "error", "-nostdin", "-hide_banner", "-threads", "1", "-filter_threads", "1",
		"-probesize", "32", "-analyzeduration", "0", "-fflags", "nobuffer", "-flags", "low_delay",
		"-protocol_whitelist", "pipe", "-f", "aac", "-i", "pipe:0",
		"-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-ac", "1", "-ar", "48000",
		"-c:a", "libopus", "-b:a", "32k", "-application", "lowdelay", "-frame_duration", "20", "-threads", "1",
		"-f", "ogg", "-page_duration", "20000", "-flush_packets", "1", "pipe:1"}
}

// Speak is a gateway.Speech.
func (s *Sound) Speak(ctx context.Context, in <-chan *gateway.Sound, out func(*gateway.Sound)) error {
	select {
	case s.turns <- struct{}{}:
		defer func() { <-s.turns }()
	default:
		return ErrSpeaking
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	hung := time.AfterFunc(speaksWithin, func() { cancel(errors.New("ffmpeg hangs")) })
	defer hung.Stop()
	said := &bounded{most: maxSaid, cut: true}
	cmd := exec.CommandContext(ctx, s.path, soundArguments()...)
	cmd.Stderr = said
	cmd.Env = []string{}
	cmd.WaitDelay = time.Second
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("start ffmpeg: %w", err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("start ffmpeg: %w", err)
	}
	// A process is to die with the thread that started it, which must not end before.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	confine(cmd)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start ffmpeg: %w", err)
	}
	times := &soundTimes{}
	fed := make(chan struct{})
	go func() { // ends with ctx, or when the process takes no more
		defer close(fed)
		defer func() { _ = stdin.Close() }()
		feed(ctx, stdin, in, times)
	}()
	err = readOgg(bufio.NewReaderSize(stdout, 16<<10), func(packet []byte, samples int) error {
		hung.Reset(speaksWithin)
		if p := times.sound(packet, samples); p != nil {
			out(p)
		}
		return nil
	})
	cancel(err)
	<-fed
	_ = cmd.Wait()
	if cause := context.Cause(ctx); err == nil {
		err = cause
	}
	return fmt.Errorf("ffmpeg makes no sound: %w: %s", err, said.line())
}

// feed writes access units until ctx ends.
func feed(ctx context.Context, w io.Writer, in <-chan *gateway.Sound, times *soundTimes) {
	var config string
	for {
		select {
		case p := <-in:
			if gateway.AACRate(p.Config) == 0 || config != "" && config != string(p.Config) {
				return
			}
			config = string(p.Config)
			times.fed(p)
			head := gateway.ADTS(p.Config, len(p.Payload))
			if _, err := w.Write(append(head[:], p.Payload...)); err != nil {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}
