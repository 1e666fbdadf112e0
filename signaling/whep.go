package signaling

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// WHEP (draft-ietf-wish-whep, on the lines of RFC 9725):
//
//	POST   /whep/{camera}[?stream=main|sub|auto]  application/sdp offer → 201, answer, Location, ETag, Link
//	PATCH  Location   application/trickle-ice-sdpfrag, If-Match: candidates → 204; an ICE restart → 200
//	DELETE Location   → 200
//	OPTIONS           the preflight of a page from an allowed origin
//
// Each wants "Authorization: Bearer". Whoever PATCHes or DELETEs must be the
// one who POSTed; an officer of a portal who does so with a fresh token looks on
// for as long as that holds. A camera without picture is answered like any other: its
// pictures come when it does.

const (
	typeSDP      = "application/sdp"
	typeFragment = "application/trickle-ice-sdpfrag" // RFC 8840
)

func (s *Server) routesWHEP(mux Mux) {
	mux.Handle("/whep/{camera}", s.cors(map[string]http.HandlerFunc{
		http.MethodPost: s.whepPost,
	}))
	mux.Handle("/whep/{camera}/{id}", s.cors(map[string]http.HandlerFunc{
		http.MethodPatch: s.whepPatch, http.MethodDelete: s.whepDelete,
	}))
}

// cors answers preflights and dispatches by method. A page of an origin that
// is not allowed gets no further, whatever its token.
func (s *Server) cors(methods map[string]http.HandlerFunc) http.HandlerFunc {
	names := []string{http.MethodOptions}
	for m := range methods {
		names = append(names, m)
	}
	allow := strings.Join(names, ", ")
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Add("Vary", "Origin")
		if !s.originAllowed(r) {
			s.strange(r)
			whepError(w, http.StatusForbidden, CodeOrigin)
			return
		}
		if origin := r.Header.Get("Origin"); origin != "" {
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Allow-Methods", allow)
			h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match")
			h.Set("Access-Control-Expose-Headers", "Location, ETag, Link, Accept-Patch, Retry-After, WWW-Authenticate")
			h.Set("Access-Control-Max-Age", "600")
		}
		f, ok := methods[r.Method]
		switch {
		case r.Method == http.MethodOptions:
			h.Set("Allow", allow)
			h.Set("Accept-Post", typeSDP)
			w.WriteHeader(http.StatusNoContent)
		case !ok:
			h.Set("Allow", allow)
			whepError(w, http.StatusMethodNotAllowed, CodeUnknownType)
		default:
			f(w, r)
		}
	}
}

func (s *Server) whepPost(w http.ResponseWriter, r *http.Request) {
	subject, err := s.admit(r.Context(), auth.Bearer(r), s.pageOf(r), false, time.Now())
	if err != nil {
		refuseHTTP(w, err)
		return
	}
	stream := r.URL.Query().Get("stream")
	if stream != "" && stream != "auto" && stream != string(gateway.Main) && stream != string(gateway.Sub) {
		whepError(w, http.StatusBadRequest, CodeBadMessage)
		return
	}
	cam, p, err := s.mayOpen(subject, gateway.CameraID(r.PathValue("camera")), time.Now())
	if err == nil && subject.Guest() != "" { // looks in our own page, which has their name over the picture
		err = coded(CodeNotFound)
	}
	if err != nil {
		s.refused(subject, deviceOf(r), gateway.CameraID(r.PathValue("camera")), err)
		refuseHTTP(w, err)
		return
	}
	offer, ok := body(w, r, typeSDP)
	if !ok {
		return
	}
	v := &resource{server: s, id: newID(), subject: subject, camera: cam.ID, from: deviceOf(r), etag: newID(), until: p.Until}
	if err := s.addWHEP(v); err != nil {
		refuseHTTP(w, err)
		return
	}
	if stream == "" {
		stream = string(gateway.Main) // a strange player may not follow a change of size
	}
	answer, err := v.open(r.Context(), offer, cam, stream, p)
	if err != nil {
		s.dropWHEP(v)
		refuseHTTP(w, err)
		return
	}
	s.Log.Info("whep: view", "subject", subject.ID, "camera", cam.ID)
	h := w.Header()
	h.Set("Content-Type", typeSDP)
	h.Set("Location", "/whep/"+string(cam.ID)+"/"+v.id)
	h.Set("ETag", `"`+v.etag+`"`)
	h.Set("Accept-Patch", typeFragment)
	for _, l := range iceLinks(s.ICEServers) {
		h.Add("Link", l)
	}
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, answer)
}

// found is the resource of a request, by one who may touch it; else it has
// been answered. Not there and not yours are the same.
func (s *Server) found(w http.ResponseWriter, r *http.Request) *resource {
	subject, err := s.admit(r.Context(), auth.Bearer(r), s.pageOf(r), true, time.Now())
	if err != nil {
		refuseHTTP(w, err)
		return nil
	}
	s.mu.Lock()
	v := s.whep[r.PathValue("id")]
	s.mu.Unlock()
	if v == nil || v.subject != subject || string(v.camera) != r.PathValue("camera") {
		whepError(w, http.StatusNotFound, CodeNotFound)
		return nil
	}
	return v
}

func (s *Server) whepDelete(w http.ResponseWriter, r *http.Request) {
	if v := s.found(w, r); v != nil {
		s.dropWHEP(v)
		w.WriteHeader(http.StatusOK)
	}
}

func (s *Server) whepPatch(w http.ResponseWriter, r *http.Request) {
	v := s.found(w, r)
	if v == nil {
		return
	}
	text, ok := body(w, r, typeFragment)
	if !ok {
		return
	}
	f, err := parseFragment(text)
	if err != nil {
		refuseHTTP(w, err)
		return
	}
	v.act.Lock()
	defer v.act.Unlock()
	if v.peer == nil {
		whepError(w, http.StatusNotFound, CodeNotFound)
		return
	}
	match := r.Header.Get("If-Match")
	restart := f.ufrag != "" && !strings.Contains(v.peer.RemoteSDP(), "a=ice-ufrag:"+f.ufrag+"\r\n")
	switch {
	case match == "":
		whepError(w, http.StatusPreconditionRequired, CodeBadMessage)
	case restart && match != "*":
		whepError(w, http.StatusPreconditionFailed, CodeBadMessage)
	case restart:
		v.restart(w, r, f)
	case match != "*" && match != `"`+v.etag+`"`:
		whepError(w, http.StatusPreconditionFailed, CodeBadMessage)
	default:
		v.trickle(w, f)
	}
}

// body reads a request's body of the given type, at most MaxSDP bytes; else it
// has answered.
func body(w http.ResponseWriter, r *http.Request, want string) (string, bool) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != want {
		whepError(w, http.StatusUnsupportedMediaType, CodeBadMessage)
		return "", false
	}
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxSDP))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		whepError(w, http.StatusRequestEntityTooLarge, CodeTooLarge)
		return "", false
	case err != nil:
		whepError(w, http.StatusBadRequest, CodeBadMessage)
		return "", false
	}
	return string(b), true
}

func unauthorized(w http.ResponseWriter) {
	w.Header().Set("WWW-Authenticate", `Bearer realm="matthan"`)
	whepError(w, http.StatusUnauthorized, CodeToken)
}

// refuseHTTP answers with the status that belongs to err.
func refuseHTTP(w http.ResponseWriter, err error) {
	code := codeOf(err)
	switch code {
	case CodeToken:
		unauthorized(w)
	case CodeNotFound:
		whepError(w, http.StatusNotFound, code)
	case CodeCase, CodeClosed, CodeEnded, CodeOrigin:
		whepError(w, http.StatusForbidden, code)
	case CodeTooMany, CodeRestarting, CodeUnrecorded:
		w.Header().Set("Retry-After", "5")
		whepError(w, http.StatusServiceUnavailable, code)
	case CodeOfferNoVideo, CodeOfferSends:
		whepError(w, http.StatusUnprocessableEntity, code)
	case CodeInternal:
		whepError(w, http.StatusInternalServerError, code)
	default:
		whepError(w, http.StatusBadRequest, code)
	}
}

// whepError is a problem document (RFC 9457).
func whepError(w http.ResponseWriter, status int, code string) {
	t := textOf(code)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(struct {
		Status int    `json:"status"`
		Code   string `json:"code"`
		Title  string `json:"title"`
		Text   Text   `json:"text"`
	}{status, code, t.EN, t})
}

// iceLinks are the ICE servers as Link headers (RFC 9725 section 4.6).
func iceLinks(servers []ICEServer) []string {
	var links []string
	for _, s := range servers {
		for _, u := range s.URLs {
			l := fmt.Sprintf(`<%s>; rel="ice-server"`, u)
			if s.Username != "" {
				l += fmt.Sprintf(`; username=%q; credential=%q; credential-type="password"`, s.Username, s.Credential)
			}
			links = append(links, l)
		}
	}
	return links
}
