package simulate

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// startRig serves profiles until the test ends.
func startRig(t *testing.T, profiles ...string) *Rig {
	t.Helper()
	r, err := StartRig(RigOptions{Profiles: profiles, User: "viewer", Password: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// seen is what a reader that keeps the rules got over TCP.
type seen struct {
	conn    net.Conn
	in      *bufio.Reader
	cseq    int
	answers map[string]string // header and body, by method
	packets []*rtp.Packet     // of the channel that was asked for
	reports []*rtcp.SenderReport
	other   int // packets in other channels
}

func visit(r *Rig) (*seen, error) {
	c, err := net.Dial("tcp", r.Addr())
	if err != nil {
		return nil, err
	}
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	return &seen{conn: c, in: bufio.NewReader(c), answers: map[string]string{}}, nil
}

// ask sends a request and reads its answer.
func (s *seen) ask(method, url, header string) error {
	s.cseq++
	if _, err := fmt.Fprintf(s.conn, "%s %s RTSP/1.0\r\nCSeq: %d\r\n%s\r\n", method, url, s.cseq, header); err != nil {
		return err
	}
	var text strings.Builder
	length := 0
	for {
		line, err := s.in.ReadString('\n')
		if err != nil {
			return err
		}
		text.WriteString(line)
		if v, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			length, _ = strconv.Atoi(strings.TrimSpace(v))
		}
		if line == "\r\n" {
			break
		}
	}
	body := make([]byte, length)
	_, err := io.ReadFull(s.in, body)
	s.answers[method] = text.String() + string(body)
	return err
}

// frame reads one packet.
func (s *seen) frame() error {
	head := make([]byte, 4)
	if _, err := io.ReadFull(s.in, head); err != nil {
		return err
	}
	if head[0] != '$' {
		return fmt.Errorf("no packet but %q", head)
	}
	b := make([]byte, int(head[2])<<8|int(head[3]))
	if _, err := io.ReadFull(s.in, b); err != nil {
		return err
	}
	switch head[1] {
	case 0:
		pkt := &rtp.Packet{}
		if err := pkt.Unmarshal(b); err != nil {
			return err
		}
		s.packets = append(s.packets, pkt)
	case 1:
		sr := &rtcp.SenderReport{}
		if err := sr.Unmarshal(b); err != nil {
			return err
		}
		s.reports = append(s.reports, sr)
	default:
		s.other++
	}
	return nil
}

// open brings a profile to play.
func openRig(r *Rig, profile string) (*seen, error) {
	s, err := visit(r)
	if err != nil {
		return nil, err
	}
	url := r.URL(profile, Main)
	for _, step := range [][3]string{
		{"DESCRIBE", url, ""}, {"SETUP", url + "/" + videoTrack, "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"}, {"PLAY", url, "Range: npt=0.000-\r\n"},
	} {
		if err := s.ask(step[0], step[1], step[2]); err != nil {
			s.conn.Close()
			return nil, fmt.Errorf("%s: %w", step[0], err)
		}
	}
	return s, nil
}

// look reads a profile until it has seen so many timestamps.
func look(r *Rig, profile string, stamps int) (*seen, error) {
	s, err := openRig(r, profile)
	if err != nil {
		return nil, err
	}
	defer s.conn.Close()
	for n := 0; n <= stamps; {
		before := len(s.packets)
		if err := s.frame(); err != nil {
			return s, err
		}
		if i := len(s.packets) - 1; i == before && (i == 0 || s.packets[i].Timestamp != s.packets[i-1].Timestamp) {
			n++
		}
	}
	return s, nil
}

// has says whether a packet is as said.
func (s *seen) has(is func(p *rtp.Packet) bool) bool {
	for _, p := range s.packets {
		if is(p) {
			return true
		}
	}
	return false
}

func ofType(kind byte) func(*rtp.Packet) bool {
	return func(p *rtp.Packet) bool { return p.Payload[0]&0x1f == kind }
}

func marked(kind byte) func(*rtp.Packet) bool {
	return func(p *rtp.Packet) bool {
		k, _ := kindOf(p)
		return p.Marker && k == kind
	}
}

func (s *seen) sdp(text string) bool { return strings.Contains(s.answers["DESCRIBE"], text) }

// steps are the differences between timestamps in a row.
func (s *seen) steps() map[int32]bool {
	steps := map[int32]bool{}
	for i, p := range s.packets[1:] {
		steps[int32(p.Timestamp-s.packets[i].Timestamp)] = true
	}
	return steps
}

func (s *seen) ssrcs() map[uint32]bool {
	all := map[uint32]bool{}
	for _, p := range s.packets {
		all[p.SSRC] = true
	}
	return all
}

// off is how wrong the clock of a report is.
func off(sr *rtcp.SenderReport) time.Duration {
	return time.Until(time.Unix(int64(sr.NTPTime>>32)-2208988800, 0))
}
