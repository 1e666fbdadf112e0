package signaling

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// recordWithin bounds how long a viewer waits for the audit log. Only that
// viewer does.
const recordWithin = 2 * time.Second

// Why a view closed, as the audit log tells it.
const (
	whyTurned   = "turned to another camera"
	whyStopped  = "stopped"
	whyNoRight  = "the right ended"
	whyGone     = "the viewer left"
	whyPeer     = "the connection ended"
	whyGateway  = "the gateway stopped"
	whyNotShown = "not shown"
	whyCase     = "the case was closed, or is another one"
	whyClosed   = "the camera's owner closed it"
	whyOffice   = "an administrator ended it"
)

// device is what the audit log says of a viewer's device.
type device struct{ address, name string }

func deviceOf(r *http.Request) device {
	return device{auth.Address(r), auth.Device(r.UserAgent())}
}

// look is a view that the audit log knows to be open.
type look struct {
	camera gateway.CameraID
	record auth.Record // that of its opening
	number string      // of who looks
	since  time.Time
}

// tells says whether a look's record is that of looking at a camera for what is
// stated now. Nil tells of nothing.
func (v *look) tells(id gateway.CameraID, p auth.Permission) bool {
	return v != nil && v.camera == id && v.record.Reason == string(p.Reason) && v.record.Case == p.Case
}

// whyEnded is why a look ends that permit refuses.
func whyEnded(err error) string {
	switch codeOf(err) {
	case CodeCase:
		return whyCase
	case CodeClosed:
		return whyClosed
	case CodeMasked:
		return whyStopped
	}
	return whyNoRight
}

// begin records that a view opens. Nothing may be shown before it has returned,
// and nothing where it fails.
func (s *Server) begin(ctx context.Context, who auth.Subject, from device, cam gateway.Camera, p auth.Permission) (*look, error) {
	r := s.about(auth.ViewOpened, who, from, cam)
	r.By, r.Reason, r.Case, r.View, r.Time = p.By, string(p.Reason), p.Case, auth.NewView(), time.Now()
	// Whoever leaves meanwhile does not leave a record behind that nobody closes.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cmp.Or(s.recordWait, recordWithin))
	defer cancel()
	v := &look{cam.ID, r, who.Number, r.Time}
	if err := s.Audit.Write(ctx, r); err != nil {
		s.Log.Error("a view was refused: it could not be recorded", "subject", who.ID, "camera", cam.ID, "err", err)
		if errors.Is(err, context.DeadlineExceeded) { // it may still be written
			v.since = time.Now()
			s.end(v, whyNotShown)
		}
		return nil, coded(CodeUnrecorded)
	}
	v.since = time.Now()
	return v, nil
}

// end has it recorded that a view closed, and does not wait for that.
func (s *Server) end(v *look, why string) {
	if v == nil {
		return
	}
	r := v.record
	r.Event, r.Time, r.Detail = auth.ViewClosed, time.Now(), why
	r.Duration = max(0, r.Time.Sub(v.since))
	s.Audit.Later(r)
}

// refused has it recorded that somebody may not look at a camera, and why where
// they hold the right to it. All cameras that there are not count as one: their
// names are the asker's.
func (s *Server) refused(who auth.Subject, from device, id gateway.CameraID, why error) {
	cam, err := s.Inventory.Camera(id)
	r := s.about(auth.ViewDenied, who, from, cam)
	switch code := codeOf(why); {
	case err != nil:
		r.Detail = "there is no such camera"
	case code == CodeCase || code == CodeClosed || code == CodeEnded:
		r.Detail = code
	}
	s.Audit.Seldom(r)
}

// about begins a record of somebody and a camera.
func (s *Server) about(e auth.Event, who auth.Subject, from device, cam gateway.Camera) auth.Record {
	r := auth.Record{Event: e, Subject: who.ID, Name: who.Name, Address: from.address, Device: from.name}
	if cam.ID != "" {
		at := s.resourceOf(cam)
		r.Camera, r.Kind, r.Areas = at.Camera, at.Kind, at.Areas
	}
	return r
}

// whyClosed is why all views of a viewer close at once.
func (s *Server) whyClosed() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return whyGateway
	}
	return whyGone
}

// look has a tile's view closed, and takes another one for it, or nil. v.act is
// held.
func (v *session) look(tile int, next *look, why string) {
	if old := v.looks[tile]; old != nil && (next == nil || next.camera != old.camera) {
		v.letGo(old.camera)
		if v.hearing.tile == tile {
			v.deafen()
		}
	}
	v.server.end(v.looks[tile], why)
	v.looks[tile] = next
}

// lookAway closes all views. v.act is held.
func (v *session) lookAway(why string) {
	for i := range v.looks {
		v.look(i, nil, why)
	}
}
