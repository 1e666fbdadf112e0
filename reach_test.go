package main

import (
	"net/netip"
	"testing"
)

func TestOnlyCamerasOfTheFileAreDialledAnywhere(t *testing.T) {
	t.Parallel()
	cfg, err := parseConfig("m.yaml", []byte(someAreas+"cameras: [{id: a, name: A, area: lang, kind: public, main: 'rtsp://127.0.0.1:8554/'}]\nreach: {networks: [10.20.0.0/16, 127.0.0.1], ports: [8554]}"))
	if err != nil {
		t.Fatal(err)
	}
	if permitDial(cfg, "a") != nil {
		t.Error("a camera of the configuration file is asked about")
	}
	permit := permitDial(cfg, "b")
	for to, want := range map[string]bool{"127.0.0.1:8554": true, "127.0.0.2:8554": false, "10.20.1.1:8554": true, "10.20.1.1:554": false, "10.30.1.1:8554": false} {
		if err := permit(netip.MustParseAddrPort(to)); (err == nil) != want {
			t.Errorf("%s: %v", to, err)
		}
	}
}
