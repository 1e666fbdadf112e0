package signaling

import (
	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/rtc"
)

// markOf is the watermark of a look: who looks stands in its record.
func markOf(l *look) *Mark {
	if l == nil {
		return nil
	}
	return &Mark{Code: l.code(), Name: l.record.Name, Number: l.number}
}

// code is what pictures of a look carry.
func (v *look) code() string { return auth.ViewCode(v.record.View) }

// drawn is what is drawn on a camera's pictures.
type drawn struct{ masked, marked bool }

func drawnOn(c gateway.Camera) drawn { return drawn{c.Masked(), c.Marked} }

// meansOf are a viewer's means with a camera, by a look.
func meansOf(p *rtc.Peer, c gateway.Camera, l *look) rtc.Means {
	m := p.Means(c.ID)
	m.Mark = l.code()
	return m
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
		if t := &v.tiles[i]; t.camera == camera && t.open != nil && code != "" && code == t.open.code() {
			return t.open.record.View, true
		}
	}
	return "", false
}
