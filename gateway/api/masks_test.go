package api

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// fixed are records that nobody changes.
type fixed struct {
	Records
	*gateway.List
}

func (f fixed) Camera(id gateway.CameraID) (gateway.Camera, uint64, bool) {
	c, err := f.List.Camera(id)
	return c, 1, err == nil
}

func (fixed) Lent() func(gateway.Camera) bool {
	return func(gateway.Camera) bool { return false }
}

// lastTried keeps what was tried last.
type lastTried struct{ camera gateway.Camera }

func (l *lastTried) Try(_ string, c gateway.Camera, now time.Time) (time.Time, error) {
	l.camera = c
	return now.Add(gateway.TrialFor), nil
}

// silent is a log that keeps nothing.
type silent struct{ Log }

func (silent) Write(context.Context, auth.Record) error { return nil }

func TestWhatIsMaskedIsNotTriedWithoutItsMasks(t *testing.T) {
	t.Parallel()
	half := gateway.Mask{{X: 0, Y: 0}, {X: 0.5, Y: 0}, {X: 0.5, Y: 1}, {X: 0, Y: 1}}
	inv, err := gateway.NewList([]gateway.Area{{ID: "lang", Name: "Phường Láng"}}, []gateway.Camera{
		{ID: "crossing", Name: "Ngã tư", Area: "lang", Kind: gateway.Public, Main: "rtsp://10.1.2.3/main", Sub: "rtsp://10.1.2.3/sub", Masks: []gateway.Mask{half}}})
	if err != nil {
		t.Fatal(err)
	}
	all := token(t, "all", allToken, []string{"all"}, nil)
	all.Actions = []auth.Action{auth.View, auth.Administer}
	policy, err := auth.NewPolicy([]auth.Token{all})
	if err != nil {
		t.Fatal(err)
	}
	tried := &lastTried{}
	mux := http.NewServeMux()
	(&API{Policy: policy, Inventory: inv, Records: fixed{List: inv}, Trials: tried, Audit: silent{}, Log: slog.New(slog.DiscardHandler)}).Routes(mux)
	const camera = `"area":"lang","kind":"public","main":"rtsp://10.1.2.3/main"`
	for name, tt := range map[string]struct {
		body  string
		masks int
	}{
		"from its own page":           {`{"id":"crossing",` + camera + `}`, 1},
		"from its page, without them": {`{"id":"crossing",` + camera + `,"masks":[]}`, 1},
		"as a new camera":             {`{` + camera + `}`, 1},
		"as a new camera's sub":       {`{"area":"lang","kind":"public","main":"rtsp://10.1.2.4/main","sub":"rtsp://10.1.2.3:554/main"}`, 1},
		"with more":                   {`{` + camera + `,"masks":[[[1,1],[0.5,1],[1,0.5]]]}`, 2},
		"another camera":              {`{"area":"lang","kind":"public","main":"rtsp://10.1.2.4/main"}`, 0},
	} {
		r := httptest.NewRequest("POST", "/api/v1/inventory/trials", strings.NewReader(tt.body))
		r.Header.Set("Authorization", "Bearer "+allToken)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		if mux.ServeHTTP(w, r); w.Code != http.StatusCreated || len(tried.camera.Masks) != tt.masks {
			t.Errorf("%s: %d %s, %v", name, w.Code, w.Body, tried.camera.Masks)
		}
	}
}
