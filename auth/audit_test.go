package auth

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestRecordsAreBoundedWhateverTheyAreMadeOf(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ế", 2000) + "\n\u2028\x00"
	r := Record{Time: time.Date(2026, 11, 22, 8, 0, 0, 1234567, time.FixedZone("+07", 7*60*60)), Event: ViewClosed,
		Subject: long, Name: long, By: long, Address: long, Device: long, Camera: long, Kind: long, Target: long, View: long, Reason: long, Case: long,
		Detail: long, Duration: time.Minute + 1}
	for range 100 {
		r.Areas = append(r.Areas, long)
	}
	c, err := r.Clean()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range append([]string{c.Subject, c.Name, c.By, c.Address, c.Device, c.Camera, c.Kind, c.Target, c.View, c.Reason, c.Case, c.Detail}, c.Areas...) {
		if s == "" || len(s) > MaxDetail || strings.ContainsAny(s, "\n\u2028\x00") || !utf8.ValidString(s) {
			t.Errorf("%d bytes: %.20q", len(s), s)
		}
	}
	if len(c.Areas) != maxPath || len(c.Camera) > maxID || c.Time.Location() != time.UTC || c.Time.Nanosecond() != 1_000_000 || c.Duration != time.Minute {
		t.Errorf("%d areas, %v, %v", len(c.Areas), c.Time, c.Duration)
	}
}

func TestRecordsThatTellOfNothingKnownAreRefused(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for name, r := range map[string]Record{
		"no event":         {Time: now},
		"an unknown event": {Time: now, Event: "view.dreamt"},
		"a duration":       {Time: now, Event: ViewClosed, Duration: -1},
		"a time":           {Time: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), Event: ViewClosed},
	} {
		if _, err := r.Clean(); !errors.Is(err, ErrFaulty) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEveryEventHasOneName(t *testing.T) {
	t.Parallel()
	seen := map[Event]bool{}
	for _, e := range events {
		if seen[e] || !e.Known() || strings.Trim(string(e), "abcdefghijklmnopqrstuvwxyz.") != "" {
			t.Errorf("%q", e)
		}
		seen[e] = true
	}
}
