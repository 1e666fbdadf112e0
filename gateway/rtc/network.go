package rtc

import (
	"fmt"
	"sync"
	"time"

	"github.com/pion/transport/v4"
	"github.com/pion/transport/v4/stdnet"
)

// interfacesFor is how long a look at this machine's interfaces serves. pion
// looks for every viewer, at 7 KiB of garbage each, or once for ever, and then
// misses the address that a 4G router hands out later.
const interfacesFor = 5 * time.Second

// network is this machine's network as pion sees it.
type network struct {
	*stdnet.Net

	mu    sync.Mutex
	found []*transport.Interface
	at    time.Time
}

func newNetwork() (*network, error) {
	n, err := stdnet.NewNet()
	if err != nil {
		return nil, fmt.Errorf("list network interfaces: %w", err)
	}
	return &network{Net: n}, nil
}

// Interfaces implements transport.Net.
func (n *network) Interfaces() ([]*transport.Interface, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if now := time.Now(); now.Sub(n.at) >= interfacesFor {
		fresh, err := stdnet.NewNet()
		if err != nil {
			return nil, fmt.Errorf("list network interfaces: %w", err)
		}
		if n.found, err = fresh.Interfaces(); err != nil {
			return nil, fmt.Errorf("list network interfaces: %w", err)
		}
		n.at = now
	}
	return n.found, nil
}
