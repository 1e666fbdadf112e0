package rtsp

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/bluenviron/gortsplib/v4/pkg/base"
	sdp "github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/liberrors"

	"matthan/gateway"
)

// never is a timeout that does not come: of gortsplib's wait for packets,
// which it does not see.
const never = time.Duration(math.MaxInt64)

// Bounds of when a session is kept alive, in seconds.
const (
	sessionDefault = 60 // of a session whose timeout the camera does not tell (RFC 2326 section 12.37)
	longestTold    = 5  // of what gortsplib is told: it says something every 4 s at least, since some end a session after 5 s whatever they told
)

// ranges are the Range headers of PLAY, tried in turn: some cameras refuse the
// npt=0- that gortsplib sends (its issue 574), some any, and Parrot's wants one.
var ranges = []string{"npt=0.000-", "", "npt=0-"}

// dialogue is what is remembered of the requests and answers. It is under the
// pull's mu.
type dialogue struct {
	login     login
	asked     base.Method // by the last request
	last      *base.Request
	again     bool        // its answer was a 401 after which it may do, authorized anew
	span      string      // the Range of PLAY
	plays     bool        // PLAY was accepted
	keepalive base.Method // the one that the camera takes; "": gortsplib's choice
	silence   int         // keepalives in a row without an answer
}

// request looks at a request before it is sent, and makes of it what this
// camera wants.
func (p *pull) request(req *base.Request) {
	defer p.shield()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.plays && p.keepalive != "" && req.Method != base.Teardown {
		req.Method = p.keepalive
	}
	if p.plays {
		if p.silence++; p.silence > oftenEnough {
			p.source.met(gateway.QuirkKeepalive) // it plays on all the same
		}
	}
	p.asked, p.last, p.again = req.Method, req, false
	switch req.Method {
	case base.Setup:
		if p.hearing.asking {
			p.hearing.listen(p)
			req.Header["Transport"] = offer(p.hearing.udp, interleavedSound)
			break
		}
		p.listen()
		req.Header["Transport"] = offer(p.udp, interleaved)
	case base.Play:
		if delete(req.Header, "Range"); p.span != "" {
			req.Header["Range"] = base.HeaderValue{p.span}
		}
		if p.udp != nil {
			p.udp.greet(p.ours)
		}
		if p.hearing.udp != nil {
			p.hearing.udp.greet(p.ours)
		}
	}
	p.login.authorize(req)
}

// listen opens the ports for a camera that sends over UDP. p.mu is held.
func (p *pull) listen() {
	if p.transport != gateway.UDP || p.udp != nil || p.stopping {
		return
	}
	udp, err := listenDatagrams(p.conn.LocalAddr(), p.conn.RemoteAddr())
	if err != nil {
		p.verdict = gateway.Fail(gateway.CauseInternal, err)
		_ = p.conn.Close()
		return
	}
	p.udp = udp
}

// response looks at an answer before gortsplib does, and makes of it what
// gortsplib understands.
func (p *pull) response(res *base.Response) {
	defer p.shield()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answered, p.silence = true, 0
	p.conn.answered()
	p.loggedIn(res)
	if s := res.Header["Session"]; len(s) > 0 {
		res.Header["Session"] = base.HeaderValue{sessionFor(s[0])}
	}
	good := res.StatusCode == base.StatusOK
	switch {
	case p.plays && p.again:
		p.repeat()
	case p.plays:
		p.kept(res.StatusCode)
	case p.act == describing && p.verdict == nil && p.asked == base.Options:
		// Who does not know OPTIONS may know DESCRIBE.
		if res.StatusCode >= base.StatusBadRequest && res.StatusCode != base.StatusUnauthorized {
			res.StatusCode = base.StatusOK
		}
	case p.act == describing && p.verdict == nil:
		p.described(res)
	case p.asked == base.Setup && p.hearing.asking:
		p.client.ReadTimeout = p.source.cfg.ReadTimeout
		if good {
			res.Header["Transport"] = p.hearing.grant(res.Header["Transport"])
		}
	case good && p.asked == base.Setup:
		res.Header["Transport"] = p.grant(res.Header["Transport"])
	case good && p.asked == base.Play:
		p.plays = true
		p.client.ReadTimeout = never
	}
}

// loggedIn takes what an answer means for the login. gortsplib repeats a
// request where it believes that it can answer the challenge: it is given one
// that it can, and request writes our answer. The zero login has no second try.
func (p *pull) loggedIn(res *base.Response) {
	p.again = p.login.answered(res)
	if p.login.quirk {
		p.source.met(gateway.QuirkLogin)
	}
	if res.StatusCode == base.StatusUnauthorized {
		if delete(res.Header, "WWW-Authenticate"); p.again {
			res.Header["WWW-Authenticate"] = base.HeaderValue{`Basic realm="x"`}
		}
	}
}

// sessionFor makes a Session header that gortsplib reads, and whose timeout has
// it send a keepalive three times in the camera's: it does so after 8/10 of
// what it is told.
func sessionFor(header string) string {
	id, rest, _ := strings.Cut(header, ";")
	timeout := sessionDefault
	for param := range strings.SplitSeq(rest, ";") {
		k, v, _ := strings.Cut(param, "=")
		if n, err := strconv.Atoi(strings.TrimSpace(v)); err == nil && n > 0 && strings.EqualFold(strings.TrimSpace(k), "timeout") {
			timeout = min(n, sessionDefault)
		}
	}
	return fmt.Sprintf("%s;timeout=%d", strings.TrimSpace(id), min(max(timeout*5/12, 1), longestTold))
}

// kept takes the answer to a keepalive. A camera that refuses the one gets the
// other from now on.
func (p *pull) kept(code base.StatusCode) {
	if code < base.StatusBadRequest || code == base.StatusUnauthorized || code == base.StatusSessionNotFound || p.keepalive != "" {
		return
	}
	p.keepalive = base.Options
	if p.asked == base.Options {
		p.keepalive = base.GetParameter
	}
	p.source.met(gateway.QuirkKeepalive)
}

// repeat sends a keepalive again whose nonce had aged: gortsplib does not wait
// for answers to them, and the session would end. It ends all the same where
// that cannot be written.
func (p *pull) repeat() {
	req := p.last
	if cseq := req.Header["CSeq"]; len(cseq) == 1 {
		req.Header["CSeq"] = base.HeaderValue{cseq[0] + "1"}
	}
	p.again = false
	p.login.authorize(req)
	if b, err := req.Marshal(); err == nil {
		_ = p.conn.SetWriteDeadline(time.Now().Add(farewell))
		_, _ = p.conn.Write(b)
	}
}

// described takes the answer to DESCRIBE.
func (p *pull) described(res *base.Response) {
	if l := res.Header["Location"]; len(l) > 0 && res.StatusCode >= base.StatusMovedPermanently && res.StatusCode <= base.StatusUseProxy {
		if _, err := base.ParseURL(l[0]); err != nil {
			p.verdict = gateway.Fail(gateway.CauseForbiddenURL, errors.New("the camera redirects to an address that cannot be read"))
		}
	}
	kind := res.Header["Content-Type"]
	if res.StatusCode != base.StatusOK || len(res.Body) == 0 {
		return
	}
	if len(kind) > 0 { // who leaves it out sends SDP all the same
		if k, _, _ := strings.Cut(kind[0], ";"); !strings.EqualFold(strings.TrimSpace(k), "application/sdp") {
			return
		}
	}
	res.Header["Content-Type"] = base.HeaderValue{"application/sdp"}
	if cb, ok := res.Header["Content-Base"]; ok {
		p.mendBase(res, cb)
	}
	body := res.Body
	res.Body, p.sent, p.verdict = reduceSDP(body)
	if p.verdict == nil && p.source.hear != nil && !p.mute {
		if p.sent.sound = soundOf(body, p.sent.kind); p.sent.sound != nil {
			res.Body = withSound(res.Body, p.sent.sound)
		}
	}
	if p.sent.odd {
		p.source.met(gateway.QuirkDescription)
	}
}

// mendBase has gortsplib get a Content-Base that is an address, or none: the
// one that was asked serves then.
func (p *pull) mendBase(res *base.Response, given base.HeaderValue) {
	delete(res.Header, "Content-Base")
	if strings.TrimSpace(given[0]) == "" {
		return
	}
	u, whole := mendURL(given[0], p.source.url)
	if u != nil {
		res.Header["Content-Base"] = base.HeaderValue{u.String()}
	}
	if !whole || len(given) > 1 {
		p.source.met(gateway.QuirkContentBase)
	}
}

// open brings the camera to play.
func (p *pull) open() error {
	p.begin(describing)
	var desc *sdp.Session
	err := p.insist(func() (err error) {
		desc, _, err = p.client.Describe(p.source.url.Clone())
		return err
	})
	if err != nil {
		return err
	}
	if len(desc.Medias) < 1 || len(desc.Medias) > 2 || len(desc.Medias[0].Formats) != 1 {
		return errors.New("the description could not be reduced to its video")
	}
	p.begin(settingUp)
	if err := p.setUp(desc); err != nil {
		p.refused = p.transport == gateway.TCP && refusesTransport(err)
		return err
	}
	if err := p.setUpSound(desc); err != nil {
		return err
	}
	p.begin(playing)
	p.media = newMedia(p.source, p.publish, p.end, p.sent)
	p.mu.Lock()
	err = p.conn.play()
	if p.udp != nil && !p.stopping {
		p.udp.start(p.datagram, p.pictures, p.shield)
	}
	if p.hearing.udp != nil && !p.stopping {
		p.hearing.udp.start(p.soundDatagram, p.soundReport, p.shield)
	}
	p.mu.Unlock()
	if err != nil {
		return err
	}
	if err := p.play(); err != nil {
		return err
	}
	transport := p.transport
	p.source.counts.transport.Store(&transport)
	if p.source.cfg.Plays != nil {
		p.source.cfg.Plays(transport)
	}
	return nil
}

// play asks with each of the ranges until one is taken.
func (p *pull) play() (err error) {
	for i, span := range ranges {
		p.mu.Lock()
		p.span = span
		p.mu.Unlock()
		err = p.insist(func() error { _, err := p.client.Play(nil); return err })
		if err == nil && i > 0 {
			p.source.met(gateway.QuirkRange)
		}
		if !refusesForm(err) {
			return err
		}
	}
	return err
}

// insist repeats a request whose nonce had aged, or that may do with another
// challenge. login bounds how often. The first time gortsplib does it itself.
func (p *pull) insist(ask func() error) error {
	for {
		err := ask()
		p.mu.Lock()
		again := p.again
		p.mu.Unlock()
		if err == nil || !again {
			return err
		}
	}
}

// refusesForm says whether a request may do in another form.
func refusesForm(err error) bool {
	var status liberrors.ErrClientBadStatusCode
	if !errors.As(err, &status) {
		return false
	}
	switch status.Code {
	case base.StatusUnauthorized, base.StatusForbidden, base.StatusNotEnoughBandwidth, base.StatusSessionNotFound,
		base.StatusUnsupportedTransport, base.StatusServiceUnavailable:
		return false
	}
	return status.Code >= base.StatusBadRequest
}
