package main

import (
	"time"

	"go.yaml.in/yaml/v3"

	"matthan/transcode"
)

// defaultStills keep below a core, on a machine that has two.
var defaultStills = transcode.Config{FFmpeg: "ffmpeg", Workers: 1, PerSecond: 4, Every: 5 * time.Second, Bytes: 32 << 20}

func (r *reader) stills(n *yaml.Node, s *transcode.Config) {
	r.object(n, "stills", fields{
		"ffmpeg":     r.textField(&s.FFmpeg),
		"workers":    r.number(&s.Workers, 1, 64),
		"per_second": r.number(&s.PerSecond, 1, 1000),
		"every":      r.duration(&s.Every, time.Second, time.Hour),
		"bytes":      r.number(&s.Bytes, 1<<20, 1<<32),
	})
}
