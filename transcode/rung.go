package transcode

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"matthan/gateway"
	"matthan/gateway/video"
)

// Bounds of a running rung.
const (
	hungAfter  = 3 * time.Second  // without a picture, while it is given some
	firstAfter = 10 * time.Second // likewise before its first: it decodes a whole GOP
	lateAfter  = time.Second      // what ffmpeg is behind by, before pictures are left out
	offlineFor = 5 * time.Second  // a camera that gives nothing is waited for, so that its cause is told
)

// rung is one run of what makes a stream out of another one of the same camera. It
// implements gateway.Source.
type rung struct {
	rungs  *Rungs
	camera gateway.Camera
	id     gateway.StreamID
}

// errAnew says that the pictures are others now, for which ffmpeg is started anew.
var errAnew = errors.New("the camera's pictures have another form now")

// upstream is the stream that a rung is made of.
type upstream struct {
	*gateway.Stream
	news    news
	release func()
}

func (u upstream) close() {
	u.Unwatch(u.news)
	u.release()
}

// of is what a rung is made of, the best first. A small rung is made of the small
// stream, which costs a quarter to decode, and of the other where that gives
// nothing. Of a camera with masks nothing is made of the small stream: with some
// makes it shows another part of the scene, and masks are drawn on the full one.
func (r *rung) of() []gateway.Quality {
	if r.id.Quality == gateway.Low && r.camera.Sub != "" && !r.camera.Masked() {
		return []gateway.Quality{gateway.Sub, gateway.Main}
	}
	return []gateway.Quality{gateway.Main}
}

// Run implements gateway.Source. Its error has the cause of the stream that it is
// made of where that gives nothing.
func (r *rung) Run(ctx context.Context, publish func(*video.AccessUnit)) error {
	select {
	case <-r.rungs.tested:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if r.rungs.broken != nil {
		return gateway.Fail(gateway.CauseRung, r.rungs.broken)
	}
	if r.rungs.hopeless(r.id, r.camera.Masked(), time.Now()) {
		r.rungs.refused.Add(1)
		return errRungsFull
	}
	up, err := r.open(ctx)
	if err != nil {
		return err
	}
	defer up.close()
	for {
		gop, err := up.wait(ctx)
		if err != nil {
			return err
		}
		if err := r.session(ctx, up, gop, publish); !errors.Is(err, errAnew) {
			return err
		}
	}
}

// open opens what the rung is made of, and waits until it can be begun with.
func (r *rung) open(ctx context.Context) (up upstream, err error) {
	for _, q := range r.of() {
		up = upstream{news: make(news, 1)}
		up.Stream, up.release, err = r.rungs.hub.Behind().Open(gateway.StreamID{Camera: r.camera.ID, Quality: q})
		if err != nil {
			continue
		}
		up.Watch(up.news)
		if _, err = up.wait(ctx); err == nil {
			return up, nil
		}
		up.close()
		if ctx.Err() != nil {
			return up, context.Cause(ctx)
		}
	}
	if errors.Is(err, gateway.ErrNotFound) {
		err = gateway.Fail(gateway.CauseNoStream, err)
	}
	return up, err
}

// wait waits for a GOP to begin with. It is over when another try of the camera's
// has failed, or none was made within offlineFor.
func (u upstream) wait(ctx context.Context) ([]*video.AccessUnit, error) {
	begun := u.State()
	t := time.NewTimer(offlineFor)
	defer t.Stop()
	for {
		if gop := u.GOP(); len(gop) > 0 {
			return gop, nil
		}
		if st := u.State(); st.Phase == gateway.Offline && (st != begun || st.Cause == gateway.CauseMasked) {
			return nil, offline(st)
		}
		select {
		case <-u.news:
		case <-t.C:
			if st := u.State(); st.Phase == gateway.Offline {
				return nil, offline(st)
			}
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

func offline(st gateway.State) error {
	return gateway.Fail(st.Cause, errors.New("the stream that the rung is made of gives nothing"))
}

// plan is how the rung is made of these pictures.
func (r *rung) plan(gop []*video.AccessUnit, from uint32) (plan, error) {
	f := gop[0].Format
	if f == nil || matroskaCodec[f.Codec] == "" || f.Codec != gop[0].Codec {
		return plan{}, gateway.Fail(gateway.CauseCodec, fmt.Errorf("no rung is made of %v", gop[0].Codec))
	}
	if f.Width <= 0 || f.Height <= 0 || f.Width*f.Height > maxPixels {
		return plan{}, gateway.Fail(gateway.CauseCodec, fmt.Errorf("a picture of %dx%d pixels is too large for a rung", f.Width, f.Height))
	}
	p := plan{in: *f, rate: rateOf(gop), masks: r.camera.Masks, mark: r.id.Mark, from: from}
	p.width, p.height = sizeOf(r.id.Quality, f.Width, f.Height)
	return p, nil
}

// Pictures a second that are believed.
const (
	usualRate = 25
	leastRate = 5
	mostRate  = 60
)

// rateOf is about how many pictures come a second.
func rateOf(gop []*video.AccessUnit) float64 {
	n := len(gop) - 1
	if n < 1 {
		return usualRate
	}
	last := gop[0].PTS
	for _, au := range gop { // B-frames are decoded in another order
		last = max(last, au.PTS)
	}
	long := float64(last-gop[0].PTS) / 90000
	if long <= 0 {
		return usualRate
	}
	return min(max(float64(n)/long, leastRate), mostRate)
}

// session is one process: from its start to its end.
func (r *rung) session(ctx context.Context, up upstream, gop []*video.AccessUnit, publish func(*video.AccessUnit)) error {
	outer := ctx
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	feed := newFeeder(up, gop)
	plan, err := r.plan(gop, feed.from())
	if err != nil {
		return err
	}
	place, err := r.rungs.room.enter(ctx, plan.cost(), r.camera.Masked(), end)
	if err != nil {
		r.rungs.refused.Add(1)
		r.rungs.weighed(r.id, plan.cost(), time.Now())
		return err
	}
	defer r.rungs.room.leave(place)
	c, err := startChild(ctx, r.rungs.path, plan.arguments(r.rungs.encoder), memoryOf(plan.in.Width, plan.in.Height))
	if err != nil {
		r.rungs.failed.Add(1)
		return gateway.Fail(gateway.CauseRung, err)
	}
	r.rungs.count(c)
	var parts sync.WaitGroup
	parts.Go(func() { end(feed.run(ctx, &plan, c.in)) })
	parts.Go(func() { end(feed.mind(ctx)) })
	err = read(c, feed, publish)
	if ctx.Err() == nil {
		select { // that it ended says more than that nothing can be read
		case <-c.ended:
		case <-time.After(100 * time.Millisecond):
		}
	}
	end(err)
	r.rungs.discount(c, c.wait())
	parts.Wait()
	switch cause := context.Cause(ctx); {
	case outer.Err() != nil, errors.Is(cause, errAnew), gateway.CauseOf(cause) != gateway.CauseInternal:
		return cause
	default:
		r.rungs.failed.Add(1)
		return gateway.Fail(gateway.CauseRung, fmt.Errorf("%w: %w", cause, c.err))
	}
}

// read publishes what ffmpeg makes until it ends.
func read(c *child, feed *feeder, publish func(*video.AccessUnit)) error {
	f := flv{r: bufio.NewReaderSize(c.out, 64<<10)}
	for {
		p, err := f.next()
		if err != nil {
			return fmt.Errorf("read what ffmpeg makes: %w", err)
		}
		in, ok := feed.taken(p.at)
		if !ok {
			return fmt.Errorf("ffmpeg made a picture of %d ms, and was given none", p.at)
		}
		publish(&video.AccessUnit{Codec: video.H264, Payloads: video.Packetize(p.nalus, video.MaxPayload), Format: f.format,
			PTS: in.pts, Captured: in.captured, Clock: in.clock, Arrived: in.arrived, Key: p.key})
	}
}
