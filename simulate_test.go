package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/pion/rtp"

	"matthan/gateway"
	"matthan/gateway/onvif"
	"matthan/gateway/simulate"
)

// simulated runs the command for the time of the test; it returns the lines that
// it prints up to "ready" and a function that ends it and returns its exit code.
func simulated(t *testing.T, args ...string) (urls []string, end func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	out, in := io.Pipe()
	var stderr bytes.Buffer
	code := make(chan int, 1)
	go func() {
		c := simulateCommand(ctx, args, in, &stderr)
		in.Close()
		code <- c
	}()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if lines.Text() == "ready" {
			return urls, func() int {
				cancel()
				return <-code
			}
		}
		urls = append(urls, lines.Text())
	}
	t.Fatalf("ended with %d: %s", <-code, stderr.String())
	return nil, nil
}

func TestSimulateServesTheAddressesItPrints(t *testing.T) {
	t.Parallel()
	log := filepath.Join(t.TempDir(), "pictures.log")
	urls, end := simulated(t, "--cameras", "3", "--listen", "127.0.0.1:0", "--log", log, "--delay", "20ms")
	if len(urls) != 6 || !strings.HasSuffix(urls[0], "/cam0/main") || !strings.HasSuffix(urls[5], "/cam2/sub") {
		t.Fatalf("addresses: %q", urls)
	}
	for _, address := range urls {
		playOnePacket(t, address)
	}
	if code := end(); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	b, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	if len(lines) < 6 {
		t.Fatalf("%d lines in the log", len(lines))
	}
	for _, line := range lines {
		var p pictureLine
		if err := json.Unmarshal([]byte(line), &p); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if p.Packets < 1 || p.Sent.Sub(p.Captured) < 20*time.Millisecond {
			t.Fatalf("a strange line: %s", line)
		}
	}
}

func playOnePacket(t *testing.T, address string) {
	t.Helper()
	u, err := base.ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	tcp := gortsplib.TransportTCP
	c := &gortsplib.Client{Transport: &tcp, Scheme: u.Scheme, Host: u.Host}
	if err := c.Start2(); err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	desc, _, err := c.Describe(u)
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	if err := c.SetupAll(desc.BaseURL, desc.Medias); err != nil {
		t.Fatal(err)
	}
	came := make(chan struct{}, 1)
	c.OnPacketRTPAny(func(*description.Media, format.Format, *rtp.Packet) {
		select {
		case came <- struct{}{}:
		default:
		}
	})
	if _, err := c.Play(nil); err != nil {
		t.Fatal(err)
	}
	select {
	case <-came:
	case <-time.After(20 * time.Second):
		t.Fatalf("%s: no packet came", address)
	}
}

func TestSimulateAsksForThePasswordInTheFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("mật khẩu\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	urls, end := simulated(t, "--cameras", "1", "--listen", "127.0.0.1:0", "--user", "viewer", "--password-file", file)
	defer end()
	if strings.Contains(urls[0], "viewer") {
		t.Fatalf("the address tells the login: %s", urls[0])
	}
	playOnePacket(t, strings.Replace(urls[0], "//", "//viewer:m%E1%BA%ADt%20kh%E1%BA%A9u@", 1))
}

func TestSimulateServesProfiles(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	urls, end := simulated(t, "--profiles", "--listen", "127.0.0.1:0", "--user", "viewer", "--password-file", file)
	if len(urls) != 2*len(simulate.Profiles()) || !strings.HasSuffix(urls[0], "/plain/main") || !strings.HasSuffix(urls[1], "/plain/sub") {
		t.Fatalf("addresses: %q", urls)
	}
	for _, address := range urls {
		if strings.Contains(address, "/plain/") {
			playOnePacket(t, address)
		}
		if strings.Contains(address, "/digest-md5/") {
			playOnePacket(t, strings.Replace(address, "//", "//viewer:secret@", 1))
		}
	}
	if code := end(); code != 0 {
		t.Fatalf("exit code %d", code)
	}
}

func TestSimulateIsARecorderThatSpeaksONVIF(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("mật khẩu\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	urls, end := simulated(t, "--cameras", "3", "--listen", "127.0.0.1:0", "--onvif", "127.0.0.1:0", "--user", "viewer", "--password-file", file)
	defer end()
	device, err := onvif.New(onvif.Config{Address: urls[len(urls)-1], Login: gateway.Login{User: "viewer", Password: "mật khẩu"}})
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()
	channels, err := device.Channels(t.Context())
	if err != nil || len(channels) != 3 {
		t.Fatalf("%+v, %v", channels, err)
	}
	for i, c := range channels {
		if c.MainURL != urls[2*i] || c.SubURL != urls[2*i+1] {
			t.Errorf("channel %d is at %s, and %s was printed", i, c.MainURL, urls[2*i])
		}
	}
}

func TestSimulateRefusesWrongUsageWithExitCodeTwo(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"--cameras", "0"}, {"--cameras", "2001"}, {"--cameras", "many"}, {"--nonsense"}, {"extra"},
		{"--delay", "2m"}, {"--delay", "-1s"}, {"--user", "x"}, {"--password-file", "x"}, {"--tls-cert", "x"},
		{"--udp", "--tls-cert", "x", "--tls-key", "y"}, {"--discovery", "127.0.0.1:0"}, {"--onvif", "127.0.0.1:0", "--cameras", "129"},
		{"--profiles"}, {"--profiles", "--user", "x", "--password-file", "y", "--udp"},
	} {
		var stdout, stderr bytes.Buffer
		code := simulateCommand(t.Context(), args, &stdout, &stderr)
		if code != 2 || strings.Count(stderr.String(), "\n") != 1 || stdout.Len() != 0 {
			t.Errorf("%q: exit code %d, %q, %q", args, code, stdout.String(), stderr.String())
		}
	}
}

func TestSimulateFailsWithExitCodeOne(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	missing := filepath.Join(t.TempDir(), "missing")
	for _, args := range [][]string{
		{"--listen", ln.Addr().String()}, {"--listen", "nonsense"},
		{"--user", "x", "--password-file", empty}, {"--user", "x", "--password-file", missing},
		{"--tls-cert", empty, "--tls-key", empty}, {"--log", filepath.Join(missing, "log")},
		{"--listen", "127.0.0.1:0", "--onvif", ln.Addr().String()},
	} {
		var stdout, stderr bytes.Buffer
		code := simulateCommand(t.Context(), args, &stdout, &stderr)
		if code != 1 || strings.Count(stderr.String(), "\n") != 1 || stdout.Len() != 0 {
			t.Errorf("%q: exit code %d, %q, %q", args, code, stdout.String(), stderr.String())
		}
	}
}

func TestSimulateHelp(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	if code := simulateCommand(t.Context(), []string{"--help"}, &stdout, &stderr); code != 0 || stderr.Len() != 0 {
		t.Fatalf("exit code %d, %q", code, stderr.String())
	}
	for _, name := range []string{"cameras", "listen", "delay", "start-with-key", "user", "password-file",
		"clock-offset", "no-reports", "tls-cert", "tls-key", "log", "udp", "profiles", "onvif", "discovery"} {
		if !strings.Contains(stdout.String(), fmt.Sprintf("-%s", name)) {
			t.Errorf("--%s is not explained", name)
		}
	}
}
