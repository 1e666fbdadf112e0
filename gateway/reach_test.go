package gateway

import (
	"errors"
	"net/netip"
	"testing"
)

func TestACamerasAddressIsNoWayIntoTheNetwork(t *testing.T) {
	t.Parallel()
	prefixes := func(texts ...string) (out []netip.Prefix) {
		for _, s := range texts {
			out = append(out, netip.MustParsePrefix(s))
		}
		return out
	}
	own := []netip.Addr{netip.MustParseAddr("10.20.0.2"), netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("fe80::5")}
	anywhere := Reach{}
	cameras := Reach{Networks: prefixes("10.20.0.0/16", "0.0.0.0/0")}
	local := Reach{Networks: prefixes("127.0.0.0/8"), Ports: []uint16{8554}}
	alone := Reach{Networks: prefixes("10.20.0.2/32", "fe80::7/128")}
	for _, c := range []struct {
		reach Reach
		to    string
		want  bool
	}{
		{anywhere, "10.20.0.5:554", true}, {anywhere, "203.0.113.9:8554", true}, {anywhere, "[2001:db8::5]:554", true},
		{anywhere, "10.20.0.5:22", false}, {anywhere, "10.20.0.5:80", false},
		{anywhere, "127.0.0.1:554", false}, {anywhere, "[::1]:554", false}, {anywhere, "[::ffff:127.0.0.1]:554", false},
		{anywhere, "127.255.0.9:554", false}, {anywhere, "0.0.0.0:554", false}, {anywhere, "[::]:554", false},
		{anywhere, "169.254.169.254:554", false}, {anywhere, "[::ffff:169.254.169.254]:554", false}, {anywhere, "[fe80::1%eth0]:554", false},
		{anywhere, "224.0.0.1:554", false}, {anywhere, "255.255.255.255:554", false}, {anywhere, "[ff02::1]:554", false},
		{anywhere, "[64:ff9b::7f00:1]:554", false}, {anywhere, "[2002:7f00:1::]:554", false},
		{anywhere, "10.20.0.2:554", false}, {anywhere, "[::ffff:10.20.0.2]:554", false},
		{cameras, "10.20.1.1:554", true}, {cameras, "127.0.0.1:554", false}, {cameras, "169.254.1.1:554", false}, {cameras, "10.20.0.2:554", false},
		{Reach{Networks: prefixes("10.20.0.0/16")}, "10.21.0.1:554", false},
		{local, "127.0.0.1:8554", true}, {local, "127.0.0.1:554", false}, {local, "10.20.0.5:8554", false}, {local, "169.254.1.1:8554", false},
		{alone, "10.20.0.2:554", true}, {alone, "[fe80::7]:554", true}, {alone, "[fe80::8]:554", false}, {alone, "10.20.0.3:554", false},
	} {
		err := c.reach.Check(netip.MustParseAddrPort(c.to), own)
		if (err == nil) != c.want || err != nil && !errors.Is(err, ErrOutOfReach) {
			t.Errorf("%v %s: %v, want permitted %v", c.reach.Networks, c.to, err, c.want)
		}
	}
}

func TestONVIFHasPortsOfItsOwn(t *testing.T) {
	t.Parallel()
	own := []netip.Addr{netip.MustParseAddr("10.20.0.2")}
	mine := Reach{ONVIFPorts: []uint16{8001}, Ports: []uint16{555}}
	for _, c := range []struct {
		reach Reach
		to    string
		want  bool
	}{
		{Reach{}, "10.20.0.5:80", true}, {Reach{}, "10.20.0.5:2020", true}, {Reach{}, "10.20.0.5:554", false}, {Reach{}, "10.20.0.5:22", false},
		{Reach{}, "10.20.0.2:80", false}, {Reach{}, "169.254.169.254:80", false}, {Reach{}, "127.0.0.1:80", false},
		{mine, "10.20.0.5:8001", true}, {mine, "10.20.0.5:80", false}, {mine, "10.20.0.5:555", false},
	} {
		err := c.reach.CheckONVIF(netip.MustParseAddrPort(c.to), own)
		if (err == nil) != c.want || err != nil && !errors.Is(err, ErrOutOfReach) {
			t.Errorf("%s: %v, want permitted %v", c.to, err, c.want)
		}
	}
}
