package transcode

import (
	"container/list"
	"time"

	"matthan/gateway"
)

// How long stills are kept at most, and how many things are remembered.
const (
	keptFor = 24 * time.Hour
	lentFor = 30 * time.Second // a citizen's: it is no archive, and may be closed at any time
	maxKept = 20_000           // also cameras that gave none; a whole city's in one size
)

// kept is the last still of a camera in one size, and how the last try went.
type kept struct {
	key
	main, sub string         // the camera's addresses: under another it is another camera
	masks     []gateway.Mask // that are drawn: with others it is another picture
	lent      bool
	still     gateway.Still // without JPEG: there was none
	made      time.Time     // or found to be of the newest picture still
	failed    time.Time     // zero: the last try gave one
}

// fits says whether a kept still may stand for a new one.
func (k *kept) fits(lent bool, every time.Duration, now time.Time) bool {
	age := now.Sub(k.made)
	return k.still.JPEG != nil && age < keptFor && (age < every || !lent && !k.lent)
}

// shelf keeps stills, those that were used last.
type shelf struct {
	most  int // bytes
	bytes int
	byKey map[key]*list.Element // of order
	order *list.List            // of *kept, the one used last in front
}

func newShelf(most int) shelf {
	return shelf{most: most, byKey: map[key]*list.Element{}, order: list.New()}
}

// of is what is known of a camera as it is now, or nil.
func (s *shelf) of(cam gateway.Camera, width int) *kept {
	e := s.byKey[key{cam.ID, width}]
	if e == nil {
		return nil
	}
	k := e.Value.(*kept)
	if k.main != cam.Main || k.sub != cam.Sub || !gateway.SameMasks(cam, gateway.Camera{Masks: k.masks}) {
		s.drop(k.key)
		return nil
	}
	s.order.MoveToFront(e)
	return k
}

// put notes how a try went. One that failed leaves the still before it, but of a
// citizen's camera.
func (s *shelf) put(t *task, still gateway.Still, err error, now time.Time) {
	k := &kept{key: t.key, main: t.camera.Main, sub: t.camera.Sub, masks: t.camera.Masks, lent: t.lent, still: still, made: now}
	if old := s.of(t.camera, t.width); old != nil && err != nil && !t.lent && !old.lent {
		k.still, k.made = old.still, old.made
	}
	if err != nil {
		k.failed = now
	}
	s.drop(k.key)
	s.byKey[k.key] = s.order.PushFront(k)
	s.bytes += len(k.still.JPEG)
	for s.bytes > s.most && s.order.Len() > 0 || s.order.Len() > maxKept {
		s.drop(s.order.Back().Value.(*kept).key)
	}
}

func (s *shelf) drop(at key) {
	e := s.byKey[at]
	if e == nil {
		return
	}
	s.bytes -= len(e.Value.(*kept).still.JPEG)
	s.order.Remove(e)
	delete(s.byKey, at)
}

// sweep drops what is too old.
func (s *shelf) sweep(now time.Time) {
	for at, e := range s.byKey {
		k := e.Value.(*kept)
		most := keptFor
		if k.lent {
			most = lentFor
		}
		if now.Sub(k.made) > most && now.Sub(k.failed) > againAfter {
			s.drop(at)
		}
	}
}
