package api

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

const (
	wardToken = "ward-0123456789abcdef"
	allToken  = "all-0123456789abcdef"
	noToken   = "nothing-0123456789abcdef"
	canary    = "canary" // in every address and login
)

func token(t *testing.T, name, text string, areas, kinds []string) auth.Token {
	t.Helper()
	s, err := auth.NewSecret(text)
	if err != nil {
		t.Fatal(err)
	}
	return auth.Token{Name: name, Secret: s, Areas: areas, Kinds: kinds}
}

func serve(t *testing.T, extra int) *httptest.Server {
	t.Helper()
	areas := []gateway.Area{{ID: "ha-noi", Name: "Hà Nội"}, {ID: "lang", Name: "Phường Láng", Parent: "ha-noi"}, {ID: "dong-da", Name: "Đống Đa", Parent: "ha-noi"}, {ID: "vinh", Name: "Vinh"}}
	camera := func(id gateway.CameraID, area gateway.AreaID, kind gateway.Kind) gateway.Camera {
		return gateway.Camera{ID: id, Name: "Ngã tư " + string(id), Area: area, Kind: kind, Main: "rtsp://" + canary + ".example/main",
			Login: gateway.Login{User: canary, Password: canary}}
	}
	cameras := []gateway.Camera{camera("crossing", "lang", gateway.Public), camera("house", "lang", gateway.Household), camera("far", "vinh", gateway.Public)}
	cameras[0].Sub = "rtsp://" + canary + ".example/sub"
	cameras[0].Position = &gateway.Position{Lat: 21.0126, Lng: 105.8169}
	for i := range extra {
		cameras = append(cameras, camera(gateway.CameraID(fmt.Sprintf("extra-%d", i)), "lang", gateway.Public))
	}
	inv, err := gateway.NewList(areas, cameras)
	if err != nil {
		t.Fatal(err)
	}
	policy, err := auth.NewPolicy([]auth.Token{
		token(t, "ward", wardToken, []string{"lang"}, nil),
		token(t, "all", allToken, []string{"all"}, []string{"public", "household"}),
		token(t, "nothing", noToken, nil, nil),
	})
	if err != nil {
		t.Fatal(err)
	}
	health := func(id gateway.CameraID) (string, time.Time) {
		if id == "crossing" {
			return Offline, time.UnixMilli(1700000000123)
		}
		return Unknown, time.Time{}
	}
	mux := http.NewServeMux()
	(&API{Policy: policy, Inventory: inv, Health: health, Log: slog.New(slog.DiscardHandler)}).Routes(mux)
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return srv
}

// ask sends one request; its body is as it came.
func ask(t *testing.T, srv *httptest.Server, method, path, bearer string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, srv.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	req.Header.Set("Accept-Encoding", "identity")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(body), canary) || strings.Contains(string(body), "rtsp:") || strings.Contains(fmt.Sprint(resp.Header), canary) {
		t.Errorf("%s %s tells an address or a login: %s", method, path, body)
	}
	return resp, string(body)
}

func TestListHoldsWhatTheCallerMaySee(t *testing.T) {
	t.Parallel()
	srv := serve(t, 0)
	for bearer, want := range map[string][2]string{
		wardToken: {"crossing", "ha-noi lang"},
		allToken:  {"crossing far house", "ha-noi vinh lang"},
		noToken:   {"", ""},
	} {
		resp, body := ask(t, srv, "GET", "/api/v1/cameras", bearer)
		var doc struct {
			Areas   []struct{ ID, Name, Parent string }
			Cameras []struct {
				ID, Name, Area, Kind, State string
				Position                    []float64
				Streams                     []string
				Since                       int64
			}
		}
		if err := json.Unmarshal([]byte(body), &doc); err != nil || resp.StatusCode != 200 {
			t.Fatalf("%d %v: %s", resp.StatusCode, err, body)
		}
		var cameras, areas []string
		for _, c := range doc.Cameras {
			cameras = append(cameras, c.ID)
			if c.ID == "crossing" && (c.State != Offline || c.Since != 1700000000123 || !slices.Equal(c.Streams, []string{"main", "sub"}) || !slices.Equal(c.Position, []float64{21.0126, 105.8169})) {
				t.Errorf("crossing: %+v", c)
			}
		}
		for _, a := range doc.Areas {
			areas = append(areas, a.ID)
		}
		if got := [2]string{strings.Join(cameras, " "), strings.Join(areas, " ")}; got != want {
			t.Errorf("%s: %q, want %q", bearer, got, want)
		}
		if strings.Contains(body, "null") {
			t.Errorf("an empty list is null: %s", body)
		}
		if cc := resp.Header.Get("Cache-Control"); cc != "private, no-cache" {
			t.Errorf("Cache-Control: %s", cc)
		}
	}
}

func TestUnknownCameraAndNoRightLookTheSame(t *testing.T) {
	t.Parallel()
	srv := serve(t, 0)
	if resp, body := ask(t, srv, "GET", "/api/v1/cameras/crossing", wardToken); resp.StatusCode != 200 || !strings.Contains(body, `"id":"crossing"`) {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	var first string
	for _, path := range []string{"no-such", "house", "far", "%2e%2e", "a%2fb", strings.Repeat("a", 5000), "%00"} {
		resp, body := ask(t, srv, "GET", "/api/v1/cameras/"+path, wardToken)
		if first == "" {
			first = body
		}
		if resp.StatusCode != 404 || body != first || resp.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%.20s: %d %s", path, resp.StatusCode, body)
		}
	}
	if resp, _ := ask(t, srv, "GET", "/api/v1/cameras/house", allToken); resp.StatusCode != 200 {
		t.Errorf("a household for one who may: %d", resp.StatusCode)
	}
}

func TestProblemsHaveACodeAndTwoLanguages(t *testing.T) {
	t.Parallel()
	srv := serve(t, 0)
	for _, tt := range []struct {
		method, path, bearer, code string
		status                     int
	}{
		{"GET", "/api/v1/cameras", "", "token", 401},
		{"GET", "/api/v1/cameras?token=" + allToken, "", "token", 401},
		{"GET", "/api/v1/cameras", "wrong-" + allToken, "token", 401},
		{"GET", "/api/v1/cameras", strings.Repeat("a", 5000), "token", 401},
		{"GET", "/api/v1/cameras/crossing", "", "token", 401},
		{"GET", "/api/v2/anything", "", "token", 401},
		{"GET", "/api/v1/anything", wardToken, "not_found", 404},
		{"POST", "/api/v1/cameras", wardToken, "method", 405},
		{"DELETE", "/api/v1/cameras/crossing", wardToken, "method", 405},
	} {
		resp, body := ask(t, srv, tt.method, tt.path, tt.bearer)
		var p problem
		if err := json.Unmarshal([]byte(body), &p); err != nil || resp.StatusCode != tt.status || p.Status != tt.status || p.Code != tt.code || p.Text.VI == "" || p.Text.EN == "" || p.Title == "" {
			t.Errorf("%s %.30s: %d %s", tt.method, tt.path, resp.StatusCode, body)
		}
		if tt.status == 401 && !strings.HasPrefix(resp.Header.Get("WWW-Authenticate"), "Bearer") {
			t.Errorf("%s: no WWW-Authenticate", tt.path)
		}
		if strings.Contains(body, allToken) {
			t.Errorf("the answer holds the token: %s", body)
		}
	}
}

func TestUnchangedListIsNotSentAgain(t *testing.T) {
	t.Parallel()
	srv := serve(t, 0)
	resp, _ := ask(t, srv, "GET", "/api/v1/cameras", wardToken)
	tag := resp.Header.Get("ETag")
	if tag == "" {
		t.Fatal("no ETag")
	}
	for _, sent := range []string{tag, strings.TrimPrefix(tag, "W/"), `"x", ` + tag, "*"} {
		if resp, body := ask(t, srv, "GET", "/api/v1/cameras", wardToken, "If-None-Match", sent); resp.StatusCode != 304 || body != "" {
			t.Errorf("If-None-Match %s: %d", sent, resp.StatusCode)
		}
	}
	if resp, _ := ask(t, srv, "GET", "/api/v1/cameras", allToken, "If-None-Match", tag); resp.StatusCode != 200 || resp.Header.Get("ETag") == tag {
		t.Errorf("another caller's list has the same tag")
	}
}

func TestLargeListIsCompressed(t *testing.T) {
	t.Parallel()
	srv := serve(t, 300)
	_, plain := ask(t, srv, "GET", "/api/v1/cameras", wardToken)
	for sent, packed := range map[string]bool{"gzip": true, "br, GZIP;q=0.5": true, "gzip;q=0": false, "br": false} {
		resp, body := ask(t, srv, "GET", "/api/v1/cameras", wardToken, "Accept-Encoding", sent)
		if got := resp.Header.Get("Content-Encoding") == "gzip"; got != packed {
			t.Errorf("%s: compressed %v", sent, got)
			continue
		}
		if packed {
			z, err := gzip.NewReader(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(z)
			if err != nil || len(body) > len(plain)/4 {
				t.Errorf("%v, %d of %d bytes", err, len(body), len(plain))
			}
			body = string(b)
		}
		if body != plain {
			t.Errorf("%s: another body", sent)
		}
	}
	if resp, _ := ask(t, srv, "GET", "/api/v1/cameras/crossing", wardToken, "Accept-Encoding", "gzip"); resp.Header.Get("Content-Encoding") != "" {
		t.Error("a small answer is compressed")
	}
	if resp, body := ask(t, srv, "HEAD", "/api/v1/cameras", wardToken); resp.StatusCode != 200 || body != "" || resp.ContentLength != int64(len(plain)) {
		t.Errorf("HEAD: %d, %d bytes", resp.StatusCode, resp.ContentLength)
	}
}

func TestListIsOfOneAreaOrOfASearch(t *testing.T) {
	t.Parallel()
	srv := serve(t, 0)
	for query, want := range map[string]string{
		"?area=lang":          "crossing house",
		"?area=ha-noi":        "crossing house",
		"?area=khong-co":      "",
		"?q=NG%C3%83+t%C6%B0": "crossing far house", // "NGÃ tư"
		"?q=nga+cross":        "crossing",
		"?q=phuong+lang":      "crossing house",
		"?q=ross":             "", // words are looked for from their beginnings
		"?q=hou&area=vinh":    "",
		"?q=%20":              "crossing far house",
		"?q=nga&q=far":        "crossing far house", // the first counts
	} {
		resp, body := ask(t, srv, "GET", "/api/v1/cameras"+query, allToken)
		var doc struct{ Cameras []struct{ ID string } }
		if err := json.Unmarshal([]byte(body), &doc); err != nil || resp.StatusCode != 200 {
			t.Fatalf("%d %v: %s", resp.StatusCode, err, body)
		}
		var got []string
		for _, c := range doc.Cameras {
			got = append(got, c.ID)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	if resp, _ := ask(t, srv, "GET", "/api/v1/cameras?q="+strings.Repeat("a", 201), allToken); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("a long search: %d", resp.StatusCode)
	}
}

// BenchmarkList3000 answers a list out of 3,000 cameras in 160 areas.
func BenchmarkList3000(b *testing.B) {
	areas := []gateway.Area{{ID: "ha-noi", Name: "Hà Nội"}}
	for i := range 160 {
		areas = append(areas, gateway.Area{ID: gateway.AreaID(fmt.Sprintf("phuong-%d", i)), Name: fmt.Sprintf("Phường số %d", i), Parent: "ha-noi"})
	}
	var cameras []gateway.Camera
	for i := range 3000 {
		cameras = append(cameras, gateway.Camera{ID: gateway.CameraID(fmt.Sprintf("camera-%d", i)), Name: fmt.Sprintf("Ngã tư Nguyễn Văn Cừ số %d", i),
			Area: areas[1+i%160].ID, Kind: gateway.Public, Main: "rtsp://10.1.2.3/main"})
	}
	inv, err := gateway.NewList(areas, cameras)
	if err != nil {
		b.Fatal(err)
	}
	secret, err := auth.NewSecret(allToken)
	if err != nil {
		b.Fatal(err)
	}
	policy, err := auth.NewPolicy([]auth.Token{{Name: "all", Secret: secret, Areas: []string{"all"}}})
	if err != nil {
		b.Fatal(err)
	}
	mux := http.NewServeMux()
	(&API{Policy: policy, Inventory: inv, Log: slog.New(slog.DiscardHandler),
		Health: func(gateway.CameraID) (string, time.Time) { return Unknown, time.Time{} }}).Routes(mux)
	for _, query := range []string{"", "?area=phuong-7", "?q=cu+so+2999"} {
		b.Run("all"+query, func(b *testing.B) {
			for b.Loop() {
				r := httptest.NewRequest("GET", "/api/v1/cameras"+query, nil)
				r.Header.Set("Authorization", "Bearer "+allToken)
				w := httptest.NewRecorder()
				if mux.ServeHTTP(w, r); w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
			}
		})
	}
}
