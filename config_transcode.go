package main

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"matthan/transcode"
)

// defaultTranscode makes as many rungs as half of the machine's cores carry.
var defaultTranscode = transcode.RungsConfig{FFmpeg: "ffmpeg", Encoder: transcode.EncoderAuto, Device: "/dev/dri/renderD128"}

func (r *reader) transcode(n *yaml.Node, c *transcode.RungsConfig) {
	r.object(n, "transcode", fields{
		"ffmpeg": r.textField(&c.FFmpeg),
		"rungs": func(n *yaml.Node) {
			if r.number(&c.Most, 0, 10_000)(n); c.Most == 0 {
				c.Most = -1 // none, in the file
			}
		},
		"encoder": func(n *yaml.Node) {
			if r.text(&c.Encoder)(n) && !slices.Contains(transcode.Encoders, c.Encoder) {
				r.fail(n, "encoder is one of %s", strings.Join(transcode.Encoders, ", "))
			}
		},
		"device": r.textField(&c.Device),
	})
}
