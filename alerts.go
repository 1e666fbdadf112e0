package main

import (
	"context"
	"log/slog"
	"net/netip"
	"time"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/api"
	"matthan/gateway/hook"
	"matthan/gateway/rtsp"
)

// openHook makes what tells another server of cameras that are offline; nil where
// none is to be told.
func openHook(cfg *Config, origin string, log *slog.Logger) *hook.Hook {
	a := cfg.Alerts
	if a.URL == nil {
		return nil
	}
	permit := permitKeys(cfg.Reach)
	if isOwnHost(a.URL.Hostname()) { // the configuration says so
		permit = func(to netip.AddrPort) error {
			if to.Addr().IsLoopback() {
				return nil
			}
			return gateway.ErrOutOfReach
		}
	}
	return hook.New(hook.Config{URL: a.URL, Secret: []byte(a.Secret.Reveal()), Gateway: origin, Permit: permit, Roots: cfg.portalRoots, Log: log})
}

// openPatrol makes what sees to all cameras, watched or not. A citizen's is left
// alone, and nobody is told of it but who administers it.
func openPatrol(cfg *Config, hub *gateway.Hub, inventory gateway.Inventory, consents auth.Table[auth.Consent], known *lent, log *slog.Logger) *gateway.Patrol {
	return &gateway.Patrol{Hub: hub, Inventory: inventory, Patience: gateway.Patience{After: cfg.Alerts.After, Steady: cfg.Alerts.Steady},
		Every: cfg.Alerts.Knock, TellAll: cfg.Alerts.Citizens, Tell: func(gateway.Alert) {}, Log: log,
		Knock: func(ctx context.Context, c gateway.Camera) error {
			return rtsp.Knock(ctx, rtsp.Config{URL: c.Main, Permit: permitDial(cfg, c.ID)})
		},
		Spare: func() func(gateway.Camera) bool {
			is := known.isLent()
			return func(c gateway.Camera) bool {
				_, _, lends := consents.Get(string(c.ID))
				return c.Kind == gateway.Household || lends || is(c)
			}
		}}
}

// tellHook has h told what p says.
func tellHook(p *gateway.Patrol, h *hook.Hook, inventory gateway.Inventory) {
	p.Tell = func(a gateway.Alert) {
		var cameras []hook.Camera
		for _, id := range a.Cameras {
			name := hook.Camera{ID: string(id)}
			if c, err := inventory.Camera(id); err == nil {
				name.Name, name.Area = c.Name, string(c.Area)
			}
			cameras = append(cameras, name)
		}
		h.Tell(a, cameras)
	}
}

// tellingOf says how h goes about it.
func tellingOf(h *hook.Hook) func() api.Telling {
	return func() api.Telling {
		s := h.State()
		return api.Telling{Waiting: s.Waiting, Dropped: s.Dropped, Failing: unixMilli(s.Failing), Why: s.Why}
	}
}

func unixMilli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
