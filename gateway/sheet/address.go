package sheet

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"matthan/gateway"
)

// maxAddress is the longest address taken, in bytes.
const maxAddress = 2048

// hidden stands in an export for a secret that was in an address.
const hidden = "•••"

// parseAddress checks a camera's address and moves the login out of it, exactly
// as rtsp.ParseURL does, which this room may not import; a test holds the two
// together. This one says what is wrong by code.
func parseAddress(raw string) (clean string, login gateway.Login, wrong Code) {
	raw = strings.TrimSpace(raw)
	scheme, rest, ok := strings.Cut(raw, "://")
	scheme = strings.ToLower(scheme)
	switch {
	case len(raw) > maxAddress:
		return "", login, AddressLong
	case !ok || scheme != "rtsp" && scheme != "rtsps":
		return "", login, AddressScheme
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
		return "", gateway.Login{}, AddressAt // most likely a password that was cut
	}
	if !goodHost(authority) {
		return "", gateway.Login{}, AddressHost
	}
	u, err := url.Parse(scheme + "://" + authority + tail)
	if err != nil || u.Fragment != "" || strings.Contains(tail, "#") {
		return "", gateway.Login{}, AddressLetters
	}
	return u.String(), login, ""
}

func unescape(s string) string {
	if d, err := url.PathUnescape(s); err == nil {
		return d
	}
	return s
}

// goodHost says whether s is host, host:port, [IPv6] or [IPv6]:port.
func goodHost(s string) bool {
	u, err := url.Parse("rtsp://" + s)
	if err != nil || u.Host != s || u.Hostname() == "" || u.User != nil || strings.HasSuffix(s, ":") {
		return false
	}
	if p := u.Port(); p != "" {
		n, err := strconv.Atoi(p)
		return err == nil && n > 0 && n < 1<<16
	}
	return true
}

// passwordPart is a password in a path or a query, where some makes want it:
// Xiongmai's /user=admin_password=..._channel=1, Foscam's ?pwd=...
var passwordPart = regexp.MustCompile(`(?i)((?:password|passwd|pass|pwd|psw|token|auth)=)[^&/?;]+`)

// withoutSecret is an address as an export may show it.
func withoutSecret(address string) string {
	if !strings.Contains(address, "=") {
		return address
	}
	return passwordPart.ReplaceAllString(address, "${1}"+hidden)
}

// sameHost says whether two addresses lead to the same door, so that a login
// for one may be sent to the other.
func sameHost(a, b string) bool {
	u, err := url.Parse(a)
	if err != nil {
		return false
	}
	v, err := url.Parse(b)
	return err == nil && u.Scheme == v.Scheme && strings.EqualFold(u.Host, v.Host)
}
