package sheet

import (
	"net/netip"
	"net/url"
	"strings"
	"unicode"

	"matthan/gateway"
)

// Bounds of what an ONVIF device says of itself, in bytes, as gateway has them.
const (
	maxDeviceToken = 256
	devicePath     = "/onvif/device_service"
)

// parseDevice checks the address of a device's service. Lists hold an IP address
// alone, perhaps with a port, which stands for the path that nearly all makes
// have; a name alone may be a password in the wrong cell.
func parseDevice(raw string) (clean string, wrong Code) {
	if a, err := netip.ParseAddr(raw); err == nil && a.Zone() == "" {
		host := a.String()
		if a.Is6() {
			host = "[" + host + "]"
		}
		return "http://" + host + devicePath, ""
	}
	if a, err := netip.ParseAddrPort(raw); err == nil && a.Addr().Zone() == "" && a.Port() > 0 {
		return "http://" + a.String() + devicePath, ""
	}
	u, err := url.Parse(raw)
	if err != nil || len(raw) > maxAddress || u.Scheme != "http" && u.Scheme != "https" || !goodHost(u.Host) ||
		u.User != nil || strings.ContainsAny(raw, "@#") { // in it a password may stand that was cut
		return "", ONVIFBad
	}
	return u.String(), ""
}

// mergeONVIF decides where the camera is asked in ONVIF. What was known of a
// device at another address is not known of the one there.
func (r *row) mergeONVIF(c *gateway.Camera) {
	is := c.ONVIF
	text, before := r.text[onvifField], asWritten(is.Address)
	switch {
	case !r.said[onvifField], text == before, text != "" && text == withoutSecret(before):
	case text == "":
		is = gateway.ONVIF{}
	case strings.Contains(text, hidden):
		r.fail(onvifField, AddressHidden)
	case r.deviceWrong != "":
		r.fail(onvifField, r.deviceWrong)
	case r.device != is.Address:
		is = gateway.ONVIF{Address: r.device, Profile: is.Profile, PTZ: is.PTZ}
	}
	for _, f := range [...]struct {
		field field
		to    *string
		most  int
	}{{identityField, &is.Identity, gateway.MaxName}, {profileField, &is.Profile, maxDeviceToken}} {
		text := r.text[f.field]
		if !r.said[f.field] || text == asWritten(*f.to) {
			continue
		}
		if len(text) > f.most || strings.ContainsFunc(text, unicode.IsControl) || strings.Contains(text, "@") { // an address with a login
			r.fail(f.field, ONVIFText, number(f.most))
		}
		*f.to = text
	}
	if r.said[ptzField] {
		is.PTZ = r.ptz
	}
	if is.Address == "" && is != (gateway.ONVIF{}) && r.text[onvifField] == "" {
		r.fail(onvifField, ONVIFMissing)
	}
	c.ONVIF = is
}

// sameDevice says whether the camera's login is shown in ONVIF only where it went
// before: at another address it is not, nor to a device of another identity,
// which would be found at any.
func (r *row) sameDevice(c *gateway.Camera) bool {
	now, before := c.ONVIF, r.known.ONVIF
	return (now.Address == before.Address || now.Address == "") && (now.Identity == before.Identity || now.Identity == "")
}
