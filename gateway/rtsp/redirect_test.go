package rtsp

import (
	"net"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"matthan/gateway"
)

func redirect(to string) string {
	return "RTSP/1.0 302 Found\r\nCSeq: $\r\nLocation: " + to + "\r\n\r\n"
}

func TestRedirectTakesNoPasswordElsewhere(t *testing.T) {
	t.Parallel()
	thief, stolen := fake(t, func(_, _ string) string { return "" })
	for _, to := range []string{"rtsp://" + thief + "/x", "rtsp://" + url.UserPassword(user, canary).String() + "@" + thief + "/x"} {
		address, _ := fake(t, func(_, authorization string) string {
			if authorization == "" {
				return "RTSP/1.0 401 Unauthorized\r\nCSeq: $\r\nWWW-Authenticate: Basic realm=\"x\"\r\n\r\n"
			}
			return redirect(to)
		})
		var log syncBuffer
		_, _, err := collect(t, Config{URL: "rtsp://" + address + "/main", Login: gateway.Login{User: user, Password: canary}, Log: log.logger()}, 1)
		if gateway.CauseOf(err) != gateway.CauseForbiddenURL || !strings.Contains(err.Error(), thief) {
			t.Error(err)
		}
		noSecret(t, err.Error()+log.String())
	}
	if n := stolen.Load(); n != 0 {
		t.Errorf("%d connections to the other host", n)
	}
}

func TestDescribeTellsWhereACameraRedirectsTo(t *testing.T) {
	t.Parallel()
	var self string
	loop, _ := fake(t, func(_, _ string) string { return redirect("rtsp://" + self + "/main") })
	self = loop
	away, _ := fake(t, func(_, _ string) string {
		return redirect("rtsp://" + url.UserPassword(user, canary).String() + "@192.0.2.7/x")
	})
	unreadable, _ := fake(t, func(_, _ string) string { return redirect("rtsp://%zz@/x") })
	for address, want := range map[string]Description{loop: {Loops: true}, away: {Leads: "192.0.2.7:554"}, unreadable: {}} {
		got, err := Describe(t.Context(), Config{URL: "rtsp://" + address + "/main", Login: gateway.Login{User: user, Password: canary}})
		if gateway.CauseOf(err) != gateway.CauseForbiddenURL || got.Loops != want.Loops || got.Leads != want.Leads {
			t.Errorf("%+v, %v; want %+v", got, err, want)
		}
	}
}

func TestRedirectThatCannotBeReadIsARedirect(t *testing.T) {
	t.Parallel()
	address, _ := fake(t, func(_, _ string) string { return redirect("rtsp://%zz:" + canary + "@/x") })
	_, _, err := collect(t, Config{URL: "rtsp://" + address + "/main", Login: gateway.Login{User: user, Password: canary}}, 1)
	if gateway.CauseOf(err) != gateway.CauseForbiddenURL {
		t.Error(err)
	}
	noSecret(t, err.Error())
}

func TestRedirectToItselfEnds(t *testing.T) {
	t.Parallel()
	var self string
	address, connections := fake(t, func(_, _ string) string { return redirect("rtsp://" + self + "/main") })
	self = address
	_, _, err := collect(t, Config{URL: "rtsp://" + address + "/main"}, 1)
	if gateway.CauseOf(err) != gateway.CauseForbiddenURL {
		t.Error(err)
	}
	if n := connections.Load(); n > maxDials {
		t.Errorf("%d connections", n)
	}
}

func TestRedirectToAnotherPathOfTheCameraIsFollowed(t *testing.T) {
	t.Parallel()
	var self string
	asked := 0
	address, _ := fake(t, func(_, _ string) string {
		if asked++; asked == 1 {
			return redirect("rtsp://" + self + "/other")
		}
		return "RTSP/1.0 404 Not Found\r\nCSeq: $\r\n\r\n"
	})
	self = address
	_, _, err := collect(t, Config{URL: "rtsp://" + address + "/main"}, 1)
	if gateway.CauseOf(err) != gateway.CauseNoStream {
		t.Error(err)
	}
}

func TestACameraOutOfReachIsNotDialled(t *testing.T) {
	t.Parallel()
	asked := 0
	address, _ := fake(t, func(_, _ string) string { asked++; return "RTSP/1.0 404 Not Found\r\nCSeq: $\r\n\r\n" })
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	var seen []netip.AddrPort
	refuse := func(to netip.AddrPort) error {
		seen = append(seen, to)
		return gateway.Reach{Ports: []uint16{to.Port()}}.Check(to, nil)
	}
	// By its name: what counts is the address that the name stands for.
	_, _, err = collect(t, Config{URL: "rtsp://localhost:" + port + "/main", Permit: refuse}, 1)
	if gateway.CauseOf(err) != gateway.CauseOutOfReach || asked != 0 {
		t.Errorf("%v, and the camera was asked %d times", err, asked)
	}
	if len(seen) == 0 || !seen[0].Addr().IsLoopback() {
		t.Errorf("asked about %v", seen)
	}
}
