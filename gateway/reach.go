package gateway

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
)

// Reach says where cameras of the store may be dialled, so that a camera's
// address is no way into the network for who may add cameras. Those of the
// configuration file are the operator's own word, and not asked about.
type Reach struct {
	Networks []netip.Prefix // empty: every ordinary one
	Ports    []uint16       // of RTSP; empty: DefaultPorts

	ONVIFPorts []uint16 // empty: DefaultONVIFPorts
}

// DefaultPorts are those that cameras and recorders answer RTSP on.
var DefaultPorts = []uint16{554, 322, 5554, 8554, 10554}

// DefaultONVIFPorts are those that makes answer ONVIF on.
var DefaultONVIFPorts = []uint16{80, 443, 2020, 8000, 8080, 8899}

// ErrOutOfReach is why a camera is not dialled.
var ErrOutOfReach = errors.New("the camera's address is not among those that may be dialled")

// special are networks that no camera stands in: a network in Reach permits them
// only if it lies within one, and 0.0.0.0/0 never does.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),         // this network (RFC 6890)
	netip.MustParsePrefix("127.0.0.0/8"),       // loopback
	netip.MustParsePrefix("169.254.0.0/16"),    // link-local, and the metadata of clouds
	netip.MustParsePrefix("192.0.0.0/24"),      // protocol assignments
	netip.MustParsePrefix("224.0.0.0/3"),       // multicast, reserved, broadcast
	netip.MustParsePrefix("::/128"),            // unspecified
	netip.MustParsePrefix("::1/128"),           // loopback
	netip.MustParsePrefix("64:ff9b::/96"),      // NAT64: any IPv4 address in disguise
	netip.MustParsePrefix("64:ff9b:1::/48"),    // the same, local (RFC 8215)
	netip.MustParsePrefix("2002::/16"),         // 6to4, the same
	netip.MustParsePrefix("fd00:ec2::254/128"), // metadata of a cloud
	netip.MustParsePrefix("fe80::/10"),         // link-local
	netip.MustParsePrefix("ff00::/8"),          // multicast
}

// Check says whether a camera at an address, as it was resolved, may be
// dialled. own are this machine's addresses, which only a network that names
// the address alone permits. The error is ErrOutOfReach, with what to change.
func (r Reach) Check(to netip.AddrPort, own []netip.Addr) error {
	return r.check(to, own, "ports", r.Ports, DefaultPorts)
}

// CheckONVIF is Check for a device that is asked in ONVIF.
func (r Reach) CheckONVIF(to netip.AddrPort, own []netip.Addr) error {
	return r.check(to, own, "onvif_ports", r.ONVIFPorts, DefaultONVIFPorts)
}

func (r Reach) check(to netip.AddrPort, own []netip.Addr, name string, ports, usual []uint16) error {
	if len(ports) == 0 {
		ports = usual
	}
	if !slices.Contains(ports, to.Port()) {
		return fmt.Errorf("%w: port %d is not in reach.%s", ErrOutOfReach, to.Port(), name)
	}
	return r.checkHost(to, own)
}

func (r Reach) checkHost(to netip.AddrPort, own []netip.Addr) error {
	addr := to.Addr().Unmap().WithZone("")
	if slices.ContainsFunc(r.Networks, func(n netip.Prefix) bool { return n.IsSingleIP() && n.Contains(addr) }) {
		return nil
	}
	if slices.Contains(own, addr) && !addr.IsLoopback() {
		return fmt.Errorf("%w: it is this machine's own; reach.networks would have to name it alone", ErrOutOfReach)
	}
	for _, s := range special {
		if s.Contains(addr) {
			within := func(n netip.Prefix) bool { return n.Contains(addr) && n.Bits() >= s.Bits() && s.Contains(n.Addr()) }
			if slices.ContainsFunc(r.Networks, within) {
				return nil
			}
			return fmt.Errorf("%w: it is of a special kind (%s)", ErrOutOfReach, s)
		}
	}
	if len(r.Networks) == 0 || slices.ContainsFunc(r.Networks, func(n netip.Prefix) bool { return n.Contains(addr) }) {
		return nil
	}
	return fmt.Errorf("%w: it is in none of reach.networks", ErrOutOfReach)
}
