package main

import (
	"context"
	"log/slog"
	"time"

	"go.yaml.in/yaml/v3"

	"matthan/gateway"
	"matthan/gateway/onvif"
)

// PTZConfig is about turning cameras.
type PTZConfig struct {
	HomeAfter time.Duration // how long a camera looks where the last hand left it; 0: for ever
	Percent   int           // the fastest that a hand may turn one, of its own fastest
}

var defaultPTZ = PTZConfig{HomeAfter: 2 * time.Minute, Percent: 100}

// leastHome is the soonest that a camera may look home: who lays the stick down
// for a moment shall find the camera where it was.
const leastHome = 10 * time.Second

func (r *reader) ptz(n *yaml.Node, p *PTZConfig) {
	r.object(n, "ptz", fields{
		"home_after": func(n *yaml.Node) {
			if resolve(n).Value == "0" {
				p.HomeAfter = 0
				return
			}
			r.duration(&p.HomeAfter, leastHome, 24*time.Hour)(n)
		},
		"speed_percent": r.number(&p.Percent, 1, 100),
	})
}

// openHeads makes the desk at which cameras are turned.
func openHeads(cfg *Config, inventory gateway.Inventory, log *slog.Logger, told func(gateway.CameraID)) *gateway.Heads {
	h := gateway.NewHeads(inventory, log, turnerBy(cfg), told)
	h.HomeAfter, h.Speed = cfg.PTZ.HomeAfter, float64(cfg.PTZ.Percent)/100
	return h
}

// turnerBy reaches cameras that are to be turned, where the gateway may dial.
func turnerBy(cfg *Config) func(context.Context, gateway.Camera) (gateway.Turner, error) {
	return func(ctx context.Context, c gateway.Camera) (gateway.Turner, error) {
		return onvif.OpenTurner(ctx, onvifOf(cfg, c), c.ONVIF.Profile)
	}
}

// askKeyBy asks cameras for key pictures, where the gateway may dial.
func askKeyBy(cfg *Config) func(context.Context, gateway.Camera, gateway.Quality) error {
	var keys onvif.Keys
	return func(ctx context.Context, c gateway.Camera, q gateway.Quality) error {
		return keys.Ask(ctx, onvifOf(cfg, c), c.ONVIF.Profile, q)
	}
}

// onvifOf says how a camera is asked in ONVIF.
func onvifOf(cfg *Config, c gateway.Camera) onvif.Config {
	permit := permitONVIF(cfg.Reach)
	if _, err := cfg.Inventory.Camera(c.ID); err == nil {
		permit = nil // the configuration file names the address itself
	}
	return onvif.Config{Address: c.ONVIF.Address, Login: c.Login, InsecureTLS: c.AnyCertificate, Permit: permit}
}
