package transcode

import (
	"context"
	"errors"
	"fmt"

	"matthan/gateway"
	"matthan/gateway/video"
)

// of is what a still is made of, the best first. The small stream's picture costs a
// third to decode.
func (k key) of(cam gateway.Camera) []gateway.Quality {
	if cam.Sub == "" || cam.Masked() || k.width == gateway.LargeStill { // see rung.of
		return []gateway.Quality{gateway.Main}
	}
	return []gateway.Quality{gateway.Sub, gateway.Main}
}

// pulled is the newest key picture of a camera's streams that are pulled anyway,
// nil for none.
func (s *Stills) pulled(cam gateway.Camera, of []gateway.Quality) *video.AccessUnit {
	for _, q := range of {
		if stream := s.hub.Behind().Pulled(gateway.StreamID{Camera: cam.ID, Quality: q}); stream != nil {
			if gop := stream.GOP(); len(gop) > 0 {
				return gop[0]
			}
		}
	}
	return nil
}

// glance pulls a stream that nobody watches until its first key picture.
func (s *Stills) glance(ctx context.Context, id gateway.StreamID) (*video.AccessUnit, error) {
	if err := enter(ctx, s.glances); err != nil {
		return nil, fmt.Errorf("wait for a pull: %w", gateway.ErrStillsBusy)
	}
	defer func() { <-s.glances }()
	if err := s.look.wait(ctx); err != nil {
		return nil, fmt.Errorf("wait for a pull: %w", gateway.ErrStillsBusy)
	}
	stream, release, err := s.hub.Behind().Glance(id)
	if err != nil {
		return nil, fmt.Errorf("pull the camera: %w", err)
	}
	defer release()
	ctx, cancel := context.WithTimeout(ctx, pictureWithin)
	defer cancel()
	news := make(news, 1)
	stream.Watch(news)
	defer stream.Unwatch(news)
	for {
		if gop := stream.GOP(); len(gop) > 0 {
			return gop[0], nil
		}
		if st := stream.State(); st.Phase == gateway.Offline {
			return nil, fmt.Errorf("pull the camera: %s", st.Cause)
		}
		select {
		case <-news:
		case <-ctx.Done():
			return nil, errors.New("pull the camera: no key picture came in time")
		}
	}
}

// news wakes who waits for a stream; its capacity is 1.
type news chan struct{}

// Wake implements gateway.Watcher.
func (n news) Wake(*gateway.Stream) {
	select {
	case n <- struct{}{}:
	default:
	}
}

// Patient implements gateway.Patient: who looks at the camera's own pictures has them
// before ffmpeg is given any.
func (n news) Patient() {}

// Bounds of what ffmpeg is given. A picture of 8K fits.
const maxPixels = 8192 * 4608

// rawFormats are ffmpeg's names of the formats in which a single picture comes.
var rawFormats = map[video.Codec]string{video.H264: "h264", video.H265: "hevc", video.JPEG: "mjpeg"}

// single is a key picture alone, as ffmpeg takes it in its format.
func single(au *video.AccessUnit) (format string, picture []byte, err error) {
	format = rawFormats[au.Codec]
	if format == "" || !au.Key || au.Format == nil {
		return "", nil, errors.New("this is no key picture of a codec that stills are made of")
	}
	if f := au.Format; f.Width*f.Height > maxPixels {
		return "", nil, fmt.Errorf("a picture of %dx%d pixels is too large for a still", f.Width, f.Height)
	}
	return format, unitOf(nil, au), nil
}
