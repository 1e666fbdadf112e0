package rtsp

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"matthan/gateway"
)

// maxURL is the longest address taken, in bytes.
const maxURL = 2048

// ParseURL checks a camera's address and moves the login out of it. clean is
// an rtsp:// or rtsps:// URL without userinfo. Characters of a password that
// end a host (/, ? and #) must be percent-encoded; others, even @ and %, may
// stand as they are, because people type them so. Errors never quote any part
// of raw: passwords sit in paths and queries too.
func ParseURL(raw string) (clean string, login gateway.Login, err error) {
	raw = strings.TrimSpace(raw)
	scheme, rest, ok := strings.Cut(raw, "://")
	switch scheme = strings.ToLower(scheme); {
	case len(raw) > maxURL:
		return "", login, fmt.Errorf("camera address is longer than %d bytes", maxURL)
	case !ok:
		return "", login, errors.New("camera address must begin with rtsp:// or rtsps://")
	case scheme != "rtsp" && scheme != "rtsps":
		return "", login, errors.New("camera address must begin with rtsp:// or rtsps://, not with another scheme")
	}
	authority, tail := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority, tail = rest[:i], rest[i:]
	}
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		user, password, _ := strings.Cut(authority[:i], ":")
		login = gateway.Login{User: unescape(user), Password: gateway.Secret(unescape(password))}
		authority = authority[i+1:]
	}
	if strings.Contains(tail, "@") {
		// Most likely the password was cut; taking a part of it for a host
		// would show the rest to everybody.
		return "", gateway.Login{}, errors.New("camera address has an @ behind its host: in a password, write / as %2F, ? as %3F and # as %23; in a path, write @ as %40")
	}
	if !goodHost(authority) {
		return "", gateway.Login{}, errors.New("camera address needs a host, and a port between 1 and 65535 if any")
	}
	u, err := url.Parse(scheme + "://" + authority + tail)
	switch {
	case err != nil:
		return "", gateway.Login{}, errors.New("camera address has characters that a URL cannot hold")
	case u.Fragment != "" || strings.Contains(tail, "#"):
		return "", gateway.Login{}, errors.New("camera address must not hold a #")
	}
	return u.String(), login, nil
}

// unescape decodes percent-encoding where it is one.
func unescape(s string) string {
	if d, err := url.PathUnescape(s); err == nil {
		return d
	}
	return s
}

// goodHost says whether s is host, host:port, [IPv6] or [IPv6]:port.
func goodHost(s string) bool {
	u, err := url.Parse("rtsp://" + s)
	if err != nil || u.Host != s || u.Hostname() == "" || u.User != nil {
		return false
	}
	if strings.HasSuffix(s, ":") {
		return false
	}
	if p := u.Port(); p != "" {
		n, err := strconv.Atoi(p)
		return err == nil && n > 0 && n < 1<<16
	}
	return true
}

// address is where to dial for u: the default ports are 554 for rtsp and 322 for rtsps.
func address(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "554"
		if u.Scheme == "rtsps" {
			port = "322"
		}
	}
	return net.JoinHostPort(u.Hostname(), port)
}
