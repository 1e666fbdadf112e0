package signaling

import (
	"time"

	"matthan/gateway"
)

// onWarm keeps the cameras pulled that the viewer may turn to next.
func (v *session) onWarm(b []byte) error {
	var m Warm
	if err := decode(b, &m); err != nil {
		return err
	}
	if len(m.Cameras) > MaxWarm {
		v.refuse(coded(CodeTooMany), nil)
		return nil
	}
	v.act.Lock()
	defer v.act.Unlock()
	if v.gone() {
		return nil
	}
	v.keepWarm(m.Cameras)
	return nil
}

// keepWarm holds the streams of these cameras, as far as they may be viewed and
// the limit allows, and lets go of others. What cannot be held is left out
// without a word: it is only slower to start. v.act is held.
func (v *session) keepWarm(ids []string) {
	now := time.Now()
	want := map[gateway.CameraID]bool{}
	for _, text := range ids {
		id := gateway.CameraID(text)
		if _, _, err := v.server.permit(v.subject, id, now); err != nil {
			continue
		}
		want[id] = true
		if v.warm[id] != nil || !v.server.takeWarm(1) {
			continue
		}
		_, release, err := v.server.Hub.Warm(gateway.StreamID{Camera: id, Quality: gateway.Main})
		if err != nil {
			v.server.takeWarm(-1)
			continue
		}
		v.warm[id] = release
	}
	for id, release := range v.warm {
		if !want[id] {
			release()
			delete(v.warm, id)
			v.server.takeWarm(-1)
		}
	}
}

// takeWarm counts streams that are kept warm; false where there are enough.
func (s *Server) takeWarm(n int) bool {
	most := s.limits().Warm
	s.mu.Lock()
	defer s.mu.Unlock()
	if n > 0 && s.warm+n > most {
		return false
	}
	s.warm += n
	return true
}
