package rtc

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/pion/sdp/v3"
)

// Why an offer is refused. The wrapped text says what is wrong with it.
var (
	ErrOffer        = errors.New("the offer cannot be answered")
	ErrOfferNoVideo = errors.New("the offer has no H.264 video")
	ErrOfferSends   = errors.New("the offer wants to send")
)

// checkOffer counts the video lines of an offer, after making sure that it
// holds nothing else than recvonly video of at most max lines and one audio
// line. pion would accept much more, and each of it is a way in.
func checkOffer(text string, max int) (tiles int, err error) {
	var d sdp.SessionDescription
	if err := d.UnmarshalString(text); err != nil {
		return 0, fmt.Errorf("%w: no SDP: %v", ErrOffer, err)
	}
	audio := 0
	for _, m := range d.MediaDescriptions {
		switch m.MediaName.Media {
		case "video":
			tiles++
		case "audio":
			audio++
		default:
			return 0, fmt.Errorf("%w: a line for %q; only video and one audio line are answered", ErrOffer, m.MediaName.Media)
		}
		if dir := direction(&d, m); dir == "sendrecv" || dir == "sendonly" {
			return 0, fmt.Errorf("%w: a line is %s, it must be recvonly", ErrOfferSends, dir)
		}
		if m.MediaName.Media == "video" && !hasH264(m) {
			return 0, ErrOfferNoVideo
		}
		if err := checkTransport(&d, m); err != nil {
			return 0, err
		}
	}
	switch {
	case tiles == 0:
		return 0, ErrOfferNoVideo
	case tiles > max:
		return 0, fmt.Errorf("%w: %d video lines, at most %d", ErrOffer, tiles, max)
	case audio > 1:
		return 0, fmt.Errorf("%w: %d audio lines, at most 1", ErrOffer, audio)
	}
	return tiles, nil
}

// wantsSound says whether an offer that checkOffer took has an audio line that a
// camera's sound can go to.
func wantsSound(text string) bool {
	if !strings.Contains(text, "m=audio ") {
		return false // as most, which need not be read again
	}
	var d sdp.SessionDescription
	if err := d.UnmarshalString(text); err != nil {
		return false
	}
	for _, m := range d.MediaDescriptions {
		if m.MediaName.Media == "audio" && direction(&d, m) == "recvonly" && hasSound(m) {
			return true
		}
	}
	return false
}

func hasSound(m *sdp.MediaDescription) bool {
	for _, a := range m.Attributes {
		v := strings.ToUpper(a.Value)
		if a.Key == "rtpmap" && (strings.Contains(v, " PCMU/8000") || strings.Contains(v, " PCMA/8000") || strings.Contains(v, " OPUS/48000/2")) {
			return true
		}
	}
	return false
}

// direction of a line; sendrecv where none is said (RFC 8866 section 6.7).
func direction(d *sdp.SessionDescription, m *sdp.MediaDescription) string {
	for _, name := range []string{"recvonly", "sendonly", "inactive", "sendrecv"} {
		if _, ok := m.Attribute(name); ok {
			return name
		}
	}
	for _, name := range []string{"recvonly", "sendonly", "inactive"} {
		if _, ok := d.Attribute(name); ok {
			return name
		}
	}
	return "sendrecv"
}

func hasH264(m *sdp.MediaDescription) bool {
	for _, a := range m.Attributes {
		if a.Key == "rtpmap" && strings.Contains(strings.ToUpper(a.Value), " H264/90000") {
			return true
		}
	}
	return false
}

// checkTransport wants what ICE and DTLS need, and a fingerprint that holds.
func checkTransport(d *sdp.SessionDescription, m *sdp.MediaDescription) error {
	get := func(name string) string {
		if v, ok := m.Attribute(name); ok {
			return v
		}
		v, _ := d.Attribute(name)
		return v
	}
	if u, p := get("ice-ufrag"), get("ice-pwd"); len(u) < 4 || len(u) > 256 || len(p) < 22 || len(p) > 256 { // RFC 8839 section 5.4
		return fmt.Errorf("%w: ice-ufrag or ice-pwd is missing or too short", ErrOffer)
	}
	algorithm, _, _ := strings.Cut(get("fingerprint"), " ")
	switch strings.ToLower(algorithm) {
	case "sha-256", "sha-384", "sha-512":
		return nil
	}
	return fmt.Errorf("%w: a DTLS fingerprint by SHA-256 or better is needed", ErrOffer)
}

// announce replaces the candidates of an answer by host candidates for the
// given addresses, for a gateway whose own addresses are not those that
// viewers reach it at. A port of 0 leaves its transport out.
func announce(text string, addrs []netip.Addr, udpPort, tcpPort int) string {
	if len(addrs) == 0 {
		return text
	}
	var lines []string
	for i, a := range addrs {
		// RFC 8445 section 5.1.2: host type preference 126, earlier ones first;
		// TCP below UDP (RFC 6544 section 4.2).
		if udpPort != 0 {
			lines = append(lines, fmt.Sprintf("a=candidate:%d 1 udp %d %s %d typ host", i*2+1, 126<<24|(65535-i)<<8|255, a, udpPort))
		}
		if tcpPort != 0 {
			lines = append(lines, fmt.Sprintf("a=candidate:%d 1 tcp %d %s %d typ host tcptype passive", i*2+2, 90<<24|(65535-i)<<8|255, a, tcpPort))
		}
	}
	var out []string
	done := false
	for _, line := range strings.Split(strings.TrimRight(text, "\r\n"), "\r\n") {
		if !strings.HasPrefix(line, "a=candidate:") {
			out = append(out, line)
			continue
		}
		if !done {
			out = append(out, lines...)
			done = true
		}
	}
	return strings.Join(out, "\r\n") + "\r\n"
}
