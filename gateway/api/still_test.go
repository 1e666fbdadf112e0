package api

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// oneStill is the same for all cameras; what makes real ones is in transcode, which
// this package does not know. stills_test.go at the root has them all together.
type oneStill struct{}

const stillBytes = "a still of a camera"

func (oneStill) Still(context.Context, string, gateway.Camera, int, bool) (gateway.Still, error) {
	return gateway.Still{JPEG: []byte(stillBytes), Width: 480, Height: 270, Captured: time.UnixMilli(1700000000123)}, nil
}

func (oneStill) Forget(gateway.CameraID) {}

func TestWhereTheLogCannotBeWrittenNoStillIsShown(t *testing.T) {
	t.Parallel()
	closed, store := openLogOf(t)
	o := newOfficeOn(t, closed)
	if status, text := o.do("an", "GET", "cameras/far/still", ""); status != http.StatusOK || text != stillBytes {
		t.Fatalf("%d %s", status, text)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	// An's look is recorded already, and stands for ten minutes.
	if status, _ := o.do("an", "GET", "cameras/far/still", ""); status != http.StatusOK {
		t.Errorf("%d", status)
	}
	req, err := http.NewRequestWithContext(t.Context(), "GET", o.url+"/api/v1/cameras/far/still", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+allToken)
	req.Header.Set("If-None-Match", `"1700000000123-480"`)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get(capturedHeader) != "" || resp.Header.Get("ETag") != "" {
		t.Errorf("somebody else: %d %v", resp.StatusCode, resp.Header)
	}
}

func TestWhyThereIsNoStillIsToldByACode(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]problem{gateway.ErrNoStills: noStills, gateway.ErrNoPicture: noPicture, gateway.ErrStillsBusy: busyStills,
		gateway.ErrStillsOften: oftenStills, context.DeadlineExceeded: busyStills, gateway.ErrClosed: busyStills, errors.New(canary): noPicture} {
		w := httptest.NewRecorder()
		(&API{}).noStill(w, err)
		if w.Code != want.Status || !strings.Contains(w.Body.String(), `"code":"`+want.Code+`"`) || strings.Contains(w.Body.String(), canary) {
			t.Errorf("%v: %d %s", err, w.Code, w.Body)
		}
	}
}

func TestOneLookStandsForTenMinutesOfStills(t *testing.T) {
	t.Parallel()
	var l looks
	now, is := time.Now(), look{subject: "an", camera: "far"}
	l.put(is, now)
	other, next := is, is
	other.subject, next.number = "bình", "13/2026"
	if !l.has(is, now.Add(lookFor-1)) || l.has(is, now.Add(lookFor)) || l.has(other, now) || l.has(next, now) {
		t.Error("it stands for more, or for less")
	}
	for i := range maxLooks + 100 {
		l.put(look{subject: strconv.Itoa(i)}, now)
	}
	if len(l.at) > maxLooks {
		t.Errorf("%d are remembered", len(l.at))
	}
	if l.put(other, now.Add(lookFor)); !l.has(other, now.Add(lookFor)) || len(l.at) != 1 {
		t.Errorf("%d are remembered after they ended", len(l.at))
	}
}

func TestAStillIsAnEventOfTheLog(t *testing.T) {
	t.Parallel()
	if !auth.StillSeen.Known() || auth.StillSeen.Ends() {
		t.Error("it cannot be written, or is written to a full disk")
	}
}
