package onvif

import (
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// seeds gives a fuzz test all recorded answers.
func seeds(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.xml"))
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
}

func fit(t *testing.T, texts ...string) {
	for _, s := range texts {
		if len(s) > maxText+len("…") || strings.ContainsFunc(s, unicode.IsControl) {
			t.Fatalf("%q", s)
		}
	}
}

func FuzzReply(f *testing.F) {
	seeds(f)
	operations := []string{"GetProfiles", "GetCapabilities", "GetServices", "GetStreamUri", "GetSystemDateAndTime", "GetNodes", "GetPresets", "GetStatus"}
	at := &url.URL{Scheme: "http", Host: "192.0.2.1", Path: devicePath}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, name := range operations {
			answer, err := read(request{name: name}, 200, b)
			if err != nil {
				continue
			}
			for _, media2 := range []bool{false, true} {
				for _, c := range Group(readProfiles(answer, media2)) {
					for _, p := range c.Profiles {
						fit(t, p.Name, p.Token, p.Source, p.Node)
						if p.Width < 0 || p.Height < 0 || p.Width > 1<<15 || p.Height > 1<<15 {
							t.Fatalf("%+v", p)
						}
					}
					if c.Main.Token == "" || c.Sub != nil && (c.Sub.Width < minSubWidth || c.Sub.area() >= c.Main.area()) {
						t.Fatalf("%+v", c)
					}
				}
			}
			s := &services{}
			s.list(answer, at)
			s.capabilities(answer, at)
			for _, u := range []*url.URL{s.media, s.media2, s.ptz, s.imaging} {
				if u != nil && (u.Hostname() != "192.0.2.1" || u.Scheme != "http" || u.User != nil) {
					t.Fatal(u)
				}
			}
			for _, raw := range []string{answer.at("Uri").text, answer.at("MediaUri", "Uri").text} {
				if u, err := streamURL(raw, at, "rtsp", "rtsps"); err == nil {
					if p, err := url.Parse(u); err != nil || p.Hostname() != "192.0.2.1" || p.User != nil {
						t.Fatal(u, err)
					}
				}
			}
			readClock(answer)
			for _, n := range readNodes(answer) {
				fit(t, n.Name, n.Token)
			}
			for _, p := range readPresets(answer) {
				fit(t, p.Name, p.Token)
			}
			readStatus(answer)
		}
	})
}

func FuzzProbeMatches(f *testing.F) {
	seeds(f)
	from := netip.MustParseAddr("192.0.2.1")
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, is := range readMatches(b, from) {
			fit(t, is.Name, is.Hardware, is.Location, is.Identity)
			if len(is.Addresses) == 0 || len(is.Addresses) > maxAddresses+1 || !SameIdentity(is.Identity, is.Identity) {
				t.Fatalf("%+v", is)
			}
			for _, a := range is.Addresses {
				if _, err := ParseAddress(a); err != nil {
					t.Fatal(a, err)
				}
			}
		}
	})
}
