package main

import (
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"matthan/auth/login"
)

// docExample is a configuration of docs/sign-in.md with the tokens below it.
type docExample struct {
	section, yaml string
	tokens        []docToken
}

// docToken is a token's claims, and what is said to come out.
type docToken struct{ claims, out string }

// docExamples takes docs/sign-in.md apart.
func docExamples(t *testing.T) (all []docExample) {
	t.Helper()
	text, err := os.ReadFile("docs/sign-in.md")
	if err != nil {
		t.Fatal(err)
	}
	section, fence, block := "", "", ""
	claims := 0 // blocks without an outcome yet
	for line := range strings.Lines(string(text)) {
		switch {
		case fence != "" && strings.TrimSpace(line) == "```":
			if fence == "yaml" {
				all = append(all, docExample{section: section, yaml: block})
			} else {
				if len(all) == 0 || claims != 0 {
					t.Fatalf("%s: claims without a configuration, or without what comes out: %s", section, block)
				}
				last := &all[len(all)-1]
				last.tokens = append(last.tokens, docToken{claims: block})
				claims = 1
			}
			fence, block = "", ""
		case fence != "":
			block += line
		case strings.HasPrefix(line, "```"):
			if fence = strings.TrimSpace(line[3:]); fence != "yaml" && fence != "json" {
				t.Fatalf("%s: a block of %q, which nobody tests", section, fence)
			}
		case strings.HasPrefix(line, "## "):
			section = strings.TrimSpace(line[3:])
		case strings.HasPrefix(line, "Comes out: "):
			if claims != 1 {
				t.Fatalf("%s: %s, of no claims", section, line)
			}
			tokens := all[len(all)-1].tokens
			tokens[len(tokens)-1].out = strings.TrimSpace(strings.TrimPrefix(line, "Comes out: "))
			claims = 0
		}
	}
	if fence != "" || claims != 0 {
		t.Fatal("the last block is not finished")
	}
	return all
}

var quoted = regexp.MustCompile("`([^`]*)`")

// comesOut says it as the page does.
func comesOut(rules []login.Rule, claims map[string]any) (string, error) {
	m, err := login.NewMapping(rules)
	if err != nil {
		return "", err
	}
	var who login.Identity
	if err := m.Apply(claims, &who); errors.Is(err, login.ErrUndecidable) {
		return "nobody can say.", nil
	} else if err != nil {
		return "", err
	}
	var parts []string
	for _, kind := range []struct {
		name   string
		values []string
	}{{"roles", who.Roles}, {"areas", who.Areas}, {"groups", who.Groups}} {
		if len(kind.values) > 0 {
			parts = append(parts, kind.name+" `"+strings.Join(kind.values, "`, `")+"`")
		}
	}
	return strings.Join(parts, "; ") + ".", nil
}

func TestTheExamplesOfSignInComeOutAsTheyAreDescribed(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(nil)
	t.Cleanup(server.Close)
	dir := writeFiles(t, map[string]string{"sso.secret": "a-secret-of-this-test\n",
		"ca.pem": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))})
	examples := docExamples(t)
	for _, section := range []string{"Keycloak", "Microsoft Entra ID", "ADFS", "Zitadel", "Dex"} {
		if !slices.ContainsFunc(examples, func(e docExample) bool { return e.section == section && len(e.tokens) > 0 }) {
			t.Errorf("%s has no example", section)
		}
	}
	for _, e := range examples {
		cfg, err := parseConfig(filepath.Join(dir, "m.yaml"), []byte(e.yaml))
		if err != nil {
			t.Errorf("%s: %v", e.section, err)
			continue
		}
		if len(e.tokens) == 0 || len(cfg.Warnings) > 0 || cfg.SignIn == nil {
			t.Errorf("%s: %d tokens, warnings %q", e.section, len(e.tokens), cfg.Warnings)
			continue
		}
		for _, tok := range e.tokens {
			checkDocToken(t, e.section, cfg.SignIn, tok)
		}
	}
}

func checkDocToken(t *testing.T, section string, s *SignIn, tok docToken) {
	t.Helper()
	var claims map[string]any
	if err := json.Unmarshal([]byte(tok.claims), &claims); err != nil {
		t.Errorf("%s: %v in %s", section, err, tok.claims)
		return
	}
	if out, err := comesOut(s.Rules, claims); err != nil || out != tok.out {
		t.Errorf("%s: comes out: %s\nbut is said to: %s (%v)", section, out, tok.out, err)
	}
	for _, m := range quoted.FindAllStringSubmatch(strings.Split(tok.out, ";")[0], -1) {
		if !isRole(m[1]) {
			t.Errorf("%s: %q is no role", section, m[1])
		}
	}
	if claims["iss"] != s.Issuer || !strings.Contains(fmt.Sprint(claims["aud"]), s.ClientID) || claims["sub"] == nil {
		t.Errorf("%s: the token is of %v for %v, the configuration of %s for %s", section, claims["iss"], claims["aud"], s.Issuer, s.ClientID)
	}
}
