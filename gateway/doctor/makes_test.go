package doctor

import (
	"slices"
	"strings"
	"testing"

	"matthan/gateway"
	"matthan/gateway/rtsp"
)

func TestTheOtherStreamIsFoundByTheMakesAddresses(t *testing.T) {
	t.Parallel()
	for main, sub := range map[string]string{
		"/Streaming/Channels/101":                           "/Streaming/Channels/102",
		"/Streaming/Channels/1601?transportmode=unicast":    "/Streaming/Channels/1602?transportmode=unicast",
		"/h264/ch1/main/av_stream":                          "/h264/ch1/sub/av_stream",
		"/cam/realmonitor?channel=1&subtype=0":              "/cam/realmonitor?channel=1&subtype=1",
		"/cam/realmonitor?channel=3&subtype=0&unicast=true": "/cam/realmonitor?channel=3&subtype=1&unicast=true",
		"/stream1":             "/stream2",
		"/media/video1":        "/media/video2",
		"/unicast/c1/s0/live":  "/unicast/c1/s1/live",
		"/h264Preview_01_main": "/h264Preview_01_sub",
		"/Preview_02_main":     "/Preview_02_sub",
		"/videoMain":           "/videoSub",
		"/cam0/main":           "/cam0/sub",
		"/live/ch00_0":         "/live/ch00_1",
		"/11":                  "/12",
		"/profile1":            "/profile2",
		"/live/main.sdp":       "/live/sub.sdp",
		"/user=a&password=b&channel=1&stream=0.sdp?real_stream=": "/user=a&password=b&channel=1&stream=1.sdp?real_stream=",
	} {
		if got, given := sibling("rtsp://10.0.0.1:554" + main); got != "rtsp://10.0.0.1:554"+sub || given != "main" {
			t.Errorf("%s: %s (%s), want %s", main, got, given, sub)
		}
		if got, given := sibling("rtsp://10.0.0.1" + sub); got != "rtsp://10.0.0.1"+main || given != "sub" {
			t.Errorf("%s: %s (%s), want %s", sub, got, given, main)
		}
	}
	if got, _ := sibling("rtsp://10.0.0.1/axis-media/media.amp"); got != "rtsp://10.0.0.1"+axisSmall {
		t.Errorf("Axis: %s", got)
	}
	for _, path := range []string{"", "/", "/live", "/domain", "/remains", "/axis-media/media.amp?resolution=640x360"} {
		if got, given := sibling("rtsp://10.0.0.1" + path); got != "" || given != "" {
			t.Errorf("%s: %s (%s)", path, got, given)
		}
	}
}

func TestTheMakeIsGuessed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		address, server, realm string
		want                   Make
	}{
		{"/Streaming/Channels/101", "", "IP Camera(23434)", Hikvision},
		{"/", "Dahua Rtsp Server", "", Dahua},
		{"/", "", "Login to 4K0123FPA", Dahua},
		{"/cam/realmonitor?channel=1&subtype=0", "", "", Dahua},
		{"/stream1", "", "TP-Link IP-Camera", Tapo},
		{"/stream1", "", "", Tapo},
		{"/unicast/c2/s1/live", "", "", Uniview},
		{"/axis-media/media.amp", "", "", Axis},
		{"/axis-media/media.amp", "", "AXIS_ACCC8E", Axis},
		{"/h264Preview_01_sub", "", "", Reolink},
		{"/videoMain", "", "Foscam IPCam Living Video", Foscam},
		{"/cam0/main", "gortsplib", "ipcam", ""},
	} {
		if got := guess("rtsp://10.0.0.1"+c.address, rtsp.Description{Server: c.server, Realm: c.realm}); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestMainStreamsAreTriedByTheMake(t *testing.T) {
	t.Parallel()
	if got := starts("rtsp://10.0.0.1/x", Uniview); !slices.Equal(got, []string{"rtsp://10.0.0.1/media/video1", "rtsp://10.0.0.1/unicast/c1/s0/live"}) {
		t.Errorf("%q", got)
	}
	if got := starts("rtsp://10.0.0.1/x", ""); len(got) != maxStarts || !strings.HasSuffix(got[0], "/Streaming/Channels/101") {
		t.Errorf("%q", got)
	}
}

func TestAddressesAreShownWithoutSecrets(t *testing.T) {
	t.Parallel()
	login := gateway.Login{User: "admin", Password: "chim/1"}
	for raw, want := range map[string]string{
		"rtsp://admin:chim%2F1@10.0.0.1/x":                                      "rtsp://10.0.0.1/x",
		"rtsp://10.0.0.1/cam/realmonitor?channel=1&subtype=0":                   "rtsp://10.0.0.1/cam/realmonitor?channel=1&subtype=0",
		"rtsp://10.0.0.1/user=admin_password=a_b_channel=1_stream=0.sdp":        "rtsp://10.0.0.1/user=•••",
		"rtsp://10.0.0.1/live?channel=1&pwd=chim/1&x=2":                         "rtsp://10.0.0.1/live?channel=1&pwd=•••",
		"rtsp://10.0.0.1/live/chim/1/main":                                      "rtsp://10.0.0.1/live/•••/main",
		"rtsp://10.0.0.1/live/%63him%2f1":                                       "rtsp://10.0.0.1/•••",
		"rtsp://10.0.0.1/live/chim%2F1":                                         "rtsp://10.0.0.1/live/•••",
		"rtsp://10.0.0.1/" + strings.Repeat("a", 40) + "?x=chim%2F1&username=u": "rtsp://10.0.0.1/" + strings.Repeat("a", 40) + "?x=•••&username=•••",
	} {
		if got := masked(raw, login); got != want {
			t.Errorf("%s: %s, want %s", raw, got, want)
		}
	}
}

func FuzzAddressesAreShownWithoutSecrets(f *testing.F) {
	f.Add("rtsp://10.0.0.1/live?pwd=chim-h0ang-y3n", "chim-h0ang-y3n")
	f.Add("rtsp://10.0.0.1/cam/realmonitor?channel=1&subtype=0", "mat khau/1")
	f.Fuzz(func(t *testing.T, address, password string) {
		clean, _, err := rtsp.ParseURL(address)
		if err != nil || len(password) < 4 {
			return
		}
		other, _ := sibling(clean)
		for _, a := range []string{clean, other} {
			login := gateway.Login{User: "u", Password: gateway.Secret(password)}
			if got := masked(a, login); strings.Contains(uriOf(got), password) {
				t.Errorf("%q shows %q: %q", a, password, got)
			}
		}
	})
}
