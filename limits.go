package main

import (
	"log/slog"
	"net/http"
	"time"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/sheet"
	"matthan/transcode"
	"matthan/web/gate"
)

// burstSeconds is how many seconds of requests may come at once: a page begins
// with many, and so does a shift.
const burstSeconds = 20

// gateOf is what stands before all HTTP routes.
func gateOf(cfg *Config, policy *auth.Policy, audit *auth.Ledger, log *slog.Logger) *gate.Gate {
	rate := func(perSecond int) gate.Rate {
		return gate.Rate{PerSecond: float64(perSecond), Burst: burstSeconds * perSecond}
	}
	var foreign []string
	if cfg.SignIn != nil && cfg.SignIn.FormPost { // the provider's page sends its answer
		foreign = append(foreign, "POST "+redirectPath)
	}
	return gate.New(gate.Config{
		Foreign:    foreign,
		PerAddress: rate(cfg.Limits.RequestsPerAddress),
		PerPerson:  rate(cfg.Limits.RequestsPerPerson),
		MaxBody:    sheet.MaxBytes, // the largest that a route takes
		Payer:      func(r *http.Request) (string, bool) { return payer(policy, r) },
		// A phone that has lost our own root could reach no page any more that
		// helps it: only a certificate that browsers trust by themselves binds them.
		HSTS: cfg.TLS.CertificateFile != "",
		Log:  log,
		Refused: func(r *http.Request, why string) {
			id, _ := payer(policy, r)
			audit.Seldom(auth.Record{Event: auth.ActDenied, Subject: id, Address: auth.Address(r), Device: auth.Device(r.UserAgent()),
				Target: why, Detail: refusals[why]})
		},
	})
}

// refusals are why the gate did not let a request in, as the audit log tells it.
var refusals = map[string]string{
	gate.OverRate: "more requests than their bound",
	gate.Stranger: "a change from another site's page",
}

// payer is who sends a request, for the counting only: rights are decided where
// the act is.
func payer(policy *auth.Policy, r *http.Request) (id string, person bool) {
	secret := auth.Bearer(r)
	if secret == "" {
		secret = auth.Cookie(r)
	}
	s, err := policy.Authenticate(secret, time.Now())
	if err != nil {
		return "", false
	}
	return s.ID, s.IsOne()
}

// rungCores is transcode.Cores where rungs can be made.
func rungCores(cfg *Config) func(gateway.StreamDay) float64 {
	if !cfg.Transcode.Possible() {
		return nil
	}
	return transcode.Cores
}
