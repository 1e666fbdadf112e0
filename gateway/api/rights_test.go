package api

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"matthan/auth"
)

// sees says whether somebody's list of cameras holds one.
func (o *office) sees(who, camera string) bool {
	o.t.Helper()
	var doc listDoc
	o.want(200, &doc, who, "GET", "cameras", "")
	return slices.ContainsFunc(doc.Cameras, func(c cameraDoc) bool { return string(c.ID) == camera })
}

func TestAGrantIsGivenListedAndRevoked(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	key := o.give("lang")
	office := o.made("admin", "grants", `{"who":{"group":"tuần tra"},"actions":["view","ptz"],"cameras":["crossing"],"from":"2026-01-01T00:00:00+07:00","until":"2126-01-01T00:00:00Z",
		"hours":{"zone":"Asia/Ho_Chi_Minh","spans":[{"day":1,"from":480,"to":1020}]}}`)
	if !o.sees("an", "crossing") || o.sees("an", "house") || o.sees("dung", "crossing") {
		t.Error("the grant gives something else")
	}
	for who, want := range map[string][]string{"an": {key}, "chief": {office, key}, "admin": {office, key}, "beside": nil} {
		var doc grantsDoc
		o.want(200, &doc, who, "GET", "grants", "")
		var got []string
		for _, g := range doc.Grants {
			got = append(got, g.Key)
			switch {
			case g.Key == key && (g.WhoName != "Họ an" || g.ByName != "Họ admin" || g.Who.Person != o.keys["an"] || g.Given.IsZero() || g.Reason != "đi tuần"),
				g.Key == office && (g.WhoName != "tuần tra" || g.Hours == nil || len(g.Hours.Spans) != 1 || g.Until.IsZero()):
				t.Errorf("%s: %+v", who, g)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s sees %q, want %q", who, got, want)
		}
	}
	o.want(404, nil, "admin", "POST", "grants", `{"who":{"person":"`+o.keys["admin"]+`"},"actions":["view"],"areas":["lang"]}`) // nobody to themselves
	o.want(404, nil, "chief", "POST", "grants", `{"who":{"role":"viewer"},"actions":["view"],"areas":["lang"]}`)
	o.want(404, nil, "admin", "POST", "grants", `{"who":{"role":"viewer"},"actions":["view"],"areas":["all"]}`)
	o.want(204, nil, "chief", "DELETE", "grants/"+key, "")
	o.want(404, nil, "chief", "DELETE", "grants/"+key, "")
	if o.sees("an", "crossing") {
		t.Error("a revoked grant gives something")
	}
}

func TestARequestIsAskedAnsweredAndWithdrawn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first, second := o.made("an", "requests", askLang), o.made("an", "requests", strings.Replace(askLang, `"actions"`, `"cameras":["house"],"actions"`, 1))
	list := func(who string) []requestDoc {
		t.Helper()
		var doc requestsDoc
		o.want(200, &doc, who, "GET", "requests", "")
		return doc.Requests
	}
	if l := list("beside"); len(l) != 0 {
		t.Errorf("the supervisor of another area sees %+v", l)
	}
	for who, mine := range map[string]bool{"an": true, "chief": false, "admin": false} {
		l := list(who)
		if len(l) != 2 || l[0].Key != first || l[0].Mine != mine || l[0].Answer == mine || l[0].AreaName != "Phường Láng" || l[0].For != 3600 ||
			l[0].Name != "Họ an" || l[0].Reason != reason || l[0].Asked.IsZero() || l[0].State != auth.Open || l[0].Expired || !slices.Equal(l[1].Cameras, []string{"house"}) {
			t.Errorf("%s sees %+v", who, l)
		}
	}
	var notices noticesDoc
	o.want(200, &notices, "chief", "GET", "notices", "")
	if n := notices.Notices; len(n) != 2 || n[0].Key != second || n[0].Emergency || !slices.Equal(n[1].Areas, []string{"lang"}) || !slices.Equal(n[1].AreaNames, []string{"Phường Láng"}) || !n[1].Until.IsZero() {
		t.Errorf("notices %+v", n)
	}
	o.want(204, nil, "chief", "POST", "requests/"+first+"/answer", `{"yes":true,"note":"đi đi"}`)
	for _, body := range []string{`{"yes":true}`, `{"yes":false}`} {
		status, text := o.do("admin", "POST", "requests/"+first+"/answer", body)
		if status != http.StatusConflict || !strings.Contains(text, `"code":"answered"`) {
			t.Errorf("answered twice: %d %s", status, text)
		}
	}
	if !o.sees("an", "crossing") || o.sees("an", "house") {
		t.Error("a yes gives something else")
	}
	if l := list("an")[0]; l.State != auth.Granted || l.Note != "đi đi" || l.ByName != "Họ chief" || !l.Until.Equal(l.Answered.Add(time.Hour)) || l.Answer {
		t.Errorf("%+v", l)
	}
	o.want(409, nil, "an", "DELETE", "requests/"+first, "")
	o.want(204, nil, "an", "DELETE", "requests/"+second, "")
	o.want(409, nil, "chief", "POST", "requests/"+second+"/answer", `{"yes":true}`)
	if l := list("chief"); l[1].State != auth.Withdrawn || l[1].Answer {
		t.Errorf("%+v", l[1])
	}
	third := o.made("an", "requests", askLang)
	o.want(204, nil, "admin", "POST", "requests/"+third+"/answer", `{"yes":false,"note":"không"}`)
	if l := list("an")[2]; l.State != auth.Refused || !l.Until.IsZero() {
		t.Errorf("%+v", l)
	}
	if o.want(200, &notices, "chief", "GET", "notices", ""); len(notices.Notices) != 0 {
		t.Errorf("answered, and still noticed: %+v", notices)
	}
}

func TestAnEmergencyHoldsAtOnceAndTheSupervisorSeesIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	var made emergencyDoc
	began := time.Now()
	o.want(201, &made, "an", "POST", "emergency", `{"area":"lang","reason":"`+reason+`","for":1800}`)
	if d := made.Until.Sub(began); d < 29*time.Minute || d > 31*time.Minute {
		t.Errorf("until %v", made.Until)
	}
	if !o.sees("an", "crossing") || o.sees("an", "house") {
		t.Error("the emergency gives something else")
	}
	status, text := o.do("an", "POST", "emergency", `{"cameras":["crossing"],"reason":"`+reason+`","for":60}`)
	if status != http.StatusConflict || !strings.Contains(text, `"code":"in_force"`) {
		t.Errorf("a second at a time: %d %s", status, text)
	}
	seen := func(who string) []noticeDoc {
		t.Helper()
		var doc noticesDoc
		o.want(200, &doc, who, "GET", "notices", "")
		return doc.Notices
	}
	for who, want := range map[string]int{"chief": 1, "admin": 1, "beside": 0, "an": 0, "auditor": 0} {
		n := seen(who)
		if len(n) != want || want == 1 && (!n[0].Emergency || n[0].Key != made.Key || n[0].Name != "Họ an" || n[0].Reason != reason || n[0].At.IsZero() || !n[0].Until.Equal(made.Until)) {
			t.Errorf("%s is told %+v", who, n)
		}
	}
	o.want(204, nil, "chief", "DELETE", "grants/"+made.Key, "")
	if o.sees("an", "crossing") {
		t.Error("it was ended, and holds")
	}
	o.want(201, &made, "an", "POST", "emergency", `{"cameras":["crossing"],"reason":"`+reason+`","for":60}`)
	if n := seen("chief"); len(n) != 2 || !slices.Equal(n[0].AreaNames, []string{"Phường Láng"}) || !slices.Equal(n[0].Cameras, []string{"crossing"}) || len(n[0].Areas) != 0 {
		t.Errorf("%+v", n)
	}
}

func TestAreasToAskForAreFoundByName(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for query, want := range map[string]string{
		"": "ha-noi vinh lang", "?q=L%C3%81NG": "lang", "?q=ha+noi": "ha-noi lang", "?q=phuong+ha": "lang", "?q=anoi": "",
	} {
		var doc placesDoc
		o.want(200, &doc, "an", "GET", "requests/areas"+query, "")
		var got []string
		for _, p := range doc.Areas {
			got = append(got, string(p.ID))
			if p.ID == "lang" && (p.Name != "Phường Láng" || p.Path != "Hà Nội") {
				t.Errorf("%+v", p)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
}

func TestTheSessionSaysWhatIsWorthShowing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for who, want := range map[string]mayDoc{
		"an": {Emergency: true, Ask: true}, "chief": {Supervise: true, Emergency: true, Ask: true, ShareOut: true},
		"admin": {Administer: true, Supervise: true}, "auditor": {Audit: true}, "tool": {}, "": {},
	} {
		var doc sessionDoc
		o.want(200, &doc, who, "GET", "session", "")
		if doc.May != want || doc.Key != o.keys[who] || doc.Known != (who != "") {
			t.Errorf("%q: %+v", who, doc)
		}
	}
}
