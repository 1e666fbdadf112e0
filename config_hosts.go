package main

import (
	"net/netip"
	"net/url"

	"go.yaml.in/yaml/v3"

	"matthan/gateway"
)

// maxHosts bounds the recorders that have limits of their own.
const maxHosts = 10_000

// megabits takes a rate in Mbit/s; 0 for one that is not bounded.
func (r *reader) megabits(dst *int) func(*yaml.Node) {
	return func(n *yaml.Node) {
		mbits := -1
		if r.number(&mbits, 0, 100_000)(n); mbits >= 0 {
			*dst = mbits * 1_000_000
		}
	}
}

// hosts reads the limits of single hosts.
func (r *reader) hosts(dst *map[string]gateway.HostLimit) func(*yaml.Node) {
	return r.list("limits.hosts", maxHosts, func(_ int, n *yaml.Node) {
		var name string
		limit := gateway.HostLimit{}
		r.object(n, "a host", fields{
			"host":  r.textField(&name),
			"pulls": r.number(&limit.Pulls, 1, 2*gateway.MaxCameras),
			"mbits": r.megabits(&limit.Bits),
		})
		host := hostNamed(name)
		switch _, twice := (*dst)[host]; {
		case host == "":
			r.fail(n, "a host of limits.hosts is an address, with its port where that is not 554, such as 10.1.2.3 or 10.1.2.3:8554")
		case twice:
			r.fail(n, "host %s is there twice: remove one", host)
		case limit.Pulls == 0:
			r.fail(n, "host %s needs pulls: how many of its streams may be pulled at once", host)
		default:
			if *dst == nil {
				*dst = map[string]gateway.HostLimit{}
			}
			(*dst)[host] = limit
		}
	})
}

// hostNamed is a host as gateway.HostOf has it, "" for what is none.
func hostNamed(s string) string {
	if a, err := netip.ParseAddr(s); err == nil && a.Is6() {
		s = "[" + s + "]"
	}
	u, err := url.Parse("rtsp://" + s)
	if err != nil || u.Host != s || u.Path != "" {
		return ""
	}
	return gateway.HostOf(u.String())
}
