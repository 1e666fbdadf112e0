package provider

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// maxAnswer bounds an answer that stays in the process.
const maxAnswer = 1 << 20

// Transport reaches the provider without a socket: no name to resolve, no
// certificate to trust, no listener to wait for. It reaches nothing else.
func (p *Provider) Transport() http.RoundTripper { return transport{p} }

type transport struct{ p *Provider }

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }()
	}
	if r.URL.Scheme+"://"+r.URL.Host != t.p.origin || !strings.HasPrefix(r.URL.Path, t.p.base+"/") {
		return nil, fmt.Errorf("%s is not the provider in this process", r.URL.Host)
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	in := r.Clone(r.Context())
	in.RemoteAddr, in.RequestURI = "in-process", r.URL.RequestURI()
	if in.Body == nil {
		in.Body = http.NoBody
	}
	w := &answer{header: http.Header{}}
	t.p.ServeHTTP(w, in)
	if w.full {
		return nil, errors.New("the provider's answer is too long")
	}
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return &http.Response{StatusCode: w.status, Status: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, Body: io.NopCloser(bytes.NewReader(w.body.Bytes())), ContentLength: int64(w.body.Len()), Request: r}, nil
}

// answer collects an answer.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
	full   bool
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	if a.body.Len()+len(b) > maxAnswer {
		a.full = true
		return 0, io.ErrShortWrite
	}
	return a.body.Write(b)
}
