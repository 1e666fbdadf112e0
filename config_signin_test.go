package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const goodSignIn = `url: https://camera.example
sign_in:
  issuer: https://id.example/realms/canh-sat
  client_id: matthan
  client_secret_file: secret
  rules:
    - {claim: /roles, match: x, role: viewer}
`

func TestWrongSignInNamesTheLine(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{"secret": "canary-of-the-client\n", "empty": "", "no.pem": "canary, not a certificate"})
	swap := func(old, next string) string {
		if !strings.Contains(goodSignIn, old) {
			t.Fatalf("%q is not there", old)
		}
		return strings.Replace(goodSignIn, old, next, 1)
	}
	const issuer = "https://id.example/realms/canh-sat"
	const rule = "{claim: /roles, match: x, role: viewer}"
	for _, tt := range []struct{ text, want string }{
		{"sign_in:", "m.yaml:1: sign_in is empty"},
		{"sign_in: {}", "m.yaml:1: sign_in needs issuer: the provider's address"},
		{"sign_in: {}", "sign_in needs rules: what"},
		{swap("url: https://camera.example\n", ""), "m.yaml:2: sign_in needs url"},
		{swap("  client_id: matthan\n", ""), "sign_in needs client_id"},
		{swap("  client_secret_file: secret\n", ""), "sign_in needs client_secret_file"},
		{swap("client_secret_file: secret", "client_secret: canary"), `m.yaml:5: unknown key "client_secret"`},
		{swap("client_secret_file: secret", "client_secret_file: none"), "m.yaml:5: the secret cannot be read"},
		{swap("client_secret_file: secret", "client_secret_file: empty"), "m.yaml:5:"},
		{swap(issuer, "id.example"), "m.yaml:3: issuer must be the provider's address"},
		{swap(issuer, "https://u:canary@id.example"), "m.yaml:3: issuer must be the provider's address"},
		{swap(issuer, "http://id.example/realms/canh-sat"), "m.yaml:3: issuer must begin with https://"},
		{swap(issuer, "http://127.0.0.1.example/"), "m.yaml:3: issuer must begin with https://"},
		{swap(issuer, issuer+"/.well-known/openid-configuration"), "m.yaml:3: issuer is what stands before"},
		{goodSignIn + "  ca_file: no.pem\n", "no.pem holds no certificate"},
		{goodSignIn + "  ca_file: none.pem\n", "m.yaml:8: the certificates cannot be read"},
		{goodSignIn + "  scopes: [profile, a b]\n", "m.yaml:8: a scope is one word"},
		{goodSignIn + "  scopes: profile\n", "m.yaml:8: sign_in.scopes must be a list"},
		{goodSignIn + "  untyped_logout: maybe\n", "m.yaml:8: this must be true or false"},
		{goodSignIn + "  contact: " + strings.Repeat("a", 201) + "\n", "m.yaml:8: contact is longer"},
		{swap("- "+rule, "[]"), "m.yaml:7:"},
		{swap(rule, ""), "m.yaml:7: a rule is empty"},
		{swap(rule, "{claim: roles, match: x, role: viewer}"), "m.yaml:7: rule 1: claim \"roles\" must begin with a slash"},
		{swap(rule, "{claim: /roles, match: '(', role: viewer}"), "m.yaml:7: rule 1: match: "},
		{swap(rule, "{claim: /roles, match: x}"), "m.yaml:7: rule 1: it needs match, and one of"},
		{swap(rule, "{claim: /roles, match: x, role: officer}"), `m.yaml:7: rule 1: a role is viewer, supervisor, administrator or auditor, not "officer"`},
		{swap(rule, rule+"\n    - {claim: /g, match: (a), area: $1_x}"), `m.yaml:8: rule 2: match has no group "1_x"`},
		{swap(rule, "{claim: /roles, match: x, role: viewer, key: true}"), `unknown key "key" (did you mean "keys"?)`},
	} {
		_, err := parseConfig(filepath.Join(dir, "m.yaml"), []byte(tt.text))
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s\n%v\nwant %s", tt.text, err, tt.want)
		}
	}
}

func TestSignInIsReadAndTellsNoSecret(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{"secret": "canary-of-the-client\n"})
	read := func(text string) *Config {
		t.Helper()
		cfg, err := parseConfig(filepath.Join(dir, "m.yaml"), []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return cfg
	}
	cfg := read(goodSignIn + "  untyped_logout: true\n")
	s := cfg.SignIn
	if s.Issuer != "https://id.example/realms/canh-sat" || s.ClientID != "matthan" || s.ClientSecret != "canary-of-the-client" || !s.UntypedLogout || s.Scopes != nil || s.CA != nil || len(s.Rules) != 1 {
		t.Errorf("%v", s.Issuer)
	}
	if out := fmt.Sprintf("%v %+v %#v %s", cfg, cfg, s, *s); strings.Contains(out, "canary") {
		t.Errorf("the configuration prints the secret: %s", out)
	}
	if s := read(goodSignIn + "  scopes: [openid, groups, groups]\n").SignIn; fmt.Sprint(s.Scopes) != "[groups]" {
		t.Errorf("%q", s.Scopes)
	}
	if s := read(goodSignIn + "  scopes: []\n").SignIn; s.Scopes == nil || len(s.Scopes) != 0 {
		t.Errorf("%#v", s.Scopes)
	}
	for _, issuer := range []string{"http://127.0.0.1:5556/dex", "http://localhost:5556", "http://[::1]:5556"} {
		read(strings.Replace(goodSignIn, "https://id.example/realms/canh-sat", issuer, 1))
	}
	if err := os.Chmod(filepath.Join(dir, "secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	if cfg := read(goodSignIn); len(cfg.Warnings) != 1 || !strings.Contains(cfg.Warnings[0], "chmod 600") {
		t.Errorf("%q", cfg.Warnings)
	}
}
