package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"matthan/gateway/simulate"
)

// guests is a gateway that is told to read its tokens again, and their file.
func guests(t testing.TB) (l *live, write func(tokens string), again chan<- os.Signal) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "m.yaml")
	if err := os.WriteFile(filepath.Join(dir, "guest.token"), []byte(liveToken), 0o600); err != nil {
		t.Fatal(err)
	}
	write = func(tokens string) {
		if err := os.WriteFile(file, []byte("areas: [{id: ward, name: Phường}]\n"+tokens), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := make(chan os.Signal) // taken once what came before is done
	l = startLive(t, simulate.Options{Cameras: 1}, func(cfg *Config) { cfg.reread = &reread{file, c} })
	return l, write, c
}

const guest = "tokens: [{name: test, secret_file: guest.token, areas: [all]}]\n"

func TestATokenThatIsTakenOutOfTheFileEndsItsPictures(t *testing.T) {
	t.Parallel()
	l, write, again := guests(t)
	p, err := l.play("cam0")
	defer p.close()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.next(); err != nil {
		t.Fatal(err)
	}
	for _, harmless := range []string{guest, "tokens: nonsense\n"} { // the same again, and a file that is wrong
		write(harmless)
		again <- syscall.SIGHUP
		again <- syscall.SIGHUP
		if _, err := p.next(); err != nil {
			t.Fatal(err)
		}
		if status, _, _ := l.api("GET", "/api/v1/cameras", liveToken, ""); status != 200 {
			t.Fatalf("the token is gone: %d", status)
		}
	}
	write("")
	again <- syscall.SIGHUP
	p.ends(t)
	if status, _, _ := l.api("GET", "/api/v1/cameras", liveToken, ""); status != 401 {
		t.Errorf("the token still opens: %d", status)
	}
}

// withdrawn is the time from the signal to the last picture.
func withdrawn(t testing.TB) time.Duration {
	t.Helper()
	l, write, again := guests(t)
	p, err := l.play("cam0")
	defer p.close()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.next(); err != nil {
		t.Fatal(err)
	}
	write("")
	from := time.Now()
	again <- syscall.SIGHUP
	return max(0, p.last(t, from).Sub(from))
}
