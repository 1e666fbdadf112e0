package doctor

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"matthan/gateway"
	"matthan/gateway/rtsp"
	"matthan/gateway/video"
)

// Bounds of an examination.
const (
	Longest = 12 * time.Second // of all of it, whatever the camera does
	Usual   = 10 * time.Second // of the look at the pictures

	dialWait   = 3 * time.Second
	answerWait = 4 * time.Second
	otherWait  = 2500 * time.Millisecond // for the first packet over the other carrier
	parting    = 700 * time.Millisecond  // of Longest, for saying goodbye
)

var errEnough = errors.New("enough was seen")

// Examine looks at a camera for so long, and longer until a whole GOP was seen, at
// most Longest in all. It makes at most three connections at a time, and ten one
// after the other where the address is no stream. A login that the camera refuses
// is tried once. An address with a login in it is not examined.
func Examine(ctx context.Context, cfg rtsp.Config, look time.Duration) Observation {
	ctx, cancel := context.WithTimeout(ctx, Longest-parting)
	defer cancel()
	cfg.DialTimeout, cfg.ReadTimeout = dialWait, answerWait
	o := Observation{Address: masked(cfg.URL, cfg.Login), LoginGiven: cfg.Login != (gateway.Login{})}
	d, err := rtsp.Describe(ctx, cfg)
	if err != nil && d.Contact == rtsp.ContactRTSP && (gateway.CauseOf(err) == gateway.CauseNoStream || gateway.CauseOf(err) == gateway.CauseProtocol) {
		if to, is, ok := search(ctx, cfg, guess(cfg.URL, d)); ok {
			cfg.URL, d, err = to, is, nil
			o.Main = streamOf(to, cfg.Login, is)
		}
	}
	o.Description, o.Make = d, guess(cfg.URL, d)
	if err != nil {
		o.fail(err)
		return o
	}
	var beside sync.WaitGroup
	var other besides
	played := make(chan struct{})
	plays := slices.Contains([]string{"H264", "H265", "JPEG"}, videoOf(d).Codec)
	beside.Go(func() { other.look(ctx, cfg, plays, played) })
	if plays {
		o.watch(ctx, cfg, look, played)
	} else {
		o.Failed = gateway.CauseCodec
		if videoOf(d) == (rtsp.Media{}) {
			o.Failed = gateway.CauseNoVideo
		}
		close(played)
	}
	beside.Wait()
	other.into(&o, cfg)
	return o
}

// fail keeps why there is nothing to be seen.
func (o *Observation) fail(err error) {
	o.Failed, o.Detail = gateway.CauseOf(err), err.Error()
	if errors.Is(err, context.DeadlineExceeded) {
		o.Failed = gateway.CauseUnreachable
	}
}

// watch plays the stream and keeps what is seen of it. It closes played when the
// camera plays, or will not.
func (o *Observation) watch(ctx context.Context, cfg rtsp.Config, look time.Duration, played chan struct{}) {
	var seen Examiner
	var plays atomic.Bool
	began := time.Now()
	once := sync.OnceFunc(func() { close(played) })
	defer once()
	cfg.Plays = func(gateway.Transport) {
		plays.Store(true)
		seen.Plays(time.Now())
		once()
	}
	cfg.Reports = seen.Report
	src, err := rtsp.New(cfg)
	if err != nil {
		o.fail(gateway.Fail(gateway.CauseInternal, err))
		return
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	err = src.Run(ctx, func(au *video.AccessUnit) {
		seen.Picture(au)
		if au.Arrived.Sub(began) >= look && seen.Series(au.Arrived).GOPs > 0 {
			stop(errEnough)
		}
	})
	now := time.Now()
	o.Plays, o.Looked, o.Series = plays.Load(), now.Sub(began), seen.Series(now)
	st := src.Stats()
	o.Carrier, o.Packets, o.Lost, o.Broken, o.Quirks = st.Transport, st.Packets, st.Lost, st.Broken, src.Quirks()
	switch {
	case o.Series.Pictures == 0:
		if o.fail(err); o.Plays && errors.Is(err, context.DeadlineExceeded) {
			o.Failed = gateway.CauseSilent
		}
	case ctx.Err() == nil:
		o.Broke, o.Detail = gateway.CauseOf(err), err.Error()
	}
}

// search tries the well-known addresses of main streams at a camera that does not
// know the one that was given.
func search(ctx context.Context, cfg rtsp.Config, is Make) (to string, d rtsp.Description, ok bool) {
	for _, to := range starts(cfg.URL, is) {
		cfg.URL = to
		d, err := rtsp.Describe(ctx, cfg)
		if err == nil && videoOf(d) != (rtsp.Media{}) {
			return to, d, true
		}
		if c := gateway.CauseOf(err); err != nil && c != gateway.CauseNoStream && c != gateway.CauseProtocol {
			return "", d, false // a login that is refused must not be tried again
		}
	}
	return "", rtsp.Description{}, false
}

// besides is what is found out while the stream is watched.
type besides struct {
	tried bool   // it is known whether there is another stream
	url   string // of the other stream; "" where there is none
	given string // what the address that was given is: main or sub
	is    rtsp.Description
	over  Answer // whether it plays over the carrier that is not used
	full  bool   // it gave no further session
}

// look asks for the other stream, and then for this one over the other carrier, if
// it can be played at all.
func (b *besides) look(ctx context.Context, cfg rtsp.Config, plays bool, played chan struct{}) {
	select {
	case <-played: // some cameras take one newcomer at a time
	case <-ctx.Done():
		return
	}
	if to, given := sibling(cfg.URL); to != "" {
		other := cfg
		other.URL, b.given = to, given
		d, err := rtsp.Describe(ctx, other)
		b.described(to, d, err)
	}
	if !plays || strings.HasPrefix(cfg.URL, "rtsps:") || ctx.Err() != nil {
		return
	}
	if cfg.Transport == gateway.UDP {
		cfg.Transport = gateway.TCP
	} else {
		cfg.Transport = gateway.UDP
	}
	src, err := rtsp.New(cfg)
	if err != nil {
		return
	}
	wait, stop := context.WithTimeout(ctx, otherWait)
	defer stop()
	err = src.Run(wait, func(*video.AccessUnit) { stop() })
	c := gateway.CauseOf(err)
	switch {
	case src.Stats().Packets > 0:
		b.over = Yes
	case ctx.Err() != nil:
	case c == gateway.CauseFull:
		b.full = true
	case c == gateway.CauseProtocol, c == gateway.CauseSilent, errors.Is(err, context.DeadlineExceeded):
		b.over = No // all else, such as a connection that ends, is about something else
	}
}

// described takes what became of the question for the other stream.
func (b *besides) described(url string, d rtsp.Description, err error) {
	c := gateway.CauseOf(err)
	switch {
	case err == nil && videoOf(d) != (rtsp.Media{}):
		b.url, b.is, b.tried = url, d, true
	case err == nil, c == gateway.CauseNoStream, c == gateway.CauseProtocol:
		b.tried = true
	case c == gateway.CauseFull:
		b.full = true
	}
}

func (b *besides) into(o *Observation, cfg rtsp.Config) {
	o.SubTried = b.tried && b.given == "main"
	o.Last = b.full && o.Series.Pictures > 0 && o.Broke == ""
	if o.Broke != "" && b.over == No { // the camera may have been gone
		b.over = ""
	}
	switch {
	case cfg.Transport == gateway.UDP:
		o.TCP = b.over
	case o.Carrier == gateway.UDP:
		o.TCP = No // it was tried first
	default:
		o.UDP = b.over
	}
	if o.Carrier == gateway.UDP {
		o.UDP = Yes
	}
	this := streamOf(cfg.URL, cfg.Login, o.Description)
	switch {
	case b.given == "sub":
		o.Sub = this
		if b.url != "" {
			o.Main = streamOf(b.url, cfg.Login, b.is)
		}
	case b.url != "":
		o.Sub = streamOf(b.url, cfg.Login, b.is)
	}
}

// streamOf is what a description says of a stream.
func streamOf(address string, login gateway.Login, d rtsp.Description) *Stream {
	m := videoOf(d)
	s := &Stream{URL: masked(address, login), Codec: m.Codec}
	if m.Format != nil {
		s.Width, s.Height = m.Format.Width, m.Format.Height
	}
	return s
}

// videoOf is the stream that would be played: the first H.264, else the first
// video, else the zero Media.
func videoOf(d rtsp.Description) (first rtsp.Media) {
	for _, m := range d.Medias {
		switch {
		case m.Kind == "video" && m.Codec == "H264":
			return m
		case m.Kind == "video" && first == (rtsp.Media{}):
			first = m
		}
	}
	return first
}
