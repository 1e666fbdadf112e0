package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"matthan/auth"
	"matthan/auth/login"
	"matthan/auth/provider"
	"matthan/gateway"
	"matthan/gateway/cluster"
)

// journal is the audit log of a gateway that runs.
type journal struct {
	*auth.Ledger
	log  *cluster.Audit
	stop func()
}

// lastRecord bounds the wait for the log when the gateway stops.
const lastRecord = 10 * time.Second

// openJournal opens the audit log. Without it no gateway runs: who looks at what
// could not be recorded.
func openJournal(ctx context.Context, cfg *Config, store *cluster.Store, log *slog.Logger) (*journal, error) {
	key, err := cluster.LoadAuditKey(cluster.AuditKeyFile(storeDir(cfg)))
	if err != nil {
		return nil, fmt.Errorf("without an audit log nothing is shown: %w", err)
	}
	kept, err := store.Audit(ctx, cluster.AuditConfig{Key: key, Keep: cfg.Audit.Keep, Reserve: int64(cfg.Audit.Reserve)})
	if err == nil {
		err = kept.Write(ctx, auth.Record{Event: auth.GatewayStarted})
	}
	if err != nil {
		return nil, fmt.Errorf("without an audit log nothing is shown: %w", err)
	}
	j := &journal{Ledger: auth.NewLedger(kept, log), log: kept}
	inner, stop := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	running.Go(func() { j.Run(inner) })
	j.stop = func() { stop(); running.Wait() }
	return j, nil
}

// end writes what is left, and that the gateway stopped.
func (j *journal) end(log *slog.Logger) {
	j.stop()
	ctx, cancel := context.WithTimeout(context.Background(), lastRecord)
	defer cancel()
	if err := j.Write(ctx, auth.Record{Event: auth.GatewayStopped}); err != nil {
		log.Error("audit: that the gateway stopped was not recorded", "err", err)
	}
}

// pathsOf are areas with all above them, as a record names them.
func pathsOf(inventory gateway.Inventory, areas []string) (out []string) {
	for _, area := range areas[:min(len(areas), 16)] {
		path := gateway.AreaPath(inventory, gateway.AreaID(area))
		if path == nil {
			path = []gateway.AreaID{gateway.AreaID(area)} // the whole tree, or gone
		}
		for _, id := range path {
			if !slices.Contains(out, string(id)) {
				out = append(out, string(id))
			}
		}
	}
	return out
}

// of begins a record of a person.
func (s *sessions) of(e auth.Event, key string) auth.Record {
	r := auth.Record{Event: e, Subject: key}
	if p, _, ok := s.tables.People.Get(key); ok {
		r.Name, r.Areas = p.Name, pathsOf(s.inventory, p.Areas)
	}
	return r
}

// refused records a sign-in that came to nothing.
func (s *sessions) refused(who login.Identity, from login.Device, why error) {
	r := auth.Record{Event: auth.SignInFailed, Address: from.Address, Device: auth.Device(from.UserAgent), Detail: "no right here"}
	if who.Subject != "" {
		r.Target = auth.PersonKey(who.Issuer, who.Subject)
		r.Areas = s.of(r.Event, r.Target).Areas
	}
	switch {
	case errors.Is(why, auth.ErrBlocked):
		r.Detail = "blocked"
	case errors.Is(why, auth.ErrNoRole):
		r.Detail = "no role"
	case who.Subject == "":
		r.Detail = "the provider's answer was refused"
	}
	s.audit.Seldom(r)
}

// recorded are the events of what the embedded provider tells; what is not among them
// is recorded elsewhere, or is no act.
var recorded = map[provider.Kind]auth.Event{
	provider.Refused: auth.SignInFailed, provider.Paused: auth.SignInFailed, provider.PasskeyCopied: auth.SignInFailed,
	provider.TokenReused: auth.SignInFailed, provider.CodeReused: auth.SignInFailed,
	provider.WasSetUp: auth.AccountChanged, provider.Recovered: auth.AccountChanged, provider.PasskeyAdded: auth.AccountChanged,
	provider.PasskeyRemoved: auth.AccountChanged, provider.DemandChanged: auth.AccountChanged,
}

// record records what the embedded provider tells. A login that is nobody's is
// left out: people type their passwords there.
func (s *signIn) record(e provider.Event, sessions *sessions) {
	event, ok := recorded[e.Kind]
	if !ok {
		return
	}
	subject := e.Subject
	if a, err := s.accounts.ByLogin(context.Background(), e.Login); subject == "" && err == nil {
		subject = a.Subject
	}
	r := auth.Record{Event: event, Address: e.Source, Detail: string(e.Kind)}
	if e.Passkey != "" {
		r.Detail += ": " + e.Passkey
	}
	if len(e.Ended) > 0 {
		r.Detail += fmt.Sprintf(", %d sign-ins ended", len(e.Ended))
	}
	if subject == "" {
		r.Detail += ", of no account"
		sessions.audit.Seldom(r)
		return
	}
	key := auth.PersonKey(s.issuer, subject)
	about := sessions.of(event, key)
	r.Target, r.Areas = key, about.Areas
	if event == auth.AccountChanged { // by who owns it
		r.Subject, r.Name = key, about.Name
		sessions.audit.Later(r)
		return
	}
	sessions.audit.Seldom(r)
}
