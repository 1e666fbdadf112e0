package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/auth/audit"
	"matthan/gateway/cluster"
)

// audited makes a data directory whose log holds 40 views of eight cameras, and
// returns its configuration file and the log's public key.
func audited(t *testing.T) (config, key string) {
	t.Helper()
	config = filepath.Join(t.TempDir(), "matthan.yaml")
	if err := os.WriteFile(config, []byte("audit: {keep: 400d, reserve: 16777216}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := loadConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Audit.Keep != 400*24*time.Hour {
		t.Errorf("kept for %v", cfg.Audit.Keep)
	}
	store, _, err := openStore(t.Context(), cfg, quiet(t.Output()))
	if err != nil {
		t.Fatal(err)
	}
	private, err := cluster.LoadAuditKey(cluster.AuditKeyFile(storeDir(cfg)))
	if err != nil {
		t.Fatal(err)
	}
	a, err := store.Audit(t.Context(), cluster.AuditConfig{Key: private, Keep: cfg.Audit.Keep, Reserve: int64(cfg.Audit.Reserve)})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		at := time.Date(2026, 11, 1+i%20, 9, i, 0, 0, time.UTC)
		r := auth.Record{Time: at, Event: auth.ViewOpened, Subject: "KbCdE", Name: "Trần Thị Bình", Camera: fmt.Sprint("house-", i%8), Kind: auth.Household, Areas: []string{"lang", "ha-noi"}}
		if err := a.Write(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return config, audit.KeyText(audit.Public(private))
}

// told runs a command line, and fails where its exit code is another.
func told(t *testing.T, code int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	if got := command(t.Context(), args, &out, &errs); got != code {
		t.Errorf("matthan %q ends with %d, want %d: %s%s", args, got, code, out.String(), errs.String())
	}
	return out.String(), errs.String()
}

func TestAuditLogIsAskedExportedAndVerifiedOnTheCommandLine(t *testing.T) {
	t.Parallel()
	config, key := audited(t)
	out, _ := told(t, 0, "audit", "query", "--config", config, "--camera", "house-3", "--from", "2026-11-04", "--until", "2026-11-20", "--json")
	n := 0
	for line := range strings.Lines(out) {
		var e audit.Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.Camera != "house-3" {
			t.Errorf("%q: %v", line, err)
		}
		n++
	}
	if n != 4 { // every eighth of 40 are five, and one is of the 20th
		t.Errorf("%d records of one camera: %s", n, out)
	}
	if out, _ := told(t, 0, "audit", "query", "--config", config, "--event", "log.read"); !strings.Contains(out, "query camera=house-3") {
		t.Errorf("that the log was read is not in it: %s", out)
	}
	if out, _ := told(t, 0, "audit", "key", "--config", config); strings.TrimSpace(out) != key {
		t.Errorf("the key %s, want %s", out, key)
	}
	if out, _ := told(t, 0, "audit", "report", "--config", config); !strings.Contains(out, "no reason Trần Thị Bình (KbCdE)") {
		t.Errorf("%s", out)
	}

	file := filepath.Join(t.TempDir(), "log.ndjson")
	told(t, 0, "audit", "export", "--config", config, file)
	told(t, 1, "audit", "export", "--config", config, file) // it is there already
	out, _ = told(t, 0, "audit", "verify", file, "--key", key)
	_, rest, _ := strings.Cut(out, "head: ")
	head, _, _ := strings.Cut(rest, "\n")
	if !strings.Contains(out, "nothing was altered") || head == "" {
		t.Fatalf("%s", out)
	}
	told(t, 0, "audit", "verify", "--key", key, "--head", head, file)
	table := filepath.Join(t.TempDir(), "part.csv")
	told(t, 0, "audit", "export", "--config", config, "--camera", "house-1", table)
	if text, err := os.ReadFile(table); err != nil || strings.Count(string(text), "house-1") != 5 || strings.Contains(string(text), "house-2") {
		t.Errorf("%s, %v", text, err)
	}

	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	altered := bytes.Replace(text, []byte(`"camera":"house-3"`), []byte(`"camera":"house-4"`), 1)
	if err := os.WriteFile(file, altered, 0o600); err != nil {
		t.Fatal(err)
	}
	out, errs := told(t, 1, "audit", "verify", file)
	if !strings.Contains(out, "was altered") || strings.Contains(out, "nothing was altered") || !strings.Contains(errs, "1 faults") {
		t.Errorf("%s%s", out, errs)
	}
}

func TestAuditCommandsSayHowTheyAreUsed(t *testing.T) {
	t.Parallel()
	config := filepath.Join(t.TempDir(), "matthan.yaml")
	if err := os.WriteFile(config, []byte("{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		code int
		args []string
		want string
	}{
		{2, []string{"audit"}, "verify"},
		{2, []string{"audit", "forget"}, "no command"},
		{0, []string{"audit", "--help"}, "needs no gateway"},
		{0, []string{"audit", "query", "--help"}, "of a camera"},
		{2, []string{"audit", "query", "--event", "view.dreamt"}, "no event"},
		{2, []string{"audit", "query", "--from", "yesterday"}, "no time such as"},
		{2, []string{"audit", "query", "--zone", "Mars"}, "no time zone"},
		{2, []string{"audit", "export"}, "name the file"},
		{2, []string{"audit", "export", "x.ndjson", "--camera", "c"}, "name a .csv file"},
		{2, []string{"audit", "verify"}, "name the file"},
		{2, []string{"audit", "verify", "x", "--key", "short"}, "no public key"},
		{2, []string{"audit", "verify", "x", "--head", "12"}, "no head"},
		{1, []string{"audit", "verify", filepath.Join(t.TempDir(), "none")}, "no such file"},
		{1, []string{"audit", "verify", config}, "no export of an audit log"},
		{1, []string{"audit", "query", "--config", config}, "no audit log in"},
		{1, []string{"audit", "key", "--config", config}, "no audit log in"},
	} {
		out, errs := told(t, tt.code, tt.args...)
		if !strings.Contains(out+errs, tt.want) {
			t.Errorf("matthan %q says %q%q, want %q", tt.args, out, errs, tt.want)
		}
	}
}

func TestKeepingIsReadInWholeDays(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{keep: 400d}": "", "{keep: 29d}": "from 30d to 36500d", "{keep: 400}": "number of days", "{keep: 24h}": "number of days",
		"{reserve: 5}": "whole number", "{kept: 400d}": `did you mean "keep"`,
	} {
		_, err := parseConfig("c.yaml", []byte("audit: "+text+"\n"))
		if got := fmt.Sprint(err); want == "" && err != nil || !strings.Contains(got, want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestTheLogsKeyIsChangedOnTheCommandLine(t *testing.T) {
	t.Parallel()
	config, key := audited(t)
	out, _ := told(t, 0, "audit", "rotate-key", "--config", config)
	if !strings.Contains(out, "old key: "+key) {
		t.Errorf("%s", out)
	}
	_, rest, _ := strings.Cut(out, "new key: ")
	next, _, _ := strings.Cut(rest, "\n")
	if out, _ := told(t, 0, "audit", "key", "--config", config); strings.TrimSpace(out) != next || next == key {
		t.Errorf("the key is %s, want %s", out, next)
	}
	file := filepath.Join(t.TempDir(), "log.ndjson")
	told(t, 0, "audit", "export", "--config", config, file)
	for _, known := range []string{key, next} {
		if out, _ := told(t, 0, "audit", "verify", file, "--key", known); !strings.Contains(out, "nothing was altered") || !strings.Contains(out, "before, until record") {
			t.Errorf("%s", out)
		}
	}
}

// Whatever is done to the export of a gateway that ran, verify names it.
func TestVerifyNamesWhatWasDoneToTheLogOfARealGateway(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	at := s.ward()
	reader := s.auditor()
	officer, _ := s.officer("quan")
	officer.watch(at.camera)
	reader.finds(1, "event=view.opened")
	_, text := reader.do("GET", "/api/v1/audit/export", "", "")
	whole := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
	whole[len(whole)-1] += "\n"
	var records []int // their lines
	for i, line := range whole {
		if strings.HasPrefix(line, `{"n":`) {
			records = append(records, i)
		}
	}
	if len(records) < 10 {
		t.Fatalf("%d records", len(records))
	}
	third, last := records[2], records[len(records)-1]
	for name, tt := range map[string]struct {
		tamper func([]string) []string
		want   string
	}{
		"nothing": {func(l []string) []string { return l }, "nothing was altered"},
		"a byte changed": {func(l []string) []string {
			l[third] = strings.Replace(l[third], `"event":"`, `"event":"x`, 1)
			return l
		}, "record 3 was altered"},
		"a record removed": {func(l []string) []string { return slices.Delete(l, third, third+1) }, "record 3 is missing"},
		"two swapped": {func(l []string) []string {
			l[third], l[records[3]] = l[records[3]], l[third]
			return l
		}, "record 3 stands after record 4"},
		"the tail cut":                        {func(l []string) []string { return l[:last] }, "the end is cut off: records "},
		"the whole rewritten without the key": {func(l []string) []string { return rewritten(t, l) }, "was not signed with the log's key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "log.ndjson")
			if err := os.WriteFile(file, []byte(strings.Join(tt.tamper(slices.Clone(whole)), "")), 0o600); err != nil {
				t.Fatal(err)
			}
			code := 1
			if name == "nothing" {
				code = 0
			}
			if out, _ := told(t, code, "audit", "verify", file); !strings.Contains(out, tt.want) {
				t.Errorf("it does not say %q: %s", tt.want, out)
			}
		})
	}
}

// rewritten is the same log about another camera, with hashes that are right, by
// somebody who has not its key.
func rewritten(t *testing.T, lines []string) []string {
	t.Helper()
	_, thief, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []byte
	at := audit.Mark{}
	for _, line := range lines {
		l, err := audit.ParseLine([]byte(strings.TrimSuffix(line, "\n")))
		switch {
		case err != nil:
			t.Fatal(err)
		case l.Header != nil:
			at = l.Header.Before
			out = append(out, line...)
		case l.Head != nil:
			out = audit.AppendHead(out, audit.Head{Mark: at, Time: l.Head.Time}, thief)
		default:
			out, at = audit.AppendRecord(out, at, bytes.Replace(l.Record, []byte("view.opened"), []byte("view.denied"), 1))
		}
	}
	return strings.SplitAfter(string(out), "\n")
}
