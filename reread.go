package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"matthan/auth"
)

// reread is how tokens are given and taken while the gateway runs: at each
// signal they are read from the configuration again. All else waits for the
// next start.
type reread struct {
	file   string
	signal <-chan os.Signal
}

// rereadAt is at SIGHUP, until the returned function is called.
func rereadAt(file string) (*reread, func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGHUP)
	return &reread{file, c}, func() { signal.Stop(c) }
}

// run follows the signals until ctx ends. A configuration that is wrong, or a
// change that cannot be recorded, leaves the tokens as they are.
func (r *reread) run(ctx context.Context, policy *auth.Policy, audit auth.Recorder, log *slog.Logger) {
	for {
		select {
		case <-r.signal:
		case <-ctx.Done():
			return
		}
		if err := r.tokens(ctx, policy, audit, log); err != nil {
			log.Error("the tokens stay as they are", "err", err)
		}
	}
}

func (r *reread) tokens(ctx context.Context, policy *auth.Policy, audit auth.Recorder, log *slog.Logger) error {
	cfg, err := loadConfig(r.file)
	if err != nil {
		return err
	}
	err = audit.Write(ctx, auth.Record{Event: auth.SettingsChanged, Subject: "console", Detail: fmt.Sprintf("tokens read again: %d", len(cfg.Tokens))})
	if err != nil {
		return fmt.Errorf("the audit log cannot be written: %w", err)
	}
	if err := policy.Set(cfg.Tokens); err != nil {
		return fmt.Errorf("tokens: %w", err)
	}
	log.Info("tokens read again; what else has changed holds from the next start", "tokens", len(cfg.Tokens))
	return nil
}
