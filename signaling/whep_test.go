package signaling

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// ask does one WHEP request.
func (r *rig) ask(method, path, kind, token, body string, header ...string) (*http.Response, string) {
	r.t.Helper()
	req, err := http.NewRequest(method, r.http.URL+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := r.http.Client().Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return resp, string(b)
}

func TestAStrangersPlayerWatchesByWHEP(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(s *Server) {
		s.ICEServers = []ICEServer{{URLs: []string{"turn:turn.example:3478"}, Username: "u", Credential: "c"}}
	})
	p := newPhone(t, 1)
	resp, answer := r.ask("POST", "/whep/two?stream=auto", typeSDP, everyToken, p.offer(false))
	if resp.StatusCode != 201 || resp.Header.Get("Content-Type") != typeSDP || resp.Header.Get("ETag") == "" ||
		resp.Header.Get("Accept-Patch") != typeFragment {
		t.Fatalf("%d %v", resp.StatusCode, resp.Header)
	}
	if l := resp.Header.Get("Link"); l != `<turn:turn.example:3478>; rel="ice-server"; username="u"; credential="c"; credential-type="password"` {
		t.Errorf("Link %s", l)
	}
	p.answer(answer)
	p.sees(2)
	at, etag := resp.Header.Get("Location"), resp.Header.Get("ETag")

	trickle := "a=ice-ufrag:x\r\na=ice-pwd:y\r\n"
	for name, c := range map[string]struct {
		token, kind, match, body string
		want                     int
	}{
		"of another subject":   {partToken, typeFragment, etag, trickle, 404},
		"without token":        {"", typeFragment, etag, trickle, 401},
		"another type":         {everyToken, typeSDP, etag, trickle, 415},
		"without If-Match":     {everyToken, typeFragment, "", "a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n", 428},
		"of an older session":  {everyToken, typeFragment, `"old"`, "a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n", 412},
		"nothing in it":        {everyToken, typeFragment, etag, "a=mid:0\r\n", 400},
		"a candidate":          {everyToken, typeFragment, etag, "m=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n", 204},
		"a garbage candidate":  {everyToken, typeFragment, etag, "a=mid:0\r\na=candidate:nonsense\r\n", 400},
		"too many candidates":  {everyToken, typeFragment, etag, strings.Repeat("a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n", MaxCandidates+1), 503},
		"a body over its size": {everyToken, typeFragment, etag, strings.Repeat("a", MaxSDP+1), 413},
	} {
		h := []string{}
		if c.match != "" {
			h = []string{"If-Match", c.match}
		}
		if resp, b := r.ask("PATCH", at, c.kind, c.token, c.body, h...); resp.StatusCode != c.want {
			t.Errorf("PATCH %s: %d %s, want %d", name, resp.StatusCode, b, c.want)
		}
	}
	r.restartWHEP(p, at, etag)
	if resp, _ := r.ask("DELETE", at, "", partToken, ""); resp.StatusCode != 404 {
		t.Errorf("another subject deletes: %d", resp.StatusCode)
	}
	if resp, _ := r.ask("DELETE", at, "", everyToken, ""); resp.StatusCode != 200 {
		t.Errorf("DELETE: %d", resp.StatusCode)
	}
	select {
	case <-p.closed:
	case <-time.After(patience):
		t.Fatal("the picture goes on after DELETE")
	}
	if resp, _ := r.ask("DELETE", at, "", everyToken, ""); resp.StatusCode != 404 {
		t.Errorf("DELETE again: %d", resp.StatusCode)
	}
}

// restartWHEP does an ICE restart by a fragment, as RFC 9725 section 4.3.3 says.
func (r *rig) restartWHEP(p *phone, at, etag string) {
	t := r.t
	t.Helper()
	local := p.offer(true)
	var f strings.Builder
	for _, line := range strings.Split(local, "\r\n") {
		if strings.HasPrefix(line, "a=ice-ufrag") || strings.HasPrefix(line, "a=ice-pwd") {
			f.WriteString(line + "\r\n")
		}
	}
	if resp, _ := r.ask("PATCH", at, typeFragment, everyToken, f.String(), "If-Match", etag); resp.StatusCode != 412 {
		t.Errorf("a restart without If-Match *: %d", resp.StatusCode)
	}
	resp, frag := r.ask("PATCH", at, typeFragment, everyToken, f.String(), "If-Match", "*")
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != typeFragment || resp.Header.Get("ETag") == etag || resp.Header.Get("ETag") == "" {
		t.Fatalf("restart: %d %v %s", resp.StatusCode, resp.Header, frag)
	}
	got, err := parseFragment(frag)
	if err != nil || got.ufrag == "" || len(got.candidates) == 0 {
		t.Fatalf("the answer is no fragment: %v\n%s", err, frag)
	}
	p.answer(got.into(p.pc.CurrentRemoteDescription().SDP))
	p.drain()
	for range 30 {
		p.sees(2)
	}
}

func TestWHEPTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(s *Server) { s.Origins = []string{"https://portal.example"} })
	offer := newPhone(t, 1).offer(false)
	for name, c := range map[string]struct {
		method, path, kind, token, body string
		want                            int
		code                            string
	}{
		"no token":       {"POST", "/whep/one", typeSDP, "", offer, 401, CodeToken},
		"wrong token":    {"POST", "/whep/one", typeSDP, "guess-guess-guess", offer, 401, CodeToken},
		"token in query": {"POST", "/whep/one?token=" + everyToken, typeSDP, "", offer, 401, CodeToken},
		"no right":       {"POST", "/whep/two", typeSDP, partToken, offer, 404, CodeNotFound},
		"a household's":  {"POST", "/whep/home", typeSDP, everyToken, offer, 404, CodeNotFound},
		"no camera":      {"POST", "/whep/none", typeSDP, everyToken, offer, 404, CodeNotFound},
		"another type":   {"POST", "/whep/one", "application/json", everyToken, offer, 415, CodeBadMessage},
		"unknown stream": {"POST", "/whep/one?stream=4k", typeSDP, everyToken, offer, 400, CodeBadMessage},
		"garbage":        {"POST", "/whep/one", typeSDP, everyToken, "hello", 400, CodeOffer},
		"no video":       {"POST", "/whep/one", typeSDP, everyToken, "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n", 422, CodeOfferNoVideo},
		"wants to send":  {"POST", "/whep/one", typeSDP, everyToken, strings.ReplaceAll(offer, "recvonly", "sendrecv"), 422, CodeOfferSends},
		"too large":      {"POST", "/whep/one", typeSDP, everyToken, strings.Repeat("a", MaxSDP+1), 413, CodeTooLarge},
		"GET":            {"GET", "/whep/one", "", everyToken, "", 405, CodeUnknownType},
		"unknown id":     {"DELETE", "/whep/one/none", "", everyToken, "", 404, CodeNotFound},
	} {
		resp, b := r.ask(c.method, c.path, c.kind, c.token, c.body)
		var doc struct {
			Status int
			Code   string
			Text   Text
		}
		if err := json.Unmarshal([]byte(b), &doc); err != nil {
			t.Errorf("%s: %v in %s", name, err, b)
		}
		if resp.StatusCode != c.want || doc.Status != c.want || doc.Code != c.code || doc.Text.VI == "" || doc.Text.EN == "" {
			t.Errorf("%s: %d %s, want %d %s", name, resp.StatusCode, b, c.want, c.code)
		}
		if c.want == 401 && resp.Header.Get("WWW-Authenticate") == "" || c.want == 405 && resp.Header.Get("Allow") == "" {
			t.Errorf("%s: headers %v", name, resp.Header)
		}
		if strings.Contains(b, "token-for") {
			t.Errorf("%s: the answer holds a token: %s", name, b)
		}
	}
}

func TestWHEPFromAPagePassesItsPreflightOnlyWhereAllowed(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(s *Server) { s.Origins = []string{"https://portal.example"} })
	resp, _ := r.ask("OPTIONS", "/whep/one", "", "", "", "Origin", "https://portal.example",
		"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization,content-type")
	h := resp.Header
	if resp.StatusCode != 204 || h.Get("Access-Control-Allow-Origin") != "https://portal.example" || !strings.Contains(h.Get("Access-Control-Allow-Methods"), "POST") ||
		!strings.Contains(h.Get("Access-Control-Allow-Headers"), "Authorization") || !strings.Contains(h.Get("Access-Control-Expose-Headers"), "Location") ||
		h.Get("Access-Control-Allow-Credentials") != "" || h.Get("Vary") != "Origin" || h.Get("Accept-Post") != typeSDP {
		t.Errorf("%d %v", resp.StatusCode, h)
	}
	resp, _ = r.ask("OPTIONS", "/whep/one", "", "", "", "Origin", "https://evil.example", "Access-Control-Request-Method", "POST")
	if resp.StatusCode != 403 || resp.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("evil: %d %v", resp.StatusCode, resp.Header)
	}
	resp, _ = r.ask("POST", "/whep/one", typeSDP, everyToken, newPhone(t, 1).offer(false), "Origin", "https://evil.example")
	if resp.StatusCode != 403 {
		t.Errorf("evil posts: %d", resp.StatusCode)
	}
}

func TestAWithdrawnTokenEndsItsWHEPResources(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	p := newPhone(t, 1)
	_, answer := r.ask("POST", "/whep/one", typeSDP, everyToken, p.offer(false))
	p.answer(answer)
	p.sees(1)
	if err := r.policy.Set(tokens(t, partToken)); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.closed:
	case <-time.After(patience):
		t.Fatal("the picture goes on")
	}
	deadline := time.Now().Add(patience)
	for r.rtc.Peers() != 0 && time.Now().Before(deadline) {
		<-time.After(10 * time.Millisecond)
	}
	if n := r.rtc.Peers(); n != 0 {
		t.Fatalf("%d peers are left", n)
	}
}

func FuzzFragment(f *testing.F) {
	f.Add("a=ice-ufrag:x\r\na=ice-pwd:y\r\nm=video 9 RTP 0\r\na=mid:0\r\na=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n", "v=0\r\nm=video\r\na=ice-ufrag:a\r\n")
	f.Fuzz(func(t *testing.T, text, offer string) {
		if g, err := parseFragment(text); err == nil {
			if len(g.candidates) > MaxCandidates {
				t.Fatal("too many candidates")
			}
			_ = fragmentOf(g.into(offer))
		}
	})
}
