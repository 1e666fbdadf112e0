package main

import (
	"bytes"
	"image"
	"image/jpeg"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/gateway/simulate"
)

// needFFmpeg skips where there is none.
func needFFmpeg(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("stills need ffmpeg")
	}
}

// still asks for one as a page does.
func (b *browser) still(camera string, header ...string) (*http.Response, string) {
	b.t.Helper()
	return b.do("GET", "/api/v1/cameras/"+camera+"/still", "", "", header...)
}

// scene reads the number of the scene in a still's pixels.
func scene(t testing.TB, text string) int {
	t.Helper()
	img, err := jpeg.Decode(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	y, ok := img.(*image.YCbCr)
	if !ok {
		t.Fatalf("%T", img)
	}
	n, _, ok := simulate.ReadCode(y.Y, y.YStride, img.Bounds().Dx(), img.Bounds().Dy())
	if !ok {
		t.Fatal("there is no code in the pixels")
	}
	return n
}

func TestAnOfficerSeesAStillOfACameraAndTheLogHasItOnce(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	s := newStation(t)
	at := s.ward()
	reader := s.auditor()
	officer, _ := s.officer(at.area)
	before := time.Now().Add(-5 * time.Second) // a GOP is 4 s long
	resp, text := officer.still(at.camera)
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "image/jpeg" || resp.ContentLength != int64(len(text)) {
		t.Fatalf("%d %v", resp.StatusCode, resp.Header)
	}
	if got, is := scene(t, text), s.cameras.Cameras()[0].Scene; got != is {
		t.Errorf("a still of scene %d, not %d", got, is)
	}
	h := resp.Header
	if cache := h.Get("Cache-Control"); !strings.Contains(cache, "private") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cross-Origin-Resource-Policy") != "same-origin" {
		t.Errorf("%v", h)
	}
	captured, err := time.Parse(time.RFC3339Nano, h.Get("Matthan-Captured"))
	modified, err2 := http.ParseTime(h.Get("Last-Modified"))
	if err != nil || err2 != nil || captured.Before(before) || captured.After(time.Now()) || !modified.Equal(captured.Truncate(time.Second)) {
		t.Errorf("%v, %v", h, err)
	}
	if resp, text := officer.still(at.camera, "If-None-Match", h.Get("ETag")); resp.StatusCode != http.StatusNotModified || text != "" || resp.Header.Get("Matthan-Captured") == "" {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	if resp, text := officer.do("HEAD", "/api/v1/cameras/"+at.camera+"/still", "", ""); resp.StatusCode != 200 || text != "" {
		t.Errorf("HEAD: %d", resp.StatusCode)
	}
	if resp, _ := officer.do("GET", "/api/v1/cameras/"+at.camera+"/still?width=160", "", ""); resp.StatusCode != 200 {
		t.Errorf("%d", resp.StatusCode)
	}
	seen := reader.find("event=picture.still")
	if len(seen) != 1 || seen[0].Camera != at.camera || seen[0].Subject != officer.me() || seen[0].By != "role viewer" || seen[0].Kind != "public" || seen[0].Address != "127.0.0.1" {
		t.Errorf("%+v", seen)
	}
	if resp, text := s.friend().still(at.camera); resp.StatusCode != http.StatusNotFound || len(reader.find("event=picture.still")) != 1 {
		t.Errorf("who has no right: %d %s", resp.StatusCode, text)
	}
}

func TestAStillAsItIsDescribed(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	s := newStation(t)
	at := s.ward()
	officer, _ := s.officer(at.area)
	c := caller{name: "officer", browser: officer}
	d := readDescription(t, &world{t: t, callers: []caller{{name: "nobody", browser: newBrowser(t, s.origin)}}})
	asked := 0
	for _, op := range d.operations() {
		if op.method+" "+op.path != stillRoute {
			continue
		}
		for _, path := range []string{at.camera + "/still", at.camera + "/still?width=640", at.camera + "/still?width=7", "no-such-camera/still"} {
			asked++
			if what := d.complaint(op, c.ask(t, "GET", "/api/v1/cameras/"+path, "")); what != "" {
				t.Errorf("%s: %s", path, what)
			}
		}
	}
	if asked != 4 {
		t.Errorf("%d asked", asked)
	}
}

func TestAStillOfACitizensCameraEndsWithWhatItsOwnerAgreedTo(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	s := newStation(t)
	at := s.ward()
	officer := s.lend(at, time.Time{})
	reader := s.auditor()
	code := func(what string, status int, code string) {
		t.Helper()
		resp, text := officer.still(at.camera)
		if resp.StatusCode != status || code != "" && !strings.Contains(text, `"code":"`+code+`"`) {
			t.Errorf("%s: %d %.200s", what, resp.StatusCode, text)
		}
	}
	code("for a case", 200, "")
	if seen := reader.find("event=picture.still"); len(seen) != 1 || seen[0].Reason != "theft" || seen[0].Case != "12/2026" || seen[0].Kind != auth.Household {
		t.Errorf("%+v", seen)
	}
	officer.want(204, nil, "PUT", "case", `{"reason":"theft","number":"13/2026"}`)
	code("for another case", 200, "")
	if seen := reader.find("event=picture.still"); len(seen) != 2 || seen[0].Case != "13/2026" {
		t.Errorf("another case is another look: %+v", seen)
	}
	if got := s.ownerOf(at.camera).ask(t, "GET", "/api/v1/owner", ""); got.status != 200 || strings.Count(got.body, `"still":true`) != 2 || !strings.Contains(got.body, `"total":2`) {
		t.Errorf("its owner is not told: %s", got.body)
	}
	officer.want(204, nil, "DELETE", "case", "")
	code("without a case", 403, "case_needed")
	officer.want(204, nil, "PUT", "case", `{"reason":"theft","number":"12/2026"}`)
	s.editConsent(at.camera, func(c *auth.Consent) {
		c.Hours = &auth.Hours{Zone: "UTC", Spans: []auth.Span{{Day: (time.Now().UTC().Weekday() + 3) % 7, From: 0, To: 60}}}
	})
	code("out of its hours", 403, "closed_by_owner")
	s.editConsent(at.camera, func(c *auth.Consent) { c.Hours, c.Off = nil, time.Now() })
	code("switched off", 403, "closed_by_owner")
	s.editConsent(at.camera, func(c *auth.Consent) { c.Off = time.Time{} })
	code("on again", 200, "")
	s.editConsent(at.camera, func(c *auth.Consent) { c.Withdrawn, c.Cleared = time.Now(), time.Now() })
	code("withdrawn", 403, "closed_by_owner")
	if denied := reader.finds(1, "event=view.denied&person="+officer.me()); denied[0].Camera != at.camera || denied[0].Detail != "case_needed" { // once a minute
		t.Errorf("%+v", denied)
	}
}

func TestAGuestSeesStillsOfTheSharedCameraOnlyUntilTheShareEnds(t *testing.T) {
	t.Parallel()
	needFFmpeg(t)
	s := newStation(t)
	at, other := s.ward(), s.ward()
	chief := newBrowser(t, s.origin)
	chief.invited(s.admin, "chi-huy", `{"name":"Chỉ huy","roles":["supervisor"],"areas":["quan"]}`)
	made := chief.shareOf(at.camera, true)
	b := newBrowser(t, s.origin)
	guest := caller{name: "guest", token: made.token(t, b), browser: b}
	path := func(camera string) string { return "/api/v1/cameras/" + camera + "/still" }
	if got := guest.ask(t, "GET", path(at.camera), ""); got.status != 200 || !bytes.HasPrefix([]byte(got.body), []byte{0xff, 0xd8}) {
		t.Errorf("%d %.200s", got.status, got.body)
	}
	if got := guest.ask(t, "GET", path(other.camera), ""); got.status != 404 {
		t.Errorf("another camera: %d", got.status)
	}
	chief.want(204, nil, "DELETE", "shares/"+made.Key, "")
	if got := guest.ask(t, "GET", path(at.camera), ""); got.status != 401 {
		t.Errorf("after its end: %d", got.status)
	}
}

func TestWithoutFFmpegThePageIsToldSo(t *testing.T) {
	t.Parallel()
	s := newStationWith(t, func(c *Config) { c.Stills.FFmpeg = "no-such-program-anywhere" })
	at := s.ward()
	officer, _ := s.officer(at.area)
	if resp, text := officer.still(at.camera); resp.StatusCode != 503 || !strings.Contains(text, `"code":"no_stills"`) || !strings.Contains(text, `"vi":`) {
		t.Errorf("%d %s", resp.StatusCode, text)
	}
	if resp, _ := s.friend().still(at.camera); resp.StatusCode != 404 {
		t.Errorf("who has no right: %d", resp.StatusCode)
	}
	if seen := s.auditor().find("event=picture.still"); len(seen) != 0 {
		t.Errorf("nobody saw anything: %+v", seen)
	}
}
