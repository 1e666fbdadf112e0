package auth

import (
	"net/http/httptest"
	"testing"
)

func TestSourceOfARequest(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{"192.0.2.1:1": "192.0.2.1", "[::ffff:192.0.2.1]:1": "192.0.2.1", "[2001:db8:1:2:3::4]:1": "2001:db8:1:2::/64", "[fe80::1%eth0]:1": "fe80::/64", "in-process": "in-process"} {
		q := httptest.NewRequest("GET", "/", nil)
		q.RemoteAddr = remote
		q.Header.Set("X-Forwarded-For", "203.0.113.9")
		if got := Source(q); got != want {
			t.Errorf("%s: %s", remote, got)
		}
	}
}
