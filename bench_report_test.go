//go:build bench

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// results is all that one run measured.
type results struct {
	Gateways []measured
	Ingest   float64 // ms of CPU a second, for a camera pulled and not watched
	Growth   []load
	Floor    float64 // µs of CPU a packet: sealing and handing to the kernel, nothing else
}

// floor runs the benchmark of the least that a packet can cost.
func floor(t *testing.T) float64 {
	out, err := exec.Command("go", "test", "-run", "^$", "-bench", "^BenchmarkFloor$", "-benchtime", "2s", "./gateway/rtc").CombinedOutput()
	m := regexp.MustCompile(`([\d.]+) cpu-ns/packet`).FindSubmatch(out)
	if err != nil || m == nil {
		t.Fatalf("%v\n%s", err, out)
	}
	ns, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return ns / 1000
}

// table is the results for people, in Markdown.
func (r *results) table() string {
	var b strings.Builder
	row := func(name, target string, f func(measured) string) {
		fmt.Fprintf(&b, "| %s |", name)
		for _, m := range r.Gateways {
			fmt.Fprintf(&b, " %s |", f(m))
		}
		fmt.Fprintf(&b, " %s |\n", target)
	}
	row("", "to reach", func(m measured) string { return m.Name })
	fmt.Fprintf(&b, "| --- |%s --- |\n", strings.Repeat(" --- |", len(r.Gateways)))
	row("first picture, warm camera, p50 / p95, ms", "50 / 100", func(m measured) string { return fmt.Sprintf("%.0f / %.0f", m.FirstP50, m.FirstP95) })
	row("added at 100 viewers of one camera, p50 / p95 / p99, ms", "p99 1.5", func(m measured) string { return fmt.Sprintf("%.2f / %.2f / %.2f", m.AddedP50, m.AddedP95, m.P99) })
	row("CPU a delivered packet, µs (each turn)", "2.2", func(m measured) string {
		var turns []string
		for _, s := range m.Slopes {
			turns = append(turns, fmt.Sprintf("%.2f", s.Packet))
		}
		return fmt.Sprintf("%.2f (%s)", m.median(packet), strings.Join(turns, ", "))
	})
	row("the same, viewers taking segmented messages whole, µs", "", func(m measured) string { return fmt.Sprintf("%.2f", m.Whole.Packet) })
	row("CPU a viewer, ms a second", "", func(m measured) string {
		return fmt.Sprintf("%.2f", m.median(func(s slope) float64 { return s.Viewer }))
	})
	row("resident memory a viewer, KiB", "256", func(m measured) string {
		return fmt.Sprintf("%.0f", m.median(func(s slope) float64 { return s.Memory }))
	})
	row("viewers frozen, of 200", "0", func(m measured) string {
		return fmt.Sprint(m.median(func(s slope) float64 { return float64(s.Loads[1].Frozen) }))
	})
	fmt.Fprintf(&b, "\nA camera pulled and not watched: %.2f ms of CPU a second (to reach: 2.0).\n", r.Ingest)
	fmt.Fprintf(&b, "The floor, sealing and handing to the kernel: %.2f µs a packet.\n", r.Floor)
	fmt.Fprintf(&b, "\n| viewers | cameras | CPU, cores | packets/s | µs a packet | resident MiB | frozen |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, l := range r.Growth {
		fmt.Fprintf(&b, "| %d | %d | %.3f | %.0f | %.2f | %.0f | %d |\n", l.Viewers, l.Cameras, l.CPU, l.Packets, l.PerPacket, l.RSS/(1<<20), l.Frozen)
	}
	return b.String()
}

// write leaves the results as JSON, a table and a plot.
func (r *results) write(dir string) error {
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	for name, text := range map[string]string{"results.json": string(b) + "\n", "results.md": r.table(), "results.svg": r.plot()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// plot draws CPU against viewers, and the first picture of each gateway.
func (r *results) plot() string {
	const w, h, left, bottom, top = 720.0, 360.0, 60.0, 310.0, 30.0
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" font-family="system-ui,sans-serif" font-size="13">`+"\n", w, h)
	fmt.Fprintf(&b, `<rect width="%g" height="%g" fill="#fff"/>`+"\n", w, h)
	maxV, maxC := 1.0, 0.1
	series := map[string][]load{"one camera": nil}
	for _, l := range r.Growth {
		if l.Cameras == 1 {
			series["one camera"] = append(series["one camera"], l)
		}
	}
	for _, m := range r.Gateways {
		series[m.Name+", 20 cameras"] = m.middle().Loads
	}
	for _, ls := range series {
		for _, l := range ls {
			maxV, maxC = max(maxV, float64(l.Viewers)), max(maxC, l.CPU)
		}
	}
	x := func(v float64) float64 { return left + v/maxV*400 }
	y := func(c float64) float64 { return bottom - c/maxC*(bottom-top) }
	fmt.Fprintf(&b, `<path d="M%g %gV%gH%g" fill="none" stroke="#667"/>`, left, top, bottom, x(maxV))
	fmt.Fprintf(&b, `<text x="%g" y="%g">CPU, cores</text><text x="%g" y="%g" text-anchor="end">viewers</text>`, left-50, top-12, x(maxV), bottom+35)
	for i := range 5 {
		v, c := maxV*float64(i)/4, maxC*float64(i)/4
		fmt.Fprintf(&b, `<text x="%g" y="%g" text-anchor="middle" fill="#667">%.0f</text><text x="%g" y="%g" text-anchor="end" fill="#667">%.2f</text>`, x(v), bottom+18, v, left-6, y(c)+4, c)
	}
	colours := []string{"#0b62c9", "#0f8a52", "#c0311f", "#9a5b00"}
	i := 0
	for _, name := range []string{"one camera", "matthan, 20 cameras", "peer, 20 cameras"} {
		ls, ok := series[name]
		if !ok {
			continue
		}
		var d strings.Builder
		for k, l := range ls {
			fmt.Fprintf(&d, "%c%.1f %.1f", "ML"[min(k, 1)], x(float64(l.Viewers)), y(l.CPU))
		}
		fmt.Fprintf(&b, "\n"+`<path d="%s" fill="none" stroke="%s" stroke-width="2"/><text x="%g" y="%g" fill="%s">%s</text>`, d.String(), colours[i], left+12, top+16*float64(i+1), colours[i], name)
		i++
	}
	longest := 1.0
	for _, m := range r.Gateways {
		longest = max(longest, m.FirstP95)
	}
	fmt.Fprintf(&b, "\n"+`<text x="500" y="%g">First picture, ms (p50, p95)</text>`, top-12)
	for k, m := range r.Gateways {
		at := top + 20 + 60*float64(k)
		fmt.Fprintf(&b, "\n"+`<text x="500" y="%g">%s: %.0f, %.0f</text><rect x="500" y="%g" width="%.1f" height="14" fill="%s55"/><rect x="500" y="%g" width="%.1f" height="14" fill="%s"/>`,
			at, m.Name, m.FirstP50, m.FirstP95, at+8, max(2, m.FirstP95/longest*200), colours[k+1], at+8, max(2, m.FirstP50/longest*200), colours[k+1])
	}
	b.WriteString("\n</svg>\n")
	return b.String()
}
