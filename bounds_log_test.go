package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

// TestWhoTriesToGetAroundTheBoundsIsInTheLog is a page of another site, by socket,
// by WHEP and by a form, and a program that asks without end.
func TestWhoTriesToGetAroundTheBoundsIsInTheLog(t *testing.T) {
	t.Parallel()
	s := newStationWith(t, func(c *Config) { c.Limits.RequestsPerPerson = 10 })
	reader := s.auditor()
	officer, _ := s.officer("quan")
	const page = "https://trang-khac.example"
	u, err := url.Parse(s.origin)
	if err != nil {
		t.Fatal(err)
	}
	d := websocket.Dialer{TLSClientConfig: officer.client.Transport.(*http.Transport).TLSClientConfig, HandshakeTimeout: patience}
	if _, resp, err := d.Dial("wss://"+u.Host+"/ws", http.Header{"Origin": {page}}); err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
		t.Fatalf("a page of another site opens a socket: %v", err)
	}
	stranger := caller{browser: newBrowser(t, s.origin)}
	for range 3 { // the same, of one minute
		if got := stranger.ask(t, "POST", "/whep/nga-tu-1", "v=0\r\n", "Content-Type", "application/sdp", "Origin", page); got.status != http.StatusForbidden {
			t.Fatalf("%d %s", got.status, got.body)
		}
	}
	tried := reader.finds(1, "event=act.denied")
	if tried[0].Address != "127.0.0.1" || tried[0].Target != "origin" || !strings.Contains(tried[0].Detail, page) || tried[0].Subject != "" {
		t.Errorf("%+v", tried)
	}
	if got := (caller{browser: officer}).ask(t, "PUT", "/api/v1/case", `{}`, "Origin", page, "Sec-Fetch-Site", "cross-site"); got.status != http.StatusForbidden {
		t.Fatalf("%d %s", got.status, got.body)
	}
	for n := 0; (caller{browser: officer}).ask(t, "GET", "/api/v1/reasons", "").status != http.StatusTooManyRequests; n++ {
		if n > 1000 {
			t.Fatal("there is no end of what one person may ask")
		}
	}
	told := map[string]string{}
	for _, e := range reader.finds(3, "event=act.denied") {
		if e.Subject != "" {
			told[e.Target] = e.Detail
		}
	}
	if told["rate"] != refusals["rate"] || told["origin"] != refusals["origin"] || told["rate"] == "" {
		t.Errorf("%v", told)
	}
}
