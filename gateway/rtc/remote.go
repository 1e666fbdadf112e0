package rtc

import (
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/pion/ice/v4"
	"github.com/pion/sdp/v3"
)

// A viewer names the addresses that it wants to be reached at, and the gateway
// sends STUN checks there: without a choice, to any host that the gateway
// reaches, such as a camera or a service on its own machine.

// maxCandidates bounds those of one description that are looked at. The line
// that carries all others (BUNDLE) is the first, so what is left out is of no
// use.
const maxCandidates = 64

// disguises stand for IPv4 addresses behind a translator or a tunnel, which are
// not checked one by one. No viewer has such an address itself.
var disguises = []netip.Prefix{
	netip.MustParsePrefix("64:ff9b::/96"),   // NAT64 (RFC 6052 section 2.1)
	netip.MustParsePrefix("64:ff9b:1::/48"), // the same, local (RFC 8215)
	netip.MustParsePrefix("2002::/16"),      // 6to4 (RFC 3056)
}

// remotes decides which addresses of viewers the gateway sends to.
type remotes struct {
	loopback bool                  // the gateway itself listens on loopback only
	allow    func(netip.Addr) bool // Config.Remote; nil: all
}

// heard decides about an address that packets with the peer's ICE password came
// from. From loopback only this machine's own viewers send.
func (r *remotes) heard(a netip.Addr) bool {
	a = a.Unmap().WithZone("") // a prefix contains no address with a zone
	return a.IsValid() && !a.IsUnspecified() && !a.IsMulticast() && !a.IsLinkLocalUnicast() &&
		a != netip.AddrFrom4([4]byte{255, 255, 255, 255}) &&
		!slices.ContainsFunc(disguises, func(n netip.Prefix) bool { return n.Contains(a) }) && (r.allow == nil || r.allow(a))
}

// named decides about an address that a viewer wrote into a candidate.
func (r *remotes) named(a netip.Addr) bool {
	return r.heard(a) && (r.loopback || !a.Unmap().IsLoopback())
}

// filter is heard for pion.
func (r *remotes) filter(ip net.IP) bool {
	a, ok := netip.AddrFromSlice(ip)
	return ok && r.heard(a)
}

// candidate decides about the text of a candidate. One with a name, for which
// somebody would have to be asked, is not taken; one that pion does not
// understand it refuses itself.
func (r *remotes) candidate(text string) bool {
	c, err := ice.UnmarshalCandidate(text)
	if err != nil {
		return true
	}
	a, err := netip.ParseAddr(c.Address())
	return err == nil && r.named(a)
}

// clean takes the candidates out of an offer that are not to be used.
func (r *remotes) clean(offer string) (string, error) {
	var d sdp.SessionDescription
	if err := d.UnmarshalString(offer); err != nil {
		return "", fmt.Errorf("%w: no SDP: %v", ErrOffer, err)
	}
	kept, dropped := 0, 0
	only := func(in []sdp.Attribute) (out []sdp.Attribute) {
		for _, a := range in {
			if a.Key == "candidate" {
				if kept == maxCandidates || !r.candidate(a.Value) {
					dropped++
					continue
				}
				kept++
			}
			out = append(out, a)
		}
		return out
	}
	d.Attributes = only(d.Attributes)
	for _, m := range d.MediaDescriptions {
		m.Attributes = only(m.Attributes)
	}
	if dropped == 0 {
		return offer, nil
	}
	text, err := d.Marshal()
	if err != nil {
		return "", fmt.Errorf("%w: %v", ErrOffer, err)
	}
	return string(text), nil
}
