// Package page renders the few pages that are not the viewer's: sign-in, its
// links, and what went wrong. They fit a phone and look like the viewer, and
// only those about passkeys need a script: nothing else of a page can do them.
package page

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"strings"
)

var (
	//go:embed page.css
	style string
	//go:embed shell.html
	shellText string
)

var (
	shell    = template.Must(template.New("shell").Parse(shellText))
	styleSum = sha256.Sum256([]byte(style))
)

// Lang is a page's language.
type Lang string

// The languages that pages are written in. The first is where nothing is said.
const (
	Vietnamese Lang = "vi"
	English    Lang = "en"
)

// LangOf is the language that a tag names; Vietnamese where it names none of
// ours.
func LangOf(tag string) Lang {
	if tag, _, _ = strings.Cut(tag, "-"); strings.EqualFold(tag, string(English)) {
		return English
	}
	return Vietnamese
}

// Page is what stands around a page's own part.
type Page struct {
	Lang   Lang
	Title  string
	Bad    bool   // something went wrong
	Switch string // the same page in the other language; "" where that would lose something
	Script string // the URL of the one script that the page may run, "" for none
	Data   any    // for the page's own part
}

// CSS is the style, which the policy names by its digest.
func (Page) CSS() template.CSS { return template.CSS(style) }

// Other is the language to switch to.
func (p Page) Other() string {
	if p.Lang == English {
		return string(Vietnamese)
	}
	return string(English)
}

// Message is the Data of a page that has no part of its own: a text and one
// way on. Where there is something beside it, that has a text and a way too.
type Message struct{ Text, Action, Href, Also, AlsoAction, AlsoHref string }

// New makes a kind of page from its own part. It panics when that does not
// parse: parts are constants.
func New(part string) *template.Template {
	return template.Must(template.Must(shell.Clone()).Parse(`{{define "main"}}` + part + `{{end}}`))
}

// plain is shell itself. A template that was executed cannot be cloned any more,
// so shell never is.
var plain = template.Must(shell.Clone())

// Say writes a page that only holds m.
func Say(w http.ResponseWriter, status int, p Page, m Message) {
	p.Data = m
	Write(w, status, plain, p, "")
}

// Write writes a page of a kind that New made. Its forms may lead to this
// origin and, by redirects, to formTo: an origin, or "".
func Write(w http.ResponseWriter, status int, kind *template.Template, p Page, formTo string) {
	var b bytes.Buffer
	if err := kind.Execute(&b, p); err != nil { // a page is written whole or not at all
		Harden(w.Header(), "")
		http.Error(w, "internal", http.StatusInternalServerError)
		return
	}
	harden(w.Header(), formTo, p.Script)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the phone may be gone
}

// Harden sets what every answer of sign-in carries: it is not kept, not framed,
// and runs nothing.
func Harden(h http.Header, formTo string) { harden(h, formTo, "") }

// harden lets a page run one script, which makes no markup and no script of
// text.
func harden(h http.Header, formTo, script string) {
	if script != "" {
		script = "; script-src " + script
	}
	h.Set("Content-Security-Policy", "default-src 'none'"+script+"; style-src 'sha256-"+base64.StdEncoding.EncodeToString(styleSum[:])+
		"'; img-src 'self'; form-action "+strings.TrimSpace("'self' "+formTo)+"; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}
