package transcode

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"time"
)

// memoryOf bounds the address space of a process that makes a rung: ffmpeg with its
// libraries, and some tens of pictures.
func memoryOf(width, height int) uint64 { return 1<<30 + 100*uint64(width)*uint64(height) }

// child is one ffmpeg that runs for long, fed by us. It ends with the context that
// it was started with.
type child struct {
	in, out *os.File // ours
	said    *bounded
	pid     int
	ended   chan struct{}
	err     error         // why it ended; after ended
	used    time.Duration // of CPU; likewise
	keeper  sync.WaitGroup
}

// startChild starts it. Who started it calls wait.
func startChild(ctx context.Context, path string, args []string, memory uint64) (*child, error) {
	inR, inW, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make a pipe: %w", err)
	}
	outR, outW, err := os.Pipe()
	if err != nil {
		_, _ = inR.Close(), inW.Close()
		return nil, fmt.Errorf("make a pipe: %w", err)
	}
	c := &child{in: inW, out: outR, said: &bounded{most: maxSaid, cut: true}, ended: make(chan struct{})}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = inR, outW, c.said
	cmd.Env = []string{}
	cmd.WaitDelay = time.Second
	started := make(chan error)
	c.keeper.Go(func() {
		// A process is to die with the thread that started it, which must not end before.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		confine(cmd)
		err := cmd.Start()
		_, _ = inR.Close(), outW.Close()
		if err == nil {
			c.pid = cmd.Process.Pid
			bound(c.pid, memory)
		}
		started <- err
		if err != nil {
			return
		}
		err = cmd.Wait()
		if err == nil {
			err = errors.New("it ended by itself")
		}
		c.err = fmt.Errorf("ffmpeg: %w: %s", err, c.said.line())
		c.used = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		close(c.ended)
	})
	if err := <-started; err != nil {
		c.keeper.Wait()
		_, _ = inW.Close(), outR.Close()
		return nil, fmt.Errorf("start ffmpeg: %w", err)
	}
	// Nobody waits at a pipe for longer than ctx, whoever else may hold its other end.
	context.AfterFunc(ctx, func() {
		_, _ = inW.SetWriteDeadline(time.Now()), outR.SetReadDeadline(time.Now())
	})
	return c, nil
}

// wait waits for its end, after its context has ended, and says what it used.
func (c *child) wait() time.Duration {
	c.keeper.Wait()
	_, _ = c.in.Close(), c.out.Close()
	return c.used
}
