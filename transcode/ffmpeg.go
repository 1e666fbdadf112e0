package transcode

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/jpeg"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"matthan/gateway"
	"matthan/gateway/video"
)

// Bounds of one process. A still takes a sixth of a second; where everything that
// goes first takes all cores, seconds.
const (
	ranWithin = 10 * time.Second
	maxJPEG   = 1 << 20
	maxSaid   = 500 // bytes of what it says on standard error
)

// arguments have ffmpeg read one picture from its standard input and write it to
// its standard output, with masks drawn. It may use no other protocol: neither files
// nor the network. A picture that is damaged is none: half of it would be grey, or
// made up.
func arguments(format string, width int, masks []gateway.Mask) []string {
	return []string{"-v", "error", "-nostdin", "-hide_banner", "-xerror",
		"-threads", "1", "-filter_threads", "1", "-err_detect", "explode", "-protocol_whitelist", "pipe", "-f", format, "-i", "pipe:0",
		"-frames:v", "1", "-an", "-sn", "-dn", "-map_metadata", "-1", "-vf", fmt.Sprintf("%sscale=w='min(%d,iw)':h=-2", chain(masks), width),
		"-c:v", "mjpeg", "-q:v", "5", "-threads", "1", "-f", "mjpeg", "pipe:1"}
}

// program is ffmpeg, and how long one process of it may take.
type program struct {
	path   string
	within time.Duration
}

// decode makes a still of a key picture by a process that lives for it alone. It
// ends with ctx, and in its time, however it hangs.
func (p program) decode(ctx context.Context, au *video.AccessUnit, width int, masks []gateway.Mask) (gateway.Still, error) {
	format, picture, err := single(au)
	if err != nil {
		return gateway.Still{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, p.within)
	defer cancel()
	out, said := &bounded{most: maxJPEG}, &bounded{most: maxSaid, cut: true}
	cmd := exec.CommandContext(ctx, p.path, arguments(format, width, masks)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(picture), out, said
	cmd.Env = []string{}        // nothing of ours
	cmd.WaitDelay = time.Second // for pipes that something else may hold
	// A process is to die with the thread that started it, which must not end before.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	confine(cmd)
	if err := cmd.Start(); err != nil {
		return gateway.Still{}, fmt.Errorf("start ffmpeg: %w", err)
	}
	yield(cmd.Process.Pid)
	if err := cmd.Wait(); err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return gateway.Still{}, fmt.Errorf("ffmpeg made no picture: %w: %s", err, said.line())
	}
	is, err := jpeg.DecodeConfig(bytes.NewReader(out.b))
	if err != nil || !bytes.HasSuffix(out.b, []byte{0xff, 0xd9}) || is.Width > width {
		return gateway.Still{}, errors.New("ffmpeg made no whole JPEG: is another program configured for it?")
	}
	return gateway.Still{JPEG: bytes.Clone(out.b), Width: is.Width, Height: is.Height, Captured: au.Captured}, nil
}

// bounded takes at most so many bytes. What is over is an error, or is cut.
type bounded struct {
	b    []byte
	most int
	cut  bool
}

func (w *bounded) Write(p []byte) (int, error) {
	room := w.most - len(w.b)
	if len(p) <= room {
		w.b = append(w.b, p...)
		return len(p), nil
	}
	w.b = append(w.b, p[:room]...)
	if w.cut {
		return len(p), nil
	}
	return room, errors.New("more than a still can have")
}

// line is what was written, on one line.
func (w *bounded) line() string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(string(w.b), "?")), " ")
}
