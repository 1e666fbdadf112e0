package onvif

import (
	"encoding/base64"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"matthan/gateway"
)

// recorded is an answer of testdata, as it is read.
func recorded(t *testing.T, name, operation string, status int) (*element, error) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return read(request{name: operation}, status, b)
}

func mustRead(t *testing.T, name, operation string) *element {
	t.Helper()
	answer, err := recorded(t, name, operation, 200)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestMakesProfilesBecomeChannels(t *testing.T) {
	t.Parallel()
	type want struct{ source, main, sub string }
	for _, tt := range []struct {
		file   string
		media2 bool
		want   []want
	}{
		{"hikvision-profiles.xml", false, []want{{"VideoSource_1", "Profile_1", "Profile_2"}}},
		{"hikvision-recorder-profiles.xml", false, []want{
			{"VideoSourceToken001", "ProfileToken001", "ProfileToken002"}, {"VideoSourceToken002", "ProfileToken003", "ProfileToken004"},
			{"VideoSourceToken003", "ProfileToken005", "ProfileToken006"}, {"VideoSourceToken004", "ProfileToken007", "ProfileToken008"}}},
		{"dahua-profiles.xml", false, []want{{"00000", "MediaProfile00001", ""}}}, // its main is H.265
		{"reolink-profiles.xml", false, []want{{"000", "000", "001"}}},
		{"media2-profiles.xml", true, []want{{"0", "profile_1_h264", ""}}},
	} {
		var got []want
		for _, c := range Group(readProfiles(mustRead(t, tt.file, "GetProfiles"), tt.media2)) {
			w := want{source: c.Source, main: c.Main.Token}
			if c.Sub != nil {
				w.sub = c.Sub.Token
			}
			if c.H265Only {
				t.Errorf("%s: H.265 only", tt.file)
			}
			got = append(got, w)
		}
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %+v", tt.file, got)
		}
	}
}

func TestProfileOfMedia2IsReadWhole(t *testing.T) {
	t.Parallel()
	got := readProfiles(mustRead(t, "media2-profiles.xml", "GetProfiles"), true)
	want := Profile{Token: "profile_1_h264", Name: "profile_1 h264", Codec: H264, Width: 2688, Height: 1520, FPS: 12,
		Source: "0", PTZ: true, Node: "node0", configuration: "ptz0", media2: true}
	if len(got) != 2 || got[0] != want || got[1].Codec != H265 || got[1].PTZ {
		t.Fatalf("%+v", got)
	}
}

func TestCameraOfH265AloneIsSaidSo(t *testing.T) {
	t.Parallel()
	got := Group([]Profile{{Token: "small", Codec: H265, Width: 640, Height: 360}, {Token: "large", Codec: H265, Width: 3840, Height: 2160}, {Token: "still", Codec: JPEG, Width: 4000, Height: 3000}})
	if len(got) != 1 || !got[0].H265Only || got[0].Main.Token != "large" || got[0].Sub == nil || got[0].Sub.Token != "small" {
		t.Fatalf("%+v", got)
	}
}

func TestSubStreamIsTheSmallestThatShowsSomething(t *testing.T) {
	t.Parallel()
	got := Group([]Profile{{Token: "a", Codec: H264, Width: 176, Height: 144}, {Token: "b", Codec: H264, Width: 1280, Height: 720},
		{Token: "c", Codec: H264, Width: 320, Height: 240}, {Token: "d", Codec: H264, Width: 2560, Height: 1440}})
	if got[0].Main.Token != "d" || got[0].Sub.Token != "c" {
		t.Fatalf("%+v", got)
	}
}

func TestMakesProbeMatches(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		file, from string
		want       Found
	}{
		{"hikvision-probe.xml", "192.0.2.59", Found{"urn:uuid:00000000-463D-11B4-82BF-020000000001", "HIKVISION DS-2CD2612F-I", "DS-2CD2612F-I", "hangzhou",
			[]string{"http://192.0.2.59:8059/onvif/device_service", "http://[fe80::200:ff:fe00:1]:8059/onvif/device_service"}}},
		{"axis-probe.xml", "192.0.2.90", Found{"urn:uuid:00000000-3fdc-4d87-b8c4-000000000002", "AXIS M2036-LE", "M2036-LE", "",
			[]string{"http://192.0.2.90/onvif/device_service", "https://192.0.2.90/onvif/device_service", "http://169.254.209.66/onvif/device_service", "https://169.254.209.66/onvif/device_service"}}},
		{"uniview-probe.xml", "192.0.2.172", Found{"urn:uuid:00000000-0000-0000-0000-000000000003", "IMCP", "HIC5421S-C", "",
			[]string{"http://192.0.2.172:81/onvif/device_service", "http://192.0.2.152:81/onvif/device_service", "http://[fe80::200:ff:fe00:3]/onvif/device_service"}}},
		// It has moved into another network, and has not noticed.
		{"tapo-probe.xml", "198.51.100.9", Found{"uuid:00000000-b915-4053-a3e1-020000000004", "TP-IPC", "C200", "ShenZhen",
			[]string{"http://198.51.100.9:2020/onvif/device_service", "http://192.0.2.217:2020/onvif/device_service"}}},
	} {
		b, err := os.ReadFile(filepath.Join("testdata", tt.file))
		if err != nil {
			t.Fatal(err)
		}
		if got := readMatches(b, netip.MustParseAddr(tt.from)); len(got) != 1 || !reflect.DeepEqual(got[0], tt.want) {
			t.Errorf("%s: %+v", tt.file, got)
		}
	}
}

func TestPrinterIsNoCamera(t *testing.T) {
	t.Parallel()
	const match = `<Envelope><Body><ProbeMatches><ProbeMatch><EndpointReference><Address>urn:uuid:1</Address></EndpointReference><Types>wprt:PrintDeviceType</Types><XAddrs>http://192.0.2.1/</XAddrs></ProbeMatch></ProbeMatches></Body></Envelope>`
	if got := readMatches([]byte(match), netip.MustParseAddr("192.0.2.1")); got != nil {
		t.Fatalf("%+v", got)
	}
	if got := readMatches([]byte(strings.Replace(match, "wprt:PrintDeviceType", "NetworkVideoTransmitter", 1)), netip.MustParseAddr("192.0.2.1")); len(got) != 1 {
		t.Fatalf("%+v", got)
	}
}

func TestSameIdentityIsWrittenInManyWays(t *testing.T) {
	t.Parallel()
	const id = "00000000-b915-4053-a3e1-020000000004"
	for _, other := range []string{"urn:uuid:" + id, "uuid:" + id, strings.ToUpper(id), " URN:UUID:" + id + "\n"} {
		if !SameIdentity(other, id) {
			t.Errorf("%q is another device", other)
		}
	}
	if SameIdentity("", "") || SameIdentity("urn:uuid:", "uuid:") || SameIdentity(id, id[1:]) {
		t.Error("nobody is somebody")
	}
}

func TestFaultsOfMakes(t *testing.T) {
	t.Parallel()
	_, err := recorded(t, "dahua-fault.xml", "GetProfiles", 400)
	if gateway.CauseOf(err) != gateway.CauseUnauthorized || !strings.Contains(err.Error(), "29 attempt") {
		t.Error(err)
	}
	_, err = recorded(t, "hikvision-fault.xml", "GetProfiles", 500)
	if gateway.CauseOf(err) != gateway.CauseProtocol || !isFault(err) || !strings.Contains(err.Error(), "Receiver/ActionNotSupported/InvalidOperation") {
		t.Error(err)
	}
	for status, cause := range map[int]gateway.Cause{200: gateway.CauseProtocol, 404: gateway.CauseProtocol, 403: gateway.CauseUnauthorized, 302: gateway.CauseForbiddenURL} {
		if _, err := read(request{name: "GetProfiles"}, status, []byte("<html><body>no ONVIF here</body></html>")); gateway.CauseOf(err) != cause || isFault(err) {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestServicesAreWhereTheDeviceWasDialled(t *testing.T) {
	t.Parallel()
	at, err := ParseAddress("https://camera.example:8443/onvif/device_service")
	if err != nil {
		t.Fatal(err)
	}
	s := &services{}
	s.capabilities(mustRead(t, "dahua-capabilities.xml", "GetCapabilities"), at)
	if s.media == nil || s.media.String() != "https://camera.example:8443/onvif/media_service" || s.ptz != nil || s.media2 != nil {
		t.Fatalf("%+v", s)
	}
	for announced, want := range map[string]string{
		"http://192.0.2.1:8000/onvif/Media":      "http://192.0.2.1:8000/onvif/Media", // the dialled host, another port
		"http://198.51.100.1:8000/onvif/Media":   "http://192.0.2.1/onvif/Media",
		"https://192.0.2.1/onvif/Media":          "http://192.0.2.1/onvif/Media", // no other scheme
		"/onvif/Media?x=1":                       "http://192.0.2.1/onvif/Media?x=1",
		"nonsense://[":                           "http://192.0.2.1/onvif/device_service",
		"http://user:secret@192.0.2.1/onvif/ptz": "http://192.0.2.1/onvif/ptz",
	} {
		dialled, err := url.Parse("http://192.0.2.1/onvif/device_service")
		if err != nil {
			t.Fatal(err)
		}
		if got := near(announced, dialled).String(); got != want {
			t.Errorf("%s: %s", announced, got)
		}
	}
}

func TestStreamAddressHasTheDialledHostAndNoLogin(t *testing.T) {
	t.Parallel()
	dialled := &url.URL{Scheme: "http", Host: "192.0.2.20:8000"}
	six := &url.URL{Scheme: "http", Host: "[2001:db8::20]:8000"}
	raw := mustRead(t, "dahua-stream.xml", "GetStreamUri").at("MediaUri", "Uri").text
	for _, tt := range []struct {
		raw  string
		at   *url.URL
		want string
	}{
		{raw, dialled, "rtsp://192.0.2.20:554/cam/realmonitor?channel=1&subtype=1&unicast=true&proto=Onvif"},
		{raw, six, "rtsp://[2001:db8::20]:554/cam/realmonitor?channel=1&subtype=1&unicast=true&proto=Onvif"},
		{"RTSP://0.0.0.0/live", dialled, "rtsp://192.0.2.20/live"},
		{"rtsp:///live", dialled, "rtsp://192.0.2.20/live"},
		{"rtsp://[fe80::1%eth0]:8554/live#x", six, "rtsp://[2001:db8::20]/live"}, // no port can be read
		{"rtsps://u:p@ss@198.51.100.1:322/live", dialled, "rtsps://192.0.2.20:322/live"},
		{"http://198.51.100.1/live", dialled, ""},
		{"rtsp://198.51.100.1:99999/live", dialled, ""},
		{"", dialled, ""},
		{"rtsp://h/" + strings.Repeat("x", maxAddress), dialled, ""},
	} {
		got, err := streamURL(tt.raw, tt.at, "rtsp", "rtsps")
		if got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("%.80s: %q, %v", tt.raw, got, err)
		}
	}
}

func TestLocalTimeServesWhereThereIsNoOther(t *testing.T) {
	t.Parallel()
	got, ok := readClock(mustRead(t, "localtime.xml", "GetSystemDateAndTime"))
	if want := time.Date(1979, 11, 30, 0, 0, 50, 0, time.UTC); !ok || !got.utc.Equal(want) {
		t.Fatalf("%v", got)
	}
	for tz, ahead := range map[string]time.Duration{"ICT-7": 7 * time.Hour, "CST-8:00:00": 8 * time.Hour, "<+0530>-5:30": 5*time.Hour + 30*time.Minute,
		"GMT+07:00": 7 * time.Hour, "EST5EDT,M3.2.0,M11.1.0": -5 * time.Hour, "UTC": 0, "": 0, "nonsense": 0, "GMT-07:00": -7 * time.Hour} {
		if got := zone(tz); got != ahead {
			t.Errorf("%q: %v", tz, got)
		}
	}
}

func TestDocumentsBeyondTheirBoundsAreErrors(t *testing.T) {
	t.Parallel()
	for name, doc := range map[string]string{
		"large":    "<a>" + strings.Repeat("x", maxReply) + "</a>",
		"deep":     strings.Repeat("<a>", maxDepth+1) + strings.Repeat("</a>", maxDepth+1),
		"many":     "<a>" + strings.Repeat("<b/>", maxElements) + "</a>",
		"a DTD":    `<!DOCTYPE a [<!ENTITY b "cccc">]><a>&b;</a>`,
		"endless":  "<a>" + strings.Repeat("x", maxContent+1) + "</a>",
		"cut off":  "<a><b>",
		"nothing":  "",
		"no XML":   "hello",
		"reversed": "</a><a>",
	} {
		if _, err := parse([]byte(doc)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	e, err := parse([]byte("\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"gb2312\"?><a><b>x&amp;y&z\xff</b></a>\x00\x00"))
	if err != nil || e.at("b").text != "x&y&z?" {
		t.Fatalf("%+v, %v", e, err)
	}
}

// ONVIF Application Programmer's Guide 1.0, section 6.1.1.3.
func TestTokenDigestOfTheProgrammersGuide(t *testing.T) {
	t.Parallel()
	nonce, err := base64.StdEncoding.DecodeString("LKqI6G/AikKCQrN0zqZFlg==")
	if err != nil {
		t.Fatal(err)
	}
	if got := passwordDigest(nonce, "2010-09-16T07:50:45Z", "userpassword"); got != "tuOSpGlFlIXsozq4HFNeeGeFLEI=" {
		t.Fatal(got)
	}
}

func TestStrongestDigestIsAnsweredAndNeverBasic(t *testing.T) {
	t.Parallel()
	const basic, md5, sha = `Basic realm="x"`, `Digest realm="r", nonce="n", algorithm=MD5`, `Digest realm="r", nonce="n", algorithm=SHA-256, qop="auth"`
	for want, lines := range map[string][]string{
		"Digest MD5":     {basic + ", " + md5},
		"Digest SHA-256": {basic, md5, sha},
		"":               {basic, `Digest realm="x", nonce="y", algorithm=MD4`},
	} {
		c, ok := strongest(map[string][]string{"Www-Authenticate": lines})
		if ok != (want != "") || ok && c.Way() != want {
			t.Errorf("%q: %s, %v", lines, c.Way(), ok)
		}
	}
}

func TestAddressesThatPeopleType(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"192.0.2.1": "http://192.0.2.1/onvif/device_service", "camera:8000": "http://camera:8000/onvif/device_service",
		"2001:db8::1": "http://[2001:db8::1]/onvif/device_service", " https://camera/ ": "https://camera/onvif/device_service",
		"http://camera/onvif/services?x": "http://camera/onvif/services",
		"rtsp://camera/":                 "", "http://admin:hidden@camera/": "", "": "", "camera:0": "", "http://": "", "camera:": "",
	} {
		got, err := ParseAddress(in)
		if err != nil && (want != "" || strings.Contains(err.Error(), "hidden")) || err == nil && got.String() != want {
			t.Errorf("%q: %v, %v", in, got, err)
		}
	}
}
