package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"matthan/gateway"
	"matthan/gateway/doctor"
)

// TestEveryQuirkHasWords asks the doctor of all that a camera may do against the
// rules.
func TestEveryQuirkHasWords(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(filepath.Join("gateway", "quirk.go"))
	if err != nil {
		t.Fatal(err)
	}
	quirks := regexp.MustCompile(`(?m)^\tQuirk\w+ +Quirk = "(\w+)"`).FindAllSubmatch(b, -1)
	if len(quirks) < 19 {
		t.Fatalf("%d quirks were read", len(quirks))
	}
	for _, q := range quirks {
		if f, ok := doctor.OfQuirk(gateway.Quirk(q[1]), "rtsp://192.0.2.7/"); !ok || f.Says.VI == "" || f.Says.EN == "" {
			t.Errorf("%s: nothing is said of it", q[1])
		}
	}
}

// TestEveryCauseHasWordsWhereverPeopleReadIt looks for all causes in the tables of
// those who show them, in both languages.
func TestEveryCauseHasWordsWhereverPeopleReadIt(t *testing.T) {
	t.Parallel()
	read := func(path ...string) []byte {
		b, err := os.ReadFile(filepath.Join(path...))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	causes := regexp.MustCompile(`(?m)^\t(Cause\w+) +Cause = "(\w+)"`).FindAllSubmatch(read("gateway", "cause.go"), -1)
	if len(causes) < 13 {
		t.Fatalf("%d causes were read", len(causes))
	}
	viewers := read("signaling", "codes.go")
	// Their tables of causes alone: other tables have the same words.
	tables := func(file []byte, name string) []byte {
		return bytes.Join(regexp.MustCompile(`(?ms)^  `+name+`: \{$.*?^  \}`).FindAll(file, -1), nil)
	}
	screens := map[string][]byte{
		"the pages of administrators": tables(read("web", "src", "core", "manage", "texts-health.ts"), "healthCauses"),
		"the pages of owners":         tables(read("web", "src", "core", "owner", "texts.ts"), "causes"),
	}
	for _, c := range causes {
		if !bytes.Contains(viewers, []byte("gateway."+string(c[1])+":")) {
			t.Errorf("%s: viewers are told nothing of it", c[2])
		}
		entry := regexp.MustCompile(`(?m)^    ` + string(c[2]) + `: '.+',$`)
		for of, text := range screens {
			if n := len(entry.FindAll(text, -1)); n != 2 {
				t.Errorf("%s: %s tell of it %d times, want in both languages", c[2], of, n)
			}
		}
	}
}
