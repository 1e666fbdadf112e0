package simulate

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/auth"
	"github.com/bluenviron/gortsplib/v4/pkg/liberrors"
)

// Bounds of a server.
const (
	MaxCameras  = 2000
	MaxDelay    = time.Minute
	maxSessions = 64   // a camera, both qualities together; the next gets 503
	maxConns    = 8192 // TCP connections; the next is closed at once

	maxClockOffset = 100 * 365 * 24 * time.Hour // NTP times before 1900 do not exist

	playWithin = 30 * time.Second // a connection that has not got to PLAY by then is closed

	// queueLength is how many packets wait for a slow reader, some 4 s of main at a
	// usual bit rate; gortsplib asks for a power of two. More are dropped, which the
	// reader sees as packet loss.
	queueLength = 1024
)

// Login is how a camera checks passwords.
type Login uint8

const (
	AnyLogin    Login = iota // offers Basic and Digest
	BasicLogin               // RFC 7617
	DigestLogin              // RFC 2617 with MD5, as cameras have it
)

func (l Login) methods() []auth.VerifyMethod {
	switch l {
	case BasicLogin:
		return []auth.VerifyMethod{auth.VerifyMethodBasic}
	case DigestLogin:
		return []auth.VerifyMethod{auth.VerifyMethodDigestMD5}
	}
	return []auth.VerifyMethod{auth.VerifyMethodBasic, auth.VerifyMethodDigestMD5}
}

// Options of a Server. The zero value of each but Cameras is usable.
type Options struct {
	Listen  string // address of the RTSP server, "127.0.0.1:0" by default
	Cameras int    // 1 to MaxCameras

	// Clips holds clips.json and the recordings; nil for the embedded ones. All of
	// what is played is kept in memory.
	Clips fs.FS

	User, Password string // asked of every session; an empty User asks for none
	Login          Login
	TLS            *tls.Config // makes it RTSPS; only TCP then

	Sessions int // of all cameras together, as recorders bound them; the next gets 453; 0: not bounded

	UDP bool // also offers UDP, on a pair of ports of the system's choice

	// Delay is from capture to sending, 0 to MaxDelay, as the encoder and the network
	// of a slow camera have it. Sender reports keep telling the capture, so a reader
	// finds pictures of this age.
	Delay time.Duration

	// StartWithKey begins every session with an IDR picture, as makes do whose encoder
	// answers a PLAY with one. Each session is then at a place of its own in the loop.
	StartWithKey bool

	ClockOffset time.Duration // how wrong the cameras' clocks are; in sender reports only, at most 100 years
	ClockDrift  time.Duration // what the cameras' clocks gain each second, or lose; at most a second
	ClockJump   time.Duration // how far the cameras' clocks jump every 10 s, there and back; at most as ClockOffset
	NoReports   bool          // no sender reports, as some makes do

	Sound string // of every camera, one of Sounds; "" for none

	// OnPicture is told of every picture sent to every session, after its last packet
	// has been handed to the session's queue. Sessions call it concurrently; a slow
	// call delays that session's next picture. It may be nil.
	OnPicture func(Sent)

	Logger *slog.Logger // nil for silence; never told passwords

	patience time.Duration // playWithin, but in tests
}

// Sent is a picture on its way to one session.
type Sent struct {
	Mark
	Session   string    // address of the reader
	Timestamp uint32    // RTP, 90 kHz
	Packets   int       // of the picture
	At        time.Time // when the last of them was handed over
	Key       bool      // an IDR picture
}

func (o *Options) validate() error {
	switch {
	case o.Cameras < 1 || o.Cameras > MaxCameras:
		return fmt.Errorf("%d cameras, expected 1 to %d", o.Cameras, MaxCameras)
	case o.Delay < 0 || o.Delay > MaxDelay:
		return fmt.Errorf("a delay of %v, expected 0 to %v", o.Delay, MaxDelay)
	case o.ClockOffset.Abs() > maxClockOffset:
		return errors.New("the clock offset is above 100 years")
	case o.ClockDrift.Abs() > time.Second:
		return errors.New("the clock drift is above a second each second")
	case o.ClockJump.Abs() > maxClockOffset:
		return errors.New("the clock jump is above 100 years")
	case o.Sessions < 0:
		return errors.New("fewer sessions than none")
	case o.User == "" && o.Password != "":
		return errors.New("a password without a user")
	case o.Login > DigestLogin:
		return fmt.Errorf("unknown login %d", o.Login)
	case o.UDP && o.TLS != nil:
		return errors.New("UDP and TLS do not go together")
	}
	return nil
}

// Server is a row of simulated cameras. Its methods may be called concurrently.
type Server struct {
	options Options
	log     *slog.Logger
	cameras []*camera
	beep    *beep // nil without sound
	rtsp    *gortsplib.Server
	addr    net.Addr
	began   time.Time

	delay    atomic.Int64 // a time.Duration
	silent   atomic.Bool
	silentMu sync.Mutex // held while silent changes
	conns    atomic.Int32
	sessions atomic.Int32 // of all cameras
	refused  atomic.Int32 // for want of sessions
}

// Start reads the clips, listens and serves until Close. It returns an error
// where an option is out of its bounds, a clip is broken or the address is taken.
func Start(o Options) (*Server, error) {
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("simulate cameras: %w", err)
	}
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	if o.patience == 0 {
		o.patience = playWithin
	}
	var err error
	if o.Clips == nil {
		if o.Clips, err = embedded(); err != nil {
			return nil, fmt.Errorf("simulate cameras: %w", err)
		}
	}
	var sound *beep
	if o.Sound != "" {
		if sound, err = newBeep(o.Sound); err != nil {
			return nil, fmt.Errorf("simulate cameras: %w", err)
		}
	}
	clips, err := loadClips(o.Clips, o.Cameras)
	if err != nil {
		return nil, fmt.Errorf("simulate cameras: %w", err)
	}
	s := &Server{options: o, log: o.Logger, beep: sound, began: time.Now()}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.delay.Store(int64(o.Delay))
	// Far enough back that the first session of the most delayed camera finds a picture.
	epoch := time.Now().Add(-MaxDelay - time.Second)
	for i := range o.Cameras {
		s.cameras = append(s.cameras, newCamera(i, clips, epoch))
	}
	if err := s.listen(); err != nil {
		return nil, fmt.Errorf("simulate cameras: %w", err)
	}
	return s, nil
}

// listen opens the sockets itself, because gortsplib takes no port 0 for UDP and
// does not tell which TCP port it got.
func (s *Server) listen() error {
	ln, err := net.Listen("tcp", s.options.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	s.addr = ln.Addr()
	s.rtsp = &gortsplib.Server{
		Handler:        &handler{s},
		RTSPAddress:    s.addr.String(),
		TLSConfig:      s.options.TLS,
		AuthMethods:    s.options.Login.methods(),
		WriteQueueSize: queueLength,
		Listen:         func(string, string) (net.Listener, error) { return ln, nil },
		// gortsplib's own come every 10 s only, tell the time of sending, and carry
		// nanoseconds where RFC 3550 wants a binary fraction of the second.
		DisableRTCPSenderReports: true,
	}
	var pair []net.PacketConn
	if s.options.UDP {
		host, _, err := net.SplitHostPort(s.options.Listen)
		if err != nil {
			ln.Close()
			return fmt.Errorf("listen: %w", err)
		}
		if pair, err = listenPair(host); err != nil {
			ln.Close()
			return err
		}
		s.rtsp.UDPRTPAddress = pair[0].LocalAddr().String()
		s.rtsp.UDPRTCPAddress = pair[1].LocalAddr().String()
		next := 0
		s.rtsp.ListenPacket = func(string, string) (net.PacketConn, error) {
			next++ // RTP is opened first
			return pair[next-1], nil
		}
	}
	if err := s.rtsp.Start(); err != nil {
		ln.Close()
		for _, c := range pair {
			c.Close()
		}
		return fmt.Errorf("start RTSP server: %w", err)
	}
	return nil
}

// listenPair opens an even UDP port and the one above it (RFC 3550 section 11).
func listenPair(host string) ([]net.PacketConn, error) {
	var err error
	for range 100 {
		var a, b net.PacketConn
		if a, err = net.ListenPacket("udp", net.JoinHostPort(host, "0")); err != nil {
			return nil, fmt.Errorf("listen on UDP: %w", err)
		}
		at := *a.LocalAddr().(*net.UDPAddr)
		odd := at.Port%2 != 0
		if odd {
			at.Port--
		} else {
			at.Port++
		}
		if b, err = net.ListenPacket("udp", at.String()); err != nil {
			a.Close()
			continue
		}
		if odd {
			a, b = b, a
		}
		return []net.PacketConn{a, b}, nil
	}
	return nil, fmt.Errorf("find two free UDP ports: %w", err)
}

// Addr is the address the RTSP server listens on.
func (s *Server) Addr() string { return s.addr.String() }

// URL is the address of a camera's stream, without a login. Where the server
// listens on every address it names the loopback one.
func (s *Server) URL(camera int, q Quality) string {
	scheme, host := "rtsp", s.Addr()
	if s.options.TLS != nil {
		scheme = "rtsps"
	}
	if a, ok := s.addr.(*net.TCPAddr); ok && a.IP.IsUnspecified() {
		host = fmt.Sprintf("127.0.0.1:%d", a.Port)
	}
	return fmt.Sprintf("%s://%s/cam%d/%s", scheme, host, camera, q)
}

// Sessions is how many sessions are set up, and how many were refused because
// Options.Sessions were.
func (s *Server) Sessions() (now, refused int) {
	return int(s.sessions.Load()), int(s.refused.Load())
}

// Cameras describes all cameras, by index. The caller owns the slice.
func (s *Server) Cameras() []Camera {
	out := make([]Camera, len(s.cameras))
	for i, c := range s.cameras {
		out[i] = c.Camera
	}
	return out
}

// SetDelay changes Options.Delay for all sessions; out of its bounds it is the
// nearest bound. A longer delay holds pictures back until they are old enough, a
// shorter one sends at once all that are due. No picture is left out.
func (s *Server) SetDelay(d time.Duration) {
	s.delay.Store(int64(min(max(d, 0), MaxDelay)))
}

func (s *Server) delayed() time.Duration { return time.Duration(s.delay.Load()) }

// Silence stops all sending while connections stay open and requests are
// answered, as an encoder that hangs does; the pictures of that time are lost.
// Silence(false) ends it: every camera goes on at once with a key picture, as a
// restarted encoder does, with running sequence numbers and timestamps.
func (s *Server) Silence(on bool) {
	s.silentMu.Lock()
	defer s.silentMu.Unlock()
	if on || !s.silent.Load() {
		s.silent.Store(on)
		return
	}
	now := time.Now()
	for _, c := range s.cameras {
		c.position.Store(c.rewound(c.position.Load(), c.next(now.Add(-s.delayed()))))
	}
	s.silent.Store(false)
}

// jumpEvery is how long the cameras' clocks stay where they jumped to.
const jumpEvery = 10 * time.Second

// wrong is how far the cameras' clocks are off at a time.
func (s *Server) wrong(at time.Time) time.Duration {
	o := s.options
	since := max(at.Sub(s.began), 0)
	off := o.ClockOffset + time.Duration(since.Seconds()*float64(o.ClockDrift))
	if since/jumpEvery%2 == 1 {
		off += o.ClockJump
	}
	return off
}

// Close ends all sessions, releases the address and waits for every goroutine.
// It may be called more than once.
func (s *Server) Close() { s.rtsp.Close() }

// Wait waits until the server has ended and returns why; nil after Close.
func (s *Server) Wait() error {
	err := s.rtsp.Wait()
	if err == nil || errors.As(err, &liberrors.ErrServerTerminated{}) {
		return nil
	}
	return fmt.Errorf("serve RTSP: %w", err)
}
