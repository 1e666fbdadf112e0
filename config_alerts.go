package main

import (
	"net/netip"
	"net/url"
	"time"

	"go.yaml.in/yaml/v3"

	"matthan/gateway"
)

// minAlertSecret is the shortest secret of a receiver of alerts, in bytes.
const minAlertSecret = 16

// AlertsConfig says when a camera counts as offline, and whom to tell.
type AlertsConfig struct {
	After    time.Duration  // without a picture or an answer
	Steady   time.Duration  // with them: it is back
	Knock    time.Duration  // from one knock at an unwatched camera's host to the next; 0: nobody knocks
	URL      *url.URL       // who is told beside the administration; nil: nobody
	Secret   gateway.Secret // signs what is told
	Citizens bool           // of their cameras, too
}

func (r *reader) alerts(n *yaml.Node, a *AlertsConfig) {
	where := r.entry(n, "alerts", fields{
		"after":  r.duration(&a.After, 10*time.Second, 24*time.Hour),
		"steady": r.duration(&a.Steady, time.Second, time.Hour),
		"knock": func(n *yaml.Node) {
			if resolve(n).Value == "never" {
				a.Knock = 0
				return
			}
			r.duration(&a.Knock, 10*time.Second, 30*time.Minute)(n)
		},
		"url": func(n *yaml.Node) { a.URL = r.alertURL(n) },
		"secret_file": func(n *yaml.Node) {
			var file string
			if r.path(&file)(n); file == "" {
				return
			}
			if a.Secret = gateway.Secret(r.secret(n, file)); a.Secret != "" && len(a.Secret) < minAlertSecret {
				r.fail(n, "the secret of alerts is shorter than %d bytes: openssl rand -hex 32 makes a good one", minAlertSecret)
			}
		},
		"citizens": r.boolean(&a.Citizens),
	})
	_, to := where["url"]
	if _, signed := where["secret_file"]; to != signed {
		r.fail(n, "alerts needs both url and secret_file, or neither")
	}
}

// alertURL reads where alerts go. It is not quoted: its query may hold a secret.
func (r *reader) alertURL(n *yaml.Node) *url.URL {
	var s string
	if !r.text(&s)(n) {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || len(s) > 2048 || u.Scheme != "https" && (u.Scheme != "http" || !isOwnHost(u.Hostname())) {
		r.fail(n, "alerts go to an address of https, without a login; of http to this machine only")
		return nil
	}
	return u
}

func isOwnHost(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
