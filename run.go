package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"matthan/gateway"
	"matthan/gateway/api"
	"matthan/gateway/doctor"
	"matthan/gateway/rtc"
	"matthan/gateway/rtsp"
	"matthan/signaling"
	"matthan/transcode"
	"matthan/web"
	"matthan/web/gate"
)

// listening is where a gateway that is ready is reached.
type listening struct {
	HTTP, HTTPS net.Addr // nil where there is no such listener
	Patterns    []string // of net/http: all that the product serves
	Origin      string   // where people sign in
	SetUp       string   // the one-time link of the first account, while there is none; a secret
	Root        bool     // the plain listener offers our own authority's certificate
}

// Bounds of an HTTP connection. Sockets that say nothing are closed after
// headerWait; a WebSocket has its own. Bodies and answers are bounded by the gate.
const (
	headerWait = 10 * time.Second
	idleWait   = 2 * time.Minute
	maxHeader  = 16 << 10
	lastWait   = 3 * time.Second // for requests that are running at the end
	stuckWait  = 30 * time.Second
	maxStreams = 100 // requests at once on one connection (HTTP/2)
)

// serve runs the gateway until ctx ends, and calls ready once when viewers may
// come.
func serve(ctx context.Context, cfg *Config, log *slog.Logger, ready func(listening)) error {
	store, stored, err := openStore(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer func() {
		if err := store.Close(); err != nil {
			log.Error("the store was not closed in good order", "err", err)
		}
	}()
	inventory, err := gateway.NewUnion(cfg.Inventory, stored)
	if err != nil {
		return err
	}
	j, err := openJournal(ctx, cfg, store, log)
	if err != nil {
		return err
	}
	defer j.end(log) // when all that writes to it has ended
	desk, err := openDesk(cfg, log)
	if err != nil {
		return err
	}
	policy, tables, err := openPolicy(ctx, cfg, store, inventory, desk, log)
	if err != nil {
		return err
	}
	inventory.Cover(ownersMasks(tables.Consents), tables.Consents.Changed)
	known, err := newLent(cfg, tables.Consents, inventory.Cameras)
	if err == nil {
		err = known.follow(ctx, log)
	}
	if err != nil {
		return err
	}
	ground, archive, err := openGround(cfg.Map)
	if err != nil {
		return fmt.Errorf("open the map: %w", err)
	}
	if archive != nil {
		defer archive.Close()
	}
	trials := gateway.NewTrials(inventory)
	hub := openHub(cfg, trials, log)
	trials.New, trials.Gone = hub.Anew, hub.Forget
	if s := transcode.NewSound(cfg.Stills.FFmpeg); s != nil {
		hub.Speech = s.Speak
	}
	stills := transcode.New(cfg.Stills, hub, log)
	rungs := transcode.NewRungs(cfg.Transcode, hub, log)
	hub.Rungs = rungs
	media, err := rtc.New(rtc.Config{UDP: cfg.WebRTC.UDP, TCP: cfg.WebRTC.TCP, Addresses: cfg.WebRTC.Addresses,
		Peers: cfg.Limits.Viewers, Tiles: cfg.Limits.Tiles, Uplink: cfg.WebRTC.Uplink, Spares: cfg.Limits.Spare}, hub, log)
	if err != nil {
		return err
	}
	viewers := &signaling.Server{Own: ownOrigin(cfg), RTC: media, Hub: hub, Inventory: trials, Policy: policy, Audit: j.Ledger, Origins: cfg.Origins,
		ICEServers: cfg.WebRTC.ICEServers, Log: log, Limits: viewerLimits(cfg)}

	viewers.Heads = openHeads(cfg, trials, log, viewers.TellStick)

	// The media rooms end after the viewers have been told.
	inner, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	var rooms sync.WaitGroup
	rooms.Go(func() { inventory.Run(inner) })
	rooms.Go(func() { policy.Run(inner) })
	rooms.Go(func() { desk.Run(inner) })
	rooms.Go(func() { _ = hub.Run(inner) })
	rooms.Go(func() { _ = media.Run(inner) })
	rooms.Go(func() { _ = stills.Run(inner) })
	rooms.Go(func() { rungs.Run(inner) })
	rooms.Go(func() { _ = viewers.Heads.Run(inner) })
	defer rooms.Wait()
	defer stop(errors.New("the gateway stops"))

	kept := records{stored, cfg.Inventory, inventory.Refresh, known}
	withdrawn := &clearing{policy: policy, records: kept, inventory: inventory, audit: j.Ledger, log: log}
	rooms.Go(func() { withdrawn.run(inner) })
	followed := &moved{cameras: inventory.Cameras, health: healthOf(hub), get: kept.Camera, put: kept.PutCamera, search: cfg.search, permit: permitONVIF(cfg.Reach), log: log,
		note: func(c gateway.Camera) { j.Ledger.Later(notedMove(inventory, c)) }}
	rooms.Go(func() { followed.run(inner) })
	patrol := openPatrol(cfg, hub, inventory, tables.Consents, known, log)
	rest := &api.API{Policy: policy, Inventory: inventory, Records: kept, Audit: j.log, Ledger: j.Ledger, Health: healthOf(hub),
		Viewing: viewers.Viewing, Looking: viewers.Looking, EndView: viewers.EndView, Stills: stills, Days: hub, Troubles: patrol, Trials: trials, Check: examineBy(cfg), Visit: hub.Visit,
		RungCores: rungCores(cfg), Devices: &api.Devices{Search: cfg.search, Permit: permitONVIF(cfg.Reach)}, Ground: ground, Log: log}
	fronts, where, err := openFronts(cfg, log)
	if err != nil {
		return err
	}
	people, err := openSignIn(ctx, cfg, store, policy, tables, inventory, j, originOf(cfg, where), log)
	if err == nil {
		if people.provider != nil {
			rest.Accounts = people
		}
		if cfg.prepare != nil {
			err = cfg.prepare(ctx, people)
		}
		where.Origin = originOf(cfg, where)
		rest.Origin = where.Origin
		desk.Open(where.Origin)
		if h := openHook(cfg, where.Origin, log); h != nil {
			tellHook(patrol, h, inventory)
			rest.Telling = tellingOf(h)
			rooms.Go(func() { h.Run(inner) })
		}
	}
	if err == nil {
		where.SetUp, err = people.setUp(ctx)
		where.Root = fronts.root(cfg) != nil
	}
	var product *routes
	if err == nil {
		product, err = productRoutes(fronts.root(cfg), rest, viewers, people, cfg.Map.imageOrigins())
	}
	if err != nil {
		fronts.close()
		return err
	}
	rooms.Go(func() { people.run(inner, log) })
	rooms.Go(func() { patrol.Run(inner) })
	if cfg.reread != nil {
		rooms.Go(func() { cfg.reread.run(inner, policy, j, log) })
	}
	where.Patterns = product.patterns
	fronts.handle(cfg, &product.mux, gateOf(cfg, policy, j.Ledger, log))
	return fronts.run(ctx, viewers, func() { ready(where) })
}

// openHub makes the hub, which pulls cameras by RTSP.
func openHub(cfg *Config, inventory gateway.Inventory, log *slog.Logger) *gateway.Hub {
	hub := gateway.NewHub(inventory, cfg.Limits.Streams, log, func(c gateway.Camera, q gateway.Quality) (gateway.Source, error) {
		return rtsp.New(rtsp.Config{URL: c.URL(q), Login: c.Login, Transport: c.Transport, InsecureTLS: c.AnyCertificate,
			Permit: permitDial(cfg, c.ID), Log: log.With("camera", c.ID, "stream", q)})
	})
	hub.AskKey = askKeyBy(cfg)
	return hub
}

// examineBy examines cameras where they may be dialled.
func examineBy(cfg *Config) func(context.Context, gateway.Camera) doctor.Report {
	return func(ctx context.Context, c gateway.Camera) doctor.Report {
		o := doctor.Examine(ctx, rtsp.Config{URL: c.Main, Login: c.Login, Transport: c.Transport, InsecureTLS: c.AnyCertificate,
			Permit: permitDial(cfg, c.ID)}, doctor.Usual)
		o.NoRungs = !cfg.Transcode.Possible()
		return doctor.Diagnose(o)
	}
}

func viewerLimits(cfg *Config) signaling.Limits {
	l := cfg.Limits
	return signaling.Limits{Sockets: l.Sockets, SocketsPerAddress: l.SocketsPerAddress, PerPerson: l.PerPerson, WHEP: l.Viewers, Warm: l.Warm}
}

// permitDial asks cfg.Reach where a camera may be dialled that the configuration
// file does not name itself.
func permitDial(cfg *Config, id gateway.CameraID) func(netip.AddrPort) error {
	if _, err := cfg.Inventory.Camera(id); err == nil {
		return nil
	}
	return func(to netip.AddrPort) error {
		own, err := ownAddresses()
		if err != nil {
			return err
		}
		return cfg.Reach.Check(to, own)
	}
}

// permitONVIF asks where a device may be asked in ONVIF.
func permitONVIF(reach gateway.Reach) func(netip.AddrPort) error {
	return func(to netip.AddrPort) error {
		own, err := ownAddresses()
		if err != nil {
			return err
		}
		return reach.CheckONVIF(to, own)
	}
}

// ownAddresses are those of this machine.
func ownAddresses() (own []netip.Addr, err error) {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("list this machine's addresses: %w", err)
	}
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok {
			if ip, ok := netip.AddrFromSlice(n.IP); ok {
				own = append(own, ip.Unmap())
			}
		}
	}
	return own, nil
}

// routes is a mux that keeps a list of what it serves, so that no route is
// forgotten where all of them are looked at.
type routes struct {
	mux      http.ServeMux
	patterns []string
}

// Handle adds one route.
func (r *routes) Handle(pattern string, h http.Handler) {
	r.patterns = append(r.patterns, pattern)
	r.mux.Handle(pattern, h)
}

// productRoutes are all that the gateway serves to those who reach it safely.
func productRoutes(root *rootPages, rest *api.API, viewers *signaling.Server, people *signIn, images []string) (*routes, error) {
	mux := &routes{}
	people.routes(mux)
	if root != nil {
		root.routes(mux)
	}
	viewers.Routes(mux)
	rest.Routes(mux)
	for _, path := range []string{"GET /healthz", "GET /readyz"} {
		mux.Handle(path, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cache-Control", "no-store")
			_, _ = io.WriteString(w, "ok\n")
		}))
	}
	page, err := web.NewHandler(web.Bundle(), images...)
	if err != nil {
		return nil, err
	}
	frame, err := web.NewFrame(web.Bundle(), rest.Policy.FrameOrigins)
	if err != nil {
		return nil, err
	}
	mux.Handle("GET /embed/{portal}/{camera}", frame)
	mux.Handle("/", page)
	return mux, nil
}

// healthOf tells the API how cameras are.
func healthOf(hub *gateway.Hub) func(gateway.CameraID) (string, time.Time) {
	return func(id gateway.CameraID) (string, time.Time) {
		st := hub.Health(id)
		switch st.Phase {
		case gateway.Live:
			return api.Live, st.Since
		case gateway.Offline:
			return api.Offline, st.Since
		}
		return api.Unknown, time.Time{}
	}
}

// fronts are the HTTP listeners.
type fronts struct {
	servers      []*http.Server
	listeners    []net.Listener
	certificates *certificates // nil without TLS
	secure       *http.Server  // of them, nil for none
	plain        *http.Server
	port         string // of secure
}

func openFronts(cfg *Config, log *slog.Logger) (*fronts, listening, error) {
	f, where := &fronts{}, listening{}
	quiet := slog.NewLogLogger(log.Handler(), slog.LevelDebug) // net/http's: handshakes that failed, and the like
	add := func(address string) (net.Addr, *http.Server, error) {
		l, err := net.Listen("tcp", address)
		if err != nil {
			return nil, nil, fmt.Errorf("listen on %s: %w", address, err)
		}
		l = gate.Listen(l, cfg.Limits.Connections, cfg.Limits.ConnectionsPerAddress)
		s := &http.Server{ReadHeaderTimeout: headerWait, IdleTimeout: idleWait, MaxHeaderBytes: maxHeader, ErrorLog: quiet,
			HTTP2: &http.HTTP2Config{MaxConcurrentStreams: maxStreams, WriteByteTimeout: stuckWait}}
		f.servers, f.listeners = append(f.servers, s), append(f.listeners, l)
		return l.Addr(), s, nil
	}
	var err error
	if cfg.HTTPS != "" {
		if f.certificates, err = newCertificates(cfg, log); err != nil {
			return nil, where, err
		}
		if where.HTTPS, f.secure, err = add(cfg.HTTPS); err != nil {
			return nil, where, err
		}
		f.secure.TLSConfig = f.certificates.config()
		f.port = strconv.Itoa(where.HTTPS.(*net.TCPAddr).Port)
	}
	if cfg.HTTP != "" {
		if where.HTTP, f.plain, err = add(cfg.HTTP); err != nil {
			f.close()
			return nil, where, err
		}
	}
	return f, where, nil
}

// handle says what is served, all of it behind one gate.
func (f *fronts) handle(cfg *Config, product http.Handler, g *gate.Gate) {
	if f.secure != nil {
		f.secure.Handler = g.Guard(product)
	}
	if f.plain != nil {
		f.plain.Handler = g.Guard(&plain{product, cfg.URL, f.port, f.root(cfg)})
	}
}

// root is the pages of our own authority's certificate, nil for one from
// elsewhere.
func (f *fronts) root(cfg *Config) *rootPages {
	if f.certificates == nil || f.certificates.root() == nil {
		return nil
	}
	return &rootPages{cert: f.certificates.root(), url: cfg.URL, https: f.port}
}

// close gives up what was opened and never run.
func (f *fronts) close() {
	for _, l := range f.listeners {
		_ = l.Close()
	}
}

// ownOrigin is the configured URL's, "" where there is none.
func ownOrigin(cfg *Config) string {
	if cfg.URL == nil {
		return ""
	}
	return cfg.URL.Scheme + "://" + cfg.URL.Host
}

// originOf is where people reach the gateway: where the configuration says so,
// else by its first address, so that the sign-in has one place to come back to.
func originOf(cfg *Config, where listening) string {
	if own := ownOrigin(cfg); own != "" {
		return own
	}
	at, scheme := where.HTTPS, "https"
	if at == nil {
		at, scheme = where.HTTP, "http"
	}
	a := at.(*net.TCPAddr)
	host := "localhost"
	if !a.IP.IsUnspecified() && !a.IP.IsLoopback() {
		host = a.IP.String()
	} else if own := machineAddresses(); a.IP.IsUnspecified() && scheme == "https" && len(own) > 0 {
		host = own[0].String()
	}
	return scheme + "://" + net.JoinHostPort(host, strconv.Itoa(a.Port))
}

// run serves until ctx ends or a listener fails, says goodbye to the viewers,
// and waits for all that it started.
func (f *fronts) run(ctx context.Context, viewers *signaling.Server, ready func()) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	var wg sync.WaitGroup
	for i, s := range f.servers {
		wg.Go(func() {
			var err error
			if s.TLSConfig != nil {
				err = s.ServeTLS(f.listeners[i], "", "")
			} else {
				err = s.Serve(f.listeners[i])
			}
			if !errors.Is(err, http.ErrServerClosed) {
				fail(fmt.Errorf("serve: %w", err))
			}
		})
	}
	if f.certificates != nil {
		wg.Go(func() { f.certificates.Run(ctx) })
	}
	ready()
	_ = viewers.Run(ctx) // until ctx ends
	for _, s := range f.servers {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWait)
		if s.Shutdown(last) != nil {
			_ = s.Close()
		}
		cancel()
	}
	wg.Wait()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}
