package cluster

import (
	"fmt"
	"testing"
	"time"

	"matthan/auth"
	"matthan/auth/audit"
)

func TestQueryFindsWhatFitsInOrder(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	c := newClock(start)
	s, a := openLogAt(t, t.TempDir(), AuditConfig{Reserve: 1 << 20}, c.now)
	var all []auth.Record
	for i := range 250 {
		c.set(start.Add(time.Duration(i) * 24 * time.Minute)) // four days
		r := look(i)
		if i%5 == 0 {
			r.Event, r.Detail = auth.ActDenied, "ptz"
		}
		if i == 77 {
			r = auth.Record{Event: auth.PersonBlocked, Subject: "chief", Target: "person-3"}
		}
		if i%60 == 10 { // four views with one code
			r.View = "4qx7rt2" + fmt.Sprintf("%09d", i)
		}
		mustWrite(t, a, r)
		r.Time = c.now()
		all = append(all, r)
	}
	<-a.Ready()
	for name, thinned := range map[string]bool{"by the index": false, "without it": true} {
		if thinned {
			a.mu.Lock()
			for _, x := range a.index.segments {
				a.index.thin(x)
			}
			a.mu.Unlock()
		}
		for _, f := range []audit.Filter{
			{}, {Camera: "camera-4"}, {Person: "person-3"}, {Areas: []string{"ward-1"}}, {Areas: []string{"ward-2", "ward-0"}}, {Areas: []string{"city"}, Camera: "camera-0", Person: "person-1"},
			{Camera: "camera-4", From: start.Add(day), Until: start.Add(2 * day)}, {From: start.Add(3*day + time.Hour)}, {Until: start.Add(time.Hour)},
			{Events: []auth.Event{auth.ActDenied, auth.PersonBlocked}}, {Camera: "none"}, {View: "v123"}, {View: "4QX-7RT2"}, {View: "4qx7rt2000000070"}, {View: "4QX-7RT3"}, {View: "4qx7rt2", Camera: "camera-5"}, {Events: []auth.Event{auth.GatewayStarted}},
			{From: start.Add(100 * day)}, {Until: start},
		} {
			for _, limit := range []int{1000, 90} {
				for _, newest := range []bool{false, true} {
					f.Newest = newest
					compareQuery(t, name, a, f, limit, all)
				}
			}
		}
	}
	mustClose(t, s)
}

func compareQuery(t *testing.T, name string, a *Audit, f audit.Filter, limit int, all []auth.Record) {
	t.Helper()
	var want, got []string
	for _, r := range all {
		if e := (audit.Entry{Record: r}); f.Fits(&e) {
			want = append(want, r.View+r.Target)
		}
	}
	if f.Newest {
		for i, j := 0, len(want)-1; i < j; i, j = i+1, j-1 {
			want[i], want[j] = want[j], want[i]
		}
	}
	after, pages := uint64(0), 0
	for {
		p, err := a.Query(t.Context(), f, limit, after)
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Entries) > limit {
			t.Fatalf("%s: a page of %d", name, len(p.Entries))
		}
		for _, e := range p.Entries {
			if e.Event != auth.LogRetention {
				got = append(got, e.View+e.Target)
			}
		}
		if pages++; pages > 2000 {
			t.Fatalf("%s: no end of pages of %+v", name, f)
		}
		if after = p.Next; after == 0 {
			break
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: %+v by %d: %d entries, want %d: %.200v", name, f, limit, len(got), len(want), got)
	}
}

func TestIndexStaysWithinItsBound(t *testing.T) {
	t.Parallel()
	x := newIndex(200_000)
	n := uint64(0)
	for day := range 50 {
		for i := range 1000 {
			n++
			r := look(i)
			r.Time = time.Unix(int64(day)*24*60*60+int64(i), 0)
			x.add(n, n, []audit.Entry{{N: n, Record: r}})
		}
	}
	given := 0
	for _, s := range x.segments {
		if s.posts == nil {
			given++
		}
	}
	if x.bytes > x.most || given == 0 || given == len(x.segments) || len(x.segments) != 50 {
		t.Errorf("%d bytes, %d of %d days given up", x.bytes, given, len(x.segments))
	}
	x.cut(n - 1500)
	if len(x.segments) != 2 {
		t.Errorf("%d days after a cut", len(x.segments))
	}
}
