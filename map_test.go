package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"matthan/auth"
)

// worldTile is a real picture: one pixel, PNG.
const worldTile = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

// mapOfOneTile is an archive that has the whole world as one tile, of a kind as
// PMTiles numbers them. What writes larger ones is in gateway/pmtiles.
func mapOfOneTile(t testing.TB, kind byte) string {
	t.Helper()
	tile, err := base64.StdEncoding.DecodeString(worldTile)
	if err != nil {
		t.Fatal(err)
	}
	root := binary.AppendUvarint([]byte{1, 0, 1}, uint64(len(tile)))
	root = append(root, 1)
	about := []byte(`{"attribution":"<a href='https://example.org'>Sở Xây dựng</a>"}`)
	head := make([]byte, 127)
	copy(head, "PMTiles\x03")
	at := len(head)
	for i, n := range []int{len(root), len(about), 0, len(tile)} {
		binary.LittleEndian.PutUint64(head[8+16*i:], uint64(at))
		binary.LittleEndian.PutUint64(head[16+16*i:], uint64(n))
		at += n
	}
	head[97], head[98], head[99] = 1, 1, kind
	for i, degrees := range []int32{-180, -85, 180, 85} {
		binary.LittleEndian.PutUint32(head[102+4*i:], uint32(degrees*10_000_000))
	}
	name := filepath.Join(t.TempDir(), "map.pmtiles")
	if err := os.WriteFile(name, bytes.Join([][]byte{head, root, about, tile}, nil), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// withMap is a gateway with a map and one token.
func withMap(t *testing.T, m MapConfig) (*browser, string) {
	t.Helper()
	secret, err := auth.NewSecret(areaToken)
	if err != nil {
		t.Fatal(err)
	}
	origin, _ := startSecure(t, func(c *Config) {
		c.Map = m
		c.Tokens = []auth.Token{{Name: "area", Secret: secret, Areas: []string{auth.AllAreas}}}
	})
	return newBrowser(t, origin), origin
}

func TestAnOperatorsMapIsServedToWhoMaySeeTheList(t *testing.T) {
	t.Parallel()
	b, _ := withMap(t, MapConfig{File: mapOfOneTile(t, 2)})
	if resp, _ := b.visit("GET", "/api/v1/map/0/0/0"); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger: %d", resp.StatusCode)
	}
	bearer := []string{"Authorization", "Bearer " + areaToken}
	resp, text := b.visit("GET", "/api/v1/map", bearer...)
	var doc struct {
		Tiles, Attribution string
		Bounds             []float64
		MaxZoom            int `json:"max_zoom"`
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil || doc.Tiles != "/api/v1/map/{z}/{x}/{y}" || doc.Attribution != "Sở Xây dựng" || len(doc.Bounds) != 4 || doc.MaxZoom != 0 {
		t.Errorf("%d %s", resp.StatusCode, text)
	}
	want, _ := base64.StdEncoding.DecodeString(worldTile)
	resp, text = b.visit("GET", "/api/v1/map/0/0/0", bearer...)
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "image/png" || text != string(want) || resp.Header.Get("Cache-Control") != "private, max-age=86400" {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	if again, _ := b.visit("GET", "/api/v1/map/0/0/0", append(bearer, "If-None-Match", resp.Header.Get("ETag"))...); again.StatusCode != http.StatusNotModified {
		t.Errorf("who has it: %d", again.StatusCode)
	}
	for path, status := range map[string]int{"1/0/0": 204, "0/1/0": 204, "99/1/1": 204, "0/0/2147483647": 204, "0/0/99999999999": 400, "-1/0/0": 400, "0/0/x": 400} {
		if resp, _ := b.visit("GET", "/api/v1/map/"+path, bearer...); resp.StatusCode != status {
			t.Errorf("%s: %d, want %d", path, resp.StatusCode, status)
		}
	}
	if policy := b.policyOf("/"); strings.Contains(policy, "https://") {
		t.Errorf("it asks nobody else: %s", policy)
	}
}

// policyOf is the Content-Security-Policy of a page.
func (b *browser) policyOf(path string) string {
	resp, _ := b.visit("GET", path)
	return resp.Header.Get("Content-Security-Policy")
}

func TestTilesOfAnotherServerAreLetIntoTheViewerOnly(t *testing.T) {
	t.Parallel()
	b, _ := withMap(t, MapConfig{Tiles: "https://tiles.example:8443/{z}/{x}/{y}.png", MaxZoom: 18})
	if policy := b.policyOf("/"); !strings.Contains(policy, "img-src 'self' data: blob: https://tiles.example:8443;") || strings.Count(policy, "tiles.example") != 1 {
		t.Error(policy)
	}
	for _, path := range []string{"/manage/", "/owner/", "/guest/", "/nothing"} {
		if policy := b.policyOf(path); strings.Contains(policy, "tiles.example") {
			t.Errorf("%s: %s", path, policy)
		}
	}
	if resp, _ := b.visit("GET", "/api/v1/map/0/0/0", "Authorization", "Bearer "+areaToken); resp.StatusCode != http.StatusNotFound {
		t.Errorf("without an archive there are no tiles of ours: %d", resp.StatusCode)
	}
}

func TestAMapThatCannotBeDrawnIsToldAtTheStart(t *testing.T) {
	t.Parallel()
	for want, file := range map[string]string{"make raster tiles": mapOfOneTile(t, 1), "no such file": filepath.Join(t.TempDir(), "none.pmtiles")} {
		cfg := defaultConfig()
		cfg.HTTP, cfg.HTTPS, cfg.Data, cfg.Map.File = "127.0.0.1:0", "", t.TempDir(), file
		cfg.WebRTC = WebRTCConfig{UDP: "127.0.0.1:0", Addresses: []string{"127.0.0.1"}}
		cfg.Audit.Reserve = 0
		ctx, cancel := context.WithCancelCause(t.Context())
		err := serve(ctx, cfg, slog.New(slog.DiscardHandler), func(listening) { cancel(errors.New("it started")) })
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), filepath.Base(file)) {
			t.Errorf("%v, want %s", err, want)
		}
		cancel(nil)
	}
}

func TestAMapIsReadFromTheConfiguration(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	read := func(text string) (*Config, error) {
		return parseConfig(filepath.Join(dir, "m.yaml"), []byte("map: "+text))
	}
	cfg, err := read("{file: ha-noi.pmtiles, attribution: Sở Xây dựng}")
	if err != nil || cfg.Map.File != filepath.Join(dir, "ha-noi.pmtiles") || cfg.Map.Attribution != "Sở Xây dựng" || cfg.Map.imageOrigins() != nil {
		t.Errorf("%+v %v", cfg, err)
	}
	cfg, err = read(`{tiles: "https://Tiles.example:443/v1/{z}/{x}/{y}.png?style=a", min_zoom: 3}`)
	if err != nil || len(cfg.Map.imageOrigins()) != 1 || cfg.Map.imageOrigins()[0] != "https://tiles.example" || cfg.Map.MinZoom != 3 || cfg.Map.MaxZoom != 18 {
		t.Errorf("%+v %v", cfg, err)
	}
	if cfg, err = read(""); err != nil || cfg.Map.File != "" || cfg.Map.Tiles != "" {
		t.Errorf("%+v %v", cfg, err)
	}
	for text, want := range map[string]string{
		"{attribution: x}": "either file", `{file: a, tiles: "https://t.example/{z}/{x}/{y}"}`: "either file",
		`{tiles: "http://t.example/{z}/{x}/{y}"}`: "looks like", `{tiles: "https://t.example/{z}/{x}"}`: "looks like",
		`{tiles: "https://{x}.example/{z}/{x}/{y}"}`: "looks like", `{tiles: "https://t.example; script-src x/{z}/{x}/{y}"}`: "looks like",
		`{tiles: "https://u:p@t.example/{z}/{x}/{y}"}`: "looks like", `{tiles: "https://*.example/{z}/{x}/{y}"}`: "looks like",
		`{tiles: "https://t.example/{z}/{x}/{y}/{s}"}`: "looks like", `{tiles: "//t.example/{z}/{x}/{y}"}`: "looks like",
		`{tiles: "https://t.example/{z}/{x}/{y}", min_zoom: 5, max_zoom: 4}`: "above", "{file: a, max_zoom: 99}": "from 0 to 24",
		"{fil: a}": `did you mean "file"`,
	} {
		if _, err := read(text); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "m.yaml:1: ") {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
