package rtsp

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"

	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/liberrors"

	"matthan/gateway"
)

var (
	errTooMuch = fmt.Errorf("more than %d KiB before PLAY", maxOpening>>10)
	errGarbage = fmt.Errorf("more than %d KiB that are neither RTSP nor RTP", maxGarbage>>10)
	errFlood   = fmt.Errorf("more than %d KiB a second beside the packets", othersRate>>10)
)

// explain gives err its cause, and a text without secrets. The original is not
// wrapped: its text may hold the login.
func (p *pull) explain(err error) error {
	if err == nil {
		err = io.EOF
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.verdict != nil {
		return p.verdict
	}
	cause, text := p.cause(err)
	if text != "" {
		text = ": " + text
	}
	return gateway.Fail(cause, errors.New(string(p.act)+text+": "+p.source.hide.text(err.Error())))
}

// cause is called under p.mu.
func (p *pull) cause(err error) (cause gateway.Cause, text string) {
	var status liberrors.ErrClientBadStatusCode
	var setup liberrors.ErrClientAuthSetup
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &status):
		return p.causeOfStatus(status.Code)
	case errors.As(err, &setup):
		return gateway.CauseUnauthorized, "the camera asks for a login in a way that is not known"
	case errors.As(err, &certificate):
		return gateway.CauseProtocol, "the camera's certificate is not trusted"
	case errors.Is(err, errTooMuch), errors.Is(err, errGarbage), errors.Is(err, errFlood):
		return gateway.CauseProtocol, ""
	case errors.Is(p.dialled, gateway.ErrOutOfReach):
		return gateway.CauseOutOfReach, ""
	case p.dialled != nil:
		return gateway.CauseUnreachable, ""
	case !timedOut(err) && !closed(err):
		return gateway.CauseProtocol, ""
	case !p.answered && p.conn != nil && p.conn.received.Load() > 0 && p.source.url.Scheme == "rtsp":
		return gateway.CauseProtocol, "what answers there speaks no RTSP"
	case timedOut(err) && p.act == playing:
		return gateway.CauseSilent, "no packets came"
	case timedOut(err):
		return gateway.CauseUnreachable, "no answer in time"
	}
	return gateway.CauseEnded, "the camera closed the connection"
}

func (p *pull) causeOfStatus(code base.StatusCode) (gateway.Cause, string) {
	switch code {
	case base.StatusUnauthorized, base.StatusForbidden, base.StatusConnectionCredentialsNotAccepted:
		if p.source.cfg.Login == (gateway.Login{}) {
			return gateway.CauseUnauthorized, "the camera asks for a login and none is configured"
		}
		return gateway.CauseUnauthorized, "the camera refuses the login"
	case base.StatusNotFound:
		return gateway.CauseNoStream, "the camera knows no such stream"
	case base.StatusNotEnoughBandwidth, base.StatusServiceUnavailable:
		return gateway.CauseFull, "the camera gives no more sessions"
	case base.StatusMovedPermanently, base.StatusFound, base.StatusSeeOther, base.StatusUseProxy:
		return gateway.CauseForbiddenURL, "the camera redirects"
	}
	return gateway.CauseProtocol, ""
}

func timedOut(err error) bool {
	var network net.Error
	return errors.Is(err, liberrors.ErrClientRequestTimedOut{}) ||
		errors.Is(err, liberrors.ErrClientTCPTimeout{}) ||
		errors.Is(err, liberrors.ErrClientUDPTimeout{}) ||
		errors.Is(err, os.ErrDeadlineExceeded) ||
		errors.As(err, &network) && network.Timeout()
}

func closed(err error) bool {
	for _, is := range []error{io.EOF, io.ErrUnexpectedEOF, io.ErrClosedPipe, net.ErrClosed, syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED} {
		if errors.Is(err, is) {
			return true
		}
	}
	return false
}

// refusesTransport says whether another transport is worth a try after SETUP failed.
func refusesTransport(err error) bool {
	var status liberrors.ErrClientBadStatusCode
	if errors.As(err, &status) {
		switch status.Code {
		case base.StatusUnauthorized, base.StatusForbidden, base.StatusNotFound,
			base.StatusNotEnoughBandwidth, base.StatusSessionNotFound, base.StatusServiceUnavailable:
			return false
		}
		return status.Code >= base.StatusBadRequest // most say 461
	}
	return errors.Is(err, liberrors.ErrClientServerRequestedUDP{})
}
