package gateway

import "testing"

func TestAnAddressIsKnownAgainHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	const lent = "rtsp://nha-42.example.vn/Streaming/Channels/101"
	for _, same := range []string{
		"rtsp://nha-42.example.vn:554/Streaming/Channels/101",
		"rtsp://NHA-42.Example.VN./Streaming/Channels/101",
		"rtsps://nha-42.example.vn:554/Streaming/Channels/101",
		"rtsp://nha-42.example.vn:0554/Streaming/Channels/101",
		"rtsp://someone:secret@nha-42.example.vn/Streaming/Channels/101",
		"rtsp://nha-42.example.vn/streaming//channels/./101/",
		"rtsp://nha-42.example.vn/Streaming/x/../Channels/%31%30%31",
		"rtsp://nha-42.example.vn/Streaming/Channels/101?channel=2&transportmode=unicast",
		"rtsp://nha-42.example.vn/Streaming/Channels/101#x",
	} {
		if Place(same) != Place(lent) || Place(same) == "" {
			t.Errorf("%s is not known again: %q", same, Place(same))
		}
	}
	for _, other := range []string{
		"rtsp://nha-42.example.vn/Streaming/Channels/201", "rtsp://nha-42.example.vn:8554/Streaming/Channels/101",
		"rtsp://nha-43.example.vn/Streaming/Channels/101", "rtsps://nha-42.example.vn/Streaming/Channels/101",
	} {
		if Place(other) == Place(lent) {
			t.Errorf("%s is another camera", other)
		}
	}
	for _, same := range [][2]string{
		{"rtsp://10.1.2.3/x", "rtsp://[::ffff:10.1.2.3]/x"},
		{"rtsp://[2001:db8::1]/x", "rtsp://[2001:0DB8:0::1]:554/x"},
		{"rtsp://[fe80::1%25eth0]/x", "rtsp://[fe80::1]/x"},
		{"rtsps://10.1.2.3/x", "rtsps://10.1.2.3:322/x"},
		{"rtsp://10.1.2.3", "rtsp://10.1.2.3/"},
		{"rtsp://10.1.2.3/cam/realmonitor?channel=2&subtype=0", "rtsp://10.1.2.3/cam/realmonitor?subtype=1&channel=02"},
		{"rtsp://10.1.2.3/cam/realmonitor?channel=1&subtype=0", "rtsp://10.1.2.3/cam/realmonitor"},
	} {
		if Place(same[0]) != Place(same[1]) {
			t.Errorf("%v: %q and %q", same, Place(same[0]), Place(same[1]))
		}
	}
	if a, b := Place("rtsp://10.1.2.3/cam/realmonitor?channel=1"), Place("rtsp://10.1.2.3/cam/realmonitor?channel=2"); a == b {
		t.Error("two channels of one recorder are two cameras")
	}
	for _, none := range []string{"", "x", "rtsp://", "rtsp://%zz/"} {
		if Place(none) != "" {
			t.Errorf("%q is a place", none)
		}
	}
}

func TestAHouseholdsCameraIsNotKeptWarm(t *testing.T) {
	t.Parallel()
	areas := []Area{{ID: "lang", Name: "Láng"}}
	c := Camera{ID: "nha-42", Name: "Nhà 42", Area: "lang", Kind: Household, Main: "rtsp://10.1.2.3/x", KeepWarm: true}
	_, err := NewList(areas, []Camera{c})
	if p, ok := err.(Problems); !ok || len(p) != 1 || p[0].Field != "keep_warm" {
		t.Errorf("%v", err)
	}
	c.Kind = Public
	if _, err := NewList(areas, []Camera{c}); err != nil {
		t.Error(err)
	}
}
