package gateway

import (
	"context"
	"sync"
	"time"

	"matthan/gateway/video"
)

// askKeyWithin bounds how long a camera is asked for a key picture; after that
// its own next one is as near.
const askKeyWithin = 5 * time.Second

// beginning is the first picture of a source's run. Most cameras begin with a key
// picture; one that goes on in the middle of its GOP lets viewers wait for the
// next, and of some a GOP is ten seconds and more long. Such a camera is asked
// for one. That is when it plays: one made before PLAY would reach nobody.
type beginning struct {
	hub    *Hub
	camera Camera
	id     StreamID
	seen   bool
	asking sync.WaitGroup
}

// picture takes what the source publishes. It does not wait; what it starts ends
// with ctx.
func (b *beginning) picture(ctx context.Context, au *video.AccessUnit) {
	if b.seen {
		return
	}
	b.seen = true
	if au.Key || b.hub.AskKey == nil || b.camera.ONVIF.Address == "" {
		return
	}
	b.asking.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, askKeyWithin)
		defer cancel()
		if err := b.hub.AskKey(ctx, b.camera, b.id.Quality); err != nil {
			b.hub.log.Debug("camera was not asked for a key picture", "stream", b.id, "err", err)
		}
	})
}
