package main

import (
	"bytes"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"matthan/gateway/doctor"
	"matthan/gateway/simulate"
)

// checked runs the command with what is piped in.
func checked(t *testing.T, piped string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	in := filepath.Join(t.TempDir(), "stdin")
	if err := os.WriteFile(in, []byte(piped), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(in)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out, errors bytes.Buffer
	code = checkCommand(t.Context(), args, f, &out, &errors)
	return code, out.String(), errors.String()
}

func TestCheckTellsOfAHealthyCamera(t *testing.T) {
	t.Parallel()
	cameras, err := simulate.Start(simulate.Options{Cameras: 1, StartWithKey: true, User: "admin", Password: canary})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cameras.Close(); _ = cameras.Wait() })
	main, sub := cameras.URL(0, simulate.Main), cameras.URL(0, simulate.Sub)
	code, out, stderr := checked(t, canary+"\n", "--user", "admin", main, "--seconds", "2", "--lang", "vi")
	if code != 0 || strings.Contains(out+stderr, canary) || strings.Contains(out, "\x1b") {
		t.Errorf("%d\n%s\n%s", code, out, stderr)
	}
	for _, want := range []string{"Camera tốt", "1280×720", "25,0", "4,0 giây", "Luồng chính", main, sub} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not told:\n%s", want, out)
		}
	}
}

func TestCheckTakesALoginOutOfTheAddress(t *testing.T) {
	t.Parallel()
	cameras, err := simulate.Start(simulate.Options{Cameras: 1, StartWithKey: true, User: "admin", Password: "right"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cameras.Close(); _ = cameras.Wait() })
	address := strings.Replace(cameras.URL(0, simulate.Main), "rtsp://", "rtsp://admin:"+canary+"@", 1)
	code, out, stderr := checked(t, "", "--json", address, "--seconds", "1")
	var r doctor.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != 1 || strings.Contains(out+stderr, canary) || stderr != "" {
		t.Fatalf("%d, %v\n%s\n%s", code, err, out, stderr)
	}
	codes := map[doctor.Code]bool{}
	for _, f := range r.Findings {
		codes[f.Code] = true
	}
	if !codes[doctor.CodeLoginInURL] || !codes[doctor.CodeLoginRefused] || r.Playable {
		t.Errorf("%+v", r)
	}
}

func TestCheckSpeaksEnglishToo(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	code, out, _ := checked(t, "", "rtsp://"+l.Addr().String()+"/x", "--lang", "en")
	if code != 1 || !strings.Contains(out, "This camera cannot be viewed yet.") || !strings.Contains(out, "is closed") {
		t.Errorf("%d %s", code, out)
	}
	for locale, want := range map[string]string{"": "vi", "en_US.UTF-8": "en", "vi_VN.UTF-8": "vi", "C": "vi"} {
		if got := languageOf("", locale); got != want {
			t.Errorf("%q: %s", locale, got)
		}
	}
	if languageOf("vi_VN", "en_US") != "vi" {
		t.Error("LC_ALL does not count first")
	}
}

func TestCheckRefusesWrongUsageWithExitCodeTwo(t *testing.T) {
	t.Parallel()
	const url = "rtsp://127.0.0.1:1/x"
	for _, args := range [][]string{
		{}, {"x"}, {url, url}, {"http://127.0.0.1/"}, {url, "--lang", "fr"}, {url, "--seconds", "0"}, {url, "--seconds", "11"},
		{url, "--password-file", "x"}, {url, "--transport", "mail"}, {url, "--nonsense"}, {"rtsp://admin:" + canary + "@/"},
		{"rtsp://admin:" + canary + "@127.0.0.1:1/x", "rtsp://b"},
	} {
		code, out, stderr := checked(t, "", args...)
		if code != 2 || strings.Count(stderr, "\n") != 1 || out != "" || strings.Contains(stderr, canary) {
			t.Errorf("%q: %d, %q, %q", args, code, out, stderr)
		}
	}
	if code, _, stderr := checked(t, "", url, "--user", "admin"); code != 1 || !strings.Contains(stderr, "password") {
		t.Errorf("without a password: %d %s", code, stderr)
	}
	if code, out, _ := checked(t, "", "--help"); code != 0 || !strings.Contains(out, "-password-file") {
		t.Errorf("%d %s", code, out)
	}
}
