package signaling

import (
	"matthan/auth"
	"matthan/gateway"
)

// markOf is the watermark of a look: who looks stands in its record.
func markOf(l *look) *Mark {
	if l == nil {
		return nil
	}
	return &Mark{Code: auth.ViewCode(l.record.View), Name: l.record.Name, Number: l.number}
}

// Viewing finds the view of a camera that is open on a socket of somebody's by
// its code, for who takes a picture from it.
func (s *Server) Viewing(who auth.Subject, camera gateway.CameraID, code string) (view string, ok bool) {
	s.mu.Lock()
	sessions := make([]*session, 0, 1)
	for _, v := range s.sessions {
		if v.subject == who {
			sessions = append(sessions, v)
		}
	}
	s.mu.Unlock()
	for _, v := range sessions {
		if view, ok := v.viewing(camera, code); ok {
			return view, true
		}
	}
	return "", false
}

func (v *session) viewing(camera gateway.CameraID, code string) (view string, ok bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for i := range v.tiles {
		if t := &v.tiles[i]; t.camera == camera && t.open != nil && code != "" && code == auth.ViewCode(t.open.record.View) {
			return t.open.record.View, true
		}
	}
	return "", false
}
