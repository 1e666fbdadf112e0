package gateway

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"matthan/gateway/video"
)

// odd is a source with quirks.
type odd struct {
	script
	quirks []Quirk
}

func (o odd) Quirks() []Quirk { return o.quirks }

func TestQuirksOfACameraAreKeptWithTheirTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := startHub(t, Limits{Linger: time.Second}, func(CameraID) script { return playing })
		h.newSource = func(Camera, Quality) (Source, error) {
			return odd{playing, []Quirk{QuirkMarker, QuirkSSRC}}, nil
		}
		begun := time.Now()
		_, release := open(t, h, "one")
		pass(10*time.Second + time.Millisecond)
		release()
		pass(time.Hour)
		day := h.Day("one")
		if len(day.Streams) != 1 || len(day.Streams[0].Quirks) != 2 {
			t.Fatalf("%+v", day.Streams)
		}
		for i, want := range []Quirk{QuirkMarker, QuirkSSRC} {
			m := day.Streams[0].Quirks[i]
			if m.Quirk != want || m.Since.Sub(begun) > 2*time.Second || m.Last.Sub(m.Since) < 8*time.Second || time.Since(m.Last) < 50*time.Minute {
				t.Errorf("%+v", m)
			}
		}
	})
}

func TestQuirksKeptAreBounded(t *testing.T) {
	now := time.Unix(1, 0)
	var met []Met
	for i := range 100 {
		met = meet(met, []Quirk{Quirk(fmt.Sprint(i))}, now)
	}
	if len(met) != maxMet {
		t.Errorf("%d are kept", len(met))
	}
	if met = meet(met, []Quirk{"0"}, now.Add(metLong+1)); len(met) != 1 || met[0].Quirk != "0" || !met[0].Since.Equal(now) {
		t.Errorf("%v after a day", met)
	}
}

func TestCameraWithoutAKeyPictureIsStartedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := 0
		h := startHub(t, Limits{}, func(CameraID) script {
			return func(ctx context.Context, publish func(*video.AccessUnit)) error {
				runs++
				first := runs == 1
				return playing(ctx, func(au *video.AccessUnit) {
					au.Key = au.Key && !first
					publish(au)
				})
			}
		})
		s, release := open(t, h, "one")
		defer release()
		pass(KeyWithin - time.Second)
		if runs != 1 || s.State().Phase != Opening {
			t.Fatalf("%d runs, %v", runs, s.State())
		}
		pass(3 * time.Second)
		if runs != 2 || s.State().Phase != Live {
			t.Fatalf("%d runs, %v", runs, s.State())
		}
		pass(3 * KeyWithin)
		if runs != 2 {
			t.Error("a stream that had its key picture was started again")
		}
	})
}

func TestCameraThatAnswersSlowlyPlays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := startHub(t, Limits{}, func(CameraID) script {
			return func(ctx context.Context, publish func(*video.AccessUnit)) error {
				select {
				case <-time.After(15 * time.Second):
				case <-ctx.Done():
					return context.Cause(ctx)
				}
				return playing(ctx, publish)
			}
		})
		s, release := open(t, h, "one")
		defer release()
		pass(16 * time.Second)
		if st := s.State(); st.Phase != Live {
			t.Errorf("%+v", st)
		}
	})
}
