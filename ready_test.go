package main

import (
	"bytes"
	"net"
	"strings"
	"testing"
)

func TestTheFirstStartSaysWhereDevicesLearnToTrustIt(t *testing.T) {
	t.Parallel()
	at := listening{HTTP: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 7), Port: 8080}, SetUp: "https://192.0.2.7:8443/id/link/x", Root: true}
	said := func(l listening) string {
		var b bytes.Buffer
		printReady(&b, l)
		return b.String()
	}
	const page = "\n  http://192.0.2.7:8080\n"
	if got := said(at); !strings.Contains(got, at.SetUp) || !strings.Contains(got, page) {
		t.Errorf("the first start says\n%s", got)
	}
	elsewhere, later, alone := at, at, at
	elsewhere.Root, later.SetUp, alone.HTTP = false, "", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}
	for what, l := range map[string]listening{"a certificate from elsewhere": elsewhere, "an account": later, "no network": alone} {
		if got := said(l); strings.Contains(got, page) || strings.Contains(got, "127.0.0.1") && strings.Contains(got, "chứng chỉ") {
			t.Errorf("with %s a start says\n%s", what, got)
		}
	}
}
