package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"matthan/auth"
	"matthan/gateway/simulate"
	"matthan/signaling"
)

// Cameras that come, change and go while the gateway runs.

const (
	adminToken  = "token-of-the-administrator"
	wardToken   = "token-of-one-ward-only"
	strangerTok = "token-of-another-ward"
)

// changeable is a gateway with no cameras and three tokens: for everything, for
// the ward Láng and for the ward Vinh.
func changeable(t testing.TB, o simulate.Options) *live {
	t.Helper()
	return startLive(t, o, func(c *Config) {
		port := netip.MustParseAddrPort(strings.Split(strings.TrimPrefix(string(c.Inventory.Cameras()[0].Main), "rtsp://"), "/")[0]).Port()
		empty := defaultConfig()
		c.Inventory = empty.Inventory
		c.Reach.Networks, c.Reach.Ports = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, []uint16{port}
		c.Tokens = nil
		for _, tok := range []auth.Token{
			{Name: "admin", Areas: []string{auth.AllAreas}, Actions: []auth.Action{auth.View, auth.Administer}},
			{Name: "lang", Areas: []string{"lang"}},
			{Name: "vinh", Areas: []string{"vinh"}, Actions: []auth.Action{auth.View, auth.Administer}},
		} {
			text := map[string]string{"admin": adminToken, "lang": wardToken, "vinh": strangerTok}[tok.Name]
			secret, err := auth.NewSecret(text)
			if err != nil {
				t.Fatal(err)
			}
			tok.Secret = secret
			c.Tokens = append(c.Tokens, tok)
		}
	})
}

// api asks the API and gives status, ETag and body.
func (l *live) api(method, path, token, body string, header ...string) (int, string, string) {
	l.t.Helper()
	req, err := http.NewRequest(method, l.url+path, strings.NewReader(body))
	if err != nil {
		l.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		l.t.Fatal(err)
	}
	return resp.StatusCode, resp.Header.Get("ETag"), string(b)
}

// put writes something new.
func (l *live) put(path, body string) {
	l.t.Helper()
	if status, tag, text := l.api("PUT", path, adminToken, body, "If-None-Match", "*"); status != http.StatusNoContent || tag == "" {
		l.t.Fatalf("PUT %s: %d %s", path, status, text)
	}
}

func cameraBody(l *live, area string) string {
	return fmt.Sprintf(`{"name":"Ngã tư","area":%q,"kind":"public","main":%q,"user":"viewer","password":"canary-of-a-camera"}`, area, l.cameras.URL(0, simulate.Main))
}

func TestACameraIsAddedWatchedMovedAndRemovedWhileTheGatewayRuns(t *testing.T) {
	t.Parallel()
	l := changeable(t, simulate.Options{Cameras: 1})
	l.put("/api/v1/inventory/areas/lang", `{"name":"Phường Láng","level":"phường","codes":[{"code":"00199","until":"2025-07-01T00:00:00+07:00"},{"code":"00118","from":"2025-07-01T00:00:00+07:00"}]}`)
	l.put("/api/v1/inventory/areas/vinh", `{"name":"Vinh"}`)
	l.put("/api/v1/inventory/cameras/nga-tu", cameraBody(l, "lang"))
	if status, _, text := l.api("GET", "/api/v1/inventory/areas/lang", adminToken, ""); status != http.StatusOK || !strings.Contains(text, `{"code":"00118","from":"2025-`) {
		t.Fatalf("%d %s", status, text)
	}
	p, err := l.playAs("nga-tu", wardToken)
	defer p.close()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.next(); err != nil {
		t.Fatal(err)
	}
	// It moves to another ward: the first sees it no more, and its picture ends.
	status, tag, body := l.api("GET", "/api/v1/inventory/cameras/nga-tu", adminToken, "")
	if status != http.StatusOK || strings.Contains(body, "canary") || !strings.Contains(body, `"user":"viewer"`) {
		t.Fatalf("%d %s", status, body)
	}
	moved := strings.Replace(cameraBody(l, "vinh"), `,"password":"canary-of-a-camera"`, "", 1)
	if status, _, text := l.api("PUT", "/api/v1/inventory/cameras/nga-tu", adminToken, moved, "If-Match", tag); status != http.StatusNoContent {
		t.Fatalf("%d %s", status, text)
	}
	if status, _, _ := l.api("GET", "/api/v1/cameras/nga-tu", wardToken, ""); status != http.StatusNotFound {
		t.Errorf("the old ward still sees it: %d", status)
	}
	if status, _, _ := l.api("GET", "/api/v1/cameras/nga-tu", strangerTok, ""); status != http.StatusOK {
		t.Errorf("the new ward does not see it: %d", status)
	}
	p.ends(t)
	// What was seen meanwhile is old.
	if status, _, _ := l.api("DELETE", "/api/v1/inventory/cameras/nga-tu", adminToken, "", "If-Match", tag); status != http.StatusPreconditionFailed {
		t.Errorf("an old version is removed: %d", status)
	}
	_, tag, _ = l.api("GET", "/api/v1/inventory/cameras/nga-tu", adminToken, "")
	if status, _, _ := l.api("DELETE", "/api/v1/inventory/areas/vinh", adminToken, "", "If-Match", `"1"`); status == http.StatusNoContent {
		t.Error("an area with a camera is removed")
	}
	if status, _, text := l.api("DELETE", "/api/v1/inventory/cameras/nga-tu", adminToken, "", "If-Match", tag); status != http.StatusNoContent {
		t.Fatalf("%d %s", status, text)
	}
	if status, _, _ := l.api("GET", "/api/v1/cameras/nga-tu", strangerTok, ""); status != http.StatusNotFound {
		t.Errorf("it is still there: %d", status)
	}
}

func TestNobodyWithoutTheRightLearnsThatACameraExists(t *testing.T) {
	t.Parallel()
	l := changeable(t, simulate.Options{Cameras: 1})
	l.put("/api/v1/inventory/areas/lang", `{"name":"Phường Láng"}`)
	l.put("/api/v1/inventory/areas/vinh", `{"name":"Vinh"}`)
	l.put("/api/v1/inventory/cameras/nga-tu", cameraBody(l, "lang"))
	for _, c := range []struct {
		method, path, body string
		header             []string
	}{
		{"GET", "/api/v1/cameras/", "", nil},
		{"GET", "/api/v1/inventory/cameras/", "", nil},
		{"PUT", "/api/v1/inventory/cameras/", cameraBody(l, "lang"), []string{"If-None-Match", "*"}},
		{"PUT", "/api/v1/inventory/cameras/", cameraBody(l, "lang"), []string{"If-Match", `"1"`}},
		{"DELETE", "/api/v1/inventory/cameras/", "", []string{"If-Match", `"1"`}},
		{"POST", "/whep/", "v=0\r\n", []string{"Content-Type", "application/sdp"}},
	} {
		for _, token := range []string{strangerTok, wardToken} {
			if token == wardToken && (c.path == "/api/v1/cameras/" || c.path == "/whep/") {
				continue // may see it
			}
			there, _, one := l.api(c.method, c.path+"nga-tu", token, c.body, c.header...)
			none, _, other := l.api(c.method, c.path+"khong-co", token, c.body, c.header...)
			if there != none || strings.ReplaceAll(one, "nga-tu", "") != strings.ReplaceAll(other, "khong-co", "") || there/100 == 2 {
				t.Errorf("%s %s as %s: %d %s, for none %d %s", c.method, c.path, token, there, one, none, other)
			}
		}
	}
	for _, area := range []string{"lang", "khong-co"} {
		if status, _, text := l.api("PUT", "/api/v1/inventory/areas/"+area, strangerTok, `{"name":"x"}`, "If-None-Match", "*"); status != http.StatusNotFound {
			t.Errorf("area %s: %d %s", area, status, text)
		}
	}
}

func TestBadRequestsOfAdministratorsAreExplained(t *testing.T) {
	t.Parallel()
	l := changeable(t, simulate.Options{Cameras: 1})
	l.put("/api/v1/inventory/areas/lang", `{"name":"Phường Láng"}`)
	for _, c := range []struct {
		body string
		want int
		text string
	}{
		{`{"name":"x","area":"lang","kind":"public"}`, 422, `"field":"main"`},
		{`{"name":"x","area":"lang","kind":"public","main":"rtsp://u:canary@10.1.2.3/"}`, 422, `"field":"main"`},
		{`{"name":"x","area":"hue","kind":"public","main":"rtsp://10.1.2.3/"}`, 422, `"field":"area"`},
		{`{"name":"x","area":"lang","kind":"public","main":"rtsp://10.1.2.3/","colour":"red"}`, 400, "colour"},
		{`{"id":"b","name":"x","area":"lang","kind":"public","main":"rtsp://10.1.2.3/"}`, 400, `"field":"id"`},
		{`{"name":`, 400, "body"},
		{strings.Repeat(" ", 70<<10) + "{}", 413, "large"},
	} {
		status, _, text := l.api("PUT", "/api/v1/inventory/cameras/a", adminToken, c.body, "If-None-Match", "*")
		if status != c.want || !strings.Contains(text, c.text) || strings.Contains(text, "canary") {
			t.Errorf("%.80s: %d %s", c.body, status, text)
		}
	}
	if status, _, _ := l.api("PUT", "/api/v1/inventory/cameras/a", adminToken, cameraBody(l, "lang")); status != http.StatusPreconditionRequired {
		t.Errorf("a change without a version: %d", status)
	}
}

func TestAnImportIsPreviewedAppliedAndExported(t *testing.T) {
	t.Parallel()
	l := changeable(t, simulate.Options{Cameras: 1})
	sheet := "Mã;Tên camera;Khu vực;Loại;Luồng chính\nnga-tu;Ngã tư;Hà Nội / Phường Láng;công cộng;" + l.cameras.URL(0, simulate.Main) + "\n"
	for i, query := range []string{"", "?apply=true"} {
		status, _, text := l.api("POST", "/api/v1/inventory/import"+query, adminToken, sheet, "Content-Type", "text/csv")
		var doc struct {
			Applied bool
			Cameras struct{ Added int }
		}
		if err := json.Unmarshal([]byte(text), &doc); err != nil || status != 200 || doc.Cameras.Added != 1 || doc.Applied != (i == 1) {
			t.Fatalf("%d %s", status, text)
		}
		if status, _, _ := l.api("GET", "/api/v1/cameras/nga-tu", adminToken, ""); (status == 200) != (i == 1) {
			t.Errorf("after %q: %d", query, status)
		}
	}
	if status, _, text := l.api("GET", "/api/v1/inventory/export", adminToken, ""); status != 200 || !strings.Contains(text, "Ngã tư") {
		t.Errorf("%d %s", status, text)
	}
	for _, path := range []string{"/api/v1/inventory/export"} {
		if status, _, _ := l.api("GET", path, strangerTok, ""); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestImportExportBackupAndRestoreByTheCommandLine(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{"cameras.csv": "id,name,area,kind,main,user,password\na,Ngã tư,Phường Láng,public,rtsp://10.1.2.3/main,viewer,canary-of-a-camera\n",
		"m.yaml": "data: one\n", "n.yaml": "data: two\n"})
	at := func(name string) string { return filepath.Join(dir, name) }
	run := func(want int, args ...string) string {
		t.Helper()
		var out, complaint strings.Builder
		if code := command(t.Context(), args, &out, &complaint); code != want {
			t.Fatalf("%q: %d\n%s%s", args, code, out.String(), complaint.String())
		}
		if s := out.String() + complaint.String(); strings.Contains(s, "canary") {
			t.Fatalf("%q tells a password: %s", args, s)
		}
		return out.String() + complaint.String()
	}
	if out := run(0, "import", "--config", at("m.yaml"), at("cameras.csv")); !strings.Contains(out, "cameras: 1 new") || !strings.Contains(out, "Nothing was changed") {
		t.Error(out)
	}
	if out := run(0, "import", at("cameras.csv"), "--config", at("m.yaml"), "--apply"); !strings.Contains(out, "cameras: 1 new") {
		t.Error(out)
	}
	run(0, "export", "--config", at("m.yaml"), at("out.csv"))
	if out := run(0, "audit", "query", "--config", at("m.yaml"), "--event", "inventory.imported"); strings.Count(out, "cameras: 1 new") != 1 {
		t.Errorf("the audit log does not have the import: %s", out)
	}
	if out := run(0, "import", "--config", at("m.yaml"), at("out.csv")); !strings.Contains(out, "1 unchanged") {
		t.Error(out)
	}
	run(0, "backup", "--config", at("m.yaml"), at("all.backup"))
	// Without the key a backup is worth nothing.
	run(1, "restore", "--config", at("n.yaml"), at("all.backup"))
	if err := os.RemoveAll(at("two")); err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(at("one/store/store.key"))
	if err == nil {
		err = os.MkdirAll(at("two/store"), 0o700)
	}
	if err == nil {
		err = os.WriteFile(at("two/store/store.key"), key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if out := run(1, "restore", "--config", at("n.yaml"), at("all.backup")); !strings.Contains(out, "--without-log") {
		t.Errorf("it does not say what to do without the log's key: %s", out)
	}
	logKey, err := os.ReadFile(at("one/store/audit.key"))
	if err == nil {
		err = os.WriteFile(at("two/store/audit.key"), logKey, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	run(0, "restore", "--config", at("n.yaml"), at("all.backup"))
	if out := run(0, "audit", "query", "--config", at("n.yaml")); !strings.Contains(out, "cameras: 1 new") || !strings.Contains(out, "log.saved") || !strings.Contains(out, "log.restored") {
		t.Errorf("the audit log does not go on: %s", out)
	}
	run(0, "audit", "export", "--config", at("n.yaml"), at("log.ndjson"))
	run(0, "audit", "verify", at("log.ndjson"))
	run(0, "export", "--config", at("n.yaml"), at("again.csv"))
	one, err := os.ReadFile(at("out.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if two, err := os.ReadFile(at("again.csv")); err != nil || string(one) != string(two) {
		t.Errorf("%v\n%s\n%s", err, one, two)
	}
	for _, args := range [][]string{{"import"}, {"import", "--colour", "x"}} {
		run(2, args...)
	}
	run(1, "import", at("nowhere.csv"), "--config", at("m.yaml"))
}

// ends waits until the player's pictures have ended.
func (p *player) ends(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		select {
		case <-p.pictures:
		case <-time.After(time.Second):
			return
		}
	}
	t.Error("the picture goes on")
}

// BenchmarkChangeReachesEveryPage is from asking for a change to the last of 50
// pages' being told of it.
func BenchmarkChangeReachesEveryPage(b *testing.B) {
	l := changeable(b, simulate.Options{Cameras: 1})
	l.put("/api/v1/inventory/areas/lang", `{"name":"Phường Láng"}`)
	var pages []*websocket.Conn
	for range 50 {
		c, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(l.url, "http")+"/ws", nil)
		if err == nil {
			err = c.WriteJSON(signaling.Hello{Type: signaling.TypeHello, Version: signaling.Version, Token: adminToken})
		}
		if err == nil {
			_, _, err = c.ReadMessage()
		}
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = c.Close() }()
		pages = append(pages, c)
	}
	var took []time.Duration
	n := 0
	for b.Loop() {
		began := time.Now()
		n++
		l.put(fmt.Sprintf("/api/v1/inventory/areas/area-%d", n), `{"name":"Phường"}`)
		for _, c := range pages {
			if _, text, err := c.ReadMessage(); err != nil || !strings.Contains(string(text), signaling.TypeCameras) {
				b.Fatalf("%s %v", text, err)
			}
		}
		took = append(took, time.Since(began))
	}
	quantiles(b, took)
}

func TestAnImportLosesNoCameraThatIsAddedMeanwhile(t *testing.T) {
	t.Parallel()
	l := changeable(t, simulate.Options{Cameras: 1})
	l.put("/api/v1/inventory/areas/lang", `{"name":"Phường Láng"}`)
	var wg sync.WaitGroup
	for i := range 30 {
		wg.Go(func() {
			if i%3 == 0 {
				sheet := fmt.Sprintf("id,name,area,kind,main\nimported-%d,x,lang,public,rtsp://10.1.2.%d/\n", i, i)
				if status, _, text := l.api("POST", "/api/v1/inventory/import?apply=true", adminToken, sheet, "Content-Type", "text/csv"); status != http.StatusOK {
					t.Errorf("%d %s", status, text)
				}
				return
			}
			body := fmt.Sprintf(`{"name":"x","area":"lang","kind":"public","main":"rtsp://10.1.3.%d/"}`, i)
			if status, _, text := l.api("PUT", fmt.Sprintf("/api/v1/inventory/cameras/put-%d", i), adminToken, body, "If-None-Match", "*"); status != http.StatusNoContent {
				t.Errorf("%d %s", status, text)
			}
		})
	}
	wg.Wait()
	_, _, text := l.api("GET", "/api/v1/cameras", adminToken, "")
	for i := range 30 {
		id := fmt.Sprintf(`"put-%d"`, i)
		if i%3 == 0 {
			id = fmt.Sprintf(`"imported-%d"`, i)
		}
		if !strings.Contains(text, id) {
			t.Errorf("%s was acknowledged and is gone", id)
		}
	}
}
