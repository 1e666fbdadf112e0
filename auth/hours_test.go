package auth

import (
	"testing"
	"time"
)

func TestWeeklyHours(t *testing.T) {
	t.Parallel()
	parse := func(zone, s string) time.Time {
		at, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		p, err := time.ParseInLocation("2006-01-02 15:04:05", s, at)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	const vn, berlin = "Asia/Ho_Chi_Minh", "Europe/Berlin"
	night := []Span{{time.Friday, 22 * 60, 6 * 60}, {time.Saturday, 22 * 60, 6 * 60}}
	for _, tt := range []struct {
		zone  string
		spans []Span
		at    string
		in    bool
		edge  string
	}{
		{vn, night, "2026-11-27 21:59:59", false, "2026-11-27 22:00:00"},
		{vn, night, "2026-11-27 22:00:00", true, "2026-11-28 06:00:00"},
		{vn, night, "2026-11-28 00:00:00", true, "2026-11-28 06:00:00"},
		{vn, night, "2026-11-28 05:59:59", true, "2026-11-28 06:00:00"},
		{vn, night, "2026-11-28 06:00:00", false, "2026-11-28 22:00:00"},
		{vn, night, "2026-11-29 05:00:00", true, "2026-11-29 06:00:00"},
		{vn, night, "2026-11-29 06:00:00", false, "2026-12-04 22:00:00"},
		{vn, []Span{{time.Sunday, 0, day}}, "2026-11-29 23:59:59", true, "2026-11-30 00:00:00"},
		{vn, []Span{{time.Sunday, 600, 600}}, "2026-11-30 09:59:00", true, "2026-11-30 10:00:00"},
		{vn, []Span{{time.Sunday, 600, 600}}, "2026-11-30 10:00:00", false, "2026-12-06 10:00:00"},
		{vn, []Span{{time.Sunday, 600, 900}, {time.Sunday, 660, 720}}, "2026-11-29 11:30:00", true, "2026-11-29 15:00:00"},
		{vn, []Span{{time.Sunday, 660, 720}, {time.Sunday, 600, 900}}, "2026-11-29 11:30:00", true, "2026-11-29 15:00:00"},
		{berlin, night, "2026-03-28 23:00:00", true, "2026-03-29 06:00:00"}, // an hour is left out
		{berlin, night, "2026-10-25 05:30:00", true, "2026-10-25 06:00:00"}, // one came twice
	} {
		h := &Hours{tt.zone, tt.spans}
		zone, err := h.check()
		if err != nil {
			t.Fatal(err)
		}
		in, edge := h.at(parse(tt.zone, tt.at).UTC(), zone)
		if want := parse(tt.zone, tt.edge); in != tt.in || !edge.Equal(want) {
			t.Errorf("%s %s: %v until %v, want %v until %v", tt.zone, tt.at, in, edge.In(zone), tt.in, want)
		}
	}
}

func TestLeaseLastsAsLongAsTheLongerRight(t *testing.T) {
	t.Parallel()
	for _, longer := range []Who{{Role: Viewer}, {Person: PersonKey(issuer, "an")}} { // worked out second, and first
		h := newHouse(t)
		an := h.subject("an", "vinh", Viewer)
		for _, key := range []string{"short", "long"} {
			g := Grant{Who: Who{Person: an.ID}, Actions: []Action{View}, Areas: []string{"lang"}, Cameras: []string{"household-lang"}, Until: now.Add(10 * time.Second)}
			if longer.Person != "" {
				g.Who = Who{Role: Viewer}
			}
			if key == "long" {
				g.Who, g.Until = longer, now.Add(20*time.Second)
			}
			h.put(key, g)
		}
		h.lend("household-lang", an)
		for _, camera := range []string{"public-block", "household-lang"} {
			r, _ := cameraOf(camera)
			p, err := h.Decide(an, View, r, now)
			if err != nil || !p.Until.Equal(now.Add(20*time.Second)) || p.By != "grant long" {
				t.Errorf("%s: until %v by %s, %v", camera, p.Until, p.By, err)
			}
			if p, err = h.Decide(an, View, r, now.Add(15*time.Second)); err != nil || !p.Until.Equal(now.Add(20*time.Second)) {
				t.Errorf("%s after the shorter one: until %v, %v", camera, p.Until, err)
			}
		}
	}
}
