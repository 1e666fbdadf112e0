package auth

import (
	"fmt"
	"testing"
	"time"
)

// BenchmarkListForOfficer lists 3,000 cameras of 30 wards for one officer with
// 200 grants in force, which are given for weekly hours, and 9,800 of others.
func BenchmarkListForOfficer(b *testing.B) {
	const wards, cameras, mine, all = 30, 3000, 200, 10_000
	tables := NewMemoryTables()
	p, err := NewPolicyFor(nil, tables, Settings{})
	if err != nil {
		b.Fatal(err)
	}
	_, s, err := p.SignIn(b.Context(), Arrival{Claims: claims("an", "ward-0", Viewer)}, now)
	if err != nil {
		b.Fatal(err)
	}
	for i := range all {
		g := Grant{
			Who: Who{Person: fmt.Sprintf("other-%d", i)}, Actions: []Action{View, Lookback, PTZ}, By: "chief",
			Areas: []string{fmt.Sprintf("ward-%d", i%wards)}, Cameras: []string{fmt.Sprintf("camera-%d", i%cameras)},
			Hours: &Hours{"Asia/Ho_Chi_Minh", []Span{{time.Monday, 6 * 60, 18 * 60}, {time.Tuesday, 22 * 60, 6 * 60}}},
		}
		if i < mine {
			g.Who.Person = s.ID
		}
		if _, err := tables.Grants.Put(b.Context(), fmt.Sprint(i), g, 0); err != nil {
			b.Fatal(err)
		}
	}
	resources := make([]Resource, cameras)
	for i := range resources {
		ward := fmt.Sprintf("ward-%d", i%wards)
		kind := []string{"public", "household"}[i/wards%2]
		resources[i] = Resource{fmt.Sprintf("camera-%d", i), kind, []string{"group-7", ward, "ha-noi"}}
	}
	list := func(b *testing.B) {
		seen := 0
		for _, r := range resources {
			if _, err := p.Decide(s, List, r, now); err == nil {
				seen++
			}
		}
		if seen < cameras/2 || seen == cameras {
			b.Fatalf("%d cameras", seen)
		}
	}
	list(b)
	b.Run("unchanged", func(b *testing.B) {
		for b.Loop() {
			list(b)
		}
	})
	b.Run("after-a-change", func(b *testing.B) {
		g, revision, _ := tables.Grants.Get("0")
		for b.Loop() {
			if revision, err = tables.Grants.Put(b.Context(), "0", g, revision); err != nil {
				b.Fatal(err)
			}
			list(b)
		}
	})
}
