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
		permit := permitONVIF(cfg.Reach)
		if _, err := cfg.Inventory.Camera(c.ID); err == nil {
			permit = nil // the configuration file names the address itself
		}
		return onvif.OpenTurner(ctx, onvif.Config{Address: c.ONVIF.Address, Login: c.Login, InsecureTLS: c.AnyCertificate, Permit: permit}, c.ONVIF.Profile)
	}
}
