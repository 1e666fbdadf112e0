package page

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// A browser applies the style only if the policy names exactly what is sent.
func TestPolicyNamesTheStyleThatIsSent(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	Write(w, 401, New(`<p>{{.}}</p>`), Page{Lang: English, Title: "T", Data: "<script>"}, "https://other.example")
	sent := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(w.Body.String())
	if sent == nil {
		t.Fatal("no style in", w.Body)
	}
	sum := sha256.Sum256([]byte(sent[1]))
	csp := w.Header().Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'",
		"form-action 'self' https://other.example;", "frame-ancestors 'none'"} {
		if !strings.Contains(csp, want) {
			t.Errorf("the policy %q lacks %q", csp, want)
		}
	}
	if strings.Contains(csp, "unsafe") || w.Header().Get("Cache-Control") != "no-store" || w.Code != 401 {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if strings.Contains(w.Body.String(), "<script") {
		t.Error("data was not escaped")
	}
}

// Script is the exception, and one file of ours.
func TestPageRunsAtMostTheOneScriptItNames(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]string{"": "default-src 'none'; style-src", "https://gateway.example/id/a.js": "default-src 'none'; script-src https://gateway.example/id/a.js; style-src"} {
		w := httptest.NewRecorder()
		Write(w, 200, New(``), Page{Lang: English, Title: "T", Script: script}, "")
		csp := w.Header().Get("Content-Security-Policy")
		if !strings.HasPrefix(csp, want) || strings.Contains(csp, "unsafe") || !strings.HasSuffix(csp, "; require-trusted-types-for 'script'; trusted-types 'none'") {
			t.Errorf("%q: %s", script, csp)
		}
		if has := strings.Contains(w.Body.String(), `<script src="`+script+`" defer></script>`); has != (script != "") || strings.Count(w.Body.String(), "<script") > 1 {
			t.Errorf("%q: %s", script, w.Body)
		}
	}
}

func TestMessageHasOneWayOn(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	Say(w, 400, Page{Lang: Vietnamese, Title: "Hết hạn", Bad: true, Switch: "?lang=en"}, Message{Text: "Hãy đăng nhập lại.", Action: "Đăng nhập", Href: "javascript:alert(1)"})
	body := w.Body.String()
	for _, want := range []string{`<html lang="vi">`, `class="mark bad"`, "Hãy đăng nhập lại.", `>Đăng nhập</a>`, `>English</a>`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
	if strings.Contains(body, "javascript:") {
		t.Error("a link runs script")
	}
}

// iOS zooms into fields whose text is smaller than 16 px, and a thumb needs 48.
func TestFieldsFitAThumb(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][2]string{"input": {"height: 56px", "font-size: 16px"}, ".go": {"min-height: 56px", "font: inherit"}, "footer a": {"min-height: 48px", "display"}} {
		rule := regexp.MustCompile(`(?s)\n` + regexp.QuoteMeta(name) + ` \{(.*?)\}`).FindStringSubmatch(style)
		if rule == nil || !strings.Contains(rule[1], want[0]) || !strings.Contains(rule[1], want[1]) {
			t.Errorf("%s: %q, want %q", name, rule, want)
		}
	}
}

func TestLanguageOfATag(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]Lang{"": Vietnamese, "vi": Vietnamese, "en": English, "EN-gb": English, "fr": Vietnamese, "<": Vietnamese} {
		if got := LangOf(tag); got != want {
			t.Errorf("%q: %s", tag, got)
		}
	}
}
