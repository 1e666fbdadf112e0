package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// Stills makes pictures of cameras; see transcode.Stills.
type Stills interface {
	// Still waits for the newest still that can be had, of at most width pixels, one of
	// gateway.StillWidths. lent: it is a citizen's camera. Its errors are gateway's.
	Still(ctx context.Context, who string, cam gateway.Camera, width int, lent bool) (gateway.Still, error)
	// Forget drops those of a camera that may not be seen any more.
	Forget(camera gateway.CameraID)
}

// stillWithin bounds the wait for a still.
const stillWithin = 15 * time.Second

// capturedHeader says when a still was taken, to the millisecond; Last-Modified
// knows seconds only.
const capturedHeader = "Matthan-Captured"

var (
	caseNeeded = problem{Title: "Forbidden", Status: http.StatusForbidden, Code: "case_needed",
		Text: text{"Đây là camera nhà dân. Hãy nêu vụ việc đang xử lý, với lý do mà chủ camera đã đồng ý.", "This is a citizen's camera. State the case that you work on, for a reason that its owner agreed to."}}
	closedByOwner = problem{Title: "Forbidden", Status: http.StatusForbidden, Code: "closed_by_owner",
		Text: text{"Chủ camera hiện không cho xem.", "The camera's owner does not have it viewed now."}}
	oftenStills = problem{Title: "Too Many Requests", Status: http.StatusTooManyRequests, Code: "too_many",
		Text: text{"Quá nhiều yêu cầu cùng lúc. Hãy đợi một chút rồi thử lại.", "Too many at once. Wait a moment and try again."}}
	noStills = problem{Title: "Service Unavailable", Status: http.StatusServiceUnavailable, Code: "no_stills",
		Text: text{"Máy chủ này không tạo ảnh chụp. Quản trị cần cài ffmpeg.", "This gateway makes no stills. The administrator must install ffmpeg."}}
	noPicture = problem{Title: "Service Unavailable", Status: http.StatusServiceUnavailable, Code: "no_picture",
		Text: text{"Camera hiện không có hình.", "The camera gives no picture now."}}
	busyStills = problem{Title: "Service Unavailable", Status: http.StatusServiceUnavailable, Code: "busy",
		Text: text{"Máy chủ đang bận tạo ảnh khác. Hãy thử lại.", "Too many stills are being made. Try again."}}
	unrecordedLook = problem{Title: "Service Unavailable", Status: http.StatusServiceUnavailable, Code: "unrecorded",
		Text: text{"Không ghi được nhật ký, nên không được xem. Hãy báo quản trị viên.", "The log cannot be written, so nothing may be watched. Tell an administrator."}}
)

const views who = "who may view it now"

// glimpsing is for lists, maps, and the moment before a picture is live.
func (a *API) glimpsing() route {
	var widths []string
	for _, w := range gateway.StillWidths {
		widths = append(widths, strconv.Itoa(w))
	}
	return route{method: get, path: "/api/v1/cameras/{id}/still",
		does: "A JPEG of the camera's newest key picture, at a bounded rate. " + capturedHeader + " says when it was taken. Each person's look at a camera is recorded, once in ten minutes.",
		may:  views,
		query: []parameter{
			{"width", fmt.Sprintf("in pixels, %d where it is left out; a picture is never made larger", gateway.StillWidth), oneOf(widths...)},
		},
		gives: []answer{{200, media{"image/jpeg"}}}, etag: weakTag,
		fails: []problem{badBody, caseNeeded, closedByOwner, oftenStills, noStills, noPicture, busyStills, unrecordedLook}, serve: a.still}
}

// still serves GET /api/v1/cameras/{id}/still.
func (a *API) still(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	cam, p, err := a.mayView(s, gateway.CameraID(r.PathValue("id")), time.Now())
	if err != nil {
		a.notShown(w, r, s, cam, err)
		return
	}
	width, ok := widthOf(w, r)
	if !ok {
		return
	}
	still, err := a.stillOf(r.Context(), s, cam, width, p)
	if err != nil {
		a.noStill(w, err)
		return
	}
	// What was permitted when it was asked for may not be any more.
	if cam, p, err = a.mayView(s, cam.ID, time.Now()); err != nil {
		a.notShown(w, r, s, cam, err)
		return
	}
	if err := a.looked(r, s, cam, p); err != nil {
		a.Log.Error("api: a still was not shown, since that could not be recorded", "subject", s.ID, "camera", cam.ID, "err", err)
		fail(w, unrecordedLook)
		return
	}
	h := w.Header()
	h.Set(capturedHeader, still.Captured.UTC().Format("2006-01-02T15:04:05.000Z"))
	h.Set("Last-Modified", still.Captured.UTC().Format(http.TimeFormat))
	tag := fmt.Sprintf(`"%d-%d"`, still.Captured.UnixMilli(), width)
	h.Set("ETag", tag)
	if sameTag(r.Header.Values("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", "image/jpeg")
	h.Set("Content-Length", strconv.Itoa(len(still.JPEG)))
	_, _ = w.Write(still.JPEG) // the caller may be gone
}

func (a *API) stillOf(ctx context.Context, s auth.Subject, cam gateway.Camera, width int, p auth.Permission) (gateway.Still, error) {
	if a.Stills == nil {
		return gateway.Still{}, gateway.ErrNoStills
	}
	ctx, cancel := context.WithTimeout(ctx, stillWithin)
	defer cancel()
	// A case is stated for citizens' cameras, whatever the inventory calls them.
	return a.Stills.Still(ctx, s.ID, cam, width, cam.Kind == gateway.Household || p.Case != "")
}

// mayView finds a camera and asks whether s may view it. What is not there and
// what is not theirs is auth.ErrDenied.
func (a *API) mayView(s auth.Subject, id gateway.CameraID, now time.Time) (gateway.Camera, auth.Permission, error) {
	cam, err := a.Inventory.Camera(id)
	if err != nil {
		return gateway.Camera{}, auth.Permission{}, auth.ErrDenied
	}
	p, err := a.Policy.Decide(s, auth.View, resource(cam, a.path(cam.Area)), now)
	return cam, p, err
}

// notShown answers who may not view a camera, as WHEP does. Only who has the
// right to a citizen's camera is told why it is not shown.
func (a *API) notShown(w http.ResponseWriter, r *http.Request, s auth.Subject, cam gateway.Camera, err error) {
	is := caseNeeded
	switch {
	case errors.Is(err, auth.ErrUnauthenticated): // ended since the guard asked
		w.Header().Set("WWW-Authenticate", challenge)
		fail(w, unauthenticated)
		return
	case errors.Is(err, auth.ErrClosed):
		is = closedByOwner
		if a.Stills != nil {
			a.Stills.Forget(cam.ID)
		}
	case !errors.Is(err, auth.ErrCase):
		fail(w, notFound)
		return
	}
	a.seldom(auth.Record{Event: auth.ViewDenied, Subject: s.ID, Name: s.Name, Address: auth.Address(r), Device: auth.Device(r.UserAgent()),
		Camera: string(cam.ID), Kind: string(cam.Kind), Areas: a.path(cam.Area), Detail: is.Code})
	fail(w, is)
}

// widthOf reads how wide a still is asked for; else it has answered.
func widthOf(w http.ResponseWriter, r *http.Request) (int, bool) {
	text := r.URL.Query().Get("width")
	if text == "" {
		return gateway.StillWidth, true
	}
	width, err := strconv.Atoi(text)
	if err != nil || !slices.Contains(gateway.StillWidths[:], width) {
		fail(w, badBody.with("width", fmt.Sprintf("one of %v", gateway.StillWidths)))
		return 0, false
	}
	return width, true
}

// noStill answers who may view a camera of which there is no still.
func (a *API) noStill(w http.ResponseWriter, err error) {
	is := noPicture
	switch {
	case errors.Is(err, gateway.ErrNoStills):
		fail(w, noStills)
		return
	case errors.Is(err, gateway.ErrStillsOften):
		is = oftenStills
	case errors.Is(err, gateway.ErrStillsBusy), errors.Is(err, gateway.ErrClosed), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		is = busyStills
	}
	w.Header().Set("Retry-After", "10")
	fail(w, is)
}

// Bounds of what is remembered of looks that are recorded.
const (
	lookFor  = 10 * time.Minute
	maxLooks = 50_000 // beyond, every still is recorded
)

// look is what one record of stills tells: who looked at what, and what for.
type look struct{ subject, camera, reason, number, by string }

// looks are the records of stills that stand for further ones.
type looks struct {
	mu sync.Mutex
	at map[look]time.Time
}

// looked has it recorded that somebody sees a still of a camera, before the first
// one leaves. One durable record tells of all that they see of it in ten minutes: a
// list renews its stills by itself, and a record for each would bury those that
// somebody meant. To leave it to Ledger.Seldom would lose who looked, since that is
// bounded by the minute and not durable when it returns. Two first stills at once may
// make two records.
func (a *API) looked(r *http.Request, s auth.Subject, cam gateway.Camera, p auth.Permission) error {
	now := time.Now()
	is := look{s.ID, string(cam.ID), string(p.Reason), p.Case, p.By}
	if a.looks.has(is, now) {
		return nil
	}
	err := a.note(r, s, auth.View, auth.Record{Event: auth.StillSeen, Camera: string(cam.ID), Kind: string(cam.Kind), Areas: a.path(cam.Area),
		Reason: string(p.Reason), Case: p.Case})
	if err == nil {
		a.looks.put(is, now)
	}
	return err
}

func (l *looks) has(is look, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	at, ok := l.at[is]
	return ok && now.Sub(at) < lookFor
}

func (l *looks) put(is look, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.at == nil {
		l.at = map[look]time.Time{}
	}
	if _, known := l.at[is]; !known && len(l.at) >= maxLooks {
		for old, at := range l.at {
			if now.Sub(at) >= lookFor {
				delete(l.at, old)
			}
		}
		if len(l.at) >= maxLooks {
			return
		}
	}
	l.at[is] = now
}
