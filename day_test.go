package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/gateway/simulate"
)

func TestHowLongAFirstPictureTookIsKnownOfEachLook(t *testing.T) {
	t.Parallel()
	l := startLive(t, simulate.Options{Cameras: 2}, func(c *Config) {
		c.Tokens[0].Actions = []auth.Action{auth.View, auth.Administer}
	})
	for range 2 {
		p, err := l.play("cam0")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.next(); err != nil {
			t.Fatal(err)
		}
		p.close()
	}
	type health struct {
		ID, State, Day string
		First          int `json:"first_count"`
		Median         int `json:"first_median_ms"`
		Streams        []struct{ Quality, Codec string }
	}
	ask := func() (all []health) {
		req, err := http.NewRequestWithContext(t.Context(), "GET", l.url+"/api/v1/health/cameras", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+liveToken)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		var doc struct{ Cameras []health }
		if err := json.NewDecoder(resp.Body).Decode(&doc); err != nil || len(doc.Cameras) != 2 {
			t.Fatalf("%d %v", resp.StatusCode, err)
		}
		return doc.Cameras
	}
	// The diary looks once a second at what runs.
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(patience)
	for all := ask(); len(all[0].Streams) == 0 || all[0].Streams[0].Codec == "" || !strings.Contains(all[0].Day, "l"); all = ask() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("no stream is measured: %+v", all)
		}
	}
	all := ask()
	if h := all[0]; h.ID != "cam0" || h.State != "live" || h.First != 2 || h.Median > 20_000 || h.Streams[0].Codec != "H264" {
		t.Errorf("%+v", h)
	}
	if h := all[1]; h.ID != "cam1" || h.State != "unknown" || h.First != 0 || len(h.Streams) != 0 {
		t.Errorf("a camera that nobody watched: %+v", h)
	}
}
