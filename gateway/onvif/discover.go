package onvif

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// Bounds of a discovery.
const (
	maxDevices    = 1024
	maxDatagram   = 64 << 10 // bytes
	maxDatagrams  = 8 * maxDevices
	maxInterfaces = 16
	resendAfter   = 300 * time.Millisecond // datagrams get lost (SOAP-over-UDP appendix I)
	defaultWait   = 3 * time.Second
)

// group is where devices listen (WS-Discovery section 2.4).
var group = netip.MustParseAddrPort("239.255.255.250:3702")

// Search says where to look for devices. Its zero value looks on every network
// that this machine is in.
type Search struct {
	Interfaces []string         // names of network interfaces; nil: all that are up and take multicast
	To         []netip.AddrPort // asked by themselves instead, where multicast does not get; port 0 is 3702
	Wait       time.Duration    // for answers; 0: 3 s

	Group netip.AddrPort // zero: 239.255.255.250:3702
}

// ErrNotFound is the answer where no device has an identity.
var ErrNotFound = errors.New("no device with this identity answers")

// Discover finds devices, at most 1024, in the order of their addresses.
func Discover(ctx context.Context, s Search) ([]Found, error) {
	byIdentity := map[string]*Found{}
	err := s.run(ctx, func(f Found) bool {
		is := byIdentity[bare(f.Identity)]
		if is == nil {
			byIdentity[bare(f.Identity)] = &f
			return len(byIdentity) < maxDevices
		}
		// It answers every probe, and on every network that it is in.
		for _, a := range f.Addresses {
			if !slices.Contains(is.Addresses, a) && len(is.Addresses) < maxAddresses {
				is.Addresses = append(is.Addresses, a)
			}
		}
		is.Name, is.Hardware, is.Location = cmp.Or(is.Name, f.Name), cmp.Or(is.Hardware, f.Hardware), cmp.Or(is.Location, f.Location)
		return true
	})
	if err != nil {
		return nil, err
	}
	out := make([]Found, 0, len(byIdentity))
	for _, f := range byIdentity {
		out = append(out, *f)
	}
	slices.SortFunc(out, func(a, b Found) int {
		return cmp.Or(cmp.Compare(a.Addresses[0], b.Addresses[0]), cmp.Compare(a.Identity, b.Identity))
	})
	return out, nil
}

// Find finds the device with an identity, wherever it is now. It returns as soon
// as that answers, ErrNotFound where it does not.
func Find(ctx context.Context, identity string, s Search) (Found, error) {
	var found Found
	err := s.run(ctx, func(f Found) bool {
		if SameIdentity(f.Identity, identity) {
			found = f
		}
		return found.Identity == ""
	})
	if err == nil && found.Identity == "" {
		err = ErrNotFound
	}
	return found, err
}

// run probes and tells each answer, one at a time, until told has enough, the
// wait is over, or ctx is done.
func (s Search) run(ctx context.Context, told func(Found) bool) error {
	sockets, err := s.open()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(s.Wait, defaultWait))
	defer cancel()
	defer context.AfterFunc(ctx, func() {
		for _, c := range sockets {
			c.Close()
		}
	})()
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, c := range sockets {
		wg.Go(func() {
			buffer := make([]byte, maxDatagram)
			for range maxDatagrams {
				n, from, err := c.ReadFromUDPAddrPort(buffer)
				if err != nil {
					return
				}
				for _, f := range readMatches(buffer[:n], from.Addr()) {
					mu.Lock()
					more := ctx.Err() == nil && told(f)
					mu.Unlock()
					if !more {
						cancel()
						return
					}
				}
			}
		})
	}
	sent := s.probe(ctx, sockets)
	wg.Wait()
	for _, c := range sockets {
		c.Close() // again where the time was over
	}
	return sent
}

// open makes a socket for each interface, or one for what is asked by itself.
func (s Search) open() ([]*net.UDPConn, error) {
	if len(s.To) > 0 {
		c, err := net.ListenUDP("udp", nil)
		if err != nil {
			return nil, fmt.Errorf("discover devices: %w", err)
		}
		return []*net.UDPConn{c}, nil
	}
	var sockets []*net.UDPConn
	for _, a := range s.own() {
		// Bound to an interface's address, a socket sends multicast by that interface.
		if c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: a.AsSlice()}); err == nil {
			sockets = append(sockets, c)
		}
	}
	if len(sockets) == 0 {
		return nil, errors.New("discover devices: no network interface takes multicast")
	}
	return sockets, nil
}

// own are the IPv4 addresses of the interfaces to look on, one of each.
func (s Search) own() (out []netip.Addr) {
	all, err := net.Interfaces()
	if err != nil {
		return nil
	}
	for _, i := range all {
		const wanted = net.FlagUp | net.FlagMulticast
		if s.Interfaces == nil && i.Flags&wanted != wanted || s.Interfaces != nil && !slices.Contains(s.Interfaces, i.Name) {
			continue
		}
		addresses, err := i.Addrs()
		if err != nil {
			continue
		}
		for _, a := range addresses {
			if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Is4() && len(out) < maxInterfaces {
				out = append(out, p.Addr())
				break
			}
		}
	}
	return out
}

// probe sends both probes twice. It fails where none could be sent.
func (s Search) probe(ctx context.Context, sockets []*net.UDPConn) error {
	to := s.To
	if len(to) == 0 {
		to = []netip.AddrPort{group}
		if s.Group.IsValid() {
			to[0] = s.Group
		}
	}
	var sent bool
	var failed error
	for round := range 2 {
		for _, c := range sockets {
			for _, at := range to {
				if at.Port() == 0 {
					at = netip.AddrPortFrom(at.Addr(), group.Port())
				}
				for _, p := range probes() {
					if _, err := c.WriteToUDPAddrPort([]byte(p), at); err == nil {
						sent = true
					} else {
						failed = err
					}
				}
			}
		}
		if round == 0 {
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(resendAfter):
			}
		}
	}
	if !sent {
		for _, c := range sockets {
			c.Close()
		}
		return fmt.Errorf("discover devices: %w", failed)
	}
	return nil
}

// probes are what is asked. Makes differ in what they answer: some want
// the type, some (TP-Link's) no type and a MessageID that begins with urn:, some
// the namespaces as defaults.
func probes() []string {
	const (
		address = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
		space   = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
		to      = "urn:schemas-xmlsoap-org:ws:2005:04:discovery"
		xml     = `<?xml version="1.0" encoding="UTF-8"?>`
	)
	return []string{
		xml + `<Envelope xmlns="http://www.w3.org/2003/05/soap-envelope"><Header xmlns:a="` + address + `">` +
			`<a:Action mustUnderstand="1">` + space + `/Probe</a:Action><a:MessageID>uuid:` + uuid() + `</a:MessageID>` +
			`<a:ReplyTo><a:Address>` + address + `/role/anonymous</a:Address></a:ReplyTo><a:To mustUnderstand="1">` + to + `</a:To></Header>` +
			`<Body><Probe xmlns="` + space + `"><Types xmlns:dn="http://www.onvif.org/ver10/network/wsdl">dn:NetworkVideoTransmitter</Types><Scopes/></Probe></Body></Envelope>`,
		xml + `<s:Envelope xmlns:a="` + address + `" xmlns:d="` + space + `" xmlns:s="http://www.w3.org/2003/05/soap-envelope">` +
			`<s:Header><a:Action>` + space + `/Probe</a:Action><a:MessageID>urn:uuid:` + uuid() + `</a:MessageID><a:To>` + to + `</a:To></s:Header>` +
			`<s:Body><d:Probe><d:Scopes>onvif://www.onvif.org</d:Scopes></d:Probe></s:Body></s:Envelope>`,
	}
}

// uuid is a random one (RFC 9562 section 5.4).
func uuid() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
