package rtsp

import (
	"bytes"
	"context"
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/bluenviron/gortsplib/v4/pkg/base"

	"matthan/gateway"
	"matthan/gateway/digest"
	"matthan/gateway/video"
)

// A bound of a Description.
const maxName = 100 // bytes of what a camera calls itself

// Contact says how far a connection came, which tells where to look for what is
// wrong.
type Contact string

const (
	ContactNone    Contact = ""        // it was not dialled
	ContactName    Contact = "name"    // nobody knows a host of this name
	ContactRefused Contact = "refused" // the host is there, and nothing listens at the port
	ContactNobody  Contact = "nobody"  // no host answers at the address
	ContactSilent  Contact = "silent"  // the port took the connection and said nothing
	ContactHTTP    Contact = "http"    // a web server answered
	ContactOther   Contact = "other"   // something else than RTSP answered
	ContactRTSP    Contact = "rtsp"    // RTSP answered
)

// Description is what a camera says before it plays. Its texts hold no secret.
type Description struct {
	Contact Contact
	Within  time.Duration // from dialling to the first RTSP answer
	Told    time.Duration // from dialling to the session description
	Server  string        // as it calls itself in its answers, at most 100 bytes
	Realm   string        // as it calls itself when it asks for a login, likewise
	Logins  []string      // how it lets log in, such as Basic or Digest MD5; none where it asks for none
	Medias  []Media       // at most 32
	Leads   string        // the other host and port that it redirects to, at most 100 bytes; it was not followed
	Loops   bool          // it redirects to itself again and again
}

// Media is one encoding that a session description offers (RFC 8866 section 5.14).
type Media struct {
	Kind   string        // video, audio, application; of a to z, at most 24 bytes
	Codec  string        // the encoding name, in capitals
	Level  string        // profile-level-id, 6 hexadecimal digits in small letters; "" where it is not told
	Mode   int           // packetization-mode, 0 where it is not told (RFC 6184 section 8.1)
	Format *video.Format // of the parameter sets; nil where they are not there or cannot be read
}

// Report is an RTCP sender report (RFC 3550 section 6.4.1).
type Report struct {
	Camera  time.Time // the camera's wall clock
	RTP     uint32    // the same moment as an RTP timestamp, 90 kHz
	Arrived time.Time // by this machine's clock
}

// probe is one connection that asks for a description only.
type probe struct {
	*pull
	began time.Time

	told sync.Mutex // for is and body; the pull has a mutex of its own
	is   Description
	body []byte
}

// Describe connects once and asks for the session description. What is known
// stands in the answer, with an error too, which is one as of Source.Run. A
// description of what is not taken, or without any video, is no error here. A login is
// shown as a pull shows it, which is once where the camera has one challenge.
func Describe(ctx context.Context, cfg Config) (Description, error) {
	s, err := New(cfg)
	if err != nil {
		return Description{}, gateway.Fail(gateway.CauseInternal, err)
	}
	budget := maxDials
	d := &probe{pull: &pull{source: s, transport: gateway.TCP, budget: &budget}, began: time.Now()}
	err = d.ask(ctx)
	d.told.Lock()
	defer d.told.Unlock()
	if d.body != nil {
		d.is.Medias, err = mediasOf(d.body), nil
	}
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return d.is, err
}

func (d *probe) ask(ctx context.Context) error {
	d.prepare()
	d.client.DialContext = d.dialled
	d.client.OnResponse = d.answer
	d.begin(describing)
	err := d.session(ctx, func() error {
		return d.insist(func() error { _, _, err := d.client.Describe(d.source.url.Clone()); return err })
	})
	if err == nil {
		return nil
	}
	return d.explain(err)
}

// dialled connects as a pull does, and keeps how far that came.
func (d *probe) dialled(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := d.pull.dial(ctx, network, address)
	d.told.Lock()
	defer d.told.Unlock()
	var name *net.DNSError
	switch {
	case d.is.Contact == ContactRTSP: // a redirect
		if address != d.source.address {
			d.is.Leads = d.short(address)
		} else {
			d.is.Loops = *d.budget < 0
		}
	case err == nil, d.reached():
		d.is.Contact = ContactSilent
	case errors.Is(err, gateway.ErrOutOfReach):
	case errors.As(err, &name):
		d.is.Contact = ContactName
	case errors.Is(err, syscall.ECONNREFUSED):
		d.is.Contact = ContactRefused
	default:
		d.is.Contact = ContactNobody
	}
	if err != nil {
		return nil, err
	}
	if g, ok := c.(*guard); ok {
		g.Conn = &listened{Conn: g.Conn, heard: d.heard} // beneath it: what is no RTSP it passes by
	}
	return c, nil
}

// reached says whether the port took the connection, whatever came of TLS in it.
func (d *probe) reached() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.pull.dialled == nil
}

// listened is a connection whose first bytes tell who answers.
type listened struct {
	net.Conn
	heard func([]byte)
	done  bool // for the reading goroutine alone
}

func (l *listened) Read(b []byte) (int, error) {
	n, err := l.Conn.Read(b)
	if n > 0 && !l.done {
		l.done = true
		l.heard(b[:n])
	}
	return n, err
}

func (d *probe) heard(first []byte) {
	d.told.Lock()
	defer d.told.Unlock()
	switch {
	case d.is.Contact != ContactSilent, d.source.url.Scheme != "rtsp":
	case bytes.HasPrefix(first, []byte("HTTP/")):
		d.is.Contact = ContactHTTP
	default:
		d.is.Contact = ContactOther // until it proves to be RTSP
	}
}

// answer takes what a camera tells of itself, before a pull reduces it.
func (d *probe) answer(res *base.Response) {
	d.told.Lock()
	if d.is.Contact != ContactRTSP {
		d.is.Contact, d.is.Within = ContactRTSP, time.Since(d.began)
	}
	if v := res.Header["Server"]; len(v) > 0 && d.is.Server == "" {
		d.is.Server = d.short(v[0])
	}
	if res.StatusCode == base.StatusUnauthorized {
		for _, c := range digest.Read(res.Header["WWW-Authenticate"]) {
			if d.is.Realm == "" {
				d.is.Realm = d.short(c.Realm)
			}
			if way := c.Way(); !slices.Contains(d.is.Logins, way) {
				d.is.Logins = append(d.is.Logins, way)
			}
		}
	}
	if res.StatusCode == base.StatusOK && len(res.Body) > 0 {
		d.body, d.is.Told = res.Body, time.Since(d.began)
	}
	d.told.Unlock()
	d.response(res)
}

// short is a camera's text, without secrets and not long.
func (d *probe) short(t string) string {
	t = strings.TrimSpace(d.source.hide.text(t))
	return strings.ToValidUTF8(t[:min(len(t), maxName)], "")
}

// mediasOf reads all that a session description offers.
func mediasOf(body []byte) (medias []Media) {
	_, sections := readSDP(body)
	for i := range sections {
		s := &sections[i]
		if len(s.formats) == 0 {
			continue
		}
		pt := s.formats[0]
		m := Media{Kind: letters(s.media), Codec: encoding(s, pt)}
		fmtp := s.ofFormat("fmtp", pt)
		if m.Kind == "video" {
			fmtp, _ = fmtpOf(sections, s, pt)
		}
		m.Format = formatOf(m.Codec, fmtp)
		for param := range strings.SplitSeq(fmtp, ";") {
			k, v, _ := strings.Cut(strings.TrimSpace(param), "=")
			switch k = strings.ToLower(k); k {
			case "profile-level-id":
				v = strings.ToLower(strings.TrimSpace(v))
				if _, err := strconv.ParseUint(v, 16, 24); err == nil && len(v) == 6 {
					m.Level = v
				}
			case "packetization-mode":
				if v = strings.TrimSpace(v); v == "1" || v == "2" {
					m.Mode = int(v[0] - '0')
				}
			}
		}
		medias = append(medias, m)
	}
	return medias
}

// formatOf is what the parameter sets of an fmtp attribute tell, nil where they
// tell nothing.
func formatOf(codec, fmtp string) *video.Format {
	var sets [][]byte
	parse := video.ParseSPS
	switch codec {
	case "H264":
		sets = parameterSets(parameter(fmtp, "sprop-parameter-sets"))
	case "H265":
		sets, parse = setsOfH265(fmtp), video.ParseSPSH265
	}
	for _, set := range sets {
		if f, err := parse(set); err == nil {
			return f
		}
	}
	return nil
}

// encoding is codecName, and what RFC 3551 calls the sound of most cameras.
func encoding(s *section, format string) string {
	switch {
	case s.ofFormat("rtpmap", format) != "":
	case format == "0":
		return "PCMU"
	case format == "8":
		return "PCMA"
	}
	return codecName(s, format)
}

// letters is the kind of a media line as it may be shown.
func letters(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, strings.ToLower(s))
	return s[:min(len(s), 24)]
}
