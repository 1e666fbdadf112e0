package signaling

import (
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/rtc"
)

// resource is one WHEP session.
type resource struct {
	server  *Server
	id      string
	subject auth.Subject
	camera  gateway.CameraID
	from    device

	turn   turn
	act    sync.Mutex
	peer   *rtc.Peer
	etag   string
	asked  int // candidates so far
	until  time.Time
	stream gateway.StreamID
	look   atomic.Pointer[look] // nil until the audit log has it, and when it is over
	over   atomic.Bool          // the connection failed or was closed
	closed bool
}

func (s *Server) addWHEP(v *resource) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.stopping:
		return coded(CodeRestarting)
	case len(s.whep) >= s.limits().WHEP:
		return coded(CodeTooMany)
	}
	if _, old, err := s.roomFor(v.subject, time.Now()); err != nil || old != nil {
		return coded(CodeTooMany) // a page that comes back needs its session more
	}
	s.whep[v.id] = v
	return nil
}

func (s *Server) dropWHEP(v *resource) {
	s.mu.Lock()
	delete(s.whep, v.id)
	s.mu.Unlock()
	v.close()
}

// open makes the peer and points it at the camera, once the audit log has that.
func (v *resource) open(ctx context.Context, offer string, cam gateway.Camera, stream string, p auth.Permission) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	v.act.Lock()
	defer v.act.Unlock()
	if v.closed {
		return "", coded(CodeRestarting)
	}
	peer, answer, err := v.server.RTC.NewPeer(ctx, offer, rtc.Events{
		Tile:  func(int, uint64, gateway.StreamID, gateway.State) {},
		Clock: ignoreClock,
		Connection: func(state string) {
			if state == "failed" || state == "closed" {
				v.over.Store(true)
			}
		},
	})
	if err != nil {
		return "", err
	}
	v.peer = peer
	l, err := v.server.begin(ctx, v.subject, v.from, cam, p)
	if err != nil {
		return "", err
	}
	choice := choose(cam, View{Stream: stream}, false, meansOf(peer, cam, l))
	v.stream = choice.Stream
	v.look.Store(l)
	return answer, peer.Show(0, 0, choice)
}

func (v *resource) trickle(w http.ResponseWriter, f fragment) {
	for _, c := range f.candidates {
		if v.asked++; v.asked > MaxCandidates {
			whepError(w, http.StatusTooManyRequests, CodeTooMany)
			return
		}
		if err := v.peer.AddCandidate(c.text, c.mid); err != nil {
			refuseHTTP(w, err)
			return
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

func (v *resource) restart(w http.ResponseWriter, r *http.Request, f fragment) {
	ctx, cancel := context.WithTimeout(r.Context(), 10*time.Second)
	defer cancel()
	answer, err := v.peer.Answer(ctx, f.into(v.peer.RemoteSDP()))
	if err != nil {
		refuseHTTP(w, err)
		return
	}
	v.etag, v.asked = newID(), 0
	w.Header().Set("Content-Type", typeFragment)
	w.Header().Set("ETag", `"`+v.etag+`"`)
	_, _ = io.WriteString(w, fragmentOf(answer))
}

// review decides again, and tells whether the resource is over.
func (v *resource) review(now time.Time, all bool) bool {
	if v.over.Load() {
		return true
	}
	v.act.Lock()
	defer v.act.Unlock()
	if v.peer == nil || !all && now.Before(v.until) {
		return false
	}
	cam, p, err := v.server.permit(v.subject, v.camera, now)
	if err == nil && (cam.Drawn() && v.stream.Quality.Own() || cam.Marked != (v.stream.Mark != "")) {
		err = coded(CodeMasked) // a player asks again
	}
	if err == nil && !v.look.Load().tells(v.camera, p) {
		err = coded(CodeCase) // of another case: a player asks again
	}
	if v.until = p.Until; err != nil {
		v.server.end(v.take(), whyEnded(err))
	}
	return err != nil
}

func (v *resource) close() {
	v.act.Lock()
	defer v.act.Unlock()
	v.closed = true
	why := v.server.whyClosed()
	if v.over.Load() && why == whyGone { // before we end it ourselves
		why = whyPeer
	}
	if v.peer != nil {
		v.peer.Close()
		v.peer = nil
	}
	v.server.end(v.take(), why)
}

// take is the open look, which is over now.
func (v *resource) take() *look { return v.look.Swap(nil) }
