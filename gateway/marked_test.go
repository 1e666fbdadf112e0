package gateway

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestPicturesOfAMarkedCameraAreSentWithAMarkOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, m, _ := milled(t, playing)
		id := func(q Quality, mark string) StreamID { return StreamID{Camera: "one", Quality: q, Mark: mark} }
		refused := func(when string, want error, ids ...StreamID) {
			t.Helper()
			for _, id := range ids {
				for name, open := range map[string]func(StreamID) (*Stream, func(), error){"open": h.Open, "warm": h.Warm, "glance": h.Glance} {
					if _, _, err := open(id); !errors.Is(err, want) {
						t.Errorf("%s, %s %s: %v", when, name, id, err)
					}
				}
			}
		}
		watch := func(id StreamID) *Stream {
			t.Helper()
			s, release, err := h.Open(id)
			if err != nil {
				t.Fatalf("%s: %v", id, err)
			}
			t.Cleanup(release)
			return s
		}
		for _, mark := range []string{"ABC-12345", "abc-1234", "A'C", "A B", "Ă"} {
			refused("no mark", ErrNotFound, id(Full, mark))
		}
		refused("its own never carries one", ErrNotFound, id(Main, "ABC-1234"))
		refused("it is not marked", ErrMasked, id(Full, "ABC-1234"))
		own, plain := watch(id(Main, "")), watch(id(Full, ""))
		pass(3 * time.Second)

		m.set(0, true)
		pass(3 * time.Second)
		for _, s := range []*Stream{own, plain} {
			if st := s.State(); st.Cause != CauseMasked || s.Kept() != 0 || s.GOP() != nil {
				t.Errorf("%s: %+v, %d bytes", s.ID(), st, s.Kept())
			}
		}
		refused("it is marked", ErrMasked, id(Main, ""), id(Full, ""), id(Low, ""))
		if h.Pulled(id(Main, "")) != nil || h.Behind().Pulled(id(Main, "")) == nil {
			t.Error("its own stream is for who draws, and for nobody else")
		}
		one, other := watch(id(Full, "ABC-1234")), watch(id(Low, "XYZ-0000"))
		pass(3 * time.Second)
		if one == other || one.State().Phase != Live || other.State().Phase != Live {
			t.Errorf("%+v, %+v", one.State(), other.State())
		}

		m.set(1, true) // the mark stays
		pass(3 * time.Second)
		if gop := one.GOP(); one.State().Phase != Live || len(gop) == 0 || gop[0].Payloads[0][0] != 1 {
			t.Errorf("%+v, %d pictures", one.State(), len(gop))
		}
		m.set(1, false)
		pass(3 * time.Second)
		if st := one.State(); st.Cause != CauseMasked || one.GOP() != nil {
			t.Errorf("%+v", st)
		}
		refused("it is masked, and marked no more", ErrMasked, id(Main, ""), id(Full, "ABC-1234"))
		if s := watch(id(Full, "")); s == plain {
			t.Error("the stream of before is given")
		}
	})
}
