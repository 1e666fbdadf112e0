package gateway

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"matthan/gateway/video"
)

// startKeyHub is a hub that asks for key pictures.
func startKeyHub(t *testing.T, run script, ask func(context.Context, Camera, Quality) error) *Hub {
	t.Helper()
	return startHub(t, Limits{Linger: time.Second}, func(CameraID) script { return run }, func(h *Hub) { h.AskKey = ask })
}

func TestACameraThatBeginsWithinItsGOPIsAskedForAKeyPicture(t *testing.T) {
	for name, c := range map[string]struct {
		first bool // key picture
		want  int32
	}{"within": {false, 1}, "with a key picture": {true, 0}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var asked atomic.Int32
				key := make(chan struct{}, 1)
				h := startKeyHub(t, func(ctx context.Context, publish func(*video.AccessUnit)) error {
					for i := 0; ctx.Err() == nil; i++ {
						is := i == 0 && c.first || i == 250
						select {
						case <-key:
							is = true
						default:
						}
						publish(&video.AccessUnit{PTS: int64(i) * 3600, Arrived: time.Now(), Key: is, Payloads: [][]byte{{1}}})
						time.Sleep(40 * time.Millisecond)
					}
					return context.Cause(ctx)
				}, func(_ context.Context, c Camera, q Quality) error {
					if c.ID != "one" || q != Main {
						t.Errorf("%s %s was asked", c.ID, q)
					}
					asked.Add(1)
					key <- struct{}{}
					return nil
				})
				s, release := open(t, h, "one")
				pass(100 * time.Millisecond)
				if s.State().Phase != Live || asked.Load() != c.want {
					t.Errorf("%s after 100 ms, asked %d times", s.State().Phase, asked.Load())
				}
				release()
				pass(10 * time.Second)
			})
		})
	}
}

// A camera that does not answer in ONVIF costs its pull nothing, and the asking
// ends with the pull.
func TestAskingForAKeyPictureDelaysNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asking, ended atomic.Int32
		h := startKeyHub(t, func(ctx context.Context, publish func(*video.AccessUnit)) error {
			for i := 0; ctx.Err() == nil; i++ {
				publish(&video.AccessUnit{PTS: int64(i) * 3600, Arrived: time.Now(), Key: i == 2, Payloads: [][]byte{{1}}})
				time.Sleep(40 * time.Millisecond)
			}
			return context.Cause(ctx)
		}, func(ctx context.Context, _ Camera, _ Quality) error {
			asking.Add(1)
			<-ctx.Done()
			ended.Add(1)
			return ctx.Err()
		})
		s, release := open(t, h, "one")
		pass(90 * time.Millisecond)
		if s.State().Phase != Live || asking.Load() != 1 || ended.Load() != 0 {
			t.Errorf("%s, asking %d, ended %d", s.State().Phase, asking.Load(), ended.Load())
		}
		release()
		pass(time.Second + 50*time.Millisecond)
		if h.Pulls() != 0 || ended.Load() != 1 {
			t.Errorf("%d pulls go on, ended %d", h.Pulls(), ended.Load())
		}
		_, release = open(t, h, "one")
		pass(askKeyWithin + time.Second)
		if asking.Load() != 2 || ended.Load() != 2 {
			t.Errorf("asking %d, ended %d", asking.Load(), ended.Load())
		}
		release()
		pass(2 * time.Second)
	})
}
