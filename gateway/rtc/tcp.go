package rtc

import (
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/pion/ice/v4"
)

// strangerWait is how long a connection is kept that belongs to no viewer.
const strangerWait = 10 * time.Second

// openTCP opens the port for ICE-TCP.
func (g *Gateway) openTCP(cfg Config) error {
	l, err := net.Listen("tcp", cfg.TCP)
	if err != nil {
		return fmt.Errorf("webrtc.tcp: listen on %s: %w", cfg.TCP, err)
	}
	g.tcpPort = l.Addr().(*net.TCPAddr).Port
	// A viewer on a slow TCP path loses packets past 2 MiB instead of holding its
	// shard up.
	g.tcp = newTCPMux(ice.NewTCPMuxDefault(ice.TCPMuxParams{Listener: newCrowd(l, tcpPerPeer*cfg.Peers, tcpPerAddress),
		ReadBufferSize: 64, WriteBufferSize: 2 << 20, FirstStunBindTimeout: strangerWait, AliveDurationForConnFromStun: strangerWait,
		Logger: g.settings.LoggerFactory.NewLogger("ice")}))
	g.closers = append(g.closers, g.tcp.Close)
	g.settings.SetICETCPMux(g.tcp)
	return nil
}

// tcpMux is pion's ICE-TCP mux (RFC 6544), which remembers the connections it
// gave out, so that a shard can send over them.
type tcpMux struct {
	*ice.TCPMuxDefault

	mu    sync.Mutex
	conns map[string][]net.PacketConn // by the gateway's ufrag
}

func newTCPMux(m *ice.TCPMuxDefault) *tcpMux {
	return &tcpMux{TCPMuxDefault: m, conns: map[string][]net.PacketConn{}}
}

// GetConnByUfrag implements ice.TCPMux.
func (m *tcpMux) GetConnByUfrag(ufrag string, isIPv6 bool, local net.IP) (net.PacketConn, error) {
	c, err := m.TCPMuxDefault.GetConnByUfrag(ufrag, isIPv6, local)
	if err == nil {
		m.mu.Lock()
		m.conns[ufrag] = append(m.conns[ufrag], c)
		m.mu.Unlock()
	}
	return c, err
}

// RemoveConnByUfrag implements ice.TCPMux.
func (m *tcpMux) RemoveConnByUfrag(ufrag string) {
	m.mu.Lock()
	delete(m.conns, ufrag)
	m.mu.Unlock()
	m.TCPMuxDefault.RemoveConnByUfrag(ufrag)
}

// sender returns what sends packets of the session with this ufrag to a
// viewer's TCP address. They go into the connection's bounded buffer; what
// does not fit is lost.
func (m *tcpMux) sender(ufrag string, to *net.TCPAddr) func(b []byte) {
	m.mu.Lock()
	conns := m.conns[ufrag]
	m.mu.Unlock()
	return func(b []byte) {
		for _, c := range conns { // one of them, by address family and local address, has the viewer
			if _, err := c.WriteTo(b, to); err == nil {
				return
			}
		}
	}
}
