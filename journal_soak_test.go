//go:build soak

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"matthan/auth/audit"
	"matthan/gateway/simulate"
)

// What the soak of the audit log does: each view is of a camera of its own, so
// that its packets say whose record there must be.
const (
	journalKills = 20
	journalViews = 50 // for each
	journalFast  = 40 * time.Millisecond
)

var journalChild = flag.String("journal-child", "", "run a gateway by this configuration, until it is killed")

// TestSoakGatewayThatIsKilled is, with -journal-child, the gateway.
func TestSoakGatewayThatIsKilled(t *testing.T) {
	if *journalChild == "" {
		t.Skip("it is started by TestSoakNoViewWithoutItsRecordReachesAViewer")
	}
	t.Fatal("it ended with", command(context.Background(), []string{"run", "--config", *journalChild}, os.Stdout, os.Stderr))
}

// TestSoakNoViewWithoutItsRecordReachesAViewer kills the gateway 20 times while
// 1,000 viewers come. Of every camera of which a packet reached a viewer the log
// must have the view, and the log must be whole.
func TestSoakNoViewWithoutItsRecordReachesAViewer(t *testing.T) {
	cameras, err := simulate.Start(simulate.Options{Cameras: 10, StartWithKey: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cameras.Close(); _ = cameras.Wait() })
	port := freePort(t)
	config := journalConfig(t, cameras, port)
	l := &live{t: t, cameras: cameras, url: fmt.Sprintf("http://127.0.0.1:%d", port)}
	seen := map[string]bool{}
	for round := range journalKills {
		for _, camera := range l.killedRound(config, round) {
			seen[camera] = true
		}
	}
	recorded := map[string]bool{}
	out, _ := told(t, 0, "audit", "query", "--config", config, "--event", "view.opened", "--limit", "0", "--json")
	for line := range strings.Lines(out) {
		var e audit.Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		recorded[e.Camera] = true
	}
	for camera := range seen {
		if !recorded[camera] {
			t.Errorf("packets of %s reached a viewer, and the log does not have the view", camera)
		}
	}
	file := filepath.Join(t.TempDir(), "log.ndjson")
	told(t, 0, "audit", "export", "--config", config, file)
	out, _ = told(t, 0, "audit", "verify", file)
	started, _ := told(t, 0, "audit", "query", "--config", config, "--event", "gateway.started", "--limit", "0")
	t.Logf("%d views, %d recorded, %d reached a viewer, %d starts\n%s", journalKills*journalViews, len(recorded), len(seen), strings.Count(started, "\n"), out)
	if len(seen) < journalKills*journalViews/5 || len(seen) == journalKills*journalViews {
		t.Errorf("%d of %d views had a picture: the kills came too early, or too late", len(seen), journalKills*journalViews)
	}
}

// killedRound starts the gateway, lets viewers come and kills it among them. It
// returns the cameras of which a packet came.
func (l *live) killedRound(config string, round int) (seen []string) {
	t := l.t
	var said bytes.Buffer
	cmd := exec.Command(os.Args[0], "-test.run=^TestSoakGatewayThatIsKilled$", "-journal-child", config)
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := sync.OnceFunc(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }) // killed is an error too
	defer ended()
	for deadline := time.Now().Add(patience); ; <-time.After(20 * time.Millisecond) {
		resp, err := http.Get(l.url + "/readyz")
		if err == nil {
			_ = resp.Body.Close()
			break
		}
		if time.Now().After(deadline) {
			ended()
			t.Fatalf("round %d: the gateway does not start: %s", round, &said)
		}
	}
	players := make([]*player, journalViews)
	var wg sync.WaitGroup
	for i := range players {
		wg.Go(func() {
			<-time.After(time.Duration(i) * journalFast)
			players[i], _ = l.play(journalCamera(round, i)) // refused or cut off: it was killed
		})
	}
	<-time.After(600*time.Millisecond + rand.N(journalViews*journalFast))
	ended() // SIGKILL
	wg.Wait()
	<-time.After(200 * time.Millisecond) // for what is on its way
	for i, p := range players {
		if p != nil && p.packets.Load() > 0 {
			seen = append(seen, journalCamera(round, i))
		}
		p.close()
	}
	return seen
}

func journalCamera(round, i int) string { return fmt.Sprintf("cam-%d-%d", round, i) }

// journalConfig is a configuration file with a camera for each view.
func journalConfig(t *testing.T, cameras *simulate.Server, port int) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "test.token"), []byte(liveToken+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "http: 127.0.0.1:%d\nhttps: \"\"\ndata: %s\nwebrtc: {udp: \"127.0.0.1:0\", tcp: \"\"}\naudit: {reserve: 16777216}\n", port, filepath.Join(dir, "data"))
	fmt.Fprintf(&b, "tokens: [{name: test, secret_file: %s, areas: [all]}]\nareas: [{id: ward, name: Ward}]\ncameras:\n", filepath.Join(dir, "test.token"))
	for round := range journalKills {
		for i := range journalViews {
			fmt.Fprintf(&b, "  - {id: %s, name: x, area: ward, kind: public, main: %q}\n", journalCamera(round, i), cameras.URL(i%10, simulate.Main))
		}
	}
	file := filepath.Join(dir, "matthan.yaml")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
