package main

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"matthan/auth"
	"matthan/gateway"
)

// writeFiles makes a directory of files that only we can read.
func writeFiles(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// exampleDir holds the documented example and the secrets that it names.
func exampleDir(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("docs/config.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return writeFiles(t, map[string]string{
		"matthan.yaml": string(text), "lang-ha.password": "canary-camera\n",
		"wall.token": "canary-wall-0123456789\n", "family-desk.token": "canary-desk-0123456789",
	})
}

func TestExampleIsReadAndShowsTheDefaults(t *testing.T) {
	t.Parallel()
	dir := exampleDir(t)
	cfg, err := loadConfig(filepath.Join(dir, "matthan.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if len(cfg.Warnings) > 0 {
		t.Errorf("warnings: %q", cfg.Warnings)
	}
	def := defaultConfig()
	if cfg.HTTP != def.HTTP || cfg.HTTPS != def.HTTPS || cfg.WebRTC.UDP != def.WebRTC.UDP || cfg.WebRTC.TCP != def.WebRTC.TCP || !reflect.DeepEqual(cfg.Limits, def.Limits) || cfg.Stills != def.Stills || cfg.Transcode != def.Transcode || cfg.PTZ != def.PTZ || cfg.Alerts != def.Alerts || cfg.Emergency || def.Emergency {
		t.Errorf("the example's defaults are not the program's: %+v, %+v", cfg, def)
	}
	if cfg.Data != filepath.Join(dir, "data") || cfg.URL.String() != "https://camera.phuong-lang.example:8443" || len(cfg.WebRTC.Addresses) != 2 {
		t.Errorf("%+v", cfg)
	}
	c, err := cfg.Inventory.Camera("lang-ha-thai-ha")
	if err != nil || c.Login.User != "viewer" || c.Login.Password.Reveal() != "canary-camera" || *c.Position != (gateway.Position{Lat: 21.0126, Lng: 105.8169}) || c.Transport != gateway.Auto {
		t.Errorf("%+v, %v", c, err)
	}
	policy, err := auth.NewPolicy(cfg.Tokens)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := policy.Authenticate("canary-wall-0123456789", time.Now()); err != nil || s.ID != "wall" {
		t.Errorf("%v, %v", s, err)
	}
	if out := fmt.Sprintf("%+v %#v", cfg, cfg.Tokens); strings.Contains(out, "canary") {
		t.Errorf("the configuration prints a secret: %s", out)
	}
}

const someAreas = "areas: [{id: lang, name: Láng}]\n"

func TestWrongConfigurationNamesTheLine(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{"short": "abc", "empty": "\n", "good": "good-canary-0123456789", "spaces": "has canary spaces in it", "big": strings.Repeat("a", 5000)})
	camera := func(line string) string {
		return someAreas + "cameras:\n- id: a\n  name: A\n  area: lang\n  kind: public\n  main: rtsp://10.1.2.3/\n" + line + "\n"
	}
	token := func(line string) string { return someAreas + "tokens:\n- name: t\n" + line + "\n" }
	for _, tt := range []struct{ text, want string }{
		{"\ncamras: []", `m.yaml:2: unknown key "camras" (did you mean "cameras"?)`},
		{"http: :8080\nzzzzzz: 1", `m.yaml:2: unknown key "zzzzzz" (there are: accounts, alerts,`},
		{"webrtc:\n  upd: x", `m.yaml:2: unknown key "upd" (did you mean "udp"?)`},
		{"accounts: {second_factor: true}", "m.yaml:1: this must be text"},
		{"accounts:\n  second_factor: maybe", "m.yaml:2: second_factor is optional or required"},
		{"accounts: {second: required}", `m.yaml:1: unknown key "second"`},
		{"http: [a]", "m.yaml:1: this must be text, not a list"},
		{"http: true", "m.yaml:1: this must be text, not yes or no: put it in quotes"},
		{"http:", "m.yaml:1: this must be text, not empty"},
		{"http: 8080", "m.yaml:1: an address to listen on looks like"},
		{"http: :99999", "m.yaml:1: the port must be"},
		{"https: example.com:1", "m.yaml:1: listen on an IP address"},
		{"http: ''\nhttps: ''", "m.yaml:1: http and https are both empty"},
		{"data: x\ndata: y", "m.yaml:2: data is there twice"},
		{"- a", "m.yaml:1: the configuration must be keys and values, not a list"},
		{"http: \"x", "m.yaml:1: this is not YAML"},
		{"a: b\n c: d", "m.yaml:2: this is not YAML"},
		{"data: *canary", "this is not YAML: unknown anchor … referenced"},
		{"a: &a [*a]", "m.yaml:1:"},
		{"<<: {http: x}", `m.yaml:1: unknown key "<<"`},
		{"? [a, b]\n: c", "m.yaml:1: unknown key"},
		{"tls: {key_file: k}", "m.yaml:1: tls needs both"},
		{"url: camera.example", "m.yaml:1: url must be a scheme"},
		{"url: https://u:canary@camera.example/", "m.yaml:1: url must be a scheme"},
		{"origins:\n- '*'", "m.yaml:2: an origin must be a scheme"},
		{"origins: [https://*.example]", "an origin must be a scheme"},
		{"webrtc: {udp: ''}", "webrtc.udp cannot be empty"},
		{"webrtc:\n  addresses:\n  - 'a b'", "m.yaml:3: an address to announce"},
		{"webrtc: {ice_servers: [{urls: [http://x]}]}", "an ICE server's URL looks like"},
		{"webrtc: {ice_servers: [{username: u}]}", "an ICE server needs urls"},
		{"reach:\n  networks: [10.0.0.0/8, 10.1.2.3/8]", "m.yaml:2: a network is an address with"},
		{"reach: {networks: [cameras]}", "m.yaml:1: a network is an address with"},
		{"reach: {ports: [0]}", "must be a whole number from 1"},
		{"reach: {onvif_ports: [65536]}", "must be a whole number from 1"},
		{"emergency: perhaps", "m.yaml:1: this must be true or false"},
		{"alerts: {after: 1s}", "must be a duration from 10s"},
		{"alerts: {knock: 1s}", "must be a duration from 10s"},
		{"alerts: {url: 'http://alerts.example/canary', secret_file: good}", "m.yaml:1: alerts go to an address of https"},
		{"alerts: {url: 'https://u:canary@alerts.example/', secret_file: good}", "m.yaml:1: alerts go to an address of https"},
		{"alerts: {url: 'https://alerts.example/'}", "alerts needs both url and secret_file"},
		{"alerts: {secret_file: good}", "alerts needs both url and secret_file"},
		{"alerts:\n  url: https://alerts.example/\n  secret_file: short", "m.yaml:3: the secret of alerts is shorter"},
		{"limits: {viewers: 0}", "must be a whole number from 1"},
		{"limits: {viewers: many}", "must be a whole number from 1"},
		{"limits: {tiles: 17}", "from 1 to 16"},
		{"limits: {linger: 15}", "must be a duration"},
		{"ptz: {home_after: 9s}", "must be a duration from 10s to 24h"},
		{"ptz: {home_after: never}", "must be a duration"},
		{"ptz: {speed_percent: 0}", "from 1 to 100"},
		{"ptz: {speed: 2}", "unknown key"},
		{"limits: {mbits_per_host: -1}", "from 0 to 100000"},
		{"limits: {spare: -1}", "from 0 to"},
		{"webrtc: {uplink_mbits: 0.5}", "from 0 to 100000"},
		{"limits: {hosts: [{host: 10.1.2.3}]}", "host 10.1.2.3:554 needs pulls"},
		{"limits: {hosts: [{host: rtsp://10.1.2.3, pulls: 4}]}", "a host of limits.hosts is an address"},
		{"limits: {hosts: [{host: admin@10.1.2.3, pulls: 4}]}", "a host of limits.hosts is an address"},
		{"limits: {hosts: [{pulls: 4}]}", "a host of limits.hosts is an address"},
		{"limits: {hosts: [{host: 10.1.2.3, pulls: 4}, {host: 10.1.2.3:554, pulls: 8}]}", "host 10.1.2.3:554 is there twice"},
		{"limits: {linger: [1]}", "must be a duration"},
		{"cameras: 5", "cameras must be a list, not a number"},
		{"cameras:\n-", "m.yaml:2: a camera is empty"},
		{"cameras: [a]", "a camera must be keys and values, not text"},
		{someAreas + "cameras:\n- id: a\n  name: A\n  area: lang\n  kind: publik\n  main: rtsp://h/", "m.yaml:6: camera \"a\": its kind must be"},
		{someAreas + "cameras:\n- {id: a, name: A, area: lang, kind: public}", "m.yaml:3: camera \"a\" has no main stream"},
		{camera("- {id: a, name: B, area: lang, kind: public, main: rtsp://h/}"), "m.yaml:8: camera \"a\" is there twice"},
		{"areas:\n- id: a\n  name: A\n  parent: b\n- id: b\n  name: B\n  parent: a", "m.yaml:4: area \"a\" is its own ancestor"},
		{camera("  sub: http://canary.example/"), "m.yaml:8: sub: "},
		{camera("  sub: 'canary'"), "m.yaml:8: sub: "},
		{camera("  position: [21]"), "m.yaml:8: position must be"},
		{camera("  position: [100, 200]"), "m.yaml:8: camera \"a\": its position must be"},
		{camera("  position: {lat: 1}"), "m.yaml:8: position must be"},
		{camera("  masks: left"), "m.yaml:8: masks must be a list of areas"},
		{camera("  masks: []"), "m.yaml:8: masks must be a list of areas"},
		{camera("  masks: [[0, 0], [1, 0], [0, 1]]"), "m.yaml:8: masks must be a list of areas"},
		{camera("  masks:\n  - [[0, 0], [1, 0], [0]]"), "m.yaml:9: masks must be a list of areas"},
		{camera("  masks: [[[0, 0], [1, 0]]]"), "m.yaml:8: camera \"a\" mask 1 has 2 points"},
		{camera("  masks: [[[0, 0], [1, 0], [0, 1.5]]]"), "m.yaml:8: camera \"a\" mask 1: its points lie within"},
		{camera("  masks: [[[0, 0], [1, 0], [0, .nan]]]"), "m.yaml:8: camera \"a\" mask 1: its points lie within"},
		{camera("  keep_warm: perhaps"), "m.yaml:8: this must be true or false"},
		{camera("  transport: http"), "m.yaml:8: camera \"a\": its transport"},
		{camera("  login: {password_file: good}"), "m.yaml:8: login needs a user"},
		{camera("  login: {user: u, password: canary}"), `m.yaml:8: unknown key "password"`},
		{camera("  login: {user: u, password_file: nowhere}"), "m.yaml:8: the secret cannot be read"},
		{camera("  login: {user: u, password_file: empty}"), "is empty: write the secret into it"},
		{camera("  login: {user: u, password_file: .}"), "is not a file"},
		{camera("  login: {user: u, password_file: big}"), "at most"},
		{camera("  sub: rtsp://v:canary@10.1.2.3/\n  login: {user: u, password_file: good}"), "m.yaml:8: sub of camera \"a\" holds another login"},
		{token(""), "needs a secret_file"},
		{token("  areas: [all]\n  secret_file: short"), "m.yaml:5: token \"t\": the secret has fewer than 16"},
		{token("  areas: [all]\n  secret_file: spaces"), "m.yaml:5: token \"t\": the secret may hold only"},
		{token("  secret_file: good"), "may see nothing"},
		{token("  secret_file: good\n  areas: [all]\n  actions: [delete]"), "m.yaml:6: an action of a token is"},
		{token("  secret_file: good\n  areas: [all]\n  kinds: [submarine]"), "m.yaml:6: token \"t\": a kind is"},
		{token("  secret_file: good\n  areas: [all]\n  expires: soon"), "m.yaml:6: expires must be"},
		{token("  secret_file: good\n  areas: [all]\n- {name: t, secret_file: good, areas: [all]}"), "m.yaml:6: token \"t\" is there twice"},
		{token("  secret_file: good\n  areas: [all]\n- {name: u, secret_file: good, areas: [all]}"), "have the same secret"},
	} {
		_, err := parseConfig(filepath.Join(dir, "m.yaml"), []byte(tt.text))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q:\n got %v\nwant %s", tt.text, err, tt.want)
		} else if strings.Contains(err.Error(), "canary") {
			t.Errorf("%q: the error tells a secret: %v", tt.text, err)
		}
	}
}

func TestMasksOfTheConfigurationHideFromTheFirstPicture(t *testing.T) {
	t.Parallel()
	cfg, err := parseConfig("m.yaml", []byte("areas: [{id: lang, name: Láng}]\ncameras:\n- {id: a, name: A, area: lang, kind: public, main: rtsp://h/, masks: [[[0, 0], [0.5, 0], [0, 1]]]}"))
	if err != nil {
		t.Fatal(err)
	}
	c := cfg.Inventory.Cameras()[0]
	if want := []gateway.Mask{{{X: 0, Y: 0}, {X: 0.5, Y: 0}, {X: 0, Y: 1}}}; !reflect.DeepEqual(c.Masks, want) {
		t.Fatalf("%v", c.Masks)
	}
	hub := gateway.NewHub(cfg.Inventory, gateway.Limits{}, slog.New(slog.DiscardHandler), nil)
	if _, _, err := hub.Open(gateway.StreamID{Camera: "a", Quality: gateway.Main}); !errors.Is(err, gateway.ErrMasked) {
		t.Errorf("what the camera itself sends is opened: %v", err)
	}
}

func TestACameraMayStayWhereItWasTurned(t *testing.T) {
	for text, want := range map[string]PTZConfig{
		"":                                       {2 * time.Minute, 100},
		"ptz: {home_after: 0}":                   {0, 100},
		"ptz: {home_after: 0, speed_percent: 1}": {0, 1},
		"ptz: {home_after: 10m}":                 {10 * time.Minute, 100},
	} {
		cfg, err := parseConfig("m.yaml", []byte(text))
		if err != nil || cfg.PTZ != want {
			t.Errorf("%s: %+v, %v", text, cfg.PTZ, err)
			continue
		}
		h := openHeads(cfg, cfg.Inventory, nil, nil)
		if h.HomeAfter != want.HomeAfter || h.Speed != float64(want.Percent)/100 {
			t.Errorf("%s: %v, %v", text, h.HomeAfter, h.Speed)
		}
	}
}

func TestLimitsOfSingleHostsAreRead(t *testing.T) {
	cfg, err := parseConfig("m.yaml", []byte("limits: {mbits_per_host: 100, hosts: [{host: 10.1.2.3, pulls: 16, mbits: 80}, {host: NVR.example:8554, pulls: 4}, {host: 2001:db8::1, pulls: 2}]}"))
	if err != nil {
		t.Fatal(err)
	}
	l := cfg.Limits.Streams
	want := map[string]gateway.HostLimit{"10.1.2.3:554": {Pulls: 16, Bits: 80_000_000}, "nvr.example:8554": {Pulls: 4}, "[2001:db8::1]:554": {Pulls: 2}}
	if l.BitsPerHost != 100_000_000 || l.PullsPerHost != 64 || !maps.Equal(l.Hosts, want) {
		t.Errorf("%+v", l)
	}
}

func TestTheUplinkIsReadInMegabits(t *testing.T) {
	t.Parallel()
	cfg, err := parseConfig("m.yaml", []byte("webrtc: {uplink_mbits: 20}\nlimits: {spare: 0}"))
	if err != nil || cfg.WebRTC.Uplink != 20_000_000 || cfg.Limits.Spare != 0 {
		t.Errorf("%+v, %v", cfg, err)
	}
}

func TestAllMistakesAreToldInOrder(t *testing.T) {
	t.Parallel()
	_, err := parseConfig("m.yaml", []byte("cameras: 1\nhttp: []\nlimits: 2\nzzz: 3"))
	if err == nil {
		t.Fatal("no error")
	}
	for i, line := range strings.Split(err.Error(), "\n") {
		if !strings.HasPrefix(line, fmt.Sprintf("m.yaml:%d: ", i+1)) {
			t.Errorf("line %d: %s", i+1, line)
		}
	}
	_, err = parseConfig("m.yaml", []byte(strings.Repeat("- a\n", 10)+"cameras:"))
	if err == nil {
		t.Error("no error")
	}
	_, err = parseConfig("m.yaml", []byte("cameras:\n"+strings.Repeat("- {}\n", 5000)))
	if n := strings.Count(fmt.Sprint(err), "\n"); n >= maxProblems {
		t.Errorf("%d lines of errors", n+1)
	}
}

func TestPasswordInAURLIsMovedOutAndWarnedAbout(t *testing.T) {
	t.Parallel()
	cfg, err := parseConfig("m.yaml", []byte(someAreas+`cameras:
- {id: a, name: A, area: lang, kind: public,
   main: "rtsp://viewer:canary%40x@10.1.2.3:8554/main?channel=1",
   sub: "rtsp://viewer:canary%40x@10.1.2.3:8554/sub"}`))
	if err != nil {
		t.Fatal(err)
	}
	c, err := cfg.Inventory.Camera("a")
	if err != nil || c.Main != "rtsp://10.1.2.3:8554/main?channel=1" || c.Sub != "rtsp://10.1.2.3:8554/sub" || c.Login != (gateway.Login{User: "viewer", Password: "canary@x"}) {
		t.Errorf("%+v, %v", c, err)
	}
	if len(cfg.Warnings) != 2 || !strings.HasPrefix(cfg.Warnings[0], `m.yaml:4: main of camera "a" holds a login`) || strings.Contains(strings.Join(cfg.Warnings, ""), "canary") {
		t.Errorf("%q", cfg.Warnings)
	}
}

func TestATokenMayNameWhatOnlyTheStoreHas(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{"good": "good-canary-0123456789"})
	cfg, err := parseConfig(filepath.Join(dir, "m.yaml"), []byte(someAreas+"tokens:\n- {name: t, secret_file: good, areas: [hue], cameras: [x], actions: [view, administer]}"))
	if err != nil || len(cfg.Warnings) != 2 || !strings.HasPrefix(cfg.Warnings[0], `m.yaml:3: token "t": there is no area "hue" in this file`) ||
		!strings.HasPrefix(cfg.Warnings[1], `m.yaml:3: token "t": there is no camera "x" in this file`) || len(cfg.Tokens[0].Actions) != 2 {
		t.Errorf("%v, %q", err, cfg.Warnings)
	}
}

func TestSecretThatEverybodyCanReadIsWarnedAbout(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{"s": "good-canary-0123456789"})
	if err := os.Chmod(filepath.Join(dir, "s"), 0o644); err != nil {
		t.Fatal(err)
	}
	cfg, err := parseConfig(filepath.Join(dir, "m.yaml"), []byte("tokens: [{name: t, secret_file: s, areas: [all]}]"))
	if err != nil || len(cfg.Warnings) != 1 || !strings.Contains(cfg.Warnings[0], "chmod 600") {
		t.Errorf("%v %v", cfg, err)
	}
}

func TestEmptyConfigurationIsTheDefault(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "# nothing\n", "webrtc:\ncameras:\n"} {
		cfg, err := parseConfig("m.yaml", []byte(text))
		if err != nil || cfg.HTTP != ":8080" || cfg.WebRTC.TCP != ":8189" {
			t.Errorf("%q: %+v %v", text, cfg, err)
		}
	}
	cfg, err := parseConfig("m.yaml", []byte("webrtc: {udp: \":9000\"}\nareas: [{id: 00277, name: Láng}]"))
	if err != nil || cfg.WebRTC.TCP != ":9000" || cfg.Inventory.Areas()[0].ID != "00277" {
		t.Errorf("%+v %v", cfg, err)
	}
	if cfg, err := parseConfig("m.yaml", []byte("accounts: {second_factor: required}")); err != nil || !cfg.Accounts.SecondFactor {
		t.Errorf("a second factor is not required: %v", err)
	}
	if cfg, err := parseConfig("m.yaml", []byte("accounts: {second_factor: optional}")); err != nil || cfg.Accounts.SecondFactor {
		t.Errorf("a second factor is required: %v", err)
	}
	if cfg, err := parseConfig("m.yaml", []byte("alerts: {knock: never}")); err != nil || cfg.Alerts.Knock != 0 || cfg.Alerts.After != 5*time.Minute {
		t.Errorf("somebody knocks: %v", err)
	}
	if _, err := loadConfig(t.TempDir()); err == nil {
		t.Error("a directory is read")
	}
}

func FuzzConfig(f *testing.F) {
	example, err := os.ReadFile("docs/config.example.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(example))
	f.Add("a: &a [*a]\nb: *a")
	f.Add("cameras: [&c {id: a}, *c, *c]\nareas:\n- - -\n")
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		cfg, err := parseConfig(filepath.Join(dir, "m.yaml"), []byte(text))
		if err == nil && cfg.Inventory == nil {
			t.Error("no inventory and no error")
		}
	})
}
