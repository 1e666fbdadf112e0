package simulate

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"matthan/gateway/video"
)

// MaxChannels is how many channels an ONVIF device may have.
const MaxChannels = 128

// ONVIFLogin is how an ONVIF device checks passwords.
type ONVIFLogin uint8

const (
	TokenLogin      ONVIFLogin = iota // WS-UsernameToken digest
	HTTPDigestLogin                   // HTTP Digest (RFC 7616), and no token
)

// ONVIFOptions of an ONVIF device. The zero value of each but Cameras is usable.
type ONVIFOptions struct {
	Listen  string // address of its HTTP server, "127.0.0.1:0" by default
	Cameras []int  // of the Server, that are its channels; several make it a recorder

	// Discovery is the UDP address at which it answers WS-Discovery; "" for none. A
	// multicast group is joined on Interface, or on one of the system's choice.
	Discovery string
	Interface *net.Interface

	Identity            string // its endpoint reference; "" for one of its own
	Maker, Model, Place string // what it says of itself

	User, Password string // asked of all but the time; an empty User asks for none
	Login          ONVIFLogin
	Algorithm      string // of HTTP Digest: "MD5" by default, or "SHA-256"
	NonceUses      int    // of HTTP Digest, after which a nonce has aged; 0: 100
	Silent         bool   // an aged nonce is not called stale, as by some makes

	ClockOffset time.Duration // how wrong its clock is
	LocalOnly   bool          // it tells its local time only, seven hours ahead, as some makes do

	Host string // that its addresses name, as a device behind NAT does; "" for its own
	PTZ  bool   // its cameras can be moved
	Old  bool   // it has neither GetServices nor Media2
}

func (o *ONVIFOptions) validate(s *Server) error {
	switch {
	case len(o.Cameras) < 1 || len(o.Cameras) > MaxChannels:
		return fmt.Errorf("%d channels, expected 1 to %d", len(o.Cameras), MaxChannels)
	case slices.ContainsFunc(o.Cameras, func(i int) bool { return i < 0 || i >= len(s.cameras) }):
		return errors.New("a channel of a camera that does not exist")
	case o.User == "" && o.Password != "":
		return errors.New("a password without a user")
	case o.Login > HTTPDigestLogin:
		return fmt.Errorf("login %d is not known", o.Login)
	case o.Algorithm != "" && o.Algorithm != "MD5" && o.Algorithm != "SHA-256":
		return errors.New("the algorithm is neither MD5 nor SHA-256")
	case o.NonceUses < 0:
		return errors.New("a nonce is used less than never")
	}
	return nil
}

// ONVIF is a simulated camera or recorder that speaks ONVIF: it describes itself
// and its streams, which a Server plays, moves, and answers WS-Discovery. Its
// methods may be called concurrently.
type ONVIF struct {
	options  ONVIFOptions
	server   *Server
	channels []*channel
	listener net.Listener
	http     *http.Server
	udp      *net.UDPConn
	ended    sync.WaitGroup

	wrongBy atomic.Int64 // a time.Duration

	mu     sync.Mutex
	shown  map[string]time.Time // nonces of tokens that were taken
	nonces map[string]int       // of HTTP Digest, with their uses
	wrong  int                  // logins that were refused
}

// channel is one camera of a device.
type channel struct {
	camera    *camera
	main, sub [2]int // width and height
	mu        sync.Mutex
	head      head
	synced    int // requests for a key picture
}

// StartONVIF serves cameras of s as one ONVIF device until Close.
func StartONVIF(s *Server, o ONVIFOptions) (*ONVIF, error) {
	if err := o.validate(s); err != nil {
		return nil, fmt.Errorf("simulate an ONVIF device: %w", err)
	}
	d := &ONVIF{options: o, server: s, shown: map[string]time.Time{}, nonces: map[string]int{}}
	d.SetClock(o.ClockOffset)
	for _, i := range o.Cameras {
		c := &channel{camera: s.cameras[i], head: newHead()}
		var err error
		if c.main, err = size(c.camera.clip.main); err == nil {
			c.sub, err = size(c.camera.clip.sub)
		}
		if err != nil {
			return nil, fmt.Errorf("simulate an ONVIF device: %w", err)
		}
		d.channels = append(d.channels, c)
	}
	if err := d.listen(); err != nil {
		return nil, fmt.Errorf("simulate an ONVIF device: %w", err)
	}
	return d, nil
}

func size(t *track) ([2]int, error) {
	f, err := video.ParseSPS(t.sps)
	if err != nil {
		return [2]int{}, err
	}
	return [2]int{f.Width, f.Height}, nil
}

func (d *ONVIF) listen() (err error) {
	o := &d.options
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	if o.NonceUses == 0 {
		o.NonceUses = 100
	}
	if d.listener, err = net.Listen("tcp", o.Listen); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if o.Identity == "" {
		o.Identity = "urn:uuid:6d617474-6861-6e40-8073-" + fmt.Sprintf("%012x", d.listener.Addr().(*net.TCPAddr).Port)
	}
	if o.Discovery != "" {
		if d.udp, err = listenDiscovery(o.Discovery, o.Interface); err != nil {
			d.listener.Close()
			return err
		}
		d.ended.Go(d.answerProbes)
	}
	d.http = &http.Server{Handler: d.routes(), ReadTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10}
	d.ended.Go(func() { _ = d.http.Serve(d.listener) }) // always http.ErrServerClosed
	return nil
}

func listenDiscovery(address string, on *net.Interface) (*net.UDPConn, error) {
	at, err := net.ResolveUDPAddr("udp4", address)
	if err != nil {
		return nil, fmt.Errorf("listen for WS-Discovery: %w", err)
	}
	listen := func() (*net.UDPConn, error) { return net.ListenUDP("udp4", at) }
	if at.IP.IsMulticast() {
		listen = func() (*net.UDPConn, error) { return net.ListenMulticastUDP("udp4", on, at) }
	}
	c, err := listen()
	if err != nil {
		return nil, fmt.Errorf("listen for WS-Discovery: %w", err)
	}
	return c, nil
}

// Addr is the address that the HTTP server listens on.
func (d *ONVIF) Addr() string { return d.listener.Addr().String() }

// DiscoveryAddr is the address at which it answers WS-Discovery, "" where it
// does not.
func (d *ONVIF) DiscoveryAddr() string {
	if d.udp == nil {
		return ""
	}
	return d.udp.LocalAddr().String()
}

// URL is the address of its device service.
func (d *ONVIF) URL() string { return "http://" + d.host() + devicePath }

// host is what its addresses name.
func (d *ONVIF) host() string {
	if d.options.Host != "" {
		return d.options.Host
	}
	if a := d.listener.Addr().(*net.TCPAddr); a.IP.IsUnspecified() {
		return fmt.Sprintf("127.0.0.1:%d", a.Port)
	}
	return d.Addr()
}

// Identity is its endpoint reference.
func (d *ONVIF) Identity() string { return d.options.Identity }

// Refused counts the logins that were wrong.
func (d *ONVIF) Refused() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.wrong
}

// Synced counts the requests for a key picture of a channel.
func (d *ONVIF) Synced(channel int) int {
	c := d.channels[channel]
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.synced
}

// SetClock changes ONVIFOptions.ClockOffset.
func (d *ONVIF) SetClock(offset time.Duration) { d.wrongBy.Store(int64(offset)) }

// Close ends it, and waits for every goroutine. It may be called more than once.
func (d *ONVIF) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if d.http.Shutdown(ctx) != nil {
		d.http.Close()
	}
	if d.udp != nil {
		d.udp.Close()
	}
	d.ended.Wait()
}
