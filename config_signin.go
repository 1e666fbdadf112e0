package main

import (
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"matthan/auth"
	"matthan/auth/login"
)

// Bounds of the description of a provider.
const (
	maxCA      = 1 << 20 // bytes of ca_file
	maxScopes  = 32
	maxRules   = 200 // login's own
	maxContact = 200 // bytes
)

// SignIn is a provider of others that signs people in. docs/sign-in.md has one
// for each that we know.
type SignIn struct {
	Issuer       string
	ClientID     string
	ClientSecret string
	CA           *x509.CertPool // of its TLS certificate; nil: the system's
	Scopes       []string       // beside openid; nil: profile and offline_access
	// UntypedLogout takes logout tokens without a type (Dex).
	UntypedLogout bool
	FormPost      bool   // asks for the answer in a form (ADFS)
	Contact       string // whom people ask who have no right
	Rules         []login.Rule
}

// Format shows nothing of the secret.
func (s SignIn) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "sign-in by "+s.Issuer) }

// LogValue implements slog.LogValuer.
func (s SignIn) LogValue() slog.Value { return slog.StringValue("sign-in by " + s.Issuer) }

// signIn reads how people sign in; cfg.URL is read already.
func (r *reader) signIn(n *yaml.Node, cfg *Config) *SignIn {
	s := &SignIn{}
	where := r.entry(n, "sign_in", fields{
		"issuer":    func(n *yaml.Node) { s.Issuer = r.issuer(n) },
		"client_id": r.textField(&s.ClientID),
		"client_secret_file": func(n *yaml.Node) {
			var file string
			if r.path(&file)(n); file != "" {
				s.ClientSecret = r.secret(n, file)
			}
		},
		"ca_file":        func(n *yaml.Node) { s.CA = r.authorities(n) },
		"scopes":         r.scopes(&s.Scopes),
		"untyped_logout": r.boolean(&s.UntypedLogout),
		"form_post":      r.boolean(&s.FormPost),
		"contact":        r.textField(&s.Contact),
		"rules": r.list("sign_in.rules", maxRules, func(i int, n *yaml.Node) {
			s.Rules = append(s.Rules, r.rule(i, n))
		}),
	})
	if isNull(resolve(n)) {
		return nil
	}
	for field, what := range map[string]string{
		"issuer":             "the provider's address",
		"client_id":          "the name by which the provider knows this gateway",
		"client_secret_file": "the file of the secret that the provider gave for it",
		"rules":              "what the provider's claims mean here, or nobody has a role",
	} {
		if _, ok := where[field]; !ok {
			r.fail(n, "sign_in needs %s: %s (docs/sign-in.md)", field, what)
		}
	}
	if line, ok := where["rules"]; ok && len(s.Rules) == 0 {
		r.failAt(line, "without rules nobody has a role: write at least one (docs/sign-in.md)")
	}
	if len(s.Contact) > maxContact {
		r.failAt(where.of("contact"), "contact is longer than %d bytes: a name and a telephone number are enough", maxContact)
	}
	if cfg.URL == nil {
		r.fail(n, "sign_in needs url: the provider leads people back to one address, which it must know (url/auth/callback)")
	}
	return s
}

// issuer reads a provider's name, which is an address.
func (r *reader) issuer(n *yaml.Node) string {
	var s string
	if !r.text(&s)(n) {
		return ""
	}
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		r.fail(n, `issuer must be the provider's address as it writes it itself, such as https://id.cong-an.example/realms/canh-sat`)
	case strings.Contains(u.Path, "/.well-known/"):
		r.fail(n, "issuer is what stands before /.well-known/openid-configuration: leave that out")
	case u.Scheme == "http" && !isThisMachine(u.Hostname()):
		r.fail(n, "issuer must begin with https://: without TLS anybody between here and there could sign in as anybody")
	}
	return s
}

func isThisMachine(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// authorities reads whom to trust beside the system's authorities.
func (r *reader) authorities(n *yaml.Node) *x509.CertPool {
	var file string
	if r.path(&file)(n); file == "" {
		return nil
	}
	text, err := readBounded(file, maxCA)
	if err != nil {
		r.fail(n, "the certificates cannot be read: %v", err)
		return nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		r.fail(n, "the system's certificates cannot be read: %v", err)
		return nil
	}
	if !pool.AppendCertsFromPEM(text) {
		r.fail(n, `%s holds no certificate: it needs the PEM form, which begins with "-----BEGIN CERTIFICATE-----"`, file)
	}
	return pool
}

// scopes reads what is asked for. An empty list is openid alone.
func (r *reader) scopes(dst *[]string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		*dst = []string{}
		r.list("sign_in.scopes", maxScopes, func(_ int, n *yaml.Node) {
			var s string
			switch {
			case !r.text(&s)(n):
			case s == "" || len(s) > 256 || strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c == '"' || c == '\\' || c > '~' }):
				r.fail(n, "a scope is one word, such as groups")
			case s != "openid" && !slices.Contains(*dst, s): // openid is always asked for
				*dst = append(*dst, s)
			}
		})(n)
	}
}

// rule reads one rule and checks it alone, so that the error has its line.
func (r *reader) rule(i int, n *yaml.Node) login.Rule {
	var rule login.Rule
	where := r.entry(n, "a rule", fields{
		"claim": r.textField(&rule.Claim), "keys": r.boolean(&rule.Keys), "match": r.textField(&rule.Match),
		"role": r.textField(&rule.Role), "group": r.textField(&rule.Group), "area": r.textField(&rule.Area),
	})
	if isNull(resolve(n)) {
		return rule
	}
	if err := rule.Check(); err != nil {
		r.fail(n, "rule %d: %v", i+1, err)
	} else if rule.Role != "" && !strings.Contains(rule.Role, "$") && !isRole(rule.Role) {
		r.failAt(where.of("role"), "rule %d: a role is viewer, supervisor, administrator or auditor, not %q", i+1, shorten(rule.Role))
	}
	return rule
}

// isRole says whether a role gives anything.
func isRole(s string) bool {
	return slices.Contains([]auth.Role{auth.Viewer, auth.Supervisor, auth.Administrator, auth.Auditor}, auth.Role(s))
}
