package onvif

import (
	"cmp"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Bounds of a probe match.
const (
	maxIdentity  = 128 // bytes
	maxScopes    = 128
	maxAddresses = 16
	maxMatches   = 128 // of one answer: a recorder's channels, at most
)

// Found is a device that answered a probe. All of it is the device's word.
type Found struct {
	Identity  string   // its endpoint reference, see SameIdentity; it stays when the address changes
	Name      string   // of its scopes, as are the next two; any may be ""
	Hardware  string   // the model, with most makes
	Location  string   // of several, joined by commas
	Addresses []string // of its device service: the one that is most likely to be reached first; never empty
}

// SameIdentity says whether two endpoint references name the same device. The
// same make writes urn:uuid:, uuid: or the bare UUID, in either case.
func SameIdentity(a, b string) bool { return bare(a) != "" && bare(a) == bare(b) }

func bare(s string) string {
	return strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(strings.TrimSpace(s)), "urn:"), "uuid:")
}

// readMatches reads the answer to a probe that came from an address. What is no
// camera or recorder is left out: printers and computers speak WS-Discovery too.
func readMatches(datagram []byte, from netip.Addr) (out []Found) {
	doc, err := parse(datagram)
	if err != nil || doc.name != "Envelope" {
		return nil
	}
	for _, e := range doc.at("Body", "ProbeMatches").all("ProbeMatch") {
		identity := e.at("EndpointReference", "Address").text
		scopes := strings.Fields(e.at("Scopes").text)
		if bare(identity) == "" || len(identity) > maxIdentity || label(identity) != identity || !isCamera(e.at("Types").text, scopes) {
			continue
		}
		f := Found{Identity: identity}
		f.scopes(scopes)
		f.Addresses = addresses(strings.Fields(e.at("XAddrs").text), from)
		if out = append(out, f); len(out) == maxMatches {
			break
		}
	}
	return out
}

// isCamera looks at the types, whatever their prefixes, and at the scopes, for
// makes that name no type.
func isCamera(types string, scopes []string) bool {
	for t := range strings.FieldsSeq(types) {
		_, local, ok := strings.Cut(t, ":")
		if !ok {
			local = t
		}
		if local == "NetworkVideoTransmitter" || local == "NetworkVideoStorage" {
			return true
		}
	}
	return slices.ContainsFunc(scopes, func(s string) bool { return strings.HasPrefix(strings.ToLower(s), "onvif://www.onvif.org") })
}

// scopes reads what the scopes say (ONVIF Core Specification section 7.3.3.2).
func (f *Found) scopes(scopes []string) {
	const prefix = "onvif://www.onvif.org/"
	var places []string
	for _, s := range scopes[:min(len(scopes), maxScopes)] {
		if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
			continue
		}
		kind, value, _ := strings.Cut(s[len(prefix):], "/")
		if plain, err := url.PathUnescape(value); err == nil {
			value = plain
		}
		value = label(value)
		switch strings.ToLower(kind) {
		case "name":
			f.Name = cmp.Or(f.Name, value)
		case "hardware":
			f.Hardware = cmp.Or(f.Hardware, value)
		case "location":
			// onvif://www.onvif.org/location/city/hanoi, or …/location/hanoi.
			if value = value[strings.LastIndexByte(value, '/')+1:]; value != "" && !slices.Contains(places, value) {
				places = append(places, value)
			}
		}
	}
	f.Location = label(strings.Join(places, ", "))
}

// addresses are the usable ones among those that a device names, at the address
// that it answered from first. Devices name link-local addresses, 0.0.0.0, and
// those of networks that nobody else is in.
func addresses(announced []string, from netip.Addr) (out []string) {
	from = from.Unmap()
	type candidate struct {
		url  string
		rank int
	}
	var all []candidate
	for _, s := range announced {
		u, err := ParseAddress(s)
		if err != nil || len(all) == maxAddresses || !strings.Contains(s, "://") {
			continue
		}
		rank := 1
		if a, err := netip.ParseAddr(u.Hostname()); err == nil {
			switch {
			case a.IsUnspecified() || a.IsMulticast():
				continue
			case a.Unmap().WithZone("") == from.WithZone(""):
				rank = 0
			case a.IsLinkLocalUnicast():
				rank = 3
			case a.Is6():
				rank = 2
			}
		}
		all = append(all, candidate{u.String(), rank})
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(a.rank, b.rank) })
	if from.IsValid() && (len(all) == 0 || all[0].rank > 0) {
		// Nobody named the address that the answer came from, which surely works; the
		// path and the port are those of the best that was named.
		u := &url.URL{Scheme: "http", Path: devicePath, Host: hostOf(from)}
		if len(all) > 0 {
			if named, err := url.Parse(all[0].url); err == nil {
				u.Scheme, u.Path = named.Scheme, named.Path
				if p := named.Port(); p != "" {
					u.Host = net.JoinHostPort(from.String(), p)
				}
			}
		}
		out = append(out, u.String())
	}
	for _, c := range all {
		if !slices.Contains(out, c.url) {
			out = append(out, c.url)
		}
	}
	return out
}

func hostOf(a netip.Addr) string {
	if a.Is6() {
		return "[" + a.String() + "]"
	}
	return a.String()
}
