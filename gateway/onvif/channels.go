package onvif

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"matthan/gateway"
)

// maxChannels is how many channels of a recorder are taken.
const maxChannels = 128

// minSubWidth is the least width of a sub stream, in pixels: smaller ones show
// nothing in a tile.
const minSubWidth = 320

// Channel is one picture of a device: that of a camera, or of one of a
// recorder's.
type Channel struct {
	Source   string    // token of the video source
	Profiles []Profile // all of it, in the device's order

	Main    Profile  // the largest H.264; where there is none, the largest of what there is
	Sub     *Profile // the smallest H.264 from 320 pixels of width, below Main; nil: none
	MainURL string
	SubURL  string

	H265Only bool // none of its profiles is H.264, and one is H.265
}

// Stream chooses a channel's profile by quality.
func (c Channel) Stream(q gateway.Quality) (p Profile, url string, ok bool) {
	if q == gateway.Sub {
		if c.Sub == nil {
			return Profile{}, "", false
		}
		return *c.Sub, c.SubURL, true
	}
	return c.Main, c.MainURL, true
}

// Group puts profiles together by video source, in the device's order, and
// chooses a main and a sub among each as an administrator would. Addresses are
// not asked for.
func Group(profiles []Profile) (out []Channel) {
	place := map[string]int{}
	for _, p := range profiles {
		i, ok := place[p.Source]
		if !ok {
			if len(out) == maxChannels {
				continue
			}
			i = len(out)
			place[p.Source] = i
			out = append(out, Channel{Source: p.Source})
		}
		out[i].Profiles = append(out[i].Profiles, p)
	}
	for i := range out {
		out[i].choose()
	}
	return out
}

func (p Profile) area() int { return p.Width * p.Height }

// rank says how well an encoding can be shown; H.264 is what browsers play.
func (p Profile) rank() int {
	return slices.Index([]Codec{MPEG4, JPEG, UnknownCodec, H265, H264}, p.Codec)
}

func (c *Channel) choose() {
	c.Main = slices.MaxFunc(c.Profiles, func(a, b Profile) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.area(), b.area()))
	})
	c.H265Only = c.Main.Codec == H265
	for _, p := range c.Profiles {
		small := p.Codec == c.Main.Codec && p.Width >= minSubWidth && p.area() < c.Main.area()
		if small && (c.Sub == nil || p.area() < c.Sub.area()) {
			c.Sub = &p
		}
	}
}

// Channels asks for the device's channels with the addresses of their streams. A
// channel whose main stream has none, as one of a recorder with nothing plugged
// in, is left out, unless all are.
func (d *Device) Channels(ctx context.Context) ([]Channel, error) {
	profiles, err := d.Profiles(ctx)
	if err != nil {
		return nil, err
	}
	channels := Group(profiles)
	if len(channels) == 0 {
		return nil, gateway.Fail(gateway.CauseNoVideo, errors.New("the device has no profile with a picture"))
	}
	failed := make([]error, len(channels))
	places := make(chan struct{}, parallel)
	var wg sync.WaitGroup
	for i := range channels {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			failed[i] = d.address(ctx, &channels[i])
		})
	}
	wg.Wait()
	var out []Channel
	for i, c := range channels {
		if failed[i] == nil {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return nil, failed[0]
	}
	return out, nil
}

// address asks where a channel's streams are. A sub without an address is none.
func (d *Device) address(ctx context.Context, c *Channel) (err error) {
	if c.MainURL, err = d.StreamURL(ctx, c.Main); err != nil {
		return err
	}
	if c.Sub == nil {
		return nil
	}
	if c.SubURL, err = d.StreamURL(ctx, *c.Sub); err != nil || c.SubURL == c.MainURL {
		c.Sub, c.SubURL = nil, ""
	}
	return nil
}
