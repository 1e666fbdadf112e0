package api

import (
	"context"
	"encoding/csv"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/auth/audit"
	"matthan/gateway/cluster"
)

// openLog is an audit log in a store of its own.
func openLog(t *testing.T) *cluster.Audit {
	t.Helper()
	log, _ := openLogOf(t)
	return log
}

func openLogOf(t *testing.T) (*cluster.Audit, *cluster.Store) {
	t.Helper()
	dir := t.TempDir()
	store, err := cluster.Open(t.Context(), cluster.Config{Dir: dir, Key: [32]byte{1}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	key, err := cluster.LoadAuditKey(cluster.AuditKeyFile(dir))
	if err != nil {
		t.Fatal(err)
	}
	log, err := store.Audit(t.Context(), cluster.AuditConfig{Key: key, Reserve: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	return log, store
}

// newest is the last record of an event.
func (o *office) newest(e auth.Event) auth.Record {
	o.t.Helper()
	p, err := o.log.Query(o.t.Context(), audit.Filter{Events: []auth.Event{e}, Newest: true}, 1, 0)
	if err != nil || len(p.Entries) != 1 {
		o.t.Fatalf("no record of %s: %v", e, err)
	}
	return p.Entries[0].Record
}

func TestEveryActIsRecordedByWhomOnWhatAndByWhatRight(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	binh := o.enter("binh", "lang", auth.Viewer)
	lang := []string{"lang", "ha-noi"}
	check := func(e auth.Event, who, target, by string, areas []string, detail string) {
		t.Helper()
		r := o.newest(e)
		if r.Subject != o.keys[who] || r.Name != "Họ "+who || r.Target != target || r.By != by || !slices.Equal(r.Areas, areas) ||
			!strings.Contains(r.Detail, detail) || r.Address != "127.0.0.1" || r.Device == "" {
			t.Errorf("%s: %+v", e, r)
		}
	}
	key := o.give("lang")
	check(auth.GrantGiven, "admin", key, "role administrator", lang, "đi tuần")
	o.want(204, nil, "chief", "DELETE", "grants/"+key, "")
	check(auth.GrantRevoked, "chief", key, "role supervisor", lang, "view")
	key = o.made("an", "requests", askLang)
	check(auth.RequestAsked, "an", key, "session", lang, reason)
	o.want(204, nil, "chief", "POST", "requests/"+key+"/answer", `{"yes":false}`)
	check(auth.RequestAnswered, "chief", key, "role supervisor", lang, "person "+o.keys["an"]+", no")
	key = o.made("an", "requests", askLang)
	o.want(204, nil, "an", "DELETE", "requests/"+key, "")
	check(auth.RequestAnswered, "an", key, "session", lang, "withdrawn")
	var made emergencyDoc
	o.want(201, &made, "an", "POST", "emergency", `{"area":"lang","reason":"`+reason+`","for":60}`)
	check(auth.EmergencyTaken, "an", made.Key, "session", lang, reason)
	o.want(204, nil, "chief", "DELETE", "people/"+o.keys["binh"]+"/sessions/"+binh, "")
	check(auth.SessionsEnded, "chief", o.keys["binh"], "role supervisor", lang, "Chrome, Android")
	o.want(204, nil, "chief", "PUT", "people/"+o.keys["binh"]+"/block", `{"reason":"the phone was stolen"}`)
	check(auth.PersonBlocked, "chief", o.keys["binh"], "role supervisor", lang, "stolen")
	o.want(204, nil, "admin", "DELETE", "people/"+o.keys["binh"]+"/block", "")
	check(auth.PersonUnblocked, "admin", o.keys["binh"], "role administrator", lang, "")
	o.want(404, nil, "an", "POST", "grants", `{"who":{"role":"viewer"},"actions":["view"],"areas":["lang"]}`)
	if r := o.newest(auth.GrantGiven); r.Subject == o.keys["an"] {
		t.Error("something was recorded that did not take place")
	}
}

// finds waits for the records of somebody and an event.
func (o *office) finds(who string, e auth.Event, n int) []audit.Entry {
	o.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; <-time.After(5 * time.Millisecond) {
		p, err := o.log.Query(o.t.Context(), audit.Filter{Person: o.keys[who], Events: []auth.Event{e}}, 100, 0)
		if err != nil || len(p.Entries) > n || time.Now().After(deadline) {
			o.t.Fatalf("%d records of %s, want %d: %v", len(p.Entries), e, n, err)
		}
		if len(p.Entries) == n {
			return p.Entries
		}
	}
}

func TestWhatIsRefusedForLackOfRightIsRecordedOnceAMinute(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for range 3 {
		o.want(404, nil, "an", "GET", "cameras/crossing", "")
		o.want(404, nil, "an", "POST", "grants", `{"who":{"role":"viewer"},"actions":["view"],"areas":["lang"]}`)
		o.want(404, nil, "an", "PUT", "people/"+o.keys["dung"]+"/block", `{"reason":"for no good reason"}`)
		o.want(404, nil, "an", "GET", "audit/export", "")
		o.want(404, nil, "an", "GET", "no-such-thing", "")
	}
	found := map[string]audit.Entry{}
	for _, e := range o.finds("an", auth.ActDenied, 4) {
		found[e.Detail] = e
	}
	if e := found["GET /api/v1/cameras/{id}"]; e.Camera != "crossing" || !slices.Equal(e.Areas, []string{"lang", "ha-noi"}) || e.Address != "127.0.0.1" || e.Name != "Họ an" {
		t.Errorf("%+v", e)
	}
	if e := found["PUT /api/v1/people/{key}/block"]; e.Target != o.keys["dung"] {
		t.Errorf("%+v", e)
	}
	if len(found) != 4 {
		t.Errorf("%+v", found)
	}
}

func TestWhereTheLogCannotBeWrittenNoActIsAnsweredWithSuccess(t *testing.T) {
	t.Parallel()
	closed, store := openLogOf(t)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	o := newOfficeOn(t, closed)
	status, text := o.do("admin", "POST", "grants", `{"who":{"person":"`+o.keys["an"]+`"},"actions":["view"],"areas":["lang"]}`)
	if status != http.StatusInternalServerError || !strings.Contains(text, `"code":"unrecorded"`) {
		t.Errorf("%d %s", status, text)
	}
	for _, path := range []string{"audit", "audit/export"} {
		if status, text := o.do("auditor", "GET", path, ""); status != http.StatusInternalServerError || strings.Contains(text, "view.opened") {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
}

// look writes a view of a camera into the log.
func (o *office) look(who, camera string, areas ...string) {
	o.t.Helper()
	if err := o.log.Write(context.Background(), auth.Record{Event: auth.ViewOpened, Subject: who, Camera: camera, Kind: "public", Areas: areas}); err != nil {
		o.t.Fatal(err)
	}
}

// cameras are those of the records that somebody finds, in their order.
func (o *office) cameras(who, query string) (out []string) {
	o.t.Helper()
	for path := "audit?limit=2&event=view.opened&" + query; ; {
		var doc logDoc
		o.want(200, &doc, who, "GET", path, "")
		for _, e := range doc.Entries {
			if e.N == 0 || e.Event != auth.ViewOpened {
				o.t.Errorf("%+v", e)
			}
			out = append(out, e.Camera)
		}
		if doc.Next == 0 {
			return out
		}
		path = "audit?limit=2&event=view.opened&" + query + "&after=" + strconv.FormatUint(doc.Next, 10)
	}
}

func TestAnAuditorReadsTheRecordsOfTheirAreasOnlyAndThatIsRecorded(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.enter("ward", "lang", auth.Auditor)
	o.enter("city", "ha-noi", auth.Auditor)
	o.look("p1", "crossing", "lang", "ha-noi")
	o.look("p2", "far", "vinh")
	o.look("p2", "house", "lang", "ha-noi")
	o.look("p1", "gone", "cau-giay", "ha-noi")
	for _, tt := range []struct{ who, query, want string }{
		{"auditor", "", "gone house far crossing"}, {"auditor", "oldest=true", "crossing far house gone"}, {"auditor", "area=vinh", "far"},
		{"auditor", "area=cau-giay", "gone"}, {"auditor", "person=p2", "house far"}, {"auditor", "camera=far", "far"}, {"auditor", "until=2020-01-01T00:00:00Z", ""},
		{"city", "", "gone house crossing"}, {"city", "area=lang", "house crossing"}, {"city", "area=vinh", ""}, {"city", "camera=far", ""},
		{"ward", "", "house crossing"}, {"ward", "area=ha-noi", ""}, {"ward", "area=no-such-area", ""}, {"ward", "person=p1", "crossing"},
	} {
		if got := strings.Join(o.cameras(tt.who, tt.query), " "); got != tt.want {
			t.Errorf("%s ?%s: %q, want %q", tt.who, tt.query, got, tt.want)
		}
	}
	if r := o.newest(auth.LogRead); r.Subject != o.keys["ward"] || r.By != "role auditor" || !strings.Contains(r.Detail, "person=p1") || !slices.Equal(r.Areas, []string{"lang"}) {
		t.Errorf("%+v", r)
	}
	for _, who := range []string{"an", "chief", "admin"} {
		for _, path := range []string{"audit", "audit?area=lang", "audit?camera=crossing", "audit/export", "audit/head"} {
			o.want(404, nil, who, "GET", path, "")
		}
	}
	o.want(404, nil, "ward", "GET", "audit/export", "")
	for query, field := range map[string]string{"event=x": "event", "from=yesterday": "from", "until=1": "until", "limit=0": "limit", "limit=1001": "limit", "after=-1": "after", "person=" + strings.Repeat("a", 201): "person"} {
		if status, text := o.do("auditor", "GET", "audit?"+query, ""); status != 400 || !strings.Contains(text, `"field":"`+field+`"`) {
			t.Errorf("?%s: %d %s", query, status, text)
		}
	}
}

func TestTheExportIsVerifiedAndItsTableIsRead(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for range 30 {
		o.look("p1", "crossing", "lang", "ha-noi")
	}
	var head headDoc
	o.want(200, &head, "auditor", "GET", "audit/head", "")
	status, text := o.do("auditor", "GET", "audit/export", "")
	key, err := audit.ParseKey(head.Key)
	if err != nil || status != 200 {
		t.Fatal(status, err)
	}
	mark, err := audit.ParseMark(head.Head)
	if err != nil {
		t.Fatal(err)
	}
	r, err := audit.Verify(t.Context(), strings.NewReader(text), audit.Trust{Key: key, Heads: []audit.Mark{mark}})
	if err != nil || !r.OK() || r.Records < 31 { // with that it was exported
		t.Errorf("%+v, %v", r, err)
	}
	if status, text = o.do("auditor", "GET", "audit/export?format=csv&from="+time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), ""); status != 200 {
		t.Fatal(status, text)
	}
	if rows, err := csv.NewReader(strings.NewReader(text)).ReadAll(); err != nil || strings.Count(text, "view.opened") != 30 || len(rows) < 33 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	if r := o.newest(auth.LogExported); r.Subject != o.keys["auditor"] || !strings.Contains(r.Detail, "format=csv") {
		t.Errorf("%+v", r)
	}
}

func TestTheLogIsAskedByReasonCaseAndView(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for i, r := range []auth.Record{{Reason: "theft", Case: "12/HS-2026"}, {Reason: "fire", Case: "7"}, {Reason: "theft", Case: "13/HS-2026"}} {
		r.Event, r.Subject, r.Camera, r.View, r.Areas = auth.ViewOpened, "p1", "house", "view"+strconv.Itoa(i), []string{"lang", "ha-noi"}
		if err := o.log.Write(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	for query, want := range map[string]int{"reason=theft": 2, "reason=none": 0, "case=12/hs-2026": 1, "reason=theft&case=7": 0, "view=view1": 1} {
		if got := o.cameras("auditor", query); len(got) != want {
			t.Errorf("?%s: %d records, want %d", query, len(got), want)
		}
	}
}

func TestAnAuditorIsToldWhatIsUnusualInTheirAreasAndWhomToAskAbout(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.enter("ward", "lang", auth.Auditor)
	for _, area := range []string{"lang", "vinh"} {
		r := auth.Record{Event: auth.ViewOpened, Subject: "p1", Name: "Họ p1", Camera: "house-" + area, Kind: auth.Household, Areas: []string{area}}
		if err := o.log.Write(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	for who, want := range map[string]int{"ward": 1, "auditor": 1} {
		var doc unusualDoc
		o.want(200, &doc, who, "GET", "audit/report", "")
		if len(doc.Findings) != want || doc.Findings[0].Pattern != audit.NoReason || doc.Findings[0].Subject != "p1" {
			t.Fatalf("%s: %+v", who, doc)
		}
		if wanted := map[string]float64{"ward": 1, "auditor": 2}[who]; doc.Findings[0].Amount != wanted {
			t.Errorf("%s: %v looks, want %v", who, doc.Findings[0].Amount, wanted)
		}
	}
	if r := o.newest(auth.LogRead); !strings.Contains(r.Detail, "report") {
		t.Errorf("%+v", r)
	}
	for who, want := range map[string]string{"ward": "chief ward", "auditor": "admin an auditor beside chief dung ward"} {
		var doc actorsDoc
		o.want(200, &doc, who, "GET", "audit/people", "")
		var got []string
		for _, p := range doc.People {
			got = append(got, strings.TrimPrefix(p.Name, "Họ "))
			if p.Key == "" {
				t.Errorf("%+v", p)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s may ask about %q, want %q", who, got, want)
		}
	}
	for _, who := range []string{"an", "chief", "admin", "tool"} {
		for _, path := range []string{"audit/report", "audit/people"} {
			o.want(404, nil, who, "GET", path, "")
		}
	}
	if status, text := o.do("auditor", "GET", "audit/report?from=2026-01-01T00:00:00Z&until=2026-06-01T00:00:00Z", ""); status != 400 || !strings.Contains(text, "92 days") {
		t.Errorf("%d %s", status, text)
	}
	var head headDoc
	o.want(200, &head, "ward", "GET", "audit/head", "")
	if head.Whole || len(head.Faults) > 0 {
		t.Errorf("%+v", head)
	}
}
