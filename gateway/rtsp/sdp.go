package rtsp

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/bluenviron/gortsplib/v4/pkg/base"

	"matthan/gateway"
	"matthan/gateway/video"
)

// Bounds of a session description; gortsplib refuses bodies over 128 KiB.
// What is beyond them is ignored.
const (
	maxMedia      = 32       // m= sections
	maxAttributes = 64       // attributes of a section
	maxSets       = 16       // parameter sets
	maxSetText    = 16 << 10 // bytes of sprop-parameter-sets

	staticJPEG   = 26 // payload type (RFC 3551 section 6)
	firstDynamic = 35 // likewise; those below mean what RFC 3551 says
)

// section is an m= section of a session description (RFC 4566 section 5.14),
// or what comes before the first.
type section struct {
	media      string
	formats    []string
	attributes []string // without "a="
}

// attribute gives the value of the first attribute with the name.
func (s *section) attribute(name string) string {
	for _, a := range s.attributes {
		if k, v, _ := strings.Cut(a, ":"); strings.EqualFold(k, name) {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// ofFormat gives the value of an attribute for a payload type, as rtpmap and fmtp have it.
func (s *section) ofFormat(name, format string) string {
	for _, a := range s.attributes {
		k, v, _ := strings.Cut(a, ":")
		if !strings.EqualFold(k, name) {
			continue
		}
		if pt, rest, _ := strings.Cut(strings.TrimSpace(v), " "); pt == format {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}

// outline is what a session description says of the pictures.
type outline struct {
	codec         video.Codec
	kind          uint8      // payload type
	sets          [][]byte   // parameter sets (RFC 6184 section 8.1, RFC 7798 section 7.1)
	fragmented    bool       // packetization-mode 1 or 2, where the codec is H.264
	width, height int        // of JPEG beyond 2040 pixels; 0: not told
	odd           bool       // is not well-formed
	sound         *soundLine // nil where none is taken
}

// reduceSDP makes of a camera's session description one that holds only the
// stream that is to play, its first H.264 video, else its first H.265, else its
// first JPEG, and takes out what counts of it. Nothing else of it has to be right:
// cameras send broken lines for sound, metadata and addresses, which a strict
// reader stumbles over; and the parameter sets are read by our bounded parser
// alone. The error has a cause.
func reduceSDP(body []byte) (reduced []byte, d outline, err error) {
	session, media := readSDP(body)
	var found []string
	var best *section
	for i := range media {
		m := &media[i]
		if !strings.EqualFold(m.media, "video") {
			continue
		}
		for _, format := range m.formats {
			// The codecs are numbered in the order in which they are liked.
			if o, ok := playable(media, m, format); ok && (best == nil || o.codec < d.codec) {
				best, d = m, o
			}
			if len(found) < 4 {
				found = append(found, codecName(m, format))
			}
		}
	}
	switch {
	case best != nil:
		d.odd = d.odd || !wellFormed(body)
		return writeSDP(&session, best, d), d, nil
	case len(found) == 0:
		return nil, d, gateway.Fail(gateway.CauseNoVideo, errors.New("the camera's description has no video"))
	}
	return nil, d, gateway.Fail(gateway.CauseCodec, fmt.Errorf("the camera sends %s, not H264, H265 or JPEG", strings.Join(found, ", ")))
}

// playable is what counts of one payload type, where it can be played.
func playable(media []section, m *section, format string) (d outline, ok bool) {
	pt, err := strconv.ParseUint(format, 10, 7)
	if err != nil {
		return d, false
	}
	name := codecName(m, format)
	d = outline{kind: uint8(pt), fragmented: true}
	fmtp, elsewhere := fmtpOf(media, m, format)
	switch {
	case name == "H264" && pt >= firstDynamic:
		mode := strings.TrimSpace(parameter(fmtp, "packetization-mode"))
		d.codec, d.fragmented, d.odd = video.H264, mode == "1" || mode == "2", elsewhere
		d.sets = parameterSets(parameter(fmtp, "sprop-parameter-sets"))
	case name == "H265" && pt >= firstDynamic:
		// Decoding order numbers, with which NAL units come in another order, are not
		// taken; no camera is known to send them.
		if don, err := strconv.Atoi(strings.TrimSpace(parameter(fmtp, "sprop-max-don-diff"))); err == nil && don > 0 {
			return d, false
		}
		d.codec, d.odd, d.sets = video.H265, elsewhere, setsOfH265(fmtp)
	case name == "JPEG" && (pt >= firstDynamic || pt == staticJPEG):
		d.codec = video.JPEG
		d.width, d.height = dimensions(m, format)
	default:
		return d, false
	}
	return d, true
}

// setsOfH265 are the parameter sets of an fmtp attribute (RFC 7798 section 7.1).
func setsOfH265(fmtp string) (sets [][]byte) {
	for _, name := range []string{"sprop-vps", "sprop-sps", "sprop-pps"} {
		sets = append(sets, parameterSets(parameter(fmtp, name))...)
	}
	return sets
}

// dimensions are the size that a description tells of JPEG, in x-dimensions or
// framesize; 0 where it tells none.
func dimensions(m *section, format string) (width, height int) {
	text := strings.ReplaceAll(m.attribute("x-dimensions"), ",", "-")
	if text == "" {
		text = m.ofFormat("framesize", format)
	}
	w, h, _ := strings.Cut(text, "-")
	width, errW := strconv.Atoi(strings.TrimSpace(w))
	height, errH := strconv.Atoi(strings.TrimSpace(h))
	if errW != nil || errH != nil || width < 0 || height < 0 {
		return 0, 0
	}
	return width, height
}

// fmtpOf is the fmtp attribute of a payload type. Some cameras write that of
// the pictures behind their sound.
func fmtpOf(media []section, m *section, format string) (fmtp string, elsewhere bool) {
	if fmtp = m.ofFormat("fmtp", format); fmtp != "" {
		return fmtp, false
	}
	for i := range media {
		if v := media[i].ofFormat("fmtp", format); parameter(v, "sprop-parameter-sets") != "" || parameter(v, "sprop-sps") != "" {
			return v, true
		}
	}
	return "", false
}

func readSDP(body []byte) (session section, media []section) {
	at := &session
	for line := range bytes.Lines(body) {
		text := strings.TrimRight(string(line), "\r\n \x00")
		value, ok := "", len(text) > 2 && text[1] == '='
		if ok {
			value = text[2:]
		}
		switch {
		case !ok:
		case text[0] == 'm' && len(media) == maxMedia:
			return session, media
		case text[0] == 'm':
			f := strings.Fields(value)
			media = append(media, section{})
			at = &media[len(media)-1]
			if len(f) >= 4 {
				at.media, at.formats = f[0], f[3:min(len(f), 3+maxSets)]
			}
		case text[0] == 'a' && len(at.attributes) < maxAttributes:
			at.attributes = append(at.attributes, value)
		}
	}
	return session, media
}

// codecName is the encoding name of a payload type (RFC 3551), in capitals, of letters, digits, - and . only.
func codecName(m *section, format string) string {
	name, _, _ := strings.Cut(m.ofFormat("rtpmap", format), "/")
	if name == "" {
		switch format {
		case "26":
			return "JPEG"
		case "32":
			return "MPV"
		case "33":
			return "MP2T"
		}
		return "an unnamed format"
	}
	name = strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.' {
			return r
		}
		return -1
	}, strings.ToUpper(name))
	return name[:min(len(name), 24)]
}

func writeSDP(session, m *section, d outline) []byte {
	var b bytes.Buffer
	b.WriteString("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n")
	attribute := func(s *section, name string, good func(string) bool) {
		if v := s.attribute(name); v != "" && good(v) {
			fmt.Fprintf(&b, "a=%s:%s\r\n", name, v)
		}
	}
	attribute(session, "control", func(v string) bool {
		u, err := base.ParseURL(v)
		return err == nil && usableHost(u.Host)
	})
	fmt.Fprintf(&b, "m=video 0 RTP/AVP %d\r\na=rtpmap:%d %v/90000\r\n", d.kind, d.kind, d.codec)
	attribute(m, "control", func(string) bool { return true })
	return b.Bytes()
}

// parameter gives a parameter of an fmtp attribute, "" where it is missing.
func parameter(fmtp, name string) string {
	for param := range strings.SplitSeq(fmtp, ";") {
		if k, v, _ := strings.Cut(strings.TrimSpace(param), "="); strings.EqualFold(strings.TrimSpace(k), name) {
			return v
		}
	}
	return ""
}

// parameterSets decodes sprop-parameter-sets. Some cameras leave out the
// padding, some leave start codes in.
func parameterSets(list string) [][]byte {
	if len(list) > maxSetText {
		return nil
	}
	var sets [][]byte
	for text := range strings.SplitSeq(list, ",") {
		set, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(strings.TrimSpace(text), "="))
		if err != nil {
			continue
		}
		if nalus := video.SplitAnnexB(set); len(nalus) > 0 {
			sets = append(sets, nalus...)
		} else if len(set) > 0 {
			sets = append(sets, set)
		}
		if len(sets) >= maxSets {
			return sets[:maxSets]
		}
	}
	return sets
}
