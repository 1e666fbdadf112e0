package main

import (
	"io"
	"net/url"
	"strings"

	"go.yaml.in/yaml/v3"

	"matthan/gateway/api"
	"matthan/gateway/pmtiles"
)

// MapConfig is the ground under the cameras of the map. Neither File nor Tiles:
// Matthan's own drawing, which asks nobody for anything.
type MapConfig struct {
	File        string // of raster tiles, PMTiles version 3
	Tiles       string // or where browsers fetch them: https, with {z}, {x} and {y}
	MinZoom     int    // of Tiles
	MaxZoom     int
	Attribution string // "": what File says
}

// Bounds of the description of a map.
const (
	maxTilesURL    = 500 // bytes
	maxAttribution = 200 // bytes
	usualMaxZoom   = 18  // what servers of tiles have
)

func (r *reader) ground(n *yaml.Node, m *MapConfig) {
	m.MaxZoom = usualMaxZoom
	r.object(n, "map", fields{
		"file":  r.path(&m.File),
		"tiles": func(n *yaml.Node) { r.tiles(n, &m.Tiles) },
		"attribution": func(n *yaml.Node) {
			if r.text(&m.Attribution)(n) && len(m.Attribution) > maxAttribution {
				r.fail(n, "an attribution has at most %d bytes", maxAttribution)
			}
		},
		"min_zoom": r.number(&m.MinZoom, 0, pmtiles.MaxZoom),
		"max_zoom": r.number(&m.MaxZoom, 0, pmtiles.MaxZoom),
	})
	switch {
	case isNull(resolve(n)):
	case (m.File == "") == (m.Tiles == ""):
		r.fail(n, "map needs either file, an archive of raster tiles, or tiles, where browsers fetch them")
	case m.MinZoom > m.MaxZoom:
		r.fail(n, "min_zoom is above max_zoom")
	}
}

// tiles takes where browsers fetch tiles. Its origin becomes a part of the page's
// policy, and each of the three places must be filled in.
func (r *reader) tiles(n *yaml.Node, dst *string) {
	var s string
	if !r.text(&s)(n) {
		return
	}
	origin, rest, ok := cutOrigin(s)
	if !ok || len(s) > maxTilesURL || strings.ContainsAny(origin, "{}") ||
		strings.Count(rest, "{z}") != 1 || strings.Count(rest, "{x}") != 1 || strings.Count(rest, "{y}") != 1 || strings.Count(rest, "{") != 3 {
		r.fail(n, "tiles looks like https://tiles.example/{z}/{x}/{y}.png")
		return
	}
	*dst = s
}

// cutOrigin parts an address of tiles into the origin, as policies name it, and
// the rest.
func cutOrigin(s string) (origin, rest string, ok bool) {
	host, found := strings.CutPrefix(s, "https://")
	host, rest, slash := strings.Cut(host, "/")
	u, err := parseOrigin("https://" + host)
	if !found || !slash || err != nil || u.Scheme != "https" || !isHostname(u.Hostname()) || strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c > '~' }) {
		return "", "", false
	}
	if _, err := url.Parse("https://" + host + "/" + strings.NewReplacer("{", "", "}", "").Replace(rest)); err != nil {
		return "", "", false
	}
	return u.String(), rest, true
}

// imageOrigins are those that the viewer may load pictures from, beside our own.
func (m MapConfig) imageOrigins() []string {
	if origin, _, ok := cutOrigin(m.Tiles); ok {
		return []string{origin}
	}
	return nil
}

// openGround opens the operator's map, if there is one. The caller closes it.
func openGround(m MapConfig) (*api.Ground, io.Closer, error) {
	switch {
	case m.File != "":
		archive, err := pmtiles.Open(m.File)
		if err != nil {
			return nil, nil, err
		}
		g := &api.Ground{Archive: archive, MinZoom: archive.MinZoom, MaxZoom: archive.MaxZoom, Attribution: m.Attribution}
		b := archive.Bounds
		g.Bounds = [4]float64{b.West, b.South, b.East, b.North}
		if g.Attribution == "" {
			g.Attribution = archive.Attribution
		}
		return g, archive, nil
	case m.Tiles != "":
		return &api.Ground{Tiles: m.Tiles, MinZoom: m.MinZoom, MaxZoom: m.MaxZoom, Attribution: m.Attribution, Bounds: [4]float64{-180, -90, 180, 90}}, nil, nil
	}
	return nil, nil, nil
}
