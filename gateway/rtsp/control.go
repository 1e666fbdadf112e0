package rtsp

import (
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/bluenviron/gortsplib/v4/pkg/base"
	sdp "github.com/bluenviron/gortsplib/v4/pkg/description"

	"matthan/gateway"
)

// maxControls is how many addresses SETUP is tried with.
const maxControls = 4

// setUp asks for the stream of a description, by the address that its control
// attribute means: makes put it together in their own ways, and refuse others'.
func (p *pull) setUp(desc *sdp.Session) (err error) {
	media := desc.Medias[0]
	wanted := controls(desc.BaseURL, media.Control)
	if len(wanted) == 0 {
		return errors.New("the description has an impossible control attribute")
	}
	usual := media.Control
	for i, control := range wanted {
		media.Control = control
		err = p.insist(func() error { _, err := p.client.Setup(desc.BaseURL, media, 0, 0); return err })
		if !refusesForm(err) {
			if err == nil && (i > 0 || oddControl(desc.BaseURL, usual)) {
				p.source.met(gateway.QuirkControl)
			}
			return err
		}
	}
	return err
}

// controls are the addresses, as absolute URLs, that a control attribute may
// mean (RFC 2326 section C.1.1), the likeliest first; "" is the base itself.
func controls(at *base.URL, control string) (all []string) {
	control = strings.TrimSpace(control)
	if control == "" || control == "*" {
		return []string{""}
	}
	add := func(s string) {
		if u, err := base.ParseURL(s); err == nil && u.Host != "" && len(all) < maxControls && !slices.Contains(all, u.String()) {
			all = append(all, u.String())
		}
	}
	if strings.Contains(control, "://") {
		if u, _ := mendURL(control, at); u != nil {
			u.Host = at.Host // as gortsplib does: it is the connection that we have
			add(u.CloneWithoutCredentials().String())
		}
		return all
	}
	whole := at.CloneWithoutCredentials().String()
	if control[0] == '?' {
		add(whole + control)
		return all
	}
	name := strings.TrimLeft(control, "/")
	add(strings.TrimRight(whole, "/") + "/" + name) // behind a query too, as Dahua wants it
	if path, query, ok := strings.Cut(whole, "?"); ok {
		add(strings.TrimRight(path, "/") + "/" + name + "?" + query)
	}
	if control[0] == '/' {
		add(whole + control)
		add(at.Scheme + "://" + at.Host + "/" + name)
	}
	return all
}

// oddControl says whether a control attribute is not as RFC 2326 has it: with a
// slash where the base ends with one, or of another host.
func oddControl(at *base.URL, control string) bool {
	if strings.Contains(control, "://") {
		u, err := base.ParseURL(control)
		return err != nil || u.Host != at.Host
	}
	return strings.HasPrefix(control, "/") && strings.HasSuffix(at.Path, "/") || strings.HasPrefix(control, "//")
}

// mendURL reads an address that a camera made, relative to one of its own.
// whole is false where something was wrong with it: rtsp://rtsp://, no scheme,
// an IPv6 address without brackets. nil where nothing is left of it.
func mendURL(s string, at *base.URL) (u *base.URL, whole bool) {
	rest := strings.TrimSpace(s)
	if strings.HasPrefix(rest, "/") {
		return under(at, rest), true
	}
	schemes := 0
	for {
		cut := max(prefixed(rest, "rtsp://"), prefixed(rest, "rtsps://"))
		if cut == 0 {
			break
		}
		rest = rest[cut:]
		schemes++
	}
	host, path, _ := strings.Cut(rest, "/")
	switch {
	case host == "" && path == "", schemes == 0 && !strings.ContainsAny(host, ".:"):
		return nil, false
	case !usableHost(host):
		return under(at, "/"+path), false
	}
	u, err := base.ParseURL(at.Scheme + "://" + rest)
	if err != nil {
		return under(at, "/"+path), false
	}
	return u, schemes == 1
}

// prefixed is the length of a prefix in any case, 0 where s has it not.
func prefixed(s, prefix string) int {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return len(prefix)
	}
	return 0
}

// usableHost says whether a host, with a port or without, can stand in a URL
// that we send: not an IPv4 address in the form of IPv6.
func usableHost(host string) bool {
	if host == "" || !goodHost(host) || !strings.HasPrefix(host, "[") && strings.Count(host, ":") > 1 {
		return false
	}
	ip, err := netip.ParseAddr(strings.Trim(strings.SplitAfter(host, "]")[0], "[]"))
	return err != nil || !ip.Is4In6()
}

// under is a path at the host of an address, nil where it is none.
func under(at *base.URL, path string) *base.URL {
	u, err := url.Parse(at.Scheme + "://" + at.Host + path)
	if err != nil || u.Fragment != "" {
		return nil
	}
	u.User = at.User
	return (*base.URL)(u)
}
