package gateway

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"matthan/gateway/video"
)

func TestACameraThatWasNeverWatchedHasNoPageInTheDiary(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := startHub(t, Limits{}, func(CameraID) script { return playing })
		pass(time.Minute)
		if d := h.Day("one"); d.Care() != CareUnknown || !d.Checked.IsZero() || len(h.diary.pages) != 0 {
			t.Errorf("%v, %d pages", d.Care(), len(h.diary.pages))
		}
	})
}

func TestAnOutageIsKeptFromItsFirstMomentToTheNextPicture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var broken atomic.Bool
		h := startHub(t, Limits{}, func(CameraID) script {
			return func(ctx context.Context, publish func(*video.AccessUnit)) error {
				if broken.Load() {
					return Fail(CauseUnreachable, errors.New("refused"))
				}
				ctx, cancel := context.WithTimeout(ctx, time.Minute)
				defer cancel()
				err := playing(ctx, publish)
				broken.Store(true)
				return Fail(CauseEnded, err)
			}
		})
		_, release := open(t, h, "one")
		defer release()
		pass(90 * time.Second)
		d := h.Day("one")
		if d.Care() != CareOffline || len(d.Outages) != 1 || !d.Outages[0].Until.IsZero() || d.Outages[0].Cause != CauseUnreachable {
			t.Fatalf("%v %+v", d.Care(), d.Outages)
		}
		broken.Store(false)
		pass(10 * time.Second)
		d = h.Day("one")
		sum := d.Sum()
		if d.Care() != CareNone || len(d.Outages) != 1 || sum.Outages != 1 {
			t.Fatalf("%v %+v", d.Care(), d.Outages)
		}
		if long := d.Outages[0].Until.Sub(d.Outages[0].From); long < 29*time.Second || long > 33*time.Second {
			t.Errorf("an outage of %v, it was 30 s", long)
		}
		if sum.Live < 65*time.Second || sum.Live > 70*time.Second || sum.Down < 28*time.Second || sum.Down > 32*time.Second {
			t.Errorf("live for %v, down for %v", sum.Live, sum.Down)
		}
	})
}

func TestACameraThatComesAndGoesIsCalledThat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := startHub(t, Limits{}, func(CameraID) script {
			return func(ctx context.Context, publish func(*video.AccessUnit)) error {
				ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
				defer cancel()
				return Fail(CauseEnded, playing(ctx, publish))
			}
		})
		_, release := open(t, h, "one")
		defer release()
		pass(18 * time.Second) // the fourth run
		d := h.Day("one")
		if d.State.Phase != Live || d.Care() != CareFlapping || d.Sum().Outages != 3 {
			t.Errorf("%v, %v, %d outages", d.State.Phase, d.Care(), d.Sum().Outages)
		}
		pass(20 * time.Minute)
		if n := len(h.Day("one").Outages); n > keptOutages+1 {
			t.Errorf("%d outages are kept", n)
		}
	})
}

func TestAnOutageEndsWhenNobodyWatchesAndIsStillTheLastThatIsKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := startHub(t, Limits{Linger: time.Second}, func(CameraID) script {
			return func(context.Context, func(*video.AccessUnit)) error {
				return Fail(CauseUnreachable, errors.New("refused"))
			}
		})
		began := time.Now()
		_, release := open(t, h, "one")
		pass(10 * time.Second)
		release()
		pass(time.Minute)
		d := h.Day("one")
		if d.Pulled || d.Care() != CareOffline || len(d.Outages) != 1 || d.Outages[0].Until.IsZero() || d.Checked.Sub(began) > 15*time.Second {
			t.Fatalf("%+v", d.Outages)
		}
		if down := d.Sum().Down; down > 13*time.Second {
			t.Errorf("down for %v, of which nobody knows more than 11 s", down)
		}
		// Whoever comes later finds it as it was: it is offline since then.
		_, release = open(t, h, "one")
		defer release()
		pass(5 * time.Second)
		if d := h.Day("one"); !d.State.Since.Equal(began) || len(d.Outages) != 2 {
			t.Errorf("since %v, not %v; %d outages", d.State.Since, began, len(d.Outages))
		}
	})
}

func TestAPictureThatStandsStillIsAFreezeAndItsStreamIsMeasured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		format := &video.Format{Codec: video.H264, Width: 1280, Height: 720}
		h := startHub(t, Limits{}, func(CameraID) script {
			return func(ctx context.Context, publish func(*video.AccessUnit)) error {
				for i := 0; ; i++ {
					publish(&video.AccessUnit{PTS: int64(i) * 9000, Arrived: time.Now(), Key: i == 0, Format: format, Payloads: [][]byte{make([]byte, 1000)}})
					wait := 100 * time.Millisecond
					if i%100 == 99 {
						wait = 3 * time.Second
					}
					select {
					case <-time.After(wait):
					case <-ctx.Done():
						return context.Cause(ctx)
					}
				}
			}
		})
		_, release := open(t, h, "one")
		defer release()
		pass(48 * time.Second)
		d := h.Day("one")
		if d.Care() != CareFreezing || len(d.Freezes) != 3 || d.Freezes[0].Long != 3*time.Second || d.Sum().Outages != 0 {
			t.Fatalf("%v %v", d.Care(), d.Freezes)
		}
		if s := d.Streams; len(s) != 1 || s[0].Quality != Main || s[0].Codec != "H264" || s[0].Width != 1280 || s[0].Bits < 70_000 || s[0].Bits > 90_000 || s[0].Pictures < 9 || s[0].Pictures > 11 {
			t.Errorf("%+v", s)
		}
		if h.diary.pages["one"].streams[Main].of == nil {
			t.Error("it is not measured")
		}
		release()
		pass(time.Minute)
		if h.diary.pages["one"].streams[Main].of != nil {
			t.Error("the diary holds the pictures of a stream that is over")
		}
	})
}

func TestFirstPicturesThatAreLongInComingMakeACameraSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := startHub(t, Limits{}, func(CameraID) script { return playing })
		_, release := open(t, h, "one")
		pass(time.Second)
		for i := range 100 {
			h.Shown("one", time.Duration(i)*20*time.Millisecond)
		}
		h.Shown("one", time.Hour) // somebody waited for a camera that was offline
		d := h.Day("one")
		if median, p95 := d.Waits(); len(d.Firsts) != keptFirsts || median != 1340*time.Millisecond || p95 != 1920*time.Millisecond || d.Care() != CareSlow {
			t.Errorf("%d, %v, %v, %v", len(d.Firsts), median, p95, d.Care())
		}
		release()
		pass(25 * time.Hour)
		if d := h.Day("one"); len(d.Firsts) != 0 || d.Care() != CareNone || d.Sum() != (Quarter{}) {
			t.Errorf("a day later, unwatched: %d, %v, %+v", len(d.Firsts), d.Care(), d.Sum())
		}
	})
}

func TestWaitsAreOfTheNearestRank(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ took, median, p95 int }{{0, 0, 0}, {1, 1, 1}, {2, 1, 2}, {3, 2, 3}, {20, 10, 19}, {21, 11, 20}} {
		d := Day{}
		for i := range tt.took {
			d.Firsts = append(d.Firsts, First{Took: time.Duration(i + 1)})
		}
		if m, p := d.Waits(); int(m) != tt.median || int(p) != tt.p95 {
			t.Errorf("of %d: %d and %d, want %d and %d", tt.took, m, p, tt.median, tt.p95)
		}
	}
}
