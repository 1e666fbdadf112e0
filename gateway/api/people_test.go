package api

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/cluster"
)

const reason = "a child is missing near the market"

// office is the API over a real policy of people: an and dung look at Vinh,
// chief supervises Láng, admin administers Hà Nội with Láng in it, beside is
// both in Vinh, and the auditor only reads the log.
type office struct {
	t      *testing.T
	url    string
	policy *auth.Policy
	tables auth.Tables
	log    *cluster.Audit
	keys   map[string]string // of people
	cookie map[string]string
}

func newOffice(t *testing.T) *office { return newOfficeOn(t, openLog(t)) }

// newOfficeOn is one with an audit log of the test's own.
func newOfficeOn(t *testing.T, log *cluster.Audit) *office {
	t.Helper()
	areas := []gateway.Area{{ID: "ha-noi", Name: "Hà Nội"}, {ID: "lang", Name: "Phường Láng", Parent: "ha-noi"}, {ID: "vinh", Name: "Vinh"}}
	var cameras []gateway.Camera
	for id, place := range map[gateway.CameraID][2]string{"crossing": {"lang", "public"}, "house": {"lang", "household"}, "far": {"vinh", "public"}} {
		cameras = append(cameras, gateway.Camera{ID: id, Name: "Ngã tư " + string(id), Area: gateway.AreaID(place[0]), Kind: gateway.Kind(place[1]), Main: "rtsp://" + canary + ".example/main"})
	}
	inv, err := gateway.NewList(areas, cameras)
	if err != nil {
		t.Fatal(err)
	}
	path := func(area string) (out []string) {
		for _, id := range gateway.AreaPath(inv, gateway.AreaID(area)) {
			out = append(out, string(id))
		}
		return out
	}
	tables := auth.NewMemoryTables()
	policy, err := auth.NewPolicyFor([]auth.Token{token(t, "all", allToken, []string{"all"}, nil)}, tables, auth.Settings{
		Path: path, Emergency: true, Tell: func(context.Context, auth.Notice) error { return nil },
		Camera: func(id string) (auth.Resource, bool) {
			c, err := inv.Camera(gateway.CameraID(id))
			return auth.Resource{Camera: id, Kind: string(c.Kind), Areas: path(string(c.Area))}, err == nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	refusals := auth.NewLedger(log, slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { refusals.Run(ctx) })
	t.Cleanup(func() { stop(); running.Wait() })
	(&API{Audit: log, Ledger: refusals, Stills: oneStill{}, Policy: policy, Inventory: inv, Log: slog.New(slog.DiscardHandler),
		Health: func(gateway.CameraID) (string, time.Time) { return Unknown, time.Time{} }}).Routes(mux)
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	o := &office{t, srv.URL, policy, tables, log, map[string]string{}, map[string]string{}}
	o.enter("an", "vinh", auth.Viewer)
	o.enter("dung", "vinh", auth.Viewer)
	o.enter("chief", "lang", auth.Supervisor)
	o.enter("admin", "ha-noi", auth.Administrator)
	o.enter("beside", "vinh", auth.Supervisor, auth.Administrator)
	o.enter("auditor", "all", auth.Auditor)
	return o
}

// enter signs somebody in and gives the key of the session.
func (o *office) enter(name, areas string, roles ...auth.Role) string {
	o.t.Helper()
	c := auth.Claims{Issuer: "https://login.example", Subject: name, Name: "Họ " + name, Roles: roles, Areas: strings.Fields(areas)}
	secret, s, err := o.policy.SignIn(o.t.Context(), auth.Arrival{Claims: c, UserAgent: "Chrome/1 Android"}, time.Now())
	if err != nil {
		o.t.Fatal(err)
	}
	o.keys[name], o.cookie[name] = s.ID, auth.SessionCookie+"="+secret
	return s.Session()
}

// do asks as somebody: a person, "tool" for a token, "" for nobody.
func (o *office) do(who, method, path, body string) (int, string) {
	o.t.Helper()
	req, err := http.NewRequestWithContext(o.t.Context(), method, o.url+"/api/v1/"+path, strings.NewReader(body))
	if err != nil {
		o.t.Fatal(err)
	}
	switch {
	case who == "tool":
		req.Header.Set("Authorization", "Bearer "+allToken)
	case who != "":
		req.Header.Set("Cookie", o.cookie[who])
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if method == "PUT" && strings.HasSuffix(path, "/consent") {
		req.Header.Set("If-None-Match", "*")
		if _, revision, ok := o.tables.Consents.Get(strings.Split(path, "/")[2]); ok {
			req.Header.Del("If-None-Match")
			req.Header.Set("If-Match", tagOf(revision))
		}
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	if strings.Contains(string(text), canary) || strings.Contains(string(text), ":null") {
		o.t.Errorf("%s %s: %s", method, path, text)
	}
	return resp.StatusCode, string(text)
}

// want asks and reads the answer into doc, nil for none.
func (o *office) want(status int, doc any, who, method, path, body string) {
	o.t.Helper()
	got, text := o.do(who, method, path, body)
	if got != status {
		o.t.Fatalf("%s: %s %s: %d, want %d: %s", who, method, path, got, status, text)
	}
	if doc != nil {
		if err := json.Unmarshal([]byte(text), doc); err != nil {
			o.t.Fatalf("%s %s: %v: %s", method, path, err, text)
		}
	}
}

// made asks for something and gives its key.
func (o *office) made(who, path, body string) string {
	o.t.Helper()
	var doc keyDoc
	if o.want(http.StatusCreated, &doc, who, "POST", path, body); doc.Key == "" {
		o.t.Fatalf("%s has no key", path)
	}
	return doc.Key
}

func (o *office) give(areas string) string {
	o.t.Helper()
	return o.made("admin", "grants", `{"who":{"person":"`+o.keys["an"]+`"},"actions":["view"],"areas":["`+areas+`"],"reason":"đi tuần"}`)
}

const askLang = `{"area":"lang","actions":["view"],"for":3600,"reason":"` + reason + `"}`

// TestNoRightAndNothingThereLookTheSame: for every route that names something.
func TestNoRightAndNothingThereLookTheSame(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	grant, request := o.give("lang"), o.made("an", "requests", askLang)
	chief := "people/" + o.keys["chief"]
	var devices devicesDoc
	o.want(200, &devices, "chief", "GET", "people/me/sessions", "")
	device := devices.Sessions[0].ID
	place := func(list string) string {
		return `{"who":{"role":"viewer"},"actions":["view"],` + list + `}`
	}
	for _, tt := range []struct {
		who, method, there, none string
		body, bodyNone           string
	}{
		{"beside", "GET", chief, "people/nobody", "", ""},
		{"beside", "PUT", chief + "/block", "people/nobody/block", `{"reason":"` + reason + `"}`, ""},
		{"beside", "DELETE", chief + "/block", "people/nobody/block", "", ""},
		{"chief", "DELETE", chief + "/block", "people/nobody/block", "", ""}, // supervising is not enough
		{"beside", "GET", chief + "/sessions", "people/nobody/sessions", "", ""},
		{"beside", "DELETE", chief + "/sessions", "people/nobody/sessions", "", ""},
		{"beside", "DELETE", chief + "/sessions/" + device, "people/nobody/sessions/" + device, "", ""},
		{"beside", "DELETE", "people/me/sessions/" + device, "people/me/sessions/nothing", "", ""},
		{"admin", "DELETE", "people/me/sessions/" + device, "people/me/sessions/nothing", "", ""}, // another's, in one's care
		{"beside", "DELETE", "grants/" + grant, "grants/nothing", "", ""},
		{"beside", "POST", "requests/" + request + "/answer", "requests/nothing/answer", `{"yes":true}`, ""},
		{"an", "POST", "requests/" + request + "/answer", "requests/nothing/answer", `{"yes":true}`, ""}, // one's own
		{"dung", "DELETE", "requests/" + request, "requests/nothing", "", ""},
		{"beside", "POST", "grants", "grants", place(`"areas":["lang"]`), place(`"areas":["atlantis"]`)},
		{"beside", "POST", "grants", "grants", place(`"cameras":["house"]`), place(`"cameras":["atlantis"]`)},
		{"an", "POST", "grants", "grants", place(`"cameras":["far"]`), place(`"cameras":["atlantis"]`)},
		{"auditor", "POST", "emergency", "emergency", `{"area":"lang","for":60,"reason":"` + reason + `"}`, `{"area":"atlantis","for":60,"reason":"` + reason + `"}`},
		{"auditor", "POST", "requests", "requests", askLang, strings.Replace(askLang, "lang", "atlantis", 1)},
		{"admin", "GET", "requests/areas", "requests/areas?q=atlantis", "", ""},
	} {
		if tt.bodyNone == "" {
			tt.bodyNone = tt.body
		}
		status, text := o.do(tt.who, tt.method, tt.there, tt.body)
		none, other := o.do(tt.who, tt.method, tt.none, tt.bodyNone)
		if status != http.StatusNotFound || none != status || text != other {
			t.Errorf("%s: %s %s: %d %s; %s: %d %s", tt.who, tt.method, tt.there, status, text, tt.none, none, other)
		}
		for who, want := range map[string]int{"": http.StatusUnauthorized, "tool": http.StatusNotFound} {
			if status, text := o.do(who, tt.method, tt.there, tt.body); status != want {
				t.Errorf("%q: %s %s: %d %s", who, tt.method, tt.there, status, text)
			}
		}
	}
	for _, path := range []string{"people", "grants", "requests", "notices", "requests/areas", "people/me", "people/me/sessions"} {
		for who, want := range map[string]int{"": http.StatusUnauthorized, "tool": http.StatusNotFound} {
			if status, text := o.do(who, "GET", path, ""); status != want {
				t.Errorf("%q: GET %s: %d %s", who, path, status, text)
			}
		}
	}
	for _, path := range []string{"people", "people/me", "people/me/block", "people/me/sessions", "people/me/sessions/x", "grants", "grants/x", "requests", "requests/x", "requests/x/answer", "requests/areas", "emergency", "notices"} {
		if status, text := o.do("an", "PATCH", path, ""); status != http.StatusMethodNotAllowed {
			t.Errorf("PATCH %s: %d %s", path, status, text)
		}
	}
	// Nothing of all that was done.
	o.want(200, &devices, "chief", "GET", "people/me/sessions", "")
	var requests requestsDoc
	o.want(200, &requests, "an", "GET", "requests", "")
	if len(devices.Sessions) != 1 || len(requests.Requests) != 1 || requests.Requests[0].State != auth.Open {
		t.Errorf("%+v, %+v", devices, requests)
	}
}

func TestFaultyInputSaysWhatToDo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	request := o.made("an", "requests", askLang)
	ask := func(from, to string) string { return strings.Replace(askLang, from, to, 1) }
	grant := func(rest string) string { return `{"areas":["lang"],` + rest + `}` }
	danger := func(rest string) string { return `{"reason":"` + reason + `",` + rest + `}` }
	block := "people/" + o.keys["chief"] + "/block"
	for _, tt := range []struct {
		who, method, path, body string
		status                  int
		want                    string
	}{
		{"an", "POST", "requests", `{"area":`, 400, "body"},
		{"an", "POST", "requests", `{"aera":"lang"}`, 400, `unknown field`},
		{"an", "POST", "requests", `{} {}`, 400, "follows"},
		{"an", "POST", "requests", ask("3600", "0"), 422, `"field":"for"`},
		{"an", "POST", "requests", ask("3600", "86401"), 422, "1 to 86400"},
		{"an", "POST", "requests", ask("3600", "9223372036854775807"), 422, "1 to 86400"},
		{"an", "POST", "requests", ask("lang", "atlantis"), 422, "no area"},
		{"an", "POST", "requests", ask("lang", "all"), 422, "no area"},
		{"an", "POST", "requests", ask(reason, "hurry"), 422, "say why"},
		{"an", "POST", "requests", ask(`"view"`, `"audit"`), 422, "only view"},
		{"an", "GET", "requests/areas?q=" + strings.Repeat("a", maxQuery+1), "", 400, `"field":"q"`},
		{"chief", "GET", "people?q=" + strings.Repeat("a", maxQuery+1), "", 400, `"field":"q"`},
		{"chief", "POST", "requests/" + request + "/answer", `{"note":"x"}`, 422, `"field":"yes"`},
		{"chief", "PUT", "people/me/block", `{"reason":"` + reason + `"}`, 422, "nobody blocks themselves"},
		{"admin", "PUT", block, `{"reason":"short"}`, 422, "say why"},
		{"admin", "POST", "grants", grant(`"who":{"role":"viewer","group":"g"},"actions":["view"]`), 422, "name one of them"},
		{"admin", "POST", "grants", grant(`"who":{"role":"viewer"},"actions":[]`), 422, "permits nothing"},
		{"admin", "POST", "grants", grant(`"who":{"role":"viewer"},"actions":["fly"]`), 422, "not an action"},
		{"admin", "POST", "grants", `{"who":{"role":"viewer"},"actions":["view"]}`, 422, "1 to 1000"},
		{"admin", "POST", "grants", grant(`"who":{"role":"viewer"},"actions":["view"],"hours":{"zone":"Mars","spans":[{"day":1,"from":0,"to":60}]}`), 422, "time zone"},
		{"admin", "POST", "grants", grant(`"who":{"role":"viewer"},"actions":["view"],"until":"tomorrow"`), 400, "body"},
		{"admin", "POST", "grants", grant(`"who":{"role":"viewer"},"actions":["view"],"by":"me"`), 400, "unknown field"},
		{"an", "POST", "emergency", danger(`"for":60`), 422, "an area, or cameras"},
		{"an", "POST", "emergency", danger(`"for":60,"area":"lang","cameras":["crossing"]`), 422, "an area, or cameras"},
		{"an", "POST", "emergency", danger(`"for":1801,"area":"lang"`), 422, "1 to 1800"},
		{"an", "POST", "emergency", `{"for":60,"area":"lang","reason":"x"}`, 422, "say why"},
		{"an", "POST", "emergency", danger(`"for":60,"area":"all"`), 422, "name the areas"},
		{"an", "POST", "emergency", danger(`"for":60,"cameras":["house"]`), 422, "no camera for an emergency"},
		{"an", "POST", "emergency", danger(`"for":60,"cameras":["nothing"]`), 422, "no camera for an emergency"},
	} {
		status, text := o.do(tt.who, tt.method, tt.path, tt.body)
		var p problem
		if err := json.Unmarshal([]byte(text), &p); err != nil || status != tt.status || !strings.Contains(strings.ReplaceAll(text, `\"`, `"`), tt.want) || p.Text.VI == "" {
			t.Errorf("%s %.40s %s: %d %s", tt.method, tt.path, tt.body, status, text)
		}
	}
}

func TestSupervisorsSeeThePeopleInTheirCareAndShutThemOut(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.enter("binh", "lang", auth.Viewer)
	names := func(who, path string) string {
		var doc peopleDoc
		o.want(200, &doc, who, "GET", path, "")
		var out []string
		for _, p := range doc.People {
			out = append(out, strings.TrimPrefix(p.Name, "Họ "))
			if p.Key != o.keys[out[len(out)-1]] || p.Sessions != 1 || p.Seen.IsZero() || p.Blocked || len(p.Roles) == 0 || len(p.Areas) != 1 {
				t.Errorf("%+v", p)
			}
		}
		return strings.Join(out, " ")
	}
	for _, tt := range [][3]string{
		{"an", "people", ""}, {"chief", "people", "binh chief"}, {"admin", "people", "admin binh chief"}, {"beside", "people", "an beside dung"},
		{"admin", "people?q=HO+bi", "binh"}, {"admin", "people?q=inh", ""},
	} {
		if got := names(tt[0], tt[1]); got != tt[2] {
			t.Errorf("%s %s: %q, want %q", tt[0], tt[1], got, tt[2])
		}
	}
	var known knownDoc
	binh := "people/" + o.keys["binh"]
	o.want(200, &known, "chief", "GET", binh, "")
	if known.Name != "Họ binh" || len(known.Rights) != 0 {
		t.Errorf("to who supervises: %+v", known)
	}
	for who, path := range map[string]string{"admin": binh, "binh": "people/me"} {
		known = knownDoc{}
		o.want(200, &known, who, "GET", path, "")
		if len(known.Rights) != 1 || known.Rights[0].Source != "role viewer" || !known.Rights[0].InForce || !slices.Contains(known.Rights[0].Actions, auth.View) {
			t.Errorf("%s: %+v", who, known)
		}
	}
	o.want(204, nil, "chief", "PUT", binh+"/block", `{"reason":"the phone was stolen"}`)
	o.want(401, nil, "binh", "GET", "people/me", "")
	known = knownDoc{}
	o.want(200, &known, "admin", "GET", binh, "")
	if !known.Blocked || known.BlockReason != "the phone was stolen" || known.Sessions != 0 || known.Rights[0].InForce || known.Rights[0].Why == "" {
		t.Errorf("blocked: %+v", known)
	}
	o.want(204, nil, "admin", "DELETE", binh+"/block", "")
	o.enter("binh", "lang", auth.Viewer)
	o.want(200, nil, "binh", "GET", "people/me", "")
}

func TestTheLostPhoneIsSignedOut(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	phone := o.cookie["an"]
	o.enter("an", "vinh", auth.Viewer)
	var doc devicesDoc
	o.want(200, &doc, "an", "GET", "people/me/sessions", "")
	if len(doc.Sessions) != 2 || doc.Sessions[0].Current || !doc.Sessions[1].Current || doc.Sessions[0].Device != "Chrome, Android" || doc.Sessions[0].End.IsZero() {
		t.Fatalf("%+v", doc)
	}
	o.want(204, nil, "an", "DELETE", "people/me/sessions/"+doc.Sessions[0].ID, "")
	o.want(404, nil, "an", "DELETE", "people/me/sessions/"+doc.Sessions[0].ID, "")
	o.cookie["phone"] = phone
	o.want(401, nil, "phone", "GET", "people/me", "")
	// All but this one; and all of a person in one's care.
	o.cookie["phone"] = o.cookie["an"]
	o.enter("an", "vinh", auth.Viewer)
	var ended endedDoc
	o.want(200, &ended, "an", "DELETE", "people/me/sessions", "")
	o.want(401, nil, "phone", "GET", "people/me", "")
	o.want(200, nil, "an", "GET", "people/me", "")
	if ended.Ended != 1 {
		t.Errorf("ended %d", ended.Ended)
	}
	o.want(200, &doc, "beside", "GET", "people/"+o.keys["an"]+"/sessions", "")
	if len(doc.Sessions) != 1 || doc.Sessions[0].Current {
		t.Errorf("%+v", doc)
	}
	o.want(200, &ended, "beside", "DELETE", "people/"+o.keys["an"]+"/sessions", "")
	o.want(401, nil, "an", "GET", "people/me", "")
	if ended.Ended != 1 {
		t.Errorf("ended %d", ended.Ended)
	}
}
