package onvif

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// maxAddress is the longest address taken, in bytes.
const maxAddress = 2048

// devicePath is where the device service is (ONVIF Core Specification section
// 5.1), unless somebody says otherwise.
const devicePath = "/onvif/device_service"

// ParseAddress reads where a device is: a host, host:port, or the http:// or
// https:// URL of its device service. Errors never quote it: people type logins
// into addresses.
func ParseAddress(s string) (*url.URL, error) {
	s = strings.TrimSpace(s)
	if len(s) > maxAddress {
		return nil, errors.New("the device's address is too long")
	}
	if !strings.Contains(s, "://") {
		if a, err := netip.ParseAddr(s); err == nil && a.Is6() {
			s = "[" + s + "]"
		}
		s = "http://" + s
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, errors.New("the device's address cannot be read")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("the device's address begins with http:// or https://, or is a host")
	case u.User != nil:
		return nil, errors.New("the device's address must not hold a login")
	case !goodHost(u):
		return nil, errors.New("the device's address needs a host, and a port between 1 and 65535 if any")
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = devicePath
	}
	u.Fragment, u.RawQuery = "", ""
	return u, nil
}

func goodHost(u *url.URL) bool {
	if u.Hostname() == "" || strings.HasSuffix(u.Host, ":") {
		return false
	}
	if p := u.Port(); p != "" {
		n, err := strconv.Atoi(p)
		return err == nil && n > 0 && n < 1<<16
	}
	return true
}

// near is an address of a service as it can be reached. A device behind NAT, or
// with several networks, names a host that is not ours to dial: the host that
// was dialled is kept, and its port unless the device named that very host.
func near(announced string, dialled *url.URL) *url.URL {
	out := *dialled
	if len(announced) > maxAddress {
		return &out
	}
	u, err := url.Parse(strings.TrimSpace(announced))
	if err != nil || u.Path == "" {
		return &out
	}
	out.Path, out.RawPath, out.RawQuery = u.Path, u.RawPath, u.RawQuery
	if sameHost(u.Hostname(), dialled.Hostname()) && u.Scheme == dialled.Scheme && goodHost(u) {
		out.Host = u.Host
	}
	return &out
}

func sameHost(a, b string) bool {
	if x, err := netip.ParseAddr(a); err == nil {
		if y, err := netip.ParseAddr(b); err == nil {
			return x.Unmap() == y.Unmap()
		}
	}
	return strings.EqualFold(a, b)
}

// streamURL is a stream's address without a login, at the host that was dialled:
// what a device names may be behind NAT, link-local, or 0.0.0.0. Its port stays.
// Some makes put an account into the path or the query: that stays too, because
// they play nothing without it.
func streamURL(raw string, dialled *url.URL, schemes ...string) (string, error) {
	raw = strings.TrimSpace(raw)
	if len(raw) > maxAddress {
		return "", errors.New("an address that is too long")
	}
	scheme, rest, _ := strings.Cut(raw, "://")
	scheme = strings.ToLower(scheme)
	ok := false
	for _, s := range schemes {
		ok = ok || s == scheme
	}
	if !ok {
		return "", errors.New("an address of another scheme than " + strings.Join(schemes, " or "))
	}
	authority, tail := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority, tail = rest[:i], rest[i:]
	}
	authority = authority[strings.LastIndexByte(authority, '@')+1:]
	tail, _, _ = strings.Cut(tail, "#")
	host := dialled.Hostname()
	// An unreadable host is no loss: ours takes its place.
	if at, err := url.Parse("x://" + authority); err == nil && at.Port() != "" {
		if !goodHost(at) {
			return "", errors.New("an address with a port that does not exist")
		}
		host = net.JoinHostPort(host, at.Port())
	} else if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	u, err := url.Parse(scheme + "://" + host + tail)
	if err != nil {
		return "", errors.New("an address that cannot be read")
	}
	return u.String(), nil
}
