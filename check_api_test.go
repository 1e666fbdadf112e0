package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"matthan/gateway/doctor"
	"matthan/gateway/simulate"
)

func TestAnAdministratorIsToldWhatIsWrongWithACamera(t *testing.T) {
	t.Parallel()
	cameras, err := simulate.Start(simulate.Options{Cameras: 1, User: "admin", Password: canary})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cameras.Close(); _ = cameras.Wait() })
	_, admin := founded(t, func(c *Config) {
		c.Reach.Networks = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		c.Reach.Ports = []uint16{netip.MustParseAddrPort(cameras.Addr()).Port()}
	})
	body := func(address, password string) string {
		return fmt.Sprintf(`{"area":"lang","kind":"public","main":%q,"user":"admin","password":%q}`, address, password)
	}
	for _, c := range []struct {
		body string
		want doctor.Code
	}{
		{body(cameras.URL(0, simulate.Main), canary+"x"), doctor.CodeLoginRefused},
		{body(cameras.URL(7, simulate.Main), canary), doctor.CodeNoStream},
		{body("rtsp://127.0.0.1:1/", canary), doctor.CodeOutOfReach},
		{body("rtsp://10.1.2.3/", canary), doctor.CodeOutOfReach},
	} {
		var raw json.RawMessage
		admin.want(http.StatusOK, &raw, "POST", "inventory/checks", c.body)
		var r doctor.Report
		if err := json.Unmarshal(raw, &r); err != nil || r.Playable || len(r.Findings) == 0 || r.Findings[0].Code != c.want || r.Findings[0].Says.VI == "" || strings.Contains(string(raw), canary) {
			t.Errorf("%s, want %s", raw, c.want)
		}
	}
	admin.want(http.StatusUnprocessableEntity, nil, "POST", "inventory/checks", body("rtsp://admin:"+canary+"@127.0.0.1/", ""))
}

func TestOnePersonChecksOneCameraAtATime(t *testing.T) {
	t.Parallel()
	cameras, err := simulate.Start(simulate.Options{Cameras: 1, StartWithKey: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cameras.Close(); _ = cameras.Wait() })
	_, admin := founded(t, func(c *Config) {
		c.Reach.Networks = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		c.Reach.Ports = []uint16{netip.MustParseAddrPort(cameras.Addr()).Port()}
	})
	body := fmt.Sprintf(`{"area":"lang","kind":"public","main":%q}`, cameras.URL(0, simulate.Main))
	answers := make(chan int, 6)
	for range cap(answers) {
		go func() {
			resp, text := admin.do("POST", "/api/v1/inventory/checks", "application/json", body)
			if resp.StatusCode == http.StatusOK && !strings.Contains(text, `"playable":true`) {
				t.Error(text)
			}
			answers <- resp.StatusCode
		}()
	}
	counts := map[int]int{}
	for range cap(answers) {
		counts[<-answers]++
	}
	if counts[http.StatusOK] != 1 || counts[http.StatusServiceUnavailable] != cap(answers)-1 {
		t.Errorf("answers by status: %v", counts)
	}
}
