package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"matthan/gateway/rtsp"
)

// How the servers of others are started. Each runs until its test ends.

// startProgram starts one, and waits until it says a line that matches ready, of
// which it gives the parts; nil: it waits for nothing.
func startProgram(t *testing.T, ready *regexp.Regexp, cmd *exec.Cmd) []string {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var words said
	found, ended := make(chan []string, 1), make(chan struct{})
	go func() {
		defer close(ended)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			_, _ = fmt.Fprintln(&words, lines.Text())
			if ready == nil {
				continue
			}
			if m := ready.FindStringSubmatch(lines.Text()); m != nil {
				select {
				case found <- m:
				default:
				}
			}
		}
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-ended
		_ = cmd.Wait()
		if text := words.String(); t.Failed() {
			t.Logf("%s says:\n%s", cmd.Path, text[max(0, len(text)-4096):])
		}
	})
	if ready == nil {
		return nil
	}
	select {
	case m := <-found:
		return m
	case <-ended:
		t.Fatalf("%s ended", cmd.Path)
	case <-time.After(patience):
		t.Fatalf("%s does not say that it serves", cmd.Path)
	}
	return nil
}

func missingProgram(name, packages string) func() string {
	return func() string {
		if _, err := exec.LookPath(name); err != nil {
			return packages
		}
		return ""
	}
}

func missingGStreamer() string {
	const needs = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import Gio; exit(not Gio.TlsBackend.get_default().supports_tls())"
	if err := exec.Command("/usr/bin/python3", "-c", needs).Run(); err != nil {
		return "gir1.2-gst-rtsp-server-1.0 and glib-networking"
	}
	return ""
}

// unprivileged is a command for programs that do not run as root, or would take
// the ports that only root gets.
func unprivileged(name string, args ...string) *exec.Cmd {
	if os.Geteuid() != 0 {
		return exec.Command(name, args...)
	}
	return exec.Command("setpriv", append([]string{"--reuid=65534", "--regid=65534", "--clear-groups", name}, args...)...)
}

// gstreamer serves the files, with TLS and Digest of its own.
func (f *foreign) gstreamer(t *testing.T) map[way]string {
	t.Helper()
	var files []string
	for _, c := range foreignClips {
		files = append(files, f.file(c.name+".mkv"))
	}
	plain, secure := serveByGStreamer(t, files)
	return map[way]string{byTCP: plain + "/%s", byUDP: plain + "/%s", byTLS: secure + "/%s"}
}

func serveByGStreamer(t *testing.T, files []string) (plain, secure string) {
	t.Helper()
	cert, key := certificateFiles(t)
	args := append([]string{"testdata/rtsp.py", cert, key, "viewer", canary}, files...)
	ports := startProgram(t, regexp.MustCompile(`^(\d+) (\d+)$`), exec.Command("/usr/bin/python3", args...))
	return "rtsp://127.0.0.1:" + ports[1], "rtsps://127.0.0.1:" + ports[2]
}

// ffmpeg sends, by its own packetizer and description, to each way's own port. It
// cannot serve RTSP; GStreamer's server stands before it and passes its packets on
// as they are.
func (f *foreign) ffmpeg(t *testing.T) map[way]string {
	t.Helper()
	dir := t.TempDir()
	ports := pairsOfPorts(t, 3*len(foreignClips))
	var files []string
	for i, c := range foreignClips {
		sdp := filepath.Join(dir, c.name+".sdp")
		args := []string{"-v", "error", "-nostdin", "-re", "-stream_loop", "-1", "-i", f.file(c.name + ".mp4"), "-sdp_file", sdp}
		for _, port := range ports[3*i : 3*i+3] {
			args = append(args, "-c", "copy", "-f", "rtp", fmt.Sprintf("rtp://127.0.0.1:%d", port))
		}
		startProgram(t, nil, exec.Command("ffmpeg", args...))
		files = append(files, sdp)
	}
	for _, file := range files {
		awaitFile(t, file)
	}
	plain, secure := serveByGStreamer(t, files)
	return map[way]string{byTCP: plain + "/%s/0", byUDP: plain + "/%s/1", byTLS: secure + "/%s/2"}
}

// awaitFile waits for a whole description.
func awaitFile(t *testing.T, file string) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; <-time.After(20 * time.Millisecond) {
		b, err := os.ReadFile(file)
		medias := 0
		for _, last := range []string{"profile-level-id", "sprop-pps", "RTP/AVP 26"} { // of H.264, H.265, JPEG
			medias += strings.Count(string(b), last)
		}
		if err == nil && medias == 3 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s does not come", file)
		}
	}
}

// vlc serves over UDP alone, and answers 461 to who asks for TCP.
func (f *foreign) vlc(t *testing.T) map[way]string {
	t.Helper()
	port := freePort(t)
	var b strings.Builder
	for _, c := range foreignClips {
		fmt.Fprintf(&b, "new %s broadcast enabled\nsetup %[1]s input %q\nsetup %[1]s output #rtp{sdp=rtsp://127.0.0.1:%[3]d/%[1]s}\ncontrol %[1]s play\n", c.name, f.file(c.name+".mkv"), port)
	}
	file := f.file("vlc.conf")
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	startProgram(t, nil, unprivileged("vlc", "-I", "dummy", "--ignore-config", "--no-audio", "--vlm-conf", file))
	address := fmt.Sprintf("rtsp://127.0.0.1:%d/%%s", port)
	awaitServed(t, address)
	return map[way]string{byUDP: address, byAuto: address}
}

// live555 takes port 554 or 8554 and tells which. Its program has no TLS: what is
// before it here is ours, and only the RTSP within is its own.
func (f *foreign) live555(t *testing.T) map[way]string {
	t.Helper()
	cmd := unprivileged("live555MediaServer")
	cmd.Dir = f.dir
	m := startProgram(t, regexp.MustCompile(`rtsp://(?:\[[^]]*\]|[^:/]*)(:\d+)?/<filename>`), cmd)
	host := "127.0.0.1" + m[1]
	if m[1] == "" {
		host += ":554"
	}
	address := "rtsp://" + host + "/%s.mkv"
	return map[way]string{byTCP: address, byUDP: address, byTLS: "rtsps://" + beforeTLS(t, host) + "/%s.mkv"}
}

// mediamtx passes on what ffmpeg publishes by RTSP, and has TLS of its own.
func (f *foreign) mediamtx(t *testing.T) map[way]string {
	t.Helper()
	plain, secure, rtp := freePort(t), freePort(t), pairsOfPorts(t, 1)[0]
	cert, key := certificateFiles(t)
	file := filepath.Join(t.TempDir(), "mediamtx.yml")
	if err := os.WriteFile(file, fmt.Appendf(nil, `rtspAddress: 127.0.0.1:%d
rtspsAddress: 127.0.0.1:%d
rtpAddress: 127.0.0.1:%d
rtcpAddress: 127.0.0.1:%d
rtspEncryption: optional
rtspTransports: [tcp, udp]
rtspServerCert: %s
rtspServerKey: %s
rtmp: no
hls: no
webrtc: no
srt: no
paths: {all_others: {}}
`, plain, secure, rtp, rtp+1, cert, key), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("mediamtx", file)
	cmd.Dir = filepath.Dir(file) // it writes keys there
	startProgram(t, regexp.MustCompile(`RTSPS.*listener`), cmd)
	address := fmt.Sprintf("rtsp://127.0.0.1:%d/%%s", plain)
	for _, c := range foreignClips {
		startProgram(t, nil, exec.Command("ffmpeg", "-v", "error", "-nostdin", "-re", "-stream_loop", "-1", "-i", f.file(c.name+".mp4"), "-c", "copy",
			"-f", "rtsp", "-rtsp_transport", "tcp", fmt.Sprintf(address, c.name)))
	}
	awaitServed(t, address)
	return map[way]string{byTCP: address, byUDP: address, byTLS: fmt.Sprintf("rtsps://127.0.0.1:%d/%%s", secure)}
}

// awaitServed waits until a server has all clips.
func awaitServed(t *testing.T, address string) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for _, c := range foreignClips {
		url := fmt.Sprintf(address, c.name)
		for {
			_, err := rtsp.Describe(t.Context(), rtsp.Config{URL: url})
			if err == nil {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("%s: %v", url, err)
			}
			<-time.After(50 * time.Millisecond)
		}
	}
}

// testCertificate is for 127.0.0.1.
func testCertificate() tls.Certificate {
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	return s.TLS.Certificates[0]
}

func certificateFiles(t *testing.T) (cert, key string) {
	t.Helper()
	c := testCertificate()
	private, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	dir := writeFiles(t, map[string]string{
		"cert.pem": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate[0]})),
		"key.pem":  string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})),
	})
	return filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
}

// beforeTLS is a port whose connections are in TLS and go on to a host without.
func beforeTLS(t *testing.T, host string) string {
	t.Helper()
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{testCertificate()}})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); all.Wait() })
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { goOn(c, host) })
		}
	})
	return l.Addr().String()
}

// goOn copies both ways until one side ends. LIVE555 leads who asks for rtsps
// without TLS elsewhere, so it is asked for rtsp.
func goOn(c net.Conn, host string) {
	defer c.Close()
	plain, err := net.Dial("tcp", host)
	if err != nil {
		return
	}
	var back sync.WaitGroup
	back.Go(func() {
		_, _ = io.Copy(c, plain)
		_ = c.Close()
	})
	b := make([]byte, 16<<10) // more than any request, each of which is one record of TLS
	for n := 0; err == nil; {
		if n, err = c.Read(b); n > 0 {
			_, err = plain.Write(bytes.ReplaceAll(b[:n], []byte("rtsps://"), []byte("rtsp://")))
		}
	}
	_ = plain.Close()
	back.Wait()
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

// pairsOfPorts gives even UDP ports that are free, as the ones after them are
// (RFC 3550 section 11), and each only once. Who they are for takes them seconds
// later, so they are from where nobody else takes any meanwhile: systems give ports
// from 32768 on, macOS from 49152, and gortsplib picks from 10000 on.
func pairsOfPorts(t *testing.T, count int) (ports []int) {
	t.Helper()
	for {
		port := int(lastOfPairs.Add(2))
		if port >= 10000 {
			t.Fatalf("of %d pairs of ports %d are free", count, len(ports))
		}
		first, err := net.ListenPacket("udp", fmt.Sprintf(":%d", port))
		if err != nil {
			continue
		}
		second, err := net.ListenPacket("udp", fmt.Sprintf(":%d", port+1))
		_ = first.Close()
		if err != nil {
			continue
		}
		_ = second.Close()
		if ports = append(ports, port); len(ports) == count {
			return ports
		}
	}
}

// lastOfPairs is the last that pairsOfPorts tried. Another run beside this one
// begins elsewhere.
var lastOfPairs = func(first int64) *atomic.Int64 {
	a := new(atomic.Int64)
	a.Store(first)
	return a
}(2046 + 2*rand.Int64N(2000))
