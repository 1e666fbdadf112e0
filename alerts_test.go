package main

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/hook"
	"matthan/gateway/simulate"
)

const alertSecret = "bi-mat-cua-truc-ban"

// desk is another server that is told of cameras.
type desk struct {
	*httptest.Server
	t    *testing.T
	told chan hook.Event
}

func startDesk(t *testing.T) *desk {
	d := &desk{t: t, told: make(chan hook.Event, 100)}
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		at, _, _ := strings.Cut(strings.TrimPrefix(r.Header.Get(hook.Signature), "t="), ",")
		seconds, err := strconv.ParseInt(at, 10, 64)
		if err != nil || r.Header.Get(hook.Signature) != hook.Sign([]byte(alertSecret), time.Unix(seconds, 0), body) {
			t.Errorf("signature %q", r.Header.Get(hook.Signature))
		}
		if text := string(body); strings.Contains(text, "rtsp") || strings.Contains(text, canary) || strings.Contains(text, "127.0.0.1") {
			t.Errorf("it is told too much: %s", text)
		}
		var e hook.Event
		if err := json.Unmarshal(body, &e); err != nil {
			t.Error(err)
		}
		d.told <- e
	}))
	t.Cleanup(d.Close)
	return d
}

func (d *desk) next() hook.Event {
	d.t.Helper()
	select {
	case e := <-d.told:
		return e
	case <-time.After(patience):
		d.t.Fatal("nothing is told")
		panic("unreachable")
	}
}

// counted is a citizen's camera that says nothing and counts who dials it.
func counted(t *testing.T) (address string, dials *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	dials = new(atomic.Int64)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			dials.Add(1)
			_ = c.Close()
		}
	}()
	return l.Addr().String(), dials
}

type outages struct {
	Cameras int
	Outages []struct {
		State, Cause, Host string
		Since              int64
		Whole              bool
		Count              int
		Cameras            []struct{ ID string }
	}
	Telling *struct {
		Waiting, Dropped int
		Failing          int64 `json:"failing_since"`
	}
}

func TestCamerasThatNobodyWatchesAreToldOfWhenTheyGoAndComeBack(t *testing.T) {
	t.Parallel()
	receiver := startDesk(t)
	to, err := url.Parse(receiver.URL + "/matthan?key=" + url.QueryEscape(canary))
	if err != nil {
		t.Fatal(err)
	}
	home, dials := counted(t)
	clerk, err := auth.NewSecret("token-of-somebody-elses-ward")
	if err != nil {
		t.Fatal(err)
	}
	l := startLive(t, simulate.Options{Cameras: 2}, func(c *Config) {
		c.Tokens[0].Actions = []auth.Action{auth.View, auth.Administer}
		c.Tokens[0].Kinds = []string{"public", "household", "office", "institution"}
		c.Tokens = append(c.Tokens, auth.Token{Name: "other", Secret: clerk, Areas: []string{"elsewhere"}, Actions: []auth.Action{auth.Administer}})
		c.Alerts = AlertsConfig{After: 400 * time.Millisecond, Steady: 200 * time.Millisecond, Knock: 100 * time.Millisecond, URL: to, Secret: alertSecret}
		all := append(c.Inventory.Cameras(), gateway.Camera{ID: "home", Name: "Nhà ông Ba", Area: "ward", Kind: gateway.Household, Main: "rtsp://" + home + "/main"})
		if c.Inventory, err = gateway.NewList(c.Inventory.Areas(), all); err != nil {
			t.Fatal(err)
		}
	})
	if e := receiver.next(); e.Kind != hook.Started || e.Gateway == "" {
		t.Errorf("%+v", e)
	}
	ask := func(token string) (all outages) {
		status, _, body := l.api("GET", "/api/v1/health/outages", token, "")
		if err := json.Unmarshal([]byte(body), &all); err != nil || status != 200 {
			t.Fatalf("%d %s", status, body)
		}
		return all
	}
	if all := ask(liveToken); all.Cameras != 0 || all.Telling == nil {
		t.Errorf("%+v", all)
	}
	address := l.cameras.Addr()
	l.cameras.Close()
	_ = l.cameras.Wait()
	gone := receiver.next()
	if gone.Kind != "offline" || gone.Cause != "unreachable" || gone.Count != 2 || gone.Cameras[0] != (hook.Camera{ID: "cam0", Name: "x", Area: "ward"}) {
		t.Errorf("%+v", gone)
	}
	all := ask(liveToken)
	if len(all.Outages) != 1 || all.Cameras != 2 || all.Outages[0].State != "offline" || all.Outages[0].Host != "127.0.0.1" || all.Outages[0].Count != 2 || all.Outages[0].Whole {
		t.Errorf("%+v", all)
	}
	if all := ask("token-of-somebody-elses-ward"); all.Cameras != 0 || len(all.Outages) != 0 || all.Telling != nil {
		t.Errorf("another ward's administrator is told %+v", all)
	}
	if _, _, body := l.api("GET", "/api/v1/health/cameras/cam0", liveToken, ""); !strings.Contains(body, `"state":"offline"`) || !strings.Contains(body, `"cause":"unreachable"`) {
		t.Error(body)
	}
	again, err := simulate.Start(simulate.Options{Cameras: 2, Listen: address})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { again.Close(); _ = again.Wait() })
	for left := 2; left > 0; {
		back := receiver.next()
		if back.Kind != "online" || back.Incident != gone.ID || back.Left != left-back.Count || back.Count == 0 {
			t.Fatalf("%+v", back)
		}
		left -= back.Count
	}
	if all := ask(liveToken); all.Cameras != 0 {
		t.Errorf("%+v", all)
	}
	if n := dials.Load(); n != 0 {
		t.Errorf("a citizen's camera was dialled %d times", n)
	}
}

func TestAlertsGoWhereTheyMayAndThatTheyDoNotIsSeen(t *testing.T) {
	t.Parallel()
	l := startLive(t, simulate.Options{Cameras: 1}, func(c *Config) {
		c.Tokens[0].Actions = []auth.Action{auth.Administer}
		c.Tokens[0].Kinds = []string{"public", "household", "office", "institution"}
		c.Alerts.URL, c.Alerts.Secret = &url.URL{Scheme: "https", Host: "169.254.169.254", Path: "/latest"}, alertSecret
	})
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); ; <-tick.C {
		_, _, body := l.api("GET", "/api/v1/health/outages", liveToken, "")
		if strings.Contains(body, `"waiting":1,"dropped":0,"failing_since":`) && strings.Contains(body, `"why":"out_of_reach"`) {
			return
		}
		if time.Now().After(end) {
			t.Fatal(body)
		}
	}
}

// The example of docs/outages.md takes what is ours, and nothing else.
func TestTheDocumentedCheckOfASignatureTakesOurs(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("this needs python3")
	}
	text, err := os.ReadFile("docs/outages.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```python\n")
	program, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("there is no example")
	}
	body := []byte(`{"kind":"offline"}`)
	for name, c := range map[string]struct {
		header string
		want   string
	}{
		"ours":            {hook.Sign([]byte(alertSecret), time.Now(), body), "True"},
		"another secret":  {hook.Sign([]byte("another secret of ours"), time.Now(), body), "False"},
		"another message": {hook.Sign([]byte(alertSecret), time.Now(), []byte("{}")), "False"},
		"an old one":      {hook.Sign([]byte(alertSecret), time.Now().Add(-time.Hour), body), "False"},
		"none":            {"", "False"},
	} {
		ask := "\nimport sys\nprint(is_ours(sys.argv[1].encode(), sys.argv[2], sys.argv[3].encode()))\n"
		out, err := exec.Command(python, "-c", program+ask, alertSecret, c.header, string(body)).CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || got != c.want {
			t.Errorf("%s: %s, want %s (%v)", name, got, c.want, err)
		}
	}
}
