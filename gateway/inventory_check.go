package gateway

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of where a camera is asked in ONVIF, in bytes.
const (
	maxDevice = 2048 // of the address
	maxToken  = 256
)

// Problem is one thing wrong with an inventory.
type Problem struct {
	Area  bool   // an area's; else a camera's
	Index int    // in the slice that was checked
	Field string // as in the configuration: id, name, parent, level, codes, area, kind, position, main, sub, transport, keep_warm, sound, marked, masks, onvif
	Text  string // what is wrong and what to do; holds no URL
}

func (p Problem) String() string {
	what := "camera"
	if p.Area {
		what = "area"
	}
	return fmt.Sprintf("%s %d: %s", what, p.Index+1, p.Text)
}

// Problems are all things found wrong with an inventory, at most 50.
type Problems []Problem

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i := range p {
		lines[i] = p[i].String()
	}
	return strings.Join(lines, "\n")
}

type checker struct{ problems Problems }

func (c *checker) add(area bool, i int, field, format string, args ...any) {
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, Problem{area, i, field, fmt.Sprintf(format, args...)})
	}
}

func (c *checker) areas(areas []Area) areaTree {
	tree := make(areaTree, len(areas))
	for i, a := range areas {
		if _, twice := tree[a.ID]; twice {
			c.add(true, i, "id", "area %q is there twice: remove one", a.ID)
		} else if a.ID == "all" {
			c.add(true, i, "id", "no area may be called \"all\", which stands for every area in a token's rights: choose another id")
		} else if why := badID(string(a.ID)); why != "" {
			c.add(true, i, "id", "%s", why)
		}
		if why := badName(a.Name); why != "" {
			c.add(true, i, "name", "area %q: %s", a.ID, why)
		}
		if a.Level != "" {
			if why := badName(a.Level); why != "" {
				c.add(true, i, "level", "area %q: its level's name: %s", a.ID, why)
			}
		}
		tree[a.ID] = a
	}
	c.codes(areas)
	for i, a := range areas {
		if a.Parent == "" {
			continue
		}
		if _, ok := tree[a.Parent]; !ok {
			c.add(true, i, "parent", "area %q: its parent %q is no area: add it, or leave parent out", a.ID, a.Parent)
			continue
		}
		if path := tree.path(a.ID); len(path) == MaxAreaDepth && tree[path[MaxAreaDepth-1]].Parent != "" {
			c.add(true, i, "parent", "area %q is its own ancestor, or more than %d levels deep: correct its parent", a.ID, MaxAreaDepth)
		}
	}
	return tree
}

func (c *checker) cameras(cameras []Camera, tree areaTree) map[CameraID]int {
	byID := make(map[CameraID]int, len(cameras))
	for i, cam := range cameras {
		if _, twice := byID[cam.ID]; twice {
			c.add(false, i, "id", "camera %q is there twice: give one another id", cam.ID)
		} else if why := badID(string(cam.ID)); why != "" {
			c.add(false, i, "id", "%s", why)
		}
		byID[cam.ID] = i
		c.camera(i, cam, tree)
	}
	return byID
}

func (c *checker) camera(i int, cam Camera, tree areaTree) {
	if why := badName(cam.Name); why != "" {
		c.add(false, i, "name", "camera %q: %s", cam.ID, why)
	}
	if cam.Area == "" {
		c.add(false, i, "area", "camera %q has no area: say in which it stands", cam.ID)
	} else if _, ok := tree[cam.Area]; !ok {
		c.add(false, i, "area", "camera %q: there is no area %q: add it under areas, or correct it", cam.ID, cam.Area)
	}
	switch cam.Kind {
	case Public, Household, Office, Institution:
	default:
		c.add(false, i, "kind", "camera %q: its kind must be public, household, office or institution, not %q", cam.ID, clip(string(cam.Kind)))
	}
	switch cam.Transport {
	case "", Auto, TCP, UDP:
	default:
		c.add(false, i, "transport", "camera %q: its transport must be auto, tcp or udp, not %q", cam.ID, clip(string(cam.Transport)))
	}
	if p := cam.Position; p != nil && !(p.Lat >= -90 && p.Lat <= 90 && p.Lng >= -180 && p.Lng <= 180) { // so that NaN is wrong too
		c.add(false, i, "position", "camera %q: its position must be [latitude, longitude] in degrees, such as [21.0126, 105.8169]", cam.ID)
	}
	if cam.KeepWarm && cam.Kind == Household {
		c.add(false, i, "keep_warm", "camera %q: a household's camera is pulled only while somebody looks at it: leave keep_warm out", cam.ID)
	}
	if cam.Sound && cam.Kind == Household {
		c.add(false, i, "sound", "camera %q: a household's camera is never heard: leave sound out", cam.ID)
	}
	if cam.Main == "" {
		c.add(false, i, "main", "camera %q has no main stream: give its RTSP address as main", cam.ID)
	} else if why := badStream(cam.Main); why != "" {
		c.add(false, i, "main", "camera %q: main %s", cam.ID, why)
	}
	if cam.Sub != "" {
		if why := badStream(cam.Sub); why != "" {
			c.add(false, i, "sub", "camera %q: sub %s", cam.ID, why)
		}
	}
	if why := badMasks(cam.Masks); why != "" {
		c.add(false, i, "masks", "camera %q %s", cam.ID, why)
	}
	if cam.ONVIF != (ONVIF{}) {
		if why := badDevice(cam.ONVIF); why != "" {
			c.add(false, i, "onvif", "camera %q: %s", cam.ID, why)
		}
	}
}

// badDevice never quotes the address either.
func badDevice(d ONVIF) string {
	u, err := url.Parse(d.Address)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || len(d.Address) > maxDevice:
		return "onvif needs an address such as http://10.1.2.3/onvif/device_service"
	case u.User != nil:
		return "the address of onvif holds a login: give it as login"
	case len(d.Identity) > MaxName || len(d.Profile) > maxToken || strings.ContainsFunc(d.Identity+d.Profile, unicode.IsControl):
		return "the identity or the profile of onvif is longer than a device has it, or holds what cannot be shown"
	}
	return ""
}

// badStream never quotes the address, which may hold a password.
func badStream(raw string) string {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Scheme != "rtsp" && u.Scheme != "rtsps" || u.Hostname() == "":
		return "must be an address such as rtsp://10.1.2.3/Streaming/Channels/101"
	case u.User != nil:
		return "holds a login: give it as login"
	}
	return ""
}

func badID(id string) string {
	if id == "" {
		return "it has no id: give it one of a-z, 0-9 and -"
	}
	if len(id) > 64 {
		return fmt.Sprintf("id %q is longer than 64 letters: shorten it", clip(id))
	}
	for i := range len(id) {
		if c := id[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return fmt.Sprintf("id %q may hold only a-z, 0-9 and -", id)
		}
	}
	return ""
}

func badName(name string) string {
	switch {
	case strings.TrimSpace(name) == "":
		return "it has no name: give it one"
	case len(name) > MaxName:
		return fmt.Sprintf("its name is longer than %d bytes: shorten it", MaxName)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return "its name holds letters that cannot be shown: write it in UTF-8 on one line"
	}
	return ""
}

func clip(s string) string {
	if len(s) > 64 {
		return strings.ToValidUTF8(s[:64], "") + "…"
	}
	return s
}
