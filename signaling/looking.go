package signaling

import (
	"time"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/rtc"
)

// reopenAfter is how long somebody whose view was ended may not open that camera
// again: pages and players open by themselves what they lose.
const reopenAfter = time.Minute

// maxEnded bounds how many such views are remembered; beyond, the oldest may be
// opened again.
const maxEnded = 10_000

// ended is whose view of which camera.
type ended struct {
	subject string
	camera  gateway.CameraID
}

// Looking are all views that are open now, in no order.
func (s *Server) Looking() (all []auth.Looking) {
	sessions, resources := s.viewers()
	for _, v := range sessions {
		all = v.openViews(all)
	}
	for _, r := range resources {
		if l := r.look.Load(); l != nil {
			all = append(all, auth.Looking{Record: l.record, Way: r.subject.Way(), Number: l.number, Quality: string(r.stream.Quality)})
		}
	}
	return all
}

func (s *Server) viewers() (sessions []*session, resources []*resource) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range s.sessions {
		sessions = append(sessions, v)
	}
	for _, r := range s.whep {
		resources = append(resources, r)
	}
	return sessions, resources
}

// openViews appends the session's.
func (v *session) openViews(all []auth.Looking) []auth.Looking {
	v.mu.Lock()
	defer v.mu.Unlock()
	for i := range v.tiles {
		if t := &v.tiles[i]; t.camera != "" && t.open != nil {
			all = append(all, auth.Looking{Record: t.open.record, Way: v.subject.Way(), Number: t.open.number, Quality: t.state.Stream})
		}
	}
	return all
}

// EndView ends a view by its identifier, and keeps whoever looked from opening
// that camera again for a minute. It is false where no such view is open.
func (s *Server) EndView(view string) bool {
	if view == "" {
		return false
	}
	sessions, resources := s.viewers()
	for _, v := range sessions {
		if v.end(view) {
			return true
		}
	}
	for _, r := range resources {
		if l := r.look.Load(); l == nil || l.record.View != view {
			continue
		}
		s.hold(r.subject, r.camera)
		s.end(r.take(), whyOffice)
		s.dropWHEP(r)
		return true
	}
	return false
}

// end ends the session's view, if it is one of its own.
func (v *session) end(view string) bool {
	if v.showing(view) < 0 { // without waiting for a viewer that is at work
		return false
	}
	v.act.Lock()
	defer v.act.Unlock()
	i := v.showing(view)
	if i < 0 {
		return false
	}
	v.mu.Lock()
	t := v.tiles[i]
	v.mu.Unlock()
	v.server.hold(v.subject, t.camera)
	if v.peer != nil && i < v.peer.Tiles() {
		_ = v.peer.Show(i, t.view, rtc.Choice{})
	}
	v.look(i, nil, whyOffice)
	v.set(t.asked, "", time.Time{}, denied(CodeEnded), nil)
	v.log.Info("view ended by an administrator", "tile", i, "camera", t.camera)
	return true
}

// showing is the tile that shows a view, -1 where none does.
func (v *session) showing(view string) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	for i := range v.tiles {
		if t := &v.tiles[i]; t.camera != "" && t.open != nil && t.open.record.View == view {
			return i
		}
	}
	return -1
}

// hold keeps somebody from opening a camera for a while.
func (s *Server) hold(who auth.Subject, camera gateway.CameraID) {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == nil {
		s.held = map[ended]time.Time{}
	}
	var oldest ended
	for e, until := range s.held {
		if !now.Before(until) {
			delete(s.held, e)
		} else if oldest.subject == "" || until.Before(s.held[oldest]) {
			oldest = e
		}
	}
	if len(s.held) >= maxEnded {
		delete(s.held, oldest)
	}
	s.held[ended{who.ID, camera}] = now.Add(reopenAfter)
}

// mayOpen is permit for a view that is not open yet.
func (s *Server) mayOpen(who auth.Subject, id gateway.CameraID, now time.Time) (gateway.Camera, auth.Permission, error) {
	cam, p, err := s.permit(who, id, now)
	if err != nil {
		return cam, p, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Before(s.held[ended{who.ID, id}]) {
		return gateway.Camera{}, auth.Permission{}, coded(CodeEnded)
	}
	return cam, p, nil
}
