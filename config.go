package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/cluster"
	"matthan/gateway/onvif"
	"matthan/signaling"
	"matthan/transcode"
)

// Bounds of what configuration files hold, in bytes.
const (
	maxConfig = 64 << 20
	maxSecret = 4 << 10
)

// Config is everything that can be set. docs/config.example.yaml describes it.
type Config struct {
	HTTP, HTTPS string // listening addresses; "" for none
	TLS         TLSConfig
	URL         *url.URL // how people reach the gateway; nil: by this machine's addresses
	Data        string   // directory of everything durable
	WebRTC      WebRTCConfig
	Reach       gateway.Reach // where cameras that are not in this file may be
	Origins     []string      // that may open sockets and WHEP beside our own, as browsers send them
	Limits      Limits
	Audit       AuditConfig
	Stills      transcode.Config
	Transcode   transcode.RungsConfig
	PTZ         PTZConfig
	Map         MapConfig
	SignIn      *SignIn // the provider that signs people in; nil: the embedded one
	Tokens      []auth.Token
	Accounts    AccountsConfig
	Alerts      AlertsConfig
	Emergency   bool // people may give themselves a right for minutes, of which supervisors are told
	Inventory   *gateway.List

	reread      *reread                              // nil: tokens are as they are
	portalRoots *x509.CertPool                       // of a test: whom to trust with portals' keys; nil: the system's
	search      onvif.Search                         // of a test: where devices are looked for; zero: on every network
	prepare     func(context.Context, *signIn) error // of the demo: makes accounts before anybody may come; or nil

	Warnings []string // about the file, one line each, without secrets
}

// TLSConfig names a certificate from elsewhere; empty for our own authority's.
type TLSConfig struct{ CertificateFile, KeyFile string }

// AuditConfig says how the audit log is kept.
type AuditConfig struct {
	Keep    time.Duration // whole days
	Reserve int           // bytes of the disk that are set aside for it
}

// AccountsConfig is about the gateway's own accounts.
type AccountsConfig struct {
	SecondFactor bool // everybody shows a passkey after the password
}

// WebRTCConfig is where media flows.
type WebRTCConfig struct {
	UDP, TCP   string   // listening addresses; TCP may be "" for none
	Addresses  []string // IP addresses and DNS names to announce; empty: this machine's own
	ICEServers []signaling.ICEServer
	Uplink     int // bits a second of all viewers together; 0: not bounded
}

// Limits bound what a gateway takes on: all that may be asked of it, in one place.
type Limits struct {
	Viewers               int // peers at once
	Sockets               int // WebSockets at once
	SocketsPerAddress     int // of them from one IP address; a station sits behind one
	PerPerson             int // of one person: viewers, which outlive their sockets, and WHEP resources together
	Connections           int // to one HTTP listener at once
	ConnectionsPerAddress int // of them from one IP address
	RequestsPerAddress    int // a second, of who is not signed in; burstSeconds of it at once
	RequestsPerPerson     int // a second, of who is signed in; likewise
	Tiles                 int // pictures of one viewer
	Warm                  int // streams kept warm because a viewer may turn to them
	Spare                 int // small streams kept warm because a viewer's link may become thin
	Streams               gateway.Limits
}

func defaultConfig() *Config {
	inventory, err := gateway.NewList(nil, nil)
	if err != nil {
		panic(err) // nothing is always a valid inventory
	}
	return &Config{
		HTTP:      ":8080",
		HTTPS:     ":8443",
		Data:      "data",
		WebRTC:    WebRTCConfig{UDP: ":8189", TCP: ":8189"},
		Inventory: inventory,
		Audit:     AuditConfig{Keep: 730 * 24 * time.Hour, Reserve: cluster.DefaultReserve},
		Stills:    defaultStills,
		Transcode: defaultTranscode,
		PTZ:       defaultPTZ,
		Alerts:    AlertsConfig{After: 5 * time.Minute, Steady: time.Minute, Knock: 3 * time.Minute},
		Limits: Limits{
			Viewers: 2000, Sockets: 4000, SocketsPerAddress: 64, PerPerson: 16,
			Connections: 20_000, ConnectionsPerAddress: 2000, RequestsPerAddress: 100, RequestsPerPerson: 20, Tiles: signaling.MaxTiles, Warm: 200, Spare: 200,
			Streams: gateway.Limits{Pulls: 4096, PullsPerHost: 64, GOPBytes: 16 << 20, Linger: 15 * time.Second},
		},
	}
}

// loadConfig reads a configuration file. Relative names in it are relative to
// its directory. The error has a line for each thing to correct, with the line
// in the file.
func loadConfig(file string) (*Config, error) {
	text, err := readBounded(file, maxConfig)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	return parseConfig(file, text)
}

func readBounded(file string, most int64) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file", file)
	}
	if info.Size() > most {
		return nil, fmt.Errorf("%s has %d bytes: at most %d", file, info.Size(), most)
	}
	return os.ReadFile(file)
}

func parseConfig(file string, text []byte) (*Config, error) {
	r := &reader{file: filepath.Base(file), dir: filepath.Dir(file)}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		r.syntax(err)
		return nil, r.err()
	}
	cfg := defaultConfig()
	cfg.Data = filepath.Join(r.dir, cfg.Data)
	if len(doc.Content) == 0 { // an empty file
		return cfg, nil
	}
	r.config(doc.Content[0], cfg)
	cfg.Warnings = r.warnings
	return cfg, r.err()
}

// config reads the whole document into cfg, which holds the defaults.
func (r *reader) config(root *yaml.Node, cfg *Config) {
	var in inventoryReader
	var tokens, signIn *yaml.Node
	r.object(root, "the configuration", fields{
		"http":  r.listen(&cfg.HTTP),
		"https": r.listen(&cfg.HTTPS),
		"tls": func(n *yaml.Node) {
			r.object(n, "tls", fields{"certificate_file": r.path(&cfg.TLS.CertificateFile), "key_file": r.path(&cfg.TLS.KeyFile)})
			if (cfg.TLS.CertificateFile == "") != (cfg.TLS.KeyFile == "") {
				r.fail(n, "tls needs both certificate_file and key_file")
			}
		},
		"url":    func(n *yaml.Node) { cfg.URL = r.origin(n, "url") },
		"data":   r.path(&cfg.Data),
		"webrtc": func(n *yaml.Node) { r.webrtc(n, &cfg.WebRTC) },
		"origins": r.list("origins", 1000, func(_ int, n *yaml.Node) {
			if u := r.origin(n, "an origin"); u != nil {
				cfg.Origins = append(cfg.Origins, u.String())
			}
		}),
		"reach":     func(n *yaml.Node) { r.reach(n, &cfg.Reach) },
		"limits":    func(n *yaml.Node) { r.limits(n, &cfg.Limits) },
		"audit":     func(n *yaml.Node) { r.audit(n, &cfg.Audit) },
		"stills":    func(n *yaml.Node) { r.stills(n, &cfg.Stills) },
		"transcode": func(n *yaml.Node) { r.transcode(n, &cfg.Transcode) },
		"ptz":       func(n *yaml.Node) { r.ptz(n, &cfg.PTZ) },
		"map":       func(n *yaml.Node) { r.ground(n, &cfg.Map) },
		"sign_in":   func(n *yaml.Node) { signIn = n },
		"tokens":    func(n *yaml.Node) { tokens = n },
		"accounts": func(n *yaml.Node) {
			r.object(n, "accounts", fields{"second_factor": r.secondFactor(&cfg.Accounts.SecondFactor)})
		},
		"alerts":    func(n *yaml.Node) { r.alerts(n, &cfg.Alerts) },
		"emergency": r.boolean(&cfg.Emergency),
		"areas":     r.list("areas", gateway.MaxAreas, in.area(r)),
		"cameras":   r.list("cameras", gateway.MaxCameras, in.camera(r)),
	})
	if cfg.HTTP == "" && cfg.HTTPS == "" {
		r.fail(root, "http and https are both empty: give one an address")
	}
	inventory := in.finish(r)
	if inventory != nil {
		cfg.Inventory = inventory
	}
	if signIn != nil { // after url, which it needs
		cfg.SignIn = r.signIn(signIn, cfg)
	}
	if tokens != nil { // after the areas and cameras, which they name
		cfg.Tokens = r.tokens(tokens, inventory)
	}
}

// secondFactor takes whether a passkey must follow every password.
func (r *reader) secondFactor(dst *bool) func(*yaml.Node) {
	return func(n *yaml.Node) {
		var s string
		if !r.text(&s)(n) {
			return
		}
		if s != "optional" && s != "required" {
			r.fail(n, "second_factor is optional or required")
			return
		}
		*dst = s == "required"
	}
}

func (r *reader) webrtc(n *yaml.Node, w *WebRTCConfig) {
	tcp := false
	r.object(n, "webrtc", fields{
		"udp":         r.listen(&w.UDP),
		"tcp":         func(n *yaml.Node) { tcp = true; r.listen(&w.TCP)(n) },
		"addresses":   r.addresses(&w.Addresses),
		"ice_servers": r.iceServers(&w.ICEServers),

		"uplink_mbits": r.megabits(&w.Uplink),
	})
	if w.UDP == "" {
		r.fail(n, `webrtc.udp cannot be empty: give an address such as ":8189"`)
	}
	if !tcp {
		w.TCP = w.UDP
	}
}

// reach reads where cameras may be dialled.
func (r *reader) reach(n *yaml.Node, reach *gateway.Reach) {
	r.object(n, "reach", fields{
		"networks": r.list("reach.networks", 256, func(_ int, n *yaml.Node) {
			var s string
			if !r.text(&s)(n) {
				return
			}
			p, err := netip.ParsePrefix(s)
			if a, one := netip.ParseAddr(s); one == nil {
				p, err = netip.PrefixFrom(a, a.BitLen()), nil
			}
			if err != nil || p != p.Masked() || p.Addr().Is4In6() || p.Addr().Zone() != "" {
				r.fail(n, "a network is an address with the length of its prefix, such as 10.20.0.0/16, or one address")
				return
			}
			reach.Networks = append(reach.Networks, p)
		}),
		"ports":       r.ports("reach.ports", &reach.Ports),
		"onvif_ports": r.ports("reach.onvif_ports", &reach.ONVIFPorts),
	})
}

func (r *reader) ports(name string, to *[]uint16) func(*yaml.Node) {
	return r.list(name, 64, func(_ int, n *yaml.Node) {
		port := 0
		if r.number(&port, 1, 65535)(n); port != 0 {
			*to = append(*to, uint16(port))
		}
	})
}

func (r *reader) limits(n *yaml.Node, l *Limits) {
	r.object(n, "limits", fields{
		"viewers":                 r.number(&l.Viewers, 1, 1_000_000),
		"sockets":                 r.number(&l.Sockets, 1, 1_000_000),
		"sockets_per_address":     r.number(&l.SocketsPerAddress, 1, 1_000_000),
		"per_person":              r.number(&l.PerPerson, 1, 1000),
		"connections":             r.number(&l.Connections, 1, 1_000_000),
		"connections_per_address": r.number(&l.ConnectionsPerAddress, 1, 1_000_000),
		"requests_per_address":    r.number(&l.RequestsPerAddress, 1, 1_000_000),
		"requests_per_person":     r.number(&l.RequestsPerPerson, 1, 1_000_000),
		"tiles":                   r.number(&l.Tiles, 1, signaling.MaxTiles),
		"warm":                    r.number(&l.Warm, 1, 2*gateway.MaxCameras),
		"spare":                   r.number(&l.Spare, 0, 2*gateway.MaxCameras),
		"pulls":                   r.number(&l.Streams.Pulls, 1, 2*gateway.MaxCameras),
		"pulls_per_host":          r.number(&l.Streams.PullsPerHost, 1, 2*gateway.MaxCameras),
		"mbits_per_host":          r.megabits(&l.Streams.BitsPerHost),
		"hosts":                   r.hosts(&l.Streams.Hosts),
		"gop_bytes":               r.number(&l.Streams.GOPBytes, 1<<20, 1<<30),
		"linger":                  r.duration(&l.Streams.Linger, time.Millisecond, time.Hour),
	})
}

func (r *reader) audit(n *yaml.Node, a *AuditConfig) {
	r.object(n, "audit", fields{
		"keep":    r.days(&a.Keep, 30, 36500),
		"reserve": r.number(&a.Reserve, 16<<20, 1<<40),
	})
}

// listen takes an address to listen on, "" for none.
func (r *reader) listen(dst *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		var s string
		if !r.text(&s)(n) {
			return
		}
		if s != "" {
			if why := badListen(s); why != "" {
				r.fail(n, "%s", why)
				return
			}
		}
		*dst = s
	}
}

func badListen(s string) string {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return `an address to listen on looks like ":8443" or "10.1.2.3:8443"`
	}
	if _, err := netip.ParseAddr(host); host != "" && host != "localhost" && err != nil {
		return "listen on an IP address of this machine, or leave it out for all"
	}
	if p, err := strconv.Atoi(port); err != nil || p < 0 || p > 65535 {
		return "the port must be a number from 0 to 65535"
	}
	return ""
}

// origin takes a scheme and host as browsers send them (RFC 6454 section 6.2).
func (r *reader) origin(n *yaml.Node, what string) *url.URL {
	var s string
	if !r.text(&s)(n) {
		return nil
	}
	u, err := parseOrigin(s)
	if err != nil {
		r.fail(n, "%s %v", what, err)
		return nil
	}
	return u
}

func parseOrigin(s string) (*url.URL, error) {
	u, err := url.Parse(strings.ToLower(s))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || strings.Contains(u.Host, "*") ||
		u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Path != "" && u.Path != "/" || u.Opaque != "" {
		return nil, errors.New("must be a scheme, a host and perhaps a port, such as https://camera.phuong-lang.example:8443")
	}
	if p := u.Port(); p == "443" && u.Scheme == "https" || p == "80" && u.Scheme == "http" {
		u.Host = strings.TrimSuffix(u.Host, ":"+p)
	}
	u.Path = ""
	return u, nil
}

// addresses takes IP addresses and DNS names.
func (r *reader) addresses(dst *[]string) func(*yaml.Node) {
	return r.list("webrtc.addresses", 64, func(_ int, n *yaml.Node) {
		var s string
		if !r.text(&s)(n) {
			return
		}
		if _, err := netip.ParseAddr(s); err != nil && !isHostname(s) {
			r.fail(n, "an address to announce is an IP address or a DNS name, without a port")
			return
		}
		*dst = append(*dst, s)
	})
}

func isHostname(s string) bool {
	for label := range strings.SplitSeq(strings.TrimSuffix(s, "."), ".") {
		if label == "" || len(label) > 63 || strings.Trim(strings.ToLower(label), "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	return len(s) <= 253
}

func (r *reader) iceServers(dst *[]signaling.ICEServer) func(*yaml.Node) {
	return r.list("webrtc.ice_servers", 16, func(_ int, n *yaml.Node) {
		var s signaling.ICEServer
		r.object(n, "an ICE server", fields{
			"urls": r.list("urls", 16, func(_ int, n *yaml.Node) {
				var u string
				if !r.text(&u)(n) {
					return
				}
				switch scheme, rest, _ := strings.Cut(u, ":"); scheme {
				case "stun", "stuns", "turn", "turns":
					if rest != "" {
						s.URLs = append(s.URLs, u)
						return
					}
				}
				r.fail(n, "an ICE server's URL looks like stun:turn.example:3478 or turn:turn.example:3478?transport=udp")
			}),
			"username":   r.textField(&s.Username),
			"credential": r.textField(&s.Credential),
		})
		if len(s.URLs) == 0 {
			r.fail(n, "an ICE server needs urls")
		}
		*dst = append(*dst, s)
	})
}
