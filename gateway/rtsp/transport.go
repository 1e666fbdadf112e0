package rtsp

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/bluenviron/gortsplib/v4/pkg/base"

	"matthan/gateway"
)

// interleaved is the Transport that gortsplib asks for and is told. It speaks
// RTSP for us and sees no packet: the channels, or ports, are between the
// camera and us.
const interleaved = "RTP/AVP/TCP;unicast;interleaved=0-1"

// offer is the Transport that is asked for, with the channels that TCP gets.
func offer(udp *datagrams, channels string) base.HeaderValue {
	if udp == nil {
		return base.HeaderValue{channels}
	}
	return base.HeaderValue{fmt.Sprintf("RTP/AVP;unicast;client_port=%d-%d", udp.port(), udp.port()+1)}
}

// granted is what a camera's Transport answer says (RFC 2326 section 12.39).
// source= and destination= in it are not followed, whoever they belong to.
type granted struct {
	tcp       bool // interleaved, or TCP by its name
	udp       bool // ports, or UDP by its name
	multicast bool
	channels  string
	ports     [2]uint16 // server_port; 0 where it is missing
}

// readTransport reads the first of the header's values.
func readTransport(v base.HeaderValue) (g granted, ok bool) {
	if len(v) == 0 {
		return g, false
	}
	first, _, _ := strings.Cut(v[0], ",")
	for param := range strings.SplitSeq(first, ";") {
		k, value, _ := strings.Cut(strings.TrimSpace(param), "=")
		switch k = strings.ToUpper(k); {
		case k == "RTP/AVP/TCP":
			g.tcp, ok = true, true
		case k == "RTP/AVP/UDP":
			g.udp, ok = true, true
		case k == "RTP/AVP":
			ok = true
		case k == "MULTICAST":
			g.multicast = true
		case k == "INTERLEAVED":
			g.tcp, g.channels = true, value
		case k == "SERVER_PORT":
			g.udp, g.ports = true, readPorts(value)
		case k == "CLIENT_PORT":
			g.udp = true
		}
	}
	return g, ok || g.tcp || g.udp
}

// readPorts reads "a-b" or "a"; what is no port is 0, and so are 0 and 1, which
// some cameras say for none.
func readPorts(s string) (ports [2]uint16) {
	first, second, both := strings.Cut(s, "-")
	port := func(s string) uint16 {
		n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 16)
		if err != nil || n < 2 {
			return 0
		}
		return uint16(n)
	}
	ports[0] = port(first)
	switch {
	case both:
		ports[1] = port(second)
	case ports[0] != 0:
		ports[1] = ports[0] + 1
	}
	return ports
}

// grant takes a camera's Transport answer and gives what gortsplib is told:
// what it asked for, unless the camera wants what we did not ask for.
func (p *pull) grant(v base.HeaderValue) base.HeaderValue {
	g, ok := readTransport(v)
	switch {
	case len(v) == 0 && p.udp == nil:
		p.source.met(gateway.QuirkTransport)
	case !ok, g.multicast:
		return v // gortsplib says what is wrong with it
	case p.udp == nil && g.udp && (!g.tcp || g.channels == ""):
		return base.HeaderValue{"RTP/AVP"} // it means UDP: gortsplib's error says so
	case p.udp == nil:
		// Escam Q6 answers RTP/AVP; others leave the channels out, or number them
		// in their own way.
		if !strings.HasPrefix(strings.ToUpper(v[0]), "RTP/AVP/TCP") || g.channels != "0-1" {
			p.source.met(gateway.QuirkTransport)
		}
	default:
		p.udp.ports = g.ports
		if g.tcp || g.ports[0] == 0 {
			p.source.met(gateway.QuirkTransport) // packets are taken from wherever they come
		}
	}
	return base.HeaderValue{interleaved}
}
