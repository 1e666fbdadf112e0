package onvif

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"matthan/gateway"
	"matthan/gateway/digest"
)

// parallel is how many requests a device answers at a time; few can do more.
const parallel = 4

// request is an operation of a service.
type request struct {
	space, name string
	body        string // XML in the namespace, escaped
}

func (r request) envelope(header string) []byte {
	return []byte(`<?xml version="1.0" encoding="UTF-8"?>` +
		`<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="` + schemaSpace + `">` + header +
		`<s:Body><` + r.name + ` xmlns="` + r.space + `">` + r.body + `</` + r.name + `></s:Body></s:Envelope>`)
}

// fault is a SOAP fault (SOAP 1.2 part 1, section 5.4).
type fault struct {
	codes  string // code and subcodes, without their prefixes
	reason string
}

func (f *fault) Error() string {
	if f.reason == "" {
		return "the device refuses: " + f.codes
	}
	return "the device refuses: " + f.codes + ": " + f.reason
}

func (f *fault) unauthorized() bool {
	return strings.Contains(f.codes, "NotAuthorized") || strings.Contains(f.codes, "FailedAuthentication") ||
		strings.Contains(f.codes, "InvalidSecurity") || strings.Contains(strings.ToLower(f.reason), "not authorized")
}

func isFault(err error) bool {
	var f *fault
	return errors.As(err, &f)
}

// unknown says whether a device may not know what it was asked: makes answer with
// a fault, a page for people or nothing, or close the connection.
func unknown(err error) bool {
	cause := gateway.CauseOf(err)
	return cause == gateway.CauseProtocol || cause == gateway.CauseEnded
}

// errChallenged is how a device asks for HTTP Digest.
var errChallenged = errors.New("the device asks for a login")

// ask sends a request with the login.
func (d *Device) ask(ctx context.Context, to *url.URL, r request) (*element, error) {
	if d.cfg.Login == (gateway.Login{}) {
		return d.send(ctx, to, r)
	}
	d.mu.Lock()
	refused, asked := d.refused, d.asked
	d.mu.Unlock()
	if refused != nil {
		return nil, refused
	}
	if !asked {
		// A device that keeps its time to itself is asked with ours.
		if _, err := d.Clock(ctx); err != nil && !isFault(err) && gateway.CauseOf(err) != gateway.CauseUnauthorized {
			return nil, err
		}
		d.mu.Lock()
		d.asked = true
		d.mu.Unlock()
	}
	answer, err := d.attempts(ctx, to, r)
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case err == nil && r.name != "GetServices" && r.name != "GetCapabilities": // these take none
		d.accepted = true
	case gateway.CauseOf(err) == gateway.CauseUnauthorized && !d.accepted: // else a right is missing
		d.refused = err
	}
	return answer, err
}

// attempts shows the login in the ways that devices want, at most three times.
func (d *Device) attempts(ctx context.Context, to *url.URL, r request) (*element, error) {
	answer, err := d.shown(ctx, to, r)
	if errors.Is(err, errChallenged) { // the first time, or its nonce has aged
		answer, err = d.shown(ctx, to, r)
	}
	if errors.Is(err, errChallenged) {
		err = refusal(r)
	}
	if gateway.CauseOf(err) != gateway.CauseUnauthorized {
		return answer, err
	}
	if !d.otherTime(ctx) {
		return answer, err
	}
	return d.shown(ctx, to, r)
}

// otherTime says whether a refused token is worth another try with another time:
// of a device that has taken one before where its clock was set meanwhile, of
// another with its local time, which some makes compare with.
func (d *Device) otherTime(ctx context.Context) bool {
	d.mu.Lock()
	token, accepted, before := d.digest == nil, d.accepted, d.offset
	if d.byLocal {
		before = d.local
	}
	if token && !accepted && (d.local-d.offset).Abs() > time.Minute {
		d.byLocal = !d.byLocal
		d.mu.Unlock()
		return true
	}
	d.mu.Unlock()
	if !token || !accepted {
		return false
	}
	now, err := d.Clock(ctx)
	return err == nil && (now-before).Abs() > wrongClock
}

func refusal(r request) error {
	return gateway.Fail(gateway.CauseUnauthorized, errors.New(r.name+": the device refuses the login"))
}

// shown sends a request with the login, in the way that serves as far as is known.
func (d *Device) shown(ctx context.Context, to *url.URL, r request) (*element, error) {
	d.mu.Lock()
	offset := d.offset
	if d.byLocal {
		offset = d.local
	}
	if d.digest == nil {
		d.mu.Unlock()
		return d.post(ctx, to, r, r.envelope(usernameToken(d.cfg.Login, time.Now().Add(offset))), "", 0)
	}
	body := r.envelope("")
	authorization, count := d.digest.Next(digest.Attempt{User: d.cfg.Login.User, Password: d.cfg.Login.Password.Reveal(),
		Method: http.MethodPost, URI: to.RequestURI(), Body: body})
	d.mu.Unlock()
	return d.post(ctx, to, r, body, authorization, count)
}

// send sends a request without a login.
func (d *Device) send(ctx context.Context, to *url.URL, r request) (*element, error) {
	answer, err := d.post(ctx, to, r, r.envelope(""), "", 0)
	if errors.Is(err, errChallenged) {
		text := ": the device asks for a login"
		if d.cfg.Login == (gateway.Login{}) {
			text += " and none is given"
		}
		err = gateway.Fail(gateway.CauseUnauthorized, errors.New(r.name+text))
	}
	return answer, err
}

// post sends an envelope and reads the answer. count is how often the nonce that
// authorization answers has been used, 0 without one.
func (d *Device) post(ctx context.Context, to *url.URL, r request, body []byte, authorization string, count uint32) (*element, error) {
	ctx, cancel := context.WithTimeout(ctx, d.cfg.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), bytes.NewReader(body))
	if err != nil {
		return nil, gateway.Fail(gateway.CauseProtocol, errors.New(r.name+": the address of the service cannot be used"))
	}
	req.Header.Set("Content-Type", `application/soap+xml; charset=utf-8; action="`+r.space+"/"+r.name+`"`)
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	res, err := d.client.Do(req)
	if err != nil {
		return nil, explain(r, err)
	}
	defer res.Body.Close()
	reply, err := io.ReadAll(io.LimitReader(res.Body, maxReply+1))
	if err != nil {
		return nil, explain(r, err)
	}
	if res.StatusCode == http.StatusUnauthorized {
		return nil, d.challenged(r, res.Header, count)
	}
	return read(r, res.StatusCode, reply)
}

// challenged is the answer 401. It is errChallenged where there is another way
// to show the login: one that was not tried, or a fresh nonce for one that has
// served before, whether the device says that it is stale or not.
func (d *Device) challenged(r request, h http.Header, count uint32) error {
	next, ok := strongest(h)
	if !ok || count == 1 && !next.Stale {
		return refusal(r)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.digest = digest.Begin(next)
	d.quirks[gateway.QuirkLogin] = true
	return errChallenged
}

// strongest is the best Digest challenge of an answer. Basic is none: it would
// send the password.
func strongest(h http.Header) (best digest.Challenge, ok bool) {
	for _, c := range digest.Read(h.Values("WWW-Authenticate")) {
		if !c.Basic() && (!ok || digest.Compare(c, best) < 0) {
			best, ok = c, true
		}
	}
	return best, ok
}

// explain gives an error of a connection its cause. What net/http says holds the
// address, and no login.
func explain(r request, err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	var certificate *tls.CertificateVerificationError
	var network net.Error
	var op *net.OpError
	cause, text := gateway.CauseProtocol, label(err.Error())
	switch {
	case errors.Is(err, gateway.ErrOutOfReach):
		cause = gateway.CauseOutOfReach
	case errors.As(err, &certificate):
		text = "the device's certificate is not trusted"
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("%s: %w", r.name, err)
	case errors.As(err, &network) && network.Timeout(), errors.Is(err, context.DeadlineExceeded):
		cause, text = gateway.CauseUnreachable, "no answer in time"
	case errors.As(err, &op) && op.Op == "dial":
		cause = gateway.CauseUnreachable
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		cause, text = gateway.CauseEnded, "the device closed the connection"
	}
	return gateway.Fail(cause, errors.New(r.name+": "+text))
}

// read reads an answer. Faults come with 400 and 500, and from some makes with
// 200; other answers than 200 that hold none are errors.
func read(r request, status int, reply []byte) (*element, error) {
	if status >= 300 && status < 400 {
		return nil, gateway.Fail(gateway.CauseForbiddenURL, errors.New(r.name+": the device redirects"))
	}
	doc, err := parse(reply)
	if err == nil && doc.name != "Envelope" {
		err = errors.New("what answers there speaks no SOAP")
	}
	if err != nil {
		cause := gateway.CauseProtocol
		text := err.Error()
		switch status {
		case http.StatusOK:
		case http.StatusForbidden:
			cause, text = gateway.CauseUnauthorized, "the device refuses the login"
		default:
			text = fmt.Sprintf("the device answers %d", status)
		}
		return nil, gateway.Fail(cause, errors.New(r.name+": "+text))
	}
	body := doc.at("Body")
	if body.has("Fault") {
		f := readFault(body.at("Fault"))
		cause := gateway.CauseProtocol
		if f.unauthorized() {
			cause = gateway.CauseUnauthorized
		}
		return nil, gateway.Fail(cause, fmt.Errorf("%s: %w", r.name, f))
	}
	if answer := body.at(r.name + "Response"); answer.name != "" {
		return answer, nil
	}
	return nil, gateway.Fail(gateway.CauseProtocol, fmt.Errorf("%s: the device answers something else, with status %d", r.name, status))
}

// readFault reads a fault of SOAP 1.2, or of 1.1, which some makes send.
func readFault(e *element) *fault {
	var codes []string
	add := func(s string) {
		if _, local, ok := strings.Cut(s, ":"); ok {
			s = local
		}
		if s = label(s); s != "" && len(codes) < 4 {
			codes = append(codes, s)
		}
	}
	for c := e.at("Code"); c.name != ""; c = c.at("Subcode") {
		add(c.at("Value").text)
	}
	add(e.at("faultcode").text)
	f := &fault{codes: strings.Join(codes, "/"), reason: e.at("Reason", "Text").label()}
	if f.reason == "" {
		f.reason = e.at("faultstring").label()
	}
	if f.codes == "" {
		f.codes = "Fault"
	}
	return f
}
