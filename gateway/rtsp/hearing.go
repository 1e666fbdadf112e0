package rtsp

import (
	"errors"
	"strings"
	"time"

	"github.com/bluenviron/gortsplib/v4/pkg/base"
	sdp "github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/liberrors"
)

// interleavedSound is interleaved for the sound.
const interleavedSound = "RTP/AVP/TCP;unicast;interleaved=2-3"

// soundPatience is how long the answer to the sound's SETUP may take. The picture
// waits for it, where an administrator switched the camera's sound on.
const soundPatience = 2 * time.Second

// hearing is what is known of a camera's sound while it is asked for. It is under
// the pull's mu, but for channel, which is written before the camera plays.
type hearing struct {
	asking  bool       // the SETUP under way is the sound's
	asked   bool       // there was one
	udp     *datagrams // nil over TCP
	channel int        // the first of two; 0: it is not known
}

// on says whether an interleaved packet came where the sound is sent.
func (h *hearing) on(channel byte) bool {
	return h.channel != 0 && (int(channel) == h.channel || int(channel) == h.channel+1)
}

// listen opens the ports for sound over UDP. Where there are none it is not heard.
// p.mu is held.
func (h *hearing) listen(p *pull) {
	p.client.ReadTimeout = min(soundPatience, p.source.cfg.ReadTimeout)
	if p.udp == nil || h.udp != nil || p.stopping {
		return
	}
	if udp, err := listenDatagrams(p.conn.LocalAddr(), p.conn.RemoteAddr()); err == nil {
		h.udp = udp
	}
}

// grant is pull.grant for the sound.
func (h *hearing) grant(v base.HeaderValue) base.HeaderValue {
	g, ok := readTransport(v)
	switch {
	case len(v) > 0 && (!ok || g.multicast):
		return v
	case h.udp == nil && g.udp && (!g.tcp || g.channels == ""):
		return base.HeaderValue{"RTP/AVP"}
	case h.udp != nil:
		h.udp.ports = g.ports
	default:
		if g.channels == "" || strings.HasPrefix(g.channels, "2-") {
			h.channel = 2
		} // others may be the pictures' too: the payload type tells
	}
	return base.HeaderValue{interleavedSound}
}

// setUpSound asks for the sound too, once. A camera that refuses shows its
// picture all the same; an error says that the connection is of no use any more.
func (p *pull) setUpSound(desc *sdp.Session) error {
	if len(desc.Medias) < 2 {
		return nil
	}
	media := desc.Medias[1]
	wanted := controls(desc.BaseURL, media.Control)
	if len(wanted) == 0 || wanted[0] == "" {
		return p.unheard(nil)
	}
	media.Control = wanted[0]
	p.ask(true)
	err := p.insist(func() error { _, err := p.client.Setup(desc.BaseURL, media, 0, 0); return err })
	p.ask(false)
	if err == nil {
		return nil
	}
	var status liberrors.ErrClientBadStatusCode
	if !errors.As(err, &status) && (timedOut(err) || closed(err)) {
		return err
	}
	return p.unheard(err)
}

func (p *pull) ask(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hearing.asking = on
	p.hearing.asked = true
}

// unheard goes on without the sound.
func (p *pull) unheard(why error) error {
	text := "its control attribute is of no use"
	if why != nil {
		text = p.source.hide.text(why.Error())
	}
	p.source.log.Info("camera does not give its sound", "address", p.source.address, "err", text)
	p.mu.Lock()
	udp := p.hearing.udp
	p.hearing.udp = nil
	p.mu.Unlock()
	if udp != nil {
		udp.close()
	}
	return nil
}

// deafened says whether a connection may have failed because the sound was
// asked for: it ended before a packet of the pictures came.
func (p *pull) deafened() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.hearing.asked && (p.media == nil || !p.media.plays())
}

// plays says whether a packet of the pictures came.
func (m *media) plays() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.seen
}

// soundDatagram takes a packet that came over UDP where the sound is sent.
func (p *pull) soundDatagram(b []byte) {
	if h, _, ok := readRTP(b); ok && !isRTCP(b) {
		p.late.push(h.sequence, b, time.Now(), p.soundReport)
		return
	}
	p.soundReport(b)
}

func (p *pull) soundReport(b []byte) { p.media.packet(b, true) }
