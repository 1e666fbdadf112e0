package doctor

import (
	"net/url"
	"regexp"
	"strings"

	"matthan/gateway/rtsp"
)

// Make is a maker of cameras, or a family that shares one's firmware. "" is not
// known.
type Make string

// Makes whose addresses and menus are known.
const (
	Hikvision Make = "hikvision"
	Dahua     Make = "dahua" // and KBVision, Imou, which are Dahua's inside
	Ezviz     Make = "ezviz"
	Tapo      Make = "tapo" // and VIGI, of TP-Link
	Uniview   Make = "uniview"
	Axis      Make = "axis"
	Reolink   Make = "reolink"
	Foscam    Make = "foscam"
)

// called are words by which a camera gives its make away in Server and realm.
var called = []struct {
	word string
	is   Make
}{
	{"hikvision", Hikvision}, {"ezviz", Ezviz}, {"dahua", Dahua}, {"kbvision", Dahua}, {"imou", Dahua}, {"login to ", Dahua},
	{"tp-link", Tapo}, {"tapo", Tapo}, {"vigi", Tapo}, {"uniview", Uniview}, {"axis", Axis}, {"reolink", Reolink}, {"foscam", Foscam},
}

// way is how a family writes the addresses of its streams: the pattern takes what
// is before and after the part that names the stream.
type way struct {
	is        Make
	pattern   *regexp.Regexp // of path and query; its first group is before the part, its second after
	main, sub string         // the part
	start     string         // path and query of a first camera's main stream; "" where others serve
}

func newWay(is Make, pattern, main, sub, start string) way {
	return way{is, regexp.MustCompile(`(?i)^` + strings.Replace(pattern, "%", "(?:"+main+"|"+sub+")", 1) + `$`), main, sub, start}
}

// ways are tried from the first; those of no make come last.
var ways = []way{
	newWay(Hikvision, `(/(?:ISAPI/)?Streaming/Channels/\d*0)%(.*)`, "1", "2", "/Streaming/Channels/101"),
	newWay(Ezviz, `(/h26[45]/ch\d+/)%(/av_stream.*)`, "main", "sub", "/h264/ch1/main/av_stream"),
	newWay(Dahua, `(/cam/realmonitor\?.*subtype=)%(.*)`, "0", "1", "/cam/realmonitor?channel=1&subtype=0"),
	newWay(Tapo, `(/stream)%()`, "1", "2", "/stream1"),
	newWay(Uniview, `(/media/video)%(.*)`, "1", "2", "/media/video1"),
	newWay(Uniview, `(/unicast/c\d+/s)%(/live.*)`, "0", "1", "/unicast/c1/s0/live"),
	newWay(Reolink, `(/(?:h26[45])?Preview_\d+_)%(.*)`, "main", "sub", "/h264Preview_01_main"),
	newWay(Foscam, `(/video)%(.*)`, "Main", "Sub", "/videoMain"),
	newWay("", `(.*[/_=-]|/)%((?:[/._?&-].*)?)`, "main", "sub", ""),
	newWay("", `(/live/ch\d+_|/ch\d+_)%((?:[./].*)?)`, "0", "1", "/live/ch00_0"),
	newWay("", `(/1)%()`, "1", "2", "/11"),
	newWay("", `(.*subtype=|.*stream=)%(.*)`, "0", "1", ""),
	newWay("", `(/.*(?:stream|channel|profile|video)[=_/]?)%((?:[/.?&].*)?)`, "1", "2", ""),
}

// axisSmall is asked of an Axis, which scales as it is told.
const axisSmall = "/axis-media/media.amp?resolution=640x360"

// guess finds the make by what a camera tells and by its address.
func guess(address string, d rtsp.Description) Make {
	says := strings.ToLower(d.Server + " " + d.Realm)
	for _, c := range called {
		if strings.Contains(says, c.word) {
			return c.is
		}
	}
	uri := uriOf(address)
	if strings.HasPrefix(uri, "/axis-media/") {
		return Axis
	}
	for _, w := range ways {
		if w.is != "" && w.pattern.MatchString(uri) {
			return w.is
		}
	}
	return ""
}

// sibling is the address of a camera's other stream: the sub of a main one, the
// main of a sub one. which says what the given address is; "" where neither is
// known.
func sibling(address string) (other string, given string) {
	uri := uriOf(address)
	if strings.HasPrefix(uri, "/axis-media/media.amp") {
		if strings.Contains(uri, "resolution=") {
			return "", ""
		}
		return at(address, axisSmall), "main"
	}
	for _, w := range ways {
		m := w.pattern.FindStringSubmatchIndex(uri)
		if m == nil {
			continue
		}
		before, part, after := uri[:m[3]], uri[m[3]:m[4]], uri[m[4]:]
		if strings.EqualFold(part, w.main) {
			return at(address, before+w.sub+after), "main"
		}
		return at(address, before+w.main+after), "sub"
	}
	return "", ""
}

// maxStarts bounds how many addresses are tried for a main stream.
const maxStarts = 6

// starts are addresses of main streams to try at a camera, its make's first.
func starts(address string, is Make) (out []string) {
	if is == Axis {
		return []string{at(address, "/axis-media/media.amp")}
	}
	for _, mine := range []bool{true, false} {
		for _, w := range ways {
			if w.start != "" && (w.is == is && is != "") == mine && len(out) < maxStarts {
				out = append(out, at(address, w.start))
			}
		}
		if mine && len(out) > 0 {
			break // a make that is known has no other's addresses
		}
	}
	return out
}

// uriOf is an address's path and query.
func uriOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.RequestURI()
}

// at is another path and query at the same host.
func at(address, uri string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host + uri
}
