package auth

import (
	"net/http"
	"strings"
	"time"
)

// SessionCookie holds a person's session secret. Its prefix makes browsers
// refuse it from other hosts, from other paths and without TLS.
const SessionCookie = "__Host-matthan"

// Bearer returns the token of a request's Authorization header (RFC 6750
// section 2.1), "" where there is none, more than one, or another scheme. A
// token in a URL or a form is never looked at.
func Bearer(r *http.Request) string {
	values := r.Header.Values("Authorization")
	if len(values) != 1 {
		return ""
	}
	scheme, token, ok := strings.Cut(values[0], " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// Cookie returns the session secret of a request's cookie, "" where there is
// none or more than one. Who accepts it checks the request's origin too: a
// browser sends cookies for strangers' pages.
func Cookie(r *http.Request) string {
	found := r.CookiesNamed(SessionCookie)
	if len(found) != 1 || len(found[0].Value) > MaxSecret {
		return ""
	}
	return found[0].Value
}

// NewCookie is the cookie that brings a session secret back until end. With ""
// it is the one that takes it away.
func NewCookie(secret string, end time.Time) *http.Cookie {
	c := &http.Cookie{Name: SessionCookie, Value: secret, Path: "/", Expires: end.UTC(), Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if secret == "" {
		c.Expires, c.MaxAge = time.Time{}, -1
	}
	return c
}
