package signaling

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/rtc"
)

// Times of a socket.
const (
	helloWait    = 5 * time.Second
	pingEvery    = 20 * time.Second
	silenceLimit = 45 * time.Second
	writeLimit   = 5 * time.Second
	resumeLimit  = 30 * time.Second // how long a session outlives its socket
)

// Limits bound what the server holds. Zero values mean the defaults.
type Limits struct {
	Sockets           int // open sockets; default 6000
	SocketsPerAddress int // of them from one address (IPv6: /64): a police post sits behind one NAT; default 64
	PerPerson         int // sessions and WHEP resources of one person, on all devices; default 16
	WHEP              int // WHEP resources; default 1000
	Warm              int // streams that sessions keep warm; default 200
}

// Server answers viewers. Its fields are set before Routes and Run.
type Server struct {
	RTC        *rtc.Gateway
	Hub        *gateway.Hub
	Heads      *gateway.Heads // of the cameras that can be turned; nil: none can
	Inventory  gateway.Inventory
	Policy     *auth.Policy
	Audit      *auth.Ledger // of every view, before its first picture leaves; it runs for longer than the server
	Own        string       // the gateway's own origin where a proxy takes the TLS off; "" elsewhere
	Origins    []string     // besides the gateway's own; scheme://host[:port], exactly
	ICEServers []ICEServer
	Limits     Limits
	Log        *slog.Logger

	recordWait time.Duration // of a test; 0: recordWithin

	mu        sync.Mutex
	sockets   int
	addresses map[string]int
	sessions  map[string]*session // by resume id
	whep      map[string]*resource
	working   sync.WaitGroup // handlers of upgraded sockets, which net/http no longer waits for
	stopping  bool
	warm      int                 // streams that sessions keep warm
	held      map[ended]time.Time // views that an administrator ended, and until when they stay so
}

func (s *Server) limits() Limits {
	l := s.Limits
	if l.Sockets <= 0 {
		l.Sockets = 6000
	}
	if l.SocketsPerAddress <= 0 {
		l.SocketsPerAddress = 64
	}
	if l.PerPerson <= 0 {
		l.PerPerson = 16
	}
	if l.WHEP <= 0 {
		l.WHEP = 1000
	}
	if l.Warm <= 0 {
		l.Warm = 200
	}
	return l
}

// Mux takes routes: *http.ServeMux, or one that keeps a list of them.
type Mux interface {
	Handle(pattern string, h http.Handler)
}

// Routes adds the server to mux.
func (s *Server) Routes(mux Mux) {
	s.addresses, s.sessions, s.whep = map[string]int{}, map[string]*session{}, map[string]*resource{}
	mux.Handle("GET /ws", http.HandlerFunc(s.socket))
	s.routesWHEP(mux)
}

// reviewEvery is how late a permission that runs out by the clock may end.
const reviewEvery = 250 * time.Millisecond

// Run decides running views again, ends sessions whose viewers are gone, and
// when ctx ends says goodbye to all.
func (s *Server) Run(ctx context.Context) error {
	tick := time.NewTicker(reviewEvery)
	defer tick.Stop()
	policy, inventory := s.Policy.Changed(), s.Inventory.Changed()
	_, seen := s.Policy.News(auth.Seen{})
	for {
		select {
		case now := <-tick.C:
			s.review(now, false)
			s.tellNews(auth.News{}, now)
		case <-policy:
			policy = s.Policy.Changed()
			s.review(time.Now(), true)
			var news auth.News
			news, seen = s.Policy.News(seen)
			s.tellNews(news, time.Now())
		case <-inventory:
			inventory = s.Inventory.Changed()
			s.review(time.Now(), true)
		case <-ctx.Done():
			s.stop()
			return context.Cause(ctx)
		}
	}
}

func (s *Server) reviewSession(v *session, now time.Time, all bool) {
	if v.review(now, all) {
		s.drop(v)
		return
	}
	if all {
		v.listChanged()
	}
	if !v.looking() {
		return
	}
	// Open media is work, so that nobody is signed out while looking. It is
	// written once a minute.
	if err := s.Policy.Touch(context.Background(), v.subject, now); err != nil {
		s.Log.Error("a session's last use was not kept", "err", err)
	}
}

func (s *Server) drop(v *session) {
	s.mu.Lock()
	delete(s.sessions, v.resume)
	s.mu.Unlock()
	v.close()
}

func (s *Server) stop() {
	s.mu.Lock()
	s.stopping = true
	sessions := s.sessions
	resources := s.whep
	s.sessions, s.whep = map[string]*session{}, map[string]*resource{}
	s.mu.Unlock()
	for _, v := range sessions {
		v.bye(websocket.CloseServiceRestart, CodeRestarting)
	}
	s.working.Wait()
	for _, v := range sessions {
		v.close()
	}
	for _, r := range resources {
		r.close()
	}
}

// enter counts a socket in, or says that there are too many.
func (s *Server) enter(addr string) bool {
	l := s.limits()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping || s.sockets >= l.Sockets || s.addresses[addr] >= l.SocketsPerAddress {
		return false
	}
	s.sockets++
	s.addresses[addr]++
	s.working.Add(1)
	return true
}

func (s *Server) leave(addr string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sockets--
	if s.addresses[addr]--; s.addresses[addr] <= 0 {
		delete(s.addresses, addr)
	}
	s.working.Done()
}

// socket serves one WebSocket until it ends.
func (s *Server) socket(w http.ResponseWriter, r *http.Request) {
	addr := auth.Source(r)
	if !s.enter(addr) {
		from := deviceOf(r)
		s.Audit.Seldom(auth.Record{Event: auth.ActDenied, Address: from.address, Device: from.name, Target: "rate", Detail: "too many sockets"})
		w.Header().Set("Retry-After", "5")
		http.Error(w, "too many connections", http.StatusServiceUnavailable)
		return
	}
	defer s.leave(addr)
	if !s.originAllowed(r) {
		s.strange(r) // the upgrader refuses it
	}
	up := websocket.Upgrader{CheckOrigin: s.originAllowed, HandshakeTimeout: helloWait, ReadBufferSize: 4096, WriteBufferSize: 4096}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	s.serve(r.Context(), newLine(conn), s.ownCookie(r), deviceOf(r), s.pageOf(r))
}

// ownCookie is the session secret of a page of our own. Pages of other origins
// come with a token, even those that may open sockets.
func (s *Server) ownCookie(r *http.Request) string {
	if !s.ownOrigin(r, r.Header.Get("Origin")) {
		return ""
	}
	return auth.Cookie(r)
}

// originAllowed wants the exact scheme, host and port. A client without an
// Origin is no browser; it shows its token all the same.
func (s *Server) originAllowed(r *http.Request) bool {
	from := s.pageOf(r)
	return s.trusts(from) || s.Policy.IsPortalOrigin(from.Origin)
}

// ownOrigin is the scheme, host and port by which the request itself came. A
// proxy on this machine passes the host on, and comes without TLS.
func (s *Server) ownOrigin(r *http.Request, origin string) bool {
	if s.Own != "" && r.TLS == nil && origin == s.Own {
		return true
	}
	u, err := url.Parse(origin)
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return err == nil && u.Scheme == scheme && strings.EqualFold(u.Host, r.Host)
}

// serve reads hello, then the session's messages.
func (s *Server) serve(ctx context.Context, l *line, cookie string, from device, page auth.From) {
	writerDone := make(chan struct{})
	go func() {
		defer close(writerDone)
		l.write()
	}()
	defer func() {
		l.end()
		<-writerDone
	}()
	v, resumed, err := s.hello(ctx, l, cookie, page)
	if err != nil {
		l.close(closeOf(err), codeOf(err))
		return
	}
	v.attach(l, resumed, from, page)
	defer v.detach(l)
	s.Log.Info("viewer connected", "session", v.id, "subject", v.subject.ID, "resumed", resumed)
	for {
		b, err := l.read()
		if err == nil {
			err = v.message(ctx, b)
		}
		if err != nil {
			s.Log.Info("viewer disconnected", "session", v.id, "reason", codeOf(err))
			l.close(closeOf(err), codeOf(err))
			return
		}
	}
}

// hello reads the first message and finds or makes its session.
func (s *Server) hello(ctx context.Context, l *line, cookie string, page auth.From) (v *session, resumed bool, err error) {
	b, err := l.readWithin(helloWait)
	if err != nil {
		return nil, false, err
	}
	var h Hello
	if err := decode(b, &h); err != nil || h.Type != TypeHello {
		return nil, false, coded(CodeBadMessage)
	}
	if h.Version != Version {
		return nil, false, coded(CodeVersion)
	}
	now := time.Now()
	secret := h.Token
	if secret == "" {
		secret = cookie
	}
	again := s.has(h.Resume)
	subject, err := s.admit(ctx, secret, page, again, now)
	if err != nil {
		return nil, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return nil, false, coded(CodeRestarting)
	}
	if v := s.sessions[h.Resume]; v != nil && v.subject == subject {
		return v, true, nil
	}
	if again && subject.FromPortal() {
		return nil, false, coded(CodeToken) // perhaps used before, and the session was another's
	}
	offers, old, err := s.roomFor(subject, now)
	if err != nil {
		return nil, false, err
	}
	if old != nil {
		delete(s.sessions, old.resume)
		old.bye(closeOf(coded(CodeTaken)), CodeTaken) // where a socket holds it: a guest's
		s.working.Go(old.close)
	}
	v = newSession(s, subject, now)
	v.offers = offers
	s.sessions[v.resume] = v
	return v, false, nil
}

// resource makes what is decided about from a camera.
func (s *Server) resourceOf(c gateway.Camera) auth.Resource {
	r := auth.Resource{Camera: string(c.ID), Kind: string(c.Kind)}
	for _, a := range gateway.AreaPath(s.Inventory, c.Area) {
		r.Areas = append(r.Areas, string(a))
	}
	return r
}

// permit finds a camera and asks whether the subject may view it, until when.
// A camera that does not exist and one without right give the same error; only
// who has the right to a citizen's camera is told why it is not shown now.
func (s *Server) permit(subject auth.Subject, id gateway.CameraID, now time.Time) (gateway.Camera, auth.Permission, error) {
	cam, err := s.Inventory.Camera(id)
	if err != nil {
		return gateway.Camera{}, auth.Permission{}, coded(CodeNotFound)
	}
	p, err := s.Policy.Decide(subject, auth.View, s.resourceOf(cam), now)
	switch {
	case errors.Is(err, auth.ErrUnauthenticated):
		return gateway.Camera{}, auth.Permission{}, coded(CodeToken)
	case errors.Is(err, auth.ErrCase):
		return gateway.Camera{}, auth.Permission{}, coded(CodeCase)
	case errors.Is(err, auth.ErrClosed):
		return gateway.Camera{}, auth.Permission{}, coded(CodeClosed)
	case err != nil:
		return gateway.Camera{}, auth.Permission{}, coded(CodeNotFound)
	}
	return cam, p, nil
}

// choose says which encoding to send for what was asked, which to begin with, and
// where the choice is ours, what the viewer's link may make of it.
func choose(cam gateway.Camera, asked View, thin bool, can rtc.Means) rtc.Choice {
	if asked.Stream == string(gateway.Main) || asked.Stream == string(gateway.Sub) {
		return rtc.Choice{Stream: rtc.Wanted(cam, gateway.Quality(asked.Stream), can), First: asked.First}
	}
	c := rtc.Choice{Ladder: rtc.Ladder(cam, asked.Small, can), First: asked.First, Stills: asked.Stills}
	switch c.Stream = c.Ladder[0]; {
	case c.Stream.Quality == gateway.Sub && asked.Small:
		c.Begin = gateway.StreamID{Camera: cam.ID, Quality: gateway.Main}
	case len(c.Ladder) > 1 && (thin || c.Ladder[1].Quality.Own()): // two rungs would cost two
		c.Begin, c.Gentle = c.Ladder[1], thin
	}
	return c
}

// newID is 128 random bits, in letters that fit a URL and a header.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b[:])
}
