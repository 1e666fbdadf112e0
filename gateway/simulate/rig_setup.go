package simulate

import (
	"encoding/base64"
	"fmt"
	"net"
	"strconv"
	"strings"
)

// Names of the two tracks of a description, as they stand in its control
// attributes.
const (
	videoTrack = "trackID=0"
	audioTrack = "trackID=1"
)

const audioType = 8 // PCMA (RFC 3551 section 6)

// describeRig is the description of a stream by the rules; profiles change it.
func describeRig(c *rigCamera, q Quality) string {
	t := c.grid.clip.track(q)
	lines := []string{
		"v=0",
		"o=- 1700000000 1 IN IP4 0.0.0.0",
		"s=Media Presentation",
		"c=IN IP4 0.0.0.0",
		"t=0 0",
		"a=control:*",
		"a=range:npt=0-",
		"m=video 0 RTP/AVP " + strconv.Itoa(int(t.codec.payloadType())),
		"a=control:" + videoTrack,
	}
	set := base64.StdEncoding.EncodeToString
	switch t.codec {
	case codecH265:
		lines = append(lines, fmt.Sprintf("a=rtpmap:%d H265/90000", payloadType),
			fmt.Sprintf("a=fmtp:%d sprop-vps=%s;sprop-sps=%s;sprop-pps=%s", payloadType, set(t.vps), set(t.sps), set(t.pps)))
	case codecH264:
		lines = append(lines, fmt.Sprintf("a=rtpmap:%d H264/90000", payloadType),
			fmt.Sprintf("a=fmtp:%d packetization-mode=1;profile-level-id=%X;sprop-parameter-sets=%s,%s", payloadType, t.sps[1:4], set(t.sps), set(t.pps)))
	}
	return strings.Join(lines, "\r\n") + "\r\n"
}

// carrier is how the packets of one track travel.
type carrier struct {
	channel int // of RTP in the connection; RTCP has the next
	rtp     net.PacketConn
	rtcp    net.PacketConn // both nil over TCP
	to      *net.UDPAddr
	toRTCP  *net.UDPAddr
}

func (t *carrier) close() {
	if t.rtp != nil {
		t.rtp.Close()
		t.rtcp.Close()
	}
}

// setUp answers SETUP by the rules.
func (c *rigConn) setUp(x *exchange) {
	// Whatever slashes and question marks a reader made of the control attribute and
	// of a query in the address, the camera knows its own by the end.
	cam, q, name := c.rig.find(strings.NewReplacer("?", "/", "//", "/").Replace(x.path))
	name = name[strings.LastIndexByte(name, '/')+1:]
	known := name == videoTrack || name == audioTrack || name == c.camera.profile.control
	if cam != c.camera || !known || c.player != nil && c.player.quality != q {
		x.refuse(404, "Not Found")
		return
	}
	to, answer, err := c.carry(x.header["transport"])
	if err != nil {
		x.refuse(461, "Unsupported Transport")
		return
	}
	if c.player == nil {
		if !c.camera.enter() {
			to.close()
			x.refuse(453, "Not Enough Bandwidth")
			return
		}
		c.player = newPlayer(c, q)
	}
	at := &c.player.video
	if name == audioTrack {
		at = &c.player.audio
	}
	if c.player.stop != nil || *at != nil {
		to.close()
		x.refuse(455, "Method Not Valid in This State")
		return
	}
	*at = to
	x.add("Transport", answer)
	x.add("Session", c.player.session())
}

// carry reads a Transport header (RFC 2326 section 12.39) and opens what it needs.
// Over UDP packets go to the reader's own address alone.
func (c *rigConn) carry(header string) (*carrier, string, error) {
	header, _, _ = strings.Cut(header, ",") // the first is what the reader likes best
	var ports, channels [2]int
	tcp, asked := false, false
	for i, param := range strings.Split(header, ";") {
		k, v, _ := strings.Cut(strings.TrimSpace(param), "=")
		switch {
		case i == 0 && k != "RTP/AVP" && k != "RTP/AVP/UDP" && k != "RTP/AVP/TCP":
			return nil, "", fmt.Errorf("transport %q", k)
		case i == 0:
			tcp = k == "RTP/AVP/TCP"
		case k == "multicast":
			return nil, "", fmt.Errorf("transport %q", k)
		case k == "interleaved" && tcp:
			asked = readPair(v, 255, &channels)
		case k == "client_port" && !tcp:
			asked = readPair(v, 65535, &ports) && ports[0] > 0
		}
	}
	if tcp {
		if !asked {
			channels = [2]int{0, 1}
			if c.player != nil {
				channels = [2]int{2, 3}
			}
		}
		if move := c.camera.profile.channels; move > 0 {
			channels = [2]int{channels[0] + move, channels[1] + move}
		}
		return &carrier{channel: channels[0]}, fmt.Sprintf("RTP/AVP/TCP;unicast;interleaved=%d-%d", channels[0], channels[1]), nil
	}
	remote, isTCP := c.net.RemoteAddr().(*net.TCPAddr)
	local, _ := c.net.LocalAddr().(*net.TCPAddr)
	if !asked || !isTCP || local == nil {
		return nil, "", fmt.Errorf("transport %q", header)
	}
	pair, err := listenPair(local.IP.String())
	if err != nil {
		return nil, "", err
	}
	t := &carrier{rtp: pair[0], rtcp: pair[1], to: &net.UDPAddr{IP: remote.IP, Port: ports[0]}, toRTCP: &net.UDPAddr{IP: remote.IP, Port: ports[1]}}
	at, _ := t.rtp.LocalAddr().(*net.UDPAddr)
	return t, fmt.Sprintf("RTP/AVP;unicast;client_port=%d-%d;server_port=%d-%d", ports[0], ports[1], at.Port, at.Port+1), nil
}

func readPair(text string, most int, pair *[2]int) bool {
	a, b, _ := strings.Cut(text, "-")
	first, err := strconv.Atoi(a)
	second, err2 := strconv.Atoi(b)
	*pair = [2]int{first, second}
	return err == nil && err2 == nil && first >= 0 && second == first+1 && second <= most
}
