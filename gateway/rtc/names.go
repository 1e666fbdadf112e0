package rtc

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// Names of addresses to announce are looked up again after nameTTL: a
// commune's router gets another address now and then.
const (
	nameTTL     = 30 * time.Second
	nameTimeout = 2 * time.Second
)

// names are the configured addresses, resolved.
type names struct {
	given []string

	mu    sync.Mutex
	addrs []netip.Addr
	at    time.Time
}

func newNames(given []string) *names { return &names{given: given} }

// resolve returns the addresses, from memory where they are fresh. Where a
// look-up fails the ones found before go on.
func (n *names) resolve(ctx context.Context, now time.Time) ([]netip.Addr, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.given) == 0 || now.Sub(n.at) < nameTTL && n.addrs != nil {
		return n.addrs, nil
	}
	ctx, cancel := context.WithTimeout(ctx, nameTimeout)
	defer cancel()
	var found []netip.Addr
	for _, name := range n.given {
		if a, err := netip.ParseAddr(name); err == nil {
			found = append(found, a)
			continue
		}
		got, err := net.DefaultResolver.LookupNetIP(ctx, "ip", name)
		if err != nil {
			if n.addrs != nil {
				return n.addrs, nil
			}
			return nil, fmt.Errorf("webrtc.addresses: look up %s: %w", name, err)
		}
		for _, a := range got {
			if a = a.Unmap(); !slices.Contains(found, a) {
				found = append(found, a)
			}
		}
	}
	n.addrs, n.at = found, now
	return found, nil
}
