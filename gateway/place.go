package gateway

import (
	"net/netip"
	"net/url"
	"path"
	"strconv"
	"strings"
)

// Place is where the pictures of an address come from, in one way to write it:
// host, port and path, whatever the scheme, login and query. Two addresses with
// one place show the same pictures; two places may, too, since a device can have
// several names, ports and paths. "" for what is no address.
func Place(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if ip, err := netip.ParseAddr(host); err == nil {
		host = ip.Unmap().WithZone("").String()
	}
	port := u.Port()
	if n, err := strconv.Atoi(port); err == nil {
		port = strconv.Itoa(n) // 0554
	} else if port = "554"; strings.EqualFold(u.Scheme, "rtsps") {
		port = "322" // RFC 7826 section 22.15
	}
	at := strings.ToLower(path.Clean("/" + u.Path)) // cameras tell no small letters from large ones
	return host + "\x00" + port + "\x00" + at + channels(at, u.Query()["channel"])
}

// channels are those of a recorder that has one path for all of them (Dahua:
// /cam/realmonitor?channel=2&subtype=0). Elsewhere a query says nothing that a
// camera would listen to.
func channels(at string, named []string) (text string) {
	if at != "/cam/realmonitor" {
		return ""
	}
	for _, c := range named {
		if n, err := strconv.Atoi(c); err == nil && n > 1 {
			text += "\x00" + strconv.Itoa(n)
		}
	}
	return text
}

// Places are those of a camera's streams, each once.
func (c Camera) Places() (all []string) {
	for _, raw := range []string{c.Main, c.Sub} {
		if p := Place(raw); p != "" && (len(all) == 0 || all[0] != p) {
			all = append(all, p)
		}
	}
	return all
}
