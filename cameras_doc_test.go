package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"matthan/gateway/simulate"
)

var update = flag.Bool("update", false, "write docs/cameras.md anew")

const camerasDoc = `# Cameras that break the rules

What cameras in the field do against RTSP, RTP and H.264, or beside H.264, and what becomes of it. Each line is a profile of the rig, a
server that does what such a camera does; a test plays every one to a real WebRTC viewer through the whole gateway and
checks what comes out picture by picture. To try another player or gateway on them:

    bin/matthan simulate --profiles --listen 127.0.0.1:8554 --user viewer --password-file FILE

serves each at ` + "`rtsp://127.0.0.1:8554/PROFILE/main`" + ` and ` + "`/sub`" + `.

**plays**: a viewer gets every picture, from a key picture on, and its clock runs forward. **refused**: there is nothing to
show, and viewers are told the cause that stands there. The quirk is what administrators are told of the camera's health.

**check** is what ` + "`matthan check`" + ` finds within 12 seconds, by the codes of its findings ([check.md](check.md)); a dash where
nobody is harmed. Left out is what the rig has of itself: that most profiles ask for no password, and that some have no
smaller sub stream.

The others are mediamtx 3e09466c and go2rtc dc1685e9 on 22 November 2026: each pulled the profile when a WHEP viewer asked
for it, who counted as many pictures as Matthan's does, and was given a second try. Where there is nothing to show, "no
picture" is right for them too. A dash: not measured.

`

const foreignDoc = `
## Servers that are not ours

The rig is ours, and might share our errors. So a test (TestServersOfOthersPlayBitForBit) also pulls servers that share no
code with us, each over every way that it has, and compares what a viewer gets with what x264 made, bit for bit: H.264 of
the baseline, main and high profile, the last two also with two B-frames, which are passed on as they are and told as
` + "`b_frames`" + `. All 70 of them played on 22 November 2026.

| server | TCP | UDP | TLS (rtsps) | told besides |
|---|---|---|---|---|
| GStreamer 1.22's (gst-rtsp-server) | plays | plays | plays, with Digest | ` + "`sets`" + ` |
| ffmpeg 5.1: its packets and description, RTSP by GStreamer's, since ffmpeg serves none | plays | plays | plays, with Digest | ` + "`sets`" + ` |
| VLC 3.0.24 | refused with 461: ` + "`auto`" + ` goes on over UDP | plays | has none | – |
| LIVE555 Media Server 2026.06.24 | plays | plays | plays, with TLS before it: it has none of its own | ` + "`sets`" + ` |
| mediamtx 1.20.1, to which ffmpeg publishes | plays | plays | plays | – |

The packetizers of the first two also sent H.265 of x265, with and without B-frames, and JPEG, over the same three ways
(TestServersOfOthersSendH265AndJPEG): all 18 came out on 22 November 2026, H.265 bit for bit, JPEG with the same pixels.

The first three come by apt. The last two are tried where ` + "`live555MediaServer`" + ` and ` + "`mediamtx`" + ` are found (LIVE555 is in Ubuntu
and not in Debian 12). Behind a program that adds TLS, LIVE555 has to be asked for rtsp, not rtsps: else it redirects from
rtsps to rtsp, which the gateway refuses as it refuses every redirect to another address.
`

// TestCamerasDocumentIsUpToDate compares docs/cameras.md with the tables. With
// -update it writes it.
func TestCamerasDocumentIsUpToDate(t *testing.T) {
	t.Parallel()
	path := filepath.Join("docs", "cameras.md")
	want := describeCameras(t)
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is out of date: go test -run %s -update .", path, t.Name())
	}
}

func describeCameras(t *testing.T) []byte {
	t.Helper()
	names, peers := readPeers(t)
	outcomes, diagnoses := outcomes(), diagnoses()
	var b bytes.Buffer
	b.WriteString(camerasDoc)
	fmt.Fprintf(&b, "| profile | stands for | Matthan | quirk | check | %s |\n|---|---|---|---|---|%s\n", strings.Join(names, " | "), strings.Repeat("---|", len(names)))
	known := map[string]bool{}
	for _, p := range simulate.Profiles() {
		known[p.Name] = true
		want, ok := outcomes[p.Name]
		if !ok {
			t.Errorf("nothing is expected of %s", p.Name)
		}
		found, ok := diagnoses[p.Name]
		if !ok {
			t.Errorf("nobody has said what the doctor must find of %s", p.Name)
		}
		quirk := "–"
		if want.quirk != "" {
			quirk = "`" + string(want.quirk) + "`"
		}
		cells := []string{"`" + p.Name + "`", p.Stands, want.words(), quirk, orDash(found.words())}
		for _, name := range names {
			cells = append(cells, orDash(peers[name][p.Name]))
		}
		fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
	}
	b.WriteString(foreignDoc)
	for name := range outcomes {
		if !known[name] {
			t.Errorf("there is no profile %s", name)
		}
	}
	for peer, results := range peers {
		for name := range results {
			if !known[name] {
				t.Errorf("%s was measured with %s, which is no profile", peer, name)
			}
		}
	}
	return b.Bytes()
}

// words says in the document what becomes of a profile.
func (e expected) words() string {
	switch {
	case e.todo != "":
		return "not yet: " + e.todo
	case e.causes != nil:
		var causes []string
		for _, c := range e.causes {
			causes = append(causes, "`"+string(c)+"`")
		}
		return "refused: " + strings.Join(causes, " or ")
	case e.unseen:
		return "pulled; viewers are told that they cannot see it: `codec`"
	case e.h265:
		return "plays to viewers that offer H.265; the others are told `codec`"
	case e.reorder:
		return "passed on as it is, to receivers that expect no B-frames"
	case e.gaps:
		return "plays again after it"
	}
	return "plays"
}

// readPeers gives what other gateways made of the profiles: a result in a word or
// two by gateway and profile.
func readPeers(t *testing.T) (names []string, peers map[string]map[string]string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("gateway", "simulate", "peers.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &peers); err != nil {
		t.Fatal(err)
	}
	for name := range peers {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, peers
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
