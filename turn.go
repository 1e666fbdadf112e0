package main

import (
	"context"
	"time"

	"matthan/gateway"
	"matthan/gateway/onvif"
)

// homeAfter is how long a camera looks where the last hand left it.
const homeAfter = 2 * time.Minute

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
