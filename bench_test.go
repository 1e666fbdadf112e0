//go:build bench

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"matthan/gateway/video"
)

// The benchmark: simulated cameras, the gateway and its viewers, each in a
// process of its own, and the same for another gateway that already runs.
//
//	make bench
//	make bench PEER=http://127.0.0.1:8889/cam{n}/whep PEER_PID=1234
//
// The peer must pull rtsp://127.0.0.1:8554/cam{n}/main for 20 cameras, always.
var (
	asViewers = flag.Bool("viewers", false, "be the viewers' process")
	program   = flag.String("matthan", "bin/matthan", "the gateway's `program`")
	peerURL   = flag.String("peer", "", "WHEP `URL` of another gateway, {n} for the camera")
	peerPID   = flag.Int("peer-pid", 0, "process `id` of the other gateway")
	repeats   = flag.Int("repeats", 3, "how often each window is measured; the median counts")
	slopes    = flag.Int("slopes", 5, "in how many turns a packet's cost is measured; the median counts")
	window    = flag.Duration("window", 5*time.Second, "how long a window is")
	outDir    = flag.String("out", "bin/bench", "`folder` for the results")
)

const benchToken = "token-of-the-benchmark"

// process is a program that the benchmark started.
type process struct {
	cmd  *exec.Cmd
	line string // that said it is ready
}

// launch starts a program and waits for a line that matches ready.
func launch(t *testing.T, ready string, name string, args ...string) *process {
	t.Helper()
	cmd := exec.Command(name, args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if regexp.MustCompile(ready).MatchString(lines.Text()) {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return &process{cmd, lines.Text()}
		}
	}
	t.Fatalf("%s did not start: %s", name, complaint.String())
	return nil
}

// viewers is the viewers' process.
type viewers struct {
	t   *testing.T
	cmd *exec.Cmd
	in  *json.Encoder
	out *json.Decoder
	url string
}

func startViewers(t *testing.T, url string) *viewers {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^TestBenchViewers$", "-viewers")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.ExtraFiles = []*os.File{w}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
	v := &viewers{t: t, cmd: cmd, in: json.NewEncoder(in), out: json.NewDecoder(r), url: url}
	t.Cleanup(v.stop)
	return v
}

// leave ends the viewers in good order, so that the gateway need not find out
// that they are gone, which it does for half a minute otherwise.
func (v *viewers) leave() {
	v.do(order{Op: "leave"})
	v.stop()
	<-time.After(10 * time.Second)
}

func (v *viewers) stop() {
	_ = v.cmd.Process.Kill()
	_ = v.cmd.Wait()
}

func (v *viewers) do(o order) report {
	v.t.Helper()
	o.URL, o.Token = v.url, benchToken
	if err := v.in.Encode(o); err != nil {
		v.t.Fatal(err)
	}
	var r report
	if err := v.out.Decode(&r); err != nil {
		v.t.Fatal(err)
	}
	if r.Error != "" {
		v.t.Fatalf("%s: %s", o.Op, r.Error)
	}
	return r
}

// cpu is the CPU time of a process with all its threads, user and system.
func cpu(t *testing.T, pid int) time.Duration {
	t.Helper()
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(files) == 0 {
		t.Fatalf("process %d is gone", pid)
	}
	var sum int64
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			continue // the thread ended
		}
		ns, err := strconv.ParseInt(strings.Fields(string(b))[0], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		sum += ns
	}
	return time.Duration(sum)
}

// rss is a process's resident memory in bytes.
func rss(t *testing.T, pid int) float64 {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(b))[1])
	if err != nil {
		t.Fatal(err)
	}
	return float64(pages * os.Getpagesize())
}

// rig is cameras with a gateway in front of them: ours or a peer.
type benchRig struct {
	t       *testing.T
	name    string
	url     string
	pid     int
	cameras int
	picks   string // the cameras' log of pictures
}

// ours starts cameras and our gateway in front of them. more are further lines of its
// configuration.
func ours(t *testing.T, cameras int, listen string, inventory int, warm bool, more ...string) *benchRig {
	t.Helper()
	dir := t.TempDir()
	picks := filepath.Join(dir, "pictures.jsonl")
	sim := launch(t, "/cam0/main$", *program, "simulate", "--cameras", fmt.Sprint(cameras), "--listen", listen, "--log", picks)
	base := strings.TrimSuffix(sim.line, "/cam0/main")
	var c strings.Builder
	fmt.Fprintf(&c, "http: '127.0.0.1:0'\nhttps: ''\ndata: '%s'\nwebrtc: {udp: '127.0.0.1:0'}\n", dir)
	for _, line := range more {
		fmt.Fprintln(&c, line)
	}
	fmt.Fprintf(&c, "limits: {pulls_per_host: 4096, sockets_per_address: 4096}\n")
	fmt.Fprintf(&c, "tokens: [{name: bench, secret_file: token, areas: [all]}]\nareas: [{id: a, name: A}]\ncameras:\n")
	for i := range max(cameras, inventory) {
		fmt.Fprintf(&c, "  - {id: cam%d, name: c%d, area: a, kind: public, main: '%s/cam%d/main', keep_warm: %v}\n", i, i, base, i, warm && i < cameras)
	}
	for name, text := range map[string]string{"token": benchToken, "matthan.yaml": c.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	gw := launch(t, "^ready", *program, "run", "--config", filepath.Join(dir, "matthan.yaml"))
	at := regexp.MustCompile(`http=(\S+)`).FindStringSubmatch(gw.line)[1]
	return &benchRig{t: t, name: "matthan", url: at + "/whep/cam{n}", pid: gw.cmd.Process.Pid, cameras: cameras, picks: picks}
}

// load is what viewers cost, at one number of them.
type load struct {
	Viewers   int
	Cameras   int
	CPU       float64 // of the gateway, cores
	Packets   float64 // delivered a second
	RSS       float64 // bytes
	Frozen    int     // viewers with a gap of over 250 ms, in the median window
	PerPacket float64 // µs of CPU a delivered packet, of all that the gateway does
}

// measureLoad measures the medians of a few windows.
func (r *benchRig) measureLoad(v *viewers, n int) load {
	var cpus, packets, frozen []float64
	for range *repeats {
		before, c0, t0 := v.do(order{Op: "count"}).Packets, cpu(r.t, r.pid), time.Now()
		<-time.After(*window)
		after, c1, took := v.do(order{Op: "count"}), cpu(r.t, r.pid), time.Since(t0).Seconds()
		if c1 == c0 {
			r.t.Fatalf("process %d did nothing for its viewers: is it the gateway, or a shell that waits for it?", r.pid)
		}
		cpus = append(cpus, (c1-c0).Seconds()/took)
		packets = append(packets, float64(after.Packets-before)/took)
		frozen = append(frozen, float64(after.Frozen))
	}
	l := load{Viewers: n, Cameras: r.cameras, CPU: median(cpus), Packets: median(packets), RSS: rss(r.t, r.pid), Frozen: int(median(frozen))}
	l.PerPacket = l.CPU / l.Packets * 1e6
	return l
}

func median(v []float64) float64 { return quantile(v, 0.5) }

func quantile(v []float64, q float64) float64 {
	if len(v) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(v))
	return s[int(q*float64(len(s)-1)+0.5)]
}

// measured is one gateway's column of the table.
type measured struct {
	Name                    string
	FirstP50, FirstP95      float64 // ms, warm camera
	AddedP50, AddedP95, P99 float64 // ms, 100 viewers of one camera, whole pictures but key ones
	Slopes                  []slope
	Whole                   slope // viewers' sockets taking segmented messages whole
}

// slope is the difference between 200 and 20 viewers on 20 cameras.
type slope struct {
	Loads  []load
	Packet float64 // µs of CPU
	Viewer float64 // ms of CPU a second, for each
	Memory float64 // KiB resident for each
}

// median is that of all turns.
func (m measured) median(of func(slope) float64) float64 {
	var all []float64
	for _, s := range m.Slopes {
		all = append(all, of(s))
	}
	return median(all)
}

func packet(s slope) float64 { return s.Packet }

// middle is the turn whose packet is the median.
func (m measured) middle() slope {
	return m.Slopes[slices.IndexFunc(m.Slopes, func(s slope) bool { return s.Packet == m.median(packet) })]
}

// moments takes how long a gateway makes wait; its 20 cameras are pulled already.
func (r *benchRig) moments() measured {
	m := measured{Name: r.name}
	first := startViewers(r.t, r.url)
	times := first.do(order{Op: "first", Cameras: r.cameras, Times: 50}).Millis
	first.leave()
	m.FirstP50, m.FirstP95 = quantile(times, 0.5), quantile(times, 0.95)
	m.AddedP50, m.AddedP95, m.P99 = r.added(100)
	return m
}

// slope measures 20 viewers and then 200.
func (r *benchRig) slope(whole bool) slope {
	v := startViewers(r.t, r.url)
	defer v.leave()
	v.do(order{Op: "join", Cameras: r.cameras, Viewers: 20, Whole: whole})
	<-time.After(*window)
	low := r.measureLoad(v, 20)
	v.do(order{Op: "join", Cameras: r.cameras, Viewers: 180, Whole: whole})
	<-time.After(*window)
	high := r.measureLoad(v, 200)
	return slope{Loads: []load{low, high}, Packet: (high.CPU - low.CPU) / (high.Packets - low.Packets) * 1e6,
		Viewer: (high.CPU - low.CPU) / 180 * 1e3, Memory: (high.RSS - low.RSS) / 180 / 1024}
}

// added is the time from the camera's sending of a picture to its last packet's
// being at n viewers of one camera, in ms.
func (r *benchRig) added(n int) (p50, p95, p99 float64) {
	v := startViewers(r.t, r.url)
	defer v.leave()
	v.do(order{Op: "join", Cameras: 1, Viewers: n, Note: true})
	<-time.After(*window)
	v.do(order{Op: "pictures"})
	<-time.After(4 * *window)
	heard := v.do(order{Op: "pictures"}).Heard
	sent, places := r.sent(), loopPlaces(r.t)
	var ms []float64
	for _, h := range heard {
		place, ok := places[h.Known.Slice]
		at := slices.IndexFunc(sent, func(p pictureLine) bool {
			d := h.Known.At - p.Sent.UnixMicro()
			return p.Loop == place && d > -1e6 && d < 5e6
		})
		if !ok || at < 0 {
			r.t.Fatal("a viewer saw what no camera sent")
		}
		shift := h.Known.Timestamp - sent[at].Timestamp
		byTimestamp := map[uint32]pictureLine{}
		for _, p := range sent {
			if p.Session == sent[at].Session {
				byTimestamp[p.Timestamp+shift] = p
			}
		}
		for _, a := range h.Pictures {
			if p, ok := byTimestamp[a.Timestamp]; ok && !p.Key {
				ms = append(ms, float64(a.At-p.Sent.UnixMicro())/1000)
			}
		}
	}
	if len(ms) < n*50 {
		r.t.Fatalf("%d pictures were timed at %d viewers", len(ms), n)
	}
	return quantile(ms, 0.5), quantile(ms, 0.95), quantile(ms, 0.99)
}

// sent are the pictures that camera 0 sent.
func (r *benchRig) sent() (sent []pictureLine) {
	f, err := os.Open(r.picks)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for in := bufio.NewScanner(f); in.Scan(); {
		var p pictureLine
		if json.Unmarshal(in.Bytes(), &p) == nil && p.Camera == 0 {
			sent = append(sent, p)
		}
	}
	return sent
}

// loopPlaces tells the place in camera 0's loop by the name of the slice.
func loopPlaces(t *testing.T) map[uint64]int {
	t.Helper()
	var clips []struct{ ID string }
	b, err := os.ReadFile("gateway/simulate/clips/clips.json")
	if err == nil {
		err = json.Unmarshal(b, &clips)
	}
	if err != nil || len(clips) == 0 {
		t.Fatal(err)
	}
	if b, err = os.ReadFile("gateway/simulate/clips/" + clips[0].ID + ".main.h264"); err != nil {
		t.Fatal(err)
	}
	places := map[uint64]int{}
	for _, n := range video.SplitAnnexB(b) {
		if video.TypeOf(n).VCL() {
			places[sliceName(n)] = len(places)
		}
	}
	return places
}

func TestBench(t *testing.T) {
	if err := os.MkdirAll(*outDir, 0o755); err != nil {
		t.Fatal(err)
	}
	// Each has its turn, with cameras that the other does not pull meanwhile, and what
	// a packet costs is measured in turns: the machine is not the same at all hours.
	turns := []func(t *testing.T) *benchRig{func(t *testing.T) *benchRig { return ours(t, 20, "127.0.0.1:0", 0, true) }}
	if *peerURL != "" {
		turns = append(turns, func(t *testing.T) *benchRig {
			r := ours(t, 20, "127.0.0.1:8554", 0, false) // for its cameras; our gateway idles
			r.name, r.url, r.pid = "peer", *peerURL, *peerPID
			<-time.After(10 * time.Second) // the peer reconnects to the cameras
			return r
		})
	}
	all := results{Gateways: make([]measured, len(turns))}
	for i, begin := range turns {
		t.Run(fmt.Sprint("moments ", i), func(t *testing.T) { all.Gateways[i] = begin(t).moments() })
	}
	for turn := range *slopes {
		for i, begin := range turns {
			t.Run(fmt.Sprint("slope ", i), func(t *testing.T) {
				r, m := begin(t), &all.Gateways[i]
				if m.Slopes = append(m.Slopes, r.slope(false)); turn == 0 {
					m.Whole = r.slope(true)
				}
			})
		}
	}
	t.Run("ingest", func(t *testing.T) { all.Ingest = ingest(t) })
	t.Run("growth", func(t *testing.T) { all.Growth = growth(t) })
	t.Run("floor", func(t *testing.T) { all.Floor = floor(t) })
	if err := all.write(*outDir); err != nil {
		t.Fatal(err)
	}
	fmt.Println(all.table())
}

// ingest is the CPU time of pulling a camera that nobody watches, ms a second.
func ingest(t *testing.T) float64 {
	r := ours(t, 50, "127.0.0.1:0", 0, true)
	<-time.After(2 * *window)
	var ms []float64
	for range *repeats {
		c0, t0 := cpu(t, r.pid), time.Now()
		<-time.After(*window)
		ms = append(ms, (cpu(t, r.pid)-c0).Seconds()/time.Since(t0).Seconds()/50*1000)
	}
	return median(ms)
}

// growth is how CPU and memory grow: viewers of one camera, 400 over 100
// cameras, and 20 watched of an inventory of 1,000.
func growth(t *testing.T) (loads []load) {
	for _, c := range []struct{ cameras, inventory, viewers int }{
		{1, 1, 1}, {1, 1, 10}, {1, 1, 100}, {1, 1, 400}, {100, 100, 400}, {20, 1000, 20},
	} {
		t.Run(fmt.Sprintf("%d viewers of %d cameras", c.viewers, c.cameras), func(t *testing.T) {
			r := ours(t, c.cameras, "127.0.0.1:0", c.inventory, false)
			v := startViewers(t, r.url)
			v.do(order{Op: "join", Cameras: c.cameras, Viewers: c.viewers})
			<-time.After(*window)
			loads = append(loads, r.measureLoad(v, c.viewers))
		})
	}
	return loads
}
