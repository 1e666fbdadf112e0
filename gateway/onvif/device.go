package onvif

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"syscall"
	"time"

	"matthan/gateway"
	"matthan/gateway/digest"
)

// Config says which device to talk to. Only Address is needed.
type Config struct {
	Address string // see ParseAddress
	Login   gateway.Login

	// Permit is asked before each connection about the address as it was resolved.
	// Its error is why there is none. nil: every address.
	Permit func(netip.AddrPort) error

	CA          *x509.CertPool // signs the certificates of https devices; nil: the system's authorities
	InsecureTLS bool           // take any certificate of an https device

	Timeout time.Duration // for each answer, the connection included; 0: 5 s
}

// Device is a client of one device. Its methods may be called concurrently.
type Device struct {
	cfg    Config
	at     *url.URL // of the device service
	client *http.Client

	mu       sync.Mutex
	asked    bool            // the clock
	offset   time.Duration   // of the device's clock against ours
	local    time.Duration   // the same, if it takes its local time for UTC
	byLocal  bool            // it may: tokens are of that time
	digest   *digest.Answers // of HTTP Digest; nil: the token is shown
	refused  error           // the login, for good
	accepted bool            // the login, for something that takes one
	known    *services
	quirks   map[gateway.Quirk]bool
}

// New checks the configuration. Nothing is dialled.
func New(cfg Config) (*Device, error) {
	at, err := ParseAddress(cfg.Address)
	if err != nil {
		return nil, err
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = 5 * time.Second
	}
	d := &Device{cfg: cfg, at: at, quirks: map[gateway.Quirk]bool{}}
	dialer := &net.Dialer{Timeout: cfg.Timeout, Control: d.permit}
	d.client = &http.Client{
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			TLSClientConfig:        &tls.Config{RootCAs: cfg.CA, InsecureSkipVerify: cfg.InsecureTLS},
			TLSHandshakeTimeout:    cfg.Timeout,
			MaxResponseHeaderBytes: 64 << 10,
			MaxConnsPerHost:        parallel,
			MaxIdleConnsPerHost:    parallel,
			IdleConnTimeout:        10 * time.Second,
			DisableCompression:     true, // what cannot grow needs no second bound
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return d, nil
}

// Close ends idle connections.
func (d *Device) Close() { d.client.CloseIdleConnections() }

// permit is asked by the dialer with the address as resolved.
func (d *Device) permit(_, address string, _ syscall.RawConn) error {
	if d.cfg.Permit == nil {
		return nil
	}
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("read the device's resolved address: %w", err)
	}
	return d.cfg.Permit(to)
}

// Quirks are what the device did against the rules so far.
func (d *Device) Quirks() (out []gateway.Quirk) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, q := range []gateway.Quirk{gateway.QuirkClock, gateway.QuirkLogin} {
		if d.quirks[q] {
			out = append(out, q)
		}
	}
	return out
}

// wrongClock is how far a device's clock may be off and pass for right.
const wrongClock = 5 * time.Second

// Clock asks the device for its time, which takes no login: this is how to find
// out whether somebody speaks ONVIF at an address. It returns how far the
// device's clock is ahead of ours.
func (d *Device) Clock(ctx context.Context) (time.Duration, error) {
	answer, err := d.send(ctx, d.at, request{space: deviceSpace, name: "GetSystemDateAndTime"})
	if err != nil {
		return 0, err
	}
	is, ok := readClock(answer)
	now := time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = true
	if !ok {
		return 0, nil // it tells no time: ours may do
	}
	d.offset, d.local = is.utc.Sub(now), is.utc.Sub(now)
	if !is.local.IsZero() {
		d.local = is.local.Sub(now)
	}
	d.quirks[gateway.QuirkClock] = d.offset.Abs() > wrongClock
	if d.byLocal {
		return d.local, nil
	}
	return d.offset, nil
}

// Identity asks for the device's endpoint reference, which its probe matches have
// too; "" where it does not tell.
func (d *Device) Identity(ctx context.Context) (string, error) {
	answer, err := d.ask(ctx, d.at, request{space: deviceSpace, name: "GetEndpointReference"})
	if isFault(err) || unknown(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	identity := answer.at("GUID").text
	if bare(identity) == "" || len(identity) > maxIdentity || label(identity) != identity {
		return "", nil
	}
	return identity, nil
}

// Information is what a device says of itself.
type Information struct{ Maker, Model, Firmware, Serial string }

// Information asks what the device is.
func (d *Device) Information(ctx context.Context) (Information, error) {
	answer, err := d.ask(ctx, d.at, request{space: deviceSpace, name: "GetDeviceInformation"})
	if err != nil {
		return Information{}, err
	}
	return Information{
		Maker: answer.at("Manufacturer").label(), Model: answer.at("Model").label(),
		Firmware: answer.at("FirmwareVersion").label(), Serial: answer.at("SerialNumber").label(),
	}, nil
}
